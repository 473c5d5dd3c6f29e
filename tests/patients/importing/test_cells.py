"""What a spreadsheet does to single values, and what is made of it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.service.patients.importing.cells import (
    lost_last_digits,
    packed,
    read_number,
    read_record_number,
    read_rt_rw,
    read_sex,
    record_width,
    split_address,
    text_of,
    title_in_front,
    unpacked,
)

NIK = "3509015203850003"


@pytest.mark.parametrize("cell", ["3.50901E+15", "3,50901E+15", "3.50901e15", "3.5E+15"])
def test_a_nik_in_scientific_notation_has_lost_its_digits(cell: str) -> None:
    assert read_number(cell, digits=16).lost == "scientific"


def test_all_sixteen_digits_in_scientific_notation_are_still_there() -> None:
    assert read_number("3.509015203850003E+15", digits=16).value == NIK


@pytest.mark.parametrize(
    "cell", [NIK, f"'{NIK}", f"{NIK}.0", f"{NIK},00", float(NIK), int(NIK), "3509 0152 0385 0003",
             "35.09.01.520385.0003", f'="{NIK}"', f" {NIK}\u00a0"],
)  # fmt: skip
def test_a_whole_nik_is_read_however_it_is_written(cell: object) -> None:
    found = read_number(cell, digits=16)

    assert (found.value, found.lost) == (NIK, "")


def test_a_nik_typed_as_a_number_loses_its_sixteenth_digit() -> None:
    """A spreadsheet keeps fifteen: 3509015203850123 becomes 3509015203850120."""
    assert read_number(3509015203850120.0, digits=16).lost == "last_digit"
    assert read_number("3509015203850120", digits=16).lost == ""
    assert read_number("3509015203850120", digits=16, last_lost=True).lost == "last_digit"


def test_a_column_whose_niks_all_end_in_nought_went_through_a_spreadsheet() -> None:
    assert lost_last_digits([f"35090152038501{n}0" for n in range(1, 9)])
    assert not lost_last_digits([f"350901520385010{n}" for n in range(1, 9)])
    assert not lost_last_digits(["3509015203850120"] * 4), "four may be chance"


@given(st.integers(min_value=10**9, max_value=10**13 - 1))
def test_a_card_number_gets_its_zeros_back_or_stays_as_it_is(number: int) -> None:
    found = read_number(number, digits=13)

    assert int(found.value) == number
    assert len(found.value) == 13


def test_a_card_number_of_the_wrong_length_is_not_filled_up() -> None:
    assert read_number(123456, digits=13).value == "123456"


def test_record_numbers_are_as_wide_as_the_ones_that_kept_their_zeros() -> None:
    assert record_width(["000101", "102", "10345"]) == 6
    assert record_width(["101", "10345", "99999"]) == 5
    assert record_width(["12", "7"]) == 0
    assert record_width(["A-12", "B-7"]) == 0
    assert read_record_number(102, width=6).value == "000102"
    assert read_record_number("a-12", width=6).value == "A-12"


@pytest.mark.parametrize(
    ("cell", "sex"),
    [("L", "male"), ("p", "female"), ("Laki-laki", "male"), ("LAKI LAKI", "male"),
     ("Pr.", "female"), ("Perempuan", "female"),
     ("Wanita", "female"), ("Pria", "male"), (1, "male"),
     (2.0, "female"), ("male", "male"), ("", ""), (None, ""), ("x", None)],
)  # fmt: skip
def test_words_for_the_sexes(cell: object, sex: str | None) -> None:
    assert read_sex(cell) == sex


def test_p_is_a_man_where_women_are_w() -> None:
    assert read_sex("P", p_is_male=True) == "male"
    assert read_sex("W", p_is_male=True) == "female"


@pytest.mark.parametrize(
    "cell", ["003/005", "3/5", "RT 03 RW 05", "RT.03/RW.05", "RT3 / RW5", "3-5"]
)
def test_rt_and_rw_in_one_cell(cell: str) -> None:
    found = read_rt_rw(cell)

    assert found is not None
    assert [int(part) for part in found] == [3, 5]


def test_an_rt_rw_that_became_a_date_is_not_guessed() -> None:
    assert read_rt_rw(datetime(2026, 5, 3, tzinfo=UTC)) is None
    assert read_rt_rw("Mei-03") is None


def test_rt_and_rw_are_taken_out_of_an_address() -> None:
    assert split_address("Dusun Krajan RT 02 RW 05, Sabrang") == (
        "Dusun Krajan, Sabrang",
        "02",
        "05",
    )
    assert split_address("Jl. Mawar No. 5") == ("Jl. Mawar No. 5", "", "")


@pytest.mark.parametrize(
    ("given_name", "name"),
    [("SITI AMINAH, NY", "NY. SITI AMINAH"), ("Budi, Tn.", "Tn. Budi"), ("Siti", "Siti"),
     ("Rahma, By Ny", "By. Ny. Rahma"), ("Ahmad, S.Pd", "Ahmad, S.Pd")],
)  # fmt: skip
def test_a_title_behind_the_name_comes_to_its_front(given_name: str, name: str) -> None:
    assert title_in_front(given_name) == name


@pytest.mark.parametrize("cell", [None, "", "-", "0", "n/a", "#N/A", "nan", " ", "NULL"])
def test_nothing_is_nothing(cell: object) -> None:
    assert text_of(cell) == ""


@given(
    st.one_of(
        st.none(), st.text(), st.integers(), st.floats(allow_nan=False), st.booleans(), st.dates(),
        st.times(),
    )
)  # fmt: skip
def test_a_kept_cell_comes_back_as_what_it_was(cell: object) -> None:
    import json

    again = unpacked(json.loads(json.dumps(packed(cell))))

    assert text_of(again) == text_of(cell)
    assert isinstance(again, date) == isinstance(cell, date)
