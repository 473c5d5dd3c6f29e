"""Bookings: a number held, one a person, day and unit; and what becomes of it."""

import threading
import uuid
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from simpul.domain.opening import Hours
from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.services import redirect_visit, register_visit, undo_visit
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.merging.decisions import merge_records
from simpul.service.patients.selectors import get_patient
from simpul.service.patients.services import register_patient
from simpul.service.registration.booking.inputs import BookingWish
from simpul.service.registration.booking.models import Booking
from simpul.service.registration.booking.opening import (
    change_week,
    close_day,
    forget_timetable,
    lift_closed_day,
)
from simpul.service.registration.booking.selectors import (
    booking_of,
    count_day,
    list_bookings,
    list_open_days,
)
from simpul.service.registration.booking.services import (
    cancel_booking,
    make_booking,
    restore_booking,
)
from simpul.service.registration.services import VisitWish
from simpul.service.registration.suggestion import NeedsReason

TODAY = date(2026, 2, 3)  # a Tuesday
NIK = "3509195203850001"


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel("2026-02-03T01:14:02+00:00", tick=True):
        forget_timetable()
        yield
        forget_timetable()


@pytest.fixture
def siti(registrar: Actor) -> uuid.UUID:
    typed = PatientInput(
        name="SITI CONTOH", birth_date="12031985", sex="female", village="Desa A", nik=NIK
    )
    return register_patient(by=registrar, typed=typed, confirm_new="uji").patient.id


def wish(**values: Any) -> BookingWish:
    return BookingWish(**{"service_date": TODAY, "unit": "umum", "name": "SITI CONTOH"} | values)


def visit_wish(patient: uuid.UUID, **values: Any) -> VisitWish:
    return VisitWish(patient_id=patient, complaint="batuk", **values)


