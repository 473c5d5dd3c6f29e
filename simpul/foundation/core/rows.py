"""Rows in and out without building the same statement anew each time.

Django compiles a statement on every call: for a table of thirty columns that costs more than the
database itself (measured: 0.9 ms of CPU for one row by key against 0.14 ms here; ADR 0007). The
paths that every visit takes use these functions; everything else uses the ORM. Values go through
the fields' own converters, so a row read here is the same object the ORM would give.
"""

import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

M = TypeVar("M", bound=models.Model)

#: Most rows of one INSERT; SQLite allows 32,766 bound values in one statement.
ROWS_A_STATEMENT = 200


#: How a value goes in, or comes out, without a chain of calls.
Convert = Callable[[Any], Any]


def _database() -> BaseDatabaseWrapper:
    """This thread's connection itself; its proxy looks it up anew for each attribute."""
    return connections["default"]


@lru_cache(maxsize=256)
def _reading(
    model: type[models.Model], vendor: str
) -> tuple[str, list[str], list[tuple[int, Convert]]]:
    """Return the SELECT text of a table, its attribute names, and the converters by place."""
    database = _database()
    fields = model._meta.concrete_fields
    columns = ", ".join(f"t.{database.ops.quote_name(str(field.column))}" for field in fields)
    converters = []
    for place, field in enumerate(fields):
        # The kind of what a foreign key points at.
        kind = type(getattr(field, "target_field", field))
        simple = _OUT_OF_SQLITE.get(kind) if vendor == "sqlite" else None
        convert = simple or _converted(field, model, database)
        if convert is not None:
            converters.append((place, convert))
    names = [field.attname for field in fields]
    return f"SELECT {columns} FROM {model._meta.db_table} t", names, converters


def _converted(
    field: "models.Field[Any, Any]", model: type[models.Model], database: BaseDatabaseWrapper
) -> Convert | None:
    """Return the field's own converters as one function; None where the value stays as it is."""
    expression = field.get_col(model._meta.db_table)
    chain = [*database.ops.get_db_converters(expression), *field.get_db_converters(database)]

    def convert(value: Any) -> Any:
        for one in chain:
            value = one(value, expression, _database())
        return value

    return convert if chain else None


def fetch_all(model: type[M], condition: str, values: Sequence[object] = ()) -> list[M]:
    """Return the rows of `SELECT … FROM table t <condition>`.

    `condition` is a constant of the calling module (`WHERE t.id = %s …`); what comes from
    outside is always bound through `values`.
    """
    database = _database()
    select, names, converters = _reading(model, database.vendor)
    with database.cursor() as cursor:
        cursor.execute(f"{select} {condition}", bound_all(values, database.vendor))
        found = cursor.fetchall()
    rows = []
    for raw in found:
        row = list(raw)
        for place, convert in converters:
            row[place] = convert(row[place])
        rows.append(model.from_db(database.alias, names, row))
    return rows


def fetch_one(model: type[M], condition: str, values: Sequence[object] = ()) -> M | None:
    """Return the first row of `fetch_all`, or None."""
    rows = fetch_all(model, f"{condition} LIMIT 1", values)
    return rows[0] if rows else None


def fetch_values(
    statement: str, kinds: str, values: Sequence[object] = ()
) -> list[tuple[Any, ...]]:
    """Return the tuples of a statement that joins several tables.

    `kinds` has one letter a column: u UUID, t instant, d date, b yes/no, j JSON, - as it comes. The
    statement is a constant of the calling module; what comes from outside is bound.
    """
    database = _database()
    with database.cursor() as cursor:
        cursor.execute(statement, bound_all(values, database.vendor))
        found = cursor.fetchall()
    if database.vendor == "postgresql":
        if "j" not in kinds:
            return list(found)
        kinds = "".join(kind if kind == "j" else "-" for kind in kinds)  # the rest is right
    convert = [(place, _FROM_SQLITE[kind]) for place, kind in enumerate(kinds) if kind != "-"]
    rows = []
    for raw in found:
        row = list(raw)
        for place, read in convert:
            row[place] = read(row[place])
        rows.append(tuple(row))
    return rows


def as_uuid(value: Any) -> Any:
    """Return an id as it was stored as a UUID; None stays."""
    if isinstance(value, uuid.UUID):
        return value
    # From its 32 digits, which the database keeps: `UUID(text)` first looks for other spellings.
    try:
        return None if value is None else uuid.UUID(int=int(value, 16))
    except ValueError:  # a column that keeps the dashes
        return uuid.UUID(value)


