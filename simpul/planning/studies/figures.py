"""Figures as people write them: 1.674 or 7,35 in, 1.674 or 7,35 out.

The comma is the decimal sign and a dot before exactly three figures parts thousands, as in every
Indonesian table. A dot anywhere else ("89.24", "0.039") can only be a decimal sign, so it is read
as one: the sources themselves mix both in one table.
"""

import re
from decimal import Decimal
from fractions import Fraction

from simpul.planning.reports.document import written

MAX_DIGITS = 12
_GROUPED = re.compile(r"[1-9]\d{0,2}(\.\d{3})+")
_PLAIN = re.compile(r"\d+([.,]\d+)?|[.,]\d+")


def read_figure(text: str) -> Decimal | None:
    """Return the figure a person wrote; None when it is not one (or is below zero)."""
    bare = re.sub(r"[\s\u00a0\u202f]", "", text)
    if "," in bare and "." in bare:
        # Both signs: the last one is the decimal sign, whichever country the writer learned in.
        thousands = "." if bare.rindex(",") > bare.rindex(".") else ","
        whole, _sign, rest = bare.rpartition("," if thousands == "." else ".")
        groups = whole.split(thousands)
        if len(groups[0]) > 3 or any(len(group) != 3 for group in groups[1:]):
            return None
        bare = "".join(groups) + "." + rest
    elif _GROUPED.fullmatch(bare):
        bare = bare.replace(".", "")
    if not _PLAIN.fullmatch(bare) or not bare.isascii():
        return None
    if sum(sign.isdigit() for sign in bare) > MAX_DIGITS:
        return None
    return Decimal(bare.replace(",", "."))


def as_typed(value: object) -> str:
    """Return a stored figure as it would be typed: 7,35 or 3690; nothing is nothing."""
    if value is None or value == "":
        return ""
    try:
        exact = value if isinstance(value, Decimal) else Decimal(str(value))
        text = f"{exact.normalize():f}"
    except ArithmeticError:
        return str(value)
    whole, _dot, rest = text.partition(".")
    return f"{whole},{rest}" if rest else whole


def stored(value: Decimal) -> int | str:
    """Return a figure for the input format: whole ones as numbers, others as exact text."""
    whole = value == value.to_integral_value()
    return int(value) if whole else f"{value.normalize():f}"


def shown(value: object, decimals: int = 2) -> str:
    """Write a figure for reading, with as many decimals as asked for (half up)."""
    exact = as_decimal(value)
    return "–" if exact is None else written(exact, decimals)


def shown_trimmed(value: object, decimals: int = 4) -> str:
    """Write a figure with no more decimals than it has: 7,35; 12; 0,0318."""
    exact = as_decimal(value)
    if exact is None:
        return "–"
    text = written(exact, decimals)
    return text.rstrip("0").rstrip(",") if "," in text else text


def as_decimal(value: object) -> Decimal | None:
    """Return what a result holds (number, text, fraction) as a decimal."""
    if value is None or value == "":
        return None
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return value if isinstance(value, Decimal) else Decimal(str(value))
