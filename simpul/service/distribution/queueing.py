"""What happens in a unit: shown, opened, called, passed over, started, finished.

Each is one act; two people pressing the same key at once get one effect and one clear refusal.
"""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.queue_order import Waiting, calling_order
from simpul.foundation.core.errors import Conflict, NotHere
from simpul.foundation.facilities.models import ServiceUnit
from simpul.foundation.facilities.rooms import RoomPlace
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require
from simpul.service.distribution.calling.asking import ask_call
from simpul.service.distribution.calling.selectors import lane_of, last_called
from simpul.service.distribution.models import (
    LINE_ORDER,
    PRESENT,
    WAITING,
    Distribution,
    Stage,
)
from simpul.service.registration.models import Priority
from simpul.service.registration.selectors import get_encounter
from simpul.service.registration.services import begin_service

#: How far down a patient who did not answer goes; after two times they count as not there.
PLACES_DOWN = 3
SKIPS = 2


def acknowledge_shown(unit: str, distributions: Iterable[uuid.UUID], *, by: Actor) -> int:
    """An open screen of the unit has rendered these rows: saved → shown. Returns how many."""
    get_here().unit(unit)
    require(by, "input", "queue", unit=unit)
    ids = list(distributions)[:500]
    if not Distribution.objects.filter(id__in=ids, stage=Stage.SAVED).exists():
        # A screen repeats its acknowledgement until it is answered; a repeat writes nothing.
        return 0
    shown = 0
    with act(by=by) as this:
        rows = (
            Distribution.objects.select_for_update()
            .filter(id__in=ids, owner=by.facility_id, unit=unit, stage=Stage.SAVED)
            .order_by("id")
        )
        for row in rows:
            row.stage, row.shown_at = Stage.SHOWN, this.at
            this.update(row, "stage", "shown_at")
            _record(this, "shown", row)
            shown += 1
    return shown


def open_record(encounter_id: uuid.UUID, *, by: Actor) -> Distribution | None:
    """A clinician opens the record: it counts as opened, and the reading is in the journal.

    Returns where the record is, with ticket, visit and patient; None when it is in no unit.
    """
    require(by, "view", "clinical")
    require(by, "view", "encounter")
    with act(by=by) as this:
        present = (
            Distribution.objects.select_for_update(of=("self",))
            .filter(encounter_id=encounter_id, owner=by.facility_id, stage__in=PRESENT)
            .select_related("ticket", "encounter__patient__merged_into")
            .first()
        )
        encounter = get_encounter(encounter_id, by=by) if present is None else present.encounter
        if present is not None and _serves(by, present.unit) and present.stage in WAITING:
            _mark_opened(this, present)
        this.record("read", patient=encounter.patient_id, encounter=encounter.id, subject="record")
    return present


def _serves(by: Actor, unit: str) -> bool:
    return may(by, "input", "queue", unit=unit)


def _mark_opened(this: Act, row: Distribution, *extra: str) -> None:
    fields = list(extra)
    if row.opened_at is None:
        row.opened_at = this.at
        fields.append("opened_at")
        _record(this, "opened", row)
    if row.shown_at is None:
        row.shown_at = this.at
        fields.append("shown_at")
    if row.stage in (Stage.SAVED, Stage.SHOWN):
        row.stage = Stage.OPENED
        fields.append("stage")
    if fields:
        this.update(row, *fields)


def call_next(unit: str, *, by: Actor, room: uuid.UUID | None = None) -> Distribution:
    """Call the next patient of the unit (into a room of it), in the order the queue shows."""
    here = get_here().unit(unit)
    require(by, "input", "queue", unit=unit)
    place = room_of(unit, room)
    with act(by=by) as this:
        # Two rooms that call at once wait here for each other: each gets another patient, and the
        # second one's turn follows from the first one's.
        list(ServiceUnit.objects.select_for_update(no_key=True).filter(id=here.id).only("id"))
        row = _next_uncalled(unit, by=by)
        if row is None:
            raise NotHere(
                _("Tidak ada pasien yang menunggu di %(unit)s. Pasien baru muncul sendiri di sini.")
                % {"unit": here.name},
                "queue_empty",
            )
        _call(this, row, by, room=place, is_turn=True)
    return row


