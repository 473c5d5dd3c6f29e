"""Writing single entries that change no row: a record was read."""

import uuid

from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor


def record_reading(
    *, by: Actor, patient: uuid.UUID, what: str, encounter: uuid.UUID | None = None
) -> None:
    """Note that a person opened (part of) a patient's record."""
    with act(by=by) as this:
        this.record("read", patient=patient, encounter=encounter, subject=what)
