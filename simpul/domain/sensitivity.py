"""How far the need may lie from its figure, and which input matters most.

Unit times and volumes may carry a low and a high. The need rises with each of them, so all lows
give its lowest and all highs its highest; each alone, the others held, gives its influence.
Inputs without a range stay fixed unless a `spread` is given for them. Method: one-at-a-time
analysis of the formulas in `simpul.domain.wisn`; nothing is drawn at random.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from simpul.domain.findings import Meaningless
from simpul.domain.wisn import (
    Activity,
    Category,
    CategoryResult,
    Study,
    activity_place,
    calculate_category,
    figure,
    minutes,
    round_posts,
    short,
)
from simpul.domain.wisn.units import WEEKS_PER_YEAR, times_per_year

Kind = Literal["unit_time", "volume"]
_KIND_LABELS: dict[Kind, str] = {"unit_time": "waktu per kegiatan", "volume": "volume"}


@dataclass(frozen=True)
class Influence:
    """One input moved from its low to its high while the others stay."""

    where: str
    category: str
    activity: str
    kind: Kind
    low: Decimal
    high: Decimal
    low_fte: Fraction
    high_fte: Fraction

    @property
    def swing(self) -> Fraction:
        """By how many people this input alone moves the need."""
        return self.high_fte - self.low_fte

    @property
    def label(self) -> str:
        """Name the input as a reader knows it."""
        return f"{_KIND_LABELS[self.kind]} {self.activity}"


@dataclass(frozen=True)
class Range:
    """The need of one category (or of all, with an empty name) at all lows, as typed, all highs."""

    name: str
    low_fte: Fraction
    base_fte: Fraction
    high_fte: Fraction
    low_staff: int
    base_staff: int
    high_staff: int

    @property
    def sentence(self) -> str:
        """Say the range."""
        if self.low_fte == self.high_fte:
            return f"perlu {figure(self.base_fte, 2)} orang; tidak ada rentang yang diisi"
        posts = (
            f"{self.low_staff} orang"
            if self.low_staff == self.high_staff
            else f"{self.low_staff}–{self.high_staff} orang"
        )
        return (
            f"perlu {figure(self.low_fte, 2)} sampai {figure(self.high_fte, 2)} ({posts}), "
            f"paling mungkin {figure(self.base_fte, 2)}"
        )


@dataclass(frozen=True)
class Sensitivity:
    """Ranges per category and of all, and the inputs from the most to the least decisive."""

    categories: tuple[Range, ...]
    total: Range
    influences: tuple[Influence, ...]

    @property
    def sentence(self) -> str:
        """Say which input matters most."""
        if not self.influences or not self.influences[0].swing:
            return "Isi batas bawah dan atas waktu atau volume untuk melihat mana yang menentukan."
        most = self.influences[0]
        return (
            f"Paling menentukan: {most.label} ({short(most.low)} sampai {short(most.high)}) "
            f"menggeser kebutuhan {figure(most.swing, 2)} orang."
        )


def sensitivity(study: Study, *, spread: Fraction | None = None) -> Sensitivity:
    """Return the range of need; `spread` (0.1 = ±10 %) is for inputs without their own range."""
    if spread is not None and not 0 <= spread < 1:
        raise Meaningless("spread_impossible", "", "Rentang harus dari 0 % sampai di bawah 100 %.")
    ranges = []
    influences = []
    for category in study.categories:
        base = calculate_category(category, study.variant, study.rounding)
        moves = _moves(category, base, spread)
        ranges.append(_range(base, moves, study))
        influences += list(_influences(base, moves))
    influences.sort(key=lambda each: (-each.swing, each.where, each.kind))
    total = Range(
        "",
        sum((each.low_fte for each in ranges), Fraction(0)),
        sum((each.base_fte for each in ranges), Fraction(0)),
        sum((each.high_fte for each in ranges), Fraction(0)),
        sum(each.low_staff for each in ranges),
        sum(each.base_staff for each in ranges),
        sum(each.high_staff for each in ranges),
    )
    return Sensitivity(tuple(ranges), total, tuple(influences))


@dataclass(frozen=True)
class _Moves:
    """One activity's ends and what a minute of one act weighs in the need.

    The need is linear in each act's time and in its volume, so each move is one multiplication
    instead of a whole study computed anew.
    """

    activity: Activity
    times: tuple[Decimal, Decimal]
    volumes: tuple[Decimal, Decimal]
    weight: Fraction

    def fte(self, time: Decimal, volume: Decimal) -> Fraction:
        """Return the need this activity makes with that time and volume."""
        each = minutes(time, self.activity.unit_time.unit)
        return each * Fraction(volume) * self.weight

    @property
    def base(self) -> Fraction:
        """Return the need it makes as typed."""
        return self.fte(self.activity.unit_time.value, self.activity.volume)


def _moves(category: Category, base: CategoryResult, spread: Fraction | None) -> tuple[_Moves, ...]:
    factor = base.allowance.factor or Fraction(1)
    available = base.available
    found = []
    for activity in category.activities:
        year = times_per_year(
            activity.per, days=available.open_days, weeks=Fraction(WEEKS_PER_YEAR)
        )
        found.append(
            _Moves(
                activity,
                _times(category, activity, spread),
                _volumes(category, activity, spread),
                year * factor / available.minutes,
            )
        )
    return tuple(found)


def _range(base: CategoryResult, moves: tuple[_Moves, ...], study: Study) -> Range:
    fixed = base.required_fte - sum((each.base for each in moves), Fraction(0))
    low, high = (
        fixed + sum((each.fte(each.times[end], each.volumes[end]) for each in moves), Fraction(0))
        for end in (0, 1)
    )
    return Range(
        base.name,
        low,
        base.required_fte,
        high,
        max(base.minimum_cover, round_posts(low, study.rounding)),
        base.required_staff,
        max(base.minimum_cover, round_posts(high, study.rounding)),
    )


def _influences(base: CategoryResult, moves: tuple[_Moves, ...]) -> Iterator[Influence]:
    for move in moves:
        activity = move.activity
        others = base.required_fte - move.base
        time = activity.unit_time.value
        ends: tuple[tuple[Kind, tuple[Decimal, Decimal], list[Fraction]], ...] = (
            ("unit_time", move.times, [move.fte(each, activity.volume) for each in move.times]),
            ("volume", move.volumes, [move.fte(time, each) for each in move.volumes]),
        )
        for kind, (low, high), needs in ends:
            if low != high:
                yield Influence(
                    activity_place(base.name, activity.name),
                    base.name,
                    activity.name,
                    kind,
                    low,
                    high,
                    others + needs[0],
                    others + needs[1],
                )


def _times(
    category: Category, activity: Activity, spread: Fraction | None
) -> tuple[Decimal, Decimal]:
    """Return the time that needs least and the one that needs most (a rate turns them round)."""
    typed = activity.unit_time
    low, high = _ends(
        typed.value, typed.low, typed.high, spread, activity_place(category.name, activity.name)
    )
    if low <= 0:
        raise Meaningless(
            "unit_time_zero",
            activity_place(category.name, activity.name),
            "Batas bawah waktu per kegiatan harus lebih dari nol.",
        )
    if minutes(low, typed.unit) > minutes(high, typed.unit):
        return high, low
    return low, high


def _volumes(
    category: Category, activity: Activity, spread: Fraction | None
) -> tuple[Decimal, Decimal]:
    where = activity_place(category.name, activity.name)
    low, high = _ends(activity.volume, activity.volume_low, activity.volume_high, spread, where)
    if low < 0:
        raise Meaningless("negative", where, "Batas bawah volume kurang dari nol.")
    return low, high


def _ends(
    value: Decimal,
    low: Decimal | None,
    high: Decimal | None,
    spread: Fraction | None,
    where: str,
) -> tuple[Decimal, Decimal]:
    if low is None and high is None and spread is not None:
        share = Decimal(spread.numerator) / Decimal(spread.denominator)
        return value * (1 - share), value * (1 + share)
    bottom = value if low is None else low
    top = value if high is None else high
    if not bottom <= value <= top:
        raise Meaningless(
            "range_impossible",
            where,
            f"Rentang {short(bottom)} sampai {short(top)} tidak memuat nilainya, {short(value)}.",
        )
    return bottom, top
