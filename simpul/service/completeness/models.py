"""Rules, the analysis of each record, and what is missing in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel
from simpul.service.registration.models import Encounter


class Component(models.TextChoices):
    """The four components of quantitative analysis."""

    IDENTIFICATION = "identification", _("Identifikasi")
    REPORTS = "reports", _("Laporan penting")
    AUTHENTICATION = "authentication", _("Autentikasi")
    RECORDING = "recording", _("Pencatatan")


class CompletenessRule(OwnedModel):
    """One item of the analysis, as data: switched on or off, and for which units."""

    code = models.CharField(max_length=40)
    component = models.CharField(max_length=16, choices=Component.choices)
    label = models.CharField(max_length=120)
    units = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]
        constraints = [models.UniqueConstraint(fields=["owner", "code"], name="one_rule_a_code")]

    def __str__(self) -> str:
        return self.code


class RecordStatus(models.TextChoices):
    """Where the record of a closed visit stands."""

    INCOMPLETE = "incomplete", _("Belum lengkap")
    COMPLETE = "complete", _("Lengkap, siap disimpan")
    FILED = "filed", _("Tersimpan di rak")


class CompletenessCheck(OwnedModel):
    """The latest analysis of one closed visit's record."""

    encounter = models.OneToOneField(Encounter, on_delete=models.PROTECT, related_name="check_row")
    service_date = models.DateField()
    unit = models.CharField(max_length=20)
    practitioner = models.UUIDField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=RecordStatus.choices)
    percent = models.PositiveSmallIntegerField()
    results = models.JSONField(default=list)
    closed_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "status", "closed_at"], name="check_by_status"),
            models.Index(fields=["owner", "service_date"], name="check_by_day"),
        ]

    def __str__(self) -> str:
        return self.status


class Deficiency(OwnedModel):
    """One thing missing in a record: which rule, whose task, since when, mended when."""

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="deficiencies")
    rule = models.CharField(max_length=40)
    component = models.CharField(max_length=16, choices=Component.choices)
    message = models.CharField(max_length=160)
    unit = models.CharField(max_length=20)
    practitioner = models.UUIDField(null=True, blank=True)
    is_paper = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.UUIDField(null=True, blank=True)
    mended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deficiencies"
        constraints = [
            models.UniqueConstraint(
                fields=["encounter", "rule"],
                condition=models.Q(mended_at__isnull=True),
                name="one_open_deficiency_a_rule",
            )
        ]
        indexes = [
            models.Index(
                fields=["owner", "practitioner"],
                name="deficiency_open",
                condition=models.Q(mended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.rule
