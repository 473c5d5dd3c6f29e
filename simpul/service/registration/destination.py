"""Where a visit goes and how sure that is: the calm line, or the box that wants a choice.

The states are those of the check before saving; which one applies is decided by the refusal of
`check_wish`, so the page and the save can never disagree.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from django.utils.translation import gettext as _

from simpul.domain.errors import Finding
from simpul.domain.placement import cluster_for, cluster_label
from simpul.foundation.core.errors import Refused, SimpulError
from simpul.foundation.facilities.selectors import Here, Unit, get_here
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.cards import PatientCard
from simpul.service.registration.booking.selectors import booked_unit_of
from simpul.service.registration.forms import ALIVE_REASONS, KEEP_REASONS, VisitForm
from simpul.service.registration.models import Priority
from simpul.service.registration.services import VisitWish, check_wish
from simpul.service.registration.suggestion import NeedsReason, place, situation_of

State = Literal["idle", "ready", "no-complaint", "choose", "deceased", "pick", "refused"]

#: Digits choose among the units when no rule fits; more than nine stay in the list of units.
PICKABLE = 9


@dataclass(frozen=True)
class Place:
    """A unit with its cluster in words: Klaster 3 · Poli Umum."""

    code: str
    name: str
    label: str


@dataclass(frozen=True)
class Destination:
    """The unit a visit would go to, the suggested one with its reason, what speaks against."""

    patient: PatientCard
    going: Place | None
    suggested: Place | None
    reason: str
    call_now: bool
    finding: Finding | None
    is_own_choice: bool

    @property
    def differs(self) -> bool:
        """Another unit than the suggested one was chosen."""
        return self.suggested is not None and self.going != self.suggested


@dataclass(frozen=True)
class Verification:
    """What stands under the form: the button alone, the calm line, or a question."""

    state: State
    destination: Destination
    refusal: SimpulError | None = None

    @property
    def reasons(self) -> tuple[tuple[str, Any], ...]:
        """The reasons offered for going on all the same."""
        return ALIVE_REASONS if self.state == "deceased" else KEEP_REASONS


def destination_of(wish: VisitWish, patient: PatientCard) -> Destination:
    """Return where this wish leads, by the rules of this moment."""
    here = get_here()
    situation = situation_of(
        patient,
        complaint=wish.complaint[:300],
        pregnant=wish.pregnant,
        emergency=wish.priority == Priority.EMERGENCY,
        booked_unit=booked_unit_of(wish.booking_id),
    )
    suggestion = place(situation).suggestion
    chosen = here.units.get(wish.unit)
    suggested = here.units.get(suggestion.unit) if suggestion else None
    going = chosen or suggested
    return Destination(
        patient=patient,
        going=_place(going, wish, patient, here),
        suggested=_place(suggested, wish, patient, here),
        reason=suggestion.reason if suggestion else "",
        call_now=bool(suggestion and suggestion.call_now),
        finding=place(situation, unit=going.code).finding if going else None,
        is_own_choice=chosen is not None,
    )


def _place(unit: Unit | None, wish: VisitWish, patient: PatientCard, here: Here) -> Place | None:
    if unit is None:
        return None
    cluster = cluster_for(unit.code, patient.age_years(here.today()), bool(wish.pregnant))
    return Place(unit.code, unit.name, f"{cluster_label(cluster)} · {unit.name}")


def verify(
    wish: VisitWish, patient: PatientCard, *, by: Actor, complaint_may_be_empty: bool = True
) -> Verification:
    """Return what the check before saving says; nothing is written."""
    destination = destination_of(wish, patient)
    try:
        check_wish(wish, by=by)
    except Refused as refusal:
        return refused(destination, refusal)
    if not wish.complaint.strip() and not complaint_may_be_empty:
        return Verification("no-complaint", destination)
    return Verification("ready", destination)


def refused(destination: Destination, refusal: SimpulError) -> Verification:
    """Return the question that belongs to a refusal."""
    states: dict[str, State] = {
        "patient_deceased": "deceased",
        "unit_required": "pick",
        "unit_closed": "pick",
    }
    state: State = states.get(refusal.code, "refused")
    if isinstance(refusal, NeedsReason):
        state = "choose"
        # What only the save looks at (open hours, quota) is shown like any other doubt.
        finding = destination.finding or refusal.placement.finding
        destination = replace(destination, finding=finding)
    return Verification(state, destination, refusal)


def list_open_units() -> list[Unit]:
    """Return the units that take patients from the counter now, in their order."""
    return [u for u in get_here().units.values() if u.takes_patients and u.is_open]


def unit_options() -> list[dict[str, object]]:
    """Return the choices of the unit list; closed ones are shown and cannot be taken."""
    rows: list[dict[str, object]] = [{"value": "", "label": _("★ ikut saran")}]
    for unit in get_here().units.values():
        if unit.takes_patients:
            label = unit.name if unit.is_open else _("%(unit)s (tutup)") % {"unit": unit.name}
            rows.append({"value": unit.code, "label": label, "disabled": not unit.is_open})
    return rows


def question_context(verification: Verification, form: VisitForm) -> dict[str, object]:
    """What the templates of the suggestion and of the question under the form need."""
    destination = verification.destination
    return {
        "verification": verification,
        "destination": destination,
        "patient": destination.patient,
        "form": form,
        "pickable": list_open_units()[:PICKABLE] if verification.state == "pick" else [],
        "asked_unit": asked_unit(destination, form),
    }


def asked_unit(destination: Destination, form: VisitForm) -> str:
    """The unit that applies by choice or suggestion; an open question holds while it stays."""
    return form.unit or (destination.suggested.code if destination.suggested else "")
