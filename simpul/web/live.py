"""The live feed: screens learn of journal entries within a fraction of a second.

One thread a process watches for commits (`PRAGMA data_version` on SQLite, the journal's newest id
on PostgreSQL) and hands new entries to the streams that asked for their topics. A stream's event
id is the entry's id, so a screen that was away asks for what came after its last id and gets
exactly that. Events carry ids and codes only; the screen fetches what it may see.
"""

import json
import logging
import queue
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection

from simpul.foundation.core.outside import chip_state
from simpul.foundation.journal.models import JournalEntry
from simpul.web.screens import Presence

logger = logging.getLogger("simpul.live")

POLL_SECONDS = 0.05
HEARTBEAT_SECONDS = 8.0
REPLAY_LIMIT = 500
#: Acts that change what the waiting room's board shows.
BOARD_ACTS = frozenset(
    {
        "called",
        "announced",
        "started",
        "finished",
        "skipped",
        "distributed",
        "redirected",
        "cancelled",
        "undone",
        "returned-by-undo",
        "returned-to-queue",
    }
)

#: Acts that change nothing any screen shows.
QUIET_ACTS = frozenset({"read"})


@dataclass(frozen=True)
class Event:
    """One journal entry as a screen gets it."""

    id: int
    act: str
    facility: uuid.UUID
    unit: str
    encounter: str
    subject: str

    @property
    def topics(self) -> frozenset[str]:
        """The topics this entry belongs to."""
        if self.act in QUIET_ACTS:
            return frozenset()
        found = set()
        if self.unit:
            found.add(f"queue:{self.unit}")
        if self.encounter:
            found |= {f"encounter:{self.encounter}", "visits"}
        if self.act in BOARD_ACTS:
            found.add("tv")
        return frozenset(found)

    def as_text(self, *, with_ids: bool) -> str:
        """Return the server-sent event; the public board gets no encounter id."""
        data: dict[str, object] = {"act": self.act, "unit": self.unit}
        if with_ids:
            data["encounter"] = self.encounter
            data["subject"] = self.subject
        return f"id: {self.id}\nevent: act\ndata: {json.dumps(data)}\n\n"


@dataclass(eq=False)
class Stream:
    """One open screen: which topics at which facility, and the events waiting for it.

    `units` are those whose own staff sits before it: an open screen of the unit.
    """

    facility: uuid.UUID
    topics: frozenset[str]
    with_ids: bool
    units: frozenset[str] = frozenset()
    events: "queue.Queue[Event | None]" = field(default_factory=lambda: queue.Queue(maxsize=1000))


class Feed:
    """The watcher of one process and its open streams."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.streams: set[Stream] = set()
        self.thread: threading.Thread | None = None
        self.last_id = 0

    def open(self, stream: Stream) -> int:
        """Add a stream; return the id from which on it will be told by the watcher."""
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.last_id = newest_id()
                self.thread = threading.Thread(target=self._watch, name="live", daemon=True)
                self.thread.start()
            self.streams.add(stream)
            return self.last_id

    def close(self, stream: Stream) -> None:
        """Forget a stream."""
        with self.lock:
            self.streams.discard(stream)

    def count(self) -> int:
        """How many screens this process serves now."""
        return len(self.streams)

    def _watch(self) -> None:
        version: object = None
        while True:
            try:
                with self.lock:
                    if not self.streams:
                        self.thread = None
                        break
                seen = commit_mark()
                if seen != version:
                    version = seen
                    self._deliver()
            except Exception:
                logger.exception("live feed could not read the journal; trying again")
                connection.close()
                # What was not read is read after the pause, without waiting for another commit;
                # a new connection counts the versions anew, so the old mark means nothing.
                version = None
                time.sleep(1)
            time.sleep(POLL_SECONDS)
        connection.close()

    def _deliver(self) -> None:
        events = read_events(after=self.last_id)
        with self.lock:
            for event in events:
                self.last_id = event.id
                for stream in self.streams:
                    if event.facility == stream.facility and event.topics & stream.topics:
                        try:
                            stream.events.put_nowait(event)
                        except queue.Full:
                            # Too far behind: end it, the screen comes back with its last id.
                            self.streams = self.streams - {stream}
                            _end(stream)


def _end(stream: Stream) -> None:
    while True:
        try:
            stream.events.get_nowait()
        except queue.Empty:
            break
    stream.events.put_nowait(None)


feed = Feed()


def commit_mark() -> object:
    """Return something that differs after any commit by another connection."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            return cursor.fetchone()[0]
    return newest_id()


def newest_id() -> int:
    """Return the id of the newest journal entry."""
    return JournalEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def read_events(
    *, after: int, limit: int | None = None, facility: uuid.UUID | None = None
) -> list[Event]:
    """Return the entries after an id, oldest first."""
    rows = JournalEntry.objects.filter(id__gt=after).order_by("id")
    if facility is not None:
        rows = rows.filter(facility=facility)
    values = rows.values_list("id", "act", "facility", "unit", "encounter", "subject")
    return [
        Event(
            id=row[0],
            act=row[1],
            facility=row[2],
            unit=row[3],
            encounter=str(row[4] or ""),
            subject=row[5],
        )
        for row in (values if limit is None else values[:limit])
    ]


def stream_events(stream: Stream, *, after: int | None) -> Iterator[str]:
    """Yield what the screen missed after `after`, then what happens, with heartbeats.

    An entry is sent once: what the replay has sent, the watcher's copy of it is not.
    """
    presence = Presence(stream.units)
    try:
        begins = feed.open(stream)
        yield "retry: 1500\n\n"
        sent = begins if after is None else after
        if after is not None and after > max(begins, newest_id()):
            # The screen knows more than the journal: the server was put back from a copy.
            sent = begins
            yield _reload(begins)
        elif after is not None and after < begins:
            missed = read_events(after=after, limit=REPLAY_LIMIT + 1, facility=stream.facility)
            if len(missed) > REPLAY_LIMIT:
                # Away for long: one word to fetch everything anew is cheaper than all of it.
                sent = begins
                yield _reload(begins)
            else:
                for event in missed:
                    sent = max(sent, event.id)
                    if event.topics & stream.topics:
                        yield event.as_text(with_ids=stream.with_ids)
        connection.close()
        yield ": ready\n\n"
        while True:
            presence.touch()
            try:
                event_or_end = stream.events.get(timeout=HEARTBEAT_SECONDS)
            except queue.Empty:
                yield f"event: beat\ndata: {{}}\n\n{_outside(stream)}"
                continue
            if event_or_end is None:
                return
            if event_or_end.id > sent:
                sent = event_or_end.id
                yield event_or_end.as_text(with_ids=stream.with_ids)
    finally:
        feed.close(stream)
        connection.close()


def _outside(stream: Stream) -> str:
    """Return what the Keadaan chip of a signed-in screen shows; "" where nothing is known."""
    if not stream.with_ids:
        return ""
    try:
        state = chip_state()
    finally:
        connection.close()  # a stream holds none while it waits
    if state["internet"] is None and not state["pending"]:
        return ""
    return f"event: state\ndata: {json.dumps(state)}\n\n"


def _reload(at: int) -> str:
    return f"id: {at}\nevent: act\ndata: {json.dumps({'act': 'reload'})}\n\n"
