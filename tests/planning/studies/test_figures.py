"""Figures as people write them, and the sheet as it is sent and read back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.planning.studies.figures import as_typed, read_figure, shown, shown_trimmed, stored
from simpul.planning.studies.sheet import posted_sheet, sheet_of, with_room
from simpul.planning.studies.sheet_reading import read_sheet


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7,35", "7.35"),
        ("7.35", "7.35"),
        ("89.24", "89.24"),
        ("0.039", "0.039"),
        ("1.674", "1674"),
        ("100.080", "100080"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        (" 12 000 ", "12000"),
        (",5", "0.5"),
    ],
)
def test_a_figure_is_read_as_it_is_meant(text: str, value: str):
    assert read_figure(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "tujuh", "-1", "1e400", "NaN", "1.23.456", "12,3,4", "٣", "9" * 40, "1.2345,6,7"]
)
def test_what_is_no_figure_is_not_guessed(text: str):
    assert read_figure(text) is None


@given(st.decimals(min_value=0, max_value=10**7, places=3))
def test_a_stored_figure_comes_back_as_it_was_typed(value: Decimal):
    assert read_figure(as_typed(stored(value))) == value


def test_half_goes_up_as_in_the_sources():
    assert shown("7.345", 2) == "7,35"
    assert shown_trimmed("7.3500") == "7,35"
    assert shown(None) == "–"


def test_rows_keep_the_order_of_the_screen_and_their_keys(filled):
    fields = filled()
    first = {k: v for k, v in fields.items() if k.startswith("k1-a3-")}
    rest = {k: v for k, v in fields.items() if not k.startswith("k1-a3-")}

    sheet = posted_sheet({**first, **rest})

    assert [row.key for row in sheet.categories[0].activities] == ["k1-a3", "k1-a1", "k1-a2"]


def test_a_row_nobody_typed_into_is_no_row_and_a_left_out_one_neither(filled):
    fields = filled(**{"k1-a2-remove": "1", "k1-a9-time_unit": "min", "k1-a9-per": "year"})

    names = [
        a["name"] for a in read_sheet(posted_sheet(fields)).input["categories"][0]["activities"]
    ]

    assert names == ["Pendaftaran pasien baru", "Filing rawat jalan"]


def test_what_was_read_gives_the_same_sheet_again(filled):
    fields = filled(
        **{
            "k1-a1-target": "600",
            "k1-a1-time_low": "400,5",
            "k1-a2-volume_high": "16.000",
            "k1-a3-last_year": "17.000",
            "k1-a3-steps": "Mengambil 83,54; Mengantar ke unit 29,62",
            "k1-i1-name": "Kepala ruang",
            "k1-i1-staff": "1",
            "k1-i1-amount": "2",
            "k1-i1-unit": "hours",
            "k1-i1-per": "week",
            "k1-minimum_cover": "4",
            "k1-shift_hours": "7; 7; 10",
        }
    )
    read = read_sheet(posted_sheet(fields))
    again = read_sheet(with_room(sheet_of(read.input, read.extras)))

    assert read.problems == []
    assert again.input == read.input
    assert again.extras == read.extras


def test_steps_make_the_time_when_it_is_left_open(filled):
    fields = filled(**{"k1-a1-time": "", "k1-a1-steps": "Mencari 67,28; Mengantar 89,35"})

    time = read_sheet(posted_sheet(fields)).input["categories"][0]["activities"][0]["unit_time"]

    assert time == {"value": "156.63", "unit": "s"}


def test_all_problems_are_told_at_once_each_with_its_field(filled):
    fields = filled(
        **{
            "k1-a1-time": "tujuh",
            "k1-a2-volume": "",
            "k1-hours_per_day": "",
            "k1-l1-amount": "dua jam",
            "k1-a3-time_low": "900",
        }
    )

    found = {(p.where, p.code) for p in read_sheet(posted_sheet(fields)).problems}

    assert found == {
        ("k1-a1-time", "figure_unreadable"),
        ("k1-a2-volume", "figure_missing"),
        ("k1-hours_per_day", "figure_missing"),
        ("k1-l1-amount", "figure_unreadable"),
        ("k1-a3-time_low", "range_low"),
    }


def test_abk_kes_brings_its_own_working_time(filled):
    empty = {
        f"k1-{name}": ""
        for name in (
            "working_days",
            "annual_leave",
            "training",
            "public_holidays",
            "absence",
            "hours_per_day",
        )
    }

    read = read_sheet(posted_sheet(filled(variant="abk_kes", **empty)))

    assert read.problems == []
    assert "working_time" not in read.input["categories"][0]
