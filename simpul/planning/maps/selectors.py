"""Reading outlines, populations and doubts of the map."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from simpul.domain.geography import straight_line_km
from simpul.foundation.facilities.models import PointQuality
from simpul.foundation.facilities.selectors import FacilityPlace
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.maps.models import Region, RegionLevel, VillagePopulation
from simpul.planning.maps.naming import core_name, propose
from simpul.planning.maps.services import village_names

#: Two facilities nearer than this are doubted to be one point typed twice.
SAME_POINT_KM = 0.05


@dataclass(frozen=True)
class RegionView:
    """An outline as the map draws it."""

    code: str
    name: str
    level: str
    parent: str
    shape: list[list[list[list[float]]]]
    label: tuple[float, float]
    source: str


@dataclass(frozen=True)
class VillageView:
    """A village with its people and its point; `code` is "" while its name is not matched."""

    id: int
    code: str
    name: str
    district: str
    year: int
    population: int
    lat: float | None
    lon: float | None
    source: str


@dataclass(frozen=True)
class Doubt:
    """Something on the map that should be looked at, with a proposal where there is one."""

    code: str
    facility: uuid.UUID | None
    name: str
    message: str
    proposal: str = ""
    proposal_code: str = ""
    population: int | None = None


def list_regions(*, by: Actor, level: str) -> list[RegionView]:
    """Return the outlines of one level, by code."""
    require(by, "view", "planning")
    require_home(by)
    rows = Region.objects.filter(level=level).order_by("code")
    return [
        RegionView(
            row.code,
            row.name,
            row.level,
            row.parent,
            row.shape,
            (row.label_lon, row.label_lat),
            row.source,
        )
        for row in rows
    ]


def region_levels(*, by: Actor) -> dict[str, Any]:
    """Return the levels there are outlines of, each with when it was last brought in."""
    require(by, "view", "planning")
    require_home(by)
    found = dict(
        Region.objects.values_list("level").annotate(newest=Max("imported_at")).order_by("level")
    )
    return {level: found[level] for level in RegionLevel.values if level in found}


def map_level(levels: Sequence[str]) -> str:
    """Return the level the map is drawn with: kecamatan before the others."""
    wanted = (RegionLevel.DISTRICT, RegionLevel.REGENCY, RegionLevel.VILLAGE, RegionLevel.OTHER)
    return next((level.value for level in wanted if level in levels), "")


def list_villages(*, by: Actor, year: int | None = None) -> list[VillageView]:
    """Return the villages of the newest year up to `year`; points from outlines where there are."""
    require(by, "view", "planning")
    require_home(by)
    rows = VillagePopulation.objects.order_by("name", "id")
    years = sorted(set(rows.values_list("year", flat=True)))
    usable = [one for one in years if year is None or one <= year] or years[:1]
    if not usable:
        return []
    labels = {
        code: (lat, lon)
        for code, lat, lon in Region.objects.filter(level=RegionLevel.VILLAGE).values_list(
            "code", "label_lat", "label_lon"
        )
    }
    views = []
    for row in rows.filter(year=usable[-1]):
        lat, lon = labels.get(row.code, (row.lat, row.lon))
        views.append(
            VillageView(
                row.pk,
                row.code,
                row.name,
                row.district,
                row.year,
                row.population,
                lat,
                lon,
                row.source,
            )
        )
    return views


def point_doubts(
    places: Sequence[FacilityPlace], inside: Mapping[uuid.UUID, str], *, has_regions: bool
) -> list[Doubt]:
    """Points that are missing, twice the same, outside every outline, or only approximate.

    `inside` gives the code of the outline each point lies in.
    """
    doubts = []
    for place in places:
        if not place.has_point:
            message = _("Belum punya titik, jadi tidak tampak di peta. Isi lintang dan bujurnya.")
            doubts.append(Doubt("no_point", place.id, place.name, message))
            continue
        doubts += _place_doubts(place, inside.get(place.id), has_regions=has_regions)
    return [*_same_points(places), *doubts]


def _place_doubts(place: FacilityPlace, region: str | None, *, has_regions: bool) -> list[Doubt]:
    doubts = []
    if has_regions and region is None:
        message = _("Titiknya di luar semua batas wilayah. Periksa lintang dan bujurnya.")
        doubts.append(Doubt("outside_area", place.id, place.name, message))
    elif region is not None and place.area_code and not _fits(place.area_code, region):
        message = _("Titiknya di wilayah %(found)s, padahal kode wilayahnya %(code)s.") % {
            "found": region,
            "code": place.area_code,
        }
        doubts.append(Doubt("wrong_area", place.id, place.name, message))
    if place.point_quality in (PointQuality.APPROXIMATE, PointQuality.VILLAGE_CENTRE):
        message = _("Titiknya baru %(quality)s, belum titik gedung.") % {
            "quality": PointQuality(place.point_quality).label
        }
        doubts.append(Doubt("approximate", place.id, place.name, message))
    return doubts


def _fits(code: str, region: str) -> bool:
    """Does an area code agree with an outline's, as far as both go?"""
    if not region[:1].isdigit():
        return True
    return code.startswith(region) or region.startswith(code)


def _same_points(places: Sequence[FacilityPlace]) -> list[Doubt]:
    doubts = []
    located = sorted((place for place in places if place.has_point), key=lambda one: one.lat or 0)
    for at, one in enumerate(located):
        for other in located[at + 1 :]:
            if (other.lat or 0) - (one.lat or 0) > SAME_POINT_KM / 100:
                break
            if (
                straight_line_km(one.lat or 0, one.lon or 0, other.lat or 0, other.lon or 0)
                < SAME_POINT_KM
            ):
                message = _("Titiknya sama dengan %(other)s; salah satunya keliru.") % {
                    "other": other.name
                }
                doubts.append(Doubt("same_point", one.id, one.name, message))
    return doubts


def name_doubts(villages: Sequence[VillageView]) -> list[Doubt]:
    """Names of villages that no known village has, each with the likeliest one."""
    open_names = [village for village in villages if not village.code]
    if not open_names:
        return []
    taken = {village.code for village in villages}
    known = [(code, pair) for code, pair in village_names() if code not in taken]
    doubts = []
    for village in open_names:
        near = known
        if village.district:
            wanted = core_name(village.district)
            near = [one for one in known if core_name(one[1][1]) == wanted] or known
        code = propose(village.name, {key: name for key, (name, _district) in near})
        names = dict(known)
        proposal = f"{names[code][0]}, {names[code][1]}" if code else ""
        shown = f"{village.name}, {village.district}" if village.district else village.name
        message = _("Nama desa ini tidak ada di daftar, jadi penduduknya belum terhitung.")
        doubts.append(
            Doubt("name_unmatched", None, shown, message, proposal, code or "", village.id)
        )
    return doubts
