"""Birth dates as typed, ages as read."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain import dates
from simpul.domain.errors import DomainError

TODAY = date(2025, 2, 3)
BIRTH_DATES = st.dates(date(1900, 1, 1), TODAY)


@pytest.mark.parametrize(
    "typed",
    ["12031985", "12/3/85", "12-03-1985", "12.3.1985", "12 mar 1985", "12 Maret 1985", "12mar85",
     "1985-03-12", "1985/3/12", "19850312", "120385", " 12  3  1985 ", "12-MRT-1985"],
)  # fmt: skip
def test_ways_of_writing_one_date(typed):
    read = dates.read_birth_date(typed, TODAY)
    assert read.value == date(1985, 3, 12)
    assert not read.estimated
    assert not read.needs_century
    assert read.echo == "Selasa, 12 Maret 1985"


@given(BIRTH_DATES, st.sampled_from(["{0:%d%m%Y}", "{0:%d/%m/%Y}", "{0:%Y-%m-%d}", "{0:%Y%m%d}"]))
def test_four_digit_years_are_read_back_exactly(born, pattern):
    assert dates.read_birth_date(pattern.format(born), TODAY).value == born


@given(BIRTH_DATES)
def test_what_is_shown_can_be_typed_again(born):
    assert dates.read_birth_date(dates.format_date(born), TODAY).value == born
    assert dates.read_birth_date(dates.long_date(born).split(", ")[1], TODAY).value == born


@given(BIRTH_DATES)
def test_two_digits_of_a_year_never_lose_the_true_date(born):
    read = dates.read_birth_date(f"{born:%d%m%y}", TODAY)
    assert born in (*read.options, read.value)
    assert read.needs_century == (read.value is None)


def test_an_open_century_is_asked_not_guessed():
    read = dates.read_birth_date("12/3/20", TODAY)
    assert read.value is None
    assert read.needs_century
    assert read.options == (date(2020, 3, 12), date(1920, 3, 12))
    assert read.echo == "12 Maret 2020 atau 1920?"


@pytest.mark.parametrize(
    ("typed", "born", "echo"),
    [
        ("35th", date(1990, 2, 3), "± 35 th, lahir sekitar Februari 1990"),
        ("35 tahun", date(1990, 2, 3), "± 35 th, lahir sekitar Februari 1990"),
        ("8bl", date(2024, 6, 3), "± 8 bl, lahir sekitar Juni 2024"),
        ("10hr", date(2025, 1, 24), "± 10 hr, lahir sekitar Januari 2025"),
        ("1 th 6 bln", date(2023, 8, 3), "± 1 th, lahir sekitar Agustus 2023"),
        ("2 minggu", date(2025, 1, 20), "± 14 hr, lahir sekitar Januari 2025"),
        ("umur 60 thn", date(1965, 2, 3), "± 60 th, lahir sekitar Februari 1965"),
    ],
)
def test_an_age_gives_an_estimated_date(typed, born, echo):
    assert dates.read_birth_date(typed, TODAY) == dates.ReadDate(born, True, False, echo)


def test_a_year_alone_is_taken_at_its_middle():
    read = dates.read_birth_date("1985", TODAY)
    assert (read.value, read.estimated) == (date(1985, 7, 1), True)
    assert dates.read_birth_date("2025", TODAY).value == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31/2/1985", "birth_date_impossible"),
        ("29/2/1985", "birth_date_impossible"),
        ("12/13/1985", "birth_date_impossible"),
        ("12/3/2026", "birth_date_future"),
        ("4/2/2025", "birth_date_future"),
        ("12/3/1890", "birth_date_too_old"),
        ("131th", "birth_date_too_old"),
        ("999th", "birth_date_too_old"),
        ("35", "birth_date_unreadable"),
        ("", "birth_date_unreadable"),
        ("kemarin", "birth_date_unreadable"),
        ("12 xyz 1985", "birth_date_unreadable"),
    ],
)
def test_what_cannot_be_a_birth_date_says_why(typed, code):
    with pytest.raises(DomainError) as refused:
        dates.read_birth_date(typed, TODAY)
    assert refused.value.code == code


@given(st.text(max_size=16))
def test_any_text_is_either_a_past_date_or_a_clear_refusal(text):
    try:
        read = dates.read_birth_date(text, TODAY)
    except DomainError as error:
        refusal = error
    else:
        refusal = None
    if refusal:
        assert refusal.message.endswith(".")
        return
    assert all(option <= TODAY for option in read.options)
    assert read.value is None or read.value <= TODAY


def test_format_and_age():
    assert dates.format_date(date(1985, 3, 12)) == "12 Mar 1985"
    assert dates.age_text(date(1985, 3, 12), TODAY) == "39 th"
    assert dates.age_text(date(1985, 3, 12), date(2025, 3, 12)) == "40 th"
    assert dates.age_text(date(2024, 6, 3), TODAY) == "8 bl"
    assert dates.age_text(date(2025, 1, 24), TODAY) == "10 hr"
    assert dates.age_text(TODAY, TODAY) == "0 hr"
    assert dates.age_text(date(1990, 2, 3), TODAY, True) == "± 35 th"


def test_leap_day_birthdays():
    born = date(2020, 2, 29)
    assert dates.age_on(born, date(2021, 2, 28)) == dates.Age(0, 11, 30)
    assert dates.age_on(born, date(2021, 3, 1)) == dates.Age(1, 0, 1)
    assert dates.age_on(born, date(2024, 2, 29)) == dates.Age(4, 0, 0)


@given(BIRTH_DATES, st.integers(0, 40000))
def test_age_never_goes_backwards_and_stays_in_bounds(born, days):
    on = born + timedelta(days=days)
    age, tomorrow = dates.age_on(born, on), dates.age_on(born, on + timedelta(days=1))
    assert 0 <= age.months < 12
    assert 0 <= age.days <= 30
    assert (age.years, age.months, age.days) < (tomorrow.years, tomorrow.months, tomorrow.days)


def test_nobody_is_born_tomorrow():
    with pytest.raises(DomainError, match="belum tiba"):
        dates.age_on(TODAY + timedelta(days=1), TODAY)
