"""Every table whose rows are synchronised, with a way to fill one row of it."""

import uuid
from datetime import UTC, date, datetime, time
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.models import OwnedModel

OWNED = sorted(
    (
        model
        for model in apps.get_models()
        if issubclass(model, OwnedModel) and not model._meta.abstract
    ),
    key=lambda model: model._meta.label,
)


def table_of(model: type[models.Model]) -> str:
    """Return the name of a model's table."""
    return model._meta.db_table


def put_row(model: type[models.Model]) -> uuid.UUID:
    """Insert one row with made-up values by plain SQL and return its id.

    What the row refers to is not there: foreign keys are checked at the commit, and the caller's
    transaction never gets that far.
    """
    made = uuid7()
    fields = list(model._meta.concrete_fields)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    values = [
        field.get_db_prep_save(made if field.primary_key else made_up(field), connection)
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table_of(model)} ({columns}) VALUES ({marks})", values)
    return made


def made_up(field: models.Field[Any, Any]) -> object:
    """Return any value this field can hold."""
    if isinstance(field, models.UUIDField | models.ForeignKey):
        return uuid7()
    if isinstance(field, models.DateTimeField):
        return datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return date(2026, 1, 2)
    if isinstance(field, models.TimeField):
        return time(3, 4)
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, models.CharField | models.TextField):
        return "x"
    return 1


def run_refused(statement: str, values: list[object] | None = None) -> str:
    """Run a statement that a trigger must refuse; return the trigger's sentence."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values or [])
    except Exception as refusal:
        return str(refusal)
    raise AssertionError(f"not refused: {statement}")


def as_bound(value: uuid.UUID) -> object:
    """Return an id as the driver of the database in use takes it."""
    return value if connection.vendor == "postgresql" else value.hex
