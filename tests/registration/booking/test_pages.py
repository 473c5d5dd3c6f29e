"""The booking pages: the list of a day, a new booking, *Hadir*, and the open hours."""

import uuid
from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
import time_machine

from simpul.domain.opening import Hours
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.models import Ticket
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.services import register_patient
from simpul.service.registration.booking.forms import read_time
from simpul.service.registration.booking.inputs import BookingWish
from simpul.service.registration.booking.models import Booking, ClosedDay, OpeningHours
from simpul.service.registration.booking.opening import change_week, forget_timetable
from simpul.service.registration.booking.services import make_booking

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 3)
FORM = {
    "name": "SITI CONTOH",
    "phone": "081234567890",
    "service_date": "2026-02-03",
    "unit": "gigi",
    "starts": "8",
    "ends": "10.30",
    "complaint": "kontrol",
    "source": "phone",
}


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel("2026-02-03T01:14:02+00:00", tick=True):
        forget_timetable()
        yield
        forget_timetable()


@pytest.fixture
def siti(registrar: Actor) -> uuid.UUID:
    typed = PatientInput(
        name="SITI CONTOH", birth_date="12031985", sex="female", village="A", mother_name="IBU"
    )
    return register_patient(by=registrar, typed=typed, confirm_new="uji").patient.id


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("8", time(8)), ("08", time(8)), ("11", time(11)), ("0830", time(8, 30)),
        ("830", time(8, 30)), ("8.30", time(8, 30)), (" 8:05 ", time(8, 5)),
        ("23.59", time(23, 59)),
        ("24", None), ("8.60", None), ("8.5", None), ("", None), ("pagi", None), ("٨", None),
        ("-8", None), ("08300", None),
    ],
)  # fmt: skip
def test_a_time_of_day_as_people_write_it(typed: str, read: time | None):
    assert read_time(typed) == read


def test_an_empty_day_says_what_will_come(registrar: Actor, browse: Any):
    assert "Belum ada janji untuk hari ini" in text_of(browse(registrar).get("/janji"))
    assert "Tidak ada janji pada hari itu" in text_of(
        browse(registrar).get("/janji?hari=2026-02-09")
    )


def test_a_day_that_is_none_is_today(registrar: Actor, browse: Any):
    assert "Selasa, 3 Feb 2026" in text_of(browse(registrar).get("/janji?hari=x&poli=x"))


def test_made_by_telephone(registrar: Actor, browse: Any):
    page = browse(registrar)
    done = text_of(page.post("/janji/baru", FORM, follow=True))
    row = Booking.objects.get()
    assert (row.label, row.starts, row.ends, row.phone) == (
        "C01", time(8), time(10, 30), "+6281234567890",
    )  # fmt: skip
    assert f"Kode {row.code}" in done
    assert "08.00–10.30" in done


