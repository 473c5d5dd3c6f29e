"""PostgreSQL's own programs and databases: dump within a snapshot, restore into a new database.

`pg_dump` is used because it also keeps triggers, sequences and partitions; a dump of our own would
have to be mended with every new kind of table.
"""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from simpul.foundation.core.errors import Refused

#: PostgreSQL cuts longer names without a word.
LONGEST_NAME = 63
#: Makes two sessions write the same value as the same text.
SAME_TEXT = (
    "SET TIME ZONE 'UTC'",
    "SET datestyle = 'ISO'",
    "SET intervalstyle = 'postgres'",
    "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1",
)


def parameters(database: str | None = None) -> dict[str, Any]:
    """Return how to reach the site's server, for one of its databases."""
    known = connection.settings_dict
    options = {
        name: value for name, value in known["OPTIONS"].items() if isinstance(value, str | int)
    }
    given = {
        "host": known["HOST"],
        "port": known["PORT"],
        "user": known["USER"],
        "password": known["PASSWORD"],
        "dbname": database or str(known["NAME"]),
        **options,
    }
    return {name: value for name, value in given.items() if value not in ("", None)}


@contextmanager
def connect(database: str | None = None, *, autocommit: bool = False) -> Iterator[Any]:
    """Open a connection of our own, beside Django's."""
    with psycopg.connect(**parameters(database), autocommit=autocommit) as own:
        for statement in SAME_TEXT:
            own.execute(statement)
        if not autocommit:
            own.commit()
        yield own


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs, the newest there is; Refused without."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0),
    )
    found = str(installed[-1]) if installed else shutil.which(name)
    if found:
        return found
    raise Refused(
        f"Program {name} tidak ada di komputer ini, jadi basis data PostgreSQL belum dapat "
        "dicadangkan atau dipulihkan. Pasang paket postgresql-client versi servernya, lalu ulangi.",
        "no_pg_program",
    )


def run(name: str, *words: str, database: str | None = None) -> None:
    """Run one of PostgreSQL's programs against a database of the site's server."""
    given = parameters(database)
    environment = {
        **os.environ,
        **{
            f"PG{variable}": str(given[key])
            for key, variable in (
                ("host", "HOST"),
                ("port", "PORT"),
                ("user", "USER"),
                ("password", "PASSWORD"),
                ("dbname", "DATABASE"),
                ("sslmode", "SSLMODE"),
                ("sslrootcert", "SSLROOTCERT"),
            )
            if key in given
        },
    }
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, our own words
        [program(name), *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode == 0:
        return
    said = next((line for line in done.stderr.splitlines() if line.strip()), f"{done.returncode}")
    if "No space left" in done.stderr:
        raise OSError(28, "No space left on device")
    raise Refused(
        f"{name} tidak selesai: {said.strip()[:200]}. Tidak ada yang diubah.",
        "pg_program_failed",
    )


def dump(snapshot: str, target: Path) -> None:
    """Dump the database as it was at a snapshot another session holds; not compressed here."""
    run(
        "pg_dump",
        "--format=custom",
        "--compress=0",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={snapshot}",
        f"--file={target}",
    )


def spare_name(kind: str) -> str:
    """Return a new database's name beside the site's."""
    return name_beside(f"_{kind}_{secrets.token_hex(4)}")


def name_beside(ending: str) -> str:
    """Return the site's database's name with an ending, short enough for PostgreSQL."""
    return f"{str(connection.settings_dict['NAME'])[: LONGEST_NAME - len(ending)]}{ending}"


def create_from(dumped: Path, name: str) -> None:
    """Make a new database and restore a dump into it; gone again when that fails."""
    with connect(autocommit=True) as own:
        row = own.execute(
            "SELECT rolcreatedb OR rolsuper, current_user FROM pg_roles "
            "WHERE rolname = current_user"
        ).fetchone()
        if not row[0]:
            raise Refused(
                f"Pengguna PostgreSQL “{row[1]}” tidak boleh membuat basis data, padahal cadangan "
                "dipulihkan di basis data tersendiri sebelum dipakai. Sebagai pengurus PostgreSQL "
                f'jalankan: ALTER ROLE "{row[1]}" CREATEDB; lalu ulangi. Tidak ada yang diubah.',
                "no_createdb",
            )
        own.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(name)
            )
        )
    try:
        run(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            f"--dbname={name}",
            str(dumped),
        )
    except BaseException:
        drop(name)
        raise


def drop(name: str) -> None:
    """Remove a database made here."""
    with connect(autocommit=True) as own:
        own.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_leftovers(kind: str) -> None:
    """Remove databases of trials that were cut; only those nobody is connected to."""
    prefix = spare_name(kind)[:-8]
    with connect(autocommit=True) as own:
        found = own.execute(
            "SELECT datname FROM pg_database d WHERE starts_with(datname, %s) AND NOT EXISTS "
            "(SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)",
            [prefix],
        ).fetchall()
        for (name,) in found:
            own.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def others_connected() -> int:
    """Count the sessions on the site's database beside our own."""
    connection.close()
    with connect(autocommit=True) as own:
        row = own.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchone()
        return int(row[0])


def swap(new: str, old: str) -> bool:
    """Put a restored database in the place of the site's, which gets the name `old`.

    Both renames are one transaction. False when that was done already.
    """
    live = str(connection.settings_dict["NAME"])
    connection.close()
    with connect(_neighbour(live)) as own:
        names = {row[0] for row in own.execute("SELECT datname FROM pg_database").fetchall()}
        if new not in names:
            return False
        if live in names:
            while old in names:  # an earlier restore's, which is not written over
                old = f"{old[: LONGEST_NAME - 9]}_{secrets.token_hex(4)}"
            own.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(live), sql.Identifier(old)
                )
            )
        own.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(new), sql.Identifier(live)
            )
        )
        own.commit()
    return True


def _neighbour(live: str) -> str:
    return "postgres" if live != "postgres" else "template1"
