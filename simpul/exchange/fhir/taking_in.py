"""A bundle taken in: each resource gets a verdict; people first, then what speaks of them.

A dry run walks the same way and stores nothing. Each person is an act of its own and each hundred
records another, so a run that is killed goes on when it is started again; a resource that is here
already, unchanged, adds nothing.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from simpul.domain.dates import read_birth_date
from simpul.domain.errors import DomainError
from simpul.domain.matching import PersonKey
from simpul.domain.names import likeness
from simpul.exchange.fhir.models import ExternalRecord, RecordState
from simpul.exchange.fhir.people import person_subject, read_patient, reference_of
from simpul.exchange.fhir.reading import READ, Resource
from simpul.exchange.fhir.rendering import concept, render
from simpul.foundation.core.errors import Conflict, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.service.patients.inputs import PatientInput, check_patient
from simpul.service.patients.matching.candidates import find_candidates
from simpul.service.patients.models import AllergyIntolerance, Patient
from simpul.service.patients.records import record_ids
from simpul.service.patients.selectors import find_patients
from simpul.service.patients.services import register_patient

#: Records stored in one act.
AT_ONCE = 100
#: A NIK that is another name's is looked at by a person.
LIKE = 0.7
NEW, KNOWN, SAME, WAITING, REFUSED, KEPT, LINKED, RENEWED = (
    "baru", "sudah ada", "dikenali", "menunggu", "ditolak", "disimpan", "terhubung", "diperbarui",
)  # fmt: skip
#: FHIR: what was written by mistake, or denied, is no allergy.
NOT_SO = frozenset({"refuted", "entered-in-error"})
CATEGORIES = frozenset({"food", "medication", "environment"})


@dataclass(frozen=True)
class Outcome:
    """What happens (or, in a dry run, would happen) to one resource."""

    place: int
    kind: str
    id: str
    verdict: str
    why: str = ""
    patient: uuid.UUID | None = None


@dataclass
class Report:
    """The verdicts of a bundle."""

    source: str
    dry_run: bool
    outcomes: list[Outcome] = field(default_factory=list)

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many of each resource type got each verdict."""
        found: dict[str, dict[str, int]] = {}
        for one in self.outcomes:
            row = found.setdefault(one.kind or "?", {})
            row[one.verdict] = row.get(one.verdict, 0) + 1
        return found


@dataclass
class _Run:
    """What a walk through a bundle must remember."""

    source: str
    by: Actor
    dry_run: bool
    #: subject → patient here, None while a person has to decide
    subjects: dict[str, uuid.UUID | None] = field(default_factory=dict)
    #: address inside this bundle → the subject, which is the same in every bundle of this source
    addresses: dict[str, str] = field(default_factory=dict)

    def subject(self, content: dict[str, Any]) -> str:
        """Return whom a resource speaks of, `Patient/ID`; "" where it names nobody."""
        told = reference_of(content)
        if told in self.addresses:
            return self.addresses[told]
        _base, found, rest = told.rpartition("Patient/")
        return person_subject(rest.split("/")[0]) if found else told


