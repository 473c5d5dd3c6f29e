"""What takes time to measure or needs a past: taken in the background and kept in a small file.

The serving process looks every few minutes (`take`); a page only reads what was found (`read`). A
clock is compared with the time the machine has been running, which nobody sets.
"""

import json
import os
import statistics
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from simpul.foundation.backups.durable import write_whole

FILE = "measures.json"
FSYNCS = 7
#: A clock that is kept right is moved by less than this at a time.
JUMP_SECONDS = 60.0
JUMP_KEPT = timedelta(hours=24)
BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Mark:
    """The same instant on two clocks: the one people set and the one that only runs."""

    wall: float
    running: float
    boot: str


@dataclass(frozen=True)
class Measures:
    """What was measured last; None where it never was."""

    at: datetime | None = None
    fsync: float | None = None
    jump: float | None = None
    jumped_at: datetime | None = None


def time_durable_write(folder: Path) -> float:
    """Return how many milliseconds a small durable write in a folder takes (median of some)."""
    path = folder / f".fsync-{os.getpid()}"
    times = []
    try:
        with path.open("wb") as file:
            for _round in range(FSYNCS):
                began = time.perf_counter()
                file.write(b"\0" * 4096)
                file.flush()
                os.fsync(file.fileno())
                times.append((time.perf_counter() - began) * 1000)
    finally:
        path.unlink(missing_ok=True)
    return statistics.median(times)


def mark_now() -> Mark:
    """Read both clocks."""
    running = time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else 0.0
    boot = ""
    with suppress(OSError):
        boot = BOOT.read_text(encoding="ascii").strip()
    return Mark(time.time(), running, boot)


def jump_between(before: Mark, after: Mark) -> float:
    """Return by how many seconds the set clock was moved between two marks of one boot."""
    if not before.boot or before.boot != after.boot:
        return 0.0
    moved = (after.wall - before.wall) - (after.running - before.running)
    return moved if abs(moved) >= JUMP_SECONDS else 0.0


def read(data: Path) -> Measures:
    """Return what was measured last."""
    known = _read(data)
    return Measures(
        at=_instant(known.get("at")),
        fsync=_number(known.get("fsync_ms")),
        jump=_number(known.get("jump_seconds")),
        jumped_at=_instant(known.get("jumped_at")),
    )


def take(data: Path) -> Measures:
    """Measure now and keep it; a full disk keeps the old figures."""
    known, mark = _read(data), mark_now()
    moment = datetime.fromtimestamp(mark.wall, UTC)
    fresh: dict[str, Any] = {"at": moment.isoformat(), "mark": vars(mark)}
    with suppress(OSError):
        fresh["fsync_ms"] = round(time_durable_write(data), 2)
    with suppress(KeyError, TypeError):
        jump = jump_between(Mark(**known["mark"]), mark)
        if jump:
            fresh |= {"jump_seconds": round(jump), "jumped_at": moment.isoformat()}
    before = _instant(known.get("jumped_at"))
    if "jump_seconds" not in fresh and before and abs(moment - before) < JUMP_KEPT:
        fresh |= {"jump_seconds": known.get("jump_seconds"), "jumped_at": known["jumped_at"]}
    with suppress(OSError):
        write_whole(data / FILE, json.dumps(fresh).encode())
    return read(data)


def _read(data: Path) -> dict[str, Any]:
    try:
        known = json.loads((data / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _instant(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None
