"""What a clinician types, and its check: every problem is told at once, nothing is half saved."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.utils.translation import gettext as _

from simpul.domain.errors import Finding
from simpul.domain.vitals import VITALS, check_vitals
from simpul.foundation.core.errors import Problem
from simpul.service.care.models import EntryKind
from simpul.service.care.terminology import icd10, limits, procedures
from simpul.service.patients.cards import PatientCard

LONGEST_TEXT = 8000
SOAP_PARTS = ("s", "o", "a", "p")
CASE_TYPES = ("new", "old", "follow")
MOST_ITEMS = 20


@dataclass(frozen=True)
class ConditionInput:
    """One diagnosis. `confirmed` is the clinician's yes to a question about age."""

    code: str
    display: str = ""
    case_type: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class ProcedureInput:
    """One procedure; `consent_given` is asked where the procedure needs it."""

    code: str
    consent_given: bool | None = None


@dataclass(frozen=True)
class EntryInput:
    """One entry to be signed. Only the fields of its kind are read."""

    kind: str
    vitals: dict[str, str] = field(default_factory=dict)
    soap: dict[str, str] = field(default_factory=dict)
    conditions: tuple[ConditionInput, ...] = ()
    procedures: tuple[ProcedureInput, ...] = ()
    text: str = ""
    replaces: UUID | None = None
    reason: str = ""


@dataclass(frozen=True)
class CheckedEntry:
    """An entry ready to be stored: its body, its coded facts, what was unusual."""

    typed: EntryInput
    body: dict[str, object]
    values: dict[str, Decimal]
    warnings: tuple[Finding, ...]


def check_entry(
    typed: EntryInput,
    *,
    patient: PatientCard,
    age_days: int,
    previous: dict[str, Decimal] | None = None,
) -> tuple[CheckedEntry | None, list[Problem]]:
    """Return the entry ready to be stored, or what is wrong with it."""
    if typed.kind not in EntryKind.values:
        return None, [Problem("kind", "unknown", _("Jenis catatan ini tidak dikenal."))]
    if len(typed.reason) > 160:
        return None, [Problem("reason", "too_long", _("Alasan paling banyak 160 huruf."))]
    match typed.kind:
        case EntryKind.VITALS:
            return _check_vitals(typed, age_days, previous)
        case EntryKind.SOAP:
            return _check_soap(typed)
        case EntryKind.CONDITION:
            return _check_conditions(typed, patient, age_days)
        case EntryKind.PROCEDURE:
            return _check_procedures(typed)
        case _:
            return _check_note(typed)


def read_decimal(text: str) -> Decimal | None:
    """Read a number typed the Indonesian way (36,7) or with a point; None when it is none."""
    cleaned = str(text).strip().replace(" ", "").replace(",", ".")
    try:
        value = Decimal(cleaned)
    except InvalidOperation:
        return None
    return value if value.is_finite() and value.copy_abs() < 100_000 else None


def _check_vitals(
    typed: EntryInput, age_days: int, previous: dict[str, Decimal] | None
) -> tuple[CheckedEntry | None, list[Problem]]:
    problems: list[Problem] = []
    values: dict[str, Decimal] = {}
    for code, text in typed.vitals.items():
        if not str(text).strip():
            continue
        if code not in VITALS:
            problems.append(Problem(code[:40], "unknown", _("Tanda vital ini tidak dikenal.")))
            continue
        value = read_decimal(text)
        if value is None:
            message = _("%(label)s ditulis dengan angka, misalnya 36,7.")
            problems.append(Problem(code, "number", message % {"label": VITALS[code].label}))
            continue
        values[code] = round(value, 3)
    if not values and not problems:
        problems.append(Problem("vitals", "required", _("Isi paling sedikit satu tanda vital.")))
    findings = check_vitals(values, age_days, previous)
    problems += [Problem(f.where, f.code, f.message) for f in findings if f.severity == "refuse"]
    if problems:
        return None, problems
    warnings = tuple(f for f in findings if f.severity == "warn")
    body: dict[str, object] = {code: f"{value.normalize():f}" for code, value in values.items()}
    return CheckedEntry(typed, body, values, warnings), []


def _check_soap(typed: EntryInput) -> tuple[CheckedEntry | None, list[Problem]]:
    parts = {part: str(typed.soap.get(part, "")).strip() for part in SOAP_PARTS}
    problems = _text_problems(parts)
    if not any(parts.values()):
        problems.append(Problem("s", "required", _("Isi paling sedikit satu bagian SOAP.")))
    if problems:
        return None, problems
    return CheckedEntry(typed, dict(parts), {}, ()), []


