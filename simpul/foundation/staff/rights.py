"""Who may do what: one table, by role and unit (Permenkes 24/2022 art. 30: input, correct, view).

`may` answers "may this person …?"; `require` refuses with a sentence that says who may. The head
of a facility will be able to narrow this table; nothing else in the program decides about rights.
"""

from typing import Literal

from django.utils.translation import gettext as _

from simpul.foundation.core.errors import NotAllowed
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role

Action = Literal["view", "input", "correct"]
R = Role

CLINICIANS = (R.NURSE, R.PHYSICIAN, R.DENTIST, R.MIDWIFE)
COUNTER = (R.REGISTRAR, R.RECORD_OFFICER)

#: resource → action → roles. A pair that is not here is nobody's.
RIGHTS: dict[str, dict[Action, tuple[Role, ...]]] = {
    # Who a patient is: name, birth date, address, numbers.
    "patient": {
        "view": (*COUNTER, *CLINICIANS, R.PHARMACIST, R.LABORATORY, R.HEAD),
        "input": COUNTER,
        "correct": COUNTER,
    },
    # Two records of one person joined, and taken apart again.
    # The counter sees what waits and why; the record room decides.
    "merge": {"view": (*COUNTER, R.HEAD), "input": (R.RECORD_OFFICER,)},
    # Many people at once, from a spreadsheet or another program.
    "import": {"view": (R.RECORD_OFFICER, R.HEAD), "input": (R.RECORD_OFFICER, R.HEAD)},
    # The rules that suggest a unit; the head edits them, everybody at the counter may read why.
    "placement": {
        "view": (*COUNTER, *CLINICIANS, R.HEAD),
        "input": (R.HEAD,),
        "correct": (R.HEAD,),
    },
    # Visits announced before arrival: Mobile JKN, kiosk, telephone.
    "booking": {
        "view": (*COUNTER, *CLINICIANS, R.HEAD),
        "input": COUNTER,
        "correct": COUNTER,
    },
    # A visit: opened at the counter, redirected, cancelled.
    "encounter": {
        "view": (*COUNTER, *CLINICIANS, R.PHARMACIST, R.LABORATORY, R.HEAD),
        "input": COUNTER,
        "correct": (*COUNTER, *CLINICIANS),
    },
    # The queue of a unit: see it, call from it.
    "queue": {
        "view": (*COUNTER, *CLINICIANS, R.PHARMACIST, R.LABORATORY, R.HEAD),
        "input": (*CLINICIANS, R.PHARMACIST, R.LABORATORY),
    },
    # What was found and done.
    "clinical": {
        "view": (*CLINICIANS, R.PHARMACIST, R.LABORATORY, R.RECORD_OFFICER, R.HEAD),
        "input": CLINICIANS,
        "correct": CLINICIANS,
    },
    # Diagnoses are the physician's, dentist's and midwife's.
    "diagnosis": {
        "view": (*CLINICIANS, R.PHARMACIST, R.LABORATORY, R.RECORD_OFFICER, R.HEAD),
        "input": (R.PHYSICIAN, R.DENTIST, R.MIDWIFE, R.NURSE),
        "correct": (R.PHYSICIAN, R.DENTIST, R.MIDWIFE, R.NURSE, R.RECORD_OFFICER),
    },
    "allergy": {
        "view": (*COUNTER, *CLINICIANS, R.PHARMACIST, R.LABORATORY, R.HEAD),
        "input": (*CLINICIANS, R.PHARMACIST),
        "correct": (*CLINICIANS, R.PHARMACIST),
    },
    # Completeness analysis and the paper folder.
    "completeness": {
        "view": (R.RECORD_OFFICER, *CLINICIANS, R.HEAD),
        "input": (R.RECORD_OFFICER,),
    },
    "filing": {"view": (*COUNTER, R.HEAD), "input": COUNTER},
    # Who works where, as what; and every move.
    "register": {
        "view": (R.HEAD, R.DISTRICT),
        "input": (R.HEAD, R.DISTRICT),
        "correct": (R.HEAD, R.DISTRICT),
    },
    # Need, gap, map, what-if: studies, norms, scenarios.
    "planning": {
        "view": (R.HEAD, R.DISTRICT),
        "input": (R.HEAD, R.DISTRICT),
        "correct": (R.HEAD, R.DISTRICT),
    },
    # How long each person takes; only the head of the facility sees that.
    "staff_time": {"view": (R.HEAD,)},
    # Timing acts Simpul does not see, with a phone.
    "observation": {
        "view": (R.HEAD, R.DISTRICT, R.RECORD_OFFICER),
        "input": (R.HEAD, R.DISTRICT, R.RECORD_OFFICER),
    },
    # Across the district, at the hub: which Puskesmas is fresh, what needs a person, who is known
    # at several places.
    "district": {"view": (R.DISTRICT,), "input": (R.DISTRICT,), "correct": (R.DISTRICT,)},
    # Who read, who wrote.
    "journal": {"view": (R.HEAD, R.RECORD_OFFICER)},
    # Copies of everything: made and looked after by the IT person, seen by the head.
    "backup": {"view": (R.IT, R.HEAD), "input": (R.IT,), "correct": (R.IT,)},
    # Facility, units, accounts.
    "settings": {"view": (R.HEAD, R.IT), "input": (R.HEAD, R.IT), "correct": (R.HEAD, R.IT)},
    "status": {"view": (R.IT, R.HEAD, R.DISTRICT)},
    # The server itself: is it well, its room, help from far away; `correct` is daily care.
    "system": {"view": (R.HEAD, R.IT), "input": (R.HEAD, R.IT), "correct": (R.IT,)},
}

#: Resources whose `input` and `correct` are limited to the units of the role.
BY_UNIT = frozenset({"queue", "clinical", "diagnosis"})


def may(by: Actor, action: Action, resource: str, *, unit: str | None = None) -> bool:
    """May this person do this to this kind of thing (in this unit)?"""
    allowed = RIGHTS.get(resource, {}).get(action, ())
    for role in by.roles:
        if role not in allowed:
            continue
        if unit is None or resource not in BY_UNIT or action == "view":
            return True
        codes = by.units_of(role)
        if not codes or unit in codes:
            return True
    return False


def require(by: Actor, action: Action, resource: str, *, unit: str | None = None) -> None:
    """Refuse with NotAllowed, saying which roles may, unless this person may."""
    if may(by, action, resource, unit=unit):
        return
    allowed = RIGHTS.get(resource, {}).get(action, ())
    if unit is not None and any(role in allowed for role in by.roles):
        raise NotAllowed(
            _("Anda tidak bertugas di unit ini, jadi tidak ada yang diubah. Buka unit Anda."),
            "not_your_unit",
        )
    if not allowed:
        raise NotAllowed(_("Tindakan ini tidak tersedia. Tidak ada yang diubah."), "not_allowed")
    who = ", ".join(str(Role(role).label) for role in allowed)
    raise NotAllowed(
        _("Hanya untuk: %(who)s. Tidak ada yang diubah; mintalah bantuan mereka.") % {"who": who},
        "not_allowed",
    )


def require_home(by: Actor) -> None:
    """Refuse an account of another facility: it makes nothing in this house."""
    if by.facility_id != get_here().id:
        raise NotAllowed(
            _("Akun ini milik fasilitas lain, jadi tidak ada yang ditampilkan atau diubah."),
            "other_facility",
        )
