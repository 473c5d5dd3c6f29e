"""People without a NIK: newborns, strangers, foreigners, with a letter; and the day's list."""

import re
import uuid
from dataclasses import asdict

import pytest
from django.urls import reverse

from simpul.foundation.core.errors import Refused
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.forms import input_of
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.models import Patient
from simpul.service.patients.selectors import get_patient, list_incomplete
from simpul.service.patients.services import correct_patient, register_patient
from simpul.service.patients.without_nik import missing_of
from tests.counter.people import change_row, make_patient, text_of

pytestmark = pytest.mark.django_db
MOTHER_NIK = "3509015203850001"


def baby(**typed: str) -> PatientInput:
    values = {
        "name": "By. Ny. Siti Contoh",
        "birth_date": "2hr",
        "sex": "female",
        "village": "Sabrang",
        "mother_name": "Siti Contoh",
        "no_nik_reason": "newborn",
    } | typed
    return PatientInput(**values)


@pytest.fixture
def mother(registrar: Actor) -> PatientCard:
    return make_patient(registrar, name="Siti Contoh", nik=MOTHER_NIK)


def problems_of(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.where for problem in refusal.value.errors}


class TestNewborn:
    def test_needs_the_mothers_nik_or_her_record(self, registrar):
        with pytest.raises(Refused) as refusal:
            register_patient(by=registrar, typed=baby())
        assert problems_of(refusal) == {"mother_nik"}

    @pytest.mark.parametrize("how", ["nik", "mrn"])
    def test_is_linked_to_the_mothers_record(self, registrar, mother, how):
        known = {"mother_nik": mother.nik} if how == "nik" else {"mother_mrn": mother.mrn}
        made = register_patient(by=registrar, typed=baby(**known)).patient
        assert (made.mother, made.mother_nik, made.birth_order) == (mother.id, MOTHER_NIK, 1)
        assert (made.title, made.nik, made.is_identity_complete) == ("By. Ny.", "", False)

    def test_an_unknown_number_or_a_man_is_no_mother(self, registrar):
        man = make_patient(registrar, name="Budi Contoh", sex="male")
        for number in ("999999", man.mrn):
            with pytest.raises(Refused) as refusal:
                register_patient(by=registrar, typed=baby(mother_mrn=number))
            assert problems_of(refusal) == {"mother_mrn"}

    def test_twins_are_two_people_and_nobody_asks_twice(self, registrar, mother):
        first = register_patient(by=registrar, typed=baby(mother_nik=MOTHER_NIK, birth_order="1"))
        second = register_patient(by=registrar, typed=baby(mother_nik=MOTHER_NIK, birth_order="2"))
        assert first.patient.id != second.patient.id
        assert {first.patient.birth_order, second.patient.birth_order} == {1, 2}

    @pytest.mark.parametrize("how", ["nik", "mrn"])
    @pytest.mark.parametrize("order", ["", "1", "2"])
    def test_is_judged_while_typed_as_it_will_be_when_saved(
        self, browse, program, registrar, mother, how, order
    ):
        known = {"mother_nik": mother.nik} if how == "nik" else {"mother_mrn": mother.mrn}
        first = register_patient(by=registrar, typed=baby(mother_nik=MOTHER_NIK)).patient
        second = asdict(baby(**known, birth_order=order))
        counter = browse(registrar)

        live = text_of(counter.post(reverse("pasien-baru-mirip"), second))
        sent = second | {"birth_order": int(order) if order else None}
        sent.pop("birth_date_estimated")
        api = program(registrar).call("POST", "/patients/match", sent)
        saved = counter.post(reverse("pasien-baru"), second)

        is_the_same = order != "2"
        assert (saved.status_code == 409) is is_the_same
        levels = dict(re.findall(r'data-level="(\w+)".*?RM (\d+)', live, re.S))
        assert (levels.get("certain") == first.mrn) is is_the_same
        answered = {one["patient"]["mrn"]: one["level"] for one in api.json()["candidates"]}
        assert (answered[first.mrn] == "certain") is is_the_same

    @pytest.mark.parametrize("order", ["0", "10", "x", "²", "-1"])
    def test_the_order_of_birth_is_a_number(self, registrar, order):
        with pytest.raises(Refused) as refusal:
            register_patient(by=registrar, typed=baby(mother_nik=MOTHER_NIK, birth_order=order))
        assert problems_of(refusal) == {"birth_order"}

    def test_a_correction_keeps_the_title_and_the_mother(self, registrar, mother):
        made = register_patient(by=registrar, typed=baby(mother_nik=MOTHER_NIK)).patient
        typed = input_of(made)
        correct_patient(
            made.id,
            by=registrar,
            typed=PatientInput(**{**typed.__dict__, "phone": "081234567890"}),
            seen_version=made.version,
        )
        row = Patient.objects.get(id=made.id)
        assert (row.title, row.mother_id, row.birth_order) == ("By. Ny.", mother.id, 1)


