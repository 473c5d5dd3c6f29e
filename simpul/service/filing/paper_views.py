"""Tracer and label as PDF and on this computer's printer; the sheet of labels."""

import uuid
from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.foundation.core.errors import Conflict, Refused
from simpul.foundation.printing.document import Document, DocumentKind
from simpul.foundation.printing.pdf import Paper, write_pdf
from simpul.foundation.printing.selectors import printer_here
from simpul.foundation.printing.services import print_document
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.rights import require
from simpul.service.filing.papers import (
    MOST_LABELS,
    label_document,
    label_sheet,
    tracer_document,
)

#: `?kertas=` → the paper of the PDF.
PAPERS: dict[str, Paper] = {"58": "58", "80": "80", "a5": "a5"}


@require_GET
def tracer_pdf(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """`/rm/tracer/<id>.pdf`: the tracer; `?kertas=a5` for the shelf's own size."""
    paper = PAPERS.get(request.GET.get("kertas", ""), "58")
    return _pdf([tracer_document(patient, by=acting(request))], paper, "tracer")


@require_GET
def label_pdf(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """`/rm/label/<id>.pdf`: the label of one folder."""
    paper = PAPERS.get(request.GET.get("kertas", ""), "58")
    return _pdf([label_document(patient, by=acting(request))], paper, "label")


def _pdf(documents: Sequence[Document], paper: Paper, name: str) -> HttpResponse:
    response = HttpResponse(write_pdf(documents, paper=paper), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@require_POST
def tracer_print(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """`/rm/tracer/<id>/cetak`: the tracer on this computer's printer."""
    return _print(request, patient, tracer_document)


@require_POST
def label_print(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """`/rm/label/<id>/cetak`: the label on this computer's printer."""
    return _print(request, patient, label_document)


def _print(request: HttpRequest, patient: uuid.UUID, make: Callable[..., Document]) -> HttpResponse:
    by = acting(request)
    document = make(patient, by=by)
    printer = printer_here(request, DocumentKind(document.kind), by=by)
    if printer is None:
        raise Conflict(
            _("Komputer ini belum memilih printer untuk cetakan ini. Pakai PDF atau peramban."),
            "printer_not_chosen",
        )
    return redirect("cetakan", print_document(document, printer=printer, by=by, subject=patient).id)


@require_http_methods(["GET", "POST"])
def labels(request: HttpRequest) -> HttpResponse:
    """`/rm/label`: labels for many folders on sheets of A4, 24 each, in shelf order."""
    by = acting(request)
    require(by, "view", "filing")
    text = request.POST.get("numbers", "")
    refusal = None
    if request.method == "POST":
        try:
            return _pdf(label_sheet(text, by=by), "labels", "label-map")
        except Refused as problem:
            refusal = problem
    context = {
        "text": text,
        "refusal": refusal,
        "errors": [one.message for one in refusal.errors] if refusal else [],
        "most": MOST_LABELS,
    }
    status = refusal.status if refusal else 200
    return render(request, "filing/labels.html", context, status=status)
