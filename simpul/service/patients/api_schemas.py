"""Shapes of the patient calls: what is sent, what is answered, and an example of each."""

import uuid
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from simpul.foundation.staff.api import Sent
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.models import Education, MaritalStatus, NoNikReason, Religion

PATIENT_ID = "0193b5a0-5c3e-7c11-9a52-4d1f0a7be210"


def _choice(*values: str) -> dict[str, Any]:
    """A list of choices shown in the description; the service tells of a wrong one with others."""
    return {"enum": [*values, "", None]}


class PatientBody(Sent):
    """Identity as typed. Every text may be left out, `null` or empty; what must be there is told
    in one answer."""

    name: str | None = Field(None, max_length=200, description="Nama; gelar di depan dikenali.")
    birth_date: str | None = Field(
        None,
        max_length=40,
        description="ISO, atau seperti diketik di loket: 12031985, 12/3/1985, 35th.",
    )
    birth_date_estimated: bool = False
    sex: str | None = Field(None, json_schema_extra=_choice("male", "female"))
    nik: str | None = Field(None, max_length=40)
    no_nik_reason: str | None = Field(None, json_schema_extra=_choice(*NoNikReason.values))
    bpjs_number: str | None = Field(None, max_length=40)
    kk_number: str | None = Field(None, max_length=40)
    passport: str | None = Field(None, max_length=40)
    mother_name: str | None = Field(None, max_length=200)
    address: str | None = Field(None, max_length=400)
    rt: str | None = Field(None, max_length=10)
    rw: str | None = Field(None, max_length=10)
    village: str | None = Field(None, max_length=200)
    village_code: str | None = Field(None, max_length=20)
    phone: str | None = Field(None, max_length=40)
    religion: str | None = Field(None, json_schema_extra=_choice(*Religion.values))
    occupation: str | None = Field(None, max_length=200)
    education: str | None = Field(None, json_schema_extra=_choice(*Education.values))
    marital_status: str | None = Field(None, json_schema_extra=_choice(*MaritalStatus.values))
    guardian_name: str | None = Field(None, max_length=200)
    guardian_relation: str | None = Field(None, max_length=60)
    old_mrn: str | None = Field(None, max_length=60, description="Nomor RM lama, bila ada.")
    mother_nik: str | None = Field(None, max_length=40, description="Bayi baru lahir: NIK ibu.")
    mother_mrn: str | None = Field(
        None, max_length=40, description="Bayi baru lahir: nomor RM ibu, bila NIK-nya belum ada."
    )
    birth_order: int | None = Field(
        None, ge=1, le=9, description="Bayi baru lahir: anak ke berapa dari kelahiran itu."
    )
    letter_number: str | None = Field(
        None, max_length=120, description="Nomor surat keterangan dinas sosial."
    )


class ConfirmNew(Sent):
    """Why this is another person although somebody looks the same."""

    reason: str = Field(min_length=1, max_length=120)


class NewPatient(PatientBody):
    """A new patient; `confirm_new` decides about a look-alike."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"required": ["name", "birth_date", "sex", "village"]},
    )

    confirm_new: ConfirmNew | str | None = Field(
        None, description="Alasan bahwa ini orang lain daripada yang mirip: {reason} atau teksnya."
    )


class PatientOut(BaseModel):
    """One patient. What is not known is `null`."""

    id: uuid.UUID
    mrn: str
    name: str
    title: str | None
    birth_date: date
    birth_date_estimated: bool
    sex: Literal["male", "female"]
    nik: str | None
    no_nik_reason: str | None
    bpjs_number: str | None
    kk_number: str | None
    passport: str | None
    mother_name: str | None
    address: str | None
    rt: str | None
    rw: str | None
    village: str | None
    village_code: str | None
    phone: str | None
    religion: str | None
    occupation: str | None
    education: str | None
    marital_status: str | None
    guardian_name: str | None
    guardian_relation: str | None
    mother_nik: str | None
    mother_id: uuid.UUID | None
    birth_order: int | None
    letter_number: str | None
    deceased_on: date | None
    is_identity_complete: bool
    version: int


class WarningOut(BaseModel):
    """Something unusual that was saved all the same."""

    where: str
    code: str
    message: str


class SavedPatientOut(PatientOut):
    """A patient just saved."""

    warnings: list[WarningOut]


class PatientPage(BaseModel):
    """One page of patients."""

    items: list[PatientOut]
    next: str | None


class CandidateOut(BaseModel):
    """A known person who may be the one meant."""

    patient: PatientOut
    level: Literal["certain", "possible", "household"]
    score: float
    agrees: list[str]
    differs: list[str]


class Candidates(BaseModel):
    """Known people like the one typed, surest first."""

    candidates: list[CandidateOut]


def patient_json(patient: PatientCard) -> dict[str, Any]:
    """Return a patient as programs see it."""
    return {
        "id": patient.id,
        "mrn": patient.mrn,
        "name": patient.name,
        "title": patient.title or None,
        "birth_date": patient.birth_date,
        "birth_date_estimated": patient.birth_date_estimated,
        "sex": patient.sex,
        "nik": patient.nik or None,
        "no_nik_reason": patient.no_nik_reason or None,
        "bpjs_number": patient.bpjs_number or None,
        "kk_number": patient.kk_number or None,
        "passport": patient.passport or None,
        "mother_name": patient.mother_name or None,
        "address": patient.address or None,
        "rt": patient.rt or None,
        "rw": patient.rw or None,
        "village": patient.village or None,
        "village_code": patient.village_code or None,
        "phone": patient.phone or None,
        "religion": patient.religion or None,
        "occupation": patient.occupation or None,
        "education": patient.education or None,
        "marital_status": patient.marital_status or None,
        "guardian_name": patient.guardian_name or None,
        "guardian_relation": patient.guardian_relation or None,
        "mother_nik": patient.mother_nik or None,
        "mother_id": patient.mother,
        "birth_order": patient.birth_order,
        "letter_number": patient.letter_number or None,
        "deceased_on": patient.deceased_on,
        "is_identity_complete": patient.is_identity_complete,
        "version": patient.version,
    }


NEW_PATIENT = {
    "name": "Siti Contoh",
    "birth_date": "1985-03-12",
    "sex": "female",
    "nik": "3509015203850001",
    "mother_name": "Maryam Contoh",
    "address": "Dusun Krajan",
    "rt": "02",
    "rw": "01",
    "village": "Sabrang",
    "phone": "081234567890",
}

PATIENT = {
    "id": PATIENT_ID,
    "mrn": "000417",
    "name": "SITI CONTOH",
    "title": None,
    "birth_date": "1985-03-12",
    "birth_date_estimated": False,
    "sex": "female",
    "nik": "3509015203850001",
    "no_nik_reason": None,
    "bpjs_number": None,
    "kk_number": None,
    "passport": None,
    "mother_name": "MARYAM CONTOH",
    "address": "Dusun Krajan",
    "rt": "02",
    "rw": "01",
    "village": "Sabrang",
    "village_code": None,
    "phone": "+6281234567890",
    "religion": None,
    "occupation": None,
    "education": None,
    "marital_status": None,
    "guardian_name": None,
    "guardian_relation": None,
    "mother_nik": None,
    "mother_id": None,
    "birth_order": None,
    "letter_number": None,
    "deceased_on": None,
    "is_identity_complete": True,
    "version": 1,
}

CANDIDATES = {
    "candidates": [
        {
            "patient": PATIENT,
            "level": "possible",
            "score": 0.93,
            "agrees": ["nama sama", "tanggal lahir sama"],
            "differs": ["alamat lain"],
        }
    ]
}
