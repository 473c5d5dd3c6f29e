"""Exact figures as people read them: at most two decimals with a comma, a share in percent."""

from decimal import Decimal
from fractions import Fraction

from django import template

from simpul.domain.wisn import figure, short

register = template.Library()


@register.filter
def two(value: Decimal | Fraction | float | str | None) -> str:
    """Write a figure with at most two decimals; nothing is a dash."""
    if value is None or value == "":
        return "–"
    return short(Fraction(value)).replace("-", "−")


@register.filter
def fte(value: Decimal | Fraction | int | None) -> str:
    """Write a need with always two decimals, so that a column lines up; nothing is a dash."""
    if value is None or value == "":
        return "–"
    return figure(Fraction(value), 2).replace("-", "−")


@register.filter
def share(value: float) -> str:
    """Write a share as a whole percentage: 1.77 is 177 %."""
    return f"{value * 100:.0f} %"
