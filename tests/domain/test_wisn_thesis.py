"""A published WISN study recomputed: its need, and every one of its twelve errors as a finding."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from simpul.domain.cpi import Measure, calculate_cpi, check_bands
from simpul.domain.findings import Finding
from simpul.domain.wisn import StudyResult, calculate
from simpul.planning.studies.input_reading import read_study
from tests.domain import thesis003


@pytest.fixture(scope="module")
def result() -> StudyResult:
    return calculate(read_study(thesis003.study()))


@pytest.fixture(scope="module")
def told() -> tuple[Finding, ...]:
    """Every finding, with the printed figures beside the inputs; read from JSON as a file is."""
    text = json.dumps(thesis003.study(printed=thesis003.printed()))
    return calculate(read_study(json.loads(text, parse_float=Decimal))).all_findings


def of(told: tuple[Finding, ...], code: str, where: str = "") -> list[Finding]:
    return [finding for finding in told if finding.code == code and where in finding.where]


class TestNeed:
    """The figures that are right."""

    def test_working_time(self, result):
        out, inn = result.categories

        assert (out.available.days, out.available.hours) == (278, 1668)
        assert out.available.minutes == 100_080
        assert (inn.available.days, inn.available.hours) == (256, 1792)
        assert inn.available.minutes == 107_520

    @pytest.mark.parametrize(
        ("place", "row", "acts"),
        [
            (0, 0, 13_616), (0, 1, 18_330), (0, 2, 26_476),
            (1, 0, 13_874), (1, 1, 20_519), (1, 2, 28_444),
        ],
    )  # fmt: skip
    def test_standard_workload_is_in_acts(self, result, place, row, acts):
        assert round(result.categories[place].activities[row].standard_workload) == acts

    @pytest.mark.parametrize(
        ("place", "row", "printed"),
        [
            (0, 0, "0.31"), (0, 1, "0.79"), (0, 2, "0.69"),
            (1, 0, "0.12"), (1, 1, "0.14"), (1, 2, "0.15"),
        ],
    )  # fmt: skip
    def test_the_volumes_are_those_the_print_implies(self, result, place, row, printed):
        """With 0.039 on each activity, as the study did, its own figures come out."""
        need = result.categories[place].activities[row].required_fte + Fraction("0.039")

        assert Fraction(round(need, 2)) == Fraction(printed)

    def test_volumes_agree_with_each_other(self, result):
        """Whoever registers has a record filed: new and returning make up the filing."""
        for category in result.categories:
            new, returning, filing = (row.volume_per_year for row in category.activities)
            assert abs((new + returning) / filing - 1) < Fraction(2, 100)

    def test_allowance_once_per_category(self, result):
        out, inn = result.categories

        assert out.allowance.standard == Fraction(53, 1668)
        assert inn.allowance.standard == Fraction(53, 1792)
        assert out.required_fte == out.workload_fte + Fraction(53, 1668)

    def test_need(self, result):
        out, inn = (category.required_fte for category in result.categories)

        assert float(out) == pytest.approx(1.705, abs=0.0005)
        assert float(inn) == pytest.approx(0.32, abs=0.005)
        assert float(result.totals.required_fte) == pytest.approx(2.03, abs=0.005)

    def test_posts(self, result):
        assert [row.required_staff for row in result.categories] == [2, 1]
        assert result.categories[0].summary == "perlu 1,70 → 2 orang; ada 1; kurang 1"

    def test_cover_stands_beside_the_need(self):
        """Three shifts and one off duty are four people whatever the workload is."""
        typed = thesis003.study()
        typed["categories"][1]["minimum_cover"] = 4
        typed["categories"][1]["staff"] = 4
        row = calculate(read_study(typed)).categories[1]

        assert (row.rounded_staff, row.required_staff, row.difference) == (1, 4, 0)
        assert "cakupan minimum 4 orang, jadi 4" in row.rounding_sentence

    @pytest.mark.parametrize(
        ("variant", "need"), [("who_wisn", 1.728), ("kepmenkes81", 1.705), ("abk_kes", 2.433)]
    )
    def test_the_variant_alone_moves_the_need(self, variant, need):
        """One cut of data gives 1.7 to 2.4 people by the choice of method."""
        typed = thesis003.study(variant=variant)
        if variant == "abk_kes":
            typed["categories"][0]["working_time"] = None
        row = calculate(read_study(typed)).categories[0]

        assert float(row.required_fte) == pytest.approx(need, abs=0.001)


class TestTwelveErrors:
    """Each error of the print is a finding that names the place and the right figure."""

    def test_1_absence_five_or_six(self, told):
        (absence,) = of(told, "printed_input_differs")
        assert "278 hari, 1.668 jam, 100.080 menit" in absence.message
        assert absence.corrected == "dengan 5: 279 hari, 1.674 jam, 100.440 menit"
        (mixed,) = of(told, "printed_times_disagree")
        assert "100.440 menit, bukan 100.080" in mixed.message
        assert [f.corrected for f in of(told, "printed_time_differs")] == ["1.668 jam"]

    def test_2_three_hundred_and_thirteen_days(self, told):
        (finding,) = of(told, "working_days_differ")
        assert finding.where == f"kategori {thesis003.OUTPATIENT} › waktu kerja"
        assert finding.corrected == "312 hari"

    def test_3_hours_over_minutes(self, told):
        corrected = [finding.corrected for finding in of(told, "sbk_unit")]
        assert corrected == [
            f"{acts} kegiatan per orang per tahun"
            for acts in ("13.616", "18.330", "26.476", "13.874", "20.519")
        ]
        assert len(of(told, "sbk_label")) == 5

    def test_4_standards_added_up(self, told):
        first, second = of(told, "sbk_summed")
        assert "973,7" in first.message
        assert "1.047,28" in second.message
        assert "1,705" in first.corrected
        assert "0,323" in first.corrected  # the inpatient desk needs less, not more

    def test_5_allowance_share(self, told):
        assert [f.corrected for f in of(told, "allowance_wrong")] == ["0,0318", "0,0296"]
        assert "53 jam ÷ 1.668 jam" in of(told, "allowance_wrong")[0].message
        assert len(of(told, "allowance_label")) == 2

    def test_6_allowance_on_every_activity(self, told):
        out, inn = of(told, "allowance_per_activity")
        assert "1,79" in out.message
        assert out.corrected == "1,705 orang"
        assert "0,41" in inn.message
        assert inn.corrected == "0,323 orang"

    def test_7_rounding(self, told):
        (finding,) = of(told, "rounding_wrong")
        assert "2,2 dibulatkan menjadi 3" in finding.message
        assert finding.corrected == "2,03 → 2 orang"
        assert "2,03 orang" in of(told, "printed_differs", "seluruh kajian")[0].corrected

    @pytest.mark.parametrize(
        ("target", "real", "printed", "right"),
        [("10", "7.35", "138", "136,05 %"), ("5", "5.46", "95", "91,58 %")],
    )
    def test_8_wrong_index(self, target, real, printed, right):
        row = calculate_cpi(Measure("x", Decimal(target), Decimal(real), printed=Decimal(printed)))
        assert [f.corrected for f in row.findings if f.code == "printed_differs"] == [right]

    @pytest.mark.parametrize(
        ("target", "real", "printed"), [("10", "7.75", "129"), ("5", "5.24", "95"),
                                        ("18", "3.78", "476")],
    )  # fmt: skip
    def test_8_right_indexes_are_left_alone(self, target, real, printed):
        row = calculate_cpi(Measure("x", Decimal(target), Decimal(real), printed=Decimal(printed)))
        assert not [f for f in row.findings if f.code.startswith("printed")]

    def test_8_definition_is_the_other_way_round(self):
        measure = Measure("x", Decimal(10), Decimal("7.35"), printed=Decimal("136.05"))
        row = calculate_cpi(measure, "realisation_over_target")
        assert {"direction_inverse", "printed_other_way"} <= {f.code for f in row.findings}
        assert float(row.percent) == pytest.approx(73.5)

    def test_9_criteria_with_holes(self):
        bands = [(0, 60), (61, 80), (81, 90), (91, 100)]
        holes = check_bands([(Decimal(low), Decimal(high)) for low, high in bands])
        assert [f.code for f in holes] == ["bands_have_holes"] * 3
        assert "antara 60 dan 61" in holes[0].message

    def test_9_an_index_of_476_accuses_the_target(self):
        row = calculate_cpi(Measure("Filing", Decimal(18), Decimal("3.78")))
        (finding,) = row.findings
        assert finding.code == "target_unrealistic"
        assert float(row.percent) == pytest.approx(476.19, abs=0.005)

    def test_10_fetching_and_bringing_counted_twice(self, told):
        findings = of(told, "steps_twice")
        assert [f.where.rpartition(" ")[2] for f in findings] == ["Filing", "Filing"]
        assert "Mencari berkas RM" in findings[0].message
        assert "Pengambilan berkas dari rak" in findings[0].message
        assert "Distribusi berkas ke unit pelayanan" in findings[0].message

    def test_11_sums_that_do_not_come_out(self, told):
        corrected = [finding.corrected for finding in of(told, "arithmetic")]
        assert corrected == ["26,67", "6,67", "54,31"]

    def test_12_a_shift_of_ten_hours(self, told):
        (finding,) = of(told, "shift_hours_differ")
        assert finding.where == f"kategori {thesis003.INPATIENT} › waktu kerja"
        assert finding.corrected == "8 jam"

    def test_nothing_else_is_blamed(self, told):
        """What the study prints rightly (1,792 h, 107,520 minutes) raises nothing."""
        assert {finding.code for finding in told} == {
            "printed_input_differs", "printed_times_disagree", "printed_time_differs",
            "working_days_differ", "sbk_unit", "sbk_label", "sbk_summed", "allowance_wrong",
            "allowance_label", "allowance_per_activity", "rounding_wrong", "printed_differs",
            "steps_twice", "arithmetic", "shift_hours_differ",
        }  # fmt: skip
        assert not [f for f in told if f.code.startswith("printed_time") and "inap" in f.where]
