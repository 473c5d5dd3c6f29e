"""Reading queues, the visits board and the waiting room's board."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from simpul.domain.dates import age_text
from simpul.domain.names import likeness
from simpul.foundation.core.clock import now
from simpul.foundation.facilities.selectors import Here, get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.distribution.models import (
    PRESENT,
    WAITING,
    Distribution,
    Stage,
    ticket_label,
)
from simpul.service.distribution.services import UNDO_SECONDS
from simpul.service.registration.models import Priority

#: A record that no screen has shown after this long needs a person.
LATE_SECONDS = 30
SIMILAR_NAME = 0.9


@dataclass(frozen=True)
class TrailStep:
    """One of the five steps of a hand-over: when it was reached, None when not yet."""

    code: str
    at: datetime | None


@dataclass(frozen=True)
class QueueRow:
    """One patient in a unit's queue."""

    id: uuid.UUID
    encounter_id: uuid.UUID
    patient_id: uuid.UUID
    ticket_id: uuid.UUID
    ticket: str
    name: str
    mrn: str
    sex: str
    age: str
    stage: str
    priority: str
    came_from: str
    reason: str
    complaint: str
    pregnant: bool
    is_called: bool
    call_count: int
    skip_count: int
    waiting_minutes: int
    has_similar_name: bool
    practitioner: uuid.UUID | None
    saved_at: datetime

    @property
    def is_priority(self) -> bool:
        """Goes before others."""
        return self.priority != Priority.ROUTINE


@dataclass(frozen=True)
class Queue:
    """A unit's queue now: who is in service, who waits, who did not come."""

    unit: str
    in_service: tuple[QueueRow, ...]
    waiting: tuple[QueueRow, ...]
    no_show: tuple[QueueRow, ...]

    @property
    def longest_minutes(self) -> int:
        """How long the one who waits longest has waited."""
        return max((row.waiting_minutes for row in self.waiting), default=0)


@dataclass(frozen=True)
class QueueSummary:
    """One line per unit: how many wait, how long the longest."""

    unit: str
    name: str
    waiting: int
    in_service: int
    done: int
    longest_minutes: int


@dataclass(frozen=True)
class BoardRow:
    """One visit on the board: where its record is, and whether a person must act."""

    encounter_id: uuid.UUID
    patient_id: uuid.UUID
    ticket: str
    name: str
    mrn: str
    unit: str
    unit_name: str
    stage: str
    came_from: str
    reason: str
    trail: tuple[TrailStep, ...]
    is_late: bool
    can_undo: bool
    undo_seconds: int
    identity_complete: bool
    saved_at: datetime


@dataclass(frozen=True)
class Called:
    """A number on the waiting room's board."""

    ticket: str
    unit: str
    unit_name: str
    room: str
    at: datetime
    count: int


@dataclass(frozen=True)
class WaitingRoomBoard:
    """What the public board shows: numbers only."""

    current: Called | None
    latest: tuple[Called, ...]
    upcoming: tuple[tuple[str, tuple[str, ...]], ...]
    missed: tuple[str, ...]


def get_queue(unit: str, *, by: Actor) -> Queue:
    """Return the queue of a unit today, in the order of calling."""
    here = get_here()
    here.unit(unit)
    require(by, "view", "queue")
    rows = list(
        Distribution.objects.filter(
            owner=by.facility_id,
            service_date=here.today(),
            unit=unit,
            stage__in=(*PRESENT, Stage.NO_SHOW),
        )
        .select_related("ticket", "patient", "encounter")
        .order_by("priority", "place", "saved_at")
    )
    similar = _similar_names(rows)
    moment = now()
    shown = [_queue_row(row, here, moment, similar) for row in rows]
    return Queue(
        unit=unit,
        in_service=tuple(r for r in shown if r.stage == Stage.IN_SERVICE),
        waiting=tuple(r for r in shown if r.stage in WAITING),
        no_show=tuple(r for r in shown if r.stage == Stage.NO_SHOW),
    )


