"""`python -m benchmarks.planning`: the budgets of the workforce room, measured and kept.

Gap and map data of a nation, reallocation of a district and of 514 at once, and a WISN study from
three million journal entries; each in a process of its own. Results go to `results/planning.json`.
"""

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import data, machine, planning_allocation, planning_gap, planning_workload

RESULTS = Path(__file__).resolve().parent / "results" / "planning.json"


def main() -> int:
    """Measure the three, print and keep them."""
    results: dict[str, Any] = {"machine": machine.facts(data.cache_folder())}
    for name, part in (
        ("gap", planning_gap.run),
        ("allocation", planning_allocation.run),
        ("workload", planning_workload.run),
    ):
        results[name] = part()
        print(name, json.dumps(results[name], indent=1, ensure_ascii=False), flush=True)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=1, ensure_ascii=False, sort_keys=True)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(RESULTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
