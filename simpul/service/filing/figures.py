"""KLPCM: the record room's figures of a month, by rule, unit and person.

Counted from the records closed in the period. A record is complete at closing when nothing was
ever missing in it, and complete in time when nothing was missing any more 24 hours after service
(Kepmenkes 129/2008). How the items are judged: docs/methods/completeness.md.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import F
from django.utils.translation import gettext as _

from simpul.domain.completeness import SIGN_WITHIN
from simpul.domain.completeness_rules import COMPONENT_LABELS, DEFAULT_RULES
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.completeness.models import CompletenessCheck, Deficiency, RecordStatus
from simpul.service.completeness.sheets import NOT_RETURNED

PAPER = "paper"

#: Of each record: the items it ever lacked, as (rule, sentence of a paper item).
Lacking = dict[uuid.UUID, set[tuple[str, str]]]


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
    checks = list(
        CompletenessCheck.objects.filter(
            owner=by.facility_id, service_date__gte=start, service_date__lte=end
        )
    )
    lacking = _lacking(start, end, by=by)
    late = _signed_late(start, end, by=by)
    names = practitioner_names({row.practitioner for row in checks if row.practitioner})
    units = get_here().units
    mended = [
        (row.completed_at - row.closed_at).total_seconds() / 3600
        for row in checks
        if row.completed_at is not None and row.encounter_id in lacking
    ]
    in_time = sum(
        1
        for row in checks
        if row.completed_at is not None and row.completed_at - row.closed_at <= SIGN_WITHIN
    )
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
            lambda row: names.get(row.practitioner, "") if row.practitioner else "",
        ),
    )


def _lacking(start: date, end: date, *, by: Actor) -> Lacking:
    """A set for each record: an item mended and missed again is one item lacking."""
    found: Lacking = {}
    for encounter, rule, message, is_paper in Deficiency.objects.filter(
        owner=by.facility_id,
        encounter__check_row__owner=by.facility_id,
        encounter__check_row__service_date__gte=start,
        encounter__check_row__service_date__lte=end,
    ).values_list("encounter_id", "rule", "message", "is_paper"):
        found.setdefault(encounter, set()).add((PAPER, message) if is_paper else (rule, ""))
    return found


def _signed_late(start: date, end: date, *, by: Actor) -> int:
    """How many records have an entry first written more than a day after the visit ended."""
    # From the month's checks to their entries: the other way round reads every entry there is.
    return (
        CompletenessCheck.objects.filter(
            owner=by.facility_id,
            service_date__gte=start,
            service_date__lte=end,
            encounter__entries__is_error=False,
            encounter__entries__replaces__isnull=True,
            encounter__entries__signed_at__gt=F("closed_at") + SIGN_WITHIN,
        )
        .values("encounter_id")
        .distinct()
        .count()
    )


def _items(checks: list[CompletenessCheck], lacking: Lacking, late: int) -> tuple[ItemFigure, ...]:
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
    checks: list[CompletenessCheck], lacking: Lacking, name_of: Callable[[CompletenessCheck], str]
) -> tuple[GroupFigure, ...]:
    """Figures for each name, fewest complete first: that is where help is needed."""
    rows: dict[str, list[CompletenessCheck]] = {}
    for row in checks:
        rows.setdefault(name_of(row) or _("(tanpa nama)"), []).append(row)
    figures = [_group(name, members, lacking) for name, members in rows.items()]
    return tuple(sorted(figures, key=lambda f: (f.share, -f.total, f.name)))


def _group(name: str, rows: Iterable[CompletenessCheck], lacking: Lacking) -> GroupFigure:
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
