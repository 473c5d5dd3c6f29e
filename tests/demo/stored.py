"""Looking into the database a demo has made, beside the program: plain SQLite and the feed."""

import json
import sqlite3
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from simpul.foundation.core.models import OwnedModel


def owned_models() -> list[type[OwnedModel]]:
    """Every model whose rows are synchronised."""
    return [model for model in apps.get_models() if issubclass(model, OwnedModel)]


class Stored:
    """A demo's database, read only."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "simpul.sqlite3"
        self.database = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        self.database.row_factory = sqlite3.Row

    def all(self, statement: str, *values: object) -> list[Any]:
        """Rows of a statement."""
        return self.database.execute(statement, values).fetchall()

    def one(self, statement: str, *values: object) -> Any:
        """The first value of a statement."""
        return self.database.execute(statement, values).fetchone()[0]

    def rows(self, model: type[models.Model]) -> Iterator[dict[str, Any]]:
        """The rows of a model by attribute, as JSON would have them."""
        fields = model._meta.concrete_fields
        for row in self.database.execute(f"SELECT * FROM {model._meta.db_table}"):
            yield {f.attname: as_json(f, row[str(f.column)]) for f in fields}

    def replayed(self) -> dict[str, dict[str, dict[str, Any]]]:
        """What somebody has who got nothing but the change feed."""
        kept: dict[str, dict[str, dict[str, Any]]] = {}
        for change in self.database.execute(
            "SELECT entity, row, operation, row_version, change, data "
            "FROM journal_change ORDER BY id"
        ):
            key, table = as_uuid(change["row"]), kept.setdefault(change["entity"], {})
            values = json.loads(change["data"])
            if change["operation"] == "c":
                assert key not in table, "made twice"
                assert change["row_version"] == 1
                table[key] = values
            else:
                assert change["row_version"] == table[key]["version"] + 1, "a version is missing"
                table[key] |= {
                    **values,
                    "version": change["row_version"],
                    "change": as_uuid(change["change"]),
                }
        return kept


def as_uuid(stored: str) -> str:
    """An id as JSON has it."""
    return str(uuid.UUID(stored))


@cache
def kind_of(field: models.Field[Any, Any]) -> str:
    """What a column holds."""
    if isinstance(field, models.ForeignKey):
        return kind_of(field.target_field)
    return field.get_internal_type()


def as_json(field: models.Field[Any, Any], stored: Any) -> Any:
    """A stored value as the feed has it."""
    if stored is None:
        return None
    match kind_of(field):
        case "UUIDField":
            return as_uuid(stored)
        case "DateTimeField":
            return instant(stored)
        case "JSONField":
            return json.loads(stored)
        case "BooleanField":
            return bool(stored)
        case "DecimalField":
            return Decimal(str(stored))
        case _:
            return stored


def instant(text: str) -> datetime:
    """An instant, however it was written."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def same(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """Values of the feed in the form in which `Stored.rows` gives them."""
    kinds = {f.attname: kind_of(f) for f in model._meta.concrete_fields}
    read = dict(values)
    for name, value in values.items():
        if value is not None and kinds[name] == "DateTimeField":
            read[name] = instant(value)
        elif value is not None and kinds[name] == "DecimalField":
            read[name] = Decimal(value)
    return read
