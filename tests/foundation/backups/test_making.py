"""A copy: everything, at one instant, sealed, read back; and nothing left behind by a death."""

import errno
import io
import os
import resource
import shutil
import signal
import sqlite3
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pyrage
import pytest
import zstandard
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.foundation.backups import keys
from simpul.foundation.backups.catalogue import list_copies, newest_copy
from simpul.foundation.backups.locks import one_at_a_time
from simpul.foundation.backups.making import compare_parts, make_copy, scratch_folder
from simpul.foundation.backups.proving import prove
from simpul.foundation.backups.sealing import Damaged, WrongKey, unseal
from simpul.foundation.core.errors import Conflict, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.models import JournalHead
from tests.foundation.backups.conftest import Site

pytestmark = pytest.mark.sqlite
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
only_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="looks into the file")


def recovery(site: Site) -> pyrage.x25519.Identity:
    return keys.read_identity(site.data / keys.PRIVATE)


def members(path: Path, identity: pyrage.x25519.Identity) -> dict[str, bytes]:
    """Open a copy without any code of ours."""
    packed = pyrage.decrypt(path.read_bytes(), [identity])
    reader = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed), read_across_frames=True)
    with tarfile.open(fileobj=reader, mode="r|") as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_holds_the_database_and_what_else_must_be_kept(site: Site) -> None:
    (site.data / "tls").mkdir()
    (site.data / "tls" / "ca.key").write_text("kunci induk")
    (site.data / "static").mkdir()
    (site.data / "static" / "a.css").write_text("dibuat ulang")

    copy = make_copy()
    found = members(copy.path, recovery(site))

    assert found["secret.key"] == b"rahasia situs ini"
    assert found["tls/ca.key"] == b"kunci induk"
    assert not {"static/a.css", "recovery.key", "proof.key"} & set(found)
    assert copy.name.startswith("simpul-puskesmas-contoh-20")
    assert copy.checked_at is not None
    assert newest_copy() == copy
    assert leftovers(copy.path.parent) == []
    assert (copy.path.stat().st_mode & 0o077) == 0


def test_says_what_it_holds(site: Site) -> None:
    copy = make_copy()
    with scratch_folder(site.data) as scratch:
        unseal(copy.path, scratch / "opened", recovery(site))
        manifest = compare_parts(scratch / "opened")
    head = JournalHead.objects.get()

    assert manifest.facility == "Puskesmas Contoh"
    assert manifest.facility_id == get_here().id
    assert (manifest.journal_seq, manifest.journal_hash) == (head.seq, head.hash)
    assert manifest.tables["patients_patient"].rows == 5
    assert manifest.tables["journal_journalentry"].rows == head.seq
    assert "core.0001_initial" in manifest.migrations


def test_a_copy_in_another_folder_stays_out_of_the_list(site: Site, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    copy = make_copy(to=stick)
    assert copy.path.parent == stick
    assert {path.suffix for path in stick.iterdir()} == {".simpul", ".json"}
    assert list_copies() == []
    with pytest.raises(Refused, match="tidak ada"):
        make_copy(to=tmp_path / "nowhere")


def test_another_key_does_not_open_it(site: Site, tmp_path: Path) -> None:
    copy = make_copy()
    stranger = pyrage.x25519.Identity.generate()
    with pytest.raises(WrongKey, match="kunci lain"):
        unseal(copy.path, tmp_path / "opened", stranger)


@only_sqlite
@needs_fork
def test_any_changed_byte_any_cut_and_any_addition_is_noticed(site: Site, tmp_path: Path) -> None:
    copy = make_copy()
    whole, identity = copy.path.read_bytes(), recovery(site)
    file, opened = tmp_path / "changed.simpul", tmp_path / "opened"

    def opens(content: bytes) -> None:
        file.write_bytes(content)
        opened.unlink(missing_ok=True)
        unseal(file, opened, identity)
        compare_parts(opened)

    opens(whole)
    header = whole.index(b"\n--- ") + 60

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.one_of(st.integers(0, header), st.integers(0, len(whole) - 1)),
        st.integers(1, 255),
        st.sampled_from(["change", "cut", "add"]),
    )
    def check(place: int, by: int, how: str) -> None:
        changed = {
            "change": whole[:place] + bytes([whole[place] ^ by]) + whole[place + 1 :],
            "cut": whole[:place],
            "add": whole + bytes([by]),
        }[how]
        with pytest.raises((Damaged, WrongKey)) as refusal:
            opens(changed)
        assert "Tidak ada yang diubah" in refusal.value.message
        if how == "cut" and place > header:
            assert refusal.value.code == "file_cut"

    check()


