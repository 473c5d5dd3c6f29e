"""What the serving process does for the doctor: measure now and then, and keep the ballast."""

import time
from pathlib import Path

from django.conf import settings

from simpul.cli.checkup import measures
from simpul.foundation.core import ballast

EVERY_SECONDS = 15 * 60
_last = float("-inf")


def keep_watch() -> None:
    """Measure when it is time, and make the ballast where it is missing and there is room."""
    global _last
    if time.monotonic() - _last < EVERY_SECONDS:
        return
    _last = time.monotonic()
    data = Path(settings.DATA)
    measures.take(data)
    ballast.keep(data)
