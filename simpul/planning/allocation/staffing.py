"""The register as an allocation needs it: facilities against a norm, and who may be moved."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from simpul.domain.allocation import LockRules, Locks, StaffMember, count_locks
from simpul.domain.gap import Count, FacilityStaff
from simpul.foundation.facilities.selectors import FacilityPlace, get_here
from simpul.foundation.register.models import Employment
from simpul.foundation.register.selectors import count_staff, list_facilities, list_staff_rows
from simpul.foundation.staff.actor import Actor
from simpul.planning.gap.selectors import facility_staff

#: Kinds of contract that bind to one Puskesmas; a decree of the Dinas moves civil servants.
BOUND = tuple(
    kind.value
    for kind in (Employment.BLUD, Employment.CONTRACT, Employment.HONORARY, Employment.VOLUNTEER)
)
DAYS_OF_YEAR = Decimal("365.2425")


@dataclass(frozen=True)
class Staffing:
    """Facilities with their people, those without any row in the register, and who is held."""

    facilities: tuple[FacilityStaff, ...]
    without_data: tuple[str, ...]
    locks: Locks


def get_staffing(rules: LockRules, *, by: Actor, count: Count = "all") -> Staffing:
    """Return the facilities this person may see, and how many people of each are held."""
    today = get_here().today()
    places = list_facilities(by=by)
    counts = count_staff(by=by, on=today, places=places)
    facilities, without = [], []
    for place in places:
        if counts[place.id].has_data:
            facilities.append(facility_staff(place, counts[place.id]))
        else:
            without.append(place.name)
    people = [
        StaffMember(
            facility=str(row.facility),
            profession=row.profession,
            employment=row.employment,
            years_here=_years(row.started_on, today),
            held=row.is_locked(today),
        )
        for row in list_staff_rows(by=by, on=today)
        if count == "all" or row.is_asn
    ]
    return Staffing(tuple(facilities), tuple(without), count_locks(people, rules))


def _years(started_on: date | None, today: date) -> Decimal | None:
    return None if started_on is None else Decimal((today - started_on).days) / DAYS_OF_YEAR


def get_facility_staff(place: FacilityPlace, *, by: Actor) -> FacilityStaff | None:
    """Return the people of one facility; None where nobody is in the register."""
    counts = count_staff(by=by, facility=place.id)[place.id]
    return facility_staff(place, counts) if counts.has_data else None
