"""Figures as Indonesian readers write them: point for thousands, comma for decimals."""

import math
from decimal import Decimal
from fractions import Fraction


def figure(value: Decimal | Fraction | int, places: int = 0) -> str:
    """Write a figure rounded half away from zero to `places`, e.g. 16.000 or 1,71."""
    exact = Fraction(value)
    scaled = math.floor(abs(exact) * 10**places + Fraction(1, 2))
    whole, rest = divmod(scaled, 10**places)
    text = f"{whole:,}".replace(",", ".")
    if places:
        text += f",{rest:0{places}d}"
    return f"-{text}" if exact < 0 and scaled else text


def short(value: Decimal | Fraction | int, places: int = 2) -> str:
    """Write a figure with at most `places` decimals and none that are zero, e.g. 5 or 5,46."""
    text = figure(value, places)
    return text.rstrip("0").rstrip(",") if "," in text else text


def percent(share: Fraction, places: int = 1) -> str:
    """Write a share as a percentage, e.g. 3,2 %."""
    return f"{short(share * 100, places)} %"
