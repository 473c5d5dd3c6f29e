"""Programmes, bookings and the immunisation schedule in the suggestion of the counter."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.service.patients.selectors import get_patient
from simpul.service.registration.placement import programmes
from simpul.service.registration.placement.programmes import (
    end_enrolment,
    enrol,
    list_enrolments,
    programmes_of,
)
from simpul.service.registration.suggestion import place, situation_of
from tests.counter.people import make_patient, make_visit

pytestmark = pytest.mark.django_db


def suggested(patient, complaint: str, **more):
    found = place(situation_of(patient, complaint=complaint, pregnant=None, **more)).suggestion
    assert found is not None
    return found


def born(days: int) -> str:
    return (get_here().today() - timedelta(days=days)).strftime("%d%m%Y")


def test_a_programme_changes_the_suggestion_until_it_ends(registrar, nurse):
    person = make_patient(registrar, name="Warga Contoh", sex="male", birth_date="12031985")
    assert suggested(person, "kontrol").rule == "dewasa"

    row = enrol(person.id, programme="tb", by=nurse)
    assert suggested(person, "kontrol").unit == "tb"
    assert suggested(person, "sakit gigi").unit == "gigi"

    end_enrolment(person.id, row.id, reason="sembuh", by=registrar)
    assert suggested(person, "kontrol").rule == "dewasa"
    assert [line.until for line in list_enrolments(person.id, by=registrar)] == [get_here().today()]
    with pytest.raises(Conflict):
        end_enrolment(person.id, row.id, by=registrar)
    enrol(person.id, programme="tb", by=registrar)
    assert suggested(person, "kontrol").unit == "tb"


def test_what_is_refused(registrar, head, outsider):
    man = make_patient(registrar, name="Warga Contoh", sex="male", birth_date="12031985")
    today = get_here().today()
    for programme, since, where in (
        ("haji", None, "programme"),
        ("kb", None, "programme"),
        ("tb", today + timedelta(days=1), "since"),
        ("tb", date(1900, 1, 1), "since"),
    ):
        with pytest.raises(Refused) as refusal:
            enrol(man.id, programme=programme, since=since, by=registrar)
        assert [problem.where for problem in refusal.value.errors] == [where]
    enrol(man.id, programme="prolanis", by=registrar)
    with pytest.raises(Conflict):
        enrol(man.id, programme="prolanis", by=registrar)
    with pytest.raises(NotAllowed):
        enrol(man.id, programme="tb", by=head)
    with pytest.raises(NotHere):
        enrol(man.id, programme="tb", by=outsider)
    with pytest.raises(NotHere):
        end_enrolment(man.id, uuid.uuid4(), by=registrar)


def test_programmes_cost_no_statement_while_they_are_kept(registrar, django_assert_num_queries):
    person = make_patient(registrar, name="Warga Contoh", sex="male", birth_date="12031985")
    enrol(person.id, programme="prolanis", by=registrar)
    suggested(person, "kontrol gula")
    with django_assert_num_queries(0):
        assert suggested(person, "kontrol gula").rule == "prolanis"
        assert suggested(person, "batuk").rule == "dewasa"


def test_a_programme_of_another_day_is_asked_for_anew(registrar, monkeypatch):
    person = make_patient(registrar, name="Warga Contoh")
    enrol(person.id, programme="prolanis", by=registrar)
    assert programmes_of(person.id) == ("prolanis",)
    kept = programmes._kept
    assert kept is not None
    stale = type(kept)(kept.until, kept.facility, kept.day - timedelta(days=1), {})
    monkeypatch.setattr(programmes, "_kept", stale)
    assert programmes_of(person.id) == ("prolanis",)


def test_the_schedule_counts_visits_to_immunisation(registrar, django_assert_num_queries):
    child = make_patient(registrar, name="Bayi Contoh", sex="male", birth_date=born(280))
    found = suggested(child, "")
    assert (found.unit, found.reason) == ("imunisasi", "jadwal imunisasi 9 bulan")
    assert suggested(child, "kontrol rutin").rule == "imunisasi-jadwal"
    with django_assert_num_queries(0):
        assert suggested(child, "panas").unit == "mtbs"
    with django_assert_num_queries(1):
        suggested(child, "kontrol")
    make_visit(registrar, child, unit="imunisasi", complaint="imunisasi campak")
    assert suggested(child, "kontrol").unit == "mtbs"


def test_a_booking_is_the_suggestion_unless_it_cannot_be(registrar):
    man = make_patient(registrar, name="Warga Contoh", sex="male", birth_date="12031985")
    assert suggested(man, "kontrol", booked_unit="gigi").rule == "pesanan"
    assert suggested(man, "kontrol", booked_unit="kia").rule == "dewasa"
    assert suggested(man, "nyeri dada", booked_unit="gigi").unit == "ugd"


def test_the_page_adds_and_ends_and_shows_chips(browse, registrar, nurse, outsider):
    person = make_patient(registrar, name="Warga Contoh", sex="female", birth_date="12031985")
    address = reverse("pasien-program", args=[person.id])
    client = browse(registrar)
    assert "Belum tercatat" in client.get(address).content.decode()
    answer = client.post(address, {"programme": "kb", "since": ""})
    assert answer.status_code == 302
    assert "masih diikuti" in client.get(address).content.decode()
    pane = client.get(reverse("loket-pasien", args=[person.id])).content.decode()
    assert "Peserta KB" in pane
    assert "loket-program" in pane

    answer = client.post(address, {"programme": "tb", "since": "31 Feb 2025"})
    assert answer.status_code == 422
    answer = client.post(address, {"programme": "", "since": ""})
    assert "Pilih program" in answer.content.decode()

    row = list_enrolments(person.id, by=registrar)[0]
    end = reverse("pasien-program-akhiri", args=[person.id, row.id])
    assert browse(nurse).post(end, {"reason": "pindah"}).status_code == 302
    assert "pindah" in client.get(address).content.decode()
    assert "Peserta KB" not in client.get(
        reverse("loket-pasien", args=[person.id])
    ).content.decode().replace("Program", "")
    assert browse(outsider).get(address).status_code == 404


def test_a_poli_sees_the_chip(browse, registrar, nurse):
    person = make_patient(registrar, name="Warga Contoh", sex="male", birth_date="12031985")
    enrol(person.id, programme="prolanis", by=registrar)
    visit = make_visit(registrar, person, unit="umum")
    html = browse(nurse).get(reverse("rekam", args=[visit.encounter.id])).content.decode()
    assert "Prolanis" in html
    assert get_patient(person.id, by=nurse).id == person.id
