"""The synchronised tables as lines name them, and their values as JSON carries them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from simpul.foundation.core.models import OwnedModel

#: What the envelope of a line says itself; the same words in its data are not read again.
ENVELOPE = frozenset({"id", "owner", "version", "change"})
#: What is true only in the house that wrote it: table → column → what others store.
LOCAL: dict[str, dict[str, object]] = {"facilities.facility": {"is_here": False}}

_READ: dict[type, Callable[[str], object]] = {
    models.UUIDField: UUID,
    models.DateTimeField: datetime.fromisoformat,
    models.DateField: date.fromisoformat,
    models.TimeField: time.fromisoformat,
    models.DecimalField: Decimal,
}


@dataclass(frozen=True)
class Column:
    """One column: its name in the data, how a value is read, what it points at."""

    name: str
    field: "models.Field[Any, Any]"
    read: Callable[[str], object] | None
    points_at: type[models.Model] | None


@dataclass(frozen=True)
class Table:
    """A synchronised table: its model and its columns by their name in the data."""

    entity: str
    model: type[OwnedModel]
    columns: dict[str, Column]
    links: tuple[Column, ...]

    def values(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return data as the fields take it; KeyError names what this table does not know."""
        values = {}
        for name, value in data.items():
            column = self.columns[name]
            reads_text = column.read is not None and isinstance(value, str)
            values[name] = column.read(value) if reads_text and column.read else value
        return values

    def is_whole(self, data: dict[str, Any]) -> bool:
        """Does this data say every column of the row?"""
        return self.columns.keys() - ENVELOPE <= data.keys()


@lru_cache(maxsize=256)
def find_table(entity: str) -> Table | None:
    """Return the table a line names; None when this program has no such table."""
    try:
        model = apps.get_model(entity)
    except (LookupError, ValueError):
        return None
    if not issubclass(model, OwnedModel) or model._meta.label_lower != entity:
        return None
    columns = {}
    for field in model._meta.concrete_fields:
        target = field.related_model if field.is_relation else None
        kind = type(getattr(field, "target_field", field))
        columns[field.attname] = Column(
            name=field.attname,
            field=field,
            read=_READ.get(kind),
            points_at=target if isinstance(target, type) else None,
        )
    links = tuple(column for column in columns.values() if column.points_at is not None)
    return Table(entity, model, columns, links)
