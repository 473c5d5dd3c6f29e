"""`/perencanaan/studi`: the list of studies, and one study with its versions."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.core.errors import Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.rights import may
from simpul.planning.studies import selectors
from simpul.planning.studies.reading import cpi_ways, read_version
from simpul.planning.studies.screen import read_year, unit_names, unit_options
from simpul.planning.studies.selectors import StudyLine
from simpul.planning.studies.services import (
    NewStudy,
    archive_study,
    describe_study,
    restore_version,
)


@require_GET
def studies(request: HttpRequest) -> HttpResponse:
    """The list, newest first; by year, facility and words, and those put away."""
    by = acting(request)
    archived = request.GET.get("arsip") == "1"
    year = read_year(request.GET.get("tahun"))
    facility = _id(request.GET.get("puskesmas"))
    text = request.GET.get("q", "")[:60]
    rows = selectors.list_studies(
        by=by,
        year=year,
        facility=facility,
        text=text,
        archived=archived,
        after=_id(request.GET.get("sesudah")),
        limit=selectors.PAGE + 1,
    )
    is_district = Role.DISTRICT in by.roles
    page = rows[: selectors.PAGE]
    kept = {"tahun": str(year or ""), "puskesmas": str(facility or ""), "q": text}
    if archived:
        kept["arsip"] = "1"
    values = {
        "rows": [_shown(row) for row in page],
        "next": urlencode({**kept, "sesudah": str(page[-1].id)}) if len(rows) > len(page) else "",
        "years": [(str(known), str(known)) for known in selectors.list_years(by=by)],
        "year": year,
        "facilities": (
            [(known.id, known.name) for known in selectors.list_facilities(by=by)]
            if is_district
            else []
        ),
        "facility_id": facility,
        "text": text,
        "archived": archived,
        "is_filtered": bool(year or facility or text.strip()),
        "may_make": may(by, "input", "planning"),
        "this_year": get_here().today().year,
    }
    return render(request, "studies/list.html", values)


def _shown(row: StudyLine) -> dict[str, Any]:
    version = row.version
    return {
        "study": row,
        "units": unit_names(row.units),
        "method": "" if version is None else version.method_words,
    }


@require_GET
def study(request: HttpRequest, study: uuid.UUID) -> HttpResponse:
    """One study: result in one sentence, the tables with their sums, versions, comparison."""
    return study_page(request, study)


def study_page(
    request: HttpRequest,
    study: uuid.UUID,
    *,
    status: int = 200,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """Return the page of a study, at the version asked for."""
    by = acting(request)
    line = selectors.get_study(study, by=by)
    number = _number(request.GET.get("versi"))
    version = selectors.get_version(study, number, by=by)
    row = selectors.find_row(study, by=by)
    versions = selectors.list_versions(study, by=by)
    others = [
        option
        for option in selectors.list_comparable(by=by, first=row.series)
        if version is None or option[0] != version.id
    ]
    values: dict[str, Any] = {
        "study": line,
        "row_version": row.version,
        "units": unit_names(line.units),
        "unit_options": unit_options(line.facility_id),
        "read": None if version is None else read_version(version),
        "version": version,
        "is_newest": version is None or version.number == line.latest,
        "versions": versions,
        "comparable": others,
        "may_write": may(by, "correct", "planning") and line.is_own,
        "saved": _number(request.GET.get("tersimpan")),
        "ways": cpi_ways(),
        "is_read": True,
        "here": get_here().name,
    }
    return render(request, "studies/study.html", values | (more or {}), status=status)


@require_POST
def describe(request: HttpRequest, study: uuid.UUID) -> HttpResponse:
    """Change title, year and units."""
    by = acting(request)
    wish = NewStudy(
        title=request.POST.get("title", "")[:400],
        year=read_year(request.POST.get("year")),
        units=tuple(request.POST.getlist("units")[:30]),
    )
    seen = _number(request.POST.get("version")) or 0
    try:
        describe_study(study, wish, by=by, seen_version=seen)
    except Refused as refusal:
        typed = {
            "refusal": {
                "title": refusal.message,
                "problems": [
                    {"where": each.where, "message": each.message} for each in refusal.errors
                ],
            },
            "typed_title": wish.title,
            "typed_year": request.POST.get("year", "")[:10],
            "describing": True,
        }
        return study_page(request, study, status=422, more=typed)
    return redirect("studi-baca", study)


@require_POST
def archive(request: HttpRequest, study: uuid.UUID) -> HttpResponse:
    """Put a study away, or take it out again."""
    by = acting(request)
    away = request.POST.get("simpan") != "0"
    archive_study(study, by=by, away=away)
    return redirect("studi" if away else reverse("studi-baca", args=[study]))


@require_POST
def restore(request: HttpRequest, study: uuid.UUID) -> HttpResponse:
    """Make an earlier version the newest again."""
    by = acting(request)
    selectors.get_study(study, by=by)
    version = _id(request.POST.get("versi"))
    if version is None:
        raise Refused(_("Pilih versi yang dikembalikan."), "version_unknown")
    made = restore_version(version, by=by, seen=_number(request.POST.get("seen")) or 0)
    where = reverse("studi-baca", args=[made.study_id])
    return redirect(f"{where}?{urlencode({'tersimpan': made.number})}")


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    bare = (text or "").strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 7 else None
