"""A house gets its own rows back from the hub: after a backup was restored, or on an empty machine.

What an earlier life wrote and this one does not have is taken in and noted as being at the hub. A
row that both lives wrote keeps what this life wrote, and is said anew in full, so that the hub
agrees; the other value stays in the hub's log.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import IntegrityError, transaction

from simpul.exchange.sync import state
from simpul.exchange.sync.applying import APPLIED, UNFIT, OnBranch, Taker, Verdict
from simpul.exchange.sync.derived import make_again
from simpul.exchange.sync.epochs import RETURNING, current_epoch, cut_back, node
from simpul.exchange.sync.lines import GENESIS, WireLine, change_of_line
from simpul.exchange.sync.models import Epoch, Kind, Line, Parked
from simpul.exchange.sync.tables import ENVELOPE, find_table
from simpul.exchange.sync.waiting import keep, lines_of, waiting_for
from simpul.exchange.sync.wire import Page, line_from
from simpul.foundation.core.clock import now
from simpul.foundation.core.rows import insert_rows
from simpul.foundation.journal.acts import act, lock_head
from simpul.foundation.journal.models import Change, JournalEntry


@dataclass(frozen=True)
class FeedOutcome:
    """What a page brought: acts taken in, acts put aside, and whether there is more to ask for."""

    applied: int = 0
    parked: int = 0
    more: bool = False


def returning() -> bool:
    """Are own rows missing here that the hub has?"""
    return bool(state.read(RETURNING))


def ask_return() -> None:
    """Own rows are missing here: get them before anything is sent."""
    state.write(RETURNING, 0)


def return_request() -> dict[str, Any]:
    """Return what to ask the hub for: its lines of ours beyond what is known to be there."""
    known = {str(epoch): acked for epoch, acked in Epoch.objects.values_list("epoch", "acked")}
    return {"known": known, "after": state.read_number(RETURNING)}


def take_returned(page: Page, *, at: datetime | None = None) -> FeedOutcome:
    """Take a page of own rows in; what is known here already is only noted as being at the hub."""
    owner = node()
    with transaction.atomic():
        if owner is None or not returning():
            return FeedOutcome()
        if page.head.get("after") != state.read_number(RETURNING):
            return FeedOutcome(more=True)
        lock_head()
        current = current_epoch(locked=True)
        if current is not None:
            cut_back(current)
        back = _Returned(owner, at or now())
        back.take(page.lines)
        has_more = bool(page.head.get("more"))
        if has_more:
            state.write(RETURNING, int(page.head["upto"]))
        else:
            state.remove(RETURNING)
        return FeedOutcome(back.applied, back.parked, has_more)


def retry_returned(parked: Sequence[Parked], owner: uuid.UUID, *, at: datetime) -> int:
    """Try again own acts that were put aside; in a transaction, the journal's head locked."""
    back = _Returned(owner, at)
    back.retry(parked)
    back.finish()
    return back.applied


@dataclass(frozen=True)
class _Act:
    """The lines of one act as the hub numbered them."""

    epoch: uuid.UUID
    lines: list[WireLine]


class _Returned:
    """Own acts coming back in one transaction."""

    def __init__(self, owner: uuid.UUID, at: datetime) -> None:
        self.owner, self.at = owner, at
        self.applied = self.parked = 0
        self._taker = Taker(here=owner)
        self._known: set[uuid.UUID] = set()
        self._taken: list[_Act] = []
        self._tried: set[str] = set()

    def take(self, told: Sequence[dict[str, Any]]) -> None:
        """Take the acts of a page, or put them aside; either way the hub has them."""
        acts = [
            _Act(uuid.UUID(epoch), [line_from(line) for line in lines])
            for (epoch, _id), lines in groupby(told, key=lambda line: (line["ep"], line["tx"]))
        ]
        self._learn([line for act_ in acts for line in act_.lines])
        for one in acts:
            verdict = self._try(one, OnBranch.LEAVE)
            if verdict.state != "applied":
                self.parked += 1
                keep(one.lines, verdict, owner=self.owner, epoch=one.epoch, at=self.at)
        self.finish()
        for one in acts:
            _move_epoch(one, self.at)

    def retry(self, parked: Sequence[Parked]) -> None:
        """Try again acts that were put aside."""
        acts = [(one, _Act(one.epoch, lines_of(one)[1])) for one in parked]
        self._learn([line for _one, act_ in acts for line in act_.lines])
        for one, act_ in acts:
            if self._try(act_, OnBranch.SKIP).state == "applied":
                Parked.objects.filter(id=one.id).update(settled_at=self.at)

    def finish(self) -> None:
        """Try what waited for what came; keep the history; say anew what both lives wrote."""
        while fresh := self._taker.touched - self._tried:
            self._tried |= fresh
            make_again(fresh, own=True)
            self.retry([one for one in waiting_for(fresh) if one.lines[0] == str(self.owner)])
        self._taker.finish()
        _note_history(self._taken, self._known, self._taker)
        self._taken = []
        for entity, row in sorted(self._taker.branched, key=str):
            restate(entity, row, owner=self.owner)
        self._taker.branched.clear()

    def _learn(self, lines: list[WireLine]) -> None:
        """Look up which of these lines this installation wrote, or got, before."""
        cids = [line.cid for line in lines]
        changes = Change.objects.filter(change__in=cids)
        entries = Line.objects.filter(cid__in=cids, kind=Kind.ENTRY)
        self._known |= set(changes.values_list("change", flat=True))
        self._known |= set(entries.values_list("cid", flat=True))
        self._taker.look_up(line for line in lines if line.cid not in self._known)

    def _try(self, one: _Act, on_branch: OnBranch) -> Verdict:
        fresh = [line for line in one.lines if line.cid not in self._known]
        verdict = APPLIED
        if fresh:
            verdict = self._taker.take(
                fresh, owner=self.owner, epoch=one.epoch, on_branch=on_branch
            )
        if verdict.state == "applied":
            self.applied += bool(fresh)
            self._taken.append(one)
        return verdict


