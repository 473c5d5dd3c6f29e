"""The live feed: told after the commit, once, only what one may know, and also after being away."""

import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client

from simpul.foundation.facilities.models import Facility
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.journal.selectors import last_entry_id
from simpul.foundation.staff.actor import Actor
from simpul.web import live, screens
from simpul.web.live import Event, Stream, feed
from simpul.web.screens import screen_of

PATIENCE = 5.0


@pytest.fixture(autouse=True)
def _fast_and_clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Quick heartbeats, so that a test's screen can be closed; nobody's screen was seen yet."""
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.1)
    for seen in (Path(django_settings.DATA) / "screens").glob("*"):
        seen.unlink()
    yield
    until(lambda: not feed.streams and feed.thread is None)


def until(happened: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait for something to become true, or fail."""
    end = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.01)


@dataclass
class Screen:
    """An open stream read by a thread of its own, as a browser does."""

    text: str = ""
    status: int = 0
    closed: threading.Event = field(default_factory=threading.Event)

    def events(self) -> list[dict[str, object]]:
        """The acts told so far, with their ids."""
        found = re.findall(r"id: (\d+)\nevent: act\ndata: (.*)\n\n", self.text)
        return [{"id": int(number), **json.loads(data)} for number, data in found]

    def ids(self) -> list[int]:
        return [int(str(event["id"])) for event in self.events()]

    def acts(self) -> list[object]:
        return [event["act"] for event in self.events()]


@contextmanager
def watching(
    client: Client, topics: str, *, after: int | None = None, last_id: int | None = None
) -> Iterator[Screen]:
    """Open a screen and close it again."""
    screen = Screen()
    path = f"/live?topics={topics}" + (f"&after={after}" if after is not None else "")
    headers = {"Last-Event-ID": str(last_id)} if last_id is not None else {}

    def read() -> None:
        try:
            answer = client.get(path, headers=headers)
            screen.status = answer.status_code
            for chunk in answer.streaming_content:
                screen.text += chunk.decode()
                if screen.closed.is_set():
                    break
            answer.close()
        finally:
            connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        until(lambda: ": ready" in screen.text or not reader.is_alive())
        yield screen
    finally:
        screen.closed.set()
        reader.join(PATIENCE)
        assert not reader.is_alive()


def note(by: Actor, what: str = "called", *, unit: str = "umum", times: int = 1) -> list[int]:
    """Write journal entries in acts of their own; returns their ids."""
    for _ in range(times):
        with act(by=by) as this:
            this.record(what, unit=unit, encounter=uuid.uuid4(), subject="distribution:x")
    return list(JournalEntry.objects.order_by("-id").values_list("id", flat=True)[:times])[::-1]


@pytest.mark.django_db(transaction=True)
class TestDelivery:
    def test_a_commit_of_another_connection_is_told(self, nurse, browse):
        with watching(browse(nurse), "queue:umum") as screen:
            [number] = note(nurse)
            until(screen.events)

        [event] = screen.events()
        assert (event["id"], event["act"], event["unit"]) == (number, "called", "umum")
        assert uuid.UUID(str(event["encounter"]))

    def test_nothing_is_told_before_the_commit_nor_after_a_rollback(self, nurse, browse):
        with watching(browse(nurse), "queue:umum") as screen:
            with transaction.atomic():
                note(nurse, "called")
                time.sleep(0.25)
                assert screen.events() == []
                transaction.set_rollback(True)
            note(nurse, "skipped")
            until(screen.events)

        assert screen.acts() == ["skipped"]

    def test_many_writers_are_told_in_order_without_gap_or_repeat(self, nurse, browse):
        def write() -> None:
            try:
                note(nurse, times=15)
            finally:
                connection.close()

        with watching(browse(nurse), "queue:umum") as screen:
            before = last_entry_id()
            writers = [threading.Thread(target=write) for _ in range(4)]
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
            until(lambda: len(screen.ids()) >= 60)
            time.sleep(0.2)

        expected = JournalEntry.objects.filter(id__gt=before).order_by("id")
        assert screen.ids() == list(expected.values_list("id", flat=True))

    def test_silence_is_filled_with_beats(self, nurse, browse):
        with watching(browse(nurse), "queue:umum") as screen:
            until(lambda: screen.text.count("event: beat") >= 2)

        assert screen.events() == []

    def test_the_watcher_rests_when_nobody_looks(self, nurse, browse):
        with watching(browse(nurse), "queue:umum"):
            assert feed.thread is not None
            assert feed.count() == 1

        until(lambda: feed.thread is None)
        assert feed.count() == 0

    def test_a_screen_that_cannot_follow_is_ended_so_that_it_comes_back(self, nurse):
        slow = Stream(nurse.facility_id, frozenset({"queue:umum"}), with_ids=True)
        told = live.stream_events(slow, after=None)
        try:
            for expected in ("retry: 1500\n\n", ": ready\n\n"):
                assert next(told) == expected
            event = Event(1, "called", nurse.facility_id, "umum", "", "")
            for _ in range(slow.events.maxsize):
                slow.events.put_nowait(event)
            note(nurse)
            until(lambda: slow not in feed.streams)

            assert list(told) == []
        finally:
            told.close()


