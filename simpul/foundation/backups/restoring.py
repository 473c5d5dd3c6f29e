"""Bringing a copy back, on an empty machine or over what is there.

In order: open and check every part; compare every table with the manifest; look who the data
folder belongs to and what would be lost; let a person decide; make the copy this version's; note
the restore in its journal; decide (`replacing`). Until the decision nothing that is in use was
touched, and any refusal leaves it so.
"""

import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.loader import MigrationLoader

from simpul.foundation.backups import postgres, replacing
from simpul.foundation.backups.cutting import SQLITE_NAME
from simpul.foundation.backups.keys import read_identity
from simpul.foundation.backups.locks import Occupation, one_at_a_time, take_alone, who_runs
from simpul.foundation.backups.losses import Losses, count_after, count_missing, is_continued
from simpul.foundation.backups.making import LEAST_LEFT, tidy
from simpul.foundation.backups.manifest import Manifest
from simpul.foundation.backups.places import BEFORE_RESTORE, STAGE
from simpul.foundation.backups.proving import compare_with_manifest, open_copy
from simpul.foundation.backups.sealing import Damaged
from simpul.foundation.backups.tables import PostgresSource, SqliteSource, Tell, check_file
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, Refused
from simpul.foundation.core.models import NodeState
from simpul.foundation.core.node import forget_node
from simpul.foundation.facilities.models import Facility
from simpul.foundation.facilities.selectors import forget_here
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import Change

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass
class Prepared:
    """A checked copy, ready to be put in place, and what that would mean."""

    data: Path
    file: Path
    manifest: Manifest
    rows: int
    #: Name of the facility the data folder holds now; empty on an empty machine.
    facility_now: str
    losses: Losses
    #: Was it made by an older version, whose tables must be brought up?
    is_older: bool = False
    new_database: str = ""
    is_done: bool = False

    @property
    def made_at(self) -> datetime:
        """When the copy was made, by its facility's clock."""
        return self.manifest.at.astimezone(ZoneInfo(self.manifest.timezone))


@dataclass(frozen=True)
class Restored:
    """What was done."""

    facility: str
    rows: int
    #: Where what stood there before lies now; empty on an empty machine.
    before: str
    journal_entries: int


@contextmanager
def prepare(file: Path, key_file: Path, data: Path, tell: Tell | None = None) -> Iterator[Prepared]:
    """Open and check a copy; what it gives is put in place by `put_in_place`, or forgotten."""
    identity = read_identity(key_file)
    if not file.is_file():
        raise Refused(f"Berkas {file} tidak ada. Tidak ada yang diubah.", "no_file")
    alone = _alone(data)
    prepared: Prepared | None = None
    try:
        with one_at_a_time(data) as free:
            if not free:
                raise Conflict(
                    "Pencadangan sedang berjalan di folder data ini. Tunggu sampai selesai, lalu "
                    "ulangi. Tidak ada yang diubah.",
                    "backup_running",
                )
            tidy(data)
            stage = data / STAGE
            shutil.rmtree(stage, ignore_errors=True)
            _require_room(file, data)
            stage.mkdir(mode=0o700)
            say = tell or _silent
            say("Memulihkan", 0, 4)
            manifest = open_copy(file, stage, identity)
            _require_same_engine(manifest)
            is_older = _require_known_schema(manifest)
            say("Memulihkan", 1, 4)
            prepared = _check(manifest, file, data, tell)
            prepared.is_older = is_older
            say("Memulihkan", 2, 4)
            prepared.facility_now, known = _now(manifest)
            if known:
                prepared.losses = _losses(manifest, prepared)
            yield prepared
    finally:
        shutil.rmtree(data / STAGE, ignore_errors=True)
        if prepared is not None and prepared.new_database and not prepared.is_done:
            with suppress(Exception):
                postgres.drop(prepared.new_database)
        alone.release()


def _silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""


def _alone(data: Path) -> Occupation:
    """Hold the data folder alone, or say who has it and how to stop that."""
    who = who_runs(data)
    alone = take_alone(data)
    if alone is not None and not _is_in_use():
        return alone
    if alone is not None:
        alone.release()
    said = f" ({who})" if who else ""
    raise Conflict(
        f"Simpul masih berjalan di folder data ini{said}. Tidak ada yang diubah. Hentikan dahulu: "
        "tekan Ctrl+C di jendelanya, atau hentikan layanannya (systemctl stop simpul), lalu "
        "ulangi perintah ini.",
        "server_running",
    )


