"""What a copy says about itself: inside it, sealed, for the restore; beside it, for the list."""

import json
import uuid
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

FORMAT = 1
Engine = Literal["sqlite", "postgresql"]


@dataclass(frozen=True)
class Tally:
    """One table: how many rows, and the sum of their hashes (any order gives the same)."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """What a copy holds. `journal` is where the journal stood: the cut through everything."""

    at: datetime
    version: str
    engine: Engine
    facility: str
    facility_id: uuid.UUID | None
    node: uuid.UUID | None
    timezone: str
    journal_seq: int
    journal_hash: str
    change_id: int
    tables: dict[str, Tally]
    migrations: list[str]
    #: File in the copy → SHA-256; the database is one of them.
    files: dict[str, str]
    database: str
    database_bytes: int
    format: int = FORMAT
    extra: dict[str, Any] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return it as JSON."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_bytes(cls, text: bytes) -> "Manifest":
        """Read it; ValueError, KeyError or TypeError when it is none of ours."""
        known = json.loads(text)
        known["at"] = datetime.fromisoformat(known["at"])
        for name in ("facility_id", "node"):
            known[name] = uuid.UUID(known[name]) if known[name] not in (None, "None") else None
        known["tables"] = {name: Tally(**one) for name, one in known["tables"].items()}
        return cls(**known)