@pytest.mark.django_db
class TestBooking:
    def test_a_booked_number_and_walk_ins_stand_in_one_queue(
        self, registrar: Actor, siti: uuid.UUID
    ):
        booked = make_booking(wish(patient_id=siti), by=registrar)
        other = register_patient(
            by=registrar,
            typed=PatientInput(
                name="BUDI LAIN", birth_date="01011990", sex="male", village="B", mother_name="X"
            ),
        ).patient
        walked_in = register_visit(visit_wish(other.id, unit="umum"), by=registrar)
        arrived = register_visit(visit_wish(siti, booking_id=booked.id), by=registrar)

        assert (booked.label, walked_in.ticket.label) == ("A01", "A02")
        assert arrived.ticket.label == "A01"
        row = Booking.objects.get()
        assert (row.state, row.encounter, row.patient_id) == (
            "arrived", arrived.encounter.id, siti,
        )  # fmt: skip

    def test_the_booked_unit_is_the_suggestion(self, registrar: Actor, siti: uuid.UUID):
        booked = make_booking(wish(patient_id=siti, unit="gigi"), by=registrar)
        arrived = register_visit(
            VisitWish(patient_id=siti, complaint="kontrol", booking_id=booked.id), by=registrar
        )
        assert (arrived.distribution.unit, arrived.ticket.label) == ("gigi", "C01")
        assert arrived.encounter.override_reason == ""

    def test_sent_elsewhere_the_number_stays(self, registrar: Actor, siti: uuid.UUID):
        booked = make_booking(wish(patient_id=siti), by=registrar)
        arrived = register_visit(
            visit_wish(siti, booking_id=booked.id, unit="gigi", override_reason="sakit gigi"),
            by=registrar,
        )
        moved = redirect_visit(arrived.encounter.id, unit="umum", reason="salah", by=registrar)
        assert (arrived.ticket.label, moved.ticket.label) == ("A01", "A01")

    def test_undone_at_the_counter_it_stands_again_with_a_new_number(
        self, registrar: Actor, siti: uuid.UUID
    ):
        booked = make_booking(wish(patient_id=siti), by=registrar)
        arrived = register_visit(visit_wish(siti, booking_id=booked.id), by=registrar)
        undo_visit(arrived.encounter.id, by=registrar)
        again = Booking.objects.get()
        assert (again.state, again.encounter, again.label) == ("booked", None, "A02")
        anew = register_visit(visit_wish(siti, booking_id=booked.id), by=registrar)
        assert anew.ticket.label == "A02"

    def test_one_visit_a_booking(self, registrar: Actor, siti: uuid.UUID):
        booked = make_booking(wish(patient_id=siti), by=registrar)
        register_visit(visit_wish(siti, booking_id=booked.id), by=registrar)
        with pytest.raises(Conflict) as refusal:
            register_visit(
                visit_wish(siti, booking_id=booked.id, unit="gigi", override_reason="x"),
                by=registrar,
            )
        assert refusal.value.code == "booking_ended"

    def test_somebody_elses_booking_is_not_used(self, registrar: Actor, siti: uuid.UUID):
        booked = make_booking(wish(patient_id=siti), by=registrar)
        other = register_patient(
            by=registrar,
            typed=PatientInput(
                name="BUDI LAIN", birth_date="01011990", sex="male", village="B", mother_name="X"
            ),
        ).patient
        with pytest.raises(Conflict) as refusal:
            register_visit(visit_wish(other.id, booking_id=booked.id), by=registrar)
        assert refusal.value.code == "booking_other_patient"
        assert Booking.objects.get().state == "booked"

    def test_a_booking_follows_its_person_through_a_merge(
        self, registrar: Actor, recorder: Actor, siti: uuid.UUID
    ):
        typed = PatientInput(
            name="SITI CONTOH", birth_date="12031985", sex="female", village="A", mother_name="IBU"
        )
        twin = register_patient(by=registrar, typed=typed, confirm_new="uji").patient.id
        booked = make_booking(wish(patient_id=twin), by=registrar)
        merge_records(siti, twin, by=recorder)
        person = get_patient(twin, by=registrar)

        line = booking_of(person, by=registrar)
        assert line is not None
        assert line.id == booked.id
        assert (list_bookings(TODAY, by=registrar)[0].mrn, person.id) == (person.mrn, siti)
        arrived = register_visit(visit_wish(siti, booking_id=booked.id), by=registrar)
        assert arrived.ticket.label == booked.label
        row = Booking.objects.get()
        assert (row.state, row.patient_id) == ("arrived", twin), "the link it was made with stays"

    def test_whose_booking_is_asked_of_the_database(
        self, registrar: Actor, siti: uuid.UUID, django_assert_num_queries: Any
    ):
        for n in range(8):
            make_booking(wish(name=f"ORANG {n}", nik=f"35091952038500{n + 10}"), by=registrar)
        make_booking(wish(patient_id=siti), by=registrar)
        person = get_patient(siti, by=registrar)
        with django_assert_num_queries(1):
            assert booking_of(person, by=registrar) is not None

    def test_not_before_its_day(self, registrar: Actor, siti: uuid.UUID):
        booked = make_booking(
            wish(patient_id=siti, service_date=TODAY + timedelta(days=1)), by=registrar
        )
        with pytest.raises(Conflict) as refusal:
            register_visit(visit_wish(siti, booking_id=booked.id), by=registrar)
        assert refusal.value.code == "booking_other_day"

    @pytest.mark.parametrize(
        "same", [{"patient_id": True}, {"nik": NIK}, {"bpjs_number": "0001234567890"}]
    )
    def test_twice_is_told(self, registrar: Actor, siti: uuid.UUID, same: dict[str, Any]):
        known = {name: siti if value is True else value for name, value in same.items()}
        first = make_booking(wish(**known), by=registrar)
        with pytest.raises(Conflict) as refusal:
            make_booking(wish(**known), by=registrar)
        assert refusal.value.extra["ticket"] == first.label
        make_booking(wish(**known, unit="gigi"), by=registrar)
        make_booking(wish(**known, service_date=TODAY + timedelta(days=1)), by=registrar)
        cancel_booking(first.id, reason="berhalangan", by=registrar)
        second = make_booking(wish(**known), by=registrar)
        assert second.label != first.label
        with pytest.raises(Conflict) as refusal:
            restore_booking(first.id, by=registrar)
        assert refusal.value.code == "already_booked"

    def test_taken_back_and_restored(self, registrar: Actor):
        row = make_booking(wish(), by=registrar)
        cancel_booking(row.id, reason="hujan", by=registrar)
        with pytest.raises(Conflict):
            cancel_booking(row.id, reason="hujan", by=registrar)
        assert restore_booking(row.id, by=registrar).state == "booked"
        assert restore_booking(row.id, by=registrar).state == "booked"
        assert list(
            JournalEntry.objects.filter(subject=f"booking:{row.id}")
            .order_by("id")
            .values_list("act", flat=True)
        ) == ["booked", "booking-cancelled", "booking-booked"]

    @pytest.mark.parametrize(
        ("values", "where"),
        [
            ({"name": "  "}, "name"),
            ({"name": "x" * 121}, "name"),
            ({"name": "A\x00B"}, "name"),
            ({"nik": "12"}, "nik"),
            ({"bpjs_number": "12"}, "bpjs_number"),
            ({"phone": "12"}, "phone"),
            ({"service_date": TODAY - timedelta(days=1)}, "service_date"),
            ({"service_date": TODAY + timedelta(days=31)}, "service_date"),
            ({"starts": time(9)}, "starts"),
            ({"starts": time(9), "ends": time(8)}, "starts"),
            ({"birth_date": TODAY + timedelta(days=1)}, "birth_date"),
            ({"source": "burung"}, "source"),
            ({"complaint": "x" * 301}, "complaint"),
        ],
    )
    def test_each_wrong_value_is_named(self, registrar: Actor, values: dict[str, Any], where: str):
        with pytest.raises(Refused) as refusal:
            make_booking(wish(**values), by=registrar)
        assert where in {one.where for one in refusal.value.errors}
        assert not Booking.objects.exists()

    def test_who_may(self, nurse: Actor, outsider: Actor, registrar: Actor, technician: Actor):
        row = make_booking(wish(), by=registrar)
        for actor in (nurse, outsider, technician):
            with pytest.raises((NotAllowed, NotHere)):
                make_booking(wish(name="LAIN"), by=actor)
            with pytest.raises((NotAllowed, NotHere)):
                cancel_booking(row.id, reason="x", by=actor)
        assert [line.name for line in list_bookings(TODAY, by=nurse)] == ["SITI CONTOH"]
        with pytest.raises(NotAllowed):
            list_bookings(TODAY, by=technician)

    @pytest.mark.parametrize(
        ("said", "linked"),
        [
            ({"name": "Siti Contoh", "nik": NIK}, True),
            ({"name": "", "nik": NIK}, False),
            ({"name": "BUDI LAIN", "nik": NIK}, False),
            ({"name": "SITI CONTOH"}, False),
        ],
    )
    def test_a_number_and_a_name_that_agree_say_who(
        self, registrar: Actor, siti: uuid.UUID, said: dict[str, Any], linked: bool
    ):
        if not said["name"]:
            with pytest.raises(Refused):
                make_booking(wish(**said), by=registrar)
            return
        assert (make_booking(wish(**said), by=registrar).patient_id == siti) is linked

    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ({"name": "siti  contoh"}, True),
            ({"name": "Ny. Siti Contoh"}, True),
            ({"name": "SITI CONTOH", "birth_date": date(1985, 3, 12)}, True),
            ({"name": "SITI CONTOH", "birth_date": date(1986, 3, 12)}, False),
            ({"name": "ORANG LAIN", "nik": NIK}, True),
            ({"name": "SITI CONTOH", "nik": "3509195203850002"}, False),
            ({"name": "SITI CONTAH"}, False),
        ],
    )
    def test_whose_booking_it_is(
        self, registrar: Actor, siti: uuid.UUID, said: dict[str, Any], found: bool
    ):
        make_booking(wish(**said), by=registrar)
        line = booking_of(get_patient(siti, by=registrar), by=registrar)
        assert (line is not None) is found


