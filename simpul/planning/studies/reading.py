"""A saved version as it is read: its sheet with every sum and doubt, CPI, the range of the need."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.cpi import WAYS, CpiResult, Measure, calculate_cpi
from simpul.domain.wisn import METHODS, ROUNDING_RULES, Method, RoundingRule, StudyResult
from simpul.planning.studies.computing import is_same_result
from simpul.planning.studies.models import StudyVersion
from simpul.planning.studies.outcome import CategoryOutcome, Doubt, Line, Outcome, outcome_of
from simpul.planning.studies.sheet import CategorySheet, Row, Sheet, sheet_of

#: Influences shown; the rest move the need less than these.
_MOST_INFLUENCES = 6


@dataclass(frozen=True)
class ReadLine:
    """One row with what it comes to."""

    row: Row
    line: Line
    unit: str = ""


@dataclass(frozen=True)
class ReadCategory:
    """One category with its rows, its CPI and what is doubtful in it."""

    sheet: CategorySheet
    made: CategoryOutcome
    activities: tuple[ReadLine, ...]
    allowances: tuple[ReadLine, ...]
    individual: tuple[ReadLine, ...]
    cpi: tuple[CpiResult, ...]
    time_is_legal: bool


@dataclass(frozen=True)
class ReadVersion:
    """A version ready to be shown, printed or written to a file."""

    version: StudyVersion
    sheet: Sheet
    outcome: Outcome
    result: StudyResult
    method: Method
    rule: RoundingRule
    categories: tuple[ReadCategory, ...]
    doubts: tuple[Doubt, ...]
    is_as_saved: bool
    assumptions: tuple[str, ...] = ()
    sensitivity: dict[str, Any] = field(default_factory=dict)
    influences: tuple[dict[str, Any], ...] = ()

    @property
    def all_doubts(self) -> list[Doubt]:
        """Everything doubtful, in the order of the tables."""
        found: list[Doubt] = []
        for category in self.categories:
            found += category.made.time_doubts
            for line in (*category.activities, *category.allowances, *category.individual):
                found += line.line.doubts
            found += category.made.doubts
        return [*found, *self.doubts]


def read_version(version: StudyVersion) -> ReadVersion:
    """Compute a saved version again, to show each of its sums as a sentence."""
    sheet = sheet_of(version.input, version.extras)
    outcome = outcome_of(sheet)
    if outcome.result is None:
        raise RuntimeError("a saved version can be computed")
    sensitivity = version.result.get("sensitivity") or {}
    return ReadVersion(
        version=version,
        sheet=sheet,
        outcome=outcome,
        result=outcome.result,
        method=METHODS[outcome.result.variant],
        rule=ROUNDING_RULES[outcome.result.rounding],
        categories=tuple(
            _category(category, outcome.categories[category.key]) for category in sheet.categories
        ),
        doubts=tuple(outcome.doubts),
        is_as_saved=is_same_result(version.result, outcome.result),
        assumptions=tuple(version.extras.get("assumptions", [])),
        sensitivity=sensitivity,
        influences=tuple(
            {**each, "label": _input_label(each)}
            for each in sensitivity.get("influences", [])[:_MOST_INFLUENCES]
        ),
    )


def _input_label(influence: dict[str, Any]) -> str:
    words = {"name": influence["activity"]}
    if influence["input"] == "volume":
        return _("kuantitas %(name)s") % words
    return _("waktu %(name)s") % words


def _category(sheet: CategorySheet, made: CategoryOutcome) -> ReadCategory:
    return ReadCategory(
        sheet=sheet,
        made=made,
        activities=_lines(sheet.activities, made),
        allowances=_lines(sheet.allowances, made),
        individual=_lines(sheet.individual, made),
        cpi=tuple(_cpi(sheet)),
        time_is_legal=sheet.text("time_kind") == "legal",
    )


def _lines(rows: list[Row], made: CategoryOutcome) -> tuple[ReadLine, ...]:
    return tuple(ReadLine(row, made.lines[row.key]) for row in rows)


def _cpi(sheet: CategorySheet) -> list[CpiResult]:
    """Return the index of each activity that has a target time; rates have none."""
    found = []
    for row in sheet.activities:
        target, real = row.text("target"), row.text("time")
        if target and real and row.text("time_unit") != "per_hour":
            unit: Any = row.text("time_unit")
            found.append(
                calculate_cpi(Measure(row.text("name"), _exact(target), _exact(real), unit, unit))
            )
    return found


def _exact(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def cpi_ways() -> list[dict[str, Any]]:
    """Return the ways of computing the index, each by its name and source."""
    return [
        {"code": way.code, "label": way.label, "source": way.source, "is_verified": way.is_verified}
        for way in WAYS.values()
    ]
