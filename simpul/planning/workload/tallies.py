"""The journal of a period as a histogram: activity, unit, person, hour, seconds → how many.

The database filters, a month at a time, and `domain.timing.Stopwatch` folds what arrives. On
SQLite that takes half the CPU of LAG and GROUP BY in one statement, and the rules exist once (see
docs/methods/measured-time.md). A month that is over no longer changes, so its histogram is kept
(`MonthTally`) and a year costs one fold for each month, once. An entry of that month that arrives
later, from a device whose clock was wrong, makes it anew.
"""

import logging
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError, connection, transaction

from simpul.domain.timing import BY_HAND, Done, Stopwatch, Tally
from simpul.foundation.core.rows import bound
from simpul.foundation.facilities.selectors import get_here, is_set_up
from simpul.planning.workload.models import MonthTally

logger = logging.getLogger("simpul.workload")
DAY = timedelta(days=1)
ROWS_AT_ONCE = 5000
#: After so many newer entries the kept months are marked as looked through.
LOOKED_THROUGH = 20_000

_ACTS = ", ".join(f"'{act}'" for act in sorted(BY_HAND))
#: Columns and conditions in which the two databases differ.
_DIALECT = {
    "sqlite": (
        "act, unixepoch(at), practitioner, subject, encounter, patient, unit",
        """instr(detail, '"from"') = 0""",
        """instr(detail, '"vitals"') > 0""",
    ),
    "postgresql": (
        "act, floor(extract(epoch FROM at))::bigint, practitioner::text, subject, "
        "encounter::text, patient::text, unit",
        "detail ->> 'from' IS NULL",
        "detail ->> 'kind' = 'vitals'",
    ),
}


@dataclass(frozen=True)
class Period:
    """Local days of a facility, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many calendar days."""
        return (self.last - self.first).days + 1


def tally_period(facility: uuid.UUID, period: Period, *, timezone: str) -> Tally:
    """Count and time every act of a facility in a period."""
    found: Tally = {}
    parts = list(split_months(period))
    kept = _kept_months(facility, period, timezone) if any(map(_is_whole, parts)) else {}
    for part in parts:
        if _is_whole(part) and part.first in kept:
            tally = _unpack(kept[part.first].tally)
        else:
            tally = _fold_and_keep(facility, part, timezone)
        for done, counts in tally.items():
            found.setdefault(done, Counter()).update(counts)
    return found


def keep_one_month(facility: uuid.UUID, *, timezone: str, back: int = 24) -> date | None:
    """Make the newest histogram that is missing, of the months that are over.

    A chore for quiet hours, one month a call, so that the year is there when somebody asks for it;
    returns which month it was, None when nothing is missing.
    """
    before = (datetime.now(UTC) - 2 * DAY).astimezone(ZoneInfo(timezone)).date().replace(day=1)
    months: list[Period] = []
    for _n in range(back):
        last = before - DAY
        before = last.replace(day=1)
        months.append(Period(before, last))
    kept = _kept_months(facility, Period(before, months[0].last), timezone)
    began = first_day(facility, since=before, timezone=timezone)
    for month in months:
        if began is None or month.last < began:
            return None
        if month.first not in kept:
            _fold_and_keep(facility, month, timezone)
            return month.first
    return None


def keep_one_month_here() -> date | None:
    """`keep_one_month` of the facility this program runs in, once there is one."""
    if not is_set_up():
        return None
    here = get_here()
    return keep_one_month(here.id, timezone=here.timezone)


def keep_missing_months(tell: Callable[[int, int], None], *, back: int = 24) -> int:
    """Make every missing histogram; returns how many.

    Run before the program starts to answer: after an upgrade, a restore or an import nobody then
    waits for a year to be read. `tell` is given how many months are done, and at most.
    """
    made = 0
    while keep_one_month_here() is not None:
        made += 1
        tell(made, back)
        if made >= back:
            break
    return made


def _fold_and_keep(facility: uuid.UUID, part: Period, timezone: str) -> Tally:
    top = _newest_id()
    tally = _fold(facility, part, timezone)
    if _is_whole(part) and instant(part.last + DAY + DAY, timezone) < datetime.now(UTC):
        _keep_month(facility, part.first, tally, top)
    return tally


def split_months(period: Period) -> Iterator[Period]:
    """Cut a period where months end."""
    first = period.first
    while first <= period.last:
        after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield Period(first, min(after - DAY, period.last))
        first = after


def _is_whole(part: Period) -> bool:
    return part.first.day == 1 and (part.last + DAY).day == 1


def _fold(facility: uuid.UUID, part: Period, timezone: str) -> Tally:
    start, end = instant(part.first, timezone), instant(part.last + DAY, timezone)
    offset = start.astimezone(ZoneInfo(timezone)).utcoffset() or timedelta()
    watch = Stopwatch(
        start=int(start.timestamp()),
        end=int(end.timestamp()),
        offset=int(offset.total_seconds()),
    )
    # A service that began the evening before belongs to the days before; one that begins in the
    # last night is followed until the next.
    for entries in _entries(facility, start - DAY, end + DAY):
        watch.read(entries)
    return watch.close()


