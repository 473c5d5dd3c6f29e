"""Every evening, whatever the clock does; the second place; the monthly proof."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection

from simpul.foundation.backups import keys, proving, schedule
from simpul.foundation.backups.catalogue import keep_facts, list_copies, list_in, newest_copy
from simpul.foundation.backups.locks import one_at_a_time
from simpul.foundation.backups.making import make_copy
from simpul.foundation.backups.options import KEY, SIGN, Options
from simpul.foundation.backups.proving import Proof, prove
from simpul.foundation.backups.running import last_failure, progress_now
from simpul.foundation.backups.schedule import (
    copy_is_due,
    last_due,
    next_due,
    prune,
    remove,
    run_now,
    work_due,
)
from simpul.foundation.backups.status import status
from simpul.foundation.core.models import NodeState
from simpul.foundation.journal.models import JournalEntry
from simpul.service.patients.models import Patient
from tests.foundation.backups.conftest import Site
from tests.foundation.backups.test_keeping import made

pytestmark = pytest.mark.sqlite
JAKARTA = "Asia/Jakarta"
#: Eight in the evening, an hour after a copy is due.
EVENING = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)  # half past eight


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def second(site: Site, tmp_path: Path) -> Path:
    folder = tmp_path / "cakram-kedua"
    folder.mkdir()
    (folder / SIGN).write_text("")
    set_options(second=str(folder))
    return folder


def set_options(**changed: object) -> None:
    NodeState.objects.update_or_create(key=KEY, defaults={"value": json.dumps(changed)})


def levels() -> dict[str, str]:
    return {one.name: one.level for one in status().findings}


def test_what_is_due_follows_from_the_copies() -> None:
    options = Options()
    assert last_due(EVENING, options, JAKARTA) == EVENING - timedelta(hours=1)
    assert last_due(EVENING, options, "Asia/Jayapura") == EVENING - timedelta(hours=3)
    before = [made(EVENING - timedelta(hours=2))]
    after = [made(EVENING - timedelta(minutes=30))]
    assert copy_is_due(before, EVENING, options, JAKARTA)
    assert not copy_is_due(after, EVENING, options, JAKARTA)
    assert not copy_is_due(after, EVENING + timedelta(hours=20), options, JAKARTA)
    assert copy_is_due(after, EVENING + timedelta(hours=23), options, JAKARTA)
    unchecked = [made(EVENING - timedelta(minutes=30), checked=False)]
    assert copy_is_due(unchecked, EVENING, options, JAKARTA)


def test_a_missed_evening_waits_for_the_rush_to_end_unless_it_is_long_overdue() -> None:
    options = Options()
    a_day = [made(MORNING - timedelta(hours=30))]
    assert not copy_is_due(a_day, MORNING, options, JAKARTA)
    assert copy_is_due(a_day, MORNING + timedelta(hours=3), options, JAKARTA)
    assert copy_is_due([made(MORNING - timedelta(days=3))], MORNING, options, JAKARTA)
    assert copy_is_due([], MORNING, options, JAKARTA)


def test_a_copy_from_the_future_is_not_today_s() -> None:
    wrong = made(EVENING + timedelta(days=900))
    assert copy_is_due([wrong], EVENING, Options(), JAKARTA)
    right = made(EVENING - timedelta(minutes=5))
    assert not copy_is_due([wrong, right], EVENING, Options(), JAKARTA)


def test_an_evening_makes_one_copy_and_proves_it(site: Site, clock: time_machine.Traveller) -> None:
    assert levels()["backup"] == "bad"
    wait = work_due()
    assert 10 <= wait <= 600
    found = status()
    assert found.newest is not None
    assert found.newest.proven_at is not None
    assert (found.is_late, found.proof_is_late, found.running) == (False, False, None)
    assert levels() == {
        "backup": "ok",
        "backup_proof": "ok",
        "backup_key": "bad",
        "backup_second": "note",
    }
    acts = JournalEntry.objects.filter(act__startswith="backup-").values_list("act", flat=True)
    assert sorted(acts) == ["backup-made", "backup-proven"]
    assert progress_now() is None

    work_due()
    assert len(list_copies()) == 1
    clock.shift(timedelta(days=1))
    work_due()
    assert [copy.proven_at is None for copy in list_copies()] == [True, False]
    clock.shift(timedelta(days=45))
    assert levels()["backup"] == "bad"
    work_due()
    assert levels()["backup_proof"] == "ok"
    assert next_due() - EVENING < timedelta(days=47)


def test_a_clock_set_back_does_not_stop_it(site: Site, clock: time_machine.Traveller) -> None:
    clock.move_to(EVENING + timedelta(days=700))
    work_due()
    clock.move_to(EVENING)
    work_due()
    assert len(list_copies()) == 2
    found = status()
    assert found.newest is not None
    assert found.newest.at == EVENING
    work_due()
    assert len(list_copies()) == 2


def test_the_second_place_gets_each_copy_and_is_waited_for(site: Site, second: Path) -> None:
    copy = run_now()
    assert (second / copy.name).read_bytes() == copy.path.read_bytes()
    assert "second" in copy.places
    assert levels()["backup_second"] == "note"  # here it is a folder of the same disk

    (second / SIGN).unlink()  # the disk was unplugged; its empty folder stays
    site.add_people(1)
    later = run_now()
    assert list_copies()[0].name == later.name
    failure = last_failure("second")
    assert failure is not None
    assert failure.code == "second_missing"
    assert levels()["backup_second"] == "bad"
    assert not (second / later.name).exists()

    (second / SIGN).write_text("")
    with time_machine.travel(failure.at + timedelta(minutes=11), tick=False):
        work_due()
    assert (second / later.name).exists()
    assert last_failure("second") is None


def test_old_copies_go_in_both_places_but_not_before_the_new_one_is_proven_whole(
    site: Site, second: Path
) -> None:
    old = run_now()
    aged = old.at - timedelta(days=3)
    for folder in (old.path.parent, second):
        for copy in list_in(folder):
            keep_facts(replace(copy, at=aged))
    options = Options(daily=1, weekly=0, monthly=0, second=str(second))
    new = make_copy()
    whole = new.path.read_bytes()

    new.path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert prune(site.data, options, JAKARTA) == 0
    assert len(list_copies()) == 2
    assert levels()["backup"] == "note"

    new.path.write_bytes(whole)
    assert prune(site.data, options, JAKARTA) == 1
    assert [copy.name for copy in list_copies()] == [new.name]
    # The second place does not have the new one, so its old one stays.
    assert [copy.name for copy in list_in(second)] == [old.name]
    schedule.copy_to_second(site.data, second)
    assert prune(site.data, options, JAKARTA) == 1
    assert [copy.name for copy in list_in(second)] == [new.name]


def test_a_failure_is_kept_told_and_tried_again_later(
    site: Site, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_given: object) -> None:
        raise OSError(28, "No space left on device")

    tries = []
    monkeypatch.setattr(schedule, "make_copy_alone", lambda **given: tries.append(1) or full())
    work_due()
    work_due()
    assert len(tries) == 1
    failure = last_failure("backup")
    assert failure is not None
    assert failure.code == "storage_full"
    assert status().findings[0].sentence == failure.sentence
    clock.shift(timedelta(minutes=11))
    work_due()
    assert len(tries) == 2
    monkeypatch.undo()
    clock.shift(timedelta(hours=1))
    work_due()
    assert last_failure("backup") is None
    assert len(list_copies()) == 1


def test_another_process_at_it_is_left_alone(site: Site) -> None:
    with one_at_a_time(site.data) as free:
        assert free
        assert work_due() == schedule.BUSY
    assert list_copies() == []


def test_a_proof_finds_what_differs(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = make_copy()
    found = prove(copy)
    assert found.faults == []
    assert found.compared > 5
    newest = newest_copy()
    assert newest is not None
    assert newest.proven_at is not None

    # A row that was altered without a new version, past every guard.
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER guard_patients_patient_update")
        else:
            cursor.execute("ALTER TABLE patients_patient DISABLE TRIGGER USER")
        cursor.execute("UPDATE patients_patient SET name = 'Lain' WHERE name = 'Orang 1'")
    assert any("patients_patient" in fault for fault in prove(copy).faults)


def test_a_failed_proof_is_the_first_thing_one_sees(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = make_copy()
    assert copy.proven_at is None
    monkeypatch.setattr(schedule, "prove_alone", lambda *_a, **_k: Proof(faults=["Tabel x."]))
    assert schedule.prove_now().faults == ["Tabel x."]
    assert levels()["backup_proof"] == "bad"
    monkeypatch.undo()
    assert schedule.prove_now().faults == []
    assert levels()["backup_proof"] == "ok"


def test_a_removed_row_and_a_row_too_many_show(site: Site) -> None:
    copy = make_copy()
    with proving.scratch_folder(site.data) as scratch:
        manifest = proving.open_copy(copy.path, scratch, keys.proof_identity(site.data))
        with proving.restored(manifest, scratch) as source:
            assert proving.compare_with_manifest(source, manifest).faults == []
            tables = {**manifest.tables, "tidak_ada": manifest.tables["patients_patient"]}
            for name in ("patients_patient", "journal_change"):
                tables[name] = replace(tables[name], rows=tables[name].rows + 1)
            wrong = replace(manifest, tables=tables)
            assert len(proving.compare_with_manifest(source, wrong).faults) == 3
    assert Patient.objects.count() == 5


def test_removing_takes_the_facts_along(site: Site) -> None:
    copy = make_copy()
    remove(copy)
    assert list_copies() == []
    assert not list((site.data / "backups").glob("simpul-*"))
