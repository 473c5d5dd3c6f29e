"""The trial restore: is a copy really a database with every row in it?

It is opened with the server's own key, restored into a scratch place (a file, or a PostgreSQL
database of its own) and compared row by row: with the counts and hashes of its manifest, and with
the rows people work on now. A row that both have in the same version must be the same; a row the
copy has must still be there, for nothing is ever deleted; the journal must hold.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from django.db import connection
from django.utils.translation import gettext as _

from simpul.foundation.backups import keys, postgres
from simpul.foundation.backups.catalogue import Copy, keep_facts, read_facts
from simpul.foundation.backups.cutting import SQLITE_NAME, open_sqlite
from simpul.foundation.backups.durable import hash_of
from simpul.foundation.backups.locks import one_at_a_time
from simpul.foundation.backups.making import scratch_folder, tidy
from simpul.foundation.backups.manifest import Manifest
from simpul.foundation.backups.places import data_folder
from simpul.foundation.backups.running import tell_progress
from simpul.foundation.backups.sealing import Damaged, copy_stream, unpack, unseal
from simpul.foundation.backups.tables import (
    PostgresSource,
    Source,
    SqliteSource,
    Tell,
    check_file,
    tally,
)
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict

#: Rows of these two say what was done; they are never altered, so every column is compared.
WRITTEN_FOR_GOOD = ("journal_journalentry",)
MOST_NAMED = 20


@dataclass
class Proof:
    """What a trial restore found; no fault means every row is there."""

    tables: int = 0
    rows: int = 0
    compared: int = 0
    faults: list[str] = field(default_factory=list)

    def fault(self, sentence: str) -> None:
        """Note a fault; of many the first ones are enough."""
        if len(self.faults) < MOST_NAMED:
            self.faults.append(sentence)


def prove(copy: Copy, *, data: Path | None = None, tell: Tell | None = None) -> Proof:
    """Restore a copy into a scratch place and compare it; a proven copy is marked so."""
    with one_at_a_time(data) as free:
        if not free:
            raise Conflict(
                _("Pencadangan lain sedang berjalan. Tunggu sampai selesai."), "backup_running"
            )
        tidy(data)
        return prove_alone(copy, data=data, tell=tell)


def prove_alone(copy: Copy, *, data: Path | None = None, tell: Tell | None = None) -> Proof:
    """The same for who holds the lock already."""
    home = data_folder(data)

    def say(what: str, done: int, total: int) -> None:
        tell_progress(what, done, total, home)
        if tell is not None:
            tell(_("Uji pulih"), done, total)

    with scratch_folder(home) as scratch:
        say(_("Uji pulih: membuka cadangan"), 0, 3)
        manifest = open_copy(copy.path, scratch, keys.proof_identity(home))
        say(_("Uji pulih: memulihkan ke tempat coba"), 1, 3)
        with restored(manifest, scratch) as source:
            say(_("Uji pulih: membandingkan baris"), 2, 3)
            proof = compare_with_manifest(source, manifest, tell)
            if connection.vendor == _vendor(manifest):
                with live_source() as live:
                    compare_with_live(source, live, proof)
        say(_("Selesai"), 3, 3)
    if not proof.faults:
        keep_facts(replace(read_facts(copy.path) or copy, proven_at=now()))
    return proof


def _vendor(manifest: Manifest) -> str:
    return "sqlite" if manifest.engine == "sqlite" else "postgresql"


def open_copy(sealed: Path, scratch: Path, identity: Any) -> Manifest:
    """Open a copy into `scratch/parts` and compare every part with the manifest."""
    packed, parts = scratch / "packed", scratch / "parts"
    unseal(sealed, packed, identity)
    parts.mkdir()

    def take(name: str, file: IO[bytes]) -> None:
        place = parts / name
        if not place.resolve().is_relative_to(parts.resolve()):
            raise ValueError(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            copy_stream(file, target)

    manifest = unpack(packed, take)
    packed.unlink()
    for name, digest in manifest.files.items():
        if not (parts / name).is_file() or hash_of(parts / name) != digest:
            raise Damaged(
                _("Isi cadangan tidak utuh: %(names)s. Pakai cadangan lain.") % {"names": name},
                "part_altered",
            )
    return manifest


@contextmanager
def restored(manifest: Manifest, scratch: Path) -> Iterator[Source]:
    """Give the database of an opened copy, restored into a place that is gone afterwards."""
    path = scratch / "parts" / manifest.database
    if manifest.database == SQLITE_NAME:
        trouble = check_file(path)
        if trouble:
            raise Conflict(
                _("Basis data di dalam cadangan tidak utuh. Pakai cadangan lain."),
                "database_damaged",
            )
        with open_sqlite(path) as opened:
            yield SqliteSource(opened)
        return
    postgres.drop_leftovers("coba")
    name = postgres.spare_name("coba")
    postgres.create_from(path, name)
    try:
        with postgres.connect(name) as own:
            yield PostgresSource(own)
    finally:
        postgres.drop(name)


@contextmanager
def live_source() -> Iterator[Source]:
    """Give the database people work on, seen at one moment."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        raw = connection.connection
        began = not raw.in_transaction
        if began:
            raw.execute("BEGIN")  # deferred: a reader's view, no writer waits for it
        try:
            yield SqliteSource(raw)
        finally:
            if began:
                raw.execute("ROLLBACK")
        return
    with postgres.connect() as own:
        own.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield PostgresSource(own)


