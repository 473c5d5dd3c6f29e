"""The rules of this house, version by version, the draft of the next, and programme membership."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel
from simpul.service.patients.models import Patient


class RuleSet(OwnedModel):
    """One version of the rules; the highest number is in force. None is ever changed or deleted.

    `rules` holds them in their order as `placement_data.rule_as_data` writes them. Without any
    version the national set is in force, as number 0.
    """

    number = models.PositiveIntegerField()
    rules = models.JSONField(default=list)
    note = models.CharField(max_length=200)
    #: The version whose rules this one brought back (0: the national set).
    restored_from = models.PositiveIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="one_ruleset_a_number")
        ]

    def __str__(self) -> str:
        return str(self.number)


class RuleDraft(OwnedModel):
    """The next version while it is being written; one a house, closed when it came into force."""

    based_on = models.PositiveIntegerField()
    rules = models.JSONField(default=list)
    is_open = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner"], name="one_ruledraft_a_house")]

    def __str__(self) -> str:
        return str(self.based_on)


class Programme(models.TextChoices):
    """Programmes that decide where a patient is seen."""

    TB = "tb", _("Pengobatan TB")
    PROLANIS = "prolanis", _("Prolanis")
    FAMILY_PLANNING = "kb", _("Peserta KB")


class ProgrammeEnrolment(OwnedModel):
    """A patient is in a programme from a day on, until a day or until further notice."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="enrolments")
    programme = models.CharField(max_length=12, choices=Programme.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    ended_reason = models.CharField(max_length=120, blank=True)

    patient_field = "patient_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "programme"],
                condition=models.Q(until__isnull=True),
                name="one_open_enrolment",
            )
        ]
        indexes = [
            models.Index(
                fields=["owner", "patient"],
                name="enrolment_open",
                condition=models.Q(until__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.programme
