"""`/perencanaan/peta/ID`: one facility beside the map: gap, WISN, distribution, what could move."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.domain.access import ROAD_FACTOR
from simpul.domain.gap import Gap
from simpul.domain.geography import straight_line_km
from simpul.domain.professions import profession_name
from simpul.foundation.core.errors import NotHere
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.planning.charts.bars import HaveStandard, bars_have_standard
from simpul.planning.charts.figures import figure, percent_text
from simpul.planning.charts.svg import Chart
from simpul.planning.gap.distribution_selectors import get_staff_distribution
from simpul.planning.maps.asking import read_asked
from simpul.planning.maps.gaps import District, Spot, get_district
from simpul.planning.studies.selectors import StudyNeed, list_needs

#: How many facilities with people to spare are named for each profession that is short.
NEAREST = 3


@dataclass(frozen=True)
class Candidate:
    """A facility with people to spare of a profession short here, and how far it is."""

    name: str
    surplus: int
    km: Decimal | None


@dataclass(frozen=True)
class Missing:
    """A profession that is short here, with the nearest facilities that have some to spare."""

    name: str
    shortage: int
    candidates: tuple[Candidate, ...]


@require_GET
def peta_fasilitas(request: HttpRequest, facility: uuid.UUID) -> HttpResponse:
    """Show one facility, as a fragment beside the map or as a page."""
    by = acting(request)
    asked = read_asked(request.GET, by=by)
    district = get_district(asked.wish, by=by)
    spot = district.spot(facility)
    if spot is None:
        raise NotHere(_("Fasilitas ini tidak ada, atau bukan fasilitas Anda."), "facility_unknown")
    context = {
        "asked": asked,
        "spot": spot,
        "place": spot.place,
        "gaps": _gaps(spot),
        "chart": _chart(spot),
        "missing": missing_of(spot, district),
        "needs": _needs(facility, by=by),
        "staff": _staff(facility, asked.wish.on, by=by),
        "query": request.GET.urlencode(),
        "factor": figure(ROAD_FACTOR, 1),
    }
    # htmx asks for the pane alone; a plain link opens the same as a page.
    template = "maps/_facility.html" if request.headers.get("HX-Request") else "maps/facility.html"
    return render(request, template, context)


def missing_of(spot: Spot, district: District) -> list[Missing]:
    """Return each profession short here with where there is some to spare, nearest first."""
    if spot.whole is None:
        return []
    return [
        Missing(
            profession_name(gap.profession),
            gap.shortage,
            tuple(_candidates(spot, gap.profession, district.spots)[:NEAREST]),
        )
        for gap in spot.whole.gaps
        if gap.shortage
    ]


def _candidates(spot: Spot, profession: str, others: Sequence[Spot]) -> list[Candidate]:
    found = []
    for other in others:
        if other.whole is None or other.place.id == spot.place.id:
            continue
        surplus = next(
            (gap.surplus or 0 for gap in other.whole.gaps if gap.profession == profession), 0
        )
        if surplus:
            found.append(Candidate(other.place.name, surplus, _road_km(spot, other)))
    return sorted(found, key=lambda one: (one.km is None, one.km or 0, one.name))


def _road_km(one: Spot, other: Spot) -> Decimal | None:
    here, there = one.place, other.place
    if here.lat is None or here.lon is None or there.lat is None or there.lon is None:
        return None
    line = straight_line_km(here.lat, here.lon, there.lat, there.lon)
    return Decimal(repr(round(line, 3))) * ROAD_FACTOR


def _gaps(spot: Spot) -> list[dict[str, Any]]:
    if spot.whole is None:
        return []
    return [
        {
            "name": profession_name(gap.profession),
            "have": gap.have,
            "standard": gap.standard,
            "shortage": gap.shortage,
            "surplus": gap.surplus,
            "words": _says(gap),
        }
        for gap in spot.whole.gaps
        if gap.have or gap.standard
    ]


def _says(gap: Gap) -> str:
    if gap.standard is None:
        return _("di luar standar ini")
    return HaveStandard("", gap.have, gap.standard).says


def _chart(spot: Spot) -> Chart | None:
    if spot.whole is None:
        return None
    rows = [
        HaveStandard(profession_name(gap.profession), gap.have, gap.standard)
        for gap in spot.whole.gaps
        if gap.standard
    ]
    if not rows:
        return None
    return bars_have_standard(
        rows, key=f"ada-{spot.place.id.hex[:12]}", title=_("Ada dan standar per profesi")
    )


def _needs(facility: uuid.UUID, *, by: Actor) -> list[StudyNeed]:
    return [need for need in list_needs(by=by) if need.facility_id == facility][:12]


def _staff(facility: uuid.UUID, on: Any, *, by: Actor) -> dict[str, Any] | None:
    told = get_staff_distribution(by=by, on=on, facility=facility).told
    if not told.people:
        return None
    tenure = told.tenure.spread
    trained = next((row for row in told.aspect("trained").rows if row.value == "ya"), None)
    education = told.aspect("education").rows
    return {
        "people": told.people,
        "asn": told.asn.n,
        "asn_percent": percent_text(told.asn.percent, 1),
        "trained": trained.n if trained else 0,
        "median": figure(tenure.median, 1) if tenure else "",
        "span": f"{figure(tenure.minimum, 1)}–{figure(tenure.maximum, 1)}" if tenure else "",
        "education": ", ".join(f"{row.value} {row.n}" for row in education[:4]),
    }
