"""From a need in full-time equivalents to whole posts, by a rule with a name.

`who` reads the need with two decimals, as its manual prints it, and rounds down within n × 0.1
above n for n = 1 to 5 (so 1.10 → 1 and 1.11 → 2, 2.20 → 2 and 2.21 → 3); from 6 on half goes up.
Below 1 any need gives 1 post: a service that is there needs someone. The manual leaves gaps
(1.1 to 1.1x, 1.9 to 2.0); reading two decimals with half-open intervals closes them. Only the
first pair of its table was seen in print, the others are recalled: `is_verified` says so.
`ordinary` rounds half up, `up` rounds any excess up; both take the exact figure.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Rounding = Literal["who", "ordinary", "up"]

_HIGHEST_WITH_TOLERANCE = 5


@dataclass(frozen=True)
class RoundingRule:
    """A rule as it is shown."""

    code: Rounding
    label: str
    is_verified: bool
    note: str = ""


ROUNDING_RULES: dict[Rounding, RoundingRule] = {
    "who": RoundingRule(
        "who",
        "aturan WHO",
        is_verified=False,
        note="Hanya pasangan 1,0–1,1 → 1 yang terbaca pada sumber; yang lain dari ingatan manual.",
    ),
    "ordinary": RoundingRule("ordinary", "pembulatan biasa", is_verified=True),
    "up": RoundingRule("up", "selalu ke atas", is_verified=True),
}
ROUNDINGS: tuple[Rounding, ...] = tuple(ROUNDING_RULES)


def half_up(value: Fraction) -> int:
    """Round to the nearest whole number, halves up."""
    return math.floor(value + Fraction(1, 2))


def round_posts(fte: Fraction, rule: Rounding) -> int:
    """Return the whole posts for a need, by the named rule."""
    if rule == "up":
        return math.ceil(fte)
    if rule == "ordinary":
        return half_up(fte)
    if fte <= 0:
        return 0
    shown = half_up(fte * 100)
    whole, hundredths = divmod(shown, 100)
    if whole < 1:
        return 1
    if whole <= _HIGHEST_WITH_TOLERANCE:
        return whole if hundredths <= whole * 10 else whole + 1
    return half_up(Fraction(shown, 100))
