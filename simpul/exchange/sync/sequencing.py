"""Numbers for what was committed: gapless, in commit order, whole acts, chained by hash.

Change feed and journal are two tables written under one lock, the journal's head. Under the same
lock both are read here, so an act is seen with all of its rows or not at all.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Max

from simpul.exchange.sync.epochs import current_epoch, node, open_epoch
from simpul.exchange.sync.lines import WireLine, line_of_change, line_of_entry
from simpul.exchange.sync.models import Epoch, Kind, Line
from simpul.exchange.sync.wire import number_lines
from simpul.foundation.core.rows import fetch_all, insert_rows
from simpul.foundation.journal.acts import lock_head
from simpul.foundation.journal.models import Change, JournalEntry

#: Rows of each of the two tables that are numbered in one transaction.
AT_ONCE = 500


R = TypeVar("R", Change, JournalEntry)


@dataclass(frozen=True)
class _Act:
    """What one act wrote: its changes, then its journal entries."""

    changes: list[Change]
    entries: list[JournalEntry]


def number_pending(limit: int = AT_ONCE) -> int:
    """Number what was committed since the last time; return how many lines it became."""
    speaker = node()
    if speaker is None:
        return 0
    with transaction.atomic():
        epoch = current_epoch(locked=True) or open_epoch(Epoch.Why.FIRST.value)
        if not _is_something_new(epoch):
            return 0
        lock_head()
        while True:
            start = (epoch.change_mark, epoch.entry_mark)
            pending = _read(epoch, speaker, limit)
            acts = list(pending.in_commit_order())
            if acts or not pending.is_cut:
                break
            limit *= 2  # two acts whose order shows only further on
        numbered = _number(epoch, acts)
        if not pending.is_cut:
            _step_over_the_rest(epoch)
        if start != (epoch.change_mark, epoch.entry_mark):
            epoch.save(update_fields=["seq", "hash", "change_mark", "entry_mark"])
        return numbered


def _is_something_new(epoch: Epoch) -> bool:
    return (
        Change.objects.filter(id__gt=epoch.change_mark).exists()
        or JournalEntry.objects.filter(id__gt=epoch.entry_mark).exists()
    )


def _step_over_the_rest(epoch: Epoch) -> None:
    """Everything of ours is numbered: entries of others' books need not be looked at again."""
    newest = JournalEntry.objects.aggregate(id=Max("id"))["id"]
    epoch.entry_mark = max(epoch.entry_mark, newest or 0)


@dataclass(frozen=True)
class _Pending:
    """What is to be numbered, cut into acts; and whether there may be more of each."""

    changes: list[list[Change]]
    entries: list[list[JournalEntry]]
    more_changes: bool
    more_entries: bool

    @property
    def is_cut(self) -> bool:
        """May there be more beyond these windows?"""
        return self.more_changes or self.more_entries

    def in_commit_order(self) -> Iterator[_Act]:
        """Put the two orders together: an act with rows in both stands at one place in both.

        Stops where the windows do not show yet which of two acts came first.
        """
        changed = {group[0].act_id for group in self.changes}
        noted = {group[0].act_id for group in self.entries}
        c = e = 0
        while c < len(self.changes) or e < len(self.entries):
            change = self.changes[c] if c < len(self.changes) else None
            entry = self.entries[e] if e < len(self.entries) else None
            done = change[0].act_id if change else None
            said = entry[0].act_id if entry else None
            if change and entry and done == said:
                yield _Act(change, entry)
                c, e = c + 1, e + 1
            elif change and done not in noted and (not self.more_entries or said in changed):
                yield _Act(change, [])
                c += 1
            elif entry and said not in changed and (not self.more_changes or done in noted):
                yield _Act([], entry)
                e += 1
            else:
                return


def _read(epoch: Epoch, speaker: uuid.UUID, limit: int) -> _Pending:
    changes = fetch_all(
        Change, "WHERE t.id > %s ORDER BY t.id LIMIT %s", [epoch.change_mark, limit]
    )
    entries = fetch_all(
        JournalEntry,
        "WHERE t.id > %s AND t.facility = %s ORDER BY t.id LIMIT %s",
        [epoch.entry_mark, speaker, limit],
    )
    return _Pending(
        changes=_whole_acts(changes, limit),
        entries=_whole_acts(entries, limit),
        more_changes=len(changes) == limit,
        more_entries=len(entries) == limit,
    )


def _whole_acts(rows: list[R], limit: int) -> list[list[R]]:
    """Cut rows into acts; the last act of a full window may go on beyond it and is left out."""
    acts = [list(group) for _act, group in groupby(rows, key=lambda row: row.act_id)]
    if len(rows) < limit:
        return acts
    if len(acts) > 1:
        return acts[:-1]
    first = rows[0]
    beyond = fetch_all(
        type(first), "WHERE t.id >= %s AND t.act_id = %s ORDER BY t.id", [first.id, first.act_id]
    )
    return [beyond]


def _number(epoch: Epoch, acts: list[_Act]) -> int:
    """Give the acts their numbers and store them; move the epoch's marks past them."""
    known = _at_hub(epoch, acts)
    sources: list[tuple[str, int]] = []
    lines: list[WireLine] = []
    for act in acts:
        for change in act.changes:
            epoch.change_mark = change.id
            if (Kind.CHANGE.value, change.id) not in known:
                sources.append((Kind.CHANGE.value, change.id))
                lines.append(line_of_change(change))
        for entry in act.entries:
            epoch.entry_mark = entry.id
            if (Kind.ENTRY.value, entry.id) not in known:
                sources.append((Kind.ENTRY.value, entry.id))
                lines.append(line_of_entry(entry))
    numbered = number_lines(lines, epoch=epoch.epoch, after=epoch.seq, previous=epoch.hash)
    insert_rows(
        Line(
            epoch=epoch,
            seq=line.seq,
            kind=kind,
            source=source,
            act_id=line.act_id,
            cid=line.cid,
            hash=line.hash,
        )
        for line, (kind, source) in zip(numbered, sources, strict=True)
    )
    if numbered:
        epoch.seq, epoch.hash = numbered[-1].seq, numbered[-1].hash
    return len(numbered)


def _at_hub(epoch: Epoch, acts: list[_Act]) -> set[tuple[str, int]]:
    """Return which of these rows the hub has already, under a number of another epoch."""
    if not Epoch.objects.exclude(id=epoch.id).exists():
        return set()
    found: set[tuple[str, int]] = set()
    for kind, ids in (
        (Kind.CHANGE.value, [row.id for act in acts for row in act.changes]),
        (Kind.ENTRY.value, [row.id for act in acts for row in act.entries]),
    ):
        for start in range(0, len(ids), 500):
            rows = Line.objects.filter(
                kind=kind, source__in=ids[start : start + 500], seq__lte=F("epoch__acked")
            ).exclude(epoch=epoch)
            found |= {(kind, source) for source in rows.values_list("source", flat=True)}
    return found
