"""Reading queues, the visits board and the waiting room's board."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from simpul.domain.dates import age_on, age_text
from simpul.domain.names import look_alike
from simpul.domain.queue_order import Waiting, calling_order
from simpul.foundation.core.clock import now
from simpul.foundation.core.outside import received_upto
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.facilities.selectors import Here, get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.distribution.calling.selectors import (
    CallNote,
    UnitCalls,
    get_unit_calls,
    lane_of,
)
from simpul.service.distribution.models import (
    PRESENT,
    WAITING,
    Distribution,
    Stage,
    ticket_label,
)
from simpul.service.distribution.services import UNDO_SECONDS, Visit
from simpul.service.patients.records import PERSON_OF, RECORDS_OF, twice
from simpul.service.registration.models import EncounterStatus, Priority
from simpul.service.registration.selectors import get_encounter

#: A record that no screen has shown after this long needs a person.
LATE_SECONDS = 30
#: One letter of one word apart (SITI AMINAH, SITI AMINAR) is alike enough to be warned of.
SIMILAR_NAME = 0.85


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
    called_at: datetime | None = None
    years: int = 0
    place: int = 0
    priority_reason: str = ""
    #: What became of the last call, as long as they are called and not in the room.
    call: CallNote | None = None

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
    #: Has the district all of this visit, by its own word? None: this house sends to no district.
    at_district: bool | None = None


def get_queue(unit: str, *, by: Actor) -> Queue:
    """Return the queue of a unit today, in the order of calling."""
    here = get_here()
    here.unit(unit)
    require(by, "view", "queue")
    moment = now()
    found = fetch_values(_QUEUE, _QUEUE_KINDS, [by.facility_id, here.today(), unit])
    rows = _mark_similar_names([_queue_row(values, here, moment) for values in found])
    waiting = [row for row in rows if row.stage in WAITING]
    return Queue(
        unit=unit,
        in_service=tuple(r for r in rows if r.stage == Stage.IN_SERVICE),
        waiting=tuple(_in_calling_order(unit, waiting)),
        no_show=tuple(r for r in rows if r.stage == Stage.NO_SHOW),
    )


def _in_calling_order(unit: str, waiting: list[QueueRow]) -> list[QueueRow]:
    """Return first those who were called, then the others as `call_next` will call them."""
    if not waiting:
        return []
    calls: UnitCalls = get_unit_calls(unit)
    called = [replace(r, call=calls.notes.get(r.id)) for r in waiting if r.is_called]
    by_key = {row.id: row for row in waiting if not row.is_called}
    order = calling_order(
        [
            Waiting(row.id, lane_of(row.priority), row.place, row.skip_count, row.saved_at)
            for row in by_key.values()
        ],
        get_here().unit(unit).queue_rule,
        calls.last_called,
    )
    return [*called, *(by_key[one.key] for one in order)]


#: Every screen of every unit asks this after every event, so it is one lean statement.
_QUEUE = f"""
    SELECT d.id, d.encounter_id, p.id, d.ticket_id, d.stage, d.priority, d.came_from,
           d.reason, d.call_count, d.skip_count, d.called_at, d.saved_at, d.practitioner,
           d.service_date, t.prefix, t.number, p.name, p.mrn, p.sex, p.birth_date,
           p.birth_date_estimated, e.complaint, e.pregnant, d.place, e.priority_reason
    FROM distribution_distribution d
    JOIN distribution_ticket t ON t.id = d.ticket_id
    {PERSON_OF}
    JOIN registration_encounter e ON e.id = d.encounter_id
    WHERE d.owner = %s AND d.service_date = %s AND d.unit = %s
      AND d.stage IN ('saved', 'shown', 'opened', 'in-service', 'no-show')
    ORDER BY d.priority, d.place, d.skip_count, d.saved_at
