"""A decision that two records are one person, and what waits for a person to decide.

Nothing is moved by a decision (docs/adr/0015): the merged record keeps its rows and points at the
record that stands for the person; see `simpul.service.patients.records`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel
from simpul.service.patients.models import Patient


class Merge(OwnedModel):
    """Two records of one person, linked by a person: who, when, which values were taken over.

    `chosen` holds, for each group of fields taken from the merged record, the survivor's values
    `before` and `after`; undoing puts `before` back where `after` still stands.
    """

    survivor = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    #: Which merge into the survivor this is: 1, 2, …; layers of values lie in this order.
    place = models.PositiveIntegerField()
    chosen = models.JSONField(default=dict)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()
    undone_by = models.UUIDField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    patient_field = "survivor_id"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(survivor=models.F("merged")), name="never_merged_with_itself"
            ),
            models.UniqueConstraint(
                fields=["merged"],
                condition=models.Q(undone_at__isnull=True),
                name="one_open_merge_a_record",
            ),
            models.UniqueConstraint(fields=["survivor", "place"], name="one_merge_a_place"),
        ]
        indexes = [models.Index(fields=["owner", "-decided_at"], name="merge_by_time")]

    def __str__(self) -> str:
        return str(self.pk)


class TaskKind(models.TextChoices):
    """What waits in *Perlu diperiksa*."""

    NIK_CONFLICT = "nik-conflict", _("Satu NIK pada dua orang")
    LIKELY_DUPLICATE = "likely-duplicate", _("Tampak orang yang sama")
    IMPORTED = "imported", _("Dari impor, perlu diperiksa")
    OFFLINE = "offline", _("Didaftarkan saat server putus")


class TaskOutcome(models.TextChoices):
    """How a line was closed."""

    MERGED = "merged", _("Digabungkan")
    DIFFERENT = "different", _("Bukan orang sama")
    NIK_GIVEN = "nik-given", _("NIK ditetapkan")
    DONE = "done", _("Sudah diperiksa")


class ReviewTask(OwnedModel):
    """One line of *Perlu diperiksa*: what was found, about whom, and how a person closed it.

    `detail` holds ids, codes and times; never a name or a number of a person.
    """

    kind = models.CharField(max_length=20, choices=TaskKind.choices)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    detail = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=TaskOutcome.choices, blank=True)

    patient_field = "patient_id"

    class Meta:
        indexes = [
            models.Index(
                fields=["owner", "opened_at"],
                name="task_open",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(fields=["patient", "kind"], name="task_of_patient"),
        ]

    def __str__(self) -> str:
        return self.kind
