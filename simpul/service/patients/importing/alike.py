"""Whom the rows of a list look like, asked of the one matcher of the house."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from simpul.domain.matching import PersonKey
from simpul.domain.names import name_keys
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.importing.drafts import Draft
from simpul.service.patients.matching.candidates import Candidate, find_candidates_of_many
from simpul.service.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody here whom a row looks like, and why."""

    patient: uuid.UUID
    mrn: str
    why: str


def look_alikes(drafts: Sequence[Draft], *, by: Actor) -> list[Alike | None]:
    """Return for each row who is here already, almost certainly; None where nobody is.

    The same spelling-blind name with the same birth date counts too, for a list has often nothing
    more than that.
    """
    if not drafts or not Patient.objects.filter(owner=by.facility_id).exists():
        return [None] * len(drafts)
    keys = [key_of(draft) for draft in drafts]
    found = find_candidates_of_many(keys, by=by, limit=3)
    return [_first(key, candidates) for key, candidates in zip(keys, found, strict=True)]


def _first(key: PersonKey, candidates: Sequence[Candidate]) -> Alike | None:
    for candidate in candidates:
        person, match = candidate.patient, candidate.match
        two_niks = bool(key.nik and person.nik and key.nik != person.nik)
        same = (
            match.level != "household"
            and not two_niks
            and person.birth_date == key.birth_date
            and set(name_keys(person.name)) == set(name_keys(key.name))
        )
        if match.level == "certain" or same:
            return Alike(person.id, person.mrn, ", ".join(match.agrees))
    return None


def key_of(draft: Draft) -> PersonKey:
    """Return what the matcher compares of a row."""
    values = draft.values or {}
    return PersonKey(
        name=values["name"],
        birth_date=values["birth_date"],
        birth_date_estimated=values["birth_date_estimated"],
        sex=values["sex"],
        nik=values["nik"],
        bpjs=values["bpjs_number"],
        mother_name=values["mother_name"],
        village=values["village"],
        rt=values["rt"],
        rw=values["rw"],
        kk=values["kk_number"],
        phone=values["phone"],
    )
