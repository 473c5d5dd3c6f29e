"""`…/studi/…/ubah`: the sheet of a study, counted while one types, saved as a version."""

import uuid
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from simpul.foundation.core.errors import NotHere, Stale
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.studies.models import Origin
from simpul.planning.studies.outcome import Outcome, outcome_of, refused_field
from simpul.planning.studies.screen import sheet_context
from simpul.planning.studies.selectors import StudyLine, find_version, get_study, get_version
from simpul.planning.studies.services import NewVersion, find_own, save_version
from simpul.planning.studies.sheet import (
    ROW_FIELDS,
    Row,
    Sheet,
    add_category,
    next_key,
    posted_sheet,
    sheet_of,
    with_room,
)

_MORE_ROWS = 5


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, study: uuid.UUID) -> HttpResponse:
    """Show the sheet; on POST count it, make room in it, or save it as a new version."""
    by = acting(request)
    line = get_study(study, by=by)
    find_own(study, by=by)
    if request.method == "POST":
        return _posted(request, line, by)
    sheet, note = _opened(request, line, by)
    return _page(request, line, sheet, outcome_of(sheet), seen=line.latest, origin_note=note)


@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Return what the sheet on the screen comes to; nothing is kept."""
    by = acting(request)
    require(by, "view", "planning")
    require_home(by)
    sheet = posted_sheet(request.POST)
    return render(request, "studies/_counted.html", sheet_context(sheet, outcome_of(sheet)))


def _opened(request: HttpRequest, line: StudyLine, by: Actor) -> tuple[Sheet, str]:
    """Return the sheet to begin with: the newest version, or last year's to be renewed."""
    source = request.GET.get("salin", "")
    if source:
        try:
            old = find_version(uuid.UUID(source), by=by)
        except ValueError:
            raise NotHere(_("Versi yang disalin tidak ada."), "version_unknown") from None
        sheet = _as_last_year(sheet_of(old.input, old.extras))
        note = _(
            "Disalin dari %(title)s %(year)s versi %(number)d. Kuantitasnya menjadi kolom “tahun "
            "lalu”; isilah kuantitas tahun ini. Belum ada yang disimpan."
        ) % {"title": old.study.title, "year": old.study.year, "number": old.number}
        return with_room(sheet), note
    version = get_version(line.id, by=by)
    sheet = Sheet() if version is None else sheet_of(version.input, version.extras)
    return with_room(sheet), ""


def _as_last_year(sheet: Sheet) -> Sheet:
    """Move each quantity to last year's column; ranges and target times of then say nothing now."""
    for category in sheet.categories:
        for row in category.activities:
            row.values["last_year"] = row.text("volume")
            for name in ("volume", "volume_low", "volume_high"):
                row.values[name] = ""
    return sheet


def _posted(request: HttpRequest, line: StudyLine, by: Actor) -> HttpResponse:
    sheet = posted_sheet(request.POST)
    do = request.POST.get("do", "")
    over = request.POST.get("over", "")
    seen = _number(over or request.POST.get("seen", ""))
    if do == "category":
        add_category(sheet)
    elif do.startswith("rows "):
        _more_rows(sheet, do.removeprefix("rows "))
    outcome = outcome_of(sheet)
    with_room(sheet)
    if do != "save" and not over:
        return _page(request, line, sheet, outcome, seen=seen, tell=do == "count")
    refused = _refusal(outcome, sheet)
    if refused is not None:
        return _page(
            request, line, sheet, outcome, seen=seen, refusal=refused, tell=True, status=422
        )
    new = NewVersion(
        input=outcome.read.input,
        extras=outcome.read.extras | _kept_extras(line, by),
        origin=Origin.TYPED,
        note=sheet.note,
    )
    try:
        version = save_version(line.id, new, by=by, seen=seen)
    except Stale as stale:
        return _page(
            request,
            replace(line, latest=int(str(stale.extra["current_version"]))),
            sheet,
            outcome,
            seen=seen,
            refusal={"title": stale.message, "actions": _both(line, stale)},
            over=int(str(stale.extra["current_version"])),
            status=412,
        )
    where = reverse("studi-baca", args=[line.id])
    return redirect(f"{where}?{urlencode({'tersimpan': version.number})}")


def _kept_extras(line: StudyLine, by: Actor) -> dict[str, Any]:
    """What was assumed when the figures came from the service stays with the study."""
    version = get_version(line.id, by=by)
    assumed = None if version is None else version.extras.get("assumptions")
    return {} if assumed is None else {"assumptions": assumed}


def _both(line: StudyLine, stale: Stale) -> list[dict[str, Any]]:
    newer = stale.extra["current_version"]
    return [
        {
            "label": _("Lihat versi %(number)s") % {"number": newer},
            "url": f"{reverse('studi-baca', args=[line.id])}?versi={newer}",
            "uji": "studi-lihat-versi",
        }
    ]


def _refusal(outcome: Outcome, sheet: Sheet) -> dict[str, Any] | None:
    """Return why this sheet cannot be saved, each reason with its field; None when it can."""
    if outcome.read.problems:
        names = {
            row.key: f"{row.text('name').strip()}: "
            for category in sheet.categories
            for row in (*category.activities, *category.allowances, *category.individual)
            if row.text("name").strip()
        }
        problems = [
            {"where": each.where, "message": names.get(_stem(each.where), "") + each.message}
            for each in outcome.read.problems[:20]
        ]
    elif outcome.refusal is not None:
        problems = [
            {
                "where": refused_field(outcome.refusal, outcome.read),
                "message": f"{outcome.refusal.where}: {outcome.refusal.message}",
            }
        ]
    else:
        return None
    return {
        "title": _("Versi ini belum disimpan: ada isian yang belum terbaca."),
        "safe": _("Semua yang Anda ketik masih ada di layar."),
        "problems": problems,
    }


def _stem(field: str) -> str:
    return field.rpartition("-")[0]


def _more_rows(sheet: Sheet, table: str) -> None:
    """Add empty rows to one table, for a browser without scripts."""
    stem, _dash, letter = table.partition("-")
    for category in sheet.categories:
        if category.key == stem and letter in ROW_FIELDS:
            for _time in range(_MORE_ROWS):
                category.table(letter).append(Row(next_key(category, letter)))


def _number(text: str) -> int:
    bare = text.strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 7 else 0


def _page(
    request: HttpRequest,
    line: StudyLine,
    sheet: Sheet,
    outcome: Outcome,
    *,
    seen: int,
    tell: bool = False,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    values = sheet_context(sheet, outcome, tell=tell) | {"study": line, "seen": seen} | more
    return render(request, "studies/edit.html", values, status=status)
