"""A restore: everything comes back or nothing is touched, and a person knows beforehand."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from simpul.foundation.backups import keys, making, replacing, restoring, sealing
from simpul.foundation.backups.catalogue import Copy
from simpul.foundation.backups.cutting import take_cut
from simpul.foundation.backups.durable import write_whole
from simpul.foundation.backups.locks import occupy
from simpul.foundation.backups.losses import say_losses
from simpul.foundation.backups.making import make_copy, scratch_folder
from simpul.foundation.backups.manifest import Manifest
from simpul.foundation.backups.places import READY, STAGE
from simpul.foundation.backups.replacing import finish_interrupted
from simpul.foundation.backups.restoring import name_matches, prepare, put_in_place
from simpul.foundation.core.errors import Conflict, Refused, SimpulError
from simpul.foundation.core.models import NodeState
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import JournalEntry, JournalHead
from simpul.service.patients.models import Patient
from tests.foundation.backups.conftest import Site, forget

pytestmark = pytest.mark.sqlite
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
FIVE = [f"Orang {number}" for number in range(1, 6)]


@pytest.fixture
def stick(site: Site, tmp_path: Path) -> Path:
    """The recovery key, taken away from the server."""
    path = tmp_path / "kunci.txt"
    keys.ensure_keys(site.data)
    keys.export_key(site.data, path)
    return path


@pytest.fixture
def copy(site: Site, stick: Path) -> Copy:
    """A copy that holds five people."""
    return make_copy()


def restore(copy: Path, stick: Path, data: Path) -> restoring.Restored:
    with prepare(copy, stick, data) as prepared:
        done = put_in_place(prepared)
    forget()
    return done


def test_brings_back_what_was_and_puts_aside_what_is(site: Site, copy: Copy, stick: Path) -> None:
    head = JournalHead.objects.get()
    site.add_people(3)
    (site.data / "secret.key").write_text("rahasia lain")

    with prepare(copy.path, stick, site.data) as prepared:
        assert prepared.facility_now == "Puskesmas Contoh"
        assert prepared.losses.made == {"patients.patient": 3}
        assert site.names() != FIVE
        done = put_in_place(prepared)
    forget()

    assert site.names() == FIVE
    assert (site.data / "secret.key").read_text() == "rahasia situs ini"
    assert verify_chain().faults == ()
    last = JournalEntry.objects.get(act="restored")
    assert (last.seq, last.previous_hash) == (head.seq + 1, head.hash)
    known = dict(NodeState.objects.values_list("key", "value"))
    assert known["restored_head"] == str(head.seq)
    assert known["restored_from"] == copy.name
    aside = Path(done.before.split(", ")[0])
    assert (aside / "secret.key").read_text() == "rahasia lain"
    assert not (site.data / STAGE).exists()
    assert not (site.data / READY).exists()
    site.add_people(1)  # and life goes on
    assert make_copy().journal_seq > copy.journal_seq


def test_an_empty_machine_becomes_the_facility(
    site: Site, copy: Copy, stick: Path, another_site: Callable[[str], Any]
) -> None:
    facility = get_here().id
    with another_site("") as data:
        keys.ensure_keys(data)  # its own first start made a key that fits no copy
        with prepare(copy.path, stick, data) as prepared:
            assert prepared.facility_now == ""
            put_in_place(prepared)
        forget()
        assert get_here().id == facility
        assert sorted(Patient.objects.values_list("name", flat=True)) == FIVE
        state = keys.key_state(data)
        assert (state.recipient, state.is_on_server) == (copy.recipient, False)
        # Its next copy opens with the same key the facility already has.
        restore(make_copy().path, stick, data)


def test_says_what_would_be_lost_also_after_an_earlier_restore(
    site: Site, copy: Copy, stick: Path
) -> None:
    site.add_people(2)
    later = make_copy()
    restore(copy.path, stick, site.data)  # five people; the two are gone
    site.add_people(4)
    with prepare(later.path, stick, site.data) as prepared:
        # The later copy has two the database has not, and lacks the four.
        assert prepared.losses.made == {"patients.patient": 4}
        said = say_losses(prepared.losses, later.at, "Asia/Jakarta")
    assert said == "4 pasien baru hari ini belum ada di cadangan ini."
    old = replace(later, at=later.at.replace(year=2020))
    assert "sejak" in say_losses(prepared.losses, old.at, "Asia/Jakarta")


def refused(copy: Path, stick: Path, site: Site) -> SimpulError:
    """The refusal of a restore, which must have left everything as it was."""
    before = (site.names(), sorted(path.name for path in site.data.iterdir()))
    with (
        pytest.raises((Conflict, Refused)) as refusal,
        prepare(copy, stick, site.data) as prepared,
    ):
        put_in_place(prepared)
    forget()
    after = (site.names(), sorted(path.name for path in site.data.iterdir()))
    assert after == (before[0], sorted({*before[1], "running.lock"}))
    assert "Tidak ada yang diubah" in refusal.value.message
    return refusal.value


def test_each_refusal_has_its_own_sentence_and_changes_nothing(
    site: Site, copy: Copy, stick: Path, tmp_path: Path
) -> None:
    whole, file = copy.path.read_bytes(), tmp_path / "lain.simpul"
    codes = []

    def tried(content: bytes, key: Path = stick) -> None:
        file.write_bytes(content)
        codes.append(refused(file, key, site).code)

    stranger = tmp_path / "lain.txt"
    stranger.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    tried(whole, stranger)
    tried(whole[:-1])
    tried(whole[: len(whole) // 2])
    tried(whole[:-40] + b"!" + whole[-39:])
    tried(b"bukan cadangan")
    (tmp_path / "salah.txt").write_text("AGE-SECRET-KEY-1SALAHKETIK")
    tried(whole, tmp_path / "salah.txt")
    tried(whole, tmp_path / "tidak-ada.txt")
    codes.append(refused(tmp_path / "hilang.simpul", stick, site).code)
    assert codes == [
        "wrong_key",
        "file_cut",
        "file_cut",
        "file_altered",
        "not_a_copy",
        "bad_key",
        "no_key",
        "no_file",
    ]


def test_refuses_another_facility(
    site: Site, copy: Copy, stick: Path, another_site: Callable[[str], Any]
) -> None:
    with (
        another_site("Puskesmas Lain") as data,
        pytest.raises(Conflict, match="milik Puskesmas Contoh") as refusal,
        prepare(copy.path, stick, data),
    ):
        pass
    assert refusal.value.code == "other_facility"


def test_refuses_a_newer_version_and_another_engine(
    site: Site, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = take_cut

    def made_with(**changed: Any) -> Copy:
        def cut(*given: Any) -> Any:
            found = real(*given)
            return replace(found, manifest=replace(found.manifest, **changed))

        monkeypatch.setattr(making, "take_cut", cut)
        return make_copy()

    newer = made_with(migrations=["core.0001_initial", "patients.0999_later"], version="9.0")
    assert refused(newer.path, stick, site).code == "copy_newer"
    other = "postgresql" if connection.vendor == "sqlite" else "sqlite"
    assert refused(made_with(engine=other).path, stick, site).code == "other_engine"
    monkeypatch.setattr(making, "take_cut", real)
    copy = make_copy()
    monkeypatch.setattr(sealing, "FORMAT", 0)  # this program is of the time before
    assert refused(copy.path, stick, site).code == "copy_newer"


def test_rows_that_do_not_fit_the_manifest_are_refused(
    site: Site, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = take_cut

    def cut(*given: Any) -> Any:
        found = real(*given)
        tables = dict(found.manifest.tables)
        tables["patients_patient"] = replace(tables["patients_patient"], rows=6)
        return replace(found, manifest=replace(found.manifest, tables=tables))

    monkeypatch.setattr(making, "take_cut", cut)
    assert refused(make_copy().path, stick, site).code == "rows_altered"


def test_refuses_while_a_server_runs(site: Site, copy: Copy, stick: Path) -> None:
    held = occupy(site.data, "simpul serve")
    refusal = refused(copy.path, stick, site)
    assert refusal.code == "server_running"
    assert "Ctrl+C" in refusal.message
    held.release()
    with prepare(copy.path, stick, site.data), pytest.raises(Conflict, match="Pemulihan sedang"):
        occupy(site.data, "simpul serve")
    occupy(site.data, "simpul serve").release()


def test_refuses_while_any_program_has_the_database_open(
    site: Site, copy: Copy, stick: Path
) -> None:
    """Also one that knows nothing of our lock."""
    other = connections.create_connection("default")
    other.settings_dict = dict(connection.settings_dict)
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM patients_patient")
        cursor.fetchone()
    try:
        assert refused(copy.path, stick, site).code == "server_running"
    finally:
        other.close()
    restore(copy.path, stick, site.data)


def test_a_broken_database_is_replaced_and_kept(site: Site, copy: Copy, stick: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a PostgreSQL database is not a file")
    connection.close()
    file = Path(str(connection.settings_dict["NAME"]))
    file.write_bytes(b"rusak" * 1000)
    for ending in ("-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
    done = restore(copy.path, stick, site.data)
    assert site.names() == FIVE
    assert (Path(done.before) / "simpul.sqlite3").read_bytes() == b"rusak" * 1000


STEPS = [
    # Before the decision: the state of before; after it: the restored one, by the next start.
    ("_note_restore", restoring, "before"),
    ("commit", replacing, "before"),
    ("finish", replacing, "after"),
    ("_put_away_other_key", replacing, "after"),
]


@needs_fork
@pytest.mark.faults
@pytest.mark.parametrize(("name", "module", "state"), STEPS, ids=[step[0] for step in STEPS])
def test_killed_on_the_way(
    site: Site, copy: Copy, stick: Path, name: str, module: Any, state: str
) -> None:
    site.add_people(2)
    seven = site.names()
    (site.data / "secret.key").write_text("rahasia lain")
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            setattr(module, name, lambda *_a, **_k: os.kill(os.getpid(), signal.SIGKILL))
            restore(copy.path, stick, site.data)
        finally:
            os._exit(7)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    forget()

    assert finish_interrupted(site.data) is (state == "after")
    assert finish_interrupted(site.data) is False
    assert site.names() == (FIVE if state == "after" else seven)
    secret = "rahasia situs ini" if state == "after" else "rahasia lain"
    assert (site.data / "secret.key").read_text() == secret
    assert verify_chain().faults == ()
    restore(copy.path, stick, site.data)
    assert site.names() == FIVE


@needs_fork
@pytest.mark.faults
def test_killed_between_the_old_file_and_the_new_one(site: Site, copy: Copy, stick: Path) -> None:
    """The moment at which no database is in place at all."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL renames both in one transaction")
    site.add_people(2)
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            calls = []

            def settle(_folder: Path) -> None:
                calls.append(1)
                if not (site.data / "simpul.sqlite3").exists():
                    os.kill(os.getpid(), signal.SIGKILL)

            setattr(replacing, "settle_folder", settle)  # noqa: B010
            restore(copy.path, stick, site.data)
        finally:
            os._exit(7)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    forget()
    assert not (site.data / "simpul.sqlite3").exists()
    assert finish_interrupted(site.data)
    assert site.names() == FIVE


