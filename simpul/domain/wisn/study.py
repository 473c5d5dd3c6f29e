"""What is typed into a staffing study: values as they were typed, each with its unit.

Field names are those of the fixed input format. `low` and `high` are only for the sensitivity;
`last_year_volume` only for the check of a jump; `steps` only for the check of double counting.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from simpul.domain.findings import Finding
from simpul.domain.wisn.rounding import Rounding
from simpul.domain.wisn.units import AmountUnit, Period, TimeUnit
from simpul.domain.wisn.variants import Variant


@dataclass(frozen=True)
class Entitlement:
    """Working time by entitlement: days of the year less what is taken, times hours a day.

    A working days, B annual leave, C training, D public holidays, E absence, F hours a day of
    Kepmenkes 81/2004. `days_per_week` is derived when None (6 for 312, 5 for 250 or 260);
    `open_days` (the unit's) is A - D when None; `shift_hours` are the lengths of the real shifts.
    """

    working_days: Decimal
    annual_leave: Decimal = Decimal(0)
    training: Decimal = Decimal(0)
    public_holidays: Decimal = Decimal(0)
    absence: Decimal = Decimal(0)
    hours_per_day: Decimal = Decimal(0)
    days_per_week: Decimal | None = None
    open_days: Decimal | None = None
    shift_hours: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class LegalHours:
    """Working time as a legal constant, with the rule it comes from and that rule's date."""

    hours_per_year: Decimal
    source: str = ""
    date: str = ""
    days_per_year: Decimal | None = None
    open_days: Decimal | None = None


WorkingTime = Entitlement | LegalHours


@dataclass(frozen=True)
class UnitTime:
    """Time of one act; `is_assumed` when the unit was left out and minutes were taken."""

    value: Decimal
    unit: TimeUnit = "min"
    low: Decimal | None = None
    high: Decimal | None = None
    is_assumed: bool = False


@dataclass(frozen=True)
class ActStep:
    """One timed step of an activity, to find steps counted in two activities."""

    name: str
    value: Decimal
    unit: TimeUnit = "s"


@dataclass(frozen=True)
class Activity:
    """One activity: the time of one act and how many acts there are per period."""

    name: str
    unit_time: UnitTime
    volume: Decimal
    per: Period = "year"
    volume_low: Decimal | None = None
    volume_high: Decimal | None = None
    last_year_volume: Decimal | None = None
    steps: tuple[ActStep, ...] = ()
    per_is_assumed: bool = False


@dataclass(frozen=True)
class Allowance:
    """Support work of everyone in the category: time per period, or percent of a person's time."""

    name: str
    amount: Decimal
    unit: AmountUnit = "hours"
    per: Period = "year"


@dataclass(frozen=True)
class IndividualAllowance:
    """Work of some members only: how many of them, and the time of each per period."""

    name: str
    staff: Decimal
    amount: Decimal
    unit: AmountUnit = "hours"
    per: Period = "year"


@dataclass(frozen=True)
class Category:
    """One staff category of one unit. No working time is taken as the variant's legal constant."""

    name: str
    staff: Decimal = Decimal(0)
    working_time: WorkingTime | None = None
    activities: tuple[Activity, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    individual_allowances: tuple[IndividualAllowance, ...] = ()
    minimum_cover: Decimal = Decimal(0)


PrintedFigure = Literal[
    "working_days",
    "annual_leave",
    "training",
    "public_holidays",
    "absence",
    "hours_per_day",
    "days",
    "hours",
    "minutes",
    "unit_time",
    "standard_workload",
    "standard_workload_sum",
    "required_fte",
    "allowance_share",
    "required_staff",
    "difference",
    "quotient",
]


@dataclass(frozen=True)
class Printed:
    """One figure as a published study prints it, to be compared with the recomputed one.

    `category` and `activity` name the place ("" = the whole study); `unit` is the printed label;
    `high` makes the figure a range; a `quotient` is numerator / denominator.
    """

    figure: PrintedFigure
    value: Decimal
    category: str = ""
    activity: str = ""
    unit: str = ""
    high: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    label: str = ""


@dataclass(frozen=True)
class Study:
    """A whole study: one variant and one rounding rule for all its categories.

    `notes` are findings of whoever read it (a name not known, a unit assumed).
    """

    categories: tuple[Category, ...]
    variant: Variant = "who_wisn"
    rounding: Rounding = "who"
    name: str = ""
    year: int | None = None
    printed: tuple[Printed, ...] = ()
    notes: tuple[Finding, ...] = ()


def category_place(category: str) -> str:
    """Return how findings name a category."""
    return f"kategori {category}"


def activity_place(category: str, activity: str) -> str:
    """Return how findings name an activity."""
    return f"{category_place(category)} › kegiatan {activity}"


def allowance_place(category: str, allowance: str) -> str:
    """Return how findings name an allowance, of all or of some members."""
    return f"{category_place(category)} › kelonggaran {allowance}"


def working_time_place(category: str) -> str:
    """Return how findings name a category's working time."""
    return f"{category_place(category)} › waktu kerja"


STUDY_PLACE = "seluruh kajian"
