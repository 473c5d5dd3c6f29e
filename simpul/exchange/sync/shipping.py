"""How a facility sends: how much at once, how often, and what to do when it does not work.

Pure pieces: nothing here asks a clock, a network or a database. The figures are `sync.md`'s.
"""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

TURN_SECONDS = 15.0
#: A turn is this share early or late, always the same for one facility, so that they spread.
JITTER = 0.2
TARGET_SECONDS = 2.0
LEAST_CHANGES, MOST_CHANGES = 20, 500
STEP = 20
FIRST_WAIT, LONGEST_WAIT = 5.0, 600.0
#: What a hub may ask for at most; a wrong number must not silence a facility for a week.
LONGEST_ASKED = 3600.0
#: In the peak window one small request a turn is enough to keep the Dinas up to date.
PEAK_CHANGES = 100


def turn_seconds(node: uuid.UUID, *, every: float = TURN_SECONDS) -> float:
    """Return the pace of this node: about `every` seconds, its own for ever."""
    drawn = int.from_bytes(hashlib.sha256(node.bytes).digest()[:4], "big") / 2**32
    return every * (1 + JITTER * (2 * drawn - 1))


@dataclass
class BatchSize:
    """How many changes go in one request: grows by steps, halves when an answer takes too long."""

    changes: int = 100
    most: int = MOST_CHANGES

    def answered(self, seconds: float, sent: int) -> None:
        """Learn from a request that was answered."""
        if seconds > TARGET_SECONDS:
            self.shrink()
        elif sent >= self.changes:  # a batch that was not full says nothing about a larger one
            self.changes = min(self.most, self.changes + STEP)

    def shrink(self) -> None:
        """Halve: the answer took too long, never came, or the hub found it too large."""
        self.changes = max(LEAST_CHANGES, self.changes // 2)

    def limit(self, most: int) -> None:
        """Take the hub's word on what is the most."""
        self.most = max(LEAST_CHANGES, min(MOST_CHANGES, most))
        self.changes = min(self.changes, self.most)


class Outcome(Enum):
    """What an answer means for the next step."""

    DONE = "done"
    ACT = "act"  # 409: rewind, or open a new epoch
    HALVE = "halve"  # 413
    WAIT = "wait"  # nothing wrong that time does not mend
    STOP = "stop"  # a person is needed


def outcome_of(status: int) -> Outcome:
    """Sort the status of an answer."""
    if status == 200:
        return Outcome.DONE
    if status == 409:
        return Outcome.ACT
    if status == 413:
        return Outcome.HALVE
    if status in (408, 429) or status >= 500:
        return Outcome.WAIT
    return Outcome.STOP


def wait_seconds(failures: int, draw: Callable[[float, float], float], asked: float = 0.0) -> float:
    """Return how long to wait after so many failures in a row: 5 s to 10 minutes, drawn anew.

    `draw(low, high)` gives a number between; what the hub asked for (Retry-After) is the least.
    """
    ceiling = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(max(failures, 1), 10))
    return max(draw(FIRST_WAIT, ceiling), min(max(asked, 0.0), LONGEST_ASKED))


def read_retry_after(text: str | None) -> float:
    """Read a `Retry-After` of seconds; a date or nonsense counts as nothing."""
    text = (text or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0.0
