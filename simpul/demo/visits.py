"""One made-up visit, from the counter to the analysed record, as the services would write it.

A plan says what happens when; `write_visit` drafts the acts whose instants have come. Of a past
day each row is written as it stood after its first act and after its last one; this morning's rows
go through every version.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from simpul.demo import content
from simpul.demo.bulk import Bulk, Draft, Row
from simpul.demo.house import Colleague
from simpul.demo.population import Known
from simpul.demo.record_sheet import Found, judge
from simpul.domain.completeness import CompletenessResult
from simpul.domain.placement import cluster_for
from simpul.service.care.models import Condition, Entry, EntryKind, Observation, Procedure
from simpul.service.completeness.models import CompletenessCheck, Deficiency, RecordStatus
from simpul.service.distribution.models import Distribution, Stage, Ticket, ticket_label
from simpul.service.patients.models import AllergyIntolerance
from simpul.service.registration.models import (
    Encounter,
    EncounterStatus,
    Payer,
    Priority,
    PriorityReason,
)
from simpul.service.registration.services import UNDER_FIVE_YEARS
from simpul.service.registration.suggestion import ELDERLY_YEARS

SHARE_ALLERGIC = 0.07
REDIRECTIONS = {"gizi": "Perlu konsultasi gizi", "tb": "Batuk lama, perlu diperiksa TB"}
SAID_AT_COUNTER = ("Pasien minta", "Dokter menyarankan kontrol di sini", "Poli saran penuh")


@dataclass(slots=True)
class Plan:
    """What is to happen in one visit; an instant of None has no place in it."""

    person: Known
    case: content.Case
    day: date
    saved: datetime
    registrar: Colleague
    clinician: Colleague
    nurse: Colleague | None = None
    shown: datetime | None = None
    called: datetime | None = None
    started: datetime | None = None
    closed: datetime | None = None
    cancelled: datetime | None = None
    redirected: datetime | None = None
    redirected_to: str = ""
    second: Colleague | None = None
    skips: tuple[datetime, ...] = ()
    priority: str = ""
    flaw: str = ""
    number: int = 0
    book_number: int = 0


@dataclass(slots=True)
class Written:
    """A visit's rows that later days may change."""

    plan: Plan
    walk: "Walk"
    check: Row | None = None
    deficiencies: tuple[Row, ...] = ()


