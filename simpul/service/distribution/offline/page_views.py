"""Pages of people: the computers of the house, and what came in that somebody must look at.

Forms are plain posts that end in a redirect; a refusal shows the same page with its sentence.
"""

import json
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.core.errors import Conflict, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.offline.computers import list_computers
from simpul.service.distribution.offline.deciding import (
    discard_item,
    list_waiting,
    register_item,
)
from simpul.service.distribution.offline.devices import ask_wipe, read_device_id, withdraw_wipe


@require_GET
def computers(request: HttpRequest) -> HttpResponse:
    """`/pengaturan/komputer`: every computer with a copy, and the button that wipes it."""
    by = acting(request)
    context = {"computers": list_computers(by=by), "tab": "computers"}
    return render(request, "offline/computers.html", context)


@require_POST
def wipe(request: HttpRequest) -> HttpResponse:
    """`/luring/lupakan`: ask a computer to wipe its copy (or, with `batal`, no longer)."""
    by = acting(request)
    if request.content_type == "application/json":
        try:
            told = json.loads(request.body or b"{}")
        except (ValueError, RecursionError):
            told = None
        content = told if isinstance(told, dict) else {}
        device = ask_wipe(read_device_id(content.get("device")), by=by)
        return JsonResponse({"ok": True, "device": str(device.id), "code": device.code})
    device_id = read_device_id(request.POST.get("device"))
    if request.POST.get("batal"):
        device = withdraw_wipe(device_id, by=by)
        text = _("Penghapusan salinan di %(name)s dibatalkan.")
    else:
        device = ask_wipe(device_id, by=by)
        text = _("Salinan di %(name)s dihapus begitu komputer itu terhubung lagi.")
    messages.success(request, text % {"name": device.name})
    return redirect("pengaturan-komputer")


@require_GET
def to_check(request: HttpRequest) -> HttpResponse:
    """`/luring/periksa`: what came from a computer and could not simply be saved."""
    return _to_check(request, acting(request))


def _to_check(
    request: HttpRequest, by: Actor, refused: Refused | Conflict | None = None, item: object = None
) -> HttpResponse:
    units = [u for u in get_here().units.values() if u.takes_patients]
    context = {
        "items": list_waiting(by=by),
        "units": [(unit.code, unit.name) for unit in units],
        "refusal": refused,
        "refused_item": item,
    }
    status = 200 if refused is None else refused.status
    return render(request, "offline/to_check.html", context, status=status)


@require_POST
def register(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Register after all what came in."""
    by = acting(request)
    try:
        outcome = register_item(item, unit=request.POST.get("unit", ""), by=by)
    except (Refused, Conflict) as refusal:
        return _to_check(request, by, refusal, item)
    messages.success(request, _("Terdaftar dengan nomor %(ticket)s.") % {"ticket": outcome.ticket})
    return redirect("luring-periksa")


@require_POST
def discard(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Decide, with a reason, that what came in is not needed."""
    by = acting(request)
    try:
        discard_item(item, reason=request.POST.get("reason", ""), by=by)
    except (Refused, Conflict) as refusal:
        return _to_check(request, by, refusal, item)
    messages.success(request, _("Kiriman tidak dipakai. Isinya tetap tersimpan dengan alasannya."))
    return redirect("luring-periksa")
