"""What is sent next, and what an answer means. No network here: bytes out, an answer in.

One push is under way at a time. An answer to a push that is not the newest is ignored, so a late
one cannot claim what is no longer true.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction

from simpul.exchange.sync import state
from simpul.exchange.sync.epochs import (
    current_epoch,
    cut_back,
    hash_at,
    lower,
    node,
    open_epoch,
    settle_with,
)
from simpul.exchange.sync.lines import WireLine, line_of_change, line_of_entry
from simpul.exchange.sync.models import Epoch, Kind, Line, Receipt
from simpul.exchange.sync.returning import returning
from simpul.exchange.sync.sequencing import number_pending
from simpul.exchange.sync.signing import DIGEST, SIGNATURE, content_digest, own_key, sign
from simpul.exchange.sync.wire import CONTENT_TYPE, ENCODING, PROTOCOL, encode_line, pack
from simpul.foundation.core.clock import now
from simpul.foundation.journal.models import Change, JournalEntry

PUSH_PATH = "/sync/v1/push"
MOST_LINES = 500
MOST_BYTES = 256 * 1024
#: Keys of the state: the newest push, why nothing can be sent, in which life the hub is.
ATTEMPT, STOPPED, HUB_EPOCH = "attempt", "stopped", "hub_epoch"
#: Refusals a person must settle; the rest settles itself.
NEEDS_PERSON = frozenset({"suspect", "revoked", "node", "signature"})


@dataclass(frozen=True)
class Push:
    """Whole acts from one number on, ready to be posted to `PUSH_PATH`."""

    node: uuid.UUID
    epoch: uuid.UUID
    after: int
    prev: str
    upto: int
    count: int
    headers: dict[str, str]
    body: bytes
    attempt: int


@dataclass(frozen=True)
class Outcome:
    """What an answer did here, and how long to wait if it says so."""

    kind: str
    wait: float | None = None
    why: str = ""
    ack: int = 0


def next_push(*, limit: int = MOST_LINES, max_bytes: int = MOST_BYTES) -> Push | None:
    """Return the next whole acts to send; None when nothing waits (or rows come back first)."""
    speaker = node()
    if speaker is None or returning():
        return None
    epoch = current_epoch()
    while epoch is None or epoch.seq - epoch.acked < limit:
        if not number_pending():
            break
        epoch = current_epoch()
    epoch = current_epoch()
    if epoch is None or epoch.seq == epoch.acked:
        return None
    acts = acts_after(epoch, limit)
    prev = hash_at(epoch, epoch.acked)
    if acts is None or prev is None:
        state.write(STOPPED, "pruned")
        return None
    body = packed(acts)
    while len(body) > max_bytes and len(acts) > 1:
        acts = acts[: len(acts) // 2]
        body = packed(acts)
    attempt = state.read_number(ATTEMPT) + 1
    state.write(ATTEMPT, attempt)
    count = sum(len(act) for act in acts)
    return Push(
        node=speaker,
        epoch=epoch.epoch,
        after=epoch.acked,
        prev=prev,
        upto=epoch.acked + count,
        count=count,
        headers=push_headers(speaker, epoch=epoch.epoch, after=epoch.acked, prev=prev, body=body),
        body=body,
        attempt=attempt,
    )


def push_headers(
    speaker: uuid.UUID,
    *,
    epoch: uuid.UUID,
    after: int,
    prev: str,
    body: bytes,
    via: uuid.UUID | None = None,
) -> dict[str, str]:
    """Return the signed headers of a push."""
    headers = {
        "Sync-Node": str(speaker),
        "Sync-Epoch": str(epoch),
        "Sync-After": str(after),
        "Sync-Prev": prev,
        "Sync-Proto": PROTOCOL,
        "Content-Type": CONTENT_TYPE,
        "Content-Encoding": ENCODING,
        DIGEST: content_digest(body),
    }
    if via is not None:
        headers["Sync-Via"] = str(via)
    headers[SIGNATURE] = sign(own_key().private, "POST", PUSH_PATH, headers, headers[DIGEST])
    return headers


def packed(acts: Iterable[list[WireLine]]) -> bytes:
    """Return the body that carries these acts."""
    """Return acts as the body of a push."""
    return pack(encode_line(line) for act in acts for line in act)


def acts_after(epoch: Epoch, limit: int) -> list[list[WireLine]] | None:
    """Return the next whole acts, at most `limit` lines or one act; None when they were pruned."""
    waiting = Line.objects.filter(epoch=epoch, seq__gt=epoch.acked).order_by("seq")
    rows = list(waiting[: limit + 1])
    if not rows:
        return None
    if len(rows) > limit:
        first, last = rows[0].act_id, rows[-1].act_id
        rows = [row for row in rows if row.act_id != last] or list(waiting.filter(act_id=first))
    is_whole = rows[0].seq == epoch.acked + 1 and rows[-1].seq == epoch.acked + len(rows)
    lines = _loaded(rows) if is_whole else None
    if lines is None:
        return None
    return [list(group) for _act, group in groupby(lines, key=lambda line: line.act_id)]


def _loaded(rows: list[Line]) -> list[WireLine] | None:
    changes = [row.source for row in rows if row.kind == Kind.CHANGE]
    entries = [row.source for row in rows if row.kind == Kind.ENTRY]
    lines: dict[tuple[str, int], WireLine] = {}
    for id_, change in Change.objects.in_bulk(changes).items():
        lines[Kind.CHANGE.value, id_] = line_of_change(change)
    for id_, entry in JournalEntry.objects.in_bulk(entries).items():
        lines[Kind.ENTRY.value, id_] = line_of_entry(entry)
    try:
        return [replace(lines[row.kind, row.source], seq=row.seq, hash=row.hash) for row in rows]
    except KeyError:
        return None


def take_reply(
    push: Push,
    status: int,
    body: Mapping[str, Any],
    *,
    retry_after: float | None = None,
    at: datetime | None = None,
) -> Outcome:
    """Do what the hub's answer to a push means here."""
    why = str(body.get("why", ""))
    with transaction.atomic():
        epoch = current_epoch(locked=True)
        is_newest = push.attempt == state.read_number(ATTEMPT)
        if epoch is None or epoch.epoch != push.epoch or not is_newest:
            return Outcome("old")
        if status == 200:
            return _acknowledged(epoch, push, body, at or now())
        if status == 409 and why == "gap":
            return _rewound(epoch, push, body)
        if status == 409 and why == "fork":
            return _forked(epoch, push, body)
        if status == 413:
            return Outcome("smaller", why=why)
        if status == 426:
            state.write(STOPPED, "upgrade")
            return Outcome("upgrade", why=why)
        if why in NEEDS_PERSON:
            state.write(STOPPED, why)
            return Outcome("stop", why=why)
        return Outcome("wait", wait=retry_after, why=why)