def _text_problems(parts: dict[str, str]) -> list[Problem]:
    problems = []
    for name, text in parts.items():
        if len(text) > LONGEST_TEXT:
            message = _("Terlalu panjang: paling banyak %(most)d huruf.")
            problems.append(Problem(name, "too_long", message % {"most": LONGEST_TEXT}))
        if "\x00" in text:
            problems.append(Problem(name, "unreadable", _("Ada tanda yang tidak terbaca.")))
    return problems


def _check_conditions(
    typed: EntryInput, patient: PatientCard, age_days: int
) -> tuple[CheckedEntry | None, list[Problem]]:
    problems: list[Problem] = []
    warnings: list[Finding] = []
    items: list[dict[str, str]] = []
    for n, condition in enumerate(typed.conditions):
        where = f"conditions.{n}"
        term = icd10.get(condition.code)
        trouble = _condition_problem(condition, term, where, {item["code"] for item in items})
        if trouble is None and term is not None:
            trouble, question = _fits_patient(condition, term.code, where, patient, age_days)
            warnings += question
        if trouble is not None or term is None:
            problems += [trouble] if trouble else []
            continue
        items.append(
            {
                "code": term.code,
                "display": (condition.display.strip() or term.label)[:200],
                "edition": str(term.edition)[:6],
                "case_type": condition.case_type,
            }
        )
    if not typed.conditions:
        problems.append(Problem("conditions", "required", _("Pilih paling sedikit satu diagnosa.")))
    if len(typed.conditions) > MOST_ITEMS:
        problems.append(Problem("conditions", "too_many", _("Paling banyak 20 diagnosa.")))
    if problems:
        return None, problems
    return CheckedEntry(typed, {"items": items}, {}, tuple(warnings)), []


def _condition_problem(
    condition: ConditionInput, term: icd10.Term | None, where: str, seen: set[str]
) -> Problem | None:
    """What is wrong with a diagnosis whoever the patient is."""
    if term is None:
        message = _("Kode %(code)s tidak ada di ICD-10. Cari dengan kata, misalnya batuk.")
        return Problem(where, "unknown", message % {"code": condition.code[:12]})
    if term.code in seen:
        return Problem(where, "twice", _("%(code)s sudah ada.") % {"code": term.code})
    if condition.case_type and condition.case_type not in CASE_TYPES:
        return Problem(where, "unknown", _("Pilih kasus baru, lama, atau kunjungan."))
    return None


def _fits_patient(
    condition: ConditionInput, code: str, where: str, patient: PatientCard, age_days: int
) -> tuple[Problem | None, list[Finding]]:
    """Another sex is refused; an unusual age is asked once and noted when confirmed."""
    doubt = limits.contradicts(code, patient.sex, age_days)
    if doubt is None:
        return None, []
    only = limits.sex_limit(code)
    if only is not None and only != patient.sex:
        return Problem(where, "sex_contradicts", doubt), []
    if not condition.confirmed:
        return Problem(where, "age_asks", doubt), []
    return None, [Finding("age_asks", "warn", doubt, where)]


def _check_procedures(typed: EntryInput) -> tuple[CheckedEntry | None, list[Problem]]:
    problems: list[Problem] = []
    items: list[dict[str, object]] = []
    for n, procedure in enumerate(typed.procedures):
        term = procedures.get(procedure.code)
        if term is None:
            message = _("Kode %(code)s tidak ada di daftar tindakan. Cari dengan kata.")
            problems.append(
                Problem(f"procedures.{n}", "unknown", message % {"code": procedure.code[:12]})
            )
            continue
        items.append(
            {
                "code": term.code,
                "display": term.label,
                "needs_consent": term.needs_consent,
                "consent_given": procedure.consent_given if term.needs_consent else None,
            }
        )
    if not typed.procedures:
        problems.append(Problem("procedures", "required", _("Pilih paling sedikit satu tindakan.")))
    if len(typed.procedures) > MOST_ITEMS:
        problems.append(Problem("procedures", "too_many", _("Paling banyak 20 tindakan.")))
    if problems:
        return None, problems
    return CheckedEntry(typed, {"items": items}, {}, ()), []


def _check_note(typed: EntryInput) -> tuple[CheckedEntry | None, list[Problem]]:
    text = typed.text.strip()
    problems = _text_problems({"text": text})
    if not text:
        problems.append(Problem("text", "required", _("Catatan masih kosong.")))
    if problems:
        return None, problems
    return CheckedEntry(typed, {"text": text}, {}, ()), []
