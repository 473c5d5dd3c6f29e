"""Shapes of the visit and queue calls: what is sent, what is answered, and an example of each."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from simpul.foundation.journal.selectors import TrailStep
from simpul.foundation.staff.api import Sent
from simpul.service.distribution.models import Distribution
from simpul.service.distribution.selectors import QueueRow
from simpul.service.distribution.services import Visit
from simpul.service.patients.api_schemas import PATIENT_ID
from simpul.service.registration.models import Encounter, Priority

ENCOUNTER_ID = "0193b5a0-6d10-7a3f-8f0e-6b1c2d3e4f50"
TICKET_ID = "0193b5a0-6d10-7a3f-8f0e-6b1c2d3e4f51"
DISTRIBUTION_ID = "0193b5a0-6d10-7a3f-8f0e-6b1c2d3e4f52"

PriorityName = Literal["routine", "priority", "emergency"]
#: The stored codes begin with a digit so that they sort; programs use the bare names.
PRIORITIES: dict[str, str] = {code.split("-", 1)[1]: code for code in Priority.values}
PRIORITY_NAMES = {code: name for name, code in PRIORITIES.items()}

#: Acts of the journal that are steps of a visit, by the name of the step they reached.
STEPS = {
    "distributed": "saved",
    "resent": "resent",
    "shown": "shown",
    "opened": "opened",
    "called": "called",
    "announced": "announced",
    "skipped": "skipped",
    "returned-to-queue": "returned",
    "started": "in-service",
    "finished": "done",
    "redirected": "redirected",
    "undone": "undone",
    "returned-by-undo": "returned",
    "cancelled": "cancelled",
    "left": "left",
    "closed": "closed",
}


class NewEncounter(Sent):
    """A visit to be registered. Without `unit` it goes to the suggested one."""

    patient_id: uuid.UUID
    unit: Annotated[str | None, Field(max_length=20)] = None
    complaint: Annotated[str | None, Field(max_length=300)] = None
    payer: Annotated[
        str | None, Field(json_schema_extra={"enum": ["bpjs", "umum", "gratis", "lain", None]})
    ] = None
    priority: PriorityName | None = Field(
        None, description="Kosong: gawat dan prioritas dikenali dari saran, umur, dan kehamilan."
    )
    pregnant: bool | None = None
    disability: bool | None = None
    override_reason: Annotated[str | None, Field(max_length=160)] = Field(
        None, description="Alasan bila `unit` berbeda dari saran."
    )
    booking_id: uuid.UUID | None = Field(
        None, description="Janji yang dipenuhi: nomornya dipakai dan janjinya menjadi *hadir*."
    )


class RedirectBody(Sent):
    """Where the record goes, and why."""

    unit: Annotated[str, Field(max_length=20)]
    reason: Annotated[str, Field(max_length=160)]


class ReasonBody(Sent):
    """Why."""

    reason: Annotated[str, Field(max_length=160)]


class ShownBody(Sent):
    """Rows of the queue (their `id`) that a visible screen has painted."""

    ids: Annotated[list[uuid.UUID], Field(max_length=500)]


class TicketOut(BaseModel):
    """The number a patient holds."""

    id: uuid.UUID
    number: str


class EncounterSuggestionOut(BaseModel):
    """What was suggested when the visit was registered."""

    unit: str
    rule: str
    reason: str


class HandOverOut(BaseModel):
    """Where the record is now: its `id` is the one of the queue's row."""

    id: uuid.UUID
    unit: str
    stage: str
    came_from: str | None
    reason: str | None


class TrailStepOut(BaseModel):
    """One step that was really reached: when, where, by whom."""

    step: str
    at: datetime
    by: str
    unit: str


