"""Birth dates in the shapes lists have, each column read one way."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.service.patients.importing.dates import DateColumn, DateVotes, read_age, read_born

TODAY = date(2026, 11, 22)
DAY, MONTH = DateColumn(), DateColumn(order="month")
BORN = date(1985, 3, 12)


def born(cell: object, column: DateColumn = DAY, years: int | None = None) -> date | None:
    return read_born(cell, column=column, today=TODAY, years=years).value


def decided(*values: object, niks: tuple[str, ...] = ()) -> DateColumn:
    votes = DateVotes()
    for place, value in enumerate(values):
        votes.look(value, niks[place] if place < len(niks) else "")
    return votes.decide()


@pytest.mark.parametrize(
    "cell",
    ["12/03/1985", "12-3-1985", "12.03.1985", "12 Maret 1985", "12 mar 85", "1985-03-12",
     "1985/03/12", "12-03-85", "12031985", 12031985, 31118, "31118", date(1985, 3, 12),
     datetime(1985, 3, 12, tzinfo=UTC), "1985-03-12 00:00:00", "12/03/1985 0:00", "12 March 1985",
     "Jember, 12-03-1985", "Jember 12 Maret 1985", "BANYUWANGI, 12/03/1985",
     "Kab. Jember/12-03-1985"],
)  # fmt: skip
def test_one_day_in_many_shapes(cell: object) -> None:
    assert born(cell) == BORN


def test_a_lost_zero_in_front() -> None:
    assert born(2031985) == date(1985, 3, 2)
    assert born(20385, DateColumn(five_are_digits=True)) == date(1985, 3, 2)
    assert decided("120385", "20385").five_are_digits


def test_an_age_alone_gives_an_estimated_date() -> None:
    found = read_age("35", today=TODAY)
    assert (found.value, found.estimated, found.told) == (date(1991, 11, 22), True, "~35th")
    assert read_age("8 bln", today=TODAY).value == date(2026, 3, 22)
    assert read_age(0, today=TODAY).value == TODAY
    assert read_age(35.0, today=TODAY).value == date(1991, 11, 22)
    assert born("35 th") == date(1991, 11, 22)


def test_a_year_of_two_digits_is_this_century_unless_the_age_says_otherwise() -> None:
    assert born("12-03-15") == date(2015, 3, 12)
    assert born("12-03-15", years=111) == date(1915, 3, 12)
    assert born("12-03-85") == BORN


def test_the_column_decides_between_day_and_month() -> None:
    assert decided("03/04/1985", "25/12/1990").order == "day"
    assert decided("03/04/1985", "12/25/1990").order == "month"
    assert decided("03/04/1985", "05/06/1990").order == "day", "nothing says otherwise"
    assert born("03/04/1985", MONTH) == date(1985, 3, 4)
    assert born("03/04/1985", DAY) == date(1985, 4, 3)


def test_the_niks_decide_where_no_value_does() -> None:
    assert decided("03/04/1985", niks=("3509010403850001",)).order == "month"
    assert decided("03/04/1985", niks=("3509010304850001",)).order == "day"
    assert decided("03/04/1985", niks=("3509014304850001",)).order == "day", "a woman's"


def test_one_value_against_its_column_is_read_the_only_way_it_can_be() -> None:
    found = read_born("12/25/1990", column=DAY, today=TODAY)

    assert found.value == date(1990, 12, 25)
    assert found.note


def test_date_cells_turned_round_by_a_spreadsheet_are_turned_back() -> None:
    """Of d/m text, another country's spreadsheet makes dates where it can: all days up to 12."""
    cells = [date(1985, month, 5) for month in range(1, 13)] * 2
    texts = [f"{day}/05/1985" for day in range(13, 25)]
    column = decided(*cells, *texts)

    assert column.is_swapped
    assert born(date(1985, 3, 12), column) == date(1985, 12, 3)
    assert not decided(*cells).is_swapped, "nothing says so"
    assert not decided(*cells, date(1990, 5, 25), *texts).is_swapped, "a day over 12"


@pytest.mark.parametrize("cell", ["31/02/1985", "13/13/1985", "besok", "12/03/2085", "99999"])
def test_what_is_no_birth_date_says_why(cell: str) -> None:
    found = read_born(cell, column=DAY, today=TODAY)

    assert found.value is None
    assert found.trouble


@given(st.dates(date(1930, 1, 1), TODAY), st.sampled_from(["day", "month"]))
def test_what_is_written_is_read_back(day: date, order: str) -> None:
    column = DateColumn(order=order)  # type: ignore[arg-type]
    shapes = [f"{day.day}/{day.month}/{day.year}", f"{day.month}/{day.day}/{day.year}"]

    assert born(shapes[order == "month"], column) == day
    assert born(day.isoformat(), column) == day
    assert born((day - date(1899, 12, 30)).days, column) == day