"""
_QUEUE_KINDS = "uuuu------ttud-----db-b--"


def _queue_row(values: tuple[Any, ...], here: Here, moment: datetime) -> QueueRow:
    (
        distribution, encounter, patient, ticket, stage, priority, came_from,
        reason, call_count, skip_count, called_at, saved_at, practitioner,
        service_date, prefix, number, name, mrn, sex, birth_date,
        is_estimated, complaint, pregnant, place, priority_reason,
    ) = values  # fmt: skip
    return QueueRow(
        id=distribution,
        encounter_id=encounter,
        patient_id=patient,
        ticket_id=ticket,
        ticket=ticket_label(prefix, number),
        name=name,
        mrn=mrn,
        sex="L" if sex == "male" else "P",
        age=age_text(birth_date, service_date, is_estimated),
        stage=stage,
        priority=priority,
        came_from=came_from,
        reason=reason,
        complaint=complaint,
        pregnant=bool(pregnant),
        is_called=called_at is not None,
        call_count=call_count,
        skip_count=skip_count,
        waiting_minutes=max(0, int((moment - saved_at).total_seconds() // 60)),
        has_similar_name=False,
        practitioner=practitioner,
        saved_at=saved_at,
        called_at=called_at,
        years=age_on(birth_date, service_date).years,
        place=place,
        priority_reason=priority_reason,
    )


def _mark_similar_names(rows: list[QueueRow]) -> list[QueueRow]:
    """Mark the rows whose patient's name is like another's who is here too: both are marked."""
    marked: set[uuid.UUID] = set()
    # Names that begin differently are rarely mistaken for each other; comparing only within a
    # beginning keeps a queue of a hundred cheap.
    by_beginning: dict[str, list[QueueRow]] = {}
    for row in rows:
        if row.stage in PRESENT:
            by_beginning.setdefault(row.name[:2], []).append(row)
    for group in by_beginning.values():
        for n, first in enumerate(group):
            for second in group[n + 1 :]:
                if first.patient_id == second.patient_id:
                    continue
                if look_alike(first.name, second.name, SIMILAR_NAME):
                    marked |= {first.id, second.id}
    return [replace(row, has_similar_name=True) if row.id in marked else row for row in rows]


def list_queues(*, by: Actor) -> list[QueueSummary]:
    """Return every unit's queue in one line each, in one statement."""
    require(by, "view", "queue")
    here = get_here()
    counts: dict[str, dict[str, Any]] = {
        row["unit"]: dict(row)
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
        for row in [counts.get(unit.code) or {}]
        if unit.code != "rekam-medis"
    ]


BOARD_FILTERS = ("semua", "belum-tampil", "dialihkan", "tanpa-identitas")


def list_board(
    *, by: Actor, show: str = "semua", limit: int = 400, upto: int | None = None
) -> list[BoardRow]:
    """Return today's visits with where each record is, newest first.

    With `upto` (`received_upto`) also whether the district has all of each visit.
    """
    require(by, "view", "encounter")
    here = get_here()
    condition = _BOARD_FILTERS.get(show, "")
    found = fetch_values(
        f"{_board(upto)} AND d.service_date = %s {condition} "
        f"ORDER BY d.saved_at DESC LIMIT {limit:d}",
        _BOARD_KINDS,
        [by.facility_id, here.today()],
    )
    moment = now()
    return [_board_row(values, here, moment, upto) for values in found]


def count_board(*, by: Actor) -> dict[str, int]:
    """Return how many of today's visits each filter of the board holds, in one statement."""
    require(by, "view", "encounter")
    here = get_here()
    rows = (
        Distribution.objects.filter(owner=by.facility_id, service_date=here.today())
        .exclude(stage=Stage.REDIRECTED)
        .exclude(Q(stage=Stage.CANCELLED) & ~Q(encounter__status=EncounterStatus.CANCELLED))
    )
    counts = rows.aggregate(
        semua=Count("id"),
        belum_tampil=Count("id", filter=Q(stage=Stage.SAVED)),
        dialihkan=Count("id", filter=~Q(came_from="")),
        tanpa_identitas=Count(
            "id",
            filter=Q(patient__is_identity_complete=False, patient__merged_into=None)
            | Q(patient__merged_into__is_identity_complete=False),
        ),
    )
    return {show: counts[show.replace("-", "_")] for show in BOARD_FILTERS}


def get_board_row(encounter: uuid.UUID, *, by: Actor) -> BoardRow | None:
    """Return the newest hand-over of one visit as a board row."""
    require(by, "view", "encounter")
    upto = received_upto()
    found = fetch_values(
        f"{_board(upto)} AND d.encounter_id = %s ORDER BY d.saved_at DESC LIMIT 1",
        _BOARD_KINDS,
        [by.facility_id, encounter],
    )
    return _board_row(found[0], get_here(), now(), upto) if found else None


