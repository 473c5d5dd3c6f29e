"""The two ends of a move: where the house lies now, and the empty place it goes to.

A place that is being filled is marked as such until the last row is checked: a file carries another
name, a PostgreSQL database holds a table called `simpul_moving`. So a move that was cut off leaves
nothing that could be taken for a house, and the next try begins by clearing it away.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

from simpul.foundation.core.databases import FILE, NoAddress, describe_address, describe_file
from simpul.foundation.core.errors import Conflict, Refused

SOURCE, TARGET = "source", "default"
MARK = "simpul_moving"


@dataclass(frozen=True)
class Place:
    """A database that may be moved to; `file` only where it is a file."""

    description: dict[str, Any]
    file: Path | None = None

    @property
    def label(self) -> str:
        """What it is called in sentences: never with a password."""
        if self.file is not None:
            return f"berkas {self.file}"
        host = self.description["HOST"] or "komputer ini"
        return f"PostgreSQL “{self.description['NAME']}” di {host}"

    @property
    def draft(self) -> Path:
        """The name a file has while it is filled."""
        file = self.file or Path(settings.DATA) / FILE
        return file.with_name(f"{file.name}.moving")


def read_place(text: str) -> Place:
    """Read what was asked for: `sqlite`, `sqlite:FILE` or a PostgreSQL address."""
    kind, _colon, rest = text.strip().partition(":")
    if kind == "sqlite":
        path = Path(rest.removeprefix("//")).expanduser().absolute() if rest else None
        file = path or Path(settings.DATA) / FILE
        return Place(describe_file(file), file)
    try:
        return Place(describe_address(text.strip()))
    except NoAddress:
        raise Refused(
            "Tujuan belum dimengerti; tidak ada yang diubah. Tulis --to sqlite, "
            "--to sqlite:BERKAS, atau --to postgresql://pengguna:sandi@tuan-rumah:port/nama.",
            "bad_target",
        ) from None


def require_other(place: Place) -> None:
    """Refuse to move a database onto itself."""
    now = connections[TARGET].settings_dict
    same = ("NAME", "HOST", "PORT") if place.file is None else ("NAME",)
    is_file_now = connections[TARGET].vendor == "sqlite"
    if is_file_now == (place.file is not None) and all(
        str(now[key]) == str(place.description[key]) for key in same
    ):
        raise Refused(
            f"Data sudah berada di {place.label}. Tidak ada yang diubah.", "same_database"
        )


@contextmanager
def both(place: Place) -> Iterator[tuple[BaseDatabaseWrapper, BaseDatabaseWrapper]]:
    """Make the target the default database of this thread and the house reachable as `source`.

    Migrations and whatever they call write to the default one; so none can reach the source.
    """
    source = connections[TARGET]
    description = {**source.settings_dict, **place.description}
    description.setdefault("CONN_HEALTH_CHECKS", False)
    if place.file is not None:
        description["NAME"] = str(place.draft)
        # Half a file is thrown away, so nothing needs to last before it is whole; it is written
        # to the disk in one go at the end.
        quick = "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
        description["OPTIONS"] = {**place.description["OPTIONS"], "init_command": quick}
    backend = load_backend(description["ENGINE"])
    target: BaseDatabaseWrapper = backend.DatabaseWrapper(description, TARGET)
    connections[SOURCE], connections[TARGET] = source, target
    try:
        yield source, target
    finally:
        target.close()
        connections[TARGET] = source
        del connections[SOURCE]


def clear_for(place: Place, target: BaseDatabaseWrapper) -> bool:
    """Make sure that the target is empty and mark it; returns whether a cut-off try was cleared.

    Refused when anything lies there that is not the rest of a try of ours.
    """
    if place.file is not None:
        return _clear_file(place, place.file)
    with target.cursor() as cursor:
        tables = target.introspection.table_names(cursor)
        was_cut_off = MARK in tables
        if tables and not was_cut_off:
            raise Conflict(
                f"{place.label} tidak kosong ({len(tables)} tabel). Tidak ada yang diubah. Buat "
                "basis data baru yang kosong, lalu ulangi dengan alamatnya.",
                "target_not_empty",
            )
        for name in tables:
            if name != MARK:  # last of all, so that a second cut leaves it
                cursor.execute(f"DROP TABLE IF EXISTS {target.ops.quote_name(name)} CASCADE")
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {MARK} (began timestamptz DEFAULT now())")
    return was_cut_off


def _clear_file(place: Place, file: Path) -> bool:
    if file.exists() and file.stat().st_size:
        raise Conflict(
            f"Berkas {file} sudah ada, jadi tidak ada yang diubah. Ganti nama berkas lama itu "
            "(jangan dihapus), atau pilih tempat lain: --to sqlite:BERKAS",
            "target_not_empty",
        )
    was_cut_off = place.draft.exists()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for suffix in ("", "-journal", "-wal", "-shm", ".gate"):
        Path(f"{place.draft}{suffix}").unlink(missing_ok=True)
    return was_cut_off


def unmark(place: Place, target: BaseDatabaseWrapper) -> None:
    """Inside the last transaction: take the mark away, so that it goes with the rows' commit."""
    if place.file is None:
        with target.cursor() as cursor:
            cursor.execute(f"DROP TABLE {MARK}")


def settle(place: Place, target: BaseDatabaseWrapper) -> None:
    """After the commit: a file is written to the disk and gets its name."""
    if place.file is None:
        return
    target.close()
    with place.draft.open("rb+") as file:
        os.fsync(file.fileno())
    for suffix in ("-journal", ".gate"):
        Path(f"{place.draft}{suffix}").unlink(missing_ok=True)
    place.draft.replace(place.file)
    if os.name != "nt":
        place.file.chmod(0o600)
        folder = os.open(place.file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def is_half_moved() -> bool:
    """Is the database in use the rest of a move that was cut off?"""
    connection = connections[TARGET]
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [MARK])
        return bool(cursor.fetchone()[0])