@pytest.mark.django_db(transaction=True)
class TestComingBack:
    def test_what_was_missed_comes_exactly_once_and_then_what_happens(self, nurse, browse):
        numbers = note(nurse, times=5)

        with watching(browse(nurse), "queue:umum", last_id=numbers[1]) as screen:
            until(lambda: len(screen.ids()) == 3)
            [new] = note(nurse)
            until(lambda: len(screen.ids()) == 4)
            time.sleep(0.2)

        assert screen.ids() == [*numbers[2:], new]

    def test_the_browsers_last_id_counts_more_than_the_pages(self, nurse, browse):
        numbers = note(nurse, times=4)

        with watching(browse(nurse), "queue:umum", after=numbers[0], last_id=numbers[2]) as screen:
            until(screen.ids)

        assert screen.ids() == [numbers[3]]

    def test_a_second_screen_does_not_get_again_what_the_watcher_already_told(self, nurse, browse):
        with watching(browse(nurse), "queue:umum") as first:
            numbers = note(nurse, times=3)
            until(lambda: len(first.ids()) == 3)
            with watching(browse(nurse), "queue:umum", last_id=numbers[0]) as second:
                note(nurse)
                until(lambda: len(second.ids()) == 3)
                time.sleep(0.2)

        assert second.ids() == first.ids()[1:]

    def test_coming_back_while_others_write_loses_and_doubles_nothing(self, nurse, browse):
        start = last_entry_id()
        done = threading.Event()

        def write() -> None:
            try:
                note(nurse, times=40)
            finally:
                done.set()
                connection.close()

        writer = threading.Thread(target=write)
        writer.start()
        seen: list[int] = []
        last = start
        while not done.is_set() or len(seen) < 40:
            with watching(browse(nurse), "queue:umum", last_id=last) as screen:
                time.sleep(0.03)
            seen += screen.ids()
            last = seen[-1] if seen else last
        writer.join()

        entries = JournalEntry.objects.filter(id__gt=start).order_by("id")
        assert seen == list(entries.values_list("id", flat=True))

    def test_after_long_one_word_replaces_five_hundred(self, nurse, browse):
        [first] = note(nurse)
        with act(by=nurse) as this:
            for _ in range(live.REPLAY_LIMIT + 1):
                this.record("called", unit="umum")
        newest = last_entry_id()

        with watching(browse(nurse), "queue:umum", last_id=first) as screen:
            [new] = note(nurse)
            until(lambda: len(screen.ids()) == 2)

        assert screen.events()[0] == {"id": newest, "act": "reload"}
        assert screen.ids() == [newest, new]

    def test_exactly_five_hundred_are_still_told_one_by_one(self, nurse, browse):
        [first] = note(nurse)
        with act(by=nurse) as this:
            for _ in range(live.REPLAY_LIMIT):
                this.record("called", unit="umum")

        with watching(browse(nurse), "queue:umum", last_id=first) as screen:
            until(lambda: len(screen.ids()) == live.REPLAY_LIMIT)

        assert set(screen.acts()) == {"called"}

    def test_a_screen_that_knows_more_than_the_journal_fetches_everything(self, nurse, browse):
        [newest] = note(nurse)

        with watching(browse(nurse), "queue:umum", last_id=newest + 1_000) as screen:
            [new] = note(nurse)
            until(lambda: len(screen.ids()) == 2)

        assert screen.acts() == ["reload", "called"]
        assert screen.ids() == [newest, new]

    @pytest.mark.parametrize("last", ["", "abc", "-5", "9" * 30])
    def test_a_strange_last_id_is_a_fresh_screen(self, last, nurse, browse):
        note(nurse)

        with watching(browse(nurse), "queue:umum", last_id=last) as screen:
            [new] = note(nurse)
            until(screen.ids)

        assert screen.ids() == [new]


