"""When copies are made, how many are kept, and the second place."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.core.models import NodeState
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home

KEY = "backup.options"
#: Lies in the second place, so that an empty folder where a disk should be is not taken for it.
SIGN = "simpul-cadangan.txt"
MOST_KEPT = 400


@dataclass(frozen=True)
class Options:
    """The evening's time by the facility's clock, how many copies are kept, the second folder."""

    time: str = "19.00"
    daily: int = 7
    weekly: int = 4
    monthly: int = 12
    second: str = ""

    @property
    def minutes(self) -> int:
        """The time as minutes since midnight."""
        hours, minutes = self.time.split(".")
        return int(hours) * 60 + int(minutes)


def read_options() -> Options:
    """Return the settings in force."""
    row = NodeState.objects.filter(key=KEY).values_list("value", flat=True).first()
    try:
        return Options(**json.loads(row)) if row else Options()
    except (ValueError, TypeError):
        return Options()


def save_options(typed: Mapping[str, str], *, by: Actor) -> Options:
    """Check and keep what was typed; Refused names each field."""
    require(by, "correct", "backup")
    require_home(by)
    problems: list[Problem] = []
    options = Options(
        time=_time(typed.get("time", ""), problems),
        daily=_count(typed.get("daily", ""), "daily", 1, problems),
        weekly=_count(typed.get("weekly", ""), "weekly", 0, problems),
        monthly=_count(typed.get("monthly", ""), "monthly", 0, problems),
        second=_folder(typed.get("second", ""), problems),
    )
    if problems:
        raise Refused(
            _("Pengaturan cadangan belum disimpan. Perbaiki yang ditandai, lalu simpan lagi."),
            "bad_options",
            errors=tuple(problems),
        )
    before = read_options()
    if options.second and options.second != before.second:
        _sign(Path(options.second))
    with act(by=by) as this:
        NodeState.objects.update_or_create(key=KEY, defaults={"value": json.dumps(asdict(options))})
        changed = sorted(k for k, v in asdict(options).items() if v != asdict(before)[k])
        this.record("backup-options", detail={"changed": changed})
    return options


def with_second(folder: Path) -> Options:
    """Return the settings with another second place, for one copy made by hand."""
    return replace(read_options(), second=str(folder))


def _time(text: str, problems: list[Problem]) -> str:
    found = re.fullmatch(r"\s*([01]?\d|2[0-3])[.:]([0-5]\d)\s*", text)
    if found:
        return f"{int(found[1]):02d}.{found[2]}"
    problems.append(Problem("time", "bad_time", _("Tulis jam seperti 19.00.")))
    return Options.time


def _count(text: str, name: str, least: int, problems: list[Problem]) -> int:
    if text.isascii() and text.isdigit() and least <= int(text[:6]) <= MOST_KEPT:
        return int(text)
    problems.append(
        Problem(
            name,
            "bad_count",
            _("Tulis angka %(least)s sampai %(most)s.") % {"least": least, "most": MOST_KEPT},
        )
    )
    return least


def _folder(text: str, problems: list[Problem]) -> str:
    """Return the second folder as it will be used; it must be there and take a file."""
    text = text.strip()
    if not text:
        return ""

    def refuse(sentence: str) -> str:
        problems.append(Problem("second", "bad_folder", sentence))
        return text

    if "\x00" in text or len(text) > 400:
        return refuse(_("Alamat folder ini terlalu panjang atau berisi tanda yang tak dikenal."))
    folder = Path(text)
    if not folder.is_absolute():
        return refuse(_("Tulis alamat folder lengkap, misalnya /media/cadangan atau E:\\cadangan."))
    data = Path(settings.DATA).resolve()
    if folder.resolve() == data or data in folder.resolve().parents:
        return refuse(
            _("Folder ini ada di dalam folder data. Pilih folder di cakram atau komputer lain.")
        )
    if not folder.is_dir():
        return refuse(_("Folder ini belum ada. Pasang cakramnya atau buat foldernya dahulu."))
    trial = folder / f".coba-{secrets.token_hex(4)}"
    try:
        trial.write_bytes(b"")
        trial.unlink()
    except OSError:
        return refuse(
            _("Simpul tidak boleh menulis di folder ini. Beri izin, atau pilih yang lain.")
        )
    return str(folder)


def _sign(folder: Path) -> None:
    (folder / SIGN).write_text(
        "Folder ini dipakai Simpul untuk menyimpan cadangan kedua. Jangan menghapus berkas ini.\n",
        encoding="utf-8",
    )


def is_there(folder: Path) -> bool:
    """Is the second place plugged in, and the one that was chosen?"""
    return folder.is_dir() and (folder / SIGN).is_file()


def on_same_disk(folder: Path) -> bool:
    """Does the second place lie on the disk of the data folder?"""
    try:
        return folder.stat().st_dev == Path(settings.DATA).stat().st_dev
    except OSError:
        return False
