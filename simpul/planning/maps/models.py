"""Outlines a user brought for the map, and how many people live in each village."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegionLevel(models.TextChoices):
    """What kind of area an outline is."""

    PROVINCE = "provinsi", _("Provinsi")
    REGENCY = "kabupaten", _("Kabupaten/kota")
    DISTRICT = "kecamatan", _("Kecamatan")
    VILLAGE = "desa", _("Desa/kelurahan")
    OTHER = "lain", _("Wilayah lain")


class Region(models.Model):
    """An area on the map by its Kemendagri code; reference data, brought in by import.

    For thematic maps, not a legal boundary. `source` is shown wherever the outline is.
    """

    code = models.CharField(primary_key=True, max_length=40)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=10, choices=RegionLevel.choices, db_index=True)
    #: The code (or, without codes, the name) of the area it lies in.
    parent = models.CharField(max_length=80, blank=True)
    #: Polygons, each a list of rings of [longitude, latitude].
    shape = models.JSONField()
    area_km2 = models.FloatField()
    label_lon = models.FloatField()
    label_lat = models.FloatField()
    source = models.CharField(max_length=200, blank=True)
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class VillagePopulation(models.Model):
    """How many people live in a village in a year, as a file said; reference data.

    `code` is empty while the name has not been matched to a village. A point of its own serves
    where no outline was imported.
    """

    code = models.CharField(max_length=40, blank=True, db_index=True)
    name = models.CharField(max_length=80)
    district = models.CharField(max_length=80, blank=True)
    year = models.PositiveSmallIntegerField()
    population = models.PositiveIntegerField()
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "year"],
                condition=~models.Q(code=""),
                name="one_population_a_village_and_year",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}: {self.population}"
