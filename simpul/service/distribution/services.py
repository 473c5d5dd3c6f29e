"""One save: encounter, distribution, ticket and journal in one durable transaction; and its undo.

What happens afterwards in the unit (shown, called, started, …) is in `queueing`.
"""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext as _

from simpul.domain.lanes import TICKETS
from simpul.foundation.core.clock import now
from simpul.foundation.core.counters import take
from simpul.foundation.core.errors import Conflict, Problem, Refused
from simpul.foundation.core.rows import fetch_one
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.distribution.models import (
    PRESENT,
    WAITING,
    Distribution,
    Stage,
    Ticket,
)
from simpul.service.patients.records import RECORDS_OF, twice
from simpul.service.registration.booking.models import Booking
from simpul.service.registration.booking.services import claim_booking, give_back, mark_arrived
from simpul.service.registration.models import Encounter, EncounterStatus
from simpul.service.registration.selectors import get_encounter
from simpul.service.registration.services import (
    Opening,
    VisitWish,
    cancel_encounter,
    check_wish,
    open_encounter,
)
from simpul.service.registration.suggestion import Placement

UNDO_SECONDS = 60


@dataclass(frozen=True)
class Visit:
    """A visit just registered or redirected: its rows, for showing and printing."""

    encounter: Encounter
    distribution: Distribution
    ticket: Ticket
    placement: Placement | None = None


def register_visit(
    wish: VisitWish, *, by: Actor, opening: Opening | None = None, number: int | None = None
) -> Visit:
    """Register a visit and hand its record to the unit, all in one durable act.

    Raises Refused for values, NeedsReason when choice and suggestion differ, Conflict when the
    patient already waits in that unit today. A visit that began at a counter without the server
    brings its `opening` and the ticket's `number` along.
    """
    with act(by=by) as this:
        patient, placement, unit = check_wish(wish, by=by, settled=opening is not None)
        day = get_here().day_of(opening.at if opening is not None else this.at)
        _refuse_second_place(patient.id, unit, day, by=by)
        booking = None
        if wish.booking_id is not None:
            booking = claim_booking(wish.booking_id, patient=patient.id, by=by)
        encounter = open_encounter(
            this, wish, patient=patient, placement=placement, unit=unit, by=by, opening=opening
        )
        ticket = _issue_ticket(this, encounter, number, booking)
        if booking is not None:
            mark_arrived(this, booking, patient=patient.id, encounter=encounter.id)
        distribution = _hand_over(this, encounter, ticket, unit)
        overridden = bool(placement.suggestion and placement.suggestion.unit != unit)
        this.record(
            "distributed",
            unit=unit,
            patient=patient.id,
            encounter=encounter.id,
            subject=f"distribution:{distribution.id}",
            detail={
                "ticket": ticket.label,
                "rule": encounter.suggestion_rule,
                "overridden": overridden,
            },
        )
    return Visit(encounter, distribution, ticket, placement)


def _refuse_second_place(patient: uuid.UUID, unit: str, day: date, *, by: Actor) -> None:
    waiting = fetch_one(
        Distribution,
        "WHERE t.owner = %s AND t.service_date = %s AND t.unit = %s "
        f"AND t.patient_id IN ({RECORDS_OF}) "
        "AND t.stage IN ('saved', 'shown', 'opened', 'in-service')",
        [by.facility_id, day, unit, *twice(patient)],
    )
    if waiting is not None:
        raise Conflict(
            _("Sudah terdaftar hari ini: %(ticket)s %(unit)s. Buka yang ada, atau pilih poli lain.")
            % {"ticket": waiting.ticket.label, "unit": get_here().unit(unit).name},
            "already_waiting",
            extra={
                "encounter_id": str(waiting.encounter_id),
                "ticket": waiting.ticket.label,
            },
        )


