"""Units of time and of period, and how a typed amount becomes minutes or a year's amount.

Everything is held as exact fractions; nothing is rounded here. A month is a twelfth of a year and
a volume per week counts 52 weeks. A volume per day counts the days on which the unit is open, for
a person's leave does not close the counter.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

TimeUnit = Literal["s", "min", "h", "per_hour"]
Period = Literal["day", "week", "month", "year"]
AmountUnit = Literal["hours", "minutes", "percent"]

TIME_UNITS: tuple[TimeUnit, ...] = ("s", "min", "h", "per_hour")
PERIODS: tuple[Period, ...] = ("day", "week", "month", "year")
AMOUNT_UNITS: tuple[AmountUnit, ...] = ("hours", "minutes", "percent")

TIME_UNIT_LABELS: dict[TimeUnit, str] = {
    "s": "detik",
    "min": "menit",
    "h": "jam",
    "per_hour": "kegiatan per jam",
}
PERIOD_LABELS: dict[Period, str] = {
    "day": "hari",
    "week": "minggu",
    "month": "bulan",
    "year": "tahun",
}
AMOUNT_UNIT_LABELS: dict[AmountUnit, str] = {
    "hours": "jam",
    "minutes": "menit",
    "percent": "persen",
}

WEEKS_PER_YEAR = 52
MONTHS_PER_YEAR = 12
MINUTES_PER_HOUR = 60


def minutes(value: Decimal | Fraction, unit: TimeUnit) -> Fraction:
    """Return a time per act in minutes; `per_hour` is a rate (WHO allows either)."""
    exact = Fraction(value)
    if unit == "s":
        return exact / 60
    if unit == "h":
        return exact * 60
    if unit == "per_hour":
        return 60 / exact
    return exact


def times_per_year(per: Period, *, days: Fraction, weeks: Fraction) -> Fraction:
    """Return how many of this period a year counts."""
    return {
        "day": days,
        "week": weeks,
        "month": Fraction(MONTHS_PER_YEAR),
        "year": Fraction(1),
    }[per]