def compare_with_manifest(source: Source, manifest: Manifest, tell: Tell | None = None) -> Proof:
    """Count and hash every table again."""
    proof = Proof()
    there = set(source.tables())
    for number, (table, meant) in enumerate(sorted(manifest.tables.items()), start=1):
        if table not in there:
            proof.fault(_("Tabel %(table)s tidak ada.") % {"table": table})
            continue
        found = tally(source, table)
        proof.tables += 1
        proof.rows += found.rows
        if found.rows != meant.rows:
            proof.fault(
                _("Tabel %(table)s: %(found)s baris, seharusnya %(meant)s.")
                % {"table": table, "found": found.rows, "meant": meant.rows}
            )
        elif found.digest != meant.digest:
            proof.fault(_("Tabel %(table)s: ada baris yang berubah.") % {"table": table})
        if tell is not None:
            tell(_("Membandingkan tabel"), number, len(manifest.tables))
    return proof


def compare_with_live(copied: Source, live: Source, proof: Proof) -> None:
    """Compare what the copy holds with the rows of today."""
    there = set(live.tables())
    pair = _Pair(copied, live, proof)
    for table in copied.tables():
        columns = copied.columns(table)
        if table not in there or columns != live.columns(table):
            continue  # this version has changed it since: the manifest has vouched for it
        if table in WRITTEN_FOR_GOOD or {"id", "owner", "version", "change"} <= set(columns):
            pair.compare(table, columns)


class _Pair:
    """The copy and the database of today, walked side by side in the order of the rows' ids."""

    def __init__(self, copied: Source, live: Source, proof: Proof) -> None:
        self.copied, self.live, self.proof = copied, live, proof

    @cached_property
    def deleted(self) -> set[str]:
        """Links that an act has deleted, by the change feed."""
        rows = self.live.rows("journal_change", ["row", "operation"])
        return {str(row).replace("-", "") for row, operation in rows if operation == "d"}

    def compare(self, table: str, columns: list[str]) -> None:
        """Compare one table; its first fault is enough."""
        place = columns.index("id")
        change = columns.index("change") if "change" in columns else None
        today = self.live.rows(table, columns, "id")
        present = next(today, None)
        for row in self.copied.rows(table, columns, "id"):
            key = _key(row[place])
            while present is not None and _key(present[place]) < key:
                present = next(today, None)
            if present is None or _key(present[place]) != key:
                if str(row[place]).replace("-", "") in self.deleted:
                    continue
                self.proof.fault(
                    _("Tabel %(table)s: baris di cadangan tidak ada lagi di basis data.")
                    % {"table": table}
                )
                return
            is_same_version = change is None or present[change] == row[change]
            if is_same_version and present != row:
                self.proof.fault(
                    _("Tabel %(table)s: baris di cadangan dan di basis data berbeda isi.")
                    % {"table": table}
                )
                return
            self.proof.compared += 1


def _key(value: Any) -> tuple[int, str]:
    """An id as something to order by: PostgreSQL gives numbers as text."""
    text = str(value)
    return (int(text), "") if len(text) < 20 and text.isdigit() else (0, text)
