"""Made-up patients as the registrar would have typed them, and what the demo knows of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from simpul.demo.bulk import Bulk, Row, row_of
from simpul.demo.names.code_lists import OCCUPATIONS
from simpul.demo.names.people import MadeUpPerson, make_family
from simpul.domain.dates import age_on
from simpul.domain.identity import Sex, format_mrn, normalise_phone
from simpul.domain.names import split_titles
from simpul.service.filing.models import PaperFile
from simpul.service.patients.models import (
    AllergyIntolerance,
    Identifier,
    NoNikReason,
    Patient,
)

SHARE_WITH_OLD_NUMBER = 0.06


@dataclass(slots=True)
class Known:
    """A patient of the demo between one visit and the next."""

    id: str
    mrn: str
    name: str
    sex: Sex
    birth_date: date
    asked_allergy: bool = False
    allergic: bool = False
    body: tuple[float, float] | None = None
    folder: Row | None = None
    has_bpjs: bool = False

    def age(self, day: date) -> int:
        """Whole years on a day."""
        return age_on(self.birth_date, day).years


def people(
    rng: Random, today: date, *, first_family: int = 0
) -> Iterator[tuple[int, MadeUpPerson]]:
    """Yield made-up people family by family, each with the number of the next unused family."""
    family = first_family
    while True:
        members = make_family(rng, today, family)
        family += 1
        for person in members:
            yield family, person


def typed_values(person: MadeUpPerson, day: date) -> dict[str, Any]:
    """Return the columns of a patient as registration stores them (see `check_patient`)."""
    title, bare = split_titles(person.name)
    return {
        "name": (bare or person.name).upper(),
        "title": title[:20],
        "birth_date": person.birth_date.isoformat(),
        "sex": person.sex,
        "nik": person.nik or "",
        "no_nik_reason": "" if person.nik else _reason(person, day),
        "bpjs_number": person.bpjs_number or "",
        "kk_number": person.kk_number or "",
        "mother_name": person.mother_name.upper(),
        "address": person.address,
        "rt": person.rt.zfill(2),
        "rw": person.rw.zfill(2),
        "village": person.village.name,
        "village_code": person.village.code,
        "phone": normalise_phone(person.phone),
        "religion": person.religion,
        "occupation": str(OCCUPATIONS[person.occupation]),
        "education": person.education,
        "marital_status": person.marital_status,
        "is_identity_complete": bool(person.nik),
    }


def _reason(person: MadeUpPerson, day: date) -> str:
    if (day - person.birth_date).days < 60:
        return NoNikReason.NEWBORN.value
    if age_on(person.birth_date, day).years < 17:
        return NoNikReason.NOT_RECORDED.value
    return NoNikReason.NOT_BROUGHT.value


def register(
    bulk: Bulk, person: MadeUpPerson, number: int, *, at: Any, day: date, registrar: str, width: int
) -> Known:
    """Draft the act of registering a new patient with this record number."""
    values = typed_values(person, day)
    mrn = format_mrn(number, width)
    this = bulk.act(at, registrar)
    patient = this.create(Patient, **values, mrn=mrn, registered_at=this.instant)
    if bulk.rng.random() < SHARE_WITH_OLD_NUMBER:
        this.create(Identifier, patient_id=patient.id, system="old-mrn", value=f"B{number:05d}")
    this.record("patient-registered", patient=patient.id, subject=f"patient:{patient.id}")
    return Known(
        id=patient.id,
        mrn=mrn,
        name=values["name"],
        sex=person.sex,
        birth_date=person.birth_date,
        has_bpjs=bool(person.bpjs_number),
    )


def remember(patients: list[Patient]) -> list[Known]:
    """Return stored patients as the demo knows them."""
    ids = [patient.id for patient in patients]
    folders = {row.patient_id: row_of(row) for row in PaperFile.objects.filter(patient_id__in=ids)}
    allergies: dict[Any, bool] = {}
    for patient_id, is_none in AllergyIntolerance.objects.filter(
        patient_id__in=ids, is_current=True
    ).values_list("patient_id", "is_none"):
        allergies[patient_id] = allergies.get(patient_id, False) or not is_none
    return [
        Known(
            id=str(patient.id),
            mrn=patient.mrn,
            name=patient.name,
            sex="male" if patient.sex == "male" else "female",
            birth_date=patient.birth_date,
            asked_allergy=patient.id in allergies,
            allergic=allergies.get(patient.id, False),
            folder=folders.get(patient.id),
            has_bpjs=bool(patient.bpjs_number),
        )
        for patient in patients
    ]
