"""`simpul doctor`: every finding has its sentence, and a bad one its remedy and status 1."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection

from simpul.cli import checkup
from simpul.cli.main import main
from simpul.foundation.core.clock import now
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.acts import act

Captured = pytest.CaptureFixture[str]


def examine(captured: Captured) -> tuple[int, dict[str, dict[str, Any]]]:
    captured.readouterr()
    status = main(["doctor", "--json"])
    found = json.loads(captured.readouterr().out)
    assert found["ok"] is (status == 0)
    return status, {finding["name"]: finding for finding in found["findings"]}


def test_a_well_house_is_well(house: Here, capsys: Captured) -> None:
    status, found = examine(capsys)
    assert status == 0, found
    assert set(found) == {
        "database", "durability", "disk", "fsync", "certificate", "tables", "journal", "clock",
    }  # fmt: skip
    assert found["tables"]["level"] == found["journal"]["level"] == "ok"
    assert "WIB" in found["clock"]["sentence"]
    assert main(["doctor"]) == 0
    assert "Jurnal utuh" in capsys.readouterr().out


def test_a_clock_that_went_back_is_bad(house: Here, capsys: Captured) -> None:
    with act(by=None, facility=house.id, at=now() + timedelta(days=400)) as this:
        this.record("read")
    status, found = examine(capsys)
    assert status == 1
    assert found["clock"]["level"] == "bad"
    assert "Betulkan" in found["clock"]["remedy"]


def test_little_room_is_bad(house: Here, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "LEAST_FREE", 10**18)
    status, found = examine(capsys)
    assert status == 1
    assert found["disk"]["level"] == "bad"
    assert found["disk"]["remedy"]


def test_writes_that_may_be_lost_are_bad(house: Here, capsys: Captured) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PRAGMA is SQLite's")
    # Inside the test's transaction the level cannot be changed, so a look at another one is.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkup, "connection", _Careless())
        finding = checkup._durability()
    assert finding.level == "bad"
    assert "synchronous=1" in finding.sentence


class _Careless:
    """A connection whose database does not wait for the disk."""

    vendor = "sqlite"

    def cursor(self) -> "_Careless":
        return self

    def __enter__(self) -> "_Careless":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def execute(self, statement: str) -> "_Careless":
        self.asked = statement
        return self

    def fetchone(self) -> tuple[object]:
        return ("wal",) if "journal_mode" in self.asked else (1,)


def test_missing_tables_are_said_and_nothing_else_is_tried(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    class Pending:
        def __init__(self, *_: object) -> None:
            self.loader = self
            self.graph = self

        def leaf_nodes(self) -> list[object]:
            return []

        def migration_plan(self, _nodes: object) -> list[int]:
            return [1, 2, 3]

    monkeypatch.setattr(checkup, "MigrationExecutor", Pending)
    status, found = examine(capsys)
    assert status == 1
    assert "3 langkah" in found["tables"]["sentence"]
    assert "journal" not in found


@pytest.mark.parametrize(
    ("after", "level", "words"),
    [(0, "ok", "berlaku sampai"), (790, "bad", "hari lagi"), (900, "bad", "berakhir")],
)
def test_a_certificate_is_told_before_it_ends(
    house: Here, capsys: Captured, tmp_path: Path, settings: Any, after: int, level: str, words: str
) -> None:
    from simpul.cli.certificates import ensure

    ensure(tmp_path)
    settings.DATA = tmp_path
    with time_machine.travel(now() + timedelta(days=after), tick=False):
        _status, found = examine(capsys)
    assert found["certificate"]["level"] == level
    assert words in found["certificate"]["sentence"]
