"""A day that was closed, with what that changed, so that it can be opened again."""

from django.db import models

from simpul.foundation.core.models import OwnedModel


class DayClose(OwnedModel):
    """One closing of one day. `left` and `missed` say what to restore when it is taken back."""

    service_date = models.DateField()
    closed_at = models.DateTimeField()
    closed_by = models.UUIDField()
    #: [{distribution, stage, encounter, cancelled}] of everybody who left before service.
    left = models.JSONField(default=list)
    #: Ids of the bookings nobody kept.
    missed = models.JSONField(default=list)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "-service_date"], name="day_close")]

    def __str__(self) -> str:
        return f"{self.service_date}"
