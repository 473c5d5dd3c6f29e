"""Shapes of clinical entries: what is signed, what is read, and an example of each."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StrictFloat, StrictInt, StrictStr

from simpul.domain.errors import Finding
from simpul.foundation.staff.api import Sent
from simpul.service.care.inputs import ConditionInput, EntryInput, ProcedureInput
from simpul.service.care.models import Entry
from simpul.service.care.selectors import EntryView
from simpul.service.distribution.api_schemas import ENCOUNTER_ID

ENTRY_ID = "0193b5a0-7e20-7b11-8c22-9d3e4f506172"

Kind = Literal["vitals", "soap", "condition", "procedure", "note"]
Number = StrictStr | StrictInt | StrictFloat
Text = Annotated[str, Field(max_length=8000)]


class ConditionBody(Sent):
    """One diagnosis; the first one is the main diagnosis."""

    code: Annotated[str, Field(max_length=12, description="ICD-10.")]
    display: Annotated[str | None, Field(max_length=200)] = None
    case_type: Literal["new", "old", "follow", ""] | None = None
    confirmed: bool = Field(False, description="Ya atas pertanyaan tentang umur.")


class ProcedureBody(Sent):
    """One procedure."""

    code: Annotated[str, Field(max_length=12, description="ICD-9-CM.")]
    consent_given: bool | None = None


class SoapBody(Sent):
    """Subjective, objective, assessment, plan."""

    s: Text | None = None
    o: Text | None = None
    a: Text | None = None
    p: Text | None = None


class EntryBody(Sent):
    """One entry to be signed; only the part of its `kind` is read."""

    kind: Kind
    vitals: Annotated[dict[str, Number | None], Field(max_length=40)] = Field(
        default_factory=dict,
        description="systolic, diastolic, pulse, respiratory_rate, temperature, spo2, weight, …",
    )
    soap: SoapBody = Field(default_factory=SoapBody)
    conditions: Annotated[list[ConditionBody], Field(max_length=20)] = Field(default_factory=list)
    procedures: Annotated[list[ProcedureBody], Field(max_length=20)] = Field(default_factory=list)
    text: Text | None = None
    replaces: uuid.UUID | None = Field(None, description="Catatan yang diperbaiki.")
    reason: Annotated[str | None, Field(max_length=160)] = Field(
        None, description="Alasan perbaikan; perlu setelah kunjungan ditutup."
    )

    def as_input(self) -> EntryInput:
        """Return what the service signs."""
        soap = self.soap.model_dump(exclude_none=True)
        return EntryInput(
            kind=self.kind,
            vitals={code: str(v) for code, v in self.vitals.items() if v is not None},
            soap=soap,
            conditions=tuple(
                ConditionInput(
                    code=c.code,
                    display=c.display or "",
                    case_type=c.case_type or "",
                    confirmed=c.confirmed,
                )
                for c in self.conditions
            ),
            procedures=tuple(
                ProcedureInput(code=p.code, consent_given=p.consent_given) for p in self.procedures
            ),
            text=self.text or "",
            replaces=self.replaces,
            reason=self.reason or "",
        )


class EntryOut(BaseModel):
    """One signed entry; a correction names what it replaces, and the old one stays."""

    id: uuid.UUID
    kind: Kind
    unit: str
    body: dict[str, Any]
    author: str
    author_role: str
    signed_at: datetime
    revision: int
    reason: str | None
    is_current: bool
    is_error: bool
    replaces: uuid.UUID | None


class PastVisitOut(BaseModel):
    """An earlier visit with what was found."""

    encounter_id: uuid.UUID
    registration_number: str
    on: date
    at: datetime
    unit: str
    status: str
    payer: str
    complaint: str
    entries: list[EntryOut]


class HistoryPage(BaseModel):
    """Visits of a patient, newest first."""

    items: list[PastVisitOut]
    next: str | None


def entry_json(entry: EntryView) -> dict[str, Any]:
    """Return one entry as programs see it."""
    return {**vars(entry), "reason": entry.reason or None}


def signed_json(entry: Entry) -> dict[str, Any]:
    """Return an entry just signed."""
    return {
        "id": entry.id,
        "kind": entry.kind,
        "unit": entry.unit,
        "body": entry.body,
        "author": entry.author_name,
        "author_role": entry.author_role,
        "signed_at": entry.signed_at,
        "revision": entry.revision,
        "reason": entry.reason or None,
        "is_current": entry.is_current,
        "is_error": entry.is_error,
        "replaces": entry.replaces_id,
    }


def warnings_json(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return unusual values that were saved."""
    return [{"where": f.where, "code": f.code, "message": f.message} for f in findings]


ENTRY: dict[str, Any] = {
    "id": ENTRY_ID,
    "kind": "soap",
    "unit": "umum",
    "body": {"s": "batuk tiga hari", "o": "faring merah", "a": "ISPA", "p": "obat, istirahat"},
    "author": "dr. Contoh",
    "author_role": "dokter",
    "signed_at": "2026-11-22T02:05:00+00:00",
    "revision": 1,
    "reason": None,
    "is_current": True,
    "is_error": False,
    "replaces": None,
}
PAST_VISIT: dict[str, Any] = {
    "encounter_id": ENCOUNTER_ID,
    "registration_number": "261122-0007",
    "on": "2026-11-22",
    "at": "2026-11-22T01:14:03+00:00",
    "unit": "umum",
    "status": "finished",
    "payer": "bpjs",
    "complaint": "batuk tiga hari",
    "entries": [ENTRY],
}
