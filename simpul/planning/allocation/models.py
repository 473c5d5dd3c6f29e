"""A scenario: what somebody tried on the what-if page, kept under a name with what it showed."""

from django.db import models

from simpul.foundation.core.models import OwnedModel
from simpul.foundation.facilities.models import Facility
from simpul.foundation.staff.models import Practitioner
from simpul.planning.studies.models import StudyVersion


class Scenario(OwnedModel):
    """The levers as they stood (the address of the page) and the figures they gave that day.

    `outcome` is stored whole, so that a comparison shows what was decided on, also after the
    register or the journal has moved on. Never deleted: put away (`archived_at`).
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    study_version = models.ForeignKey(
        StudyVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: The form as typed: name → list of values.
    levers = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    made_by = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["facility", "-made_at"], name="scenario_by_facility")]

    def __str__(self) -> str:
        return self.name