class Walk:
    """Drafts one visit step by step."""

    def __init__(self, bulk: Bulk, plan: Plan, *, prefix: str, condensed: bool) -> None:
        self.bulk, self.plan, self.rng = bulk, plan, bulk.rng
        self.prefix, self.condensed = prefix, condensed
        self.person, self.unit = plan.person, plan.case.unit
        self.late: dict[str, Any] = {}
        self.age = plan.person.age(plan.day)
        self.has_vitals = False
        self.soap: Row | None = None
        self.whole_note: dict[str, Any] = {}
        self.procedures: Row | None = None

    # -- at the counter -------------------------------------------------------------------------

    def register(self) -> None:
        """Open the visit, issue the ticket, hand the record over."""
        plan, case, person = self.plan, self.plan.case, self.person
        this = self.bulk.act(plan.saved, plan.registrar.id)
        suggestion = case.suggestion
        overridden = suggestion is not None and suggestion.unit != case.unit
        priority, priority_reason = _priority(case, self.age)
        if plan.priority:
            priority, priority_reason = plan.priority, _REASONS.get(plan.priority, "")
        self.encounter = this.create(
            Encounter,
            patient_id=person.id,
            registration_number=f"{plan.day:%y%m%d}-{plan.book_number:04d}",
            service_date=plan.day.isoformat(),
            period_start=this.instant,
            payer=_payer(self.rng, person),
            complaint=case.complaint.text,
            priority=priority,
            priority_reason=priority_reason,
            pregnant=case.pregnant,
            unit=case.unit,
            cluster=cluster_for(case.unit, self.age, bool(case.pregnant)),
            suggested_unit=suggestion.unit if suggestion else "",
            suggestion_rule=suggestion.rule if suggestion else "",
            suggestion_reason=suggestion.reason[:160] if suggestion else "",
            override_reason=self.rng.choice(SAID_AT_COUNTER) if overridden else "",
            registered_by=plan.registrar.id,
        )
        self.ticket = this.create(
            Ticket,
            encounter_id=self.encounter.id,
            service_date=plan.day.isoformat(),
            prefix=self.prefix,
            number=plan.number,
        )
        self.label = ticket_label(self.prefix, plan.number)
        self.distribution = self._hand_over(this, case.unit, priority)
        self._record(
            this,
            "distributed",
            detail={
                "ticket": self.label,
                "rule": self.encounter["suggestion_rule"],
                "overridden": overridden,
            },
        )

    def _hand_over(self, this: Draft, unit: str, priority: str, **more: str) -> Row:
        return this.create(
            Distribution,
            encounter_id=self.encounter.id,
            ticket_id=self.ticket.id,
            patient_id=self.person.id,
            service_date=self.plan.day.isoformat(),
            unit=unit,
            priority=priority,
            place=self.plan.number,
            saved_at=this.instant,
            **more,
        )

    def cancel(self, at: datetime) -> None:
        """The patient goes home before being served."""
        this = self.bulk.act(at, self.plan.registrar.id)
        reason = "Pasien pulang, tidak jadi berobat"
        self._step(this, stage=Stage.CANCELLED.value, ended_at=this.instant, reason=reason)
        self._settle(this)
        this.update(
            self.encounter,
            status=EncounterStatus.CANCELLED.value,
            cancel_reason=reason,
            period_end=this.instant,
        )
        this.record(
            "cancelled", unit=self.unit, patient=self.person.id, encounter=self.encounter.id
        )

    # -- in the unit ----------------------------------------------------------------------------

    def show(self, at: datetime) -> None:
        """The unit's screen has rendered the row."""
        this = self.bulk.act(at, (self.plan.nurse or self.plan.clinician).id)
        self._step(this, stage=Stage.SHOWN.value, shown_at=this.instant)
        self._record(this, "shown")

    def call(self, at: datetime) -> None:
        """The number is called, and the record opened."""
        this = self.bulk.act(at, self.plan.clinician.id)
        values: dict[str, Any] = {
            "called_at": this.instant,
            "call_count": self._now("call_count", 0) + 1,
            "practitioner": self.plan.clinician.id,
        }
        if self._now("opened_at", None) is None:
            values |= {"opened_at": this.instant, "stage": Stage.OPENED.value}
            self._record(this, "opened")
        self._step(this, **values)
        self._record(this, "called", detail={"ticket": self.label, "count": values["call_count"]})

    def skip(self, at: datetime) -> None:
        """Nobody answered: further down, and after the second time not there."""
        this = self.bulk.act(at, self.plan.clinician.id)
        count = self._now("skip_count", 0) + 1
        values: dict[str, Any] = {"skip_count": count, "called_at": None}
        if count > 1:
            values |= {"stage": Stage.NO_SHOW.value, "ended_at": this.instant}
        else:
            values["place"] = self._now("place", self.plan.number) + 3
        self._step(this, **values)
        if count > 1:
            self._settle(this)
        stage = str(self._now("stage", Stage.OPENED.value))
        self._record(this, "skipped", detail={"count": count, "stage": stage})

    def redirect(self, at: datetime) -> None:
        """The record goes on to another unit; the ticket stays with the patient."""
        target = self.plan.redirected_to
        this = self.bulk.act(at, self.plan.clinician.id)
        reason = REDIRECTIONS.get(target, "Perlu ditangani di poli ini")
        self._step(this, stage=Stage.REDIRECTED.value, ended_at=this.instant, reason=reason)
        self._settle(this)
        self._record(this, "redirected", detail={"to": target})
        before, self.unit = self.unit, target
        if self.plan.second is not None:
            self.plan.clinician, self.plan.nurse = self.plan.second, None
        self.distribution = self._hand_over(
            this, target, self.encounter["priority"], came_from=before, reason=reason
        )
        self._record(this, "distributed", detail={"from": before, "ticket": self.label})

    def start(self, at: datetime) -> None:
        """The patient is in the room: allergies asked, vital signs measured."""
        plan, person = self.plan, self.person
        measurer = plan.nurse or plan.clinician
        this = self.bulk.act(at, measurer.id)
        this.record("read", patient=person.id, encounter=self.encounter.id, subject="record")
        if content.measures(self.unit) and plan.flaw != "vitals":
            self.write_vitals(this, measurer)
        values: dict[str, Any] = {"stage": Stage.IN_SERVICE.value, "started_at": this.instant}
        if self._now("opened_at", None) is None:
            values["opened_at"] = this.instant
            self._record(this, "opened")
        self._step(this, **values, practitioner=plan.clinician.id)
        if not self.condensed:
            this.update(self.encounter, status=EncounterStatus.IN_PROGRESS.value)
        self._record(this, "started")
        if not person.asked_allergy and plan.flaw != "allergy":
            ask_allergy(self.bulk, person, at=at, by=measurer)

    def close(self, at: datetime) -> Written:
        """The clinician signs; service, visit and analysis end here."""
        plan, rng = self.plan, self.rng
        this = self.bulk.act(at, plan.clinician.id)
        self.whole_note = content.note(rng, plan.case.complaint, allergic=self.person.allergic)
        written = {**self.whole_note}
        if plan.flaw in ("plan", "objective"):
            written["p" if plan.flaw == "plan" else "o"] = ""
        self.soap = self.write_entry(this, EntryKind.SOAP, written, plan.clinician)
        diagnosed = plan.flaw != "diagnosis"
        if diagnosed:
            self.write_items(this, EntryKind.CONDITION, self.diagnoses(), plan.clinician)
        done = content.procedures_of(rng, plan.case.complaint)
        for item in done:
            if item["needs_consent"] and plan.flaw == "consent":
                item["consent_given"] = False
        if done:
            self.procedures = self.write_items(this, EntryKind.PROCEDURE, done, plan.clinician)
        self._step(this, stage=Stage.DONE.value, ended_at=this.instant)
        self._settle(this)
        self._record(this, "finished")
        this.update(self.encounter, status=EncounterStatus.FINISHED.value, period_end=this.instant)
        this.record("closed", unit=self.unit, patient=self.person.id, encounter=self.encounter.id)
        result = judge(
            Found(
                unit=self.unit,
                note=tuple(part for part in "soap" if written[part]),
                vitals=self.has_vitals,
                diagnosis=diagnosed,
                allergy=self.person.asked_allergy,
                invasive=any(item["needs_consent"] for item in done),
                consent=all(item["consent_given"] is not False for item in done),
            )
        )
        return self._analyse(this, result)

    def _analyse(self, this: Draft, result: CompletenessResult) -> Written:
        status = RecordStatus.COMPLETE if result.complete else RecordStatus.INCOMPLETE
        missing = [
            {"rule": m.rule, "component": m.component, "message": m.message} for m in result.missing
        ]
        deficiencies = tuple(
            this.create(
                Deficiency,
                encounter_id=self.encounter.id,
                unit=self.unit,
                practitioner=self.plan.clinician.id,
                opened_at=this.instant,
                **item,
            )
            for item in missing
        )
        check = this.create(
            CompletenessCheck,
            encounter_id=self.encounter.id,
            service_date=self.plan.day.isoformat(),
            unit=self.unit,
            practitioner=self.plan.clinician.id,
            status=status.value,
            percent=result.percent,
            results=missing,
            closed_at=this.instant,
            checked_at=this.instant,
            completed_at=this.instant if result.complete else None,
        )
        this.record(
            "record-complete" if result.complete else "record-incomplete",
            unit=self.unit,
            patient=self.person.id,
            encounter=self.encounter.id,
            detail={"percent": result.percent, "missing": [item["rule"] for item in missing]},
        )
        return Written(self.plan, self, check, deficiencies)

    # -- entries --------------------------------------------------------------------------------

    def diagnoses(self) -> list[dict[str, Any]]:
        """What the clinician found."""
        return content.diagnoses(self.rng, self.plan.case.complaint)

    def write_vitals(self, this: Draft, author: Colleague) -> None:
        """Measure and sign the vital signs."""
        values, self.person.body = content.vitals(
            self.rng, self.plan.case.complaint, self.age, self.person.body
        )
        entry = self.write_entry(this, EntryKind.VITALS, dict(values), author)
        codes = content.observation_codes()
        for code, value in values.items():
            system_code, unit = codes[code]
            this.create(
                Observation,
                entry_id=entry.id,
                patient_id=self.person.id,
                code=system_code,
                value=f"{float(value):.3f}",
                unit=unit,
            )
        self.has_vitals = True

    def write_items(
        self,
        this: Draft,
        kind: EntryKind,
        items: list[dict[str, Any]],
        author: Colleague,
        **more: Any,
    ) -> Row:
        """Sign diagnoses or procedures with their coded rows."""
        entry = self.write_entry(this, kind, {"items": items}, author, **more)
        for rank, item in enumerate(items, start=1):
            values = {**item, "entry_id": entry.id, "patient_id": self.person.id}
            if kind == EntryKind.CONDITION:
                this.create(Condition, rank=rank, **values)
            else:
                this.create(Procedure, **values)
        return entry

    def write_entry(
        self, this: Draft, kind: EntryKind, body: dict[str, Any], author: Colleague, **more: Any
    ) -> Row:
        """Sign one entry."""
        entry = this.create(
            Entry,
            encounter_id=self.encounter.id,
            patient_id=self.person.id,
            unit=self.unit,
            kind=kind.value,
            body=body,
            author=author.id,
            author_name=author.name,
            author_role=author.role,
            signed_at=this.instant,
            **more,
        )
        this.record(
            "corrected" if more.get("replaces_id") else "written",
            unit=self.unit,
            patient=self.person.id,
            encounter=self.encounter.id,
            subject=f"entry:{entry.id}",
            detail={"kind": kind.value, "revision": entry["revision"]},
        )
        return entry

    # -- the hand-over's row --------------------------------------------------------------------

    def _step(self, this: Draft, **values: Any) -> None:
        if self.condensed:
            self.late.update(values)
        else:
            this.update(self.distribution, **values)

    def _settle(self, this: Draft) -> None:
        if self.late:
            this.update(self.distribution, **self.late)
            self.late = {}

    def _now(self, name: str, otherwise: Any) -> Any:
        value = self.late.get(name, self.distribution[name])
        return otherwise if value is None else value

    def _record(self, this: Draft, act: str, *, detail: dict[str, Any] | None = None) -> None:
        this.record(
            act,
            unit=self.unit,
            patient=self.person.id,
            encounter=self.encounter.id,
            subject=f"distribution:{self.distribution.id}",
            detail=detail,
        )


