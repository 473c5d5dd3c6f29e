"""What the map, its list, its legend and its drawing show; all from one set of figures."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from simpul.domain.professions import profession_name
from simpul.planning.charts.figures import figure
from simpul.planning.maps.asking import Asked
from simpul.planning.maps.drawing import Area, Mark
from simpul.planning.maps.gaps import District, Spot, joined, number_of, phrases, sign_of
from simpul.planning.maps.geometry import bounds, catchments, contains
from simpul.planning.maps.reaching import AccessMap, VillageSpot
from simpul.planning.maps.selectors import RegionView


@dataclass(frozen=True)
class Row:
    """One line of the list beside the map; the same figures as its sign on the map."""

    id: str
    name: str
    sign: str
    number: str
    step: int | None
    words: str
    more: str
    lat: float | None
    lon: float | None

    @property
    def tone(self) -> str:
        """The class of its step."""
        return "tanpa" if self.step is None else f"{self.step}"


def spot_rows(district: District) -> list[Row]:
    """Facilities, most short first, then by name."""
    measure, said = district.wish.measure, phrases()
    ordered = sorted(district.spots, key=lambda spot: (*_urgency(spot, measure), spot.place.name))
    return [
        Row(
            id=str(spot.place.id),
            name=spot.place.name,
            sign=sign_of(spot, measure),
            number=number_of(spot, measure),
            step=spot.step,
            words=said.words(spot),
            more=said.more(spot),
            lat=spot.place.lat,
            lon=spot.place.lon,
        )
        for spot in ordered
    ]


def _urgency(spot: Spot, measure: str) -> tuple[int, int]:
    if spot.shortage is None or spot.surplus is None:
        return 1, 0
    if measure == "lebih":
        return 0, -spot.surplus
    if measure == "terisi":
        return 0, int(spot.filled * 10_000) if spot.filled is not None else 0
    return 0, -spot.shortage


def village_rows(access: AccessMap) -> list[Row]:
    """Villages, those with nobody in reach first, then the least access."""
    ordered = sorted(access.spots, key=lambda one: (one.per, one.village.name))
    return [_village_row(one) for one in ordered]


def _village_row(one: VillageSpot) -> Row:
    far = "–" if one.access.nearest_km is None else figure(one.access.nearest_km, 1)
    return Row(
        id=f"desa-{one.village.id}",
        name=one.village.name,
        sign="▨" if one.step is None else ("▼" if one.step < 0 else "▲" if one.step else "■"),
        number="" if one.step is None else figure(one.per, 1),
        step=one.step,
        words=_("di luar jangkauan")
        if one.step is None
        else _("%(per)s per %(people)s orang") % {"per": figure(one.per, 2), "people": "10.000"},
        more=_("%(people)s jiwa · terdekat %(name)s %(km)s km")
        % {
            "people": figure(one.village.population, 0),
            "name": one.nearest or "–",
            "km": far,
        },
        lat=one.village.lat,
        lon=one.village.lon,
    )


def legend(asked: Asked, far: int) -> list[tuple[int | None, str]]:
    """The steps in words with their numbers."""
    missing = (None, _("▨ tanpa data"))
    if asked.shown == "akses":
        return [
            (-2, _("▼ sampai 0,5 × rata-rata")),
            (-1, _("▼ sampai 0,8 ×")),
            (0, _("■ 0,8–1,25 ×")),
            (1, _("▲ sampai 2 ×")),
            (2, _("▲ lebih dari 2 ×")),
            (None, _("▨ di luar jangkauan")),
        ]
    if asked.shown == "terisi":
        return [
            (-2, _("▼ 50 % atau kurang")),
            (-1, _("▼ di atas 50–80 %")),
            (0, _("▼ di atas 80 %, belum penuh")),
            (1, _("■ 100 %")),
            missing,
        ]
    below = f"1–{far - 1}" if far > 2 else "1"
    over = [(1, _("▲ lebih %(n)s") % {"n": below}), (2, _("▲ lebih %(n)s ke atas") % {"n": far})]
    if asked.shown == "lebih":
        return [(0, _("■ tidak lebih")), *over, missing]
    return [
        (-2, _("▼ kurang %(n)s ke atas") % {"n": far}),
        (-1, _("▼ kurang %(n)s") % {"n": below}),
        (0, _("■ sesuai")),
        *over,
        missing,
    ]


def title_of(asked: Asked) -> str:
    """What the map shows, in one line that stands above it, also in print."""
    wish = asked.wish
    who = profession_name(wish.profession) if wish.profession else _("semua profesi")
    staff = _("ASN saja") if wish.count == "asn" else _("semua tenaga")
    if asked.shown == "akses":
        return _("Akses ke %(who)s (%(staff)s) per desa, %(year)d") % {
            "who": who.lower(),
            "staff": staff,
            "year": asked.year,
        }
    what = {
        "kurang": _("Kekurangan"),
        "lebih": _("Kelebihan"),
        "terisi": _("Keterisian"),
    }[wish.measure]
    return _("%(what)s %(who)s (%(staff)s) terhadap %(norm)s, %(year)d") % {
        "what": what,
        "who": who.lower(),
        "staff": staff,
        "norm": wish.norm.name,
        "year": asked.year,
    }


def summary(district: District) -> str:
    """The sums in one sentence: shortage and surplus, never the net alone."""
    known = [spot for spot in district.spots if spot.shortage is not None]
    short = sum(spot.shortage or 0 for spot in known)
    over = sum(spot.surplus or 0 for spot in known)
    places = sum(1 for spot in known if spot.shortage)
    missing = len(district.spots) - len(known)
    sentence = _(
        "Kurang %(short)d orang di %(places)d dari %(all)d fasilitas; lebih %(over)d orang; "
        "selisih bersih %(net)+d."
    ) % {
        "short": short,
        "places": places,
        "all": len(known),
        "over": over,
        "net": over - short,
    }
    if missing:
        more = ngettext("%(n)d fasilitas tanpa data.", "%(n)d fasilitas tanpa data.", missing) % {
            "n": missing
        }
        sentence = f"{sentence} {more}"
    return sentence


def locate(spots: Sequence[Spot], regions: Sequence[RegionView]) -> dict[uuid.UUID, RegionView]:
    """Return the region each facility's point lies in."""
    boxed = [(region, bounds(region.shape)) for region in regions]  # type: ignore[arg-type]
    found = {}
    for spot in spots:
        lat, lon = spot.place.lat, spot.place.lon
        if lat is None or lon is None:
            continue
        for region, (west, south, east, north) in boxed:
            near = west <= lon <= east and south <= lat <= north
            if near and contains(region.shape, (lon, lat)):  # type: ignore[arg-type]
                found[spot.place.id] = region
                break
    return found


