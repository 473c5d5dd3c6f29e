"""Reading the staff register: the list, a person, moves. Counts are in `counting`.

Everything takes `by=` and shows nothing else than `places` allows. What other rooms use is named
here, so that they need one import.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from simpul.domain.professions import profession_name
from simpul.foundation.core.errors import NotHere
from simpul.foundation.register.counting import (
    ProfessionTotal,
    StaffCounts,
    StaffRow,
    count_staff,
    list_staff_rows,
    profession_totals,
)
from simpul.foundation.register.inputs import tidy_number
from simpul.foundation.register.models import Education, Employment, StaffMember, StaffMove
from simpul.foundation.register.names import plain_name
from simpul.foundation.register.places import (
    get_facility_place,
    list_facilities,
    require_district,
    sees_district,
)
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Practitioner
from simpul.foundation.staff.rights import require

__all__ = [
    "ProfessionTotal",
    "StaffCounts",
    "StaffFilter",
    "StaffPage",
    "StaffRow",
    "count_staff",
    "get_facility_place",
    "get_member",
    "labels_of",
    "list_facilities",
    "list_free_practitioners",
    "list_moves",
    "list_staff",
    "list_staff_of",
    "list_staff_rows",
    "profession_totals",
    "require_district",
    "sees_district",
]

PAGE = 50


@dataclass(frozen=True)
class StaffFilter:
    """What the list of the register is narrowed to."""

    facility: uuid.UUID | None = None
    words: str = ""
    profession: str = ""
    employment: str = ""
    #: here (on the staff), gone (left), all.
    state: str = "here"


@dataclass(frozen=True)
class StaffPage:
    """Some people of the register by name, how many there are, and where the next page begins."""

    members: tuple[StaffMember, ...]
    total: int
    next: str = ""


def list_staff(
    *, by: Actor, wanted: StaffFilter | None = None, after: str = "", limit: int = PAGE
) -> StaffPage:
    """Return the register by name, searched and narrowed; `after` is the `next` of a page."""
    require(by, "view", "register")
    found = _narrowed(_visible(by), wanted or StaffFilter())
    total = found.count()
    last = _read_cursor(after)
    if last is not None:
        place = StaffMember.objects.filter(id=last).values_list("sort_name", flat=True).first()
        if place is not None:
            found = found.filter(Q(sort_name__gt=place) | Q(sort_name=place, id__gt=last))
    rows = list(found.select_related("facility").order_by("sort_name", "id")[: limit + 1])
    more = len(rows) > limit
    return StaffPage(tuple(rows[:limit]), total, str(rows[limit - 1].id) if more else "")


def list_staff_of(*, by: Actor, wanted: StaffFilter | None = None) -> list[StaffMember]:
    """Return the narrowed register whole, for a file."""
    require(by, "view", "register")
    found = _narrowed(_visible(by), wanted or StaffFilter())
    return list(found.select_related("facility").order_by("sort_name", "id"))


def _read_cursor(after: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(after)
    except ValueError:
        return None


def _visible(by: Actor) -> QuerySet[StaffMember]:
    rows = StaffMember.objects.all()
    return rows if sees_district(by) else rows.filter(facility_id=by.facility_id)


def _narrowed(rows: QuerySet[StaffMember], wanted: StaffFilter) -> QuerySet[StaffMember]:
    if wanted.facility is not None:
        rows = rows.filter(facility_id=wanted.facility)
    if wanted.profession:
        rows = rows.filter(profession=wanted.profession)
    if wanted.employment:
        missing = "" if wanted.employment == "kosong" else wanted.employment
        rows = rows.filter(employment=missing)
    if wanted.state in ("here", "gone"):
        rows = rows.filter(is_active=wanted.state == "here")
    if wanted.words.strip():
        named = Q()
        for word in plain_name(wanted.words).split():
            named &= Q(sort_name__contains=word)
        number = tidy_number(wanted.words)
        rows = rows.filter((named | Q(number__startswith=number)) if number else named)
    return rows


def get_member(member: uuid.UUID, *, by: Actor) -> StaffMember:
    """Return one person of the register; NotHere when it is not for this person to see."""
    require(by, "view", "register")
    found = _visible(by).select_related("facility", "practitioner").filter(id=member).first()
    if found is None:
        raise NotHere(
            _("Orang ini tidak ada di daftar tenaga Anda; mungkin sudah pindah."), "member_unknown"
        )
    return found


def list_moves(
    *,
    by: Actor,
    member: uuid.UUID | None = None,
    facility: uuid.UUID | None = None,
    limit: int = 200,
) -> list[StaffMove]:
    """Return moves, newest first: of one person, of one facility, or of everybody visible."""
    require(by, "view", "register")
    rows = StaffMove.objects.select_related("member", "from_facility", "to_facility")
    if member is not None:
        rows = rows.filter(member_id=get_member(member, by=by).id)
    else:
        only = None if sees_district(by) else by.facility_id
        if facility is not None:
            only = get_facility_place(facility, by=by).id
        if only is not None:
            rows = rows.filter(Q(from_facility_id=only) | Q(to_facility_id=only))
    return list(rows.order_by("-on", "-number", "-id")[:limit])


def labels_of(member: StaffMember) -> dict[str, str]:
    """Return the words for the codes of a row: profession, education, employment."""
    return {
        "profession": profession_name(member.profession),
        "education": _label(Education.choices, member.education),
        "employment": _label(Employment.choices, member.employment),
    }


def _label(choices: Iterable[tuple[str, Any]], code: str) -> str:
    return next((str(label) for known, label in choices if known == code), "")


def list_free_practitioners(
    *, by: Actor, member: StaffMember | None = None
) -> list[tuple[uuid.UUID, str]]:
    """Return people with an account here who are not yet in the register (or are this one)."""
    require(by, "view", "register")
    taken = StaffMember.objects.filter(practitioner__isnull=False)
    if member is not None:
        taken = taken.exclude(id=member.id)
    rows = Practitioner.objects.filter(owner=by.facility_id, is_active=True).exclude(
        id__in=taken.values("practitioner_id")
    )
    return [(row.id, row.name) for row in rows.order_by("name")]
