"""The unit a visit should go to, with its reason, and the check when another one is chosen."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from simpul.domain.errors import Finding
from simpul.domain.immunisation import UNTIL_DAYS, due_immunisation
from simpul.domain.placement import Situation, Suggestion, cluster_for, impossible, suggest
from simpul.domain.placement_reading import read
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.facilities.selectors import Here, get_here
from simpul.service.patients.cards import PatientCard
from simpul.service.registration.placement.programmes import last_immunised_on, programmes_of
from simpul.service.registration.placement.selectors import rules_in_force

ELDERLY_YEARS = 60


@dataclass(frozen=True)
class Placement:
    """What is suggested for this patient now, and what speaks against the unit in question."""

    suggestion: Suggestion | None
    finding: Finding | None


def situation_of(
    patient: PatientCard,
    *,
    complaint: str,
    pregnant: bool | None,
    emergency: bool = False,
    booked_unit: str = "",
) -> Situation:
    """Return what the rules look at, on the facility's day.

    Programmes come from what the process keeps. Immunisation visits are asked for only where the
    answer can matter: under two years, no symptom named, and a rule that looks at it.
    """
    today = get_here().today()
    return Situation(
        complaint=complaint,
        sex="male" if patient.sex == "male" else "female",
        birth_date=patient.birth_date,
        on=today,
        pregnant=pregnant,
        emergency=emergency,
        age_estimated=patient.birth_date_estimated,
        booked_unit=booked_unit,
        programmes=programmes_of(patient.id),
        immunisation_due="" if emergency else _immunisation_due(patient, complaint, today),
    )


def _immunisation_due(patient: PatientCard, complaint: str, today: date) -> str:
    age = (today - patient.birth_date).days
    if patient.birth_date_estimated or not 0 <= age < UNTIL_DAYS:
        return ""
    table = rules_in_force()
    if not any(rule.immunisation_due for rule in table.active):
        return ""
    if not read(complaint, table.words).is_quiet:
        return ""
    last = last_immunised_on(patient.id)
    return due_immunisation(age, None if last is None else (last - patient.birth_date).days)


def place(situation: Situation, *, unit: str = "") -> Placement:
    """Return the suggestion, and the finding when the pair of patient and unit is impossible.

    A suggested unit that is closed or missing in this facility is replaced by its stand-in.
    """
    here = get_here()
    suggestion = suggest(situation, rules_in_force())
    if suggestion is not None and not _is_open(here, suggestion.unit):
        stand_in = next((u for u in ("umum", "ugd") if _is_open(here, u)), None)
        name = here.units[suggestion.unit].name if suggestion.unit in here.units else ""
        suggestion = (
            None
            if stand_in is None
            else Suggestion(
                unit=stand_in,
                cluster=cluster_for(stand_in, None),
                rule=f"{suggestion.rule}-closed",
                reason=_("%(unit)s tutup") % {"unit": name or suggestion.unit},
                tags=suggestion.tags,
            )
        )
    finding = impossible(situation, unit) if unit in here.units else None
    return Placement(suggestion=suggestion, finding=finding)


def _is_open(here: Here, code: str) -> bool:
    unit = here.units.get(code)
    return unit is not None and unit.is_open and unit.takes_patients


class NeedsReason(Refused):
    """Choice and suggestion differ, or the pair is impossible: a person says why, or changes."""

    def __init__(self, placement: Placement, unit: str) -> None:
        here = get_here()
        suggestion = placement.suggestion
        parts = []
        if placement.finding is not None:
            parts.append(placement.finding.message)
        if suggestion is not None and suggestion.unit != unit:
            parts.append(
                _("Saran: %(unit)s, karena %(reason)s.")
                % {"unit": here.unit(suggestion.unit).name, "reason": suggestion.reason}
            )
        parts.append(_("Belum didaftarkan: pilih tujuan saran, atau tulis alasannya."))
        super().__init__(
            " ".join(parts),
            "placement_needs_reason",
            errors=(Problem("override_reason", "required", _("Pilih atau tulis alasan.")),),
            extra={
                "suggestion": None
                if suggestion is None
                else {
                    "unit": suggestion.unit,
                    "rule": suggestion.rule,
                    "reason": suggestion.reason,
                },
                "finding": None if placement.finding is None else placement.finding.code,
            },
        )
        self.placement = placement
        self.unit = unit
