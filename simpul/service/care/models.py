"""Signed clinical entries and the coded facts inside them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel
from simpul.service.patients.models import Patient
from simpul.service.registration.models import Encounter


class EntryKind(models.TextChoices):
    """What an entry holds."""

    VITALS = "vitals", _("Tanda vital")
    SOAP = "soap", _("SOAP")
    CONDITION = "condition", _("Diagnosa")
    PROCEDURE = "procedure", _("Tindakan")
    NOTE = "note", _("Catatan tambahan")


class Entry(OwnedModel):
    """One signed entry of a record. Never deleted; a correction names what it `replaces`."""

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="entries")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    body = models.JSONField(default=dict)
    author = models.UUIDField()
    author_name = models.CharField(max_length=120)
    author_role = models.CharField(max_length=20)
    signed_at = models.DateTimeField()
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    revision = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=160, blank=True)
    is_current = models.BooleanField(default=True)
    is_error = models.BooleanField(default=False)

    patient_field = "patient_id"

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["encounter", "kind"], name="entry_of_encounter"),
            models.Index(fields=["patient", "-signed_at"], name="entry_of_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Observation(OwnedModel):
    """One measured value of a vitals entry (LOINC code, UCUM unit)."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="observations")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=9, decimal_places=3)
    unit = models.CharField(max_length=20)

    patient_field = "patient_id"

    def __str__(self) -> str:
        return self.code


class Condition(OwnedModel):
    """One diagnosis: ICD-10 code, what the clinician called it, first = main diagnosis."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="conditions")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=8)
    display = models.CharField(max_length=200)
    edition = models.CharField(max_length=6, blank=True)
    rank = models.PositiveSmallIntegerField(default=1)
    case_type = models.CharField(max_length=8, blank=True)  # new | old | follow

    patient_field = "patient_id"

    def __str__(self) -> str:
        return self.code


class Procedure(OwnedModel):
    """One procedure: ICD-9-CM code, and whether consent was given where it is needed."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="procedures")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=8)
    display = models.CharField(max_length=200)
    needs_consent = models.BooleanField(default=False)
    consent_given = models.BooleanField(null=True)

    patient_field = "patient_id"

    def __str__(self) -> str:
        return self.code
