"""The made-up Puskesmas that is measured: made once, kept outside the project, copied each time.

Its name carries a fingerprint of the tables and of the program that makes it up, so that a change
of either makes it anew; older ones are removed. PostgreSQL keeps a dump beside it.

`SIMPUL_BENCH_DATA` names a data folder, and `SIMPUL_BENCH_POSTGRES` a cluster made by
`benchmarks.kept_postgres`, that is measured as it is: brought to the tables of today, not copied,
and changed by the measuring. So large data need be made only once.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from urllib.parse import urlparse

import psycopg

from benchmarks.kept_postgres import running
from benchmarks.processes import ROOT, environment, parent_of

#: What decides about the data: the tables, and the program that makes people up.
SOURCES = (
    "simpul/*/*/migrations/*.py",
    "simpul/demo/**/*.py",
    "simpul/domain/name*.py",  # the index of names is stored
)


@dataclass(frozen=True)
class Stock:
    """Data to be measured: a folder, for PostgreSQL also an address and its server's process."""

    folder: Path
    url: str = ""
    database_pid: int | None = None
    version: str = ""

    @property
    def env(self) -> dict[str, str]:
        """The environment in which Simpul finds it."""
        return environment(self.folder, self.url)


def cache_folder() -> Path:
    """Return where made-up data is kept between runs."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(os.environ.get("SIMPUL_BENCH_CACHE") or Path(home) / "simpul-bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _fingerprint() -> str:
    files = sorted(path for pattern in SOURCES for path in ROOT.glob(pattern))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:10]


def _kept(kind: str, size: str) -> Path:
    """Return the place of this kind of data, removing what an older program has left."""
    name = f"{kind}-{size}-"
    wanted = cache_folder() / f"{name}{_fingerprint()}"
    for old in cache_folder().glob(f"{name}*"):
        if old != wanted:
            shutil.rmtree(old, ignore_errors=True)
    return wanted


def _make(folder: Path, size: str, url: str = "") -> None:
    """Let the program make its data up."""
    began = time.monotonic()
    print(f"· Membuat data tiruan ({size}) · making the data, once", file=sys.stderr, flush=True)
    subprocess.run(
        [sys.executable, "-m", "simpul", "demo", "--size", size, "--no-serve"],
        cwd=ROOT, env=environment(folder, url), check=True, stdout=sys.stderr,
    )  # fmt: skip
    print(f"· {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


@contextmanager
def sqlite(size: str) -> Iterator[Stock]:
    """Give a fresh copy of the data in a file, on the disk of the cache."""
    given = os.environ.get("SIMPUL_BENCH_DATA")
    if given:
        yield _as_it_is(Path(given).resolve())
        return
    kept = _kept("sqlite", size)
    if not (kept / "made").exists():
        shutil.rmtree(kept, ignore_errors=True)
        _make(kept, size)
        (kept / "made").touch()
    with tempfile.TemporaryDirectory(dir=cache_folder(), prefix="run-") as scratch:
        folder = Path(scratch) / "data"
        shutil.copytree(kept, folder)
        # What was just copied must not be written back to the disk while we measure.
        os.sync()
        yield Stock(folder)


def _as_it_is(folder: Path, url: str = "") -> Stock:
    """Give data that is there already, with the tables of today."""
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0"],
        cwd=ROOT, env=environment(folder, url), check=True, stdout=sys.stderr,
    )  # fmt: skip
    if not url:
        return Stock(folder)
    with psycopg.connect(url, autocommit=True) as connection:
        version = str(connection.execute("SHOW server_version").fetchone()[0])  # type: ignore[index]
        return Stock(folder, url, parent_of(connection.info.backend_pid), version)


@contextmanager
def postgres(size: str, url: str) -> Iterator[Stock]:
    """Fill an empty database of a throwaway server, from the dump of an earlier run if any."""
    cluster = _cluster()
    if cluster is not None:
        yield _as_it_is(cluster / "data", url)
        return
    kept = _kept("postgres", size)
    programs = programs_of_postgres()
    dump = kept / "dump"
    if dump.exists() and programs:
        restore = [str(programs / "pg_restore"), "--no-owner", "-j2", "-d", url, str(dump)]
        subprocess.run(restore, check=True)
    else:
        shutil.rmtree(kept, ignore_errors=True)
        (kept / "data").mkdir(parents=True)
        _make(kept / "data", size, url)
        if programs:
            draft = kept / "draft"
            subprocess.run(
                [programs / "pg_dump", "-Fd", "-j2", "-Z1", "-f", draft, url], check=True
            )
            draft.rename(dump)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
        version = str(connection.execute("SHOW server_version").fetchone()[0])  # type: ignore[index]
        pid = parent_of(connection.info.backend_pid)
    with tempfile.TemporaryDirectory(dir=cache_folder(), prefix="run-") as scratch:
        folder = Path(scratch) / "data"
        shutil.copytree(kept / "data", folder)
        yield Stock(folder, url, pid, version)


def programs_of_postgres() -> Path | None:
    """The folder of the server's programs; None where it is not installed."""
    found: Path | None = _services().find_postgres()
    return found


def _cluster() -> Path | None:
    given = os.environ.get("SIMPUL_BENCH_POSTGRES")
    return Path(given).resolve() if given else None


def _services() -> ModuleType:
    """The module that knows where browser and database server are, from the folder of tools."""
    folder = str(ROOT / "tools")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return import_module("services")


def chromium() -> str | None:
    """Return the program of a browser that starts, if there is one."""
    found: str | None = _services().find_chromium()
    return found


@contextmanager
def postgres_server() -> Iterator[str | None]:
    """Give the server `make bench` has started, else one of our own; None where there is none."""
    given = os.environ.get("SIMPUL_TEST_POSTGRES_URL")
    programs = programs_of_postgres()
    cluster = _cluster()
    if cluster is not None and programs:
        with running(cluster, programs) as url:
            yield url
        return
    if given and urlparse(given).path:
        yield given
    elif programs:
        with _services().throwaway_postgres(programs) as url:
            yield url
    else:
        yield None
