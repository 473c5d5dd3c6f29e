"""A unit's queue: the live list of the poli page, calling, passing over, starting."""

import json
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.core.drawn import draw
from simpul.foundation.core.errors import Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require, require_home
from simpul.service.distribution import queueing
from simpul.service.distribution.models import Distribution
from simpul.service.distribution.selectors import Queue, QueueRow, get_queue
from simpul.service.registration.models import Priority, PriorityReason

MOST_ACKNOWLEDGED = 500
#: A computer stands in a room, whoever signs in at it, so the room is the computer's.
ROOM_SECONDS = 400 * 24 * 3600


@dataclass(frozen=True)
class Line:
    """One row of the queue as it is drawn."""

    row: QueueRow
    from_name: str
    who: str
    why_first: str
    is_mine: bool


@require_GET
def unit_queue(request: HttpRequest, unit: str) -> HttpResponse:
    """`/antrean/<unit>`: the queue as a fragment, for the poli page to load and refresh."""
    return _draw(request, unit, by=acting(request))


@require_POST
def acknowledge(request: HttpRequest, unit: str) -> HttpResponse:
    """`/antrean/<unit>/tampil`: a screen of the unit has painted these rows."""
    by = acting(request)
    shown = queueing.acknowledge_shown(unit, _read_ids(request), by=by)
    return JsonResponse({"shown": shown})


def _read_ids(request: HttpRequest) -> list[uuid.UUID]:
    try:
        if request.content_type != "application/json":
            raise ValueError
        ids = json.loads(request.body)["ids"]
        if not isinstance(ids, list) or len(ids) > MOST_ACKNOWLEDGED:
            raise ValueError
        return [uuid.UUID(text) for text in ids]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused(
            _("Layar mengirim daftar yang tidak terbaca; tidak ada yang diubah. Muat ulang."),
            "acknowledgement_unreadable",
        ) from None


@require_POST
def call(request: HttpRequest, unit: str) -> HttpResponse:
    """`/antrean/<unit>/panggil`: call the next patient and open the record."""
    by = acting(request)
    row = queueing.call_next(unit, by=by, room=_room_here(request, unit))
    return _after(request, row, by=by, opens=True)


@require_POST
def call_again(request: HttpRequest, ticket: uuid.UUID) -> HttpResponse:
    """`/nomor/<ticket>/panggil-lagi`: the same number once more."""
    by = acting(request)
    row = queueing.call_ticket(ticket, by=by, near=_rooms_here(request))
    return _after(request, row, by=by, opens=True)


@require_POST
def choose_room(request: HttpRequest, unit: str) -> HttpResponse:
    """`/antrean/<unit>/ruang`: this computer stands in this room; calls go there from now on."""
    by = acting(request)
    require(by, "input", "queue", unit=unit)
    require_home(by)
    room = queueing.room_of(unit, _read_room(request.POST.get("room", "")))
    if request.headers.get("HX-Request"):
        response = _draw(request, unit, by=by, room=room.id if room else None)
    else:
        response = redirect("poli-unit", unit=unit)
    response.set_cookie(
        _room_cookie(unit),
        str(room.id) if room else "",
        max_age=ROOM_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _room_cookie(unit: str) -> str:
    return f"ruang-{unit}"


def _read_room(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _rooms_here(request: HttpRequest) -> frozenset[uuid.UUID]:
    """Return the rooms this computer stands in: one a unit that was chosen at it."""
    prefix = _room_cookie("")
    chosen = (
        _read_room(value) for name, value in request.COOKIES.items() if name.startswith(prefix)
    )
    return frozenset(room for room in chosen if room is not None)


def _room_here(request: HttpRequest, unit: str) -> uuid.UUID | None:
    """Return this computer's room of a unit; one that was closed meanwhile no longer counts."""
    near = _rooms_here(request)
    return next((room.id for room in get_here().unit(unit).rooms if room.id in near), None)


@require_POST
def skip(request: HttpRequest, ticket: uuid.UUID) -> HttpResponse:
    """`/nomor/<ticket>/lewati`: did not answer; three places down, then not there."""
    by = acting(request)
    return _after(request, queueing.skip_ticket(ticket, by=by), by=by)


@require_POST
def start(request: HttpRequest, ticket: uuid.UUID) -> HttpResponse:
    """`/nomor/<ticket>/mulai`: the patient is in the room."""
    by = acting(request)
    return _after(request, queueing.start_ticket(ticket, by=by), by=by, opens=True)


@require_POST
def back_to_queue(request: HttpRequest, ticket: uuid.UUID) -> HttpResponse:
    """`/nomor/<ticket>/kembali-antre`: one who had counted as not there is back."""
    by = acting(request)
    return _after(request, queueing.return_no_show(ticket, by=by), by=by)


def _after(
    request: HttpRequest, row: Distribution, *, by: Actor, opens: bool = False
) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("poli-unit", unit=row.unit)
    response = _draw(request, row.unit, by=by)
    # By address and not by the button's place: a live refresh may have replaced both meanwhile.
    response["HX-Retarget"] = "#antrean-isi"
    if opens:
        response["HX-Trigger"] = json.dumps(
            {"buka-rekam": {"target": "body", "value": str(row.encounter_id)}}
        )
    return response


def _draw(
    request: HttpRequest, unit: str, *, by: Actor, room: uuid.UUID | None = None
) -> HttpResponse:
    queue = get_queue(unit, by=by)
    chosen = get_here().unit(unit).room_with(room or _room_here(request, unit))
    here = get_here()
    lines = _lines(queue, by=by)
    called = sorted(
        (line for line in lines["waiting"] if line.row.is_called),
        key=lambda line: (line.is_mine, line.row.called_at or line.row.saved_at),
        reverse=True,
    )
    context = {
        "unit": here.unit(unit),
        "queue": queue,
        "rows": [
            draw("distribution/_queue_row.html", line=line, unit=here.unit(unit))
            for line in (*lines["in_service"], *lines["waiting"])
        ],
        "no_show": lines["no_show"],
        "called": called,
        # The one whom this person called last: the second F8 calls them again.
        "current": called[0] if called and called[0].is_mine else None,
        "has_uncalled": len(called) < len(lines["waiting"]),
        "can_call": may(by, "input", "queue", unit=unit),
        "room": chosen,
        "floors": get_here().floors,
        # A call nobody heard is told after some seconds although nothing happens meanwhile.
        "ask_again": min(
            (
                line.row.call.ask_again
                for line in called
                if line.row.call and line.row.call.ask_again
            ),
            default=0,
        ),
    }
    return render(request, "distribution/_queue.html", context)


def _lines(queue: Queue, *, by: Actor) -> dict[str, list[Line]]:
    groups = {
        "in_service": queue.in_service,
        "waiting": queue.waiting,
        "no_show": queue.no_show,
    }
    units = get_here().units
    people = practitioner_names(
        {row.practitioner for rows in groups.values() for row in rows if row.practitioner}
    )

    def line(row: QueueRow) -> Line:
        return Line(
            row=row,
            from_name=units[row.came_from].name if row.came_from in units else row.came_from,
            who=people.get(row.practitioner, "") if row.practitioner else "",
            why_first=_why_first(row),
            is_mine=row.practitioner == by.practitioner_id,
        )

    return {name: [line(row) for row in rows] for name, rows in groups.items()}


def _why_first(row: QueueRow) -> str:
    """The word on the star of one who goes before others."""
    if row.priority == Priority.EMERGENCY:
        return str(PriorityReason.EMERGENCY.label)
    if not row.is_priority:
        return ""
    return str(PriorityReason(row.priority_reason or PriorityReason.CHOSEN).label)
