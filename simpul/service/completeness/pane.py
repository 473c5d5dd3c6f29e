"""What the record pane of a poli shows, put together in one place from all steps before it."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.domain.vitals import VITALS
from simpul.foundation.core.errors import Problem
from simpul.foundation.facilities.selectors import Here, get_here
from simpul.foundation.journal.selectors import last_entry_id, practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.rights import Action, may
from simpul.service.care.forms import Typed, write_conditions, write_procedures, write_seen
from simpul.service.care.inputs import SOAP_PARTS
from simpul.service.care.merging import (
    condition_inputs,
    own_entries,
    procedure_inputs,
    soap_texts,
    vital_texts,
)
from simpul.service.care.presenting import Line, condition_rows, entry_lines, procedure_rows
from simpul.service.care.selectors import EntryView, Record, get_record
from simpul.service.care.vitals_review import (
    VitalRemark,
    VitalsReview,
    age_days_now,
    review_vitals,
    vital_codes,
)
from simpul.service.completeness.selectors import RecordLine, get_record_line
from simpul.service.completeness.sheets import Known, judge
from simpul.service.distribution.models import PRESENT, Distribution
from simpul.service.patients.cards import Banner, PatientCard, card
from simpul.service.patients.selectors import get_allergy_state
from simpul.service.registration.models import Encounter, EncounterStatus, Payer
from simpul.service.registration.placement.programmes import programme_labels
from simpul.service.registration.selectors import get_encounter

MENDING = gettext_lazy("Melengkapi rekam")

#: Rule → the word in "Kurang: …" and the box it leads to.
MISSING_WORDS: dict[str, tuple[Any, str]] = {
    "subjective": ("S", "s"),
    "objective": ("O", "o"),
    "plan": ("P", "p"),
    "vitals": (gettext_lazy("tanda vital"), "systolic"),
    "diagnosis": (gettext_lazy("diagnosa utama"), "icd"),
    "allergy": (gettext_lazy("alergi"), "alergi"),
    "consent": (gettext_lazy("persetujuan tindakan"), "procedures"),
    "corrections": (gettext_lazy("alasan perbaikan"), "reason"),
}
SOAP_LABELS = {
    "s": gettext_lazy("S · keluhan"),
    "o": gettext_lazy("O · pemeriksaan"),
    "a": gettext_lazy("A · penilaian"),
    "p": gettext_lazy("P · rencana"),
}
SHORT_LABELS = {
    "systolic": gettext_lazy("Tensi"),
    "diastolic": gettext_lazy("bawah"),
    "pulse": gettext_lazy("Nadi"),
    "respiratory_rate": gettext_lazy("Napas"),
    "temperature": gettext_lazy("Suhu °C"),
    "spo2": gettext_lazy("SpO2 %"),
    "weight": gettext_lazy("BB kg"),
    "height": gettext_lazy("TB cm"),
    "glucose": gettext_lazy("GDS"),
    "arm_circumference": gettext_lazy("LiLA cm"),
    "waist_circumference": gettext_lazy("LP cm"),
    "head_circumference": gettext_lazy("LK cm"),
}


@dataclass(frozen=True)
class MissingLink:
    """One thing a record lacks: its word, the box that mends it, the tick if it is on paper."""

    word: str
    box: str
    message: str
    is_paper: bool = False
    id: uuid.UUID | None = None


@dataclass(frozen=True)
class Box:
    """One box of the form with its text and what is wrong with it."""

    name: str
    label: str
    value: str
    problem: str = ""
    suggested: str = ""
    prefilled: str = ""
    full_label: str = ""


@dataclass(frozen=True)
class Version:
    """One version of an entry as listed: struck when it no longer counts."""

    entry: EntryView
    lines: list[Line]
    unit_name: str
    is_struck: bool
    can_strike: bool


@dataclass(frozen=True)
class RecordPane:
    """Everything the pane shows."""

    encounter: Encounter
    patient: PatientCard
    banner: Banner
    payer: str
    tags: list[str]
    ticket: str
    unit: str
    unit_name: str
    is_closed: bool
    is_cancelled: bool
    is_present: bool
    served_by: str
    served_since: datetime | None
    can_write: bool
    can_diagnose: bool
    can_close: bool
    closes_with_key: bool
    can_redirect: bool
    can_ask_allergies: bool
    can_see_missing: bool
    vitals: list[Box]
    soap: list[Box]
    dx: str
    px: str
    condition_rows: list[Any]
    procedure_rows: list[Any]
    seen: str
    reason: str
    missing: list[MissingLink]
    status: str
    versions: list[Version]
    review: VitalsReview | None
    after: int
    problems: list[Problem] = field(default_factory=list)

    @property
    def draft_key(self) -> str:
        """The name of this record's draft in the browser."""
        return f"rekam:{self.encounter.id}"

    @property
    def is_complete(self) -> bool:
        """Closed with nothing missing."""
        return self.is_closed and self.status != "incomplete"

    @property
    def first_box(self) -> str:
        """The box work begins in: the first number, or S where they are already there."""
        if not self.can_write or any(box.value for box in self.vitals):
            return "s"
        return "systolic"


