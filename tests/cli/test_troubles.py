"""Whatever goes wrong in a command becomes sentences; a traceback only for developers."""

import argparse
import errno
import sqlite3

import pytest
from django.db import OperationalError

from simpul.cli import main as command_line
from simpul.cli.troubles import explain
from simpul.foundation.core.errors import Problem, Refused


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (OperationalError("no such table: staff_account"), "not_migrated"),
        (OperationalError('relation "staff_account" does not exist'), "not_migrated"),
        (OperationalError("database or disk is full"), "storage_full"),
        (sqlite3.DatabaseError("file is not a database"), "damaged"),
        (OperationalError("connection refused"), "database"),
        (OSError(errno.ENOSPC, "No space left on device", "/x"), "storage_full"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "no_access"),
        (OSError(errno.EIO, "Input/output error", "/x"), "system"),
        (Refused("Tidak jadi.", "some_code"), "some_code"),
        (ValueError("apa ini"), "unexpected"),
        (RuntimeError(), "unexpected"),
    ],
)
def test_each_trouble_has_its_code_and_a_sentence(trouble: Exception, code: str) -> None:
    found, sentences = explain(trouble)
    assert found == code
    assert sentences[0].endswith((".", "migrate"))


def test_the_fields_of_a_refusal_are_named() -> None:
    refusal = Refused("Belum.", "x", errors=(Problem("username", "taken", "Sudah ada."),))
    assert explain(refusal)[1] == ["Belum.", "  username: Sudah ada."]


def failing(trouble: BaseException) -> argparse.Namespace:
    def run(_given: object) -> int:
        raise trouble

    return argparse.Namespace(run=run, json=False)


def test_a_person_never_sees_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMPUL_DEBUG", raising=False)
    assert command_line._run(failing(ValueError("rusak"))) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "Data yang sudah tersimpan aman" in said


def test_a_developer_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMPUL_DEBUG", "1")
    with pytest.raises(ValueError, match="rusak"):
        command_line._run(failing(ValueError("rusak")))


def test_stopping_and_leaving_have_their_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line._run(failing(KeyboardInterrupt())) == 130
    assert command_line._run(failing(SystemExit(3))) == 3
    assert command_line._run(failing(SystemExit("SIMPUL_ROLE='x': pilih."))) == 1
    assert "SIMPUL_ROLE" in capsys.readouterr().err
