"""How measurements spread: mean, standard deviation, median, quartiles, extremes; and rounding.

Everything is kept as exact fractions; only the square root of the variance is a `Decimal` of 28
digits. Quartiles are those of Hyndman and Fan (1996), type 7, which is also QUARTILE.INC of
spreadsheets; the standard deviation divides by n - 1, for those counted stand for the years around.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

Exact = Fraction | Decimal | int

#: The name of the rounding used wherever a percentage or a mean is shown.
ORDINARY = "ordinary"


def ordinary(value: Exact, places: int = 2) -> Decimal:
    """Round as taught at school: to the nearest, halves away from zero (17.4603 → 17.46)."""
    exact = Fraction(value)
    scaled = abs(exact) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = -1 if exact < 0 else 1
    with localcontext() as context:
        context.prec = max(28, len(str(whole)) + 2)
        step = Decimal(1).scaleb(-places)
        return (Decimal(sign * whole).scaleb(-places)).quantize(step, ROUND_HALF_UP)


def as_decimal(value: Exact, digits: int = 28) -> Decimal:
    """Return an exact number as a decimal of so many digits, for roots, logarithms and output."""
    exact = Fraction(value)
    with localcontext() as context:
        context.prec = digits
        return Decimal(exact.numerator) / Decimal(exact.denominator)


@dataclass(frozen=True)
class Spread:
    """What a row of measurements looks like; `sd` is None for a single one."""

    n: int
    mean: Fraction
    sd: Decimal | None
    median: Fraction
    q1: Fraction
    q3: Fraction
    minimum: Fraction
    maximum: Fraction


def spread_of(values: Sequence[Exact]) -> Spread | None:
    """Return the spread, or None where nothing was measured."""
    if not values:
        return None
    ordered = sorted(Fraction(value) for value in values)
    n = len(ordered)
    mean = sum(ordered, Fraction(0)) / n
    return Spread(
        n=n,
        mean=mean,
        sd=_deviation(ordered, mean),
        median=_quantile(ordered, Fraction(1, 2)),
        q1=_quantile(ordered, Fraction(1, 4)),
        q3=_quantile(ordered, Fraction(3, 4)),
        minimum=ordered[0],
        maximum=ordered[-1],
    )


def _deviation(values: Sequence[Fraction], mean: Fraction) -> Decimal | None:
    if len(values) < 2:
        return None
    variance = sum(((value - mean) ** 2 for value in values), Fraction(0)) / (len(values) - 1)
    with localcontext() as context:
        context.prec = 28
        return (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()


def _quantile(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
