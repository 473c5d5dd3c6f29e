"""Facts of this machine and of what runs on it, printed first: figures mean nothing without."""

import os
import platform
import sqlite3
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.figures import spread
from benchmarks.processes import ROOT


def facts(folder: Path) -> dict[str, object]:
    """Return processor, memory, disk, versions, commit and date."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "--short=12", "HEAD"),
        "changed_files": len(_git("status", "--porcelain", "--", "simpul").splitlines()),
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1),
        "load_before": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in ("django", "granian", "django-ninja")},
        "fsync_ms": fsync_latency(folder),
    }


def fsync_latency(folder: Path, *, writes: int = 200) -> dict[str, float]:
    """Return how long the disk takes to make 4 kB durable: the least a saved act can cost."""
    taken = []
    with tempfile.NamedTemporaryFile(dir=folder, prefix="fsync-") as file:
        for _ in range(writes):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return spread(taken)


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _git(*words: str) -> str:
    found = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip()