class EncounterOut(BaseModel):
    """A visit with its ticket and its trail."""

    id: uuid.UUID
    patient_id: uuid.UUID
    status: Literal["arrived", "in-progress", "finished", "cancelled"]
    registration_number: str
    service_date: date
    period_start: datetime
    period_end: datetime | None
    unit: str = Field(description="Unit tempat rekam berada sekarang.")
    cluster: str
    complaint: str
    payer: str
    priority: PriorityName
    priority_reason: (
        Literal["emergency", "pregnant", "elderly", "disability", "under-five", "chosen"] | None
    ) = Field(description="Alasan didahulukan.")
    pregnant: bool | None
    disability: bool | None
    override_reason: str | None
    ticket: TicketOut
    suggestion: EncounterSuggestionOut | None
    distribution: HandOverOut
    trail: list[TrailStepOut]
    version: int


class QueueSummaryOut(BaseModel):
    """One unit's queue in a line."""

    unit: str
    name: str
    waiting: int
    in_service: int
    done: int
    longest_minutes: int


class Queues(BaseModel):
    """Every unit's queue in a line."""

    items: list[QueueSummaryOut]
    next: None


class QueueRowOut(BaseModel):
    """One patient in a queue."""

    id: uuid.UUID
    encounter_id: uuid.UUID
    patient_id: uuid.UUID
    ticket: TicketOut
    name: str
    mrn: str
    sex: Literal["male", "female"]
    age: str
    stage: str
    priority: PriorityName
    came_from: str | None
    reason: str | None
    complaint: str
    pregnant: bool
    is_called: bool
    call_count: int
    skip_count: int
    waiting_minutes: int
    has_similar_name: bool
    saved_at: datetime


class QueueOut(BaseModel):
    """A unit's queue today: in service, then waiting in calling order, then not there."""

    unit: str
    name: str
    longest_minutes: int
    items: list[QueueRowOut]
    next: None


class TicketStateOut(BaseModel):
    """Where the holder of a ticket is after an act."""

    id: uuid.UUID = Field(description="Baris antrean (distribusi).")
    ticket: TicketOut
    encounter_id: uuid.UUID
    patient_id: uuid.UUID
    unit: str
    stage: str
    priority: PriorityName
    call_count: int
    skip_count: int
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None


class ShownOut(BaseModel):
    """How many rows counted as shown only now."""

    shown: int


