"""Vital signs: impossible, unusual, slipped."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.errors import DomainError
from simpul.domain.vitals import VITALS, bmi, bmi_class, check_vitals

D = Decimal  # these tables are mostly numbers
ADULT = 40 * 365
NORMAL = {
    "systolic": D(120), "diastolic": D(80), "pulse": D(80), "respiratory_rate": D(20),
    "temperature": D("36.7"), "spo2": D(98), "weight": D("61.5"), "height": D(165),
    "glucose": D(110),
}  # fmt: skip


def test_a_normal_row_has_no_remarks():
    assert check_vitals(NORMAL, ADULT) == []
    assert check_vitals({}, ADULT) == []


@pytest.mark.parametrize(
    ("code", "typed", "meant", "message"),
    [
        ("temperature", "367", "36,7", "Suhu 367 — maksud Anda 36,7?"),
        ("temperature", "3.67", "36,7", "Suhu 3,67 — maksud Anda 36,7?"),
        ("weight", "615", "61,5", "Berat badan 615 — maksud Anda 61,5?"),
        ("height", "1.65", "165", "Tinggi badan 1,65 — maksud Anda 165?"),
        ("systolic", "1200", "120", "Tensi atas 1200 — maksud Anda 120?"),
    ],
)
def test_a_slipped_comma_is_offered(code, typed, meant, message):
    (finding,) = check_vitals({code: D(typed)}, ADULT)
    assert (finding.severity, finding.suggested, finding.message) == ("refuse", meant, message)


@pytest.mark.parametrize("code", sorted(VITALS))
def test_the_limits_themselves_are_possible_and_beyond_is_refused(code):
    vital = VITALS[code]
    for value in (vital.low, vital.high):
        assert all(f.severity == "warn" for f in check_vitals({code: value}, ADULT))
    for value in (vital.low - D("0.1"), vital.high + D("0.1"), D(-5), D("NaN")):
        assert [f.severity for f in check_vitals({code: value}, ADULT)] == ["refuse"]


@pytest.mark.parametrize(
    ("age_days", "rate", "warned"),
    [(30, 59, False), (30, 60, True), (61, 50, True), (60, 50, False), (300, 49, False),
     (366, 40, True), (366, 39, False), (1826, 40, True), (2000, 40, False), (ADULT, 31, True),
     (ADULT, 30, False), (ADULT, 9, True)],
)  # fmt: skip
def test_fast_breathing_by_age(age_days, rate, warned):
    findings = check_vitals({"respiratory_rate": D(rate)}, age_days)
    assert bool(findings) == warned


def test_unusual_values_of_adults_warn_and_name_the_direction():
    findings = check_vitals({"systolic": D(190), "diastolic": D(115), "spo2": D(88)}, ADULT)
    assert [f.severity for f in findings] == ["warn"] * 3
    assert "tinggi" in findings[0].message
    assert "rendah" in findings[2].message
    # A child's pressure is not measured against an adult's limits.
    assert check_vitals({"systolic": D(85), "diastolic": D(45)}, 3 * 365) == []


def test_swapped_pressure_is_refused_and_turned_round():
    (finding,) = check_vitals({"systolic": D(80), "diastolic": D(110)}, ADULT, None)[-1:]
    assert (finding.code, finding.severity) == ("vital_pressure_order", "refuse")
    assert finding.suggested == "110/80"
    (equal,) = check_vitals({"systolic": D(100), "diastolic": D(100)}, ADULT)
    assert equal.severity == "refuse"
    assert equal.suggested is None


def test_large_changes_since_the_last_visit():
    before = {"height": D(165), "weight": D(60)}
    now = {"height": D("168.1"), "weight": D("72.1")}
    assert [f.code for f in check_vitals(now, ADULT, before)] == ["vital_change"] * 2
    assert check_vitals({"height": D(168), "weight": D(72)}, ADULT, before) == []
    assert check_vitals(now, 10 * 365, before) == []


def test_an_impossible_value_is_not_compared_further():
    codes = [f.code for f in check_vitals({"height": D("1.65")}, ADULT, {"height": D(165)})]
    assert codes == ["vital_slip"]


def test_an_unknown_measurement_is_refused():
    with pytest.raises(DomainError):
        check_vitals({"mood": D(1)}, ADULT)


@given(st.sampled_from(sorted(VITALS)), st.decimals(-9999, 9999, places=2), st.integers(0, 40000))
def test_what_is_suggested_is_itself_possible(code, value, age_days):
    for finding in check_vitals({code: value}, age_days):
        if finding.suggested:
            again = check_vitals({code: D(finding.suggested.replace(",", "."))}, age_days)
            assert again == []


def test_bmi_and_its_classes():
    assert bmi(D("61.5"), D(165)) == D("22.6")
    assert [bmi_class(D(v)) for v in ("18.4", "18.5", "22.9", "23.0", "25.0", "30.0")] == [
        "kurus", "normal", "normal", "berat badan lebih", "obesitas I", "obesitas II",
    ]  # fmt: skip
    with pytest.raises(DomainError):
        bmi(D(60), D(0))
