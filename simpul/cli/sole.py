"""One process of a kind at a time, held by a lock that the system takes back when it dies."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def only_one(path: Path) -> Iterator[bool]:
    """Give True when nobody else holds this lock; it is held until the end of the block."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _try(descriptor)
        except OSError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)  # gives the lock back


def is_held(path: Path) -> bool:
    """Is a process of this kind at work just now?"""
    if not path.exists():
        return False
    with only_one(path) as is_ours:
        return not is_ours
