"""Signing entries: new ones, and corrections that replace an earlier one and keep it.

Called inside the act of the step that analyses the record afterwards (completeness).
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.errors import Finding
from simpul.domain.placement import counted_days
from simpul.domain.vitals import VITALS
from simpul.foundation.core.errors import Conflict, Problem, Refused
from simpul.foundation.core.models import OwnedModel
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import Act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import Action, require
from simpul.service.care.inputs import CheckedEntry, EntryInput, check_entry
from simpul.service.care.models import Condition, Entry, EntryKind, Observation, Procedure
from simpul.service.care.selectors import previous_vitals
from simpul.service.patients.selectors import get_patient
from simpul.service.registration.models import Encounter, EncounterStatus

#: One current entry of these kinds a visit and unit; writing again makes a new revision.
SINGLE = (EntryKind.VITALS, EntryKind.SOAP, EntryKind.CONDITION, EntryKind.PROCEDURE)


@dataclass(frozen=True)
class Signed:
    """Entries just signed, and what was unusual in them."""

    entries: tuple[Entry, ...]
    warnings: tuple[Finding, ...]


def write_entries(
    this: Act, encounter: Encounter, inputs: list[EntryInput], *, unit: str, by: Actor
) -> Signed:
    """Check all entries of one save, then sign them together; all or none."""
    _require(by, encounter, inputs, unit)
    patient = get_patient(encounter.patient_id, by=by)
    age_days = counted_days(patient.birth_date, get_here().day_of(this.at))
    problems: list[Problem] = []
    checked: list[CheckedEntry] = []
    for typed in inputs:
        previous = previous_vitals(encounter, by=by) if typed.kind == EntryKind.VITALS else None
        entry, wrong = check_entry(typed, patient=patient, age_days=age_days, previous=previous)
        problems += wrong
        if entry is not None:
            checked.append(entry)
    if problems:
        raise Refused(
            problems[0].message
            if len(problems) == 1
            else _("Belum disimpan: %(count)d isian perlu diperiksa. Tulisan Anda tetap ada.")
            % {"count": len(problems)},
            "entry_refused",
            errors=tuple(problems),
        )
    entries = [e for c in checked if (e := _sign(this, encounter, c, unit=unit, by=by))]
    return Signed(tuple(entries), tuple(w for c in checked for w in c.warnings))


def _require(by: Actor, encounter: Encounter, inputs: list[EntryInput], unit: str) -> None:
    if encounter.status == EncounterStatus.CANCELLED:
        raise Conflict(
            _("Kunjungan ini dibatalkan, jadi tidak dapat diisi. Tulisan Anda tetap di layar."),
            "encounter_cancelled",
        )
    if not inputs:
        raise Refused(
            _("Belum ada yang diisi."),
            "entry_refused",
            errors=(Problem("entries", "required", _("Isi paling sedikit satu bagian.")),),
        )
    action: Action = "correct" if encounter.status == EncounterStatus.FINISHED else "input"
    for typed in inputs:
        resource = "diagnosis" if typed.kind == EntryKind.CONDITION else "clinical"
        require(by, action, resource, unit=unit)


def _sign(
    this: Act, encounter: Encounter, checked: CheckedEntry, *, unit: str, by: Actor
) -> Entry | None:
    old = _replaced(encounter, checked.typed, unit=unit)
    if old is not None and old.body == checked.body and old.unit == unit:
        return None  # the same text again is not a new version
    entry = Entry(
        encounter=encounter,
        patient_id=encounter.patient_id,
        unit=unit,
        kind=checked.typed.kind,
        body=checked.body,
        author=by.practitioner_id,
        author_name=by.name,
        author_role=_role_of(by),
        signed_at=this.at,
        reason=checked.typed.reason.strip(),
    )
    if old is not None:
        # While the visit goes on its author completes an entry; later, or by another, it is a
        # correction and needs its reason.
        late = encounter.status == EncounterStatus.FINISHED
        if late and not entry.reason:
            raise Refused(
                _("Kunjungan sudah ditutup: tulis alasan perbaikan. Tulisan Anda tetap ada."),
                "correction_needs_reason",
                errors=(Problem("reason", "required", _("Tulis alasannya.")),),
            )
        entry.replaces, entry.revision = old, old.revision + 1
        old.is_current = False
        this.update(old, "is_current")
    this.create(entry)
    this.create(*_facts(entry, checked))
    this.record(
        "corrected" if old is not None else "written",
        unit=unit,
        patient=encounter.patient_id,
        encounter=encounter.id,
        subject=f"entry:{entry.id}",
        detail={"kind": str(entry.kind), "revision": entry.revision},
    )
    return entry


def _replaced(encounter: Encounter, typed: EntryInput, *, unit: str) -> Entry | None:
    rows = Entry.objects.filter(encounter=encounter, is_current=True, is_error=False)
    if typed.replaces is not None:
        row = Entry.objects.filter(encounter=encounter, id=typed.replaces).first()
        if row is None or row.kind != typed.kind:
            raise Refused(
                _("Catatan yang diperbaiki tidak ada di kunjungan ini. Muat ulang halamannya."),
                "entry_unknown",
                errors=(Problem("replaces", "unknown", _("Catatan tidak ditemukan.")),),
            )
        if not row.is_current:
            raise Conflict(
                _(
                    "Catatan ini sudah diperbaiki orang lain. Tulisan Anda tetap di layar; "
                    "bandingkan lalu simpan lagi."
                ),
                "entry_superseded",
            )
        return row
    if typed.kind not in SINGLE:
        return None
    return rows.filter(kind=typed.kind, unit=unit).order_by("-signed_at").first()


def _role_of(by: Actor) -> str:
    clinical = ("dokter", "dokter_gigi", "bidan", "perawat")
    return next((role for role in clinical if role in by.roles), sorted(by.roles)[0])


def _facts(entry: Entry, checked: CheckedEntry) -> list[OwnedModel]:
    patient = entry.patient_id
    rows: list[OwnedModel] = [
        Observation(
            entry=entry,
            patient_id=patient,
            code=VITALS[code].system_code,
            value=value,
            unit=VITALS[code].unit,
        )
        for code, value in checked.values.items()
    ]
    items: Any = checked.body.get("items", [])
    for rank, item in enumerate(items, start=1):
        if entry.kind == EntryKind.CONDITION:
            rows.append(Condition(entry=entry, patient_id=patient, rank=rank, **item))
        elif entry.kind == EntryKind.PROCEDURE:
            rows.append(Procedure(entry=entry, patient_id=patient, **item))
    return rows


def mark_entry_as_error(
    this: Act, encounter: Encounter, *, entry_id: uuid.UUID, reason: str, by: Actor
) -> Entry:
    """Mark an entry as written in error (wrong patient, …); it stays readable, struck through."""
    row = Entry.objects.filter(encounter=encounter, id=entry_id, is_current=True).first()
    if row is None:
        raise Conflict(_("Catatan ini sudah diganti. Muat ulang halamannya."), "entry_superseded")
    require(by, "correct", "clinical", unit=row.unit)
    if not reason.strip():
        raise Refused(
            _("Tulis alasan mengapa catatan ini keliru."),
            "correction_needs_reason",
            errors=(Problem("reason", "required", _("Tulis alasannya.")),),
        )
    row.is_error, row.is_current, row.reason = True, False, reason.strip()[:160]
    this.update(row, "is_error", "is_current", "reason")
    this.record(
        "entered-in-error",
        unit=row.unit,
        patient=encounter.patient_id,
        encounter=encounter.id,
        subject=f"entry:{row.id}",
    )
    return row
