"""Unit times with their evidence, activities an observer times, and observations."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel


class Purpose(models.TextChoices):
    """What an accepted time is for."""

    NORM = "norm", _("Norma waktu")
    TARGET = "target", _("Waktu target")


class Source(models.TextChoices):
    """What a time was taken from."""

    JOURNAL = "journal", _("pengukuran dari jurnal")
    OBSERVATION = "observation", _("pengamatan")
    TARGET = "target", _("waktu target")
    TYPED = "typed", _("ketetapan")


class UnitTime(OwnedModel):
    """A time per act that a person has set for this facility: the norm or the target.

    Setting it again makes a new row with the next revision; the old one stays with the evidence it
    was set on. `activity` is a code of `activities` or the id of an ObservedActivity.
    """

    purpose = models.CharField(max_length=6, choices=Purpose.choices)
    unit = models.CharField(max_length=20)
    activity = models.CharField(max_length=40)
    category = models.CharField(max_length=20)
    seconds = models.DecimalField(max_digits=9, decimal_places=2)
    revision = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    source = models.CharField(max_length=11, choices=Source.choices)
    #: Period, n, median, quartiles, mean and what was left out, as they stood when it was set.
    evidence = models.JSONField(default=dict)
    reason = models.CharField(max_length=200)
    set_by = models.UUIDField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "purpose", "unit", "activity", "category"],
                condition=Q(is_current=True),
                name="one_current_unit_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.activity} {self.seconds} s"


class ObservedActivity(OwnedModel):
    """An activity that an observer times step by step."""

    name = models.CharField(max_length=80)
    unit = models.CharField(max_length=20)
    category = models.CharField(max_length=20)
    #: Names of the steps in their order.
    steps = models.JSONField(default=list)
    target_seconds = models.PositiveIntegerField(null=True, blank=True)
    #: The activity of the journal that measures the same, or "".
    journal_activity = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=160, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Observation(OwnedModel):
    """One timed act. Its id was made in the browser, so that sending it twice stores it once."""

    activity = models.ForeignKey(
        ObservedActivity, on_delete=models.PROTECT, related_name="observations"
    )
    observer = models.UUIDField()
    started_at = models.DateTimeField()
    seconds = models.DecimalField(max_digits=9, decimal_places=1)
    #: [{"name", "seconds"}], as the activity's steps were named that day.
    steps = models.JSONField(default=list)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["activity", "started_at"], name="observation_by_activity"),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.seconds} s"


class MonthTally(models.Model):
    """The histogram of one month of the journal that is over; can be thrown away at any time.

    `top` is the newest entry of the journal when it was made.
    """

    facility = models.UUIDField()
    first = models.DateField()
    top = models.BigIntegerField()
    #: [activity, unit, person, hour, [seconds …], [how many …]], see `tallies`.
    tally = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "first"], name="one_tally_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"