def _queue_row(
    row: Distribution, here: Here, moment: datetime, similar: set[uuid.UUID]
) -> QueueRow:
    patient = row.patient
    return QueueRow(
        id=row.id,
        encounter_id=row.encounter_id,
        patient_id=row.patient_id,
        ticket_id=row.ticket_id,
        ticket=row.ticket.label,
        name=patient.name,
        mrn=patient.mrn,
        sex="L" if patient.sex == "male" else "P",
        age=age_text(patient.birth_date, row.service_date, patient.birth_date_estimated),
        stage=row.stage,
        priority=row.priority,
        came_from=row.came_from,
        reason=row.reason,
        complaint=row.encounter.complaint,
        pregnant=bool(row.encounter.pregnant),
        is_called=row.called_at is not None,
        call_count=row.call_count,
        skip_count=row.skip_count,
        waiting_minutes=max(0, int((moment - row.saved_at).total_seconds() // 60)),
        has_similar_name=row.id in similar,
        practitioner=row.practitioner,
        saved_at=row.saved_at,
    )


def _similar_names(rows: list[Distribution]) -> set[uuid.UUID]:
    """Hand-overs whose patient's name is like another's today: both are marked."""
    marked: set[uuid.UUID] = set()
    waiting = [row for row in rows if row.stage in PRESENT]
    for n, first in enumerate(waiting):
        for second in waiting[n + 1 :]:
            if first.patient_id == second.patient_id:
                continue
            # Cheap test first: names that begin differently are rarely mistaken for each other.
            if first.patient.name[:2] != second.patient.name[:2]:
                continue
            if likeness(first.patient.name, second.patient.name) >= SIMILAR_NAME:
                marked |= {first.id, second.id}
    return marked


def list_queues(*, by: Actor) -> list[QueueSummary]:
    """Return every unit's queue in one line each, in one statement."""
    require(by, "view", "queue")
    here = get_here()
    counts = {
        row["unit"]: row
        for row in Distribution.objects.filter(owner=by.facility_id, service_date=here.today())
        .values("unit")
        .annotate(
            waiting=Count("id", filter=Q(stage__in=WAITING)),
            in_service=Count("id", filter=Q(stage=Stage.IN_SERVICE)),
            done=Count("id", filter=Q(stage=Stage.DONE)),
            oldest=Min("saved_at", filter=Q(stage__in=WAITING)),
        )
    }
    moment = now()
    return [
        QueueSummary(
            unit=unit.code,
            name=unit.name,
            waiting=row.get("waiting", 0),
            in_service=row.get("in_service", 0),
            done=row.get("done", 0),
            longest_minutes=int((moment - row["oldest"]).total_seconds() // 60)
            if row.get("oldest")
            else 0,
        )
        for unit in here.units.values()
        for row in [counts.get(unit.code, {})]
        if unit.code != "rekam-medis"
    ]


BOARD_FILTERS = ("semua", "belum-tampil", "dialihkan", "tanpa-identitas")


def list_board(*, by: Actor, show: str = "semua", limit: int = 400) -> list[BoardRow]:
    """Return today's visits with where each record is, newest first."""
    require(by, "view", "encounter")
    here = get_here()
    rows = (
        Distribution.objects.filter(owner=by.facility_id, service_date=here.today())
        .exclude(stage=Stage.REDIRECTED)
        .select_related("ticket", "patient", "encounter")
        .order_by("-saved_at")
    )
    if show == "belum-tampil":
        rows = rows.filter(stage=Stage.SAVED)
    elif show == "dialihkan":
        rows = rows.exclude(came_from="")
    elif show == "tanpa-identitas":
        rows = rows.filter(patient__is_identity_complete=False)
    moment = now()
    return [board_row(row, here, moment) for row in rows[:limit]]


def get_board_row(encounter: uuid.UUID, *, by: Actor) -> BoardRow | None:
    """Return the newest hand-over of one visit as a board row."""
    require(by, "view", "encounter")
    row = (
        Distribution.objects.filter(owner=by.facility_id, encounter_id=encounter)
        .exclude(stage=Stage.REDIRECTED)
        .select_related("ticket", "patient", "encounter")
        .order_by("-saved_at")
        .first()
    )
    return None if row is None else board_row(row, get_here(), now())


def board_row(row: Distribution, here: Here, moment: datetime) -> BoardRow:
    """Return one hand-over as the board shows it."""
    waited = (moment - max(row.saved_at, row.resent_at or row.saved_at)).total_seconds()
    since = (moment - row.saved_at).total_seconds()
    can_undo = row.stage in (Stage.SAVED, Stage.SHOWN) and since < UNDO_SECONDS
    return BoardRow(
        encounter_id=row.encounter_id,
        patient_id=row.patient_id,
        ticket=row.ticket.label,
        name=row.patient.name,
        mrn=row.patient.mrn,
        unit=row.unit,
        unit_name=here.units[row.unit].name if row.unit in here.units else row.unit,
        stage=row.stage,
        came_from=row.came_from,
        reason=row.reason,
        trail=trail_of(row),
        is_late=row.stage == Stage.SAVED and waited >= LATE_SECONDS,
        can_undo=can_undo,
        undo_seconds=max(0, int(UNDO_SECONDS - since)) if can_undo else 0,
        identity_complete=row.patient.is_identity_complete,
        saved_at=row.saved_at,
    )


def trail_of(row: Distribution) -> tuple[TrailStep, ...]:
    """Return the five steps with the instants reached; nothing is claimed before it happened."""
    return (
        TrailStep("saved", row.saved_at),
        TrailStep("shown", row.shown_at),
        TrailStep("opened", row.opened_at),
        TrailStep("in-service", row.started_at),
        TrailStep("done", row.ended_at if row.stage == Stage.DONE else None),
    )


def get_waiting_room_board() -> WaitingRoomBoard:
    """Return the public board: numbers and units only, nothing that names a person."""
    here = get_here()
    rows = list(
        Distribution.objects.filter(owner=here.id, service_date=here.today())
        .filter(Q(called_at__isnull=False) | Q(stage__in=(*WAITING, Stage.NO_SHOW)))
        .order_by("priority", "place", "saved_at")
        .values_list(
            "unit",
            "stage",
            "called_at",
            "call_count",
            "ticket__prefix",
            "ticket__number",
            named=True,
        )
    )
    calls = sorted(
        (
            _called(row, here)
            for row in rows
            if row.called_at and row.stage in PRESENT and row.unit in here.units
        ),
        key=lambda call: call.at,
        reverse=True,
    )
    latest: dict[str, Called] = {}
    for call in calls:
        latest.setdefault(call.unit, call)
    upcoming: dict[str, list[str]] = {}
    for row in rows:
        if row.stage in WAITING and row.called_at is None:
            label = ticket_label(row.ticket__prefix, row.ticket__number)
            upcoming.setdefault(row.unit, []).append(label)
    missed = [
        ticket_label(row.ticket__prefix, row.ticket__number)
        for row in rows
        if row.stage == Stage.NO_SHOW
    ]
    return WaitingRoomBoard(
        current=calls[0] if calls else None,
        latest=tuple(latest.values()),
        upcoming=tuple(
            (here.units[unit].name, tuple(labels[:4]))
            for unit, labels in upcoming.items()
            if unit in here.units
        ),
        missed=tuple(missed[:12]),
    )


def _called(row: "object", here: Here) -> Called:
    unit = here.units[row.unit]  # type: ignore[attr-defined]
    return Called(
        ticket=ticket_label(row.ticket__prefix, row.ticket__number),  # type: ignore[attr-defined]
        unit=unit.code,
        unit_name=unit.name,
        room=unit.room,
        at=row.called_at,  # type: ignore[attr-defined]
        count=row.call_count,  # type: ignore[attr-defined]
    )
