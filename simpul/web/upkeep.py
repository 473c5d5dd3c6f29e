"""Small chores of the serving process: the checkpoint of the write-ahead log, old answers."""

import logging
import threading
import time
from pathlib import Path

from django.db import connection

from simpul.web.idempotency import prune_keys

logger = logging.getLogger("simpul.upkeep")

#: Sixteen writers at full speed add 14 MB a second to the log; a look costs one `stat`.
LOOK_SECONDS = 0.25
LOG_BYTES = 4_000_000
PRUNE_SECONDS = 6 * 3600


def start_upkeep() -> None:
    """Start the chores in a thread of their own."""
    threading.Thread(target=_run, name="upkeep", daemon=True).start()


def _run() -> None:
    pruned = time.monotonic()
    while True:
        time.sleep(LOOK_SECONDS)
        try:
            checkpoint_when_due()
            if time.monotonic() - pruned > PRUNE_SECONDS:
                pruned = time.monotonic()
                prune_keys()
        except Exception:
            logger.exception("upkeep failed; trying again")
            connection.close()


def checkpoint_when_due(*, at_bytes: int = LOG_BYTES) -> bool:
    """Move the log into the database when it has grown past `at_bytes`; True if it did."""
    if connection.vendor != "sqlite":
        return False
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    if not log.exists() or log.stat().st_size < at_bytes:
        return False
    with connection.cursor() as cursor:
        # A reader in the way must not hold the writers up: try again at the next look.
        cursor.execute("PRAGMA busy_timeout=200")
    connection.checkpoint()  # type: ignore[attr-defined]
    return True