def _issue_ticket(
    this: Act, encounter: Encounter, number: int | None, booking: Booking | None
) -> Ticket:
    """Give the visit its number: the one already on paper, the booked one, or the next."""
    prefix = get_here().unit(encounter.unit).prefix
    day = encounter.service_date
    if booking is not None and number is None:
        # The number stays with the patient, also when the counter sends them elsewhere.
        prefix, number = booking.prefix, booking.number
    if number is None:
        number = TICKETS.ordinary(take(f"ticket:{this.facility}:{day:%Y%m%d}:{prefix}"))
    ticket = Ticket(
        encounter=encounter,
        service_date=day,
        prefix=prefix,
        number=number,
    )
    this.create(ticket)
    return ticket


def _hand_over(
    this: Act,
    encounter: Encounter,
    ticket: Ticket,
    unit: str,
    *,
    came_from: str = "",
    reason: str = "",
) -> Distribution:
    distribution = Distribution(
        encounter=encounter,
        ticket=ticket,
        patient_id=encounter.patient_id,
        service_date=encounter.service_date,
        unit=unit,
        priority=encounter.priority,
        place=ticket.number,
        came_from=came_from,
        reason=reason[:160],
        saved_at=this.at,
    )
    try:
        this.create(distribution)
    except IntegrityError:
        # On PostgreSQL the other counter's insert is seen only here; nothing follows but the
        # refusal, so the transaction needs no savepoint to go back to.
        raise Conflict(
            _("Baru saja didaftarkan di loket lain untuk poli ini. Buka yang ada di papan."),
            "already_waiting",
        ) from None
    return distribution


def get_present(encounter: Encounter, *, lock: bool = True) -> Distribution | None:
    """Return where the record of a visit is now; None when it is in no unit."""
    rows = Distribution.objects.filter(encounter=encounter, stage__in=PRESENT).select_related(
        "ticket"
    )
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def redirect_visit(encounter_id: uuid.UUID, *, unit: str, reason: str, by: Actor) -> Visit:
    """Send the record on to another unit; the ticket stays with the patient."""
    require(by, "correct", "encounter")
    target = get_here().unit(unit)
    _need_reason(reason)
    with act(by=by) as this:
        encounter = get_encounter(encounter_id, by=by)
        present = get_present(encounter)
        if present is None or encounter.status == EncounterStatus.CANCELLED:
            raise Conflict(
                _("Kunjungan ini sudah selesai atau dibatalkan, jadi tidak dialihkan."),
                "encounter_ended",
            )
        if present.unit == unit:
            raise Conflict(
                _("Pasien sudah berada di %(unit)s.") % {"unit": target.name}, "same_unit"
            )
        if not target.is_open:
            raise Refused(
                _("%(unit)s tutup hari ini. Pilih poli lain.") % {"unit": target.name},
                "unit_closed",
                errors=(Problem("unit", "closed", _("Pilih poli lain.")),),
            )
        # The reason stands on the new row, so that an undo leaves the old one as it was.
        _end(this, present, Stage.REDIRECTED)
        distribution = _hand_over(
            this, encounter, present.ticket, unit, came_from=present.unit, reason=reason
        )
        this.record(
            "redirected",
            unit=present.unit,
            patient=encounter.patient_id,
            encounter=encounter.id,
            subject=f"distribution:{present.id}",
            detail={"to": unit},
        )
        this.record(
            "distributed",
            unit=unit,
            patient=encounter.patient_id,
            encounter=encounter.id,
            subject=f"distribution:{distribution.id}",
            detail={"from": present.unit, "ticket": present.ticket.label},
        )
    return Visit(encounter, distribution, present.ticket)


def _end(this: Act, distribution: Distribution, stage: Stage, *, reason: str = "") -> None:
    distribution.stage = stage
    distribution.ended_at = this.at
    fields = ["stage", "ended_at"]
    if reason:
        distribution.reason = reason[:160]
        fields.append("reason")
    this.update(distribution, *fields)


