"""`simpul journal verify` names what was done to the journal behind its back."""

import json
from typing import Any

import pytest
from django.db import connection

from simpul.cli.main import main
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.models import JournalEntry
from tests.conftest import make_actor

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def entries(house: Here) -> list[JournalEntry]:
    """A journal of at least six entries."""
    for role in ("dokter", "perawat", "bidan", "kepala", "farmasi"):
        make_actor(role)
    found = list(JournalEntry.objects.order_by("seq"))
    assert len(found) >= 6
    return found


def behind_its_back(*statements: tuple[str, list[Any]]) -> None:
    """Change the journal as somebody with the database file could: without its triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE journal_journalentry DISABLE TRIGGER USER")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' "
                "AND tbl_name = 'journal_journalentry'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        for statement, values in statements:
            cursor.execute(statement, values)


def verify(captured: Captured) -> tuple[int, dict[str, Any]]:
    captured.readouterr()
    status = main(["journal", "verify", "--json"])
    return status, json.loads(captured.readouterr().out)


def test_a_whole_journal_is_whole(entries: list[JournalEntry], capsys: Captured) -> None:
    status, found = verify(capsys)
    assert status == 0
    assert found == {"ok": True, "entries": len(entries), "faults": []}
    assert main(["journal", "verify"]) == 0
    assert "Jurnal utuh" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("column", "value"),
    [("act", "read"), ("unit", "ugd"), ("detail", '{"roles": ["kepala"], "x": 1}')],
)
def test_an_altered_entry_is_named(
    entries: list[JournalEntry], capsys: Captured, column: str, value: str
) -> None:
    victim = entries[3]
    behind_its_back(
        (f"UPDATE journal_journalentry SET {column} = %s WHERE seq = %s", [value, victim.seq])
    )
    status, found = verify(capsys)
    assert status == 1
    assert {"seq": victim.seq, "kind": "altered"}.items() <= found["faults"][0].items()


@pytest.mark.parametrize("place", [0, 2, -1], ids=["first", "middle", "last"])
def test_a_removed_entry_is_named(
    entries: list[JournalEntry], capsys: Captured, place: int
) -> None:
    seq = entries[place].seq
    behind_its_back(("DELETE FROM journal_journalentry WHERE seq = %s", [seq]))
    status, found = verify(capsys)
    assert status == 1
    assert found["entries"] == len(entries) - 1
    assert (seq, "removed") in {(f["seq"], f["kind"]) for f in found["faults"]}


def test_two_swapped_entries_are_named(entries: list[JournalEntry], capsys: Captured) -> None:
    first, second = entries[1].seq, entries[4].seq
    move = "UPDATE journal_journalentry SET seq = %s WHERE seq = %s"
    behind_its_back((move, [10_000, first]), (move, [first, second]), (move, [second, 10_000]))
    status, found = verify(capsys)
    assert status == 1
    assert {f["seq"] for f in found["faults"] if f["kind"] == "reordered"} == {first, second}
    assert main(["journal", "verify"]) == 1
    said = capsys.readouterr().err
    assert "TIDAK utuh" in said
    assert "dipindahkan" in said
    assert "Salin folder data" in said
