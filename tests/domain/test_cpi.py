"""The index by each of its names, its bands without holes, and targets nobody believes."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.cpi import BANDS, DIRECTIONS, Measure, band_of, calculate_cpi, check_bands
from simpul.domain.findings import Meaningless

times = st.decimals(min_value="0.01", max_value="10000", places=2)


@pytest.mark.parametrize(
    ("direction", "percent"),
    [
        ("target_over_realisation", "136.05"),
        ("realisation_over_target", "73.50"),
        ("lower_is_better", "126.50"),
    ],
)
def test_each_way_by_its_name(direction, percent):
    row = calculate_cpi(Measure("Baru", Decimal(10), Decimal("7.35")), direction)

    assert round(row.percent, 2) == Fraction(percent)
    assert set(row.by_way) == set(DIRECTIONS)
    assert row.sentence.endswith(f"= {percent.replace('.', ',')} % ({row.band.label}).")


@pytest.mark.parametrize(
    ("percent", "label"),
    [
        ("100.01", "sangat efektif"), ("100", "efektif"), ("90.5", "efektif"),
        ("90", "cukup efektif"), ("80.5", "cukup efektif"), ("80", "kurang efektif"),
        ("60.01", "kurang efektif"), ("60", "tidak efektif"), ("0", "tidak efektif"),
    ],
)  # fmt: skip
def test_bands_are_half_open(percent, label):
    assert band_of(Fraction(percent)).label == label


@given(st.fractions(min_value=-1000, max_value=1000))
def test_every_index_has_a_band(percent):
    assert band_of(percent) in BANDS


@given(times, times)
def test_the_two_ways_are_each_others_inverse(target, real):
    ways = calculate_cpi(Measure("x", target, real)).by_way

    assert ways["target_over_realisation"] * ways["realisation_over_target"] == 10_000
    assert ways["lower_is_better"] == 200 - ways["realisation_over_target"]


@given(times, times)
def test_units_change_nothing(target, real):
    in_minutes = calculate_cpi(Measure("x", target, real))
    mixed = calculate_cpi(Measure("x", target * 60, real, "s", "min"))

    assert mixed.by_way == in_minutes.by_way


@pytest.mark.parametrize(("real", "is_told"), [("12", False), ("10", False), ("9.99", True)])
def test_above_150_the_target_is_doubted(real, is_told):
    row = calculate_cpi(Measure("x", Decimal(15), Decimal(real)))
    assert [f.code for f in row.findings] == (["target_unrealistic"] if is_told else [])


def test_slow_service_by_the_other_way_is_no_merit():
    row = calculate_cpi(Measure("x", Decimal(5), Decimal(10)), "realisation_over_target")
    assert row.band.code == "very_effective"  # which is why the next two are said
    assert [f.code for f in row.findings] == ["target_unrealistic", "direction_inverse"]
    assert "lebih lambat" in row.findings[0].message


@pytest.mark.parametrize(("target", "real"), [("0", "5"), ("5", "0"), ("-1", "5")])
def test_no_time_no_index(target, real):
    with pytest.raises(Meaningless) as refused:
        calculate_cpi(Measure("Baru", Decimal(target), Decimal(real)))
    assert refused.value.where == "Baru"


def test_printed_bands():
    def bands(*pairs):
        return [(Decimal(low), Decimal(high)) for low, high in pairs]

    assert check_bands(bands((60, 80), (80, 90))) == ()
    assert [f.code for f in check_bands(bands((60, 85), (80, 90)))] == ["bands_overlap"]
    (hole,) = check_bands(bands((61, 80), (0, 60)))
    assert hole.message == "Nilai antara 60 dan 61 tidak masuk golongan mana pun."
