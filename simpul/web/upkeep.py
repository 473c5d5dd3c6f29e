"""Small chores of the serving process: checkpoint of the log, old answers, planner statistics."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction

from simpul.web.idempotency import prune_keys

logger = logging.getLogger("simpul.upkeep")

#: Sixteen writers at full speed add 14 MB a second to the log; a look costs one `stat`.
LOOK_SECONDS = 0.25
LOG_BYTES = 4_000_000
PRUNE_SECONDS = 6 * 3600
STATISTICS_SECONDS = 24 * 3600
SELDOM_SECONDS = 5 * 60


def start_upkeep(*seldom: Callable[[], object]) -> None:
    """Start the chores in a thread of their own; those of `seldom` run every five minutes.

    Each of those must be short: the log is not looked at meanwhile.
    """
    threading.Thread(target=_run, args=seldom, name="upkeep", daemon=True).start()


def _run(*seldom: Callable[[], object]) -> None:
    pruned, counted, worked = time.monotonic(), float("-inf"), time.monotonic()
    while True:
        time.sleep(LOOK_SECONDS)
        try:
            checkpoint_when_due()
            if time.monotonic() - counted > STATISTICS_SECONDS:
                counted = time.monotonic()
                refresh_statistics()
            if time.monotonic() - pruned > PRUNE_SECONDS:
                pruned = time.monotonic()
                prune_keys()
            if time.monotonic() - worked > SELDOM_SECONDS:
                worked = time.monotonic()
                for chore in seldom:
                    chore()
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


def refresh_statistics() -> None:
    """Tell SQLite how its tables are filled; without that it guesses, and reads far too much.

    Looks at a thousand rows an index, so it takes milliseconds at any size. Goes through the
    write gate like every write. PostgreSQL does this by itself.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit=1000")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
