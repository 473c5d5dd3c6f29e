"""The demo's days: the weekdays of the last year, and this morning wherever the clock stands.

A morning runs from 07.30 to 11.00. A demo started at another hour gets its morning just before
that hour, on the same local day, and never a time that is still to come.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(7, 30), time(11, 0)
#: How long the part of a morning is that is made up for today.
SPAN = timedelta(minutes=165)
LEAST_SPAN = timedelta(minutes=60)
SATURDAY = 5


def local_instant(day: date, at: time, zone: str) -> datetime:
    """Return the instant of a local wall-clock time, in UTC."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def weekdays_before(today: date, *, days: int = 365) -> list[date]:
    """Return the Mondays to Fridays of the year before today, oldest first."""
    past = (today - timedelta(days=n) for n in range(days, 0, -1))
    return [day for day in past if day.weekday() < SATURDAY]


@dataclass(frozen=True)
class Morning:
    """The part of today that is over: from `begins` to `ends`, which is now."""

    begins: datetime
    ends: datetime

    def at(self, minutes: float) -> datetime:
        """The instant so many minutes after the beginning of a full-length morning.

        Right after midnight there is less room; everything then moves closer together.
        """
        share = max(0.0, min(minutes / (SPAN.total_seconds() / 60), 1.0))
        return self.begins + (self.ends - self.begins) * share


def this_morning(now: datetime, zone: str) -> Morning:
    """Return this morning as it is to be shown at `now`."""
    here = now.astimezone(ZoneInfo(zone))
    midnight = local_instant(here.date(), time(0), zone)
    if OPENS <= here.time() <= CLOSES:
        begins = min(local_instant(here.date(), OPENS, zone), now - LEAST_SPAN)
    else:
        begins = now - SPAN
    return Morning(max(begins, midnight), now)
