"""How the staff in the register are distributed, and how evenly, for those who may see them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from simpul.domain.distribution import Distribution, Person, describe_staff
from simpul.domain.distribution_rows import years_between
from simpul.domain.equity import Equity, Place, measure_equity
from simpul.domain.findings import Meaningless
from simpul.foundation.facilities.models import AreaCategory
from simpul.foundation.facilities.selectors import FacilityPlace, get_here
from simpul.foundation.register.models import Education, Employment
from simpul.foundation.register.selectors import StaffRow, list_facilities, list_staff_rows
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home

_EDUCATION = dict(Education.choices)
_EMPLOYMENT = dict(Employment.choices)


@dataclass(frozen=True)
class StaffDistribution:
    """The distribution of some staff on a day, with the facilities it is over."""

    told: Distribution
    places: tuple[FacilityPlace, ...]
    per_place: Mapping[uuid.UUID, int]
    on: date


@dataclass(frozen=True)
class EquityView:
    """Gini, Lorenz and Theil against one base; or why there are none."""

    against: str
    found: Equity | None
    without: tuple[str, ...]
    reason: str = ""


def get_staff_distribution(
    *, by: Actor, on: date | None = None, facility: uuid.UUID | None = None, profession: str = ""
) -> StaffDistribution:
    """Describe everybody on the staff on a day, of the facilities this person may see."""
    require(by, "view", "planning")
    require_home(by)
    day = on or get_here().today()
    places = [one for one in list_facilities(by=by) if facility is None or one.id == facility]
    names = {place.id: place.name for place in places}
    rows = [
        row
        for row in list_staff_rows(by=by, on=day, profession=profession)
        if row.facility in names
    ]
    counts: dict[uuid.UUID, int] = dict.fromkeys(names, 0)
    for row in rows:
        counts[row.facility] += 1
    told = describe_staff(
        [person_of(row, names[row.facility], day) for row in rows], facilities=names.values()
    )
    return StaffDistribution(told, tuple(places), counts, day)


def person_of(row: StaffRow, facility: str, on: date) -> Person:
    """Return a row of the register as the figures take it; the labels are those people read."""
    started = row.started_on
    return Person(
        facility=facility,
        education=str(_EDUCATION.get(row.education, row.education)),
        employment=str(_EMPLOYMENT.get(row.employment, row.employment)),
        trained=row.is_trained,
        years_of_service=None if started is None or started > on else years_between(started, on),
        profession=row.profession,
    )


def equity_of(
    places: Sequence[FacilityPlace],
    staff: Mapping[uuid.UUID, int],
    bases: Mapping[uuid.UUID, int | Decimal | None],
    *,
    against: str,
) -> EquityView:
    """Measure staff against a base; a facility whose base is not known is named, not guessed."""
    groups = groups_of(places)
    counted, without = [], []
    for place in places:
        base = bases.get(place.id)
        if base is None:
            without.append(place.name)
        else:
            counted.append(Place(place.name, staff.get(place.id, 0), base, groups[place.id]))
    try:
        return EquityView(against, measure_equity(counted), tuple(without))
    except Meaningless as refusal:
        return EquityView(against, None, tuple(without), refusal.message)


def groups_of(places: Sequence[FacilityPlace]) -> dict[uuid.UUID, str]:
    """Return what Theil is split by: the kabupaten where there are several, else kind of area."""
    regencies = {place.area_code[:5] for place in places if place.area_code}
    if len(regencies) > 1:
        return {place.id: place.area_code[:5] or _("tanpa kode wilayah") for place in places}
    kinds = dict(AreaCategory.choices)
    return {
        place.id: str(kinds.get(place.category, "")) or _("kategori belum diisi")
        for place in places
    }
