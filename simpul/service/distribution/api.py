"""Calls about visits and queues: register and distribute, redirect, take back, call, serve."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Router

from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.selectors import list_trail
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.api import answer, at_home, check_unit
from simpul.foundation.staff.api_description import describe
from simpul.service.distribution import api_schemas as shapes
from simpul.service.distribution import queueing
from simpul.service.distribution.api_schemas import (
    NewEncounter,
    ReasonBody,
    RedirectBody,
    ShownBody,
    ticket_state_json,
    trail_json,
    visit_json,
)
from simpul.service.distribution.models import Distribution
from simpul.service.distribution.selectors import get_queue, get_visit, list_queues
from simpul.service.distribution.services import (
    cancel_visit,
    redirect_visit,
    register_visit,
    undo_visit,
)
from simpul.service.registration.models import Payer
from simpul.service.registration.services import VisitWish

router = Router()
VISITS, QUEUES = ["Kunjungan"], ["Antrean"]


@router.post(
    "/encounters",
    tags=VISITS,
    **describe(
        "register_encounter",
        "Daftarkan kunjungan",
        description=(
            "Kunjungan, nomor antrean, dan penyerahan rekam ke poli dalam satu simpanan. Bila poli "
            "berbeda dari saran, `override_reason` perlu diisi."
        ),
        status=201,
        sends=shapes.NEW_ENCOUNTER,
        returns=shapes.EncounterOut,
        example=shapes.ENCOUNTER,
        fails={
            404: "booking_unknown patient_unknown",
            409: "already_waiting booking_ended booking_other_day booking_other_patient",
            422: "placement_needs_reason unit_required unit_closed unit_unknown encounter_refused "
            "patient_deceased request_refused",
        },
        headers=("ETag", "Location"),
    ),
)
def register(request: HttpRequest, wish: NewEncounter) -> HttpResponse:
    """Register a visit and hand its record to the unit, in one durable act."""
    by = at_home(request)
    visit = register_visit(
        VisitWish(
            patient_id=wish.patient_id,
            unit=check_unit(wish.unit or ""),
            complaint=wish.complaint or "",
            payer=wish.payer or Payer.GENERAL,
            priority=shapes.PRIORITIES[wish.priority] if wish.priority else "",
            pregnant=wish.pregnant,
            disability=wish.disability,
            override_reason=wish.override_reason or "",
            booking_id=wish.booking_id,
        ),
        by=by,
    )
    # Only one step has been reached so far, so the trail needs no reading of the journal.
    first = {
        "step": "saved",
        "at": visit.distribution.saved_at,
        "by": by.name,
        "unit": visit.distribution.unit,
    }
    return answer(
        visit_json(visit, [first]),
        status=201,
        version=visit.encounter.version,
        location=f"{request.path}/{visit.encounter.id}",
    )


@router.get(
    "/encounters/{encounter_id}",
    tags=VISITS,
    **describe(
        "get_encounter",
        "Baca satu kunjungan dengan jejaknya",
        returns=shapes.EncounterOut,
        example=shapes.ENCOUNTER,
        fails={404: "encounter_unknown"},
        headers=("ETag",),
    ),
)
def read(request: HttpRequest, encounter_id: uuid.UUID) -> HttpResponse:
    """Return a visit, its ticket, where its record is and how it came there."""
    return _visit(encounter_id, by=acting(request))


def _visit(encounter_id: uuid.UUID, *, by: Actor) -> HttpResponse:
    visit = get_visit(encounter_id, by=by)
    trail = trail_json(list_trail(encounter_id, by=by))
    return answer(visit_json(visit, trail), version=visit.encounter.version)


@router.post(
    "/encounters/{encounter_id}/redirect",
    tags=VISITS,
    **describe(
        "redirect_encounter",
        "Alihkan ke unit lain",
        description="Nomor antrean tetap milik pasien.",
        sends={"unit": "lansia", "reason": "kontrol tekanan darah"},
        returns=shapes.EncounterOut,
        example={**shapes.ENCOUNTER, "unit": "lansia"},
        fails={
            404: "encounter_unknown",
            409: "encounter_ended same_unit already_waiting",
            422: "reason_required unit_closed unit_unknown request_refused",
        },
        headers=("ETag",),
    ),
)
def redirect(request: HttpRequest, encounter_id: uuid.UUID, wish: RedirectBody) -> HttpResponse:
    """Send the record on to another unit."""
    by = acting(request)
    redirect_visit(encounter_id, unit=check_unit(wish.unit), reason=wish.reason, by=by)
    return _visit(encounter_id, by=by)


@router.post(
    "/encounters/{encounter_id}/undo",
    tags=VISITS,
    **describe(
        "undo_encounter",
        "Urungkan penyerahan terakhir",
        description="Dalam 60 detik, selama rekam belum dibuka di poli.",
        returns=shapes.EncounterOut,
        example={**shapes.ENCOUNTER, "status": "cancelled"},
        fails={404: "encounter_unknown", 409: "undo_too_late already_opened encounter_ended"},
        headers=("ETag",),
    ),
)
def undo(request: HttpRequest, encounter_id: uuid.UUID) -> HttpResponse:
    """Take back the last hand-over."""
    by = acting(request)
    undo_visit(encounter_id, by=by)
    return _visit(encounter_id, by=by)


@router.post(
    "/encounters/{encounter_id}/cancel",
    tags=VISITS,
    **describe(
        "cancel_encounter",
        "Batalkan kunjungan yang belum dilayani",
        sends={"reason": "pasien pulang sebelum dilayani"},
        returns=shapes.EncounterOut,
        example={**shapes.ENCOUNTER, "status": "cancelled"},
        fails={
            404: "encounter_unknown",
            409: "encounter_ended",
            422: "reason_required request_refused",
        },
        headers=("ETag",),
    ),
)
def cancel(request: HttpRequest, encounter_id: uuid.UUID, wish: ReasonBody) -> HttpResponse:
    """Cancel a visit, with a reason; nothing is deleted."""
    by = acting(request)
    cancel_visit(encounter_id, reason=wish.reason, by=by)
    return _visit(encounter_id, by=by)


@router.get(
    "/queues",
    tags=QUEUES,
    **describe(
        "list_queues",
        "Antrean semua unit, satu baris tiap unit",
        returns=shapes.Queues,
        example={
            "items": [
                {
                    "unit": "umum",
                    "name": "Poli Umum",
                    "waiting": 12,
                    "in_service": 1,
                    "done": 31,
                    "longest_minutes": 42,
                }
            ],
            "next": None,
        },
    ),
)
def queues(request: HttpRequest) -> HttpResponse:
    """Return every unit's queue in one line each."""
    lines = list_queues(by=at_home(request))
    return answer({"items": [vars(line) for line in lines], "next": None})


