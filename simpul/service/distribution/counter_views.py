"""The counter: who is it, where to, saved. One page, and the save that hands the record over.

Works without scripts too: the search posts to the page itself, a row is a link, the visit form
posts to `daftar`. With htmx the same views answer with the part that changed.
"""

import uuid
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.foundation.core.errors import Conflict, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.selectors import last_entry_id
from simpul.foundation.printing.document import DocumentKind
from simpul.foundation.printing.selectors import printer_here, view_job
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.distribution.papers import print_slip_after_saving
from simpul.service.distribution.selectors import get_board_row, list_board, list_present
from simpul.service.distribution.services import UNDO_SECONDS, register_visit
from simpul.service.patients.merging.selectors import count_waiting
from simpul.service.patients.selectors import count_incomplete, get_banner, get_patient
from simpul.service.registration.booking.selectors import booking_of, count_open
from simpul.service.registration.destination import (
    Verification,
    destination_of,
    question_context,
    refused,
    unit_options,
    verify,
)
from simpul.service.registration.forms import (
    VisitForm,
    asks_pregnancy,
    prefill,
    read_booking_id,
    read_form,
    read_wish,
)
from simpul.service.registration.models import Payer, Priority
from simpul.service.registration.people import find_people
from simpul.service.registration.placement.programmes import programme_labels
from simpul.service.registration.selectors import get_encounter, get_last_visit
from simpul.service.registration.services import VisitWish

#: Visits in the strip of what was saved last.
RECENT = 5


