"""Where copies lie in the data folder, and which of its files a copy holds.

Everything in the data folder is kept but what is named here: a room that keeps a file of its own
there need not know of backups, and a forgotten line costs some megabytes and not a key.
"""

import fnmatch
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ENDING = ".simpul"
FACTS = ".json"
SCRATCH = ".kerja-"
BEFORE_RESTORE = "sebelum-pulih-"
STAGE, READY = "restoring", "restoring.ready"

#: Made anew when missing, or belonging to this one machine and not to the facility.
NOT_KEPT = (
    ".*",
    "backups",
    "static",
    "static.stamp",
    "cetak",
    "suara",
    "tv",
    "screens",
    "log",
    "measures.json",
    "ballast*",
    "postgres*",
    "*.sqlite3",
    "*.sqlite3-*",
    "*.gate",
    "*.lock",
    "*.pid",
    "*.log",
    "*.upload*",
    "*.part",
    "recovery.key",
    "proof.key",
    STAGE,
    READY,
    f"{BEFORE_RESTORE}*",
)


def data_folder(data: Path | None = None) -> Path:
    """Return the data folder: the one given, else the site's."""
    return Path(settings.DATA) if data is None else data


def copies_folder(data: Path | None = None) -> Path:
    """Return the folder of the copies, making it if needed."""
    folder = data_folder(data) / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def kept_files(data: Path) -> Iterator[tuple[str, Path]]:
    """Name every file beside the database that a copy holds, with its path in the data folder."""
    for entry in sorted(data.iterdir()):
        if any(fnmatch.fnmatch(entry.name, pattern) for pattern in NOT_KEPT):
            continue
        if entry.is_symlink():
            continue
        if entry.is_file():
            yield entry.name, entry
        elif entry.is_dir() and not (entry / "PG_VERSION").exists():
            for inner in sorted(entry.rglob("*")):
                if inner.is_file() and not inner.is_symlink():
                    yield inner.relative_to(data).as_posix(), inner


def slug(name: str) -> str:
    """Return a facility's name as part of a file name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "simpul"
