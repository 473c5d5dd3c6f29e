"""What a sheet on the screen comes to: each line with its sums and doubts, as far as it is read.

While somebody types, lines that are not finished are left out and the rest is computed all the
same. A doubt that knows the right figure also knows the fields it belongs in.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from simpul.domain.findings import Finding, Meaningless
from simpul.domain.wisn import (
    CategoryResult,
    StudyResult,
    activity_place,
    allowance_place,
    category_place,
    working_time_place,
)
from simpul.planning.studies.computing import compute
from simpul.planning.studies.figures import as_typed, read_figure
from simpul.planning.studies.sheet import CategorySheet, Row, Sheet
from simpul.planning.studies.sheet_reading import Read, read_sheet

#: Problems that are told while somebody is still typing; an empty field is not one of them.
_AT_ONCE = frozenset(
    {"figure_unreadable", "step_unreadable", "range_low", "range_high", "time_zero", "target_zero"}
)
_FIRST_FIGURE = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True)
class Doubt:
    """A finding beside its line, with the fields its figure would go into: (field name, text)."""

    code: str
    severity: str
    where: str
    message: str
    corrected: str
    fills: tuple[tuple[str, str], ...] = ()

    @property
    def fills_json(self) -> str:
        """The fields and texts as the script reads them."""
        return json.dumps([list(fill) for fill in self.fills])


@dataclass
class Line:
    """One row of a table: the figures computed for it, the sentences, what is doubtful."""

    standard: Any = None
    need: Any = None
    hours: Any = None
    share: Any = None
    sentences: tuple[str, ...] = ()
    doubts: list[Doubt] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass
class CategoryOutcome:
    """One category: its result if it has one, doubts of the working time and of the whole."""

    key: str
    result: CategoryResult | None = None
    time_doubts: list[Doubt] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    lines: dict[str, Line] = field(default_factory=dict)
    left_out: int = 0


@dataclass
class Outcome:
    """The whole sheet: what was read, the result of what could be computed, why not more."""

    read: Read
    result: StudyResult | None = None
    categories: dict[str, CategoryOutcome] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    refusal: Meaningless | None = None

    @property
    def problems(self) -> dict[str, str]:
        """Sentence of the first problem of each field."""
        found: dict[str, str] = {}
        for problem in self.read.problems:
            found.setdefault(problem.where, problem.message)
        return found


def outcome_of(sheet: Sheet) -> Outcome:
    """Read and compute a sheet as far as it goes."""
    read = read_sheet(sheet)
    outcome = Outcome(read)
    for category in sheet.categories:
        rows = (*category.activities, *category.allowances, *category.individual)
        outcome.categories[category.key] = CategoryOutcome(
            category.key, lines={row.key: Line() for row in rows}
        )
    kept, places = _finished(read, outcome)
    for problem in read.problems:
        if problem.code in _AT_ONCE:
            line = _line_of(problem.where, outcome)
            if line is not None:
                line.problems.append(problem.message)
    if not kept:
        return outcome
    try:
        result = compute({**read.input, "categories": kept})
    except Meaningless as refusal:
        outcome.refusal = refusal
        return outcome
    outcome.result = result
    sheets = {category.key: category for category in sheet.categories}
    for made, place in zip(result.categories, places, strict=True):
        _put(outcome.categories[place["stem"]], sheets[place["stem"]], made, place)
    outcome.doubts = [_doubt(finding) for finding in result.findings]
    _move_to_lines(outcome, places, result)
    return outcome


def refused_field(refusal: Meaningless, read: Read) -> str:
    """Return the field a refusal of the engine is about, to jump to; "" when it is about none."""
    for category, place in zip(read.input["categories"], read.places, strict=True):
        name = category["name"]
        if refusal.where == working_time_place(name):
            legal = "hours_per_year" in category.get("working_time", {})
            return f"{place['stem']}-{'hours_per_year' if legal else 'working_days'}"
        for act, key in zip(category["activities"], place["activities"], strict=True):
            if refusal.where == activity_place(name, act["name"]):
                return f"{key}-time"
        for table, keys in (("allowances", "allowances"), ("individual_allowances", "individual")):
            for row, key in zip(category[table], place[keys], strict=True):
                if refusal.where == allowance_place(name, row["name"]):
                    return f"{key}-amount"
        if refusal.where.startswith(category_place(name)):
            first = place["allowances"][0] if place["allowances"] else f"{place['stem']}"
            return f"{first}-{'amount' if place['allowances'] else 'name'}"
    return ""


def _finished(read: Read, outcome: Outcome) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the categories and rows without problems, with their places."""
    bad = {problem.where.rpartition("-")[0] for problem in read.problems}
    kept, places = [], []
    for category, place in zip(read.input["categories"], read.places, strict=True):
        lines = {
            "activities": "activities", "allowances": "allowances",
            "individual_allowances": "individual",
        }  # fmt: skip
        made, where = dict(category), {"stem": place["stem"]}
        left_out = 0
        for table, keys in lines.items():
            pairs = zip(category[table], place[keys], strict=True)
            good = [(row, key) for row, key in pairs if key not in bad]
            left_out += len(category[table]) - len(good)
            made[table] = [row for row, _key in good]
            where[keys] = [key for _row, key in good]
        outcome.categories[place["stem"]].left_out = left_out
        named = {p.where for p in read.problems if p.where == f"{place['stem']}-name"}
        others = place["stem"] in bad and not named
        if others or not made["activities"]:
            continue
        kept.append(made)
        places.append(where)
    return kept, places