def build_pane(
    encounter_id: uuid.UUID,
    *,
    by: Actor,
    typed: Typed | None = None,
    problems: tuple[Problem, ...] = (),
    opened: Distribution | None = None,
) -> RecordPane:
    """Put the pane together; with `typed` the boxes keep what was typed and was not saved.

    `opened` is where the record is, as `open_record` has just read it.
    """
    after = last_entry_id()
    encounter = get_encounter(encounter_id, by=by) if opened is None else opened.encounter
    here = get_here()
    patient = card(encounter.patient.person)
    allergy = get_allergy_state(patient.id, by=by)
    place = opened or (
        Distribution.objects.filter(encounter=encounter)
        .select_related("ticket")
        .order_by("-saved_at")
        .first()
    )
    unit = place.unit if place is not None else encounter.unit
    record = get_record(encounter, by=by, unit=unit)
    is_closed = encounter.status == EncounterStatus.FINISHED
    is_cancelled = encounter.status == EncounterStatus.CANCELLED
    action: Action = "correct" if is_closed else "input"
    can_write = not is_cancelled and may(by, action, "clinical", unit=unit)
    can_diagnose = not is_cancelled and may(by, action, "diagnosis", unit=unit)
    can_see_missing = may(by, "view", "completeness") and not is_cancelled
    line = get_record_line(encounter.id, by=by) if is_closed and can_see_missing else None
    in_service = place is not None and place.practitioner not in (None, by.practitioner_id)
    is_present = place is not None and place.stage in PRESENT
    form = _form(encounter, record, patient, unit=unit, by=by, typed=typed, problems=problems)
    return RecordPane(
        encounter=encounter,
        patient=patient,
        banner=Banner(patient=patient, allergy=allergy),
        payer=str(Payer(encounter.payer).label),
        tags=_tags(encounter),
        ticket=place.ticket.label if place is not None else "",
        unit=unit,
        unit_name=_unit_name(here, unit),
        is_closed=is_closed,
        is_cancelled=is_cancelled,
        is_present=is_present,
        served_by=_server(place) if in_service and is_present else "",
        served_since=place.started_at or place.called_at if place else None,
        can_write=can_write,
        can_diagnose=can_diagnose,
        can_close=can_write and not is_closed,
        closes_with_key=bool({Role.PHYSICIAN, Role.DENTIST, Role.MIDWIFE} & by.roles),
        can_redirect=is_present and may(by, "correct", "encounter"),
        can_ask_allergies=may(by, "input", "allergy"),
        can_see_missing=can_see_missing,
        missing=_missing_of(line)
        if line is not None
        else _missing_now(
            encounter, patient, record, unit=unit, by=by, asked=not allergy.blocks_prescription
        )
        if can_see_missing
        else [],
        status=line.status if line else "",
        reason=_reason(typed, line, is_closed),
        versions=list_versions(record, here, by=by, is_cancelled=is_cancelled),
        after=after,
        problems=list(problems),
        **form,
    )


def _unit_name(here: Here, unit: str) -> str:
    return here.units[unit].name if unit in here.units else unit


def _tags(encounter: Encounter) -> list[str]:
    expecting = [str(_("hamil"))] if encounter.pregnant else []
    return [*expecting, *programme_labels(encounter.patient_id)]


def _server(place: Distribution | None) -> str:
    if place is None or place.practitioner is None:
        return ""
    return practitioner_names({place.practitioner}).get(place.practitioner, "")


