"""`/pengaturan/ruang`: rooms and floors, and how queues mix priority and routine patients.

Plain posts that end in a redirect; a refusal shows the page with its sentence on top.
"""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.administration import rooms as services
from simpul.foundation.core.errors import Refused
from simpul.foundation.facilities.models import QueueMode
from simpul.foundation.facilities.rooms import PRIORITY_GROUPS
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor


@require_GET
def rooms(request: HttpRequest) -> HttpResponse:
    """The rooms of each unit and their floors; the order of the queues."""
    return _page(request, acting(request))


@require_POST
def new_room(request: HttpRequest, code: str) -> HttpResponse:
    """Give a unit one more room."""
    by = acting(request)
    post = request.POST
    try:
        room = services.add_room(
            code, name=post.get("name", ""), floor=_number(post.get("floor", "")), by=by
        )
    except Refused as refusal:
        return _page(request, by, refusal)
    messages.success(request, _("%(room)s ditambahkan.") % {"room": room.name})
    return redirect("pengaturan-ruang")


@require_POST
def change_room(request: HttpRequest, room: uuid.UUID) -> HttpResponse:
    """Change one room."""
    by = acting(request)
    post = request.POST
    try:
        changed = services.change_room(
            room,
            by=by,
            name=post.get("name", ""),
            floor=_number(post.get("floor", "")),
            is_open="is_open" in post,
        )
    except Refused as refusal:
        return _page(request, by, refusal)
    messages.success(request, _("%(room)s tersimpan.") % {"room": changed.name})
    return redirect("pengaturan-ruang")


@require_POST
def unit_floor(request: HttpRequest, code: str) -> HttpResponse:
    """Say on which floor a unit without rooms is called."""
    by = acting(request)
    try:
        floor = _number(request.POST.get("floor", ""))
        unit = services.set_unit_floor(code, floor=floor, by=by)
    except Refused as refusal:
        return _page(request, by, refusal)
    messages.success(request, _("%(unit)s tersimpan.") % {"unit": unit.name})
    return redirect("pengaturan-ruang")


@require_POST
def queue_rule(request: HttpRequest) -> HttpResponse:
    """Set how the queue of the house, or of one unit, is mixed."""
    by = acting(request)
    post = request.POST
    unit = post.get("unit", "")
    try:
        services.set_queue_rule(
            unit,
            mode=post.get("mode", ""),
            priority_calls=_number(post.get("priority_calls", "2")),
            routine_calls=_number(post.get("routine_calls", "1")),
            groups=None if unit else post.getlist("group"),
            by=by,
        )
    except Refused as refusal:
        return _page(request, by, refusal)
    messages.success(request, _("Urutan antrean tersimpan dan berlaku sekarang juga."))
    return redirect("pengaturan-ruang")


def _page(request: HttpRequest, by: Actor, refusal: Refused | None = None) -> HttpResponse:
    rules = services.list_queue_rules(by=by)
    house = rules[""]
    units = services.list_rooms(by=by)
    floors = {room.floor for _unit, found in units for room in found if room.is_open}
    floors |= {unit.floor for unit, found in units if not any(room.is_open for room in found)}
    words = {
        "pregnant": _("ibu hamil"),
        "elderly": _("lansia, 60 tahun ke atas"),
        "disability": _("penyandang disabilitas"),
        "under-five": _("balita, di bawah 5 tahun"),
    }
    context = {
        "tab": "rooms",
        "refusal": refusal,
        "rows": [
            {"unit": unit, "rooms": found, "rule": rules.get(unit.code)} for unit, found in units
        ],
        "house": house,
        "modes": QueueMode.choices,
        "groups": [
            (code, words[code], getattr(house, f"counts_{code.replace('-', '_')}"))
            for code in PRIORITY_GROUPS
        ],
        "floors": sorted(floors),
    }
    status = 200 if refusal is None else refusal.status
    return render(request, "administration/rooms.html", context, status=status)


def _number(text: str) -> int:
    """Return what was typed as a number; 0, which no rule accepts, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 4 else 0
