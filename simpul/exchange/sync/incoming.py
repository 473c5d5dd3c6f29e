"""What the hub gives: its own rows, and word of what it put aside; by number, slice by slice.

Own rows that come back are `returning`'s; its names are found here too.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction

from simpul.exchange.sync import state
from simpul.exchange.sync.applying import OnBranch, Taker, Verdict
from simpul.exchange.sync.derived import make_again
from simpul.exchange.sync.epochs import current_epoch, node
from simpul.exchange.sync.lines import WireLine
from simpul.exchange.sync.models import Parked, Side
from simpul.exchange.sync.outgoing import HUB_EPOCH
from simpul.exchange.sync.returning import (
    FeedOutcome,
    ask_return,
    retry_returned,
    return_request,
    returning,
    take_returned,
)
from simpul.exchange.sync.waiting import keep, lines_of, waiting_for
from simpul.exchange.sync.wire import Page, line_from
from simpul.foundation.core.clock import now
from simpul.foundation.journal.acts import lock_head

__all__ = [
    "FeedOutcome",
    "ask_return",
    "feed_request",
    "retry_here",
    "return_request",
    "returning",
    "take_feed",
    "take_returned",
]

#: Key of the state: the number up to which the hub's feed was read.
FEED = "feed"


def feed_request() -> dict[str, Any]:
    """Return what to ask the hub for."""
    return {"after": state.read_number(FEED), "hub_epoch": state.read(HUB_EPOCH)}


def take_feed(page: Page, *, at: datetime | None = None) -> FeedOutcome:
    """Take a page of the hub's feed in. A page that does not follow the last one is ignored."""
    moment, told = at or now(), str(page.head.get("hub_epoch", ""))
    with transaction.atomic():
        if told != state.read(HUB_EPOCH):
            _begin_anew(told)
        if page.head.get("after") != state.read_number(FEED):
            return FeedOutcome(more=True)
        epoch, has = current_epoch(), page.head.get("has") or {}
        if epoch is not None and has.get(str(epoch.epoch), 0) > epoch.seq:
            ask_return()  # the hub has more of ours than was ever numbered here
        hub = _FromHub(uuid.UUID(told), moment)
        for _act, lines in groupby(page.lines, key=lambda line: (line["f"], line["tx"], line["o"])):
            hub.take(list(lines))
        hub.finish()
        state.write(FEED, int(page.head["upto"]))
        return FeedOutcome(hub.applied, hub.parked, bool(page.head.get("more")))


def retry_here(*, at: datetime | None = None) -> int:
    """Try again all that was put aside here, after an upgrade or by hand; return what fitted."""
    owner, moment = node(), at or now()
    if owner is None:
        return 0
    with transaction.atomic():
        lock_head()
        waiting = [(lines_of(one)[0], one) for one in waiting_for(None)]
        mine = [one for whose, one in waiting if whose == owner]
        count = retry_returned(mine, owner, at=moment)
        others = [one for whose, one in waiting if whose != owner]
        for epoch, some in groupby(others, key=lambda one: one.epoch):
            hub = _FromHub(epoch, moment)
            hub.retry(list(some))
            hub.finish()
            count += hub.applied
        return count


def _begin_anew(hub_epoch: str) -> None:
    """Another life of the hub: what waited for rows of the one before is of no use."""
    state.write(HUB_EPOCH, hub_epoch)
    state.write(FEED, 0)
    Parked.objects.filter(side=Side.HUB).delete()
    own = {str(node())}
    for one in waiting_for(None):
        if one.lines[0] not in own:
            one.delete()


class _FromHub:
    """Acts of the hub coming in, in one transaction."""

    def __init__(self, hub_epoch: uuid.UUID, at: datetime) -> None:
        self.hub_epoch, self.at = hub_epoch, at
        self.applied = self.parked = 0
        self.here = node()
        self._taker = Taker(here=self.here)
        self._done: set[str] = set()

    def take(self, told: Sequence[dict[str, Any]]) -> None:
        """Take one act, or one word of what was put aside at the hub."""
        if told[0]["f"] == "parked":
            for notice in told:
                self._mirror(notice["d"])
            return
        owner = uuid.UUID(told[0]["o"])
        if owner == self.here:  # nobody but this house writes its rows
            return
        lines = [line_from(line) for line in told]
        self._taker.look_up(lines)
        verdict = self._take(lines, owner, OnBranch.WRITE)
        if verdict.state == "applied":
            self.applied += 1
            return
        self.parked += 1
        keep(lines, verdict, owner=owner, epoch=self.hub_epoch, at=self.at)

    def retry(self, waiting: Sequence[Parked]) -> None:
        """Try again acts that were put aside."""
        for one in waiting:
            owner, lines = lines_of(one)
            if owner == self.here:
                continue
            verdict = self._take(lines, owner, OnBranch.SKIP)
            if verdict.state == "applied":
                self.applied += 1
                Parked.objects.filter(id=one.id).update(settled_at=self.at)

    def _take(self, lines: Sequence[WireLine], owner: uuid.UUID, on_branch: OnBranch) -> Verdict:
        return self._taker.take(lines, owner=owner, epoch=self.hub_epoch, on_branch=on_branch)

    def finish(self) -> None:
        """Try what waited for what came, as long as that brings something; renew what follows."""
        while fresh := self._taker.touched - self._done:
            self._done |= fresh
            make_again(fresh)
            self.retry(waiting_for(fresh))
        self._taker.finish()

    def _mirror(self, notice: dict[str, Any]) -> None:
        settled = notice["settled_at"]
        Parked.objects.update_or_create(
            side=Side.HUB,
            epoch=uuid.UUID(notice["epoch"]),
            first=notice["first"],
            defaults={
                "last": notice["last"],
                "act_id": uuid.UUID(notice["act_id"]),
                "entity": notice["entity"],
                "row": uuid.UUID(notice["row"]) if notice["row"] else None,
                "why": notice["why"],
                "waits_for": notice["waits_for"],
                "since": datetime.fromisoformat(notice["since"]),
                "settled_at": datetime.fromisoformat(settled) if settled else None,
            },
        )
