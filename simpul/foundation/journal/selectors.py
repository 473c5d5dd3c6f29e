"""Reading the journal: a visit's trail, what happened after a number, who read a patient."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Practitioner
from simpul.foundation.staff.rights import require


@dataclass(frozen=True)
class TrailStep:
    """One act of a visit: what, when, in which unit, by whom."""

    act: str
    at: datetime
    unit: str
    by: str
    detail: dict[str, object]


def list_trail(encounter: uuid.UUID, *, by: Actor) -> list[TrailStep]:
    """Return the acts of a visit in the order they were written."""
    rows = list(
        JournalEntry.objects.filter(encounter=encounter, facility=by.facility_id).order_by("seq")
    )
    names = practitioner_names({row.practitioner for row in rows if row.practitioner})
    return [
        TrailStep(
            act=row.act,
            at=row.at,
            unit=row.unit,
            by=names.get(row.practitioner, "") if row.practitioner else "",
            detail=row.detail,
        )
        for row in rows
    ]


def list_patient_access(
    patient: uuid.UUID, *, by: Actor, limit: int = 200
) -> list[tuple[JournalEntry, str]]:
    """Return who did what with a patient's record, newest first, with the person's name."""
    require(by, "view", "journal")
    rows = list(
        JournalEntry.objects.filter(patient=patient, facility=by.facility_id).order_by("-at")[
            :limit
        ]
    )
    names = practitioner_names({row.practitioner for row in rows if row.practitioner})
    return [(row, names.get(row.practitioner, "") if row.practitioner else "") for row in rows]


def practitioner_names(ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of practitioners by id."""
    if not ids:
        return {}
    return dict(Practitioner.objects.filter(id__in=ids).values_list("id", "name"))


def last_entry_id() -> int:
    """Return the id of the newest entry here; 0 for an empty journal."""
    newest = JournalEntry.objects.order_by("-id").values_list("id", flat=True).first()
    return newest or 0
