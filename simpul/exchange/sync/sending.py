"""The sender: one step at a time of the conversation with the hub, never in a hurry.

What waits is pushed, oldest first, in whole acts; then what the hub has to tell is fetched. The
caller repeats `step`, each time after the seconds it returned. Nothing is remembered here that
must not be lost: killed at any instant, the next step of the next process goes on.
"""

import logging
import random
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx

from simpul import __version__
from simpul.exchange.sync import client as wire
from simpul.exchange.sync import incoming, outgoing, shipping, state
from simpul.exchange.sync.client import Answer, Broken, Client
from simpul.exchange.sync.epochs import node
from simpul.exchange.sync.link import (
    HubFacts,
    note_clock,
    note_good,
    note_trouble,
    read_hub,
    read_line,
)
from simpul.exchange.sync.selectors import standing
from simpul.exchange.sync.shipping import BatchSize
from simpul.exchange.sync.wire import decode_page
from simpul.exchange.sync.yielding import Yielding, learn_peak, read_signs, slot_of
from simpul.foundation.core.clock import now
from simpul.foundation.facilities.selectors import get_here, is_set_up
from simpul.service.registration.models import Encounter

logger = logging.getLogger("simpul.sync")

IDLE_SECONDS = 60.0
HELLO_SECONDS = 60.0
#: After what only a person can mend, the hub is asked now and then whether they did.
STOPPED_SECONDS = 600.0
SOON = 0.05
PAGES_A_STEP = 5
PAGE_LINES = 500
#: So many rewinds and new epochs in a row are no conversation any more.
MOST_ACTS_IN_A_ROW = 5
PEAK_EVERY = 24 * 3600.0
PEAK_DAYS = 28


