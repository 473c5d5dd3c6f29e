"""Rows that others wrote, stored exactly as they came: same table, same id, owner and change.

Nothing is merged, because every row has one owner. An act is taken whole or not at all; what cannot
be taken yet says what it waits for. The same code serves the hub (rows of its facilities), the
facility (rows of the hub) and a facility that gets its own rows back.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, InternalError, connection, models, transaction

from simpul.exchange.sync.books import Books
from simpul.exchange.sync.lines import WireLine, entry_of_line
from simpul.exchange.sync.models import Kind
from simpul.exchange.sync.tables import ENVELOPE, LOCAL, Table, find_table
from simpul.exchange.sync.upcasting import TooNew, TooOld, upcast
from simpul.foundation.core.models import OwnedModel
from simpul.foundation.core.rows import bound, insert_rows, update_row
from simpul.foundation.journal.chain import entry_hash

#: What a database says to a row it cannot hold. Not: disk full, or a lock that did not come.
UNFIT = (DataError, InternalError, ValidationError, ValueError, TypeError, ArithmeticError)
IDS_AT_ONCE = 500


class OnBranch(Enum):
    """What to do with a version that is not newer than the one stored (see docs/adr/0018)."""

    #: It is the owner's latest word, after it came back from a backup.
    WRITE = "write"
    #: It was parked and is now overtaken: nothing.
    SKIP = "skip"
    #: It is of an earlier life, and this one has written the row since: keep, and say it anew.
    LEAVE = "leave"


@dataclass(frozen=True)
class Verdict:
    """What became of an act: applied, parked (why, and for what it waits), or rejected."""

    state: str
    why: str = ""
    waits_for: str = ""
    entity: str = ""
    row: uuid.UUID | None = None


APPLIED = Verdict("applied")


class _Refusal(Exception):
    """The act cannot be taken (yet)."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.why)
        self.verdict = verdict


class _Stored(NamedTuple):
    version: int
    change: uuid.UUID
    owner: uuid.UUID


Place = tuple[type[models.Model], uuid.UUID]


def key_of(entity: str, row: uuid.UUID | None) -> str:
    """Return the name under which others wait for a row."""
    return f"{entity}:{row}"


@dataclass(frozen=True)
class _New:
    """A version of a row that came: its table, and its values as the fields take them."""

    line: WireLine
    row: uuid.UUID
    table: Table
    values: dict[str, object]
    is_whole: bool
    says_owner: uuid.UUID | None

    @property
    def key(self) -> str:
        """The name under which others wait for this row."""
        return key_of(self.line.entity, self.row)

    def parked(self, why: str, waits_for: str) -> _Refusal:
        """It cannot be taken yet, and this is why."""
        return _Refusal(Verdict("parked", why, waits_for, self.line.entity, self.row))


def _read_change(line: WireLine) -> _New:
    """Understand a change, in this program's version of its table."""

    def parked(why: str, waits_for: str) -> _Refusal:
        return _Refusal(Verdict("parked", why, waits_for, line.entity, line.row))

    table = find_table(line.entity)
    if line.row is None:
        raise _Refusal(Verdict("rejected", "malformed", entity=line.entity))
    if table is None:
        raise parked("entity", f"entity:{line.entity}")
    try:
        data = upcast(table.model, line.schema_version, line.operation, line.data)
        values = table.values(data)
    except TooNew:
        raise parked("schema", f"schema:{line.entity}:{line.schema_version}") from None
    except TooOld:
        raise parked("too-old", "") from None
    except KeyError:
        raise parked("field", f"schema:{line.entity}") from None
    owner = values.get("owner")
    return _New(
        line=line,
        row=line.row,
        table=table,
        values={name: value for name, value in values.items() if name not in ENVELOPE},
        is_whole=line.operation == "c" or table.is_whole(data),
        says_owner=owner if isinstance(owner, uuid.UUID) else None,
    )


