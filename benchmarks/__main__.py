"""`python -m benchmarks`: measure, print, keep the results as JSON.

`--quick` measures everything in under a minute on little data: it shows that the benchmarks run,
its figures mean nothing.
"""

import argparse
import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import data, gate, machine, report, run
from benchmarks.processes import ask

PARTS = (
    "gate", "rows", "finding", "statements", "pages", "people", "live", "browser",
    "operations", "floor",
)  # fmt: skip


def main() -> int:
    """Read the command line, measure, report."""
    options = _options()
    plan = run.Plan(
        seconds=0.3 if options.quick else options.seconds,
        warm=0.1 if options.quick else 1.0,
        probes=3 if options.quick else 40,
        people_seconds=1.5 if options.quick else 30.0,
        wanted=frozenset(options.only),
        chromium=data.chromium(),
    )
    results: dict[str, Any] = {
        "size": options.size,
        "quick": options.quick,
        "machine": machine.facts(data.cache_folder()),
        "databases": {},
    }
    print(report.machine(results), flush=True)
    wanted = ("sqlite", "postgres") if options.database == "both" else (options.database,)
    for name in wanted:
        with ExitStack() as stack:
            if name == "sqlite":
                stock = stack.enter_context(data.sqlite(options.size))
                measure_alone(results, stock, plan)
            else:
                url = stack.enter_context(data.postgres_server())
                if url is None:
                    print("PostgreSQL tidak ada di sini · not here; left out")
                    continue
                stock = stack.enter_context(data.postgres(options.size, url))
            if plan.wanted - {"gate", "rows"} or not plan.wanted:
                results["databases"][name] = run.measure(name, stock, plan)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=1, ensure_ascii=False, sort_keys=True)
    options.out.write_text(text + "\n", encoding="utf-8")
    print("\n" + report.whole(results))
    print(f"\n{options.out}")
    return 0


def measure_alone(results: dict[str, Any], stock: data.Stock, plan: run.Plan) -> None:
    """Measure what needs no server."""
    if plan.has("gate"):
        results["gate"] = gate.measure(stock.folder, stock.env, plan.seconds)
    if plan.has("rows"):
        rounds = 100 if plan.seconds < 1 else 2000
        results["rows"] = ask("rows", {"rounds": rounds}, stock.env)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=("small", "medium", "large"), default=None)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--seconds", type=float, default=6.0, help="counted time of each load")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=[], metavar="PART")
    parser.add_argument("--out", type=Path, default=None, help="where the JSON goes")
    parser.add_argument("--quick", action="store_true", help="everything, small and short")
    options = parser.parse_args()
    options.size = options.size or ("small" if options.quick else "large")
    name = "quick.json" if options.quick else "latest.json"
    options.out = options.out or report.LATEST.with_name(name)
    return options


if __name__ == "__main__":
    raise SystemExit(main())
