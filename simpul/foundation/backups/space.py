"""Disks that fill: told long before, with a forecast from how the copies have grown."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from simpul.foundation.backups.catalogue import Copy, list_copies
from simpul.foundation.backups.options import read_options
from simpul.foundation.backups.places import data_folder
from simpul.foundation.core.clock import now

FULL, NEARLY = 0.95, 0.80
LEAST_FREE = 2_000_000_000
SOON_DAYS = 30
#: Fewer days of history than this foretell nothing.
LEAST_HISTORY = timedelta(days=5)


@dataclass(frozen=True)
class Outlook:
    """One disk: how full, how long it will last, and a sentence."""

    place: str  # data | second
    path: str
    total: int
    free: int
    share: float
    days_left: int | None
    level: str  # ok | note | bad
    sentence: str
    remedy: str = ""


def outlook(data: Path | None = None, at: datetime | None = None) -> list[Outlook]:
    """Look at the disk of the data folder and at that of the second place."""
    home = data_folder(data)
    copies = list_copies(home)
    grows = growth(copies, at or now())
    found = [_look("data", home, grows)]
    second = read_options().second
    if second and Path(second).is_dir():
        found.append(_look("second", Path(second), max((c.bytes for c in copies[:1]), default=0)))
    return found


def growth(copies: list[Copy], at: datetime) -> int:
    """Return by how many bytes a day the data folder grows: the database, and one copy more."""
    recent = [copy for copy in copies if at - timedelta(days=60) <= copy.at <= at]
    if len(recent) < 2:
        return 0
    newest, oldest = recent[0], recent[-1]
    span = newest.at - oldest.at
    if span < LEAST_HISTORY:
        return 0
    grown = newest.database_bytes - oldest.database_bytes + newest.bytes - oldest.bytes
    return max(0, int(grown / (span / timedelta(days=1))))


def judge(total: int, free: int, grows: int) -> tuple[str, int | None]:
    """Return the level and, where it can be foretold, the days until the disk is full."""
    share = 1 - free / max(1, total)
    days = free // grows if grows > 0 else None
    if share >= FULL or free < LEAST_FREE:
        return "bad", days
    if share >= NEARLY or (days is not None and days < SOON_DAYS):
        return "note", days
    return "ok", days


def _look(place: str, path: Path, grows: int) -> Outlook:
    usage = shutil.disk_usage(path)
    level, days = judge(usage.total, usage.free, grows)
    share = 1 - usage.free / max(1, usage.total)
    names = {"data": _("Cakram data"), "second": _("Tempat cadangan kedua")}
    sentence = _("%(place)s terisi %(share)s %%, tersisa %(free)s GB.") % {
        "place": names[place],
        "share": round(share * 100),
        "free": f"{usage.free / 1e9:.1f}".replace(".", ","),
    }
    if days is not None and level != "ok":
        sentence += " " + _("Pada laju sekarang penuh dalam %(days)s hari.") % {"days": days}
    remedies = {
        "ok": "",
        "note": _("Siapkan cakram yang lebih besar sebelum penuh."),
        "bad": _("Kosongkan ruang sekarang: pindahkan berkas lain dari cakram ini."),
    }
    return Outlook(
        place, str(path), usage.total, usage.free, share, days, level, sentence, remedies[level]
    )
