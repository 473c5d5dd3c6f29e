"""`simpul wisn` and `simpul cpi`: files of every kind, refusals by place, honest exit status."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter

from simpul.cli.main import main
from simpul.planning.studies.workbook import SHEETS, read_workbook, write_template
from tests.cli.command import clean_environment
from tests.domain import thesis003

CSV = """row;category;name;staff;working_days;annual_leave;training;public_holidays;absence;\
hours_per_day;unit_time;unit;volume;per;hours
kategori;Loket;;1;313;12;4;13;6;6;;;;;
kegiatan;Loket;Pasien baru;;;;;;;;7,35;menit;3.690;tahun;
kegiatan;Loket;Pasien lama;;;;;;;;5,46;menit;13.766;tahun;
kegiatan;Loket;Filing;;;;;;;;226,8;detik;17.236;tahun;
kelonggaran;Loket;Semua;;;;;;;;;;;tahun;53
kajian;;;;;;;;;;;;;;
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "kajian.json"
    path.write_text(json.dumps(thesis003.study(printed=thesis003.printed())))
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = main([str(word) for word in words])
    told = capsys.readouterr()
    return status, told.out, told.err


class TestWisn:
    """The study of a file."""

    def test_json(self, study, capsys):
        status, out, _ = run(capsys, "wisn", study, "--json")
        result = json.loads(out)
        row = result["categories"][0]

        assert status == 0
        assert row["available_working_time"]["minutes"] == 100_080
        assert row["required_fte"] == pytest.approx(1.7048, abs=0.0001)
        assert (row["required_staff"], row["difference"], row["pressure"]) == (2, -1, "high")
        assert row["allowance"]["standard"] == row["allowance"]["share"]
        assert "factor" not in row["allowance"]
        assert result["totals"]["required_fte"] == pytest.approx(2.0274, abs=0.0001)
        found = [{f["code"] for f in each["findings"]} for each in result["categories"]]
        assert {"steps_twice", "allowance_per_activity", "sbk_unit"} <= found[0]
        assert {"shift_hours_differ", "allowance_wrong"} <= found[1]
        assert {f["code"] for f in result["findings"]} == {
            "printed_differs", "rounding_wrong", "arithmetic",
        }  # fmt: skip

    def test_figures_are_numbers_of_six_decimals_at_least(self, study, capsys):
        row = json.loads(run(capsys, "wisn", study, "--json")[1])["categories"][0]
        exact = (3690 * 7.35 + 13766 * 5.46 + 17236 * 3.78) / 100_080 + 53 / 1668

        assert row["required_fte"] == pytest.approx(exact, abs=1e-8)
        assert isinstance(row["ratio"], float)

    def test_for_a_person(self, study, capsys):
        status, out, _ = run(capsys, "wisn", study)

        assert status == 0
        assert "perlu 1,70 → 2 orang; ada 1; kurang 1" in out
        assert "100.080 menit ÷ 7,35 menit = 13.616 kegiatan per orang per tahun." in out
        assert "Temuan (" in out

    def test_csv_with_indonesian_figures(self, tmp_path, capsys):
        path = tmp_path / "kajian.csv"
        path.write_text(CSV)

        status, out, _ = run(capsys, "wisn", path, "--json")
        row = json.loads(out)["categories"][0]

        assert status == 0
        assert [each["volume_per_year"] for each in row["activities"]] == [3690, 13766, 17236]
        assert row["workload_fte"] == pytest.approx(1.67302, abs=0.00001)

    def test_from_standard_input(self, study, tmp_path):
        done = subprocess.run(
            [sys.executable, "-m", "simpul", "wisn", "-", "--json"],
            env=clean_environment(tmp_path / "never-made"),
            input=study.read_text(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["variant"] == "kepmenkes81"
        assert not (tmp_path / "never-made").exists()  # nothing is opened or kept

    def test_neither_django_nor_numpy_is_loaded(self, study, tmp_path):
        script = (
            "import sys; from simpul.cli.main import main; "
            f"status = main(['wisn', {str(study)!r}, '--json']); "
            "sys.exit(status or bool({'django.db', 'numpy', 'highspy'} & set(sys.modules)) * 9)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=clean_environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def test_spread(self, study, capsys):
        told = json.loads(run(capsys, "wisn", study, "--json", "--spread", "10")[1])["sensitivity"]

        total = told["total"]
        assert total["low_fte"] < total["base_fte"] < total["high_fte"]
        assert told["influences"][0]["activity"] == "Pasien lama"

    def test_two_variants_are_never_compared_silently(self, study, tmp_path, capsys):
        other = tmp_path / "lain.json"
        other.write_text(json.dumps(thesis003.study(variant="who_wisn")))

        status, out, _ = run(capsys, "wisn", study, "--compare", other)
        told = json.loads(run(capsys, "wisn", study, "--compare", other, "--json")[1])

        assert status == 0
        assert out.startswith("! seluruh kajian: Hasil dihitung dengan dua cara")
        assert told["findings"][0]["code"] == "variants_differ"
        assert told["is_alike"] is False


class TestRefusals:
    """Status 1 names the place; status 2 means that nothing could be read."""

    def refused(self, capsys, tmp_path, typed) -> dict:
        path = tmp_path / "kajian.json"
        path.write_text(json.dumps(typed))
        status, out, err = run(capsys, "wisn", path, "--json")
        assert status == 1
        assert "Belum dihitung" in err
        return json.loads(out)

    def test_support_of_all_the_time(self, tmp_path, capsys):
        typed = thesis003.study()
        typed["categories"][1]["allowances"] = [{"name": "Semua", "percent": 100}]

        told = self.refused(capsys, tmp_path, typed)

        assert told["code"] == "support_full"
        assert told["errors"][0]["where"] == f"kategori {thesis003.INPATIENT} › kelonggaran"

    def test_every_place_at_once(self, tmp_path, capsys):
        typed = thesis003.study(variant="wisn", rounding="down")
        typed["categories"][0]["staff"] = "satu"
        del typed["categories"][0]["activities"][1]["volume"]
        typed["categories"][1]["allowances"][0] = {"name": "x", "hours": 1, "minutes": 2}

        told = self.refused(capsys, tmp_path, typed)

        assert {error["where"] for error in told["errors"]} == {
            "variant",
            "rounding",
            "categories.0.staff",
            "categories.0.activities.1.volume",
            "categories.1.allowances.0.minutes",
        }

    @pytest.mark.parametrize(
        "typed", [[], {}, {"categories": []}, {"categories": 1}, {"categories": [3]}, 7, None]
    )
    def test_what_is_no_study(self, typed, tmp_path, capsys):
        self.refused(capsys, tmp_path, typed)

    @pytest.mark.parametrize("value", ["NaN", "1e400", "1e13", "-Infinity", "1e-31"])
    def test_figures_out_of_bounds(self, value, tmp_path, capsys):
        path = tmp_path / "kajian.json"
        text = json.dumps(thesis003.study()).replace('"volume": 3690', f'"volume": {value}')
        path.write_text(text)

        assert run(capsys, "wisn", path)[0] == 1

    @pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b'{"a":' * 3000, b"9" * 9000])
    def test_what_is_not_json(self, content, tmp_path, capsys):
        path = tmp_path / "kajian.json"
        path.write_bytes(content)
        status, _, err = run(capsys, "wisn", path)

        assert status == 2
        assert "Belum dimengerti" in err

    def test_a_file_that_is_not_there(self, tmp_path, capsys):
        status, out, err = run(capsys, "wisn", tmp_path / "tidak-ada.json", "--json")
        assert status == 2
        assert json.loads(out)["code"] == "not_understood"
        assert "tidak ada" in err

    def test_nothing_asked(self, capsys):
        assert run(capsys, "wisn")[0] == 2

    def test_a_slip_in_a_name_is_told(self, tmp_path, capsys):
        typed = thesis003.study()
        typed["categories"][0]["activties"] = []
        path = tmp_path / "kajian.json"
        path.write_text(json.dumps(typed))

        told = json.loads(run(capsys, "wisn", path, "--json")[1])["categories"][0]["findings"]
        told = [f for f in told if f["code"] == "unknown_field"]

        assert [(f["code"], f["where"]) for f in told] == [
            ("unknown_field", f"kategori {thesis003.OUTPATIENT}")
        ]

    def test_every_line_of_a_table_is_named(self, tmp_path, capsys):
        path = tmp_path / "kajian.csv"
        path.write_text(CSV.replace("7,35", "tujuh").replace("13.766", "").replace(";53", ";"))

        status, _, err = run(capsys, "wisn", path)

        assert status == 1
        assert "baris 3, kolom unit_time: “tujuh” bukan angka" in err
        assert "baris 4, kolom volume: Bagian ini perlu diisi." in err
        assert "baris 6, kolom hours" in err


class TestWorkbook:
    """The template, filled and read."""

    def test_the_template_has_the_columns_of_the_format(self, tmp_path, capsys):
        path = tmp_path / "lembar.xlsx"
        status, _, err = run(capsys, "wisn", "--template", path)
        book = python_calamine.load_workbook(path)

        assert status == 0
        assert "simpul wisn" in err
        for sheet, columns in SHEETS.values():
            (head,) = book.get_sheet_by_name(sheet).to_python()
            assert tuple(head) == columns

    def test_a_file_is_never_written_over(self, tmp_path, capsys):
        path = tmp_path / "lembar.xlsx"
        path.write_bytes(b"isian")
        status, out, _ = run(capsys, "wisn", "--template", path, "--json")
        assert (status, json.loads(out)["code"]) == (1, "file_exists")
        assert path.read_bytes() == b"isian"

    def test_an_empty_template_is_refused_with_words(self, tmp_path, capsys):
        path = tmp_path / "lembar.xlsx"
        path.write_bytes(write_template())
        status, _, err = run(capsys, "wisn", path)
        assert status == 1
        assert "Belum ada baris kategori" in err

    def test_filled_it_gives_what_json_gives(self, study, tmp_path, capsys):
        path = tmp_path / "lembar.xlsx"
        path.write_bytes(_filled(thesis003.study()))

        from_sheet = json.loads(run(capsys, "wisn", path, "--json")[1])
        from_json = json.loads(run(capsys, "wisn", study, "--json")[1])

        assert from_sheet["totals"] == from_json["totals"]
        assert from_sheet["variant"] == "kepmenkes81"

    def test_a_legal_time_and_work_of_some(self):
        rows = {
            "kategori": [["category", "staff", "hours_per_year", "source", "date"],
                         ["Loket", 2, 1200, "Permenkes 33/2015", "2015"]],
            "perorangan": [["category", "name", "staff", "hours", "per"],
                           ["Loket", "Kepala", 1, 2, "minggu"]],
        }  # fmt: skip
        made = read_workbook(_book(rows), "x.xlsx")["categories"]
        assert made == [
            {
                "name": "Loket",
                "staff": 2,
                "activities": [],
                "allowances": [],
                "individual_allowances": [
                    {"name": "Kepala", "staff": 1, "hours": 2, "per": "week"}
                ],
                "working_time": {
                    "hours_per_year": 1200,
                    "source": "Permenkes 33/2015",
                    "date": "2015",
                },
            }
        ]


class TestCpi:
    """From two times, or from a file."""

    def test_arguments(self, capsys):
        status, out, _ = run(capsys, "cpi", "--target", "10", "--realisation", "7,35", "--json")
        (row,) = json.loads(out)["results"]

        assert status == 0
        assert row["percent"] == pytest.approx(136.054422, abs=1e-6)
        assert row["band_label"] == "sangat efektif"
        assert [way["percent"] for way in row["by_way"]] == pytest.approx(
            [136.054422, 73.5, 126.5], abs=1e-6
        )

    def test_direction(self, capsys):
        words = ("cpi", "--target", "10", "--realisation", "7.35", "--direction", "lower_is_better")
        _, out, _ = run(capsys, *words)
        assert "126,50 % (sangat efektif)" in out
        assert "realisasi ÷ target: 73,50 %" in out

    def test_csv(self, tmp_path, capsys):
        path = tmp_path / "cpi.csv"
        path.write_text("nama;target;realisasi;satuan\nBaru;10;7,35;menit\nFiling;18;3,78;menit\n")

        _, out, _ = run(capsys, "cpi", path)

        assert "Baru: target 10 menit ÷ realisasi 7,35 menit × 100 = 136,05 %" in out
        assert "! Filing: Waktu nyata jauh dari target" in out

    def test_a_row_that_is_refused_is_named_by_its_line(self, tmp_path, capsys):
        path = tmp_path / "cpi.csv"
        path.write_text("Kegiatan;Target;Realisasi;Satuan\nBaru;10;cepat;menit\n\nLama;;5;menit\n")

        status, out, _ = run(capsys, "cpi", path, "--json")

        assert status == 1
        assert [(e["where"], e["code"]) for e in json.loads(out)["errors"]] == [
            ("baris 2, kolom realisation", "type"),
            ("baris 4, kolom target", "required"),
        ]

    def test_a_workbook_with_a_title_above_the_headings(self, tmp_path, capsys):
        path = tmp_path / "cpi.xlsx"
        made = xlsxwriter.Workbook(path)
        sheet = made.add_worksheet()
        for line, cells in enumerate(
            (("Waktu pelayanan 2014",), ("Uraian kegiatan", "Target", "Waktu nyata", "Satuan"),
             ("Baru", 10, 7.35, "Menit"))
        ):  # fmt: skip
            sheet.write_row(line, 0, cells)
        made.close()

        status, out, _ = run(capsys, "cpi", path, "--json")
        (row,) = json.loads(out)["results"]

        assert (status, row["name"]) == (0, "Baru")
        assert row["percent"] == pytest.approx(136.054422, abs=1e-6)

    def test_a_column_that_is_not_known_is_told(self, tmp_path, capsys):
        path = tmp_path / "cpi.csv"
        path.write_text("nama,target,realisasi,catatan\nBaru,10,5,x\n")

        result = json.loads(run(capsys, "cpi", path, "--json")[1])

        assert [f["code"] for f in result["findings"]] == ["unknown_field"]

    def test_json_file_with_printed_bands(self, tmp_path, capsys):
        path = tmp_path / "cpi.json"
        given = {"measures": [{"target": 5, "realisation": {"value": 327.6, "unit": "s"},
                               "printed": 95}], "bands": [[0, 60], [61, 80]]}  # fmt: skip
        path.write_text(json.dumps(given))

        result = json.loads(run(capsys, "cpi", path, "--json")[1])

        assert [f["code"] for f in result["findings"]] == ["bands_have_holes"]
        assert [f["corrected"] for f in result["results"][0]["findings"]] == ["91,58 %"]

    @pytest.mark.parametrize(
        ("words", "status"),
        [
            (["cpi"], 2),
            (["cpi", "--target", "10"], 2),
            (["cpi", "x.json", "--target", "10", "--realisation", "1"], 2),
            (["cpi", "tidak-ada.json"], 2),
            (["cpi", "--target", "sepuluh", "--realisation", "1"], 1),
            (["cpi", "--target", "10", "--realisation", "0"], 1),
        ],
    )
    def test_refusals(self, words, status, capsys):
        assert run(capsys, *words)[0] == status


def _filled(study: dict) -> bytes:
    """Put a study into the sheets of the template."""
    category, activity, allowance = (
        [list(SHEETS[k][1])] for k in ("category", "activity", "allowance")
    )
    for made in study["categories"]:
        values = {"category": made["name"], "staff": made["staff"], **made["working_time"]}
        category.append([values.get(name) for name in category[0]])
        for row in made["activities"]:
            values = {**row, "category": made["name"], "unit_time": row["unit_time"]["value"],
                      "unit": row["unit_time"]["unit"]}  # fmt: skip
            activity.append([values.get(name) for name in activity[0]])
        for row in made["allowances"]:
            values = {**row, "category": made["name"]}
            allowance.append([values.get(name) for name in allowance[0]])
    return _book({
        "petunjuk": [["Kajian", "teks bebas"]],
        "kajian": [["variant", "rounding"], [study["variant"], study["rounding"]]],
        "kategori": category,
        "kegiatan": activity,
        "kelonggaran": allowance,
    })  # fmt: skip


def _book(sheets: dict[str, list[list[object]]]) -> bytes:
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into)
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, ["" if cell is None else cell for cell in row])
    book.close()
    return into.getvalue()


@pytest.mark.parametrize(
    "words",
    [("gap", "--norm", "skm"), ("allocation", "--norm", "skm"), ("distribution",)],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize("what", ["tidak-ada.csv", "."])
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_computed(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], what: str
):
    assert main([words[0], what, *words[1:], "--json"]) == 1

    told = capsys.readouterr()
    answer = json.loads(told.out)
    assert (answer["ok"], answer["code"]) == (False, "file_missing")
    assert f"Berkas {what} tidak ada" in answer["message"]
    assert answer["message"] in told.err
