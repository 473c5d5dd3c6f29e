"""How entries and lists of a record are worded on the screen."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from simpul.service.care.inputs import ConditionInput, ProcedureInput
from simpul.service.care.merging import vital_texts
from simpul.service.care.models import EntryKind
from simpul.service.care.selectors import EntryView
from simpul.service.care.terminology import icd10, limits, procedures
from simpul.service.patients.cards import PatientCard

#: Short names as they stand on every vital-signs chart; in the order of the chart.
SHORT_NAMES = {
    "pulse": "N",
    "respiratory_rate": "R",
    "temperature": "S",
    "spo2": "SpO2",
    "weight": "BB",
    "height": "TB",
    "glucose": "GDS",
    "arm_circumference": "LiLA",
    "waist_circumference": "LP",
    "head_circumference": "LK",
}


@dataclass(frozen=True)
class Line:
    """One labelled line of an entry."""

    label: str
    text: str


def entry_lines(entry: EntryView) -> list[Line]:
    """Return an entry as labelled lines; empty parts are left out."""
    match entry.kind:
        case EntryKind.VITALS:
            return [Line(_("TTV"), vitals_line(entry))]
        case EntryKind.SOAP:
            return [
                Line(part.upper(), str(entry.body[part]))
                for part in ("s", "o", "a", "p")
                if entry.body.get(part)
            ]
        case EntryKind.CONDITION:
            return [Line(_("Diagnosa"), _listed(entry, mark_first=True))]
        case EntryKind.PROCEDURE:
            return [Line(_("Tindakan"), _listed(entry))]
        case _:
            return [Line(_("Catatan"), str(entry.body.get("text", "")))]


def vitals_line(entry: EntryView) -> str:
    """Return vital signs in one line: TD 168/94 · N 88 · S 36,7."""
    values = vital_texts(entry)
    parts = []
    if "systolic" in values or "diastolic" in values:
        parts.append(f"TD {values.get('systolic', '–')}/{values.get('diastolic', '–')}")
    parts += [f"{short} {values[code]}" for code, short in SHORT_NAMES.items() if code in values]
    return " · ".join(parts)


def _listed(entry: EntryView, *, mark_first: bool = False) -> str:
    items = entry.body.get("items")
    texts = []
    for n, item in enumerate(items if isinstance(items, list) else []):
        text = f"{item['code']} {item['display']}"
        if mark_first and n == 0:
            text += _(" (utama)")
        if item.get("needs_consent"):
            text += _(" (disetujui)") if item.get("consent_given") else _(" (belum disetujui)")
        texts.append(text)
    return "; ".join(texts)


@dataclass(frozen=True)
class ConditionRow:
    """One diagnosis being chosen: its name, and what does not fit the patient."""

    code: str
    label: str
    case_type: str
    is_confirmed: bool
    refused: str = ""
    asked: str = ""


def condition_rows(
    items: tuple[ConditionInput, ...], *, patient: PatientCard, age_days: int
) -> list[ConditionRow]:
    """Return chosen diagnoses with the doubts about sex (refused) and age (asked)."""
    rows = []
    for item in items:
        term = icd10.get(item.code)
        if term is None:
            message = _("Kode ini tidak ada di ICD-10. Hapus, lalu cari dengan kata.")
            rows.append(ConditionRow(item.code, "", item.case_type, False, refused=message))
            continue
        doubt = limits.contradicts(term.code, patient.sex, age_days) or ""
        only = limits.sex_limit(term.code)
        wrong_sex = bool(doubt) and only is not None and only != patient.sex
        rows.append(
            ConditionRow(
                term.code,
                term.label,
                item.case_type,
                item.confirmed,
                refused=doubt if wrong_sex else "",
                asked="" if wrong_sex else doubt,
            )
        )
    return rows


@dataclass(frozen=True)
class ProcedureRow:
    """One procedure being chosen."""

    code: str
    label: str
    needs_consent: bool
    consent_given: bool | None
    refused: str = ""


def procedure_rows(items: tuple[ProcedureInput, ...]) -> list[ProcedureRow]:
    """Return chosen procedures with the consent they need."""
    rows = []
    for item in items:
        term = procedures.get(item.code)
        if term is None:
            message = _("Kode ini tidak ada di daftar tindakan. Hapus, lalu cari dengan kata.")
            rows.append(ProcedureRow(item.code, "", False, None, refused=message))
        else:
            rows.append(ProcedureRow(term.code, term.label, term.needs_consent, item.consent_given))
    return rows
