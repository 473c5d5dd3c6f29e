"""The slips as PDF, and on the printer of this computer."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.core.errors import Conflict
from simpul.foundation.printing.document import Document, DocumentKind
from simpul.foundation.printing.pdf import Paper, write_pdf
from simpul.foundation.printing.selectors import printer_here, view_job
from simpul.foundation.printing.services import print_document
from simpul.foundation.staff.acting import acting
from simpul.service.distribution.papers import hand_over_document, slip_document

Make = Callable[..., tuple[Document, str]]


@require_GET
def slip_pdf(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/kunjungan/<id>/slip.pdf`: the queue slip; `?kertas=80` for the wider roll."""
    return _pdf(request, encounter, slip_document)


@require_GET
def hand_over_pdf(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/kunjungan/<id>/slip-antar.pdf`: the hand-over slip."""
    return _pdf(request, encounter, hand_over_document)


def _pdf(request: HttpRequest, encounter: uuid.UUID, make: Make) -> HttpResponse:
    document, _ticket = make(encounter, by=acting(request))
    paper: Paper = "80" if request.GET.get("kertas") == "80" else "58"
    response = HttpResponse(write_pdf([document], paper=paper), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="slip.pdf"'
    return response


@require_POST
def slip_print(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/kunjungan/<id>/slip/cetak`: the queue slip once more, because a person asks for it."""
    return _print(request, encounter, slip_document)


@require_POST
def hand_over_print(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/kunjungan/<id>/slip-antar/cetak`: the hand-over slip."""
    return _print(request, encounter, hand_over_document)


def _print(request: HttpRequest, encounter: uuid.UUID, make: Make) -> HttpResponse:
    by = acting(request)
    document, ticket = make(encounter, by=by)
    printer = printer_here(request, DocumentKind(document.kind), by=by)
    if printer is None:
        raise Conflict(
            _("Komputer ini belum memilih printer untuk slip. Nomornya tetap berlaku."),
            "printer_not_chosen",
        )
    job = print_document(document, printer=printer, by=by, subject=encounter, label=ticket)
    if not request.headers.get("HX-Request"):
        return redirect("cetakan", job.id)
    return render(request, "printing/_job.html", {"job": view_job(job.id, by=by)})
