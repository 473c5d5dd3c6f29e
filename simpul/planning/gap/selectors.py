"""Facilities of the staff register as the gap takes them, and their studies for a day and norm.

A facility with nobody in the register has no data, which is not nobody: none of its professions is
stated. Where somebody is, a profession without a person is stated as 0.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from simpul.domain.findings import Meaningless
from simpul.domain.gap import Count, FacilityGap, FacilityStaff, GapStudy, facility_gap, gap_study
from simpul.domain.norms import NormSet
from simpul.domain.professions import PROFESSIONS
from simpul.foundation.core.errors import Refused
from simpul.foundation.facilities.selectors import FacilityPlace, get_here
from simpul.foundation.register.selectors import (
    StaffCounts,
    count_staff,
    get_facility_place,
    list_facilities,
)
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require

_NOBODY: dict[str, int | None] = dict.fromkeys(PROFESSIONS, 0)


@dataclass(frozen=True)
class DistrictGap:
    """Every facility a person may see against a norm, by both counts of staff."""

    norm: NormSet
    on: date
    places: dict[str, FacilityPlace]
    everybody: GapStudy
    civil: GapStudy
    without_data: frozenset[str]
    status_unknown: int

    def study(self, count: Count) -> GapStudy:
        """Return the study by one of the two counts."""
        return self.everybody if count == "all" else self.civil


@dataclass(frozen=True)
class PlaceGap:
    """One facility against a norm, by both counts."""

    place: FacilityPlace
    norm: NormSet
    on: date
    has_data: bool
    status_unknown: int
    everybody: FacilityGap | None
    civil: FacilityGap | None
    refused: str = ""


def day_of_year(year: int) -> date:
    """Return the day a year is counted on: its last, or today for the present one."""
    today = get_here().today()
    return min(today, date(year, 12, 31))


def facility_staff(place: FacilityPlace, counts: StaffCounts | None) -> FacilityStaff:
    """Return one facility of the register as the domain takes it."""
    everybody: dict[str, int | None] = {}
    civil: dict[str, int | None] = {}
    if counts is not None and counts.has_data:
        everybody = {**_NOBODY, **counts.everyone}
        civil = {**_NOBODY, **counts.asn}
    ref = str(place.id)
    return FacilityStaff(
        name=place.name,
        category=place.category or None,
        have=everybody,
        have_asn=civil,
        inpatient=place.is_inpatient,
        pustu=place.pustu,
        villages=place.villages,
        population=place.population,
        latitude=place.lat,
        longitude=place.lon,
        where=ref,
        ref=ref,
    )


def register_facilities(*, by: Actor, on: date | None = None) -> list[FacilityStaff]:
    """Return every facility this person may see, with its staff on a day (today)."""
    require(by, "view", "planning")
    places = list_facilities(by=by)
    counts = count_staff(by=by, on=on, places=places)
    return [facility_staff(place, counts.get(place.id)) for place in places]


def district_gap(norm: NormSet, *, on: date, by: Actor) -> DistrictGap:
    """Hold every facility this person may see against a norm, as the register was on a day."""
    require(by, "view", "planning")
    listed = list_facilities(by=by)
    counts = count_staff(by=by, on=on, places=listed)
    places = {str(place.id): place for place in listed}
    staff = [facility_staff(place, counts.get(place.id)) for place in places.values()]
    stated = [each for each in staff if each.have]
    return DistrictGap(
        norm,
        on,
        places,
        gap_study(staff, norm),
        gap_study(staff, norm, count="asn"),
        frozenset(places) - {each.ref for each in stated},
        sum(each.status_unknown for each in counts.values()),
    )


def place_gap(facility: uuid.UUID, norm: NormSet, *, on: date, by: Actor) -> PlaceGap:
    """Hold one facility against a norm by both counts; NotHere when it is not for this person."""
    require(by, "view", "planning")
    place = get_facility_place(facility, by=by)
    counts = count_staff(by=by, on=on, facility=facility)[place.id]
    staff = facility_staff(place, counts)
    everybody = civil = None
    refused = ""
    try:
        everybody = facility_gap(staff, norm)
        civil = facility_gap(staff, norm, count="asn")
    except Meaningless as why:
        refused = why.message
    return PlaceGap(
        place, norm, on, counts.has_data, counts.status_unknown, everybody, civil, refused
    )


def choose_norm(norms: dict[str, NormSet], code: str, default: NormSet) -> NormSet:
    """Return the norm asked for; refuse one that is not there rather than use another."""
    if not code:
        return default
    if code not in norms:
        raise Refused(
            _("Standar itu tidak ada atau tidak dipakai lagi. Pilih standar dari daftar."),
            "norm_unknown",
        )
    return norms[code]