@require_http_methods(["GET", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """`/loket`: search, results, the strip of the last saved; a post is the search without htmx."""
    by = acting(request)
    require(by, "input", "encounter")
    context = _page(request, by=by)
    just_saved = _read_id_or_none(request.GET.get("tersimpan", ""))
    if just_saved is not None:
        context["saved"] = get_board_row(just_saved, by=by)
        context |= _paper(request, by=by)
        printing = _read_id_or_none(request.GET.get("cetakan", ""))
        if printing is not None:
            context["job"] = view_job(printing, by=by)
    return render(request, "distribution/counter/counter.html", context)


@require_http_methods(["GET", "POST"])
def open_patient(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """`/loket/pasien/…`: the visit form of one patient; a post is the check without htmx."""
    by = acting(request)
    require(by, "input", "encounter")
    is_check = request.method == "POST"
    wish = None
    arrived = None if is_check else read_booking_id(request.GET.get("janji", ""))
    if is_check:
        wish = read_wish({**request.POST.dict(), "patient_id": str(patient), "shown_unit": ""})
    form = read_form(request.POST) if is_check else None
    context = _pane(patient, by=by, form=form, wish=wish, arrived=arrived)
    if wish is not None:
        card = context["banner"].patient
        context |= question_context(verify(wish, card, by=by), context["form"])
    context["is_new"] = request.GET.get("baru") == "1"
    if request.headers.get("HX-Request"):
        return render(request, "distribution/counter/_pane.html", context)
    return render(
        request, "distribution/counter/counter.html", {**_page(request, by=by), **context}
    )


@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """`/daftar`: register the visit and hand its record over, or ask what is in doubt."""
    by = acting(request)
    wish = read_wish(request.POST)
    try:
        visit = register_visit(wish, by=by)
    except (Refused, Conflict) as refusal:
        return _ask(request, wish, refusal, by=by)
    paper = _paper(request, by=by)
    job = print_slip_after_saving(visit.encounter.id, printer=paper["printer"], by=by)
    if not request.headers.get("HX-Request"):
        address = reverse("loket")
        told = {"tersimpan": str(visit.encounter.id)} | ({"cetakan": str(job.id)} if job else {})
        return redirect(f"{address}?{urlencode(told)}")
    rows = list_board(by=by, limit=RECENT)
    context = {
        "saved": get_board_row(visit.encounter.id, by=by),
        "recent": rows,
        "undo_seconds": UNDO_SECONDS,
        "draft": draft_key(wish.patient_id),
        "job": view_job(job.id, by=by) if job else None,
        **paper,
    }
    return render(request, "distribution/counter/_registered.html", context)


def _paper(request: HttpRequest, *, by: Actor) -> dict[str, Any]:
    """The printer of this computer for slips; None where the browser prints."""
    return {"printer": printer_here(request, DocumentKind.SLIP, by=by)}


def _ask(
    request: HttpRequest, wish: VisitWish, refusal: Refused | Conflict, *, by: Actor
) -> HttpResponse:
    """Answer a refusal with the question that belongs to it; everything typed stays."""
    form = read_form(request.POST)
    card = get_patient(wish.patient_id, by=by)
    context = question_context(refused(destination_of(wish, card), refusal), form)
    context["reason_missing"] = "reason_unit" in request.POST
    context["present"] = list_present(card.id, by=by) if isinstance(refusal, Conflict) else []
    if request.headers.get("HX-Request"):
        template = "distribution/counter/_asked.html"
        response = render(request, template, context, status=refusal.status)
        response["HX-Retarget"] = "#verifikasi"
        response["HX-Reswap"] = "innerHTML"
        return response
    whole = {**_page(request, by=by), **_pane(card.id, by=by, form=form, wish=wish), **context}
    return render(request, "distribution/counter/counter.html", whole, status=refusal.status)


@require_GET
def recent(request: HttpRequest) -> HttpResponse:
    """`/loket/terakhir`: the strip of the last saved, fetched anew when something happens."""
    by = acting(request)
    context = {"recent": list_board(by=by, limit=RECENT)}
    return render(request, "distribution/counter/_recent.html", context)


@require_GET
def saved(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/loket/tersimpan/…`: the number just given, fetched anew when it was taken back."""
    by = acting(request)
    context = {"saved": get_board_row(get_encounter(encounter, by=by).id, by=by)}
    context |= _paper(request, by=by)
    return render(request, "distribution/counter/_saved.html", context)


def draft_key(patient: uuid.UUID) -> str:
    """Where the browser keeps what was typed for this patient today."""
    return f"kunjungan-{patient}-{get_here().today():%Y%m%d}"


def _page(request: HttpRequest, *, by: Actor) -> dict[str, Any]:
    """What stands around the visit pane."""
    text = request.POST.get("q", "")
    return {
        "people": find_people(text, by=by),
        "recent": list_board(by=by, limit=RECENT),
        "incomplete": count_incomplete(by=by),
        "to_review": count_waiting(by=by),
        "bookings_open": count_open(get_here().today(), by=by),
        "live_after": last_entry_id(),
    }


def _pane(
    patient: uuid.UUID,
    *,
    by: Actor,
    form: VisitForm | None,
    wish: VisitWish | None,
    arrived: uuid.UUID | None = None,
) -> dict[str, Any]:
    """What the visit pane of a patient shows; a fresh form is prefilled from the last visit.

    A booking of today fills it in further; where the patient of that booking was said to have
    `arrived`, the check is done already and one Enter registers.
    """
    today = get_here().today()
    banner = get_banner(patient, by=by)
    asks = asks_pregnancy(banner.patient, today)
    if form is None:
        form = prefill(get_last_visit(patient, by=by), asks=asks, today=today)
    booking = booking_of(banner.patient, by=by)
    if wish is None:
        if booking is not None:
            form = replace(form, complaint=booking.complaint)
        wish = VisitWish(
            patient_id=patient,
            complaint=form.complaint,
            payer=form.payer,
            pregnant=form.pregnant == "ya" or None,
            booking_id=booking.id if booking else None,
        )
    question = Verification("idle", destination_of(wish, banner.patient))
    if booking is not None and booking.id == arrived:
        question = verify(wish, banner.patient, by=by)
    tags = [] if banner.patient.is_identity_complete else [_("Identitas belum lengkap")]
    tags += programme_labels(patient)
    return {
        "banner": banner,
        "tags": tags,
        "booking": booking,
        "uses_booking": wish.booking_id is not None,
        "asks_pregnancy": asks,
        "present": list_present(patient, by=by),
        "payers": Payer.choices,
        "pregnancies": [("tidak", _("tidak")), ("ya", _("ya"))],
        "priorities": [
            ("", _("Biasa")),
            (Priority.PRIORITY.value, Priority.PRIORITY.label),
            (Priority.EMERGENCY.value, Priority.EMERGENCY.label),
        ],
        "units": unit_options(),
        "draft": draft_key(patient),
        **question_context(question, form),
    }


def _read_id_or_none(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
