"""The live feed: every open screen gets what concerns it, once, also what it missed."""

import queue
import threading
import time
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection

from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.models import JournalEntry
from simpul.web import live
from simpul.web.live import REPLAY_LIMIT, Event, Stream, feed, stream_events

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 10.0


class Screen:
    """An open screen: reads the stream in a thread of its own, as the server does for it."""

    def __init__(self, here: Here, *topics: str, after: int | None = None, **more: object) -> None:
        values = {"facility": here.id, "with_ids": True, **more}
        self.stream = Stream(topics=frozenset(topics), **values)  # type: ignore[arg-type]
        self.after = after
        self.texts: queue.Queue[str | None] = queue.Queue()
        self.is_closed = threading.Event()
        self.thread = threading.Thread(target=self._read)
        self.thread.start()
        self.wait_for(": ready\n\n")

    def _read(self) -> None:
        events = stream_events(self.stream, after=self.after)
        for text in events:
            self.texts.put(text)
            if self.is_closed.is_set():
                break
        events.close()  # type: ignore[attr-defined]
        self.texts.put(None)
        connection.close()

    def wait_for(self, wanted: str) -> list[str]:
        """Return what comes up to this text."""
        seen: list[str] = []
        while not seen or seen[-1] != wanted:
            text = self.texts.get(timeout=PATIENCE)
            assert text is not None, f"the stream ended before {wanted!r}"
            seen.append(text)
        self.ready = getattr(self, "ready", seen)
        return seen

    def ids(self, count: int) -> list[int]:
        """Return the ids of the next so many events."""
        found: list[int] = []
        until = time.monotonic() + PATIENCE
        while len(found) < count and time.monotonic() < until:
            text = self.texts.get(timeout=PATIENCE)
            assert text is not None
            found += ids_in([text])
        return found

    def nothing_comes(self) -> None:
        """Wait for two heartbeats and expect nothing else."""
        beats = 0
        while beats < 2:
            text = self.texts.get(timeout=PATIENCE)
            assert text is not None
            assert text.startswith("event: beat"), text
            beats += 1

    def close(self) -> None:
        self.is_closed.set()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


def ids_in(texts: list[str]) -> list[int]:
    return [int(t.split("\n")[0].removeprefix("id: ")) for t in texts if t.startswith("id: ")]


@pytest.fixture(autouse=True)
def _fast_beats(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.2)
    yield
    until = time.monotonic() + PATIENCE
    while feed.thread is not None and time.monotonic() < until:
        time.sleep(0.02)
    assert feed.count() == 0
    assert feed.thread is None, "the watcher goes with the last screen"


@pytest.fixture
def opened() -> Iterator[list[Screen]]:
    """Screens put here are closed at the end, whatever happens."""
    screens: list[Screen] = []
    yield screens
    for screen in screens:
        screen.close()


def say(here: Here, what: str = "called", *, unit: str = "umum", **more: uuid.UUID) -> int:
    """Write one entry and return its id."""
    with act(by=None, facility=here.id) as this:
        this.record(what, unit=unit, **more)
    return JournalEntry.objects.order_by("-id").values_list("id", flat=True)[0]


def test_an_open_screen_is_told_of_what_concerns_its_unit_only(
    house: Here, opened: list[Screen]
) -> None:
    opened.append(Screen(house, "queue:umum"))
    first = say(house)
    say(house, unit="gigi")
    third = say(house)
    assert opened[0].ids(2) == [first, third]
    opened[0].nothing_comes()


def test_several_screens_are_each_told_once(house: Here, opened: list[Screen]) -> None:
    opened += [
        Screen(house, "queue:umum"),
        Screen(house, "queue:umum"),
        Screen(house, "queue:gigi"),
    ]
    said = [say(house), say(house), say(house, unit="gigi")]
    assert opened[0].ids(2) == opened[1].ids(2) == said[:2]
    assert opened[2].ids(1) == said[2:]
    for screen in opened:
        screen.nothing_comes()


def test_a_screen_that_was_away_gets_what_it_missed_and_then_what_happens(
    house: Here, opened: list[Screen]
) -> None:
    last = say(house)
    missed = [say(house), say(house, unit="gigi"), say(house)]
    opened.append(Screen(house, "queue:umum", after=last))
    assert ids_in(opened[0].ready) == [missed[0], missed[2]]
    newest = say(house)
    assert opened[0].ids(1) == [newest]


def test_a_screen_that_missed_nothing_gets_nothing_twice(house: Here, opened: list[Screen]) -> None:
    last = say(house)
    opened.append(Screen(house, "queue:umum", after=last))
    assert ids_in(opened[0].ready) == []
    opened[0].nothing_comes()


def test_a_first_visit_begins_now(house: Here, opened: list[Screen]) -> None:
    say(house)
    opened.append(Screen(house, "queue:umum"))
    assert ids_in(opened[0].ready) == []