def _is_in_use() -> bool:
    """Is any other process connected to the database?"""
    connection.close()
    if connection.vendor != "sqlite":
        return postgres.others_connected() > 0
    path = Path(str(connection.settings_dict["NAME"]))
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=0.5, isolation_level=None)) as probe:
            # In WAL mode every connection holds a share of the file; alone we get it whole.
            probe.execute("PRAGMA locking_mode=EXCLUSIVE")
            probe.execute("BEGIN EXCLUSIVE")
            probe.execute("ROLLBACK")
    except sqlite3.OperationalError as trouble:
        return "locked" in str(trouble)
    except sqlite3.DatabaseError:
        return False  # damaged: nobody can be using it
    return False


def _require_room(file: Path, data: Path) -> None:
    need = file.stat().st_size * 12 + LEAST_LEFT // 3
    free = shutil.disk_usage(data).free
    if free < need:
        raise Refused(
            f"Ruang cakram tinggal {free // 1_000_000} MB; memulihkan cadangan ini butuh sekitar "
            f"{need // 1_000_000} MB. Tidak ada yang diubah; kosongkan ruang, lalu ulangi.",
            "no_room",
        )


def _require_same_engine(manifest: Manifest) -> None:
    here = "sqlite" if connection.vendor == "sqlite" else "postgresql"
    if manifest.engine == here:
        return
    how = (
        "Kosongkan SIMPUL_DATABASE_URL"
        if manifest.engine == "sqlite"
        else "Isi SIMPUL_DATABASE_URL dengan basis data PostgreSQL"
    )
    raise Refused(
        f"Cadangan ini dari {ENGINES[manifest.engine]}, sedangkan di sini dipakai "
        f"{ENGINES[here]}. Tidak ada yang diubah. {how}, ulangi, dan bila perlu pindahkan sesudah "
        "itu dengan: simpul move-database",
        "other_engine",
    )


def _require_known_schema(manifest: Manifest) -> bool:
    """Refuse a newer version's copy; True for an older one's."""
    loader = MigrationLoader(None)
    ours = {label for label, _name in loader.disk_migrations or {}}
    known = {f"{label}.{name}" for label, name in loader.disk_migrations or {}}
    newer = [
        name for name in manifest.migrations if name.split(".", 1)[0] in ours and name not in known
    ]
    if newer:
        raise Refused(
            f"Cadangan ini dari versi Simpul yang lebih baru ({manifest.version}: {newer[0]}). "
            "Pasang versi itu, lalu ulangi. Tidak ada yang diubah.",
            "copy_newer",
        )
    return not known <= set(manifest.migrations)


def _check(manifest: Manifest, file: Path, data: Path, tell: Tell | None) -> Prepared:
    """Compare every table of the copy with its manifest."""
    path = data / STAGE / replacing.PARTS / manifest.database
    new = ""
    if manifest.database == SQLITE_NAME:
        trouble = check_file(path)
        if trouble:
            raise Damaged(
                "Basis data di dalam cadangan ini tidak utuh. Pakai cadangan lain. Tidak ada yang "
                "diubah.",
                "database_damaged",
            )
        with closing(sqlite3.connect(path)) as opened:
            proof = compare_with_manifest(SqliteSource(opened), manifest, tell)
    else:
        postgres.drop_leftovers("pulih")
        new = postgres.spare_name("pulih")
        postgres.create_from(path, new)
        with postgres.connect(new) as own:
            proof = compare_with_manifest(PostgresSource(own), manifest, tell)
    if proof.faults:
        if new:
            postgres.drop(new)
        raise Damaged(
            f"Isi cadangan tidak sesuai dengan daftarnya: {proof.faults[0]} Pakai cadangan lain. "
            "Tidak ada yang diubah.",
            "rows_altered",
        )
    return Prepared(data, file, manifest, proof.rows, "", Losses(), new_database=new)


