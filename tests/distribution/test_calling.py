"""From F8 to a sentence in the waiting room: one voice a floor, and nothing claimed too early."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from simpul.foundation.administration.rooms import add_room, set_unit_floor
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotHere, Refused
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.models import JournalEntry
from simpul.service.distribution.calling.models import CallAnnouncement, CallState
from simpul.service.distribution.calling.playing import list_unheard, note_heard, take_turn
from simpul.service.distribution.calling.screens import touch_screen
from simpul.service.distribution.calling.timing import FRESH, LEASE, MOST_TIMES, SILENT_WAITS
from simpul.service.distribution.queueing import (
    call_next,
    call_ticket,
    skip_ticket,
    start_ticket,
)
from simpul.service.distribution.selectors import get_queue
from simpul.service.distribution.services import redirect_visit
from tests.distribution.conftest import stored
from tests.distribution.televisions import hear_all, hear_one


def take(floor: int = 1, *, has_sound: bool = True) -> str | None:
    """Return the number a television of this floor gets now."""
    taken = take_turn(floor, has_sound=has_sound)
    return None if taken is None else f"{taken[0].prefix}{taken[0].number:02d}"


def acts_of(visit) -> list[str]:
    return list(
        JournalEntry.objects.filter(encounter=visit.encounter.id)
        .order_by("id")
        .values_list("act", flat=True)
    )


def call_state(nurse, unit="umum") -> str | None:
    row = get_queue(unit, by=nurse).waiting[0]
    return None if row.call is None else row.call.state


@pytest.fixture(autouse=True)
def _no_television_is_on(settings, tmp_path):
    settings.DATA = tmp_path


class TestOneVoiceAFloor:
    def test_every_call_is_announced_in_the_order_it_was_asked_for(self, new_visit, nurse):
        """The board once announced only the newest call of a refresh."""
        for unit in ("umum", "kia", "gigi"):
            new_visit(unit)
            call_next(unit, by=nurse)

        assert hear_all() == ["A01", "B01", "C01"]

    def test_a_second_television_gets_nothing_while_the_first_speaks(self, new_visit, nurse):
        for unit in ("umum", "kia"):
            new_visit(unit)
            call_next(unit, by=nurse)

        assert [take(), take()] == ["A01", None]

    def test_another_floor_speaks_at_the_same_time(self, new_visit, nurse, technician):
        set_unit_floor("kia", floor=2, by=technician)
        for unit in ("umum", "kia"):
            new_visit(unit)
            call_next(unit, by=nurse)

        assert [take(1), take(2)] == ["A01", "B01"]

    def test_the_database_refuses_two_that_sound_on_one_floor(self, new_visit, nurse):
        for unit in ("umum", "kia"):
            new_visit(unit)
            call_next(unit, by=nurse)

        with pytest.raises(IntegrityError), transaction.atomic():
            CallAnnouncement.objects.update(state=CallState.PLAYING)

    @pytest.mark.django_db(transaction=True)
    def test_six_televisions_at_once_one_of_them_speaks(self, new_visit, nurse):
        for unit in ("umum", "kia", "gigi"):
            new_visit(unit)
            call_next(unit, by=nurse)
        start = threading.Barrier(6)
        got: list[str | None] = []

        def ask() -> None:
            try:
                start.wait()
                got.append(take())
            finally:
                connection.close()

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(got, key=str) == ["A01", None, None, None, None, None]

    def test_without_sound_a_television_leaves_the_call_to_one_that_has(self, new_visit, nurse):
        new_visit("umum")
        call_next("umum", by=nurse)

        assert take(has_sound=False) is None
        with time_machine.travel(now() + SILENT_WAITS, tick=False):
            assert take(has_sound=False) == "A01"


class TestATelevisionThatDies:
    def test_in_mid_sentence_the_call_is_taken_again_when_its_time_is_over(self, new_visit, nurse):
        new_visit("umum")
        call_next("umum", by=nurse)
        assert take() == "A01"

        with time_machine.travel(now() + LEASE - timedelta(seconds=1), tick=False):
            assert take() is None
        with time_machine.travel(now() + LEASE + timedelta(seconds=1), tick=False):
            assert take() == "A01"

    def test_it_does_not_stop_the_calls_behind_it(self, new_visit, nurse):
        for unit in ("umum", "kia"):
            new_visit(unit)
            call_next(unit, by=nurse)
        take()

        with time_machine.travel(now() + LEASE + timedelta(seconds=1), tick=False):
            assert hear_all() == ["A01", "B01"]

    def test_again_and_again_in_vain_the_next_is_called(self, new_visit, nurse):
        for unit in ("umum", "kia"):
            new_visit(unit)
            call_next(unit, by=nurse)
        CallAnnouncement.objects.filter(unit="umum").update(times=MOST_TIMES)

        assert take() == "B01"

    def test_its_word_comes_late_and_still_counts(self, new_visit, nurse):
        """The line was cut in the middle of the sentence; people have heard it."""
        visit = new_visit("umum")
        call_next("umum", by=nurse)
        call, lease = take_turn(1, has_sound=True)

        with time_machine.travel(now() + LEASE + timedelta(seconds=9), tick=False):
            assert note_heard(call.id, lease, "voice")
            assert take() is None

        assert acts_of(visit).count("announced") == 1

    def test_its_word_no_longer_counts_when_another_has_the_call(self, new_visit, nurse):
        new_visit("umum")
        call_next("umum", by=nurse)
        call, lease = take_turn(1, has_sound=True)

        with time_machine.travel(now() + LEASE + timedelta(seconds=1), tick=False):
            take_turn(1, has_sound=True)
            with pytest.raises(NotHere):
                note_heard(call.id, lease, "voice")

        assert CallAnnouncement.objects.get().state == CallState.PLAYING

    def test_loaded_anew_it_begins_the_same_call_again_at_once(self, new_visit, nurse):
        for unit in ("umum", "kia"):
            new_visit(unit)
            call_next(unit, by=nurse)
        call, lease = take_turn(1, has_sound=True)

        again = take_turn(1, has_sound=True, held=lease)
        stranger = take_turn(1, has_sound=True, held=uuid7())

        assert again is not None
        assert (again[0].id, again[1]) == (call.id, lease)
        assert stranger is None
        assert note_heard(call.id, lease, "voice")

    def test_one_that_starts_late_begins_with_the_young_ones(self, new_visit, nurse):
        new_visit("umum")
        new_visit("kia")
        call_next("umum", by=nurse)
        later = now() + FRESH - timedelta(seconds=5)
        with time_machine.travel(later, tick=False):
            call_next("kia", by=nurse)
        with time_machine.travel(later + timedelta(seconds=10), tick=False):
            assert hear_all() == ["B01"]


class TestWhatIsSaid:
    def test_called_when_the_staff_pressed_announced_when_it_was_heard(self, new_visit, nurse):
        visit = new_visit("umum")
        call_next("umum", by=nurse)
        before = acts_of(visit)
        hear_all()

        assert before[-1] == "called"
        assert "announced" not in before
        assert acts_of(visit) == [*before, "announced"]
        entry = JournalEntry.objects.get(act="announced")
        assert (entry.practitioner, entry.detail) == (None, {"how": "voice", "floor": 1})

    def test_a_repeated_report_is_one_entry(self, new_visit, nurse):
        visit = new_visit("umum")
        call_next("umum", by=nurse)
        call, lease = take_turn(1, has_sound=True)

        assert [note_heard(call.id, lease, "bell"), note_heard(call.id, lease, "bell")] == [
            True,
            False,
        ]
        assert acts_of(visit).count("announced") == 1

    def test_a_strange_report_is_refused(self, new_visit, nurse):
        new_visit("umum")
        call_next("umum", by=nurse)
        call, lease = take_turn(1, has_sound=True)

        with pytest.raises(Refused):
            note_heard(call.id, lease, "whispered")
        with pytest.raises(NotHere):
            note_heard(call.id, uuid7(), "voice")
        assert call_state(nurse) == "calling"

    @pytest.mark.parametrize(
        ("how", "state"), [("voice", "heard"), ("bell", "bell"), ("text", "text")]
    )
    def test_the_room_sees_it_being_called_then_heard(self, how, state, new_visit, nurse):
        new_visit("umum")
        call_next("umum", by=nurse)
        before = call_state(nurse)
        hear_one(how=how)

        assert (before, call_state(nurse)) == ("calling", state)

    def test_without_a_television_the_room_is_told_to_call_by_voice(self, new_visit, nurse, browse):
        new_visit("umum")
        call_next("umum", by=nurse)
        client = browse(nurse)

        soon = client.get("/antrean/umum").content.decode()
        with time_machine.travel(now() + timedelta(seconds=21), tick=False):
            later = client.get("/antrean/umum").content.decode()

        assert "memanggil… 1×" in soon
        assert re.search(r'hx-trigger="load delay:(1\d|2[01])s"', soon)
        assert "Belum terdengar: TV lantai 1 mati. Panggil langsung." in later
        assert "load delay" not in later
        assert "poli-mulai" in later

    def test_a_television_that_is_on_gets_more_time(self, new_visit, nurse):
        new_visit("umum")
        call_next("umum", by=nurse)

        with time_machine.travel(now() + timedelta(seconds=30), tick=False):
            touch_screen(1)
            assert call_state(nurse) == "calling"
        with time_machine.travel(now() + timedelta(seconds=90), tick=False):
            touch_screen(1)
            assert call_state(nurse) == "unheard"

    def test_service_never_waits_for_a_television(self, new_visit, nurse):
        visit = new_visit("umum")
        call_next("umum", by=nurse)
        start_ticket(visit.ticket.id, by=nurse)

        assert stored(visit).stage == "in-service"
        assert take() is None  # nobody is called who is inside

    def test_who_was_passed_over_or_sent_on_is_not_called_out(self, new_visit, nurse, registrar):
        passed, sent = new_visit("umum"), new_visit("kia")
        call_next("umum", by=nurse)
        call_next("kia", by=nurse)
        skip_ticket(passed.ticket.id, by=nurse)
        redirect_visit(sent.encounter.id, unit="gigi", reason="uji", by=registrar)

        assert take() is None

    def test_pressed_twice_before_it_was_heard_it_is_said_once(self, new_visit, nurse):
        visit = new_visit("umum")
        call_next("umum", by=nurse)
        call_ticket(visit.ticket.id, by=nurse)

        assert hear_all() == ["A01"]

    def test_pressed_again_afterwards_it_is_said_again(self, new_visit, nurse):
        visit = new_visit("umum")
        call_next("umum", by=nurse)
        hear_all()
        call_ticket(visit.ticket.id, by=nurse)

        assert hear_all() == ["A01"]


class TestRooms:
    def test_the_call_goes_to_the_room_of_the_computer(
        self, new_visit, nurse, technician, browse, client
    ):
        add_room("umum", name="Ruang 1", floor=1, by=technician)
        second = add_room("umum", name="Ruang 2", floor=2, by=technician)
        new_visit("umum")
        poli = browse(nurse)
        asked = poli.get("/antrean/umum").content.decode()

        poli.post("/antrean/umum/ruang", {"room": str(second.id)})
        poli.post("/antrean/umum/panggil")

        assert "Di ruang mana komputer ini?" in asked
        assert "Memanggil ke Ruang 2" in poli.get("/antrean/umum").content.decode()
        assert take(1) is None
        assert take(2) == "A01"
        assert "Poli Umum · Ruang 2" in client.get("/tv/papan?lantai=2").content.decode()

    def test_called_once_more_from_elsewhere_it_is_still_that_room(
        self, new_visit, nurse, technician
    ):
        add_room("umum", name="Ruang 1", floor=1, by=technician)
        second = add_room("umum", name="Ruang 2", floor=2, by=technician)
        visit = new_visit("umum")
        call_next("umum", by=nurse, room=second.id)
        hear_all(2)

        call_ticket(visit.ticket.id, by=nurse)

        assert hear_all(2) == ["A01"]

    def test_a_room_of_another_unit_and_a_closed_one_are_refused(
        self, new_visit, nurse, technician, browse
    ):
        other = add_room("kia", name="Ruang 9", floor=1, by=technician)
        new_visit("umum")

        with pytest.raises(NotHere) as refusal:
            call_next("umum", by=nurse, room=other.id)

        assert refusal.value.code == "room_unknown"
        answer = browse(nurse).post("/antrean/umum/ruang", {"room": str(other.id)})
        assert answer.status_code == 404

    def test_without_a_choice_a_call_still_works(self, new_visit, nurse, technician):
        add_room("umum", name="Ruang 1", floor=2, by=technician)
        add_room("umum", name="Ruang 2", floor=2, by=technician)
        new_visit("umum")
        call_next("umum", by=nurse)

        assert [(c.unit, c.room) for c in list_unheard(2)] == [("umum", "")]

    @pytest.mark.parametrize("role", ["registrar", "dentist", "head"])
    def test_only_who_calls_there_chooses_a_room(self, role, request, browse):
        client = browse(request.getfixturevalue(role))

        assert client.post("/antrean/umum/ruang", {"room": ""}).status_code == 403

    def test_a_program_names_the_room(self, new_visit, nurse, technician, program):
        room = add_room("umum", name="Ruang 2", floor=1, by=technician)
        new_visit("umum")
        caller = program(nurse)

        rooms = caller.call("GET", "/queues/umum/rooms").json()["items"]
        answer = caller.call("POST", f"/queues/umum/call-next?room={room.id}")

        assert rooms == [{"id": str(room.id), "name": "Ruang 2", "floor": 1}]
        assert answer.status_code == 200
        assert CallAnnouncement.objects.get().room == "Ruang 2"
        trail_of = f"/encounters/{answer.json()['encounter_id']}"
        hear_all()
        steps = [step["step"] for step in caller.call("GET", trail_of).json()["trail"]]
        assert steps[-2:] == ["called", "announced"]


def test_the_journal_of_a_day_with_calls_is_whole(new_visit, nurse):
    for _ in range(3):
        new_visit("umum")
        call_next("umum", by=nurse)
    hear_all()

    assert get_here().floors == (1,)
    assert JournalEntry.objects.filter(act="announced").count() == 3
