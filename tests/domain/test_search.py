"""The one search box."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.search import read_query

TODAY = date(2025, 2, 3)
BORN = (date(1985, 3, 12),)


@pytest.mark.parametrize(
    ("typed", "kind", "number"),
    [
        ("3509195203850001", "nik", "3509195203850001"),
        ("3509 1952 0385 0001", "nik", "3509195203850001"),
        ("0001234567890", "bpjs", "0001234567890"),
        ("081234567890", "phone", "+6281234567890"),
        ("+62 812-3456-7890", "phone", "+6281234567890"),
        ("004512", "mrn", "004512"),
        ("4512", "mrn", "4512"),
        ("00-45-12", "mrn", "004512"),
        ("RM:004512", "mrn", "004512"),
        ("rm: 004512", "mrn", "004512"),
        ("AQ:A17", "ticket", "A17"),
        ("BK:004512", "file", "004512"),
        ("3509195203", "number", "3509195203"),
    ],
)
def test_numbers(typed, kind, number):
    query = read_query(typed, TODAY)
    assert (query.kind, query.number) == (kind, number)
    assert query.scanned == (":" in typed)


def test_thirteen_digits_from_08_are_two_things():
    query = read_query("0812345678901", TODAY)
    assert query.kind == "phone"
    assert [other.kind for other in query.also] == ["bpjs"]
    assert query.also[0].number == "0812345678901"


@pytest.mark.parametrize("typed", ["120385", "12031985"])
def test_bare_digits_may_be_a_record_number_or_a_date(typed):
    query = read_query(typed, TODAY)
    assert query.kind == "mrn"
    assert [(other.kind, other.birth_dates) for other in query.also] == [("birth_date", BORN)]


@pytest.mark.parametrize(
    "typed",
    ["siti ami 120385", "siti ami 12/3/1985", "siti ami 12 mar 1985", "120385 siti ami",
     "  siti   ami 12-3-85", "12 mar 1985 siti ami"],
)  # fmt: skip
def test_a_name_with_a_birth_date(typed):
    query = read_query(typed, TODAY)
    assert (query.kind, query.name, query.birth_dates) == ("name_birth_date", "siti ami", BORN)


def test_an_open_century_searches_both():
    assert read_query("siti 120320", TODAY).birth_dates == (date(2020, 3, 12), date(1920, 3, 12))


def test_name_and_year_name_alone_date_alone():
    query = read_query("siti 1985", TODAY)
    assert (query.kind, query.name, query.year) == ("name_year", "siti", 1985)
    assert read_query("siti 35th", TODAY).year == 1990
    assert read_query("Siti Aminah", TODAY).name == "Siti Aminah"
    assert read_query("12/3/1985", TODAY).birth_dates == BORN
    assert read_query("   ", TODAY).kind == "empty"


def test_a_date_not_yet_finished_still_finds_by_name():
    query = read_query("siti 12/3", TODAY)
    assert (query.kind, query.name) == ("name", "siti")


@given(st.text(max_size=40))
def test_anything_typed_gives_a_query(text):
    query = read_query(text, TODAY)
    assert (query.kind == "empty") == (not text.split())
