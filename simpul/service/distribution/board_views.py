"""The visits board: has it arrived?  One row a visit, what to do when it has not, and the slips."""

import json
import math
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.foundation.core.clock import now
from simpul.foundation.core.drawn import draw
from simpul.foundation.core.errors import Conflict, NotHere, Refused, SimpulError
from simpul.foundation.core.outside import received_upto
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.selectors import last_entry_id
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require
from simpul.service.distribution import services
from simpul.service.distribution.models import PRESENT, Stage
from simpul.service.distribution.printing import make_hand_over_slip, make_slip
from simpul.service.distribution.selectors import (
    BOARD_FILTERS,
    LATE_SECONDS,
    BoardRow,
    count_board,
    get_board_row,
    list_board,
)
from simpul.service.registration.models import EncounterStatus
from simpul.service.registration.selectors import get_encounter

PAGE_ROWS = 30
#: So many late rows stand on top with their acts; more of them are amber further down.
LATE_ROWS = 20
MOST_ROWS = 1_000
#: While something waits for a screen the board looks again, also when no event comes.
LOOK_AGAIN_SECONDS = 10
#: While something is under way to the district: its worker sends about as often.
DISTRICT_SECONDS = 30

FILTER_LABELS = {
    "semua": gettext_lazy("Semua"),
    "belum-tampil": gettext_lazy("Belum tampil"),
    "dialihkan": gettext_lazy("Dialihkan"),
    "tanpa-identitas": gettext_lazy("Tanpa identitas"),
}
EMPTY = {
    "semua": gettext_lazy("Belum ada pendaftaran hari ini."),
    "belum-tampil": gettext_lazy("Semua rekam sudah tampil di poli."),
    "dialihkan": gettext_lazy("Belum ada kunjungan yang dialihkan hari ini."),
    "tanpa-identitas": gettext_lazy("Semua identitas pasien hari ini lengkap."),
}
CANCEL_REASONS = (
    gettext_lazy("Pasien pulang sebelum dilayani"),
    gettext_lazy("Salah orang"),
    gettext_lazy("Terdaftar dua kali"),
)
REDIRECT_REASONS = (
    gettext_lazy("Salah poli"),
    gettext_lazy("Arahan dokter"),
    gettext_lazy("Perlu pemeriksaan lain"),
)


@dataclass(frozen=True)
class Reached:
    """One place of the trail that was reached, as its component takes it."""

    step: str
    at: datetime


@dataclass(frozen=True)
class Line:
    """One visit as it is drawn."""

    row: BoardRow
    trail: tuple[Reached, ...]
    from_name: str


@require_GET
def visits(request: HttpRequest) -> HttpResponse:
    """`/kunjungan?saring=…`: the page; asked by htmx, only its moving part."""
    by = acting(request)
    show = request.GET.get("saring", "")
    show = show if show in BOARD_FILTERS else "semua"
    limit = _rows_wanted(request.GET.get("banyak", ""))
    # Read before the rows: an act in between is then told twice, never missed.
    after = last_entry_id()
    # Also before: what was written since is not taken for received.
    upto = received_upto()
    pending = list_board(by=by, show="belum-tampil", upto=upto)
    late = [row for row in reversed(pending) if row.is_late][:LATE_ROWS]
    rows = (
        pending if show == "belum-tampil" else list_board(by=by, show=show, limit=limit, upto=upto)
    )
    counts = count_board(by=by)
    shown = {row.encounter_id for row in late}
    others = [row for row in rows if row.encounter_id not in shown]
    lines = [_line(row) for row in others[:limit]]
    has_more = counts[show] > len(rows) or len(others) > limit
    context = {
        "live_after": after,
        "show": show,
        "filters": [(code, FILTER_LABELS[code], counts[code]) for code in BOARD_FILTERS],
        "late": [_line(_still(row)) for row in late],
        # A second later the row is the same one, though its undo is a second shorter.
        "rows": [
            draw("distribution/_visit_row.html", line=replace(line, row=_still(line.row)))
            for line in lines
        ],
        "more": limit + PAGE_ROWS if has_more else None,
        "limit": limit,
        "empty": EMPTY[show],
        "look_again": _look_again(
            pending, is_under_way=any(row.at_district is False for row in rows)
        ),
        "can_act": may(by, "correct", "encounter"),
    }
    is_part = bool(request.headers.get("HX-Request"))
    return render(
        request, "distribution/_visits.html" if is_part else "distribution/visits.html", context
    )


