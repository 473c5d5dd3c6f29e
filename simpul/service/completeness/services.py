"""Saving and closing a record, its analysis, returning what is incomplete.

An analysis runs at closing and after every later change: what is missing goes back to the
clinician's queue; what was mended returns by itself.
"""

import uuid
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _

from simpul.domain.completeness import CompletenessResult, Missing
from simpul.domain.errors import Finding
from simpul.foundation.core.errors import Conflict, NotHere, Problem, Refused
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require
from simpul.service.care.inputs import EntryInput
from simpul.service.care.models import Entry
from simpul.service.care.services import Signed, mark_entry_as_error, write_entries
from simpul.service.completeness.models import CompletenessCheck, Deficiency, RecordStatus
from simpul.service.completeness.sheets import judge
from simpul.service.distribution.models import Distribution
from simpul.service.distribution.queueing import finish_service, start_service
from simpul.service.distribution.services import get_present
from simpul.service.patients.records import record_ids
from simpul.service.patients.selectors import get_patient
from simpul.service.registration.models import Encounter, EncounterStatus
from simpul.service.registration.selectors import get_encounter
from simpul.service.registration.services import finish_encounter

PAPER_RULE = "paper"


@dataclass(frozen=True)
class Saved:
    """What a save did: the entries, what was unusual, and what the record still lacks."""

    encounter: Encounter
    signed: Signed | None
    check: CompletenessCheck | None
    missing: tuple[Missing, ...]

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Unusual values that were saved."""
        return self.signed.warnings if self.signed else ()


def save_entries(
    encounter_id: uuid.UUID, inputs: list[EntryInput], *, by: Actor, unit: str = ""
) -> Saved:
    """Sign entries of a visit. Service starts with the first one; a closed visit is re-analysed."""
    with act(by=by) as this:
        encounter = get_encounter(encounter_id, by=by)
        present = get_present(encounter)
        where = _unit_of(encounter, present, unit)
        signed = write_entries(this, encounter, inputs, unit=where, by=by)
        if present is not None and present.unit == where:
            start_service(this, present, by=by)
        check = _reanalyse(this, encounter, by=by)
        result, _sheet = judge(
            encounter, get_patient(encounter.patient_id, by=by), unit=encounter.unit, by=by
        )
    return Saved(encounter, signed, check, result.missing)


def _unit_of(encounter: Encounter, present: Distribution | None, wished: str) -> str:
    if wished:
        visited = Distribution.objects.filter(encounter=encounter, unit=wished).exists()
        if not visited:
            raise Conflict(
                _("Rekam ini tidak pernah dikirim ke unit itu. Alihkan dahulu; tulisan tetap ada."),
                "unit_not_visited",
            )
        return wished
    if present is not None:
        return present.unit
    last = Distribution.objects.filter(encounter=encounter).order_by("-saved_at").first()
    return last.unit if last is not None else encounter.unit


def close_encounter(
    encounter_id: uuid.UUID, *, by: Actor, inputs: list[EntryInput] | None = None
) -> Saved:
    """Sign what is still open, end service and visit, and analyse the record."""
    with act(by=by) as this:
        encounter = get_encounter(encounter_id, by=by)
        if encounter.status in (EncounterStatus.FINISHED, EncounterStatus.CANCELLED):
            raise Conflict(
                _("Kunjungan ini sudah selesai atau dibatalkan. Tidak ada yang diubah."),
                "encounter_ended",
            )
        present = get_present(encounter)
        unit = _unit_of(encounter, present, "")
        require(by, "input", "clinical", unit=unit)
        signed = write_entries(this, encounter, inputs, unit=unit, by=by) if inputs else None
        if present is not None:
            finish_service(this, present, by=by)
            encounter = present.encounter if present.encounter_id == encounter.id else encounter
        encounter.refresh_from_db()
        finish_encounter(this, encounter)
        this.record("closed", unit=unit, patient=encounter.patient_id, encounter=encounter.id)
        check, result = analyse(this, encounter, unit=unit, by=by)
    return Saved(encounter, signed, check, result.missing)


def analyse(
    this: Act, encounter: Encounter, *, unit: str, by: Actor
) -> tuple[CompletenessCheck, CompletenessResult]:
    """Judge the record of a closed visit; open and mend deficiencies accordingly."""
    patient = get_patient(encounter.patient_id, by=by)
    result, _sheet = judge(encounter, patient, unit=unit, by=by)
    responsible = _responsible(encounter, by)
    open_rows = {
        row.rule: row
        for row in Deficiency.objects.filter(encounter=encounter, mended_at__isnull=True)
    }
    missing = {item.rule: item for item in result.missing}
    for rule, row in open_rows.items():
        if rule not in missing and not row.is_paper:
            row.mended_at = this.at
            this.update(row, "mended_at")
    for rule, item in missing.items():
        if rule not in open_rows:
            this.create(
                Deficiency(
                    encounter=encounter,
                    rule=rule,
                    component=item.component,
                    message=item.message,
                    unit=unit,
                    practitioner=None if item.responsible == "pendaftaran" else responsible,
                    opened_at=this.at,
                )
            )
    papers = sum(1 for row in open_rows.values() if row.is_paper)
    check = _store_check(this, encounter, result, unit, responsible, papers=papers)
    return check, result


def _responsible(encounter: Encounter, by: Actor) -> uuid.UUID:
    served = (
        Distribution.objects.filter(encounter=encounter, practitioner__isnull=False)
        .order_by("-saved_at")
        .values_list("practitioner", flat=True)
        .first()
    )
    return served or by.practitioner_id


def _store_check(
    this: Act,
    encounter: Encounter,
    result: CompletenessResult,
    unit: str,
    responsible: uuid.UUID,
    *,
    papers: int,
) -> CompletenessCheck:
    complete = result.complete and papers == 0
    status = RecordStatus.COMPLETE if complete else RecordStatus.INCOMPLETE
    row = CompletenessCheck.objects.filter(encounter=encounter).first()
    results = [
        {"rule": item.rule, "component": item.component, "message": item.message}
        for item in result.missing
    ]
    before = row.status if row is not None else ""
    if row is None:
        row = CompletenessCheck(
            encounter=encounter,
            service_date=encounter.service_date,
            unit=unit,
            practitioner=responsible,
            status=status,
            percent=result.percent,
            results=results,
            closed_at=encounter.period_end or this.at,
            checked_at=this.at,
            completed_at=this.at if complete else None,
        )
        this.create(row)
    else:
        if row.status == RecordStatus.FILED and complete:
            status = RecordStatus.FILED
        row.status, row.percent, row.results, row.checked_at = (
            status,
            result.percent,
            results,
            this.at,
        )
        row.completed_at = (row.completed_at or this.at) if complete else None
        this.update(row, "status", "percent", "results", "checked_at", "completed_at")
    if status != before:
        act_name = {
            RecordStatus.COMPLETE: "record-complete" if not before else "record-mended",
            RecordStatus.INCOMPLETE: "record-incomplete",
        }.get(RecordStatus(status))
        if act_name:
            this.record(
                act_name,
                unit=unit,
                patient=encounter.patient_id,
                encounter=encounter.id,
                detail={"percent": result.percent, "missing": [r["rule"] for r in results]},
            )
    return row


def _reanalyse(this: Act, encounter: Encounter, *, by: Actor) -> CompletenessCheck | None:
    if encounter.status != EncounterStatus.FINISHED:
        return None
    row = CompletenessCheck.objects.filter(encounter=encounter).first()
    unit = row.unit if row is not None else encounter.unit
    return analyse(this, encounter, unit=unit, by=by)[0]


def recheck(encounter_id: uuid.UUID, *, by: Actor) -> CompletenessCheck:
    """Analyse a closed record again (its identity or allergy answer was completed meanwhile)."""
    require(by, "view", "completeness")
    with act(by=by) as this:
        encounter = get_encounter(encounter_id, by=by)
        check = _reanalyse(this, encounter, by=by)
    if check is None:
        raise Conflict(
            _("Kunjungan ini belum ditutup, jadi kelengkapannya belum dihitung."),
            "encounter_open",
        )
    return check


def recheck_patient(patient: uuid.UUID, *, by: Actor) -> None:
    """Analyse again the incomplete records of a patient whose allergies or identity changed."""
    rows = CompletenessCheck.objects.filter(
        encounter__patient_id__in=record_ids(patient),
        owner=by.facility_id,
        status=RecordStatus.INCOMPLETE,
    ).select_related("encounter")
    for row in rows:
        with act(by=by) as this:
            analyse(this, row.encounter, unit=row.unit, by=by)


def return_record(
    encounter_id: uuid.UUID, *, by: Actor, paper_items: list[str] | None = None, note: str = ""
) -> CompletenessCheck:
    """The record room sends a record back, with what is missing on paper if anything is."""
    require(by, "input", "completeness")
    with act(by=by) as this:
        encounter = get_encounter(encounter_id, by=by)
        row = CompletenessCheck.objects.filter(encounter=encounter).first()
        if row is None:
            raise Conflict(
                _("Kunjungan ini belum ditutup di poli, jadi belum dapat dikembalikan."),
                "encounter_open",
            )
        for item in paper_items or []:
            _open_paper(this, encounter, row, item, by=by)
        if (paper_items or []) and row.status != RecordStatus.INCOMPLETE:
            row.status, row.completed_at = RecordStatus.INCOMPLETE, None
            this.update(row, "status", "completed_at")
        if row.status != RecordStatus.INCOMPLETE:
            raise Conflict(
                _("Rekam ini sudah lengkap. Centang yang kurang di kertas untuk mengembalikannya."),
                "record_complete",
            )
        for missing in Deficiency.objects.filter(
            encounter=encounter, mended_at__isnull=True, returned_at__isnull=True
        ):
            missing.returned_at, missing.returned_by = this.at, by.practitioner_id
            this.update(missing, "returned_at", "returned_by")
        this.record(
            "returned",
            unit=row.unit,
            patient=encounter.patient_id,
            encounter=encounter.id,
            detail={"paper": len(paper_items or []), "has_note": bool(note.strip())},
        )
    return row


def _open_paper(
    this: Act, encounter: Encounter, row: CompletenessCheck, item: str, *, by: Actor
) -> None:
    label = " ".join(item.split())
    if not label or len(label) > 120:
        raise Refused(
            _("Tulis apa yang kurang di kertas, paling banyak 120 huruf."),
            "paper_item_refused",
            errors=(Problem("paper_items", "required", _("Tulis yang kurang.")),),
        )
    # A digest, not a beginning: two items that begin alike are still two items.
    rule = f"{PAPER_RULE}:{sha256(label.lower().encode()).hexdigest()[:16]}"
    if Deficiency.objects.filter(encounter=encounter, rule=rule, mended_at__isnull=True).exists():
        return
    this.create(
        Deficiency(
            encounter=encounter,
            rule=rule,
            component="recording",
            message=label,
            unit=row.unit,
            practitioner=row.practitioner,
            is_paper=True,
            opened_at=this.at,
        )
    )


def mend_paper(deficiency_id: uuid.UUID, *, by: Actor) -> CompletenessCheck:
    """A clinician (or the record room) ticks that the paper now carries what was missing."""
    with act(by=by) as this:
        row = (
            Deficiency.objects.select_related("encounter")
            .filter(id=deficiency_id, owner=by.facility_id, is_paper=True)
            .first()
        )
        if not may(by, "input", "completeness"):
            # Whoever serves the unit may tick what its paper now carries.
            require(by, "correct", "clinical", unit=None if row is None else row.unit)
        if row is None:
            raise NotHere(_("Catatan kekurangan ini tidak ada di Puskesmas Anda."), "item_unknown")
        if row.mended_at is not None:
            raise Conflict(_("Sudah dilengkapi. Muat ulang daftarnya."), "already_mended")
        row.mended_at = this.at
        this.update(row, "mended_at")
        check, _result = analyse(this, row.encounter, unit=row.unit, by=by)
    return check


def strike_entry(encounter_id: uuid.UUID, *, entry_id: uuid.UUID, reason: str, by: Actor) -> Entry:
    """Mark an entry as written in error and analyse the record again."""
    with act(by=by) as this:
        encounter = get_encounter(encounter_id, by=by)
        entry = mark_entry_as_error(this, encounter, entry_id=entry_id, reason=reason, by=by)
        _reanalyse(this, encounter, by=by)
    return entry
