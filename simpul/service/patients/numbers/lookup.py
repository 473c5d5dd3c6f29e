"""Who a scanned card belongs to; known to the search, which may not know the services."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from simpul.foundation.core.rows import fetch_values
from simpul.foundation.staff.actor import Actor

#: Words a scanner or a person may send are bound, and looked up whole.
_BY_CODE = (
    "SELECT patient_id, revoked_at, revoked_reason FROM numbers_issuedcard "
    "WHERE code = %s AND owner = %s"
)


@dataclass(frozen=True)
class ScannedCard:
    """A card of this house; `revoked_at` is when it stopped opening the record."""

    patient_id: uuid.UUID
    revoked_at: datetime | None
    revoked_reason: str


def find_card(code: str, *, by: Actor) -> ScannedCard | None:
    """Return the card with this code; None where this house gave out no such card."""
    rows = fetch_values(_BY_CODE, "ut-", [code, by.facility_id])
    return ScannedCard(*rows[0]) if rows else None