def _rows_wanted(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 6:
        return min(max(int(text), PAGE_ROWS), MOST_ROWS)
    return PAGE_ROWS


def _look_again(pending: list[BoardRow], *, is_under_way: bool = False) -> int | None:
    """Seconds until the board must be drawn anew; None when only an event changes it.

    For a row to turn amber, or for what is under way to the district to be received there, of
    which no event of this house tells.
    """
    if not pending:
        return DISTRICT_SECONDS if is_under_way else None
    moment = now()
    left = [
        LATE_SECONDS - (moment - row.saved_at).total_seconds() for row in pending if not row.is_late
    ]
    # A quarter of a second beyond, so that the row is late when it is asked for.
    soonest = min((math.ceil(seconds + 0.25) for seconds in left), default=LOOK_AGAIN_SECONDS)
    return min(max(soonest, 1), LOOK_AGAIN_SECONDS)


def _still(row: BoardRow) -> BoardRow:
    """Return a row without what the list does not show and every second changes."""
    return replace(row, can_undo=False, undo_seconds=0)


def _line(row: BoardRow) -> Line:
    units = get_here().units
    return Line(
        row=row,
        trail=tuple(
            Reached("served" if step.code == "in-service" else step.code, step.at)
            for step in row.trail
            if step.at is not None
        ),
        from_name=units[row.came_from].name if row.came_from in units else row.came_from,
    )


@require_GET
def visit_row(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/kunjungan/<id>/baris`: one row, for a list that shows a few visits."""
    context = {"line": _line(_row(encounter, by=acting(request)))}
    return render(request, "distribution/_visit_row.html", context)


@require_GET
def visit_menu(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/kunjungan/<id>/menu`: what can be done with a visit."""
    by = acting(request)
    row = _row(encounter, by=by)
    context = {
        "line": _line(row),
        "can_act": may(by, "correct", "encounter"),
        "is_present": row.stage in PRESENT,
        "is_waiting": row.stage == Stage.SAVED,
        "can_cancel": get_encounter(encounter, by=by).status == EncounterStatus.ARRIVED,
    }
    return _dialog(request, "distribution/_visit_menu.html", context)


def _row(encounter: uuid.UUID, *, by: Actor) -> BoardRow:
    row = get_board_row(encounter, by=by)
    if row is None:
        raise NotHere(
            _("Kunjungan ini tidak ada di Puskesmas Anda. Buka dari papan kunjungan."),
            "encounter_unknown",
        )
    return row


def _dialog(
    request: HttpRequest, inside: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Draw into the open dialog, or a dialog around it when none is open yet."""
    if request.headers.get("HX-Target") == "kunjungan-dialog-isi":
        return render(request, inside, context, status=status)
    return render(
        request, "distribution/_visit_dialog.html", {**context, "inside": inside}, status=status
    )


@require_POST
def undo(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/kunjungan/<id>/urungkan`: take the last hand-over back, within 60 seconds."""
    by = acting(request)
    services.undo_visit(encounter, by=by)
    row = _row(encounter, by=by)
    if row.stage == Stage.CANCELLED:
        title = _("%(ticket)s diurungkan.") % {"ticket": row.ticket}
        safe = _("Pasien tidak lagi di antrean; nomornya tidak dipakai lagi hari ini.")
    else:
        title = _("%(ticket)s kembali ke %(unit)s.") % {"ticket": row.ticket, "unit": row.unit_name}
        safe = _("Nomornya tetap.")
    return _done(request, {"title": title, "safe": safe})


@require_http_methods(["GET", "POST"])
def redirect_to(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/kunjungan/<id>/alihkan`: to another unit; the number stays with the patient."""
    by = acting(request)
    require(by, "correct", "encounter")
    template = "distribution/_redirect_form.html"
    if request.method == "GET":
        return _dialog(request, template, _redirect_context(request, encounter, by=by))
    try:
        visit = services.redirect_visit(
            encounter,
            unit=request.POST.get("unit", ""),
            reason=request.POST.get("reason", ""),
            by=by,
        )
    except (Refused, Conflict, NotHere) as refusal:
        return _again(
            request, template, _redirect_context(request, encounter, by=by), refusal=refusal
        )
    unit = get_here().unit(visit.distribution.unit)
    return _done(
        request,
        {
            "title": _("%(ticket)s dialihkan ke %(unit)s.")
            % {"ticket": visit.ticket.label, "unit": unit.name},
            "safe": _("Nomornya tetap; antrean lama mencatat pengalihannya."),
            "undo_url": reverse("kunjungan-urungkan", args=[encounter]),
            "undo_uji": "kunjungan-urungkan",
        },
    )


def _redirect_context(request: HttpRequest, encounter: uuid.UUID, *, by: Actor) -> dict[str, Any]:
    row = _row(encounter, by=by)
    return {
        "line": _line(row),
        "units": [
            (unit.code, unit.name)
            for unit in get_here().units.values()
            if unit.takes_patients and unit.is_open and unit.code != row.unit
        ],
        "unit": request.POST.get("unit", ""),
        "reason": request.POST.get("reason", ""),
        "reasons": REDIRECT_REASONS,
    }


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/kunjungan/<id>/batalkan`: the visit does not take place; the reason stays."""
    by = acting(request)
    require(by, "correct", "encounter")
    template = "distribution/_cancel_form.html"
    context = {
        "line": _line(_row(encounter, by=by)),
        "reason": request.POST.get("reason", ""),
        "reasons": CANCEL_REASONS,
    }
    if request.method == "GET":
        return _dialog(request, template, context)
    try:
        services.cancel_visit(encounter, reason=request.POST.get("reason", ""), by=by)
    except (Refused, Conflict) as refusal:
        return _again(request, template, context, refusal=refusal)
    return _done(
        request,
        {
            "title": _("%(ticket)s dibatalkan.") % {"ticket": _row(encounter, by=by).ticket},
            "safe": _("Catatannya tetap tersimpan dengan alasan."),
        },
    )


@require_POST
def resend(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/kunjungan/<id>/kirim-ulang`: tell the unit's screens once more."""
    by = acting(request)
    present = services.resend_visit(encounter, by=by)
    unit = get_here().unit(present.unit)
    return _done(
        request,
        {
            "title": _("%(ticket)s dikirim ulang ke %(unit)s.")
            % {"ticket": present.ticket.label, "unit": unit.name},
            "safe": _(
                "Tunggu tanda “Tampil di poli”; bila 30 detik belum ada, baris ini menyala lagi."
            ),
        },
    )


def _done(request: HttpRequest, message: dict[str, Any]) -> HttpResponse:
    """Answer an act: a message for `#pesan`, and the word that the board is to be fetched anew."""
    if not request.headers.get("HX-Request"):
        messages.success(request, f"{message['title']} {message['safe']}")
        return redirect("kunjungan")
    response = render(
        request,
        "web/components/_message.html",
        {"level": "success", "uji": "kunjungan-pesan"} | message,
    )
    response["HX-Retarget"] = "#pesan"
    response["HX-Trigger"] = json.dumps({"kunjungan-segar": {"target": "body"}})
    return response


def _again(
    request: HttpRequest, template: str, context: dict[str, Any], *, refusal: SimpulError
) -> HttpResponse:
    """Draw a form again with what was typed and what to do about it."""
    context |= {
        "refusal": refusal.message,
        "errors": {problem.where: str(problem.message) for problem in refusal.errors},
    }
    if not request.headers.get("HX-Request"):
        raise refusal
    response = render(request, template, context, status=refusal.status)
    response["HX-Retarget"] = "#kunjungan-dialog-isi"
    return response


@require_GET
def slip(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/kunjungan/<id>/slip`: the patient's number on 58 mm paper."""
    context = {"slip": make_slip(encounter, by=acting(request)), "encounter_id": encounter}
    return render(request, "distribution/slip.html", context)


@require_GET
def hand_over_slip(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/kunjungan/<id>/slip-antar`: paper for the unit whose screen does not answer."""
    by = acting(request)
    context = {
        "slip": make_hand_over_slip(encounter, by=by),
        "encounter_id": encounter,
        "by": by.name,
        "printed_at": now(),
    }
    return render(request, "distribution/hand_over_slip.html", context)