@router.get(
    "/queues/{unit}",
    tags=QUEUES,
    **describe(
        "get_queue",
        "Antrean satu unit hari ini",
        description="Yang dilayani, lalu yang menunggu menurut urutan panggil, lalu tidak hadir.",
        returns=shapes.QueueOut,
        example={
            "unit": "umum",
            "name": "Poli Umum",
            "longest_minutes": 12,
            "items": [shapes.QUEUE_ROW],
            "next": None,
        },
        fails={404: "unit_unknown"},
    ),
)
def queue(request: HttpRequest, unit: str) -> HttpResponse:
    """Return a unit's queue in the order of calling."""
    found = get_queue(unit, by=at_home(request))
    rows = (*found.in_service, *found.waiting, *found.no_show)
    return answer(
        {
            "unit": unit,
            "name": get_here().unit(unit).name,
            "longest_minutes": found.longest_minutes,
            "items": [shapes.queue_row_json(row) for row in rows],
            "next": None,
        }
    )


@router.post(
    "/queues/{unit}/call-next",
    tags=QUEUES,
    **describe(
        "call_next",
        "Panggil berikutnya",
        description="Menurut rasio prioritas dan biasa; gawat selalu dulu. Dua orang yang menekan "
        "bersamaan mendapat dua pasien. `room`: ruang tujuan, dari `/queues/{unit}/rooms`.",
        returns=shapes.TicketStateOut,
        example=shapes.TICKET_STATE,
        fails={403: "not_your_unit not_allowed", 404: "queue_empty unit_unknown room_unknown"},
    ),
)
def call_next(request: HttpRequest, unit: str, room: uuid.UUID | None = None) -> HttpResponse:
    """Call the next patient of the unit, into a room of it if named."""
    return _state(queueing.call_next(unit, by=at_home(request), room=room))


