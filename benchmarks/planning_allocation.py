"""Reallocation: 50 facilities, a nation of 514 districts, and 514 places in one circle.

`python -m benchmarks.planning_allocation` needs no database: it makes up facilities with a surplus
here and a shortage there, and solves each size in a process of its own, so that time and memory
(the solver included, its loading told apart) are those of that size alone. CPU seconds are printed
beside the clock, for a busy machine makes only the clock longer.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from typing import Any

from benchmarks.processes import ROOT

SEED = 20261122
BUDGET_SECONDS = 2.0
#: Name → circles, facilities of each; people move within a circle.
SIZES: dict[str, tuple[int, int]] = {
    "50 facilities": (1, 50),
    "514 districts of 20": (514, 20),
    "514 in one circle": (1, 514),
}
#: What each facility must have, 13 professions.
NEED = {
    "dokter": 2, "dokter_gigi": 1, "perawat": 8, "bidan": 7, "kesmas": 2, "kesling": 1, "gizi": 2,
    "farmasi": 1, "atlm": 1, "terapis_gigi": 1, "perekam_medis": 1, "admin": 2, "pekarya": 1,
}  # fmt: skip


def main() -> int:
    """Measure the sizes and print them with the budget."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.planning_allocation")
    parser.add_argument("--only", choices=SIZES, help="one size")
    parser.add_argument("--inside", choices=SIZES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        json.dump(measure(*SIZES[options.inside]), sys.stdout)
        return 0
    print(json.dumps(run([options.only] if options.only else list(SIZES)), indent=1))
    return 0


def run(sizes: list[str] | None = None) -> dict[str, Any]:
    """Return the figures of each size."""
    found: dict[str, Any] = {"budget_seconds_50": BUDGET_SECONDS}
    for size in sizes or list(SIZES):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.planning_allocation", "--inside", size],
            cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        found[size] = json.loads(done.stdout)
    return found


def measure(circles: int, each: int) -> dict[str, Any]:
    """Solve one size once, from made-up facilities in memory."""
    from simpul.domain.allocation import Problem, allocate

    problem = Problem(tuple(_sites(circles, each)))
    began = time.perf_counter()
    __import__("highspy")
    loading = time.perf_counter() - began
    began, busy = time.perf_counter(), time.process_time()
    found = allocate(problem)
    return {
        "facilities": len(problem.sites),
        "loading_seconds": round(loading, 2),
        "seconds": round(time.perf_counter() - began, 2),
        "cpu_seconds": round(time.process_time() - busy, 2),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "shortage": found.short_before,
        "filled_by_moving": found.filled,
        "moves": found.moved,
        "km": round(found.km),
    }


def _sites(circles: int, each: int) -> list[Any]:
    from simpul.domain.allocation import Site, posts_of

    draw = random.Random(SEED)
    posts = posts_of(NEED)
    return [
        Site(
            f"F{circle}-{n}",
            {code: max(0, round(draw.gauss(m, 1 + m / 3))) for code, m in NEED.items()},
            posts,
            circle=f"K{circle}",
            lat=-8 + draw.random(),
            lon=113 + draw.random(),
        )
        for circle in range(circles)
        for n in range(each)
    ]


if __name__ == "__main__":
    raise SystemExit(main())
