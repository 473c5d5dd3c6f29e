"""Reading norms: those shipped with the program and those this house added.

A norm is no secret: everybody who may see planning may read each of them.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from simpul.domain.norms import NormSet
from simpul.domain.norms_shipped import SHIPPED
from simpul.foundation.core.errors import NotHere
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

    @property
    def code(self) -> str:
        """Return its code."""
        return self.norm.code


def list_norms(*, by: Actor) -> list[NormView]:
    """Return every norm, shipped ones first, each at its newest version."""
    require(by, "view", "planning")
    newest: dict[str, NormVersion] = {}
    for row in NormVersion.objects.filter(owner=get_here().id).order_by("code", "number"):
        newest[row.code] = row
    shipped = [NormView(norm, is_shipped=True) for norm in SHIPPED.values()]
    return shipped + [_view(row) for row in newest.values()]


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
    """Return all versions of an own norm, newest first, with who made each."""
    require(by, "view", "planning")
    here = get_here()
    rows = list(NormVersion.objects.filter(owner=here.id, code=code[:40]).order_by("-number"))
    names: dict[uuid.UUID, str] = {}
    if by.facility_id == here.id:
        makers = {row.made_by for row in rows if row.made_by}
        names = dict(Practitioner.objects.filter(id__in=makers).values_list("id", "name"))
    return [_view(row, names.get(row.made_by, "") if row.made_by else "") for row in rows]


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


def _view(row: NormVersion, made_by: str = "") -> NormView:
    return NormView(norm_of(row), False, row.is_retired, row.made_at, made_by)
