"""Practitioners (the staff register), their roles, and the accounts they sign in with."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.models import OwnedModel
from simpul.foundation.facilities.models import Facility, ServiceUnit


class Role(models.TextChoices):
    """The roles of a Puskesmas and of the Dinas."""

    REGISTRAR = "pendaftaran", _("Pendaftaran")
    NURSE = "perawat", _("Perawat")
    PHYSICIAN = "dokter", _("Dokter")
    DENTIST = "dokter_gigi", _("Dokter gigi")
    MIDWIFE = "bidan", _("Bidan")
    PHARMACIST = "farmasi", _("Farmasi")
    LABORATORY = "laboratorium", _("Laboratorium")
    RECORD_OFFICER = "perekam_medis", _("Perekam medis")
    HEAD = "kepala", _("Kepala Puskesmas")
    IT = "petugas_it", _("Petugas IT")
    DISTRICT = "petugas_dinas", _("Petugas Dinas")


class Practitioner(OwnedModel):
    """A person who works here (FHIR Practitioner), with or without an account."""

    name = models.CharField(max_length=120)
    nik = models.CharField(max_length=16, blank=True)
    license_number = models.CharField(max_length=40, blank=True)
    ihs_number = models.CharField(max_length=20, blank=True)
    profession = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class PractitionerRole(OwnedModel):
    """What a practitioner does where (FHIR PractitionerRole); no unit means every unit."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="roles")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        ServiceUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.practitioner_id} {self.role}"


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; names are compared without case."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Find an account by the name typed at sign-in."""
        return self.get(username=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """A log-in: a person's, or a program's (`is_service`). Stays on this installation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=40, unique=True)
    practitioner = models.OneToOneField(
        Practitioner, on_delete=models.PROTECT, related_name="account"
    )
    is_active = models.BooleanField(default=True)
    is_service = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return self.username


class ApiToken(models.Model):
    """A bearer token of a program; only its SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name or str(self.id)

    @property
    def account_uuid(self) -> uuid.UUID:
        """The account's id without fetching the account."""
        return self.account_id
