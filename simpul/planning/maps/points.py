"""Points of facilities out of a table (CSV, XLSX, JSON), joined to the facilities by name.

A name that is no facility's is never guessed: the likeliest one is proposed, and used only when
the person who brought the file says so.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simpul.foundation.facilities.models import PointQuality
from simpul.foundation.facilities.selectors import FacilityPlace
from simpul.foundation.register.profiles import LATITUDES, LONGITUDES, ProfileInput, save_profile
from simpul.foundation.register.selectors import list_facilities
from simpul.foundation.staff.actor import Actor
from simpul.planning.intake.cells import Unreadable, is_blank, read_decimal, read_text
from simpul.planning.intake.tables import read_table
from simpul.planning.maps.geojson import plain_name
from simpul.planning.maps.naming import core_name, propose
from simpul.planning.maps.populations import RefusedLine
from simpul.planning.maps.services import require_importer

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": (
        "name", "nama", "facility", "fasilitas", "puskesmas", "namapuskesmas", "namafasilitas",
    ),
    "lat": ("lat", "latitude", "lintang"),
    "lon": ("lon", "lng", "long", "longitude", "bujur"),
    "quality": ("quality", "mutu", "ketelitian", "pointquality"),
}  # fmt: skip
_COLUMN_OF = {name: column for column, names in COLUMNS.items() for name in names}


@dataclass(frozen=True)
class PointRow:
    """One point as the file has it."""

    line: int
    name: str
    lat: float
    lon: float
    quality: str


@dataclass(frozen=True)
class ReadPoints:
    """What a file holds."""

    rows: tuple[PointRow, ...]
    refused: tuple[RefusedLine, ...]


@dataclass(frozen=True)
class Unmatched:
    """A name that is no facility's, with the likeliest facility where there is one."""

    line: int
    name: str
    proposal: str


@dataclass(frozen=True)
class PointsImported:
    """What was, or would be, written; and the names that found no facility."""

    new: int
    changed: int
    same: int
    unmatched: tuple[Unmatched, ...]
    dry_run: bool

    @property
    def total(self) -> int:
        """Points that have a facility."""
        return self.new + self.changed + self.same


def read_points(data: bytes, name: str) -> ReadPoints:
    """Read a table of names and coordinates; Unusable when it is no table."""
    table = read_table(data, name, lambda heading: plain_name(heading) in _COLUMN_OF)
    columns = [_COLUMN_OF.get(plain_name(heading)) for heading in table.headings]
    rows: list[PointRow] = []
    refused: list[RefusedLine] = []
    for row in table.rows:
        named = {column: cell for column, cell in zip(columns, row.cells, strict=True) if column}
        if all(is_blank(cell) for cell in named.values()):
            continue
        read = _row(row.line, named)
        if isinstance(read, RefusedLine):
            refused.append(read)
        else:
            rows.append(read)
    return ReadPoints(tuple(rows), tuple(refused))


def import_points(
    rows: Sequence[PointRow], *, by: Actor, take_proposals: bool = False, dry_run: bool = False
) -> PointsImported:
    """Write the points of facilities this person may see; everything else stays as it is."""
    require_importer(by)
    places = {str(place.id): place for place in list_facilities(by=by)}
    by_name: dict[str, list[str]] = {}
    for key, place in places.items():
        by_name.setdefault(core_name(place.name), []).append(key)
    names = {key: place.name for key, place in places.items()}
    counts = {"new": 0, "changed": 0, "same": 0}
    unmatched: list[Unmatched] = []
    for row in rows:
        exact = by_name.get(core_name(row.name), [])
        key = exact[0] if len(exact) == 1 else ""
        if not key:
            likely = propose(row.name, names) or ""
            unmatched.append(Unmatched(row.line, row.name, names.get(likely, "")))
            key = likely if take_proposals else ""
        if not key:
            continue
        state = _state(places[key], row)
        counts[state] += 1
        if state != "same" and not dry_run:
            save_profile(uuid.UUID(key), _profile(places[key], row), by=by)
    return PointsImported(**counts, unmatched=tuple(unmatched), dry_run=dry_run)


def _row(line: int, named: Mapping[str, object]) -> PointRow | RefusedLine:
    name = read_text(named.get("name"))[:120]
    if not name:
        return RefusedLine(line, "name", "Nama fasilitas belum diisi.")
    try:
        lat, lon = read_decimal(named.get("lat")), read_decimal(named.get("lon"))
    except Unreadable as trouble:
        return RefusedLine(line, "lat", f"{trouble}.")
    if lat is None or lon is None:
        return RefusedLine(line, "lat", "Lintang dan bujur diisi berdua.")
    if not (LATITUDES[0] <= lat <= LATITUDES[1] and LONGITUDES[0] <= lon <= LONGITUDES[1]):
        return RefusedLine(
            line, "lat", "Titiknya di luar Indonesia; mungkin lintang dan bujurnya tertukar."
        )
    quality = read_text(named.get("quality")).casefold()
    usable = quality if quality in PointQuality.values else ""
    return PointRow(line, name, float(lat), float(lon), usable)


def _state(place: FacilityPlace, row: PointRow) -> str:
    if not place.has_point:
        return "new"
    same = (place.lat, place.lon, place.point_quality) == (row.lat, row.lon, row.quality)
    return "same" if same else "changed"


def _profile(place: FacilityPlace, row: PointRow) -> ProfileInput:
    """The profile as it is, with this point."""
    return ProfileInput(
        category=place.category,
        is_inpatient=place.is_inpatient,
        pustu=place.pustu,
        villages=place.villages,
        population=place.population,
        visits_per_year=place.visits_per_year,
        lat=row.lat,
        lon=row.lon,
        point_quality=row.quality,
        as_of=place.as_of,
        note=place.note,
    )
