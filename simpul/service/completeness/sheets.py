"""From a visit's rows to the plain sheet that `domain.completeness` judges."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from simpul.domain.completeness import (
    CompletenessResult,
    Diagnosis,
    RecordSheet,
    check,
)
from simpul.domain.completeness import (
    Entry as SheetEntry,
)
from simpul.domain.completeness_rules import DEFAULT_RULES, Rule
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.service.care.models import Entry, EntryKind
from simpul.service.care.selectors import EntryView, view_of
from simpul.service.completeness.models import CompletenessRule
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.models import AllergyIntolerance
from simpul.service.registration.models import Encounter

#: Counted in the record room's figures, but no clinician can mend it afterwards, so it never
#: sends a record back.
NOT_RETURNED = frozenset({"in_time"})


@dataclass(frozen=True)
class Known:
    """What a caller has read of a record already: what counts in it, and are allergies asked."""

    entries: tuple[EntryView, ...]
    allergy_asked: bool


def _read(encounter: Encounter, patient: PatientCard) -> Known:
    rows = Entry.objects.filter(encounter=encounter, is_current=True, is_error=False)
    asked = AllergyIntolerance.objects.filter(patient_id=patient.id, is_current=True)
    return Known(tuple(view_of(row) for row in rows.order_by("signed_at")), asked.exists())


def sheet_of(
    encounter: Encounter,
    patient: PatientCard,
    *,
    unit: str,
    ended_at: datetime | None,
    known: Known | None = None,
) -> RecordSheet:
    """Return what stands in a visit's record now."""
    known = known or _read(encounter, patient)
    rows = known.entries
    entries: list[SheetEntry] = []
    diagnoses: list[Diagnosis] = []
    invasive, consent = False, True
    for row in rows:
        entries += _entries_of(row)
        items = _items(row)
        if row.kind == EntryKind.CONDITION:
            diagnoses += [Diagnosis(i["code"], primary=n == 0) for n, i in enumerate(items)]
        if row.kind == EntryKind.PROCEDURE:
            asked = [item for item in items if item.get("needs_consent")]
            invasive = invasive or bool(asked)
            consent = consent and all(item.get("consent_given") for item in asked)
    return RecordSheet(
        unit=unit,
        mrn=patient.mrn,
        name=patient.name,
        birth_date=patient.birth_date,
        sex=patient.sex,
        entries=tuple(entries),
        diagnoses=tuple(diagnoses),
        vitals_recorded=any(row.kind == EntryKind.VITALS for row in rows),
        allergy_asked=known.allergy_asked,
        invasive_procedure=invasive,
        consent_recorded=consent,
        service_ended_at=ended_at,
    )


def _items(row: EntryView) -> list[dict[str, Any]]:
    items = row.body.get("items", [])
    return items if isinstance(items, list) else []


def _entries_of(row: EntryView) -> list[SheetEntry]:
    late = row.replaces is not None and bool(row.reason)
    base = SheetEntry(
        kind="other",
        text="x",
        author=row.author,
        profession=str(Role(row.author_role).label) if row.author_role in Role.values else "",
        signed_at=row.signed_at,
        corrected=late,
        correction_reason=row.reason,
    )
    if row.kind != EntryKind.SOAP:
        return [base]
    kinds = {"s": "S", "o": "O", "a": "A", "p": "P"}
    return [
        replace(base, kind=kinds[part], text=text)  # type: ignore[arg-type]
        for part, text in row.body.items()
        if part in kinds and str(text).strip()
    ] or [replace(base, text="")]


def active_rules(*, by: Actor) -> tuple[Rule, ...]:
    """Return the rules switched on at this facility, with its units, in its order."""
    stored = {row.code: row for row in CompletenessRule.objects.filter(owner=by.facility_id)}
    rules = []
    for rule in DEFAULT_RULES:
        if rule.code in NOT_RETURNED:
            continue
        row = stored.get(rule.code)
        if row is None:
            rules.append(rule)
        elif row.is_active:
            rules.append(replace(rule, units=frozenset(row.units) or rule.units))
    return tuple(rules)


def judge(
    encounter: Encounter,
    patient: PatientCard,
    *,
    unit: str,
    by: Actor,
    ended_at: datetime | None = None,
    known: Known | None = None,
) -> tuple[CompletenessResult, RecordSheet]:
    """Return the analysis of a visit's record as it stands now."""
    sheet = sheet_of(
        encounter, patient, unit=unit, ended_at=ended_at or encounter.period_end, known=known
    )
    return check(sheet, active_rules(by=by)), sheet
