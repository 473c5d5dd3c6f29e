"""Reading the end of a day: who waits, who is being served, who left, who never came."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from simpul.foundation.core.rows import fetch_values
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require
from simpul.service.distribution.closing.models import DayClose
from simpul.service.distribution.models import Stage, ticket_label
from simpul.service.patients.records import PERSON_OF
from simpul.service.registration.booking.models import BookingState
from simpul.service.registration.booking.selectors import BookingLine, list_bookings

#: How far back days that were never closed are looked for.
LOOK_BACK_DAYS = 31


@dataclass(frozen=True)
class Present:
    """Somebody whose record is still in a unit."""

    distribution: uuid.UUID
    encounter: uuid.UUID
    ticket: str
    name: str
    mrn: str
    unit: str
    unit_name: str
    stage: str
    since: datetime
    calls: int

    @property
    def is_served(self) -> bool:
        """Has the service begun?"""
        return self.stage == Stage.IN_SERVICE


@dataclass(frozen=True)
class Closing:
    """One closing of a day."""

    id: uuid.UUID
    at: datetime
    by: str
    left: int
    missed: int
    reopened_at: datetime | None


@dataclass(frozen=True)
class DayEnd:
    """The end of one day."""

    on: date
    waiting: tuple[Present, ...]
    served: tuple[Present, ...]
    left: tuple[Present, ...]
    not_come: tuple[BookingLine, ...]
    finished: int
    closings: tuple[Closing, ...]
    older: tuple[tuple[date, int], ...]

    @property
    def is_clear(self) -> bool:
        """Does nobody wait and is nobody expected?"""
        return not (self.waiting or self.served or self.not_come)


_ROWS = (
    "SELECT d.id, d.encounter_id, k.prefix, k.number, p.name, p.mrn, d.unit, d.stage, "
    "d.saved_at, d.call_count "
    "FROM distribution_distribution d JOIN distribution_ticket k ON k.id = d.ticket_id "
    f"{PERSON_OF} "
    "WHERE d.owner = %s AND d.service_date = %s "
    "AND d.stage IN ('saved', 'shown', 'opened', 'in-service', 'no-show') "
    "ORDER BY d.unit, d.saved_at"
)


def get_day_end(on: date, *, by: Actor) -> DayEnd:
    """Return how a day ends; six statements whatever the number of people."""
    require(by, "view", "encounter")
    present = [_present(row) for row in fetch_values(_ROWS, "uu------t-", [by.facility_id, on])]
    done = fetch_values(
        "SELECT count(*) FROM distribution_distribution d WHERE d.owner = %s "
        "AND d.service_date = %s AND d.stage = 'done'",
        "-",
        [by.facility_id, on],
    )
    return DayEnd(
        on=on,
        waiting=tuple(one for one in present if one.stage not in (Stage.IN_SERVICE, Stage.NO_SHOW)),
        served=tuple(one for one in present if one.is_served),
        left=tuple(one for one in present if one.stage == Stage.NO_SHOW),
        not_come=tuple(_expected(on, by=by)),
        finished=int(done[0][0]),
        closings=tuple(_closings(on, by=by)),
        older=tuple(_older(on, by=by)),
    )


def _expected(on: date, *, by: Actor) -> list[BookingLine]:
    if not may(by, "view", "booking"):
        return []
    return list_bookings(on, by=by, state=BookingState.BOOKED)


def _present(row: Sequence[object]) -> Present:
    distribution, encounter, prefix, number, name, mrn, unit, stage, since, calls = row
    units = get_here().units
    return Present(
        distribution=distribution,  # type: ignore[arg-type]
        encounter=encounter,  # type: ignore[arg-type]
        ticket=ticket_label(str(prefix), int(number)),  # type: ignore[call-overload]
        name=str(name),
        mrn=str(mrn),
        unit=str(unit),
        unit_name=units[str(unit)].name if str(unit) in units else str(unit),
        stage=str(stage),
        since=since,  # type: ignore[arg-type]
        calls=int(calls),  # type: ignore[call-overload]
    )


def _closings(on: date, *, by: Actor) -> list[Closing]:
    rows = list(
        DayClose.objects.filter(owner=by.facility_id, service_date=on).order_by("-closed_at")[:20]
    )
    names = practitioner_names({row.closed_by for row in rows})
    return [
        Closing(
            id=row.id,
            at=row.closed_at,
            by=names.get(row.closed_by, ""),
            left=len(row.left),
            missed=len(row.missed),
            reopened_at=row.reopened_at,
        )
        for row in rows
    ]


def _older(on: date, *, by: Actor) -> list[tuple[date, int]]:
    """Days before this one on which somebody is still noted as waiting."""
    rows = fetch_values(
        "SELECT d.service_date, count(*) FROM distribution_distribution d WHERE d.owner = %s "
        "AND d.service_date >= %s AND d.service_date < %s "
        "AND d.stage IN ('saved', 'shown', 'opened') "
        "GROUP BY d.service_date ORDER BY d.service_date DESC",
        "d-",
        [by.facility_id, on - timedelta(days=LOOK_BACK_DAYS), on],
    )
    return [(day, int(many)) for day, many in rows]
