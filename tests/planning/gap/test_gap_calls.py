"""`simpul gap` and `POST /planning/gap`: the same study, the same figures, wrong rows named."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from simpul.cli.main import main
from tests.cli.command import clean_environment
from tests.domain.jember import PROFESSIONS, STUDY

HEADINGS = ("facility", "category", *PROFESSIONS, "pustu", "villages")
ROWS = [(name, one[0], *one[1], 1, 1) for name, one in STUDY.items()]
OWN = {
    "code": "perbup-contoh",
    "name": "Standar contoh",
    "source": "Peraturan contoh nomor 1, lampiran",
    "posts": [{"professions": ["dokter"], "count": 2, "categories": ["perkotaan"]}],
}


def objects() -> list[dict[str, Any]]:
    """The study's facilities as a program sends them."""
    return [dict(zip(HEADINGS, row, strict=True)) for row in ROWS]


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    made = tmp_path / "jember.csv"
    lines = [",".join(map(str, row)) for row in (HEADINGS, *ROWS)]
    made.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


@pytest.fixture
def xlsx_file(tmp_path: Path) -> Path:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet()
    for line, row in enumerate((HEADINGS, *ROWS)):
        page.write_row(line, 0, row)
    book.close()
    file = tmp_path / "jember.xlsx"
    file.write_bytes(made.getvalue())
    return file


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any], str]:
    """Run the command for JSON; return its status, its answer and its words."""
    status = main([*words, "--json"])
    said = capsys.readouterr()
    return status, json.loads(said.out), said.err


def check_study(answer: dict[str, Any]) -> None:
    """The figures of the study, by their published names."""
    totals = answer["totals"]
    assert (totals["facilities"], totals["shortage"], totals["surplus"]) == (12, 79, 162)
    assert (totals["net"], totals["filled_percent"]) == (83, 70.08)
    assert totals["professions"]["kesling"]["shortage"] == 20
    found = {each["facility"]: each for each in answer["facilities"]}
    tembokrejo = found["Tembokrejo"]
    assert (tembokrejo["shortage"], tembokrejo["net"]) == (8, 0)
    assert tembokrejo["filled_percent"] == 60.0
    assert tembokrejo["professions"]["dokter"] == {
        "have": 1, "standard": 2, "shortage": 1, "surplus": 0, "filled_percent": 50.0,
    }  # fmt: skip
    assert (found["Ambulu"]["shortage"], found["Ambulu"]["net"]) == (3, 33)
    assert answer["refused"] == []


@pytest.mark.parametrize("kind", ["csv_file", "xlsx_file"])
def test_the_study_from_a_file(kind, request, capsys) -> None:  # type: ignore[no-untyped-def]
    file = request.getfixturevalue(kind)
    status, answer, _said = asked(capsys, "gap", str(file), "--norm", "dsp-2004")

    assert status == 0
    assert answer["ok"] is True
    check_study(answer)


def test_people_read_shortage_and_surplus_side_by_side(csv_file, capsys) -> None:  # type: ignore[no-untyped-def]
    assert main(["gap", str(csv_file), "--norm", "dsp-2004"]) == 0
    said = capsys.readouterr()
    line = next(line for line in said.out.splitlines() if line.startswith("Tembokrejo"))

    assert line.split() == ["Tembokrejo", "8", "8", "60,00", "%"]
    assert "Naskah aslinya belum dilihat" in said.err


def test_a_wrong_row_is_named_and_the_rest_is_calculated(csv_file, capsys) -> None:  # type: ignore[no-untyped-def]
    text = csv_file.read_text(encoding="utf-8")
    csv_file.write_text(text + "Salah,pedesaan,tiga" + ",0" * 10 + "\n", encoding="utf-8")
    status, answer, said = asked(capsys, "gap", str(csv_file), "--norm", "dsp-2004")

    assert status == 1
    assert answer["totals"]["shortage"] == 79
    (refused,) = answer["refused"]
    assert (refused["line"], refused["facility"]) == (14, "Salah")
    assert "baris 14 (Salah): ditolak" in said


