"""Opening and ending a visit. Called inside the act of the step that starts it."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from simpul.domain.lanes import REGISTRATIONS
from simpul.domain.placement import cluster_for, impossible
from simpul.foundation.core.counters import take
from simpul.foundation.core.errors import Conflict, Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import Act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.selectors import get_patient
from simpul.service.registration.booking.opening import opening_finding
from simpul.service.registration.booking.selectors import booked_unit_of
from simpul.service.registration.models import (
    Encounter,
    EncounterStatus,
    Payer,
    Priority,
    PriorityReason,
)
from simpul.service.registration.suggestion import (
    ELDERLY_YEARS,
    NeedsReason,
    Placement,
    place,
    situation_of,
)

#: Younger than this goes before others, where that group counts.
UNDER_FIVE_YEARS = 5


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
    disability: bool | None = None
    #: The booking this visit comes from, whose number it takes.
    booking_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Opening:
    """A visit that began before this act: under which id and number, and when.

    Made by a counter that could not reach the server; its patient already holds the number.
    """

    id: uuid.UUID
    at: datetime
    registration_number: str


def check_wish(
    wish: VisitWish, *, by: Actor, settled: bool = False
) -> tuple[PatientCard, Placement, str]:
    """Return the patient, the placement and the unit of a wish, or refuse with every reason.

    With `settled` the visit has already begun (see `Opening`): a closed unit, a death noted
    meanwhile or another suggestion no longer stop it; the caller has a person look at it.
    """
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
    if patient.deceased_on is not None and not settled and not wish.override_reason.strip():
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
        booked_unit=booked_unit_of(wish.booking_id),
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
    if not settled and (not unit.takes_patients or not unit.is_open):
        raise Refused(
            _("%(unit)s tutup atau tidak menerima dari loket. Pilih poli lain.")
            % {"unit": unit.name},
            "unit_closed",
            errors=(Problem("unit", "closed", _("Pilih poli lain.")),),
        )
    differs = placement.suggestion is not None and placement.suggestion.unit != code
    if settled:
        return patient, placement, code
    if placement.finding is None:
        booked = wish.booking_id is not None
        finding = opening_finding(code, by=by, has_booking=booked)
        placement = replace(placement, finding=finding)
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
    opening: Opening | None = None,
) -> Encounter:
    """Insert the visit with its stamped cluster and the rule that suggested it."""
    here = get_here()
    began = opening.at if opening is not None else this.at
    today = here.day_of(began)
    suggestion = placement.suggestion
    priority, priority_reason = priority_of(wish, patient=patient, placement=placement)
    encounter = Encounter(
        patient_id=patient.id,
        registration_number=opening.registration_number
        if opening is not None and opening.registration_number
        else registration_number(this, f"{today:%y%m%d}"),
        service_date=today,
        period_start=began,
        payer=wish.payer,
        complaint=" ".join(wish.complaint.split()),
        priority=priority,
        priority_reason=priority_reason,
        pregnant=wish.pregnant,
        disability=wish.disability,
        unit=unit,
        cluster=cluster_for(unit, patient.age_years(today), bool(wish.pregnant)),
        suggested_unit=suggestion.unit if suggestion else "",
        suggestion_rule=suggestion.rule if suggestion else "",
        suggestion_reason=suggestion.reason[:160] if suggestion else "",
        override_reason=" ".join(wish.override_reason.split()),
        registered_by=by.practitioner_id,
    )
    if opening is not None:
        encounter.id = opening.id
    this.create(encounter)
    return encounter


def registration_number(this: Act, day: str) -> str:
    """Return the next number of the registration book of a day: 261122-0001."""
    count = take(f"registration:{this.facility}:{day}")
    return f"{day}-{REGISTRATIONS.ordinary(count):04d}"


def priority_of(wish: VisitWish, *, patient: PatientCard, placement: Placement) -> tuple[str, str]:
    """Return the priority and why: as wished, emergency by rule, else by the groups that count."""
    if wish.priority == Priority.ROUTINE:
        return Priority.ROUTINE, ""
    by_rule = placement.suggestion is not None and placement.suggestion.call_now
    if wish.priority == Priority.EMERGENCY or (by_rule and not wish.priority):
        return Priority.EMERGENCY, PriorityReason.EMERGENCY
    reason = _group_of(wish, patient)
    if reason or wish.priority:
        return Priority.PRIORITY, reason or PriorityReason.CHOSEN
    return Priority.ROUTINE, ""


def _group_of(wish: VisitWish, patient: PatientCard) -> str:
    """Return the first group that goes before others in this house and holds for this visit."""
    here = get_here()
    years = patient.age_years(here.today())
    groups = (
        (PriorityReason.PREGNANT, bool(wish.pregnant)),
        (PriorityReason.ELDERLY, years >= ELDERLY_YEARS),
        (PriorityReason.DISABILITY, bool(wish.disability)),
        (PriorityReason.UNDER_FIVE, years < UNDER_FIVE_YEARS),
    )
    return next(
        (code.value for code, holds in groups if holds and code in here.priority_groups), ""
    )


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
