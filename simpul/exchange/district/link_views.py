"""`/dinas/tautan`: people who look known at several Puskesmas, side by side, and the decisions.

Before a reason is given a page shows initials only. Addresses hold ids, never a person's data.
"""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.exchange.district import opening, proposals
from simpul.exchange.district.freshness import list_freshness
from simpul.exchange.district.linking import decide, undo_link
from simpul.exchange.district.models import ProposalLevel
from simpul.exchange.district.reading import read_id
from simpul.exchange.district.searching import search_state
from simpul.exchange.district.views import frame
from simpul.foundation.core.errors import Conflict, Refused, SimpulError
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor


@require_GET
def proposed(request: HttpRequest) -> HttpResponse:
    """The list of open proposals, surest first."""
    by = acting(request)
    level, facility = request.GET.get("tingkat", ""), read_id(request.GET.get("puskesmas"))
    page = proposals.list_proposals(
        by=by, facility=facility, level=level, cursor=request.GET.get("lanjut", "")[:80]
    )
    query = request.GET.copy()
    query.pop("lanjut", None)
    context = {
        "page": page,
        "counts": proposals.count_proposals(by=by),
        "level": level if level in ProposalLevel.values else "",
        "facility": facility,
        "facility_options": [
            (str(row.facility), row.name) for row in list_freshness(by=by) if row.is_enrolled
        ],
        "level_options": ProposalLevel.choices,
        "query": query.urlencode(),
        "search": search_state(),
        **frame(by),
    }
    return render(request, "district/proposals.html", context)


@require_GET
def pair(request: HttpRequest, first: uuid.UUID, second: uuid.UUID) -> HttpResponse:
    """Two records side by side: masked, or opened by this person a little while ago."""
    return _pair_page(request, first, second, by=acting(request))


def _pair_page(
    request: HttpRequest,
    first: uuid.UUID,
    second: uuid.UUID,
    *,
    by: Actor,
    refusal: SimpulError | None = None,
) -> HttpResponse:
    line = proposals.get_proposal(first, second, by=by)
    context: dict[str, Any] = {
        "line": line,
        "opened": proposals.read_opened(line.first, line.second, by=by),
        "decisions": proposals.decisions_about(line.first, line.second, by=by),
        "reasons": list(opening.REASONS.items()),
        "open_minutes": int(opening.OPEN_FOR.total_seconds() // 60),
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
        "errors": {p.where: str(p.message) for p in refusal.errors} if refusal else {},
        **frame(by),
    }
    status = refusal.status if refusal else 200
    return render(request, "district/pair.html", context, status=status)


@require_POST
def open_identity(request: HttpRequest, first: uuid.UUID, second: uuid.UUID) -> HttpResponse:
    """Open the identities, with a reason that goes into the journal."""
    by = acting(request)
    line = proposals.get_proposal(first, second, by=by)
    try:
        opening.open_pair(
            line.first, line.second, reason=request.POST.get("reason", "")[:20], by=by
        )
    except Refused as refusal:
        return _pair_page(request, first, second, by=by, refusal=refusal)
    return redirect("dinas-pasangan", first=line.first, second=line.second)


@require_POST
def decide_pair(request: HttpRequest, first: uuid.UUID, second: uuid.UUID) -> HttpResponse:
    """One person, or two; with a reason."""
    by = acting(request)
    is_same = request.POST.get("keputusan") == "sama"
    try:
        decide(first, second, is_same=is_same, reason=request.POST.get("reason", ""), by=by)
    except (Refused, Conflict) as refusal:
        return _pair_page(request, first, second, by=by, refusal=refusal)
    messages.success(
        request,
        _("Ditautkan: satu orang. Rekam kedua Puskesmas tidak diubah; tautan dapat dibatalkan.")
        if is_same
        else _("Diingat: orang berbeda. Pasangan ini tidak diusulkan lagi."),
    )
    return redirect("dinas-tautan")


@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """Every decision, newest first; each can be taken back for ever."""
    by = acting(request)
    context = {"decisions": proposals.list_decisions(by=by), **frame(by)}
    return render(request, "district/decisions.html", context)


@require_POST
def undo(request: HttpRequest, link: uuid.UUID) -> HttpResponse:
    """Take one decision back, with a reason."""
    by = acting(request)
    try:
        undo_link(link, reason=request.POST.get("reason", ""), by=by)
    except (Refused, Conflict) as refusal:
        context = {
            "decisions": proposals.list_decisions(by=by),
            "refusal": refusal,
            "refused": link,
            **frame(by),
        }
        return render(request, "district/decisions.html", context, status=refusal.status)
    messages.success(request, _("Keputusan dibatalkan; pasangan itu diusulkan lagi."))
    return redirect("dinas-keputusan")
