"""`simpul doctor`: every finding has its sentence, and a bad one its remedy and status 1."""

import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection

from simpul.cli.checkup import facts, measures
from simpul.cli.main import main
from simpul.exchange.sync import link, selectors
from simpul.foundation.backups import space
from simpul.foundation.core import ballast
from simpul.foundation.core.clock import now
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.acts import act

Captured = pytest.CaptureFixture[str]
HUB = link.HubFacts("https://dinas.contoh", "Dinas Contoh", "", "", "2026-01-01T00:00:00+00:00")
#: What a fresh house lacks: its people must take the first copy and carry the key away.
FRESH = {"backup", "backup_key"}


def examine(captured: Captured) -> tuple[int, dict[str, dict[str, Any]]]:
    captured.readouterr()
    status = main(["doctor", "--json"])
    found = json.loads(captured.readouterr().out)
    assert found["ok"] is (status == 0)
    return status, {finding["name"]: finding for finding in found["findings"]}


def bad(found: dict[str, dict[str, Any]]) -> set[str]:
    return {name for name, finding in found.items() if finding["level"] == "bad"}


def test_a_fresh_house_lacks_only_its_first_copy(house: Here, capsys: Captured) -> None:
    _status, found = examine(capsys)
    assert bad(found) <= FRESH, found
    assert {
        "database", "durability", "disk", "ballast", "fsync", "certificate", "tables", "journal",
        "clock", "sync", "backup", "backup_proof", "backup_key", "backup_second",
    } <= set(found)  # fmt: skip
    assert found["tables"]["level"] == found["journal"]["level"] == "ok"
    assert "WIB" in found["clock"]["sentence"]
    main(["doctor"])
    assert "Jurnal utuh" in capsys.readouterr().out


def test_a_well_house_ends_with_status_0(
    house: Here, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "_backups", list)
    status, found = examine(capsys)
    assert status == 0, found
    main(["doctor"])
    assert "Tidak ada yang perlu diperbaiki" in capsys.readouterr().err


def test_whatever_is_not_well_says_what_it_means_and_what_helps(
    house: Here, capsys: Captured
) -> None:
    _status, found = examine(capsys)
    for name in bad(found):
        assert found[name]["remedy"], name
        assert found[name]["consequence"], name


def test_a_clock_that_went_back_is_bad(house: Here, capsys: Captured) -> None:
    with act(by=None, facility=house.id, at=now() + timedelta(days=400)) as this:
        this.record("read")
    status, found = examine(capsys)
    assert status == 1
    assert found["clock"]["level"] == "bad"
    assert "Betulkan" in found["clock"]["remedy"]


def test_a_clock_apart_from_the_hubs_is_bad(house: Here, capsys: Captured) -> None:
    link.note_clock((now() + timedelta(minutes=11)).isoformat())
    _status, found = examine(capsys)
    assert "clock" in bad(found)
    assert "11 menit lebih lambat" in found["clock"]["sentence"]
    link.note_clock((now() + timedelta(seconds=20)).isoformat())
    _status, found = examine(capsys)
    assert "clock" not in bad(found)


