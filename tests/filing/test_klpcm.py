"""KLPCM: the figures of a month against numbers counted by hand, and their file."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from simpul.foundation.core.errors import NotAllowed
from simpul.foundation.core.spreadsheets import as_text
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.service.completeness.models import Deficiency
from simpul.service.completeness.services import mend_paper, return_record, save_entries
from simpul.service.filing.figures import MonthFigures, month_figures
from simpul.service.filing.forms import last_day, read_month
from tests.conftest import make_actor
from tests.filing.visits import PARTS, close, entries, new_patient, visit

Browse = Callable[[Actor], Client]
MARCH = date(2026, 3, 1), date(2026, 3, 31)
#: 10 March, 09.00 WIB.
MORNING = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def march(registrar: Actor, physician: Actor, recorder: Actor) -> Actor:
    """Five records of March and one of April; returns a second clinician.

    | record | unit | by     | lacking at closing        | later                         |
    |--------|------|--------|---------------------------|-------------------------------|
    | 1      | umum | first  | –                         |                               |
    | 2      | umum | first  | vitals, diagnosis         | complete after 3 hours        |
    | 3      | umum | second | vitals, diagnosis, allergy| open                          |
    | 4      | gigi | second | diagnosis                 | complete after 30 hours       |
    | 5      | gigi | first  | –                         | paper lacking, there 5 h later|
    | April  | umum | first  | all of it                 |                               |
    """
    second = make_actor(Role.PHYSICIAN, name="dr. Kedua")
    names = ("SITI AMINAH", "BUDI SANTOSO", "WAHYU LESTARI", "MEGA PRATIWI", "JOKO HIDAYAT")
    lacking = (
        ("umum", physician, PARTS),
        ("umum", physician, ("soap", "allergy")),
        ("umum", second, ("soap",)),
        ("gigi", second, ("soap", "vitals", "allergy")),
        ("gigi", physician, PARTS),
    )
    made = []
    with time_machine.travel(MORNING, tick=False):
        for number, (name, (unit, doctor, parts)) in enumerate(zip(names, lacking, strict=True)):
            patient = new_patient(registrar, name, birth_date=f"1{number}04197{number}")
            made.append(visit(registrar, patient, unit))
            close(made[-1], doctor, parts=parts)
        return_record(made[4].encounter.id, by=recorder, paper_items=["Paraf"])
    with time_machine.travel(MORNING + timedelta(hours=3), tick=False):
        save_entries(
            made[1].encounter.id, entries(("vitals", "condition")), by=physician, unit="umum"
        )
    with time_machine.travel(MORNING + timedelta(hours=5), tick=False):
        mend_paper(Deficiency.objects.get(is_paper=True).id, by=physician)
    with time_machine.travel(MORNING + timedelta(hours=30), tick=False):
        save_entries(made[3].encounter.id, entries(("condition",)), by=second, unit="gigi")
    with time_machine.travel(datetime(2026, 4, 1, 2, 0, tzinfo=UTC), tick=False):
        april = new_patient(registrar, "TONO SAPUTRA", birth_date="01011990")
        close(visit(registrar, april), physician, parts=("soap",))
    return second


def figures(by: Actor) -> MonthFigures:
    """The figures of March."""
    return month_figures(*MARCH, by=by)


def test_the_whole_month_by_hand(march: Actor, recorder: Actor):
    counted = figures(recorder)

    assert (counted.whole.total, counted.whole.complete, counted.whole.still_open) == (5, 1, 1)
    assert counted.whole.share == pytest.approx(1 / 5)
    # Records 1, 2 and 5 were complete within 24 hours, record 4 after 30.
    assert (counted.in_time, counted.in_time_share) == (3, pytest.approx(3 / 5))
    # Once incomplete and complete now: after 3, 5 and 30 hours.
    assert counted.median_hours == pytest.approx(5.0)


def test_each_item_by_hand(march: Actor, recorder: Actor):
    counted = {item.label: (item.missing, item.share) for item in figures(recorder).items}

    assert counted["Tanda vital"] == (2, pytest.approx(0.4))
    assert counted["Diagnosis utama"] == (3, pytest.approx(0.6))
    assert counted["Alergi"] == (1, pytest.approx(0.2))
    assert counted["Paraf"] == (1, pytest.approx(0.2))
    assert counted["Anamnesis (S)"] == (0, 0)
    # Record 4 was written on 30 hours after the visit.
    assert counted["Ditandatangani dalam 24 jam"] == (1, pytest.approx(0.2))


def test_each_unit_and_person_by_hand(march: Actor, physician: Actor, recorder: Actor):
    counted = figures(recorder)

    assert [(g.name, g.total, g.complete, g.still_open) for g in counted.units] == [
        ("Poli Gigi", 2, 0, 0),
        ("Poli Umum", 3, 1, 1),
    ]
    assert [(g.name, g.total, g.complete, g.still_open) for g in counted.people] == [
        ("dr. Kedua", 2, 0, 1),
        (physician.name, 3, 1, 0),
    ]
    for groups in (counted.units, counted.people):
        assert sum(group.total for group in groups) == counted.whole.total


def test_an_item_mended_and_missed_again_is_one_record(
    march: Actor, physician: Actor, recorder: Actor
):
    with time_machine.travel(MORNING + timedelta(hours=40), tick=False):
        encounter = Deficiency.objects.get(is_paper=True).encounter_id
        return_record(encounter, by=recorder, paper_items=["Paraf"])

    counted = {item.label: item.missing for item in figures(recorder).items}

    assert Deficiency.objects.filter(is_paper=True).count() == 2
    assert counted["Paraf"] == 1


def test_the_page_shows_the_figures(browse: Browse, march: Actor, head: Actor):
    page = browse(head).get(f"{reverse('klpcm')}?bulan=2026-03")

    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))
    assert "KLPCM Maret 2026" in words
    assert "20,0 % lengkap saat ditutup (1)" in words
    assert "60,0 % lengkap dalam 24 jam (3)" in words
    assert "5,0 jam (median) sampai dilengkapi" in words
    assert "Laporan penting Diagnosis utama 3 60,0 %" in words
    assert "Dihitung dari 5 rekam kunjungan 1 Mar 2026 – 31 Mar 2026" in words
    assert "SITI AMINAH" not in words, "figures name no patient"


def test_the_file_opens_in_indonesian_excel(browse: Browse, march: Actor, recorder: Actor):
    answer = browse(recorder).get(f"{reverse('klpcm-csv')}?bulan=2026-03")

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert 'filename="klpcm-2026-03.csv"' in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert ["Laporan penting", "Diagnosis utama", "3", "60,0"] in rows
    assert ["Poli Umum", "3", "1", "33,3", "1"] in rows
    assert ["dr. Kedua", "2", "0", "0,0", "1"] in rows
    assert rows.count(["Semua", "5", "1", "20,0", "1"]) == 2


def test_an_empty_month_says_so(browse: Browse, house: object, recorder: Actor):
    client = browse(recorder)

    page = client.get(f"{reverse('klpcm')}?bulan=2020-01").content.decode()
    empty = client.get(f"{reverse('klpcm-csv')}?bulan=2020-01")

    assert "Belum ada kunjungan yang ditutup pada Januari 2020." in page
    assert 'data-uji="klpcm-csv"' not in page
    assert empty.status_code == 200


@pytest.mark.parametrize("typed", ["", "abc", "2026-13", "2026", "0-1", "99999-1", "2026-03-04"])
def test_a_month_that_cannot_be_read_is_the_present_one(
    browse: Browse, recorder: Actor, typed: str
):
    with time_machine.travel(MORNING, tick=False):
        page = browse(recorder).get(reverse("klpcm"), {"bulan": typed})

    assert page.status_code == 200
    assert "KLPCM Maret 2026" in page.content.decode()


@pytest.mark.parametrize("typed", ["9999-12", "1-01", "0001-01"])
def test_the_ends_of_the_calendar_are_months_too(browse: Browse, recorder: Actor, typed: str):
    assert browse(recorder).get(reverse("klpcm"), {"bulan": typed}).status_code == 200


@given(day=st.dates())
def test_a_month_is_read_back_from_its_own_name(day: date):
    month = read_month(f"{day:%Y-%m}") if day.year >= 1000 else day.replace(day=1)
    end = last_day(month)

    assert month <= day <= end
    assert end.month == month.month
    assert end == date.max or (end + timedelta(days=1)).day == 1


@pytest.mark.parametrize("text", ["=1+1", "+62", "-5", "@SUM(A1)", "\t=1"])
def test_a_name_like_a_formula_stays_a_name(text: str):
    assert as_text(text) == f"'{text}"
    assert as_text("dr. Hana") == "dr. Hana"


@pytest.mark.parametrize("who", ["registrar", "physician", "nurse", "technician"])
def test_the_figures_are_the_heads_and_the_record_rooms(
    browse: Browse, request: pytest.FixtureRequest, who: str
):
    actor = request.getfixturevalue(who)

    for name in ("klpcm", "klpcm-csv"):
        assert browse(actor).get(reverse(name)).status_code == 403
    with pytest.raises(NotAllowed):
        figures(actor)


def test_the_outsider_counts_nothing_here(march: Actor, outsider: Actor):
    counted = figures(outsider)

    assert counted.whole.total == 0
    assert all(item.missing == 0 for item in counted.items)


def test_the_figures_cost_the_same_for_a_long_month(
    browse: Browse, march: Actor, recorder: Actor, django_assert_max_num_queries: Any
):
    client = browse(recorder)

    with django_assert_max_num_queries(9):
        client.get(f"{reverse('klpcm')}?bulan=2026-03")
