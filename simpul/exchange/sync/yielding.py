"""Giving way to the counter: when the house is busy, what leaves the house waits.

Never longer than ten minutes in a row, or a house that is always busy would never be backed up by
its Dinas. The peak is learned from the last four weeks; until there are enough visits it is the
usual one, 08.00 to 10.00.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SLOW_MS = 300.0
LOAD_SHARE = 0.8
LONGEST_SECONDS = 600.0
#: Older answer times say nothing about now.
FRESH_SECONDS = 60.0
ANSWERS = "answers.json"
SLOTS = 48  # half hours of a day
USUAL_PEAK = frozenset(range(16, 20))
PEAK_SHARE = 0.6
FEWEST_VISITS = 200


@dataclass(frozen=True)
class Signs:
    """How busy the house is: the counter's slow answers, and the machine's load a core."""

    slow_ms: float | None
    load: float

    @property
    def is_busy(self) -> bool:
        """Would people notice more work?"""
        return (self.slow_ms is not None and self.slow_ms > SLOW_MS) or self.load > LOAD_SHARE


@dataclass
class Yielding:
    """Remembers since when the house has been given way to."""

    since: float | None = None

    def may_go(self, signs: Signs, at: float) -> bool:
        """May a turn be taken at this instant (any clock that only goes forward)?"""
        if not signs.is_busy:
            self.since = None
            return True
        if self.since is None:
            self.since = at
        if at - self.since < LONGEST_SECONDS:
            return False
        self.since = at  # one turn, then the counter comes first again
        return True


def read_signs(folder: Path, at: float) -> Signs:
    """Read what the server last published about its answers (`at`: the wall clock), and the load.

    Nothing published, or long ago, means that nobody is being served.
    """
    slow: float | None = None
    try:
        told = json.loads((folder / ANSWERS).read_text(encoding="ascii"))
        if abs(at - float(told["at"])) <= FRESH_SECONDS:
            slow = float(told["p95_ms"])
    except (OSError, ValueError, KeyError, TypeError):
        slow = None
    return Signs(slow_ms=slow, load=_load_a_core())


def _load_a_core() -> float:
    if not hasattr(os, "getloadavg"):
        return 0.0
    return os.getloadavg()[0] / (os.cpu_count() or 1)


def learn_peak(visits: Mapping[int, int]) -> frozenset[int]:
    """Return the half hours of the day (0 to 47) in which the house is at its fullest."""
    if sum(visits.values()) < FEWEST_VISITS:
        return USUAL_PEAK
    most = max(visits.values())
    return frozenset(slot for slot, count in visits.items() if count >= PEAK_SHARE * most)


def slot_of(hour: int, minute: int) -> int:
    """Return the half hour of the day."""
    return hour * 2 + minute // 30
