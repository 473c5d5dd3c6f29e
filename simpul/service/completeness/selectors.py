"""Reading analyses: what is incomplete, whose task, how old; the record room's monthly figures."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from simpul.domain.completeness import CompletenessResult
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotHere
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Practitioner
from simpul.foundation.staff.rights import require
from simpul.service.completeness.models import CompletenessCheck, Deficiency, RecordStatus
from simpul.service.completeness.sheets import judge
from simpul.service.distribution.models import Distribution
from simpul.service.patients.records import record_ids
from simpul.service.patients.selectors import get_patient
from simpul.service.registration.selectors import get_encounter

DELINQUENT_DAYS = 14


@dataclass(frozen=True)
class MissingItem:
    """One open deficiency as shown."""

    id: uuid.UUID
    rule: str
    message: str
    component: str
    is_paper: bool
    returned_at: datetime | None


@dataclass(frozen=True)
class RecordLine:
    """One closed visit's record in the record room's list or a clinician's tasks."""

    encounter_id: uuid.UUID
    patient_id: uuid.UUID
    name: str
    mrn: str
    unit: str
    unit_name: str
    practitioner: str
    service_date: date
    closed_at: datetime
    status: str
    percent: int
    age_hours: int
    is_returned: bool
    missing: tuple[MissingItem, ...]

    @property
    def is_delinquent(self) -> bool:
        """Still incomplete after the limit."""
        return self.status == RecordStatus.INCOMPLETE and self.age_hours > 24 * DELINQUENT_DAYS


#: What a line says of the patient: the record, and the one that stands for the person.
_WHO = "encounter__patient__merged_into"


def list_records(
    *, by: Actor, status: str = RecordStatus.INCOMPLETE, limit: int = 100, after: str = ""
) -> list[RecordLine]:
    """Return closed visits by the state of their record, oldest first."""
    require(by, "view", "completeness")
    rows = CompletenessCheck.objects.filter(owner=by.facility_id, status=status)
    if after:
        rows = rows.filter(id__gt=after)
        return _lines(list(_with_people(rows).order_by("id")[:limit]))
    return _lines(list(_with_people(rows).order_by("closed_at")[:limit]))


def count_records(*, by: Actor) -> dict[str, int]:
    """Return how many records stand in each state."""
    require(by, "view", "completeness")
    # The filed ones are nearly all there are, and nobody asks how many.
    unfiled = [status for status in RecordStatus.values if status != RecordStatus.FILED]
    rows = CompletenessCheck.objects.filter(owner=by.facility_id, status__in=unfiled)
    counts = dict(rows.values_list("status").annotate(Count("id")).order_by())
    return {status: counts.get(status, 0) for status in RecordStatus.values}


def list_tasks(*, by: Actor, unit: str = "") -> list[RecordLine]:
    """Return the records a clinician must still complete: their own, or those of their unit."""
    require(by, "view", "completeness")
    own = Q(practitioner=by.practitioner_id)
    if unit:
        own |= Q(practitioner__isnull=True, unit=unit)
    ids = (
        Deficiency.objects.filter(owner=by.facility_id, mended_at__isnull=True)
        .filter(own)
        .values_list("encounter_id", flat=True)
        .distinct()
    )
    rows = CompletenessCheck.objects.filter(
        owner=by.facility_id, encounter_id__in=list(ids), status=RecordStatus.INCOMPLETE
    )
    return _lines(list(_with_people(rows).order_by("closed_at")[:50]))


def get_record_line(encounter: uuid.UUID, *, by: Actor) -> RecordLine:
    """Return the analysis of one closed visit."""
    require(by, "view", "completeness")
    row = _with_people(
        CompletenessCheck.objects.filter(encounter_id=encounter, owner=by.facility_id)
    ).first()
    if row is None:
        raise NotHere(
            _("Kunjungan ini belum ditutup, jadi kelengkapannya belum dihitung."), "check_unknown"
        )
    return _lines([row])[0]


def list_patient_records(patient: uuid.UUID, *, by: Actor, limit: int = 20) -> list[RecordLine]:
    """Return a patient's closed visits whose record is not filed yet, oldest first."""
    require(by, "view", "completeness")
    rows = CompletenessCheck.objects.filter(
        owner=by.facility_id, encounter__patient_id__in=record_ids(patient)
    ).exclude(status=RecordStatus.FILED)
    return _lines(list(_with_people(rows).order_by("closed_at")[:limit]))


def _with_people(rows: QuerySet[CompletenessCheck]) -> QuerySet[CompletenessCheck]:
    """The analyses with whose record it is and who served, in the same statement."""
    name = Practitioner.objects.filter(id=OuterRef("practitioner")).values("name")[:1]
    return rows.select_related(_WHO).annotate(practitioner_name=Subquery(name))


def _lines(rows: list[CompletenessCheck]) -> list[RecordLine]:
    here = get_here()
    missing: dict[uuid.UUID, list[MissingItem]] = defaultdict(list)
    for item in Deficiency.objects.filter(
        encounter_id__in=[row.encounter_id for row in rows], mended_at__isnull=True
    ).order_by("opened_at", "rule"):
        missing[item.encounter_id].append(
            MissingItem(
                id=item.id,
                rule=item.rule,
                message=item.message,
                component=item.component,
                is_paper=item.is_paper,
                returned_at=item.returned_at,
            )
        )
    moment = now()
    return [
        RecordLine(
            encounter_id=row.encounter_id,
            patient_id=row.encounter.patient_id,
            name=row.encounter.patient.person.name,
            mrn=row.encounter.patient.person.mrn,
            unit=row.unit,
            unit_name=here.units[row.unit].name if row.unit in here.units else row.unit,
            practitioner=row.practitioner_name or "",  # type: ignore[attr-defined]
            service_date=row.service_date,
            closed_at=row.closed_at,
            status=row.status,
            percent=row.percent,
            age_hours=int((moment - row.closed_at).total_seconds() // 3600),
            is_returned=any(item.returned_at for item in missing[row.encounter_id]),
            missing=tuple(missing[row.encounter_id]),
        )
        for row in rows
    ]


def preview(encounter_id: uuid.UUID, *, by: Actor) -> CompletenessResult:
    """Return what the record of a visit would lack if it were closed now."""
    require(by, "view", "completeness")
    encounter = get_encounter(encounter_id, by=by)
    patient = get_patient(encounter.patient_id, by=by)
    last = Distribution.objects.filter(encounter=encounter).order_by("-saved_at").first()
    unit = last.unit if last is not None else encounter.unit
    return judge(encounter, patient, unit=unit, by=by)[0]


@dataclass(frozen=True)
class ReturnedCount:
    """How many records a unit still owes, and the age of the oldest."""

    unit_name: str
    count: int
    oldest_days: int


def count_returned(*, by: Actor) -> list[ReturnedCount]:
    """Return the incomplete records per unit, most first."""
    require(by, "view", "completeness")
    here = get_here()
    moment = now()
    units = (
        CompletenessCheck.objects.filter(owner=by.facility_id, status=RecordStatus.INCOMPLETE)
        .values_list("unit")
        .annotate(Count("id"), Min("closed_at"))
        .order_by()
    )
    return sorted(
        (
            ReturnedCount(
                unit_name=here.units[unit].name if unit in here.units else unit,
                count=count,
                oldest_days=(moment - oldest).days,
            )
            for unit, count, oldest in units
        ),
        key=lambda line: -line.count,
    )
