"""ADR 0005: what a queue before the write transaction is worth.

Two processes with eight threads each write one small durable transaction after another into one
SQLite file; once with SQLite's own busy handler, once behind the program's gate. The file and the
pragmas are as the program has them, the gate is the program's own class.
"""

import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.figures import spread
from benchmarks.processes import answer_of, begin

PROCESSES, THREADS = 2, 8
ROWS = 8
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA wal_autocheckpoint=0",
    "PRAGMA temp_store=MEMORY",
)


def connect(path: Path) -> sqlite3.Connection:
    """Open a file with the program's pragmas; transactions are begun by hand."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def measure(folder: Path, env: dict[str, str], seconds: float) -> dict[str, Any]:
    """Return the waits of a writer with and without the gate."""
    return {
        name: _measure_one(folder, env, seconds, gated=gated)
        for name, gated in (("without", False), ("with", True))
    }


def _measure_one(
    folder: Path, env: dict[str, str], seconds: float, *, gated: bool
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        path = Path(scratch) / "gate.sqlite3"
        with closing(connect(path)) as connection:
            connection.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT)")
        job = {"path": str(path), "gated": gated, "seconds": seconds, "at": time.time() + 1.0}
        writers = [begin("gate", env) for _ in range(PROCESSES)]
        for writer in writers:
            _send(writer, job)
        found = [answer_of("gate", w.wait(), w.stdout.read()) for w in writers if w.stdout]
    taken = [one for answer in found for one in answer["taken"]]
    return {**spread(taken), "per_second": round(len(taken) / seconds, 1)}


def _send(process: "subprocess.Popen[str]", job: Any) -> None:
    if process.stdin:
        json.dump(job, process.stdin)
        process.stdin.close()


def write_for_a_while(job: dict[str, Any]) -> dict[str, Any]:
    """The work of one process: its threads write until the time is over."""
    taken: list[float] = []
    threads = [threading.Thread(target=_write, args=(job, taken)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"taken": taken}


def _write(job: dict[str, Any], taken: list[float]) -> None:
    # Only here: the backend wants Django, which the measuring parent does not need.
    from simpul.foundation.core.sqlite.base import WriteGate

    gate = WriteGate(job["path"])
    with closing(connect(Path(job["path"]))) as connection:
        time.sleep(max(0.0, job["at"] - time.time()))
        until = time.monotonic() + job["seconds"]
        while time.monotonic() < until:
            began = time.perf_counter()
            if job["gated"]:
                gate.acquire()
            connection.execute("BEGIN IMMEDIATE")
            for _ in range(ROWS):
                connection.execute("INSERT INTO line (text) VALUES (?)", ["x" * 300])
            connection.execute("COMMIT")
            gate.release()
            taken.append((time.perf_counter() - began) * 1000)
    gate.close()


if __name__ == "__main__":
    json.dump(write_for_a_while(json.load(sys.stdin)), sys.stdout)