def write_visit(
    bulk: Bulk, plan: Plan, *, prefix: str, until: datetime, condensed: bool
) -> Written:
    """Draft every act of the plan that has happened by `until`."""
    walk = Walk(bulk, plan, prefix=prefix, condensed=condensed)
    walk.register()
    written = Written(plan, walk)
    if plan.cancelled is not None:
        walk.cancel(plan.cancelled)
        return written
    _wait(walk, plan, until)
    if plan.skips or plan.started is None or plan.started > until:
        return written
    walk.start(plan.started)
    if plan.closed is None or plan.closed > until:
        return written
    return walk.close(plan.closed)


def _wait(walk: Walk, plan: Plan, until: datetime) -> None:
    if plan.shown is not None and plan.shown <= until:
        walk.show(plan.shown)
    if plan.called is not None and plan.called <= until:
        walk.call(plan.called)
    for n, moment in enumerate(plan.skips):
        if n:
            # Right after midnight a whole morning lies in minutes: never before the skip.
            midway = plan.skips[n - 1] + (moment - plan.skips[n - 1]) / 2
            walk.call(max(moment - timedelta(seconds=90), midway))
        walk.skip(moment)
    if plan.redirected is not None and plan.redirected <= until:
        walk.redirect(plan.redirected)
        walk.show(min(plan.redirected + timedelta(seconds=2), until))