def _next_uncalled(unit: str, *, by: Actor) -> Distribution | None:
    """Return the first in line whom nobody has called meanwhile, locked."""
    uncalled = Distribution.objects.filter(
        owner=by.facility_id,
        service_date=get_here().today(),
        unit=unit,
        stage__in=WAITING,
        called_at__isnull=True,
    )
    waiting = [
        Waiting(key, lane_of(priority), place, skips, since)
        for key, priority, place, skips, since in uncalled.values_list(
            "id", "priority", "place", "skip_count", "saved_at"
        )
    ]
    before = last_called(unit) if waiting else ()
    for one in calling_order(waiting, get_here().unit(unit).queue_rule, before):
        row = (
            uncalled.select_for_update(of=("self",))
            .select_related("ticket")
            .filter(id=one.key)
            .first()
        )
        if row is not None:
            return row
    return None


def room_of(unit: str, room: uuid.UUID | None) -> RoomPlace | None:
    """Return the room a call goes to; NotHere for one that is not this unit's, or closed."""
    here = get_here().unit(unit)
    place = here.room_with(room)
    if room is not None and (place is None or place.id != room):
        raise NotHere(
            _("Ruang ini tidak ada di %(unit)s, atau ditutup. Pilih ruang dari daftar.")
            % {"unit": here.name},
            "room_unknown",
        )
    return place


def _call(
    this: Act, row: Distribution, by: Actor, *, room: RoomPlace | None, is_turn: bool = False
) -> None:
    row.called_at = this.at
    row.call_count += 1
    row.practitioner = by.practitioner_id
    _mark_opened(this, row, "called_at", "call_count", "practitioner")
    ask_call(this, row, unit=get_here().unit(row.unit), room=room, is_turn=is_turn)
    _record(this, "called", row, detail={"ticket": row.ticket.label, "count": row.call_count})


def call_ticket(
    ticket: uuid.UUID,
    *,
    by: Actor,
    room: uuid.UUID | None = None,
    near: Collection[uuid.UUID] = (),
) -> Distribution:
    """Call this ticket (again), into `room`, or else into whichever of the rooms `near` fits."""
    with act(by=by) as this:
        row = _present_of_ticket(ticket, by=by)
        if row.stage not in WAITING:
            raise Conflict(
                _("Pasien ini sedang dilayani, jadi tidak dipanggil lagi."), "in_service"
            )
        rooms = get_here().unit(row.unit).rooms
        chosen = room or next((one.id for one in rooms if one.id in near), None)
        _call(this, row, by, room=room_of(row.unit, chosen))
    return row


def skip_ticket(ticket: uuid.UUID, *, by: Actor) -> Distribution:
    """The patient did not answer: three places down, and after the second time not there."""
    with act(by=by) as this:
        row = _present_of_ticket(ticket, by=by)
        if row.stage not in WAITING:
            raise Conflict(_("Pasien ini sedang dilayani, jadi tidak dilewati."), "in_service")
        row.called_at = None
        if row.skip_count + 1 >= SKIPS:
            row.skip_count += 1
            row.stage, row.ended_at = Stage.NO_SHOW, this.at
            this.update(row, "skip_count", "called_at", "stage", "ended_at")
        else:
            row.place = _place_below(row)
            row.skip_count += 1
            this.update(row, "skip_count", "called_at", "place")
        _record(this, "skipped", row, detail={"count": row.skip_count, "stage": str(row.stage)})
    return row


def _place_below(row: Distribution) -> int:
    """The place of the third who waits behind this one; LINE_ORDER puts the skipped after it."""
    here = (row.place, row.skip_count, row.saved_at)
    behind = [other[0] for other in _places_beside(row) if other > here][:PLACES_DOWN]
    return behind[-1] if behind else row.place + 1


