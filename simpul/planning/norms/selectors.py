"""Reading norms: those shipped with the program, the district's, and those this house added.

A norm is no secret: everybody who may see planning may read each of them.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from simpul.domain.norms import NormSet
from simpul.domain.norms_shipped import SHIPPED
from simpul.foundation.core.errors import NotHere
from simpul.foundation.facilities.models import Facility, FacilityKind
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Practitioner
from simpul.foundation.staff.rights import require
from simpul.planning.norms.models import NormVersion
from simpul.planning.norms.reading import read_norm


@dataclass(frozen=True)
class NormView:
    """A norm as the pages show it."""

    norm: NormSet
    is_shipped: bool
    is_retired: bool = False
    made_at: datetime | None = None
    made_by: str = ""
    #: The district's: it came by the hub's feed, and is read here, never written.
    is_district: bool = False

    @property
    def code(self) -> str:
        """Return its code."""
        return self.norm.code


def list_norms(*, by: Actor) -> list[NormView]:
    """Return every norm, shipped ones first, each at its newest version."""
    require(by, "view", "planning")
    here = get_here().id
    newest: dict[str, NormVersion] = {}
    for row in _readable(here).order_by("code", "number"):
        known = newest.get(row.code)
        # Of one code the house's own counts, whatever the district calls so later.
        if known is None or known.owner == row.owner or row.owner == here:
            newest[row.code] = row
    shipped = [NormView(norm, is_shipped=True) for norm in SHIPPED.values()]
    return shipped + [_view(row, here) for row in newest.values()]


def _readable(here: uuid.UUID) -> QuerySet[NormVersion]:
    """Return the versions of this house and of the Dinas above it."""
    district = Facility.objects.filter(kind=FacilityKind.DINAS, is_here=False).values("id")
    return NormVersion.objects.filter(Q(owner=here) | Q(owner__in=district))


def is_taken(code: str) -> bool:
    """Is this code used already, here or by the Dinas?"""
    return _readable(get_here().id).filter(code=code).exists()


def usable_norms(*, by: Actor) -> dict[str, NormSet]:
    """Return the norms one can calculate with: shipped, and own that are not retired."""
    return {view.code: view.norm for view in list_norms(by=by) if not view.is_retired}


def get_norm(code: str, *, by: Actor, version: int | None = None) -> NormView:
    """Return one norm, at a version or the newest; NotHere when there is none."""
    require(by, "view", "planning")
    if code in SHIPPED:
        return NormView(SHIPPED[code], is_shipped=True)
    rows = list_versions(code, by=by)
    for view in rows:
        if version is None or view.norm.version == version:
            return view
    raise NotHere(_("Standar ini tidak ada. Pilih dari daftar standar."), "norm_unknown")


def list_versions(code: str, *, by: Actor) -> list[NormView]:
    """Return all versions of an own norm or the district's, newest first, with who made each."""
    require(by, "view", "planning")
    here = get_here()
    found = list(_readable(here.id).filter(code=code[:40]).order_by("-number"))
    rows = [row for row in found if row.owner == here.id] or found
    names: dict[uuid.UUID, str] = {}
    if by.facility_id == here.id:
        makers = {row.made_by for row in rows if row.made_by}
        names = dict(Practitioner.objects.filter(id__in=makers).values_list("id", "name"))
    return [_view(row, here.id, names.get(row.made_by, "") if row.made_by else "") for row in rows]


def norm_of(row: NormVersion) -> NormSet:
    """Return a stored version as the domain takes it."""
    return read_norm(
        {
            "code": row.code,
            "name": row.name,
            "source": row.source,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
            "note": row.note,
            "posts": row.posts,
        },
        version=row.number,
    )


def default_norm(norms: dict[str, NormSet], on: date) -> NormSet:
    """Return the norm a page begins with: the newest in force on that day."""
    in_force = [norm for norm in norms.values() if norm.in_force(on)]
    return max(in_force or norms.values(), key=lambda norm: norm.valid_from or date.min)


def _view(row: NormVersion, here: uuid.UUID, made_by: str = "") -> NormView:
    is_district = row.owner != here
    return NormView(norm_of(row), False, row.is_retired, row.made_at, made_by, is_district)