def visit_json(visit: Visit, trail: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return a visit as programs see it."""
    encounter, row = visit.encounter, visit.distribution
    return {
        "id": encounter.id,
        "patient_id": encounter.patient_id,
        "status": encounter.status,
        "registration_number": encounter.registration_number,
        "service_date": encounter.service_date,
        "period_start": encounter.period_start,
        "period_end": encounter.period_end,
        "unit": row.unit,
        "cluster": encounter.cluster,
        "complaint": encounter.complaint,
        "payer": encounter.payer,
        "priority": PRIORITY_NAMES[encounter.priority],
        "priority_reason": encounter.priority_reason or None,
        "pregnant": encounter.pregnant,
        "disability": encounter.disability,
        "override_reason": encounter.override_reason or None,
        "ticket": {"id": visit.ticket.id, "number": visit.ticket.label},
        "suggestion": _suggestion(encounter),
        "distribution": {
            "id": row.id,
            "unit": row.unit,
            "stage": row.stage,
            "came_from": row.came_from or None,
            "reason": row.reason or None,
        },
        "trail": list(trail),
        "version": encounter.version,
    }


def _suggestion(encounter: Encounter) -> dict[str, str] | None:
    if not encounter.suggested_unit:
        return None
    return {
        "unit": encounter.suggested_unit,
        "rule": encounter.suggestion_rule,
        "reason": encounter.suggestion_reason,
    }


def trail_json(steps: Iterable[TrailStep]) -> list[dict[str, Any]]:
    """Return the steps of a visit; who read the record is the journal's matter, not the trail's."""
    return [
        {"step": STEPS[step.act], "at": step.at, "by": step.by, "unit": step.unit}
        for step in steps
        if step.act in STEPS
    ]


def queue_row_json(row: QueueRow) -> dict[str, Any]:
    """Return one row of a queue as programs see it."""
    return {
        "id": row.id,
        "encounter_id": row.encounter_id,
        "patient_id": row.patient_id,
        "ticket": {"id": row.ticket_id, "number": row.ticket},
        "name": row.name,
        "mrn": row.mrn,
        "sex": "male" if row.sex == "L" else "female",
        "age": row.age,
        "stage": row.stage,
        "priority": PRIORITY_NAMES[row.priority],
        "came_from": row.came_from or None,
        "reason": row.reason or None,
        "complaint": row.complaint,
        "pregnant": row.pregnant,
        "is_called": row.is_called,
        "call_count": row.call_count,
        "skip_count": row.skip_count,
        "waiting_minutes": row.waiting_minutes,
        "has_similar_name": row.has_similar_name,
        "saved_at": row.saved_at,
    }


def ticket_state_json(row: Distribution) -> dict[str, Any]:
    """Return what became of a ticket."""
    return {
        "id": row.id,
        "ticket": {"id": row.ticket_id, "number": row.ticket.label},
        "encounter_id": row.encounter_id,
        "patient_id": row.patient_id,
        "unit": row.unit,
        "stage": row.stage,
        "priority": PRIORITY_NAMES[row.priority],
        "call_count": row.call_count,
        "skip_count": row.skip_count,
        "called_at": row.called_at,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
    }


TICKET = {"id": TICKET_ID, "number": "A07"}
SUGGESTION = {"unit": "umum", "rule": "adult", "reason": "dewasa, 41 th"}
TRAIL = [
    {
        "step": "saved",
        "at": "2026-11-22T01:14:03.120000+00:00",
        "by": "Petugas Contoh",
        "unit": "umum",
    }
]
NEW_ENCOUNTER = {
    "patient_id": PATIENT_ID,
    "complaint": "batuk tiga hari",
    "payer": "bpjs",
    "priority": "routine",
}
ENCOUNTER: dict[str, Any] = {
    "id": ENCOUNTER_ID,
    "patient_id": PATIENT_ID,
    "status": "arrived",
    "registration_number": "261122-0007",
    "service_date": "2026-11-22",
    "period_start": "2026-11-22T01:14:03.120000+00:00",
    "period_end": None,
    "unit": "umum",
    "cluster": "3",
    "complaint": "batuk tiga hari",
    "payer": "bpjs",
    "priority": "routine",
    "priority_reason": None,
    "pregnant": None,
    "disability": None,
    "override_reason": None,
    "ticket": TICKET,
    "suggestion": SUGGESTION,
    "distribution": {
        "id": DISTRIBUTION_ID,
        "unit": "umum",
        "stage": "saved",
        "came_from": None,
        "reason": None,
    },
    "trail": TRAIL,
    "version": 1,
}
QUEUE_ROW: dict[str, Any] = {
    "id": DISTRIBUTION_ID,
    "encounter_id": ENCOUNTER_ID,
    "patient_id": PATIENT_ID,
    "ticket": TICKET,
    "name": "SITI CONTOH",
    "mrn": "000417",
    "sex": "female",
    "age": "41 th",
    "stage": "shown",
    "priority": "routine",
    "came_from": None,
    "reason": None,
    "complaint": "batuk tiga hari",
    "pregnant": False,
    "is_called": False,
    "call_count": 0,
    "skip_count": 0,
    "waiting_minutes": 12,
    "has_similar_name": False,
    "saved_at": "2026-11-22T01:14:03.120000+00:00",
}
TICKET_STATE: dict[str, Any] = {
    "id": DISTRIBUTION_ID,
    "ticket": TICKET,
    "encounter_id": ENCOUNTER_ID,
    "patient_id": PATIENT_ID,
    "unit": "umum",
    "stage": "opened",
    "priority": "routine",
    "call_count": 1,
    "skip_count": 0,
    "called_at": "2026-11-22T01:40:00+00:00",
    "started_at": None,
    "ended_at": None,
}
