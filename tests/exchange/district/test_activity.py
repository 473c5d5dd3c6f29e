"""Visits and diseases across the district: counts with the coverage they stand on, and no names."""

import io
from datetime import timedelta

import pytest
from python_calamine import load_workbook

from simpul.exchange.district.activity import Wish, read_activity
from simpul.exchange.hub.models import HubNode
from simpul.foundation.facilities.selectors import get_here
from tests.exchange.district.district_rows import a_patient, a_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(puskesmas):
    """Two houses whose data reach today, and one that is silent since five days."""
    one, other = puskesmas("Ambulu"), puskesmas("Kencong")
    silent = puskesmas("Puger", ago=timedelta(days=5))
    today = get_here().today()
    ann, ben = a_patient(one, "ANA RAHASIA"), a_patient(other, "BENI RAHASIA", sex="male")
    a_visit(one, ann, codes=("J06.9", "I10"))
    a_visit(one, ann, codes=("J06.9",), unit="lansia")
    a_visit(other, ben, codes=("J06.9", "J06.9"))
    a_visit(other, ben)
    a_visit(other, ben, status="cancelled", codes=("J06.9",))
    a_visit(one, ann, day=today - timedelta(days=1), codes=("I10",))
    a_visit(one, ann, codes=("I10",), is_error=True)
    a_visit(one, ann, codes=("I10",), is_current=False)
    a_visit(silent, a_patient(silent, "CICI RAHASIA"), codes=("A09",))
    return {"one": one, "other": other, "silent": silent}


def wish(**more):
    today = get_here().today()
    return Wish(**{"begins": today, "ends": today, **more})


def test_only_houses_whose_data_reach_the_day_are_counted(district, officer):
    found = read_activity(wish(), by=officer)

    assert (len(found.coverage.covered), found.coverage.total) == (2, 3)
    assert [row.name for row in found.coverage.missing] == ["Puger"]
    assert {row.name: row.visits for row in found.places} == {
        "Ambulu": 4,
        "Kencong": 2,
        "Puger": None,
    }
    assert found.visits == 6


def test_a_period_that_a_silent_house_reached_counts_it(district, officer):
    day = get_here().today() - timedelta(days=9)
    a_visit(district["silent"], a_patient(district["silent"], "DEWI RAHASIA"), day=day)

    found = read_activity(wish(begins=day, ends=day), by=officer)

    assert found.coverage.missing == ()
    assert {row.name: row.visits for row in found.places}["Puger"] == 1


def test_a_disease_counts_once_a_visit_and_only_what_stands(district, officer):
    found = read_activity(wish(), by=officer)

    by_code = {row.code: row for row in found.diseases}
    assert (by_code["J06.9"].visits, by_code["J06.9"].places) == (3, 2)
    assert by_code["I10"].visits == 1
    assert "A09" not in by_code
    assert found.diagnosed == 3
    assert found.without_diagnosis == 3


def test_new_cases_are_told_apart(district, officer):
    by_code = {row.code: row for row in read_activity(wish(), by=officer).diseases}

    assert by_code["J06.9"].new_cases == 3
    assert by_code["I10"].new_cases == 0


def test_one_unit_and_one_house(district, officer):
    lansia = read_activity(wish(unit="lansia"), by=officer)
    kencong = read_activity(wish(facility=district["other"].id), by=officer)

    assert lansia.visits == 1
    assert (kencong.visits, kencong.coverage.total) == (2, 1)


def test_a_day_without_visits_is_nought_where_it_was_seen(district, officer):
    today = get_here().today()
    found = read_activity(wish(begins=today - timedelta(days=2)), by=officer)

    assert [day.visits for day in found.days] == [0, 1, 6]


def test_without_any_house_nothing_is_counted_as_nought(puskesmas, officer, browse_hub):
    puskesmas("Puger", ago=timedelta(days=5))

    found = read_activity(wish(), by=officer)
    page = browse_hub(officer).get("/dinas/kunjungan").content.decode()

    assert [day.visits for day in found.days] == [None]
    assert "kunjungan-dinas-kosong" in page


def test_the_page_says_what_it_stands_on_and_names_nobody(
    district, officer, browse_hub, django_assert_max_num_queries
):
    client = browse_hub(officer)
    client.get("/dinas/kunjungan")
    with django_assert_max_num_queries(20):
        page = client.get("/dinas/kunjungan?periode=minggu").content.decode()

    assert "2 dari 3 Puskesmas" in page
    assert "data s.d." in page
    assert "Puger" in page
    assert "RAHASIA" not in page


def test_the_file_says_what_it_stands_on(district, officer, browse_hub):
    answer = browse_hub(officer).get("/dinas/kunjungan/unduh?isi=puskesmas")

    rows = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["Puskesmas", "Kunjungan", "Data sampai"]
    assert [row[:2] for row in rows[1:4]] == [["Ambulu", 4], ["Kencong", 2], ["Puger", ""]]
    assert rows[-1][0].startswith("2 dari 3 Puskesmas, data s.d.")
    assert rows[-1][0].endswith("Tidak terhitung: Puger.")


@pytest.mark.parametrize(
    "query", ["periode=pilih&dari=31/02/2026", "puskesmas=x", "periode=ngawur"]
)
def test_odd_questions_get_an_answer(district, officer, browse_hub, query):
    assert browse_hub(officer).get(f"/dinas/kunjungan?{query}").status_code == 200


def test_a_revoked_house_still_counts_for_what_it_sent(district, officer):
    HubNode.objects.filter(node=district["other"].id).update(state=HubNode.State.REVOKED)

    assert read_activity(wish(), by=officer).visits == 6
