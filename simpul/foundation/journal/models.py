"""The journal (append-only, hash-chained) and the change feed (rows in commit order)."""

from django.db import models

from simpul.foundation.core.ids import uuid7


class JournalEntry(models.Model):
    """One act, or one part of it: who, where, when, on what, how.

    Holds ids, codes and times, never a name or a finding. `seq` runs without a gap for each node;
    `hash` covers all columns and the hash before it. Triggers refuse UPDATE and DELETE.
    """

    id = models.BigAutoField(primary_key=True)
    node = models.UUIDField()
    seq = models.BigIntegerField()
    act_id = models.UUIDField()
    at = models.DateTimeField(db_index=True)
    act = models.CharField(max_length=30)
    facility = models.UUIDField()
    practitioner = models.UUIDField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    patient = models.UUIDField(null=True)
    encounter = models.UUIDField(null=True)
    subject = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "journal entries"
        constraints = [models.UniqueConstraint(fields=["node", "seq"], name="one_entry_a_seq")]
        indexes = [
            models.Index(fields=["encounter"], name="journal_by_encounter"),
            models.Index(fields=["patient", "at"], name="journal_by_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.act}"


class JournalHead(models.Model):
    """Where the chain of this node stands; its row is the lock that puts acts in order."""

    node = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.node}@{self.seq}"


class Operation(models.TextChoices):
    """What a change did to its row."""

    CREATE = "c", "create"
    UPDATE = "u", "update"
    DELETE = "d", "delete"


class Change(models.Model):
    """One written version of one synchronised row.

    Inserted while the journal's head is locked, so `id` order is commit order on both databases.
    `act_id` groups the changes of one act: all of them arrive elsewhere, or none.
    """

    id = models.BigAutoField(primary_key=True)
    change = models.UUIDField(unique=True, default=uuid7)
    act_id = models.UUIDField()
    entity = models.CharField(max_length=60)
    row = models.UUIDField()
    patient = models.UUIDField(null=True)
    operation = models.CharField(max_length=1, choices=Operation.choices)
    row_version = models.PositiveIntegerField()
    schema_version = models.PositiveSmallIntegerField(default=1)
    data = models.JSONField()
    at = models.DateTimeField()
    practitioner = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.entity} {self.row} v{self.row_version}"
