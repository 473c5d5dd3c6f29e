"""How much a hub takes at once, and how it spreads a district that comes back all together.

Counted in this process's memory: a hub answers from one process, and after a restart everybody may
try again. One push of a node is under way at a time, so a repeat never meets its twin.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

AT_ONCE = 32
#: A node that behaves sends far less; what is above is told to wait, not refused.
BURST, A_SECOND = 20.0, 2.0
#: Wrong codes and unknown nodes: so many, then it takes patience.
WRONG_BURST, WRONG_A_SECOND = 6.0, 0.1
#: The share of the time in which pushes may keep this process busy; the rest is for people.
SHARE = 0.6
ACTIVE_SECONDS = 120.0
LONGEST_NEXT_MS = 600_000
#: More buckets than this are those of somebody who makes up names.
MOST_BUCKETS = 50_000


@dataclass
class Bucket:
    """Tokens that come back with time."""

    tokens: float
    at: float


@dataclass(frozen=True)
class Wait:
    """Not now: the status to answer with, and after how many seconds to come again."""

    status: int
    seconds: int


@dataclass
class Limits:
    """Who is under way, who was here lately, and how long a push takes."""

    clock: Callable[[], float] = time.monotonic
    under_way: set[str] = field(default_factory=set)
    buckets: dict[str, Bucket] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    usual_seconds: float = 0.05
    lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, node: str) -> Wait | None:
        """Take a place for a push of this node, or say how long it shall wait."""
        with self.lock:
            if node in self.under_way:
                return Wait(429, 2)
            if len(self.under_way) >= AT_ONCE:
                return Wait(503, max(2, self._spread_ms() // 1000))
            missing = self._take(node, BURST, A_SECOND)
            if missing:
                return Wait(429, missing)
            self.under_way.add(node)
            self.seen[node] = self.clock()
            return None

    def leave(self, node: str, seconds: float) -> None:
        """Give the place back and learn how long it took."""
        with self.lock:
            self.under_way.discard(node)
            self.usual_seconds += 0.1 * (min(seconds, 30.0) - self.usual_seconds)

    def try_code(self, whence: str) -> Wait | None:
        """Count a try with a code or an unknown name from this address."""
        with self.lock:
            missing = self._take(f"code {whence}", WRONG_BURST, WRONG_A_SECOND)
            return Wait(429, missing) if missing else None

    def next_ms(self) -> int:
        """Return after how long a node shall come again, so that all of them have their turn."""
        with self.lock:
            return self._spread_ms()

    def _spread_ms(self) -> int:
        since = self.clock() - ACTIVE_SECONDS
        self.seen = {node: at for node, at in self.seen.items() if at >= since}
        return min(LONGEST_NEXT_MS, int(len(self.seen) * self.usual_seconds / SHARE * 1000))

    def _take(self, name: str, burst: float, a_second: float) -> int:
        """Take a token; else return in how many seconds there is one."""
        now = self.clock()
        if len(self.buckets) > MOST_BUCKETS:
            self.buckets.clear()
        bucket = self.buckets.setdefault(name, Bucket(burst, now))
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.at) * a_second)
        bucket.at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return int((1 - bucket.tokens) / a_second) + 1


LIMITS = Limits()