def _places_beside(row: Distribution) -> list[tuple[int, int, datetime]]:
    """The places of those in the same line, smallest first."""
    line = [row.priority]
    if get_here().unit(row.unit).queue_rule == "none" and row.priority != Priority.EMERGENCY:
        line = [Priority.PRIORITY, Priority.ROUTINE]
    return list(
        Distribution.objects.filter(
            owner=row.owner,
            service_date=row.service_date,
            unit=row.unit,
            stage__in=WAITING,
            called_at__isnull=True,
            priority__in=line,
        )
        .exclude(id=row.id)
        .order_by(*LINE_ORDER)
        .values_list("place", "skip_count", "saved_at")
    )


def return_no_show(ticket: uuid.UUID, *, by: Actor) -> Distribution:
    """A patient who had counted as not there is back: to the end of their unit's queue."""
    with act(by=by) as this:
        row = (
            Distribution.objects.select_for_update(of=("self",))
            .select_related("ticket", "encounter")
            .filter(ticket_id=ticket, owner=by.facility_id, stage=Stage.NO_SHOW)
            .order_by("-saved_at")
            .first()
        )
        if row is None:
            raise NotHere(_("Nomor ini tidak tercatat sebagai tidak hadir."), "ticket_unknown")
        _may_queue(by, row.unit)
        beside = _places_beside(row)
        row.place = beside[-1][0] + 1 if beside else row.place
        row.stage, row.ended_at, row.skip_count = Stage.SHOWN, None, 0
        this.update(row, "stage", "ended_at", "skip_count", "place")
        _record(this, "returned-to-queue", row)
    return row


def start_ticket(ticket: uuid.UUID, *, by: Actor) -> Distribution:
    """The patient is in the room: service begins."""
    with act(by=by) as this:
        row = _present_of_ticket(ticket, by=by)
        start_service(this, row, by=by)
    return row


def start_service(this: Act, row: Distribution, *, by: Actor) -> None:
    """Begin the service of this hand-over, once; later calls change nothing."""
    if row.stage == Stage.IN_SERVICE:
        return
    row.stage, row.started_at, row.practitioner = Stage.IN_SERVICE, this.at, by.practitioner_id
    _mark_opened(this, row, "stage", "started_at", "practitioner")
    begin_service(this, row.encounter)
    _record(this, "started", row)


def finish_ticket(ticket: uuid.UUID, *, by: Actor) -> Distribution:
    """This unit is done with the patient (the visit itself is closed with the record)."""
    with act(by=by) as this:
        row = _present_of_ticket(ticket, by=by)
        finish_service(this, row, by=by)
    return row


def finish_service(this: Act, row: Distribution, *, by: Actor) -> None:
    """End the service of this hand-over; one that was never started starts and ends here."""
    if row.stage != Stage.IN_SERVICE:
        start_service(this, row, by=by)
    row.stage, row.ended_at = Stage.DONE, this.at
    this.update(row, "stage", "ended_at")
    _record(this, "finished", row)


def _present_of_ticket(ticket: uuid.UUID, *, by: Actor) -> Distribution:
    row = (
        Distribution.objects.select_for_update(of=("self",))
        .select_related("ticket", "encounter")
        .filter(ticket_id=ticket, owner=by.facility_id, stage__in=PRESENT)
        .first()
    )
    if row is None:
        require(by, "input", "queue")
        raise NotHere(
            _("Nomor ini sudah tidak di antrean: selesai, dialihkan, atau dibatalkan."),
            "ticket_not_waiting",
        )
    _may_queue(by, row.unit)
    return row


def _may_queue(by: Actor, unit: str) -> None:
    require(by, "input", "queue", unit=unit)


def _record(
    this: Act, what: str, row: Distribution, *, detail: dict[str, Any] | None = None
) -> None:
    this.record(
        what,
        unit=row.unit,
        patient=row.patient_id,
        encounter=row.encounter_id,
        subject=f"distribution:{row.id}",
        detail=detail,
    )