def _entries(
    facility: uuid.UUID, first: datetime, beyond: datetime
) -> Iterator[list[tuple[Any, ...]]]:
    between = [bound(first), bound(beyond)]
    with connection.cursor() as cursor:
        # By the index on the instant alone; the rows themselves then lie side by side.
        cursor.execute(
            "SELECT MIN(id), MAX(id) FROM journal_journalentry WHERE at >= %s AND at < %s", between
        )
        ids = cursor.fetchone()
        if ids[0] is None:
            return
        columns, not_onward, is_vitals = _DIALECT[connection.vendor]
        cursor.execute(
            f"SELECT {columns} FROM journal_journalentry WHERE id BETWEEN %s AND %s "  # noqa: S608
            f"AND at >= %s AND at < %s AND facility = %s AND act IN ({_ACTS}) "
            f"AND (act <> 'distributed' OR {not_onward}) AND (act <> 'written' OR {is_vitals}) "
            "ORDER BY id",
            [*ids, *between, bound(facility)],
        )
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield rows


# -- Months that are over --------------------------------------------------------------------------


def _newest_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM journal_journalentry")
        return int(cursor.fetchone()[0])


def _kept_months(facility: uuid.UUID, period: Period, timezone: str) -> dict[date, MonthTally]:
    """Return the kept histograms of the period that no later entry has made old."""
    rows = MonthTally.objects.filter(
        facility=facility, first__gte=period.first, first__lte=period.last
    )
    by_top: dict[int, list[MonthTally]] = {}
    for row in rows:
        by_top.setdefault(row.top, []).append(row)
    newest = upper = _newest_id() if by_top else 0
    earliest: datetime | None = None
    fresh = 0
    valid: dict[date, MonthTally] = {}
    for top in sorted(by_top, reverse=True):
        at, many = _earliest_between(top, upper)
        upper, fresh = top, fresh + many
        earliest = at if earliest is None or (at is not None and at < earliest) else earliest
        for row in by_top[top]:
            if earliest is None or earliest >= instant(_after(row.first) + DAY, timezone):
                valid[row.first] = row
    if fresh > LOOKED_THROUGH and valid:
        _have_looked(valid, newest)
    return valid


def _earliest_between(above: int, upto: int) -> tuple[datetime | None, int]:
    """Return the earliest instant of the entries with these ids, and how many they are."""
    if above >= upto:
        return None, 0
    with connection.cursor() as cursor:
        cursor.execute(
            # Counted as well, so that the rows are found by their id, not by the instant.
            "SELECT MIN(at), COUNT(*) FROM journal_journalentry WHERE id > %s AND id <= %s",
            [above, upto],
        )
        at, many = cursor.fetchone()
    return (None if at is None else _aware(at)), int(many)


def _have_looked(valid: dict[date, MonthTally], newest: int) -> None:
    """Note up to which entry these months are known to be whole, to look only once."""
    try:
        with transaction.atomic():
            MonthTally.objects.filter(id__in=[row.pk for row in valid.values()]).update(top=newest)
    except DatabaseError:
        logger.warning("kept tallies were not marked")


def _after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _keep_month(facility: uuid.UUID, first: date, tally: Tally, top: int) -> None:
    """Keep a month's histogram; where nothing can be written now, it is made again next time."""
    try:
        with transaction.atomic():
            MonthTally.objects.update_or_create(
                facility=facility, first=first, defaults={"top": top, "tally": _pack(tally)}
            )
    except DatabaseError:
        logger.warning("a month's tally was not kept")


def _pack(tally: Tally) -> list[list[Any]]:
    return [[*done, *zip(*counts.items(), strict=True)] for done, counts in tally.items()]


def _unpack(packed: list[list[Any]]) -> Tally:
    return {
        Done(*done): Counter(dict(zip(seconds, many, strict=True)))
        for *done, seconds, many in packed
    }


def _aware(value: Any) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    aware: datetime = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware


def instant(day: date, timezone: str) -> datetime:
    """Return when a local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def person_of(done: Done) -> uuid.UUID | None:
    """Return the id of who did it."""
    return uuid.UUID(done.person) if done.person else None


def first_day(facility: uuid.UUID, *, since: date, timezone: str) -> date | None:
    """Return the first local day on or after `since` with an entry of the facility."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at FROM journal_journalentry WHERE at >= %s AND facility = %s "
            "ORDER BY at LIMIT 1",
            [bound(instant(since, timezone)), bound(facility)],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return _aware(row[0]).astimezone(ZoneInfo(timezone)).date()


# -- Kept for a while ------------------------------------------------------------------------------
# A page asks for the same period with each of its parts. Where reading it took long, a minute of
# memory spares the database that; a small journal is read anew each time.

KEEP_SECONDS = 60.0
SLOW_SECONDS = 0.5
_kept: dict[tuple[uuid.UUID, Period], tuple[float, Tally]] = {}


def get_tally(facility: uuid.UUID, period: Period, *, timezone: str) -> Tally:
    """Return `tally_period`; a slow one is at most a minute old."""
    key, began = (facility, period), time.monotonic()
    kept = _kept.get(key)
    if kept is not None and began - kept[0] < KEEP_SECONDS:
        return kept[1]
    found = tally_period(facility, period, timezone=timezone)
    if time.monotonic() - began > SLOW_SECONDS:
        if len(_kept) >= 4:
            _kept.pop(min(_kept, key=lambda one: _kept[one][0]))
        _kept[key] = (time.monotonic(), found)
    return found


def forget_tallies() -> None:
    """Read the journal anew next time."""
    _kept.clear()