def list_present(patient: uuid.UUID, *, by: Actor) -> list[BoardRow]:
    """Return where a patient waits or is served today; the counter asks before a second visit."""
    require(by, "view", "encounter")
    here = get_here()
    found = fetch_values(
        f"{_board()} AND d.patient_id IN ({RECORDS_OF}) AND d.service_date = %s "
        "AND d.stage IN ('saved', 'shown', 'opened', 'in-service') ORDER BY d.saved_at",
        _BOARD_KINDS,
        [by.facility_id, *twice(patient), here.today()],
    )
    moment = now()
    return [_board_row(values, here, moment) for values in found]


def get_visit(encounter: uuid.UUID, *, by: Actor) -> Visit:
    """Return a visit with its ticket and where its record is now, or was last."""
    row = get_encounter(encounter, by=by)
    rows = list(
        Distribution.objects.filter(encounter_id=row.id, owner=by.facility_id)
        .select_related("ticket")
        .order_by("saved_at", "id")
    )
    present = [r for r in rows if r.stage in PRESENT]
    kept = [r for r in rows if r.stage not in (Stage.CANCELLED, Stage.REDIRECTED)]
    last = (present or kept or rows)[-1]
    return Visit(encounter=row, distribution=last, ticket=last.ticket)


_BOARD_FILTERS = {
    "belum-tampil": "AND d.stage = 'saved'",
    "dialihkan": "AND d.came_from <> ''",
    "tanpa-identitas": "AND NOT p.is_identity_complete",
}
#: The newest journal entry of a visit; `+ 0` keeps PostgreSQL from walking the whole journal.
_LAST_ENTRY = (
    "(SELECT max(j.id + 0) FROM journal_journalentry j WHERE j.encounter = d.encounter_id)"
)
_BOARD = f"""
    SELECT d.encounter_id, p.id, d.unit, d.stage, d.came_from, d.reason, d.resent_at,
           d.saved_at, d.shown_at, d.opened_at, d.started_at, d.ended_at,
           t.prefix, t.number, p.name, p.mrn, p.is_identity_complete, {{last_entry}}
    FROM distribution_distribution d
    JOIN distribution_ticket t ON t.id = d.ticket_id
    {PERSON_OF}
    JOIN registration_encounter e ON e.id = d.encounter_id
    WHERE d.owner = %s AND d.stage <> 'redirected'
      AND (d.stage <> 'cancelled' OR e.status = 'cancelled')
"""
_BOARD_KINDS = "uu----tttttt----b-"


def _board(upto: int | None = None) -> str:
    """Return the statement; a house that sends to no district does not ask for the last entry."""
    return _BOARD.format(last_entry="0" if upto is None else _LAST_ENTRY)


def _board_row(
    values: tuple[Any, ...], here: Here, moment: datetime, upto: int | None = None
) -> BoardRow:
    (
        encounter, patient, unit, stage, came_from, reason, resent_at,
        saved_at, shown_at, opened_at, started_at, ended_at,
        prefix, number, name, mrn, is_identity_complete, last_entry,
    ) = values  # fmt: skip
    waited = (moment - max(saved_at, resent_at or saved_at)).total_seconds()
    since = (moment - saved_at).total_seconds()
    can_undo = stage in (Stage.SAVED, Stage.SHOWN) and since < UNDO_SECONDS
    return BoardRow(
        encounter_id=encounter,
        patient_id=patient,
        ticket=ticket_label(prefix, number),
        name=name,
        mrn=mrn,
        unit=unit,
        unit_name=here.units[unit].name if unit in here.units else unit,
        stage=stage,
        came_from=came_from,
        reason=reason,
        # Nothing is claimed before it happened: a step without an instant was not reached.
        trail=(
            TrailStep("saved", saved_at),
            TrailStep("shown", shown_at),
            TrailStep("opened", opened_at),
            TrailStep("in-service", started_at),
            TrailStep("done", ended_at if stage == Stage.DONE else None),
        ),
        is_late=stage == Stage.SAVED and waited >= LATE_SECONDS,
        can_undo=can_undo,
        undo_seconds=max(0, int(UNDO_SECONDS - since)) if can_undo else 0,
        identity_complete=is_identity_complete,
        saved_at=saved_at,
        at_district=None if upto is None else (last_entry or 0) <= upto,
    )
