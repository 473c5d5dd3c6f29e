"""`/impor`: people from a spreadsheet. Bring it, choose columns, try it, import it, see what came.

The work itself is done by another process (`simpul.cli.importer`); closing the page loses nothing.
"""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.foundation.core.errors import Refused
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.rights import may, require, require_home
from simpul.service.patients.importing import files, services
from simpul.service.patients.importing.columns import FIELDS, guess_mapping
from simpul.service.patients.importing.mending import refused_workbook
from simpul.service.patients.importing.models import ImportRun, RunState, Verdict
from simpul.service.patients.importing.selectors import (
    VERDICTS,
    count_rows,
    earlier_run,
    get_row,
    list_rows,
    list_runs,
    next_number,
)
from simpul.service.patients.importing.survey import Reading

UNDER_WAY = (RunState.CHECKING, RunState.RUNNING)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose a file, or go on with one that came before."""
    by = acting(request)
    require(by, "view", "import")
    require_home(by)
    refusal: Refused | None = None
    if request.method == "POST":
        require(by, "input", "import")
        upload = request.FILES.get("file")
        try:
            if upload is None:
                files.refuse("file_missing", _("Berkas belum dipilih. Pilih berkas daftar pasien."))
            run = services.bring(upload.name or "", upload.chunks(), by=by)
        except Refused as trouble:
            refusal = trouble
        else:
            return redirect("impor-lihat", run=run.pk)
    context = {
        "refusal": refusal,
        "runs": list_runs(by=by),
        "may_import": may(by, "input", "import"),
    }
    return render(request, "importing/start.html", context, status=422 if refusal else 200)


@require_GET
def show(request: HttpRequest, run: uuid.UUID) -> HttpResponse:
    """One file, wherever it has come: its columns, how far it is, its verdicts."""
    by = acting(request)
    row = services.read_run(run, by=by)
    if row.state in (RunState.MAPPING, RunState.FAILED):
        return _mapping(request, row)
    if row.state in UNDER_WAY:
        return render(request, "importing/under_way.html", _progress(row))
    return _verdicts(request, row)


def _mapping(
    request: HttpRequest,
    run: ImportRun,
    refusal: Refused | None = None,
    *,
    is_typed: bool = False,
) -> HttpResponse:
    found = files.Found.of(run.found)
    named = request.POST.get("sheet", run.sheet)
    sheet = found.sheet(named)
    mapping = {int(at): field for at, field in run.mapping.items()}
    if sheet.name != run.sheet:
        mapping = guess_mapping(sheet.headings)
    chosen = _chosen(request) if is_typed else mapping
    columns = [
        {
            "at": at,
            "heading": heading or _("kolom %(n)d") % {"n": at + 1},
            "field": chosen.get(at, ""),
            "sample": [row[at] for row in sheet.sample if at < len(row) and row[at]][:3],
        }
        for at, heading in enumerate(sheet.headings)
    ]
    context = {
        "run": run,
        "sheets": [(one.name, one.name) for one in found.sheets],
        "sheet": sheet.name,
        "columns": columns,
        "fields": [(code, label) for code, label in FIELDS.items()],
        "keep_numbers": run.keep_numbers,
        "refusal": refusal,
        "failed": run.message if run.state == RunState.FAILED and refusal is None else "",
        "earlier": earlier_run(run),
    }
    return render(request, "importing/mapping.html", context, status=422 if refusal else 200)


def _chosen(request: HttpRequest) -> dict[int, str]:
    """Return the columns as a person chose them: one field a place."""
    return {
        int(name[7:]): str(value)
        for name, value in request.POST.items()
        if name.startswith("column-") and name[7:].isdecimal() and len(name) < 11 and value
    }


def _progress(run: ImportRun) -> dict[str, object]:
    return {
        "run": run,
        "is_under_way": run.state in UNDER_WAY,
        "counts": _counted(run),
        "share": round(run.done * 100 / run.total) if run.total else 0,
    }


def _counted(run: ImportRun) -> list[dict[str, object]]:
    counts = count_rows(run)
    return [
        {"code": str(verdict), "label": verdict.label, "count": counts[verdict]}
        for verdict in VERDICTS
    ]


def _verdicts(request: HttpRequest, run: ImportRun) -> HttpResponse:
    by = acting(request)
    verdict = request.GET.get("putusan", "")
    after = request.GET.get("setelah", "")
    page = list_rows(run, by=by, verdict=verdict, after=int(after[:9]) if after.isdecimal() else 0)
    counts = _counted(run)
    numbers = {str(one["code"]): int(str(one["count"])) for one in counts}
    context = {
        "run": run,
        "counts": counts,
        "page": page,
        "verdict": verdict if verdict in Verdict.values else "",
        "is_later_page": bool(after),
        "said": Reading.of(run.reading).said() if run.reading else [],
        "refused": numbers[Verdict.REFUSED],
        "to_save": numbers[Verdict.NEW] + numbers[Verdict.INCOMPLETE],
        "next_number": next_number(run) if run.state == RunState.CHECKED else "",
        "may_import": may(by, "input", "import"),
        "is_checked": run.state == RunState.CHECKED,
        "is_done": run.state == RunState.DONE,
        "is_stopped": run.state == RunState.STOPPED,
        "is_closed": run.state == RunState.CLOSED,
    }
    return render(request, "importing/verdicts.html", context)


@require_GET
def progress(request: HttpRequest, run: uuid.UUID) -> HttpResponse:
    """How far it is; when it is through, the page comes anew."""
    row = services.read_run(run, by=acting(request))
    response = render(request, "importing/_progress.html", _progress(row))
    if row.state not in UNDER_WAY:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def check(request: HttpRequest, run: uuid.UUID) -> HttpResponse:
    """Take the columns over and try the file; or show another sheet, or the columns again."""
    by = acting(request)
    row = services.read_run(run, by=by)
    require(by, "input", "import")
    if row.state == RunState.CHECKED and not request.POST.get("columns"):
        services.choose(
            row,
            by=by,
            mapping={int(at): field for at, field in row.mapping.items()},
            keep_numbers=row.keep_numbers,
        )
        return redirect("impor-lihat", run=run)
    if request.POST.get("sheet", row.sheet) != request.POST.get("sheet_shown", row.sheet):
        return _mapping(request, row)
    try:
        services.choose(
            row,
            by=by,
            sheet=request.POST.get("sheet", row.sheet),
            mapping=_chosen(request),
            keep_numbers=bool(request.POST.get("keep_numbers")),
        )
        services.start_trial(row, by=by)
    except Refused as refusal:
        return _mapping(request, row, refusal, is_typed=True)
    return redirect("impor-lihat", run=run)


@require_POST
def begin(request: HttpRequest, run: uuid.UUID) -> HttpResponse:
    """Import the file that was tried."""
    by = acting(request)
    services.start_import(services.read_run(run, by=by), by=by)
    return redirect("impor-lihat", run=run)


@require_POST
def halt(request: HttpRequest, run: uuid.UUID) -> HttpResponse:
    """Stop; what is saved stays."""
    by = acting(request)
    services.stop(services.read_run(run, by=by), by=by)
    return redirect("impor-lihat", run=run)


@require_POST
def resume(request: HttpRequest, run: uuid.UUID) -> HttpResponse:
    """Go on where it was stopped."""
    by = acting(request)
    services.go_on(services.read_run(run, by=by), by=by)
    return redirect("impor-lihat", run=run)


@require_POST
def end(request: HttpRequest, run: uuid.UUID) -> HttpResponse:
    """Close the import: the file and the reasons are removed."""
    by = acting(request)
    services.close(services.read_run(run, by=by), by=by)
    messages.success(request, _("Impor ditutup; berkas dan isinya dihapus. Pasien tetap ada."))
    return redirect("impor")


@require_POST
def decide_row(request: HttpRequest, run: uuid.UUID, line: int) -> HttpResponse:
    """Decide a look-alike; without scripts the list comes again."""
    by = acting(request)
    row = services.read_run(run, by=by)
    services.decide(row, line, by=by, decision=request.POST.get("decision", ""))
    if not request.headers.get("HX-Request"):
        return redirect("impor-lihat", run=run)
    context = {"run": row, "line": get_row(row, line, by=by), "may_import": True}
    return render(request, "importing/_row.html", context)


@require_GET
def refused(request: HttpRequest, run: uuid.UUID) -> HttpResponse:
    """The refused rows with their reasons, to be mended and imported again."""
    by = acting(request)
    row = services.read_run(run, by=by)
    if row.state == RunState.CLOSED:
        raise Refused(_("Impor ini sudah ditutup; isinya sudah dihapus."), "import_closed")
    response = HttpResponse(refused_workbook(row, by=by), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="baris-ditolak.xlsx"'
    return response
