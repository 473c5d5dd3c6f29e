"""Move a house: prepare the empty target, copy in one snapshot, compare, and only then let it be.

The source is read under a lock that keeps every writer out, and nothing is written to it. The
target gets its tables and guards from the migrations; its rows, numbers and the comparison are one
transaction, so either the whole house is there or nothing is.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from simpul.cli.moving import places
from simpul.cli.moving.places import SOURCE, TARGET, Place
from simpul.cli.moving.tables import CHUNK, Digest, Table, house_tables, is_json, row_hash
from simpul.foundation.backups.locks import take_alone, who_runs
from simpul.foundation.core.errors import Conflict
from simpul.foundation.core.node import forget_node

Tell = Callable[[str, int, int], None]
#: A file needs room for its indexes while it is filled as well.
ROOM = 1.5
MOST_NAMED = 5


@dataclass(frozen=True)
class Moved:
    """What was moved: rows and digest of each table, and what is worth saying about it."""

    place: Place
    digests: dict[str, Digest]
    cleared: bool
    missing_guards: tuple[str, ...] = field(default=())

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(digest.rows for digest in self.digests.values())


def move(place: Place, tell: Tell) -> Moved:
    """Copy the house in use to an empty place; the house itself stays as it is."""
    places.require_other(place)
    with _alone(Path(settings.DATA)):
        _require_this_version()
        tables = house_tables()
        with places.both(place) as (source, target):
            forget_node()
            try:
                with transaction.atomic(using=SOURCE):
                    _keep_others_out(source, tables)
                    return _fill(place, source, target, tables, tell)
            finally:
                forget_node()


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Have the data folder alone: no server, no worker, no restore beside the move."""
    hold = take_alone(data)
    if hold is None:
        who = who_runs(data)
        raise Conflict(
            f"Simpul masih berjalan dengan data ini{f' ({who})' if who else ''}. Tidak ada yang "
            "diubah. Hentikan dahulu `simpul serve` (Ctrl+C, atau lewat layanannya), lalu ulangi.",
            "data_in_use",
        )
    try:
        yield
    finally:
        hold.release()


def _fill(
    place: Place,
    source: BaseDatabaseWrapper,
    target: BaseDatabaseWrapper,
    tables: Sequence[Table],
    tell: Tell,
) -> Moved:
    _refuse_unknown(source, tables)
    _require_room(place, source)
    cleared = places.clear_for(place, target)
    call_command("migrate", database=TARGET, verbosity=0, interactive=False, skip_checks=True)
    counts = {table.name: table.count(SOURCE) for table in tables}
    copied: dict[str, Digest] = {}
    with transaction.atomic(using=TARGET):
        _empty(target, tables)
        done, total = 0, sum(counts.values())
        for table in tables:
            copied[table.name] = _copy(table, target, _further(tell, done, total))
            done += copied[table.name].rows
        tell("Menyalin", total, total)
        _continue_numbers(source, target, tables)
        _compare(copied, tables, total, tell)
        ours, theirs = _guards(source), _guards(target)
        if ours - theirs:
            raise Conflict(
                "Penjaga tabel di tujuan tidak lengkap. Tujuan dibatalkan; sumber tidak diubah.",
                "guards_missing",
            )
        places.unmark(place, target)
    places.settle(place, target)
    return Moved(place, copied, cleared, tuple(sorted(theirs - ours)))


def _require_this_version() -> None:
    """Both sides have the tables of this version, so the source must be there already."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Conflict(
            "Basis data ini belum sesuai dengan versi Simpul yang terpasang. Tidak ada yang "
            "diubah. Jalankan dahulu: simpul migrate",
            "not_migrated",
        )


def _keep_others_out(source: BaseDatabaseWrapper, tables: Sequence[Table]) -> None:
    """One snapshot that stays the newest: nobody writes until the move is over.

    On SQLite the transaction itself is the turn to write. On PostgreSQL the tables are locked
    against writers, and anybody else who is connected is named and the move refused.
    """
    if source.vendor == "sqlite":
        return
    with source.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        names = ", ".join(source.ops.quote_name(table.name) for table in tables)
        # Before anything is read: what is read first decides which moment is seen.
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute(f"LOCK TABLE {names} IN SHARE MODE")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        others = int(cursor.fetchone()[0])
    if others:
        raise Conflict(
            f"Masih ada {others} sambungan lain ke basis data ini. Tidak ada yang diubah. "
            "Hentikan `simpul serve` dan program lain yang memakainya, lalu ulangi.",
            "data_in_use",
        )


def _refuse_unknown(source: BaseDatabaseWrapper, tables: Sequence[Table]) -> None:
    """A table that no part of the program knows would be left behind without a word."""
    with source.cursor() as cursor:
        # Parts of a divided table ("p") go with the whole; SQLite's own notes are made anew.
        found = [t.name for t in source.introspection.get_table_list(cursor) if t.type == "t"]
    there = {name for name in found if not name.startswith("sqlite_")}
    known = {table.name for table in tables} | {"django_migrations"}
    unknown = sorted(there - known)
    if unknown:
        raise Conflict(
            f"Ada tabel yang bukan milik Simpul: {', '.join(unknown[:MOST_NAMED])}. Tidak ada "
            "yang diubah, sebab tabel itu tidak akan ikut pindah. Keluarkan dahulu, lalu ulangi.",
            "unknown_tables",
        )


def _require_room(place: Place, source: BaseDatabaseWrapper) -> None:
    if place.file is None:
        return
    with source.cursor() as cursor:
        if source.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        needed = int(int(cursor.fetchone()[0]) * ROOM)
    place.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    free = shutil.disk_usage(place.file.parent).free
    if free < needed:
        raise Conflict(
            f"Cakram tujuan hanya punya {free // 10**6} MB, sedangkan perlu sekitar "
            f"{needed // 10**6} MB. Tidak ada yang diubah; kosongkan ruang, lalu ulangi.",
            "no_room",
        )


def _empty(target: BaseDatabaseWrapper, tables: Sequence[Table]) -> None:
    """Take out what the migrations put in: the source's own rows come in its place."""
    with target.cursor() as cursor:
        for table in reversed(tables):
            name = target.ops.quote_name(table.name)
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {name})")  # noqa: S608 - our tables
            if cursor.fetchone()[0]:
                cursor.execute(f"DELETE FROM {name}")  # noqa: S608


