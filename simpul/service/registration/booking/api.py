"""Calls about bookings and open hours, for a kiosk, a telephone desk or the relay to BPJS.

The patient's arrival is a registration: `POST /encounters` with `booking_id`.
"""

import uuid
from datetime import date, time
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.api import Sent, answer, at_home, check_unit
from simpul.foundation.staff.api_description import describe
from simpul.service.registration.booking import services
from simpul.service.registration.booking.inputs import BookingWish
from simpul.service.registration.booking.selectors import (
    BookingLine,
    get_booking,
    list_bookings,
    list_open_days,
)

router = Router(tags=["Janji"])

#: A time of day where the house stands; JSON has no such type without a zone.
ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length=5)]
SourceName = Literal["mobile-jkn", "kiosk", "phone", "counter"]
StateName = Literal["booked", "arrived", "cancelled", "missed"]


class NewBooking(Sent):
    """Somebody will come on a day to a unit; known by `patient_id` or by what they said."""

    service_date: date
    unit: Annotated[str, Field(max_length=20)]
    source: SourceName = "phone"
    patient_id: uuid.UUID | None = None
    name: Annotated[str, Field(max_length=120)] = ""
    birth_date: date | None = None
    nik: Annotated[str, Field(max_length=20)] = ""
    bpjs_number: Annotated[str, Field(max_length=20)] = ""
    phone: Annotated[str, Field(max_length=20)] = ""
    starts: ClockTime | None = Field(None, description="Jam praktik mulai, misalnya 08:00.")
    ends: ClockTime | None = None
    doctor_code: Annotated[str, Field(max_length=20)] = ""
    doctor_name: Annotated[str, Field(max_length=80)] = ""
    complaint: Annotated[str, Field(max_length=300)] = ""


class CancelBooking(Sent):
    """Why a booking is taken back."""

    reason: Annotated[str, Field(max_length=160)]


class BookingOut(BaseModel):
    """A booking with its number; `encounter_id` once the patient has arrived."""

    id: uuid.UUID
    code: str
    ticket: str
    state: StateName
    service_date: date
    unit: str
    unit_name: str
    starts: ClockTime | None
    ends: ClockTime | None
    doctor_name: str
    source: SourceName
    name: str
    patient_id: uuid.UUID | None
    complaint: str
    reason: str
    encounter_id: uuid.UUID | None


class BookingsOut(BaseModel):
    """The bookings of a day."""

    items: list[BookingOut]
    next: None = None


class OpeningOut(BaseModel):
    """A unit on a day; `null` where nothing was set."""

    unit: str
    unit_name: str
    is_open: bool
    reason: str
    opens: ClockTime | None
    closes: ClockTime | None
    quota: int | None
    left: int | None
    booked_quota: int | None
    booked: int


class OpeningsOut(BaseModel):
    """Every unit that takes patients."""

    items: list[OpeningOut]
    next: None = None


class DayQuery(BaseModel):
    """Which day; today when left out."""

    on: date | None = None


class BookingsQuery(DayQuery):
    """Which bookings."""

    unit: Annotated[str, Field(max_length=20)] = ""
    state: StateName | None = None


BOOKING: dict[str, Any] = {
    "id": "0193b5a0-6d10-7a3f-8f0e-6b1c2d3e4f60",
    "code": "K7M2QXRA",
    "ticket": "A12",
    "state": "booked",
    "service_date": "2026-11-23",
    "unit": "umum",
    "unit_name": "Poli Umum",
    "starts": "08:00",
    "ends": "10:00",
    "doctor_name": "",
    "source": "phone",
    "name": "SITI CONTOH",
    "patient_id": None,
    "complaint": "kontrol",
    "reason": "",
    "encounter_id": None,
}


def clock_text(at: time | None) -> str | None:
    """Return a time of day as the calls write it: 08:00."""
    return None if at is None else f"{at:%H:%M}"


def booking_json(line: BookingLine) -> dict[str, Any]:
    """Return a booking as programs see it."""
    same = ("id", "code", "state", "service_date", "unit", "unit_name", "starts", "ends",
            "doctor_name", "source", "name", "patient_id", "complaint", "reason")  # fmt: skip
    return {
        **{name: getattr(line, name) for name in same},
        "ticket": line.label,
        "encounter_id": line.encounter,
        "starts": clock_text(line.starts),
        "ends": clock_text(line.ends),
    }


