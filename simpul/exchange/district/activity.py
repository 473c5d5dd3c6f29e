"""Visits and diseases across the district: counts, with the coverage they stand on. No names.

A visit counts on its service date, at the Puskesmas that owns it, unless it was cancelled. A
disease counts once a visit, by the diagnoses that stand (docs/methods/district-figures.md). Only
Puskesmas whose data reach the period are counted; the others are named beside the figure.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from simpul.exchange.district.freshness import Coverage, coverage_of, list_freshness
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.facilities.models import STANDARD_UNITS
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.care.terminology.icd10 import get as get_term

TOP: Final = 10
LONGEST_DAYS: Final = 366
UNIT_NAMES: Final = {code: name for code, name, *_rest in STANDARD_UNITS}


@dataclass(frozen=True)
class Wish:
    """What is asked: a period of local days, one Puskesmas or all, one unit or all."""

    begins: date
    ends: date
    facility: uuid.UUID | None = None
    unit: str = ""


@dataclass(frozen=True)
class DayCount:
    """Visits of one day; None: no Puskesmas had data of it."""

    day: date
    visits: int | None


@dataclass(frozen=True)
class PlaceCount:
    """Visits of one Puskesmas; None: its data do not reach the period, which is not 0."""

    facility: uuid.UUID
    name: str
    visits: int | None
    until: datetime | None


@dataclass(frozen=True)
class UnitCount:
    """Visits of one unit, over all Puskesmas."""

    unit: str
    name: str
    visits: int


@dataclass(frozen=True)
class DiseaseCount:
    """One diagnosis: at how many visits, how many of them new cases, at how many Puskesmas."""

    code: str
    name: str
    visits: int
    new_cases: int
    places: int


@dataclass(frozen=True)
class Activity:
    """The figures of one period, and what they stand on."""

    wish: Wish
    coverage: Coverage
    visits: int
    diagnosed: int
    days: tuple[DayCount, ...]
    places: tuple[PlaceCount, ...]
    units: tuple[UnitCount, ...]
    diseases: tuple[DiseaseCount, ...]

    @property
    def without_diagnosis(self) -> int:
        """Visits that no disease was counted of."""
        return self.visits - self.diagnosed


def read_activity(wish: Wish, *, by: Actor) -> Activity:
    """Return visits by day, Puskesmas and unit, and the ten most frequent diseases."""
    require(by, "view", "district")
    rows = [
        row
        for row in list_freshness(by=by)
        if wish.facility is None or row.facility == wish.facility
    ]
    coverage = coverage_of(rows, until=_end_of(wish.ends))
    owners = coverage.facilities
    by_day = _count("service_date", "d", wish, owners)
    by_place = _count("owner", "u", wish, owners)
    covered = set(owners)
    return Activity(
        wish=wish,
        coverage=coverage,
        visits=sum(by_day.values()),
        diagnosed=_count_diagnosed(wish, owners),
        days=tuple(
            DayCount(day, by_day.get(day, 0) if owners else None)
            for day in _days(wish.begins, wish.ends)
        ),
        places=tuple(
            PlaceCount(
                row.facility,
                row.name,
                by_place.get(row.facility, 0) if row.facility in covered else None,
                row.until,
            )
            for row in rows
        ),
        units=tuple(
            UnitCount(unit, UNIT_NAMES.get(unit, unit), many)
            for unit, many in sorted(
                _count("unit", "-", wish, owners).items(), key=lambda one: (-one[1], one[0])
            )
        ),
        diseases=_top_diseases(wish, owners),
    )


def _end_of(day: date) -> datetime:
    """Return the first instant after a local day of the Dinas."""
    zone = ZoneInfo(get_here().timezone)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)


def _days(begins: date, ends: date) -> list[date]:
    return [begins + timedelta(days=n) for n in range((ends - begins).days + 1)]


def _condition(wish: Wish, owners: Sequence[uuid.UUID]) -> tuple[str, list[Any]]:
    """Return which visits count, for an alias `v`."""
    marks = ", ".join(["%s"] * len(owners))
    text = f"v.owner IN ({marks}) AND v.service_date BETWEEN %s AND %s AND v.status <> 'cancelled'"
    values: list[Any] = [*owners, wish.begins, wish.ends]
    if wish.unit:
        text, values = f"{text} AND v.unit = %s", [*values, wish.unit]
    return text, values


def _count(column: str, kind: str, wish: Wish, owners: Sequence[uuid.UUID]) -> dict[Any, int]:
    if not owners:
        return {}
    condition, values = _condition(wish, owners)
    return dict(
        fetch_values(
            f"SELECT v.{column}, count(*) FROM registration_encounter v "  # noqa: S608
            f"WHERE {condition} GROUP BY v.{column}",
            f"{kind}-",
            values,
        )
    )


#: Diagnoses that stand: signed, not replaced, not declared a slip.
_DIAGNOSES = """
    FROM registration_encounter v
    JOIN care_entry e ON e.encounter_id = v.id AND e.is_current AND NOT e.is_error
    JOIN care_condition c ON c.entry_id = e.id
"""


def _count_diagnosed(wish: Wish, owners: Sequence[uuid.UUID]) -> int:
    if not owners:
        return 0
    condition, values = _condition(wish, owners)
    statement = f"SELECT count(DISTINCT v.id) {_DIAGNOSES} WHERE {condition}"
    ((many,),) = fetch_values(statement, "-", values)
    return int(many)


def _top_diseases(wish: Wish, owners: Sequence[uuid.UUID]) -> tuple[DiseaseCount, ...]:
    if not owners:
        return ()
    condition, values = _condition(wish, owners)
    rows = fetch_values(
        "SELECT c.code, max(c.display), count(DISTINCT v.id), "
        "count(DISTINCT CASE WHEN c.case_type = 'new' THEN v.id END), count(DISTINCT v.owner) "
        f"{_DIAGNOSES} WHERE {condition} GROUP BY c.code ORDER BY 3 DESC, 1 LIMIT {TOP:d}",
        "-----",
        values,
    )
    return tuple(
        DiseaseCount(code, _name_of(code, display), visits, new_cases, places)
        for code, display, visits, new_cases, places in rows
    )


def _name_of(code: str, display: str) -> str:
    """Return the catalogue's name of a code, so that every Puskesmas's wording is one."""
    term = get_term(code)
    return term.label if term is not None else display
