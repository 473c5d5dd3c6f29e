"""A unit's queue: who is next, who was passed over, and what an acknowledgement proves."""

import threading

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere, SimpulError
from simpul.foundation.journal.models import Change, JournalEntry
from simpul.foundation.staff.models import Role
from simpul.service.distribution.models import Stage
from simpul.service.distribution.queueing import (
    acknowledge_shown,
    call_next,
    call_ticket,
    finish_ticket,
    return_no_show,
    skip_ticket,
    start_ticket,
)
from simpul.service.distribution.selectors import get_queue
from simpul.service.distribution.services import redirect_visit
from simpul.service.registration.models import Priority
from tests.conftest import make_actor
from tests.distribution.conftest import stored


def waiting(actor, unit="umum") -> list[str]:
    return [row.ticket for row in get_queue(unit, by=actor).waiting]


class TestAcknowledging:
    def test_saved_becomes_shown_once(self, new_visit, nurse):
        visit = new_visit("umum")

        assert acknowledge_shown("umum", [visit.distribution.id], by=nurse) == 1

        row = stored(visit)
        assert (row.stage, row.shown_at is not None) == (Stage.SHOWN, True)

    def test_a_repeat_writes_nothing(self, new_visit, nurse):
        visit = new_visit("umum")
        acknowledge_shown("umum", [visit.distribution.id], by=nurse)
        before = (JournalEntry.objects.count(), Change.objects.count(), stored(visit).version)

        assert acknowledge_shown("umum", [visit.distribution.id], by=nurse) == 0

        assert (
            JournalEntry.objects.count(),
            Change.objects.count(),
            stored(visit).version,
        ) == before

    def test_a_screen_of_another_unit_shows_nothing(self, new_visit, nurse, dentist):
        visit = new_visit("umum")

        assert acknowledge_shown("gigi", [visit.distribution.id], by=nurse) == 0
        with pytest.raises(NotAllowed) as refusal:
            acknowledge_shown("umum", [visit.distribution.id], by=dentist)

        assert refusal.value.code == "not_your_unit"
        assert stored(visit).stage == Stage.SAVED

    @pytest.mark.parametrize("role", ["registrar", "recorder", "head", "technician"])
    def test_who_does_not_work_the_queue_cannot_say_it_was_shown(self, role, request, new_visit):
        visit = new_visit("umum")

        with pytest.raises(NotAllowed):
            acknowledge_shown("umum", [visit.distribution.id], by=request.getfixturevalue(role))

        assert stored(visit).stage == Stage.SAVED

    def test_a_person_of_another_facility_cannot(self, new_visit, outsider):
        visit = new_visit("umum")

        assert acknowledge_shown("umum", [visit.distribution.id], by=outsider) == 0

        assert stored(visit).stage == Stage.SAVED

    def test_it_never_takes_a_later_stage_back(self, new_visit, nurse):
        visit = new_visit("umum")
        start_ticket(visit.ticket.id, by=nurse)

        assert acknowledge_shown("umum", [visit.distribution.id], by=nurse) == 0

        assert stored(visit).stage == Stage.IN_SERVICE


class TestCalling:
    def test_priority_first_then_the_number(self, new_visit, nurse):
        new_visit("umum")
        new_visit("umum", birth_date="01011950")
        new_visit("umum")
        new_visit("umum", priority=Priority.EMERGENCY)

        called = [call_next("umum", by=nurse).ticket.label for _ in range(4)]

        assert called == ["A04", "A02", "A01", "A03"]

    def test_a_call_opens_the_record_and_says_so(self, new_visit, nurse):
        visit = new_visit("umum")

        row = call_next("umum", by=nurse)

        assert (row.stage, row.call_count, row.practitioner) == (
            Stage.OPENED,
            1,
            nurse.practitioner_id,
        )
        acts = (
            JournalEntry.objects.filter(encounter=visit.encounter.id)
            .order_by("id")
            .values_list("act", flat=True)
        )
        assert {"opened", "called"} <= set(acts)

    def test_again_counts_up_and_a_patient_in_the_room_is_not_called(self, new_visit, nurse):
        visit = new_visit("umum")
        call_next("umum", by=nurse)

        assert call_ticket(visit.ticket.id, by=nurse).call_count == 2
        start_ticket(visit.ticket.id, by=nurse)
        with pytest.raises(Conflict, match="sedang dilayani"):
            call_ticket(visit.ticket.id, by=nurse)

    def test_an_empty_queue_says_so(self, house, nurse):
        with pytest.raises(NotHere) as refusal:
            call_next("umum", by=nurse)

        assert refusal.value.code == "queue_empty"

    def test_the_counter_and_another_unit_do_not_call(
        self, new_visit, registrar, dentist, outsider
    ):
        visit = new_visit("umum")

        for actor in (registrar, dentist):
            with pytest.raises(NotAllowed):
                call_next("umum", by=actor)
        with pytest.raises(SimpulError):
            call_next("umum", by=outsider)

        assert stored(visit).stage == Stage.SAVED

    @pytest.mark.django_db(transaction=True)
    def test_two_nurses_at_once_call_two_patients(self, new_visit, house):
        nurses = [make_actor(Role.NURSE) for _ in range(4)]
        for _ in nurses:
            new_visit("umum")
        start = threading.Barrier(len(nurses))
        called: list[str] = []

        def press(actor) -> None:
            try:
                start.wait()
                called.append(call_next("umum", by=actor).ticket.label)
            finally:
                connection.close()

        threads = [threading.Thread(target=press, args=(nurse,)) for nurse in nurses]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(called) == ["A01", "A02", "A03", "A04"]