def _number_of(body: Mapping[str, Any], name: str) -> int:
    value = body.get(name, 0)
    return value if isinstance(value, int) and value >= 0 else 0


def _acknowledged(epoch: Epoch, push: Push, body: Mapping[str, Any], at: datetime) -> Outcome:
    """Note what the hub has; of what lies beyond this push it may have another history."""
    state.remove(STOPPED)
    ack = min(_number_of(body, "ack"), push.upto)
    if ack > epoch.acked:
        epoch.acked, epoch.acked_at = ack, at
        epoch.save(update_fields=["acked", "acked_at"])
        Receipt.objects.create(epoch=epoch, seq=ack, at=at)
    if settle_with(_cursors(body)):
        open_epoch(Epoch.Why.HUB_LOST.value, at=at)
        return Outcome("new-epoch", why="hub-lost", ack=ack)
    return Outcome("acked", ack=ack)


def _rewound(epoch: Epoch, push: Push, body: Mapping[str, Any]) -> Outcome:
    """The hub has less than was thought: its word counts, and the rest is sent again."""
    ack = min(_number_of(body, "ack"), push.after)
    lower(epoch, ack)
    if settle_with(_cursors(body)):
        open_epoch(Epoch.Why.HUB_LOST.value)
        return Outcome("new-epoch", why="hub-lost", ack=ack)
    return Outcome("rewound", why="gap", ack=ack)


def _forked(epoch: Epoch, push: Push, body: Mapping[str, Any]) -> Outcome:
    """The hub has another history under this epoch: a new one, and what is missing comes back."""
    if str(body.get("epoch", "")) != str(epoch.epoch):
        return Outcome("old")
    lower(epoch, min(_number_of(body, "ack"), push.after))
    cut_back(epoch)
    settle_with(_cursors(body))
    open_epoch(Epoch.Why.FORK.value)
    return Outcome("new-epoch", why="fork")


def _cursors(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    value = body.get("cursors")
    return value if isinstance(value, dict) else None
