"""The tables of a house, their rows as plain values, and a digest that is the same on both sides.

SQLite and PostgreSQL store the same value differently (an id as 32 letters or as a uuid, an instant
as text or as a timestamp), and sort text differently. So a row is compared as the values Django
reads, and a table by the sum of its rows' hashes, which does not depend on any order.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import JSONField

CHUNK = 2000
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True)
class Table:
    """One table: its model and the fields that are stored in it."""

    model: type[models.Model]
    fields: tuple[Any, ...]

    @property
    def name(self) -> str:
        """What the database calls it."""
        return str(self.model._meta.db_table)

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns, in the order of the fields."""
        return tuple(str(field.column) for field in self.fields)

    def count(self, alias: str) -> int:
        """How many rows there are."""
        return self.model._base_manager.using(alias).count()

    def rows(self, alias: str) -> Iterator[tuple[Any, ...]]:
        """Read every row, a few at a time."""
        names = [field.attname for field in self.fields]
        rows = self.model._base_manager.using(alias).order_by().values_list(*names)
        yield from rows.iterator(chunk_size=CHUNK)


class Digest:
    """How many rows went by, and the sum of their hashes."""

    def __init__(self) -> None:
        self.rows = 0
        self.total = 0

    def add(self, row: Sequence[Any]) -> None:
        """Take one row in."""
        self.rows += 1
        self.total += int.from_bytes(row_hash(row), "big")

    @property
    def text(self) -> str:
        """Return the digest as it is shown and compared."""
        return f"{self.total % 2**256:064x}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Digest) and (self.rows, self.text) == (other.rows, other.text)

    __hash__ = None  # type: ignore[assignment]


def row_hash(row: Sequence[Any]) -> bytes:
    """Return the hash of one row's values."""
    return hashlib.sha256(_canonical([_plain(value) for value in row]).encode()).digest()


def _plain(value: Any) -> Any:
    """Return a value in one form; the kind is kept, so that 1 and "1" differ."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return ["at", moment.isoformat(timespec="microseconds")]
    if isinstance(value, date | time):
        return ["on", value.isoformat()]
    if isinstance(value, Decimal):
        return ["number", str(value)]
    if isinstance(value, bytes | bytearray | memoryview):
        return ["bytes", bytes(value).hex()]
    if isinstance(value, dict | list | float):
        return ["value", value]
    return [type(value).__name__, str(value)]


def house_tables() -> list[Table]:
    """Return every table of the program's models, those of libraries included."""
    found: dict[str, Table] = {}
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if not meta.managed or meta.proxy or meta.db_table in found:
            continue
        fields = tuple(f for f in meta.local_concrete_fields if not getattr(f, "generated", False))
        found[meta.db_table] = Table(model, fields)
    return [found[name] for name in sorted(found)]


def is_json(field: Any) -> bool:
    """Does the field hold a JSON value?"""
    return isinstance(field, JSONField)
