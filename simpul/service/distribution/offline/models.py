"""Computers that may work without the server, their numbers, and what they brought back.

None of this is synchronised: a computer, its keys and its outbox belong to this house alone. What
an item became (patient, visit, task) are owned rows of their own steps.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.ids import uuid7


class Device(models.Model):
    """A browser on a computer of the house; it made its own id the first time it was opened.

    `lane` is its lane of numbers (`simpul.domain.lanes`), only where it works at a counter. `salt`
    makes its hashes of NIK and BPJS numbers its own; `box` seals what waits there to be sent, so
    that the next person at the same computer can carry it. Both are made anew after a wipe.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    facility = models.UUIDField()
    name = models.CharField(max_length=60)
    code = models.CharField(max_length=6)
    lane = models.PositiveSmallIntegerField(null=True, unique=True)
    salt = models.CharField(max_length=64)
    box = models.CharField(max_length=64)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    last_account = models.UUIDField(null=True)
    waiting = models.PositiveIntegerField(default=0)
    wipe_asked_at = models.DateTimeField(null=True)
    wipe_asked_by = models.UUIDField(null=True)
    wiped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "code"], name="one_device_a_code")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def must_wipe(self) -> bool:
        """Has the IT person asked for a wipe that the computer has not yet confirmed?"""
        return self.wipe_asked_at is not None


class DeviceUse(models.Model):
    """A person signed in at a computer: from when, and when that ended by signing out.

    `mark` is a digest of the session, never the session's own key.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="uses")
    account = models.UUIDField()
    mark = models.CharField(max_length=64, db_index=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "account", "mark"], name="one_use_a_session_and_device"
            )
        ]
        indexes = [models.Index(fields=["device", "account", "began_at"], name="offline_use")]

    def __str__(self) -> str:
        return str(self.pk)


class NumberBlock(models.Model):
    """Record numbers taken from the house's counter for one computer.

    What it did not use when the next block was taken stays unused for ever: a gap, never a second
    person with a number that may already be on somebody's card.
    """

    id = models.BigAutoField(primary_key=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="blocks")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    #: The highest number that came back in an item.
    used_to = models.BigIntegerField()
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_block_a_device",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


class ItemKind(models.TextChoices):
    """What was written while the server could not be reached."""

    NEW_PATIENT = "patient+visit", _("Pasien baru dan kunjungan")
    VISIT = "visit", _("Kunjungan")
    SOAP_DRAFT = "soap-draft", _("Draf catatan poli")


class OfflineItem(models.Model):
    """What a computer brought back, word for word as it came; never changed, never removed."""

    id = models.UUIDField(primary_key=True, editable=False)
    facility = models.UUIDField()
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=16)
    typed_by = models.UUIDField(null=True)
    #: As the computer said it, whatever its clock was.
    typed_at = models.CharField(max_length=40, blank=True)
    seq = models.BigIntegerField(default=0)
    body = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    carried_by = models.UUIDField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["facility", "received_at"], name="offline_received")]

    def __str__(self) -> str:
        return str(self.pk)


class Status(models.TextChoices):
    """What became of an item."""

    SAVED = "saved", _("Tersimpan")
    HELD = "held", _("Ditahan, perlu diperiksa")
    REFUSED = "refused", _("Belum tersimpan, perlu diperiksa")
    DISCARDED = "discarded", _("Tidak dipakai, dengan alasan")


class OfflineOutcome(models.Model):
    """What became of an item, or what a person decided about it; the newest row counts."""

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(OfflineItem, on_delete=models.PROTECT, related_name="outcomes")
    status = models.CharField(max_length=10, choices=Status.choices)
    code = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=300, blank=True)
    patient = models.UUIDField(null=True)
    encounter = models.UUIDField(null=True, db_index=True)
    ticket = models.CharField(max_length=12, blank=True)
    mrn = models.CharField(max_length=20, blank=True)
    registration = models.CharField(max_length=24, blank=True)
    task = models.UUIDField(null=True)
    decided_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.item_id} {self.status}"
