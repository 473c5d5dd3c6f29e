"""Reading visits: one, a patient's history, what the last one suggests for the next."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from simpul.foundation.core.errors import NotHere
from simpul.foundation.core.rows import fetch_one, fetch_values
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.records import RECORDS_OF, twice
from simpul.service.registration.models import Encounter


@dataclass(frozen=True)
class LastVisit:
    """What the counter may take over from the last visit, marked as such."""

    on: date
    unit: str
    payer: str
    complaint: str
    pregnant: bool | None
    disability: bool | None = None


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
        Encounter.objects.select_related("patient__merged_into")
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
    row = fetch_one(
        Encounter,
        f"WHERE t.patient_id IN ({RECORDS_OF}) AND t.owner = %s AND t.status <> 'cancelled' "
        "ORDER BY t.period_start DESC",
        [*twice(patient), by.facility_id],
    )
    if row is None:
        return None
    return LastVisit(
        on=row.service_date,
        unit=row.unit,
        payer=row.payer,
        complaint=row.complaint,
        pregnant=row.pregnant,
        disability=row.disability,
    )


def last_visit_days(patients: list[uuid.UUID], *, by: Actor) -> dict[uuid.UUID, tuple[date, str]]:
    """Return day and unit of each patient's last visit, in one statement."""
    require(by, "view", "encounter")
    if not patients:
        return {}
    marks = ", ".join(["%s"] * len(patients))
    rows = fetch_values(
        "SELECT COALESCE(p.merged_into_id, p.id), t.service_date, t.unit FROM patients_patient p "
        "JOIN registration_encounter t ON t.patient_id = p.id WHERE p.id IN ("
        f"SELECT m.id FROM patients_patient m WHERE m.id IN ({marks}) UNION ALL "
        f"SELECT m.id FROM patients_patient m WHERE m.merged_into_id IN ({marks})"
        ") AND t.owner = %s AND t.status <> 'cancelled' ORDER BY t.period_start",
        "ud-",
        [*patients, *patients, by.facility_id],
    )
    return {patient: (day, unit) for patient, day, unit in rows}


def list_visits(
    patient: uuid.UUID, *, by: Actor, limit: int = 20, before: datetime | None = None
) -> list[VisitLine]:
    """Return a person's visits, whichever of their records they are in, newest first."""
    require(by, "view", "encounter")
    earlier = "" if before is None else "AND t.period_start < %s"
    rows = fetch_values(
        "SELECT t.id, t.service_date, t.period_start, t.unit, t.complaint, t.status, t.payer, "
        "t.registration_number FROM registration_encounter t "
        f"WHERE t.patient_id IN ({RECORDS_OF}) AND t.owner = %s {earlier} "
        f"ORDER BY t.period_start DESC LIMIT {limit:d}",
        "udt-----",
        [*twice(patient), by.facility_id, *([] if before is None else [before])],
    )
    return [VisitLine(*row) for row in rows]
