"""What is going on and what went wrong last: small files beside the copies, for page and doctor."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from simpul.foundation.backups.durable import write_whole
from simpul.foundation.backups.locks import one_at_a_time
from simpul.foundation.backups.places import copies_folder
from simpul.foundation.core.clock import now


@dataclass(frozen=True)
class Failure:
    """Why the last try did not succeed."""

    code: str
    sentence: str
    at: datetime


@dataclass(frozen=True)
class Progress:
    """How far the work under way has come."""

    what: str
    done: int
    total: int

    @property
    def share(self) -> int:
        """Of a hundred."""
        return min(100, self.done * 100 // max(1, self.total))


def _read(path: Path) -> dict[str, Any]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def read_state(data: Path | None = None) -> dict[str, Any]:
    """Return what is remembered from one run to the next."""
    return _read(copies_folder(data) / "state.json")


def note(data: Path | None = None, **known: object) -> None:
    """Remember something for the next run; None forgets it."""
    state = {**read_state(data), **known}
    kept = {name: value for name, value in state.items() if value is not None}
    write_whole(copies_folder(data) / "state.json", json.dumps(kept, default=str).encode())


def note_failure(code: str, sentence: str, *, what: str, data: Path | None = None) -> None:
    """Remember why something did not succeed; `what` is backup, second or proof."""
    tries = int(read_state(data).get(f"{what}_tries", 0) or 0) + 1
    failure = {"code": code, "sentence": sentence, "at": now().isoformat(timespec="seconds")}
    with suppress(OSError):  # a full disk must not hide what it did
        note(data, **{f"{what}_failure": failure, f"{what}_tries": tries})


def note_success(what: str, data: Path | None = None) -> None:
    """Forget what went wrong before."""
    note(data, **{f"{what}_failure": None, f"{what}_tries": None})


def last_failure(what: str, data: Path | None = None) -> Failure | None:
    """Return why the last try of this did not succeed; None when it did."""
    known: Any = read_state(data).get(f"{what}_failure")
    try:
        return Failure(known["code"], known["sentence"], datetime.fromisoformat(known["at"]))
    except (TypeError, KeyError, ValueError):
        return None


def tell_progress(what: str, done: int, total: int, data: Path | None = None) -> None:
    """Show others how far this has come. Not durable: it is only worth something now."""
    path = copies_folder(data) / "progress.json"
    draft = path.with_name(f".running-{os.getpid()}.part")
    with suppress(OSError):
        draft.write_text(json.dumps({"what": what, "done": done, "total": total}))
        draft.replace(path)


def progress_now(data: Path | None = None) -> Progress | None:
    """Return how far the work under way has come; None when nothing runs."""
    with one_at_a_time(data) as free:
        if free:
            return None
    known = _read(copies_folder(data) / "progress.json")
    try:
        return Progress(str(known["what"]), int(known["done"]), int(known["total"]))
    except (KeyError, TypeError, ValueError):
        return Progress("", 0, 1)
