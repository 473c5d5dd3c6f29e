"""`simpul import people`: tried, imported, cut off and gone on with; an honest exit status."""

import json
from pathlib import Path

import pytest

from simpul.cli.main import main
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.importing import services
from simpul.service.patients.importing.models import ImportRun, RunState
from simpul.service.patients.models import Patient
from tests.patients.importing.lists import BUDI, SITI, TONO, text

pytestmark = pytest.mark.django_db(transaction=True)

WRONG = ("9", "", "", "", "L", "", "")


@pytest.fixture
def table(house: Here, tmp_path: Path, settings: object) -> Path:
    """A list of three people."""
    settings.DATA = tmp_path / "data"  # type: ignore[attr-defined]
    settings.DATA.mkdir()  # type: ignore[attr-defined]
    path = tmp_path / "pasien.csv"
    path.write_bytes(text(SITI, BUDI, TONO))
    return path


def test_a_dry_run_leaves_nothing(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "people", str(table), "--dry-run"]) == 0
    assert "3 baris: 3 akan disimpan (1 perlu dilengkapi)" in capsys.readouterr().err
    assert Patient.objects.count() == 0
    assert ImportRun.objects.count() == 0


def test_imported_once_however_often_it_is_asked(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "people", str(table), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is True
    assert answer["counts"] == {
        "new": 2, "incomplete": 1, "known": 0, "possible": 0, "refused": 0,
    }  # fmt: skip
    assert main(["import", "people", str(table), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["known"] == 3
    assert Patient.objects.count() == 3


def test_a_refused_row_gives_status_one_and_its_reason_without_its_value(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table.write_bytes(text(SITI, ("9", "Rahasia", "", "31/02/1985", "L", "", "")))

    assert main(["import", "people", str(table)]) == 1
    said = capsys.readouterr().err
    assert "Baris 3 ditolak: Tgl Lahir" in said
    assert "Rahasia" not in said
    assert Patient.objects.count() == 1


def test_in_the_name_of_somebody_who_may(
    table: Path, recorder: Actor, registrar: Actor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "people", str(table), "--by", registrar.username]) == 1
    assert Patient.objects.count() == 0
    assert main(["import", "people", str(table), "--by", "tidak-ada"]) == 1
    assert "tidak ada" in capsys.readouterr().err
    assert main(["import", "people", str(table), "--by", recorder.username]) == 0
    assert ImportRun.objects.get().practitioner == recorder.practitioner_id


def test_a_column_is_pointed_out(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table.write_bytes(
        text(("Siti", "Sumiati", "12/03/1985", "P"), headings=("Siapa", "Ket", "x", "JK"))
    )
    assert main(["import", "people", str(table)]) == 1
    assert "Kolom nama belum dipilih" in capsys.readouterr().err

    pointed = ("--map", "Siapa=name", "--map", "Ket=mother_name", "--map", "3=birth_date")
    assert main(["import", "people", str(table), *pointed]) == 0
    assert Patient.objects.get().mother_name == "SUMIATI"
    assert main(["import", "people", str(table), "--map", "Siapa=nama"]) == 1
    assert "Isian:" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK torn"])
def test_what_is_no_table_is_refused(
    table: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    table.write_bytes(content)

    assert main(["import", "people", str(table), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False
    assert ImportRun.objects.count() == 0


def test_a_file_that_is_not_there(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "people", str(table.with_name("lain.csv"))]) == 1
    assert "tidak ada" in capsys.readouterr().err
    assert main(["import", "people"]) == 2


def test_a_run_that_was_cut_off_is_gone_on_with(table: Path) -> None:
    run = services.bring(table.name, [table.read_bytes()], by=None)
    services.start_trial(run, by=None)

    assert main(["import", "people", str(table)]) == 0
    assert ImportRun.objects.get().state == RunState.DONE
    assert Patient.objects.count() == 3
