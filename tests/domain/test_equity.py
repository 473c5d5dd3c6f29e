"""Gini, Lorenz and Theil: small ones by hand, and what holds for any."""

import itertools
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simpul.domain.equity import Place, gini, lorenz, measure_equity, theil
from simpul.domain.findings import Meaningless


def places(*pairs: tuple[int, int], groups: str = "") -> list[Place]:
    return [
        Place(f"P{at}", amount, base, groups[at] if groups else "")
        for at, (amount, base) in enumerate(pairs)
    ]


def test_the_same_for_everybody_is_perfectly_even() -> None:
    even = places((2, 2000), (5, 5000), (1, 1000))
    assert gini(even) == 0
    assert theil(even).total == 0


def test_one_place_of_four_equal_ones_has_all() -> None:
    assert gini(places((0, 1), (0, 1), (0, 1), (8, 1))) == Fraction(3, 4)
    assert abs(theil(places((0, 1), (0, 1), (0, 1), (8, 1))).total - Decimal(4).ln()) < Decimal(
        "1e-25"
    )


def test_two_places_by_hand() -> None:
    # 1 of 4 staff for half the people: the curve passes (1/2, 1/4), so Gini is 1/4.
    two = places((1, 10_000), (3, 10_000))
    assert gini(two) == Fraction(1, 4)
    wanted = 0.25 * math.log(0.5) + 0.75 * math.log(1.5)
    assert float(theil(two).total) == pytest.approx(wanted, abs=1e-15)


def test_against_need_and_against_people_are_two_answers() -> None:
    staff, people, need = (2, 6), (20_000, 20_000), (2, 6)
    by_people = gini(places(*zip(staff, people, strict=True)))
    by_need = gini(places(*zip(staff, need, strict=True)))
    assert by_people == Fraction(1, 4)
    assert by_need == 0


def test_theil_between_districts_only() -> None:
    split = theil(places((1, 10), (1, 10), (3, 10), (3, 10), groups="aabb"))
    assert split.within == 0
    assert split.between == split.total > 0


def test_theil_within_districts_only() -> None:
    split = theil(places((1, 10), (3, 10), (1, 10), (3, 10), groups="aabb"))
    assert split.between == 0
    assert split.within == split.total > 0


def test_staff_where_nobody_lives_end_the_curve_upright() -> None:
    curve = lorenz(places((1, 0), (3, 10)))
    assert curve[-2].base_share == 1
    assert curve[-1].amount_share == 1
    with pytest.raises(Meaningless) as refusal:
        theil(places((1, 0), (3, 10)))
    assert (refusal.value.code, refusal.value.where) == ("base_zero", "P0")


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([], "no_base"),
        ([(0, 5)], "no_staff"),
        ([(3, 0)], "no_base"),
        ([(-1, 5)], "negative"),
        ([(1, -5)], "negative"),
    ],
)
def test_what_has_no_meaning_is_refused(pairs: list[tuple[int, int]], code: str) -> None:
    with pytest.raises(Meaningless) as refusal:
        measure_equity(places(*pairs))
    assert refusal.value.code == code


PLACES = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 50_000), st.sampled_from("abc")),
    min_size=1,
    max_size=30,
)


@given(PLACES)
def test_gini_lies_within_0_and_1_and_the_curve_is_convex(
    drawn: list[tuple[int, int, str]],
) -> None:
    assume(any(amount for amount, _base, _group in drawn))
    found = measure_equity([Place(str(at), a, b, g) for at, (a, b, g) in enumerate(drawn)])
    assert 0 <= found.gini < 1
    slopes = []
    for before, after in itertools.pairwise(found.lorenz):
        assert before.amount_share <= before.base_share
        slopes.append(
            (after.amount_share - before.amount_share) / (after.base_share - before.base_share)
        )
    assert slopes == sorted(slopes)
    assert (found.lorenz[-1].base_share, found.lorenz[-1].amount_share) == (1, 1)


@given(PLACES)
def test_theil_is_between_plus_within_and_the_grouping_changes_only_the_split(
    drawn: list[tuple[int, int, str]],
) -> None:
    assume(any(amount for amount, _base, _group in drawn))
    grouped = theil([Place(str(at), a, b, g) for at, (a, b, g) in enumerate(drawn)])
    alone = theil([Place(str(at), a, b, str(at)) for at, (a, b, _g) in enumerate(drawn)])
    tiny = Decimal("1e-25")
    assert abs(grouped.total - grouped.between - grouped.within) < tiny
    assert abs(grouped.total - alone.total) < tiny  # computed place by place, all of it between
    assert alone.within == 0
    assert grouped.total > -tiny
    assert grouped.between > -tiny
    assert grouped.within > -tiny


@given(PLACES, st.integers(2, 9))
def test_units_change_nothing(drawn: list[tuple[int, int, str]], factor: int) -> None:
    assume(any(amount for amount, _base, _group in drawn))
    one = [Place(str(at), a, b) for at, (a, b, _g) in enumerate(drawn)]
    scaled = [Place(place.name, place.amount * factor, place.base * 7) for place in one]
    assert gini(one) == gini(scaled)


@given(PLACES)
def test_splitting_a_place_in_equal_halves_changes_nothing(
    drawn: list[tuple[int, int, str]],
) -> None:
    assume(any(amount for amount, _base, _group in drawn))
    one = [Place(str(at), 2 * a, 2 * b) for at, (a, b, _g) in enumerate(drawn)]
    halves = [Place(f"{p.name}{half}", p.amount // 2, p.base // 2) for p in one for half in "xy"]
    assert gini(one) == gini(halves)