def as_instant(value: Any) -> Any:
    """Return an instant as it was stored as a datetime with its zone; None stays."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if value is None or value.tzinfo is not None:
        return value
    return value.replace(tzinfo=UTC)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _yes(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _json(value: Any) -> Any:
    # Django lets PostgreSQL give JSON as text too, and reads it itself.
    return json.loads(value) if isinstance(value, str) else value


_FROM_SQLITE: dict[str, Convert] = {"u": as_uuid, "t": as_instant, "d": _day, "b": _yes, "j": _json}
#: By kind of field, what its converters come down to. Subclasses take the field's own.
_OUT_OF_SQLITE: dict[type, Convert] = {
    models.UUIDField: as_uuid,
    models.DateTimeField: as_instant,
    models.DateField: _day,
    models.BooleanField: _yes,
}


def bound(value: object) -> Any:
    """Return a value as the database driver takes it."""
    return bound_all([value], _database().vendor)[0]


def bound_all(values: Sequence[object], vendor: str) -> list[Any]:
    """Return values as the driver of this kind of database takes them."""
    if vendor == "postgresql":
        return list(values)
    return [
        value.hex
        if isinstance(value, uuid.UUID)
        else _stored_instant(value)
        if isinstance(value, datetime)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for value in values
    ]


def _stored_instant(value: datetime) -> str:
    # The very text Django writes: UTC, without the zone.
    return str(value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value)


def _stored_text(value: Any) -> Any:
    # A member of a TextChoices is a str with a name; the drivers want the text alone.
    return value if value is None or type(value) is str else str(value)


#: By kind of field, how a value of the right type goes into SQLite.
_INTO_SQLITE: dict[type, tuple[type, Convert]] = {
    models.UUIDField: (uuid.UUID, lambda value: value.hex),
    models.DateTimeField: (datetime, _stored_instant),
    models.DateField: (date, date.isoformat),
    models.JSONField: (dict, json.dumps),
    models.BooleanField: (bool, bool),
    models.IntegerField: (int, int),
    models.BigIntegerField: (int, int),
    models.PositiveIntegerField: (int, int),
    models.PositiveSmallIntegerField: (int, int),
    models.SmallIntegerField: (int, int),
    models.CharField: (str, _stored_text),
    models.TextField: (str, _stored_text),
}
#: What psycopg takes as it is.
_INTO_POSTGRES: dict[type, tuple[type, Convert]] = {
    kind: (wanted, convert if wanted is str else lambda value: value)
    for kind, (wanted, convert) in _INTO_SQLITE.items()
    if kind is not models.JSONField
}


def _storing(field: "models.Field[Any, Any]", vendor: str) -> Convert:
    """Return how this field's values are bound: at once where that is plain, else by the field."""
    simple = _INTO_SQLITE if vendor == "sqlite" else _INTO_POSTGRES
    kind = type(getattr(field, "target_field", field))
    wanted, convert = simple.get(kind, (None, None))
    if wanted is None or convert is None or getattr(field, "encoder", None):
        return partial(_by_field, field)

    def store(value: Any) -> Any:
        if value is None:
            # For the JSON field that is the JSON null, unless the column may be empty.
            return _by_field(field, value) if wanted is dict else None
        if isinstance(value, wanted) and not (wanted is date and isinstance(value, datetime)):
            return convert(value)
        return _by_field(field, value)

    return store


def _by_field(field: "models.Field[Any, Any]", value: Any) -> Any:
    return field.get_db_prep_save(value, _database())


@lru_cache(maxsize=256)
def _writing(model: type[models.Model], vendor: str) -> tuple[str, list[tuple[str, Convert]], str]:
    """Return the head of the INSERT of a table, its attributes, and one row of placeholders."""
    quote = _database().ops.quote_name
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = f"({', '.join(['%s'] * len(fields))})"
    attributes = [(field.attname, _storing(field, vendor)) for field in fields]
    return f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ", attributes, marks


def insert_rows(rows: Iterable[models.Model]) -> None:
    """Insert rows of one table with as few statements as they need; keys are set by the rows.

    An automatic key is given by the database and not read back.
    """
    waiting = list(rows)
    if not waiting:
        return
    database = _database()
    head, attributes, marks = _writing(type(waiting[0]), database.vendor)
    for start in range(0, len(waiting), ROWS_A_STATEMENT):
        batch = waiting[start : start + ROWS_A_STATEMENT]
        values = [store(getattr(row, name)) for row in batch for name, store in attributes]
        with database.cursor() as cursor:
            cursor.execute(head + ", ".join([marks] * len(batch)), values)
    for row in waiting:
        row._state.adding = False
        row._state.db = database.alias


@lru_cache(maxsize=512)
def _field_storing(field: "models.Field[Any, Any]", vendor: str) -> Convert:
    return _storing(field, vendor)


def update_row(
    row: models.Model, fields: Sequence[models.Field[Any, Any]], *, version: int
) -> bool:
    """Write some fields of a row that is still at `version`; False when it is not."""
    database = _database()
    quote = database.ops.quote_name
    sets = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    values = [
        _field_storing(field, database.vendor)(getattr(row, field.attname)) for field in fields
    ]
    with database.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {sets} WHERE id = %s AND version = %s",
            [*values, *bound_all([row.pk, version], database.vendor)],
        )
        return bool(cursor.rowcount)
