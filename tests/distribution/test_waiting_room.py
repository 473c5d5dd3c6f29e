"""The public board: the number, and nothing that names a person."""

import re
from datetime import timedelta

import pytest
import time_machine

from simpul.foundation.administration.rooms import add_room, set_unit_floor
from simpul.foundation.administration.services import change_unit
from simpul.service.distribution.calling.board import get_board
from simpul.service.distribution.calling.playing import note_heard, take_turn
from simpul.service.distribution.queueing import (
    call_next,
    finish_ticket,
    skip_ticket,
    start_ticket,
)
from tests.distribution.televisions import hear_all


def board_of(client, floor=1) -> str:
    return client.get(f"/tv/papan?lantai={floor}").content.decode()


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
    hear_all()

    board = board_of(client)

    assert re.search(r'class="tv-number"[^>]*>A02<', board)
    assert "menuju Poli Umum" in board
    assert "<b>B01</b>KIA" in board
    assert "A03 · A04 · A05" in board
    assert "terlewat: A01" in board


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


def test_the_big_number_is_the_one_being_called_out_and_the_next_waits_its_turn(
    new_visit, nurse, client
):
    """A number that nobody can have heard must not push away the one that is being said."""
    new_visit("umum")
    new_visit("kia")
    call_next("umum", by=nurse)
    call_next("kia", by=nurse)
    speaking, lease = take_turn(1, has_sound=True)

    while_speaking = board_of(client)
    note_heard(speaking.id, lease, "voice")

    assert re.search(r'class="tv-number"[^>]*>A01<', while_speaking)
    assert re.search(r'class="tv-number"[^>]*>B01<', board_of(client))


def test_when_a_number_is_passed_over_the_one_before_is_shown_and_not_called_again(
    new_visit, nurse
):
    new_visit("umum")
    new = new_visit("kia")
    call_next("umum", by=nurse)
    hear_all()
    called = get_board(1).current.at
    with time_machine.travel(called + timedelta(minutes=5), tick=False):
        call_next("kia", by=nurse)
        skip_ticket(new.ticket.id, by=nurse)

        assert get_board(1).current.ticket == "A01"
        assert take_turn(1, has_sound=True) is None


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


def test_a_floor_shows_its_own_rooms_only(new_visit, nurse, technician, client):
    set_unit_floor("gigi", floor=2, by=technician)
    add_room("kia", name="Ruang KB", floor=2, by=technician)
    for unit in ("umum", "gigi", "kia"):
        new_visit(unit)
        new_visit(unit)
        call_next(unit, by=nurse)
    hear_all(1)
    hear_all(2)

    first, second = board_of(client, 1), board_of(client, 2)

    assert "A01" in first
    assert "C01" not in first
    assert "B01" not in first
    assert "C01" in second
    assert "KIA · Ruang KB" in second
    assert "A01" not in second


def test_an_address_without_or_with_a_strange_floor_is_the_lowest(new_visit, nurse, client):
    new_visit("umum")
    call_next("umum", by=nurse)

    for query in ("", "?lantai=9", "?lantai=abc", "?lantai=-1", "?lantai=%00", "?lantai=99999"):
        assert "A01" in client.get(f"/tv{query}").content.decode()


def test_the_board_costs_few_queries(new_visit, nurse, client, django_assert_max_num_queries):
    for _ in range(20):
        new_visit("umum")
    call_next("umum", by=nurse)
    board_of(client)

    # The numbers, the calls not heard yet, and in which turn the lines are.
    with django_assert_max_num_queries(3):
        board_of(client)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_board_is_only_looked_at(method, house, client):
    assert getattr(client, method)("/tv").status_code == 405
