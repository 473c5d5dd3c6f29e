"""Patients of these tests, all made up, and settings as the head would save them."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from simpul.foundation.core.errors import SimpulError
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.numbers.services import (
    FamilyInput,
    PersonalInput,
    save_family_scheme,
    save_personal_scheme,
)
from simpul.service.patients.services import register_patient

AREAS = "Sabrang = 01\nAmbulu = 02"


def make_patient(by: Actor, name: str = "Wati Contoh", **typed: Any) -> PatientCard:
    """Register a patient; what is not given is made up."""
    values: dict[str, Any] = {
        "name": name,
        "birth_date": "12031985",
        "sex": "female",
        "village": "Sabrang",
        "mother_name": f"Ibu {name}",
    } | typed
    return register_patient(by=by, typed=PatientInput(**values), confirm_new="uji").patient


def number_people(by: Actor, prefix: str = "", width: str = "6", start: str = "") -> None:
    """Save the personal numbering."""
    save_personal_scheme(PersonalInput(prefix, width, start), by=by)


def number_families(by: Actor, **typed: Any) -> None:
    """Save the family numbering."""
    save_family_scheme(FamilyInput(**{"is_on": True, "areas": AREAS} | typed), by=by)


def at_once(*acts: Callable[[], str]) -> list[str]:
    """Do these in the same moment, each at a desk of its own; a refused one gives nothing."""
    ready, outcomes = threading.Barrier(len(acts)), []

    def desk(work: Callable[[], str]) -> None:
        ready.wait()
        try:
            outcomes.append(work())
        except SimpulError:
            outcomes.append("")
        finally:
            connection.close()

    desks = [threading.Thread(target=desk, args=(work,)) for work in acts]
    for one in desks:
        one.start()
    for one in desks:
        one.join()
    return outcomes
