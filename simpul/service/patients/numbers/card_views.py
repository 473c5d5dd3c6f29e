"""`/pasien/…/kartu`: the numbers of a patient, their card, and what is printed of it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.core.errors import Conflict, Refused, SimpulError
from simpul.foundation.printing.barcodes import draw_code
from simpul.foundation.printing.document import Code, DocumentKind
from simpul.foundation.printing.pdf import write_pdf
from simpul.foundation.printing.selectors import printer_here
from simpul.foundation.printing.services import print_document
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require
from simpul.service.patients.numbers.documents import card_code, make_card
from simpul.service.patients.numbers.families import list_family_numbers, place_in_family
from simpul.service.patients.numbers.models import RevokedReason
from simpul.service.patients.numbers.schemes import get_numbering
from simpul.service.patients.numbers.selectors import list_cards, list_old_numbers
from simpul.service.patients.numbers.services import issue_card, revoke_card
from simpul.service.patients.selectors import get_patient


@require_GET
def card(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """The numbers of a patient and their card."""
    return _page(request, patient, by=acting(request))


def _page(
    request: HttpRequest, patient: uuid.UUID, *, by: Actor, refusal: SimpulError | None = None
) -> HttpResponse:
    person = get_patient(patient, by=by)
    cards = list_cards(person.id, by=by)
    valid = next((one for one in cards if one.revoked_at is None), None)
    numbering = get_numbering()
    families = list_family_numbers(person.id, by=by)
    present = next((one for one in families if one.is_current), None)
    area = numbering.area_of(person.village)
    context = {
        "patient": person,
        "cards": cards,
        "valid": valid,
        "qr": draw_code(Code(card_code(valid.code), caption=_("Kode kartu")), css="card-qr")
        if valid
        else "",
        "bars": draw_code(
            Code(card_code(valid.code), "code128", _("Kode kartu, garis")), css="card-bars"
        )
        if valid
        else "",
        "families": families,
        "present": present,
        "has_families": numbering.family is not None,
        "asks_relation": numbering.family is not None and not numbering.family.by_order,
        "area": area,
        "lives_elsewhere": bool(present and area and present.area != area),
        "old_numbers": list_old_numbers(person.id, by=by),
        "reasons": RevokedReason.choices,
        "relations": [
            ("head", _("kepala keluarga")),
            ("spouse", _("pasangan")),
            ("other", _("anggota lain")),
        ],
        "printer": printer_here(request, DocumentKind.CARD, by=by),
        "may_issue": may(by, "input", "patient"),
        "may_move": may(by, "correct", "patient"),
        "may_file": may(by, "view", "filing"),
        "refusal": refusal,
        # After a refusal what was typed and chosen is still there.
        "typed": request.POST,
        "problems": {one.where: [one.message] for one in (refusal.errors if refusal else ())},
    }
    status = refusal.status if refusal else 200
    return render(request, "numbers/card.html", context, status=status)


@require_POST
def issue(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """Give out a card; with `instead_of` the one before is revoked in the same act."""
    by = acting(request)
    require(by, "input", "patient")
    person = get_patient(patient, by=by)
    former = request.POST.get("instead_of", "")
    try:
        old = uuid.UUID(former) if former else None
    except ValueError:
        old = None
    try:
        issue_card(person.id, by=by, instead_of=old, reason=request.POST.get("reason", ""))
    except (Refused, Conflict) as refusal:
        return _page(request, patient, by=by, refusal=refusal)
    messages.success(request, _("Kartu baru terbit. Cetak sekarang."))
    return redirect("pasien-kartu", person.id)


@require_POST
def revoke(request: HttpRequest, patient: uuid.UUID, card: uuid.UUID) -> HttpResponse:
    """Note a card as lost without giving out another."""
    by = acting(request)
    require(by, "input", "patient")
    person = get_patient(patient, by=by)
    try:
        revoke_card(card, by=by, reason=request.POST.get("reason", ""))
    except (Refused, Conflict) as refusal:
        return _page(request, patient, by=by, refusal=refusal)
    messages.success(request, _("Kartu dicabut: bila dipindai, tidak membuka rekam siapa pun."))
    return redirect("pasien-kartu", person.id)


@require_GET
def card_pdf(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """The card as a PDF of a bank card's size."""
    made = make_card(patient, by=acting(request))
    response = HttpResponse(write_pdf([made], paper="card"), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="kartu.pdf"'
    return response


@require_POST
def card_print(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """The card on the printer of this computer."""
    by = acting(request)
    made = make_card(patient, by=by)
    printer = printer_here(request, DocumentKind.CARD, by=by)
    if printer is None:
        raise Conflict(
            _("Komputer ini belum memilih printer untuk kartu. Pilih printernya, atau pakai PDF."),
            "printer_not_chosen",
        )
    return redirect("cetakan", print_document(made, printer=printer, by=by, subject=patient).id)


@require_POST
def family(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """Give a family number, or a new one after a move; the personal number stays."""
    by = acting(request)
    require(by, "correct", "patient")
    person = get_patient(patient, by=by)
    try:
        made = place_in_family(
            person.id,
            by=by,
            relation=request.POST.get("relation", "") or "other",
            beside=request.POST.get("beside", ""),
        )
    except (Refused, Conflict) as refusal:
        return _page(request, patient, by=by, refusal=refusal)
    messages.success(
        request,
        _("Nomor keluarga %(number)s. Nomor RM tetap; nomor lama masih dapat dicari.")
        % {"number": made.shown},
    )
    return redirect("pasien-kartu", person.id)
