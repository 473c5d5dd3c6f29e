"""The end of the day: who waits has left, who never came is noted, and all of it comes back."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.core import serializers

from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere, Refused
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.closing.models import DayClose
from simpul.service.distribution.closing.selectors import get_day_end
from simpul.service.distribution.closing.services import close_day, reopen_day
from simpul.service.distribution.models import Distribution
from simpul.service.distribution.queueing import call_ticket, finish_ticket, start_ticket
from simpul.service.distribution.services import register_visit
from simpul.service.patients.merging.decisions import merge_records
from simpul.service.patients.models import Patient
from simpul.service.registration.booking.inputs import BookingWish
from simpul.service.registration.booking.models import Booking
from simpul.service.registration.booking.services import make_booking
from simpul.service.registration.models import Encounter
from simpul.service.registration.services import VisitWish

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 3)
WRITTEN = ("version", "change")


def state() -> list[dict[str, Any]]:
    """Everything a closing touches, without what only says that it was written."""
    rows = [*Distribution.objects.order_by("id"), *Encounter.objects.order_by("id"),
            *Booking.objects.order_by("id")]  # fmt: skip
    found = serializers.serialize("python", rows)
    return [
        {name: value for name, value in row["fields"].items()
         if name not in (*WRITTEN, "state_at")} | {"id": row["pk"]}
        for row in found
    ]  # fmt: skip


def test_a_day_ends_and_comes_back_exactly(
    registrar: Actor, nurse: Actor, physician: Actor, new_visit: Any
):
    done, served, called, waiting = (new_visit() for _n in range(4))
    for visit in (done, served):
        start_ticket(visit.ticket.id, by=physician)
    finish_ticket(done.ticket.id, by=physician)
    call_ticket(called.ticket.id, by=nurse)
    make_booking(BookingWish(service_date=TODAY, unit="gigi", name="JANJI LAMA"), by=registrar)
    before = state()

    end = get_day_end(TODAY, by=registrar)
    assert (end.finished, len(end.served), len(end.waiting), len(end.not_come)) == (1, 1, 2, 1)
    closing = close_day(TODAY, by=registrar)

    end = get_day_end(TODAY, by=registrar)
    assert (len(end.served), len(end.waiting), len(end.left), len(end.not_come)) == (1, 0, 2, 0)
    assert {visit.encounter.id for visit in (called, waiting)} == set(
        Encounter.objects.filter(
            status="cancelled", cancel_reason="Pulang sebelum dilayani"
        ).values_list("id", flat=True)
    )
    assert Booking.objects.get().state == "missed"

    back = reopen_day(closing.id, by=registrar)
    assert (back.people, back.bookings, back.kept) == (2, 1, 0)
    assert state() == before
    with pytest.raises(Conflict) as refusal:
        reopen_day(closing.id, by=registrar)
    assert refusal.value.code == "already_reopened"


def test_who_is_still_here_stays(registrar: Actor, new_visit: Any):
    here, gone = new_visit(), new_visit()
    close_day(TODAY, by=registrar, stay=[here.distribution.id])
    assert Distribution.objects.get(id=here.distribution.id).stage == "saved"
    assert Distribution.objects.get(id=gone.distribution.id).stage == "no-show"


def test_registered_anew_after_the_closing_they_keep_the_new_place(
    registrar: Actor, new_visit: Any
):
    visit = new_visit()
    closing = close_day(TODAY, by=registrar)
    again = register_visit(
        VisitWish(patient_id=visit.encounter.patient_id, unit=visit.distribution.unit,
                  complaint="batuk", override_reason="kembali"),
        by=registrar,
    )  # fmt: skip
    back = reopen_day(closing.id, by=registrar)
    assert (back.people, back.kept) == (0, 1)
    assert Distribution.objects.get(id=visit.distribution.id).stage == "no-show"
    assert Distribution.objects.get(id=again.distribution.id).stage == "saved"
    assert Encounter.objects.get(id=visit.encounter.id).status == "cancelled"


def test_a_merged_record_is_shown_as_its_person(
    registrar: Actor, recorder: Actor, new_patient: Any, new_visit: Any
):
    visit = new_visit()
    survivor = new_patient()
    merge_records(survivor, visit.encounter.patient_id, by=recorder)
    (waiting,) = get_day_end(TODAY, by=registrar).waiting
    assert waiting.mrn == Patient.objects.get(id=survivor).mrn


def test_nothing_to_close_is_said(registrar: Actor):
    with pytest.raises(Conflict) as refusal:
        close_day(TODAY, by=registrar)
    assert refusal.value.code == "nothing_to_close"
    assert not DayClose.objects.exists()
    assert get_day_end(TODAY, by=registrar).is_clear


def test_a_day_to_come_is_not_closed(registrar: Actor):
    with pytest.raises(Refused) as refusal:
        close_day(date(2026, 2, 4), by=registrar)
    assert refusal.value.code == "day_to_come"


def test_who_may(registrar: Actor, nurse: Actor, outsider: Actor, new_visit: Any):
    new_visit()
    for actor in (nurse, outsider):
        with pytest.raises(NotAllowed):
            close_day(TODAY, by=actor)
    closing = close_day(TODAY, by=registrar)
    for actor in (nurse, outsider):
        with pytest.raises(NotAllowed):
            reopen_day(closing.id, by=actor)
    with pytest.raises(NotHere):
        reopen_day(uuid.uuid4(), by=registrar)


def test_the_page_closes_and_takes_back(registrar: Actor, browse: Any, new_visit: Any):
    visit = new_visit()
    page = browse(registrar)
    shown = page.get("/tutup-hari").content.decode()
    assert visit.ticket.label in shown
    assert "Masih menunggu" in shown
    closed = page.post("/tutup-hari", {"hari": "2026-02-03"}, follow=True).content.decode()
    assert "1 orang pulang" in closed
    assert "Pulang sebelum dilayani" in closed
    closing = DayClose.objects.get()
    back = page.post(f"/tutup-hari/{closing.id}/buka", {"hari": "2026-02-03"}, follow=True)
    assert "1 orang kembali ke antrean" in back.content.decode()


@pytest.mark.parametrize("sent", [{"hari": "kemarin"}, {"hari": "2026-02-03", "tetap": "x"}])
def test_what_cannot_be_read_closes_nothing(
    registrar: Actor, browse: Any, new_visit: Any, sent: dict[str, str]
):
    new_visit()
    assert browse(registrar).post("/tutup-hari", sent).status_code == 422
    assert not DayClose.objects.exists()


def test_as_many_statements_for_many_people(
    registrar: Actor, browse: Any, new_visit: Any, django_assert_max_num_queries: Any
):
    for _n in range(12):
        new_visit()
    page = browse(registrar)
    page.get("/tutup-hari")
    with django_assert_max_num_queries(12):
        page.get("/tutup-hari")
