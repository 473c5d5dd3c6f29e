"""Acts that are logged and acknowledged but wait: tried again when what they wait for comes."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from simpul.exchange.hub.feeding import tell_parked
from simpul.exchange.hub.log import line_of
from simpul.exchange.hub.models import HubLog, HubPark, LineState
from simpul.exchange.sync.applying import OnBranch, Taker, Verdict
from simpul.exchange.sync.derived import make_again
from simpul.exchange.sync.epochs import node as own_node
from simpul.exchange.sync.lines import WireLine
from simpul.foundation.core.clock import now

AT_ONCE = 500


def park(
    node: uuid.UUID,
    epoch: uuid.UUID,
    lines: Sequence[WireLine],
    verdict: Verdict,
    at: datetime,
) -> HubPark:
    """Return the unsaved note of an act that waits."""
    return HubPark(
        node=node,
        epoch=epoch,
        first=lines[0].seq,
        last=lines[-1].seq,
        act_id=lines[0].act_id,
        entity=verdict.entity,
        row=verdict.row,
        why=verdict.why,
        waits_for=verdict.waits_for,
        since=at,
    )


def retry_parked(node: uuid.UUID | None = None, *, at: datetime | None = None) -> int:
    """Try everything that waits again, after an upgrade or by hand; return how many acts fitted."""
    with transaction.atomic():
        waiting = list_parked(node)
        return _retry(waiting, at or now())


def release(touched: Iterable[str], *, at: datetime) -> int:
    """Try what waited for these rows; in a transaction."""
    names = sorted(touched)
    waiting: list[HubPark] = []
    for start in range(0, len(names), AT_ONCE):
        rows = HubPark.objects.filter(
            waits_for__in=names[start : start + AT_ONCE], settled_at__isnull=True
        )
        waiting += rows
    return _retry(sorted(waiting, key=lambda one: one.id), at) if waiting else 0


def list_parked(node: uuid.UUID | None = None) -> list[HubPark]:
    """Return what waits, in the order it came."""
    rows = HubPark.objects.filter(settled_at__isnull=True).order_by("id")
    return list(rows if node is None else rows.filter(node=node))


def _retry(waiting: Sequence[HubPark], at: datetime) -> int:
    """Try acts again, and then what waited for them in turn."""
    taker = Taker(here=own_node())
    settled = [one for one in waiting if _try(one, taker, at)]
    taker.finish()
    make_again(taker.touched)
    tell_parked(settled)
    return len(settled) + (release(taker.touched, at=at) if settled else 0)


def _try(one: HubPark, taker: Taker, at: datetime) -> bool:
    rows = HubLog.objects.filter(
        node=one.node,
        epoch=one.epoch,
        seq__range=(one.first, one.last),
        state=LineState.PARKED,
    )
    lines = [line_of(row) for row in rows.order_by("seq")]
    if lines:
        verdict = taker.take(lines, owner=one.node, epoch=one.epoch, on_branch=OnBranch.SKIP)
        if verdict.state == "parked":
            one.why, one.waits_for = verdict.why, verdict.waits_for
            one.entity, one.row = verdict.entity, verdict.row
            one.save(update_fields=["why", "waits_for", "entity", "row"])
            return False
        rows.update(state=verdict.state, why=verdict.why)
    one.settled_at = at
    one.save(update_fields=["settled_at"])
    return True
