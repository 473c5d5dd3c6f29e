"""Reading visits: one, a patient's history, what the last one suggests for the next."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from simpul.foundation.core.errors import NotHere
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.registration.models import Encounter, EncounterStatus


@dataclass(frozen=True)
class LastVisit:
    """What the counter may take over from the last visit, marked as such."""

    on: date
    unit: str
    payer: str
    complaint: str
    pregnant: bool | None


@dataclass(frozen=True)
class VisitLine:
    """One earlier visit in a list."""

    id: uuid.UUID
    on: date
    at: datetime
    unit: str
    complaint: str
    status: str
    payer: str
    registration_number: str


def get_encounter(encounter: uuid.UUID, *, by: Actor) -> Encounter:
    """Return one visit's row for the steps behind; NotHere for another facility's."""
    require(by, "view", "encounter")
    row = (
        Encounter.objects.select_related("patient")
        .filter(id=encounter, owner=by.facility_id)
        .first()
    )
    if row is None:
        raise NotHere(
            _("Kunjungan ini tidak ada di Puskesmas Anda. Buka dari papan kunjungan."),
            "encounter_unknown",
        )
    return row


def get_last_visit(patient: uuid.UUID, *, by: Actor) -> LastVisit | None:
    """Return the last visit that took place, for prefilling; None for a first one."""
    require(by, "view", "encounter")
    row = (
        Encounter.objects.filter(patient_id=patient, owner=by.facility_id)
        .exclude(status=EncounterStatus.CANCELLED)
        .order_by("-period_start")
        .first()
    )
    if row is None:
        return None
    return LastVisit(
        on=row.service_date,
        unit=row.unit,
        payer=row.payer,
        complaint=row.complaint,
        pregnant=row.pregnant,
    )


def last_visit_days(patients: list[uuid.UUID], *, by: Actor) -> dict[uuid.UUID, tuple[date, str]]:
    """Return day and unit of each patient's last visit, in one statement."""
    require(by, "view", "encounter")
    rows = (
        Encounter.objects.filter(patient_id__in=patients, owner=by.facility_id)
        .exclude(status=EncounterStatus.CANCELLED)
        .order_by("patient_id", "period_start")
        .values_list("patient_id", "service_date", "unit")
    )
    return {patient: (day, unit) for patient, day, unit in rows}


def list_visits(
    patient: uuid.UUID, *, by: Actor, limit: int = 20, before: datetime | None = None
) -> list[VisitLine]:
    """Return a patient's visits, newest first."""
    require(by, "view", "encounter")
    earlier = "" if before is None else "AND t.period_start < %s"
    rows = fetch_values(
        "SELECT t.id, t.service_date, t.period_start, t.unit, t.complaint, t.status, t.payer, "
        "t.registration_number FROM registration_encounter t "
        f"WHERE t.patient_id = %s AND t.owner = %s {earlier} "
        f"ORDER BY t.period_start DESC LIMIT {limit:d}",
        "udt-----",
        [patient, by.facility_id, *([] if before is None else [before])],
    )
    return [VisitLine(*row) for row in rows]
