"""The board of the waiting room: numbers and units, nothing that names a person; no sign-in."""

import re
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from simpul.foundation.core.clock import now
from simpul.foundation.journal.selectors import last_entry_id
from simpul.service.distribution.selectors import Called, get_waiting_room_board
from simpul.service.distribution.speech import call_sentence

#: An older call is shown and not announced. When a patient is passed over, the board falls back to
#: the call before; that number must not be called out a second time.
ANNOUNCED_SECONDS = 45


@require_GET
def tv(request: HttpRequest) -> HttpResponse:
    """`/tv`: the whole page; it keeps itself up to date."""
    # Read before the board: an act in between is then told twice, never missed.
    after = last_entry_id()
    return render(request, "distribution/tv.html", {**_board(), "live_after": after})


@require_GET
def tv_board(request: HttpRequest) -> HttpResponse:
    """`/tv/papan`: what the page fetches when something was called."""
    return render(request, "distribution/_tv_board.html", _board())


def _board() -> dict[str, object]:
    board = get_waiting_room_board()
    current = board.current
    upcoming = [
        (name, labels)
        for name, labels in board.upcoming
        if current is None or name == current.unit_name
    ]
    return {
        "current": current,
        "call": _announcement(current) if current else None,
        "others": [call for call in board.latest if current and call.unit != current.unit],
        "upcoming": upcoming[:3],
        "missed": board.missed,
    }


def _announcement(call: Called) -> dict[str, str] | None:
    if now() - call.at > timedelta(seconds=ANNOUNCED_SECONDS):
        return None
    letter, number = re.fullmatch(r"([A-Z]+)(\d+)", call.ticket).groups()  # type: ignore[union-attr]
    return {
        "id": f"{call.ticket}-{call.count}-{call.at.timestamp():.0f}",
        "say": call_sentence(letter, int(number), call.unit_name),
    }
