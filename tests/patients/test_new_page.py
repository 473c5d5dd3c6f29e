"""`/pasien/baru`: carried over, read, compared, refused with everything kept, saved once."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from simpul.foundation.facilities.models import Village
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.models import NoNikReason, Patient
from tests.conftest import make_actor, new_key
from tests.counter.people import HTMX, ODD_VALUES, addresses, as_id, make_patient, part, text_of

Browse = Callable[[Actor], Client]
NIK = "3509125203850001"
SITI = {
    "nik": NIK,
    "name": "Siti Aminah",
    "birth_date": "12031985",
    "sex": "female",
    "mother_name": "Maryam",
    "village": "Sabrang",
    "rt": "3",
    "rw": "2",
}


@pytest.fixture
def counter(browse: Browse, registrar: Actor) -> Client:
    return browse(registrar)


@pytest.fixture
def villages(house: object) -> None:
    Village.objects.bulk_create(
        [
            Village(code="35.09.12.2001", name="Sabrang", district="Ambulu"),
            Village(code="35.09.12.2002", name="Sumberejo", district="Ambulu"),
            Village(code="35.09.13.2003", name="Sumberan", district="Wuluhan"),
            Village(code="35.09.14.2004", name="Sumberan", district="Puger"),
        ]
    )


def save(client: Client, **typed: str) -> Any:
    return client.post("/pasien/baru", SITI | typed, headers=HTMX)


def value_of(response: Any, name: str) -> str:
    tag = re.search(rf'<input[^>]*\bid="id_{name}"[^>]*>', text_of(response), re.S)
    assert tag, name
    return re.search(r'\bvalue="([^"]*)"', tag[0])[1]


def chosen(response: Any, name: str) -> str:
    options = re.search(rf'<select[^>]*name="{name}".*?</select>', text_of(response), re.S)[0]
    found = re.search(r'<option value="([^"]*)" selected', options)
    return found[1] if found else ""


class TestBeginning:
    def test_an_empty_form_begins_with_the_nik(self, counter: Client):
        page = counter.get("/pasien/baru")

        assert page.status_code == 200
        assert re.search(r'<input[^>]*id="id_nik"[^>]*autofocus', text_of(page), re.S)
        assert "data-enter-next" in text_of(page)
        assert 'data-draft="pasien-baru"' in text_of(page)

    @pytest.mark.parametrize(
        ("typed", "field", "value"),
        [
            (NIK, "nik", NIK),
            ("3509 1252 0385 0001", "nik", NIK),
            ("0001234567890", "bpjs_number", "0001234567890"),
            ("081234567890", "phone", "+6281234567890"),
            ("siti aminah", "name", "SITI AMINAH"),
            ("siti aminah 120385", "name", "SITI AMINAH"),
            ("siti aminah 120385", "birth_date", "12031985"),
            ("siti aminah 010110", "birth_date", "010110"),
            ("siti aminah 1985", "birth_date", "1985"),
            ("siti aminah 35th", "birth_date", "35th"),
            ("12/3/1985", "birth_date", "12/3/1985"),
            ("RM:000123", "name", ""),
        ],
    )
    def test_the_search_is_carried_into_the_form(
        self, counter: Client, typed: str, field: str, value: str
    ):
        page = counter.post("/pasien/baru", {"start": "baru", "q": typed}, follow=True)

        assert page.status_code == 200
        assert value_of(page, field) == value
        assert Patient.objects.count() == 0

    def test_the_form_has_an_address_that_can_be_loaded_again(self, counter: Client):
        first = counter.post("/pasien/baru", {"start": "baru", "q": "siti aminah"})

        assert first.status_code == 302
        assert first["Location"] == "/pasien/baru"
        for _ in range(2):
            assert value_of(counter.get("/pasien/baru"), "name") == "SITI AMINAH"
        counter.post("/pasien/baru", {"start": "baru", "q": ""})
        assert value_of(counter.get("/pasien/baru"), "name") == ""

    def test_without_identity_the_form_is_preset(self, counter: Client):
        page = counter.post("/pasien/baru", {"start": "tanpa-identitas", "q": ""}, follow=True)

        assert value_of(page, "name").startswith("TIDAK DIKENAL")
        assert chosen(page, "no_nik_reason") == "unknown"
        saved = save(
            counter,
            nik="",
            name=value_of(page, "name"),
            village=value_of(page, "village"),
            mother_name="",
            birth_date="35th",
            no_nik_reason="unknown",
        )
        assert "HX-Redirect" in saved
        patient = Patient.objects.get()
        assert patient.birth_date_estimated
        assert not patient.is_identity_complete


class TestSaving:
    def test_leads_to_the_visit_of_the_new_patient(self, counter: Client):
        saved = save(counter)

        patient = Patient.objects.get()
        assert saved["HX-Redirect"] == f"/loket/pasien/{patient.id}?baru=1"
        assert "draft-saved" in saved["HX-Trigger"]
        pane = counter.get(saved["HX-Redirect"])
        assert f"tersimpan dengan RM {patient.mrn}" in text_of(pane)
        assert 'data-draft-clear="pasien-baru"' in text_of(pane)
        assert re.search(r'id="id_complaint"[^>]*autofocus', text_of(pane), re.S)

    def test_without_scripts_it_redirects(self, counter: Client):
        saved = counter.post("/pasien/baru", SITI)

        assert saved.status_code == 302
        assert as_id(saved["Location"]) == Patient.objects.get().id

    def test_the_same_key_saves_once(self, counter: Client):
        key = {"Idempotency-Key": new_key(), **HTMX}

        first = counter.post("/pasien/baru", SITI, headers=key)
        second = counter.post("/pasien/baru", SITI, headers=key)

        assert Patient.objects.count() == 1
        assert second["HX-Redirect"] == first["HX-Redirect"]

    def test_a_village_begun_is_spelled_out_and_coded(self, counter: Client, villages: None):
        save(counter, village="sab")

        patient = Patient.objects.get()
        assert (patient.village, patient.village_code) == ("Sabrang", "35.09.12.2001")

    def test_a_village_unknown_here_stays_as_typed(self, counter: Client, villages: None):
        save(counter, village="Desa Jauh", village_code="35.09.12.2001")

        patient = Patient.objects.get()
        assert (patient.village, patient.village_code) == ("Desa Jauh", "")

    def test_of_two_villages_of_one_name_the_chosen_one(self, counter: Client, villages: None):
        save(counter, village="Sumberan", village_code="35.09.14.2004")

        assert Patient.objects.get().village_code == "35.09.14.2004"

    def test_of_two_villages_none_is_guessed(self, counter: Client, villages: None):
        save(counter, village="Sumberan")

        assert Patient.objects.get().village_code == ""


class TestRefusing:
    def test_every_problem_is_listed_and_everything_typed_is_kept(self, counter: Client):
        refused = save(
            counter, nik="350912520385000", name="", birth_date="31022020", rt="x", phone="12"
        )

        assert refused.status_code == 422
        mend = part(refused, "pasien-baru-perbaiki")
        for where in ("nik", "name", "birth_date", "rt", "phone"):
            assert f'href="#id_{where}"' in mend
        assert "NIK harus 16 angka, baru 15" in mend
        assert mend.index("#id_nik") < mend.index("#id_name") < mend.index("#id_rt")
        assert value_of(refused, "nik") == "350912520385000"
        assert value_of(refused, "mother_name") == "Maryam"
        assert value_of(refused, "birth_date") == "31022020"
        assert chosen(refused, "sex") == "female"
        assert Patient.objects.count() == 0

    def test_the_list_gets_the_focus(self, counter: Client):
        refused = text_of(save(counter, name=""))

        assert re.search(r'<div[^>]*tabindex="-1"[^>]*data-focus', refused)

    def test_a_problem_in_the_closed_part_opens_it(self, counter: Client):
        assert "<details" in text_of(counter.get("/pasien/baru"))
        assert not re.search(r"<details[^>]* open", text_of(counter.get("/pasien/baru")))
        assert re.search(r"<details[^>]* open", text_of(save(counter, kk_number="12")))

    @pytest.mark.parametrize("field", [*SITI, "phone", "bpjs_number", "kk_number", "passport"])
    def test_odd_values_are_answered(self, counter: Client, field: str):
        for value in ODD_VALUES:
            answer = save(counter, **{field: value})
            assert answer.status_code in (200, 409, 422), (field, value)
            assert "<script>alert" not in text_of(answer)
        for patient in Patient.objects.all():
            assert patient.name.strip()
            assert "\x00" not in patient.name + patient.village + patient.mother_name
            assert patient.nik == "" or re.fullmatch(r"[0-9]{16}", patient.nik)

    @pytest.mark.parametrize(
        "field",
        ["no_nik_reason", "religion", "education", "marital_status", "village_code",
         "guardian_relation", "old_mrn", "different", "different_text", "dismissed", "start"],
    )  # fmt: skip
    def test_odd_choices_are_answered(self, counter: Client, field: str):
        for value in ODD_VALUES:
            answer = save(counter, **{field: value})
            assert answer.status_code in (200, 409, 422), (field, value)

    def test_who_may_not(self, browse: Browse, nurse: Actor, outsider: Actor):
        assert save(browse(nurse)).status_code == 403
        assert browse(nurse).get("/pasien/baru").status_code == 403
        assert save(Client()).status_code == 401
        assert Patient.objects.count() == 0
        # Registrar of another house: what is saved there is not ours to find.
        save(browse(outsider))
        assert not Patient.objects.filter(owner=nurse.facility_id).exists()


class TestSomebodyKnown:
    def test_a_sure_match_asks_and_offers_the_record(self, counter: Client, registrar: Actor):
        known = make_patient(registrar, **SITI)

        asked = save(counter)

        assert asked.status_code == 409
        dialog = part(asked, "pasien-baru-tampak-sama")
        assert f"Pakai RM {known.mrn}" in dialog
        assert f'href="/loket/pasien/{known.id}"' in dialog
        assert "data-dialog-auto" in text_of(asked)
        assert "data-arm" in text_of(asked)
        assert value_of(asked, "name") == "Siti Aminah"
        assert Patient.objects.count() == 1

    def test_a_second_person_of_one_nik_is_saved_without_it(
        self, counter: Client, registrar: Actor
    ):
        make_patient(registrar, **SITI)

        assert "NIK ini sudah tercatat" in text_of(save(counter))
        saved = save(counter, different="kembar")

        assert "HX-Redirect" in saved
        second = Patient.objects.exclude(nik=NIK).get()
        assert second.no_nik_reason == NoNikReason.CONFLICT
        assert second.confirmed_new_reason == "Kembar"

    @pytest.mark.parametrize(
        ("choice", "text", "kept"),
        [("keluarga", "", "Keluarga, orang berbeda"), ("lain", "sepupu", "sepupu"),
         ("lain", " ", None), ("", "", None), ("x", "", None)],
    )  # fmt: skip
    def test_which_reasons_count(
        self, counter: Client, registrar: Actor, choice: str, text: str, kept: str | None
    ):
        make_patient(registrar, **SITI)

        answer = save(counter, different=choice, different_text=text)

        if kept is None:
            assert answer.status_code == 409
            assert "Pilih atau tulis alasannya" in text_of(answer)
        else:
            second = Patient.objects.exclude(confirmed_new_reason="uji").get()
            assert second.confirmed_new_reason == kept

    def test_two_counters_one_nik_one_after_the_other(self, browse: Browse, counter: Client):
        other = browse(make_actor("pendaftaran", name="Loket Dua"))

        first, second = save(counter), save(other, name="Siti Aminah")

        assert "HX-Redirect" in first
        assert second.status_code == 409
        assert f"RM {Patient.objects.get().mrn}" in text_of(second)

    @pytest.mark.django_db(transaction=True)
    def test_two_counters_one_nik_in_the_same_second(
        self, house: object, browse: Browse, registrar: Actor
    ):
        clients = [browse(registrar), browse(make_actor("pendaftaran", name="Loket Dua"))]
        answers: list[int] = []
        gate = threading.Barrier(2)

        def press(client: Client) -> None:
            gate.wait()
            headers = {"Idempotency-Key": new_key(), **HTMX}
            answers.append(client.post("/pasien/baru", SITI, headers=headers).status_code)
            connections.close_all()

        threads = [threading.Thread(target=press, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(answers) == [200, 409]
        assert Patient.objects.filter(nik=NIK).count() == 1


class TestCandidates:
    def ask(self, client: Client, **typed: str) -> str:
        response = client.post("/pasien/baru/mirip", typed, headers=HTMX)
        assert response.status_code == 200
        return text_of(response)

    def test_a_sure_one_with_reasons_for_and_against(self, counter: Client, registrar: Actor):
        known = make_patient(registrar, **SITI)

        found = self.ask(counter, **SITI | {"nik": "3509125203850002", "rt": "9"})

        assert "Hampir pasti sama" in found
        assert "✓ NIK beda 1 angka" in found
        assert "✓ ibu sama" in found
        assert "✗ RT berbeda" in found
        assert f'href="/loket/pasien/{known.id}"' in found
        assert 'data-digit="1"' in found

    def test_a_name_alone_asks_nobody(self, counter: Client, registrar: Actor):
        make_patient(registrar, **SITI)

        assert "SITI" not in self.ask(counter, name="Siti Aminah")
        assert "SITI AMINAH" in self.ask(counter, name="Siti Aminah", birth_date="12031985")
        assert "SITI AMINAH" in self.ask(counter, nik=NIK)

    def test_not_these_hides_the_alike_but_never_the_sure(self, counter: Client, registrar: Actor):
        alike = make_patient(registrar, name="Siti Aminar", mother_name="Tumini")
        typed = {"name": "Siti Aminah", "birth_date": "12031985"}
        assert "Mungkin sama" in self.ask(counter, **typed)

        hidden = self.ask(counter, **typed, dismissed=str(alike.id))

        assert "SITI AMINAR" not in hidden
        assert str(alike.id) in hidden
        sure = make_patient(registrar, **SITI)
        assert "Hampir pasti sama" in self.ask(counter, **SITI, dismissed=str(sure.id))

    def test_they_fill_nothing_and_take_no_focus(self, counter: Client, registrar: Actor):
        make_patient(registrar, **SITI)

        found = self.ask(counter, **SITI)

        assert "data-focus" not in found
        assert "autofocus" not in found
        assert "hx-swap-oob" not in found

    def test_nobody_of_another_house(self, browse: Browse, registrar: Actor, outsider: Actor):
        make_patient(registrar, **SITI)

        assert "SITI AMINAH" not in self.ask(browse(outsider), **SITI)

    def test_odd_values(self, counter: Client, registrar: Actor):
        make_patient(registrar, **SITI)
        for value in ODD_VALUES:
            for field in (*SITI, "phone", "bpjs_number", "kk_number"):
                self.ask(counter, **SITI | {field: value})

    def test_within_its_queries(
        self, counter: Client, registrar: Actor, django_assert_max_num_queries
    ):
        for n in range(5):
            make_patient(registrar, name=f"Siti Amin{'aeiou'[n]}h", phone=f"08123456789{n}")
        self.ask(counter, **SITI)

        # The matcher looks each number up by itself and the name twice, with and without its date.
        with django_assert_max_num_queries(20):
            self.ask(counter, **SITI, phone="081234567890", kk_number=NIK)


class TestReadings:
    def read(self, client: Client, field: str, **typed: str) -> str:
        response = client.post(f"/pasien/baca?isian={field}", typed, headers=HTMX)
        assert response.status_code == 200
        return text_of(response)

    def test_a_nik_offers_birth_date_and_sex(self, counter: Client):
        said = self.read(counter, "nik", nik=NIK)

        assert "16 angka" in said
        assert "pakai P, 12 Mar 1985" in said

    def test_both_centuries_are_offered_where_both_can_be(self, counter: Client):
        said = self.read(counter, "nik", nik="3509120101100001")

        assert "pakai L, 1 Jan 2010" in said
        assert "pakai L, 1 Jan 1910" in said

    def test_a_short_nik_says_how_short(self, counter: Client):
        assert "NIK harus 16 angka, baru 15." in self.read(counter, "nik", nik=NIK[:15])

    def test_a_nik_that_differs_is_said_and_not_forced(self, counter: Client):
        said = self.read(counter, "nik", nik=NIK, birth_date="28091999", sex="female")

        assert "beda dengan yang diketik" in said

    def test_taking_the_reading_fills_the_fields_and_goes_on_to_the_name(self, counter: Client):
        answer = counter.post(
            "/pasien/baca?isian=nik", {"nik": NIK, "take": "12031985,female"}, headers=HTMX
        )

        assert value_of(answer, "birth_date") == "12031985"
        assert chosen(answer, "sex") == "female"
        assert re.search(r'<input[^>]*id="id_name"[^>]*data-focus', text_of(answer), re.S)
        assert "Selasa, 12 Maret 1985" in text_of(answer)

    def test_taking_keeps_a_name_already_typed(self, counter: Client):
        answer = counter.post(
            "/pasien/baca?isian=nik",
            {"nik": NIK, "name": "Siti", "take": "12031985,female"},
            headers=HTMX,
        )

        assert value_of(answer, "name") == "Siti"

    def test_a_birth_date_is_echoed(self, counter: Client):
        assert "Selasa, 12 Maret 1985" in self.read(counter, "lahir", birth_date="12031985")
        assert "±" in self.read(counter, "lahir", birth_date="35th")
        assert "Tanggal 31 Februari 2020 tidak ada" in self.read(
            counter, "lahir", birth_date="31022020"
        )

    def test_an_open_century_is_asked(self, counter: Client):
        said = self.read(counter, "lahir", birth_date="010110")

        assert "1 Jan 2010" in said
        assert "1 Jan 1910" in said

    def test_one_village_is_named_several_are_offered(self, counter: Client, villages: None):
        def answer(text: str) -> str:
            return text_of(counter.post("/pasien/desa", {"village": text}, headers=HTMX))

        assert "Sabrang, Ambulu" in answer("sab")
        assert "<button" not in answer("sab")
        assert answer("sum").count("<button") == 3
        assert "<button" not in answer("su")

    def test_a_village_taken_goes_on_to_the_rt(self, counter: Client, villages: None):
        answer = counter.post(
            "/pasien/desa", {"village": "sum", "take": "35.09.12.2002"}, headers=HTMX
        )

        assert value_of(answer, "village") == "Sumberejo"
        assert 'name="village_code" value="35.09.12.2002"' in text_of(answer)
        assert re.search(r'<input[^>]*id="id_rt"[^>]*data-focus', text_of(answer), re.S)

    @pytest.mark.parametrize("value", ODD_VALUES, ids=range(len(ODD_VALUES)))
    def test_odd_values(self, counter: Client, villages: None, value: str):
        for field in ("nik", "lahir", value):
            for name in ("nik", "birth_date", "sex", "take"):
                answer = counter.post(
                    "/pasien/baca", {name: value}, headers=HTMX, query_params={"isian": field}
                )
                assert answer.status_code == 200
                assert "<script>alert" not in text_of(answer)
        for post in ({"village": value}, {"village": value, "take": value}):
            assert counter.post("/pasien/desa", post, headers=HTMX).status_code == 200


def test_no_patient_in_any_address(counter: Client, registrar: Actor):
    make_patient(registrar, **SITI)
    answers = [
        counter.post("/pasien/baru", {"start": "baru", "q": "siti aminah 120385"}),
        save(counter),
        save(counter, name="", nik="1"),
        counter.post("/pasien/baru/mirip", SITI, headers=HTMX),
        counter.post("/pasien/baca?isian=nik", SITI, headers=HTMX),
    ]

    for answer in answers:
        for address in addresses(answer):
            assert not re.search(r"aminah|maryam|3509125|12031985", address, re.IGNORECASE), address
