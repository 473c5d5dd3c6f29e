"""Closing a day and opening it again, each one act.

Who still waits has left: the hand-over ends as *tidak hadir* and the visit, when nothing was done
in it yet, is cancelled with that reason. Somebody who is being served stays with the unit.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Conflict, NotHere, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.service.distribution.closing.models import DayClose
from simpul.service.distribution.models import WAITING, Distribution, Stage
from simpul.service.registration.booking.models import Booking, BookingState
from simpul.service.registration.booking.services import mark_missed
from simpul.service.registration.models import EncounterStatus
from simpul.service.registration.services import cancel_encounter

#: What stands on a visit whose patient went home; Indonesian as every stored reason.
LEFT_REASON = "Pulang sebelum dilayani"


@dataclass(frozen=True)
class Reopened:
    """What came back: people to their queues, bookings; and who could not."""

    people: int
    bookings: int
    kept: int


def close_day(on: date, *, by: Actor, stay: Collection[uuid.UUID] = ()) -> DayClose:
    """Close a day: everybody who waits has left, but those of `stay` (ids of hand-overs).

    Raises Refused for a day to come, Conflict when there is nothing to close.
    """
    require(by, "input", "encounter")
    require_home(by)
    if on > get_here().today():
        raise Refused(
            _("Hari itu belum tiba, jadi tidak ditutup. Pilih hari ini atau sebelumnya."),
            "day_to_come",
        )
    with act(by=by) as this:
        waiting = list(
            Distribution.objects.select_for_update(of=("self",))
            .filter(owner=by.facility_id, service_date=on, stage__in=WAITING)
            .exclude(id__in=list(stay))
            .select_related("encounter", "ticket")
            .order_by("id")
        )
        expected = list(
            Booking.objects.select_for_update()
            .filter(owner=by.facility_id, service_date=on, state=BookingState.BOOKED)
            .order_by("id")
        )
        if not waiting and not expected:
            raise Conflict(
                _("Tidak ada yang perlu ditutup: tidak ada yang menunggu dan semua janji jelas."),
                "nothing_to_close",
            )
        left = [_let_go(this, row) for row in waiting]
        mark_missed(this, expected)
        closing = DayClose(
            service_date=on,
            closed_at=this.at,
            closed_by=by.practitioner_id,
            left=left,
            missed=[str(row.id) for row in expected],
        )
        this.create(closing)
        this.record(
            "day-ended",
            subject=f"day:{closing.id}",
            detail={"on": on.isoformat(), "left": len(left), "missed": len(expected)},
        )
    return closing


def _let_go(this: Act, row: Distribution) -> dict[str, Any]:
    kept = {
        "distribution": str(row.id),
        "stage": str(row.stage),
        "encounter": str(row.encounter_id),
        "cancelled": row.encounter.status == EncounterStatus.ARRIVED,
    }
    row.stage, row.ended_at = Stage.NO_SHOW, this.at
    this.update(row, "stage", "ended_at")
    if kept["cancelled"]:
        cancel_encounter(this, row.encounter, reason=LEFT_REASON)
    this.record(
        "left",
        unit=row.unit,
        patient=row.patient_id,
        encounter=row.encounter_id,
        subject=f"distribution:{row.id}",
        detail={"ticket": row.ticket.label},
    )
    return kept


def reopen_day(closing: uuid.UUID, *, by: Actor) -> Reopened:
    """Take a closing back: people return to the place they had, bookings stand again.

    Who was registered anew meanwhile keeps the new place; they are counted in `kept`.
    """
    require(by, "input", "encounter")
    require_home(by)
    with act(by=by) as this:
        row = DayClose.objects.select_for_update().filter(id=closing, owner=by.facility_id).first()
        if row is None:
            raise NotHere(_("Penutupan ini tidak ada. Muat ulang halaman."), "closing_unknown")
        if row.reopened_at is not None:
            raise Conflict(_("Penutupan ini sudah diurungkan."), "already_reopened")
        people = sum(_take_back(this, one) for one in row.left)
        bookings = sum(_expect_again(this, one) for one in row.missed)
        row.reopened_at, row.reopened_by = this.at, by.practitioner_id
        this.update(row, "reopened_at", "reopened_by")
        this.record(
            "day-reopened",
            subject=f"day:{row.id}",
            detail={"on": row.service_date.isoformat(), "people": people, "bookings": bookings},
        )
    return Reopened(people, bookings, len(row.left) + len(row.missed) - people - bookings)


def _take_back(this: Act, kept: dict[str, Any]) -> bool:
    row = (
        Distribution.objects.select_for_update(of=("self",))
        .filter(id=kept["distribution"], stage=Stage.NO_SHOW)
        .select_related("encounter")
        .first()
    )
    if row is None:
        return False
    row.stage, row.ended_at = Stage(kept["stage"]), None
    try:
        with transaction.atomic():
            this.update(row, "stage", "ended_at")
    except IntegrityError:
        # They have a place in this unit again: one wait a person and unit.
        return False
    encounter = row.encounter
    if kept["cancelled"] and encounter.cancel_reason == LEFT_REASON:
        encounter.status, encounter.period_end = EncounterStatus.ARRIVED, None
        encounter.cancel_reason = ""
        this.update(encounter, "status", "period_end", "cancel_reason")
    this.record(
        "returned-to-queue",
        unit=row.unit,
        patient=row.patient_id,
        encounter=row.encounter_id,
        subject=f"distribution:{row.id}",
    )
    return True


def _expect_again(this: Act, booking: str) -> bool:
    row = Booking.objects.select_for_update().filter(id=booking, state=BookingState.MISSED).first()
    if row is None:
        return False
    row.state, row.state_at = BookingState.BOOKED, this.at
    try:
        with transaction.atomic():
            this.update(row, "state", "state_at")
    except IntegrityError:
        return False
    return True
