"""A line: one change or one journal entry on its way, and the chain it stands in.

hash = SHA-256 over the hash before it, the epoch, the number, every fact of the line, and the
SHA-256 of its data. The data has a hash of its own, so that a lawful erasure can drop it and the
chain can still be checked.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from simpul.exchange.sync.models import Kind
from simpul.foundation.journal.models import Change, JournalEntry

GENESIS = "0" * 64
ENTRY = "journal.journalentry"
#: Plain ASCII: whatever a text holds (half a surrogate pair), its bytes can be made and stored.
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class WireLine:
    """One line as it travels. `body` is the canonical JSON of its data; "" once erased."""

    kind: str
    cid: uuid.UUID
    act_id: uuid.UUID
    entity: str
    row: uuid.UUID | None
    patient: uuid.UUID | None
    operation: str
    schema_version: int
    row_version: int
    at: datetime
    practitioner: uuid.UUID | None
    body: str
    body_hash: str
    seq: int = 0
    hash: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """The data of the line."""
        return dict(json.loads(self.body)) if self.body else {}

    def hash_after(self, previous: str, epoch: uuid.UUID, seq: int) -> str:
        """Return the hash this line has at a place of a chain."""
        facts = (
            previous,
            epoch,
            seq,
            self.kind,
            self.cid,
            self.act_id,
            self.entity,
            self.row or "",
            self.patient or "",
            self.operation,
            self.schema_version,
            self.row_version,
            instant_text(self.at),
            self.practitioner or "",
            self.body_hash,
        )
        return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()


def canonical(data: object) -> str:
    """Return JSON that is the same text for the same data."""
    return _canonical(data)


def hash_of(body: str) -> str:
    """Return the hash of a line's data."""
    return hashlib.sha256(body.encode()).hexdigest()


def instant_text(at: datetime) -> str:
    """Return an instant as every side writes it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def line_of_change(change: Change) -> WireLine:
    """Return a row of the change feed as a line."""
    body = canonical(change.data)
    return WireLine(
        kind=Kind.CHANGE.value,
        cid=change.change,
        act_id=change.act_id,
        entity=change.entity,
        row=change.row,
        patient=change.patient,
        operation=change.operation,
        schema_version=change.schema_version,
        row_version=change.row_version,
        at=change.at,
        practitioner=change.practitioner,
        body=body,
        body_hash=hash_of(body),
    )


def line_of_entry(entry: JournalEntry) -> WireLine:
    """Return a journal entry as a line; its id follows from its place and its hash."""
    body = canonical(
        {
            "book": str(entry.node),
            "seq": entry.seq,
            "act": entry.act,
            "facility": str(entry.facility),
            "unit": entry.unit,
            "encounter": str(entry.encounter) if entry.encounter else None,
            "subject": entry.subject,
            "detail": entry.detail,
            "previous_hash": entry.previous_hash,
            "hash": entry.hash,
        }
    )
    return WireLine(
        kind=Kind.ENTRY.value,
        cid=uuid.uuid5(entry.node, f"{entry.seq}:{entry.hash}"),
        act_id=entry.act_id,
        entity=ENTRY,
        row=None,
        patient=entry.patient,
        operation="c",
        schema_version=1,
        row_version=1,
        at=entry.at,
        practitioner=entry.practitioner,
        body=body,
        body_hash=hash_of(body),
    )


def entry_of_line(line: WireLine) -> JournalEntry:
    """Return the unsaved journal entry a line carries, exactly as it was written."""
    data = line.data
    encounter = data["encounter"]
    return JournalEntry(
        node=uuid.UUID(data["book"]),
        seq=int(data["seq"]),
        act_id=line.act_id,
        at=line.at,
        act=str(data["act"]),
        facility=uuid.UUID(data["facility"]),
        practitioner=line.practitioner,
        unit=str(data["unit"]),
        patient=line.patient,
        encounter=uuid.UUID(encounter) if encounter else None,
        subject=str(data["subject"]),
        detail=data["detail"],
        previous_hash=str(data["previous_hash"]),
        hash=str(data["hash"]),
    )


def change_of_line(line: WireLine) -> Change:
    """Return the unsaved row of the change feed a line carries."""
    if line.row is None:
        raise ValueError("a change is of a row")
    return Change(
        change=line.cid,
        act_id=line.act_id,
        entity=line.entity,
        row=line.row,
        patient=line.patient,
        operation=line.operation,
        row_version=line.row_version,
        schema_version=line.schema_version,
        data=line.data,
        at=line.at,
        practitioner=line.practitioner,
    )
