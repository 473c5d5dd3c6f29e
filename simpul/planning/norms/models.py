"""Norm sets a house adds: every edit is a new version, and none is ever changed or deleted."""

from django.db import models

from simpul.foundation.core.models import OwnedModel


class NormVersion(OwnedModel):
    """One version of a norm set; the highest number of a code is the one that counts.

    `posts` holds the posts as `reading.write_post` writes them. A set that is retired gets one
    more version that says so, so old studies still find the figures they were made with.
    """

    code = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=300)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    posts = models.JSONField(default=list)
    is_retired = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "code", "number"], name="one_norm_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"
