"""The copies there are: files, and beside each its facts.

The list is read from the folder and not from a table: a restore would put the table's list back
too, and the newest copies would be forgotten just when they are needed.
"""

import json
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

from simpul.foundation.backups.durable import write_whole
from simpul.foundation.backups.manifest import Manifest
from simpul.foundation.backups.places import ENDING, FACTS, copies_folder
from simpul.foundation.core.clock import now


@dataclass(frozen=True)
class Copy:
    """One copy: its file and what is known about it. `places` says where else it is, since when."""

    path: Path
    name: str
    at: datetime
    bytes: int
    sha256: str
    facility: str
    facility_id: uuid.UUID | None
    node: uuid.UUID | None
    version: str
    engine: str
    database_bytes: int
    journal_seq: int
    journal_hash: str
    change_id: int
    timezone: str
    recipient: str
    checked_at: datetime | None = None
    proven_at: datetime | None = None
    places: dict[str, str] = field(default_factory=dict)


def facts_of(path: Path, manifest: Manifest, *, sha256: str, recipient: str) -> Copy:
    """Return the facts of a copy just made."""
    return Copy(
        path=path,
        name=path.name,
        at=manifest.at,
        bytes=path.stat().st_size,
        sha256=sha256,
        facility=manifest.facility,
        facility_id=manifest.facility_id,
        node=manifest.node,
        version=manifest.version,
        engine=manifest.engine,
        database_bytes=manifest.database_bytes,
        journal_seq=manifest.journal_seq,
        journal_hash=manifest.journal_hash,
        change_id=manifest.change_id,
        timezone=manifest.timezone,
        recipient=recipient,
    )


def keep_facts(copy: Copy) -> None:
    """Write the facts beside the copy."""
    known = asdict(copy)
    del known["path"]
    text = json.dumps(known, default=str, ensure_ascii=False, indent=1)
    write_whole(copy.path.with_name(copy.name + FACTS), text.encode(), mode=0o600)


def read_facts(path: Path) -> Copy | None:
    """Read the facts beside a copy; None when there are none, or they are not ours."""
    try:
        known = json.loads(path.with_name(path.name + FACTS).read_text(encoding="utf-8"))
        for name in ("at", "checked_at", "proven_at"):
            known[name] = datetime.fromisoformat(known[name]) if known[name] else None
        for name in ("facility_id", "node"):
            known[name] = uuid.UUID(known[name]) if known[name] not in (None, "None") else None
        return Copy(path=path, **known)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def list_in(folder: Path) -> list[Copy]:
    """Return the copies with facts in a folder, newest first."""
    found = []
    with suppress(OSError):
        for path in folder.glob(f"*{ENDING}"):
            known = read_facts(path)
            if known is not None:
                found.append(known)
    return sorted(found, key=lambda copy: (copy.at, copy.journal_seq), reverse=True)


def list_copies(data: Path | None = None) -> list[Copy]:
    """Return the copies in the data folder, newest first."""
    return list_in(copies_folder(data))


def newest_copy(data: Path | None = None) -> Copy | None:
    """Return the newest copy that was read back and found whole."""
    return next((copy for copy in list_copies(data) if copy.checked_at is not None), None)


def find_copy(name: str, data: Path | None = None) -> Copy | None:
    """Return the copy with this file name."""
    return next((copy for copy in list_copies(data) if copy.name == name), None)


def note_place(copy: Copy, place: str, at: datetime | None = None) -> Copy:
    """Note that a copy is at another place too (`hub`, `second`) since now."""
    present = read_facts(copy.path) or copy
    at = at or now()
    changed = replace(present, places={**present.places, place: at.isoformat(timespec="seconds")})
    keep_facts(changed)
    return changed