def take_in(
    resources: list[Resource],
    *,
    source: str,
    by: Actor,
    dry_run: bool = False,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Report:
    """Take a bundle in and return the verdict of every resource, in its order."""
    require(by, "input", "import")
    require(by, "input", "patient")
    require_home(by)
    source = " ".join(source.split())
    if not source or len(source) > 80 or "\x00" in source:
        raise Refused(
            _("Tulis dari mana berkas ini, paling banyak 80 huruf. Belum ada yang disimpan."),
            "source_required",
        )
    run = _Run(source, by, dry_run)
    report = Report(source, dry_run)
    people = [one for one in resources if one.kind == "Patient"]
    records = [one for one in resources if one.kind != "Patient"]
    for done, resource in enumerate(people):
        report.outcomes.append(_take_person(run, resource))
        tell(done + 1, len(resources))
    for start in range(0, len(records), AT_ONCE):
        some = records[start : start + AT_ONCE]
        report.outcomes += _take_records(run, some)
        tell(len(people) + start + len(some), len(resources))
    report.outcomes.sort(key=lambda one: one.place)
    return report


# -- People ----------------------------------------------------------------------------------------


def _take_person(run: _Run, resource: Resource) -> Outcome:
    stored = _find(run, resource.kind, resource.key)
    verdict, patient, why = _decide(run, resource, stored)
    subject = person_subject(resource.key)
    run.subjects[subject] = patient
    if resource.full_url:
        run.addresses[resource.full_url] = subject
    return Outcome(resource.place, "Patient", resource.id, verdict, why, patient)


def _decide(
    run: _Run, resource: Resource, stored: ExternalRecord | None
) -> tuple[str, uuid.UUID | None, str]:
    if stored is not None and stored.patient_id is not None:
        if stored.digest != resource.digest and not run.dry_run:
            _renew(run, stored, resource)
        changed = stored.digest != resource.digest
        return (RENEWED if changed else KNOWN), stored.patient_id, ""
    if resource.problems:
        why = "; ".join(f"{one.where}: {one.message}" for one in resource.problems)
        return _hold(run, resource, stored, why, REFUSED)
    typed = read_patient(resource.content)
    known, why = _recognise(run, typed)
    if known is not None:
        _keep_person(run, resource, stored, known)
        return SAME, known, ""
    if why:
        return _hold(run, resource, stored, why, WAITING)
    try:
        if run.dry_run:
            check_patient(typed, today=get_here().today())
            return NEW, None, ""
        made = register_patient(by=run.by, typed=typed, confirm_new="impor FHIR").patient.id
    except Refused as refusal:
        whys = "; ".join(f"{one.where}: {one.message}" for one in refusal.errors)
        return _hold(run, resource, stored, whys or refusal.message, REFUSED)
    except Conflict as conflict:
        return _hold(run, resource, stored, conflict.message, WAITING)
    _keep_person(run, resource, stored, made)
    return NEW, made, ""


def _recognise(run: _Run, typed: PatientInput) -> tuple[uuid.UUID | None, str]:
    """Return the patient with this NIK, or why a person has to look first."""
    if typed.nik:
        found = find_patients(typed.nik, by=run.by, limit=2)
        same = [one for one in found if one.patient.nik == typed.nik]
        if same:
            card = same[0].patient
            if likeness(typed.name, card.name) >= LIKE:
                return card.id, ""
            return None, _("NIK ini tercatat pada RM %(mrn)s dengan nama lain.") % {"mrn": card.mrn}
    key = _key_of(typed)
    if key is None:
        return None, ""
    for candidate in find_candidates(key, by=run.by, limit=3):
        if candidate.match.level in ("certain", "possible"):
            return None, _("Mungkin orang yang sama dengan RM %(mrn)s.") % {
                "mrn": candidate.patient.mrn
            }
    return None, ""


def _key_of(typed: PatientInput) -> PersonKey | None:
    try:
        born = read_birth_date(typed.birth_date, get_here().today())
    except DomainError:
        return None
    if not typed.name or born.value is None:
        return None
    return PersonKey(
        name=typed.name,
        birth_date=born.value,
        birth_date_estimated=typed.birth_date_estimated,
        sex="male" if typed.sex == "male" else "female" if typed.sex == "female" else None,
        nik=typed.nik,
        kk=typed.kk_number,
        mother_name=typed.mother_name,
        village=typed.village,
        rt=typed.rt,
        rw=typed.rw,
        phone=typed.phone,
    )


def _hold(
    run: _Run, resource: Resource, stored: ExternalRecord | None, why: str, verdict: str
) -> tuple[str, None, str]:
    if not run.dry_run:
        with act(by=run.by) as this:
            _keep(this, run, resource, stored, RecordState.WAITING, why=why)
    return verdict, None, why


def _keep_person(
    run: _Run, resource: Resource, stored: ExternalRecord | None, patient: uuid.UUID
) -> None:
    if run.dry_run:
        return
    with act(by=run.by) as this:
        _keep(this, run, resource, stored, RecordState.LINKED, patient=patient)
        this.record("record-received", patient=patient, subject="fhir:Patient")


def _renew(run: _Run, stored: ExternalRecord, resource: Resource) -> None:
    with act(by=run.by) as this:
        state = RecordState(stored.state)
        _keep(this, run, resource, stored, state, patient=stored.patient_id)


# -- What speaks of them ---------------------------------------------------------------------------


def _take_records(run: _Run, some: list[Resource]) -> list[Outcome]:
    kept = _stored_of_many(run, some)
    if run.dry_run:
        return [_judge(run, one, kept.get((one.kind, one.key))) for one in some]
    outcomes = []
    with act(by=run.by) as this:
        for resource in some:
            stored = kept.get((resource.kind, resource.key))
            outcome = _judge(run, resource, stored)
            if outcome.verdict != KNOWN:
                kept[resource.kind, resource.key] = _store(this, run, resource, stored, outcome)
            outcomes.append(outcome)
        told: dict[uuid.UUID, int] = {}
        for outcome in outcomes:
            if outcome.patient is not None and outcome.verdict in (LINKED, RENEWED):
                told[outcome.patient] = told.get(outcome.patient, 0) + 1
        for patient, many in told.items():
            this.record("record-received", patient=patient, subject="fhir", detail={"many": many})
    return outcomes


def _judge(run: _Run, resource: Resource, stored: ExternalRecord | None) -> Outcome:
    subject = run.subject(resource.content)
    patient = _patient_of(run, subject)
    verdict, why = LINKED, ""
    if resource.problems:
        verdict = KEPT
        why = "; ".join(f"{one.where}: {one.message}" for one in resource.problems)
        patient = None
    elif (
        stored is not None
        and stored.digest == resource.digest
        and (stored.patient_id is not None or patient is None)
    ):
        verdict, patient = KNOWN, stored.patient_id
    elif stored is not None:
        verdict = RENEWED
    elif patient is None and subject:
        verdict, why = WAITING, _("Pasiennya belum dikenal di sini.")
    elif resource.kind not in READ:
        verdict = KEPT
        why = _("Jenis ini belum dibaca; disimpan seperti aslinya.")
    return Outcome(resource.place, resource.kind, resource.id, verdict, why, patient)


def _store(
    this: Act,
    run: _Run,
    resource: Resource,
    stored: ExternalRecord | None,
    outcome: Outcome,
) -> ExternalRecord:
    state = RecordState.KEPT
    if outcome.patient is not None and resource.kind in READ:
        state = RecordState.LINKED
    elif outcome.verdict == WAITING:
        state = RecordState.WAITING
    if resource.content.get("status") == "entered-in-error":
        state = RecordState.WITHDRAWN
    row = _keep(this, run, resource, stored, state, patient=outcome.patient, why=outcome.why)
    if resource.kind == "AllergyIntolerance" and state == RecordState.LINKED and outcome.patient:
        _note_allergy(this, resource.content, outcome.patient, by=run.by)
    return row


def _note_allergy(this: Act, content: dict[str, Any], patient: uuid.UUID, *, by: Actor) -> None:
    """An allergy told by another place is one here too: nobody may have to look for it."""
    verification = concept(content.get("verificationStatus"))[0]
    if verification in NOT_SO or concept(content.get("clinicalStatus"))[0] == "resolved":
        return
    substance = " ".join(concept(content.get("code"))[1].split())[:80]
    if not substance:
        return
    rows = list(
        AllergyIntolerance.objects.filter(patient_id__in=record_ids(patient), is_current=True)
    )
    if any(row.substance.casefold() == substance.casefold() for row in rows):
        return
    for row in rows:
        if row.is_none:
            row.is_current = False
            this.update(row, "is_current")
    line = render("AllergyIntolerance", content)
    category = next((c for c in content.get("category") or [] if c in CATEGORIES), "")
    this.create(
        AllergyIntolerance(
            patient_id=patient,
            substance=substance,
            reaction=line.text[:120],
            category=category,
            noted_year=line.day.year if line.day else None,
            recorded_at=this.at,
            recorded_by=by.practitioner_id,
        )
    )
    this.record("allergy-noted", patient=patient, detail={"from": "fhir"})


def _patient_of(run: _Run, subject: str) -> uuid.UUID | None:
    if not subject:
        return None
    if subject not in run.subjects:
        # Not in this bundle: somebody an earlier one brought.
        row = _find(run, "Patient", subject.removeprefix("Patient/"))
        run.subjects[subject] = row.patient_id if row is not None else None
    return run.subjects[subject]


# -- Stored ----------------------------------------------------------------------------------------


def _find(run: _Run, kind: str, external_id: str) -> ExternalRecord | None:
    return _mine(run).filter(resource_type=kind, external_id=external_id).first()


def _mine(run: _Run) -> QuerySet[ExternalRecord]:
    return ExternalRecord.objects.filter(owner=run.by.facility_id, source=run.source)


def _stored_of_many(run: _Run, resources: list[Resource]) -> dict[tuple[str, str], ExternalRecord]:
    """Return what is here already of these resources, by type and key, in one statement."""
    rows = _mine(run).filter(
        resource_type__in={one.kind for one in resources},
        external_id__in={one.key for one in resources},
    )
    return {(row.resource_type, row.external_id): row for row in rows}


def _keep(
    this: Act,
    run: _Run,
    resource: Resource,
    stored: ExternalRecord | None,
    state: RecordState,
    *,
    patient: uuid.UUID | None = None,
    why: str = "",
) -> ExternalRecord:
    line = render(resource.kind, resource.content)
    values: dict[str, Any] = {
        "digest": resource.digest,
        "patient_id": patient,
        "subject": run.subject(resource.content),
        "state": state,
        "why": why[:200],
        "day": line.day,
        "code": line.code,
        "display": line.display,
        "text": line.text,
        "raw": resource.content,
        "received_at": this.at,
        "received_by": run.by.practitioner_id,
    }
    if stored is None:
        stored = ExternalRecord(
            source=run.source, resource_type=resource.kind, external_id=resource.key, **values
        )
        this.create(stored)
        return stored
    for name, value in values.items():
        setattr(stored, name, value)
    this.update(stored, *values)
    return stored


def decide_person(record: uuid.UUID, *, patient: uuid.UUID, by: Actor) -> int:
    """A person has said who a waiting Patient is: link it and everything that speaks of it.

    Returns how many records were linked.
    """
    require(by, "input", "import")
    with act(by=by) as this:
        row = (
            ExternalRecord.objects.select_for_update()
            .filter(id=record, owner=by.facility_id, resource_type="Patient")
            .first()
        )
        if row is None or row.state != RecordState.WAITING:
            raise Conflict(
                _("Pasien dari luar ini sudah diputuskan. Muat ulang halaman."), "already_decided"
            )
        owner = Patient.objects.filter(id=patient, owner=by.facility_id).first()
        if owner is None:
            raise Refused(_("Pilih pasien dari hasil pencarian."), "patient_unknown")
        linked = [row, *_speaking_of(row)]
        for one in linked:
            one.patient_id, one.state, one.why = owner.id, RecordState.LINKED, ""
            this.update(one, "patient", "state", "why")
            if one.resource_type == "AllergyIntolerance":
                _note_allergy(this, one.raw, owner.id, by=by)
        this.record(
            "record-received", patient=owner.id, subject="fhir", detail={"many": len(linked)}
        )
    return len(linked)


def _speaking_of(person: ExternalRecord) -> list[ExternalRecord]:
    return list(
        ExternalRecord.objects.select_for_update()
        .filter(
            owner=person.owner,
            source=person.source,
            state=RecordState.WAITING,
            subject=person_subject(person.external_id),
        )
        .exclude(id=person.id)
    )