def _copy(table: Table, target: BaseDatabaseWrapper, tell: Callable[[int], None]) -> Digest:
    """Copy one table and return the digest of what was read."""
    digest = Digest()
    put = _copy_in if target.vendor == "postgresql" else _insert
    batch: list[tuple[Any, ...]] = []
    try:
        for row in table.rows(SOURCE):
            digest.add(row)
            batch.append(
                tuple(_stored(f, v, target) for f, v in zip(table.fields, row, strict=True))
            )
            if len(batch) >= CHUNK:
                put(table, target, batch)
                batch = []
                tell(digest.rows)
        if batch:
            put(table, target, batch)
    except Exception as trouble:
        # The sentence of a database may hold the row; only what kind of trouble it was is said.
        raise Conflict(
            f"Tabel {table.name} tidak dapat disalin ke {target.display_name} "
            f"({type(trouble).__name__}). Tujuan dibatalkan; sumber tidak diubah dan tetap "
            "dipakai.",
            "not_copied",
        ) from trouble
    return digest


def _further(tell: Tell, before: int, total: int) -> Callable[[int], None]:
    """Tell how far the whole has come, except its end, which is told once."""

    def told(rows: int) -> None:
        if before + rows < total:
            tell("Menyalin", before + rows, total)

    return told


def _stored(kind: Any, value: Any, target: BaseDatabaseWrapper) -> Any:
    if value is None and is_json(kind) and not kind.null:
        return target.ops.adapt_json_value(None, kind.encoder)
    return kind.get_db_prep_value(value, target, prepared=False)


def _insert(table: Table, target: BaseDatabaseWrapper, rows: Sequence[tuple[Any, ...]]) -> None:
    columns = ", ".join(target.ops.quote_name(column) for column in table.columns)
    marks = ", ".join(["%s"] * len(table.columns))
    name = target.ops.quote_name(table.name)
    with target.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", rows)  # noqa: S608


def _copy_in(table: Table, target: BaseDatabaseWrapper, rows: Sequence[tuple[Any, ...]]) -> None:
    columns = ", ".join(target.ops.quote_name(column) for column in table.columns)
    name = target.ops.quote_name(table.name)
    with (
        target.cursor() as cursor,
        cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _continue_numbers(
    source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, tables: Sequence[Table]
) -> None:
    """Make each table's own numbers go on after the source's, also after rows that are gone."""
    models = [table.model for table in tables]
    with target.cursor() as cursor:
        for statement in target.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    for table in tables:
        key = table.model._meta.auto_field
        if key is None or key.model is not table.model:
            continue
        last = _last_number(source, table.name, str(key.column))
        if last:
            _set_number(target, table.name, str(key.column), last)


def _last_number(source: BaseDatabaseWrapper, name: str, column: str) -> int:
    with source.cursor() as cursor:
        if source.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [name])
        else:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{name}"', column])
            sequence = cursor.fetchone()[0]
            cursor.execute(f"SELECT last_value FROM {sequence} WHERE is_called")  # noqa: S608
        found = cursor.fetchone()
    return 0 if found is None else int(found[0])


def _set_number(target: BaseDatabaseWrapper, name: str, column: str, last: int) -> None:
    with target.cursor() as cursor:
        if target.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last])
        else:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{name}"', column, last]
            )


def _compare(copied: dict[str, Digest], tables: Sequence[Table], total: int, tell: Tell) -> None:
    """Read everything back from the target and compare each table's digest with the source's."""
    done = 0
    for table in tables:
        digest = Digest()
        for row in table.rows(TARGET):
            digest.add(row)
            done += 1
            if done % CHUNK == 0:
                tell("Membandingkan", done, total)
        if digest != copied[table.name]:
            raise Conflict(
                f"Tabel {table.name} tidak sama di kedua sisi ({copied[table.name].rows} baris di "
                f"sumber, {digest.rows} di tujuan{_which(table)}). Tujuan dibatalkan; sumber tidak "
                "diubah dan tetap dipakai.",
                "not_equal",
            )
    tell("Membandingkan", total, total)


def _which(table: Table) -> str:
    """Name some rows that differ, by their keys."""
    place = [f.attname for f in table.fields].index(table.model._meta.pk.attname)
    sides = [
        {str(row[place]): row_hash(row) for row in table.rows(alias)} for alias in (SOURCE, TARGET)
    ]
    keys = {*sides[0], *sides[1]}
    differing = sorted(key for key in keys if sides[0].get(key) != sides[1].get(key))
    return f"; kunci {', '.join(differing[:MOST_NAMED])}" if differing else ""


def _guards(side: BaseDatabaseWrapper) -> set[str]:
    """Return the names of the guards; those against TRUNCATE exist on PostgreSQL alone."""
    statement = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if side.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with side.cursor() as cursor:
        cursor.execute(statement)
        names = {str(row[0]) for row in cursor.fetchall()}
    return {name for name in names if not name.endswith("_truncate")}
