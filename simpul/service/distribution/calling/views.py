"""The television of a waiting room: its board, its turn to speak, its sounds; no sign-in.

A television is nobody: it may take the next call of a floor and say that it was heard, and that is
all. Nothing it is told names a person.
"""

import uuid
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.core.errors import NotHere
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.selectors import last_entry_id
from simpul.service.distribution.calling.board import get_board, read_floor
from simpul.service.distribution.calling.playing import note_heard, take_turn
from simpul.service.distribution.calling.screens import touch_screen
from simpul.service.distribution.calling.timing import LEASE
from simpul.service.distribution.calling.voice import find_sound, has_voice, sound_of_call

#: Other units' next numbers on a floor where nothing was called yet.
MOST_UPCOMING = 3
WORKER = "web/tv_worker.js"


@require_GET
@ensure_csrf_cookie
def tv(request: HttpRequest) -> HttpResponse:
    """`/tv?lantai=1`: the whole page of a floor; it keeps itself up to date."""
    # Read before the board: an act in between is then told twice, never missed.
    after = last_entry_id()
    context = {
        **_board(request),
        "live_after": after,
        "floors": get_here().floors,
        "facility": get_here().name,
    }
    return render(request, "calling/tv.html", context)


@require_GET
def tv_board(request: HttpRequest) -> HttpResponse:
    """`/tv/papan?lantai=1`: what the page fetches when something was called."""
    return render(request, "calling/_board.html", _board(request))


def _board(request: HttpRequest) -> dict[str, object]:
    board = get_board(read_floor(request.GET.get("lantai", "")))
    current = board.current
    upcoming = [
        (name, labels)
        for name, labels in board.upcoming
        if current is None or name == current.unit_name
    ]
    return {
        "board": board,
        "current": current,
        "others": board.latest,
        "upcoming": upcoming[:MOST_UPCOMING],
        "missed": board.missed,
        "has_voice": has_voice(),
    }


@require_POST
def turn(request: HttpRequest) -> JsonResponse:
    """`/tv/giliran`: this television is on; if nobody speaks, it gets its floor's next call."""
    floor = read_floor(request.POST.get("lantai", ""))
    touch_screen(floor)
    taken = None
    if request.POST.get("siap") == "ya":
        taken = take_turn(
            floor,
            has_sound=request.POST.get("suara") == "ya",
            held=_read_id(request.POST.get("lease", "")),
        )
    if taken is None:
        return JsonResponse({"call": None})
    call, lease = taken
    units = get_here().units
    unit_name = units[call.unit].name if call.unit in units else call.unit
    sound = sound_of_call(call.prefix, call.number, unit_name, call.room)
    return JsonResponse(
        {
            "call": {
                "id": str(call.id),
                "lease": str(lease),
                "sound": f"/tv/suara/{sound}" if sound else "",
                "seconds": LEASE.total_seconds(),
            }
        }
    )


@require_POST
def heard(request: HttpRequest) -> JsonResponse:
    """`/tv/terdengar`: the television has finished a call."""
    call, lease = (_read_id(request.POST.get(name, "")) for name in ("id", "lease"))
    if call is None or lease is None:
        raise NotHere(_("Panggilan ini tidak dikenal. Tidak ada yang dicatat."), "call_unknown")
    return JsonResponse({"noted": note_heard(call, lease, request.POST.get("how", ""))})


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """`/tv/pekerja.js`: what shows the last board on a television that is on before the server."""
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/tv"}
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8", headers=headers)


@lru_cache(maxsize=1)
def _worker() -> str:
    # As it lies in the program: of the collected files only the hashed names are kept.
    return Path(str(finders.find(WORKER))).read_text(encoding="utf-8")


def _read_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@require_GET
def sound(request: HttpRequest, name: str) -> HttpResponseBase:
    """`/tv/suara/<name>`: the sound of a call; its name says what is in it, so it never changes."""
    path = find_sound(name)
    if path is None:
        raise Http404
    return FileResponse(
        path.open("rb"),
        content_type="audio/wav",
        headers={"Cache-Control": "public, max-age=604800, immutable"},
    )
