"""The process beside the server that goes through files of people, so that no page has to wait.

The server starts this process for a file that waits: at once for one begun at its pages, within
LOOK_SECONDS for one begun elsewhere. At low priority, one at a time, gone with the server. What it
has not finished the next one goes on with.
"""

import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

logger = logging.getLogger("simpul.importer")

LOOK_SECONDS = 15.0
#: The first look of a server that has just started: what the one before left goes on.
FIRST_LOOK_SECONDS = 1.0
TIDY_SECONDS = 6 * 3600
#: After a batch the worker leaves people this share of the time the batch took.
REST_SHARE = 0.5


def watch() -> None:
    """Start the process whenever a file waits; runs in a thread of the server for ever."""
    from django.db import connection

    from simpul.service.patients.importing import waking
    from simpul.service.patients.importing.services import tidy
    from simpul.service.patients.importing.work import next_run

    tidied = float("-inf")
    pause = FIRST_LOOK_SECONDS
    while True:
        waking.wait(pause)
        pause = LOOK_SECONDS
        try:
            if time.monotonic() - tidied > TIDY_SECONDS:
                tidied = time.monotonic()
                tidy()
            if next_run() is not None:
                _run_beside()
                waking.look_again()
        except Exception:
            logger.exception("looking for files to import failed; trying again")
            connection.close()


def _run_beside() -> None:
    """Run the process to its end."""
    words = [sys.executable, "-m", "simpul.cli.importer", str(os.getpid())]
    done = subprocess.run(words, check=False, stdin=subprocess.DEVNULL)  # noqa: S603 - our own
    if done.returncode:
        logger.warning("the importing process ended with status %s", done.returncode)
        time.sleep(10)  # something is wrong that a hurry would not mend


def main(server: int) -> int:
    """Go through the files that wait; ends with the server, or when none is left."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simpul.config.settings")
    from simpul.cli.preparing import load_django

    load_django()
    from simpul.service.patients.importing.work import next_run, work_on

    # Ctrl+C is the server's; this process notices that the server is gone.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, AttributeError):
        os.nice(10)

    def rest(seconds: float) -> None:
        if os.name != "nt" and os.getppid() != server:
            raise SystemExit(0)
        time.sleep(min(seconds * REST_SHARE, 1.0))

    while (run := next_run()) is not None:
        work_on(run, rest=rest)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1])))
