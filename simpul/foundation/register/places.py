"""Which facilities a person may see in the register and in planning.

A person with the role of the Dinas in this house sees every facility of this database; the head of
a facility sees her own.
"""

import uuid

from django.utils.translation import gettext as _

from simpul.foundation.core.errors import NotAllowed, NotHere
from simpul.foundation.facilities.selectors import FacilityPlace, get_here, list_facility_places
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.rights import require


def sees_district(by: Actor) -> bool:
    """May this person see every facility of this database, or only her own?"""
    return Role.DISTRICT in by.roles and by.facility_id == get_here().id


def require_district(by: Actor) -> None:
    """Refuse everybody but the Dinas."""
    require(by, "view", "register")
    if not sees_district(by):
        raise NotAllowed(
            _("Hanya Petugas Dinas yang mengatur daftar fasilitas. Tidak ada yang diubah."),
            "district_only",
        )


def list_facilities(*, by: Actor) -> list[FacilityPlace]:
    """Return the Puskesmas this person may see, by name, with what planning knows of them."""
    require(by, "view", "register")
    if sees_district(by):
        return list_facility_places()
    return list_facility_places(only=by.facility_id)


def get_facility_place(facility: uuid.UUID, *, by: Actor) -> FacilityPlace:
    """Return one facility; NotHere when it does not exist or is not for this person."""
    require(by, "view", "register")
    found = []
    if facility == by.facility_id or sees_district(by):
        found = list_facility_places(only=facility)
    if not found:
        raise NotHere(_("Fasilitas ini tidak ada, atau bukan fasilitas Anda."), "facility_unknown")
    return found[0]
