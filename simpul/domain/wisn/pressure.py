"""How heavy the work is, from the ratio of staff to need.

The edges up to 0.9 fit all eight rows of a published WISN study of Bangladesh (BMJ Open 2020,
10:e035183) but were inferred, not printed; from 0.9 on they are this project's own. Half-open:
a ratio of exactly 0.3 is the next lighter band.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Pressure = Literal[
    "extremely_high", "very_high", "high", "moderately_high", "balanced", "low", "none"
]


@dataclass(frozen=True)
class PressureBand:
    """One band: ratios below `below`, down to the band before."""

    code: Pressure
    label: str
    below: Fraction | None


PRESSURE_BANDS: tuple[PressureBand, ...] = (
    PressureBand("extremely_high", "luar biasa berat", Fraction(3, 10)),
    PressureBand("very_high", "sangat berat", Fraction(5, 10)),
    PressureBand("high", "berat", Fraction(7, 10)),
    PressureBand("moderately_high", "agak berat", Fraction(9, 10)),
    PressureBand("balanced", "seimbang", Fraction(11, 10)),
    PressureBand("low", "ringan", None),
)
NO_PRESSURE = PressureBand("none", "tidak ada beban", None)


def pressure_of(ratio: Fraction | None) -> PressureBand:
    """Return the band of a ratio; without a need there is none."""
    if ratio is None:
        return NO_PRESSURE
    for band in PRESSURE_BANDS:
        if band.below is None or ratio < band.below:
            return band
    raise AssertionError("the last band has no upper edge")
