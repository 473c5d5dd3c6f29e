"""The row of numbers judged while it is being typed: what is impossible, what is unusual, BMI.

The same limits as at saving (`domain.vitals`); here they come with what was probably meant.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from simpul.domain.placement import counted_days
from simpul.domain.vitals import VITALS, bmi, bmi_class, check_vitals, shown
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.service.care.inputs import read_decimal
from simpul.service.care.selectors import previous_vitals
from simpul.service.registration.models import Encounter

_ADULT_DAYS = 6575


@dataclass(frozen=True)
class VitalRemark:
    """One remark on one box; `suggested` is what was probably meant."""

    where: str
    is_refused: bool
    message: str
    suggested: str = ""


@dataclass(frozen=True)
class VitalsReview:
    """All remarks on a row, and the body mass index when weight and height are there."""

    remarks: tuple[VitalRemark, ...]
    bmi: str = ""

    @property
    def refused(self) -> dict[str, VitalRemark]:
        """The first refusal of each box."""
        return {r.where: r for r in reversed(self.remarks) if r.is_refused}


def vital_codes(age_days: int, *, is_pregnant: bool = False) -> tuple[str, ...]:
    """The boxes of the row, in the order they are measured, for this patient."""
    codes = ["systolic", "diastolic", "pulse", "respiratory_rate", "temperature", "spo2"]
    codes += ["weight", "height"]
    if age_days < 5 * 366:
        return (*codes, "arm_circumference", "head_circumference")
    return (*codes, "glucose", "arm_circumference" if is_pregnant else "waist_circumference")


def age_days_now(encounter: Encounter) -> int:
    """How old the patient is today, in days."""
    return counted_days(encounter.patient.person.birth_date, get_here().today())


def review_vitals(texts: dict[str, str], *, encounter: Encounter, by: Actor) -> VitalsReview:
    """Judge typed numbers of a visit; nothing is stored."""
    values: dict[str, Decimal] = {}
    remarks: list[VitalRemark] = []
    for code, text in texts.items():
        if not text:
            continue
        value = read_decimal(text)
        if value is None:
            message = _("%(label)s ditulis dengan angka, misalnya 36,7.")
            remarks.append(VitalRemark(code, True, message % {"label": VITALS[code].label}))
        else:
            values[code] = round(value, 3)
    age_days = age_days_now(encounter)
    previous = previous_vitals(encounter, by=by) if {"weight", "height"} & set(values) else {}
    remarks += [
        VitalRemark(f.where, f.severity == "refuse", f.message, f.suggested or "")
        for f in check_vitals(values, age_days, previous)
    ]
    refused = {remark.where for remark in remarks if remark.is_refused}
    return VitalsReview(
        tuple(remarks), _bmi({c: v for c, v in values.items() if c not in refused}, age_days)
    )


def _bmi(values: dict[str, Decimal], age_days: int) -> str:
    if "weight" not in values or "height" not in values:
        return ""
    value = bmi(values["weight"], values["height"])
    return f"{shown(value)} ({bmi_class(value)})" if age_days >= _ADULT_DAYS else shown(value)
