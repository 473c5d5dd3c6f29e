"""When a unit takes patients: hours, closed days, quota."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.opening import Hours, next_open_day, opening_on

MONDAY = date(2026, 11, 23)
WEEK = (
    Hours(0, time(7, 30), time(11), quota=20, booked_quota=8),
    Hours(4, time(7, 30), time(10)),
)


@pytest.mark.parametrize(
    ("at", "registered", "why"),
    [
        (time(7, 29), 0, "before"),
        (time(7, 30), 0, ""),
        (time(10, 59), 19, ""),
        (time(10, 59), 20, "full"),
        (time(11), 0, "after"),
        (time(11), 20, "after"),
    ],
)
def test_hours_include_their_beginning_and_not_their_end(at: time, registered: int, why: str):
    assert opening_on(MONDAY, WEEK).why_not(at, registered=registered) == why


def test_a_day_without_hours_is_off_where_other_days_have_some():
    assert opening_on(MONDAY + timedelta(days=1), WEEK).why_not(time(9)) == "day"
    assert not opening_on(MONDAY + timedelta(days=1), WEEK).is_open_day


def test_a_unit_without_any_hours_is_open_but_on_closed_days():
    assert opening_on(MONDAY, ()).why_not(time(23)) == ""
    closed = opening_on(MONDAY, (), [(MONDAY, "Libur nasional")])
    assert (closed.why_not(time(9)), closed.holiday_reason) == ("holiday", "Libur nasional")


def test_what_was_not_set_is_not_nought():
    opening = opening_on(date(2026, 11, 27), WEEK)
    assert (opening.quota, opening.booked_quota) == (None, None)
    assert opening.why_not(time(8), registered=10_000) == ""


def test_more_cannot_be_booked_than_served():
    hours = (Hours(0, time(8), time(9), quota=3, booked_quota=8),)
    assert opening_on(MONDAY, hours).booked_quota == 3


def test_the_next_open_day_passes_over_closed_ones():
    assert next_open_day(MONDAY, WEEK) == date(2026, 11, 27)
    assert next_open_day(MONDAY, WEEK, [(date(2026, 11, 27), "x")]) == MONDAY + timedelta(days=7)
    holidays = [(MONDAY + timedelta(days=n), "x") for n in range(100)]
    assert next_open_day(MONDAY, WEEK, holidays) is None


@pytest.mark.parametrize("wrong", [(7, 8, 9), (-1, 8, 9), (0, 9, 9), (0, 10, 9)])
def test_hours_without_meaning_cannot_be_made(wrong: tuple[int, int, int]):
    weekday, opens, closes = wrong
    with pytest.raises(ValueError, match=r"weekday|opens"):
        Hours(weekday, time(opens), time(closes))


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.times(),
    st.integers(0, 50),
    st.sets(st.integers(0, 6)),
)
def test_there_is_always_one_answer(day: date, at: time, registered: int, weekdays: set[int]):
    hours = [Hours(n, time(8), time(12), quota=10) for n in sorted(weekdays)]
    opening = opening_on(day, hours)
    why = opening.why_not(at, registered=registered)
    if why == "":
        assert opening.is_open_day
        assert not hours or (time(8) <= at < time(12) and registered < 10)
    if not opening.is_open_day:
        assert why == "day"
    following = next_open_day(day, hours)
    assert (following is None) == (bool(hours) and not weekdays)
    if following is not None:
        assert following > day
        assert opening_on(following, hours).is_open_day
