"""A real site for the fault tests: its own folder or database, and the real server as a process."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
#: Answers after which a program tries again with the same key: the server said so itself.
AGAIN = frozenset({502, 503})


def environment(folder: Path, url: str | None) -> dict[str, str]:
    """Return the variables of a site's processes; nothing of the caller's own site goes in."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SIMPUL_", "DJANGO_"))}
    kept |= {
        "SIMPUL_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "simpul.config.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "SIMPUL_BALLAST_MB": "0",  # a quarter of a gigabyte for each site of a test is too much
    }
    return kept | ({"SIMPUL_DATABASE_URL": url} if url else {})


def run_python(*words: str, env: dict[str, str], timeout: float = 120) -> str:
    """Run a Python process of the site to its end and return what it printed."""
    done = subprocess.run(
        [sys.executable, *words],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, f"{words}: {done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@dataclass(frozen=True)
class Answer:
    """What the server said to one call."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as data."""
        return json.loads(self.body)

    @property
    def is_replayed(self) -> bool:
        """Was this answer given before?"""
        return self.headers.get("idempotent-replayed") == "true"


@dataclass
class Site:
    """One installation: where its data is, who may call it, and its running server."""

    folder: Path
    url: str | None
    registrar: str
    physician: str
    patients: list[str]
    log: Path
    port: int = 0
    kills: int = 0
    #: Further words for `simpul serve`; a worker would make copies beside what is tested.
    words: tuple[str, ...] = ("--no-worker",)
    server: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _reader: Any = field(default=None, repr=False)

    @property
    def is_sqlite(self) -> bool:
        """Is this site's database the file in its folder?"""
        return self.url is None

    @property
    def database(self) -> Path:
        """The database file of a site on SQLite."""
        return self.folder / "simpul.sqlite3"

    @property
    def env(self) -> dict[str, str]:
        """The variables of this site's processes."""
        return environment(self.folder, self.url)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.port = self.port or free_port()
        address = ("--host", "127.0.0.1", "--port", str(self.port))
        with self.log.open("ab") as lines:
            # A group of its own: whatever the server starts is killed with it.
            self.server = subprocess.Popen(
                [sys.executable, "-m", "simpul", "serve", *address, *self.words],
                env=self.env,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=lines,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self.server.poll() is None, f"the server ended:\n{self.tail()}"
            try:
                if self.once("GET", "/health").status == 200:
                    return
            except (OSError, HTTPException):
                time.sleep(0.05)
        raise AssertionError(f"the server does not answer:\n{self.tail()}")

    def kill(self) -> None:
        """End the server as a power cut does: no signal it could catch, no last write."""
        if self.server is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()
        self.server = None
        self.kills += 1

    def stop(self) -> None:
        """End the server in good order, or by force if it does not go."""
        if self.server is None:
            return
        self.server.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.server.wait(10)
        self.kill()

    def tail(self) -> str:
        """Return the end of what the server wrote."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""

    def once(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        token: str | None = None,
        timeout: float = 30,
    ) -> Answer:
        """Send one call and return the answer; raises when the server goes away meanwhile."""
        headers = {"Authorization": f"Bearer {token or self.registrar}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        text = None
        if body is not None:
            text = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, text, headers)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def insist(self, method: str, path: str, body: object = None, **more: Any) -> Answer:
        """Send a call again and again, with the same key, until it is answered."""
        until = time.monotonic() + 90
        while True:
            try:
                answer = self.once(method, path, body, **more)
                if answer.status not in AGAIN:
                    return answer
            except (OSError, HTTPException):
                pass
            assert time.monotonic() < until, f"no answer to {method} {path}:\n{self.tail()}"
            time.sleep(0.05)

    def visit(self, number: int, *, unit: str = "umum") -> dict[str, str]:
        """Return the body that registers a visit of the patient with this number."""
        return {
            "patient_id": self.patients[number],
            "unit": unit,
            "complaint": "batuk",
            "payer": "umum",
            "override_reason": "Permintaan pasien",
        }

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Read from the database beside the server."""
        if self.url is None:
            with sqlite3.connect(self.database, timeout=30) as connection:
                found = connection.execute(statement).fetchall()
            connection.close()
            return found
        return self._beside().execute(statement).fetchall()  # type: ignore[call-overload]

    def _beside(self) -> Any:
        """Keep one connection: on a full disk PostgreSQL may refuse a new one."""
        import psycopg

        if self._reader is not None:
            try:
                self._reader.execute("SELECT 1")
            except psycopg.OperationalError:
                self._reader = None
        if self._reader is None:
            self._reader = psycopg.connect(self.url or "", autocommit=True)
        return self._reader

    def execute(self, statement: str) -> None:
        """Run a statement on a PostgreSQL site beside the server."""
        import psycopg

        with psycopg.connect(self.url or "", autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def count(self, table: str, condition: str = "1 = 1") -> int:
        """Count the rows of a table."""
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE {condition}")[0][0])

    def chain_faults(self) -> list[list[object]]:
        """Check the journal in a process of its own, as an inspector would."""
        return json.loads(run_python("-m", "tests.faults.verify", env=self.env))  # type: ignore[no-any-return]


class Events:
    """A screen's stream of events, read as it comes and cut whenever one likes."""

    def __init__(self, site: Site, topics: str, last_id: int | None = None) -> None:
        self.connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
        headers = {"Authorization": f"Bearer {site.physician}", "Accept": "text/event-stream"}
        if last_id is not None:
            headers["Last-Event-ID"] = str(last_id)
        self.connection.request("GET", f"/live?topics={topics}", headers=headers)
        self.response: HTTPResponse = self.connection.getresponse()
        assert self.response.status == 200, self.response.read()
        self.socket = self.connection.sock
        self.ids: list[int] = []
        self.is_ready = threading.Event()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        assert self.is_ready.wait(30), "the stream never got ready"

    def _read(self) -> None:
        try:
            for line in self.response:
                text = line.decode().rstrip("\n")
                if text.startswith("id: "):
                    self.ids.append(int(text.removeprefix("id: ")))
                elif text == ": ready":
                    self.is_ready.set()
        except (OSError, HTTPException, ValueError, AttributeError):
            return

    def wait(self, count: int, seconds: float = 20) -> list[int]:
        """Return the ids once there are so many (or the time is over)."""
        until = time.monotonic() + seconds
        while len(self.ids) < count and time.monotonic() < until:
            time.sleep(0.02)
        return list(self.ids)

    def cut(self) -> None:
        """Pull the cable."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.connection.close()
        self.thread.join(10)


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Workshop:
    """Makes sites by copying one that was prepared once for each kind of database."""

    base: Path
    postgres_url: str | None
    patients: int = 1000
    models: dict[str, tuple[Path, str | None]] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    def site(
        self, kind: str, folder: Path, *, is_small: bool = False, tablespace: str = ""
    ) -> Site:
        """Return a fresh site; `is_small` leaves the files of the pages outside its folder."""
        if kind not in self.models:
            self.models[kind] = self._prepare(kind)
        model, model_url = self.models[kind]
        folder.mkdir(parents=True, exist_ok=True)
        for path in model.iterdir():
            if path.is_dir() and is_small:
                (folder / path.name).symlink_to(path)
            elif path.is_dir():
                shutil.copytree(path, folder / path.name)
            else:
                shutil.copy2(path, folder / path.name)
        url = None
        if model_url is not None:
            url = self._create_database(urlsplit(model_url).path.lstrip("/"), tablespace)
        made = json.loads((model / "made.json").read_text(encoding="utf-8"))
        log = self.base / f"{folder.parent.name}-{folder.name}.log"
        return Site(folder=folder, url=url, log=log, **made)

    def _prepare(self, kind: str) -> tuple[Path, str | None]:
        folder = self.base / f"model-{kind}"
        folder.mkdir()
        url = self._create_database() if kind == "postgres" else None
        env = environment(folder, url)
        run_python(
            "-m", "tests.faults.prepare", str(folder / "made.json"), str(self.patients), env=env
        )
        # The first start makes the files of the pages; each copy then starts at once.
        for other, _url in self.models.values():
            shutil.copytree(other / "static", folder / "static", dirs_exist_ok=True)
            shutil.copy2(other / "static.stamp", folder / "static.stamp")
        made = json.loads((folder / "made.json").read_text(encoding="utf-8"))
        first = Site(folder=folder, url=url, log=self.base / f"model-{kind}.log", **made)
        first.start()
        first.stop()
        if url is None:
            with sqlite3.connect(first.database) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.close()
        return folder, url

    def _create_database(self, like: str = "", tablespace: str = "") -> str:
        assert self.postgres_url is not None
        name = f"simpul_faults_{os.getpid()}_{len(self.made)}"
        how = f" TEMPLATE {like}" if like else ""
        how += f" TABLESPACE {tablespace}" if tablespace else ""
        self.execute(f"CREATE DATABASE {name}{how}")
        self.made.append(name)
        return urlunsplit(urlsplit(self.postgres_url)._replace(path=f"/{name}"))

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement in the database all others are made from."""
        import psycopg

        assert self.postgres_url is not None
        with psycopg.connect(self.postgres_url, autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def drop(self, name: str) -> None:
        """Drop a database that was made."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def tidy(self) -> None:
        """Drop every database that was made."""
        for name in self.made:
            self.drop(name)


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run something in so many threads that begin at the same instant; return what each gave."""
    begin = threading.Barrier(count)
    results: list[Any] = [None] * count
    troubles: list[BaseException] = []

    def run(number: int) -> None:
        try:
            begin.wait()
            results[number] = work(number)
        except BaseException as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]
    return results
