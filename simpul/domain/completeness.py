"""Is this record complete? Quantitative analysis of one visit's sheet, item by item.

The rules are a table (completeness_rules.py) that names a fact to test and, where needed, a
condition under which the item is owed at all. The percentage is that of owed items that are
there; only a complete sheet has 100. See docs/methods/completeness.md.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from simpul.domain.completeness_rules import DEFAULT_RULES, Component, Responsible, Rule
from simpul.domain.errors import DomainError

EntryKind = Literal["S", "O", "A", "P", "other"]

SIGN_WITHIN = timedelta(hours=24)
_ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?[*†+]?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One note of the sheet: what, who, when. A correction says why."""

    kind: EntryKind
    text: str
    author: str = ""
    profession: str = ""
    signed_at: datetime | None = None
    corrected: bool = False
    correction_reason: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A coded diagnosis of the visit."""

    icd10: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """The plain facts of one visit in one unit that completeness looks at."""

    unit: str
    mrn: str = ""
    name: str = ""
    birth_date: date | None = None
    sex: str = ""
    entries: tuple[Entry, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    vitals_recorded: bool = False
    allergy_asked: bool = False
    invasive_procedure: bool = False
    consent_recorded: bool = False
    lab_ordered: bool = False
    lab_result_recorded: bool = False
    service_ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """An item that is owed and not there, with the unit and the side that owes it."""

    rule: str
    component: Component
    label: str
    message: str
    unit: str
    responsible: Responsible


@dataclass(frozen=True, slots=True)
class CompletenessResult:
    """The answer for one sheet; `owed` is the number of items that applied."""

    complete: bool
    percent: int
    missing: tuple[Missing, ...]
    owed: int


def _written(sheet: RecordSheet, kind: EntryKind) -> bool:
    return any(entry.kind == kind and entry.text.strip() for entry in sheet.entries)


def _every_entry(sheet: RecordSheet, test: Callable[[Entry], bool]) -> bool:
    """True for all, and there must be one: a sheet nobody wrote on is not authenticated."""
    return bool(sheet.entries) and all(test(entry) for entry in sheet.entries)


def _in_time(sheet: RecordSheet) -> bool:
    if sheet.service_ended_at is None:
        return True
    limit = sheet.service_ended_at + SIGN_WITHIN
    return all(entry.signed_at is not None and entry.signed_at <= limit for entry in sheet.entries)


def _primary_diagnosis(sheet: RecordSheet) -> bool:
    return any(
        diagnosis.primary and _ICD10.fullmatch(diagnosis.icd10.strip().upper())
        for diagnosis in sheet.diagnoses
    )


FACTS: dict[str, Callable[[RecordSheet], bool]] = {
    "mrn": lambda sheet: bool(sheet.mrn.strip()),
    "name": lambda sheet: bool(sheet.name.strip()),
    "birth_date": lambda sheet: sheet.birth_date is not None,
    "sex": lambda sheet: sheet.sex in ("male", "female"),
    "subjective": lambda sheet: _written(sheet, "S"),
    "objective": lambda sheet: _written(sheet, "O"),
    "plan": lambda sheet: _written(sheet, "P"),
    "vitals": lambda sheet: sheet.vitals_recorded,
    "primary_diagnosis": _primary_diagnosis,
    "allergy_asked": lambda sheet: sheet.allergy_asked,
    "consent": lambda sheet: sheet.consent_recorded,
    "lab_result": lambda sheet: sheet.lab_result_recorded,
    "entries_authored": lambda sheet: _every_entry(sheet, lambda e: bool(e.author.strip())),
    "entries_professions": lambda sheet: _every_entry(sheet, lambda e: bool(e.profession.strip())),
    "entries_signed": lambda sheet: _every_entry(sheet, lambda e: e.signed_at is not None),
    "entries_in_time": _in_time,
    "no_empty_entries": lambda sheet: all(entry.text.strip() for entry in sheet.entries),
    "corrections_reasoned": lambda sheet: all(
        entry.correction_reason.strip() for entry in sheet.entries if entry.corrected
    ),
}

CONDITIONS: dict[str, Callable[[RecordSheet], bool]] = {
    "invasive_procedure": lambda sheet: sheet.invasive_procedure,
    "lab_ordered": lambda sheet: sheet.lab_ordered,
    # A note without a signature is missed by its own rule; it is not late as well.
    "all_signed": lambda sheet: _every_entry(sheet, lambda e: e.signed_at is not None),
    "any_correction": lambda sheet: any(entry.corrected for entry in sheet.entries),
}


def applies(rule: Rule, sheet: RecordSheet) -> bool:
    """Whether an item is owed by this sheet."""
    if rule.units and sheet.unit not in rule.units:
        return False
    return not rule.condition or _named(CONDITIONS, rule.condition)(sheet)


def check(sheet: RecordSheet, rules: tuple[Rule, ...] = DEFAULT_RULES) -> CompletenessResult:
    """Go through the table; what is owed and absent is listed in the order of the table."""
    owed = [rule for rule in rules if applies(rule, sheet)]
    missing = tuple(
        Missing(rule.code, rule.component, rule.label, rule.message, sheet.unit, rule.responsible)
        for rule in owed
        if not _named(FACTS, rule.fact)(sheet)
    )
    # Rounded down, so that 100 is said of a complete sheet only.
    percent = 100 * (len(owed) - len(missing)) // len(owed) if owed else 100
    return CompletenessResult(not missing, percent, missing, len(owed))


def _named(
    table: dict[str, Callable[[RecordSheet], bool]], name: str
) -> Callable[[RecordSheet], bool]:
    if name not in table:
        raise DomainError(
            "completeness_rule", f"Aturan kelengkapan memakai uji «{name}» yang tidak dikenal."
        )
    return table[name]
