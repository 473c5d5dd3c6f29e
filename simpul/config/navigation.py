"""The places of each role (at most six a role) and what every page's frame shows."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.errors import NotHere
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.rights import Action, may
from simpul.web.draft_keys import draft_key


@dataclass(frozen=True)
class Place:
    """One entry of the bar: where it leads and what one must be allowed to do there."""

    name: str
    label: Any
    icon: str
    action: Action
    resource: str
    #: Addresses outside the place's own that belong to it.
    also: tuple[str, ...] = ()


PLACES = (
    Place("loket", _("Loket"), "user-plus", "input", "encounter"),
    Place(
        "kunjungan",
        _("Kunjungan"),
        "list-check",
        "view",
        "encounter",
        also=("/janji", "/tutup-hari"),
    ),
    Place("poli", _("Poli"), "stethoscope", "input", "queue"),
    Place("rm", _("Rekam medis"), "folder", "view", "filing"),
    Place(
        "perlu-diperiksa",
        _("Perlu diperiksa"),
        "checks",
        "input",
        "merge",
        also=("/duplikat", "/penggabungan"),
    ),
    Place("dinas", _("Dinas"), "building-community", "view", "district"),
    Place("perencanaan", _("Perencanaan"), "chart-bar", "view", "planning", also=("/tenaga",)),
    Place("pengamatan", _("Pengamatan"), "clock", "input", "observation"),
    # The head, who has six places already, finds it beside the settings.
    Place("sistem", _("Sistem"), "server", "correct", "system"),
    Place("jurnal", _("Jurnal"), "history", "view", "journal"),
    Place(
        "pengaturan",
        _("Pengaturan"),
        "settings",
        "view",
        "settings",
        also=("/aturan-tujuan", "/cadangan"),
    ),
)


#: What there is at a hub, where nobody is registered or served; "dinas" is there only.
AT_HUB = frozenset({"dinas", "perencanaan", "sistem", "jurnal", "pengaturan"})


def places_of(actor: Actor) -> list[Place]:
    """Return the places this person may go to."""
    is_hub = settings.SIMPUL_ROLE == "hub"
    return [
        place
        for place in PLACES
        if (place.name in AT_HUB if is_hub else place.name != "dinas")
        and may(actor, place.action, place.resource)
    ]


#: Where a day starts, by what a person may do: counter, poli, record room, planning, the rest.
FIRST = ("loket", "poli", "rm", "dinas", "perencanaan", "sistem")


def first_place(actor: Actor) -> str:
    """Return the address of the page this person starts the day on."""
    places = [place.name for place in places_of(actor)]
    if Role.RECORD_OFFICER in actor.roles and Role.REGISTRAR not in actor.roles:
        return reverse("rm")
    start = next((name for name in FIRST if name in places), places[0] if places else "")
    return reverse(start or "nothing-here")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: facility, person, places."""
    actor: Actor | None = getattr(request, "actor", None)
    try:
        facility = get_here().name
    except NotHere:
        facility = "Simpul"
    # The frame's own names: a page that calls its Puskesmas `facility` must not rename the bar.
    context: dict[str, Any] = {
        "facility": facility,
        "frame_facility": facility,
        "person": None,
        "frame_person": None,
        "frame_places": [],
    }
    if actor is None:
        return context
    context["person"] = context["frame_person"] = {
        "name": actor.name,
        "id": str(actor.account_id),
        "role_label": ", ".join(str(Role(role).label) for role in sorted(actor.roles)),
        "username": actor.username,
        "draft_key": draft_key(actor.account_id),
    }
    context["frame_places"] = [
        {
            "url": reverse(place.name),
            "label": place.label,
            "icon": place.icon,
            "name": place.name,
            "active": request.path.startswith((reverse(place.name), *place.also)),
        }
        for place in places_of(actor)
    ]
    return context
