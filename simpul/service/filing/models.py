"""The paper folder of a patient, and each of its movements."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel
from simpul.service.patients.models import Patient


class Whereabouts(models.TextChoices):
    """Where a folder is."""

    SHELF = "shelf", _("Di rak")
    OUT = "out", _("Di unit")
    RECEIVED = "received", _("Diterima, belum disimpan")


class PaperFile(OwnedModel):
    """The folder of one patient. `shelf` is where it belongs; it can move without the number."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="paper_file")
    shelf = models.CharField(max_length=30, blank=True)
    whereabouts = models.CharField(
        max_length=10, choices=Whereabouts.choices, default=Whereabouts.SHELF
    )
    unit = models.CharField(max_length=20, blank=True)
    since = models.DateTimeField()

    patient_field = "patient_id"

    class Meta:
        indexes = [
            models.Index(fields=["owner", "whereabouts", "since"], name="file_by_whereabouts")
        ]

    def __str__(self) -> str:
        return self.whereabouts


class MovementKind(models.TextChoices):
    """What a scan did."""

    SENT = "sent", _("Dikirim")
    RECEIVED = "received", _("Diterima")
    STORED = "stored", _("Disimpan")


class FileMovement(OwnedModel):
    """One movement of a folder: sent to a unit, received back, stored on the shelf."""

    file = models.ForeignKey(PaperFile, on_delete=models.PROTECT, related_name="movements")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=MovementKind.choices)
    unit = models.CharField(max_length=20, blank=True)
    encounter = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.UUIDField()

    patient_field = "patient_id"

    class Meta:
        indexes = [models.Index(fields=["file", "-at"], name="movement_of_file")]

    def __str__(self) -> str:
        return self.kind