class Taker:
    """Takes acts in, one after the other, in one transaction of the caller."""

    def __init__(
        self,
        *,
        here: uuid.UUID | None,
        is_waiting: Callable[[uuid.UUID], bool] = lambda _row: False,
    ) -> None:
        self.here = here
        #: Names of rows that came or changed: what waits for them can be tried again.
        self.touched: set[str] = set()
        #: Rows an earlier life wrote and this one has written since.
        self.branched: set[tuple[str, uuid.UUID]] = set()
        #: Where each journal entry lies now, by its line: its book and its place there.
        self.places: dict[uuid.UUID, tuple[uuid.UUID, int]] = {}
        self._is_waiting = is_waiting
        self._books = Books()
        self._stored: dict[Place, _Stored | None] = {}
        self._inserts: list[models.Model] = []

    def look_up(self, lines: Iterable[WireLine]) -> None:
        """Read at once what these lines touch and point at, instead of one by one."""
        wanted: dict[type[models.Model], set[uuid.UUID]] = {}
        for line in lines:
            table = find_table(line.entity) if line.kind == Kind.CHANGE.value else None
            if table is None or line.row is None:
                continue
            wanted.setdefault(table.model, set()).add(line.row)
            data = line.data
            for column in table.links:
                value = data.get(column.name)
                if isinstance(value, str) and column.points_at is not None:
                    try:
                        wanted.setdefault(column.points_at, set()).add(uuid.UUID(value))
                    except ValueError:
                        continue
        for model, ids in wanted.items():
            self._read(model, [id_ for id_ in ids if (model, id_) not in self._stored])

    def take(
        self,
        lines: Sequence[WireLine],
        *,
        owner: uuid.UUID,
        epoch: uuid.UUID,
        on_branch: OnBranch,
    ) -> Verdict:
        """Take one act in, all of it or nothing."""
        stored, books = dict(self._stored), self._books.remember()
        touched, branched = set(self.touched), set(self.branched)
        try:
            with transaction.atomic():
                for line in lines:
                    if line.kind == Kind.ENTRY.value:
                        self._take_entry(line, owner, epoch)
                    else:
                        self._take_change(line, owner, on_branch)
                self._insert_pending()
        except _Refusal as refusal:
            verdict = refusal.verdict
        except IntegrityError:
            verdict = Verdict("parked", "unique", entity=lines[0].entity, row=lines[0].row)
        except UNFIT:
            verdict = Verdict("parked", "refused", entity=lines[0].entity, row=lines[0].row)
        else:
            return APPLIED
        self._stored, self.touched, self.branched = stored, touched, branched
        self._inserts.clear()
        self._books.go_back(books)
        return verdict

    def finish(self) -> None:
        """Write what is kept back until the end: where the books stand."""
        self._books.close()

    def _take_entry(self, line: WireLine, owner: uuid.UUID, epoch: uuid.UUID) -> None:
        if not line.body:  # erased by law: only its hash is left
            return
        entry = entry_of_line(line)
        if entry.facility != owner:
            raise _Refusal(Verdict("rejected", "owner", entity=line.entity))
        if entry_hash(entry) != entry.hash:
            raise _Refusal(Verdict("rejected", "hash", entity=line.entity))
        if self._books.place(entry, epoch=epoch):
            self._insert(entry)
        self.places[line.cid] = (entry.node, entry.seq)

    def _take_change(self, line: WireLine, owner: uuid.UUID, on_branch: OnBranch) -> None:
        if not line.body:
            return
        new = _read_change(line)
        now = self._look(new.table.model, new.row)
        if new.says_owner not in (None, owner) or (now is not None and now.owner != owner):
            raise _Refusal(Verdict("rejected", "owner", entity=line.entity, row=new.row))
        if now is not None and now.change == line.cid:
            return
        if not self._is_in_order(new, now) or self._is_overtaken(new, now, on_branch):
            return
        self.touched.add(new.key)
        if line.operation == "d":
            self._delete(new.table, new.row)
        else:
            self._write(new, now, owner)

    def _is_in_order(self, new: _New, now: _Stored | None) -> bool:
        """Is the version before this one stored? False: there is nothing to do at all."""
        if now is None and new.line.operation == "d":
            if self._is_waiting(new.row):
                raise new.parked("missing", new.key)
            return False  # gone already
        if now is None and not new.is_whole:
            raise new.parked("missing", new.key)
        if now is not None and now.version < new.line.row_version - 1 and not new.is_whole:
            raise new.parked("behind", new.key)
        return True

    def _is_overtaken(self, new: _New, now: _Stored | None, on_branch: OnBranch) -> bool:
        """Is a version as new as this one stored already, and shall it stay?"""
        place = (new.line.entity, new.row)
        if now is None:
            return False
        if place in self.branched:
            return True
        if now.version < new.line.row_version or on_branch is OnBranch.WRITE:
            return False
        if on_branch is OnBranch.LEAVE:
            self.branched.add(place)
        return True

    def _write(self, new: _New, now: _Stored | None, owner: uuid.UUID) -> None:
        self._check_links(new)
        line, table = new.line, new.table
        values = new.values
        if owner != self.here:
            values = values | LOCAL.get(line.entity, {})
        instance = table.model(
            id=new.row, owner=owner, version=line.row_version, change=line.cid, **values
        )
        if now is None:
            self._insert(instance)
        else:
            self._insert_pending()
            fields = [table.columns[name].field for name in ("version", "change", *values)]
            update_row(instance, fields, version=now.version)
        self._stored[table.model, new.row] = _Stored(line.row_version, line.cid, owner)

    def _check_links(self, new: _New) -> None:
        """What a row points at must be here: the database would say so only at the commit."""
        for column in new.table.links:
            target, value = column.points_at, new.values.get(column.name)
            if target is None or not isinstance(value, uuid.UUID) or value == new.row:
                continue
            if self._look(target, value) is None:
                raise new.parked("missing", key_of(target._meta.label_lower, value))

    def _look(self, model: type[models.Model], row: uuid.UUID) -> _Stored | None:
        if (model, row) not in self._stored:
            self._read(model, [row])
        return self._stored[model, row]

    def _read(self, model: type[models.Model], ids: list[uuid.UUID]) -> None:
        self._stored.update({(model, id_): None for id_ in ids})
        for start in range(0, len(ids), IDS_AT_ONCE):
            rows = model._base_manager.filter(pk__in=ids[start : start + IDS_AT_ONCE])
            if not issubclass(model, OwnedModel):
                nobody = _Stored(0, uuid.UUID(int=0), uuid.UUID(int=0))
                self._stored.update(
                    {(model, id_): nobody for id_ in rows.values_list("pk", flat=True)}
                )
                continue
            for id_, version, change, owner in rows.values_list("pk", "version", "change", "owner"):
                self._stored[model, id_] = _Stored(version, change, owner)

    def _insert(self, row: models.Model) -> None:
        """Keep an insert until its neighbours of the same table are known."""
        if self._inserts and type(self._inserts[-1]) is not type(row):
            self._insert_pending()
        self._inserts.append(row)

    def _insert_pending(self) -> None:
        rows, self._inserts = self._inserts, []
        insert_rows(rows)

    def _delete(self, table: Table, row: uuid.UUID) -> None:
        self._insert_pending()
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table.model._meta.db_table} WHERE id = %s",  # noqa: S608
                [bound(row)],
            )
        self._stored[table.model, row] = None
