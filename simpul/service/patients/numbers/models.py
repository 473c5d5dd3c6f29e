"""How this house numbers its patients, families and their folders, and the cards it gave out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel
from simpul.service.patients.models import Patient


class SchemeKind(models.TextChoices):
    """What a scheme numbers."""

    PERSONAL = "personal", _("Nomor RM perorangan")
    FAMILY = "family", _("Nomor keluarga (map keluarga)")


class NumberScheme(OwnedModel):
    """One version of a numbering; the newest of its kind counts, the older ones stay readable.

    Never changed: numbers written by an old version are still on cards and folders.
    """

    kind = models.CharField(max_length=10, choices=SchemeKind.choices)
    is_on = models.BooleanField(default=True)
    prefix = models.CharField(max_length=6, blank=True)
    width = models.PositiveSmallIntegerField()
    separator = models.CharField(max_length=1, blank=True)
    area_width = models.PositiveSmallIntegerField(default=2)
    member_width = models.PositiveSmallIntegerField(default=2)
    first_member = models.PositiveSmallIntegerField(default=0)
    by_order = models.BooleanField(default=True)
    #: Village as it is written (small letters) → area code.
    areas = models.JSONField(default=dict)
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["owner", "kind", "-decided_at"], name="scheme_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.prefix}{self.width}"


class FamilyFolder(OwnedModel):
    """One folder for one family: its area and its number within the area, never used again."""

    area = models.CharField(max_length=4)
    serial = models.PositiveIntegerField()
    village = models.CharField(max_length=80, blank=True)
    kk_number = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "area", "serial"], name="one_folder_a_family_number"
            )
        ]
        indexes = [
            models.Index(
                fields=["owner", "area", "kk_number"],
                name="family_by_kk",
                condition=~models.Q(kk_number=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.area}/{self.serial}"


class FolderMember(OwnedModel):
    """Who is (or was) in a family folder, as which member, under which number."""

    folder = models.ForeignKey(FamilyFolder, on_delete=models.PROTECT, related_name="members")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    member = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    patient_field = "patient_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["folder", "member"], name="one_member_a_number")
        ]
        indexes = [models.Index(fields=["patient", "-joined_at"], name="membership_of_patient")]

    def __str__(self) -> str:
        return str(self.pk)


class RevokedReason(models.TextChoices):
    """Why a card no longer opens a record."""

    LOST = "lost", _("hilang")
    DAMAGED = "damaged", _("rusak")
    WRONG = "wrong", _("salah orang")


class IssuedCard(OwnedModel):
    """A card given to a patient; `code` is 128 random bits: it names nobody, nobody guesses it."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=39, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=8, choices=RevokedReason.choices, blank=True)

    patient_field = "patient_id"

    class Meta:
        indexes = [models.Index(fields=["patient", "-issued_at"], name="card_of_patient")]

    def __str__(self) -> str:
        return str(self.pk)
