"""Facilities, their service units, and the villages patients live in."""

import re
import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel


class Cluster(models.TextChoices):
    """Service clusters of primary-care integration (KMK HK.01.07/MENKES/2015/2023)."""

    MANAGEMENT = "1", _("Klaster 1 · Manajemen")
    MOTHER_CHILD = "2", _("Klaster 2 · Ibu dan anak")
    ADULT_ELDERLY = "3", _("Klaster 3 · Dewasa dan lansia")
    COMMUNICABLE = "4", _("Klaster 4 · Penyakit menular")
    CROSS = "lintas", _("Lintas klaster")


class FacilityKind(models.TextChoices):
    """What kind of house a facility is."""

    PUSKESMAS = "puskesmas", _("Puskesmas")
    PUSTU = "pustu", _("Puskesmas pembantu")
    DINAS = "dinas", _("Dinas Kesehatan")


class TimeZone(models.TextChoices):
    """The three zones of Indonesia."""

    WIB = "Asia/Jakarta", _("WIB")
    WITA = "Asia/Makassar", _("WITA")
    WIT = "Asia/Jayapura", _("WIT")


class Facility(OwnedModel):
    """A Puskesmas, Pustu or Dinas; exactly one of them is the house this program runs in."""

    name = models.CharField(max_length=120)
    kind = models.CharField(
        max_length=12, choices=FacilityKind.choices, default=FacilityKind.PUSKESMAS
    )
    is_here = models.BooleanField(default=False)
    timezone = models.CharField(max_length=20, choices=TimeZone.choices, default=TimeZone.WIB)
    satusehat_id = models.CharField(max_length=10, blank=True)
    kode_sarana = models.CharField(max_length=11, blank=True)
    registration_code = models.CharField(max_length=11, blank=True)
    bpjs_provider_code = models.CharField(max_length=8, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    area_code = models.CharField(max_length=13, blank=True)
    mrn_width = models.PositiveSmallIntegerField(default=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_here"], condition=models.Q(is_here=True), name="one_facility_is_here"
            )
        ]

    def __str__(self) -> str:
        return self.name


def check_prefix(value: str) -> None:
    """A queue letter is one or two capital letters, so that it can be called out."""
    if not re.fullmatch(r"[A-Z]{1,2}", value):
        raise ValidationError(_("Huruf antrean adalah satu atau dua huruf besar, misalnya A."))


class ServiceUnit(OwnedModel):
    """A place of service with its own queue: Poli Umum, KIA, farmasi, …"""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    cluster = models.CharField(max_length=6, choices=Cluster.choices)
    prefix = models.CharField(max_length=2, validators=[check_prefix])
    room = models.CharField(max_length=40, blank=True)
    #: Where it is called out when the unit has no rooms of its own (see `Room`).
    floor = models.PositiveSmallIntegerField(default=1)
    order = models.PositiveSmallIntegerField(default=0)
    takes_patients = models.BooleanField(default=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "code"], name="one_unit_a_code"),
            models.UniqueConstraint(fields=["facility", "prefix"], name="one_unit_a_prefix"),
        ]

    def __str__(self) -> str:
        return self.name


class Room(OwnedModel):
    """A room in which a unit serves: where a number is called to, and on which floor (Location).

    A unit may have none (then its own `room` and `floor` count), one, or several.
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="rooms")
    unit = models.ForeignKey(ServiceUnit, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=40)
    floor = models.PositiveSmallIntegerField(default=1)
    order = models.PositiveSmallIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["unit", "order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="one_room_a_name_in_a_unit")
        ]

    def __str__(self) -> str:
        return self.name


class QueueMode(models.TextChoices):
    """How priority and routine patients are called."""

    RATIO = "ratio", _("menurut rasio")
    ALWAYS = "always", _("prioritas selalu dulu")
    NONE = "none", _("tanpa prioritas")


class QueueRule(OwnedModel):
    """How a unit's queue is mixed, and (in the house's own row, unit "") who has priority."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="queue_rules")
    unit = models.CharField(max_length=20, blank=True)
    mode = models.CharField(max_length=8, choices=QueueMode.choices, default=QueueMode.RATIO)
    priority_calls = models.PositiveSmallIntegerField(default=2)
    routine_calls = models.PositiveSmallIntegerField(default=1)
    counts_elderly = models.BooleanField(default=True)
    counts_pregnant = models.BooleanField(default=True)
    counts_disability = models.BooleanField(default=True)
    counts_under_five = models.BooleanField(default=True)
    #: A unit's own row that no longer counts: the unit follows the house again.
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "unit"], name="one_queue_rule_a_unit")
        ]

    def __str__(self) -> str:
        return f"{self.unit or '*'} {self.mode}"