def test_people_write_meanwhile_and_every_copy_is_one_instant(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal's head, its entries and the rows they speak of agree in every copy."""
    facility, name = get_here().id, connection.settings_dict["NAME"]
    ending = threading.Event()
    written: list[int] = []

    def write() -> None:
        own = connections["default"]
        own.settings_dict = {**own.settings_dict, "NAME": name}
        count = 0
        try:
            while not ending.is_set():
                with act(by=None, facility=facility) as this:
                    this.record("read")
                count += 1
        finally:
            own.close()
            written.append(count)

    people = [threading.Thread(target=write) for _one in range(2)]
    for one in people:
        one.start()
    try:
        copies = [make_copy() for _one in range(3)]
        proof = prove(copies[-1])
    finally:
        ending.set()
        for one in people:
            one.join()

    assert min(written) > 3
    assert proof.faults == []
    seqs = []
    for copy in copies:
        with scratch_folder(site.data) as scratch:
            unseal(copy.path, scratch / "opened", recovery(site))
            manifest = compare_parts(scratch / "opened")
        assert manifest.tables["journal_journalentry"].rows == manifest.journal_seq
        seqs.append(manifest.journal_seq)
    assert seqs == sorted(seqs)
    assert seqs[0] < seqs[-1]


@only_sqlite
def test_a_damaged_database_is_not_copied_over_a_good_one(site: Site) -> None:
    good = make_copy()
    connection.close()
    file = Path(str(connection.settings_dict["NAME"]))
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as raw:
        raw.seek(file.stat().st_size // 2)
        raw.write(b"\xff" * 40_000)
    with pytest.raises(Exception, match=r"tidak utuh|malformed"):
        make_copy()
    assert list_copies() == [good]


@needs_fork
@pytest.mark.faults
@pytest.mark.parametrize("step", [0, 3, 4, 5])
def test_killed_at_any_step_leaves_the_old_copies_and_is_tidied(site: Site, step: int) -> None:
    before = make_copy()

    def die(_what: str, done: int, total: int) -> None:
        if total == 6 and done == step:
            os.kill(os.getpid(), signal.SIGKILL)

    connection.close()
    child = os.fork()
    if child == 0:
        try:
            make_copy(tell=die)
        finally:
            os._exit(7)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL

    assert [copy.name for copy in list_copies()] == [before.name]
    after = make_copy()
    assert {copy.name for copy in list_copies()} == {before.name, after.name}
    assert leftovers(before.path.parent) == []


@needs_fork
@pytest.mark.faults
def test_a_full_disk_is_said_and_leaves_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = make_copy()
    # Large enough for the database's copy to begin, too small for it to end.
    limit = before.database_bytes // 2 if connection.vendor == "sqlite" else 60_000
    connection.close()
    child = os.fork()
    if child == 0:
        code = 9
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            make_copy()
        except OSError as trouble:
            code = 0 if trouble.errno in (errno.EFBIG, errno.ENOSPC) else 8
        except (sqlite3.Error, Refused):
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert [copy.name for copy in list_copies()] == [before.name]
    assert leftovers(before.path.parent) == []


def test_too_little_room_is_said_before_anything_is_written(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(site.data)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    with pytest.raises(Refused, match="Ruang cakram tinggal"):
        make_copy()
    assert list_copies() == []


def test_one_at_a_time(site: Site) -> None:
    with one_at_a_time(site.data) as free:
        assert free
        with pytest.raises(Conflict, match="sedang berjalan"):
            make_copy()
    make_copy()
