"""The counter as the journal saw it: arrivals by the hour, and how long one registration takes."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from simpul.domain import timing
from simpul.foundation.core.clock import now
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.workload.selectors import list_loads
from simpul.planning.workload.tallies import Period

DAYS = 28
MOST_ENTRIES = 60_000


@dataclass(frozen=True)
class CounterPattern:
    """Mean arrivals of an open day by hour (0–23), on how many open days, and minutes of one."""

    by_hour: tuple[float, ...]
    days: int
    minutes: float | None

    @property
    def per_day(self) -> float:
        """Arrivals of an open day."""
        return sum(self.by_hour)


def counter_pattern(*, by: Actor) -> CounterPattern:
    """Return the last four weeks of registrations at this house's counter."""
    require(by, "view", "planning")
    require_home(by)
    here = get_here()
    since = now() - timedelta(days=DAYS)
    # A visit is distributed when it is registered; onward from a unit it carries where from.
    entries = JournalEntry.objects.filter(
        facility=here.id, act="distributed", at__gte=since, detail__from__isnull=True
    )
    hours: Counter[int] = Counter()
    days = set()
    zone = ZoneInfo(here.timezone)
    for at in entries.order_by("at").values_list("at", flat=True)[:MOST_ENTRIES].iterator():
        local = at.astimezone(zone)
        hours[local.hour] += 1
        days.add(local.date())
    count = len(days)
    by_hour = tuple(hours[hour] / count if count else 0.0 for hour in range(24))
    return CounterPattern(by_hour, count, _minutes(by) if count else None)


def _minutes(by: Actor) -> float | None:
    """The mean of the times proposed or set for registrations, weighted by how often."""
    acts, seconds = 0, 0.0
    today = get_here().today()
    for load in list_loads(by=by, period=Period(today - timedelta(days=89), today)):
        if load.code in (timing.NEW, timing.KNOWN) and load.proposal.seconds is not None:
            acts += load.acts
            seconds += load.acts * float(load.proposal.seconds)
    return seconds / acts / 60 if acts else None
