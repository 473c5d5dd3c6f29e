"""Files and people given to a command, and how a whole file is refused."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simpul.cli.output import give, say
from simpul.foundation.core.errors import Refused

if TYPE_CHECKING:
    from simpul.foundation.staff.actor import Actor

#: Lines of a file that are named one by one; `--json` names them all.
MOST_NAMED = 20


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


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Refuse a file to be imported that is not there or cannot be read, by its name."""
    try:
        yield
    except FileNotFoundError:
        raise Refused(
            f"Berkas {name} tidak ada. Tidak ada yang berubah; periksa namanya.", "file_missing"
        ) from None
    except (IsADirectoryError, PermissionError):
        raise Refused(
            f"Berkas {name} tidak dapat dibaca. Tidak ada yang berubah.", "file_unreadable"
        ) from None


def read_whole(name: str) -> bytes:
    """Return all bytes of a file to be imported; Refused where there is none to read."""
    with reading(name):
        return Path(name).read_bytes()


def person_named(username: str) -> "Actor":
    """Return the person with this account, for commands that write in somebody's name."""
    from simpul.foundation.staff.models import Account
    from simpul.foundation.staff.selectors import get_actor

    account = Account.objects.filter(username=username, is_active=True).first()
    actor = get_actor(account.id) if account is not None else None
    if actor is None:
        raise Refused(f"Pengguna “{username}” tidak ada. Tidak ada yang diubah.", "account_unknown")
    return actor


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
    """Say why nothing was done with it; status 1."""
    say(message)
    if as_json:
        give({"ok": False, "code": code, "message": message})
    return 1