def test_a_clock_that_was_moved_is_noticed_by_the_running_time(
    house: Here, capsys: Captured, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA = tmp_path
    mark = measures.Mark(wall=1_000_000.0, running=500.0, boot="a")
    marks = [mark, measures.Mark(1_000_300.0 - 7200, 800.0, "a")]
    monkeypatch.setattr(measures, "mark_now", lambda: marks.pop(0))
    measures.take(tmp_path)
    assert measures.read(tmp_path).jump is None
    measures.take(tmp_path)
    assert measures.read(tmp_path).jump == -7200
    _status, found = examine(capsys)
    assert found["clock"]["level"] == "note"
    assert "120 menit" in found["clock"]["sentence"]


@pytest.mark.parametrize(
    ("wall", "running", "boot", "jump"),
    [(300, 300, "a", 0), (330, 300, "a", 0), (0, 300, "a", -300), (9999, 300, "b", 0)],
)
def test_only_a_real_jump_in_one_boot_counts(
    wall: float, running: float, boot: str, jump: float
) -> None:
    before = measures.Mark(1000.0, 10.0, "a")
    after = measures.Mark(1000.0 + wall, 10.0 + running, boot)
    assert measures.jump_between(before, after) == jump


def test_a_full_disk_names_the_room_kept_for_it(
    house: Here, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(space, "LEAST_FREE", 10**18)
    status, found = examine(capsys)
    assert status == 1
    assert found["disk"]["level"] == "bad"
    assert found["disk"]["remedy"]
    assert "pendaftaran berhenti" in found["disk"]["consequence"]


def test_the_room_is_given_up_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("SIMPUL_DATA", str(tmp_path))
    monkeypatch.setenv(ballast.SETTING, "2")
    assert ballast.keep(tmp_path)
    assert main(["doctor", "--free-ballast", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "freed": 2_000_000}
    assert not (tmp_path / ballast.NAME).exists()
    assert main(["doctor", "--free-ballast"]) == 1
    assert "sudah dilepas" in capsys.readouterr().err


def test_writes_that_may_be_lost_are_bad(house: Here) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PRAGMA is SQLite's")
    # Inside the test's transaction the level cannot be changed, so a look at another one is.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts, "connection", _Careless())
        finding = facts._durability()
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

    monkeypatch.setattr(facts, "MigrationExecutor", Pending)
    status, found = examine(capsys)
    assert status == 1
    assert "3 langkah" in found["tables"]["sentence"]
    assert "journal" not in found


@pytest.mark.parametrize(
    ("after", "server", "authority"),
    [(0, "ok", "ok"), (790, "bad", "ok"), (900, "bad", "ok"), (3600, "bad", "bad")],
)
def test_certificates_are_told_before_they_end(
    house: Here,
    capsys: Captured,
    tmp_path: Path,
    settings: Any,
    after: int,
    server: str,
    authority: str,
) -> None:
    from simpul.cli.certificates import ensure

    ensure(tmp_path)
    settings.DATA = tmp_path
    with time_machine.travel(now() + timedelta(days=after), tick=False):
        _status, found = examine(capsys)
    assert found["certificate"]["level"] == server
    assert found["authority"]["level"] == authority
    assert "berlaku sampai" in found["certificate"]["sentence"] or server == "bad"


def standing(**told: Any) -> selectors.Standing:
    known = {
        "is_enrolled": True,
        "waiting": 0,
        "waiting_since": None,
        "acked_at": None,
        "parked": 0,
        "returning": False,
        "stopped": "",
    }
    return selectors.Standing(**{**known, **told})


@pytest.mark.parametrize(
    ("told", "level", "words"),
    [
        ({}, "ok", "Semua sudah diterima Dinas"),
        ({"waiting": 37, "waiting_since": timedelta(minutes=2)}, "ok", "37 catatan"),
        ({"waiting": 37, "waiting_since": timedelta(hours=3)}, "note", "37 catatan"),
        ({"waiting": 37, "waiting_since": timedelta(days=3)}, "bad", "tertua"),
        ({"stopped": "pruned"}, "bad", "catatan lama"),
    ],
)
def test_what_waits_for_the_dinas_grows_from_nothing_to_red(
    house: Here,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    told: dict[str, Any],
    level: str,
    words: str,
) -> None:
    link.keep_hub(HUB)
    if "waiting_since" in told:
        told = {**told, "waiting_since": now() - told["waiting_since"]}
    monkeypatch.setattr(facts, "standing", lambda: standing(parked=2, **told))
    _status, found = examine(capsys)
    assert found["sync"]["level"] == level
    assert words in found["sync"]["sentence"]
    assert found["parked"]["level"] == "note"
    assert "2 catatan" in found["parked"]["sentence"]


def test_what_stopped_the_line_is_said_in_its_own_words(house: Here, capsys: Captured) -> None:
    link.keep_hub(HUB)
    link.note_trouble(is_stopped=True, why="revoked", next_at=now())
    _status, found = examine(capsys)
    assert found["sync"]["level"] == "bad"
    assert "mencabut izin" in found["sync"]["sentence"]
    assert "pelayanan di sini tetap jalan" in found["sync"]["consequence"]


def test_a_hub_says_what_it_holds_and_whom_it_holds_back(
    house: Here, capsys: Captured, settings: Any
) -> None:
    from simpul.exchange.hub.models import HubNode, HubPark

    settings.SIMPUL_ROLE = "hub"
    _status, found = examine(capsys)
    assert found["sync"]["level"] == found["held"]["level"] == "ok"
    assert "suspect" not in found
    one = uuid.uuid4()
    HubNode.objects.create(
        node=one, name="Puskesmas Ganda", public_key="", state="suspect", enrolled_at=now()
    )
    HubPark.objects.create(
        node=one, epoch=one, first=1, last=2, act_id=one, why="schema", since=now()
    )
    _status, found = examine(capsys)
    assert found["held"]["level"] == "note"
    assert "1 catatan" in found["held"]["sentence"]
    assert found["suspect"]["level"] == "bad"
    assert "hub decide" in found["suspect"]["remedy"]
