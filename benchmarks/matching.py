"""The person matcher: whom it finds again, whom it mistakes, how quickly, and all pairs at once.

`python -m benchmarks.matching` lets people arrive at databases of 10,000, 100,000 and a million,
searches the largest for pairs of records that are one person, and compares the matcher with
Splink on the same records, the FEBRL sets among them. The databases are made once and kept
(benchmarks.data.cache_folder). The people differ from those the weights were estimated on (another
seed), the slips are of the same kinds; so the figures say that the matcher does what it was made
for, not how it does on real records.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import machine, matching_yardsticks
from benchmarks.data import cache_folder
from benchmarks.figures import table
from benchmarks.matching_people import folder_of
from benchmarks.matching_search import BUDGET_MS
from benchmarks.processes import ROOT, environment

SIZES = (10_000, 100_000, 1_000_000)
RESULTS = ROOT / "benchmarks" / "results" / "matching.json"
PARTS = ("search", "pairs", "yardsticks")


def main() -> int:
    """Measure each part in processes of its own, print each as it ends, keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--arrivals", type=int, default=600, help="known people who arrive")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the JSON goes")
    options = parser.parse_args()
    began = time.monotonic()
    results: dict[str, Any] = {"machine": machine.facts(cache_folder()), "sizes": {}}
    for people in options.people:
        folder = folder_of(people)
        size: dict[str, Any] = {}
        if "search" in options.only:
            size |= _run("benchmarks.matching_search", str(options.arrivals), folder=folder)
        if "pairs" in options.only:
            size["pairs"] = _run("benchmarks.matching_pairs", folder=folder)
        results["sizes"][str(people)] = size
        print(sizes_shown({"sizes": {str(people): size}}), flush=True)
    if "yardsticks" in options.only:
        if matching_yardsticks.missing():
            told = " dan ".join(matching_yardsticks.missing())
            print(f"· {told} tidak terpasang: bagian pembanding dilewati (make bench memasangnya)")
            print("· not installed: the comparison with other matchers is left out", flush=True)
        results["yardsticks"] = _run("benchmarks.matching_yardsticks")
    results["load_after"] = round(os.getloadavg()[0], 2)
    results["is_busy"] = max(results["machine"]["load_before"], results["load_after"]) > 1.5 * (
        os.cpu_count() or 1
    )
    results["minutes"] = round((time.monotonic() - began) / 60, 1)
    print(shown(results))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=1, ensure_ascii=False, sort_keys=True)
    options.out.write_text(text + "\n", encoding="utf-8")
    return 0


def _run(module: str, *words: str, folder: Path | None = None) -> dict[str, Any]:
    """Run a part in a process of its own and return its answer."""
    env = environment(folder) if folder else dict(os.environ)
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def shown(results: dict[str, Any], *, markdown: bool = False) -> str:
    """All figures as tables."""
    parts = [sizes_shown(results, markdown=markdown)]
    if any("pairs" in size for size in results["sizes"].values()):
        parts.append(pairs_shown(results, markdown=markdown))
    if results.get("yardsticks"):
        parts.append(yardsticks_shown(results, markdown=markdown))
    if results.get("is_busy"):
        parts.append("⚠ Other programs kept the machine busy: wall times above are too long.")
    return "\n\n".join(part for part in parts if part)


def sizes_shown(results: dict[str, Any], *, markdown: bool = False) -> str:
    """Somebody arrives: found, judged, how quickly."""
    sizes = [size for size in results["sizes"].values() if "stored" in size]
    if not sizes:
        return ""
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
            for what in ("precision", "recall")
        ),
        ["unknown people called certain", *(s["unknown_called_certain"] for s in sizes)],
        ["candidates, median", *(s["candidates"]["median"] for s in sizes)],
        ["candidates, p95", *(s["candidates"]["p95"] for s in sizes)],
        ["search, median ms", *(s["search_ms"]["median"] for s in sizes)],
        [f"search, p95 ms (promised ≤ {BUDGET_MS:g})", *(s["search_ms"]["p95"] for s in sizes)],
        ["search, p95 ms of CPU", *(s["search_cpu_ms"]["p95"] for s in sizes)],
        ["the commonest names, p95 ms", *(s["search_common_ms"]["p95"] for s in sizes)],
        ["in a batch, ms each", *(s["batch_ms_each"] for s in sizes)],
        ["comparison, median µs", *(s["comparison_us"]["median"] for s in sizes)],
    ]
    text = [[row[0], *(f"{value:.4g}" for value in row[1:])] for row in rows]
    heads = ["somebody arrives", *(f"{s['stored']:,} people" for s in sizes)]
    return table(heads, text, markdown=markdown)


def pairs_shown(results: dict[str, Any], *, markdown: bool = False) -> str:
    """All pairs at once."""
    rows: list[list[object]] = []
    for people, size in results["sizes"].items():
        if "pairs" not in size:
            continue
        found = size["pairs"]
        listed = found["thresholds"]["certain or possible"]
        rows.append([
            f"{int(people):,} people", f"{found['seconds'] / 60:.1f}",
            f"{found['cpu_seconds'] / 60:.1f}", f"{found['memory_mb']:.0f}",
            f"{found['compared']:,}", f"{found['left_out']:,}",
            f"{found['thresholds']['certain']['precision']:.3f}, "
            f"{found['thresholds']['certain']['recall']:.3f}",
            f"{listed['precision']:.3f}, {listed['recall']:.3f}",
        ])  # fmt: skip
    heads = [
        "all pairs", "minutes", "of CPU", "peak MB", "compared", "groups left out",
        "certain: precision, recall", "with possible",
    ]  # fmt: skip
    return table(heads, rows, markdown=markdown)


def yardsticks_shown(results: dict[str, Any], *, markdown: bool = False) -> str:
    """The same records by both matchers."""
    rows: list[list[object]] = []
    for name, found in results["yardsticks"].items():
        for who, result in found.items():
            if not isinstance(result, dict):
                continue
            for cut, quality in result["thresholds"].items():
                row = [f"{name}: {who}, {cut}"]
                rows.append([
                    *row, f"{quality['precision']:.3f}", f"{quality['recall']:.3f}",
                    f"{quality['f1']:.3f}", f"{result['seconds']:.1f}",
                ])  # fmt: skip
    heads = ["one person, or two?", "precision", "recall", "F1", "seconds"]
    return table(heads, rows, markdown=markdown)


if __name__ == "__main__":
    raise SystemExit(main())
