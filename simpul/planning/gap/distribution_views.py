"""`/perencanaan/sebaran`: education, employment, training, tenure, and how evenly staff are."""

import csv
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul.domain.distribution import Aspect, Row, Tenure
from simpul.domain.findings import Meaningless
from simpul.domain.gap import FacilityStaff, facility_gap
from simpul.domain.norms import NormSet
from simpul.domain.professions import PROFESSIONS, profession_name
from simpul.domain.spread import Spread
from simpul.foundation.core.spreadsheets import as_text
from simpul.foundation.facilities.selectors import FacilityPlace, get_here
from simpul.foundation.register.selectors import list_facilities
from simpul.foundation.staff.acting import acting
from simpul.planning.charts.bars import Answer, bars_n_percent
from simpul.planning.charts.figures import figure, percent_text
from simpul.planning.charts.lorenz import Curve, lorenz_chart
from simpul.planning.charts.pyramid import Step, pyramid
from simpul.planning.charts.svg import Chart
from simpul.planning.gap.distribution_selectors import (
    EquityView,
    StaffDistribution,
    equity_of,
    get_staff_distribution,
)
from simpul.planning.norms.selectors import default_norm, usable_norms

TITLES = {
    "education": gettext_lazy("Pendidikan terakhir"),
    "employment": gettext_lazy("Status kepegawaian"),
    "trained": gettext_lazy("Pernah mengikuti pelatihan"),
}


@require_GET
def sebaran(request: HttpRequest) -> HttpResponse:
    """Show the distribution; `format=csv` gives it per facility as a file."""
    by = acting(request)
    places = list_facilities(by=by)
    facility = _chosen_facility(request.GET.get("fasilitas", ""), places)
    profession = request.GET.get("profesi", "")
    if profession not in PROFESSIONS:
        profession = ""
    day = _day(request.GET.get("tanggal", ""))
    found = get_staff_distribution(
        by=by, on=day, facility=facility.id if facility else None, profession=profession
    )
    if request.GET.get("format") == "csv":
        return _csv(found)
    norms = usable_norms(by=by)
    norm = norms.get(request.GET.get("standar", "")) or default_norm(norms, found.on)
    context = {
        "found": found,
        "seen": places,
        "chosen": facility,
        "filters": _filters(places, facility, profession, norm, norms),
        "day": found.on.isoformat(),
        "profession_name": profession_name(profession) if profession else "",
        "charts": _charts(found) if found.told.people else [],
        "facts": _facts(found),
        "rows": _facility_rows(found),
        "query": _query(request),
    }
    if facility is None and len(places) > 1 and found.told.people:
        context |= _equity(found, norm, profession)
    return render(request, "gap/distribution.html", context)


def _chosen_facility(text: str, places: list[FacilityPlace]) -> FacilityPlace | None:
    return next((place for place in places if str(place.id) == text), None)


