"""What the worker does, and whether there is anything to do at all."""

import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from simpul.cli.working import Duty

#: A copy that is due so soon is worth starting the worker for.
SOON = timedelta(seconds=60)
SETTLED_SECONDS = 90.0


def list_duties() -> list[Duty]:
    """Return the worker's duties."""
    from django.conf import settings

    from simpul.exchange.sync.copying import CopySender
    from simpul.exchange.sync.sending import Sender

    sender = Sender(
        folder=Path(settings.DATA), about=tell_about, gives_way=settings.SIMPUL_SYNC_YIELDS
    )
    pace = settings.SIMPUL_SYNC_PACE / 100
    copies = CopySender(sender)
    duties = [
        Duty("sync", lambda: sender.step() * pace),
        Duty("backup", back_up),
        Duty("copy", copies.step),
    ]
    if settings.SIMPUL_ROLE == "hub":
        from simpul.exchange.district.searching import search_turn

        duties.append(Duty("people", search_turn))
    return duties


def is_wanted(*, since: float = 0.0) -> bool:
    """Is there anything for a worker: a hub to talk to, to be one, or a copy that is due?

    A server that was just started (`since`, by the steady clock) has people waiting for it first.
    """
    from simpul.exchange.sync.link import read_hub

    if read_hub() is not None or _is_hub():
        return True
    return time.monotonic() - since >= SETTLED_SECONDS and _is_copy_due()


def _is_hub() -> bool:
    """A hub looks for people known at several places, whenever rows came in."""
    from django.conf import settings

    from simpul.foundation.facilities.selectors import is_set_up

    return settings.SIMPUL_ROLE == "hub" and is_set_up()


def _is_copy_due() -> bool:
    from simpul.foundation.backups.schedule import next_due
    from simpul.foundation.core.clock import now
    from simpul.foundation.facilities.selectors import is_set_up

    return is_set_up() and next_due(now()) <= now() + SOON


def back_up() -> float:
    """Do what is due of copying, checking and pruning."""
    from simpul.foundation.backups.schedule import work_due
    from simpul.foundation.facilities.selectors import is_set_up

    return work_due() if is_set_up() else 600.0


def tell_about() -> Mapping[str, Any]:
    """Say to the hub how this installation is, beside what waits: its copies."""
    from simpul.foundation.backups.status import status

    found = status()
    newest = found.newest
    return {
        "backup_at": newest.at if newest else None,
        "backup_proven_at": found.proven_at,
        "backup_late": found.is_late,
    }
