"""What the Dinas decides about people known at several Puskesmas, and whom it telephones there.

`Proposal` and `SeenRecord` are derived: made from the rows that were taken in, made anew at will,
never sent anywhere. `PersonLink`, `Contact` and `SetAside` are the hub's own rows.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel


class ProposalLevel(models.TextChoices):
    """How sure the matcher is of two records."""

    CERTAIN = "certain", _("hampir pasti sama")
    POSSIBLE = "possible", _("mungkin sama")


class PersonLink(OwnedModel):
    """A person's word on two records of two facilities: one person, or not; undone, never erased.

    `first` is the smaller id. Plain ids, for the link also goes where only one of the records is.
    """

    first = models.UUIDField()
    second = models.UUIDField()
    first_owner = models.UUIDField()
    second_owner = models.UUIDField()
    is_same = models.BooleanField()
    reason = models.CharField(max_length=160)
    #: What the matcher said when it was decided: level and score, nothing of the person.
    level = models.CharField(max_length=10, choices=ProposalLevel.choices, blank=True)
    score = models.FloatField(null=True)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()
    undone_by = models.UUIDField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(first=models.F("second")), name="never_linked_with_itself"
            ),
            models.UniqueConstraint(
                fields=["owner", "first", "second"],
                condition=models.Q(undone_at__isnull=True),
                name="one_word_on_two_records",
            ),
        ]
        indexes = [
            models.Index(fields=["second"], name="link_by_second"),
            models.Index(fields=["owner", "-decided_at"], name="link_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Contact(OwnedModel):
    """Whom the Dinas telephones when a Puskesmas is silent: its IT person."""

    facility = models.UUIDField()
    person = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "facility"], name="one_contact_a_facility")
        ]

    def __str__(self) -> str:
        return str(self.facility)


class SetAside(OwnedModel):
    """An act that waited at the hub and was set aside with a reason; taken back, never erased."""

    node = models.UUIDField()
    epoch = models.UUIDField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    entity = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=160)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()
    undone_by = models.UUIDField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "-decided_at"], name="aside_by_time")]

    def __str__(self) -> str:
        return str(self.pk)


class Proposal(models.Model):
    """Two records of two facilities that look like one person; `first` is the smaller id.

    `decision` repeats what the link in force says, so that one index lists what is open.
    """

    id = models.BigAutoField(primary_key=True)
    first = models.UUIDField()
    second = models.UUIDField()
    first_owner = models.UUIDField()
    second_owner = models.UUIDField()
    level = models.CharField(max_length=10, choices=ProposalLevel.choices)
    score = models.FloatField()
    agrees = models.JSONField(default=list)
    differs = models.JSONField(default=list)
    found_at = models.DateTimeField()
    decision = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_proposal_of_two")
        ]
        indexes = [
            models.Index(
                fields=["level", "-score", "id"],
                name="proposal_open",
                condition=models.Q(decision=""),
            ),
            models.Index(fields=["second"], name="proposal_by_second"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SeenRecord(models.Model):
    """Which version of a patient's row the search has looked at last."""

    patient = models.UUIDField(primary_key=True)
    change = models.UUIDField()

    def __str__(self) -> str:
        return str(self.patient)
