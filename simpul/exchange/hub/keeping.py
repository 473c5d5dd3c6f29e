"""Copies of facilities kept at the hub: closed files that only the facility's own key opens.

A copy comes in pieces, appended one after the other, and counts only when its hash agrees. The
newest two of each node are kept.
"""

import hashlib
import re
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,115}\.simpul")
PART = ".part"
KEEP = 2
MOST_BYTES = 200 * 1024**3
#: What must stay free on the hub's disk beside the copy.
RESERVE = 5 * 1024**3
MOST_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """How much of a copy is here; `why` says what was wrong with a piece."""

    have: int
    is_whole: bool = False
    why: str = ""


def folder_of(node: uuid.UUID) -> Path:
    """Where a node's copies lie; the hub's own backup leaves this folder out."""
    return Path(settings.DATA) / "backups" / "puskesmas" / str(node)


def how_much(node: uuid.UUID, name: str) -> Kept:
    """Return how much of this copy is here."""
    folder = folder_of(node)
    if (folder / name).exists():
        return Kept((folder / name).stat().st_size, is_whole=True)
    part = folder / f"{name}{PART}"
    return Kept(part.stat().st_size if part.exists() else 0)


def take_piece(
    node: uuid.UUID, name: str, piece: bytes, *, offset: int, total: int, sha256: str
) -> Kept:
    """Append a piece; the last one makes the copy whole if its hash agrees."""
    if not NAME.fullmatch(name) or not 0 < total <= MOST_BYTES:
        return Kept(0, why="malformed")
    before = how_much(node, name)
    if before.is_whole or offset != before.have or offset + len(piece) > total:
        return Kept(before.have, before.is_whole, "" if before.is_whole else "offset")
    folder = folder_of(node)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if offset == 0:
        for old in folder.glob(f"*{PART}"):
            old.unlink(missing_ok=True)  # one comes at a time; an older one is not wanted any more
        if shutil.disk_usage(folder).free < total + RESERVE:
            return Kept(0, why="full")
    part = folder / f"{name}{PART}"
    with part.open("ab") as file:
        file.write(piece)
    if offset + len(piece) < total:
        return Kept(offset + len(piece))
    if _hash_of(part) != sha256:
        part.unlink()
        return Kept(0, why="digest")
    part.replace(folder / name)
    _forget_older(folder)
    return Kept(total, is_whole=True)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _forget_older(folder: Path) -> None:
    copies = sorted(folder.glob("*.simpul"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in copies[KEEP:]:
        old.unlink(missing_ok=True)
