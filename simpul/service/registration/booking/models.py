"""Bookings, open hours of a unit by weekday, and days on which it is closed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel
from simpul.service.patients.models import Patient


class Source(models.TextChoices):
    """Where a booking came from."""

    MOBILE_JKN = "mobile-jkn", _("Mobile JKN")
    KIOSK = "kiosk", _("Anjungan")
    PHONE = "phone", _("Telepon")
    COUNTER = "counter", _("Loket")


class BookingState(models.TextChoices):
    """What became of a booking."""

    BOOKED = "booked", _("Belum datang")
    ARRIVED = "arrived", _("Hadir")
    CANCELLED = "cancelled", _("Batal")
    MISSED = "missed", _("Tidak datang")


_STILL_BOOKED = models.Q(state="booked")


class Booking(OwnedModel):
    """Somebody will come on a day to a unit; the number is theirs already.

    Who it is may be known only by what they said (name, NIK, card): `patient` is filled when a
    person at the counter has found or made the record. `doctor_code`, `starts` and `ends` are the
    schedule a Mobile JKN booking names.
    """

    source = models.CharField(max_length=12, choices=Source.choices)
    code = models.CharField(max_length=12)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=120)
    birth_date = models.DateField(null=True, blank=True)
    nik = models.CharField(max_length=16, blank=True)
    bpjs_number = models.CharField(max_length=13, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    service_date = models.DateField()
    unit = models.CharField(max_length=20)
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    doctor_code = models.CharField(max_length=20, blank=True)
    doctor_name = models.CharField(max_length=80, blank=True)
    complaint = models.CharField(max_length=300, blank=True)
    prefix = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10, choices=BookingState.choices, default=BookingState.BOOKED
    )
    state_at = models.DateTimeField()
    reason = models.CharField(max_length=160, blank=True)
    encounter = models.UUIDField(null=True, blank=True)
    booked_at = models.DateTimeField()
    booked_by = models.UUIDField(null=True, blank=True)

    patient_field = "patient_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "code"], name="one_booking_a_code"),
            models.UniqueConstraint(
                fields=["owner", "service_date", "prefix", "number"], name="one_booking_a_number"
            ),
            models.UniqueConstraint(
                fields=["owner", "service_date", "unit", "patient"],
                condition=_STILL_BOOKED & models.Q(patient__isnull=False),
                name="one_booking_a_patient",
            ),
            models.UniqueConstraint(
                fields=["owner", "service_date", "unit", "nik"],
                condition=_STILL_BOOKED & ~models.Q(nik=""),
                name="one_booking_a_nik",
            ),
            models.UniqueConstraint(
                fields=["owner", "service_date", "unit", "bpjs_number"],
                condition=_STILL_BOOKED & ~models.Q(bpjs_number=""),
                name="one_booking_a_card",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "service_date", "unit", "state"], name="booking_of_day"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def label(self) -> str:
        """The number as it is printed and called: A07."""
        return f"{self.prefix}{self.number:02d}"


class OpeningHours(OwnedModel):
    """When a unit takes patients on one weekday (0 Monday), and how many."""

    unit = models.CharField(max_length=20)
    weekday = models.PositiveSmallIntegerField()
    is_open = models.BooleanField(default=True)
    opens = models.TimeField()
    closes = models.TimeField()
    quota = models.PositiveSmallIntegerField(null=True, blank=True)
    booked_quota = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "unit", "weekday"], name="one_opening_a_weekday"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.weekday}"


class ClosedDay(OwnedModel):
    """A day on which a unit (or, with an empty unit, the whole house) takes nobody."""

    day = models.DateField()
    unit = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=120)
    is_lifted = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["owner", "day"], name="closed_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.unit}"
