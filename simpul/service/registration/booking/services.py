"""Writing bookings: make one, take it back, let it become a visit, note who did not come.

The number is taken from the same counter as the tickets of that unit and day, so a booked A07 and
a walked-in A08 stand in one queue and never collide.
"""

import secrets
import uuid
from dataclasses import replace
from datetime import date

from django.db import IntegrityError
from django.utils.translation import gettext as _

from simpul.domain.lanes import TICKETS
from simpul.domain.names import likeness
from simpul.foundation.core.counters import take
from simpul.foundation.core.errors import Conflict, Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.records import record_ids
from simpul.service.patients.selectors import find_patients, get_patient
from simpul.service.registration.booking.inputs import BookingWish, check_booking
from simpul.service.registration.booking.models import Booking, BookingState
from simpul.service.registration.booking.opening import (
    NEVER_CLOSED,
    count_registered,
    get_timetable,
    say_day,
)
from simpul.service.registration.booking.selectors import get_booking_row

#: Letters and digits that are not taken for one another when read aloud.
CODE_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
#: From here on two names are taken for one, when a number says the same.
LIKE = 0.9


def make_booking(wish: BookingWish, *, by: Actor) -> Booking:
    """Hold a number for somebody who will come.

    Raises Refused for values, a closed day and a full quota, Conflict when the same person has
    booked this unit for that day already.
    """
    require(by, "input", "booking")
    require_home(by)
    wish = check_booking(wish)
    unit = get_here().unit(wish.unit)
    if not unit.takes_patients or not unit.is_open:
        raise Refused(
            _("%(unit)s tutup atau tidak menerima dari loket. Pilih poli lain.")
            % {"unit": unit.name},
            "unit_closed",
            errors=(Problem("unit", "closed", _("Pilih poli lain.")),),
        )
    known = _known_person(wish, by=by)
    name = wish.name or (known.name if known else "")
    wish = replace(wish, patient_id=known.id if known else None)
    _refuse_closed(wish)
    with act(by=by) as this:
        day = wish.service_date
        number = TICKETS.ordinary(take(f"ticket:{this.facility}:{day:%Y%m%d}:{unit.prefix}"))
        # Behind the counter's lock: two who book the last place do it one after the other.
        _refuse_full(wish, by=by)
        _refuse_twice(wish, by=by)
        booking = Booking(
            source=wish.source,
            code="".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH)),
            patient_id=wish.patient_id,
            name=name,
            birth_date=wish.birth_date or (known.birth_date if known else None),
            nik=wish.nik,
            bpjs_number=wish.bpjs_number,
            phone=wish.phone,
            service_date=day,
            unit=wish.unit,
            starts=wish.starts,
            ends=wish.ends,
            doctor_code=wish.doctor_code,
            doctor_name=wish.doctor_name,
            complaint=wish.complaint,
            prefix=unit.prefix,
            number=number,
            state_at=this.at,
            booked_at=this.at,
            booked_by=by.practitioner_id,
        )
        try:
            this.create(booking)
        except IntegrityError:
            raise _booked_twice() from None
        this.record(
            "booked",
            unit=wish.unit,
            patient=wish.patient_id,
            subject=f"booking:{booking.id}",
            detail={"ticket": booking.label, "on": day.isoformat(), "source": wish.source},
        )
    return booking


def _known_person(wish: BookingWish, *, by: Actor) -> PatientCard | None:
    """Return the patient named, or the only one with that NIK or card and a name like it."""
    if wish.patient_id is not None:
        return get_patient(wish.patient_id, by=by)
    for number in (wish.nik, wish.bpjs_number):
        if not number:
            continue
        found = find_patients(number, by=by, limit=2)
        if (
            len(found) == 1
            and found[0].exact
            and likeness(wish.name, found[0].patient.name) >= LIKE
        ):
            return found[0].patient
    return None


