"""Each budget line of docs/architecture.md with what was measured, and whether it holds."""

from dataclasses import dataclass
from typing import Any

from benchmarks.operations import FIVE, OPERATIONS

#: The best of the systems this one replaces, as written in docs/architecture.md: median ms with
#: one client, per second at best, CPU ms, statements; None where no figure is written there.
#: Measured elsewhere, on another machine of this kind, with 20,000 patients.
PEERS: dict[str, dict[str, float | None]] = {
    "register": {"median": 30.0, "per_second": 64.0, "cpu_ms": 31.0, "statements": 25},
    "find-key": {"median": 18.0, "per_second": None, "cpu_ms": None, "statements": None},
    "find-name": {"median": 37.0, "per_second": None, "cpu_ms": None, "statements": None},
    "queue": {"median": 31.0, "per_second": 62.0, "cpu_ms": None, "statements": None},
    "history": {"median": 22.0, "per_second": 98.0, "cpu_ms": None, "statements": None},
}
TIMES_BETTER = 5.0


@dataclass(frozen=True)
class Line:
    """One promise: what, how much at most, how much it was; None where it was not measured."""

    what: str
    limit: float
    measured: float | None
    unit: str = "ms"
    at_least: bool = False

    @property
    def holds(self) -> bool | None:
        """Is the promise kept? None when it was not measured."""
        if self.measured is None:
            return None
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def mark(self) -> str:
        """✓, ✗ or – for not measured."""
        return "–" if self.holds is None else "✓" if self.holds else "✗"


def lines(result: dict[str, Any]) -> list[Line]:
    """Return every budget line for one database's results."""
    return [*_answers(result), *_live(result), *_pages(result), _syncing(), *_peers(result)]


def _answers(result: dict[str, Any]) -> list[Line]:
    found = []
    for label, what, limit in (
        ("find-key", "find a patient by a number", 50.0),
        ("find-name", "find a patient by name, also with a slip", 50.0),
        ("register", "register: encounter + distribution + ticket + journal", 100.0),
    ):
        people = result.get("people", {}).get("labels", {}).get(label, {})
        rush = result.get("operations", {}).get(label, {}).get("32", {})
        for among, taken in (("32 people", people), ("32 clients without a pause", rush)):
            p95 = taken["p95"] if taken.get("count") else None
            found.append(Line(f"{what}, p95, {among}", limit, p95))
    return found


def _live(result: dict[str, Any]) -> list[Line]:
    return [
        Line(
            f"commit → rows on the poli's screen, p95, {name}",
            300.0,
            result.get("live", {}).get(name, {}).get("shown", {}).get("p95"),
        )
        for name in ("idle", "32 people", "8 clients, no pause")
    ] + [
        Line(
            "commit → row painted in a browser, p95, idle",
            300.0,
            result.get("browser", {}).get("painted", {}).get("p95"),
        )
    ]


def _pages(result: dict[str, Any]) -> list[Line]:
    people = result.get("people", {}).get("labels", {})
    taken = {k: v["p95"] for k, v in people.items() if k.startswith("page ")}
    weighed = {
        k: v for k, v in result.get("pages", {}).get("pages", {}).items() if v["status"] == 200
    }
    counts = {
        k: v["most"]
        for k, v in result.get("statements", {}).get("counts", {}).items()
        if k.startswith("page ")
    }
    alone = {k: v["alone"]["median"] for k, v in weighed.items()}
    sent = {k: v["sent"] / 1000 for k, v in weighed.items()}
    first = {k: v["first_visit"] / 1000 for k, v in weighed.items()}
    return [
        _worst("slowest page of the day, p95, 32 people", 150.0, taken, "ms"),
        _worst("slowest page, median, alone", 150.0, alone, "ms"),
        _worst("heaviest page on the wire", 60.0, sent, "kB"),
        _worst("heaviest first visit, with styles and scripts", 60.0, first, "kB"),
        # "under 12" is at most 11
        _worst("page with most statements", 11.0, counts, ""),
    ]


def _worst(what: str, limit: float, found: dict[str, float], unit: str) -> Line:
    if not found:
        return Line(what, limit, None, unit)
    label = max(found, key=lambda name: found[name])
    return Line(f"{what} ({label.removeprefix('page ')})", limit, found[label], unit)


def _syncing() -> Line:
    return Line("the same while 100,000 rows are synchronised (not built yet)", 2.0, None, "×")


def _peers(result: dict[str, Any]) -> list[Line]:
    found = []
    for label in FIVE:
        for kind, times in ratios(result, label).items():
            if kind != "statements":
                what = f"{OPERATIONS[label]}: times better than the best peer in {kind}"
                found.append(Line(what, TIMES_BETTER, times, "×", at_least=True))
    return found


def ratios(result: dict[str, Any], label: str) -> dict[str, float]:
    """Return how many times better than the best peer an operation is, where a figure is known."""
    levels = result.get("operations", {}).get(label, {})
    if not levels or not levels["1"]["count"]:
        return {}
    peer, best = PEERS[label], best_rate(levels)
    counts = result.get("statements", {}).get("counts", {}).get(label, {}).get("median")
    one = levels["1"]
    pairs = {
        "time": (peer["median"], one["median"]),
        "per second": (best, peer["per_second"]),
        "CPU": (peer["cpu_ms"], cpu(levels)),
        "statements": (peer["statements"], counts),
    }
    return {kind: round(a / b, 1) for kind, (a, b) in pairs.items() if a and b}


def best_rate(levels: dict[str, Any]) -> float:
    """Return the most per second over all numbers of clients."""
    return max(float(level["per_second"]) for level in levels.values())


def cpu(levels: dict[str, Any]) -> float:
    """Return CPU ms per operation, server and database together, at eight clients."""
    return round(float(sum(levels["8"]["cpu_ms"].values())), 3)
