"""Which floors have a television that is on, as far as this server knows.

Each television says so every few seconds by touching one small file a floor, so that all processes
of the server see the same, and a server that was just started claims nothing.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from simpul.foundation.core.clock import now
from simpul.service.distribution.calling.timing import SCREEN_OFF


def touch_screen(floor: int) -> None:
    """A television of this floor is on."""
    path = _mark(floor)
    seconds = now().timestamp()
    try:
        path.parent.mkdir(exist_ok=True)
        path.touch()
        os.utime(path, (seconds, seconds))
    except OSError:
        # A full disk must not stop a call; the room is then told less, not something false.
        return


def has_screen(floor: int) -> bool:
    """Has a television of this floor been heard of in the last seconds?"""
    try:
        seen = datetime.fromtimestamp(_mark(floor).stat().st_mtime, UTC)
    except OSError:
        return False
    return now() - seen < SCREEN_OFF


def _mark(floor: int) -> Path:
    return Path(settings.DATA) / "tv" / f"lantai-{floor:d}"
