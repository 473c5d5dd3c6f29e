"""What holds for any study: units, splitting, growth, kinship of the variants, sensitivity."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.sensitivity import sensitivity
from simpul.domain.wisn import (
    ROUNDINGS,
    VARIANTS,
    Activity,
    Allowance,
    Category,
    Entitlement,
    Study,
    UnitTime,
    calculate,
    calculate_category,
    round_posts,
)

amounts = st.decimals(min_value="0.01", max_value="100000", places=2)
times = st.decimals(min_value="0.01", max_value="600", places=2)
variants = st.sampled_from(VARIANTS)
entitlements = st.builds(
    Entitlement,
    working_days=st.integers(240, 365).map(Decimal),
    annual_leave=st.integers(0, 24).map(Decimal),
    public_holidays=st.integers(0, 90).map(Decimal),
    absence=st.integers(0, 20).map(Decimal),
    hours_per_day=st.decimals(min_value="4", max_value="12", places=1),
)
activities = st.lists(
    st.builds(
        Activity,
        name=st.text(min_size=1, max_size=10),
        unit_time=st.builds(UnitTime, times),
        volume=amounts,
        per=st.sampled_from(("year", "month", "week", "day")),
    ),
    min_size=1,
    max_size=5,
).map(tuple)
allowances = st.lists(
    st.builds(
        Allowance,
        name=st.text(min_size=1, max_size=10),
        amount=st.decimals(min_value="0", max_value="3", places=1),
        unit=st.sampled_from(("hours", "minutes", "percent")),
        per=st.sampled_from(("year", "month")),
    ),
    max_size=4,
).map(tuple)
categories = st.builds(
    Category,
    name=st.just("Loket"),
    staff=st.integers(0, 20).map(Decimal),
    working_time=entitlements,
    activities=activities,
    allowances=allowances,
    minimum_cover=st.integers(0, 5).map(Decimal),
)


def need(category: Category, variant="who_wisn") -> Fraction:
    return calculate_category(category, variant).required_fte


@given(categories, variants)
def test_units_change_nothing(category, variant):
    """Minutes as seconds or as sixtieths of an hour, months as years: the same exact need."""
    as_seconds = tuple(
        replace(each, unit_time=UnitTime(each.unit_time.value * 60, "s"))
        for each in category.activities
    )
    in_hours = tuple(
        replace(each, amount=each.amount * 60, unit="minutes") if each.unit == "hours" else each
        for each in category.allowances
    )
    by_year = tuple(
        replace(each, volume=each.volume * 12, per="year") if each.per == "month" else each
        for each in as_seconds
    )

    changed = replace(category, activities=by_year, allowances=in_hours)

    assert need(changed, variant) == need(category, variant)


@given(categories, variants)
def test_hours_and_minutes_agree(category, variant):
    hours = tuple(
        replace(each, unit_time=UnitTime(each.unit_time.value, "h")) for each in category.activities
    )
    minutes = tuple(
        replace(each, unit_time=UnitTime(each.unit_time.value * 60, "min"))
        for each in category.activities
    )
    assert need(replace(category, activities=hours), variant) == need(
        replace(category, activities=minutes), variant
    )


@given(categories, variants, st.decimals(min_value="0.01", max_value="0.99", places=2))
def test_splitting_an_activity_changes_nothing(category, variant, share):
    first, *rest = category.activities
    parts = (
        replace(first, volume=first.volume * share),
        replace(first, volume=first.volume * (1 - share)),
    )

    assert need(replace(category, activities=(*parts, *rest)), variant) == need(category, variant)


@given(categories, variants, amounts)
def test_need_grows_with_volume(category, variant, more):
    first, *rest = category.activities
    busier = replace(category, activities=(replace(first, volume=first.volume + more), *rest))

    assert need(busier, variant) > need(category, variant)


@given(categories)
def test_who_and_abk_kes_are_one_formula(category):
    """With the same working time and nobody with work of their own they must agree exactly."""
    assert need(category, "who_wisn") == need(category, "abk_kes")


@given(categories)
def test_the_additive_variant_differs_as_the_formula_says(category):
    """N = W / (1 - s) against W + s: lower by s (N - 1), so too low above one person."""
    true = need(category, "who_wisn")
    share = calculate_category(category, "who_wisn").allowance.share

    assert need(category, "kepmenkes81") == true - share * (true - 1)


@given(categories, variants, st.sampled_from(ROUNDINGS))
def test_posts_difference_and_totals_fit(category, variant, rounding):
    result = calculate(Study((category, replace(category, name="Poli")), variant, rounding))
    row = result.categories[0]

    assert row.required_staff >= category.minimum_cover
    assert row.required_staff >= row.rounded_staff
    assert row.surplus - row.shortage == row.difference == row.staff - row.required_staff
    assert result.totals.required_fte == 2 * row.required_fte
    assert result.totals.ratio == row.ratio


@given(st.fractions(0, 100), st.fractions(0, 100), st.sampled_from(ROUNDINGS))
def test_rounding_never_turns_round(one, other, rule):
    low, high = sorted((one, other))
    assert round_posts(low, rule) <= round_posts(high, rule)
    assert abs(round_posts(high, rule) - high) < 1


@given(categories, variants, st.fractions(Fraction(1, 100), Fraction(9, 10)))
def test_the_range_holds_the_need(category, variant, spread):
    study = Study((category,), variant)
    told = sensitivity(study, spread=Fraction(round(spread, 2)))

    assert told.total.low_fte < need(category, variant) < told.total.high_fte
    swings = [each.swing for each in told.influences]
    assert swings == sorted(swings, reverse=True)
    assert len(swings) == 2 * len(category.activities)
    for each in told.influences:
        assert told.total.low_fte <= each.low_fte < each.high_fte <= told.total.high_fte


@given(categories, variants)
def test_every_sum_is_a_sentence(category, variant):
    row = calculate_category(category, variant)

    assert len(row.sentences) >= 2 * len(category.activities) + 5
    assert row.sentences[-1].startswith("perlu ")
    assert Decimal(0) <= row.required_fte