def _now(manifest: Manifest) -> tuple[str, bool]:
    """Whose the data folder is now, and whether its database can be read.

    Refuses a copy of another facility.
    """
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return "", False
    try:
        here = Facility.objects.filter(is_here=True).values_list("id", "name").first()
    except DatabaseError:
        connection.close()
        # Damaged, or made by nothing of ours: it will be put aside as it is.
        return manifest.facility, False
    if here is None:
        return "", False
    if here[0] != manifest.facility_id:
        raise Conflict(
            f"Cadangan ini milik {manifest.facility or 'Puskesmas lain'}, sedangkan folder data "
            f"ini milik {here[1]}. Tidak ada yang diubah. Untuk memulihkannya di komputer ini "
            "pakai folder data kosong (SIMPUL_DATA).",
            "other_facility",
        )
    return here[1], True


def _losses(manifest: Manifest, prepared: Prepared) -> Losses:
    try:
        if is_continued(manifest.node, manifest.journal_seq, manifest.journal_hash):
            return count_after(manifest.change_id)
        with _at(prepared):
            ids = Change.objects.order_by().values_list("change", flat=True)
            known = {one.hex for one in ids.iterator(chunk_size=5000)}
        return count_missing(known)
    except DatabaseError:
        return Losses(is_known=False)
    finally:
        connection.close()


@contextmanager
def _at(prepared: Prepared) -> Iterator[None]:
    """Work on the prepared database as if it were the site's."""
    own = connections["default"]
    own.close()
    name = prepared.new_database or str(
        prepared.data / STAGE / replacing.PARTS / prepared.manifest.database
    )
    other = connections.create_connection("default")
    other.settings_dict = {**own.settings_dict, "NAME": name}
    connections["default"] = other
    forget_node()
    forget_here()
    try:
        yield
    finally:
        if other.vendor == "sqlite" and other.connection is not None:
            with other.cursor() as cursor:
                cursor.execute("PRAGMA journal_mode=DELETE")
        other.close()
        connections["default"] = own
        forget_node()
        forget_here()
        for ending in (".gate", "-wal", "-shm"):
            if not prepared.new_database:
                Path(name + ending).unlink(missing_ok=True)


def put_in_place(prepared: Prepared, tell: Tell | None = None) -> Restored:
    """Make the copy this version's, note the restore in it, and put it in place."""
    say = tell or _silent
    say("Memulihkan", 3, 4)
    manifest, data = prepared.manifest, prepared.data
    moment = now()
    with _at(prepared):
        report = verify_chain()
        if report.faults:
            raise Damaged(
                f"Jurnal di dalam cadangan ini tidak utuh ({report.faults[0].message}). Pakai "
                "cadangan lain. Tidak ada yang diubah.",
                "journal_damaged",
            )
        if prepared.is_older:
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        with transaction.atomic():
            _note_restore(prepared, moment)
    before = f"{BEFORE_RESTORE}{moment.astimezone(ZoneInfo(manifest.timezone)):%Y%m%d-%H%M%S}"
    if (data / before).exists():
        before = f"{before}-{secrets.token_hex(2)}"
    old = postgres.name_beside(f"_{before.replace('-', '_')}")
    replacing.commit(
        data,
        before=before,
        database=manifest.database,
        new_database=prepared.new_database,
        old_database=old if prepared.new_database else "",
    )
    prepared.is_done = True
    replacing.finish(data)
    forget_here()
    say("Memulihkan", 4, 4)
    # On an empty machine nothing but a secret of some seconds ago was put aside.
    place = str(data / before) if prepared.facility_now and (data / before).exists() else ""
    if prepared.new_database:
        place = ", ".join(part for part in (place, f"PostgreSQL: {old}") if part)
    return Restored(manifest.facility, prepared.rows, place, report.entries)


def _note_restore(prepared: Prepared, moment: datetime) -> None:
    """Note the restore in the restored database: for the hub, and for whoever reads the journal."""
    manifest = prepared.manifest
    for key, value in (
        ("restored_at", moment.isoformat()),
        ("restored_from", prepared.file.name[:200]),
        ("restored_head", str(manifest.journal_seq)),
    ):
        NodeState.objects.update_or_create(key=key, defaults={"value": value})
    # Who was signed in when the copy was made is not signed in now.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")
    if manifest.facility_id is None:
        return
    with act(by=None, facility=manifest.facility_id) as this:
        this.record(
            "restored",
            detail={"copy_at": manifest.at.isoformat(), "journal": manifest.journal_seq},
        )


def name_matches(typed: str, meant: str) -> bool:
    """Did the person type the facility's name? Case and spaces do not count."""
    return " ".join(typed.lower().split()) == " ".join(meant.lower().split())