def undo_visit(encounter_id: uuid.UUID, *, by: Actor) -> Encounter:
    """Take back the last hand-over within 60 seconds, until the unit has opened the record.

    A redirection goes back to the unit before; a registration becomes a cancelled visit whose
    number is not given again.
    """
    require(by, "correct", "encounter")
    with act(by=by) as this:
        encounter = get_encounter(encounter_id, by=by)
        present = get_present(encounter)
        if present is None:
            raise Conflict(
                _("Kunjungan ini sudah selesai atau dibatalkan. Tidak ada yang diurungkan."),
                "encounter_ended",
            )
        if present.stage not in (Stage.SAVED, Stage.SHOWN):
            raise Conflict(
                _("Rekam sudah dibuka di poli, jadi tidak diurungkan. Pakai Alihkan."),
                "already_opened",
            )
        if abs(now() - present.saved_at) > timedelta(seconds=UNDO_SECONDS):
            raise Conflict(
                _("Sudah lebih dari 60 detik. Pakai Alihkan atau Batalkan."), "undo_too_late"
            )
        if present.came_from:
            _undo_redirection(this, encounter, present)
        else:
            _end(this, present, Stage.CANCELLED)
            cancel_encounter(this, encounter, reason="Diurungkan di loket")
            give_back(this, encounter.id, on=encounter.service_date)
        this.record(
            "undone",
            unit=present.unit,
            patient=encounter.patient_id,
            encounter=encounter.id,
            subject=f"distribution:{present.id}",
        )
    return encounter


def _undo_redirection(this: Act, encounter: Encounter, present: Distribution) -> None:
    before = (
        Distribution.objects.filter(
            encounter=encounter, unit=present.came_from, stage=Stage.REDIRECTED
        )
        .order_by("-ended_at")
        .first()
    )
    _end(this, present, Stage.CANCELLED)
    if before is None:
        return
    before.stage = Stage.SHOWN if before.shown_at else Stage.SAVED
    if before.opened_at:
        before.stage = Stage.OPENED
    if before.started_at:
        before.stage = Stage.IN_SERVICE
    before.ended_at = None
    this.update(before, "stage", "ended_at")
    this.record(
        "returned-by-undo",
        unit=before.unit,
        patient=encounter.patient_id,
        encounter=encounter.id,
        subject=f"distribution:{before.id}",
    )


def cancel_visit(encounter_id: uuid.UUID, *, reason: str, by: Actor) -> Encounter:
    """Cancel a visit that has not been served, with a reason; nothing is deleted."""
    require(by, "correct", "encounter")
    _need_reason(reason)
    with act(by=by) as this:
        encounter = get_encounter(encounter_id, by=by)
        if encounter.status != EncounterStatus.ARRIVED:
            raise Conflict(
                _("Kunjungan ini sudah dilayani, selesai, atau dibatalkan; tidak dibatalkan lagi."),
                "encounter_ended",
            )
        present = get_present(encounter)
        unit = encounter.unit
        if present is not None:
            unit = present.unit
            _end(this, present, Stage.CANCELLED, reason=reason)
        cancel_encounter(this, encounter, reason=reason)
        this.record("cancelled", unit=unit, patient=encounter.patient_id, encounter=encounter.id)
    return encounter


def resend_visit(encounter_id: uuid.UUID, *, by: Actor) -> Distribution:
    """Tell the unit's screens once more about a record they have not shown."""
    require(by, "correct", "encounter")
    with act(by=by) as this:
        encounter = get_encounter(encounter_id, by=by)
        present = get_present(encounter)
        if present is None or present.stage not in WAITING:
            raise Conflict(
                _("Rekam ini sudah dilayani atau selesai, jadi tidak perlu dikirim ulang."),
                "encounter_ended",
            )
        present.resent_at = this.at
        this.update(present, "resent_at")
        this.record(
            "resent",
            unit=present.unit,
            patient=encounter.patient_id,
            encounter=encounter.id,
            subject=f"distribution:{present.id}",
        )
    return present


def _need_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > 160 or "\x00" in reason:
        raise Refused(
            _("Tulis alasannya, paling banyak 160 huruf. Belum ada yang diubah."),
            "reason_required",
            errors=(Problem("reason", "required", _("Tulis alasan.")),),
        )