@router.post(
    "/bookings",
    **describe(
        "make_booking",
        "Buat janji",
        description=(
            "Memesan nomor antrean untuk hari ini atau nanti. Pasien datang: `POST /encounters` "
            "dengan `booking_id`; nomornya tetap."
        ),
        status=201,
        sends={
            "service_date": "2026-11-23",
            "unit": "umum",
            "source": "phone",
            "name": "SITI CONTOH",
            "phone": "081234567890",
            "starts": "08:00",
            "ends": "10:00",
            "complaint": "kontrol",
        },
        returns=BookingOut,
        example=BOOKING,
        fails={
            404: "patient_unknown",
            409: "already_booked",
            422: "booking_refused booking_outside_hours quota_full unit_closed unit_unknown "
            "request_refused",
        },
        headers=("Location",),
    ),
)
def make(request: HttpRequest, wish: NewBooking) -> HttpResponse:
    """Hold a number for somebody who will come."""
    by = at_home(request)
    values = wish.model_dump()
    values["unit"] = check_unit(wish.unit)
    for name in ("starts", "ends"):
        if values[name] is not None:
            values[name] = time.fromisoformat(values[name])
    row = services.make_booking(BookingWish(**values), by=by)
    line = get_booking(row.id, by=by)
    return answer(booking_json(line), status=201, location=f"{request.path}/{row.id}")


@router.get(
    "/bookings",
    **describe(
        "list_bookings",
        "Janji satu hari",
        returns=BookingsOut,
        example={"items": [BOOKING], "next": None},
        fails={422: "request_refused"},
    ),
)
def list_(request: HttpRequest, query: Query[BookingsQuery]) -> HttpResponse:
    """Return the bookings of a day, those still expected first."""
    by = at_home(request)
    rows = list_bookings(
        query.on or get_here().today(), by=by, unit=query.unit, state=query.state or ""
    )
    return answer({"items": [booking_json(row) for row in rows], "next": None})


@router.get(
    "/bookings/{booking_id}",
    **describe(
        "get_booking",
        "Baca satu janji",
        returns=BookingOut,
        example=BOOKING,
        fails={404: "booking_unknown"},
    ),
)
def read(request: HttpRequest, booking_id: uuid.UUID) -> HttpResponse:
    """Return one booking."""
    return answer(booking_json(get_booking(booking_id, by=at_home(request))))


@router.post(
    "/bookings/{booking_id}/cancel",
    **describe(
        "cancel_booking",
        "Batalkan janji",
        sends={"reason": "Pasien berhalangan"},
        returns=BookingOut,
        example={**BOOKING, "state": "cancelled", "reason": "Pasien berhalangan"},
        fails={
            404: "booking_unknown",
            409: "booking_ended",
            422: "reason_required request_refused",
        },
    ),
)
def cancel(request: HttpRequest, booking_id: uuid.UUID, typed: CancelBooking) -> HttpResponse:
    """Take a booking back before the patient has arrived."""
    by = at_home(request)
    services.cancel_booking(booking_id, reason=typed.reason, by=by)
    return answer(booking_json(get_booking(booking_id, by=by)))


@router.get(
    "/opening",
    **describe(
        "list_opening",
        "Jam buka dan sisa kuota satu hari",
        returns=OpeningsOut,
        example={
            "items": [
                {
                    "unit": "gigi",
                    "unit_name": "Poli Gigi",
                    "is_open": True,
                    "reason": "",
                    "opens": "07:30",
                    "closes": "11:00",
                    "quota": 20,
                    "left": 6,
                    "booked_quota": 8,
                    "booked": 5,
                }
            ],
            "next": None,
        },
        fails={422: "request_refused"},
    ),
)
def opening(request: HttpRequest, query: Query[DayQuery]) -> HttpResponse:
    """Return each unit's hours and what is left of its day."""
    rows = list_open_days(query.on or get_here().today(), by=at_home(request))
    items = [
        {name: getattr(row, name) for name in OpeningOut.model_fields}
        | {"opens": clock_text(row.opens), "closes": clock_text(row.closes)}
        for row in rows
    ]
    return answer({"items": items, "next": None})
