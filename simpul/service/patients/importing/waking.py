"""A bell between who lets a file begin and who starts the work on it, in one process.

The server's watcher sleeps until it rings; a file begun by another process it finds by itself a
little later, so nothing depends on the bell.
"""

import threading

from django.db import transaction

_rung = threading.Event()


def ring() -> None:
    """Let the watcher look as soon as what was just written is committed."""
    transaction.on_commit(_rung.set)


def look_again() -> None:
    """Let the watcher look at once: what it has just ended may have a successor."""
    _rung.set()


def wait(seconds: float) -> None:
    """Sleep until the bell rings, or so long at most."""
    _rung.wait(seconds)
    _rung.clear()
