"""Correcting an identity over the version that was seen, and the list of what is missing."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from simpul.foundation.core.ids import uuid7
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.models import Patient
from simpul.service.patients.services import correct_patient
from tests.conftest import make_actor
from tests.counter.people import HTMX, ODD_VALUES, make_patient, part, text_of

Browse = Callable[[Actor], Client]
NIK = "3509125203850001"
TYPED = {
    "name": "Siti Aminah",
    "birth_date": "12031985",
    "sex": "female",
    "mother_name": "Maryam",
    "village": "Sabrang",
    "phone": "081234567890",
    "religion": "islam",
    "address": "Jalan Contoh 5",
}


@pytest.fixture
def counter(browse: Browse, registrar: Actor) -> Client:
    return browse(registrar)


@pytest.fixture
def siti(registrar: Actor) -> PatientCard:
    return make_patient(registrar, **TYPED)


def save(client: Client, patient: PatientCard, **typed: str) -> Any:
    sent = TYPED | {"seen_version": str(patient.version)} | typed
    return client.post(f"/pasien/{patient.id}/ubah", sent, headers=HTMX)


def test_everything_stored_stands_in_the_form(counter: Client, siti: PatientCard):
    page = text_of(counter.get(f"/pasien/{siti.id}/ubah"))

    for value in ("SITI AMINAH", "12031985", "MARYAM", "Sabrang", "Jalan Contoh 5"):
        assert f'value="{value}"' in page
    assert re.search(r'value="female" selected', page)
    assert re.search(r'value="islam" selected', page)
    assert f'name="seen_version" value="{siti.version}"' in page
    assert f'data-draft="pasien-ubah-{siti.id}"' in page


def test_saving_what_was_shown_changes_nothing(counter: Client, registrar: Actor):
    stored = make_patient(registrar, name="Tn. Budi", sex="male", birth_date="35th", rt="1", rw="2")
    page = text_of(counter.get(f"/pasien/{stored.id}/ubah"))
    before = Patient.objects.filter(id=stored.id).values().get()
    fields = dict(re.findall(r'<input[^>]*?name="(\w+)"[^>]*?value="([^"]*)"', page, re.S))
    chosen = re.findall(r'<select[^>]*name="(\w+)"(.*?)</select>', page, re.S)
    for name, options in chosen:
        picked = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = picked[1] if picked else ""
    fields["birth_date_estimated"] = "on"
    assert re.search(r'name="birth_date_estimated"[^>]* checked', page, re.S)

    counter.post(f"/pasien/{stored.id}/ubah", fields, headers=HTMX)

    after = Patient.objects.filter(id=stored.id).values().get()
    changed = {key for key in before if before[key] != after[key]} - {"version", "change"}
    assert changed <= {"title"}


def test_a_correction_leads_back_to_the_counter(counter: Client, siti: PatientCard):
    saved = save(counter, siti, name="Siti Aminatun", nik=NIK)

    assert saved["HX-Redirect"] == f"/loket/pasien/{siti.id}"
    patient = Patient.objects.get()
    assert (patient.name, patient.nik, patient.is_identity_complete) == ("SITI AMINATUN", NIK, True)
    found = counter.post("/loket/cari", {"q": "aminatun"}, headers=HTMX)
    assert "SITI AMINATUN" in text_of(found)


def test_a_stale_form_shows_both_and_can_then_be_saved(
    browse: Browse, counter: Client, siti: PatientCard
):
    other = make_actor("pendaftaran", name="Loket Dua")
    correct_patient(
        siti.id,
        by=other,
        typed=PatientInput(**TYPED | {"mother_name": "Maimunah"}),
        seen_version=siti.version,
    )

    refused = save(counter, siti, mother_name="Mariyam")

    assert refused.status_code == 412
    both = part(refused, "pasien-ubah-beda")
    assert "Mariyam" in both
    assert "MAIMUNAH" in both
    assert "Jalan Contoh 5" not in both[: both.index("</table>")]
    assert Patient.objects.get().mother_name == "MAIMUNAH"
    assert 'value="Mariyam"' in text_of(refused)

    seen = re.search(r'name="seen_version" value="(\d+)"', text_of(refused))[1]
    assert "HX-Redirect" in save(counter, siti, mother_name="Mariyam", seen_version=seen)
    assert Patient.objects.get().mother_name == "MARIYAM"


def test_the_nik_of_another_is_refused_and_kept_on_the_screen(
    counter: Client, registrar: Actor, siti: PatientCard
):
    holder = make_patient(registrar, name="Budi", sex="male", birth_date="01011970", nik=NIK)

    refused = save(counter, siti, nik=NIK)

    assert refused.status_code == 422
    assert f"RM {holder.mrn}" in text_of(refused)
    assert f'value="{NIK}"' in text_of(refused)
    assert Patient.objects.get(id=siti.id).nik == ""


def test_problems_are_listed_and_nothing_changes(counter: Client, siti: PatientCard):
    refused = save(counter, siti, name="", birth_date="besok")

    assert refused.status_code == 422
    assert 'href="#id_birth_date"' in text_of(refused)
    assert 'value="besok"' in text_of(refused)
    assert Patient.objects.get().version == siti.version


@pytest.mark.parametrize("field", ["seen_version", "name", "birth_date", "village", "back"])
def test_odd_values_are_answered(counter: Client, siti: PatientCard, field: str):
    for value in ODD_VALUES:
        answer = save(counter, siti, **{field: value})
        assert answer.status_code in (200, 412, 422), (field, value)


def test_a_whole_page_without_scripts(counter: Client, siti: PatientCard):
    sent = TYPED | {"seen_version": str(siti.version)}

    refused = counter.post(f"/pasien/{siti.id}/ubah", sent | {"name": ""})
    assert refused.status_code == 422
    assert "<!doctype html>" in text_of(refused)
    saved = counter.post(f"/pasien/{siti.id}/ubah", sent | {"back": "lengkapi"})
    assert saved["Location"] == "/lengkapi"


def test_who_may_not(
    browse: Browse, siti: PatientCard, nurse: Actor, outsider: Actor, counter: Client
):
    assert browse(nurse).get(f"/pasien/{siti.id}/ubah").status_code == 403
    assert save(browse(nurse), siti, name="Lain").status_code == 403
    assert browse(outsider).get(f"/pasien/{siti.id}/ubah").status_code == 404
    assert save(browse(outsider), siti, name="Lain").status_code == 404
    assert counter.get(f"/pasien/{uuid7()}/ubah").status_code == 404
    assert Patient.objects.get().name == "SITI AMINAH"


def test_the_list_of_what_is_missing(
    browse: Browse, counter: Client, registrar: Actor, siti: PatientCard, outsider: Actor
):
    make_patient(registrar, name="Sudah Lengkap", nik=NIK, mother_name="Kasmi")

    page = text_of(counter.get("/lengkapi"))

    assert "SITI AMINAH" in page
    assert "Tidak membawa identitas" in page
    assert "SUDAH LENGKAP" not in page
    assert f"/pasien/{siti.id}/ubah?dari=lengkapi" in page
    assert '<span class="count">1</span>' in text_of(counter.get("/loket"))
    assert "SITI AMINAH" not in text_of(browse(outsider).get("/lengkapi"))


def test_an_empty_list_says_so(counter: Client):
    assert "Semua identitas sudah lengkap" in text_of(counter.get("/lengkapi"))


def test_the_pages_stay_within_their_queries(
    counter: Client, registrar: Actor, siti: PatientCard, django_assert_max_num_queries
):
    for n in range(15):
        make_patient(registrar, name=f"Wati {'ABCDEFGHIJKLMNO'[n]}", birth_date=f"0101{1960 + n}")
    counter.get("/lengkapi")

    with django_assert_max_num_queries(8):
        counter.get("/lengkapi")
    with django_assert_max_num_queries(10):
        counter.get(f"/pasien/{siti.id}/ubah")
