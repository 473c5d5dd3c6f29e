"""`/perencanaan/peta`: the map, its picture, its outlines, one facility, matching names."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.domain.gap import COUNTS
from simpul.domain.professions import PROFESSIONS
from simpul.foundation.core.errors import NotHere
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.register.selectors import sees_district
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.planning.charts.figures import figure
from simpul.planning.maps import presenting
from simpul.planning.maps.asking import Asked, read_asked, years
from simpul.planning.maps.drawing import draw_map
from simpul.planning.maps.gaps import MEASURES, District, Spot, get_district
from simpul.planning.maps.reaching import AccessMap, access_map
from simpul.planning.maps.selectors import (
    Doubt,
    RegionView,
    list_regions,
    list_villages,
    map_level,
    name_doubts,
    point_doubts,
    region_levels,
)
from simpul.planning.maps.services import match_village
from simpul.planning.norms.selectors import usable_norms

#: Rows beside the map; beyond it the sentence above says how many are not listed.
MOST_ROWS = 600


@dataclass(frozen=True)
class Scene:
    """Everything one look at the map needs, read once."""

    asked: Asked
    district: District
    level: str
    version: str
    regions: list[RegionView]
    located: dict[uuid.UUID, RegionView]
    access: AccessMap | None
    doubts: list[Doubt]
    rows: list[presenting.Row]

    @property
    def drawn(self) -> Asked:
        """What is drawn: the shortage, where access was asked for and cannot be worked out."""
        if self.asked.shown == "akses" and self.access is None:
            return replace(self.asked, shown="kurang")
        return self.asked

    @property
    def cells(self) -> list[tuple[Spot, list[tuple[float, float]]]]:
        """Catchments, where there are no outlines."""
        return [] if self.regions else presenting.cells(self.district)

    @property
    def areas(self) -> dict[str, tuple[int | None, str]]:
        """Steps of the outlines that are to be coloured."""
        if self.access is not None:
            return {
                one.village.code: (one.step, f"{one.village.name}: {figure(one.per)}")
                for one in self.access.spots
                if one.village.code
            }
        if not self.asked.coloured:
            return {}
        return presenting.area_steps(self.district, self.located)


@require_GET
def peta(request: HttpRequest) -> HttpResponse:
    """Show the map with its list."""
    by = acting(request)
    scene = _scene(request, by)
    asked = scene.asked
    doubted = frozenset(str(one.facility) for one in scene.doubts if one.facility)
    context = {
        "asked": asked,
        "scene": scene,
        "title": presenting.title_of(scene.drawn),
        "summary": presenting.summary(scene.district),
        "rows": scene.rows[:MOST_ROWS],
        "not_listed": max(0, len(scene.rows) - MOST_ROWS),
        "legend": [
            ("tanpa" if step is None else str(step), text)
            for step, text in presenting.legend(scene.drawn, scene.district.far)
        ],
        "doubts": scene.doubts,
        "points": sum(1 for spot in scene.district.spots if spot.place.has_point),
        "filters": _filters(asked, by),
        "data": presenting.map_data(
            scene.rows[:MOST_ROWS],
            areas=scene.areas,
            cells_of=scene.cells,
            doubted=doubted,
            as_circles=scene.access is not None,
        ),
        "outlines_url": _outlines_url(scene),
        "query": request.GET.urlencode(),
        "may_import": sees_district(by),
        "needs_villages": asked.shown == "akses" and scene.access is None,
    }
    return render(request, "maps/map.html", context)


@require_GET
def peta_gambar(request: HttpRequest) -> HttpResponse:
    """Give the same map as one picture."""
    scene = _scene(request, acting(request))
    title = presenting.title_of(scene.drawn)
    level_regions = scene.regions
    notes = [presenting.summary(scene.district)]
    if scene.access is not None:
        notes = [scene.access.says]
    notes += [_sources(level_regions)]
    drawing = draw_map(
        presenting.areas_of(
            level_regions,
            scene.areas,
            scene.cells,
            coloured=scene.asked.coloured or scene.access is not None,
        ),
        [] if scene.access is not None and level_regions else presenting.marks_of(scene.rows),
        title=title,
        description=notes[0],
        legend=presenting.legend(scene.drawn, scene.district.far),
        notes=notes,
    )
    return HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")


@require_GET
def peta_wilayah(request: HttpRequest, level: str) -> HttpResponse:
    """Give the outlines of a level as GeoJSON, once; they change only with an import."""
    by = acting(request)
    newest = region_levels(by=by).get(level)
    if newest is None:
        raise NotHere(_("Belum ada batas wilayah tingkat ini."), "no_outlines")
    tag = f'"{level}-{newest:%Y%m%d%H%M%S%f}"'
    if request.headers.get("If-None-Match") in (tag, f"W/{tag}"):
        unchanged = HttpResponseNotModified()
        unchanged["ETag"] = tag
        return unchanged
    features = [
        {
            "type": "Feature",
            "properties": {"code": region.code, "name": region.name},
            "geometry": {"type": "MultiPolygon", "coordinates": _short(region.shape)},
        }
        for region in list_regions(by=by, level=level)
    ]
    body = json.dumps(
        {"type": "FeatureCollection", "features": features},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    response = HttpResponse(body, content_type="application/geo+json")
    response["ETag"] = tag
    # Outlines hold nothing of anybody; the address changes with the next import.
    response["Cache-Control"] = "private, max-age=86400"
    return response


@require_POST
def peta_cocokkan(request: HttpRequest, population: int) -> HttpResponse:
    """Say which village a name means, then show the map again."""
    match_village(population, code=request.POST.get("code", ""), by=acting(request))
    return HttpResponseRedirect(f"{reverse('peta')}?ukuran=akses#peta-meragukan")


def _scene(request: HttpRequest, by: Actor) -> Scene:
    asked = read_asked(request.GET, by=by)
    district = get_district(asked.wish, by=by)
    levels = region_levels(by=by)
    villages = list_villages(by=by, year=asked.year)
    access = None
    if asked.shown == "akses":
        access = access_map(villages, district.spots, asked.reach)
    level = map_level(list(levels))
    if access is not None and "desa" in levels:
        level = "desa"
    regions = list_regions(by=by, level=level) if level else []
    located = presenting.locate(district.spots, regions)
    places = [spot.place for spot in district.spots]
    inside = {place: region.code for place, region in located.items()}
    doubts = [
        *point_doubts(places, inside, has_regions=bool(regions)),
        *name_doubts(villages),
    ]
    rows = presenting.village_rows(access) if access is not None else presenting.spot_rows(district)
    version = f"{levels[level]:%Y%m%d%H%M%S}" if level else ""
    return Scene(asked, district, level, version, regions, located, access, doubts, rows)


def _outlines_url(scene: Scene) -> str:
    if not scene.level:
        return ""
    return f"{reverse('peta-wilayah', args=[scene.level])}?v={scene.version}"


def _sources(regions: Sequence[RegionView]) -> str:
    if not regions:
        return _("Wilayah dihitung dari titik terdekat (bukan batas administrasi).")
    named = sorted({region.source for region in regions if region.source})
    return _("Batas wilayah: %(source)s. Bukan batas hukum.") % {
        "source": ", ".join(named[:3]) or _("sumber tidak disebut")
    }


def _short(shape: Any) -> Any:
    """Coordinates to four decimals, eleven metres: nobody sees the difference, the line does."""
    return [
        [[[round(lon, 4), round(lat, 4)] for lon, lat in ring] for ring in polygon]
        for polygon in shape
    ]


def _filters(asked: Asked, by: Actor) -> dict[str, Any]:
    today = get_here().today()
    return {
        "norms": [(code, norm.name) for code, norm in usable_norms(by=by).items()],
        "professions": [(code, one.name) for code, one in PROFESSIONS.items()],
        "years": [(str(year), str(year)) for year in years(today)],
        "counts": [(code, _(text)) for code, text in COUNTS.items()],
        "measures": [*MEASURES.items(), ("akses", _("akses per desa"))],
        "areas": [("", _("garis saja")), ("warna", _("diwarnai"))],
        "methods": [("", "2SFCA"), ("e2sfca", "E2SFCA")],
        "year": str(asked.year),
        "area": "warna" if asked.coloured else "",
        "method": "e2sfca" if asked.enhanced else "",
        "km": figure(asked.km, 1),
        "factor": figure(asked.factor, 2),
    }
