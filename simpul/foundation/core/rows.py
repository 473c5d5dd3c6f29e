"""Rows in and out without building the same statement anew each time.

Django compiles a statement on every call: for a table of thirty columns that costs more than the
database itself (measured: 0.9 ms of CPU for one row by key against 0.14 ms here; ADR 0007). The
paths that every visit takes use these functions; everything else uses the ORM. Values go through
the fields' own converters, so a row read here is the same object the ORM would give.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)

#: Most rows of one INSERT; SQLite allows 32,766 bound values in one statement.
ROWS_A_STATEMENT = 200


@lru_cache(maxsize=256)
def _reading(model: type[models.Model], vendor: str) -> tuple[str, list[str], list[Any]]:
    """Return the SELECT text of a table, its attribute names, and the converters by place."""
    fields = model._meta.concrete_fields
    columns = ", ".join(f"t.{connection.ops.quote_name(str(field.column))}" for field in fields)
    converters = []
    for place, field in enumerate(fields):
        expression = field.get_col(model._meta.db_table)
        found = [
            *connection.ops.get_db_converters(expression),
            *field.get_db_converters(connection),
        ]
        if found:
            converters.append((place, found, expression))
    names = [field.attname for field in fields]
    return f"SELECT {columns} FROM {model._meta.db_table} t", names, converters


def fetch_all(model: type[M], condition: str, values: Sequence[object] = ()) -> list[M]:
    """Return the rows of `SELECT … FROM table t <condition>`.

    `condition` is a constant of the calling module (`WHERE t.id = %s …`); what comes from
    outside is always bound through `values`.
    """
    select, names, converters = _reading(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f"{select} {condition}", [bound(value) for value in values])
        found = cursor.fetchall()
    rows = []
    for raw in found:
        row = list(raw)
        for place, chain, expression in converters:
            value = row[place]
            for convert in chain:
                value = convert(value, expression, connection)
            row[place] = value
        rows.append(model.from_db(connection.alias, names, row))
    return rows


def fetch_one(model: type[M], condition: str, values: Sequence[object] = ()) -> M | None:
    """Return the first row of `fetch_all`, or None."""
    rows = fetch_all(model, f"{condition} LIMIT 1", values)
    return rows[0] if rows else None


def fetch_values(
    statement: str, kinds: str, values: Sequence[object] = ()
) -> list[tuple[Any, ...]]:
    """Return the tuples of a statement that joins several tables.

    `kinds` has one letter a column: u UUID, t instant, d date, b yes/no, - as it comes. The
    statement is a constant of the calling module; what comes from outside is bound.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [bound(value) for value in values])
        found = cursor.fetchall()
    if connection.vendor == "postgresql":
        return list(found)
    convert = [(place, _FROM_SQLITE[kind]) for place, kind in enumerate(kinds) if kind != "-"]
    rows = []
    for raw in found:
        row = list(raw)
        for place, read in convert:
            if row[place] is not None:
                row[place] = read(row[place])
        rows.append(tuple(row))
    return rows


def _instant(value: Any) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    aware: datetime = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return aware


def _day(value: Any) -> date:
    day: date = date.fromisoformat(value) if isinstance(value, str) else value
    return day


_FROM_SQLITE: dict[str, Any] = {"u": uuid.UUID, "t": _instant, "d": _day, "b": bool}


def bound(value: object) -> Any:
    """Return a value as the database driver takes it."""
    if connection.vendor == "postgresql":
        return value
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


@lru_cache(maxsize=256)
def _writing(model: type[models.Model], vendor: str) -> tuple[str, list[Any], str]:
    """Return the head of the INSERT of a table, its fields, and one row of placeholders."""
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    marks = f"({', '.join(['%s'] * len(fields))})"
    return f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ", fields, marks


def insert_rows(rows: Iterable[models.Model]) -> None:
    """Insert rows of one table with as few statements as they need; keys are set by the rows.

    An automatic key is given by the database and not read back.
    """
    waiting = list(rows)
    if not waiting:
        return
    head, fields, marks = _writing(type(waiting[0]), connection.vendor)
    for start in range(0, len(waiting), ROWS_A_STATEMENT):
        batch = waiting[start : start + ROWS_A_STATEMENT]
        values = [
            field.get_db_prep_save(getattr(row, field.attname), connection)
            for row in batch
            for field in fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(head + ", ".join([marks] * len(batch)), values)
    for row in waiting:
        row._state.adding = False
        row._state.db = connection.alias


def update_row(
    row: models.Model, fields: Sequence[models.Field[Any, Any]], *, version: int
) -> bool:
    """Write some fields of a row that is still at `version`; False when it is not."""
    sets = ", ".join(f"{connection.ops.quote_name(str(field.column))} = %s" for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {sets} WHERE id = %s AND version = %s",
            [*values, bound(row.pk), version],
        )
        return bool(cursor.rowcount)
