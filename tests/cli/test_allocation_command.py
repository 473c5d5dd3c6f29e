"""`simpul allocation` from a file: no database, an honest exit status, every refused row named."""

import json
from pathlib import Path

import pytest

from simpul.cli.main import main
from tests.cli.command import simpul
from tests.domain.test_allocation import CITY, JEMBER, PROFESSIONS


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The Jember study as a CSV."""
    lines = [",".join(("puskesmas", "kategori", *PROFESSIONS, "pustu", "desa"))]
    for name, have in JEMBER.items():
        kind = "perkotaan" if name in CITY else "pedesaan"
        lines.append(",".join((name, kind, *map(str, have), "1", "1")))
    path = tmp_path / "jember.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_the_jember_study_without_a_database(table: Path, tmp_path: Path) -> None:
    done = simpul(
        "allocation", str(table), "--norm", "dsp-2004", "--hires", "5", "--json",
        data=tmp_path / "none",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["ok"] is True
    assert answer["totals"] == {
        "shortage_before": 79, "filled_by_moving": 7, "needs_hiring": 72, "moves": 7,
        "distance_km": 0, "hired": 5, "unfilled": 67,
    }  # fmt: skip
    assert not (tmp_path / "none").exists()


def test_people_read_the_sentence_the_moves_and_what_stays(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["allocation", str(table), "--norm", "dsp-2004", "--hires", "0"]) == 0
    text = capsys.readouterr().out
    assert "7 dari 79 kekurangan terisi dengan pemindahan; 72 perlu pengangkatan." in text
    assert "Dokter gigi: Tembokrejo →" in text
    assert "Tetap kosong" in text
    assert "tidak ada kelebihan di fasilitas mana pun" in text


def test_a_refused_row_is_named_and_the_status_is_one(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table.write_text(
        table.read_text(encoding="utf-8").replace("Cakru,pedesaan", "Cakru,entah"), "utf-8"
    )
    assert main(["allocation", str(table), "--norm", "dsp-2004", "--json"]) == 1
    said = capsys.readouterr()
    assert "baris 8 (Cakru): ditolak." in said.err
    assert json.loads(said.out)["ok"] is False


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["tiada.csv", "--norm", "skm"], 1, "tidak ada"),
        (["{table}", "--norm", "raja"], 1, "tidak dikenal"),
        (["{table}"], 1, "kebutuhan"),
        (["{table}", "--weight", "raja=2"], 2, "dokter=3"),
        (["{table}", "--weight", "dokter=nan"], 2, "dokter=3"),
        (["{table}", "--hires", "-1"], 2, "bukan jumlah orang"),
        (["{table}", "--farthest-km", "inf"], 2, "bukan jarak"),
    ],
)
def test_what_cannot_be_used_is_said(
    table: Path, words: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [word.replace("{table}", str(table)) for word in words]
    assert main(["allocation", *given]) == status
    assert said in capsys.readouterr().err
