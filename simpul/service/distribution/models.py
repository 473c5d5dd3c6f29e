"""The hand-over of a record to a unit, and the ticket the patient holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel
from simpul.service.patients.models import Patient
from simpul.service.registration.models import Encounter, Priority


class Ticket(OwnedModel):
    """The number a patient holds; it stays with the patient through redirections."""

    encounter = models.OneToOneField(Encounter, on_delete=models.PROTECT, related_name="ticket")
    service_date = models.DateField()
    prefix = models.CharField(max_length=2)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "service_date", "prefix", "number"], name="one_ticket_a_number"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as it is printed and called: A07."""
        return ticket_label(self.prefix, self.number)


def ticket_label(prefix: str, number: int) -> str:
    """Return a ticket's number as people read it: letter and at least two digits."""
    return f"{prefix}{number:02d}"


class Stage(models.TextChoices):
    """How far the record came in this unit."""

    SAVED = "saved", _("Tersimpan")
    SHOWN = "shown", _("Tampil di poli")
    OPENED = "opened", _("Dibuka")
    IN_SERVICE = "in-service", _("Dilayani")
    DONE = "done", _("Selesai")
    REDIRECTED = "redirected", _("Dialihkan")
    CANCELLED = "cancelled", _("Dibatalkan")
    NO_SHOW = "no-show", _("Tidak hadir")


#: Stages in which the patient is still the unit's.
WAITING = (Stage.SAVED, Stage.SHOWN, Stage.OPENED)
PRESENT = (*WAITING, Stage.IN_SERVICE)

#: Who goes first in a line. At one place, the one who was passed over goes behind the one who was
#: not. How the lines are mixed is `simpul.domain.queue_order`.
LINE_ORDER = ("place", "skip_count", "saved_at")


class Distribution(OwnedModel):
    """This encounter's record handed to this unit, with the instant of each step.

    `place` orders the queue within a line (emergency, priority, routine): it starts as the
    ticket's number and grows when the patient is passed over.
    """

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="distributions")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="distributions")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    service_date = models.DateField()
    unit = models.CharField(max_length=20)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.SAVED)
    priority = models.CharField(max_length=12, choices=Priority.choices)
    place = models.PositiveIntegerField()
    came_from = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=160, blank=True)
    call_count = models.PositiveSmallIntegerField(default=0)
    skip_count = models.PositiveSmallIntegerField(default=0)
    resent_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    practitioner = models.UUIDField(null=True, blank=True)

    patient_field = "patient_id"

    class Meta:
        indexes = [
            models.Index(
                fields=["owner", "service_date", "unit", "stage"], name="distribution_queue"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["encounter"],
                condition=models.Q(stage__in=["saved", "shown", "opened", "in-service"]),
                name="one_place_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["patient", "service_date", "unit"],
                condition=models.Q(stage__in=["saved", "shown", "opened", "in-service"]),
                name="one_wait_a_patient_and_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.stage}"
