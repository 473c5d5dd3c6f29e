"""A resource that came from elsewhere, as it came, and whose it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel
from simpul.service.patients.models import Patient


class RecordState(models.TextChoices):
    """What became of a resource."""

    LINKED = "linked", _("Terhubung ke pasien")
    WAITING = "waiting", _("Menunggu keputusan")
    KEPT = "kept", _("Disimpan seperti aslinya")
    WITHDRAWN = "withdrawn", _("Ditarik pengirim")


class ExternalRecord(OwnedModel):
    """One FHIR resource of another place. `raw` is the resource itself, unchanged.

    `code`, `display`, `text` and `day` are read from it for showing; where reading was wrong, the
    original is still there to be read again.
    """

    source = models.CharField(max_length=80)
    resource_type = models.CharField(max_length=40)
    external_id = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Which Patient resource of the same source it speaks of, where it names one.
    subject = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=RecordState.choices)
    #: Why it waits, for a person.
    why = models.CharField(max_length=200, blank=True)
    day = models.DateField(null=True, blank=True)
    code = models.CharField(max_length=40, blank=True)
    display = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=400, blank=True)
    raw = models.JSONField()
    received_at = models.DateTimeField()
    received_by = models.UUIDField(null=True, blank=True)

    patient_field = "patient_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "source", "resource_type", "external_id"],
                name="one_record_a_resource",
            )
        ]
        indexes = [
            models.Index(fields=["patient", "-day"], name="external_of_patient"),
            models.Index(
                fields=["owner", "resource_type"],
                name="external_waiting",
                condition=models.Q(state="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_type}/{self.external_id}"
