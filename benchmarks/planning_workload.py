"""WISN from the journal: a year of 3,000,000 entries → workload and measured times of every act.

`python -m benchmarks.planning_workload` makes its own SQLite (kept beside the other made-up data),
fills a journal by bulk insert, and asks for the year as the page does. The entries are a walk of a
Puskesmas with 14 of them a visit; their hashes are not chained, because nothing here reads them.
"""

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import data
from benchmarks.processes import ROOT, environment

ENTRIES = 3_000_000
SEED = 20261122
YEAR = 2025
BUDGET_SECONDS = 5.0
UNITS = ("umum", "umum", "umum", "lansia", "gigi", "mtbs", "kia", "imunisasi", "ugd")
PEOPLE = {
    "pendaftaran": 3, "perekam_medis": 2, "perawat": 4, "dokter": 3, "dokter_gigi": 1, "bidan": 3,
}  # fmt: skip
COLUMNS = (
    "node", "seq", "act_id", "at", "act", "facility", "practitioner", "unit", "patient",
    "encounter", "subject", "detail", "previous_hash", "hash",
)  # fmt: skip


def main() -> int:
    """Make the journal if it is not there, measure in a process of its own, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.planning_workload")
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--inside", choices=("fill", "measure"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        import django

        django.setup()
        found = fill(options.entries) if options.inside == "fill" else measure()
        json.dump(found, sys.stdout)
        return 0
    print(json.dumps(run(options.entries), indent=1, ensure_ascii=False))
    return 0


def run(entries: int = ENTRIES) -> dict[str, Any]:
    """Return the figures; the journal is filled once for each number of entries."""
    folder = data.cache_folder() / f"workload-{entries}"
    if not (folder / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        print(f"· filling a journal of {entries:,} entries, once", file=sys.stderr, flush=True)
        _migrate(folder)
        _inside("fill", folder, entries)
        (folder / "made").touch()
    # Kept data may be older than the program's tables.
    _migrate(folder)
    found: dict[str, Any] = _inside("measure", folder, entries)
    return found | {"budget_seconds": BUDGET_SECONDS}


def _migrate(folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v0"],
        cwd=ROOT, env=environment(folder), check=True,
    )  # fmt: skip


def _inside(part: str, folder: Path, entries: int) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.planning_workload", "--inside", part,
         "--entries", str(entries)],
        cwd=ROOT, env=environment(folder), check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def measure() -> dict[str, Any]:
    """Ask for the year as people do, after the program has started; and once with nothing kept.

    Months that are over are kept before the program answers (`simpul migrate`, `simpul serve`) and
    by a chore as they end, so the budget is for a program that has started; what the start costs,
    and the year with nothing kept at all, are told beside it.
    """
    from django.db import connection

    from simpul.foundation.journal.models import JournalEntry
    from simpul.foundation.staff.models import Account, Role
    from simpul.foundation.staff.selectors import get_actor
    from simpul.planning.workload.models import MonthTally
    from simpul.planning.workload.selectors import forget_tallies, yearly_workload
    from simpul.planning.workload.tallies import keep_missing_months

    account = Account.objects.get(practitioner__roles__role=Role.HEAD)
    by = get_actor(account.id)
    if by is None:
        raise SystemExit("nobody may ask")
    seconds, cpu = [], []

    def take(work: Callable[[], Any]) -> Any:
        forget_tallies()
        began, used = time.monotonic(), time.process_time()
        done = work()
        seconds.append(round(time.monotonic() - began, 2))
        cpu.append(round(time.process_time() - used, 2))
        return done

    def of_the_year() -> Any:
        return yearly_workload(by=by, year=YEAR)

    MonthTally.objects.all().delete()
    take(of_the_year)
    MonthTally.objects.all().delete()
    months = take(lambda: keep_missing_months(lambda _done, _most: None))
    for _n in range(3):
        year = take(of_the_year)
    return {
        "entries": JournalEntry.objects.count(),
        "database_mb": round(Path(connection.settings_dict["NAME"]).stat().st_size / 1e6),
        "nothing_kept_seconds": seconds[0],
        "nothing_kept_cpu_seconds": cpu[0],
        "months_kept_at_start": months,
        "start_seconds": seconds[1],
        "start_cpu_seconds": cpu[1],
        "seconds": sorted(seconds[2:])[1],
        "cpu_seconds": sorted(cpu[2:])[1],
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "categories": {
            one.label: [f"{act.unit} {act.code}: {act.counted}" for act in one.activities]
            for one in year.categories
        },
    }


def fill(entries: int) -> dict[str, Any]:
    """Make the house, its people and their year."""
    from django.db import connection

    from simpul.foundation.administration.services import (
        NewAccount,
        open_account,
        set_up_facility,
    )
    from simpul.foundation.core.node import node_id
    from simpul.foundation.facilities.selectors import get_here
    from simpul.foundation.staff.models import Account

    set_up_facility("Puskesmas Ukur")
    people: dict[str, list[str]] = {}
    for role, many in {**PEOPLE, "kepala": 1}.items():
        for n in range(many):
            wish = NewAccount(
                name=f"{role} {n}", username=f"{role}-{n}", password=None, roles=(role,)
            )
            made = Account.objects.select_related("practitioner").get(id=open_account(wish).id)
            people.setdefault(role, []).append(made.practitioner_id.hex)
    node, facility = node_id().hex, get_here().id.hex
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM journal_journalentry")
        first = int(cursor.fetchone()[0]) + 1
    marks = ", ".join(["%s"] * len(COLUMNS))
    statement = f"INSERT INTO journal_journalentry ({', '.join(COLUMNS)}) VALUES ({marks})"
    rows = _year(entries, node, facility, people, first)
    while batch := [row for _n, row in zip(range(50_000), rows, strict=False)]:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.executemany(statement, batch)
            cursor.execute("COMMIT")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("ANALYZE")
    return {}


def _year(
    entries: int, node: str, facility: str, people: dict[str, list[str]], first: int
) -> Iterator[tuple[Any, ...]]:
    rng = random.Random(SEED)
    days = [day for n in range(365) if (day := date(YEAR, 1, 1) + timedelta(days=n)).weekday() < 6]
    done, visits = 0, 0
    for nth, day in enumerate(days, start=1):
        lines: list[tuple[Any, ...]] = []
        while done + len(lines) < entries * nth // len(days):
            # From 07:30 to 13:30 at Jakarta, the counters one after another.
            at = datetime(day.year, day.month, day.day, 0, 30, tzinfo=UTC)
            at += timedelta(seconds=rng.random() * 6 * 3600)
            lines += _visit(rng, at, people)
            visits += 1
        lines.sort(key=lambda line: line[0])
        for at_, act, person, unit, patient, encounter, subject, detail in lines:
            done += 1
            yield (
                node, first + done, uuid.UUID(int=rng.getrandbits(128)).hex,
                at_.replace(tzinfo=None).isoformat(" ", timespec="microseconds"), act, facility,
                person, unit, patient, encounter, subject, detail, "0" * 64, f"{done:064x}",
            )  # fmt: skip


def _visit(rng: random.Random, at: datetime, people: dict[str, list[str]]) -> list[tuple[Any, ...]]:
    unit = rng.choice(UNITS)
    clerk, keeper = rng.choice(people["pendaftaran"]), rng.choice(people["perekam_medis"])
    nurse = rng.choice(people["perawat"])
    role = {"gigi": "dokter_gigi", "kia": "bidan", "imunisasi": "bidan"}.get(unit, "dokter")
    clinician = rng.choice(people[role])
    head = f"{int(at.timestamp() * 1000):012x}7"
    patient, encounter, distribution, file = (f"{head}{rng.getrandbits(76):019x}" for _ in range(4))
    lines: list[tuple[Any, ...]] = []

    def say(after: float, act: str, person: str, *, kind: str = "", detail: str = "{}") -> None:
        nonlocal at
        at += timedelta(seconds=after)
        subject = f"{kind}:{uuid.UUID(distribution if kind == 'distribution' else file)}"
        lines.append((at, act, person, unit, patient, encounter, subject if kind else "", detail))

    if rng.random() < 0.12:
        say(0, "patient-registered", clerk)
    ticket = '{"ticket": "A1", "rule": "umum", "overridden": false}'
    say(rng.uniform(20, 90), "distributed", clerk, kind="distribution", detail=ticket)
    if rng.random() < 0.01:
        say(20, "undone", clerk, kind="distribution")
        return lines
    say(1, "shown", nurse, kind="distribution")
    say(rng.uniform(30, 120), "file-sent", keeper, kind="file")
    say(rng.uniform(60, 3600), "opened", nurse, kind="distribution")
    say(0, "called", nurse, kind="distribution")
    say(rng.uniform(5, 60), "read", nurse)
    say(rng.uniform(60, 240), "written", nurse, detail='{"kind": "vitals", "revision": 1}')
    say(rng.uniform(5, 20), "started", clinician, kind="distribution")
    length = rng.lognormvariate(5.6, 0.5)
    say(length * 0.9, "written", clinician, detail='{"kind": "soap", "revision": 1}')
    say(length * 0.1, "finished", clinician, kind="distribution")
    say(0, "closed", clinician)
    say(0, "record-complete", clinician, detail='{"percent": 100, "missing": []}')
    say(rng.uniform(600, 3600), "file-received", keeper, kind="file")
    say(rng.uniform(20, 60), "file-stored", keeper, kind="file")
    say(0, "filed", keeper)
    return lines


if __name__ == "__main__":
    raise SystemExit(main())
