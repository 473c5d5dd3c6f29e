"""`/dinas/kunjungan`: visits and diseases across the district, with the coverage they stand on."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul.domain.dates import format_date
from simpul.exchange.district.activity import (
    LONGEST_DAYS,
    UNIT_NAMES,
    Activity,
    Wish,
    read_activity,
)
from simpul.exchange.district.export import as_file
from simpul.exchange.district.freshness import list_freshness
from simpul.exchange.district.reading import read_id
from simpul.exchange.district.views import frame
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.register.cells import Unreadable, read_day
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor

PERIODS = {
    "hari": gettext_lazy("hari ini"),
    "minggu": gettext_lazy("7 hari terakhir"),
    "bulan": gettext_lazy("bulan ini"),
    "lalu": gettext_lazy("bulan lalu"),
    "pilih": gettext_lazy("tanggal sendiri"),
}


@require_GET
def activity(request: HttpRequest) -> HttpResponse:
    """The figures as a page."""
    by = acting(request)
    wish, period, problem = _read(request)
    found = read_activity(wish, by=by)
    most = max((day.visits or 0 for day in found.days), default=0)
    query = request.GET.copy()
    query.pop("berkas", None)
    context: dict[str, Any] = {
        "found": found,
        "wish": wish,
        "period": period,
        "problem": problem,
        "most": most,
        "period_options": list(PERIODS.items()),
        "unit_options": list(UNIT_NAMES.items()),
        "is_today": wish.ends >= get_here().today(),
        "query": query.urlencode(),
        "facility_options": _facility_options(by),
        **frame(by),
    }
    return render(request, "district/activity.html", context)


def _facility_options(by: Actor) -> list[tuple[str, str]]:
    return [(str(row.facility), row.name) for row in list_freshness(by=by)]


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """The figures as XLSX or CSV; `isi` says which table."""
    by = acting(request)
    wish, _period, _problem = _read(request)
    found = read_activity(wish, by=by)
    headings, rows = _TABLES.get(request.GET.get("isi", ""), _places)(found)
    name = f"kunjungan-{wish.begins.isoformat()}-{wish.ends.isoformat()}"
    return as_file(request.GET.get("berkas", ""), name, headings, rows, (coverage_note(found),))


def coverage_note(found: Activity) -> str:
    """Return what the figures stand on, in one sentence, for the foot of a file."""
    coverage = found.coverage
    end = coverage.until
    missing = ", ".join(row.name for row in coverage.missing)
    note = f"{len(coverage.covered)} dari {coverage.total} Puskesmas"
    if end is not None:
        note += f", data s.d. {end:%Y-%m-%d %H:%M} UTC"
    return f"{note}. Tidak terhitung: {missing}." if missing else f"{note}."


def _places(found: Activity) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    rows = [(row.name, row.visits, row.until) for row in found.places]
    return ("Puskesmas", "Kunjungan", "Data sampai"), rows


def _days(found: Activity) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    return ("Tanggal", "Kunjungan"), [(row.day, row.visits) for row in found.days]


def _units(found: Activity) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    return ("Unit", "Kunjungan"), [(row.name, row.visits) for row in found.units]


def _diseases(found: Activity) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    return (
        ("Penyakit", "ICD-10", "Kunjungan", "Kasus baru", "Puskesmas"),
        [(row.name, row.code, row.visits, row.new_cases, row.places) for row in found.diseases],
    )


_TABLES = {"puskesmas": _places, "hari": _days, "unit": _units, "penyakit": _diseases}


def _read(request: HttpRequest) -> tuple[Wish, str, str]:
    """Return what is asked, and a sentence where a date could not be used."""
    today = get_here().today()
    period = request.GET.get("periode", "")
    if period not in PERIODS:
        period = "hari"
    begins, ends, problem = today, today, ""
    if period == "minggu":
        begins = today - timedelta(days=6)
    elif period == "bulan":
        begins = today.replace(day=1)
    elif period == "lalu":
        ends = today.replace(day=1) - timedelta(days=1)
        begins = ends.replace(day=1)
    elif period == "pilih":
        begins, ends, problem = _own_days(request, today)
    unit = request.GET.get("unit", "")
    wish = Wish(
        begins=begins,
        ends=ends,
        facility=read_id(request.GET.get("puskesmas")),
        unit=unit if unit in UNIT_NAMES else "",
    )
    return wish, period, problem


def _own_days(request: HttpRequest, today: date) -> tuple[date, date, str]:
    try:
        begins = read_day(request.GET.get("dari", "")[:30], today=today) or today
        ends = read_day(request.GET.get("sampai", "")[:30], today=today) or today
    except Unreadable as trouble:
        return today, today, str(trouble)
    if begins > ends:
        begins, ends = ends, begins
    if (ends - begins).days >= LONGEST_DAYS:
        begins = ends - timedelta(days=LONGEST_DAYS - 1)
        return (
            begins,
            ends,
            _("Paling panjang satu tahun; ditampilkan sejak %(day)s.")
            % {"day": format_date(begins)},
        )
    return begins, ends, ""
