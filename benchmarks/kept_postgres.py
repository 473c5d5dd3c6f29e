"""A PostgreSQL cluster that stays in a folder between runs, and the measured data brought into it.

    python -m benchmarks.kept_postgres FOLDER --from DATA

makes FOLDER a cluster with the rows of the SQLite file in the data folder DATA: the tables come
from the migrations, the rows by COPY, the indexes and guards after them. That takes a few minutes
where making the same people up again takes half an hour, and both databases then hold the very
same people. `SIMPUL_BENCH_POSTGRES=FOLDER python -m benchmarks` measures it as it is.
"""

import argparse
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.processes import ROOT, environment

ROWS_A_TIME = 5000
#: As SQLite is measured: every answered commit is on the disk.
DURABLE = {"fsync": "on", "synchronous_commit": "on"}
#: While the cluster is filled; a power cut then means filling it again.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
         "maintenance_work_mem": "512MB", "max_wal_size": "8GB"}  # fmt: skip


def _account() -> str | None:
    """Whom the server runs as: ourselves, or another one where we are root (it refuses root)."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), None)


def _how(folder: Path) -> dict[str, Any]:
    """How a program of the server is started."""
    common: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL}
    account = _account()
    if account is None:
        return common
    group = pwd.getpwnam(account).pw_gid
    return {**common, "user": account, "group": group, "extra_groups": []}


@contextmanager
def running(folder: Path, programs: Path, settings: dict[str, str] | None = None) -> Iterator[str]:
    """Start the cluster of a folder, give the address of its database, stop it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    options = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": str(folder),
        "max_connections": "300",
        "timezone": "UTC",
        **(DURABLE if settings is None else settings),
    }
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    with (folder / "server.log").open("ab") as lines:
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "cluster", *words],
            stdout=lines, stderr=lines, start_new_session=True, **_how(folder),
        )  # fmt: skip
    try:
        _wait(server, port, folder)
        yield f"postgresql://simpul@127.0.0.1:{port}/simpul"
    finally:
        server.send_signal(2)  # "fast": ends what is open, writes a checkpoint, goes
        server.wait(120)


def _wait(server: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(f"postgresql://simpul@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"PostgreSQL did not start; see {folder / 'server.log'}")


def make(folder: Path, source: Path, programs: Path) -> None:
    """Make the cluster and fill it from the SQLite file of a data folder."""
    folder.mkdir(parents=True)
    account = _account()
    if account:
        shutil.chown(folder, account, pwd.getpwnam(account).pw_gid)
    subprocess.run(
        [programs / "initdb", "-D", folder / "cluster", "-U", "simpul", "-A", "trust",
         "-E", "UTF8", "--locale=C.UTF-8"],
        check=True, stdout=subprocess.DEVNULL, **_how(folder),
    )  # fmt: skip
    with running(folder, programs, HASTY) as url:
        server = url.rpartition("/")[0]
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE simpul")
            connection.execute("CREATE DATABASE draft")
        _migrate(source, f"{server}/draft")
        for section in ("pre-data", "post-data"):
            _say(f"{section}")
            tables = subprocess.run(
                [programs / "pg_dump", f"--section={section}", "--no-owner", f"{server}/draft"],
                check=True, stdout=subprocess.PIPE,
            ).stdout  # fmt: skip
            subprocess.run(
                [programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", url],
                check=True, input=tables, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            if section == "pre-data":
                copy_rows(source / "simpul.sqlite3", url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP DATABASE draft")
            _say("VACUUM ANALYZE")
            connection.execute("VACUUM ANALYZE")
    # What belongs to the data but is no row: the secret of its sessions.
    (folder / "data").mkdir()
    shutil.copy(source / "secret.key", folder / "data")


def _migrate(source: Path, url: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0"],
        cwd=ROOT, env=environment(source, url), check=True,
    )  # fmt: skip


def copy_rows(file: Path, url: str) -> None:
    """Copy every table of a SQLite file into the tables of the same name."""
    with (
        closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source,
        psycopg.connect(url) as target,
    ):
        for table in [
            row[0]
            for row in source.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' "
                "ORDER BY name"
            )
        ]:
            _say(f"{table}: {_copy_table(table, source, target):,} rows")
        target.commit()


def _copy_table(table: str, source: sqlite3.Connection, target: "psycopg.Connection[Any]") -> int:
    """Copy one table; what automatic keys come next is told to the sequence."""
    rows = source.execute(f'SELECT * FROM "{table}"')
    columns = [column[0] for column in rows.description]
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    many = 0
    with (
        target.cursor() as cursor,
        cursor.copy(
            sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        ) as copy,
    ):
        while batch := rows.fetchmany(ROWS_A_TIME):
            for row in batch:
                copy.write_row(row)
            many += len(batch)
    with target.cursor() as cursor:
        for column in columns:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
            found = cursor.fetchone()
            if found and found[0]:
                cursor.execute(
                    sql.SQL("SELECT setval(%s, coalesce(max({}), 0) + 1, false) FROM {}").format(
                        sql.Identifier(column), sql.Identifier(table)
                    ),
                    [found[0]],
                )
    return many


def _say(text: str) -> None:
    print(f"· {time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def main() -> None:
    """Read the command line and make the cluster."""
    from benchmarks.data import programs_of_postgres

    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.kept_postgres", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("folder", type=Path, help="where the cluster shall live")
    parser.add_argument("--from", dest="source", type=Path, required=True, help="a data folder")
    options = parser.parse_args()
    programs = programs_of_postgres()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed here.")
    make(options.folder.resolve(), options.source.resolve(), programs)


if __name__ == "__main__":
    main()
