"""ADR 0005: what a queue before the write transaction is worth.

Two processes with eight threads each write one small durable transaction after another into one
SQLite file; once with SQLite's own busy handler, once behind the program's gate. The file and the
pragmas are as the program has them, the gate is the program's own class.
"""

import json
import random
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
    """Return the waits of writers with and without the gate, at a rush and with pauses."""
    return {
        f"{name} gate, {rhythm}": _measure_one(folder, env, seconds, gated=gated, pause=pause)
        for rhythm, pause in (("no pause", 0.0), ("20 ms pause", 0.02))
        for name, gated in (("without", False), ("with", True))
    }


def _measure_one(
    folder: Path, env: dict[str, str], seconds: float, *, gated: bool, pause: float
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        path = Path(scratch) / "gate.sqlite3"
        with closing(connect(path)) as connection:
            connection.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT)")
        job = {"path": str(path), "gated": gated, "pause": pause, "seconds": seconds}
        job["at"] = time.time() + 1.0
        writers = [begin("gate", env) for _ in range(PROCESSES)]
        for writer in writers:
            _send(writer, job)
        # Read before waiting: an answer larger than the pipe would hold its writer up.
        texts = [writer.stdout.read() for writer in writers if writer.stdout]
        found = [answer_of("gate", w.wait(), text) for w, text in zip(writers, texts, strict=True)]
    taken = [one for answer in found for one in answer["taken"]]
    return {**spread(taken), "per_second": round(len(taken) / seconds, 1)}


def _send(process: "subprocess.Popen[str]", job: Any) -> None:
    if process.stdin:
        json.dump(job, process.stdin)
        process.stdin.close()


def write_for_a_while(job: dict[str, Any]) -> dict[str, Any]:
    """The work of one process: its threads write until the time is over."""
    # Only here: the backend wants Django, which the measuring parent does not need.
    from simpul.foundation.core.sqlite.base import WriteGate

    taken: list[float] = []
    threads = [
        threading.Thread(target=_write, args=(job, WriteGate(job["path"]), taken))
        for _ in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"taken": taken}


def _write(job: dict[str, Any], gate: Any, taken: list[float]) -> None:
    draw = random.Random(threading.get_ident())
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
            if job["pause"]:
                time.sleep(draw.uniform(0.5, 1.5) * job["pause"])
    gate.close()


if __name__ == "__main__":
    json.dump(write_for_a_while(json.load(sys.stdin)), sys.stdout)
