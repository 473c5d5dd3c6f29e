"""Patients and visits for the tests of this step; every patient is invented."""

import uuid
from collections.abc import Callable, Iterator
from itertools import count

import pytest
import time_machine

from simpul.foundation.core.ids import uuid7
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.models import Distribution
from simpul.service.distribution.services import Visit, register_visit
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.services import register_patient
from simpul.service.registration.services import VisitWish

NewPatient = Callable[..., uuid.UUID]
NewVisit = Callable[..., Visit]

_FIRST = ("SITI", "BUDI", "RATNA", "AGUS", "WAHYU", "LESTARI", "JOKO", "MEGA", "TONO", "DEWI")
_LAST = ("KUSUMA", "PRATIWI", "SAPUTRA", "ANGGRAINI", "HIDAYAT", "MAHARANI", "SANTOSA")


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    """A working day at 08.14 WIB: no test may fail because it ran close to midnight."""
    with time_machine.travel("2026-02-03T01:14:02+00:00", tick=True):
        yield


@pytest.fixture
def serial() -> Iterator[int]:
    return count()


@pytest.fixture
def new_patient(registrar: Actor, serial: Iterator[int]) -> NewPatient:
    """Register an invented patient; returns the id."""

    def make(name: str = "", birth_date: str = "", **values: str) -> uuid.UUID:
        n = next(serial)
        typed = PatientInput(
            name=name or f"{_FIRST[n % 10]} {_LAST[n % 7]}",
            birth_date=birth_date or f"{1 + n % 28:02d}{1 + n % 12:02d}{1980 + n % 19}",
            sex=values.pop("sex", "female"),
            village=f"Desa {n}",
            mother_name=f"IBU {n}",
            **values,
        )
        return register_patient(by=registrar, typed=typed, confirm_new="uji").patient.id

    return make


@pytest.fixture
def new_visit(registrar: Actor, new_patient: NewPatient) -> NewVisit:
    """Register a visit of a new (or given) patient at a unit."""

    def make(unit: str = "umum", *, patient: uuid.UUID | None = None, **wish: object) -> Visit:
        name = str(wish.pop("name", ""))
        born = str(wish.pop("birth_date", ""))
        sex = str(wish.pop("sex", "female"))
        person = patient or new_patient(name, born, sex=sex)
        return register_visit(
            VisitWish(patient_id=person, unit=unit, override_reason="uji", **wish),  # type: ignore[arg-type]
            by=registrar,
        )

    return make


def stored(visit: Visit) -> Distribution:
    """Read the hand-over of a visit anew."""
    return Distribution.objects.get(id=visit.distribution.id)


def put(row: Distribution, **values: object) -> None:
    """Put a row into a state of the past; the triggers ask for a new change id."""
    Distribution.objects.filter(id=row.id).update(change=uuid7(), **values)
