"""Is the internet there? Asked in the background, of a host that the site names; else not known.

`SIMPUL_INTERNET_CHECK` holds `host:port`, for example the office's own router or server outside.
Without it nothing is ever contacted and the answer is "not known". The screens only read what was
found last.
"""

import os
import socket
import threading
import time
from dataclasses import dataclass
from datetime import datetime

from simpul.foundation.core.clock import now
from simpul.foundation.core.outside import tell_internet

EVERY_SECONDS = 30
TIMEOUT_SECONDS = 3


@dataclass(frozen=True)
class Reach:
    """Whether the outside answered, and since when that is so; None: not known."""

    internet: bool | None = None
    since: datetime | None = None


_found = Reach()


def reach() -> Reach:
    """Return what was found last."""
    return _found


def note(answered: bool) -> None:
    """Remember an answer; the time stays while the answer does."""
    global _found
    if _found.internet is not answered:
        _found = Reach(answered, now())


def asked_host() -> tuple[str, int] | None:
    """Return the host and port that the site named; None when it named none."""
    text = os.environ.get("SIMPUL_INTERNET_CHECK", "").strip()
    host, _colon, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return None
    return host.strip("[]"), int(port)


def try_once(host: str, port: int) -> bool:
    """Does the host take a connection? Nothing is sent."""
    try:
        socket.create_connection((host, port), timeout=TIMEOUT_SECONDS).close()
    except OSError:
        return False
    return True


def watch_internet() -> bool:
    """Begin to look, in a thread of its own, where the site asks for it; returns whether so."""
    asked = asked_host()
    if asked is None:
        return False

    def look() -> None:
        while True:
            note(try_once(*asked))
            time.sleep(EVERY_SECONDS)

    tell_internet(lambda: reach().internet)
    threading.Thread(target=look, name="internet", daemon=True).start()
    return True
