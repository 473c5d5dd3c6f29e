"""Reading bookings: the list of a day, those of one patient, what is left of each unit's day."""

import uuid
from dataclasses import dataclass
from datetime import date, time

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from simpul.domain.identity import format_phone
from simpul.domain.names import normalise
from simpul.foundation.core.errors import NotHere
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.cards import PatientCard
from simpul.service.registration.booking.models import Booking, BookingState, Source
from simpul.service.registration.booking.opening import count_registered_by_unit, get_timetable

MOST_A_DAY = 500


@dataclass(frozen=True)
class BookingLine:
    """One booking as the list shows it."""

    id: uuid.UUID
    label: str
    code: str
    name: str
    mrn: str
    patient_id: uuid.UUID | None
    phone: str
    service_date: date
    unit: str
    unit_name: str
    starts: time | None
    ends: time | None
    doctor_name: str
    complaint: str
    source: str
    source_name: str
    state: str
    state_name: str
    reason: str
    encounter: uuid.UUID | None
    #: Does it say who comes by more than a name: a link, a number or a birth date?
    names_for_certain: bool = False

    @property
    def is_open(self) -> bool:
        """Is the patient still expected?"""
        return self.state == BookingState.BOOKED


@dataclass(frozen=True)
class DayCounts:
    """How many bookings of a day are in each state."""

    booked: int
    arrived: int
    cancelled: int
    missed: int

    @property
    def total(self) -> int:
        """All bookings of the day."""
        return self.booked + self.arrived + self.cancelled + self.missed


@dataclass(frozen=True)
class UnitDay:
    """What is open and left of a unit on a day; None where no quota was set."""

    unit: str
    unit_name: str
    is_open: bool
    reason: str
    opens: time | None
    closes: time | None
    quota: int | None
    booked_quota: int | None
    taken: int
    booked: int

    @property
    def left(self) -> int | None:
        """Places that are left, never below 0."""
        return None if self.quota is None else max(0, self.quota - self.taken)


def _line(row: Booking) -> BookingLine:
    units = get_here().units
    person = row.patient.person if row.patient else None
    return BookingLine(
        id=row.id,
        label=row.label,
        code=row.code,
        name=person.name if person else row.name,
        mrn=person.mrn if person else "",
        patient_id=person.id if person else None,
        phone=format_phone(row.phone) if row.phone else "",
        service_date=row.service_date,
        unit=row.unit,
        unit_name=units[row.unit].name if row.unit in units else row.unit,
        starts=row.starts,
        ends=row.ends,
        doctor_name=row.doctor_name,
        complaint=row.complaint,
        source=row.source,
        source_name=str(Source(row.source).label),
        state=row.state,
        state_name=str(BookingState(row.state).label),
        reason=row.reason,
        encounter=row.encounter,
        names_for_certain=bool(person or row.nik or row.bpjs_number or row.birth_date),
    )


def get_booking_row(booking: uuid.UUID, *, by: Actor, lock: bool = False) -> Booking:
    """Return one booking; NotHere for an unknown one and for another facility's."""
    require(by, "view", "booking")
    rows = Booking.objects.filter(id=booking, owner=by.facility_id)
    if lock:
        rows = rows.select_for_update()
    row = rows.first()
    if row is None:
        raise NotHere(
            _("Janji ini tidak ada di Puskesmas Anda. Buka daftar janji."), "booking_unknown"
        )
    return row


def get_booking(booking: uuid.UUID, *, by: Actor) -> BookingLine:
    """Return one booking; NotHere for an unknown one and for another facility's."""
    return _line(get_booking_row(booking, by=by))


