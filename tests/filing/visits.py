"""Patients, visits and closed records as the record room meets them."""

from collections.abc import Iterable

from simpul.foundation.staff.actor import Actor
from simpul.service.care.inputs import ConditionInput, EntryInput
from simpul.service.completeness.services import close_encounter
from simpul.service.distribution.services import Visit, register_visit
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.selectors import get_patient
from simpul.service.patients.services import note_no_allergies, register_patient
from simpul.service.registration.services import VisitWish

#: Everything a record of Poli Umum owes; leave parts out to make it incomplete.
PARTS = ("vitals", "soap", "condition", "allergy")
VITALS = {
    "systolic": "120",
    "diastolic": "80",
    "temperature": "36,7",
    "pulse": "80",
    "respiratory_rate": "18",
}


def new_patient(registrar: Actor, name: str = "SITI CONTOHWATI", **fields: str) -> PatientCard:
    """Register a person nobody resembles."""
    typed = {
        "name": name,
        "birth_date": "12031985",
        "sex": "female",
        "village": "Sabrang",
        "mother_name": f"Ibu {name}",
        **fields,
    }
    row = register_patient(by=registrar, typed=PatientInput(**typed)).patient
    return get_patient(row.id, by=registrar)


def visit(registrar: Actor, patient: PatientCard, unit: str = "umum") -> Visit:
    """Register today's visit of a patient in a unit."""
    wish = VisitWish(
        patient_id=patient.id, complaint="batuk", unit=unit, override_reason="arahan dokter"
    )
    return register_visit(wish, by=registrar)


def entries(parts: Iterable[str]) -> list[EntryInput]:
    """The signed entries a clinician writes."""
    made = {
        "vitals": EntryInput("vitals", vitals=VITALS),
        "soap": EntryInput("soap", soap={"s": "batuk", "o": "normal", "a": "ISPA", "p": "obat"}),
        "condition": EntryInput("condition", conditions=(ConditionInput("J06.9"),)),
    }
    return [made[part] for part in parts if part in made]


def close(registered: Visit, clinician: Actor, *, parts: Iterable[str] = PARTS) -> None:
    """Write these parts of a record and close the visit."""
    if "allergy" in parts:
        note_no_allergies(registered.encounter.patient_id, by=clinician)
    close_encounter(registered.encounter.id, by=clinician, inputs=entries(parts))
