"""A copy or a trial restore in a process of its own, so that no page waits and nobody is slowed.

Run as `python -m simpul.foundation.backups.beside make|prove`.
"""

import os
import subprocess
import sys
import threading
from contextlib import suppress

from django.db import transaction

from simpul.foundation.backups.running import note
from simpul.foundation.core.clock import now

ACTS = ("make", "prove")


def begin(what: str) -> None:
    """Start the process once the transaction that asked for it is committed."""
    transaction.on_commit(lambda: _start(what))


def _start(what: str) -> None:
    note(asked_at=now().isoformat(timespec="seconds"))
    process = subprocess.Popen(  # noqa: S603 - our own program, one of two words
        [sys.executable, "-m", "simpul.foundation.backups.beside", what],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Somebody has to take its status, or it stays in the list of processes.
    threading.Thread(target=process.wait, name="backup", daemon=True).start()


def main(what: str) -> int:
    """Do it; what goes wrong is written down for the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simpul.config.settings")
    import django

    django.setup()
    with suppress(OSError, AttributeError):
        os.nice(10)
    from simpul.foundation.backups.schedule import prove_now, run_now
    from simpul.foundation.core.errors import SimpulError

    try:
        if what == "prove":
            prove_now()
        else:
            run_now()
    except (SimpulError, OSError):
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
