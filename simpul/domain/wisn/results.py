"""What a calculation gives: exact fractions, each with the sentence that says how it came about."""

from dataclasses import dataclass
from fractions import Fraction

from simpul.domain.findings import Finding
from simpul.domain.wisn.pressure import PressureBand
from simpul.domain.wisn.rounding import Rounding
from simpul.domain.wisn.variants import Method, Support, Variant


@dataclass(frozen=True)
class AvailableTime:
    """Working time of one person in a year, and what periods are counted with.

    `open_days` turns a volume per day into a year, `weeks` a weekly allowance into a person's year.
    """

    days: Fraction
    hours: Fraction
    open_days: Fraction
    weeks: Fraction
    source: str
    sentence: str
    is_legal: bool = False
    days_are_assumed: bool = False

    @property
    def minutes(self) -> Fraction:
        """The same in minutes."""
        return self.hours * 60


@dataclass(frozen=True)
class ActivityResult:
    """One activity: acts one person can do in a year, and the need its volume makes."""

    name: str
    where: str
    minutes: Fraction
    volume_per_year: Fraction
    standard_workload: Fraction
    required_fte: Fraction
    standard_sentence: str
    need_sentence: str


@dataclass(frozen=True)
class AllowanceLine:
    """One allowance: hours of a year, and the share (of all) or FTE (of some members) they are."""

    name: str
    where: str
    hours_per_year: Fraction
    share: Fraction
    sentence: str


@dataclass(frozen=True)
class AllowanceResult:
    """Support work of the whole category.

    `share` is the part of a person's time; `factor` is set for the variants that multiply,
    `standard` for the one that adds; both are None where the variant counts no support.
    """

    kind: Support
    share: Fraction
    factor: Fraction | None
    standard: Fraction | None
    lines: tuple[AllowanceLine, ...]
    sentence: str


@dataclass(frozen=True)
class CategoryResult:
    """One staff category.

    `workload_fte` is the sum of the activities before support; `required_fte` the exact need;
    `rounded_staff` the need in whole posts, `required_staff` not less than the minimum cover.
    `difference` (staff - required_staff) and `difference_fte` (staff - required_fte) are negative
    for a shortage. `ratio` is staff over `required_fte`, None without a need.
    """

    name: str
    where: str
    staff: Fraction
    available: AvailableTime
    activities: tuple[ActivityResult, ...]
    allowance: AllowanceResult
    individual: tuple[AllowanceLine, ...]
    individual_allowance: Fraction
    workload_fte: Fraction
    required_fte: Fraction
    rounded_staff: int
    minimum_cover: int
    required_staff: int
    difference: Fraction
    difference_fte: Fraction
    ratio: Fraction | None
    pressure: PressureBand
    workload_sentence: str
    required_sentence: str
    rounding_sentence: str
    ratio_sentence: str
    summary: str
    findings: tuple[Finding, ...]

    @property
    def shortage(self) -> Fraction:
        """Posts missing; 0 when there are enough."""
        return max(Fraction(0), -self.difference)

    @property
    def surplus(self) -> Fraction:
        """People above the posts; 0 when there are too few."""
        return max(Fraction(0), self.difference)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every sum of this category, in order."""
        lines = [self.available.sentence]
        for activity in self.activities:
            lines += [activity.standard_sentence, activity.need_sentence]
        lines.append(self.workload_sentence)
        lines += [line.sentence for line in self.allowance.lines]
        lines.append(self.allowance.sentence)
        lines += [line.sentence for line in self.individual]
        lines += [self.required_sentence, self.rounding_sentence, self.ratio_sentence, self.summary]
        return tuple(line for line in lines if line)


@dataclass(frozen=True)
class Totals:
    """Sums over categories or facilities; the ratio is the ratio of sums, never a mean of ratios.

    Shortage and surplus stay apart: one category's surplus does not fill another's shortage.
    """

    staff: Fraction
    required_fte: Fraction
    required_staff: int
    shortage: Fraction
    surplus: Fraction
    difference: Fraction
    ratio: Fraction | None
    pressure: PressureBand
    sentence: str


@dataclass(frozen=True)
class StudyResult:
    """The result of a study, with the variant and rounding it was computed by."""

    name: str
    year: int | None
    variant: Variant
    method: Method
    rounding: Rounding
    categories: tuple[CategoryResult, ...]
    totals: Totals
    findings: tuple[Finding, ...]

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Findings of the categories in order, then those of the whole study."""
        return tuple(f for category in self.categories for f in category.findings) + self.findings
