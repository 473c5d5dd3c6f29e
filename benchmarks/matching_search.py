"""Somebody arrives with one to three slips: is the person found, how surely, and how quickly?

Runs in a process of its own on one made-up database, and asks the very function the counter asks.
Finding whom to compare with (blocking) and judging them are counted apart.
"""

import json
import sys
import time
import uuid
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.figures import spread
from benchmarks.matching_people import (
    COMMON_MEN,
    COMMON_WOMEN,
    SEED,
    TRUTH,
    stored_id,
    strangers,
)
from simpul.demo.errors import arrive_again
from simpul.domain.matching import Match, PersonKey, compare

#: A search under this is what the issue asks for, in milliseconds, at a million people.
BUDGET_MS = 50.0
LEVELS = ("certain", "possible", "household")


def measure(folder: Path, arrivals: int) -> dict[str, Any]:
    """Let people arrive; for each ask the counter's function, then its two halves apart."""
    from django.db import connection

    from simpul.foundation.staff.models import Account
    from simpul.foundation.staff.selectors import get_actor
    from simpul.service.patients.matching.candidates import (
        block_many,
        find_candidates,
        find_candidates_of_many,
        read_people,
    )

    by = get_actor(Account.objects.get().id)
    if by is None:
        raise SystemExit("nobody may ask")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM patients_patient")
        stored = cursor.fetchone()[0]
    twice = {one for pair in json.loads((folder / TRUTH).read_text()) for one in pair}
    visits = _visits(stored, arrivals, twice, read_people)
    for visit in visits[:20]:
        find_candidates(visit.typed, by=by)
    tally = Tally()
    for visit in visits:
        began, cpu = time.perf_counter(), time.process_time()
        first = find_candidates(visit.typed, by=by)
        tally.searches.append((time.perf_counter() - began) * 1e3)
        tally.cpu.append((time.process_time() - cpu) * 1e3)
        if visit.common:
            tally.common.append(tally.searches[-1])
        block = block_many([visit.typed])[0]
        people = read_people(block)
        began = time.perf_counter()
        judged = {one: compare(visit.typed, people[one].key) for one in block}
        if block:
            tally.comparisons.append((time.perf_counter() - began) * 1e6 / len(block))
        tally.add(visit, [candidate.patient.id for candidate in first], judged)
    many = [visit.typed for visit in visits[:400]]
    began = time.perf_counter()
    find_candidates_of_many(many, by=by)
    each = (time.perf_counter() - began) * 1e3 / len(many)
    return {"stored": stored, "batch_ms_each": round(each, 2)} | tally.result()


@dataclass(frozen=True)
class Visit:
    """Somebody at the counter: what is typed, and who it is if they are known here."""

    typed: PersonKey
    meant: uuid.UUID | None
    slips: int
    common: bool = False


def _visits(stored: int, arrivals: int, twice: set[int], read_people: Any) -> list[Visit]:
    """Known people with one to three slips, strangers, and bearers of the commonest names."""
    rng = Random(SEED + 1)
    numbers = [n for n in rng.sample(range(stored), arrivals * 2) if n not in twice][:arrivals]
    people = read_people([stored_id(n) for n in numbers])
    visits = []
    for number in numbers:
        known = people[stored_id(number)].key
        typed, slips = arrive_again(rng, known, rng.randint(1, 3))
        visits.append(Visit(typed, stored_id(number), len(slips)))
    common = {*COMMON_WOMEN, *COMMON_MEN}
    for key in islice(strangers(arrivals), arrivals):
        visits.append(Visit(arrive_again(rng, key, rng.randint(0, 3))[0], None, 0))
        if len(visits) % 5 == 0:
            named = PersonKey(
                name=rng.choice(sorted(common)), birth_date=key.birth_date, sex=key.sex,
                birth_date_estimated=rng.random() < 0.5, village=key.village,
            )  # fmt: skip
            visits.append(Visit(named, None, 0, common=True))
    rng.shuffle(visits)
    return visits


class Tally:
    """What came out of all arrivals."""

    def __init__(self) -> None:
        self.searches: list[float] = []
        self.cpu: list[float] = []
        self.common: list[float] = []
        self.comparisons: list[float] = []
        self.blocks: list[int] = []
        self.known = self.blocked = self.unknown = 0
        self.at_1: dict[int, list[bool]] = {1: [], 2: [], 3: []}
        self.at_5: dict[int, list[bool]] = {1: [], 2: [], 3: []}
        self.told = {level: {"right": 0, "wrong": 0} for level in LEVELS}
        self.strangers_stopped = 0

    def add(self, visit: Visit, first: list[uuid.UUID], judged: dict[uuid.UUID, Match]) -> None:
        """Count one arrival."""
        self.blocks.append(len(judged))
        if visit.common:
            return
        for patient, match in judged.items():
            if match.level:
                self.told[match.level]["right" if patient == visit.meant else "wrong"] += 1
        if visit.meant is None:
            self.unknown += 1
            self.strangers_stopped += any(m.level == "certain" for m in judged.values())
            return
        self.known += 1
        self.blocked += visit.meant in judged
        if visit.slips:
            self.at_1[visit.slips].append(first[:1] == [visit.meant])
            self.at_5[visit.slips].append(visit.meant in first)

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
            "search_cpu_ms": spread(self.cpu),
            "search_common_ms": spread(self.common),
            "comparison_us": spread(self.comparisons),
        }  # fmt: skip


def share(part: int, whole: int) -> float:
    """A share with four digits; 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0


def _by_slips(found: dict[int, list[bool]]) -> dict[str, float]:
    every = [hit for hits in found.values() for hit in hits]
    by = {str(slips): share(sum(hits), len(hits)) for slips, hits in found.items()}
    return by | {"all": share(sum(every), len(every))}


def main() -> None:
    """Measure the database of SIMPUL_DATA and give the figures as JSON."""
    import os

    import django

    django.setup()
    json.dump(measure(Path(os.environ["SIMPUL_DATA"]), int(sys.argv[1])), sys.stdout)


if __name__ == "__main__":
    main()
