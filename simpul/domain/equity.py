"""How evenly staff are spread over people or over need: Lorenz curve, Gini, Theil.

Each place has an amount (staff) and a base, which is what the amount should be in proportion to:
its population, or its need (posts of a norm, WISN requirement). Places are put in order of amount
per base; the Lorenz curve joins the cumulated shares. Gini = 1 - Σ (x_i - x_{i-1})(y_i + y_{i-1})
(Brown 1994, the usual formula for grouped data). Theil's T = Σ s_i ln(s_i / p_i) with s the share
of the amount and p of the base (Theil 1967, ch. 4); it divides without remainder into what lies
between groups (districts) and what lies within them. Recommended beside the ratio by the
ministry's own researchers (Hermawan, Litbang Kemenkes).
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal

from simpul.domain.findings import Meaningless
from simpul.domain.spread import Exact

Against = Literal["population", "need"]
DIGITS = 40


@dataclass(frozen=True)
class Place:
    """One place: staff, the base they are measured against, and the group it belongs to."""

    name: str
    amount: Exact
    base: Exact
    group: str = ""


@dataclass(frozen=True)
class LorenzPoint:
    """A point of the curve: so much of the base has so much of the amount."""

    base_share: Fraction
    amount_share: Fraction


@dataclass(frozen=True)
class GroupShare:
    """One group's part of Theil: its shares, its own index, its two contributions."""

    name: str
    amount_share: Fraction
    base_share: Fraction
    theil: Decimal
    between: Decimal
    within: Decimal


@dataclass(frozen=True)
class Theil:
    """Theil's T: `total` = `between` + `within`."""

    total: Decimal
    between: Decimal
    within: Decimal
    groups: tuple[GroupShare, ...]


@dataclass(frozen=True)
class Equity:
    """All of it for one amount against one base."""

    gini: Fraction
    lorenz: tuple[LorenzPoint, ...]
    theil: Theil
    places: int


def measure_equity(places: Sequence[Place]) -> Equity:
    """Return Gini, Lorenz curve and Theil; Meaningless where there is nothing to divide."""
    curve = lorenz(places)
    return Equity(_gini_of(curve), curve, theil(places), len(_check(places)))


def lorenz(places: Sequence[Place]) -> tuple[LorenzPoint, ...]:
    """Return the curve from (0, 0) to (1, 1); it is convex and never above the diagonal."""
    counted = sorted(_check(places), key=_density)
    all_base = sum((Fraction(place.base) for place in counted), Fraction(0))
    all_amount = sum((Fraction(place.amount) for place in counted), Fraction(0))
    points = [LorenzPoint(Fraction(0), Fraction(0))]
    base = amount = Fraction(0)
    for place in counted:
        base += Fraction(place.base)
        amount += Fraction(place.amount)
        points.append(LorenzPoint(base / all_base, amount / all_amount))
    return tuple(points)


def gini(places: Sequence[Place]) -> Fraction:
    """Return Gini: 0 where everybody has the same, towards 1 where one place has all."""
    return _gini_of(lorenz(places))


def theil(places: Sequence[Place]) -> Theil:
    """Return Theil's T with its split; all places of one group name are one group."""
    counted = _check(places)
    for place in counted:
        if not place.base:
            raise Meaningless(
                "base_zero",
                place.name,
                "Ada tenaga, tetapi penduduk atau kebutuhannya 0; indeks Theil tak terhingga.",
            )
    with localcontext() as context:
        context.prec = DIGITS
        return _theil(counted)


def _theil(places: Sequence[Place]) -> Theil:
    all_base = sum((Fraction(place.base) for place in places), Fraction(0))
    all_amount = sum((Fraction(place.amount) for place in places), Fraction(0))
    members: dict[str, list[Place]] = {}
    for place in places:
        members.setdefault(place.group, []).append(place)
    groups = []
    for name, inside in members.items():
        base = sum((Fraction(place.base) for place in inside), Fraction(0))
        amount = sum((Fraction(place.amount) for place in inside), Fraction(0))
        own = Decimal(0)
        if amount:
            for place in inside:
                own += _term(Fraction(place.amount) / amount, Fraction(place.base) / base)
        share = amount / all_amount
        groups.append(
            GroupShare(
                name=name,
                amount_share=share,
                base_share=base / all_base,
                theil=own,
                between=_term(share, base / all_base),
                within=_decimal(share) * own,
            )
        )
    between = sum((group.between for group in groups), Decimal(0))
    within = sum((group.within for group in groups), Decimal(0))
    return Theil(between + within, between, within, tuple(groups))


def _term(share: Fraction, base_share: Fraction) -> Decimal:
    """s ln(s / p); nothing of it where s is 0 (the limit)."""
    return _decimal(share) * _decimal(share / base_share).ln() if share else Decimal(0)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _gini_of(curve: Sequence[LorenzPoint]) -> Fraction:
    area = sum(
        (
            (after.base_share - before.base_share) * (after.amount_share + before.amount_share)
            for before, after in itertools.pairwise(curve)
        ),
        Fraction(0),
    )
    return 1 - area


def _density(place: Place) -> tuple[bool, Fraction]:
    """Amount per base; staff without any base stand last."""
    if not place.base:
        return True, Fraction(0)
    return False, Fraction(place.amount) / Fraction(place.base)


def _check(places: Sequence[Place]) -> list[Place]:
    for place in places:
        if place.amount < 0 or place.base < 0:
            raise Meaningless("negative", place.name, "Jumlah tidak boleh kurang dari 0.")
    counted = [place for place in places if place.amount or place.base]
    if not any(place.base for place in counted):
        raise Meaningless(
            "no_base", "", "Penduduk atau kebutuhan semuanya 0, jadi tidak ada pembandingnya."
        )
    if not any(place.amount for place in counted):
        raise Meaningless("no_staff", "", "Tidak ada tenaga, jadi tidak ada yang dibagi.")
    return counted
