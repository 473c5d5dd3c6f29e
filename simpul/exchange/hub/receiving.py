"""One push, one transaction: what is new is logged and taken in, and acknowledged after the commit.

The order of the checks is the protocol: revoked or suspect → closed numbering (fork) → gap → other
history (fork) → what is known already is passed over → each act is applied, parked or rejected →
the cursor moves. A parked act is acknowledged too: it never stops the line.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from simpul.exchange.hub.arrivals import (
    Arrival,
    BrokenBody,
    OtherProtocol,
    is_signed_by,
    read_arrival,
)
from simpul.exchange.hub.feeding import last_number, tell_parked
from simpul.exchange.hub.log import as_row, next_numbers
from simpul.exchange.hub.models import HubCursor, HubLog, HubNode, HubPark, LineState
from simpul.exchange.hub.nodes import TWIN_TIME, hub_epoch
from simpul.exchange.hub.parking import park, release
from simpul.exchange.sync.applying import OnBranch, Taker
from simpul.exchange.sync.derived import make_again
from simpul.exchange.sync.epochs import node as own_node
from simpul.exchange.sync.lines import GENESIS, WireLine
from simpul.exchange.sync.outgoing import MOST_LINES
from simpul.exchange.sync.wire import Malformed
from simpul.foundation.core.clock import now
from simpul.foundation.core.rows import insert_rows


@dataclass(frozen=True)
class Reply:
    """An answer: its status, its JSON, and headers of its own."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


def receive(
    headers: Mapping[str, str],
    body: bytes,
    *,
    at: datetime | None = None,
    next_ms: int = 15_000,
) -> Reply:
    """Take a push in and answer it; nothing is acknowledged that is not committed."""
    try:
        arrival = read_arrival(headers, body)
    except OtherProtocol:
        return Reply(426, {"why": "protocol"})
    except BrokenBody:
        return Reply(401, {"why": "digest"})
    except Malformed as problem:
        return Reply(400, {"why": "malformed", "what": str(problem)})
    speaker = HubNode.objects.filter(node=arrival.via or arrival.node).first()
    if speaker is None:
        return Reply(401, {"why": "node"})
    if speaker.state == HubNode.State.REVOKED:
        return Reply(401, {"why": "revoked"})
    if not is_signed_by(speaker.public_key, headers):
        return Reply(401, {"why": "signature"})
    with transaction.atomic():
        return take_in(arrival, at=at or now(), next_ms=next_ms)


def take_in(arrival: Arrival, *, at: datetime, next_ms: int) -> Reply:
    """Do the work of `receive`, in its transaction."""
    node = _locked(arrival, at)
    if node is None or node.state == HubNode.State.REVOKED:
        return Reply(401, {"why": "node" if node is None else "revoked"})
    if node.state == HubNode.State.SUSPECT:
        return _refusal(node, arrival, "suspect", 0)
    cursor = HubCursor.objects.filter(node=node.node, epoch=arrival.epoch).first()
    agreed = _agreed(arrival, cursor)
    if cursor is not None and not cursor.is_current:
        return _refusal(node, arrival, "fork", agreed or 0)
    if arrival.after > (cursor.seq if cursor else 0):
        return _refusal(node, arrival, "gap", cursor.seq if cursor else 0)
    if agreed is None:
        return _refusal(node, arrival, "fork", 0)
    if not _overlap_agrees(arrival, cursor):
        return _refusal(node, arrival, "fork", arrival.after)
    if cursor is None:
        if not _may_begin(node, at):
            return _refusal(node, arrival, "suspect", 0)
        cursor = HubCursor(
            node=node.node, epoch=arrival.epoch, hash=GENESIS, opened_at=at, moved_at=at
        )
        cursor.save(force_insert=True)
    fresh = [line for line in arrival.lines if line.seq > cursor.seq]
    waiting = _take_lines(node.node, arrival.epoch, fresh, at) if fresh else 0
    if fresh:
        cursor.seq, cursor.hash, cursor.moved_at = fresh[-1].seq, fresh[-1].hash, at
        cursor.save(update_fields=["seq", "hash", "moved_at"])
    node.seen_at = at
    node.save(update_fields=["seen_at"])
    return Reply(
        200,
        {
            "ack": cursor.seq,
            "hub_epoch": str(hub_epoch()),
            "now": at.isoformat(),
            "next_ms": next_ms,
            "max": MOST_LINES,
            "cursors": _cursors(node.node),
            "parked": waiting,
            "feed": last_number(),
        },
    )


