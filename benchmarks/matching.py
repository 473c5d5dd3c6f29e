"""The person matcher on made-up people: whom it finds again, whom it mistakes, how long it takes.

`python -m benchmarks.matching` fills a SQLite of its own with 10,000 and 100,000 people, lets known
people arrive again with one to three slips and unknown ones for the first time, and asks as the
counter does. Finding the candidates in the database (blocking) and judging them are told apart.
The people differ from those the weights were estimated on (another seed), the slips are of the same
kinds; so these figures say that the matcher does what it was made for, not how it does on real
records.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import machine
from benchmarks.figures import spread, table
from benchmarks.processes import ROOT, environment
from simpul.demo.errors import arrive_again
from simpul.demo.pairs import make_population
from simpul.domain.matching import Match, PersonKey, compare

SEED = 20261122
TODAY = date(2025, 1, 1)
SIZES = (10_000, 100_000)
RESULTS = ROOT / "benchmarks" / "results" / "matching.json"
ROWS_A_TIME = 2000


def main() -> int:
    """Measure each size in processes of its own, print, keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--arrivals", type=int, default=600, help="known people who arrive")
    parser.add_argument("--out", type=Path, default=None, help="where the JSON goes")
    parser.add_argument("--inside", choices=("fill", "measure"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        import django

        django.setup()
        work = fill if options.inside == "fill" else measure
        json.dump(work(options.people[0], options.arrivals), sys.stdout)
        return 0
    with tempfile.TemporaryDirectory(prefix="simpul-matching-") as place:
        results: dict[str, Any] = {"machine": machine.facts(Path(place)), "sizes": {}}
        for people in options.people:
            folder = Path(place) / str(people)
            folder.mkdir()
            results["sizes"][str(people)] = run(people, options.arrivals, folder)
    print(shown(results))
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(results, indent=1, ensure_ascii=False, sort_keys=True)
        options.out.write_text(text + "\n", encoding="utf-8")
    return 0


def run(people: int, arrivals: int, folder: Path) -> dict[str, Any]:
    """Fill a database with so many people and measure on it."""
    print(f"· {people:,} people", file=sys.stderr, flush=True)
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v0"],
        cwd=ROOT, env=environment(folder), check=True,
    )  # fmt: skip
    found: dict[str, Any] = {}
    for part in ("fill", "measure"):
        command = [sys.executable, "-m", "benchmarks.matching", "--inside", part]
        command += ["--people", str(people), "--arrivals", str(arrivals)]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(folder), check=True, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        found |= json.loads(done.stdout)
    return found


def made_up(people: int, arrivals: int) -> tuple[list[PersonKey], list[PersonKey]]:
    """Those who are stored, and those who have never been here; the same for the same numbers."""
    population = make_population(Random(SEED), TODAY, people + 6 * arrivals)
    known: list[PersonKey] = []
    unknown: list[PersonKey] = []
    for members in population.households:
        (known if len(known) < people else unknown).extend(members)
    return known, unknown


def stored_id(number: int) -> uuid.UUID:
    """The id of a stored person by their place."""
    return uuid.UUID(int=number + 1)


def fill(people: int, arrivals: int) -> dict[str, Any]:
    """Store the people and their names; numbers somebody else has already are left out."""
    from django.db import connection

    from simpul.foundation.administration.services import (
        NewAccount,
        open_account,
        set_up_facility,
    )
    from simpul.foundation.facilities.selectors import get_here
    from simpul.service.patients.index import index_names
    from simpul.service.patients.models import Patient

    set_up_facility("Puskesmas Ukur")
    open_account(NewAccount(name="Loket", username="loket", password=None, roles=("pendaftaran",)))
    owner, known = get_here().id, made_up(people, arrivals)[0]
    seen: set[str] = set()
    for number, key in enumerate(known):
        if key.nik in seen:
            known[number] = PersonKey(**{**_values(key), "nik": ""})
        seen.add(key.nik)
    for some in _portions(range(len(known))):
        rows = [patient_row(Patient, number, known[number], owner) for number in some]
        Patient.objects.bulk_create(rows, batch_size=500)
        index_names([(row.id, row.name) for row in rows])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"stored": len(known)}


def _values(key: PersonKey) -> dict[str, Any]:
    return {name: getattr(key, name) for name in PersonKey.__slots__}


def _portions(numbers: range) -> Iterable[Sequence[int]]:
    return (numbers[at : at + ROWS_A_TIME] for at in range(0, len(numbers), ROWS_A_TIME))


def patient_row(model: Any, number: int, key: PersonKey, owner: uuid.UUID) -> Any:
    """One stored patient."""
    from simpul.foundation.core.clock import now

    return model(
        id=stored_id(number), owner=owner, version=1, change=uuid.uuid4(),
        mrn=f"{number + 1:06d}", name=key.name, birth_date=key.birth_date, sex=key.sex,
        nik=key.nik, bpjs_number=key.bpjs, kk_number=key.kk, mother_name=key.mother_name,
        rt=key.rt, rw=key.rw, village=key.village, phone=key.phone, registered_at=now(),
    )  # fmt: skip


