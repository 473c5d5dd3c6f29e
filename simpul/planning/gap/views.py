"""`/perencanaan/kesenjangan`: professions × facilities against a norm; one facility; files."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.domain.gap import Count
from simpul.domain.gap_measures import fulfilment_of, vacancy
from simpul.domain.norms import CATEGORIES, NormSet
from simpul.domain.professions import PROFESSIONS, profession_name
from simpul.foundation.core.errors import Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.planning.charts.bars import HaveStandard, bars_have_standard
from simpul.planning.gap import selectors, tables
from simpul.planning.gap.answers import percent
from simpul.planning.gap.tables import SORTS, Wanted
from simpul.planning.norms.selectors import default_norm, usable_norms

FIRST_YEAR = 2004
PAGE = 100
#: The norm's own note is shown with its name; every profession has its own column of the register.
_NOT_HERE = ("norm_unverified", "profession_without_standard")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def district(request: HttpRequest) -> HttpResponse:
    """The table of all facilities this person may see."""
    by = acting(request)
    chosen = _chosen(request, by)
    found = selectors.district_gap(chosen["norm"], on=chosen["on"], by=by)
    wanted = read_wanted(request)
    study = found.study(wanted.count)
    rows = tables.rows_of(found, wanted)
    page = Paginator(rows, PAGE).get_page(request.GET.get("halaman"))
    codes = tables.shown_professions(found.norm, wanted)
    staff = [each for each in found.everybody.facilities if each.facility.have]
    context = {
        **chosen,
        **_queries(request),
        "wanted": wanted,
        "study": study,
        "codes": [(code, PROFESSIONS[code].short, profession_name(code)) for code in codes],
        "page": page,
        "rows": len(rows),
        "totals": tables.totals_of(study, codes),
        "filled_percent": percent(study.sums.filled),
        "measures": _measures(found, staff),
        "both": {"all": found.everybody.sums, "asn": found.civil.sums},
        "complete": sum(each.complete is True for each in study.facilities),
        "with_data": len(found.places) - len(found.without_data),
        "facilities_total": len(found.places),
        "refused": study.refused,
        "findings": [each for each in study.findings if staff and each.code not in _NOT_HERE],
        "status_unknown": found.status_unknown,
        "sort_options": _sort_options(),
        "profession_options": [
            (code, profession_name(code)) for code in PROFESSIONS if code in found.norm.professions
        ],
        "is_narrowed": wanted.only_short or bool(wanted.profession),
    }
    return render(request, "gap/district.html", context)


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """The same table as XLSX or CSV."""
    by = acting(request)
    chosen = _chosen(request, by)
    found = selectors.district_gap(chosen["norm"], on=chosen["on"], by=by)
    wanted = read_wanted(request)
    name = f"kesenjangan-{found.norm.code}-{found.on:%Y-%m-%d}"
    if request.GET.get("berkas") == "csv":
        return _file(tables.as_csv(found, wanted), f"{name}.csv", "text/csv; charset=utf-8")
    return _file(tables.as_xlsx(found, wanted), f"{name}.xlsx", _XLSX)


@require_GET
def facility(request: HttpRequest, facility: uuid.UUID) -> HttpResponse:
    """One facility: each profession by both counts, what had to be assumed, a chart."""
    by = acting(request)
    chosen = _chosen(request, by)
    found = selectors.place_gap(facility, chosen["norm"], on=chosen["on"], by=by)
    wanted = read_wanted(request)
    shown = found.everybody if wanted.count == "all" else found.civil
    context = {
        **chosen,
        **_queries(request),
        "wanted": wanted,
        "found": found,
        "place": found.place,
        "category": CATEGORIES.get(found.place.category, ""),
        "shown": shown,
        "filled_percent": percent(shown.sums.filled) if shown else None,
        "lines": _lines(found),
        "findings": shown.findings if shown and found.has_data else (),
        "chart": _chart(found, wanted) if shown and found.has_data else None,
    }
    return render(request, "gap/facility.html", context)


def read_wanted(request: HttpRequest) -> Wanted:
    """Return how the table is narrowed; what is not understood narrows nothing."""
    count: Count = "asn" if request.GET.get("hitung") == "asn" else "all"
    profession = request.GET.get("profesi", "")
    sort = request.GET.get("urut", "")
    return Wanted(
        count,
        profession if profession in PROFESSIONS else "",
        request.GET.get("kurang") == "1",
        sort if sort in SORTS else "kurang",
    )


def _chosen(request: HttpRequest, by: Actor) -> dict[str, Any]:
    """Return the norm and year asked for, the choices there are, and whether they go together."""
    norms = usable_norms(by=by)
    this_year = get_here().today().year
    year = _year(request.GET.get("tahun", ""), this_year)
    on = selectors.day_of_year(year)
    norm = selectors.choose_norm(
        norms, request.GET.get("standar", "")[:60], default_norm(norms, on)
    )
    return {
        "norm": norm,
        "year": year,
        "on": on,
        "is_today": year == this_year,
        "norm_options": [(code, each.name) for code, each in norms.items()],
        "year_options": [(str(one), str(one)) for one in range(this_year, FIRST_YEAR - 1, -1)],
        "count_options": [("semua", _("Semua tenaga")), ("asn", _("ASN saja"))],
        "out_of_force": not norm.in_force(on) and _period(norm),
    }


def _year(text: str, this_year: int) -> int:
    if not text:
        return this_year
    if text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:5]) <= this_year:
        return int(text)
    raise Refused(_("Tahun itu tidak dapat dipilih. Pilih tahun dari daftar."), "year_unknown")


def _period(norm: NormSet) -> str:
    since = str(norm.valid_from.year) if norm.valid_from else "…"
    return f"{since}–{norm.valid_until.year if norm.valid_until else _('sekarang')}"


def _queries(request: HttpRequest) -> dict[str, str]:
    """Return the address of this view without the page, and without what a link sets itself."""
    kept = request.GET.copy()
    for name in ("halaman", "berkas"):
        kept.pop(name, None)
    unsorted = kept.copy()
    unsorted.pop("urut", None)
    return {"query": kept.urlencode(), "unsorted_query": unsorted.urlencode()}


def _sort_options() -> list[tuple[str, str]]:
    return [
        ("kurang", _("paling kurang dulu")),
        ("lebih", _("paling lebih dulu")),
        ("terisi", _("paling sedikit terisi dulu")),
        ("nama", _("menurut nama")),
    ]


def _measures(found: selectors.DistrictGap, staff: list[Any]) -> dict[str, Any]:
    """Return the two official measures by name."""
    empty = vacancy(each.facility for each in staff)
    filled = fulfilment_of(found.civil)
    return {
        "empty": empty,
        "empty_percent": percent(empty.share_complete),
        "filled": filled,
        "filled_percent": percent(filled.share_complete),
    }


def _lines(found: selectors.PlaceGap) -> list[dict[str, Any]]:
    """Return a line per profession of the norm: everybody and civil servants beside each other."""
    if found.everybody is None or found.civil is None:
        return []
    civil = {gap.profession: gap for gap in found.civil.gaps}
    return [
        {
            "name": profession_name(gap.profession),
            "all": tables.CellView(*gap[1:]),
            "asn": tables.CellView(*civil[gap.profession][1:])
            if gap.profession in civil
            else tables.CellView(None, None, None, None),
        }
        for gap in found.everybody.gaps
        if gap.standard is not None or gap.have
    ]


def _chart(found: selectors.PlaceGap, wanted: Wanted) -> Any:
    shown = found.everybody if wanted.count == "all" else found.civil
    return bars_have_standard(
        [
            HaveStandard(profession_name(gap.profession), gap.have, gap.standard)
            for gap in (shown.gaps if shown else ())
            if gap.standard is not None
        ],
        key="kesenjangan",
        title=_("Ada dan standar, %(name)s") % {"name": found.place.name},
    )


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
