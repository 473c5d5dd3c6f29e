"""Ways to begin a study: empty, copied, from a filled template, or from the service data."""

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from simpul.domain.findings import Meaningless
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.intake.tables import Unusable
from simpul.planning.studies.computing import compute
from simpul.planning.studies.input_reading import NotUnderstood
from simpul.planning.studies.models import Origin
from simpul.planning.studies.outcome import outcome_of
from simpul.planning.studies.screen import (
    read_year,
    sheet_context,
    unit_options,
    variant_options,
)
from simpul.planning.studies.selectors import (
    find_version,
    last_variant,
    list_comparable,
    list_facilities,
)
from simpul.planning.studies.service_data import study_from_service
from simpul.planning.studies.services import NewStudy, NewVersion, create_study
from simpul.planning.studies.sheet import sheet_of
from simpul.planning.studies.sheet_reading import read_sheet
from simpul.planning.studies.workbook import read_workbook

_LARGEST = 2_000_000


@require_http_methods(["GET", "POST"])
def new_study(request: HttpRequest) -> HttpResponse:
    """Choose how to begin; on POST open an empty study or one copied from another."""
    by = acting(request)
    require(by, "input", "planning")
    require_home(by)
    if request.method == "GET":
        return _page(request, by)
    source = request.POST.get("dari", "") if request.POST.get("cara") == "salin" else ""
    series = None
    if source:
        series = find_version(_uuid(source), by=by).study.series
    try:
        study = create_study(_wish(request, series=series), by=by)
    except Refused as refusal:
        return _page(request, by, refusal=refusal)
    where = reverse("studi-ubah", args=[study.id])
    return redirect(f"{where}?{urlencode({'salin': source})}" if source else where)


@require_POST
def from_service(request: HttpRequest) -> HttpResponse:
    """The one button: a study of this year from what was done, with what was assumed."""
    by = acting(request)
    require(by, "input", "planning")
    require_home(by)
    try:
        study = study_from_service(_wish(request), by=by, variant=request.POST.get("variant", ""))
    except Refused as refusal:
        return _page(request, by, refusal=refusal)
    where = reverse("studi-baca", args=[study.id])
    return redirect(f"{where}?{urlencode({'tersimpan': 1})}")


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """A filled template: first shown as it was read, with every refused row; then kept."""
    by = acting(request)
    require(by, "input", "planning")
    require_home(by)
    text = request.POST.get("isi", "")
    if text:
        return _keep_upload(request, by, text)
    file = request.FILES.get("berkas")
    if file is None or not file.size:
        return _page(
            request, by, refusal=_file_refusal(_("Pilih berkas templat yang sudah diisi."))
        )
    if file.size > _LARGEST:
        return _page(
            request,
            by,
            refusal=_file_refusal(_("Berkas ini lebih dari 2 MB. Bagi menjadi beberapa studi.")),
        )
    try:
        found = read_workbook(file.read(), str(file.name))
    except Unusable as unusable:
        return _page(request, by, refusal=_file_refusal(unusable.message))
    except NotUnderstood as refused:
        # One reason a cell: what could not be read is also missing.
        reasons = {each.where: each.message for each in reversed(refused.troubles)}
        rows = [
            {"where": each, "message": reasons[each]}
            for each in list(dict.fromkeys(one.where for one in refused.troubles))[:200]
        ]
        return _dry_run(request, by, {}, rows, status=422)
    return _dry_run(request, by, json.loads(json.dumps(found, default=str)), [])


def _keep_upload(request: HttpRequest, by: Actor, text: str) -> HttpResponse:
    try:
        found = json.loads(text) if len(text) <= _LARGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return _page(
            request, by, refusal=_file_refusal(_("Isi berkas tidak utuh lagi. Unggah sekali lagi."))
        )
    try:
        read = read_sheet(sheet_of(found))
    except (TypeError, AttributeError):
        return _page(
            request, by, refusal=_file_refusal(_("Isi berkas tidak utuh lagi. Unggah sekali lagi."))
        )
    if read.problems:
        rows = [{"where": each.where, "message": each.message} for each in read.problems[:200]]
        return _dry_run(request, by, {}, rows, status=422)
    try:
        study = create_study(
            _wish(request), by=by, first=NewVersion(read.input, read.extras, Origin.TEMPLATE)
        )
    except Refused as refusal:
        return _page(request, by, refusal=refusal)
    where = reverse("studi-baca", args=[study.id])
    return redirect(f"{where}?{urlencode({'tersimpan': 1})}")