class AreaCategory(models.TextChoices):
    """What kind of area a Puskesmas serves (Permenkes 75/2014; 43/2019 joins the first two)."""

    URBAN = "perkotaan", _("Perkotaan")
    RURAL = "pedesaan", _("Pedesaan")
    REMOTE = "terpencil", _("Terpencil")
    VERY_REMOTE = "sangat_terpencil", _("Sangat terpencil")


class PointQuality(models.TextChoices):
    """How well the place of a facility on the map is known."""

    POINT = "point", _("titik gedung")
    APPROXIMATE = "approximate", _("perkiraan")
    VILLAGE_CENTRE = "village-centre", _("pusat desa")


class FacilityProfile(OwnedModel):
    """What planning must know of a facility: area, size, population served, place on the map.

    Nothing here is read by the counter. An empty number means "not known", never 0.
    """

    facility = models.OneToOneField(Facility, on_delete=models.PROTECT, related_name="profile")
    category = models.CharField(max_length=16, choices=AreaCategory.choices, blank=True)
    is_inpatient = models.BooleanField(null=True)
    pustu = models.PositiveSmallIntegerField(null=True, blank=True)
    villages = models.PositiveSmallIntegerField(null=True, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    visits_per_year = models.PositiveIntegerField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    point_quality = models.CharField(max_length=14, choices=PointQuality.choices, blank=True)
    #: The year the figures are of.
    as_of = models.PositiveSmallIntegerField(null=True, blank=True)
    #: Where the figures come from, and what is made up, in words shown beside them.
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.facility_id} {self.category}"


class Village(models.Model):
    """A desa or kelurahan by its Kemendagri code; reference data, the hub's in the end."""

    code = models.CharField(primary_key=True, max_length=13)
    name = models.CharField(max_length=80, db_index=True)
    district = models.CharField(max_length=80)
    regency = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"{self.name}, {self.district}"


#: The units of the record SOP and those every Puskesmas has besides:
#: code, name, cluster, queue letter, takes patients from the counter.
STANDARD_UNITS: tuple[tuple[str, str, str, str, bool], ...] = (
    ("umum", "Poli Umum", Cluster.ADULT_ELDERLY, "A", True),
    ("lansia", "Poli Lansia", Cluster.ADULT_ELDERLY, "D", True),
    ("gigi", "Poli Gigi", Cluster.CROSS, "C", True),
    ("mtbs", "MTBS", Cluster.MOTHER_CHILD, "E", True),
    ("kia", "KIA", Cluster.MOTHER_CHILD, "B", True),
    ("imunisasi", "Imunisasi", Cluster.MOTHER_CHILD, "G", True),
    ("ugd", "UGD", Cluster.CROSS, "U", True),
    ("rawat-inap", "Rawat Inap", Cluster.CROSS, "R", True),
    ("persalinan", "Persalinan", Cluster.MOTHER_CHILD, "P", True),
    ("gizi", "Gizi", Cluster.MOTHER_CHILD, "Z", True),
    ("tb", "Poli TB", Cluster.COMMUNICABLE, "T", True),
    ("farmasi", "Farmasi", Cluster.CROSS, "F", False),
    ("laboratorium", "Laboratorium", Cluster.CROSS, "L", False),
    ("rekam-medis", "Pendaftaran & Rekam Medis", Cluster.MANAGEMENT, "M", False),
)


def unit_id(facility: uuid.UUID, code: str) -> uuid.UUID:
    """Return the fixed id of a standard unit, so that two installs of one site agree."""
    return uuid.uuid5(facility, f"unit:{code}")