def _day(text: str) -> date | None:
    """Read the day asked for; what is no day, or lies ahead, is today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(1990, 1, 1) <= day <= get_here().today() else None


def _filters(
    places: list[FacilityPlace],
    facility: FacilityPlace | None,
    profession: str,
    norm: NormSet,
    norms: dict[str, NormSet],
) -> dict[str, Any]:
    return {
        "facilities": [(str(place.id), place.name) for place in places],
        "facility": str(facility.id) if facility else "",
        "professions": [(code, one.name) for code, one in PROFESSIONS.items()],
        "profession": profession,
        "norms": [(code, one.name) for code, one in norms.items()],
        "norm": norm.code,
    }


def _charts(found: StaffDistribution) -> list[tuple[str, Chart, str]]:
    told = found.told
    charts = [
        (name, _aspect_chart(told.aspect(name), title=str(title)), _per_facility(told.aspect(name)))
        for name, title in TITLES.items()
    ]
    charts.append(("tenure", _pyramid(told.tenure), _tenure_words(told.tenure)))
    return charts


def _aspect_chart(aspect: Aspect, *, title: str) -> Chart:
    rows = [*aspect.rows, aspect.missing] if aspect.missing.n else list(aspect.rows)
    return bars_n_percent(
        [Answer(_value(row), row.n, percent_text(row.percent), row.is_missing) for row in rows],
        key=f"sebaran-{aspect.name}",
        title=title,
        total=aspect.missing.of,
    )


def _value(row: Row) -> str:
    if row.is_missing:
        return _("belum diisi")
    return {"ya": _("pernah"), "tidak": _("belum pernah")}.get(row.value, row.value)


def _per_facility(aspect: Aspect) -> str:
    """Fewest and most in one facility, for each answer."""
    return _("Per fasilitas: %(rows)s.") % {
        "rows": "; ".join(
            f"{_value(row)} {row.facility_min}–{row.facility_max}" for row in aspect.rows
        )
    }


def _pyramid(tenure: Tenure) -> Chart:
    return pyramid(
        [Step(band.label, band.asn, band.other, band.unknown) for band in tenure.bands],
        key="sebaran-masa-kerja",
        title=_("Masa kerja"),
        left=_("ASN"),
        right=_("bukan ASN"),
        unit=_("tahun"),
    )


def _tenure_words(tenure: Tenure) -> str:
    spread = tenure.spread
    if spread is None:
        return _("Tanggal mulai kerja belum diisi untuk siapa pun.")
    sentence = _(
        "n = %(n)d dari %(of)d: rata-rata %(mean)s tahun, simpangan baku %(sd)s, median %(median)s "
        "(kuartil %(q1)s–%(q3)s), %(low)s sampai %(high)s."
    ) % {
        "n": spread.n,
        "of": tenure.missing.of,
        "mean": figure(spread.mean),
        "sd": "–" if spread.sd is None else figure(spread.sd),
        "median": figure(spread.median),
        "q1": figure(spread.q1),
        "q3": figure(spread.q3),
        "low": figure(spread.minimum),
        "high": figure(spread.maximum),
    }
    if tenure.missing.n:
        missing = _("Belum diisi: %(n)d orang (%(percent)s).") % {
            "n": tenure.missing.n,
            "percent": percent_text(tenure.missing.percent),
        }
        sentence = f"{sentence} {missing}"
    return sentence


def _facts(found: StaffDistribution) -> dict[str, Any]:
    spread = found.told.per_facility
    return {
        "people": found.told.people,
        "asn": found.told.asn.n,
        "asn_percent": percent_text(found.told.asn.percent),
        "facilities": len(found.places),
        "empty": sum(1 for n in found.per_place.values() if not n),
        "mean": figure(spread.mean) if spread else "–",
        "sd": figure(spread.sd) if spread and spread.sd is not None else "–",
        "low": figure(spread.minimum, 0) if spread else "–",
        "high": figure(spread.maximum, 0) if spread else "–",
        "on": date_format(found.on, "j F Y"),
    }


def _facility_rows(found: StaffDistribution) -> list[dict[str, Any]]:
    by_name = {place.name: place for place in found.told.facilities}
    rows = []
    for place in found.places:
        told = by_name.get(place.name)
        tenure = told.tenure if told else None
        rows.append(
            {
                "id": place.id,
                "name": place.name,
                "n": found.per_place[place.id],
                "asn": told.asn if told else 0,
                "trained": told.trained if told else 0,
                "median": figure(tenure.median, 1) if tenure else "–",
                "span": _span(tenure),
            }
        )
    return rows


def _span(tenure: Spread | None) -> str:
    return f"{figure(tenure.minimum, 1)}–{figure(tenure.maximum, 1)}" if tenure else "–"


def _equity(found: StaffDistribution, norm: NormSet, profession: str) -> dict[str, Any]:
    people = {place.id: place.population for place in found.places}
    views = [
        equity_of(found.places, found.per_place, people, against=_("penduduk")),
        equity_of(
            found.places,
            found.per_place,
            {place.id: _need(place, norm, profession) for place in found.places},
            against=_("kebutuhan"),
        ),
    ]
    curves = [
        Curve(
            _("terhadap %(base)s: Gini %(gini)s")
            % {"base": view.against, "gini": figure(view.found.gini, 3)},
            [(float(one.base_share), float(one.amount_share)) for one in view.found.lorenz],
        )
        for view in views
        if view.found is not None
    ]
    chart = lorenz_chart(
        curves,
        key="sebaran-lorenz",
        title=_("Kurva Lorenz tenaga"),
        across=_("bagian penduduk atau kebutuhan (%)"),
    )
    return {"lorenz": chart if curves else None, "equity": [_told(view) for view in views]}


def _told(view: EquityView) -> dict[str, Any]:
    found = view.found
    told: dict[str, Any] = {"against": view.against, "reason": view.reason, "without": view.without}
    if found is not None:
        told |= {
            "places": found.places,
            "gini": figure(found.gini, 3),
            "theil": figure(found.theil.total, 4),
            "between": figure(found.theil.between, 4),
            "within": figure(found.theil.within, 4),
            "groups": [
                {
                    "name": one.name,
                    "staff": percent_text(100 * one.amount_share, 1),
                    "base": percent_text(100 * one.base_share, 1),
                    "theil": figure(one.theil, 4),
                }
                for one in found.theil.groups
            ],
        }
    return told


def _need(place: FacilityPlace, norm: NormSet, profession: str) -> int | None:
    """Posts the norm asks of this facility (of one profession); None where it has no table."""
    staff = FacilityStaff(
        name=place.name,
        category=place.category or None,
        have=dict.fromkeys(norm.professions, 0),
        inpatient=place.is_inpatient,
        pustu=place.pustu,
        villages=place.villages,
    )
    try:
        gaps = facility_gap(staff, norm).gaps
    except Meaningless:
        return None
    return sum(gap.standard or 0 for gap in gaps if not profession or gap.profession == profession)


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["format"] = "csv"
    return query.urlencode()


def _csv(found: StaffDistribution) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="sebaran-{found.on}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow(
        [_("Fasilitas"), _("Orang"), _("ASN"), _("Pernah pelatihan"), _("Median masa kerja")]
    )
    for row in _facility_rows(found):
        writer.writerow([as_text(row["name"]), row["n"], row["asn"], row["trained"], row["median"]])
    return response
