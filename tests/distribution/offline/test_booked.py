"""Somebody who had booked comes while the server is away: the booking has been kept."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.offline import receiving
from simpul.service.registration.booking.inputs import BookingWish
from simpul.service.registration.booking.models import Booking, BookingState
from simpul.service.registration.booking.services import cancel_booking, make_booking

from .conftest import Computer

MakeComputer = Callable[..., Computer]


def book(by: Actor, **who: Any) -> Booking:
    """A booking of today at the general clinic."""
    return make_booking(BookingWish(get_here().today(), "umum", **who), by=by)


def came(rina: Computer, patient: uuid.UUID, **more: Any) -> dict[str, Any]:
    """Registered at the counter without the server, and sent."""
    (result,) = rina.send(rina.visit(patient, **more))
    assert result["status"] == "saved", result
    return result


def test_the_booking_has_become_the_visit_and_the_number_on_the_slip_counts(
    computer: MakeComputer, new_patient: Callable[..., uuid.UUID], registrar: Actor
) -> None:
    siti = new_patient("SITI AMINAH")
    booked = book(registrar, patient_id=siti)
    result = came(computer(), siti)
    booked.refresh_from_db()
    assert (booked.state, str(booked.encounter)) == (BookingState.ARRIVED, result["encounter"])
    assert result["ticket"] == "A501", "what is printed stays"


def test_another_unit_or_no_more_than_a_name_leaves_the_booking_to_a_person(
    computer: MakeComputer, new_patient: Callable[..., uuid.UUID], registrar: Actor
) -> None:
    siti, budi = new_patient("SITI AMINAH"), new_patient("BUDI SANTOSO")
    elsewhere = book(registrar, patient_id=siti)
    named = book(registrar, name="BUDI SANTOSO")
    assert (named.patient_id, named.birth_date) == (None, None)
    rina = computer()
    came(rina, siti, unit="gigi", prefix="C")
    came(rina, budi)
    for booking in (elsewhere, named):
        booking.refresh_from_db()
        assert booking.state == BookingState.BOOKED


def test_a_booking_used_in_the_same_second_holds_up_nobody(
    computer: MakeComputer,
    new_patient: Callable[..., uuid.UUID],
    registrar: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    siti = new_patient("SITI AMINAH")
    booked = book(registrar, patient_id=siti)
    real = receiving.booking_of

    def used_meanwhile(*args: Any, **named: Any) -> Any:
        line = real(*args, **named)
        if line is not None:
            cancel_booking(booked.id, reason="pasien menelepon", by=registrar)
        return line

    monkeypatch.setattr(receiving, "booking_of", used_meanwhile)
    assert came(computer(), siti)["ticket"] == "A501"


def test_a_visit_of_yesterday_does_not_use_the_booking_of_today(
    computer: MakeComputer,
    new_patient: Callable[..., uuid.UUID],
    registrar: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    siti = new_patient("SITI AMINAH")
    booked = book(registrar, patient_id=siti)
    here = get_here()
    monkeypatch.setattr(type(here), "day_of", lambda self, at: date(2026, 2, 2))
    came(computer(), siti)
    booked.refresh_from_db()
    assert booked.state == BookingState.BOOKED
