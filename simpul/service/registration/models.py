"""A visit (FHIR Encounter)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel
from simpul.foundation.facilities.models import Cluster
from simpul.service.patients.models import Patient


class EncounterStatus(models.TextChoices):
    """FHIR encounter-status, the four this house uses."""

    ARRIVED = "arrived", _("Terdaftar")
    IN_PROGRESS = "in-progress", _("Dilayani")
    FINISHED = "finished", _("Selesai")
    CANCELLED = "cancelled", _("Dibatalkan")


class Payer(models.TextChoices):
    """Who pays for the visit."""

    BPJS = "bpjs", _("BPJS")
    GENERAL = "umum", _("Umum")
    FREE = "gratis", _("Gratis")
    OTHER = "lain", _("Lain")


class Priority(models.TextChoices):
    """Who goes first in a queue, most urgent first."""

    EMERGENCY = "1-emergency", _("Gawat")
    PRIORITY = "2-priority", _("Prioritas")
    ROUTINE = "3-routine", _("Biasa")


class PriorityReason(models.TextChoices):
    """Why somebody goes before others; decided at registration and kept."""

    EMERGENCY = "emergency", _("gawat")
    PREGNANT = "pregnant", _("hamil")
    ELDERLY = "elderly", _("lansia")
    DISABILITY = "disability", _("disabilitas")
    UNDER_FIVE = "under-five", _("balita")
    #: A person at the counter chose it.
    CHOSEN = "chosen", _("prioritas")


class Encounter(OwnedModel):
    """One visit of one patient, from the counter to the filed record."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="encounters")
    status = models.CharField(
        max_length=12, choices=EncounterStatus.choices, default=EncounterStatus.ARRIVED
    )
    registration_number = models.CharField(max_length=24)
    service_date = models.DateField()
    period_start = models.DateTimeField()
    period_end = models.DateTimeField(null=True, blank=True)
    payer = models.CharField(max_length=8, choices=Payer.choices)
    complaint = models.CharField(max_length=300, blank=True)
    priority = models.CharField(max_length=12, choices=Priority.choices, default=Priority.ROUTINE)
    priority_reason = models.CharField(max_length=12, choices=PriorityReason.choices, blank=True)
    pregnant = models.BooleanField(null=True)
    #: None: nobody said.
    disability = models.BooleanField(null=True)
    unit = models.CharField(max_length=20)
    cluster = models.CharField(max_length=6, choices=Cluster.choices)
    suggested_unit = models.CharField(max_length=20, blank=True)
    suggestion_rule = models.CharField(max_length=40, blank=True)
    suggestion_reason = models.CharField(max_length=160, blank=True)
    override_reason = models.CharField(max_length=160, blank=True)
    cancel_reason = models.CharField(max_length=160, blank=True)
    registered_by = models.UUIDField()

    patient_field = "patient_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "registration_number"], name="one_encounter_a_number"
            )
        ]
        indexes = [
            models.Index(fields=["patient", "-period_start"], name="encounter_of_patient"),
            models.Index(fields=["owner", "service_date"], name="encounter_of_day"),
        ]

    def __str__(self) -> str:
        return self.registration_number
