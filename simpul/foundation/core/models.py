"""Base of every synchronised row, and three small tables every part needs."""

from typing import Any

from django.db import models

from simpul.foundation.core.ids import uuid7


class OwnedModel(models.Model):
    """A row that will be synchronised: one owner for ever, a version, the change that wrote it.

    `owner` is the id of the facility that made the row; only that facility ever writes it.
    `change` is the id of the entry in the change feed that wrote this version: a trigger refuses
    an UPDATE that leaves it as it was, so no write can bypass the feed (see `guards`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.UUIDField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    change = models.UUIDField(editable=False)

    class Meta:
        abstract = True

    #: Name of the attribute that holds the id of the patient this row is about, for routing.
    patient_field: str | None = None
    #: Raised when a release changes the table's columns; `exchange.sync.upcasting` says how older
    #: rows become newer ones.
    schema_version: int = 1


class Counter(models.Model):
    """A number that only goes up, one row a number space; see `counters`."""

    key = models.CharField(primary_key=True, max_length=120)
    value = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


class IdempotencyKey(models.Model):
    """The answer given to a write, remembered so that a repeat gets the same; see `idempotency`."""

    id = models.BigAutoField(primary_key=True)
    account = models.UUIDField()
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="one_answer_a_key")]

    def __str__(self) -> str:
        return self.key


class NodeState(models.Model):
    """Facts about this installation itself: its node id, and what the hub will add later."""

    key = models.CharField(primary_key=True, max_length=60)
    value = models.TextField()

    def __str__(self) -> str:
        return self.key


def row_values(row: models.Model, fields: tuple[str, ...] | None = None) -> dict[str, Any]:
    """Return the stored values of a row by column attribute, ready for JSON.

    `fields` limits to some attributes (attname, for example `unit_id`); None means all.
    """
    values: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if fields is not None and field.attname not in fields and field.name not in fields:
            continue
        value = getattr(row, field.attname)
        if value is None or isinstance(value, str | int | float | bool | dict | list):
            values[field.attname] = value
        elif hasattr(value, "isoformat"):
            values[field.attname] = value.isoformat()
        else:
            values[field.attname] = str(value)
    return values
