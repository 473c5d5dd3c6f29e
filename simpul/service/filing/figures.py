"""KLPCM: the record room's figures of a month, by rule, unit and person.

Counted from the records closed in the period. A record is complete at closing when nothing was
ever missing in it, and complete in time when nothing was missing any more 24 hours after service
(Kepmenkes 129/2008). How the items are judged: docs/methods/completeness.md.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from simpul.domain.completeness import SIGN_WITHIN
from simpul.domain.completeness_rules import COMPONENT_LABELS, DEFAULT_RULES
from simpul.foundation.core.rows import as_instant, as_uuid, fetch_values
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.completeness.models import RecordStatus
from simpul.service.completeness.sheets import NOT_RETURNED

PAPER = "paper"


class Closed(NamedTuple):
    """A closed record, of which a month has tens of thousands: ids and instants as stored."""

    encounter_id: Any
    unit: str
    practitioner: Any
    status: str
    closed_at: Any
    completed_at: Any

    @property
    def took(self) -> timedelta | None:
        """From closing to complete; None while it is not."""
        if self.completed_at is None:
            return None
        if self.completed_at == self.closed_at:
            return timedelta(0)  # most of them: not worth reading two instants for
        took: timedelta = as_instant(self.completed_at) - as_instant(self.closed_at)
        return took


#: Of each record: the items it ever lacked, as (rule, sentence of a paper item).
Lacking = dict[Any, set[tuple[str, str]]]


@dataclass(frozen=True)
class ItemFigure:
    """How many records lacked one item, and which share of all that is."""

    component: str
    label: str
    missing: int
    share: float


@dataclass(frozen=True)
class GroupFigure:
    """Records of one unit or one person: closed, complete at closing, not complete yet."""

    name: str
    total: int
    complete: int
    still_open: int
    share: float


@dataclass(frozen=True)
class MonthFigures:
    """All of a period; `median_hours` is from closing to complete, of those once incomplete."""

    start: date
    end: date
    whole: GroupFigure
    in_time: int
    in_time_share: float
    median_hours: float | None
    items: tuple[ItemFigure, ...]
    units: tuple[GroupFigure, ...]
    people: tuple[GroupFigure, ...]


def month_figures(start: date, end: date, *, by: Actor) -> MonthFigures:
    """Return the figures of the records whose service day lies in the period."""
    require(by, "view", "journal")
    checks = [
        Closed(*row)
        for row in fetch_values(
            "SELECT c.encounter_id, c.unit, c.practitioner, c.status, c.closed_at, c.completed_at "
            "FROM completeness_completenesscheck c "
            "WHERE c.owner = %s AND c.service_date >= %s AND c.service_date <= %s",
            "------",
            [by.facility_id, start, end],
        )
    ]
    lacking = _lacking(start, end, by=by)
    late = _signed_late(start, end, by=by)
    people = {row.practitioner: as_uuid(row.practitioner) for row in checks if row.practitioner}
    names = practitioner_names(set(people.values()))
    units = get_here().units
    taken = [(row, took) for row in checks if (took := row.took) is not None]
    mended = [took.total_seconds() / 3600 for row, took in taken if row.encounter_id in lacking]
    in_time = sum(took <= SIGN_WITHIN for _row, took in taken)
    return MonthFigures(
        start=start,
        end=end,
        whole=_group(_("Semua"), checks, lacking),
        in_time=in_time,
        in_time_share=_share(in_time, len(checks)),
        median_hours=median(mended) if mended else None,
        items=_items(checks, lacking, late),
        units=_groups(
            checks, lacking, lambda row: units[row.unit].name if row.unit in units else row.unit
        ),
        people=_groups(
            checks,
            lacking,
            lambda row: names.get(people[row.practitioner], "") if row.practitioner else "",
        ),
    )


def _lacking(start: date, end: date, *, by: Actor) -> Lacking:
    """A set for each record: an item mended and missed again is one item lacking."""
    found: Lacking = {}
    for encounter, rule, message, is_paper in fetch_values(
        "SELECT d.encounter_id, d.rule, d.message, d.is_paper "
        "FROM completeness_completenesscheck c "
        "JOIN completeness_deficiency d ON d.encounter_id = c.encounter_id "
        "WHERE c.owner = %s AND c.service_date >= %s AND c.service_date <= %s AND d.owner = %s",
        "----",
        [by.facility_id, start, end, by.facility_id],
    ):
        found.setdefault(encounter, set()).add((PAPER, message) if is_paper else (rule, ""))
    return found


def _signed_late(start: date, end: date, *, by: Actor) -> int:
    """How many records have an entry first written more than a day after the visit ended."""
    rows = fetch_values(
        _SIGNED_AFTER.format(
            day_later="c.closed_at + interval '1 day'"
            if connection.vendor == "postgresql"
            else "datetime(c.closed_at, '+1 day')"
        ),
        "utt",
        [by.facility_id, start, end],
    )
    return len({encounter for encounter, closed, signed in rows if signed - closed > SIGN_WITHIN})


#: From the month's checks to their entries: the words CROSS JOIN and CASE keep SQLite from walking
#: through every entry there is. To the second is near enough here; the caller looks closer.
_SIGNED_AFTER = """
    SELECT c.encounter_id, c.closed_at, e.signed_at
    FROM completeness_completenesscheck c CROSS JOIN care_entry e
    WHERE e.encounter_id = c.encounter_id AND c.owner = %s
      AND c.service_date >= %s AND c.service_date <= %s
      AND NOT e.is_error AND CASE WHEN e.replaces_id IS NULL THEN 1 ELSE 0 END = 1
      AND e.signed_at >= {day_later}
"""


def _items(checks: list[Closed], lacking: Lacking, late: int) -> tuple[ItemFigure, ...]:
    total = len(checks)
    count = Counter(item for items in lacking.values() for item in items)
    figures = []
    for rule in DEFAULT_RULES:
        missing = late if rule.code in NOT_RETURNED else count[rule.code, ""]
        component = COMPONENT_LABELS[rule.component]
        figures.append(ItemFigure(component, rule.label, missing, _share(missing, total)))
    papers = sorted((item for item in count if item[0] == PAPER), key=lambda i: (-count[i], i[1]))
    return (
        *figures,
        *(
            ItemFigure(
                _("Di kertas"), message, count[rule, message], _share(count[rule, message], total)
            )
            for rule, message in papers
        ),
    )


def _groups(
    checks: list[Closed], lacking: Lacking, name_of: Callable[[Closed], str]
) -> tuple[GroupFigure, ...]:
    """Figures for each name, fewest complete first: that is where help is needed."""
    rows: dict[str, list[Closed]] = {}
    for row in checks:
        rows.setdefault(name_of(row) or _("(tanpa nama)"), []).append(row)
    figures = [_group(name, members, lacking) for name, members in rows.items()]
    return tuple(sorted(figures, key=lambda f: (f.share, -f.total, f.name)))


def _group(name: str, rows: Iterable[Closed], lacking: Lacking) -> GroupFigure:
    members = list(rows)
    complete = sum(1 for row in members if row.encounter_id not in lacking)
    return GroupFigure(
        name=name,
        total=len(members),
        complete=complete,
        still_open=sum(1 for row in members if row.status == RecordStatus.INCOMPLETE),
        share=_share(complete, len(members)),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
