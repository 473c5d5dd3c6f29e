"""Writing patients: make one, correct one, note an allergy or that there is none."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from simpul.domain.errors import Finding
from simpul.domain.identity import format_mrn
from simpul.domain.matching import Match, PersonKey
from simpul.foundation.core.counters import take
from simpul.foundation.core.errors import Conflict, Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.service.patients.cards import PatientCard, card
from simpul.service.patients.index import index_name, reindex_name
from simpul.service.patients.inputs import CheckedPatient, PatientInput, check_patient
from simpul.service.patients.models import AllergyIntolerance, Identifier, NoNikReason, Patient
from simpul.service.patients.selectors import Candidate, get_row, match_candidates


@dataclass(frozen=True)
class Registered:
    """A patient just made, and what was unusual about the input."""

    patient: PatientCard
    warnings: tuple[Finding, ...]


class LooksKnown(Conflict):
    """Somebody very like this is already here; a person decides, Enter alone does not."""

    def __init__(self, candidates: list[Candidate]) -> None:
        first = candidates[0].patient
        super().__init__(
            _(
                "Tampak sudah terdaftar dengan RM %(mrn)s, jadi belum disimpan. Pakai yang ada, "
                "atau simpan sebagai orang berbeda dengan alasannya."
            )
            % {"mrn": first.mrn},
            "patient_looks_known",
            extra={
                "candidates": [
                    {
                        "patient_id": str(c.patient.id),
                        "mrn": c.patient.mrn,
                        "level": c.match.level,
                        "score": round(c.match.score, 3),
                        "agrees": list(c.match.agrees),
                        "differs": list(c.match.differs),
                    }
                    for c in candidates
                ]
            },
        )
        self.candidates = candidates


def register_patient(*, by: Actor, typed: PatientInput, confirm_new: str = "") -> Registered:
    """Make a new patient with a record number, in one act.

    Raises Refused for what cannot be stored, LooksKnown when somebody is almost certainly the
    same and `confirm_new` (the reason why not) is empty. A NIK that is another person's is never
    stored twice: with `confirm_new` the patient is saved without it, marked for the record room.
    """
    require(by, "input", "patient")
    require_home(by)
    here = get_here()
    checked = check_patient(typed, today=here.today())
    with act(by=by) as this:
        certain = [
            c for c in match_candidates(_key(checked.values), by=by) if c.match.level == "certain"
        ]
        holder = _holder_of_nik(checked.values["nik"], by=by)
        if (certain or holder) and not confirm_new.strip():
            raise LooksKnown(certain or _as_candidate(holder, checked))
        detail: dict[str, Any] = {}
        if holder is not None:
            detail["nik_conflict_with"] = str(holder.id)
            checked.values.update(
                nik="", no_nik_reason=NoNikReason.CONFLICT, is_identity_complete=False
            )
        patient = _insert(this, checked, confirm_new=confirm_new)
        this.record(
            "patient-registered", patient=patient.id, subject=f"patient:{patient.id}", detail=detail
        )
    return Registered(patient=card(patient), warnings=checked.warnings)


def _insert(this: Act, checked: CheckedPatient, *, confirm_new: str) -> Patient:
    here = get_here()
    patient = Patient(
        **checked.values,
        mrn=format_mrn(take(f"mrn:{this.facility}"), here.mrn_width),
        confirmed_new_reason=confirm_new.strip()[:120],
        registered_at=this.at,
    )
    try:
        with transaction.atomic():
            this.create(patient)
    except IntegrityError:
        # The other counter saved this NIK between our look and our insert (PostgreSQL).
        raise Conflict(
            _("NIK ini baru saja didaftarkan di loket lain. Cari lagi, lalu pakai yang ada."),
            "nik_taken",
            errors=(Problem("nik", "taken", _("Sudah dipakai.")),),
        ) from None
    index_name(patient.id, patient.name)
    if checked.old_mrn:
        this.create(Identifier(patient=patient, system="old-mrn", value=checked.old_mrn.upper()))
    return patient


def _key(values: dict[str, Any]) -> PersonKey:
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


def _holder_of_nik(nik: str, *, by: Actor) -> Patient | None:
    return (
        Patient.objects.filter(owner=by.facility_id, nik=nik).exclude(nik="").first()
        if nik
        else None
    )


def _as_candidate(holder: Patient | None, checked: CheckedPatient) -> list[Candidate]:
    if holder is None:
        return []
    match = Match(level="certain", score=1.0, agrees=(_("NIK sama"),), differs=())
    return [Candidate(card(holder), match)]


def correct_patient(
    patient: uuid.UUID, *, by: Actor, typed: PatientInput, seen_version: int
) -> Registered:
    """Write corrected identity over the version the person saw; Stale when it has moved on."""
    require(by, "correct", "patient")
    here = get_here()
    row = get_row(patient, by=by)
    checked = check_patient(typed, today=here.today())
    holder = _holder_of_nik(checked.values["nik"], by=by)
    if holder is not None and holder.id != row.id:
        raise Refused(
            _("NIK ini sudah tercatat pada RM %(mrn)s. Belum ada yang diubah.")
            % {"mrn": holder.mrn},
            "nik_taken",
            errors=(Problem("nik", "taken", _("Sudah dipakai orang lain.")),),
        )
    changed = [name for name, value in checked.values.items() if getattr(row, name) != value]
    renamed = "name" in changed
    for name in changed:
        setattr(row, name, checked.values[name])
    with act(by=by) as this:
        if changed or seen_version != row.version:
            this.update(row, *(changed or ["name"]), seen_version=seen_version)
            this.record(
                "patient-corrected",
                patient=row.id,
                subject=f"patient:{row.id}",
                detail={"fields": changed},
            )
        if renamed:
            reindex_name(row.id, row.name)
        if checked.old_mrn and not row.identifiers.filter(value=checked.old_mrn.upper()).exists():
            this.create(Identifier(patient=row, system="old-mrn", value=checked.old_mrn.upper()))
    return Registered(patient=card(row), warnings=checked.warnings)


def note_allergy(
    patient: uuid.UUID,
    *,
    by: Actor,
    substance: str,
    reaction: str = "",
    category: str = "",
    noted_year: int | None = None,
) -> None:
    """Record a known allergy; an earlier "no allergies" stops counting."""
    require(by, "input", "allergy")
    row = get_row(patient, by=by)
    substance, reaction = " ".join(substance.split()), " ".join(reaction.split())
    if not substance or len(substance) > 80 or len(reaction) > 120:
        raise Refused(
            _("Tulis nama penyebab alergi, paling banyak 80 huruf. Belum ada yang disimpan."),
            "allergy_refused",
            errors=(Problem("substance", "required", _("Tulis nama penyebabnya.")),),
        )
    if category not in {"", "food", "medication", "environment"}:
        raise Refused(
            _("Pilih jenis alergi dari daftar."),
            "allergy_refused",
            errors=(Problem("category", "unknown", _("Pilih dari daftar.")),),
        )
    with act(by=by) as this:
        _retire_none(this, row)
        this.create(
            AllergyIntolerance(
                patient=row,
                substance=substance,
                reaction=reaction,
                category=category,
                noted_year=noted_year,
                recorded_at=this.at,
                recorded_by=by.practitioner_id,
            )
        )
        this.record("allergy-noted", patient=row.id)


def note_no_allergies(patient: uuid.UUID, *, by: Actor) -> None:
    """Record that the patient was asked and knows of no allergy."""
    require(by, "input", "allergy")
    row = get_row(patient, by=by)
    if row.allergies.filter(is_current=True, is_none=False).exists():
        raise Conflict(
            _("Alergi sudah tercatat, jadi jawaban “tidak ada” tidak disimpan. Periksa daftarnya."),
            "allergy_recorded",
        )
    with act(by=by) as this:
        _retire_none(this, row)
        this.create(
            AllergyIntolerance(
                patient=row, is_none=True, recorded_at=this.at, recorded_by=by.practitioner_id
            )
        )
        this.record("allergy-none", patient=row.id)


def _retire_none(this: Act, patient: Patient) -> None:
    for old in patient.allergies.filter(is_none=True, is_current=True):
        old.is_current = False
        this.update(old, "is_current")