def measure(people: int, arrivals: int) -> dict[str, Any]:
    """Let people arrive; for each ask the counter's function, then its two halves apart."""
    from simpul.foundation.staff.models import Account
    from simpul.foundation.staff.selectors import get_actor
    from simpul.service.patients.cards import card
    from simpul.service.patients.selectors import _block, match_candidates

    by = get_actor(Account.objects.get().id)
    if by is None:
        raise SystemExit("nobody may ask")
    known, unknown = made_up(people, arrivals)
    rng = Random(SEED + 1)
    visits: list[tuple[PersonKey, uuid.UUID | None, int]] = []
    for number in rng.sample(range(len(known)), arrivals):
        typed, slips = arrive_again(rng, known[number], rng.randint(1, 3))
        visits.append((typed, stored_id(number), len(slips)))
    for key in islice(unknown, arrivals):
        visits.append((arrive_again(rng, key, rng.randint(0, 3))[0], None, 0))
    rng.shuffle(visits)
    tally = Tally()
    for typed, meant, slips in visits:
        began = time.perf_counter()
        first = match_candidates(typed, by=by, limit=5)
        tally.searches.append((time.perf_counter() - began) * 1e3)
        rows = _block(typed, by=by)
        judged = {}
        for row in rows.values():
            other = card(row).key
            began = time.perf_counter()
            judged[row.id] = compare(typed, other)
            tally.comparisons.append((time.perf_counter() - began) * 1e6)
        tally.add(meant, slips, [candidate.patient.id for candidate in first], judged)
    return tally.result()


class Tally:
    """What came out of all arrivals."""

    def __init__(self) -> None:
        self.searches: list[float] = []
        self.comparisons: list[float] = []
        self.blocks: list[int] = []
        self.known = self.blocked = self.unknown = 0
        self.at_1: dict[int, list[bool]] = {1: [], 2: [], 3: []}
        self.at_5: dict[int, list[bool]] = {1: [], 2: [], 3: []}
        self.told: dict[str, dict[str, int]] = {
            level: {"right": 0, "wrong": 0} for level in ("certain", "possible", "household")
        }
        self.strangers_stopped = 0

    def add(
        self,
        meant: uuid.UUID | None,
        slips: int,
        first: list[uuid.UUID],
        judged: dict[uuid.UUID, Match],
    ) -> None:
        """Count one arrival."""
        self.blocks.append(len(judged))
        for patient, match in judged.items():
            if match.level:
                self.told[match.level]["right" if patient == meant else "wrong"] += 1
        if meant is None:
            self.unknown += 1
            self.strangers_stopped += any(m.level == "certain" for m in judged.values())
            return
        self.known += 1
        self.blocked += meant in judged
        if slips:
            self.at_1[slips].append(first[:1] == [meant])
            self.at_5[slips].append(meant in first)

    def result(self) -> dict[str, Any]:
        """The figures."""
        certain = self.told["certain"]
        shown = {
            which: certain[which] + self.told["possible"][which] for which in ("right", "wrong")
        }
        any_ = {which: shown[which] + self.told["household"][which] for which in shown}
        return {
            "arrivals": {"known": self.known, "unknown": self.unknown},
            "blocking_recall": share(self.blocked, self.known),
            "candidates": spread([float(n) for n in self.blocks]),
            "recall_at_1": _by_slips(self.at_1),
            "recall_at_5": _by_slips(self.at_5),
            "levels": self.told,
            "thresholds": {
                name: {
                    "precision": share(counts["right"], counts["right"] + counts["wrong"]),
                    "recall": share(counts["right"], self.known),
                    "recall_of_blocked": share(counts["right"], self.blocked),
                }
                for name, counts in (
                    ("certain", certain), ("certain or possible", shown), ("any level", any_),
                )
            },
            "unknown_called_certain": share(self.strangers_stopped, self.unknown),
            "search_ms": spread(self.searches),
            "comparison_us": spread(self.comparisons),
        }  # fmt: skip


def share(part: int, whole: int) -> float:
    """A share with four digits; 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0


def _by_slips(found: dict[int, list[bool]]) -> dict[str, float]:
    every = [hit for hits in found.values() for hit in hits]
    by = {str(slips): share(sum(hits), len(hits)) for slips, hits in found.items()}
    return by | {"all": share(sum(every), len(every))}


def shown(results: dict[str, Any]) -> str:
    """The figures as a table."""
    sizes = results["sizes"].values()
    rows: list[list[object]] = [
        ["blocking: the person is among the candidates", *(s["blocking_recall"] for s in sizes)],
        *(
            [f"recall@{n}, {slips} slips", *(s[f"recall_at_{n}"][slips] for s in sizes)]
            for n in (1, 5)
            for slips in ("1", "2", "3", "all")
        ),
        *(
            [f"{name}: {what}", *(s["thresholds"][name][what] for s in sizes)]
            for name in ("certain", "certain or possible", "any level")
            for what in ("precision", "recall", "recall_of_blocked")
        ),
        ["unknown people called certain", *(s["unknown_called_certain"] for s in sizes)],
        ["candidates, median", *(s["candidates"]["median"] for s in sizes)],
        ["candidates, p95", *(s["candidates"]["p95"] for s in sizes)],
        ["search, median ms", *(s["search_ms"]["median"] for s in sizes)],
        ["search, p95 ms", *(s["search_ms"]["p95"] for s in sizes)],
        ["comparison, median µs", *(s["comparison_us"]["median"] for s in sizes)],
        ["comparison, p95 µs", *(s["comparison_us"]["p95"] for s in sizes)],
    ]
    text = [[row[0], *(f"{value:.4g}" for value in row[1:])] for row in rows]
    return table(["", *(f"{s['stored']:,} people" for s in sizes)], text)


if __name__ == "__main__":
    raise SystemExit(main())
