"""What finds look-alikes quickly, the pairs that were found, and what a person decided of them.

`BlockingKey` and `PersonPair` are derived: made from the patients by the program, made anew at
will, never synchronised. `PairDecision` is a person's word, so it is owned, synchronised, and
stays: a pair that was decided is not shown again, whatever is made anew.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel
from simpul.service.patients.models import Patient


class BlockingKey(models.Model):
    """One thing a patient shares with look-alikes (`domain.matching_blocking`), as a number.

    The rows lie in the order of the key (on SQLite in the key's tree itself), so that all who
    share one are read together.
    """

    pk = models.CompositePrimaryKey("key", "patient")
    key = models.BigIntegerField()
    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+"
    )

    def __str__(self) -> str:
        return str(self.key)


class PairLevel(models.TextChoices):
    """How sure the matcher is of a pair."""

    CERTAIN = "certain", _("hampir pasti sama")
    POSSIBLE = "possible", _("mungkin sama")
    HOUSEHOLD = "household", _("serumah, orang lain?")


class PersonPair(models.Model):
    """Two records the nightly search found alike; `first` is the older record (the smaller id).

    `decision` repeats the latest PairDecision about the two, so that one index lists what is open.
    """

    id = models.BigAutoField(primary_key=True)
    owner = models.UUIDField(editable=False)
    first = models.ForeignKey(Patient, on_delete=models.CASCADE, db_index=False, related_name="+")
    second = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=10, choices=PairLevel.choices)
    score = models.FloatField()
    agrees = models.JSONField(default=list)
    differs = models.JSONField(default=list)
    found_at = models.DateTimeField()
    decision = models.CharField(max_length=12, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_pair_of_two"),
        ]
        indexes = [
            models.Index(
                fields=["owner", "level", "-score", "id"],
                name="pair_open",
                condition=models.Q(decision=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Decision(models.TextChoices):
    """What a person said of a pair; the latest word counts."""

    DIFFERENT = "different", _("Bukan orang sama")
    MERGED = "merged", _("Digabungkan")
    REOPENED = "reopened", _("Dibuka lagi")


class PairDecision(OwnedModel):
    """A person's word on two records; `first` is the smaller id. Written once, never changed."""

    first = models.ForeignKey(Patient, on_delete=models.PROTECT, db_index=False, related_name="+")
    second = models.ForeignKey(Patient, on_delete=models.PROTECT, db_index=False, related_name="+")
    decision = models.CharField(max_length=12, choices=Decision.choices)
    reason = models.CharField(max_length=120, blank=True)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()

    patient_field = "first_id"

    class Meta:
        indexes = [models.Index(fields=["first", "second"], name="decision_of_two")]

    def __str__(self) -> str:
        return f"{self.decision}"