@pytest.mark.django_db
class TestOpening:
    def week(self, head: Actor, **values: Any) -> None:
        hours = Hours(TODAY.weekday(), time(7, 30), time(11), **values)
        change_week("umum", {TODAY.weekday(): hours}, by=head)

    def test_outside_the_hours_the_counter_asks(
        self, head: Actor, registrar: Actor, siti: uuid.UUID
    ):
        self.week(head)
        register_visit(visit_wish(siti, unit="gigi", override_reason="x"), by=registrar)
        with time_machine.travel("2026-02-03T04:00:00+00:00"):
            with pytest.raises(NeedsReason) as question:
                register_visit(visit_wish(siti, unit="umum"), by=registrar)
            assert "sudah tutup sejak pukul 11.00" in question.value.message
            kept = register_visit(
                visit_wish(siti, unit="umum", override_reason="arahan dokter"), by=registrar
            )
        assert kept.encounter.override_reason == "arahan dokter"

    def test_a_full_day_asks_and_a_booking_keeps_its_place(
        self, head: Actor, registrar: Actor, siti: uuid.UUID
    ):
        self.week(head, quota=1)
        booked = make_booking(wish(patient_id=siti), by=registrar)
        other = register_patient(
            by=registrar,
            typed=PatientInput(
                name="BUDI LAIN", birth_date="01011990", sex="male", village="B", mother_name="X"
            ),
        ).patient
        with pytest.raises(NeedsReason) as question:
            register_visit(visit_wish(other.id), by=registrar)
        assert "penuh: 1 dari 1" in question.value.message
        with pytest.raises(Refused) as refusal:
            make_booking(wish(name="KETIGA"), by=registrar)
        assert refusal.value.code == "quota_full"
        register_visit(visit_wish(siti, booking_id=booked.id), by=registrar)
        day = next(one for one in list_open_days(TODAY, by=registrar) if one.unit == "umum")
        assert (day.taken, day.left, day.booked) == (1, 0, 1)

    def test_fewer_may_be_booked_than_served(self, head: Actor, registrar: Actor, siti: uuid.UUID):
        self.week(head, quota=5, booked_quota=1)
        make_booking(wish(name="SATU"), by=registrar)
        with pytest.raises(Refused) as refusal:
            make_booking(wish(name="DUA"), by=registrar)
        assert "Kuota janji" in refusal.value.message
        register_visit(visit_wish(siti), by=registrar)

    def test_a_closed_day_names_the_next_one(self, head: Actor, registrar: Actor):
        tomorrow = TODAY + timedelta(days=1)
        closed = close_day(tomorrow, unit="", reason="Libur", by=head)
        with pytest.raises(Refused) as refusal:
            make_booking(wish(service_date=tomorrow), by=registrar)
        assert "Kamis, 5 Feb 2026" in refusal.value.message
        assert close_day(tomorrow, unit="", reason="Libur", by=head).id == closed.id
        lift_closed_day(closed.id, by=head)
        lift_closed_day(closed.id, by=head)
        make_booking(wish(service_date=tomorrow), by=registrar)

    def test_emergencies_never_close(self, head: Actor, registrar: Actor, siti: uuid.UUID):
        close_day(TODAY, unit="", reason="Libur", by=head)
        register_visit(visit_wish(siti, unit="ugd", override_reason="gawat"), by=registrar)

    def test_only_the_head_changes_hours(self, registrar: Actor):
        with pytest.raises(NotAllowed):
            self.week(registrar)

    def test_nothing_changed_writes_nothing(self, head: Actor):
        self.week(head, quota=3)
        before = JournalEntry.objects.count()
        self.week(head, quota=3)
        assert JournalEntry.objects.count() == before
        change_week("umum", {TODAY.weekday(): None}, by=head)
        assert JournalEntry.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_booked_once(head: Actor, registrar: Actor):
    """Two desks book the last place of a day in the same second."""
    hours = Hours(TODAY.weekday(), time(7), time(20), booked_quota=1)
    change_week("umum", {TODAY.weekday(): hours}, by=head)
    get_here()
    ready, outcomes = threading.Barrier(2), []

    def book(name: str) -> None:
        ready.wait()
        try:
            outcomes.append(make_booking(wish(name=name), by=registrar).label)
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    desks = [threading.Thread(target=book, args=(name,)) for name in ("SATU", "DUA")]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert sorted(outcomes) == ["A01", "quota_full"]
    assert count_day(TODAY, by=registrar).booked == 1


@pytest.mark.django_db(transaction=True)
def test_two_counters_let_one_booking_arrive_once(registrar: Actor):
    """Both press *Hadir* in the same second: one visit, and one clear refusal."""
    typed = PatientInput(
        name="SITI CONTOH", birth_date="12031985", sex="female", village="A", mother_name="IBU"
    )
    siti = register_patient(by=registrar, typed=typed).patient.id
    booked = make_booking(wish(patient_id=siti), by=registrar)
    ready, outcomes = threading.Barrier(2), []

    def arrive() -> None:
        ready.wait()
        try:
            visit = register_visit(visit_wish(siti, booking_id=booked.id), by=registrar)
            outcomes.append(visit.ticket.label)
        except Conflict as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    desks = [threading.Thread(target=arrive) for _n in range(2)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert sorted(outcomes)[0] == "A01"
    assert sorted(outcomes)[1] in ("already_waiting", "booking_ended")
