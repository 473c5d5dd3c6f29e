"""`simpul distribution`: the record staff of Kota Serang from a table, without any database."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from simpul.cli.main import main
from tests.cli.command import clean_environment

HEAD = "puskesmas;pendidikan;status;pelatihan;masa kerja"


def serang(more: str = "") -> str:
    lines = [
        f"Puskesmas {chr(65 + number % 16)};{'D3 RMIK' if number < 11 else 'SMA'};"
        f"{'PNS' if number < 48 else 'TKK'};{'ya' if number < 10 else 'tidak'};10"
        for number in range(63)
    ]
    return "\n".join([HEAD, *lines]) + "\n" + more


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    status = main(["distribution", *words, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_kota_serang(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "serang.csv"
    table.write_text(serang(), encoding="utf-8")
    status, told = answer(capsys, str(table), "--facility-count", "21", "--as-of", "2016-06-30")
    assert status == 0
    assert told["ok"] is True
    assert (told["people"], told["as_of"]) == (63, "2016-06-30")
    rows = {row["value"]: row for row in told["education"]["rows"]}
    assert (rows["D3 RMIK"]["n"], rows["D3 RMIK"]["percent"]) == (11, 17.46)
    assert rows["D3 RMIK"]["fraction"] == "11/63"
    assert told["rounding"]["name"] == "ordinary"
    assert told["per_facility"]["mean"] == 3
    assert (told["per_facility"]["min"], told["per_facility"]["max"]) == (0, 4)
    assert told["education"]["missing"] == {
        "value": None,
        "n": 0,
        "N": 63,
        "percent": 0.0,
        "fraction": "0/63",
        "facility_min": 0,
        "facility_max": 0,
    }


def test_a_refused_row_is_named_and_the_status_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "serang.csv"
    table.write_text(serang("Puskesmas A;SMA;PNS;mungkin;3\n"), encoding="utf-8")
    status, told = answer(capsys, str(table))
    assert status == 1
    assert told["people"] == 63
    assert [(row["line"], row["where"]) for row in told["refused"]] == [(65, "trained")]
    assert main(["distribution", str(table)]) == 1
    said = capsys.readouterr()
    assert "Baris 65 ditolak" in said.err
    assert "17,46 %" in said.out


@pytest.mark.parametrize(
    "heading", ["Nama UPTD Puskesmas", "Satuan Kerja", "Health facility", "Nama Faskes"]
)
def test_headings_a_district_office_writes_for_the_facility(
    heading: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "tenaga.csv"
    table.write_text(f"{heading};Pendidikan Akhir;Status ASN\nA;D3;PNS\n", encoding="utf-8")
    status, told = answer(capsys, str(table))
    assert (status, told["people"], told["refused"]) == (0, 1, [])
    assert told["education"]["rows"][0]["value"] == "D3"
    assert told["asn"]["n"] == 1


def test_years_a_program_divided_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "tenaga.json"
    table.write_text(json.dumps([{"facility": "A", "years_of_service": 10 / 3}]), encoding="utf-8")
    status, told = answer(capsys, str(table))
    assert (status, told["refused"]) == (0, [])
    assert told["years_of_service"]["mean"] == 3.33


def test_a_table_without_facilities_is_refused_once_not_row_by_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "tenaga.csv"
    table.write_text("Lokasi;Pendidikan\nA;D3\nB;S1\n", encoding="utf-8")
    status, told = answer(capsys, str(table))
    assert (status, told["code"]) == (1, "facility_column_missing")
    assert "puskesmas" in told["message"]


def test_facilities_give_gini_and_theil(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people, places = tmp_path / "orang.json", tmp_path / "puskesmas.csv"
    rows = [{"facility": "Ambulu"}, *({"facility": "Sabrang"} for _ in range(3))]
    people.write_text(json.dumps({"people": rows}), encoding="utf-8")
    places.write_text(
        "Puskesmas,Penduduk,Kebutuhan,Kecamatan\n"
        'Ambulu,10.000,1,Ambulu\nSabrang,"10,000",3,Ambulu\nKosong,0,-1,X\n',
        encoding="utf-8",
    )
    status, told = answer(capsys, str(people), "--facilities", str(places))
    assert status == 1
    assert [(row["line"], row["where"]) for row in told["refused"]] == [(4, "need")]
    assert told["equity"]["need"]["gini"] == 0
    # 1 of 4 people on the staff for half the population, however the thousands are marked.
    assert told["equity"]["population"]["gini"] == 0.25
    theil = told["equity"]["population"]["theil"]
    assert theil["total"] == pytest.approx(theil["between"] + theil["within"], abs=2e-6)


@pytest.mark.parametrize("content", ["", "apa;saja\n1;2\n", "{"])
def test_a_file_that_is_no_table_is_refused_in_a_sentence(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "aneh.csv"
    table.write_text(content, encoding="utf-8")
    status, told = answer(capsys, str(table))
    assert status == 1
    assert told["ok"] is False
    assert told["message"].endswith(".")


def test_no_file_and_a_wrong_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = answer(capsys, str(tmp_path / "tidak-ada.csv"))
    assert (status, told["code"]) == (1, "file_missing")
    assert main(["distribution", "x.csv", "--as-of", "kemarin"]) == 2
    assert "kemarin bukan tanggal" in capsys.readouterr().err


def test_it_needs_neither_django_nor_a_data_folder(tmp_path: Path) -> None:
    table = tmp_path / "serang.csv"
    table.write_text(serang(), encoding="utf-8")
    script = (
        "import sys; from simpul.cli.main import main; status = main(sys.argv[1:]); "
        "sys.exit(status or ('django.db' in sys.modules) * 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "distribution", str(table)],
        env=clean_environment(tmp_path / "data"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "data").exists()
