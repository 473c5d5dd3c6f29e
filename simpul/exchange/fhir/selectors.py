"""Reading what came from elsewhere: beside a patient's history, and what waits for a person."""

import uuid
from dataclasses import dataclass
from datetime import date

from simpul.exchange.fhir.models import ExternalRecord, RecordState
from simpul.exchange.fhir.people import read_patient
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.selectors import get_patient

SHOWN = ("Encounter", "Condition", "Observation", "AllergyIntolerance")
MOST_SHOWN = 200
MOST_WAITING = 200


@dataclass(frozen=True)
class Told:
    """One record of another place, in short."""

    kind: str
    day: date | None
    code: str
    display: str
    text: str
    source: str


@dataclass(frozen=True)
class Stranger:
    """Somebody of another place of whom nobody here has said yet who they are."""

    id: uuid.UUID
    source: str
    name: str
    birth_date: str
    why: str
    records: int


def list_told(patient: uuid.UUID, *, by: Actor) -> list[Told]:
    """Return what other places wrote about a patient, newest first; the reading is journalled."""
    require(by, "view", "clinical")
    known = get_patient(patient, by=by)
    rows = ExternalRecord.objects.filter(
        patient_id=known.id, state=RecordState.LINKED, resource_type__in=SHOWN
    ).order_by("-day", "resource_type", "id")[:MOST_SHOWN]
    told = [
        Told(row.resource_type, row.day, row.code, row.display, row.text, row.source)
        for row in rows
    ]
    if told:
        with act(by=by) as this:
            this.record("read", patient=known.id, subject="fhir")
    return told


def list_strangers(*, by: Actor) -> list[Stranger]:
    """Return the people who wait for a decision, with how many records speak of them."""
    require(by, "view", "import")
    waiting = list(
        ExternalRecord.objects.filter(owner=by.facility_id, state=RecordState.WAITING)
        .order_by("received_at", "id")
        .only("id", "source", "resource_type", "external_id", "subject", "why", "raw")
    )
    speaking: dict[tuple[str, str], int] = {}
    for row in waiting:
        if row.resource_type != "Patient":
            key = (row.source, row.subject.rpartition("Patient/")[2].split("/")[0])
            speaking[key] = speaking.get(key, 0) + 1
    found = []
    for row in waiting:
        if row.resource_type != "Patient":
            continue
        typed = read_patient(row.raw)
        found.append(
            Stranger(
                id=row.id,
                source=row.source,
                name=typed.name,
                birth_date=typed.birth_date,
                why=row.why,
                records=speaking.get((row.source, row.external_id), 0),
            )
        )
    return found[:MOST_WAITING]


def count_kept(*, by: Actor) -> dict[str, int]:
    """Return how many resources of each type are here."""
    require(by, "view", "import")
    counts: dict[str, int] = {}
    for kind in ExternalRecord.objects.filter(owner=by.facility_id).values_list(
        "resource_type", flat=True
    ):
        counts[kind] = counts.get(kind, 0) + 1
    return dict(sorted(counts.items()))