def _dry_run(
    request: HttpRequest,
    by: Actor,
    found: dict[str, Any],
    refused: list[dict[str, str]],
    *,
    status: int = 200,
) -> HttpResponse:
    """Show what would be kept; nothing is kept yet."""
    sheet = sheet_of(found)
    outcome = outcome_of(sheet)
    doubts = (
        [
            {"where": where, "message": problem.message}
            for problem in outcome.read.problems
            for where in [_line_name(found, outcome.read.places, problem.where)]
        ]
        if found
        else []
    )
    if found and not doubts and not refused:
        try:
            compute(outcome.read.input)
        except Meaningless as meaningless:
            doubts.append({"where": meaningless.where, "message": meaningless.message})
        except Refused as refusal:
            doubts += [{"where": e.where, "message": e.message} for e in refusal.errors]
    values = sheet_context(sheet, outcome) | {
        "refused": [*refused, *doubts],
        "input_json": json.dumps(found, ensure_ascii=False),
        "accepted": sum(len(category.activities) for category in sheet.categories),
        "typed": _typed(request, found),
        "is_read": True,
    }
    return render(request, "studies/dry_run.html", values | _choices(by), status=status)


def _line_name(found: dict[str, Any], places: list[dict[str, Any]], field: str) -> str:
    """Name the row of a problem as the reader of the file knows it."""
    stem = field.rpartition("-")[0]
    for category, place in zip(found.get("categories", []), places, strict=False):
        for table, keys in (
            ("activities", "activities"),
            ("allowances", "allowances"),
            ("individual_allowances", "individual"),
        ):
            for row, key in zip(category.get(table, []), place[keys], strict=False):
                if key == stem:
                    return f"{category.get('name', '')} › {row.get('name', '')}"
        if place["stem"] == stem:
            return str(category.get("name", ""))
    return ""


def _typed(request: HttpRequest, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": request.POST.get("title", "") or str(found.get("name") or ""),
        "year": str(found.get("year") or request.POST.get("year") or get_here().today().year),
        "facility": request.POST.get("facility", ""),
        "units": request.POST.getlist("units")[:30],
        "variant": request.POST.get("variant", ""),
    }


def _wish(request: HttpRequest, *, series: uuid.UUID | None = None) -> NewStudy:
    facility = request.POST.get("facility", "")
    return NewStudy(
        title=request.POST.get("title", "")[:400],
        year=read_year(request.POST.get("year")),
        units=tuple(request.POST.getlist("units")[:30]),
        facility=_uuid(facility) if facility else None,
        series=series,
    )


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Refused(
            _("Pilihan itu tidak dikenal; tidak ada yang disimpan. Pilih dari daftar."),
            "choice_unknown",
        ) from None


def _file_refusal(message: str) -> Refused:
    return Refused(
        _("Templat belum dibaca; tidak ada yang disimpan."),
        "file_refused",
        errors=(Problem("berkas", "file_refused", message),),
    )


def _choices(by: Actor) -> dict[str, Any]:
    return {
        "facilities": (
            [(one.id, one.name) for one in list_facilities(by=by)]
            if Role.DISTRICT in by.roles
            else []
        ),
        "unit_options": unit_options(by.facility_id),
    }


def _page(request: HttpRequest, by: Actor, *, refusal: Refused | None = None) -> HttpResponse:
    today = get_here().today()
    source = request.GET.get("salin") or request.POST.get("dari") or ""
    values: dict[str, Any] = _choices(by) | {
        "sources": list_comparable(by=by),
        "source": source,
        "variants": variant_options(),
        "typed": {
            "title": request.POST.get("title", ""),
            "year": request.POST.get("year", str(today.year)),
            "facility": request.POST.get("facility", str(by.facility_id)),
            "units": request.POST.getlist("units")[:30],
            "variant": request.POST.get("variant") or last_variant(by=by, facility=by.facility_id),
        },
        "errors": {},
    }
    if source and request.method == "GET":
        old = find_version(_uuid(source), by=by)
        values["typed"] |= {
            "title": old.study.title,
            "year": str(old.study.year + 1),
            "units": old.study.units,
            "facility": str(old.study.facility_id),
        }
    if refusal is None:
        return render(request, "studies/new.html", values)
    values["errors"] = {each.where: each.message for each in refusal.errors}
    values["refusal"] = {
        "title": refusal.message,
        "problems": [{"where": each.where, "message": each.message} for each in refusal.errors],
    }
    return render(request, "studies/new.html", values, status=422)
