"""An act: one durable transaction with its rows, its changes and its journal entries.

    with act(by=by) as this:
        this.create(encounter)
        this.record("registered", unit="umum", encounter=encounter.id)

Rows are written at once; journal and feed at the end, under the lock of the journal's head, so
that their order is the order of the commits and the lock is held only for that moment.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Stale
from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.models import OwnedModel, row_values
from simpul.foundation.core.node import node_id
from simpul.foundation.core.rows import bound, fetch_all, insert_rows, update_row
from simpul.foundation.journal.chain import GENESIS, entry_hash
from simpul.foundation.journal.models import Change, JournalEntry, JournalHead, Operation
from simpul.foundation.staff.actor import Actor


@dataclass
class Act:
    """What is being done in this transaction; made by `act`, not directly."""

    facility: uuid.UUID
    practitioner: uuid.UUID | None
    at: datetime
    id: uuid.UUID = field(default_factory=uuid7)
    entries: list[JournalEntry] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def create(self, *rows: OwnedModel) -> None:
        """Insert new rows, owned by this facility, at version 1."""
        for row in rows:
            row.owner, row.version, row.change = self.facility, 1, uuid7()
        for _model, same in groupby(rows, key=type):
            insert_rows(same)
        for row in rows:
            # Only what is stored is in the feed: a caller may catch a refused insert and go on.
            self._note(row, Operation.CREATE, row_values(row))

    def update(self, row: OwnedModel, *fields: str, seen_version: int | None = None) -> None:
        """Write the named fields as a new version of the row.

        Raises Stale when the row is no longer at the version it was read at (or at
        `seen_version`, which a caller carries through a form).
        """
        expected = row.version if seen_version is None else seen_version
        row.version = expected + 1
        row.change = uuid7()
        concrete = [row._meta.get_field(name) for name in ("version", "change", *fields)]
        if not update_row(row, concrete, version=expected):  # type: ignore[arg-type]
            raise_stale(row, expected)
        self._note(row, Operation.UPDATE, row_values(row, fields))

    def delete_link(self, row: OwnedModel) -> None:
        """Delete a row that only links two others; the feed carries the deletion, once.

        Raises Stale when the row was changed or deleted since it was read.
        """
        seen = row.version
        links = type(row)._default_manager.filter(pk=row.pk, version=seen)
        if not links.delete()[0]:
            raise_stale(row, seen)
        row.version, row.change = seen + 1, uuid7()
        self._note(row, Operation.DELETE, row_values(row))

    def record(
        self,
        act: str,
        *,
        unit: str = "",
        patient: uuid.UUID | None = None,
        encounter: uuid.UUID | None = None,
        subject: str = "",
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Say what was done. `detail` holds ids, codes and times; never a name or a finding."""
        self.entries.append(
            JournalEntry(
                act_id=self.id,
                at=self.at,
                act=act,
                facility=self.facility,
                practitioner=self.practitioner,
                unit=unit,
                patient=patient,
                encounter=encounter,
                subject=subject,
                detail=detail or {},
            )
        )

    def _note(self, row: OwnedModel, operation: Operation, data: dict[str, Any]) -> None:
        patient = getattr(row, row.patient_field) if row.patient_field else None
        self.changes.append(
            Change(
                change=row.change,
                act_id=self.id,
                entity=row._meta.label_lower,
                row=row.pk,
                patient=patient,
                operation=operation,
                row_version=row.version,
                schema_version=row.schema_version,
                data=data,
                at=self.at,
                practitioner=self.practitioner,
            )
        )

    def flush(self) -> None:
        """Chain the entries to the journal's head and store entries and changes."""
        if not self.entries and not self.changes:
            return
        head = lock_head()
        for entry in self.entries:
            head.seq += 1
            entry.node = head.node
            entry.seq = head.seq
            entry.previous_hash = head.hash
            entry.hash = head.hash = entry_hash(entry)
        if self.entries:
            insert_rows(self.entries)
            _move_head(head)
        if self.changes:
            insert_rows(self.changes)


@contextmanager
def act(
    *,
    by: Actor | None,
    facility: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Iterator[Act]:
    """Open an act by a person (or, with `by=None`, by the program itself at `facility`)."""
    place = facility if by is None else by.facility_id
    if place is None:
        raise ValueError("an act without a person needs its facility")
    with transaction.atomic():
        this = Act(
            facility=place,
            practitioner=None if by is None else by.practitioner_id,
            at=at or now(),
        )
        yield this
        this.flush()


def lock_head() -> JournalHead:
    """Lock and return this node's head; the first call ever makes it."""
    node = node_id()
    locking = "FOR UPDATE" if connection.features.has_select_for_update else ""
    head = _read_head(node, locking)
    if head is None:
        JournalHead.objects.bulk_create(
            [JournalHead(node=node, seq=0, hash=GENESIS)], ignore_conflicts=True
        )
        head = _read_head(node, locking)
    if head is None:
        raise RuntimeError("the journal has no head")
    return head


def _read_head(node: uuid.UUID, locking: str) -> JournalHead | None:
    rows = fetch_all(JournalHead, f"WHERE t.node = %s {locking}", [node])
    return rows[0] if rows else None


def _move_head(head: JournalHead) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_journalhead SET seq = %s, hash = %s WHERE node = %s",
            [head.seq, head.hash, bound(head.node)],
        )


def raise_stale(row: models.Model, seen: int) -> None:
    """Refuse a write over a newer version, giving both to the caller."""
    current = type(row)._default_manager.filter(pk=row.pk).first()
    raise Stale(
        _(
            "Data ini baru saja diubah orang lain; isian Anda belum disimpan. "
            "Bandingkan, lalu ulangi."
        ),
        "stale_version",
        extra={
            "your_version": seen,
            "current_version": getattr(current, "version", None),
            "current": row_values(current) if current is not None else None,
        },
    )