@router.post(
    "/queues/{unit}/shown",
    tags=QUEUES,
    **describe(
        "acknowledge_shown",
        "Baris ini sudah tampil di layar poli",
        description="Dikirim oleh layar yang terlihat; boleh diulang.",
        sends={"ids": [shapes.DISTRIBUTION_ID]},
        returns=shapes.ShownOut,
        example={"shown": 1},
        fails={403: "not_your_unit not_allowed", 404: "unit_unknown"},
    ),
)
def shown(request: HttpRequest, unit: str, seen: ShownBody) -> HttpResponse:
    """Note that an open screen of the unit has painted these rows."""
    return answer({"shown": queueing.acknowledge_shown(unit, seen.ids, by=at_home(request))})


_TICKET_FAILS = {
    403: "not_your_unit not_allowed",
    404: "ticket_not_waiting",
    409: "in_service",
}


def _state(row: Distribution) -> HttpResponse:
    return answer(ticket_state_json(row))


@router.post(
    "/tickets/{ticket_id}/call",
    tags=QUEUES,
    **describe(
        "call_ticket",
        "Panggil nomor ini (lagi)",
        returns=shapes.TicketStateOut,
        example=shapes.TICKET_STATE,
        fails={**_TICKET_FAILS, 404: "ticket_not_waiting room_unknown"},
    ),
)
def call(request: HttpRequest, ticket_id: uuid.UUID, room: uuid.UUID | None = None) -> HttpResponse:
    """Call this ticket, again if need be."""
    return _state(queueing.call_ticket(ticket_id, by=acting(request), room=room))


@router.post(
    "/tickets/{ticket_id}/skip",
    tags=QUEUES,
    **describe(
        "skip_ticket",
        "Lewati: tidak menjawab",
        description="Turun tiga tempat; setelah dua kali dicatat tidak hadir.",
        returns=shapes.TicketStateOut,
        example={**shapes.TICKET_STATE, "skip_count": 1, "called_at": None},
        fails=_TICKET_FAILS,
    ),
)
def skip(request: HttpRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """Pass over a patient who did not answer."""
    return _state(queueing.skip_ticket(ticket_id, by=acting(request)))


@router.post(
    "/tickets/{ticket_id}/start",
    tags=QUEUES,
    **describe(
        "start_ticket",
        "Mulai melayani",
        returns=shapes.TicketStateOut,
        example={**shapes.TICKET_STATE, "stage": "in-service"},
        fails=_TICKET_FAILS,
    ),
)
def start(request: HttpRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """The patient is in the room."""
    return _state(queueing.start_ticket(ticket_id, by=acting(request)))


@router.post(
    "/tickets/{ticket_id}/finish",
    tags=QUEUES,
    **describe(
        "finish_ticket",
        "Selesai di unit ini",
        description="Kunjungan sendiri ditutup dengan `/encounters/{id}/close`.",
        returns=shapes.TicketStateOut,
        example={**shapes.TICKET_STATE, "stage": "done"},
        fails=_TICKET_FAILS,
    ),
)
def finish(request: HttpRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """This unit is done with the patient."""
    return _state(queueing.finish_ticket(ticket_id, by=acting(request)))