def area_steps(
    district: District, located: Mapping[uuid.UUID, RegionView]
) -> dict[str, tuple[int | None, str]]:
    """Return step and words of each region that has facilities: the sums of those inside."""
    inside: dict[str, list[Spot]] = {}
    names = {}
    for spot in district.spots:
        region = located.get(spot.place.id)
        if region is not None:
            inside.setdefault(region.code, []).append(spot)
            names[region.code] = region.name
    steps = {}
    for code, spots in inside.items():
        whole = joined(spots, district.wish.measure, district.far)
        words = _("%(name)s: %(words)s (%(n)d fasilitas)") % {
            "name": names[code],
            "words": whole.words,
            "n": len(spots),
        }
        steps[code] = (whole.step, words)
    return steps


def cells(district: District) -> list[tuple[Spot, list[tuple[float, float]]]]:
    """Return each facility with its catchment, for a district without outlines."""
    located = [spot for spot in district.spots if spot.place.has_point]
    points = [(spot.place.lon or 0.0, spot.place.lat or 0.0) for spot in located]
    return list(zip(located, catchments(points), strict=True))


def map_data(
    rows: Sequence[Row],
    *,
    areas: Mapping[str, tuple[int | None, str]],
    cells_of: Sequence[tuple[Spot, list[tuple[float, float]]]],
    doubted: frozenset[str],
    as_circles: bool,
) -> dict[str, Any]:
    """Return what the live map needs; names and figures are those of the list."""
    return {
        "spots": [
            {
                "id": row.id,
                "lat": row.lat,
                "lon": row.lon,
                "text": f"{row.sign}{row.number}",
                "tone": row.tone,
                "title": f"{row.name}: {row.words}",
                "doubted": row.id in doubted,
            }
            for row in rows
            if row.lat is not None and row.lon is not None
        ],
        "areas": {
            code: {"tone": "tanpa" if step is None else str(step), "title": title}
            for code, (step, title) in areas.items()
        },
        "cells": [
            {
                "ring": [[round(lat, 4), round(lon, 4)] for lon, lat in ring],
                "tone": "tanpa" if spot.step is None else str(spot.step),
                "title": f"{spot.place.name}: {spot.words}",
            }
            for spot, ring in cells_of
            if ring
        ],
        "circles": as_circles,
    }


def marks_of(rows: Sequence[Row]) -> list[Mark]:
    """The signs for the drawing; the most urgent are drawn last, on top."""
    return [
        Mark(row.lon, row.lat, f"{row.sign}{row.number}", row.step, f"{row.name}: {row.words}")
        for row in reversed(rows)
        if row.lat is not None and row.lon is not None
    ]


def areas_of(
    regions: Sequence[RegionView],
    steps: Mapping[str, tuple[int | None, str]],
    cells_of: Sequence[tuple[Spot, list[tuple[float, float]]]],
    *,
    coloured: bool,
) -> list[Area]:
    """The outlines (or catchments) for the drawing."""
    if not regions:
        return [
            Area(
                [[ring]],
                spot.step if coloured else "",
                f"{spot.place.name}: {spot.words}",
            )
            for spot, ring in cells_of
            if ring
        ]
    return [
        Area(
            region.shape,  # type: ignore[arg-type]
            steps[region.code][0] if coloured and region.code in steps else "",
            steps.get(region.code, (None, region.name))[1],
        )
        for region in regions
    ]