def _reason(typed: Typed | None, line: RecordLine | None, is_closed: bool) -> str:
    if typed is not None:
        return typed.reason
    return str(MENDING) if is_closed and line is not None and line.status == "incomplete" else ""


def _missing_of(line: RecordLine) -> list[MissingLink]:
    return [
        _link(item.rule, item.message, is_paper=item.is_paper, id_=item.id) for item in line.missing
    ]


def _missing_now(
    encounter: Encounter,
    patient: PatientCard,
    record: Record,
    *,
    unit: str,
    by: Actor,
    asked: bool,
) -> list[MissingLink]:
    known = Known(
        tuple(view for view in record.entries if view.is_current and not view.is_error), asked
    )
    result = judge(encounter, patient, unit=unit, by=by, known=known)[0]
    # A sheet that nobody has signed yet lacks every signature; while the visit goes on that is
    # no news, the first save brings them.
    return [
        _link(item.rule, item.label)
        for item in result.missing
        if item.component != "authentication"
    ]


def _link(
    rule: str, message: str, *, is_paper: bool = False, id_: uuid.UUID | None = None
) -> MissingLink:
    if is_paper:
        return MissingLink(message, "", message, is_paper=True, id=id_)
    word, box = MISSING_WORDS.get(rule, (message.rstrip("."), ""))
    return MissingLink(str(word), box, message, id=id_)


def _form(
    encounter: Encounter,
    record: Record,
    patient: PatientCard,
    *,
    unit: str,
    by: Actor,
    typed: Typed | None,
    problems: tuple[Problem, ...],
) -> dict[str, Any]:
    own = own_entries(record, unit)
    vitals = vital_texts(own.get("vitals"))
    soap = soap_texts(own.get("soap"))
    conditions = condition_inputs(own.get("condition"))
    procedures = procedure_inputs(own.get("procedure"))
    is_suggested = "soap" not in own and bool(encounter.complaint) and typed is None
    if is_suggested:
        soap = {"s": encounter.complaint}
    if typed is not None:
        vitals, soap = vitals | typed.vitals, soap | typed.soap
        conditions = conditions if typed.conditions is None else typed.conditions
        procedures = procedures if typed.procedures is None else typed.procedures
    age_days = age_days_now(encounter)
    review = review_vitals(vitals, encounter=encounter, by=by) if vitals else None
    wrong = {problem.where: str(problem.message) for problem in problems}
    refused = review.refused if review else {}
    seen = typed.seen if typed is not None else {kind: view.id for kind, view in own.items()}
    return {
        "vitals": _vital_boxes(
            vitals,
            vital_codes(age_days, is_pregnant=bool(encounter.pregnant)),
            wrong=wrong,
            refused=refused,
        ),
        "soap": [
            Box(
                part,
                str(SOAP_LABELS[part]),
                soap.get(part, ""),
                problem=wrong.get(part, ""),
                prefilled=_("dari pendaftaran, belum ditandatangani")
                if is_suggested and part == "s"
                else "",
            )
            for part in SOAP_PARTS
        ],
        "dx": write_conditions(conditions),
        "px": write_procedures(procedures),
        "condition_rows": condition_rows(conditions, patient=patient, age_days=age_days),
        "procedure_rows": procedure_rows(procedures),
        "seen": write_seen(seen),
        "review": review,
    }


def _vital_boxes(
    texts: dict[str, str],
    codes: tuple[str, ...],
    *,
    wrong: dict[str, str],
    refused: dict[str, VitalRemark],
) -> list[Box]:
    shown = [*codes, *(code for code in texts if code not in codes)]
    return [
        Box(
            code,
            str(SHORT_LABELS[code]),
            texts.get(code, ""),
            problem=wrong.get(code, ""),
            suggested=refused[code].suggested if code in refused else "",
            full_label=f"{VITALS[code].label} ({VITALS[code].shown_unit})",
        )
        for code in shown
    ]


def list_versions(
    record: Record, here: Here, *, by: Actor, is_cancelled: bool = False
) -> list[Version]:
    """Return every version of every entry, newest first."""
    return [
        Version(
            entry=view,
            lines=entry_lines(view),
            unit_name=_unit_name(here, view.unit),
            is_struck=view.is_error or not view.is_current,
            can_strike=view.is_current
            and not view.is_error
            and not is_cancelled
            and may(by, "correct", "clinical", unit=view.unit),
        )
        for view in reversed(record.entries)
    ]
