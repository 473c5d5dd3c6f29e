"""Putting a restored state in place: one rename decides, everything after it can be repeated.

A restore is prepared in `restoring`. Renaming that folder to `restoring.ready` is the moment at
which it counts: before it nothing was touched, after it every start of Simpul first finishes what
is left. What stood there before is moved, not removed, into `sebelum-pulih-…`.
"""

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

from django.db import connection

from simpul.foundation.backups import keys, postgres
from simpul.foundation.backups.cutting import SQLITE_NAME
from simpul.foundation.backups.durable import hash_of, settle_file, settle_folder, write_whole
from simpul.foundation.backups.locks import take_alone
from simpul.foundation.backups.places import READY, STAGE
from simpul.foundation.core.errors import Conflict
from simpul.foundation.core.node import forget_node

PLAN, PARTS = "plan.json", "parts"


def commit(
    data: Path, *, before: str, database: str, new_database: str = "", old_database: str = ""
) -> None:
    """Decide for the prepared state; in PostgreSQL the new database is there and filled."""
    stage = data / STAGE
    plan = {
        "before": before,
        "database": database,
        "new_database": new_database,
        "old_database": old_database,
    }
    for folder, _folders, names in os.walk(stage):
        for name in names:
            settle_file(Path(folder) / name)
        settle_folder(Path(folder))
    write_whole(stage / PLAN, json.dumps(plan).encode())
    stage.rename(data / READY)
    settle_folder(data)


def finish_interrupted(data: Path) -> bool:
    """Finish a restore that was decided and then cut; True when there was one."""
    if not (data / READY / PLAN).exists():
        return False
    alone = take_alone(data)
    if alone is None:
        raise Conflict(
            "Pemulihan sedang berjalan di folder data ini. Tunggu sampai selesai, lalu ulangi.",
            "restore_running",
        )
    try:
        if (data / READY / PLAN).exists():  # the other process may just have finished it
            finish(data)
    finally:
        alone.release()
    return True


def finish(data: Path) -> None:
    """Put the decided state in place; may be cut and repeated at any point."""
    ready = data / READY
    plan = json.loads((ready / PLAN).read_text(encoding="utf-8"))
    before = data / plan["before"]
    before.mkdir(mode=0o700, exist_ok=True)
    connection.close()
    database = ready / PARTS / plan["database"]
    if plan["new_database"]:
        postgres.swap(plan["new_database"], plan["old_database"])
    elif database.exists():
        _swap_sqlite(Path(str(connection.settings_dict["NAME"])), database, before)
    database.unlink(missing_ok=True)
    for path in sorted((ready / PARTS).rglob("*")):
        if path.is_file():
            _swap_file(path, path.relative_to(ready / PARTS), data, before)
    _put_away_other_key(data, before)
    settle_folder(data)
    with suppress(OSError):
        before.rmdir()  # nothing stood there: an empty machine
    # The plan goes last of all: as long as it is there, this is repeated.
    shutil.rmtree(ready / PARTS, ignore_errors=True)
    (ready / PLAN).unlink()
    shutil.rmtree(ready, ignore_errors=True)
    forget_node()


def _swap_sqlite(live: Path, new: Path, before: Path) -> None:
    # The old log goes first: beside the new file it would be taken for the new file's own.
    for ending in ("-wal", "-shm", "-journal", ""):
        part = live.with_name(live.name + ending)
        if part.exists():
            part.replace(before / (SQLITE_NAME + ending))
    settle_folder(before)
    new.replace(live)
    settle_folder(live.parent)


def _swap_file(new: Path, name: Path, data: Path, before: Path) -> None:
    live = data / name
    if live.is_file():
        if hash_of(live) == hash_of(new):
            new.unlink()
            return
        kept = before / name
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        live.replace(kept)
    live.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new.replace(live)


def _put_away_other_key(data: Path, before: Path) -> None:
    """A recovery key made on this machine before the restore belongs to no copy from now on."""
    path = data / keys.PRIVATE
    if not path.exists():
        return
    with suppress(Exception):
        if str(keys.read_identity(path).to_public()) == keys.key_state(data).recipient:
            return
    before.mkdir(mode=0o700, exist_ok=True)
    path.replace(before / keys.PRIVATE)
