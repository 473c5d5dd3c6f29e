"""All pairs of records that are one person: minutes, memory, and how many of those known are found.

Runs in a process of its own on one made-up database, by the very search of the nightly list.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.matching_people import TRUTH
from benchmarks.matching_search import share


def measure(folder: Path) -> dict[str, Any]:
    """Search everything from the beginning and count what was found."""
    from django.db import connection

    from simpul.service.patients.matching.pairs import begin_again, find_pairs

    begin_again()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM matching_personpair")
    began, cpu = time.perf_counter(), time.process_time()
    told = began
    while True:
        progress = find_pairs(seconds=5)
        if time.perf_counter() - told > 60:
            told = time.perf_counter()
            print(f"  {progress.part} {progress.share:.0%}", file=sys.stderr, flush=True)
        if progress.is_following:
            break
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    truth = {tuple(sorted(pair)) for pair in json.loads((folder / TRUTH).read_text())}
    with connection.cursor() as cursor:
        cursor.execute("SELECT first_id, second_id, level FROM matching_personpair")
        rows = cursor.fetchall()
    found: dict[str, set[tuple[int, ...]]] = {
        "certain": set(),
        "possible": set(),
        "household": set(),
    }
    for one, other, level in rows:
        found[level].add((int(one, 16) - 1, int(other, 16) - 1))
    shown = found["certain"] | found["possible"]
    cuts = (
        ("certain", found["certain"]),
        ("certain or possible", shown),
        ("any level", shown | found["household"]),
    )
    return {
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "memory_mb": round(peak),
        "compared": progress.compared,
        "left_out": progress.left_out,
        "stored_twice": len(truth),
        "levels": {level: len(pairs) for level, pairs in found.items()},
        "thresholds": {
            cut: {
                "precision": share(len(pairs & truth), len(pairs)),
                "recall": share(len(pairs & truth), len(truth)),
            }
            for cut, pairs in cuts
        },
    }


def main() -> None:
    """Measure the database of SIMPUL_DATA and give the figures as JSON."""
    import django

    django.setup()
    json.dump(measure(Path(os.environ["SIMPUL_DATA"])), sys.stdout)


if __name__ == "__main__":
    main()
