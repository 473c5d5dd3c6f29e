"""Two versions side by side, line by line; two methods are never set against each other unsaid."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from simpul.domain.wisn import (
    ActivityResult,
    CategoryResult,
    Comparison,
    StudyResult,
    compare,
)
from simpul.planning.studies.computing import compute, recompute
from simpul.planning.studies.models import StudyVersion

Figure = Fraction | int | None


@dataclass(frozen=True)
class ComparedFigure:
    """One figure of both; `change` is None where one is missing or the methods differ."""

    label: str
    first: Figure
    second: Figure
    decimals: int
    change: Figure
    is_activity: bool = False


@dataclass(frozen=True)
class ComparedCategory:
    """One category of both, figure by figure."""

    name: str
    first_summary: str
    second_summary: str
    figures: tuple[ComparedFigure, ...]


@dataclass(frozen=True)
class SideBySide:
    """Both versions; `by_method` says that both were computed anew by one method to be alike."""

    first: StudyVersion
    second: StudyVersion
    comparison: Comparison
    categories: tuple[ComparedCategory, ...]
    methods_differ: bool
    by_method: str = ""


#: Code of each compared figure of a category → (label key, decimals).
CATEGORY_FIGURES = (
    ("hours", 0), ("workload_fte", 2), ("support", 4), ("required_fte", 2), ("required_staff", 0),
    ("staff", 1),
)  # fmt: skip


def side_by_side(
    first: StudyVersion,
    second: StudyVersion,
    *,
    labels: dict[str, str],
    method: tuple[str, str] | None = None,
) -> SideBySide:
    """Return two versions side by side; with `method` (variant, rounding) both computed by it."""
    results = [_result(version, method) for version in (first, second)]
    comparison = compare(*results)
    differ = first.variant != second.variant and method is None
    rounding_differs = results[0].rounding != results[1].rounding
    return SideBySide(
        first=first,
        second=second,
        comparison=comparison,
        categories=tuple(
            ComparedCategory(
                name=row.name,
                first_summary="" if row.first is None else row.first.summary,
                second_summary="" if row.second is None else row.second.summary,
                figures=tuple(
                    _figures(
                        row.first, row.second, labels, differ=differ, posts_differ=rounding_differs
                    )
                ),
            )
            for row in comparison.rows
        ),
        methods_differ=differ,
        by_method="" if method is None else method[0],
    )


def _result(version: StudyVersion, method: tuple[str, str] | None) -> StudyResult:
    if method is None:
        return compute(version.input)
    return recompute(version.input, variant=method[0], rounding=method[1])


def _figures(
    first: CategoryResult | None,
    second: CategoryResult | None,
    labels: dict[str, str],
    *,
    differ: bool,
    posts_differ: bool,
) -> list[ComparedFigure]:
    found = []
    for code, decimals in CATEGORY_FIGURES:
        one, other = _figure(first, code), _figure(second, code)
        # What people there are and how much was done does not depend on the method.
        alike = code == "staff" or not differ
        if code == "required_staff" and posts_differ:
            alike = False
        found.append(
            ComparedFigure(labels[code], one, other, decimals, _change(one, other, alike=alike))
        )
    mine = {_plain(act.name): act for act in first.activities} if first else {}
    theirs = {_plain(act.name): act for act in second.activities} if second else {}
    for key in [*mine, *(key for key in theirs if key not in mine)]:
        found += _activity(mine.get(key), theirs.get(key), labels, differ=differ)
    return found


def _activity(
    first: ActivityResult | None,
    second: ActivityResult | None,
    labels: dict[str, str],
    *,
    differ: bool,
) -> list[ComparedFigure]:
    one_or_other: Any = first or second
    name = one_or_other.name
    rows = []
    for code, decimals, depends in (
        ("minutes", 2, False), ("volume_per_year", 0, False), ("required_fte", 2, True),
    ):  # fmt: skip
        one = None if first is None else getattr(first, code)
        other = None if second is None else getattr(second, code)
        change = _change(one, other, alike=not (depends and differ))
        label = f"{name} · {labels[code if code != 'required_fte' else 'act_fte']}"
        rows.append(ComparedFigure(label, one, other, decimals, change, is_activity=True))
    return rows


def _figure(row: CategoryResult | None, code: str) -> Figure:
    if row is None:
        return None
    if code == "hours":
        return row.available.hours
    if code == "support":
        return row.allowance.share
    value: Figure = getattr(row, code)
    return value


def _change(first: Figure, second: Figure, *, alike: bool) -> Figure:
    if first is None or second is None or not alike:
        return None
    return second - first


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
