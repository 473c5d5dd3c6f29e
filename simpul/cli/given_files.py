"""Files given to a command that computes without a database, and how a whole file is refused."""

import json
import sys
from pathlib import Path
from typing import Any

from simpul.cli.output import give, say


def read_given(name: str) -> bytes:
    """Return a file's bytes (`-`: standard input), one more than is allowed at the most.

    Raises Unusable, with the name of the file, where there is none to read.
    """
    from simpul.planning.intake.tables import LARGEST_FILE, Unusable

    if name == "-":
        return sys.stdin.buffer.read(LARGEST_FILE + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError:
        raise Unusable(
            "file_missing",
            f"Berkas {name} tidak ada atau tidak dapat dibaca. Belum ada yang dihitung; "
            "periksa namanya.",
        ) from None


def read_given_norm(name: str) -> Any:
    """Return the shipped norm of that name, or the one in a JSON file with its source."""
    from simpul.planning.gap.calculation import shipped_norm
    from simpul.planning.intake.tables import Unusable
    from simpul.planning.norms.reading import read_norm

    if not name.lower().endswith(".json"):
        return shipped_norm(name)
    try:
        return read_norm(json.loads(read_given(name)))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Unusable("norm_unreadable", f"Berkas standar {name} bukan JSON yang utuh.") from None


def refuse_file(code: str, message: str, *, as_json: bool) -> int:
    """Say why nothing was computed; status 1."""
    say(message)
    if as_json:
        give({"ok": False, "code": code, "message": message})
    return 1