def _locked(arrival: Arrival, at: datetime) -> HubNode | None:
    """Return the node, locked: its pushes go one after the other. A relayed one is made here."""
    rows = HubNode.objects.filter(node=arrival.node)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    found = rows.first()
    if found is None and arrival.via is not None:
        return HubNode.objects.create(
            node=arrival.node,
            name=str(arrival.node),
            public_key="",
            via=arrival.via,
            enrolled_at=at,
        )
    if found is not None and found.via != arrival.via:
        return None  # not through whom this node speaks
    return found


def _refusal(node: HubNode, arrival: Arrival, why: str, ack: int) -> Reply:
    return Reply(
        409,
        {
            "why": why,
            "ack": ack,
            "epoch": str(arrival.epoch),
            "hub_epoch": str(hub_epoch()),
            "cursors": _cursors(node.node),
        },
    )


def _cursors(node: uuid.UUID) -> dict[str, list[Any]]:
    rows = HubCursor.objects.filter(node=node).values_list("epoch", "seq", "hash")
    return {str(epoch): [seq, last] for epoch, seq, last in rows}


def _hash_at(cursor: HubCursor | None, seq: int) -> str | None:
    if seq == 0:
        return GENESIS
    if cursor is None or seq > cursor.seq:
        return None
    if seq == cursor.seq:
        return cursor.hash
    rows = HubLog.objects.filter(node=cursor.node, epoch=cursor.epoch, seq=seq)
    return rows.values_list("hash", flat=True).first()


def _agreed(arrival: Arrival, cursor: HubCursor | None) -> int | None:
    """Return up to where both sides surely have the same; None when they differ before that."""
    return arrival.after if _hash_at(cursor, arrival.after) == arrival.prev else None


def _overlap_agrees(arrival: Arrival, cursor: HubCursor | None) -> bool:
    """Is what was sent again the same? The chain makes the last common line speak for all."""
    if cursor is None:
        return True
    again = [line for line in arrival.lines if line.seq <= cursor.seq]
    return not again or _hash_at(cursor, again[-1].seq) == again[-1].hash


def _may_begin(node: HubNode, at: datetime) -> bool:
    """May this node begin a new numbering? Twice within a day looks like two machines."""
    older = HubCursor.objects.filter(node=node.node)
    if not older.exists():
        return True
    if node.epoch_changed_at is not None and at - node.epoch_changed_at < TWIN_TIME:
        node.state = HubNode.State.SUSPECT
        node.save(update_fields=["state"])
        return False
    node.epoch_changed_at = at
    node.save(update_fields=["epoch_changed_at"])
    older.update(is_current=False)
    return True


def _take_lines(node: uuid.UUID, epoch: uuid.UUID, lines: Sequence[WireLine], at: datetime) -> int:
    """Log the lines and take their acts in; return how many acts were put aside."""
    known = _known(node, lines)
    rows: list[HubLog] = []
    parks: list[HubPark] = []
    taker = Taker(here=own_node(), is_waiting=_is_parked_at(node))
    taker.look_up(line for line in lines if line.cid not in known)
    for _act, told in groupby(lines, key=lambda line: line.act_id):
        act = list(told)
        fresh = [line for line in act if line.cid not in known]
        known |= {line.cid for line in fresh}
        state, why = LineState.APPLIED.value, ""
        if fresh:
            verdict = taker.take(fresh, owner=node, epoch=epoch, on_branch=OnBranch.WRITE)
            state, why = verdict.state, verdict.why
            if state == "parked":
                parks.append(park(node, epoch, fresh, verdict, at))
        new = {line.seq for line in fresh}
        rows += [
            as_row(line, node=node, epoch=epoch, at=at, state=state, why=why)
            if line.seq in new
            else as_row(line, node=node, epoch=epoch, at=at, state=LineState.DUPLICATE.value)
            for line in act
        ]
    taker.finish()
    make_again(taker.touched)
    _store(rows, parks)
    release(taker.touched, at=at)
    return len(parks)


def _store(rows: list[HubLog], parks: list[HubPark]) -> None:
    """Give the log its numbers, last of all: their lock is held only until the commit."""
    number = next_numbers(len(rows))
    for place, row in enumerate(rows):
        row.number = number + place
    insert_rows(rows)
    insert_rows(parks)
    tell_parked(parks)


def _known(node: uuid.UUID, lines: Sequence[WireLine]) -> set[uuid.UUID]:
    """Return which of these changes this hub has from this node already, in any numbering."""
    rows = HubLog.objects.filter(node=node, cid__in=[line.cid for line in lines])
    return set(rows.exclude(state=LineState.DUPLICATE).values_list("cid", flat=True))


def _is_parked_at(node: uuid.UUID) -> Any:
    def is_parked(row: uuid.UUID) -> bool:
        rows = HubLog.objects.filter(node=node, row=row, state=LineState.PARKED)
        return rows.exists()

    return is_parked
