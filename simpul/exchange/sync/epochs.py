"""Numberings: the current one, a new one after a fork, and what the hub has of each.

A feed row is *at the hub* when it has a line, in any epoch, at or below that epoch's `acked`. A new
epoch begins at the lowest feed row that is not, so nothing is sent twice without need and nothing
is left out.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from simpul.exchange.sync import state
from simpul.exchange.sync.lines import GENESIS
from simpul.exchange.sync.models import Epoch, Kind, Line, Receipt
from simpul.foundation.core.clock import now
from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.rows import bound
from simpul.foundation.facilities.models import Facility

#: Keys of the state: which facility this installation speaks for; how far own rows have come back
#: from the hub (absent when nothing is missing).
NODE, RETURNING = "node", "returning"


def node() -> uuid.UUID | None:
    """Return the facility this installation speaks for; None before first start."""
    kept = state.read(NODE)
    if kept:
        return uuid.UUID(kept)
    return Facility.objects.filter(is_here=True).values_list("id", flat=True).first()


def become_node(facility: uuid.UUID) -> None:
    """Speak for this facility from now on: an empty installation is built again from the hub."""
    state.write(NODE, str(facility))


def current_epoch(*, locked: bool = False) -> Epoch | None:
    """Return the numbering in use; locked, so that nobody else numbers meanwhile."""
    rows: QuerySet[Epoch] = Epoch.objects.filter(is_current=True)
    if locked and connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return rows.first()


def open_epoch(why: str, *, at: datetime | None = None) -> Epoch:
    """Begin a new numbering with all that the hub does not have; inside a transaction.

    The lines of the old one that the hub never took are dropped; what they carried gets new ones.
    A new numbering would hide that the hub has another history under the old one, so what it has
    and this installation does not is asked for first.
    """
    old = current_epoch(locked=True)
    if old is not None:
        cut_back(old)
        old.is_current = False
        old.save(update_fields=["is_current"])
        state.write(RETURNING, 0)
    changes, entries = _at_hub_below()
    return Epoch.objects.create(
        epoch=uuid7(),
        why=why,
        opened_at=at or now(),
        hash=GENESIS,
        change_mark=changes,
        entry_mark=entries,
    )


def cut_back(epoch: Epoch) -> None:
    """Take back the numbers the hub has not acknowledged, so that they are given anew."""
    if epoch.seq <= epoch.acked:
        return
    Line.objects.filter(epoch=epoch, seq__gt=epoch.acked).delete()
    Receipt.objects.filter(epoch=epoch, seq__gt=epoch.acked).delete()
    epoch.seq = epoch.acked
    epoch.hash = hash_at(epoch, epoch.acked) or GENESIS
    epoch.change_mark, epoch.entry_mark = _at_hub_below()
    epoch.save(update_fields=["seq", "hash", "change_mark", "entry_mark"])


def hash_at(epoch: Epoch, seq: int) -> str | None:
    """Return the chain's hash at a number; None when this installation no longer has that line."""
    if seq == 0:
        return GENESIS
    if seq == epoch.seq:
        return epoch.hash
    return Line.objects.filter(epoch=epoch, seq=seq).values_list("hash", flat=True).first()


def settle_with(cursors: Mapping[str, object] | None) -> bool:
    """Believe the hub about what it has of the numberings before; True when it lost some of it.

    `cursors` is {epoch: [number, hash]}; None when it did not say. A hub that came back from an
    older backup has less; then what it lost must be numbered anew.
    """
    if cursors is None:
        return False
    has_lost = False
    for epoch in Epoch.objects.filter(is_current=False):
        told = cursors.get(str(epoch.epoch))
        seq, its_hash = told if isinstance(told, list) and len(told) == 2 else (0, GENESIS)
        if not isinstance(seq, int) or seq >= epoch.acked:
            continue
        own_hash = hash_at(epoch, seq)
        lower(epoch, seq if own_hash in (None, its_hash) else 0)
        has_lost = True
    return has_lost


def lower(epoch: Epoch, seq: int) -> None:
    """Claim no more than this of an epoch to be at the hub."""
    epoch.acked = min(epoch.acked, max(seq, 0))
    epoch.save(update_fields=["acked"])
    Receipt.objects.filter(epoch=epoch, seq__gt=epoch.acked).delete()


_BEFORE_FIRST_MISSING = """
SELECT coalesce(
  (SELECT min(f.id) - 1 FROM {table} f WHERE {own} NOT EXISTS (
     SELECT 1 FROM sync_line l JOIN sync_epoch e ON e.id = l.epoch_id
     WHERE l.source = f.id AND l.kind = '{kind}' AND l.seq <= e.acked)),
  (SELECT max(id) FROM {table}), 0)
"""


def _at_hub_below() -> tuple[int, int]:
    """Return the ids of change feed and journal up to which all is at the hub."""
    speaker = node()
    changes = _BEFORE_FIRST_MISSING.format(table="journal_change", own="", kind=Kind.CHANGE.value)
    entries = _BEFORE_FIRST_MISSING.format(
        table="journal_journalentry", own="f.facility = %s AND", kind=Kind.ENTRY.value
    )
    with connection.cursor() as cursor:
        cursor.execute(changes)
        change_mark = int(cursor.fetchone()[0])
        cursor.execute(entries, [bound(speaker)])
        entry_mark = int(cursor.fetchone()[0])
    return change_mark, entry_mark
