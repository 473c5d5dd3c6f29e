"""What other steps get of a patient: frozen cards, never rows they could save by accident."""

import uuid
from dataclasses import dataclass
from datetime import date

from simpul.domain.allergy import AllergyState
from simpul.domain.dates import age_on, age_text, format_date
from simpul.domain.identity import group_mrn
from simpul.domain.matching import PersonKey
from simpul.domain.names import known_as
from simpul.service.patients.models import Patient

#: From the domain's codes to the words of the banner component.
BANNER_STATES = {
    "recorded": "known",
    "none_known": "none",
    "not_asked": "unknown",
    "unreadable": "unavailable",
}


@dataclass(frozen=True)
class PatientCard:
    """Who this is, as shown in lists and banners and compared with others."""

    id: uuid.UUID
    version: int
    mrn: str
    name: str
    title: str
    birth_date: date
    birth_date_estimated: bool
    sex: str
    nik: str
    bpjs_number: str
    kk_number: str
    mother_name: str
    village: str
    rt: str
    rw: str
    phone: str
    deceased_on: date | None
    is_identity_complete: bool
    no_nik_reason: str = ""
    passport: str = ""
    address: str = ""
    village_code: str = ""
    religion: str = ""
    occupation: str = ""
    education: str = ""
    marital_status: str = ""
    guardian_name: str = ""
    guardian_relation: str = ""
    mother_nik: str = ""
    mother: uuid.UUID | None = None
    birth_order: int | None = None
    letter_number: str = ""
    merged_into: uuid.UUID | None = None

    @property
    def sex_letter(self) -> str:
        """L or P, as on every Indonesian form."""
        return "L" if self.sex == "male" else "P"

    @property
    def birth_text(self) -> str:
        """12 Mar 1985"""
        return format_date(self.birth_date)

    @property
    def mrn_text(self) -> str:
        """The record number in groups, easier to read aloud."""
        return group_mrn(self.mrn)

    def age_text(self, on: date) -> str:
        """39 th, 8 bl, 10 hr, or ± 35 th."""
        return age_text(self.birth_date, on, self.birth_date_estimated)

    def age_years(self, on: date) -> int:
        """Whole years."""
        return age_on(self.birth_date, on).years

    @property
    def key(self) -> PersonKey:
        """What the matcher compares."""
        return PersonKey(
            name=known_as(self.title, self.name),
            birth_date=self.birth_date,
            birth_date_estimated=self.birth_date_estimated,
            sex="male" if self.sex == "male" else "female",
            nik=self.nik,
            bpjs=self.bpjs_number,
            mother_name=self.mother_name,
            village=self.village,
            rt=self.rt,
            rw=self.rw,
            kk=self.kk_number,
            phone=self.phone,
            mother_nik=self.mother_nik,
            birth_order=self.birth_order,
        )


@dataclass(frozen=True)
class Found:
    """One hit of the search box: the card, how alike, when last here.

    `found_by` is the number of the merged record that was found, where this one stands for it.
    """

    patient: PatientCard
    score: float
    exact: bool
    found_by: str = ""


@dataclass(frozen=True)
class Banner:
    """The identity banner of every page about one patient."""

    patient: PatientCard
    allergy: AllergyState

    @property
    def allergy_line(self) -> dict[str, object]:
        """The allergy state as the banner component takes it."""
        return {
            "state": BANNER_STATES[self.allergy.code],
            "text": self.allergy.listed,
            "asked_on": self.allergy.asked_on,
        }


def card(row: Patient) -> PatientCard:
    """Return the card of a patient's row."""
    return PatientCard(
        id=row.id,
        version=row.version,
        mrn=row.mrn,
        name=row.name,
        title=row.title,
        birth_date=row.birth_date,
        birth_date_estimated=row.birth_date_estimated,
        sex=row.sex,
        nik=row.nik,
        bpjs_number=row.bpjs_number,
        kk_number=row.kk_number,
        mother_name=row.mother_name,
        village=row.village,
        rt=row.rt,
        rw=row.rw,
        phone=row.phone,
        deceased_on=row.deceased_on,
        is_identity_complete=row.is_identity_complete,
        no_nik_reason=row.no_nik_reason,
        passport=row.passport,
        address=row.address,
        village_code=row.village_code,
        religion=row.religion,
        occupation=row.occupation,
        education=row.education,
        marital_status=row.marital_status,
        guardian_name=row.guardian_name,
        guardian_relation=row.guardian_relation,
        mother_nik=row.mother_nik,
        mother=row.mother_id,
        birth_order=row.birth_order,
        letter_number=row.letter_number,
        merged_into=row.merged_into_id,
    )