def test_sent_twice_it_is_made_once(registrar: Actor, browse: Any):
    page = browse(registrar)
    sent = {**FORM, "op": "0193b5a0-6d10-7a3f-8f0e-6b1c2d3e4f99"}
    for _time in range(2):
        page.post("/janji/baru", sent)
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Tulis namanya."),
        ({"unit": ""}, "Pilih poli dari daftar."),
        ({"service_date": ""}, "Pilih harinya."),
        ({"starts": "pagi"}, "Tulis jam seperti 08.30"),
        ({"birth_date": "kapan"}, "lahir"),
        ({"phone": "12"}, "Nomor telepon"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_kept(
    registrar: Actor, browse: Any, wrong: dict[str, str], said: str
):
    answer = browse(registrar).post("/janji/baru", FORM | wrong)
    shown = text_of(answer)
    assert answer.status_code == 422
    assert said in shown
    assert "kontrol" in shown
    assert not Booking.objects.exists()


def test_arrived_one_enter_registers(registrar: Actor, browse: Any, siti: uuid.UUID):
    booking = make_booking(
        BookingWish(TODAY, "gigi", patient_id=siti, complaint="kontrol"), by=registrar
    )
    page = browse(registrar)
    shown = text_of(page.post(f"/janji/{booking.id}/hadir", follow=True))
    # The calm line stands already, with the focus on the button that registers.
    assert "Tujuan sesuai saran:" in shown
    assert f'name="booking_id" value="{booking.id}" checked' in shown
    assert 'data-uji="loket-daftarkan" autofocus' in shown
    page.post(
        "/daftar",
        {
            "patient_id": str(siti),
            "complaint": "kontrol",
            "payer": "umum",
            "shown_unit": "gigi",
            "booking_id": str(booking.id),
        },
    )
    assert Ticket.objects.get().label == booking.label
    assert "1 hadir" in text_of(page.get("/janji"))


def test_found_by_search_the_booking_is_offered_too(registrar: Actor, browse: Any, siti: uuid.UUID):
    make_booking(BookingWish(TODAY, "gigi", name="siti contoh"), by=registrar)
    shown = text_of(browse(registrar).get(f"/loket/pasien/{siti}"))
    assert "Pakai janji <b>C01</b>" in shown
    assert "atas nama siti contoh" in shown


def test_an_unknown_person_is_looked_for_first(registrar: Actor, browse: Any):
    booking = make_booking(BookingWish(TODAY, "gigi", name="TAK DIKENAL"), by=registrar)
    answer = browse(registrar).post(f"/janji/{booking.id}/hadir", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/loket?")
    assert "belum terhubung ke rekam" in text_of(answer)


def test_taken_back_and_undone(registrar: Actor, browse: Any):
    booking = make_booking(BookingWish(TODAY, "gigi", name="SITI"), by=registrar)
    page = browse(registrar)
    assert page.post(f"/janji/{booking.id}/batal", {"reason": ""}).status_code == 422
    assert "1 batal" in text_of(
        page.post(f"/janji/{booking.id}/batal", {"reason": "hujan"}, follow=True)
    )
    assert "1 belum datang" in text_of(page.post(f"/janji/{booking.id}/kembalikan", follow=True))


def test_the_head_sets_hours(head: Actor, browse: Any):
    page = browse(head)
    sent = {"opens-1": "07.30", "closes-1": "11", "quota-1": "20", "booked_quota-1": "8"}
    shown = text_of(page.post("/pengaturan/jam/gigi", sent, follow=True))
    row = OpeningHours.objects.get()
    assert (row.weekday, row.opens, row.closes, row.quota, row.booked_quota) == (
        1, time(7, 30), time(11), 20, 8,
    )  # fmt: skip
    assert "07.30–11.00" in shown
    assert "07.30" in text_of(page.get("/pengaturan/jam?poli=gigi"))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"opens-0": "pagi", "closes-0": "11"}, "Tulis jam buka seperti 07.30."),
        ({"opens-0": "8"}, "Tulis jam tutup seperti 12.00."),
        ({"opens-0": "11", "closes-0": "8"}, "Jam tutup harus sesudah jam buka."),
        ({"opens-0": "8", "closes-0": "11", "quota-0": "-1"}, "Tulis angka 0 sampai"),
        ({"opens-0": "8", "closes-0": "11", "quota-0": "٣"}, "Tulis angka 0 sampai"),
        (
            {"opens-0": "8", "closes-0": "11", "quota-0": "3", "booked_quota-0": "4"},
            "Kuota janji tidak boleh lebih",
        ),
    ],
)
def test_hours_that_cannot_be_are_named_and_kept(
    head: Actor, browse: Any, sent: dict[str, str], said: str
):
    answer = browse(head).post("/pengaturan/jam/gigi", {**sent, "opens-3": "9", "closes-3": "10"})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'name="opens-3" value="9"' in text_of(answer)
    assert not OpeningHours.objects.exists()


def test_a_closed_day_is_noted_and_lifted(head: Actor, browse: Any):
    page = browse(head)
    sent = {"day": "2026-02-17", "unit": "", "reason": "Libur Imlek"}
    assert "Libur Imlek" in text_of(page.post("/pengaturan/jam/tutup", sent, follow=True))
    closed = ClosedDay.objects.get()
    lifted = text_of(page.post(f"/pengaturan/jam/tutup/{closed.id}/buka", follow=True))
    assert "buka seperti biasa" in lifted
    for wrong in ({"day": ""}, {"day": "2026-02-01"}, {"reason": " "}, {"unit": "tak-ada"}):
        assert page.post("/pengaturan/jam/tutup", sent | wrong).status_code in (404, 422)
    assert ClosedDay.objects.count() == 1


def test_as_many_statements_for_many_bookings(
    registrar: Actor, head: Actor, browse: Any, django_assert_max_num_queries: Any
):
    change_week("gigi", {1: Hours(1, time(7), time(12), quota=90)}, by=head)
    for n in range(12):
        make_booking(BookingWish(TODAY, "gigi", name=f"ORANG {n}"), by=registrar)
    page = browse(registrar)
    page.get("/janji")
    with django_assert_max_num_queries(12):
        page.get("/janji")