def list_bookings(
    on: date, *, by: Actor, unit: str = "", state: str = "", limit: int = MOST_A_DAY
) -> list[BookingLine]:
    """Return the bookings of a day: those still expected first, by hour and number."""
    require(by, "view", "booking")
    rows = Booking.objects.filter(owner=by.facility_id, service_date=on).select_related(
        "patient__merged_into"
    )
    if unit:
        rows = rows.filter(unit=unit)
    if state:
        rows = rows.filter(state=state)
    lines = [_line(row) for row in rows.order_by("starts", "unit", "number")[:limit]]
    return sorted(lines, key=lambda line: not line.is_open)


def count_day(on: date, *, by: Actor) -> DayCounts:
    """Count the bookings of a day by state."""
    require(by, "view", "booking")
    found = Booking.objects.filter(owner=by.facility_id, service_date=on).aggregate(
        **{state: Count("id", filter=Q(state=state)) for state in BookingState.values}
    )
    return DayCounts(**found)


def count_open(on: date, *, by: Actor) -> int:
    """Return how many bookings of a day are still expected."""
    require(by, "view", "booking")
    rows = fetch_values(
        "SELECT count(*) FROM booking_booking t WHERE t.owner = %s AND t.service_date = %s "
        "AND t.state = 'booked'",
        "-",
        [by.facility_id, on],
    )
    return int(rows[0][0])


def booking_of(patient: PatientCard, *, by: Actor) -> BookingLine | None:
    """Return the booking of today that is this patient's and still open; the earliest one.

    By the link, NIK or card; a booking that says only a name is taken for the patient's when the
    name is the same and no birth date speaks against it — the counter sees whose it is.
    """
    require(by, "view", "booking")
    own = Q(patient_id=patient.id) | Q(patient__merged_into=patient.id)
    rows = Booking.objects.filter(
        own | Q(patient__isnull=True),
        owner=by.facility_id,
        service_date=get_here().today(),
        state=BookingState.BOOKED,
    ).select_related("patient__merged_into")
    for row in rows.order_by("starts", "number")[:MOST_A_DAY]:
        if _is_of(row, patient):
            return _line(row)
    return None


def _is_of(row: Booking, patient: PatientCard) -> bool:
    if row.patient_id is not None:  # the statement asked for this person's only
        return True
    if row.nik and patient.nik:
        return row.nik == patient.nik
    if row.bpjs_number and patient.bpjs_number:
        return row.bpjs_number == patient.bpjs_number
    if normalise(row.name) != normalise(patient.name):
        return False
    return row.birth_date is None or row.birth_date == patient.birth_date


def booked_unit_of(booking: uuid.UUID | None) -> str:
    """Return the unit a booking of this house names; "" without one."""
    if booking is None:
        return ""
    rows = fetch_values(
        "SELECT t.unit FROM booking_booking t WHERE t.id = %s AND t.owner = %s",
        "-",
        [booking, get_here().id],
    )
    return str(rows[0][0]) if rows else ""


def list_open_days(on: date, *, by: Actor) -> list[UnitDay]:
    """Return every unit that takes patients with its hours and what is left on a day."""
    require(by, "view", "booking")
    timetable = get_timetable()
    booked = dict(
        fetch_values(
            "SELECT t.unit, count(*) FROM booking_booking t WHERE t.owner = %s "
            "AND t.service_date = %s AND t.state IN ('booked', 'arrived') GROUP BY t.unit",
            "--",
            [by.facility_id, on],
        )
    )
    days = []
    taken = count_registered_by_unit(on, facility=by.facility_id)
    for unit in get_here().units.values():
        if not unit.takes_patients:
            continue
        opening = timetable.opening(unit.code, on)
        days.append(
            UnitDay(
                unit=unit.code,
                unit_name=unit.name,
                is_open=unit.is_open and opening.is_open_day,
                reason=opening.holiday_reason,
                opens=opening.hours.opens if opening.hours else None,
                closes=opening.hours.closes if opening.hours else None,
                quota=opening.quota,
                booked_quota=opening.booked_quota,
                taken=taken.get(unit.code, 0),
                booked=int(booked.get(unit.code, 0)),
            )
        )
    return days
