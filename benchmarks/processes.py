"""Processes of a benchmark: what they cost (from /proc), and how they are started and asked.

Every measuring part runs in a process of its own, gets its job as JSON on standard input and
answers with JSON on standard output, so that its CPU is not the server's and its Django (where it
needs one) sees the right database.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def _stat(pid: int) -> list[str] | None:
    try:
        # The name in brackets may hold spaces; what follows does not.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def parent_of(pid: int) -> int:
    """Return the parent of a process."""
    found = _stat(pid)
    return int(found[1]) if found else 0


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            parents.setdefault(parent_of(int(entry.name)), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += parents.get(one, [])
    return found


def cpu_seconds(pid: int | None) -> float:
    """Return the CPU time of a family, also of members that have ended."""
    if pid is None:
        return 0.0
    ticks = 0
    for one in family(pid):
        found = _stat(one)
        if found:
            ticks += sum(int(value) for value in found[11:15])
    return ticks / TICK


def busy_seconds() -> float:
    """Return the CPU time that everything on this machine has used."""
    words = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    user, nice, system, _idle, _iowait, irq, softirq, steal = (int(word) for word in words[1:9])
    return (user + nice + system + irq + softirq + steal) / TICK


def resident_megabytes(pid: int | None) -> list[float]:
    """Return the memory of each member of a family, the largest first."""
    if pid is None:
        return []
    sizes = [int(found[21]) * PAGE / 1e6 for one in family(pid) if (found := _stat(one))]
    return sorted((round(size, 1) for size in sizes), reverse=True)


def ask(module: str, job: Any, env: dict[str, str]) -> Any:
    """Run `python -m benchmarks.<module>` with a job and return its answer."""
    with begin(module, env) as process:
        out, _ = process.communicate(json.dumps(job))
    return answer_of(module, process.returncode, out)


def begin(module: str, env: dict[str, str]) -> "subprocess.Popen[str]":
    """Start a measuring process; its job is still to be sent."""
    return subprocess.Popen(
        [sys.executable, "-m", f"benchmarks.{module}"],
        cwd=ROOT, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def answer_of(module: str, status: int, out: str) -> Any:
    """Read what a measuring process has answered."""
    if status:
        raise SystemExit(f"benchmarks.{module} ended with {status}; its words are above.")
    return json.loads(out)


def environment(data: Path, url: str = "") -> dict[str, str]:
    """Return the environment in which Simpul finds this data."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SIMPUL_", "DJANGO_"))}
    env |= {"SIMPUL_DATA": str(data), "DJANGO_SETTINGS_MODULE": "simpul.config.settings"}
    return env | ({"SIMPUL_DATABASE_URL": url} if url else {})


@dataclass(frozen=True)
class Server:
    """A running `simpul serve`."""

    pid: int
    port: int
    started_seconds: float


@contextmanager
def served(env: dict[str, str], log: Path) -> Iterator[Server]:
    """Start the real server as a site would, wait until it answers, end it afterwards."""
    port = _free_port()
    began = time.monotonic()
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "simpul", "serve", "--host", "127.0.0.1", "--port", str(port)],
            cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=lines, stderr=lines,
        )  # fmt: skip
    try:
        _wait_until_it_answers(process, port, log)
        yield Server(process.pid, port, round(time.monotonic() - began, 2))
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"simpul serve did not answer:\n{log.read_text()[-4000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
