"""How long people at the counter wait for an answer, published for whoever works in the background.

Kept in memory, written to a small file now and then; nothing of a request is kept but its length.
"""

import json
import os
import time
from collections import deque
from pathlib import Path

FILE = "answers.json"
#: Where a person stands before the desk and waits.
PATHS = ("/daftar", "/loket", "/pasien", "/api/v1/encounters", "/api/v1/patients")
KEEP, RECENT_SECONDS = 200, 60.0

_answers: deque[tuple[float, float]] = deque(maxlen=KEEP)


def note(method: str | None, path: str, seconds: float) -> None:
    """Remember one answer, if somebody waited for it at the counter."""
    if method == "POST" and path.startswith(PATHS):
        _answers.append((time.monotonic(), seconds))


def slow_ms() -> float | None:
    """Return the 95th percentile of the last minute's answers; None where there were none."""
    since = time.monotonic() - RECENT_SECONDS
    recent = sorted(seconds for at, seconds in list(_answers) if at >= since)
    return round(recent[int(len(recent) * 0.95)] * 1000, 1) if recent else None


def publish(folder: Path) -> bool:
    """Write the present figure; False where there is nothing to say."""
    figure = slow_ms()
    if figure is None:
        return False
    draft = folder / f"{FILE}.{os.getpid()}"
    draft.write_text(json.dumps({"at": time.time(), "p95_ms": figure}), encoding="ascii")
    draft.replace(folder / FILE)
    return True
