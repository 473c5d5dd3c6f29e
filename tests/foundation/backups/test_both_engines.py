"""What differs between SQLite and PostgreSQL: the cut, the trial restore, the swap.

The other tests of this folder bring an SQLite site of their own; these two run on either.
"""

import os
import signal
import threading
from pathlib import Path

import pytest
from django.db import connection, connections

from simpul.foundation.backups import keys, postgres, replacing
from simpul.foundation.backups.making import compare_parts, make_copy, scratch_folder
from simpul.foundation.backups.proving import prove
from simpul.foundation.backups.replacing import finish_interrupted
from simpul.foundation.backups.restoring import prepare, put_in_place
from simpul.foundation.backups.sealing import unseal
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import JournalHead
from tests.foundation.backups.conftest import Site, forget

FIVE = [f"Orang {number}" for number in range(1, 6)]


@pytest.fixture
def stick(site: Site, tmp_path: Path) -> Path:
    keys.ensure_keys(site.data)
    path = tmp_path / "kunci.txt"
    keys.export_key(site.data, path)
    return path


def test_cut_while_people_write_proven_and_brought_back(site: Site, stick: Path) -> None:
    facility, name = get_here().id, connection.settings_dict["NAME"]
    ending = threading.Event()

    def write() -> None:
        own = connections["default"]
        own.settings_dict = {**own.settings_dict, "NAME": name}
        try:
            while not ending.is_set():
                with act(by=None, facility=facility) as this:
                    this.record("read")
        finally:
            own.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copy = make_copy()
        proof = prove(copy)
    finally:
        ending.set()
        writer.join()
    assert proof.faults == []
    assert proof.compared >= 5
    with scratch_folder(site.data) as scratch:
        unseal(copy.path, scratch / "opened", keys.read_identity(stick))
        manifest = compare_parts(scratch / "opened")
    assert manifest.tables["journal_journalentry"].rows == manifest.journal_seq
    assert JournalHead.objects.get().seq > manifest.journal_seq

    site.add_people(2)
    with prepare(copy.path, stick, site.data) as prepared:
        assert prepared.losses.made == {"patients.patient": 2}
        put_in_place(prepared)
    forget()
    assert site.names() == FIVE
    assert verify_chain().faults == ()
    assert JournalHead.objects.get().seq == manifest.journal_seq + 1
    site.add_people(1)  # sequences and triggers came along
    if connection.vendor != "sqlite":
        left = str(connection.settings_dict["NAME"])
        with postgres.connect(autocommit=True) as own:
            found = own.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{left}_"]
            ).fetchall()
        assert len(found) == 1  # what stood there before, and no scratch database
        assert "sebelum_pulih" in found[0][0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.faults
def test_killed_after_the_decision_the_next_start_finishes(site: Site, stick: Path) -> None:
    copy = make_copy()
    site.add_people(2)
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            replacing.finish = lambda _data: os.kill(os.getpid(), signal.SIGKILL)
            with prepare(copy.path, stick, site.data) as prepared:
                put_in_place(prepared)
        finally:
            os._exit(7)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert finish_interrupted(site.data)
    forget()
    assert site.names() == FIVE
    assert verify_chain().faults == ()