def test_screens_that_come_and_go_while_others_write_get_each_entry_once(house: Here) -> None:
    """The border between what is replayed and what the watcher tells is crossed many times."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with act(by=None, facility=house.id) as this:
                this.record("called", unit="umum")
        connection.close()

    start = say(house)
    writer = threading.Thread(target=write)
    writer.start()
    got: list[int] = []
    last = start
    try:
        for _ in range(12):
            screen = Screen(house, "queue:umum", after=last)
            got += ids_in(screen.ready)
            got += screen.ids(3)
            screen.close()
            while not screen.texts.empty():
                got += ids_in([screen.texts.get() or ""])
            last = got[-1]
    finally:
        stop.set()
        writer.join()
    wanted = JournalEntry.objects.filter(id__gt=start, id__lte=last).order_by("id")
    assert got == list(wanted.values_list("id", flat=True))


def test_another_facility_s_entries_stay_there(house: Here, opened: list[Screen]) -> None:
    last = say(house)
    with act(by=None, facility=uuid7()) as this:
        this.record("called", unit="umum")
    opened.append(Screen(house, "queue:umum", after=last))
    assert ids_in(opened[0].ready) == []
    with act(by=None, facility=uuid7()) as this:
        this.record("called", unit="umum")
    opened[0].nothing_comes()


def test_a_visit_s_own_topic_and_the_board_of_all_visits(house: Here, opened: list[Screen]) -> None:
    visit, other = uuid7(), uuid7()
    opened += [Screen(house, f"encounter:{visit}"), Screen(house, "visits")]
    first = say(house, encounter=visit)
    second = say(house, encounter=other)
    assert opened[0].ids(1) == [first]
    assert opened[1].ids(2) == [first, second]
    opened[0].nothing_comes()


def test_the_public_board_learns_no_id_of_a_visit(house: Here, opened: list[Screen]) -> None:
    visit = uuid7()
    opened.append(Screen(house, "tv", with_ids=False))
    said = say(house, "called", encounter=visit)
    text = opened[0].texts.get(timeout=PATIENCE)
    while text is not None and not text.startswith("id: "):
        text = opened[0].texts.get(timeout=PATIENCE)
    assert text is not None
    assert ids_in([text]) == [said]
    assert str(visit) not in text


def test_a_reading_is_nothing_to_see() -> None:
    event = Event(
        id=1, act="read", facility=uuid7(), unit="umum", encounter=str(uuid7()), subject=""
    )
    assert event.topics == frozenset()


def test_away_for_long_means_fetch_everything_anew(house: Here, opened: list[Screen]) -> None:
    last = say(house)
    with act(by=None, facility=house.id) as this:
        for _ in range(REPLAY_LIMIT + 1):
            this.record("called", unit="umum")
    newest = JournalEntry.objects.order_by("-id")[0].id
    opened.append(Screen(house, "queue:umum", after=last))
    assert ids_in(opened[0].ready) == [newest]
    assert any('"reload"' in text for text in opened[0].ready)
    following = say(house)
    assert opened[0].ids(1) == [following]


def test_exactly_at_the_limit_everything_is_given(house: Here, opened: list[Screen]) -> None:
    last = say(house)
    with act(by=None, facility=house.id) as this:
        for _ in range(REPLAY_LIMIT):
            this.record("called", unit="umum")
    opened.append(Screen(house, "queue:umum", after=last))
    assert len(ids_in(opened[0].ready)) == REPLAY_LIMIT


def test_a_screen_that_knows_more_than_the_journal_is_told_to_begin_again(
    house: Here, opened: list[Screen]
) -> None:
    """The server was put back from yesterday's copy; the screen was not."""
    last = say(house)
    opened.append(Screen(house, "queue:umum", after=last + 1000))
    assert any('"reload"' in text for text in opened[0].ready)
    following = say(house)
    assert opened[0].ids(1) == [following]


def test_a_journal_that_cannot_be_read_for_a_moment_loses_nothing(
    house: Here, opened: list[Screen], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No later commit is needed to bring the missed one."""
    opened.append(Screen(house, "queue:umum"))
    opened[0].nothing_comes()
    failed = threading.Event()
    read = live.read_events

    def fail_once(**values: object) -> list[Event]:
        if not failed.is_set():
            failed.set()
            raise OSError("not now")
        return read(**values)  # type: ignore[arg-type]

    monkeypatch.setattr(live, "read_events", fail_once)
    said = say(house)
    assert failed.wait(PATIENCE)
    assert opened[0].ids(1) == [said]


def test_a_screen_that_does_not_read_is_ended_and_comes_back_for_the_rest(
    house: Here, opened: list[Screen]
) -> None:
    """A tablet that sleeps must not fill the server's memory."""
    stream = Stream(
        facility=house.id,
        topics=frozenset({"queue:umum"}),
        with_ids=True,
        events=queue.Queue(maxsize=5),
    )
    slow = stream_events(stream, after=None)
    while next(slow) != ": ready\n\n":
        pass
    before = say(house)
    with act(by=None, facility=house.id) as this:
        for _ in range(20):
            this.record("called", unit="umum")
    until = time.monotonic() + PATIENCE
    while feed.count() and time.monotonic() < until:
        time.sleep(0.02)
    got = ids_in(list(slow))
    assert got == []
    connection.close()
    opened.append(Screen(house, "queue:umum", after=before))
    assert len(ids_in(opened[0].ready)) == 20
