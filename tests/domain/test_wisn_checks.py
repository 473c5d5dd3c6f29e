"""Checks of what is typed: one finding each, with its place and the corrected figure."""

from dataclasses import replace
from decimal import Decimal

import pytest

from simpul.domain.findings import Finding
from simpul.domain.wisn import (
    Activity,
    Allowance,
    Category,
    Entitlement,
    IndividualAllowance,
    LegalHours,
    Printed,
    Study,
    UnitTime,
    calculate,
)

TIME = Entitlement(Decimal(312), Decimal(12), Decimal(4), Decimal(13), Decimal(6), Decimal(6))
WORK = Activity("Daftar", UnitTime(Decimal(5)), Decimal(20_000))
GOOD = Category("Loket", Decimal(1), TIME, (WORK,), (Allowance("Rapat", Decimal(24)),))


def findings(made: Category = GOOD, variant="who_wisn", **study) -> tuple[Finding, ...]:
    return calculate(Study((made,), variant, **study)).all_findings


def codes(made: Category = GOOD, variant="who_wisn", **study) -> list[str]:
    return [finding.code for finding in findings(made, variant, **study)]


def with_work(**changes) -> Category:
    return replace(GOOD, activities=(replace(WORK, **changes),))


def with_time(**changes) -> Category:
    return replace(GOOD, working_time=replace(TIME, **changes))


def with_support(*allowances: Allowance) -> Category:
    return replace(GOOD, allowances=allowances)


def test_a_sound_study_raises_nothing():
    assert codes() == []


class TestTime:
    """(a) units and (b) working time."""

    def test_a_unit_left_out(self):
        (finding,) = findings(with_work(unit_time=UnitTime(Decimal(5), is_assumed=True)))
        assert (finding.code, finding.corrected) == ("unit_assumed", "5 menit")
        assert finding.where == "kategori Loket › kegiatan Daftar"

    def test_seconds_typed_as_minutes(self):
        (finding,) = findings(with_work(unit_time=UnitTime(Decimal(500)), volume=Decimal(10)))
        assert (finding.code, finding.corrected) == ("unit_time_long", "500 detik")

    @pytest.mark.parametrize(
        ("hours", "is_told"), [("2.8", True), ("2.9", False), ("8.3", False), ("8.4", True)]
    )
    def test_working_time_out_of_the_usual(self, hours, is_told):
        told = findings(with_time(hours_per_day=Decimal(hours)))
        assert [f.corrected for f in told] == (["800–2.300 jam"] if is_told else [])

    def test_shifts(self):
        hours = (Decimal(7), Decimal(7), Decimal(10))
        told = findings(with_time(hours_per_day=Decimal(7), shift_hours=hours))
        assert [(f.code, f.corrected) for f in told] == [("shift_hours_differ", "8 jam")]

    @pytest.mark.parametrize(
        ("week", "days", "is_told"),
        [("6", 312, False), ("6", 313, True), ("5", 250, False), ("7", 365, False)],
    )
    def test_days_of_the_year(self, week, days, is_told):
        made = with_time(days_per_week=Decimal(week), working_days=Decimal(days))
        assert ("working_days_differ" in codes(made)) is is_told

    def test_a_legal_time_without_its_rule(self):
        made = replace(GOOD, working_time=LegalHours(Decimal(1400), days_per_year=Decimal(240)))
        assert codes(made) == ["source_missing"]

    def test_an_unverified_rule_is_marked(self):
        made = replace(GOOD, working_time=LegalHours(Decimal(1250), "PermenPAN-RB 1/2020"))
        assert codes(made) == ["source_unverified"]

    def test_another_time_than_the_method_has(self):
        (finding,) = findings(variant="abk_kes")
        assert (finding.code, finding.corrected) == ("working_time_not_method", "1.200 jam")

    def test_days_that_nobody_gave(self):
        made = replace(with_work(per="day", volume=Decimal(60)),
                       working_time=LegalHours(Decimal(1200), "Permenkes 33/2015"))  # fmt: skip
        assert codes(made, "abk_kes") == ["days_assumed"]


class TestSupport:
    """(d) too much support, (e) counted once, (i) weeks."""

    @pytest.mark.parametrize(("percent", "is_told"), [("59.9", False), ("60", True), ("99", True)])
    def test_high_support(self, percent, is_told):
        made = with_support(Allowance("Rapat", Decimal(percent), "percent"))
        assert (codes(made) == ["support_high"]) is is_told

    @pytest.mark.parametrize(
        "changes",
        [
            {"allowances": (Allowance("Rapat", Decimal(2)), Allowance("rapat ", Decimal(2)))},
            {"allowances": (Allowance("Daftar", Decimal(2)),)},
            {"individual_allowances": (IndividualAllowance("RAPAT", Decimal(1), Decimal(2)),)},
        ],
    )
    def test_the_same_work_in_two_places(self, changes):
        assert codes(replace(GOOD, **changes)) == ["allowance_twice"]

    def test_fifty_two_weeks_when_fewer_are_worked(self):
        made = with_support(Allowance("Rapat", Decimal(90), "minutes", "week"))
        (finding,) = (f for f in findings(made, "kepmenkes81"))
        assert finding.code == "weekly_52"
        assert "(78 jam)" in finding.message
        assert finding.corrected == "69,25 jam setahun"  # 277 days / 6 = 46 weeks and a bit
        assert codes(made, "who_wisn") == []

    def test_support_that_the_method_does_not_add(self):
        assert codes(variant="kep75") == ["allowance_not_counted"]

    def test_more_members_than_there_are(self):
        some = IndividualAllowance("Kepala", Decimal(2), Decimal(10))
        (finding,) = findings(replace(GOOD, individual_allowances=(some,)))
        assert (finding.code, finding.corrected) == (
            "individual_staff_many",
            "paling banyak 1 orang",
        )


