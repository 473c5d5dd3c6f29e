"""The search of the counter: what it shows, what opens by itself, what it never puts in a URL."""

from collections.abc import Callable

import pytest
from django.test import Client

from simpul.foundation.staff.actor import Actor
from tests.counter.people import (
    HTMX,
    ODD_VALUES,
    addresses,
    declare_dead,
    make_patient,
    make_visit,
    part,
    text_of,
)

Browse = Callable[[Actor], Client]
NIK = "3509125203850001"
BPJS = "0001234567890"
OPENS_ITSELF = 'hx-trigger="click, load"'


@pytest.fixture
def counter(browse: Browse, registrar: Actor) -> Client:
    return browse(registrar)


def search(client: Client, text: str) -> str:
    response = client.post("/loket/cari", {"q": text}, headers=HTMX)
    assert response.status_code == 200
    return text_of(response)


def test_the_page_waits_for_a_card_or_a_name(counter: Client):
    response = counter.get("/loket")

    assert response.status_code == 200
    assert "Siap. Pindai kartu atau ketik nama." in text_of(response)
    box = part(response, "loket-cari")
    assert "autofocus" in box[: box.index(">")]


def test_a_row_tells_people_apart(counter: Client, registrar: Actor):
    patient = make_patient(registrar, name="Siti Aminah", rt="3", rw="2")
    make_visit(registrar, patient, complaint="batuk")

    found = search(counter, "siti ami")

    for told in ("SITI AMINAH", "12 Mar 1985", "Sabrang RT 03/02", "ibu MARYAM", "Poli Umum"):
        assert told in found
    assert "kunjungan akhir" in found
    assert f"/loket/pasien/{patient.id}" in found


def test_alike_names_are_both_marked_and_others_are_not(counter: Client, registrar: Actor):
    make_patient(registrar, name="Siti Aminah")
    make_patient(registrar, name="Siti Aminar", birth_date="01011960", mother_name="Tumini")
    make_patient(registrar, name="Siti Zulaikha", birth_date="02021970", mother_name="Sulastri")

    assert search(counter, "siti").count('data-uji="loket-mirip"') == 2


@pytest.mark.parametrize("text", [NIK, "3509 1252 0385 0001", BPJS, "RM:000001", "rm: 1"])
def test_a_whole_number_opens_its_only_person(counter: Client, registrar: Actor, text: str):
    make_patient(registrar, nik=NIK, bpjs_number=BPJS)

    found = search(counter, text)

    assert OPENS_ITSELF in found
    assert "data-exact" not in found


def test_a_record_number_being_typed_waits_for_enter(counter: Client, registrar: Actor):
    make_patient(registrar)

    found = search(counter, "000001")

    assert OPENS_ITSELF not in found
    assert "data-exact" in found


@pytest.mark.parametrize("text", ["wati contoh", "wati 120385", "wati contoh 1985", "12031985"])
def test_a_name_never_opens_by_itself(counter: Client, registrar: Actor, text: str):
    make_patient(registrar)

    found = search(counter, text)

    assert "WATI CONTOH" in found
    assert OPENS_ITSELF not in found
    assert "data-exact" not in found


def test_a_number_of_two_people_opens_neither(counter: Client, registrar: Actor):
    make_patient(registrar, bpjs_number=BPJS)
    make_patient(registrar, name="Budi Contoh", sex="male", bpjs_number=BPJS)

    found = search(counter, BPJS)

    assert found.count("data-option") == 2
    assert OPENS_ITSELF not in found


def test_nobody_found_says_what_to_try(counter: Client):
    assert "Tidak ada yang cocok. Coba tanggal lahir, nama ibu" in search(counter, "zzyzx")


def test_a_queue_slip_leads_to_the_board(counter: Client):
    found = search(counter, "AQ:A17")

    assert "slip antrean" in found
    assert 'href="/kunjungan"' in found


def test_the_dead_are_marked_in_the_list(counter: Client, registrar: Actor):
    declare_dead(registrar, make_patient(registrar))

    assert "tercatat meninggal" in search(counter, "wati")


@pytest.mark.parametrize("text", ODD_VALUES, ids=range(len(ODD_VALUES)))
def test_whatever_is_typed_or_scanned_is_answered(counter: Client, registrar: Actor, text: str):
    make_patient(registrar)

    found = search(counter, text)

    assert "<script>alert" not in found


def test_what_is_searched_never_travels_in_an_address(counter: Client, registrar: Actor):
    make_patient(registrar, nik=NIK)

    assert counter.get("/loket/cari", {"q": NIK}).status_code == 405
    page = counter.post("/loket", {"q": NIK})
    assert page.status_code == 200
    for address in addresses(page):
        assert NIK not in address
        assert "WATI" not in address.upper()


def test_without_scripts_the_page_itself_searches_and_rows_are_links(
    counter: Client, registrar: Actor
):
    patient = make_patient(registrar)

    page = counter.post("/loket", {"q": "wati"})

    assert f'href="/loket/pasien/{patient.id}"' in text_of(page)
    assert 'value="wati"' in text_of(page)


def test_another_facility_finds_nobody_here(browse: Browse, registrar: Actor, outsider: Actor):
    make_patient(registrar, nik=NIK)

    for text in ("wati", NIK, "000001"):
        assert "WATI" not in search(browse(outsider), text)


def test_the_counter_is_for_those_who_register(browse: Browse, nurse: Actor, technician: Actor):
    for actor in (nurse, technician):
        response = browse(actor).get("/loket")
        assert response.status_code == 403
        assert "Pendaftaran" in text_of(response)


def test_a_stranger_is_led_to_sign_in(house: object):
    response = Client().get("/loket")

    assert response.status_code == 302
    assert response["Location"].startswith("/masuk")


def test_a_page_and_a_search_stay_within_their_queries(
    counter: Client, registrar: Actor, django_assert_max_num_queries
):
    for n in range(12):
        make_patient(
            registrar, name=f"Wati Contoh {'ABCDEFGHIJKL'[n]}", birth_date=f"0101{1960 + n}"
        )
    counter.get("/loket")

    with django_assert_max_num_queries(12):
        counter.get("/loket")
    with django_assert_max_num_queries(12):
        search(counter, "wati contoh")
