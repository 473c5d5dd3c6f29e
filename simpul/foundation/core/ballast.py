"""A file that holds nothing but room: given up when the disk is full, so that work goes on.

A full disk stops every registration at once, and making room takes a person who knows what may be
deleted. The ballast gives that person the first hour: one act frees it, the server goes on by
itself, and it is made anew once there is room again.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

NAME = "ballast.bin"
MEGABYTE = 1_000_000
MOST = 256 * MEGABYTE
#: Whoever tries Simpul out must not lose a quarter of a gigabyte to it.
MOST_IN_A_DEMO = 16 * MEGABYTE
#: Never more than this share of the disk.
SHARE = 0.01
SETTING = "SIMPUL_BALLAST_MB"
#: Made only where so many times its size is free: it must not be what fills the disk.
ROOM = 4
CHUNK = 1 << 20


@dataclass(frozen=True)
class Ballast:
    """The ballast as it is: bytes held now, and bytes it should hold (0: switched off)."""

    held: int
    wanted: int

    @property
    def is_whole(self) -> bool:
        """Is there what should be there?"""
        return self.held >= self.wanted


def wanted_size(total: int) -> int:
    """Return how large the ballast of a disk is: the site's setting, or a hundredth of the disk."""
    text = os.environ.get(SETTING, "").strip()
    if text.isascii() and text.isdigit():
        return int(text) * MEGABYTE
    most = MOST_IN_A_DEMO if os.environ.get("SIMPUL_DEMO") == "1" else MOST
    return min(most, int(total * SHARE))


def look(folder: Path) -> Ballast:
    """Return how the ballast is."""
    try:
        held = (folder / NAME).stat().st_size
    except OSError:
        held = 0
    return Ballast(held, wanted_size(shutil.disk_usage(folder).total))


def keep(folder: Path) -> bool:
    """Make the ballast where it is missing and there is room; returns whether it was made.

    Its blocks are really taken. A half-made one is not left behind.
    """
    now = look(folder)
    if now.is_whole or shutil.disk_usage(folder).free < now.wanted * ROOM:
        return False
    draft = folder / f".{NAME}.{os.getpid()}"
    try:
        with draft.open("wb") as file:
            _take_blocks(file.fileno(), now.wanted)
        draft.replace(folder / NAME)
    except OSError:  # filled up meanwhile: the next look tries again
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def _take_blocks(descriptor: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
        return
    for _chunk in range(0, size, CHUNK):  # written out: elsewhere a longer file takes no room
        os.write(descriptor, os.urandom(CHUNK))


def free(folder: Path) -> int:
    """Give the room up; returns how many bytes that was (0: it was given up before)."""
    path = folder / NAME
    try:
        size = path.stat().st_size
        path.unlink()
    except FileNotFoundError:
        return 0
    return size
