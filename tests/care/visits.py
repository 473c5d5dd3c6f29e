"""A visit ready for the poli: a made-up patient, registered at the counter today."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.service.care.inputs import ConditionInput, EntryInput, ProcedureInput
from simpul.service.distribution.models import Distribution, Ticket
from simpul.service.distribution.services import register_visit
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.services import register_patient
from simpul.service.registration.models import Encounter
from simpul.service.registration.services import VisitWish

_NAMES = ("Satu", "Dua", "Tiga", "Empat", "Lima", "Enam", "Tujuh", "Delapan", "Sembilan")
_numbers = count()


@dataclass(frozen=True)
class Opened:
    """A visit's rows."""

    patient: PatientCard
    encounter: Encounter
    distribution: Distribution
    ticket: Ticket

    @property
    def id(self) -> uuid.UUID:
        """The encounter's id."""
        return self.encounter.id


def open_visit(
    by: Actor,
    *,
    unit: str = "umum",
    sex: str = "female",
    years: int = 40,
    complaint: str = "batuk tiga hari",
    name: str = "",
    patient: PatientCard | None = None,
) -> Opened:
    """Register a patient (unless one is given) and their visit to a unit."""
    number = next(_numbers)
    if patient is None:
        born = get_here().today() - timedelta(days=int(years * 365.25) + 40 + number % 20)
        words = f"{_NAMES[number % 9]} {_NAMES[number // 9 % 9]} {_NAMES[number // 81 % 9]}"
        patient = register_patient(
            by=by,
            typed=PatientInput(
                name=name or f"Contoh {words}",
                birth_date=f"{born:%d%m%Y}",
                sex=sex,
                village="Desa Contoh",
                mother_name="Ibu Contoh",
                guardian_name="Ibu Contoh",
                guardian_relation="ibu",
            ),
            confirm_new="orang berbeda",
        ).patient
    visit = register_visit(
        VisitWish(
            patient_id=patient.id, unit=unit, complaint=complaint, override_reason="arahan dokter"
        ),
        by=by,
    )
    return Opened(patient, visit.encounter, visit.distribution, visit.ticket)


VITALS = {"systolic": "120", "diastolic": "80", "pulse": "88", "temperature": "36,7"}
SOAP = {"s": "batuk", "o": "faring hiperemis", "a": "ISPA", "p": "istirahat"}


def vitals(**values: str) -> EntryInput:
    """Vital signs, the usual ones unless given."""
    return EntryInput("vitals", vitals=values or VITALS)


def soap(reason: str = "", **parts: str) -> EntryInput:
    """A note, complete unless parts are given."""
    return EntryInput("soap", soap=parts or SOAP, reason=reason)


def conditions(*codes: str, confirmed: bool = False, reason: str = "") -> EntryInput:
    """Diagnoses, the first one the main one."""
    items = tuple(ConditionInput(code, case_type="new", confirmed=confirmed) for code in codes)
    return EntryInput("condition", conditions=items, reason=reason)


def procedures(code: str, *, consent: bool | None = None) -> EntryInput:
    """One procedure."""
    return EntryInput("procedure", procedures=(ProcedureInput(code, consent),))


def whole_record() -> list[EntryInput]:
    """Everything a general clinic's record needs (besides the answer about allergies)."""
    return [vitals(), soap(), conditions("J06.9")]
