"""Writing patients: make one, correct one, note an allergy or that there is none."""

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from simpul.domain.errors import Finding
from simpul.domain.matching import Match, PersonKey
from simpul.domain.names import known_as
from simpul.foundation.core.errors import Conflict, Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.service.patients.cards import PatientCard, card
from simpul.service.patients.index import index_patient, reindex_patient
from simpul.service.patients.inputs import CheckedPatient, PatientInput, check_patient
from simpul.service.patients.matching.candidates import Candidate, find_candidates
from simpul.service.patients.matching.services import remember_apart
from simpul.service.patients.merging.models import TaskKind
from simpul.service.patients.merging.services import open_task
from simpul.service.patients.models import AllergyIntolerance, Identifier, NoNikReason, Patient, Sex
from simpul.service.patients.numbers.families import give_family_number
from simpul.service.patients.numbers.schemes import find_forms, take_mrn
from simpul.service.patients.selectors import (
    get_row,
    list_allergies,
)

#: A look-alike registered by somebody else so lately is the same person at two counters.
JUST_NOW = timedelta(minutes=5)


@dataclass(frozen=True)
class Registered:
    """A patient just made, and what was unusual about the input."""

    patient: PatientCard
    warnings: tuple[Finding, ...]


class LooksKnown(Conflict):
    """Somebody very like this is already here; a person decides, Enter alone does not."""

    def __init__(self, candidates: list[Candidate], *, just_by: str = "") -> None:
        first = candidates[0].patient
        said = _(
            "Tampak sudah terdaftar dengan RM %(mrn)s, jadi belum disimpan. Pakai yang ada, "
            "atau simpan sebagai orang berbeda dengan alasannya."
        )
        if just_by:
            said = _(
                "Baru saja didaftarkan oleh %(who)s dengan RM %(mrn)s, jadi belum disimpan lagi. "
                "Pakai yang ada, atau simpan sebagai orang berbeda dengan alasannya."
            )
        super().__init__(
            said % {"mrn": first.mrn, "who": just_by},
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


@dataclass(frozen=True)
class ReservedRecord:
    """Id and record number that a counter without the server gave this patient already.

    The number is one of a block taken for that counter from the house's own sequence.
    """

    id: uuid.UUID
    mrn: str = ""


def register_patient(
    *,
    by: Actor,
    typed: PatientInput,
    confirm_new: str = "",
    decided_apart: bool = False,
    reserved: ReservedRecord | None = None,
) -> Registered:
    """Make a new patient with a record number, in one act.

    `decided_apart` says that `confirm_new` is the word of a person who saw who looks like this;
    it is remembered of each of them, and those pairs are not asked about again.

    Raises Refused for what cannot be stored, LooksKnown when somebody is almost certainly the
    same and `confirm_new` (the reason why not) is empty. A NIK that is another person's is never
    stored twice: with `confirm_new` the patient is saved without it, marked for the record room.
    """
    require(by, "input", "patient")
    require_home(by)
    here = get_here()
    checked = check_patient(typed, today=here.today())
    _find_mother(checked, by=by)
    with act(by=by) as this:
        certain = [
            c for c in find_candidates(_key(checked.values), by=by) if c.match.level == "certain"
        ]
        nik = checked.values["nik"]
        holder = _holder_of_nik(nik, by=by)
        _refuse_known(certain, holder, this, confirm_new)
        patient = None if holder else _insert(this, checked, confirm_new, reserved)
        if patient is None:
            # Known before, or saved by the other counter between our look and our insert.
            holder = holder or _holder_of_nik(nik, by=by)
            if holder is None:
                raise _taken_elsewhere()
            _refuse_known([], holder, this, confirm_new)
            checked.values.update(
                nik="", no_nik_reason=NoNikReason.CONFLICT, is_identity_complete=False
            )
            patient = _insert(this, checked, confirm_new, reserved)
            if patient is None:
                raise _taken_elsewhere()
        detail: dict[str, Any] = {}
        if holder is not None:
            detail["nik_conflict_with"] = str(holder.id)
            open_task(this, kind=TaskKind.NIK_CONFLICT, patient=patient, other=holder)
        if decided_apart and confirm_new.strip():
            others = [one.patient.id for one in certain] + ([holder.id] if holder else [])
            remember_apart(this, patient.id, others, by=by, reason=confirm_new)
        this.record(
            "patient-registered", patient=patient.id, subject=f"patient:{patient.id}", detail=detail
        )
    return Registered(patient=card(patient), warnings=checked.warnings)


def _find_mother(checked: CheckedPatient, *, by: Actor) -> None:
    """Link a newborn to the mother's record, by its number or by her NIK."""
    values = checked.values
    mother = _known_mother(values["mother_nik"], checked.mother_mrn, by=by)
    if checked.mother_mrn and mother is None:
        raise Refused(
            _("Belum disimpan: nomor RM ibu tidak menemukan seorang perempuan di sini."),
            "patient_refused",
            errors=(Problem("mother_mrn", "unknown", _("Periksa nomor RM ibu, atau kosongkan.")),),
        )
    if mother is not None:
        values["mother_id"] = mother.id
        values["mother_nik"] = values["mother_nik"] or mother.nik
        values["mother_name"] = values["mother_name"] or mother.name


def with_mother(key: PersonKey, *, mother_mrn: str, by: Actor) -> PersonKey:
    """Return a form's key with what saving it would take from the mother's record.

    So a newborn is judged while it is typed as it will be judged when it is saved.
    """
    require(by, "view", "patient")
    mother = _known_mother(key.mother_nik, mother_mrn.replace("\x00", "")[:20], by=by)
    if mother is None:
        return key
    return replace(
        key,
        mother_nik=key.mother_nik or mother.nik,
        mother_name=key.mother_name or mother.name,
    )


def _known_mother(mother_nik: str, mother_mrn: str, *, by: Actor) -> Patient | None:
    """Return the mother's record by its number or, where none is given, by her NIK."""
    if not mother_mrn.strip():
        return _holder_of_nik(mother_nik, by=by)
    rows = Patient.objects.filter(owner=by.facility_id, mrn__in=find_forms(mother_mrn.upper()))
    found = rows.select_related("merged_into").first()
    is_woman = found is not None and found.person.sex == Sex.FEMALE
    return found.person if found is not None and is_woman else None


def _refuse_known(
    certain: list[Candidate], holder: Patient | None, this: Act, confirm_new: str
) -> None:
    """Ask a person before a second record of somebody known; Enter alone never makes it."""
    if confirm_new.strip() or not (certain or holder):
        return
    candidates = _as_candidate(holder) if holder is not None else certain
    candidates += [c for c in certain if holder is not None and c.patient.id != holder.id]
    raise LooksKnown(candidates, just_by=_just_registered_by(candidates[0].patient.id, this))


def _just_registered_by(patient: uuid.UUID, this: Act) -> str:
    """Who registered this patient in the last minutes at another counter; empty if nobody did."""
    entry = (
        JournalEntry.objects.filter(
            patient=patient, act="patient-registered", at__gte=this.at - JUST_NOW
        )
        .exclude(practitioner=this.practitioner)
        .first()
    )
    if entry is None or entry.practitioner is None:
        return ""
    return practitioner_names({entry.practitioner}).get(entry.practitioner, "")


def _taken_elsewhere() -> Conflict:
    return Conflict(
        _("NIK ini baru saja didaftarkan di loket lain. Cari lagi, lalu pakai yang ada."),
        "nik_taken",
        errors=(Problem("nik", "taken", _("Sudah dipakai.")),),
    )


def _insert(
    this: Act, checked: CheckedPatient, confirm_new: str, reserved: ReservedRecord | None
) -> Patient | None:
    """Store a new patient; None when somebody else has just stored this NIK."""
    mrn = reserved.mrn if reserved is not None else ""
    patient = Patient(
        **checked.values,
        mrn=mrn or take_mrn(this.facility),
        confirmed_new_reason=confirm_new.strip()[:120],
        registered_at=this.at,
    )
    if reserved is not None:
        patient.id = reserved.id
    try:
        with transaction.atomic():
            this.create(patient)
    except IntegrityError:
        return None
    index_patient(patient)
    if checked.old_mrn:
        this.create(Identifier(patient=patient, system="old-mrn", value=checked.old_mrn.upper()))
    give_family_number(this, patient)
    return patient


def _key(values: dict[str, Any]) -> PersonKey:
    return PersonKey(
        name=known_as(values["title"], values["name"]),
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
        mother_nik=values.get("mother_nik", ""),
        birth_order=values.get("birth_order"),
    )


def _holder_of_nik(nik: str, *, by: Actor) -> Patient | None:
    """Return the person whose NIK this is, also when it stands in a record merged into theirs."""
    if not nik:
        return None
    rows = Patient.objects.filter(owner=by.facility_id, nik=nik).exclude(nik="")
    rows = rows.select_related("merged_into")
    holder = rows.order_by(F("merged_into").asc(nulls_first=True)).first()
    return holder.person if holder is not None else None


def _as_candidate(holder: Patient) -> list[Candidate]:
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
    _find_mother(checked, by=by)
    holder = _holder_of_nik(checked.values["nik"], by=by)
    if holder is not None and holder.id != row.id:
        raise Refused(
            _("NIK ini sudah tercatat pada RM %(mrn)s. Belum ada yang diubah.")
            % {"mrn": holder.mrn},
            "nik_taken",
            errors=(Problem("nik", "taken", _("Sudah dipakai orang lain.")),),
        )
    changed = [name for name, value in checked.values.items() if getattr(row, name) != value]
    before = card(row)
    for name in changed:
        setattr(row, name, checked.values[name])
    with act(by=by) as this:
        if changed or seen_version != row.version:
            try:
                with transaction.atomic():
                    this.update(row, *(changed or ["name"]), seen_version=seen_version)
            except IntegrityError:
                raise _taken_elsewhere() from None
            this.record(
                "patient-corrected",
                patient=row.id,
                subject=f"patient:{row.id}",
                detail={"fields": changed},
            )
        reindex_patient(row, before)
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
    if list_allergies(row.id, by=by):
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
