"""The public board: the number, and nothing that names a person."""

import re
from datetime import timedelta

import pytest
import time_machine

from simpul.foundation.administration.services import change_unit
from simpul.service.distribution.queueing import (
    call_next,
    call_ticket,
    finish_ticket,
    skip_ticket,
    start_ticket,
)
from simpul.service.distribution.selectors import get_waiting_room_board


def board_of(client) -> str:
    return client.get("/tv/papan").content.decode()


def test_it_needs_no_sign_in_and_says_when_nothing_was_called(house, client):
    page = client.get("/tv").content.decode()

    assert "Belum ada panggilan." in page
    assert 'data-live="tv"' in page
    assert "data-clock=" in page
    assert "Panggilan lewat petugas" in page


def test_the_called_number_the_others_the_next_and_the_missed(new_visit, nurse, client):
    visits = [new_visit("umum") for _ in range(5)]
    new_visit("kia")
    call_next("kia", by=nurse)
    for _ in range(2):
        skip_ticket(visits[0].ticket.id, by=nurse)
    call_next("umum", by=nurse)

    board = board_of(client)

    assert re.search(r'class="tv-number"[^>]*>A02<', board)
    assert "menuju Poli Umum" in board
    assert "<b>B01</b>KIA" in board
    assert "A03 · A04 · A05" in board
    assert "terlewat: A01" in board
    assert 'data-call-say="Nomor antrean A, dua, menuju Poli Umum."' in board


def test_nothing_on_it_names_a_person(new_visit, nurse, client):
    visits = [
        new_visit("umum", name="RATNA KUSUMANINGRUM", complaint="batuk darah"),
        new_visit("tb", name="JOKO PRASETYO", complaint="kontrol OAT"),
        new_visit("umum", name="LESTARI WULANDARI", complaint="hamil muda"),
    ]
    call_next("umum", by=nurse)
    call_next("tb", by=nurse)
    skip_ticket(visits[2].ticket.id, by=nurse)

    for page in (client.get("/tv").content.decode(), board_of(client)):
        for visit in visits:
            patient = visit.encounter.patient
            secrets = (
                *patient.name.split(),
                patient.mrn,
                str(patient.id),
                str(visit.encounter.id),
                str(visit.ticket.id),
                str(visit.distribution.id),
                visit.encounter.registration_number,
                visit.encounter.complaint,
            )
            assert not [secret for secret in secrets if secret.lower() in page.lower()]
        assert nurse.name not in page


def test_a_second_call_of_the_same_number_is_a_new_call(new_visit, nurse, client):
    visit = new_visit("umum")
    call_next("umum", by=nurse)
    first = re.search(r'data-call="([^"]+)"', board_of(client))[1]

    call_ticket(visit.ticket.id, by=nurse)

    assert re.search(r'data-call="([^"]+)"', board_of(client))[1] != first


def test_an_old_call_stays_on_the_board_and_is_not_announced(new_visit, nurse, client):
    old, new = new_visit("umum"), new_visit("kia")
    call_next("umum", by=nurse)
    called = get_waiting_room_board().current.at
    with time_machine.travel(called + timedelta(minutes=5), tick=False):
        call_next("kia", by=nurse)
        assert 'data-call="B01' in board_of(client)
        # The board falls back to A01, which was called five minutes ago.
        skip_ticket(new.ticket.id, by=nurse)
        board = board_of(client)

    assert re.search(r'class="tv-number"[^>]*>A01<', board)
    assert "data-call" not in board
    assert old.ticket.label == "A01"


def test_the_last_number_stays_when_its_patient_is_done(new_visit, nurse, client):
    visit = new_visit("umum")
    call_next("umum", by=nurse)
    start_ticket(visit.ticket.id, by=nurse)
    finish_ticket(visit.ticket.id, by=nurse)

    assert "A01" in board_of(client)


def test_the_room_is_shown(new_visit, nurse, technician, client):
    change_unit("umum", by=technician, room="Ruang 3")
    new_visit("umum")
    call_next("umum", by=nurse)

    assert "Poli Umum · Ruang 3" in board_of(client)


def test_the_board_costs_few_queries(new_visit, nurse, client, django_assert_max_num_queries):
    for _ in range(20):
        new_visit("umum")
    call_next("umum", by=nurse)
    board_of(client)

    with django_assert_max_num_queries(1):
        board_of(client)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_board_is_only_looked_at(method, house, client):
    assert getattr(client, method)("/tv").status_code == 405