class TestVolumes:
    """(f) the same volume twice, (g) jumps."""

    @pytest.mark.parametrize(
        ("volume", "is_told"), [("10000", False), ("9999", True), ("30000", False), ("30001", True)]
    )
    def test_half_more_or_less_than_last_year(self, volume, is_told):
        made = with_work(volume=Decimal(volume), last_year_volume=Decimal(20_000))
        told = findings(made)
        assert [f.corrected for f in told] == (["10.000–30.000"] if is_told else [])

    def test_one_volume_in_two_activities(self):
        made = replace(GOOD, activities=(WORK, replace(WORK, name="Cari berkas")))
        (finding,) = findings(made)
        assert (finding.code, finding.severity) == ("volume_twice", "info")
        assert "Daftar, Cari berkas" in finding.message

    def test_one_activity_in_two_categories(self):
        told = calculate(Study((GOOD, replace(GOOD, name="Poli")))).categories[1].findings
        assert [(f.code, f.where) for f in told] == [
            ("volume_twice", "kategori Poli › kegiatan Daftar")
        ]

    def test_names_twice(self):
        made = replace(GOOD, activities=(WORK, replace(WORK, volume=Decimal(1))))
        assert codes(made) == ["activity_twice"]
        told = calculate(Study((GOOD, replace(GOOD, activities=())))).all_findings
        assert {f.code for f in told} == {"category_twice", "no_activities"}


class TestPrinted:
    """(c) labels, (h) rounding each activity, and figures that are right."""

    def test_right_figures_raise_nothing(self):
        printed = (
            Printed("hours", Decimal(1662), "Loket"),
            Printed("days", Decimal(277), "Loket"),
            Printed("standard_workload", Decimal(19944), "Loket", "Daftar", "kegiatan"),
            Printed("required_fte", Decimal("1.00"), "Loket", "Daftar"),
            Printed("unit_time", Decimal(300), "Loket", "Daftar", "detik"),
            Printed("allowance_share", Decimal("0.0144"), "Loket"),
            Printed("required_staff", Decimal(1), "Loket"),
            Printed("difference", Decimal(0), "Loket"),
            Printed("quotient", Decimal("6.67"), numerator=Decimal(40), denominator=Decimal(6)),
        )
        assert codes(printed=printed) == []

    def test_minutes_over_hours(self):
        wrong = Printed("standard_workload", Decimal(1_196_640), "Loket", "Daftar")
        assert codes(printed=(wrong,)) == ["sbk_unit"]

    def test_each_activity_rounded_by_itself(self):
        """Four needs of a quarter are one person, not four."""
        quarter = replace(WORK, volume=Decimal(4986))
        made = replace(GOOD, activities=tuple(replace(quarter, name=n) for n in "abcd"))
        printed = tuple(Printed("required_fte", Decimal(1), "Loket", n) for n in "abcd")
        told = [f for f in findings(made, printed=printed) if f.code != "volume_twice"]
        assert [(f.code, f.corrected) for f in told] == [("activities_rounded", "1,015 orang")]

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            (Printed("required_fte", Decimal("1.3"), "Loket", "Daftar"), "printed_differs"),
            (Printed("required_fte", Decimal("1.3"), "Loket"), "printed_differs"),
            (Printed("unit_time", Decimal(5), "Loket", "Daftar", "detik"), "printed_differs"),
            (Printed("standard_workload", Decimal(9), "Loket", "Daftar"), "printed_differs"),
            (Printed("required_staff", Decimal(2), "Loket"), "printed_differs"),
            (Printed("difference", Decimal(-1), "Loket"), "printed_differs"),
            (Printed("required_staff", Decimal(5)), "printed_differs"),
            (Printed("minutes", Decimal(1), "Loket"), "printed_time_differs"),
            (Printed("hours", Decimal(1), "Poli"), "printed_place_unknown"),
        ],
    )
    def test_wrong_figures(self, wrong, code):
        assert codes(printed=(wrong,)) == [code]

    def test_a_quotient_in_a_range(self):
        inside = Printed("quotient", Decimal(50), high=Decimal(60), numerator=Decimal(54),
                         denominator=Decimal(1))  # fmt: skip
        assert codes(printed=(inside,)) == []
        assert codes(printed=(replace(inside, high=Decimal(53)),)) == ["arithmetic"]
