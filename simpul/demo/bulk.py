"""Write many acts at once: rows, change feed and journal, as `act` would have written them.

`act` writes one act a transaction, which is right at a counter and too slow for a year of history.
Here the acts of some days are drafted in memory, put in the order of their instants, chained to
the journal's head and inserted together. What lies in the database afterwards is the same: every
row names the change that wrote it, every change lies in the feed, the chain verifies.

Values are kept as JSON has them (ids and instants as text), because each row is needed in that
form for the feed anyway.
"""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from random import Random
from typing import Any

from django.db import connection, models, transaction

from simpul.foundation.core.models import OwnedModel, row_values
from simpul.foundation.journal.acts import lock_head
from simpul.foundation.journal.chain import entry_hash
from simpul.foundation.journal.models import Change, JournalEntry, JournalHead

Values = dict[str, Any]
_encode = json.JSONEncoder(ensure_ascii=False)


def _dump(value: Any) -> str:
    """Return a value as JSON text; most details of journal entries are empty."""
    return _encode.encode(value) if value else EMPTY[type(value)]


EMPTY: dict[type, str] = {dict: "{}", list: "[]"}


class Table:
    """How rows of one model are turned from JSON values into what the driver takes."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
        self.entity = model._meta.label_lower
        self.name = model._meta.db_table
        self.patient_field: str | None = getattr(model, "patient_field", None)
        self.depth = _depth(model)
        self.columns = [str(f.column) for f in fields]
        self.blank: Values = {f.attname: _blank(f) for f in fields}
        self.pick = itemgetter(*(f.attname for f in fields))
        kinds = [f.get_internal_type() for f in fields]
        targets = [
            f.target_field.get_internal_type() if isinstance(f, models.ForeignKey) else kind
            for f, kind in zip(fields, kinds, strict=True)
        ]
        self.documents = [n for n, kind in enumerate(targets) if kind == "JSONField"]
        self.instants = [f.attname for f, kind in zip(fields, targets, strict=True) if kind == AT]
        #: How each value is bound on SQLite, which keeps ids without dashes and instants without
        #: their zone; it does so quicker than Python would.
        self.marks = [SQLITE_MARKS.get(kind, "%s") for kind in targets]

    def bound(self, values: Values) -> list[Any]:
        """Return a row as the driver takes it."""
        row = list(self.pick(values))
        for n in self.documents:
            row[n] = _dump(row[n])
        return row


AT = "DateTimeField"
SQLITE_MARKS = {"UUIDField": "replace(%s, '-', '')", AT: "replace(substr(%s, 1, 26), 'T', ' ')"}


def _depth(model: type[models.Model]) -> int:
    """How many tables must have their rows before this one."""
    targets = {
        f.related_model
        for f in model._meta.concrete_fields
        if isinstance(f, models.ForeignKey) and f.related_model is not model
    }
    return 1 + max((_depth(target) for target in targets), default=-1)


def _blank(one: models.Field[Any, Any]) -> Any:
    default = one.get_default()
    return default if isinstance(default, bool | int | list | dict | None) else str(default)


@lru_cache(maxsize=64)
def table_of(model: type[models.Model]) -> Table:
    """Return the table of a model."""
    return Table(model)


@dataclass(eq=False, slots=True)
class Row:
    """A synchronised row that is written, or will be at the next flush."""

    table: Table
    values: Values

    @property
    def id(self) -> str:
        """The row's id as text."""
        return str(self.values["id"])

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(slots=True)
class _Line:
    """A journal entry before its place in the chain is known."""

    act_id: str
    at: datetime
    act: str
    facility: str
    practitioner: str | None
    unit: str
    patient: str | None
    encounter: str | None
    subject: str
    detail: dict[str, Any]
    node: uuid.UUID | None = None
    seq: int = 0
    previous_hash: str = ""