def ask_allergy(bulk: Bulk, person: Known, *, at: datetime, by: Colleague) -> None:
    """Draft the answer to the question that is asked once."""
    this = bulk.act(at, by.id)
    values: dict[str, Any] = {"is_none": True}
    if bulk.rng.random() < SHARE_ALLERGIC:
        substance, reaction, category = bulk.rng.choice(content.ALLERGENS)
        values = {"substance": substance, "reaction": reaction, "category": category}
        person.allergic = True
    this.create(
        AllergyIntolerance,
        patient_id=person.id,
        recorded_at=this.instant,
        recorded_by=by.id,
        **values,
    )
    person.asked_allergy = True
    this.record("allergy-noted" if person.allergic else "allergy-none", patient=person.id)


#: Why, where the plan says which priority somebody has.
_REASONS = {
    Priority.EMERGENCY.value: PriorityReason.EMERGENCY.value,
    Priority.PRIORITY.value: PriorityReason.CHOSEN.value,
}


def _priority(case: content.Case, age: int) -> tuple[str, str]:
    if case.suggestion is not None and case.suggestion.call_now:
        return Priority.EMERGENCY.value, PriorityReason.EMERGENCY.value
    if case.pregnant:
        return Priority.PRIORITY.value, PriorityReason.PREGNANT.value
    if age >= ELDERLY_YEARS:
        return Priority.PRIORITY.value, PriorityReason.ELDERLY.value
    if age < UNDER_FIVE_YEARS:
        return Priority.PRIORITY.value, PriorityReason.UNDER_FIVE.value
    return Priority.ROUTINE.value, ""


def _payer(rng: Random, person: Known) -> str:
    if person.has_bpjs and rng.random() < 0.92:
        return Payer.BPJS.value
    return Payer.GENERAL.value if rng.random() < 0.9 else Payer.FREE.value
