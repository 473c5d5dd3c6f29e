"""The floor: the rows of one registration, inserted by the plain driver in one durable transaction.

The rows of the newest registration are read back and written again with fresh ids, into a copy of
the same tables with the same indexes, triggers and pragmas. Nothing is checked, nothing is
hashed, nobody asks: a program cannot be faster than this, so it is what ours is divided by.
"""

import json
import sqlite3
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from datetime import date, timedelta
from itertools import count
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from benchmarks.figures import spread
from benchmarks.gate import connect
from benchmarks.processes import cpu_seconds

Row = dict[str, Any]


class Rows:
    """The rows of one registration as a pattern, and ever new ones after it."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.postgres = bool(job.get("url"))
        self.mark = "%s" if self.postgres else "?"
        self.number = count(1)
        with closing(self.connect()) as connection:
            self.pattern = dict(self._read(connection))
            self.patients = [
                row["id"]
                for row in self._select(connection, "SELECT id FROM patients_patient LIMIT 100000")
            ]

    def connect(self) -> Any:
        """Open a connection that begins and ends transactions by hand."""
        if self.postgres:
            return psycopg.connect(self.job["url"], autocommit=True)
        return connect(self.job["path"])

    def _select(self, connection: Any, text: str, *values: Any) -> list[Row]:
        if self.postgres:
            with connection.cursor(row_factory=dict_row) as cursor:
                return list(cursor.execute(text.replace("?", "%s"), values).fetchall())
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(text, values)]

    def _read(self, connection: Any) -> Iterator[tuple[str, list[Row]]]:
        """Yield each table with the rows that the newest registration wrote into it."""
        entry = self._select(
            connection,
            "SELECT * FROM journal_journalentry WHERE act = 'distributed' ORDER BY id DESC LIMIT 1",
        )
        encounter, act = entry[0]["encounter"], entry[0]["act_id"]
        for table, condition, value in (
            ("registration_encounter", "id", encounter),
            ("distribution_ticket", "encounter_id", encounter),
            ("distribution_distribution", "encounter_id", encounter),
            ("journal_journalentry", "act_id", act),
            ("journal_change", "act_id", act),
        ):
            yield (
                table,
                self._select(connection, f"SELECT * FROM {table} WHERE {condition} = ?", value),
            )
        yield (
            "core_idempotencykey",
            self._select(
                connection, "SELECT * FROM core_idempotencykey WHERE status = 201 LIMIT 1"
            ),
        )
        yield "journal_journalhead", self._select(connection, "SELECT * FROM journal_journalhead")

    def _id(self) -> Any:
        return uuid.uuid4() if self.postgres else uuid.uuid4().hex

    def next(self) -> dict[str, list[Row]]:
        """Return the rows of one more registration."""
        n = next(self.number)
        rows = {table: [dict(row) for row in found] for table, found in self.pattern.items()}
        encounter, ticket, act = self._id(), self._id(), self._id()
        patient = self.patients[n % len(self.patients)]
        # A day long ago, a new one when every patient has had a turn: one wait a day and unit.
        day = date(1990, 1, 1) + timedelta(days=n // len(self.patients))
        visit = rows["registration_encounter"][0]
        visit |= {"id": encounter, "patient_id": patient, "registration_number": f"floor-{n}"}
        rows["distribution_ticket"][0] |= {
            "id": ticket, "encounter_id": encounter, "number": 100_000 + n,
        }  # fmt: skip
        rows["distribution_distribution"][0] |= {
            "id": self._id(), "encounter_id": encounter, "ticket_id": ticket, "patient_id": patient,
            "service_date": day if self.postgres else day.isoformat(),
        }  # fmt: skip
        for entry in rows["journal_journalentry"]:
            entry |= {"act_id": act, "encounter": encounter, "patient": patient}
            entry["hash"] = self._id() if not self.postgres else str(self._id())
            del entry["id"]
        owned = [visit, rows["distribution_ticket"][0], rows["distribution_distribution"][0]]
        for row, change in zip(owned, rows["journal_change"], strict=True):
            row["change"] = change["change"] = self._id()
            change |= {"act_id": act, "row": row["id"], "patient": patient}
            del change["id"]
        for key in rows["core_idempotencykey"]:
            key["key"] = str(uuid.uuid4())
            del key["id"]
        return rows

    def write(self, run: Callable[..., Any]) -> None:
        """Insert one registration through a cursor's `execute`."""
        rows = self.next()
        head = rows.pop("journal_journalhead")[0]
        run("BEGIN" if self.postgres else "BEGIN IMMEDIATE")
        for key in ("registration", "ticket"):
            run(
                f"INSERT INTO core_counter (key, value) VALUES ({self.mark}, 1) ON CONFLICT (key) "
                "DO UPDATE SET value = core_counter.value + 1 RETURNING value",
                [f"floor:{key}"],
            ).fetchone()
        for table in ("registration_encounter", "distribution_ticket", "distribution_distribution"):
            self._insert(run, table, rows.pop(table))
        locking = "FOR UPDATE" if self.postgres else ""
        seq = run(
            f"SELECT seq FROM journal_journalhead WHERE node = {self.mark} {locking}",
            [head["node"]],
        ).fetchone()[0]
        for entry in rows["journal_journalentry"]:
            seq += 1
            entry["seq"] = seq
        for table, some in rows.items():
            self._insert(run, table, some)
        run(
            f"UPDATE journal_journalhead SET seq = {self.mark} WHERE node = {self.mark}",
            [seq, head["node"]],
        )
        run("COMMIT")

    def _insert(self, run: Callable[..., Any], table: str, rows: list[Row]) -> None:
        columns = ", ".join(f'"{name}"' for name in rows[0])
        marks = "(" + ", ".join([self.mark] * len(rows[0])) + ")"
        values = [
            Jsonb(value) if isinstance(value, dict | list) else value
            for row in rows
            for value in row.values()
        ]
        run(f"INSERT INTO {table} ({columns}) VALUES {', '.join([marks] * len(rows))}", values)


def measure(job: dict[str, Any]) -> dict[str, Any]:
    """Return the floor for one writer and for eight."""
    rows = Rows(job)
    return {str(writers): _measure(rows, job, writers) for writers in (1, 8)}


def _measure(rows: Rows, job: dict[str, Any], writers: int) -> dict[str, Any]:
    """SQLite takes one writer at a time: a lock in front is the shortest queue there is."""
    taken: list[float] = []
    turn = nullcontext() if rows.postgres or writers == 1 else threading.Lock()
    until = time.monotonic() + job["seconds"]

    def work() -> None:
        with closing(rows.connect()) as connection:
            run = connection.cursor().execute
            while time.monotonic() < until:
                began = time.perf_counter()
                with turn:
                    rows.write(run)
                taken.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=work) for _ in range(writers)]
    own, database = time.process_time(), cpu_seconds(job.get("database"))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cpu = time.process_time() - own + cpu_seconds(job.get("database")) - database
    return {
        **spread(taken),
        "per_second": round(len(taken) / job["seconds"], 1),
        "cpu_ms": round(cpu * 1000 / max(1, len(taken)), 3),
    }


if __name__ == "__main__":
    json.dump(measure(json.load(sys.stdin)), sys.stdout)