def _move_epoch(one: _Act, at: datetime) -> None:
    """Note that the hub has an epoch up to the end of this act."""
    last = one.lines[-1]
    row = _epoch(one.epoch, at)
    if last.seq > row.seq:
        row.seq, row.hash = last.seq, last.hash
    row.acked, row.acked_at = max(row.acked, last.seq), at
    row.save(update_fields=["seq", "hash", "acked", "acked_at"])


def _epoch(epoch: uuid.UUID, at: datetime) -> Epoch:
    row, _is_new = Epoch.objects.get_or_create(
        epoch=epoch,
        defaults={
            "why": Epoch.Why.RETURNED.value,
            "opened_at": at,
            "is_current": False,
            "hash": GENESIS,
        },
    )
    return row


def _note_history(acts: Sequence[_Act], known: set[uuid.UUID], taker: Taker) -> None:
    """Keep what came back in feed and journal, under the numbers it has at the hub."""
    lines = [line for one in acts for line in one.lines]
    insert_rows(
        change_of_line(line)
        for line in lines
        if line.kind == Kind.CHANGE.value and line.body and line.cid not in known
    )
    sources = _sources([line.cid for line in lines], taker)
    for one in acts:
        row = _epoch(one.epoch, now())
        there = Line.objects.filter(epoch=row, seq__in=[line.seq for line in one.lines])
        taken = set(there.values_list("seq", flat=True))
        insert_rows(
            Line(
                epoch=row,
                seq=line.seq,
                kind=line.kind,
                source=sources[line.cid],
                act_id=line.act_id,
                cid=line.cid,
                hash=line.hash,
            )
            for line in one.lines
            if line.cid in sources and line.seq not in taken
        )


def _sources(cids: list[uuid.UUID], taker: Taker) -> dict[uuid.UUID, int]:
    """Return where each line lies here: its id in the change feed, or in the journal."""
    found = dict(Change.objects.filter(change__in=cids).values_list("change", "id"))
    noted = Line.objects.filter(cid__in=cids, kind=Kind.ENTRY)
    found.update(noted.values_list("cid", "source"))
    wanted = {cid: taker.places[cid] for cid in cids if cid in taker.places}
    by_book: dict[uuid.UUID, list[int]] = {}
    for book, seq in wanted.values():
        by_book.setdefault(book, []).append(seq)
    ids: dict[tuple[uuid.UUID, int], int] = {}
    for book, places in by_book.items():
        rows = JournalEntry.objects.filter(node=book, seq__in=places)
        ids.update({(book, seq): id_ for seq, id_ in rows.values_list("seq", "id")})
    found.update({cid: ids[place] for cid, place in wanted.items() if place in ids})
    return found


def restate(entity: str, row: uuid.UUID, *, owner: uuid.UUID) -> bool:
    """Say a row of this house in full, as a new version; False when there is none to say."""
    table = find_table(entity)
    found = table.model._default_manager.filter(pk=row, owner=owner).first() if table else None
    if table is None or found is None:
        return False
    try:
        with act(by=None, facility=owner) as this:
            this.update(found, *(name for name in table.columns if name not in ENVELOPE))
            this.record("restated", subject=f"{entity}:{row}"[:60])
    except (IntegrityError, *UNFIT):
        return False  # a history that is written once: there is no newer version of it
    return True