def test_a_start_waits_for_a_restore_that_runs(site: Site, copy: Copy, stick: Path) -> None:
    ready = site.data / READY
    ready.mkdir()
    write_whole(ready / replacing.PLAN, b"{}")
    held = occupy(site.data, "simpul serve")
    with pytest.raises(Conflict, match="sedang berjalan"):
        finish_interrupted(site.data)
    held.release()


def test_an_older_version_is_brought_up_before_it_is_put_in_place(site: Site, stick: Path) -> None:
    """A copy made before the last migration: the restored database has it."""
    call_command("migrate", "printing", "zero", verbosity=0)
    copy = make_copy()
    call_command("migrate", verbosity=0)
    restore(copy.path, stick, site.data)
    assert MigrationRecorder.Migration.objects.filter(app="printing").exists()


def test_the_manifest_survives_its_own_writing(site: Site, copy: Copy) -> None:
    with scratch_folder(site.data) as scratch:
        manifest = take_cut(scratch).manifest
    assert Manifest.from_bytes(manifest.to_bytes()) == manifest


def test_the_name_is_asked_as_people_write_it() -> None:
    assert name_matches(" puskesmas  CONTOH ", "Puskesmas Contoh")
    assert not name_matches("Puskesmas", "Puskesmas Contoh")
    assert not name_matches("", "Puskesmas Contoh")
