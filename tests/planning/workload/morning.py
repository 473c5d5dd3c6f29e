"""A morning at the counter, in a poli and in the record room, by the real services."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import time_machine

from simpul.foundation.staff.actor import Actor
from simpul.service.care.inputs import EntryInput
from simpul.service.completeness.services import close_encounter, save_entries
from simpul.service.distribution.queueing import call_next, start_ticket
from simpul.service.distribution.services import Visit, register_visit
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.services import register_patient
from simpul.service.registration.services import VisitWish

#: Monday, 2 March 2026, 08.00 WIB.
EIGHT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
VITALS = {
    "systolic": "120",
    "diastolic": "80",
    "temperature": "36,7",
    "pulse": "80",
    "respiratory_rate": "18",
}


def at(minutes: float) -> AbstractContextManager[object]:
    """Do something so many minutes after eight."""
    return time_machine.travel(EIGHT + timedelta(minutes=minutes), tick=False)


def new_visit(registrar: Actor, minutes: float, name: str, *, after: float = 1) -> Visit:
    """Register a new patient, and their visit `after` minutes later."""
    with at(minutes):
        typed = PatientInput(
            name=name,
            birth_date="12031985",
            sex="female",
            village="Sabrang",
            mother_name=f"Ibu {name}",
        )
        patient = register_patient(by=registrar, typed=typed, confirm_new="uji").patient
    with at(minutes + after):
        return register_visit(VisitWish(patient_id=patient.id, unit="umum"), by=registrar)


def serve(visit: Visit, minutes: float, *, nurse: Actor, physician: Actor, took: float) -> None:
    """Call, measure, start and close a visit of Poli Umum."""
    steps: list[tuple[float, Callable[[], object]]] = [
        (minutes, lambda: call_next("umum", by=nurse)),
        (
            minutes + 2,
            lambda: save_entries(
                visit.encounter.id, [EntryInput("vitals", vitals=VITALS)], by=nurse
            ),
        ),
        (minutes + 3, lambda: start_ticket(visit.ticket.id, by=physician)),
        (minutes + 3 + took, lambda: close_encounter(visit.encounter.id, by=physician, inputs=[])),
    ]
    for when, do in steps:
        with at(when):
            do()


NAMES = ("SITI CONTOHWATI", "BUDI HARTONO", "RATNA KUSUMA", "JOKO PRATIWI", "MEGA LESTARI")