def _put(
    outcome: CategoryOutcome, sheet: CategorySheet, row: CategoryResult, place: dict[str, Any]
) -> None:
    outcome.result = row
    for act, key in zip(row.activities, place["activities"], strict=True):
        line = outcome.lines[key]
        line.standard, line.need = act.standard_workload, act.required_fte
        line.sentences = (act.standard_sentence, act.need_sentence)
    for lines, table in ((row.allowance.lines, "allowances"), (row.individual, "individual")):
        for allowance, key in zip(lines, place[table], strict=True):
            line = outcome.lines[key]
            line.hours, line.share = allowance.hours_per_year, allowance.share
            line.sentences = (allowance.sentence,)
    rows = {each.key: each for each in (*sheet.activities, *sheet.allowances, *sheet.individual)}
    by_place = _keys_by_place(row, place)
    for finding in row.findings:
        keys = by_place.get(finding.where, [])
        if finding.where == working_time_place(row.name):
            fills = _time_fills(finding, sheet)
            # A mean of shifts stays unlike each of them; once it is typed there is nothing to do.
            if not fills or any(sheet.text(_field(name)) != text for name, text in fills):
                outcome.time_doubts.append(_doubt(finding, fills))
        elif keys:
            for key in keys:
                fills = _row_fills(finding, rows[key], sheet)
                outcome.lines[key].doubts.append(_doubt(finding, fills))
        else:
            outcome.doubts.append(_doubt(finding))


def _keys_by_place(row: CategoryResult, place: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    tables: Iterable[tuple[Iterable[Any], str]] = (
        (row.activities, "activities"),
        (row.allowance.lines, "allowances"),
        (row.individual, "individual"),
    )
    for lines, keys in tables:
        for line, key in zip(lines, place[keys], strict=True):
            found.setdefault(line.where, []).append(key)
    return found


def _move_to_lines(outcome: Outcome, places: list[dict[str, Any]], result: StudyResult) -> None:
    """Doubts of the whole study that name one line are shown beside it."""
    stay = []
    for doubt in outcome.doubts:
        lines = [
            outcome.categories[place["stem"]].lines[key]
            for row, place in zip(result.categories, places, strict=True)
            for key in _keys_by_place(row, place).get(doubt.where, [])
        ]
        for line in lines:
            line.doubts.append(doubt)
        if not lines:
            stay.append(doubt)
    outcome.doubts = stay


def _line_of(where: str, outcome: Outcome) -> Line | None:
    stem = where.rpartition("-")[0]
    category = outcome.categories.get(where.partition("-")[0])
    return None if category is None else category.lines.get(stem)


def _doubt(finding: Finding, fills: tuple[tuple[str, str], ...] = ()) -> Doubt:
    return Doubt(
        finding.code,
        finding.severity,
        finding.where,
        finding.message,
        finding.corrected,
        fills,
    )


def _field(name: str) -> str:
    return name.rpartition("-")[2]


def _first_figure(text: str) -> str:
    """Return the one figure of a correction as it would be typed; a range has none."""
    found = _FIRST_FIGURE.findall(text)
    exact = read_figure(found[0]) if len(found) == 1 else None
    return "" if exact is None else as_typed(exact)


def _time_fills(finding: Finding, sheet: CategorySheet) -> tuple[tuple[str, str], ...]:
    names = {
        "working_days_differ": "working_days",
        "shift_hours_differ": "hours_per_day",
        "working_time_not_method": "hours_per_year",
    }
    name = names.get(finding.code)
    text = _first_figure(finding.corrected)
    if name is None or not text:
        return ()
    if name == "hours_per_year" and sheet.text("time_kind") != "legal":
        return ()
    return ((f"{sheet.key}-{name}", text),)


def _row_fills(finding: Finding, row: Row, sheet: CategorySheet) -> tuple[tuple[str, str], ...]:
    if finding.code == "weekly_52":
        text = _first_figure(finding.corrected)
        if not text:
            return ()
        stem = row.key
        return ((f"{stem}-amount", text), (f"{stem}-unit", "hours"), (f"{stem}-per", "year"))
    if finding.code == "unit_time_long":
        smaller = {"min": "s", "h": "min"}.get(row.text("time_unit"))
        return ((f"{row.key}-time_unit", smaller),) if smaller else ()
    if finding.code == "individual_staff_many" and sheet.text("staff").strip():
        return ((f"{row.key}-staff", sheet.text("staff").strip()),)
    return ()
