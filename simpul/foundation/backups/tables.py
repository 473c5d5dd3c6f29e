"""Reading every table of a database, whichever it is, so that two can be compared row by row.

A row is hashed as its text; the hashes of a table are added up, so the order in which rows come
does not matter, while a missing, doubled or altered row shows.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from simpul.foundation.backups.manifest import Tally

WRAP = 1 << 256
AT_ONCE = 2000
Tell = Callable[[str, int, int], None]


class Source(Protocol):
    """A database that is read table by table."""

    def tables(self) -> list[str]:
        """Name the tables."""
        ...

    def columns(self, table: str) -> list[str]:
        """Name a table's columns, sorted."""
        ...

    def rows(self, table: str, columns: list[str], order: str = "") -> Iterator[tuple[Any, ...]]:
        """Give the rows of a table."""
        ...


class SqliteSource:
    """A SQLite file nobody else writes to."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def tables(self) -> list[str]:
        """Name the tables, but SQLite's own."""
        found = self.connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' "
            "ESCAPE '~' ORDER BY name"
        )
        return [str(name) for (name,) in found]

    def columns(self, table: str) -> list[str]:
        """Name a table's columns, sorted."""
        found = self.connection.execute(f'PRAGMA table_info("{table}")')
        return sorted(str(row[1]) for row in found)

    def rows(self, table: str, columns: list[str], order: str = "") -> Iterator[tuple[Any, ...]]:
        """Give the rows of a table."""
        # "+": a bare value. Django's connection would make dates of columns declared so.
        yield from self.connection.execute(_select(table, columns, order, before="+"))


class PostgresSource:
    """A PostgreSQL connection whose transaction sees one moment."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def tables(self) -> list[str]:
        """Name the tables of this program; parts of a divided table count as the whole."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') "
                "AND NOT c.relispartition ORDER BY 1"
            )
            return [str(name) for (name,) in cursor.fetchall()]

    def columns(self, table: str) -> list[str]:
        """Name a table's columns, sorted."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_schema = current_schema() AND table_name = %s",
                [table],
            )
            return sorted(str(name) for (name,) in cursor.fetchall())

    def rows(self, table: str, columns: list[str], order: str = "") -> Iterator[tuple[Any, ...]]:
        """Give the rows of a table as the text PostgreSQL writes for each value."""
        with self.connection.cursor(name=f"read_{table}"[:60]) as cursor:
            cursor.itersize = AT_ONCE
            cursor.execute(_select(table, columns, order, cast="::text"))
            yield from cursor


def _select(table: str, columns: list[str], order: str, *, before: str = "", cast: str = "") -> str:
    names = ", ".join(f'{before}"{name}"{cast}' for name in columns)
    # Both names come from the database's own catalogue.
    by = f' ORDER BY "{table}"."{order}"' if order else ""
    return f'SELECT {names} FROM "{table}"{by}'  # noqa: S608


def tally(source: Source, table: str) -> Tally:
    """Count and hash the rows of one table."""
    count = total = 0
    for row in source.rows(table, source.columns(table)):
        count += 1
        total += int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=32).digest())
    return Tally(count, f"{total % WRAP:064x}")


def tally_all(source: Source, tell: Tell | None = None) -> dict[str, Tally]:
    """Count and hash every table."""
    names = source.tables()
    found = {}
    for done, name in enumerate(names, start=1):
        found[name] = tally(source, name)
        if tell is not None:
            tell("Menghitung isi tabel", done, len(names))
    return found


def check_file(path: Path) -> str:
    """Ask SQLite whether a file is a sound database; returns what it found wrong, or nothing."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            found = str(connection.execute("PRAGMA quick_check(3)").fetchone()[0])
    except sqlite3.DatabaseError as trouble:
        return str(trouble)
    return "" if found == "ok" else found
