"""What a facility knows of its conversation with the district: where it stands, line by line.

Nothing here is synchronised itself. Rows that came back from the hub get lines too, so that this
installation knows what the hub has even when it did not send it in this life.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SyncState(models.Model):
    """A fact about this installation's conversation with its hub; see `state`."""

    key = models.CharField(primary_key=True, max_length=60)
    value = models.TextField()

    def __str__(self) -> str:
        return self.key


class Epoch(models.Model):
    """One unbroken numbering of what this installation sends.

    A new one begins when the hub knows another history under the old one: this installation came
    back from a backup, or two machines were made from one disk.
    """

    class Why(models.TextChoices):
        """What made it begin."""

        FIRST = "first", _("hubungan pertama")
        FORK = "fork", _("riwayat di Dinas berbeda")
        HUB_LOST = "hub-lost", _("Dinas dipulihkan dari cadangan lama")
        ASKED = "asked", _("diminta petugas")
        RETURNED = "returned", _("diambil kembali dari Dinas")

    id = models.BigAutoField(primary_key=True)
    epoch = models.UUIDField(unique=True)
    why = models.CharField(max_length=10, choices=Why.choices)
    opened_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)
    #: The last number given, and the hash of its line.
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    #: How far change feed and journal have been numbered (their own ids).
    change_mark = models.BigIntegerField(default=0)
    entry_mark = models.BigIntegerField(default=0)
    #: The highest number of this epoch that the hub said it has.
    acked = models.BigIntegerField(default=0)
    acked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=models.Q(is_current=True),
                name="one_epoch_is_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.epoch}@{self.seq}"


class Kind(models.TextChoices):
    """What a line carries."""

    CHANGE = "c", _("perubahan baris")
    ENTRY = "j", _("catatan jurnal")


class Line(models.Model):
    """The number a change or a journal entry got in an epoch, and the chain's hash there."""

    id = models.BigAutoField(primary_key=True)
    epoch = models.ForeignKey(Epoch, on_delete=models.PROTECT, db_index=False, related_name="+")
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=1, choices=Kind.choices)
    #: The id in `journal_change` or `journal_journalentry`.
    source = models.BigIntegerField()
    act_id = models.UUIDField(db_index=True)
    cid = models.UUIDField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["epoch", "seq"], name="one_line_a_seq"),
        ]
        indexes = [models.Index(fields=["source", "kind"], name="line_by_source")]

    def __str__(self) -> str:
        return f"{self.epoch_id}:{self.seq}"


class Receipt(models.Model):
    """The hub said that it has everything of an epoch up to here."""

    id = models.BigAutoField(primary_key=True)
    epoch = models.ForeignKey(Epoch, on_delete=models.PROTECT, db_index=False, related_name="+")
    seq = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["epoch", "seq"], name="receipt_by_seq")]

    def __str__(self) -> str:
        return f"{self.epoch_id}<={self.seq}"


class Side(models.TextChoices):
    """Where something waits."""

    HUB = "hub", _("di Dinas")
    HERE = "here", _("di sini")


class Parked(models.Model):
    """An act that was received but could not be taken in yet: at the hub (a mirror), or here."""

    id = models.BigAutoField(primary_key=True)
    side = models.CharField(max_length=4, choices=Side.choices)
    epoch = models.UUIDField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    act_id = models.UUIDField()
    entity = models.CharField(max_length=60, blank=True)
    row = models.UUIDField(null=True)
    why = models.CharField(max_length=20)
    waits_for = models.CharField(max_length=120, blank=True)
    #: What came, as it came; only for what waits here (the hub keeps its own).
    lines = models.JSONField(default=list)
    since = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "parked"
        constraints = [
            models.UniqueConstraint(fields=["side", "epoch", "first"], name="one_parked_a_place")
        ]
        indexes = [
            models.Index(
                fields=["waits_for"],
                name="parked_by_wait",
                condition=models.Q(settled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.why} {self.first}"
