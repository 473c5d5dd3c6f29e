"""Which units have a screen open right now, as far as this server knows.

Every live stream of a unit's own staff touches one file a unit with each beat, so that all
processes of the server see the same and a killed process claims nothing. A screen that was never
seen is unknown, not closed.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

#: A stream beats every 8 s; half a beat more is allowed for a slow moment.
OPEN_SECONDS = 12.0
TOUCH_SECONDS = 5.0


@dataclass(frozen=True)
class Screen:
    """The screens of one unit: open now, or when one was last seen (None: never seen)."""

    is_open: bool
    last_seen: datetime | None


class Presence:
    """One stream's word that somebody looks at these units, given at most every few seconds."""

    def __init__(self, units: Iterable[str]) -> None:
        self.units = tuple(units)
        self.touched = 0.0

    def touch(self) -> None:
        """Say that this stream is still open."""
        if not self.units or time.monotonic() - self.touched < TOUCH_SECONDS:
            return
        self.touched = time.monotonic()
        try:
            _folder().mkdir(exist_ok=True)
            for unit in self.units:
                (_folder() / unit).touch()
        except OSError:
            # A full disk must not end the stream; the board then says less, not something false.
            return


def screen_of(unit: str) -> Screen:
    """Return what is known about the screens of a unit."""
    try:
        seen = (_folder() / unit).stat().st_mtime
    except OSError:
        return Screen(is_open=False, last_seen=None)
    return Screen(
        is_open=time.time() - seen < OPEN_SECONDS, last_seen=datetime.fromtimestamp(seen, UTC)
    )


def _folder() -> Path:
    return Path(settings.DATA) / "screens"
