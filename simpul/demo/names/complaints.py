"""What people say at the counter of a Puskesmas in Jember, and what it usually turns out to be.

Phrases are ours, in Indonesian with Javanese and some Madurese words. Each names the unit that
takes it, for whom it makes sense, likely ICD-10 codes and the note template the clinician uses.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from simpul.service.care.terminology import icd10
from simpul.service.care.terminology.soap_templates import get_template

COMPLAINTS_FILE = Path(__file__).with_name("complaints.csv")
GAP = "…"  # what a template leaves to the clinician
DURATIONS = ("2 hari", "3 hari", "4 hari", "1 minggu", "10 hari")


@dataclass(frozen=True, slots=True)
class SoapText:
    """The four parts of a note, filled in."""

    subjective: str
    objective: str
    assessment: str
    plan: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing people say; ages are completed years, both ends included."""

    unit: str
    text: str
    sex: str  # male, female or any
    least_age: int
    most_age: int
    codes: tuple[str, ...]  # first = usual main diagnosis
    template: str

    def fits(self, sex: str, age: int) -> bool:
        """Whether somebody of this sex and age could say it."""
        return self.sex in ("any", sex) and self.least_age <= age <= self.most_age

    def write_soap(self, rng: Random) -> SoapText:
        """A note for this complaint, as a hurried but complete clinician would leave it."""
        template = get_template(self.template)
        if template is None:
            raise LookupError(f"complaints.csv names an unknown template: {self.template}")
        since = rng.choice(DURATIONS)
        spoken = self.text[0].upper() + self.text[1:]
        return SoapText(
            subjective=f"{spoken}, sejak {since}. Riwayat alergi obat (-).",
            objective=_without_gaps(template.objective),
            assessment=f"{', '.join(filter(None, map(_name_of, self.codes)))}.",
            plan=_without_gaps(template.plan),
        )


def _name_of(code: str) -> str:
    term = icd10.get(code)
    return term.label if term else ""


def _without_gaps(text: str) -> str:
    """Leave out the clauses a clinician would have had to complete."""
    sentences = []
    for sentence in text.removesuffix(".").split(". "):
        clauses = [clause for clause in sentence.split(", ") if GAP not in clause]
        if clauses:
            joined = ", ".join(clauses).strip()
            sentences.append(joined[0].upper() + joined[1:])
    return f"{'. '.join(sentences)}." if sentences else ""


@cache
def list_complaints(unit: str | None = None) -> tuple[Complaint, ...]:
    """All complaints, or those of one unit, in file order."""
    with COMPLAINTS_FILE.open(encoding="utf-8", newline="") as lines:
        complaints = tuple(
            Complaint(
                unit=row["unit"],
                text=row["complaint"],
                sex=row["sex"],
                least_age=int(row["least_age"]),
                most_age=int(row["most_age"]),
                codes=tuple(row["codes"].split("|")),
                template=row["template"],
            )
            for row in csv.DictReader(lines, delimiter=";")
        )
    return tuple(c for c in complaints if unit is None or c.unit == unit)


def pick_complaint(
    rng: Random, sex: str, birth_date: date, today: date, unit: str | None = None
) -> Complaint | None:
    """A complaint this person could have, in a unit if one is named; None when none fits."""
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    age = today.year - birth_date.year - (0 if had_birthday else 1)
    fitting = [c for c in list_complaints(unit) if c.fits(sex, age)]
    return rng.choice(fitting) if fitting else None
