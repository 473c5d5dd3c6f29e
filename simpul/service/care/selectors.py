"""Reading records: the entries of a visit, earlier visits beside it, the last vitals."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from simpul.domain.vitals import VITALS
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.journal.services import record_reading
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.care.models import Entry, EntryKind, Observation
from simpul.service.patients.records import record_ids
from simpul.service.registration.models import Encounter
from simpul.service.registration.selectors import VisitLine, list_visits

_CODE_OF_LOINC = {vital.system_code: code for code, vital in VITALS.items()}


@dataclass(frozen=True)
class EntryView:
    """One version of an entry as shown: what, by whom, when, which version."""

    id: uuid.UUID
    kind: str
    unit: str
    body: dict[str, object]
    author: str
    author_role: str
    signed_at: datetime
    revision: int
    reason: str
    is_current: bool
    is_error: bool
    replaces: uuid.UUID | None


@dataclass(frozen=True)
class Record:
    """The record of one visit: the current entries by kind, and every version."""

    encounter_id: uuid.UUID
    entries: tuple[EntryView, ...]
    current: dict[str, EntryView] = field(default_factory=dict)

    @property
    def vitals(self) -> dict[str, object]:
        """Current vital signs by code."""
        return self._body("vitals")

    @property
    def soap(self) -> dict[str, object]:
        """Current S, O, A, P."""
        return self._body("soap")

    @property
    def conditions(self) -> list[dict[str, object]]:
        """Current diagnoses, the main one first."""
        items = self._body("condition").get("items", [])
        return items if isinstance(items, list) else []

    @property
    def procedures(self) -> list[dict[str, object]]:
        """Current procedures."""
        items = self._body("procedure").get("items", [])
        return items if isinstance(items, list) else []

    def _body(self, kind: str) -> dict[str, object]:
        entry = self.current.get(kind)
        return entry.body if entry is not None else {}


@dataclass(frozen=True)
class PastVisit:
    """An earlier visit with what was found."""

    visit: VisitLine
    entries: tuple[EntryView, ...]


def get_record(encounter: Encounter, *, by: Actor, unit: str | None = None) -> Record:
    """Return a visit's record. The caller has opened it (`open_record` wrote the reading).

    `unit` prefers that unit's entries as current where several units wrote.
    """
    require(by, "view", "clinical")
    rows = list(
        Entry.objects.filter(encounter=encounter, owner=by.facility_id).order_by("signed_at", "id")
    )
    views = tuple(view_of(row) for row in rows)
    current: dict[str, EntryView] = {}
    for view in views:
        if not view.is_current or view.is_error:
            continue
        kept = current.get(view.kind)
        if kept is None or unit is None or view.unit == unit or kept.unit != unit:
            current[view.kind] = view
    return Record(encounter_id=encounter.id, entries=views, current=current)


def view_of(row: Entry) -> EntryView:
    """Return an entry's row as it is shown."""
    return EntryView(
        id=row.id,
        kind=row.kind,
        unit=row.unit,
        body=row.body,
        author=row.author_name,
        author_role=row.author_role,
        signed_at=row.signed_at,
        revision=row.revision,
        reason=row.reason,
        is_current=row.is_current,
        is_error=row.is_error,
        replaces=row.replaces_id,
    )


def read_history(
    patient: uuid.UUID,
    *,
    by: Actor,
    limit: int = 10,
    before: datetime | None = None,
    leave_out: uuid.UUID | None = None,
) -> list[PastVisit]:
    """Return earlier visits, newest first, with their current entries; the reading is logged."""
    require(by, "view", "clinical")
    visits = [
        visit
        for visit in list_visits(patient, by=by, limit=limit + 1, before=before)
        if visit.id != leave_out
    ][:limit]
    entries: dict[uuid.UUID, list[EntryView]] = defaultdict(list)
    if visits:
        marks = ", ".join(["%s"] * len(visits))
        for encounter, body, *others in fetch_values(
            "SELECT t.encounter_id, t.body, t.id, t.kind, t.unit, t.author_name, t.author_role, "
            "t.signed_at, t.revision, t.reason, t.is_current, t.is_error, t.replaces_id "
            f"FROM care_entry t WHERE t.encounter_id IN ({marks}) AND t.owner = %s "
            "AND t.is_current AND NOT t.is_error ORDER BY t.signed_at, t.id",
            "uju----t--bbu",
            [*(visit.id for visit in visits), by.facility_id],
        ):
            id_, kind, unit, *rest = others
            entries[encounter].append(EntryView(id_, kind, unit, body, *rest))
    record_reading(by=by, patient=patient, what="history")
    return [PastVisit(visit=visit, entries=tuple(entries[visit.id])) for visit in visits]


def previous_vitals(encounter: Encounter, *, by: Actor) -> dict[str, Decimal]:
    """Return the newest earlier weight and height of the patient, by vital code."""
    require(by, "view", "clinical")
    wanted = {VITALS[code].system_code for code in ("weight", "height")}
    values: dict[str, Decimal] = {}
    rows = (
        Observation.objects.filter(
            patient_id__in=record_ids(encounter.patient_id),
            owner=by.facility_id,
            code__in=wanted,
            entry__is_current=True,
            entry__kind=EntryKind.VITALS,
        )
        .exclude(entry__encounter=encounter)
        .order_by("-entry__signed_at")
        .values_list("code", "value")[:10]
    )
    for loinc, value in rows:
        values.setdefault(_CODE_OF_LOINC[loinc], value)
    return values
