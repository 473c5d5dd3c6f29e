"""Reading facilities and units. They change rarely and are read on every request, so each process
keeps them for a few seconds."""

import time
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from simpul.domain.queue_order import DEFAULT_RULE, Rule
from simpul.foundation.core.clock import local_day, now
from simpul.foundation.core.errors import NotHere
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.facilities.models import Facility, FacilityKind, ServiceUnit, Village
from simpul.foundation.facilities.rooms import (
    PRIORITY_GROUPS,
    RoomPlace,
    read_queue_rules,
    read_rooms,
)

KEEP_SECONDS = 5.0


@dataclass(frozen=True)
class Unit:
    """A service unit as the steps see it."""

    id: uuid.UUID
    code: str
    name: str
    cluster: str
    prefix: str
    room: str
    takes_patients: bool
    is_open: bool
    floor: int = 1
    #: The rooms in use; none: the unit's own `room` and `floor`.
    rooms: tuple[RoomPlace, ...] = ()
    #: How its queue mixes priority and routine patients.
    queue_rule: Rule = DEFAULT_RULE

    def room_with(self, room: uuid.UUID | None) -> RoomPlace | None:
        """Return this room of the unit; the only one when none is named; None when open."""
        if len(self.rooms) == 1:
            return self.rooms[0]
        return next((one for one in self.rooms if one.id == room), None)


@dataclass(frozen=True)
class Here:
    """The facility this program runs in, with its units by code, in their order."""

    id: uuid.UUID
    name: str
    kind: str
    timezone: str
    mrn_width: int
    units: dict[str, Unit]
    #: Who goes before others: codes of `PRIORITY_GROUPS` that are switched on.
    priority_groups: frozenset[str] = frozenset(PRIORITY_GROUPS)

    @property
    def floors(self) -> tuple[int, ...]:
        """The floors on which numbers are called, lowest first."""
        found = {room.floor for unit in self.units.values() for room in unit.rooms}
        found |= {unit.floor for unit in self.units.values() if not unit.rooms}
        return tuple(sorted(found)) or (1,)

    def today(self) -> date:
        """The facility's own calendar day now."""
        return local_day(now(), self.timezone)

    def day_of(self, at: datetime) -> date:
        """The facility's own calendar day of an instant."""
        return local_day(at, self.timezone)

    def unit(self, code: str) -> Unit:
        """Return the unit with this code; NotHere names the code that is unknown."""
        try:
            return self.units[code]
        except KeyError:
            raise NotHere(
                _("Unit “%(code)s” tidak ada di Puskesmas ini. Pilih unit dari daftar.")
                % {"code": code[:20]},
                "unit_unknown",
            ) from None


_kept: tuple[float, Here] | None = None


def get_here() -> Here:
    """Return the facility this program runs in; NotHere when first start is still to come."""
    global _kept
    if _kept is not None and time.monotonic() - _kept[0] < KEEP_SECONDS:
        return _kept[1]
    facility = Facility.objects.filter(is_here=True).first()
    if facility is None:
        raise NotHere(
            _("Puskesmas belum disiapkan. Buka halaman awal untuk membuat akun pertama."),
            "not_set_up",
        )
    units = ServiceUnit.objects.filter(facility=facility).order_by("order", "code")
    rooms = read_rooms(facility.id)
    rules = read_queue_rules(facility.id)
    here = Here(
        id=facility.id,
        name=facility.name,
        kind=facility.kind,
        timezone=facility.timezone,
        mrn_width=facility.mrn_width,
        units={
            unit.code: Unit(
                id=unit.id,
                code=unit.code,
                name=unit.name,
                cluster=unit.cluster,
                prefix=unit.prefix,
                room=unit.room,
                takes_patients=unit.takes_patients,
                is_open=unit.is_open,
                floor=unit.floor,
                rooms=rooms.get(unit.id, ()),
                queue_rule=rules.of(unit.code),
            )
            for unit in units
        },
        priority_groups=rules.groups,
    )
    _kept = (time.monotonic(), here)
    return here


def is_set_up() -> bool:
    """Has first start made this house its facility?"""
    return _kept is not None or Facility.objects.filter(is_here=True).exists()


def forget_here() -> None:
    """Read the facility anew next time (it was just changed)."""
    global _kept
    _kept = None


def list_villages(text: str, *, limit: int = 8) -> list[Village]:
    """Return villages whose name begins with the text, for the typed list."""
    if len(text.strip()) < 2:
        return []
    return list(Village.objects.filter(name__istartswith=text.strip()).order_by("name")[:limit])


@dataclass(frozen=True)
class FacilityPlace:
    """A facility as planning sees it; None and "" mean "not known", never 0."""

    id: uuid.UUID
    name: str
    kind: str
    area_code: str
    is_here: bool
    category: str = ""
    is_inpatient: bool | None = None
    pustu: int | None = None
    villages: int | None = None
    population: int | None = None
    visits_per_year: int | None = None
    lat: float | None = None
    lon: float | None = None
    point_quality: str = ""
    as_of: int | None = None
    note: str = ""

    @property
    def has_point(self) -> bool:
        """Is its place on the map known?"""
        return self.lat is not None and self.lon is not None


_PLACES = (
    "SELECT f.id, f.name, f.kind, f.area_code, f.is_here, coalesce(p.category, ''), "
    "p.is_inpatient, p.pustu, p.villages, p.population, p.visits_per_year, p.lat, p.lon, "
    "coalesce(p.point_quality, ''), p.as_of, coalesce(p.note, '') "
    "FROM facilities_facility f "
    "LEFT JOIN facilities_facilityprofile p ON p.facility_id = f.id "
)


def list_facility_places(
    *, only: uuid.UUID | None = None, kind: str = FacilityKind.PUSKESMAS.value
) -> list[FacilityPlace]:
    """Return facilities of a kind with what planning knows of them, by name, in one statement.

    Who may see which is decided above (`simpul.foundation.register.selectors`).
    """
    condition, values = "WHERE f.kind = %s", [kind]
    if only is not None:
        condition, values = "WHERE f.id = %s", [only]  # type: ignore[list-item]
    rows = fetch_values(f"{_PLACES} {condition}", "u---b-b---------", values)
    return sorted((FacilityPlace(*row) for row in rows), key=lambda place: place.name.casefold())
