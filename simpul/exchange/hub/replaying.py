"""The log replayed into an empty hub: it must give the same rows. Done on a copy before a release.

This is the one place where an error would harm everybody, so it can be tried where it harms nobody.
"""

import uuid
from collections.abc import Iterable
from itertools import groupby

from django.db import transaction

from simpul.exchange.hub.log import line_of
from simpul.exchange.hub.models import HubLog, LineState
from simpul.exchange.sync.applying import OnBranch, Taker
from simpul.exchange.sync.derived import make_again
from simpul.exchange.sync.epochs import node as own_node
from simpul.exchange.sync.lines import WireLine

Act = tuple[uuid.UUID, uuid.UUID, list[WireLine]]


def replay(rows: Iterable[HubLog]) -> int:
    """Take the acts of a log in, in the order of their numbers; return how many did not fit."""
    with transaction.atomic():
        taker = Taker(here=own_node())
        effective = (row for row in rows if row.state != LineState.DUPLICATE)
        waiting: list[Act] = []
        for (node, epoch, _act), some in groupby(
            effective, key=lambda row: (row.node, row.epoch, row.act_id)
        ):
            one: Act = (node, epoch, [line_of(row) for row in some])
            if not _take(taker, one, OnBranch.WRITE):
                waiting.append(one)
            elif waiting:
                waiting = _again(taker, waiting)
        taker.finish()
        make_again(taker.touched)
        return len(waiting)


def _take(taker: Taker, one: Act, on_branch: OnBranch) -> bool:
    node, epoch, lines = one
    return taker.take(lines, owner=node, epoch=epoch, on_branch=on_branch).state != "parked"


def _again(taker: Taker, waiting: list[Act]) -> list[Act]:
    """Try what waits until nothing more fits."""
    while True:
        left = [one for one in waiting if not _take(taker, one, OnBranch.SKIP)]
        if len(left) == len(waiting):
            return left
        waiting = left
