"""The server's clock is set back or forward: order, chain and deadlines stay right."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from simpul.foundation.core.errors import Conflict
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import Change, JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.queueing import acknowledge_shown, call_next
from simpul.service.distribution.services import Visit, register_visit, undo_visit
from simpul.service.patients.models import Patient
from simpul.service.registration.models import EncounterStatus
from simpul.service.registration.services import VisitWish

pytestmark = pytest.mark.django_db
#: A clock that is moved inside the test needs no process of its own, and no quiet.
IN_PROCESS = True
#: Nine in the morning in Jakarta.
MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def register(house: Here, registrar: Actor, clock: time_machine.Traveller) -> Callable[[], Visit]:
    made = iter(range(1, 1000))

    def one() -> Visit:
        number = next(made)
        patient = Patient(
            mrn=f"{number:06d}",
            name=f"Pasien {number}",
            birth_date=date(1988, 1, 1),
            sex="female",
            registered_at=MORNING,
        )
        with act(by=registrar) as this:
            this.create(patient)
        wish = VisitWish(patient_id=patient.id, unit="umum", complaint="batuk")
        return register_visit(wish, by=registrar)

    return one


JUMPS = [
    timedelta(hours=-3),
    timedelta(minutes=-5),
    timedelta(hours=8),
    timedelta(seconds=-1),
    timedelta(minutes=30),
    timedelta(hours=-6),
]


def test_the_journal_keeps_the_order_of_what_was_done_whatever_the_clock_says(
    register: Callable[[], Visit], clock: time_machine.Traveller
) -> None:
    done: list[uuid.UUID] = []
    for jump in [timedelta(0), *JUMPS]:
        clock.shift(jump)
        done.append(register().encounter.id)
    entries = JournalEntry.objects.filter(act="distributed").order_by("seq")
    assert [entry.encounter for entry in entries] == done
    assert [entry.encounter for entry in entries.order_by("id")] == done
    said = [entry.at for entry in entries]
    assert said != sorted(said), "the clock did jump"
    assert verify_chain().faults == ()
    changes = Change.objects.filter(entity="registration.encounter", operation="c").order_by("id")
    assert [change.row for change in changes] == done


def test_ids_made_under_a_clock_that_jumps_are_never_the_same(
    register: Callable[[], Visit], clock: time_machine.Traveller
) -> None:
    ids = set()
    for _ in range(3):
        for jump in JUMPS:
            ids.add(register().encounter.id)
            clock.shift(jump)
    assert len(ids) == 3 * len(JUMPS)


def test_numbers_of_a_day_go_on_when_the_clock_comes_back_to_it(
    register: Callable[[], Visit], clock: time_machine.Traveller
) -> None:
    """A dead battery: the server believes it is another day, until somebody sets it right."""
    first = register()
    clock.shift(timedelta(days=-400))
    stray = register()
    clock.move_to(MORNING)
    second = register()
    assert (first.ticket.number, stray.ticket.number, second.ticket.number) == (1, 1, 2)
    assert first.ticket.service_date == second.ticket.service_date
    assert stray.ticket.service_date < first.ticket.service_date
    assert second.encounter.registration_number.endswith("-0002")


def test_the_queue_is_called_by_its_numbers_not_by_the_clock(
    register: Callable[[], Visit], clock: time_machine.Traveller, nurse: Actor
) -> None:
    expected = []
    for jump in (timedelta(0), timedelta(minutes=-50), timedelta(minutes=20)):
        clock.shift(jump)
        expected.append(register().ticket.number)
    assert [call_next("umum", by=nurse).ticket.number for _ in expected] == expected


class TestUndo:
    """The minute in which a registration can be taken back."""

    def test_it_is_a_minute(
        self, register: Callable[[], Visit], clock: time_machine.Traveller, registrar: Actor
    ) -> None:
        for seconds, allowed in ((0, True), (59, True), (61, False)):
            visit = register()
            clock.shift(timedelta(seconds=seconds))
            if allowed:
                undone = undo_visit(visit.encounter.id, by=registrar)
                assert undone.status == EncounterStatus.CANCELLED
            else:
                with pytest.raises(Conflict) as refused:
                    undo_visit(visit.encounter.id, by=registrar)
                assert refused.value.code == "undo_too_late"

    def test_a_clock_set_forward_closes_it_and_changes_nothing(
        self, register: Callable[[], Visit], clock: time_machine.Traveller, registrar: Actor
    ) -> None:
        visit = register()
        clock.shift(timedelta(hours=2))
        with pytest.raises(Conflict):
            undo_visit(visit.encounter.id, by=registrar)
        visit.encounter.refresh_from_db()
        assert visit.encounter.status == EncounterStatus.ARRIVED

    def test_a_clock_set_back_a_little_still_leaves_the_minute(
        self, register: Callable[[], Visit], clock: time_machine.Traveller, registrar: Actor
    ) -> None:
        visit = register()
        clock.shift(timedelta(seconds=-20))
        assert undo_visit(visit.encounter.id, by=registrar).status == EncounterStatus.CANCELLED

    def test_a_clock_set_back_far_does_not_leave_it_open_for_hours(
        self, register: Callable[[], Visit], clock: time_machine.Traveller, registrar: Actor
    ) -> None:
        visit = register()
        clock.shift(timedelta(hours=-5))
        with pytest.raises(Conflict) as refused:
            undo_visit(visit.encounter.id, by=registrar)
        assert refused.value.code == "undo_too_late"

    def test_an_opened_record_is_not_taken_back_whatever_the_clock_says(
        self,
        register: Callable[[], Visit],
        clock: time_machine.Traveller,
        registrar: Actor,
        nurse: Actor,
    ) -> None:
        visit = register()
        acknowledge_shown("umum", [visit.distribution.id], by=nurse)
        call_next("umum", by=nurse)
        clock.shift(timedelta(seconds=-30))
        with pytest.raises(Conflict) as refused:
            undo_visit(visit.encounter.id, by=registrar)
        assert refused.value.code == "already_opened"
