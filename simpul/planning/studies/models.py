"""A study of staff need, and its versions: each one kept as it was saved, with its result."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel
from simpul.foundation.facilities.models import Facility
from simpul.foundation.staff.models import Practitioner


class Origin(models.TextChoices):
    """Where the figures of a version came from."""

    TYPED = "typed", _("diketik")
    TEMPLATE = "template", _("dari templat XLSX")
    COPY = "copy", _("disalin dari studi lain")
    SERVICE = "service", _("dari data pelayanan")


class Study(OwnedModel):
    """One question, "how many people does this work need?", of one facility and year.

    `latest` is the number of the newest version; a new version moves it, so that two people who
    save at the same time are noticed. `series` joins the studies of the same work over the years.
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    units = models.JSONField(default=list)
    series = models.UUIDField()
    latest = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "studies"
        indexes = [models.Index(fields=["facility", "-year"], name="studies_by_facility_year")]

    def __str__(self) -> str:
        return f"{self.title} {self.year}"


class StudyVersion(OwnedModel):
    """One saved state of a study: input, result, variant, rounding; never changed afterwards.

    `input` is the fixed format other programs rely on; `extras` holds what that format has no place
    for, in the same order (target times, low and high estimates, where a figure came from);
    `summary` is the part of the result that lists show.
    """

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    input = models.JSONField()
    extras = models.JSONField(default=dict)
    result = models.JSONField()
    summary = models.JSONField(default=dict)
    variant = models.CharField(max_length=20)
    rounding = models.CharField(max_length=20)
    method_version = models.CharField(max_length=20)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.TYPED)
    note = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.study_id} v{self.number}"

    def categories(self) -> list[dict[str, Any]]:
        """The staff categories of the input, in order."""
        found: list[dict[str, Any]] = self.input.get("categories", [])
        return found
