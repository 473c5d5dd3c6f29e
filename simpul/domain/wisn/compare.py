"""Two results side by side: the same study a year later, or one study by two variants.

One cut of data gives 1.7 to 2.4 people by the choice of variant alone, so a difference in variant
or rounding is always said first.
"""

from dataclasses import dataclass
from fractions import Fraction

from simpul.domain.findings import Finding, Meaningless
from simpul.domain.wisn.results import CategoryResult, StudyResult
from simpul.domain.wisn.rounding import ROUNDING_RULES
from simpul.domain.wisn.study import STUDY_PLACE, category_place
from simpul.domain.wisn.wording import figure


@dataclass(frozen=True)
class ComparedCategory:
    """One category in both results; None where one has no such category."""

    name: str
    first: CategoryResult | None
    second: CategoryResult | None

    @property
    def change(self) -> Fraction | None:
        """Need of the second less that of the first."""
        if self.first is None or self.second is None:
            return None
        return self.second.required_fte - self.first.required_fte


@dataclass(frozen=True)
class Comparison:
    """Both results by category; `is_alike` when method, rounding and categories are the same."""

    first: StudyResult
    second: StudyResult
    rows: tuple[ComparedCategory, ...]
    change: Fraction
    findings: tuple[Finding, ...]

    @property
    def is_alike(self) -> bool:
        """Whether the difference comes from the data alone."""
        return not self.findings


def compare(first: StudyResult, second: StudyResult, *, strict: bool = False) -> Comparison:
    """Set two results beside each other; `strict` refuses two variants instead of saying so."""
    findings = []
    if first.variant != second.variant:
        message = (
            f"Hasil dihitung dengan dua cara: {first.method.label} dan {second.method.label}. "
            "Selisihnya sebagian atau seluruhnya berasal dari cara, bukan dari pekerjaan."
        )
        if strict:
            raise Meaningless("variants_differ", STUDY_PLACE, message)
        findings.append(
            Finding(
                "variants_differ",
                "warning",
                STUDY_PLACE,
                message,
                f"hitung keduanya dengan {first.method.label}",
            )
        )
    if first.rounding != second.rounding:
        findings.append(
            Finding(
                "roundings_differ",
                "warning",
                STUDY_PLACE,
                f"Dibulatkan dengan dua aturan: {ROUNDING_RULES[first.rounding].label} dan "
                f"{ROUNDING_RULES[second.rounding].label}.",
                f"bulatkan keduanya dengan {ROUNDING_RULES[first.rounding].label}",
            )
        )
    rows = _rows(first, second)
    for row in rows:
        if row.change is None:
            findings.append(
                Finding(
                    "category_missing",
                    "info",
                    category_place(row.name),
                    "Kategori ini hanya ada pada salah satu hasil.",
                )
            )
        elif row.first and row.second and _time_changed(row.first, row.second):
            findings.append(
                Finding(
                    "working_time_changed",
                    "info",
                    category_place(row.name),
                    f"Waktu kerja tersedia berubah dari {figure(row.first.available.hours)} "
                    f"menjadi {figure(row.second.available.hours)} jam.",
                )
            )
    return Comparison(
        first,
        second,
        rows,
        second.totals.required_fte - first.totals.required_fte,
        tuple(findings),
    )


def _time_changed(first: CategoryResult, second: CategoryResult) -> bool:
    return first.available.hours != second.available.hours


def _rows(first: StudyResult, second: StudyResult) -> tuple[ComparedCategory, ...]:
    before = {row.name: row for row in first.categories}
    after = {row.name: row for row in second.categories}
    names = [*before, *(name for name in after if name not in before)]
    return tuple(ComparedCategory(name, before.get(name), after.get(name)) for name in names)
