"""Opening and ending a visit. Called inside the act of the step that starts it."""

import uuid
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from simpul.domain.placement import cluster_for, impossible
from simpul.foundation.core.counters import take
from simpul.foundation.core.errors import Conflict, Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import Act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.selectors import get_patient
from simpul.service.registration.models import Encounter, EncounterStatus, Payer, Priority
from simpul.service.registration.suggestion import (
    ELDERLY_YEARS,
    NeedsReason,
    Placement,
    place,
    situation_of,
)


@dataclass(frozen=True)
class VisitWish:
    """What the counter wants to register. An empty unit means the suggested one."""

    patient_id: uuid.UUID
    unit: str = ""
    complaint: str = ""
    payer: str = Payer.GENERAL
    priority: str = ""
    pregnant: bool | None = None
    override_reason: str = ""


def check_wish(wish: VisitWish, *, by: Actor) -> tuple[PatientCard, Placement, str]:
    """Return the patient, the placement and the unit of a wish, or refuse with every reason."""
    require(by, "input", "encounter")
    here = get_here()
    problems = _value_problems(wish)
    if problems:
        raise Refused(
            _("Belum didaftarkan: %(count)d isian perlu diperbaiki.") % {"count": len(problems)},
            "encounter_refused",
            errors=tuple(problems),
        )
    patient = get_patient(wish.patient_id, by=by)
    if patient.deceased_on is not None and not wish.override_reason.strip():
        raise Refused(
            _("Tercatat meninggal. Periksa orangnya; belum didaftarkan. Bila benar, tulis alasan."),
            "patient_deceased",
            errors=(Problem("override_reason", "required", _("Tulis alasannya.")),),
        )
    situation = situation_of(
        patient,
        complaint=wish.complaint,
        pregnant=wish.pregnant,
        emergency=wish.priority == Priority.EMERGENCY,
    )
    placement = place(situation, unit=wish.unit)
    if not wish.unit and placement.suggestion is None:
        raise Refused(
            _("Belum ada saran untuk keluhan ini. Pilih poli tujuan."),
            "unit_required",
            errors=(Problem("unit", "required", _("Pilih poli.")),),
        )
    code = wish.unit or (placement.suggestion.unit if placement.suggestion else "")
    if not wish.unit:
        placement = replace(placement, finding=impossible(situation, code))
    unit = here.unit(code)
    if not unit.takes_patients or not unit.is_open:
        raise Refused(
            _("%(unit)s tutup atau tidak menerima dari loket. Pilih poli lain.")
            % {"unit": unit.name},
            "unit_closed",
            errors=(Problem("unit", "closed", _("Pilih poli lain.")),),
        )
    differs = placement.suggestion is not None and placement.suggestion.unit != code
    if (differs or placement.finding is not None) and not wish.override_reason.strip():
        raise NeedsReason(placement, code)
    return patient, placement, code


def _value_problems(wish: VisitWish) -> list[Problem]:
    problems = []
    if wish.payer not in Payer.values:
        problems.append(Problem("payer", "unknown", _("Pilih penjamin dari daftar.")))
    if wish.priority and wish.priority not in Priority.values:
        problems.append(Problem("priority", "unknown", _("Pilih prioritas dari daftar.")))
    for field, longest in (("complaint", 300), ("override_reason", 160)):
        text = getattr(wish, field)
        if len(text) > longest:
            problems.append(
                Problem(
                    field,
                    "too_long",
                    _("Terlalu panjang: paling banyak %(most)d huruf.") % {"most": longest},
                )
            )
        if "\x00" in text:
            problems.append(Problem(field, "unreadable", _("Ada tanda yang tidak terbaca.")))
    return problems


def open_encounter(
    this: Act,
    wish: VisitWish,
    *,
    patient: PatientCard,
    placement: Placement,
    unit: str,
    by: Actor,
) -> Encounter:
    """Insert the visit with its stamped cluster and the rule that suggested it."""
    here = get_here()
    today = here.day_of(this.at)
    suggestion = placement.suggestion
    encounter = Encounter(
        patient_id=patient.id,
        registration_number=registration_number(this, f"{today:%y%m%d}"),
        service_date=today,
        period_start=this.at,
        payer=wish.payer,
        complaint=" ".join(wish.complaint.split()),
        priority=priority_of(wish, patient=patient, placement=placement),
        pregnant=wish.pregnant,
        unit=unit,
        cluster=cluster_for(unit, patient.age_years(today), bool(wish.pregnant)),
        suggested_unit=suggestion.unit if suggestion else "",
        suggestion_rule=suggestion.rule if suggestion else "",
        suggestion_reason=suggestion.reason[:160] if suggestion else "",
        override_reason=" ".join(wish.override_reason.split()),
        registered_by=by.practitioner_id,
    )
    this.create(encounter)
    return encounter


def registration_number(this: Act, day: str) -> str:
    """Return the next number of the registration book of a day: 261122-0001."""
    return f"{day}-{take(f'registration:{this.facility}:{day}'):04d}"


def priority_of(wish: VisitWish, *, patient: PatientCard, placement: Placement) -> str:
    """Emergency by rule, priority for the elderly and the pregnant, else as wished or routine."""
    if wish.priority:
        return wish.priority
    if placement.suggestion is not None and placement.suggestion.call_now:
        return Priority.EMERGENCY
    if wish.pregnant or patient.age_years(get_here().today()) >= ELDERLY_YEARS:
        return Priority.PRIORITY
    return Priority.ROUTINE


def begin_service(this: Act, encounter: Encounter) -> None:
    """The patient entered a room: arrived → in-progress."""
    if encounter.status == EncounterStatus.ARRIVED:
        encounter.status = EncounterStatus.IN_PROGRESS
        this.update(encounter, "status")


def finish_encounter(this: Act, encounter: Encounter) -> None:
    """The visit is clinically over."""
    if encounter.status not in (EncounterStatus.ARRIVED, EncounterStatus.IN_PROGRESS):
        raise Conflict(
            _("Kunjungan ini sudah selesai atau dibatalkan. Tidak ada yang diubah."),
            "encounter_ended",
        )
    encounter.status = EncounterStatus.FINISHED
    encounter.period_end = this.at
    this.update(encounter, "status", "period_end")


def cancel_encounter(this: Act, encounter: Encounter, *, reason: str) -> None:
    """The visit did not take place; the reason stays."""
    encounter.status = EncounterStatus.CANCELLED
    encounter.cancel_reason = reason[:160]
    encounter.period_end = this.at
    this.update(encounter, "status", "cancel_reason", "period_end")
