"""Reading what came from elsewhere: beside a patient's history, and what waits for a person."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from simpul.exchange.fhir.models import ExternalRecord, RecordState
from simpul.exchange.fhir.people import person_subject, read_patient
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.records import record_ids
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
        patient_id__in=record_ids(known.id), state=RecordState.LINKED, resource_type__in=SHOWN
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
    waiting = ExternalRecord.objects.filter(owner=by.facility_id, state=RecordState.WAITING)
    people = waiting.filter(resource_type="Patient").order_by("received_at", "id")
    speaking = {
        (source, subject): many
        for source, subject, many in waiting.exclude(resource_type="Patient")
        .values_list("source", "subject")
        .annotate(many=Count("id"))
    }
    found = []
    for row in people[:MOST_WAITING]:
        typed = read_patient(row.raw)
        found.append(
            Stranger(
                id=row.id,
                source=row.source,
                name=typed.name,
                birth_date=typed.birth_date,
                why=row.why,
                records=speaking.get((row.source, person_subject(row.external_id)), 0),
            )
        )
    return found


def count_kept(*, by: Actor) -> dict[str, int]:
    """Return how many resources of each type are here."""
    require(by, "view", "import")
    counted = (
        ExternalRecord.objects.filter(owner=by.facility_id)
        .values_list("resource_type")
        .annotate(many=Count("id"))
        .order_by("resource_type")
    )
    return dict(counted)
