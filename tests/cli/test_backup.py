"""`simpul backup` and `simpul restore` as a person runs them, up to a machine that was empty."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection, connections

from simpul.foundation.administration.services import set_up_facility
from simpul.foundation.core.node import forget_node
from simpul.foundation.facilities.selectors import forget_here
from simpul.foundation.staff.selectors import forget_actors
from tests.cli.command import simpul

pytestmark = pytest.mark.sqlite


@pytest.fixture
def data(db: None, tmp_path: Path) -> Path:
    """A data folder with a Puskesmas in it; a copy of the test database saves the migrations."""
    if connection.vendor != "sqlite":
        pytest.skip("copies the test database's file")
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "secret.key").write_text("rahasia-uji-yang-cukup-panjang-untuk-sesi")
    file = folder / "simpul.sqlite3"
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as source,
        closing(sqlite3.connect(file)) as target,
    ):
        source.backup(target)
    before, own = connections["default"], connections.create_connection("default")
    own.settings_dict = {**before.settings_dict, "NAME": str(file)}
    connections["default"] = own
    for forget in (forget_here, forget_node, forget_actors):
        forget()
    set_up_facility("Puskesmas Contoh")
    own.close()
    connections["default"] = before
    for forget in (forget_here, forget_node, forget_actors):
        forget()
    return folder


def facility_in(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "simpul.sqlite3")) as opened:
        row = opened.execute("SELECT name FROM facilities_facility WHERE is_here").fetchone()
    return str(row[0])


def test_from_one_machine_to_an_empty_one(data: Path, tmp_path: Path) -> None:
    stick, empty = tmp_path / "stick", tmp_path / "empty"
    stick.mkdir()

    made = simpul("backup", "--to", str(stick), "--json", data=data)
    assert made.returncode == 0, made.stderr
    file = json.loads(made.stdout)["file"]
    exported = simpul("backup", "key", "--export", str(stick), data=data)
    assert exported.returncode == 0, exported.stderr
    assert "dihapus dari server ini" in exported.stderr
    key = str(stick / "kunci-pemulihan-simpul.txt")

    over = simpul("restore", file, "--key-file", key, data=data)
    assert over.returncode == 1
    assert 'Tambahkan --yes "Puskesmas Contoh"' in over.stderr
    assert "Tidak ada yang akan hilang" in over.stderr

    restored = simpul("restore", file, "--key-file", key, data=empty)
    assert restored.returncode == 0, restored.stderr
    assert "jurnal utuh" in restored.stderr
    assert facility_in(empty) == "Puskesmas Contoh"
    assert (empty / "secret.key").read_bytes() == (data / "secret.key").read_bytes()
    assert not (empty / "recovery.key").exists()


def test_says_loudly_that_the_key_is_still_here(data: Path) -> None:
    made = simpul("backup", data=data)
    assert made.returncode == 0, made.stderr
    assert "PENTING: kunci pemulihan masih di server ini" in made.stderr
    listed = simpul("backup", "list", data=data)
    assert listed.stdout.count(".simpul") == 1