@pytest.mark.django_db(transaction=True)
class TestTopics:
    def test_each_screen_hears_its_own_unit(self, nurse, browse):
        with watching(browse(nurse), "queue:umum") as screen:
            note(nurse, unit="gigi")
            [mine] = note(nurse, unit="umum")
            until(screen.ids)

        assert screen.ids() == [mine]

    def test_the_board_hears_every_visit_and_several_topics_tell_an_act_once(self, nurse, browse):
        with watching(browse(nurse), "visits,queue:umum,queue:gigi") as screen:
            numbers = note(nurse, unit="gigi") + note(nurse, unit="umum")
            until(lambda: len(screen.ids()) == 2)
            time.sleep(0.2)

        assert screen.ids() == numbers

    def test_one_visit_can_be_followed(self, nurse, browse):
        mine = uuid.uuid4()
        with watching(browse(nurse), f"encounter:{mine}") as screen:
            note(nurse)
            with act(by=nurse) as this:
                this.record("opened", unit="umum", encounter=mine)
            until(screen.events)

        assert [event["encounter"] for event in screen.events()] == [str(mine)]

    def test_the_waiting_room_needs_no_sign_in_and_gets_no_ids(self, nurse, house):
        with watching(Client(), "tv") as screen:
            note(nurse, "read")
            note(nurse, "called")
            until(screen.events)

        [event] = screen.events()
        assert {key for key in event if key != "id"} == {"act", "unit"}

    def test_another_facility_hears_nothing_of_ours(self, nurse, outsider, browse):
        with watching(browse(outsider), "queue:umum,visits") as screen:
            note(nurse)
            [theirs] = note(outsider)
            until(screen.ids)

        assert screen.ids() == [theirs]
        assert Facility.objects.count() == 2

    @pytest.mark.parametrize(
        ("act_name", "is_for_the_board"),
        [("called", True), ("returned-to-queue", True), ("shown", False)],
    )
    def test_the_board_hears_what_changes_it(self, act_name, is_for_the_board):
        event = Event(1, act_name, uuid.uuid4(), "umum", "", "")

        assert ("tv" in event.topics) is is_for_the_board
        assert "queue:umum" in event.topics
        assert "visits" not in event.topics

    def test_that_somebody_read_a_record_disturbs_no_screen(self):
        event = Event(1, "read", uuid.uuid4(), "umum", str(uuid.uuid4()), "record")

        assert event.topics == frozenset()


class TestRights:
    @pytest.mark.parametrize("topics", ["", ",", ",".join(f"queue:{n}" for n in range(21))])
    def test_no_topic_and_too_many_are_refused(self, topics, nurse, browse):
        assert browse(nurse).get(f"/live?topics={topics}").status_code == 422

    @pytest.mark.parametrize(
        "topics", ["queue:umum", "visits", "encounter:01a20434-440f-702c-b2a3-e054874c6b63"]
    )
    def test_a_stranger_is_sent_to_sign_in(self, topics, house, client):
        assert client.get(f"/live?topics={topics}").status_code == 302

    @pytest.mark.parametrize("topics", ["queue:umum", "visits", "tv,queue:umum"])
    @pytest.mark.parametrize("role", ["technician", "district_officer"])
    def test_roles_without_the_queue_hear_nothing(self, topics, role, request, browse):
        answer = browse(request.getfixturevalue(role)).get(f"/live?topics={topics}")

        assert answer.status_code == 403

    @pytest.mark.parametrize("topic", ["journal", "queue:", "encounter:semua", "*", "queue"])
    def test_unknown_topics_are_refused(self, topic, nurse, browse):
        assert browse(nurse).get(f"/live?topics={topic}").status_code == 403


@pytest.mark.django_db(transaction=True)
class TestLimits:
    def test_too_many_screens_get_503_and_one_that_closes_makes_room(self, nurse, browse, settings):
        settings.SIMPUL_MAX_STREAMS = 1
        client = browse(nurse)
        with watching(client, "queue:umum"):
            refused = client.get("/live?topics=queue:umum")
            assert refused.status_code == 503
            assert refused["Retry-After"] == "5"

        until(lambda: feed.count() == 0)
        with watching(client, "queue:umum") as screen:
            assert screen.status == 200

    def test_a_stream_that_was_never_read_takes_no_room(self, nurse, browse, settings):
        settings.SIMPUL_MAX_STREAMS = 1
        client = browse(nurse)
        client.get("/live?topics=queue:umum").close()

        with watching(client, "queue:umum") as screen:
            assert screen.status == 200

    def test_the_answer_is_not_held_back_by_a_compressor(self, nurse, browse):
        answer = browse(nurse).get("/live?topics=queue:umum", headers={"Accept-Encoding": "gzip"})

        assert answer["Content-Type"] == "text/event-stream"
        assert answer["Content-Encoding"] == "identity"
        assert answer["Cache-Control"] == "no-store"
        answer.close()


@pytest.mark.django_db(transaction=True)
class TestScreens:
    def test_a_unit_nobody_opened_is_unknown_not_closed(self, house):
        assert screen_of("gigi") == screens.Screen(is_open=False, last_seen=None)

    def test_a_screen_of_the_units_staff_is_open_and_later_was_open(
        self, dentist, browse, monkeypatch
    ):
        with watching(browse(dentist), "queue:gigi"):
            until(lambda: screen_of("gigi").is_open)
        monkeypatch.setattr(screens, "OPEN_SECONDS", 0.0)

        seen = screen_of("gigi")
        assert not seen.is_open
        assert seen.last_seen is not None

    @pytest.mark.parametrize("topic", ["queue:gigi", "queue:../../gigi", "visits"])
    def test_the_counters_screen_is_not_the_units(self, topic, registrar, browse):
        with watching(browse(registrar), topic) as screen:
            until(lambda: "beat" in screen.text)

        assert screen_of("gigi").last_seen is None

    def test_a_strange_unit_in_a_topic_leaves_no_file(self, nurse, browse):
        with watching(browse(nurse), "queue:../jahat") as screen:
            until(lambda: "beat" in screen.text)

        assert not (Path(django_settings.DATA) / "jahat").exists()
