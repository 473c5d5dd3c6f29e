"""Results as tables: for the terminal, and with `python -m benchmarks.report` for the README."""

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import budgets, matching
from benchmarks.figures import short, table
from benchmarks.operations import FIVE, OPERATIONS
from benchmarks.processes import ROOT

LATEST = ROOT / "benchmarks" / "results" / "latest.json"
WHAT_PEERS_ARE = (
    "Peers: the best of the systems this one replaces, as written in docs/architecture.md; "
    "measured elsewhere, in another run on such a machine, with 20,000 patients and two worker "
    "processes."
)


def machine(results: dict[str, Any]) -> str:
    """One paragraph on what was measured, and on what."""
    facts = results["machine"]
    fsync = facts["fsync_ms"]
    return (
        f"{facts['date'][:10]}, commit {facts['commit']}"
        + (f" with {facts['changed_files']} changed files" if facts["changed_files"] else "")
        + f"; {facts['cpu']}, {facts['cores']} cores shared with the load generator, "
        f"{facts['memory_gb']} GB; {facts['system']}; Python {facts['python']}, "
        f"Django {facts['django']}, granian {facts['granian']}, SQLite {facts['sqlite']}; "
        f"load before {facts['load_before']}; making 4 kB durable takes "
        f"{fsync['median']:.2f} ms (p95 {fsync['p95']:.2f}, p99 {fsync['p99']:.2f})."
    )


def operations(result: dict[str, Any], *, markdown: bool) -> str:
    """The operations: latency and rate by clients, CPU, statements, ratios."""
    rows = []
    for label, levels in result.get("operations", {}).items():
        one, eight, many = levels["1"], levels["8"], levels["32"]
        counts = result.get("statements", {}).get("counts", {}).get(label, {})
        failed = sum(
            n
            for level in levels.values()
            for status, n in level.get("statuses", {}).items()
            if not status.startswith("2")
        )
        rows.append([
            OPERATIONS[label],
            *(f"{level['median']:.1f} / {level['p95']:.1f} / {level['p99']:.1f}"
              for level in (one, eight, many)),
            budgets.best_rate(levels),
            eight["cpu_ms"]["server"],
            eight["cpu_ms"].get("database", 0.0),
            eight["load_cpu_ms"],
            counts.get("median"),
            failed,
        ])  # fmt: skip
    heads = [
        "median / p95 / p99 ms", "1 client", "8 clients", "32 clients", "per s",
        "CPU ms", "db CPU", "load CPU", "statements", "failed",
    ]  # fmt: skip
    return table(heads, rows, markdown=markdown)


def ratios(result: dict[str, Any], *, markdown: bool) -> str:
    """The five operations beside the best peer and, for registering, the floor."""
    kinds = ("time", "per second", "CPU", "statements")
    rows = []
    for label in FIVE:
        found = budgets.ratios(result, label)
        if found:
            rows.append(
                [OPERATIONS[label], *(f"{found[k]:.1f}×" if k in found else "–" for k in kinds)]
            )
    return table(["times better than the best peer", *kinds], rows, markdown=markdown)


def floor(result: dict[str, Any]) -> list[str]:
    """What registering costs beside the same rows by the plain driver."""
    found = result.get("floor")
    if not found:
        return []
    one, eight = found["1"], found["8"]
    lines = [
        f"Floor (the same rows, plain driver, one durable transaction): {one['median']:.2f} ms "
        f"median, {max(one['per_second'], eight['per_second']):,.0f} per second at best, "
        f"{one['cpu_ms']:.2f} ms CPU."
    ]
    levels = result.get("operations", {}).get("register")
    if levels:
        best = max(one["per_second"], eight["per_second"])
        lines.append(
            f"Registering over HTTP costs {levels['1']['median'] / one['median']:.1f}× the floor's "
            f"time, {budgets.cpu(levels) / one['cpu_ms']:.1f}× its CPU, and reaches "
            f"1/{best / budgets.best_rate(levels):.1f} of its rate."
        )
    return lines


def others(result: dict[str, Any]) -> list[str]:
    """A warning where something else kept the machine busy."""
    taken = [
        level["others_cores"]
        for levels in result.get("operations", {}).values()
        for level in levels.values()
    ]
    if not taken or max(taken) < 0.2:
        return []
    mean = sum(taken) / len(taken)
    return [
        f"⚠ Other programs used {mean:.1f} cores on average (at most {max(taken):.1f}) while the "
        "operations were measured: the times above are too long."
    ]


def live(result: dict[str, Any], *, markdown: bool) -> str:
    """Commit → shown."""
    rows = [
        [name, *(found[kind][share] for kind in ("event", "shown", "from_key")
                 for share in ("median", "p95")), found["lost"]]
        for name, found in result.get("live", {}).items()
    ]  # fmt: skip
    painted = result.get("browser")
    if painted:
        row, key = painted["painted"], painted["from_key"]
        rows.append(["idle, painted in Chromium", None, None, row["median"], row["p95"],
                     key["median"], key["p95"], 0])  # fmt: skip
    heads = [
        "ms after the POST's answer", "event", "p95", "rows there", "p95", "from Enter", "p95",
        "lost",
    ]  # fmt: skip
    return table(heads, rows, markdown=markdown)