@dataclass
class Sender:
    """What the conversation remembers between two steps, all of which may be lost."""

    folder: Path
    transport: httpx.BaseTransport | None = None
    clock: Callable[[], float] = time.monotonic
    draw: Callable[[float, float], float] = random.uniform
    #: Whether to give way to the counter; a person who asks for it does not wait.
    gives_way: bool = True
    size: BatchSize = field(default_factory=BatchSize)
    yielding: Yielding = field(default_factory=Yielding)
    failures: int = 0
    acts: int = 0
    hello_at: float = float("-inf")
    peak: frozenset[int] = frozenset()
    peak_at: float = float("-inf")
    #: Told about the disk, copies and so on with each greeting; the worker puts more in.
    about: Callable[[], Mapping[str, Any]] = dict
    #: The last word of the hub on how far its feed has come.
    told: dict[str, Any] = field(default_factory=dict)
    #: Nothing waited at the last step, here or there.
    is_idle: bool = False
    _client: Client | None = None
    _facts: HubFacts | None = None

    def step(self) -> float:
        """Take one step; return after how many seconds to take the next."""
        hub = read_hub()
        if hub is None:
            return IDLE_SECONDS
        speaker = node()
        if speaker is None:
            return IDLE_SECONDS
        pace = shipping.turn_seconds(speaker)
        if self.gives_way and not self._may_go():
            return pace
        try:
            return self._talk(self.line(hub, speaker), pace)
        except Broken as trouble:
            self.size.shrink()
            return self._wait(trouble.why)

    def drain(self, *, most_steps: int) -> None:
        """Step until nothing waits or something is in the way; for a person who waits for it."""
        for _step in range(most_steps):
            pause = self.step()
            if self.is_idle or read_line().state != "good":
                break
            time.sleep(pause)
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def line(self, hub: HubFacts, speaker: UUID) -> Client:
        """Return the line to this hub, kept open between steps."""
        if self._client is None or self._facts != hub:
            self.close()
            self._client = Client(hub.url, speaker, hub.authority, self.transport)
            self._facts = hub
        return self._client

    def _talk(self, client: Client, pace: float) -> float:
        self.is_idle = False
        push = outgoing.next_push(limit=self._limit())
        if push is None:
            return self._listen(client, pace)
        began = self.clock()
        answer = client.push(outgoing.PUSH_PATH, push.headers, push.body)
        took = self.clock() - began
        if answer.status == 404:
            return self._stop("not-a-hub")
        outcome = outgoing.take_reply(
            push, answer.status, answer.body, retry_after=answer.retry_after or None
        )
        if outcome.kind == "acked":
            self.size.answered(took, push.count)
            self._learn(answer.body)
            return max(self._pause(answer.body), pace if self._in_peak() else SOON)
        return self._after_refusal(outcome.kind, outcome.why, outcome.wait, answer)

    def _after_refusal(self, kind: str, why: str, wait: float | None, answer: Answer) -> float:
        if kind == "smaller" and self.size.changes > shipping.LEAST_CHANGES:
            self.size.shrink()
            return SOON
        if kind in ("rewound", "new-epoch", "old") and self.acts < MOST_ACTS_IN_A_ROW:
            self.acts += 1
            return SOON
        if kind in ("stop", "upgrade"):
            return self._stop("upgrade" if kind == "upgrade" else why)
        asked = max(wait or 0.0, answer.retry_after)
        return self._wait(why or kind, asked)

    # -- what the hub has to tell ---------------------------------------------------------------

    def _listen(self, client: Client, pace: float) -> float:
        """Greet when it is time, and fetch what the hub has for us."""
        if state.read(outgoing.STOPPED) == "pruned":
            return self._stop("pruned")
        is_time = self.clock() - self.hello_at >= HELLO_SECONDS
        if is_time:
            answer = client.post(wire.HELLO, self._greeting())
            if answer.status != 200:
                return self._refused(answer)
            self.hello_at = self.clock()
            self._learn(answer.body)
        # With the greeting also when nothing is new: the page says how much of ours the hub has,
        # which is how a facility notices that it was restored from an old copy.
        more = self._fetch_feed(client, at_any_rate=is_time)
        if incoming.returning():
            more = self._fetch_own(client) or more
        self.is_idle = not more
        return SOON if more else max(pace, self._pause(self.told))

    def _fetch_feed(self, client: Client, *, at_any_rate: bool) -> bool:
        asked = incoming.feed_request()
        last, epoch = self.told.get("feed"), self.told.get("hub_epoch")
        is_behind = isinstance(last, int) and last > int(asked["after"])
        is_of_this_hub = epoch is None or str(epoch) == str(asked["hub_epoch"])
        if not is_behind and is_of_this_hub and not at_any_rate:
            return False
        for _page in range(PAGES_A_STEP):
            answer = client.get(f"{wire.FEED}?{urlencode({**asked, 'max': PAGE_LINES})}")
            if answer.status != 200:
                self._refused(answer)
                return False
            outcome = incoming.take_feed(decode_page(answer.content))
            if not outcome.more:
                self.told.pop("feed", None)
                return False
            asked = incoming.feed_request()
        return True

    def _fetch_own(self, client: Client) -> bool:
        """Fetch our own rows that are missing here: after a restore, or a rebuild."""
        for _page in range(PAGES_A_STEP):
            asked = incoming.return_request()
            known = ",".join(f"{epoch}:{seq}" for epoch, seq in asked["known"].items())
            question = {"known": known, "after": asked["after"], "max": PAGE_LINES}
            answer = client.get(f"{wire.MINE}?{urlencode(question)}")
            if answer.status != 200:
                self._refused(answer)
                return False
            if not incoming.take_returned(decode_page(answer.content)).more:
                return False
        return True

    def _refused(self, answer: Answer) -> float:
        outcome = shipping.outcome_of(answer.status)
        why = str(answer.body.get("why", "")) or f"http-{answer.status}"
        if outcome is shipping.Outcome.STOP:
            return self._stop("not-a-hub" if answer.status == 404 else why)
        return self._wait(why, answer.retry_after)

    def _greeting(self) -> dict[str, Any]:
        place = standing()
        disk = shutil.disk_usage(self.folder)
        return {
            "version": __version__,
            "at": now(),
            "waiting": place.waiting,
            "waiting_since": place.waiting_since,
            "parked": place.parked,
            "disk_free": disk.free,
            "disk_total": disk.total,
            **self.about(),
        }

    # -- pace -----------------------------------------------------------------------------------

    def is_in_the_way(self) -> bool:
        """Would more than the little that is always sent disturb people now?"""
        return self.gives_way and (read_signs(self.folder, time.time()).is_busy or self._in_peak())

    def _may_go(self) -> bool:
        return self.yielding.may_go(read_signs(self.folder, time.time()), self.clock())

    def _limit(self) -> int:
        return min(self.size.changes, shipping.PEAK_CHANGES if self._in_peak() else 500)

    def _in_peak(self) -> bool:
        if not self.gives_way or not is_set_up():
            return False
        here = get_here()
        zone = ZoneInfo(here.timezone)
        if self.clock() - self.peak_at > PEAK_EVERY:
            self.peak, self.peak_at = learn_peak(count_visits(here.id, zone)), self.clock()
        local = now().astimezone(zone)
        return slot_of(local.hour, local.minute) in self.peak

    @staticmethod
    def _pause(told: Mapping[str, Any]) -> float:
        asked = told.get("next_ms")
        return min(float(asked) / 1000, 3600.0) if isinstance(asked, int | float) else 0.0

    def _learn(self, told: Mapping[str, Any]) -> None:
        self.failures = self.acts = 0
        if isinstance(told.get("max"), int):
            self.size.limit(int(told["max"]))
        self.told = dict(told)
        note_clock(told.get("now"))
        note_good()

    def _wait(self, why: str, asked: float = 0.0) -> float:
        self.failures += 1
        self.acts = 0
        wait = shipping.wait_seconds(self.failures, self.draw, asked)
        self._note(why, wait, is_stopped=False)
        return wait

    def _stop(self, why: str) -> float:
        self.failures += 1
        self.acts = 0
        self._note(why, STOPPED_SECONDS, is_stopped=True)
        return STOPPED_SECONDS

    def _note(self, why: str, wait: float, *, is_stopped: bool) -> None:
        logger.warning("sync: %s; again in %.0f s", why, wait)
        at: datetime = now()
        note_trouble(
            is_stopped=is_stopped,
            why=why,
            next_at=at + timedelta(seconds=wait),
            at=at,
        )


def count_visits(facility: UUID, zone: ZoneInfo) -> dict[int, int]:
    """Return how many visits of the last four weeks began in each half hour of the day."""
    since = now().astimezone(zone).date() - timedelta(days=PEAK_DAYS)
    visits: dict[int, int] = {}
    begun = Encounter.objects.filter(owner=facility, service_date__gte=since)
    for at in begun.values_list("period_start", flat=True).iterator():
        local = at.astimezone(zone)
        slot = slot_of(local.hour, local.minute)
        visits[slot] = visits.get(slot, 0) + 1
    return visits
