"""The demo's days: weekdays that are over, and a morning that never reaches into the future."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.demo.calendar import OPENS, local_instant, this_morning, weekdays_before

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
FIRST, LAST = datetime(2024, 1, 1), datetime(2034, 1, 1)  # noqa: DTZ001 - the zone comes below
instants = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


@given(now=instants, zone=st.sampled_from(ZONES))
def test_a_morning_lies_in_today_and_in_the_past(now: datetime, zone: str) -> None:
    morning = this_morning(now, zone)
    local = ZoneInfo(zone)
    assert morning.begins <= morning.ends == now
    assert morning.begins.astimezone(local).date() == now.astimezone(local).date()


@given(
    now=instants,
    zone=st.sampled_from(ZONES),
    minutes=st.lists(st.floats(-10, 400, allow_nan=False), min_size=2, max_size=8),
)
def test_minutes_keep_their_order_and_their_bounds(
    now: datetime, zone: str, minutes: list[float]
) -> None:
    morning = this_morning(now, zone)
    at = [morning.at(minute) for minute in sorted(minutes)]
    assert at == sorted(at)
    assert all(morning.begins <= moment <= now for moment in at)


@pytest.mark.parametrize(
    ("clock", "begins"),
    [
        (time(9, 0), time(7, 30)),  # in the middle of the morning: from the opening on
        (time(11, 0), time(7, 30)),
        (time(7, 40), time(6, 40)),  # just opened: an hour, so that there is something to see
        (time(15, 0), time(12, 15)),  # in the afternoon: as long as a morning is
        (time(23, 59), time(21, 14)),
        (time(1, 0), time(0, 0)),  # at night: what there is of the day
    ],
)
def test_where_the_morning_begins(clock: time, begins: time) -> None:
    day = date(2026, 3, 4)
    morning = this_morning(local_instant(day, clock, "Asia/Jakarta"), "Asia/Jakarta")
    assert morning.begins == local_instant(day, begins, "Asia/Jakarta")


@given(today=st.dates(date(2024, 1, 1), date(2034, 1, 1)))
def test_a_year_of_weekdays(today: date) -> None:
    days = weekdays_before(today)
    assert days == sorted(set(days))
    assert all(day.weekday() < 5 and day < today for day in days)
    assert 259 <= len(days) <= 262
    assert today - days[0] <= timedelta(days=365)


def test_instants_are_utc() -> None:
    at = local_instant(date(2026, 3, 4), OPENS, "Asia/Jakarta")
    assert at == datetime(2026, 3, 4, 0, 30, tzinfo=UTC)
    assert at.utcoffset() == timedelta(0)
