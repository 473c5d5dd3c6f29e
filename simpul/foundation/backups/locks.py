"""Who has the data folder in use, and one copy at a time.

Both are locks on open files, so the system takes them away from a process that is gone.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simpul.foundation.backups.places import copies_folder, data_folder
from simpul.foundation.core.errors import Conflict

RUNNING = "running.lock"
_FAR, _BYTES = 1 << 20, 1 << 16

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int, *, shared: bool) -> bool:
        # Windows knows no shared lock: each process holds a byte of its own, far behind the text.
        try:
            place = _FAR + (os.getpid() % _BYTES if shared else 0)
            os.lseek(descriptor, place, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1 if shared else _BYTES)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(descriptor: int, *, shared: bool) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@dataclass
class Occupation:
    """The data folder is in use as long as this is held."""

    descriptor: int

    def release(self) -> None:
        """Give it back."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def occupy(data: Path, what: str) -> Occupation:
    """Hold the data folder for a process that works on it; Conflict while a restore runs.

    Kept until `release`, or until the process and those it forked are gone.
    """
    descriptor = os.open(data / RUNNING, os.O_RDWR | os.O_CREAT, 0o600)
    if _take(descriptor, shared=True):
        # Only for people: who it was. The lock itself is what counts.
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, json.dumps({"what": what, "pid": os.getpid()}).encode())
        return Occupation(descriptor)
    os.close(descriptor)
    raise Conflict(
        "Pemulihan sedang berjalan di folder data ini. Tunggu sampai selesai, lalu ulangi.",
        "restore_running",
    )


def take_alone(data: Path) -> Occupation | None:
    """Hold the data folder alone, for a restore; None while anybody works on it."""
    descriptor = os.open(data / RUNNING, os.O_RDWR | os.O_CREAT, 0o600)
    if _take(descriptor, shared=False):
        return Occupation(descriptor)
    os.close(descriptor)
    return None


def who_runs(data: Path) -> str:
    """Say which process wrote itself down last; empty when nothing can be said."""
    try:
        known = json.loads((data / RUNNING).read_text(encoding="utf-8"))
        return f"{known['what']}, proses {known['pid']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


@contextmanager
def one_at_a_time(data: Path | None = None) -> Iterator[bool]:
    """Give True when no other process makes, checks or removes copies; else False."""
    folder = copies_folder(data_folder(data))
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _take(descriptor, shared=False)
    finally:
        os.close(descriptor)
