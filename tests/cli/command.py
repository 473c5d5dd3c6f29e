"""Running the `simpul` command as a person would: a real process with its own data folder."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 120.0


def clean_environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a machine on which nothing of Simpul was set."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SIMPUL_") and name not in ("PORT", "DJANGO_SETTINGS_MODULE")
    }
    own = {"SIMPUL_DATA": str(data), "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    # A quarter of a gigabyte for each server of a test is too much.
    return {**env, **own, "SIMPUL_BALLAST_MB": "0", **more}


def simpul(
    *words: str, data: Path, given: str | None = None, timeout: float = 180, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "simpul", *words],
        env=clean_environment(data, **more),
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running `simpul serve` or `simpul demo`."""

    process: subprocess.Popen[str]
    port: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything it has said so far."""
        return "".join(self.lines)

    def stop(self, sign: signal.Signals, *, whole_group: bool = False) -> tuple[int, float]:
        """Send a signal; return the exit status and how long the end took."""
        began = time.monotonic()
        if whole_group:
            os.killpg(self.process.pid, sign)
        else:
            self.process.send_signal(sign)
        status = self.process.wait(30)
        return status, time.monotonic() - began

    def left_over(self, *, within: float = 5.0) -> bool:
        """Is a process of its group still there after a while?"""
        end = time.monotonic() + within
        while time.monotonic() < end:
            try:
                os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                return False
            if not _alive(self.process.pid):
                return False
            time.sleep(0.1)
        return True


def _alive(group: int) -> bool:
    """Does the group hold a process that is more than an entry waiting to be read?"""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            facts = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(facts[2]) == group and facts[0] != "Z":
            return True
    return False


@contextmanager
def serving(*words: str, data: Path) -> Iterator[Server]:
    """Start a server, give it when it has announced itself, end it whatever happens."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "simpul", *words, "--host", "127.0.0.1", "--port", str(port)],
        env=clean_environment(data),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    server = Server(process, port)
    announced = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            server.lines.append(line)
            if "Ctrl+C" in line:
                announced.set()
        announced.set()

    threading.Thread(target=listen, daemon=True).start()
    try:
        assert announced.wait(STARTS_WITHIN), server.text
        assert process.poll() is None, server.text
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
