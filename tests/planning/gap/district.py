"""The study's twelve Puskesmas as a register: facilities, profiles, one row a person."""

from datetime import date

from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.models import Facility, FacilityProfile
from simpul.foundation.journal.acts import act
from simpul.foundation.register.models import StaffMember
from simpul.foundation.staff.actor import Actor
from tests.domain.jember import PROFESSIONS, STUDY


def put_study(*, by: Actor, civil: int = 1, pustu: int | None = 1) -> dict[str, Facility]:
    """Store the twelve and one without staff; `civil` of each profession at a place are PNS."""
    made: dict[str, Facility] = {}
    with act(by=by) as this:
        for name, (category, people, *_printed) in STUDY.items():
            facility = Facility(id=uuid7(), name=f"Puskesmas {name}", is_here=False)
            made[name] = facility
            this.create(facility)
            this.create(
                FacilityProfile(
                    id=uuid7(),
                    facility=facility,
                    category=category,
                    is_inpatient=False,
                    pustu=pustu,
                    villages=1,
                )
            )
            for code, count in zip(PROFESSIONS, people, strict=True):
                this.create(*(_person(facility, code, n, n < civil) for n in range(count)))
        empty = Facility(id=uuid7(), name="Puskesmas Tanpa Data", is_here=False)
        this.create(empty)
        this.create(FacilityProfile(id=uuid7(), facility=empty, category="pedesaan"))
        this.record("staff-imported", subject="register")
    return made


def _person(facility: Facility, profession: str, number: int, is_civil: bool) -> StaffMember:
    name = f"Contoh {profession} {number}"
    return StaffMember(
        id=uuid7(),
        facility=facility,
        name=name,
        sort_name=name.upper(),
        profession=profession,
        employment="pns" if is_civil else "honorer",
        started_on=date(2013, 1, 2),
    )