class TestOthers:
    def test_a_foreigner_comes_with_a_passport(self, registrar):
        typed = {"no_nik_reason": "foreigner", "name": "Orang Asing"}
        with pytest.raises(Refused) as refusal:
            make_patient(registrar, **typed)
        assert problems_of(refusal) == {"passport"}
        made = make_patient(registrar, **typed, passport="A1234567")
        assert made.is_identity_complete

    def test_a_letter_has_its_number_and_is_completed_later(self, registrar):
        typed = {"no_nik_reason": "social-letter", "name": "Tanpa Kartu"}
        with pytest.raises(Refused) as refusal:
            make_patient(registrar, **typed)
        assert problems_of(refusal) == {"letter_number"}
        made = make_patient(registrar, **typed, letter_number="460/12/2026")
        assert (made.letter_number, made.is_identity_complete) == ("460/12/2026", False)

    @pytest.mark.parametrize(
        ("sex", "age", "title"),
        [("male", "40th", "Tn."), ("female", "40th", "Ny."), ("male", "8th", "An.")],
    )
    def test_somebody_unknown_is_called_by_sex_and_age(self, registrar, sex, age, title):
        made = make_patient(
            registrar,
            name="TIDAK DIKENAL 0814",
            no_nik_reason="unknown",
            sex=sex,
            birth_date=age,
            mother_name="",
        )
        assert (made.title, made.birth_date_estimated) == (title, True)


class TestDaysEnd:
    def test_each_line_says_what_it_lacks_and_can_be_printed(self, browse, registrar, mother):
        register_patient(by=registrar, typed=baby(mother_nik=MOTHER_NIK, birth_order="2"))
        make_patient(registrar, name="TIDAK DIKENAL 0814", no_nik_reason="unknown",
                     birth_date="40th", mother_name="", village="Tidak diketahui")  # fmt: skip
        text = text_of(browse(registrar).get(reverse("lengkapi")))
        for words in (
            "NIK bayi, dari akta atau KK baru",
            "lahir ke-2",
            "nama dan NIK, atau surat dinas sosial; tanggal lahir yang pasti; nama ibu; desa",
            "data-print-button",
        ):
            assert words in text

    def test_who_lacks_only_the_village_is_asked_for_it(self, browse, registrar, mother):
        """As an older list brings people in; a merged record is asked for nothing."""
        change_row(registrar, Patient.objects.get(id=mother.id), village="")
        text = text_of(browse(registrar).get(reverse("lengkapi")))
        row = text[text.index("SITI CONTOH") :]
        assert "<td>desa</td>" in " ".join(row.split()).replace("<td> ", "<td>").replace(
            " </td>", "</td>"
        )
        person = make_patient(registrar, name="Siti Contoh Dua", no_nik_reason="not-brought")
        assert [one.id for one in list_incomplete(by=registrar)] == [person.id, mother.id]
        assert [one.id for one in list_incomplete(by=registrar, limit=1)] == [person.id]

    def test_who_is_complete_lacks_nothing(self, mother):
        assert missing_of(mother) == []

    def test_the_form_keeps_what_was_typed(self, browse, registrar):
        page = browse(registrar).post(
            reverse("pasien-baru"),
            {"name": "By. Ny. Siti", "birth_date": "2hr", "sex": "male", "village": "Sabrang",
             "mother_name": "Siti", "no_nik_reason": "newborn", "birth_order": "2"},
        )  # fmt: skip
        text = text_of(page)
        assert page.status_code == 422
        assert "Bayi didaftar dengan NIK ibunya" in text
        assert 'name="birth_order"' in text
        assert 'value="2"' in text

    def test_the_call_for_programs(self, program, registrar, mother):
        made = program(registrar).call(
            "POST",
            "/patients",
            {"name": "By. Ny. Siti", "birth_date": "2hr", "sex": "male", "village": "Sabrang",
             "mother_name": "Siti", "no_nik_reason": "newborn", "mother_mrn": mother.mrn,
             "birth_order": 2},
        )  # fmt: skip
        assert made.status_code == 201, made.content
        assert made.json()["mother_id"] == str(mother.id)
        assert made.json()["birth_order"] == 2
        assert get_patient(uuid.UUID(made.json()["id"]), by=registrar).mother_nik == MOTHER_NIK
