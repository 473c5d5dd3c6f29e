"""What the page of the copies shows."""

import shlex
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from simpul.foundation.backups.catalogue import Copy, find_copy, list_copies
from simpul.foundation.backups.losses import Losses, count_after, is_continued, say_losses
from simpul.foundation.backups.running import Progress, last_failure, read_state
from simpul.foundation.backups.space import Outlook, outlook
from simpul.foundation.backups.status import Finding, Status, status
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotHere
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require, require_home

#: The process that was asked for needs so long until it shows itself.
STARTS_WITHIN = timedelta(seconds=20)


@dataclass(frozen=True)
class Line:
    """One copy as the list shows it."""

    copy: Copy
    megabytes: float
    places: list[str]


@dataclass(frozen=True)
class Overview:
    """The page: how it stands, what runs, the copies."""

    status: Status
    findings: list[Finding]
    disks: list[Outlook]
    running: Progress | None
    lines: list[Line]
    may_act: bool


def view_copies(*, by: Actor) -> Overview:
    """Return everything the page shows."""
    require(by, "view", "backup")
    require_home(by)
    found = status()
    places = {"second": _("tempat kedua"), "hub": _("Dinas")}
    lines = [
        Line(
            copy,
            copy.bytes / 1e6,
            [_("server ini"), *(str(places.get(name, name)) for name in sorted(copy.places))],
        )
        for copy in list_copies()
    ]
    return Overview(
        status=found,
        findings=found.findings,
        disks=outlook(),
        running=found.running or _asked(lines),
        lines=lines,
        may_act=may(by, "input", "backup"),
    )


def _asked(lines: list[Line]) -> Progress | None:
    """A process that was just asked for and has not begun."""
    try:
        asked = datetime.fromisoformat(read_state()["asked_at"])
    except (KeyError, ValueError, TypeError):
        return None
    moment = now()
    if not asked <= moment <= asked + STARTS_WITHIN:
        return None
    ends = [one.copy.checked_at for one in lines[:1]] + [line.copy.proven_at for line in lines]
    failures = [last_failure(what) for what in ("backup", "proof")]
    ends += [failure.at for failure in failures if failure is not None]
    if any(end is not None and end >= asked for end in ends):
        return None
    return Progress(_("Menyiapkan"), 0, 1)


def get_copy(name: str, *, by: Actor, action: str = "view") -> Copy:
    """Return one copy by its file name."""
    require(by, "input" if action == "input" else "view", "backup")
    require_home(by)
    copy = find_copy(name)
    if copy is None:
        raise NotHere(
            _("Cadangan ini tidak ada lagi; mungkin sudah diganti yang lebih baru."), "no_copy"
        )
    return copy


def foresee(copy: Copy) -> str:
    """Say what going back to this copy would lose."""
    if is_continued(copy.node, copy.journal_seq, copy.journal_hash):
        losses = count_after(copy.change_id)
    else:
        losses = Losses(is_known=False)
    return say_losses(losses, copy.at, copy.timezone)


def restore_command(copy: Copy) -> str:
    """Return the command that brings this copy back, as it is typed on the server."""
    return (
        f"SIMPUL_DATA={shlex.quote(str(Path(settings.DATA)))} simpul restore "
        f"{shlex.quote(str(copy.path))} --key-file BERKAS-KUNCI"
    )
