"""Shapes of the record calls: entries, closing, allergies, what is missing, the return."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from simpul.foundation.staff.api import Sent
from simpul.service.care.api_schemas import ENTRY, EntryBody, EntryOut, signed_json, warnings_json
from simpul.service.completeness.models import CompletenessCheck
from simpul.service.completeness.selectors import RecordLine
from simpul.service.completeness.services import Saved
from simpul.service.distribution.api_schemas import ENCOUNTER_ID
from simpul.service.patients.api_schemas import PATIENT_ID, WarningOut
from simpul.service.patients.models import AllergyIntolerance

Status = Literal["incomplete", "complete", "filed"]
Label = Annotated[str, Field(min_length=1, max_length=120)]


class EntriesBody(Sent):
    """Entries signed together: all or none."""

    entries: Annotated[list[EntryBody], Field(min_length=1, max_length=20)]
    unit: Annotated[str | None, Field(max_length=20)] = Field(
        None, description="Unit penulis; kosong berarti tempat rekam sekarang."
    )


class CloseBody(Sent):
    """What is still to be signed when the visit ends."""

    entries: Annotated[list[EntryBody], Field(max_length=20)] = Field(default_factory=list)


class ReturnBody(Sent):
    """What is missing on paper; empty when only the analysis finds something missing."""

    paper_items: Annotated[list[Label], Field(max_length=20)] = Field(default_factory=list)
    note: Annotated[str | None, Field(max_length=500)] = None


class AllergyBody(Sent):
    """A known allergy, or `none: true`: asked, and there is none."""

    none: bool = False
    substance: Annotated[str | None, Field(max_length=80)] = None
    reaction: Annotated[str | None, Field(max_length=120)] = None
    category: Literal["food", "medication", "environment", ""] | None = None
    noted_year: Annotated[int | None, Field(ge=1900, le=2200)] = None


class MissingOut(BaseModel):
    """Something the record still lacks."""

    rule: str
    component: str
    message: str


class CheckOut(BaseModel):
    """The analysis of a closed visit's record."""

    status: Status
    percent: int
    closed_at: datetime
    checked_at: datetime


class SavedOut(BaseModel):
    """What a save did, and what the record still lacks."""

    encounter_id: uuid.UUID
    status: str
    entries: list[EntryOut]
    warnings: list[WarningOut]
    missing: list[MissingOut]
    check: CheckOut | None


class Entries(BaseModel):
    """Every version of every entry of a visit, oldest first."""

    items: list[EntryOut]
    next: None


class OpenItemOut(MissingOut):
    """One open deficiency."""

    id: uuid.UUID
    is_paper: bool
    returned_at: datetime | None


class RecordLineOut(BaseModel):
    """The record of one closed visit in the record room's list."""

    encounter_id: uuid.UUID
    patient_id: uuid.UUID
    name: str
    mrn: str
    unit: str
    unit_name: str
    practitioner: str
    service_date: date
    closed_at: datetime
    status: Status
    percent: int
    age_hours: int
    is_returned: bool
    is_delinquent: bool
    missing: list[OpenItemOut]


class RecordPage(BaseModel):
    """One page of records."""

    items: list[RecordLineOut]
    next: str | None


class AllergyOut(BaseModel):
    """One known allergy."""

    id: uuid.UUID
    substance: str
    reaction: str | None
    category: str | None
    noted_year: int | None
    recorded_at: datetime


class Allergies(BaseModel):
    """What is known of a patient's allergies; not asked is never the same as none known."""

    patient_id: uuid.UUID
    state: Literal["recorded", "none_known", "not_asked", "unreadable"]
    items: list[AllergyOut]
    next: None


def saved_json(saved: Saved) -> dict[str, Any]:
    """Return what a save did."""
    return {
        "encounter_id": saved.encounter.id,
        "status": saved.encounter.status,
        "entries": [signed_json(entry) for entry in saved.signed.entries] if saved.signed else [],
        "warnings": warnings_json(saved.warnings),
        "missing": [
            {"rule": item.rule, "component": item.component, "message": item.message}
            for item in saved.missing
        ],
        "check": None if saved.check is None else check_json(saved.check),
    }


def check_json(check: CompletenessCheck) -> dict[str, Any]:
    """Return an analysis."""
    return {
        "status": check.status,
        "percent": check.percent,
        "closed_at": check.closed_at,
        "checked_at": check.checked_at,
    }


def record_json(line: RecordLine) -> dict[str, Any]:
    """Return one line of the record room's list."""
    names = RecordLineOut.model_fields.keys() - {"missing"}
    content: dict[str, Any] = {name: getattr(line, name) for name in names}
    content["missing"] = [vars(item) for item in line.missing]
    return content


def allergy_json(row: AllergyIntolerance) -> dict[str, Any]:
    """Return one known allergy."""
    return {
        "id": row.id,
        "substance": row.substance,
        "reaction": row.reaction or None,
        "category": row.category or None,
        "noted_year": row.noted_year,
        "recorded_at": row.recorded_at,
    }


ENTRIES = {
    "entries": [
        {"kind": "vitals", "vitals": {"systolic": 120, "diastolic": 80, "temperature": "36,7"}},
        {"kind": "soap", "soap": {"s": "batuk tiga hari", "o": "", "a": "ISPA", "p": "obat"}},
        {"kind": "condition", "conditions": [{"code": "J06.9", "case_type": "new"}]},
    ]
}
MISSING = {
    "rule": "allergy",
    "component": "recording",
    "message": "Alergi belum ditanyakan.",
}
CHECK = {
    "status": "incomplete",
    "percent": 92,
    "closed_at": "2026-11-22T02:20:00+00:00",
    "checked_at": "2026-11-22T02:20:00+00:00",
}
SAVED: dict[str, Any] = {
    "encounter_id": ENCOUNTER_ID,
    "status": "in-progress",
    "entries": [ENTRY],
    "warnings": [],
    "missing": [MISSING],
    "check": None,
}
RECORD_LINE: dict[str, Any] = {
    "encounter_id": ENCOUNTER_ID,
    "patient_id": PATIENT_ID,
    "name": "SITI CONTOH",
    "mrn": "000417",
    "unit": "umum",
    "unit_name": "Poli Umum",
    "practitioner": "dr. Contoh",
    "service_date": "2026-11-22",
    "closed_at": "2026-11-22T02:20:00+00:00",
    "status": "incomplete",
    "percent": 92,
    "age_hours": 20,
    "is_returned": True,
    "is_delinquent": False,
    "missing": [
        {
            "id": "0193b5a0-8f30-7c22-9d33-ae4f50617283",
            **MISSING,
            "is_paper": False,
            "returned_at": "2026-11-22T03:00:00+00:00",
        }
    ],
}
ALLERGIES: dict[str, Any] = {
    "patient_id": PATIENT_ID,
    "state": "recorded",
    "items": [
        {
            "id": "0193b5a0-9a40-7d33-8e44-bf5061728394",
            "substance": "amoksisilin",
            "reaction": "ruam",
            "category": "medication",
            "noted_year": 2024,
            "recorded_at": "2026-11-22T01:50:00+00:00",
        }
    ],
    "next": None,
}