@dataclass(eq=False, slots=True)
class Draft:
    """One act being drafted; the same verbs as `Act`."""

    bulk: "Bulk"
    at: datetime
    practitioner: str | None
    id: str
    instant: str  # `at` as it is stored
    lines: list[_Line] = field(default_factory=list)
    changes: list[tuple[Any, ...]] = field(default_factory=list)

    def create(self, model: type[OwnedModel], **values: Any) -> Row:
        """Draft a new row at version 1."""
        table = table_of(model)
        whole = {**table.blank, **values}
        whole["id"] = values.get("id") or self.bulk.new_id(self.at)
        whole["owner"], whole["version"] = self.bulk.facility, 1
        whole["change"] = self.bulk.new_id(self.at)
        row = Row(table, whole)
        self.bulk.inserts.setdefault(table, {})[id(row)] = row
        self._note(row, "c", whole)
        return row

    def update(self, row: Row, **values: Any) -> None:
        """Draft a new version of a row with these values."""
        row.values.update(values)
        row.values["version"] += 1
        row.values["change"] = self.bulk.new_id(self.at)
        if id(row) not in self.bulk.inserts.get(row.table, {}):
            self.bulk.updates.setdefault(row.table, {})[id(row)] = row
        self._note(row, "u", values)

    def _note(self, row: Row, operation: str, data: Values) -> None:
        values, patient_field = row.values, row.table.patient_field
        self.changes.append((
            values["change"], self.id, row.table.entity, values["id"],
            values[patient_field] if patient_field else None,
            operation, values["version"], 1, _dump(data), self.instant, self.practitioner,
        ))  # fmt: skip

    def record(
        self,
        act: str,
        *,
        unit: str = "",
        patient: str | None = None,
        encounter: str | None = None,
        subject: str = "",
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Say what was done."""
        self.lines.append(
            _Line(
                self.id, self.at, act, self.bulk.facility, self.practitioner, unit, patient,
                encounter, subject, detail or {},
            )
        )  # fmt: skip


#: The columns of a journal entry in the order in which `_write_journal` gives them.
LINE_FIELDS = (
    "node", "seq", "act_id", "at", "act", "facility", "practitioner", "unit", "patient",
    "encounter", "subject", "detail", "previous_hash", "hash",
)  # fmt: skip
#: The columns of a change in the order in which `Draft._note` gives them.
CHANGE_FIELDS = (
    "change", "act_id", "entity", "row", "patient", "operation", "row_version",
    "schema_version", "data", "at", "practitioner",
)  # fmt: skip


class Bulk:
    """Drafted acts of one facility, written together by `flush`."""

    def __init__(self, facility: uuid.UUID, rng: Random) -> None:
        self.facility = str(facility)
        self.rng = rng
        self.drafts: list[Draft] = []
        self.inserts: dict[Table, dict[int, Row]] = {}
        self.updates: dict[Table, dict[int, Row]] = {}
        self._millisecond: tuple[datetime | None, str] = (None, "")

    def act(self, at: datetime, practitioner: str | None = None) -> Draft:
        """Open an act at an instant by a person."""
        draft = Draft(
            self, at, practitioner, self.new_id(at), at.isoformat(timespec="microseconds")
        )
        self.drafts.append(draft)
        return draft

    def new_id(self, at: datetime) -> str:
        """Return a UUIDv7 of that instant, the same one for the same seed."""
        if self._millisecond[0] is not at:
            self._millisecond = (at, f"{int(at.timestamp() * 1000):012x}")
        head = self._millisecond[1]
        bits = self.rng.getrandbits(74)
        tail = f"{bits & 0x3FFFFFFFFFFFFFFF | 0x8000000000000000:016x}"
        return f"{head[:8]}-{head[8:]}-7{bits >> 62:03x}-{tail[:4]}-{tail[4:]}"

    def flush(self) -> None:
        """Write what was drafted in one transaction, in the order of the instants."""
        if not self.drafts:
            return
        self.drafts.sort(key=_instant_of)  # stable: acts of one instant stay as drafted
        with transaction.atomic():
            # A row must find what it points at; otherwise SQLite searches for what points at it.
            for table in sorted(self.inserts, key=_depth_of):
                rows = self.inserts[table]
                bound = [table.bound(row.values) for row in rows.values()]
                insert(table, bound)
            for table, rows in self.updates.items():
                _rewrite(table, [table.bound(row.values) for row in rows.values()])
            self._write_journal()
            self._write_feed()
        self.drafts, self.inserts, self.updates = [], {}, {}

    def _write_journal(self) -> None:
        head = lock_head()
        table = table_of(JournalEntry)
        order = [LINE_FIELDS.index(name) for name in table.blank]
        node, rows = str(head.node), []
        for draft in self.drafts:
            for line in draft.lines:
                head.seq += 1
                line.node, line.seq, line.previous_hash = head.node, head.seq, head.hash
                head.hash = entry_hash(line)  # type: ignore[arg-type]
                values = (
                    node, line.seq, line.act_id, draft.instant, line.act, line.facility,
                    line.practitioner, line.unit, line.patient, line.encounter, line.subject,
                    _dump(line.detail), line.previous_hash, head.hash,
                )  # fmt: skip
                rows.append([values[n] for n in order])
        insert(table, rows)
        JournalHead.objects.filter(node=head.node).update(seq=head.seq, hash=head.hash)

    def _write_feed(self) -> None:
        table = table_of(Change)
        order = [CHANGE_FIELDS.index(name) for name in table.blank]
        rows = [[change[n] for n in order] for draft in self.drafts for change in draft.changes]
        insert(table, rows)


def _depth_of(table: Table) -> int:
    return table.depth


def _instant_of(draft: Draft) -> datetime:
    return draft.at


def row_of(instance: OwnedModel) -> Row:
    """Return a stored row, so that an act can bring a new version of it."""
    table, values = table_of(type(instance)), row_values(instance)
    for name in table.instants:
        if values[name] is not None:
            values[name] = getattr(instance, name).isoformat(timespec="microseconds")
    return Row(table, values)


def insert(table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Insert many rows by the fastest way the database has."""
    names = ", ".join(f'"{column}"' for column in table.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        cursor.executemany(
            f'INSERT INTO "{table.name}" ({names}) '  # noqa: S608 - our own names
            f"VALUES ({', '.join(table.marks)})",
            rows,
        )


def _rewrite(table: Table, rows: Iterable[list[Any]]) -> None:
    """Bring stored rows to their newest version."""
    place = table.columns.index("id")
    # The id itself is not written: that would make the database look at all rows that point here.
    values = [[*row[:place], *row[place + 1 :], row[place]] for row in rows]
    marks = table.marks if connection.vendor == "sqlite" else ["%s"] * len(table.marks)
    pairs = list(zip(table.columns, marks, strict=True))
    names = ", ".join(f'"{column}" = {mark}' for column, mark in pairs if column != "id")
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE "{table.name}" SET {names} '  # noqa: S608 - our own names
            f'WHERE "id" = {marks[place]}',
            values,
        )
