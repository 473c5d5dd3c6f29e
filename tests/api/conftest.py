"""A patient, a visit and its parts for the tests of the API, made through the services."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest

from simpul.foundation.facilities.selectors import Here
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.services import Visit, register_visit
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.services import register_patient
from simpul.service.registration.services import VisitWish

_number = count(1)


@pytest.fixture
def make_patient(house: Here, registrar: Actor) -> Callable[..., PatientCard]:
    """Return a maker of adult women with invented, clearly different identities."""

    def make(name: str = "", **fields: str) -> PatientCard:
        n = next(_number)
        born = house.today() - timedelta(days=365 * 30 + 37 * n)
        typed = PatientInput(
            **{
                "name": name or f"Contoh {chr(65 + n % 26)}{chr(97 + n // 26 % 26)}rani",
                "birth_date": born.isoformat(),
                "sex": "female",
                "village": "Sabrang",
                "mother_name": f"Ibu {n}",
                **fields,
            }
        )
        made = register_patient(by=registrar, typed=typed, confirm_new="orang lain")
        return made.patient

    return make


@pytest.fixture
def patient(make_patient: Callable[..., PatientCard]) -> PatientCard:
    return make_patient("Siti Contoh", phone="081234567890")


@pytest.fixture
def make_visit(registrar: Actor, make_patient: Callable[..., PatientCard]) -> Callable[..., Visit]:
    """Return a maker of visits; of a new patient unless one is given."""

    def make(patient: PatientCard | None = None, unit: str = "umum") -> Visit:
        return register_visit(
            VisitWish(
                patient_id=(patient or make_patient()).id,
                unit=unit,
                complaint="batuk",
                override_reason="permintaan pasien",
            ),
            by=registrar,
        )

    return make


@pytest.fixture
def visit(patient: PatientCard, make_visit: Callable[..., Visit]) -> Visit:
    return make_visit(patient)
