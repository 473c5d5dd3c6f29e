"""The visit pane: who this is, what the last visit offers, where the patient would go."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.services import note_allergy, note_no_allergies
from simpul.service.registration.models import Encounter
from tests.counter.people import (
    HTMX,
    change_row,
    declare_dead,
    make_patient,
    make_visit,
    part,
    text_of,
)

Browse = Callable[[Actor], Client]


@pytest.fixture
def counter(browse: Browse, registrar: Actor) -> Client:
    return browse(registrar)


def pane(client: Client, patient: object) -> str:
    response = client.get(f"/loket/pasien/{patient.id}", headers=HTMX)  # type: ignore[attr-defined]
    assert response.status_code == 200
    return text_of(response)


def ticked(text: str, name: str) -> list[str]:
    tags = re.findall(rf'<input type="radio" name="{name}"[^>]*>', text)
    return [re.search(r'value="([^"]*)"', tag)[1] for tag in tags if " checked" in tag]


def test_the_banner_says_who_and_the_complaint_has_the_focus(counter: Client, registrar: Actor):
    text = pane(counter, make_patient(registrar, name="Siti Aminah"))

    assert "SITI AMINAH" in text
    assert re.search(r'<input[^>]*id="id_complaint"[^>]*autofocus', text, re.S)
    assert "Daftarkan SITI AMINAH ke Poli Umum" in text
    assert "Klaster 3 · Poli Umum" in text
    assert "usia" in text


def test_each_allergy_state_has_its_words(counter: Client, registrar: Actor, nurse: Actor):
    unasked = make_patient(registrar)
    none = make_patient(registrar, name="Budi Satu", sex="male")
    known = make_patient(registrar, name="Tono Dua", sex="male")
    note_no_allergies(none.id, by=nurse)
    note_allergy(known.id, by=nurse, substance="Amoksisilin")

    assert "Alergi belum ditanyakan" in pane(counter, unasked)
    assert "Tidak ada alergi (ditanya" in pane(counter, none)
    text = pane(counter, known)
    assert "ALERGI: Amoksisilin" in text
    assert "ALERGI: ⚠" not in text


def test_the_payer_comes_from_the_last_visit_and_says_so(
    counter: Client, registrar: Actor, house: Here
):
    patient = make_patient(registrar)
    visit = make_visit(registrar, patient, payer="bpjs", complaint="gatal di kaki")
    day = house.today() - timedelta(days=30)
    change_row(registrar, visit.encounter, service_date=day)

    text = pane(counter, patient)

    assert ticked(text, "payer") == ["bpjs"]
    assert "dari kunjungan" in text
    assert "Kunjungan lalu: gatal di kaki" in text


def test_a_first_visit_has_nothing_to_take_over(counter: Client, registrar: Actor):
    text = pane(counter, make_patient(registrar))

    assert ticked(text, "payer") == ["umum"]
    assert "dari kunjungan" not in text


@pytest.mark.parametrize(
    ("sex", "birth", "asked"),
    [
        ("female", "28th", True),
        ("female", "10th", True),
        ("female", "55th", True),
        ("female", "9th", False),
        ("female", "56th", False),
        ("male", "28th", False),
    ],
)
def test_only_women_of_10_to_55_are_asked_about_pregnancy(
    counter: Client, registrar: Actor, sex: str, birth: str, asked: bool
):
    text = pane(counter, make_patient(registrar, sex=sex, birth_date=birth))

    assert ('name="pregnant"' in text) is asked


@pytest.mark.parametrize(("days", "offered"), [(30, True), (293, True), (294, False), (800, False)])
def test_a_pregnancy_is_offered_again_only_while_it_can_be_the_same(
    counter: Client, registrar: Actor, house: Here, days: int, offered: bool
):
    patient = make_patient(registrar)
    visit = make_visit(registrar, patient, pregnant=True)
    day = house.today() - timedelta(days=days)
    change_row(registrar, visit.encounter, service_date=day)

    text = pane(counter, patient)

    assert ticked(text, "pregnant") == (["ya"] if offered else ["tidak"])
    assert ("Klaster 2 · KIA" in text) is offered


def test_somebody_already_waiting_is_said_with_a_way_there(counter: Client, registrar: Actor):
    patient = make_patient(registrar)
    visit = make_visit(registrar, patient, complaint="batuk")

    text = part(counter.get(f"/loket/pasien/{patient.id}", headers=HTMX), "loket-sudah-terdaftar")

    assert f"{visit.ticket.label} Poli Umum, menunggu" in text
    assert f"/kunjungan#kunjungan-{visit.encounter.id}" in text
    assert 'href="#id_unit"' in text


def test_death_and_missing_identity_are_on_the_banner(counter: Client, registrar: Actor):
    patient = make_patient(registrar)
    declare_dead(registrar, patient)

    text = pane(counter, patient)

    assert "Tercatat meninggal 2 Jan 2020" in text
    assert "Identitas belum lengkap" in text


def test_a_whole_page_without_htmx(counter: Client, registrar: Actor):
    response = counter.get(f"/loket/pasien/{make_patient(registrar).id}")

    assert "<!doctype html>" in text_of(response)
    assert part(response, "loket-keluhan")
    box = part(response, "loket-cari")
    assert "autofocus" not in box[: box.index(">")]


def test_nobody_else_opens_a_patient_here(
    browse: Browse, counter: Client, registrar: Actor, outsider: Actor, nurse: Actor
):
    patient = make_patient(registrar)

    assert counter.get(f"/loket/pasien/{uuid7()}", headers=HTMX).status_code == 404
    assert browse(outsider).get(f"/loket/pasien/{patient.id}", headers=HTMX).status_code == 404
    assert browse(nurse).get(f"/loket/pasien/{patient.id}", headers=HTMX).status_code == 403


def test_the_pane_stays_within_its_queries(
    counter: Client, registrar: Actor, django_assert_max_num_queries
):
    patient = make_patient(registrar)
    make_visit(registrar, patient, complaint="batuk")
    pane(counter, patient)

    with django_assert_max_num_queries(10):
        pane(counter, patient)
    with django_assert_max_num_queries(12):
        counter.get(f"/loket/pasien/{patient.id}")


class TestSuggestionWhileTyping:
    def ask(self, client: Client, patient: object, **post: str) -> str:
        response = client.post(
            "/loket/saran",
            {"patient_id": str(patient.id), **post},  # type: ignore[attr-defined]
            headers=HTMX,
        )
        assert response.status_code == 200, text_of(response)
        return text_of(response)

    def test_the_unit_and_its_reason_follow_the_complaint(self, counter: Client, registrar: Actor):
        patient = make_patient(registrar)

        assert "Klaster 3 · Poli Umum" in self.ask(counter, patient, complaint="batuk")
        text = self.ask(counter, patient, complaint="sakit gigi")
        assert "Lintas klaster · Poli Gigi" in text
        assert "keluhan gigi" in text
        assert "Daftarkan WATI CONTOH ke Poli Gigi" in text

    def test_an_emergency_is_called_now(self, counter: Client, registrar: Actor):
        text = self.ask(counter, make_patient(registrar), complaint="sesak berat")

        assert "UGD" in text
        assert "panggil sekarang" in text

    def test_an_open_question_stays_while_it_is_about_the_same_unit(
        self, counter: Client, registrar: Actor
    ):
        patient = make_patient(registrar)

        same = self.ask(counter, patient, complaint="batuk", asked_unit="umum")
        moved = self.ask(counter, patient, complaint="sakit gigi", asked_unit="umum")

        assert 'id="verifikasi"' not in same
        assert 'id="verifikasi"' in moved

    def test_an_impossible_pair_is_said_at_once(self, counter: Client, registrar: Actor):
        patient = make_patient(registrar, name="Budi", sex="male")

        assert "Pasien laki-laki ke KIA" in self.ask(counter, patient, unit="kia")

    def test_it_is_not_for_strangers(self, browse: Browse, registrar: Actor, outsider: Actor):
        patient = make_patient(registrar)

        response = browse(outsider).post(
            "/loket/saran", {"patient_id": str(patient.id)}, headers=HTMX
        )
        assert response.status_code == 404
        assert "WATI" not in text_of(response)

    def test_it_writes_nothing(self, counter: Client, registrar: Actor):
        self.ask(counter, make_patient(registrar), complaint="batuk", step="periksa")

        assert Encounter.objects.count() == 0
