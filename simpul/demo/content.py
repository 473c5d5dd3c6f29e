"""What made-up clinicians find: complaint and unit, measurements, note, diagnosis, procedure."""

from bisect import bisect
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from itertools import accumulate
from random import Random
from typing import Any

from simpul.demo.names.complaints import Complaint, SoapText, list_complaints
from simpul.domain.completeness_rules import VITALS_UNITS
from simpul.domain.dates import age_on, age_text
from simpul.domain.identity import Sex
from simpul.domain.placement import Situation, Suggestion, counted_days, suggest
from simpul.domain.placement_national import NATIONAL_RULES
from simpul.domain.placement_rules import (
    ADULT_YEARS,
    FERTILE_FROM_YEARS,
    FERTILE_UNTIL_YEARS,
    years,
)
from simpul.domain.vitals import VITALS
from simpul.service.care.terminology import icd10, procedures

#: How many of a hundred visits a unit gets, before age and sex are looked at.
UNIT_WEIGHTS = {
    "umum": 46, "lansia": 60, "gigi": 9, "mtbs": 62, "kia": 26, "imunisasi": 16, "ugd": 3,
    "rawat-inap": 1, "persalinan": 1, "gizi": 2, "tb": 3,
}  # fmt: skip
UNDER_FIVE, GROWN_FROM = 5, 13
PREGNANT_TEMPLATES = frozenset({"anc", "partus"})
PROCEDURES = {
    "gigi": ("89.31",), "asma": ("93.94",), "luka": ("86.59", "86.28"), "anc": ("88.78",),
    "kb": ("99.24",), "imunisasi": ("99.39", "99.45"), "telinga": ("96.52",), "mata": ("95.01",),
    "ht": ("89.52",),
}  # fmt: skip
#: Of a hundred visits for which a procedure is usual, how many have it written down.
PROCEDURE_SHARE = {"ht": 0.1, "anc": 0.3, "gigi": 0.6}
NO_ALLERGY, ALLERGIC = "Riwayat alergi obat (-)", "Riwayat alergi obat (+), lihat catatan alergi"
ALLERGENS = (
    ("Amoksisilin", "Gatal, kemerahan", "medication"),
    ("Parasetamol", "Bengkak di kelopak mata", "medication"),
    ("Kotrimoksazol", "Ruam di badan", "medication"),
    ("Udang", "Gatal, biduran", "food"),
    ("Telur", "Biduran", "food"),
    ("Debu rumah", "Bersin, sesak", "environment"),
)
NOTES_EACH = 4


@dataclass(frozen=True, slots=True)
class Case:
    """Why somebody comes: what they say, where it leads, and what the program suggests."""

    complaint: Complaint
    unit: str
    pregnant: bool | None
    suggestion: Suggestion | None


def pick_case(
    rng: Random, sex: Sex, birth_date: date, day: date, *, unit: str | None = None
) -> Case | None:
    """Return a reason to come that this person could have; None where the unit has none."""
    age = age_on(birth_date, day).years
    complaints, weights = _fitting(sex, min(age, 100), unit)
    if not complaints:
        return None
    complaint = complaints[bisect(weights, rng.random() * weights[-1])]
    pregnant = complaint.template in PREGNANT_TEMPLATES or None
    suggestion = _suggest(complaint.text, sex, counted_days(birth_date, day), pregnant)
    if suggestion is not None and "{age}" in _reasons()[suggestion.rule]:
        reason = _reasons()[suggestion.rule].replace("{age}", age_text(birth_date, day))
        suggestion = replace(suggestion, reason=reason)
    return Case(complaint, complaint.unit, pregnant, suggestion)


_suggested: dict[tuple[str, Sex, int, bool | None], Suggestion | None] = {}


def _suggest(text: str, sex: Sex, age_days: int, pregnant: bool | None) -> Suggestion | None:
    """Ask the rules once for all ages between which no rule draws a line."""
    key = (text, sex, bisect(_age_lines(), age_days), pregnant)
    if key not in _suggested:
        _suggested[key] = suggest(
            Situation(complaint=text, sex=sex, age_days=age_days, pregnant=pregnant)
        )
    return _suggested[key]


@cache
def _age_lines() -> list[int]:
    lines = {rule.age_from_days for rule in NATIONAL_RULES}
    lines |= {rule.age_below_days for rule in NATIONAL_RULES if rule.age_below_days is not None}
    # The cluster of a unit, and whether somebody can be pregnant, change with age as well.
    lines |= {years(n) for n in (UNDER_FIVE, ADULT_YEARS, FERTILE_FROM_YEARS, FERTILE_UNTIL_YEARS)}
    return sorted(lines)


@cache
def _reasons() -> dict[str, str]:
    return {rule.code: rule.reason for rule in NATIONAL_RULES}


