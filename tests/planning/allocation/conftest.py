"""A small district: this house and two others, with people in the register."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from simpul.foundation.facilities.models import Facility
from simpul.foundation.register.inputs import StaffInput
from simpul.foundation.register.profiles import ProfileInput, add_facility, save_profile
from simpul.foundation.register.services import add_member

NORM = "permenkes-75-2014"


@dataclass
class District:
    """Facilities by name, and how to add people to one."""

    places: dict[str, Any]
    staff: Callable[..., None]


@pytest.fixture
def district(house, head, district_officer) -> District:
    """Ambulu (this house) with too many nurses, Cakru with nobody but one, Sabrang without data."""
    profile = {"category": "pedesaan", "is_inpatient": False}
    save_profile(house.id, ProfileInput(**profile, lat=-8.35, lon=113.6), by=head)
    cakru = add_facility(
        "Cakru", ProfileInput(**profile, lat=-8.27, lon=113.37), by=district_officer
    )
    sabrang = add_facility("Sabrang", ProfileInput(**profile), by=district_officer)
    places = {"here": house, "Cakru": cakru, "Sabrang": sabrang}
    numbers = iter(range(1, 10_000))

    def staff(where: str, profession: str, count: int = 1, **more: Any) -> None:
        for _n in range(count):
            n = next(numbers)
            typed = {"name": f"Contoh Tenaga {n}", "number": f"N-{n}", "employment": "pns", **more}
            add_member(
                places[where].id, StaffInput(profession=profession, **typed), by=district_officer
            )

    staff("here", "perawat", 8)
    staff("here", "dokter", 1)
    staff("Cakru", "perawat", 1)
    return District(places, staff)


@pytest.fixture
def alone(house: Facility, head) -> Facility:
    """This house alone, with one person."""
    save_profile(house.id, ProfileInput(category="pedesaan", is_inpatient=False), by=head)
    add_member(house.id, StaffInput(name="Contoh", profession="perawat", employment="pns"), by=head)
    return house
