"""Is a made-up record complete? The real rules judge it; equal sheets share one answer."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from simpul.domain.completeness import (
    CompletenessResult,
    Diagnosis,
    Entry,
    EntryKind,
    RecordSheet,
    check,
)
from simpul.domain.completeness_rules import DEFAULT_RULES
from simpul.service.completeness.sheets import NOT_RETURNED

#: What can be missing, and how often compared with the others.
FLAWS = {"plan": 5, "objective": 3, "vitals": 3, "diagnosis": 3, "allergy": 4, "consent": 2}
_SIGNED = datetime(2000, 1, 1, tzinfo=UTC)
_PARTS: dict[str, EntryKind] = {"s": "S", "o": "O", "a": "A", "p": "P"}


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in a record, as far as the rules ask."""

    unit: str
    note: tuple[str, ...]
    vitals: bool
    diagnosis: bool
    allergy: bool
    invasive: bool = False
    consent: bool = True


@cache
def judge(found: Found) -> CompletenessResult:
    """Return what the rules say about a signed record of a registered patient."""
    entries = tuple(
        Entry(_PARTS[part], "x", author="x", profession="x", signed_at=_SIGNED)
        for part in found.note
    )
    sheet = RecordSheet(
        unit=found.unit,
        mrn="1",
        name="x",
        birth_date=date(2000, 1, 1),
        sex="female",
        entries=entries,
        diagnoses=(Diagnosis("Z00.0", primary=True),) if found.diagnosis else (),
        vitals_recorded=found.vitals,
        allergy_asked=found.allergy,
        invasive_procedure=found.invasive,
        consent_recorded=found.consent,
        service_ended_at=_SIGNED,
    )
    return check(sheet, tuple(rule for rule in DEFAULT_RULES if rule.code not in NOT_RETURNED))
