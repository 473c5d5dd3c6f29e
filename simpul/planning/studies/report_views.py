"""A version on paper and in files: print view, PDF, XLSX, ABK rows, and the empty template."""

import re
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.foundation.core.errors import NotHere
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.reports.printed import write_pdf
from simpul.planning.reports.spreadsheet import write_spreadsheet, write_table
from simpul.planning.studies.reading import ReadVersion, cpi_ways, read_version
from simpul.planning.studies.report import abk_table, report_of
from simpul.planning.studies.screen import unit_names
from simpul.planning.studies.selectors import get_version
from simpul.planning.studies.workbook import write_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def printed(request: HttpRequest, study: uuid.UUID) -> HttpResponse:
    """The version as one page for paper, with places to sign."""
    read = _read(request, study)
    values = {
        "read": read,
        "version": read.version,
        "study": read.version.study,
        "facility_name": read.version.study.facility.name,
        "units": unit_names(tuple(read.version.study.units)),
        "report": report_of(read),
        "ways": cpi_ways(),
        "is_read": True,
    }
    return render(request, "studies/print.html", values)


@require_GET
def pdf(request: HttpRequest, study: uuid.UUID) -> HttpResponse:
    """The report as PDF."""
    read = _read(request, study)
    return _file(write_pdf(report_of(read)), "application/pdf", f"{_name(read)}.pdf")


@require_GET
def xlsx(request: HttpRequest, study: uuid.UUID) -> HttpResponse:
    """The report as a workbook."""
    read = _read(request, study)
    return _file(write_spreadsheet(report_of(read)), XLSX, f"{_name(read)}.xlsx")


@require_GET
def abk(request: HttpRequest, study: uuid.UUID) -> HttpResponse:
    """The ABK rows for Renbut."""
    read = _read(request, study)
    content = write_table(_("Baris ABK"), [("ABK", abk_table(read))])
    return _file(content, XLSX, f"{_name(read)}-abk.xlsx")


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The empty template to fill in and upload."""
    by = acting(request)
    require(by, "view", "planning")
    require_home(by)
    return _file(write_template(), XLSX, "templat-studi-wisn.xlsx")


def _read(request: HttpRequest, study: uuid.UUID) -> ReadVersion:
    by = acting(request)
    wanted = request.GET.get("versi", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else None
    version = get_version(study, number, by=by)
    if version is None:
        raise NotHere(
            _("Studi ini belum diisi, jadi belum ada laporannya. Isi dulu tabelnya."),
            "version_unknown",
        )
    return read_version(version)


def _name(read: ReadVersion) -> str:
    study = read.version.study
    words = f"wisn {study.facility.name} {study.title} {study.year} v{read.version.number}"
    return re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-")[:100]


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
