"""When a unit takes patients: open hours by weekday, days it is closed, and how many it can serve.

Plain rules without a clock of their own. A unit without any hours takes patients whenever it is
switched on; a day without hours, where other days have some, is a day it is closed. Hours include
their beginning and not their end. A quota counts everybody of the day, booked or not; the booked
quota is the part of it that may be promised beforehand, so that people without a telephone still
find a place. `None` means that nothing was set, never 0.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

Why = Literal["", "day", "holiday", "before", "after", "full"]

#: How far ahead the next open day is looked for.
LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Hours:
    """Open hours of one weekday (0 Monday … 6 Sunday) with what can be served in them."""

    weekday: int
    opens: time
    closes: time
    quota: int | None = None
    booked_quota: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError("a weekday is 0 to 6")
        if self.opens >= self.closes:
            raise ValueError("a unit opens before it closes")


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known of a unit on one day."""

    on: date
    hours: Hours | None
    is_always_open: bool
    is_holiday: bool
    holiday_reason: str = ""

    @property
    def is_open_day(self) -> bool:
        """Does the unit take patients at some time of this day?"""
        return not self.is_holiday and (self.is_always_open or self.hours is not None)

    @property
    def quota(self) -> int | None:
        """People the unit serves on this day, None where nothing was set."""
        return self.hours.quota if self.hours is not None else None

    @property
    def booked_quota(self) -> int | None:
        """People who may book for this day; never more than the quota."""
        if self.hours is None:
            return None
        known = [n for n in (self.hours.booked_quota, self.hours.quota) if n is not None]
        return min(known) if known else None

    def why_not(self, at: time, *, registered: int = 0) -> Why:
        """Return why nobody is taken at this time, "" when the unit is open and has places."""
        if self.is_holiday:
            return "holiday"
        if self.hours is None:
            return "" if self.is_always_open else "day"
        if at < self.hours.opens:
            return "before"
        if at >= self.hours.closes:
            return "after"
        if self.hours.quota is not None and registered >= self.hours.quota:
            return "full"
        return ""


def opening_on(
    on: date, hours: Collection[Hours], holidays: Iterable[tuple[date, str]] = ()
) -> Opening:
    """Return a unit's opening on a day from its week and the days it is closed."""
    reasons = [reason for day, reason in holidays if day == on]
    mine = next((one for one in hours if one.weekday == on.weekday()), None)
    return Opening(
        on=on,
        hours=mine,
        is_always_open=not hours,
        is_holiday=bool(reasons),
        holiday_reason=reasons[0] if reasons else "",
    )


def next_open_day(
    after: date, hours: Collection[Hours], holidays: Collection[tuple[date, str]] = ()
) -> date | None:
    """Return the first open day after a day; None when none comes within two months."""
    for ahead in range(1, LOOK_AHEAD_DAYS + 1):
        day = after + timedelta(days=ahead)
        if opening_on(day, hours, holidays).is_open_day:
            return day
    return None