def pages(result: dict[str, Any], *, markdown: bool) -> str:
    """Pages: bytes, statements, time among 32 people."""
    counts = result.get("statements", {}).get("counts", {})
    people = result.get("people", {}).get("labels", {})
    rows = [
        [
            label.removeprefix("page "),
            page["status"],
            page["sent"] / 1000,
            page["first_visit"] / 1000,
            counts.get(label, {}).get("most"),
            page["alone"]["median"],
            people.get(label, {}).get("median"),
            people.get(label, {}).get("p95"),
        ]
        for label, page in result.get("pages", {}).get("pages", {}).items()
    ]
    heads = [
        "page",
        "status",
        "kB",
        "first visit kB",
        "statements",
        "alone ms",
        "median ms",
        "p95 ms",
    ]
    return table(heads, rows, markdown=markdown)


def people(result: dict[str, Any], *, markdown: bool) -> str:
    """32 people who act once a second each."""
    rows = [
        [
            OPERATIONS.get(label, label),
            found["count"],
            *(found[k] for k in ("median", "p95", "p99")),
        ]
        for label, found in result.get("people", {}).get("labels", {}).items()
        if not label.startswith("page ")
    ]
    return table(["32 people, ms", "acts", "median", "p95", "p99"], rows, markdown=markdown)


def promises(result: dict[str, Any], *, markdown: bool) -> str:
    """Every budget line, kept or missed."""
    rows = [
        [
            line.what,
            f"{'≥' if line.at_least else '≤'} {short(line.limit)} {line.unit}".strip(),
            "–" if line.measured is None else f"{short(float(line.measured))} {line.unit}".strip(),
            line.mark,
        ]
        for line in budgets.lines(result)
    ]
    return table(["budget", "promised", "measured", ""], rows, markdown=markdown)


def experiments(results: dict[str, Any], *, markdown: bool) -> list[str]:
    """The gate (ADR 0005) and the lean rows (ADR 0007)."""
    parts = []
    if "gate" in results:
        rows = [
            [name, *(found[k] for k in ("median", "p95", "p99", "max", "per_second"))]
            for name, found in results["gate"].items()
        ]
        heads = ["16 writers in 2 processes, ms", "median", "p95", "p99", "max", "per s"]
        parts.append(table(heads, rows, markdown=markdown))
    if "rows" in results:
        rows = [
            [f"one row {way}", found["orm"], found["rows"], f"{found['orm'] / found['rows']:.1f}×"]
            for way, found in results["rows"].items()
        ]
        parts.append(table(["CPU ms", "ORM", "rows.py", ""], rows, markdown=markdown))
    return parts


def whole(results: dict[str, Any], *, markdown: bool = False) -> str:
    """Everything, for the terminal or the README."""
    head = "## " if markdown else ""
    parts = [machine(results)]
    for name, result in results["databases"].items():
        stored = result["stored"]
        version = f" {result['version']}" if result.get("version") else ""
        memory = ", ".join(short(size) for size in result.get("memory_mb", [])[:4])
        parts.append(f"{head}{NAMES[name]}{version}")
        parts.append(
            f"{stored['patients']:,} patients, {stored['visits']:,} visits, "
            f"{stored['journal_entries']:,} journal entries; {result['waiting_umum']} waiting at "
            f"Poli Umum; server up in {result['started_seconds']} s; its memory {memory} MB"
            + (f"; searches that find the person: {result['found_of_100']} of 100"
               if "found_of_100" in result else "")
        )  # fmt: skip
        for part, show in (
            ("operations", operations), ("operations", ratios), ("people", people),
            ("live", live), ("pages", pages),
        ):  # fmt: skip
            if part in result:
                parts.append(show(result, markdown=markdown))
        parts += floor(result)
        parts += others(result)
        refused = result.get("statements", {}).get("refused")
        if refused:
            parts.append(f"Not answered as hoped while counting statements: {refused}")
        parts.append(promises(result, markdown=markdown))
    parts += experiments(results, markdown=markdown)
    parts.append(WHAT_PEERS_ARE)
    return "\n\n".join(parts)


NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


def matcher() -> str:
    """The person matcher, from its own file (`python -m benchmarks.matching`)."""
    if not matching.RESULTS.exists():
        return ""
    results = json.loads(matching.RESULTS.read_text(encoding="utf-8"))
    shown = matching.shown(results, markdown=True)
    return f"## The person matcher\n\n{machine(results)}\n\n{shown}\n"


def main() -> None:
    """Print the tables of a results file in Markdown."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else LATEST
    if len(sys.argv) < 2:
        print(matcher())
    print(whole(json.loads(path.read_text(encoding="utf-8")), markdown=True))


if __name__ == "__main__":
    main()
