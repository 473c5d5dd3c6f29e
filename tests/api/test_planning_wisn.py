"""POST /planning/wisn and /planning/cpi: the fixed format in, the fixed result out."""

import json

import pytest

from simpul.foundation.journal.models import JournalEntry
from tests.domain import thesis003

WISN = "/planning/wisn"
CPI = "/planning/cpi"


@pytest.fixture
def ask(program, nurse):
    client = program(nurse)
    return lambda path, body: client.call("POST", path, body)


class TestWisn:
    """The study of a body."""

    def test_the_thesis(self, ask):
        result = ask(WISN, thesis003.study(printed=thesis003.printed())).json()

        assert [row["required_staff"] for row in result["categories"]] == [2, 1]
        assert result["totals"]["required_fte"] == pytest.approx(2.0274, abs=0.0001)
        first = result["categories"][0]["findings"][0]
        assert first["code"] == "working_days_differ"
        assert set(first) == {"code", "severity", "where", "message", "corrected"}

    def test_it_is_what_the_command_line_says(self, ask, tmp_path, capsys):
        from simpul.cli.main import main

        path = tmp_path / "kajian.json"
        path.write_text(json.dumps(thesis003.study()))
        assert main(["wisn", str(path), "--json"]) == 0

        assert ask(WISN, thesis003.study()).json() == json.loads(capsys.readouterr().out)

    def test_what_is_left_out_has_a_default_and_is_said(self, ask):
        body = {
            "categories": [
                {
                    "working_time": {"working_days": 312, "hours_per_day": 6},
                    "activities": [{"unit_time": 5, "volume": 100}],
                }
            ]
        }
        result = ask(WISN, body).json()

        assert (result["variant"], result["rounding"]) == ("who_wisn", "who")
        codes = {f["code"] for f in [*result["findings"], *result["categories"][0]["findings"]]}
        assert codes == {"variant_assumed", "unit_assumed", "period_assumed", "staff_assumed"}

    def test_hours_of_a_rule_and_days_at_once_are_told(self, ask):
        body = thesis003.study()
        body["categories"][0]["working_time"] |= {"hours_per_year": 1200, "source": "aturan"}
        first = ask(WISN, body).json()["categories"][0]

        assert first["available_working_time"]["hours"] == 1200
        assert "working_time_twice" in {f["code"] for f in first["findings"]}

    def test_a_unit_changed_by_a_program_changes_nothing(self, ask):
        """440.69 s and 17,236 a year are 7.344833333333333 min and 1436.3333333333333 a month."""
        body = thesis003.study()
        act = body["categories"][0]["activities"][0]
        act |= {"unit_time": {"value": 440.69, "unit": "s"}, "volume": 17236, "per": "year"}
        before = ask(WISN, body).json()["categories"][0]["required_fte"]
        for unit, part in (("min", 60), ("h", 3600)):
            act["unit_time"] = {"value": 440.69 / part, "unit": unit}
            act |= {"volume": 17236 / 12, "per": "month"}
            after = ask(WISN, body)
            assert after.status_code == 200, after.content
            assert after.json()["categories"][0]["required_fte"] == pytest.approx(before, abs=1e-8)

    @pytest.mark.parametrize("huge", [1e300, "1e300", 10**40])
    def test_a_huge_number_is_called_huge(self, ask, huge):
        body = thesis003.study()
        body["categories"][0]["activities"][0]["volume"] = huge
        (problem,) = ask(WISN, body).json()["errors"]

        assert problem["code"] == "out_of_range"

    def test_a_name_that_is_not_known_hinders_nothing(self, ask):
        body = {**thesis003.study(), "catatan": "bebas"}
        answer = ask(WISN, body)

        assert answer.status_code == 200
        assert [f["code"] for f in answer.json()["findings"]] == ["unknown_field"]

    def test_no_meaning_is_refused_with_its_place(self, ask):
        body = thesis003.study()
        body["categories"][0]["allowances"] = [{"percent": 60}, {"percent": 40}]

        answer = ask(WISN, body)

        assert answer.status_code == 422
        told = answer.json()
        assert told["code"] == "support_full"
        assert told["errors"][0]["where"] == f"kategori {thesis003.OUTPATIENT} › kelonggaran"

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"variant": "wisn"}, "variant"),
            ({"categories": []}, "categories"),
            ({"rounding": 3}, "rounding"),
            ({"printed": [{"figure": "x", "value": 1}]}, "printed.0.figure"),
            ({"spread": 100}, "spread"),
        ],
    )
    def test_what_does_not_fit_is_named(self, ask, change, where):
        answer = ask(WISN, {**thesis003.study(), **change})

        assert answer.status_code == 422
        assert [error["where"] for error in answer.json()["errors"]] == [where]

    @pytest.mark.parametrize(
        "value",
        [1e308, "1e99999999", "NaN", "Infinity", -1, "9" * 4000, 10**13, True, "abc", [], 1e-300],
    )
    def test_no_number_breaks_it(self, ask, value):
        body = thesis003.study()
        body["categories"][0]["activities"][0]["volume"] = value

        answer = ask(WISN, body)

        assert answer.status_code == 422, answer.content
        assert answer.json()["errors"][0]["where"].startswith("categories.0.activities.0.volume")

    def test_too_many_lines(self, ask):
        activity = {"name": "A", "unit_time": {"value": 1, "unit": "min"}, "volume": 1}
        body = {"categories": [{"activities": [activity] * 500}] * 11}

        answer = ask(WISN, body)

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "too_long"

    def test_spread(self, ask):
        told = ask(WISN, {**thesis003.study(), "spread": 20}).json()["sensitivity"]
        assert told["total"]["low_fte"] < told["total"]["base_fte"] < told["total"]["high_fte"]

    def test_nothing_is_kept(self, ask):
        before = JournalEntry.objects.count()
        assert ask(WISN, thesis003.study()).status_code == 200
        assert JournalEntry.objects.count() == before


class TestCpi:
    """One measure or several."""

    def test_one(self, ask):
        (row,) = ask(CPI, {"target": 10, "realisation": 7.35}).json()["results"]
        assert row["percent"] == pytest.approx(136.054422)

    def test_several_each_with_its_unit(self, ask):
        body = {
            "direction": "realisation_over_target",
            "measures": [
                {"name": "Lama", "target": {"value": 300, "unit": "s"},
                 "realisation": {"value": 5.46, "unit": "min"}},
                {"name": "Filing", "target": 18, "realisation": 3.78},
            ],
        }  # fmt: skip
        rows = ask(CPI, body).json()["results"]
        assert [row["percent"] for row in rows] == pytest.approx([109.2, 21.0])
        assert "target_unrealistic" in {f["code"] for f in rows[1]["findings"]}

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({}, "measures"),
            ({"measures": []}, "measures"),
            ({"target": 10}, "realisation"),
            ({"target": 10, "realisation": 0}, "Pengukuran 1"),
            ({"target": 10, "realisation": 1, "direction": "up"}, "direction"),
        ],
    )
    def test_refusals_name_the_place(self, ask, body, where):
        answer = ask(CPI, body)
        assert answer.status_code == 422
        assert [error["where"] for error in answer.json()["errors"]] == [where]


@pytest.mark.parametrize("path", [WISN, CPI])
def test_an_account_of_another_facility_may_ask(path, program, outsider):
    body = thesis003.study() if path == WISN else {"target": 1, "realisation": 1}
    assert program(outsider).call("POST", path, body).status_code == 200
