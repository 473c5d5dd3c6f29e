"""A small district for the tests of planning: six Puskesmas with points, people and staff."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.models import Facility, FacilityProfile
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.acts import act
from simpul.foundation.register.inputs import StaffInput
from simpul.foundation.register.services import add_member
from simpul.foundation.staff.actor import Actor

STARTED = date(2015, 3, 1)


@dataclass
class District:
    """The facilities by name, and how to hire."""

    by: Actor
    facilities: dict[str, uuid.UUID] = field(default_factory=dict)
    hired: int = 0

    def hire(self, place: str, profession: str, many: int = 1, **more: Any) -> None:
        """Put people on the staff of a place."""
        given = {"employment": "pns", "started_on": STARTED, "education": "d3", **more}
        for _time in range(many):
            self.hired += 1
            typed = StaffInput(name=f"Orang {self.hired:03d}", profession=profession, **given)
            add_member(self.facilities[place], typed, by=self.by)


#: name, category, inpatient, population, lat, lon, quality
PLACES = (
    ("Puskesmas Utara", "perkotaan", False, 60_000, -8.10, 113.60, "point"),
    ("Puskesmas Selatan", "pedesaan", False, 30_000, -8.30, 113.60, "point"),
    ("Puskesmas Timur", "pedesaan", False, 20_000, -8.20, 113.75, "approximate"),
    ("Puskesmas Barat", "pedesaan", False, 25_000, -8.20, 113.45, "village-centre"),
    ("Puskesmas Kembar", "pedesaan", False, 15_000, -8.30, 113.60, "point"),
    ("Puskesmas Tanpa Titik", "pedesaan", False, None, None, None, ""),
)


def make_district(house: Here, officer: Actor) -> District:
    """Return the district; nobody works in "Tanpa Titik" and "Barat"."""
    district = District(by=officer)
    for name, category, inpatient, population, lat, lon, quality in PLACES:
        facility = Facility(id=uuid7(), name=name, is_here=False)
        profile = FacilityProfile(
            id=uuid7(),
            facility=facility,
            category=category,
            is_inpatient=inpatient,
            population=population,
            lat=lat,
            lon=lon,
            point_quality=quality,
            pustu=1,
            villages=3,
        )
        with act(by=None, facility=house.id) as this:
            this.create(facility)
            this.create(profile)
        district.facilities[name] = facility.id
    district.hire("Puskesmas Utara", "dokter", 3)
    district.hire("Puskesmas Utara", "perawat", 6, employment="honorer", is_trained=True)
    district.hire("Puskesmas Selatan", "perawat", 4, started_on=None, education="")
    district.hire("Puskesmas Selatan", "bidan", 9)
    district.hire("Puskesmas Timur", "dokter", 1, employment="")
    district.hire("Puskesmas Kembar", "bidan", 4, education="d4")
    return district
