"""The consistent cut: the whole database as it was at one instant, while people go on working.

SQLite copies all pages in one step under one read lock (in several steps the copy would begin
again with every write, and never end at a counter). PostgreSQL's dump and our own reading share
one snapshot. Rows are counted and hashed on what was copied, never on what is being worked on.
"""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import connection

from simpul import __version__
from simpul.foundation.backups import postgres
from simpul.foundation.backups.manifest import Engine, Manifest
from simpul.foundation.backups.tables import (
    PostgresSource,
    Source,
    SqliteSource,
    Tell,
    check_file,
    tally_all,
)
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, Refused

SQLITE_NAME, POSTGRES_NAME = "simpul.sqlite3", "simpul.pgdump"


@dataclass(frozen=True)
class Cut:
    """A copied database and what it says about itself; `manifest.files` is still empty."""

    path: Path
    manifest: Manifest


def take_cut(scratch: Path, tell: Tell | None = None) -> Cut:
    """Copy the site's database into the scratch folder."""
    return _cut_sqlite(scratch, tell) if connection.vendor == "sqlite" else _cut_pg(scratch, tell)


def _cut_sqlite(scratch: Path, tell: Tell | None) -> Cut:
    if connection.in_atomic_block:
        # SQLite would wait for our own transaction to end, for ever.
        raise RuntimeError("a copy is not made inside a transaction")
    target = scratch / SQLITE_NAME
    at = now()
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy, pages=-1)
    trouble = check_file(target)
    if trouble:
        raise Conflict(
            f"Basis data tidak utuh, jadi salinannya tidak disimpan: {trouble[:120]}. Hentikan "
            "Simpul, salin folder data sebagai bukti, lalu pulihkan dari cadangan terakhir.",
            "database_damaged",
        )
    with open_sqlite(target) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
        source = SqliteSource(copy)
        manifest = _describe(source, "sqlite", at=at, size=target.stat().st_size)
        return Cut(target, replace(manifest, tables=tally_all(source, tell)))


@contextmanager
def open_sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a SQLite file of our own, to be closed again."""
    with closing(sqlite3.connect(path)) as opened:
        yield opened


def _cut_pg(scratch: Path, tell: Tell | None) -> Cut:
    target = scratch / POSTGRES_NAME
    postgres.program("pg_dump")  # says what is missing before anything is done
    with postgres.connect() as own:
        own.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        at = now()
        (snapshot,) = own.execute("SELECT pg_export_snapshot()").fetchone()
        postgres.dump(snapshot, target)
        (size,) = own.execute("SELECT pg_database_size(current_database())").fetchone()
        source = PostgresSource(own)
        manifest = _describe(source, "postgresql", at=at, size=int(size))
        return Cut(target, replace(manifest, tables=tally_all(source, tell)))


def _describe(source: Source, engine: Engine, *, at: Any, size: int) -> Manifest:
    known = set(source.tables())
    if not {"core_nodestate", "journal_journalhead", "django_migrations"} <= known:
        raise Refused(
            "Basis data ini belum disiapkan, jadi belum ada yang dicadangkan. Jalankan dahulu: "
            "simpul migrate",
            "not_migrated",
        )
    states = dict(source.rows("core_nodestate", ["key", "value"]))
    node = uuid.UUID(states["node"]) if "node" in states else None
    here = [
        (uuid.UUID(str(key)), name, zone)
        for key, is_here, name, zone in source.rows(
            "facilities_facility", ["id", "is_here", "name", "timezone"]
        )
        if str(is_here).lower() in {"1", "true"}
    ]
    facility_id, facility, timezone = here[0] if here else (None, "", "Asia/Jakarta")
    heads = [
        (int(seq), str(digest))
        for key, seq, digest in source.rows("journal_journalhead", ["node", "seq", "hash"])
        if node is not None and uuid.UUID(str(key)) == node
    ]
    seq, digest = heads[0] if heads else (0, "")
    changes = (int(key) for (key,) in source.rows("journal_change", ["id"]))
    return Manifest(
        at=at,
        version=__version__,
        engine=engine,
        facility=facility,
        facility_id=facility_id,
        node=node,
        timezone=timezone,
        journal_seq=seq,
        journal_hash=digest,
        change_id=max(changes, default=0),
        tables={},
        migrations=sorted(
            f"{app}.{name}" for app, name in source.rows("django_migrations", ["app", "name"])
        ),
        files={},
        database=SQLITE_NAME if engine == "sqlite" else POSTGRES_NAME,
        database_bytes=size,
    )