def test_a_norm_of_ones_own_needs_its_source(csv_file, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "norm.json"
    file.write_text(json.dumps(OWN), encoding="utf-8")
    _status, answer, _said = asked(capsys, "gap", str(csv_file), "--norm", str(file))
    assert answer["norm"]["source"] == OWN["source"]
    # Kaliwates and Sumbersari have two or more, Mangli and Gladak Pakem one each.
    assert answer["totals"]["shortage"] == 2
    assert len(answer["refused"]) == 8

    file.write_text(json.dumps({**OWN, "source": " "}), encoding="utf-8")
    status, answer, _said = asked(capsys, "gap", str(csv_file), "--norm", str(file))
    assert (status, answer["code"]) == (1, "norm_refused")
    assert "source" in answer["message"]


@pytest.mark.parametrize(
    ("file", "norm", "code"),
    [("tidak-ada.csv", "skm", "file_missing"), ("-", "dsp-1999", "norm_unknown")],
)
def test_what_cannot_be_used_ends_with_one(file: str, norm: str, code: str, capsys) -> None:  # type: ignore[no-untyped-def]
    status, answer, said = asked(capsys, "gap", file, "--norm", norm)
    assert (status, answer["code"]) == (1, code)
    assert said.strip()


def test_the_template_is_read_back_and_never_overwrites(tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "templat.xlsx"
    assert main(["gap", "--template", str(file)]) == 0
    status, answer, _said = asked(capsys, "gap", str(file), "--norm", "dsp-2004")
    (row,) = answer["facilities"]
    assert (status, row["category"], row["inpatient"]) == (0, "pedesaan", False)
    assert row["not_stated"]  # nobody typed a figure: nothing is stated, and nothing is short
    assert row["shortage"] == 0

    status, answer, _said = asked(capsys, "gap", "--template", str(file))
    assert (status, answer["code"]) == (1, "file_exists")


@pytest.mark.parametrize("words", [["gap"], ["gap", "a.csv"], ["gap", "--norm", "skm"]])
def test_what_is_missing_is_said(words, capsys) -> None:  # type: ignore[no-untyped-def]
    assert main(words) == 2
    assert "Belum ada yang dikerjakan" in capsys.readouterr().err


def test_the_command_needs_no_database(csv_file, tmp_path) -> None:  # type: ignore[no-untyped-def]
    script = (
        "import sys; from simpul.cli.main import main; "
        f"status = main(['gap', {str(csv_file)!r}, '--norm', 'skm', '--json']); "
        "sys.exit(status or ('django' in sys.modules) * 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=clean_environment(tmp_path / "none"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "none").exists()


def post(program: Any, body: dict[str, Any]) -> Any:
    """Send a body to the call."""
    return program.call("POST", "/planning/gap", body)


@pytest.mark.django_db
def test_the_study_as_a_call(program, technician) -> None:  # type: ignore[no-untyped-def]
    answer = post(program(technician), {"norm": "dsp-2004", "facilities": objects()})

    assert answer.status_code == 200
    check_study(answer.json())
    assert answer.json()["measures"]["pemenuhan"] is None
    assert answer.json()["measures"]["kekosongan"]["empty"]["atlm"] == 12


@pytest.mark.django_db
def test_a_norm_sent_along(program, head) -> None:  # type: ignore[no-untyped-def]
    answer = post(program(head), {"norm_set": OWN, "facilities": objects()})
    assert answer.json()["totals"]["shortage"] == 2

    wrong = {**OWN, "posts": [{"professions": ["dukun"], "count": 1}]}
    refused = post(program(head), {"norm_set": wrong, "facilities": objects()})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["where"] == "norm_set.posts.0.professions"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"facilities": [{"facility": "A", "dokter": 1}]}, "norm_unknown"),
        ({"norm": "x", "facilities": [{"facility": "A", "dokter": 1}]}, "norm_unknown"),
        ({"norm": "skm", "facilities": []}, "request_refused"),
        ({"norm": "skm", "facilities": [{"dokter": 1}]}, "facility_column_missing"),
        ({"norm": "skm", "facilities": [{"facility": "A"}]}, "profession_columns_missing"),
    ],
)
def test_refusals_name_the_place(program, head, body, code) -> None:  # type: ignore[no-untyped-def]
    answer = post(program(head), body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"]


@pytest.mark.django_db
def test_a_wrong_row_in_a_call_does_not_stop_the_others(program, head) -> None:  # type: ignore[no-untyped-def]
    rows = [*objects(), {"facility": "Salah", "dokter": 1e300}]
    answer = post(program(head), {"norm": "dsp-2004", "facilities": rows}).json()

    assert answer["totals"]["shortage"] == 79
    assert (answer["refused"][0]["where"], answer["refused"][0]["line"]) == ("butir 13", 13)
