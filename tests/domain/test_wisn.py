"""The engine: variants, rounding, cover, pressure, aggregation, and bugs of public WISN code."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from simpul.domain.findings import Meaningless
from simpul.domain.wisn import (
    METHODS,
    VARIANTS,
    Activity,
    Allowance,
    Category,
    Entitlement,
    IndividualAllowance,
    LegalHours,
    Study,
    UnitTime,
    aggregate,
    calculate,
    calculate_category,
    compare,
    pressure_of,
    round_posts,
)

TIME = Entitlement(
    working_days=Decimal(312),
    annual_leave=Decimal(12),
    training=Decimal(4),
    public_holidays=Decimal(13),
    absence=Decimal(6),
    hours_per_day=Decimal(6),
)
ABK = LegalHours(Decimal(1200), "Permenkes 33/2015", "2015", Decimal(240))
WORK = (Activity("Daftar", UnitTime(Decimal(5)), Decimal(20_000)),)


def category(**changes) -> Category:
    return replace(Category("Loket", Decimal(1), TIME, WORK), **changes)


class TestVariants:
    """What each variant does with the same work."""

    def test_sentence_of_a_standard(self):
        made = category(working_time=LegalHours(Decimal("1333.3333"), "uji"))
        exact = replace(made, working_time=LegalHours(Decimal(80_000) / 60, "uji"))
        row = calculate_category(exact, "who_wisn").activities[0]
        assert row.standard_sentence == (
            "Daftar: 80.000 menit ÷ 5 menit = 16.000 kegiatan per orang per tahun."
        )
        assert row.need_sentence == "Daftar: 20.000 kegiatan ÷ 16.000 = 1,25 orang."

    def test_support_is_multiplied_added_or_left_out(self):
        made = category(allowances=(Allowance("Rapat", Decimal(20), "percent"),))
        work = Fraction(20_000 * 5, 277 * 6 * 60)

        needs = {each: calculate_category(made, each).required_fte for each in VARIANTS}

        assert needs == {
            "who_wisn": work * Fraction(10, 8),
            "kepmenkes81": work + Fraction(2, 10),
            "abk_kes": work * Fraction(10, 8),
            "kep75": work / Fraction(7, 10),  # 30 % of the formal hours are not worked
        }

    def test_work_of_some_members(self):
        some = IndividualAllowance("Kepala", Decimal(2), Decimal(277), "hours", "year")
        plain = category()
        made = category(individual_allowances=(some,))

        added = {
            each: calculate_category(made, each).required_fte
            - calculate_category(plain, each).required_fte
            for each in VARIANTS
        }

        assert added["who_wisn"] == added["kepmenkes81"] == Fraction(2 * 277, 277 * 6)
        assert added["abk_kes"] == added["kep75"] == 0
        codes = {f.code for f in calculate_category(made, "abk_kes").findings}
        assert "individual_not_counted" in codes

    def test_abk_kes_has_its_own_hours(self):
        row = calculate_category(category(working_time=None), "abk_kes")

        assert (row.available.hours, row.available.minutes) == (1200, 72_000)
        assert "Permenkes 33/2015" in row.available.source

    @pytest.mark.parametrize("variant", ["who_wisn", "kepmenkes81", "kep75"])
    def test_the_others_need_a_working_time(self, variant):
        with pytest.raises(Meaningless) as refused:
            calculate_category(category(working_time=None), variant)
        assert refused.value.code == "working_time_missing"
        assert "Loket" in refused.value.where

    @pytest.mark.parametrize(
        ("per", "hours"), [("year", 10), ("month", 120), ("week", 520), ("day", 2770)]
    )
    def test_every_period_of_an_allowance(self, per, hours):
        made = category(allowances=(Allowance("Catat", Decimal("0.5") * 20, "hours", per),))
        if per == "day":
            made = category(allowances=(Allowance("Catat", Decimal(1), "hours", per),))
            hours = 277

        (line,) = calculate_category(made, "kepmenkes81").allowance.lines

        assert line.hours_per_year == hours

    def test_who_counts_the_weeks_one_works(self):
        """WHO divides a weekly allowance by the weekly hours: leave is not in it."""
        made = category(allowances=(Allowance("Rapat", Decimal(3), "hours", "week"),))

        assert calculate_category(made, "who_wisn").allowance.share == Fraction(3, 36)
        assert calculate_category(made, "abk_kes").allowance.share == Fraction(3 * 52, 1662)

    @pytest.mark.parametrize(
        ("per", "acts"), [("year", 60), ("month", 720), ("week", 3120), ("day", 60 * 299)]
    )
    def test_every_period_of_a_volume(self, per, acts):
        """A day is one on which the counter is open: leave of one person does not close it."""
        made = category(activities=(Activity("A", UnitTime(Decimal(5)), Decimal(60), per),))

        assert calculate_category(made, "who_wisn").activities[0].volume_per_year == acts

    def test_no_work_no_ratio(self):
        row = calculate_category(category(activities=()), "who_wisn")

        assert (row.required_fte, row.required_staff, row.ratio) == (0, 0, None)
        assert row.pressure.code == "none"


class TestRefusals:
    """Only what has no meaning is refused, with its place."""

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"staff": Decimal(-1)}, "negative"),
            ({"minimum_cover": Decimal(-1)}, "negative"),
            ({"activities": (Activity("A", UnitTime(Decimal(0)), Decimal(1)),)}, "unit_time_zero"),
            ({"activities": (Activity("A", UnitTime(Decimal(1)), Decimal(-1)),)}, "negative"),
            ({"allowances": (Allowance("A", Decimal(-1)),)}, "negative"),
            ({"allowances": (Allowance("A", Decimal(100), "percent"),)}, "support_full"),
            ({"working_time": replace(TIME, hours_per_day=Decimal(25))}, "working_time_impossible"),
            ({"working_time": replace(TIME, hours_per_day=Decimal(0))}, "working_time_impossible"),
            ({"working_time": replace(TIME, working_days=Decimal(30))}, "working_time_none"),
            ({"working_time": replace(TIME, working_days=Decimal(400))}, "working_time_impossible"),
            ({"working_time": replace(TIME, absence=Decimal(-1))}, "negative"),
            ({"working_time": LegalHours(Decimal(9000))}, "working_time_impossible"),
        ],
    )
    def test_it_is_named(self, changes, code):
        with pytest.raises(Meaningless) as refused:
            calculate_category(category(**changes), "who_wisn")
        assert refused.value.code == code
        assert refused.value.where.startswith("kategori Loket")

    def test_a_study_without_categories(self):
        with pytest.raises(Meaningless):
            calculate(Study(()))


class TestPublicBugs:
    """Four bugs found in public WISN code, each of which would fail here."""

    def test_allowances_start_anew_for_each_category(self):
        share = Allowance("Rapat", Decimal(30), "percent")
        study = Study(tuple(category(name=n, allowances=(share,)) for n in ("A", "B", "C", "D")))

        rows = calculate(study).categories

        assert {row.allowance.share for row in rows} == {Fraction(3, 10)}
        assert len({row.required_fte for row in rows}) == 1

    def test_yearly_support_counts(self):
        made = category(allowances=(Allowance("Inventaris", Decimal("166.2"), "hours", "year"),))

        assert calculate_category(made, "who_wisn").allowance.share == Fraction(1, 10)

    def test_work_of_some_members_counts_without_any_volume(self):
        some = IndividualAllowance("Kepala", Decimal(1), Decimal(1662), "hours", "year")
        idle = replace(WORK[0], volume=Decimal(0))
        made = category(activities=(idle,), individual_allowances=(some,))

        assert calculate_category(made, "who_wisn").required_fte == 1

    @pytest.mark.parametrize("variant", VARIANTS)
    @pytest.mark.parametrize("percents", [("100",), ("60", "40"), ("250",)])
    def test_support_of_all_the_time_is_refused_never_ignored(self, variant, percents):
        allowances = tuple(Allowance(p, Decimal(p), "percent") for p in percents)
        with pytest.raises(Meaningless) as refused:
            calculate_category(category(allowances=allowances), variant)
        assert refused.value.code == "support_full"


class TestRounding:
    """The named rules."""

    @pytest.mark.parametrize(
        ("fte", "posts"),
        [
            ("0", 0), ("0.004", 1), ("0.3", 1), ("1.0", 1), ("1.1", 1), ("1.104", 1),
            ("1.105", 2), ("1.11", 2), ("1.9", 2), ("1.95", 2), ("2.0", 2), ("2.2", 2),
            ("2.21", 3), ("2.9", 3), ("3.3", 3), ("3.31", 4), ("4.4", 4), ("4.41", 5),
            ("5.5", 5), ("5.51", 6), ("5.999", 6), ("6.49", 6), ("6.5", 7), ("12.4", 12),
        ],
    )  # fmt: skip
    def test_who(self, fte, posts):
        assert round_posts(Fraction(fte), "who") == posts

    @pytest.mark.parametrize(
        ("fte", "ordinary", "up"),
        [
            ("0", 0, 0), ("0.4", 0, 1), ("0.5", 1, 1), ("1.4999", 1, 2), ("2", 2, 2),
            ("2.000001", 2, 3), ("2.5", 3, 3),
        ],
    )  # fmt: skip
    def test_ordinary_and_up(self, fte, ordinary, up):
        assert round_posts(Fraction(fte), "ordinary") == ordinary
        assert round_posts(Fraction(fte), "up") == up

    def test_rounding_comes_last(self):
        """Three activities of 0.4 are 1.2 people, not three times one."""
        third = Activity("x", UnitTime(Decimal(60)), Decimal("664.8"))
        made = category(activities=tuple(replace(third, name=n) for n in "abc"))

        row = calculate_category(made, "who_wisn", "up")

        assert row.required_fte == Fraction(12, 10)
        assert row.required_staff == 2


class TestCover:
    """Shifts are a lower bound beside the workload."""

    @pytest.mark.parametrize(("cover", "posts"), [("0", 2), ("1", 2), ("4", 4), ("2.5", 3)])
    def test_posts_are_the_larger(self, cover, posts):
        activities = (replace(WORK[0], volume=Decimal(33_240)),)  # 1.67 people
        row = calculate_category(
            category(activities=activities, minimum_cover=Decimal(cover)), "who_wisn"
        )

        assert row.rounded_staff == 2
        assert row.required_staff == posts
        assert row.difference == 1 - posts
        assert row.shortage == posts - 1


class TestPressure:
    """Half-open bands."""

    @pytest.mark.parametrize(
        ("ratio", "code"),
        [
            ("0", "extremely_high"), ("0.2999", "extremely_high"), ("0.3", "very_high"),
            ("0.5", "high"), ("0.7", "moderately_high"), ("0.8999", "moderately_high"),
            ("0.9", "balanced"), ("1", "balanced"), ("1.1", "low"), ("7", "low"),
        ],
    )  # fmt: skip
    def test_bands(self, ratio, code):
        assert pressure_of(Fraction(ratio)).code == code


class TestTotals:
    """Sums, and the ratio of sums."""

    def test_a_ratio_of_sums_is_not_a_mean_of_ratios(self):
        busy = category(name="A", activities=(replace(WORK[0], volume=Decimal(199_440)),))
        calm = category(name="B", staff=Decimal(3))
        totals = calculate(Study((busy, calm))).totals
        ratios = [row.ratio for row in calculate(Study((busy, calm))).categories]

        assert totals.ratio == totals.staff / totals.required_fte
        assert totals.ratio != sum(ratios) / 2

    def test_shortage_and_surplus_stay_apart(self):
        short = category(name="A", staff=Decimal(0))
        many = category(name="B", staff=Decimal(3))
        totals = calculate(Study((short, many))).totals

        assert (totals.shortage, totals.surplus, totals.difference) == (1, 2, 1)

    def test_several_facilities(self):
        one, two = (calculate(Study((category(name=n),))) for n in "ab")

        totals = aggregate([one, two])

        assert totals.required_fte == 2 * one.totals.required_fte

    def test_facilities_by_two_variants_are_not_added(self):
        one, two = (calculate(Study((category(),), variant)) for variant in ("who_wisn", "kep75"))
        with pytest.raises(Meaningless, match="cara yang berbeda"):
            aggregate([one, two])


class TestCompare:
    """Two results beside each other."""

    def test_two_variants_are_said_first(self):
        one, two = (calculate(Study((category(),), v)) for v in ("who_wisn", "abk_kes"))

        told = compare(one, two)

        assert told.findings[0].code == "variants_differ"
        assert not told.is_alike
        with pytest.raises(Meaningless):
            compare(one, two, strict=True)

    def test_a_year_later(self):
        one = calculate(Study((category(),)))
        two = calculate(Study((category(activities=(replace(WORK[0], volume=Decimal(40_000)),)),)))

        told = compare(one, two)

        assert told.is_alike
        assert told.change == one.totals.required_fte
        assert told.rows[0].change == told.change

    def test_what_is_only_in_one_is_named(self):
        one = calculate(Study((category(),), rounding="up"))
        two = calculate(Study((category(name="Poli", working_time=ABK),), rounding="who"))

        told = compare(one, two)

        assert [row.name for row in told.rows] == ["Loket", "Poli"]
        assert {row.change for row in told.rows} == {None}
        codes = [finding.code for finding in told.findings]
        assert codes == ["roundings_differ", "category_missing", "category_missing"]


def test_every_variant_says_its_source():
    assert all(method.source and method.formula for method in METHODS.values())
