"""What a computer asks and brings: JSON in, JSON out, for a signed-in browser.

Refusals are the problem documents of the API (RFC 9457), so that the script can read them.
"""

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.core import outside
from simpul.foundation.core.errors import NotSignedIn, Problem, Refused, SimpulError
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.rights import require_home
from simpul.service.distribution.offline import devices
from simpul.service.distribution.offline.deciding import list_drafts
from simpul.service.distribution.offline.internet import reach
from simpul.service.distribution.offline.items import read_items
from simpul.service.distribution.offline.models import Device, OfflineOutcome, Status
from simpul.service.distribution.offline.packet import build_packet
from simpul.service.distribution.offline.receiving import receive

View = Callable[..., HttpResponse]
JSON = "application/json"
GONE = 410
#: The session's own mark, kept in it because its key may change (a new PIN) and its log-in not.
MARK = "offline_mark"
DEVICE = "offline_device"


def _spoken(view: View) -> View:
    """Answer refusals as a document instead of a page."""

    @wraps(view)
    def answer(request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            return view(request, **named)
        except SimpulError as error:
            return JsonResponse(
                {
                    "type": f"urn:simpul:{error.code}",
                    "title": error.code,
                    "status": error.status,
                    "code": error.code,
                    "detail": error.message,
                    "errors": [
                        {"where": p.where, "code": p.code, "message": str(p.message)}
                        for p in error.errors
                    ],
                },
                status=error.status,
                content_type="application/problem+json",
            )

    return answer


def _content(request: HttpRequest) -> dict[str, Any]:
    try:
        # A form's body was read before us and is gone.
        content = json.loads(request.body) if request.content_type == JSON else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise Refused(
            _("Kiriman tidak terbaca; semuanya masih ada di komputer itu. Muat ulang halaman."),
            "body_unreadable",
            errors=(Problem("body", "json", _("Kirim JSON.")),),
        )
    return content


def _mark(request: HttpRequest) -> str:
    """Return the mark of this log-in; a program with a token has none."""
    session = getattr(request, "session", None)
    if session is None or not session.session_key:
        raise NotSignedIn(
            _("Salinan hanya untuk peramban tempat seseorang masuk."), "session_required"
        )
    if MARK not in session:
        session[MARK] = devices.session_mark(session.session_key)
    return str(session[MARK])


def _device(request: HttpRequest) -> Device:
    by = acting(request)
    told = request.GET.get("device") or getattr(request, "session", {}).get(DEVICE, "")
    return devices.get_device(devices.read_device_id(told), by=by)


def _count(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None


def _gone(device: Device, **more: str) -> JsonResponse:
    return JsonResponse({"wipe": True, "device": str(device.id), **more}, status=GONE)


@require_POST
@_spoken
def key(request: HttpRequest) -> HttpResponse:
    """`/luring/kunci`: the key of this computer's copy, for as long as the log-in lasts."""
    by = acting(request)
    devices.require_offline(by)
    content = _content(request)
    device_id = devices.read_device_id(content.get("device_id") or content.get("device"))
    mark = _mark(request)
    device = devices.sign_on(device_id, str(content.get("device_name") or ""), by=by, mark=mark)
    if device.must_wipe:
        # The key of the box goes along: what waits there is sent first, then everything is wiped.
        return _gone(device, box=devices.box_of(device))
    request.session[DEVICE] = str(device.id)
    use = device.uses.get(account=by.account_id, mark=mark)
    return JsonResponse(
        {
            "key": devices.session_key_of(device, by=by, mark=mark),
            "box": devices.box_of(device),
            "salt": device.salt,
            "device": str(device.id),
            "code": device.code,
            "name": device.name,
            "account": str(by.account_id),
            "until": devices.key_until(use).isoformat(),
            "wipe": False,
        }
    )


@require_GET
@_spoken
def packet(request: HttpRequest) -> HttpResponse:
    """`/luring/paket`: the copy, or what changed since."""
    by = acting(request)
    devices.require_offline(by)
    device = _device(request)
    if device.must_wipe:
        return _gone(device)
    devices.note_contact(device, by=by, waiting=_count(request.GET.get("menunggu")))
    page = build_packet(
        device, request.GET.get("sejak", "")[:120], by=by, unit=request.GET.get("unit", "")[:20]
    )
    return JsonResponse(page)


@require_POST
@_spoken
def send(request: HttpRequest) -> HttpResponse:
    """`/luring/kirim`: what was written without the server."""
    by = acting(request)
    devices.require_offline(by)
    content = _content(request)
    device = devices.get_device(devices.read_device_id(content.get("device")), by=by)
    outcomes = receive(
        device, read_items(content.get("items")), by=by, clock_shows=content.get("now")
    )
    device.refresh_from_db()
    devices.note_contact(device, by=by, waiting=_count(content.get("waiting")))
    return JsonResponse(
        {"results": [shown(outcome) for outcome in outcomes], "wipe": device.must_wipe}
    )


def shown(outcome: OfflineOutcome) -> dict[str, Any]:
    """Return an outcome as the computer reads it."""
    is_open = outcome.status in (Status.SAVED, Status.HELD)
    return {
        "id": str(outcome.item_id),
        "status": str(outcome.status) if is_open else str(Status.REFUSED),
        "code": outcome.code,
        "why": outcome.why,
        "patient": _text(outcome.patient),
        "encounter": _text(outcome.encounter),
        "ticket": outcome.ticket,
        "mrn": outcome.mrn,
        "registration": outcome.registration,
        "task": _text(outcome.task),
    }


def _text(value: uuid.UUID | None) -> str | None:
    return None if value is None else str(value)


@require_POST
@_spoken
def wiped(request: HttpRequest) -> HttpResponse:
    """`/luring/lupakan/selesai`: the computer says that its copy is gone."""
    by = acting(request)
    require_home(by)
    content = _content(request)
    devices.confirm_wipe(devices.read_device_id(content.get("device")), by=by)
    return JsonResponse({"ok": True})


@require_GET
@_spoken
def state(request: HttpRequest) -> HttpResponse:
    """`/luring/keadaan`: the outside world, as the server last found it."""
    by = acting(request)
    since = reach().since
    found = outside.sending()
    answer: dict[str, Any] = {
        "internet": outside.internet(),
        "since": None if since is None else since.isoformat(),
        # What the district has not acknowledged; nothing where there is no district.
        "waiting": 0 if found is None else found.waiting,
        "wipe": False,
    }
    told = request.GET.get("device")
    if told:
        device = Device.objects.filter(
            id=devices.read_device_id(told), facility=by.facility_id
        ).first()
        if device is not None:
            devices.note_contact(device, by=by, waiting=_count(request.GET.get("menunggu")))
            answer["wipe"] = device.must_wipe
    return JsonResponse(answer)


@require_GET
@_spoken
def drafts(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/luring/draf/…`: this person's own notes that came in unsigned."""
    found = list_drafts(encounter, by=acting(request))
    return JsonResponse(
        {
            "drafts": [
                {"id": str(d.id), "unit": d.unit, "soap": d.soap, "typed_at": d.typed_at}
                for d in found
            ]
        }
    )