class TestPassingOver:
    def test_three_places_down_then_not_there(self, new_visit, nurse):
        visits = [new_visit("umum") for _ in range(6)]
        call_next("umum", by=nurse)

        skip_ticket(visits[0].ticket.id, by=nurse)
        assert waiting(nurse) == ["A02", "A03", "A04", "A01", "A05", "A06"]

        row = skip_ticket(visits[0].ticket.id, by=nurse)
        assert row.stage == Stage.NO_SHOW
        assert waiting(nurse) == ["A02", "A03", "A04", "A05", "A06"]
        assert [r.ticket for r in get_queue("umum", by=nurse).no_show] == ["A01"]

    def test_behind_fewer_than_three_it_is_the_last(self, new_visit, nurse):
        visits = [new_visit("umum") for _ in range(3)]

        skip_ticket(visits[0].ticket.id, by=nurse)

        assert waiting(nurse) == ["A02", "A03", "A01"]

    def test_a_skipped_one_is_called_again_in_its_turn(self, new_visit, nurse):
        visits = [new_visit("umum") for _ in range(5)]
        call_next("umum", by=nurse)
        skip_ticket(visits[0].ticket.id, by=nurse)

        assert [call_next("umum", by=nurse).ticket.label for _ in range(5)] == [
            "A02",
            "A03",
            "A04",
            "A01",
            "A05",
        ]

    def test_priority_is_kept(self, new_visit, nurse):
        elder = new_visit("umum", birth_date="01011950")
        new_visit("umum")
        new_visit("umum", birth_date="02021951")

        skip_ticket(elder.ticket.id, by=nurse)

        assert waiting(nurse) == ["A03", "A01", "A02"]

    def test_one_who_comes_back_goes_to_the_end_and_may_be_skipped_anew(self, new_visit, nurse):
        visits = [new_visit("umum") for _ in range(4)]
        for _ in range(2):
            skip_ticket(visits[0].ticket.id, by=nurse)

        return_no_show(visits[0].ticket.id, by=nurse)

        assert waiting(nurse) == ["A02", "A03", "A04", "A01"]
        assert stored(visits[0]).skip_count == 0
        with pytest.raises(NotHere):
            return_no_show(visits[0].ticket.id, by=nurse)

    def test_the_room_is_not_passed_over(self, new_visit, nurse):
        visit = new_visit("umum")
        start_ticket(visit.ticket.id, by=nurse)

        with pytest.raises(Conflict):
            skip_ticket(visit.ticket.id, by=nurse)

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(turns=st.lists(st.integers(0, 6), max_size=8))
    def test_nobody_is_lost_or_doubled_whoever_is_passed_over(self, turns, new_visit, nurse):
        before = set(waiting(nurse))
        visits = [new_visit("umum") for _ in range(7)]
        expected = before | {visit.ticket.label for visit in visits}
        for turn in turns:
            try:
                skip_ticket(visits[turn].ticket.id, by=nurse)
            except NotHere:
                assert turns.count(turn) > 2

        queue = get_queue("umum", by=nurse)
        found = [row.ticket for row in (*queue.waiting, *queue.no_show)]
        mine = {visit.ticket.label for visit in visits}

        assert len(found) == len(set(found))
        assert expected <= set(found)
        assert {row.ticket for row in queue.no_show if row.ticket in mine} == {
            visits[turn].ticket.label for turn in set(turns) if turns.count(turn) >= 2
        }


class TestServing:
    def test_begin_and_end_are_in_the_journal(self, new_visit, nurse):
        visit = new_visit("umum")

        start_ticket(visit.ticket.id, by=nurse)
        finish_ticket(visit.ticket.id, by=nurse)

        row = stored(visit)
        assert (row.stage, row.started_at is not None, row.ended_at is not None) == (
            Stage.DONE,
            True,
            True,
        )
        with pytest.raises(NotHere, match="sudah tidak di antrean"):
            start_ticket(visit.ticket.id, by=nurse)

    def test_a_second_start_changes_nothing(self, new_visit, nurse, physician):
        visit = new_visit("umum")
        start_ticket(visit.ticket.id, by=nurse)
        version = stored(visit).version

        start_ticket(visit.ticket.id, by=physician)

        assert (stored(visit).version, stored(visit).practitioner) == (
            version,
            nurse.practitioner_id,
        )

    def test_the_unit_before_no_longer_acts_on_a_redirected_patient(
        self, new_visit, registrar, dentist, nurse
    ):
        visit = new_visit("gigi")
        redirect_visit(visit.encounter.id, unit="umum", reason="Salah poli", by=registrar)

        with pytest.raises(NotAllowed):
            start_ticket(visit.ticket.id, by=dentist)
        assert start_ticket(visit.ticket.id, by=nurse).unit == "umum"


def test_look_alike_names_are_both_marked(new_visit, nurse):
    new_visit("umum", name="SITI AMINAH", birth_date="12031985")
    new_visit("umum", name="SITI AMINAR", birth_date="12031958")
    new_visit("umum", name="BUDI SANTOSO", sex="male")

    marked = {row.name: row.has_similar_name for row in get_queue("umum", by=nurse).waiting}

    assert marked == {"SITI AMINAH": True, "SITI AMINAR": True, "BUDI SANTOSO": False}


def test_the_queue_costs_the_same_for_one_and_for_thirty(
    new_visit, nurse, django_assert_max_num_queries
):
    for _ in range(30):
        new_visit("umum")

    with django_assert_max_num_queries(2):
        queue = get_queue("umum", by=nurse)

    assert len(queue.waiting) == 30