@cache
def _fitting(sex: Sex, age: int, unit: str | None) -> tuple[list[Complaint], list[float]]:
    units: dict[str, list[Complaint]] = {}
    for complaint in list_complaints(unit):
        if complaint.unit in UNIT_WEIGHTS and complaint.fits(sex, age):
            units.setdefault(complaint.unit, []).append(complaint)
    fitting = [complaint for group in units.values() for complaint in group]
    shares = [UNIT_WEIGHTS[c.unit] / len(units[c.unit]) for c in fitting]
    return fitting, list(accumulate(shares))


@cache
def _notes(complaint: Complaint) -> tuple[SoapText, ...]:
    rng = Random(complaint.text)
    return tuple(complaint.write_soap(rng) for _ in range(NOTES_EACH))


def note(rng: Random, complaint: Complaint, *, allergic: bool) -> dict[str, Any]:
    """Return the four parts of a note."""
    text = rng.choice(_notes(complaint))
    subjective = text.subjective
    if allergic:
        subjective = subjective.replace(NO_ALLERGY, ALLERGIC)
    return {"s": subjective, "o": text.objective, "a": text.assessment, "p": text.plan}


@lru_cache(maxsize=2000)
def _diagnosis(code: str) -> tuple[str, str, str]:
    term = icd10.get(code)
    if term is None:
        raise LookupError(f"complaints.csv names an unknown diagnosis: {code}")
    return term.code, term.label[:200], str(term.edition)[:6]


def diagnoses(rng: Random, complaint: Complaint) -> list[dict[str, Any]]:
    """Return the diagnoses of a visit, the main one first."""
    main = complaint.codes[0]
    others = [code for code in complaint.codes[1:] if rng.random() < 0.3]
    items = []
    for code in dict.fromkeys((main, *others)):
        real, label, edition = _diagnosis(code)
        kind = "old" if complaint.template in ("ht", "dm", "tb") else "new"
        items.append({"code": real, "display": label, "edition": edition, "case_type": kind})
    return items


def procedures_of(rng: Random, complaint: Complaint) -> list[dict[str, Any]]:
    """Return the procedures of a visit, with the consent that each needs."""
    usual = PROCEDURES.get(complaint.template)
    if not usual or rng.random() > PROCEDURE_SHARE.get(complaint.template, 0.8):
        return []
    term = procedures.get(rng.choice(usual))
    if term is None:
        return []
    return [
        {
            "code": term.code,
            "display": term.label,
            "needs_consent": term.needs_consent,
            "consent_given": True if term.needs_consent else None,
        }
    ]


def measures(unit: str) -> bool:
    """Are vital signs owed in this unit?"""
    return unit in VITALS_UNITS


def vitals(
    rng: Random, complaint: Complaint, age: int, body: tuple[float, float] | None
) -> tuple[dict[str, str], tuple[float, float]]:
    """Return measurements by code, and the weight and height to remember."""
    weight, height = body or _body(rng, age)
    weight = round(weight * rng.uniform(0.985, 1.015), 1)
    feverish = any(word in complaint.text for word in ("panas", "demam", "greges"))
    grown = age >= GROWN_FROM
    values: dict[str, float] = {
        "temperature": rng.uniform(37.9, 39.4) if feverish else rng.uniform(36.2, 37.2),
        "pulse": float(int(rng.gauss(82 if age >= GROWN_FROM else 108, 8))),
    }
    if grown:
        raised = complaint.codes[0].startswith(("I10", "I69"))
        systolic = int(rng.gauss(156 if raised else 118 + age * 0.2, 9))
        values["systolic"] = float(systolic)
        values["diastolic"] = float(int(systolic * rng.uniform(0.6, 0.67)))
    if not grown or rng.random() < 0.3:
        breaths = rng.randint(16, 22) if age >= UNDER_FIVE else rng.randint(24, 36)
        values["respiratory_rate"] = float(breaths)
    if not grown or body is None or rng.random() < 0.5:
        values["weight"] = weight
    if grown and body is None:
        values["height"] = height
    if complaint.codes[0].startswith("E11"):
        values["glucose"] = float(rng.randint(148, 262))
    return {code: plain(value) for code, value in values.items()}, (weight, height)


def plain(value: float) -> str:
    """A measured number as text, without zeros that say nothing: 120, 36.7."""
    return f"{value:.1f}".removesuffix(".0")


def _body(rng: Random, age: int) -> tuple[float, float]:
    if age < 1:
        return round(rng.uniform(4.0, 9.0), 1), float(rng.randint(54, 74))
    if age < GROWN_FROM:
        return round(8 + age * 2.4 * rng.uniform(0.85, 1.15), 1), float(75 + age * 6)
    return round(rng.uniform(44, 78), 1), float(rng.randint(148, 173))


@cache
def observation_codes() -> dict[str, tuple[str, str]]:
    """LOINC (or SNOMED) code and unit of each vital sign."""
    return {code: (vital.system_code, vital.unit) for code, vital in VITALS.items()}