def _refuse_closed(wish: BookingWish) -> None:
    timetable = get_timetable()
    opening = timetable.opening(wish.unit, wish.service_date)
    unit = get_here().unit(wish.unit).name
    if not opening.is_open_day:
        following = timetable.next_day(wish.unit, wish.service_date)
        parts = [
            _("%(unit)s tutup pada %(day)s.") % {"unit": unit, "day": say_day(wish.service_date)}
        ]
        if following is not None:
            parts.append(_("Hari buka berikutnya %(day)s.") % {"day": say_day(following)})
        raise _day_refused(" ".join(parts), "unit_closed")
    hours = opening.hours
    if hours is None or wish.starts is None or wish.ends is None:
        return
    if wish.starts < hours.opens or wish.ends > hours.closes:
        raise Refused(
            _("%(unit)s buka pukul %(opens)s sampai %(closes)s hari itu. Janji belum disimpan.")
            % {"unit": unit, "opens": f"{hours.opens:%H.%M}", "closes": f"{hours.closes:%H.%M}"},
            "booking_outside_hours",
            errors=(Problem("starts", "outside_hours", _("Pilih jam di dalam jam buka.")),),
        )


def _refuse_full(wish: BookingWish, *, by: Actor) -> None:
    opening = get_timetable().opening(wish.unit, wish.service_date)
    unit, day = get_here().unit(wish.unit).name, say_day(wish.service_date)
    if wish.unit in NEVER_CLOSED:
        return
    booked = opening.booked_quota
    if booked is not None and count_booked(wish.unit, wish.service_date, by=by) >= booked:
        raise _day_refused(
            _("Kuota janji %(unit)s pada %(day)s sudah penuh (%(quota)d). Pilih hari lain.")
            % {"unit": unit, "day": day, "quota": booked},
            "quota_full",
        )
    if opening.quota is None:
        return
    if count_registered(wish.unit, wish.service_date, facility=by.facility_id) >= opening.quota:
        raise _day_refused(
            _("%(unit)s pada %(day)s sudah penuh (%(quota)d). Pilih hari lain.")
            % {"unit": unit, "day": day, "quota": opening.quota},
            "quota_full",
        )


def count_booked(unit: str, on: date, *, by: Actor) -> int:
    """Return how many of a unit's places on a day are or were held by bookings."""
    return Booking.objects.filter(
        owner=by.facility_id,
        service_date=on,
        unit=unit,
        state__in=(BookingState.BOOKED, BookingState.ARRIVED),
    ).count()


def _day_refused(message: str, code: str) -> Refused:
    return Refused(
        f"{message} " + _("Janji belum disimpan."),
        code,
        errors=(Problem("service_date", code, _("Pilih hari lain.")),),
    )


def _refuse_twice(wish: BookingWish, *, by: Actor) -> None:
    same = Booking.objects.filter(
        owner=by.facility_id,
        service_date=wish.service_date,
        unit=wish.unit,
        state=BookingState.BOOKED,
    )
    for column, value in (
        ("patient_id", wish.patient_id),
        ("nik", wish.nik),
        ("bpjs_number", wish.bpjs_number),
    ):
        if value and (row := same.filter(**{column: value}).first()) is not None:
            raise _booked_twice(row)


def _booked_twice(row: Booking | None = None) -> Conflict:
    extra: dict[str, object] = (
        {} if row is None else {"booking_id": str(row.id), "ticket": row.label}
    )
    return Conflict(
        _("Orang ini sudah punya janji di poli itu pada hari yang sama. Pakai yang ada.")
        if row is None
        else _("Sudah ada janji %(ticket)s di poli itu pada hari yang sama. Pakai yang ada.")
        % {"ticket": row.label},
        "already_booked",
        extra=extra,
    )


def cancel_booking(booking: uuid.UUID, *, reason: str, by: Actor) -> Booking:
    """Take a booking back before the patient has arrived; its number is not given again."""
    require(by, "correct", "booking")
    reason = " ".join(reason.split())
    if not reason or len(reason) > 160 or "\x00" in reason:
        raise Refused(
            _("Tulis alasannya, paling banyak 160 huruf. Belum ada yang diubah."),
            "reason_required",
            errors=(Problem("reason", "required", _("Tulis alasan.")),),
        )
    with act(by=by) as this:
        row = get_booking_row(booking, by=by, lock=True)
        if row.state != BookingState.BOOKED:
            raise _not_open(row)
        _end(this, row, BookingState.CANCELLED, reason=reason)
    return row


def restore_booking(booking: uuid.UUID, *, by: Actor) -> Booking:
    """Let a booking that was taken back or counted as missed stand again, on its day or before."""
    require(by, "correct", "booking")
    with act(by=by) as this:
        row = get_booking_row(booking, by=by, lock=True)
        if row.state == BookingState.BOOKED:
            return row
        if row.state == BookingState.ARRIVED or row.service_date < get_here().today():
            raise _not_open(row)
        try:
            _end(this, row, BookingState.BOOKED)
        except IntegrityError:
            raise _booked_twice() from None
    return row


def _not_open(row: Booking) -> Conflict:
    return Conflict(
        _("Janji %(ticket)s sudah berstatus “%(state)s”, jadi tidak diubah.")
        % {"ticket": row.label, "state": row.get_state_display()},
        "booking_ended",
        extra={"state": row.state},
    )


def _end(this: Act, row: Booking, state: str, *, reason: str = "") -> None:
    row.state, row.state_at, row.reason = state, this.at, reason
    this.update(row, "state", "state_at", "reason")
    this.record(
        f"booking-{state}",
        unit=row.unit,
        patient=row.patient_id,
        subject=f"booking:{row.id}",
        detail={"ticket": row.label},
    )


def claim_booking(booking: uuid.UUID, *, patient: uuid.UUID, by: Actor) -> Booking:
    """Return the booking a visit is about to use, locked; refuse one that is used or not today's.

    Called inside the act that registers the visit.
    """
    row = get_booking_row(booking, by=by, lock=True)
    if row.state != BookingState.BOOKED:
        raise _not_open(row)
    if row.service_date != get_here().today():
        raise Conflict(
            _("Janji %(ticket)s untuk %(day)s, bukan hari ini. Daftarkan tanpa janji.")
            % {"ticket": row.label, "day": say_day(row.service_date)},
            "booking_other_day",
        )
    if row.patient_id is not None and row.patient_id not in record_ids(patient):
        raise Conflict(
            _("Janji %(ticket)s milik orang lain. Belum didaftarkan; buka daftar janji.")
            % {"ticket": row.label},
            "booking_other_patient",
        )
    return row


def mark_arrived(this: Act, row: Booking, *, patient: uuid.UUID, encounter: uuid.UUID) -> None:
    """The patient is here: the booking has become this visit. Raises Stale when it was used."""
    # The record it was booked under stays, also where that one was merged since.
    row.patient_id, row.encounter = row.patient_id or patient, encounter
    row.state, row.state_at = BookingState.ARRIVED, this.at
    this.update(row, "patient", "encounter", "state", "state_at")
    this.record(
        "booking-arrived",
        unit=row.unit,
        patient=patient,
        encounter=encounter,
        subject=f"booking:{row.id}",
        detail={"ticket": row.label},
    )


def give_back(this: Act, encounter: uuid.UUID, *, on: date) -> None:
    """The visit of a booking was undone at the counter: the booking stands again.

    With a new number, for the old one was given to the visit that was undone.
    """
    row = Booking.objects.filter(
        owner=this.facility, service_date=on, state=BookingState.ARRIVED, encounter=encounter
    ).first()
    if row is None:
        return
    day = f"{row.service_date:%Y%m%d}"
    row.encounter = None
    row.number = TICKETS.ordinary(take(f"ticket:{this.facility}:{day}:{row.prefix}"))
    row.state, row.state_at = BookingState.BOOKED, this.at
    this.update(row, "encounter", "number", "state", "state_at")
    this.record(
        "booking-booked",
        unit=row.unit,
        patient=row.patient_id,
        subject=f"booking:{row.id}",
        detail={"ticket": row.label},
    )


def mark_missed(this: Act, rows: list[Booking]) -> None:
    """Nobody came; called when the day is closed."""
    for row in rows:
        _end(this, row, BookingState.MISSED)
