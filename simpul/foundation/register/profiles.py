"""Writing what planning must know of a facility, and adding a facility of the district."""

import uuid
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Conflict, Problem, Refused
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.models import (
    AreaCategory,
    Facility,
    FacilityProfile,
    PointQuality,
)
from simpul.foundation.facilities.selectors import get_here, list_facility_places
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.register.selectors import get_facility_place, require_district
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home

#: Most a number may be; beyond it is a slip of the keys.
MOST = {"pustu": 200, "villages": 500, "population": 5_000_000, "visits_per_year": 5_000_000}
#: Indonesia lies between these degrees.
LATITUDES, LONGITUDES = (-11.5, 6.5), (94.5, 141.5)


@dataclass(frozen=True)
class ProfileInput:
    """What planning knows of a facility; None and "" mean "not known"."""

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


def save_profile(
    facility: uuid.UUID, typed: ProfileInput, *, by: Actor, seen_version: int | None = None
) -> FacilityProfile:
    """Write the profile of a facility this person may see."""
    require(by, "correct", "register")
    require_home(by)
    place = get_facility_place(facility, by=by)
    _check(typed)
    with act(by=by) as this:
        row = FacilityProfile.objects.filter(facility_id=place.id).first()
        if row is None:
            row = FacilityProfile(id=uuid7(), facility_id=place.id, **asdict(typed))
            this.create(row)
            _record(this, place.id, sorted(asdict(typed)))
            return row
        if row.owner != by.facility_id:
            raise Conflict(
                _("Data fasilitas ini dipelihara di tempat lain, jadi tidak diubah di sini."),
                "profile_elsewhere",
            )
        fields = [f for f, value in asdict(typed).items() if getattr(row, f) != value]
        for name in fields:
            setattr(row, name, getattr(typed, name))
        if fields:
            this.update(row, *fields, seen_version=seen_version)
            _record(this, place.id, fields)
    return row


def add_facility(name: str, typed: ProfileInput, *, by: Actor) -> Facility:
    """Add a Puskesmas to the district's list; only the Dinas does."""
    require(by, "input", "register")
    require_home(by)
    require_district(by)
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= 120:
        problem = Problem("name", "length", _("Nama fasilitas: 1–120 huruf."))
        raise Refused(_("Belum disimpan: periksa nama."), "facility_refused", errors=(problem,))
    if any(place.name.casefold() == tidy.casefold() for place in list_facility_places()):
        problem = Problem("name", "taken", _("Fasilitas dengan nama ini sudah ada."))
        raise Refused(_("Belum disimpan: periksa nama."), "facility_refused", errors=(problem,))
    _check(typed)
    facility = Facility(id=uuid7(), name=tidy, is_here=False, timezone=get_here().timezone)
    with act(by=by) as this:
        this.create(facility)
        this.create(FacilityProfile(id=uuid7(), facility=facility, **asdict(typed)))
        this.record("facility-added", subject=f"facility:{facility.id}")
    return facility


def _record(this: Act, facility: uuid.UUID, fields: list[str]) -> None:
    detail = {"fields": fields}
    this.record("facility-profile-changed", subject=f"facility:{facility}", detail=detail)


def _check(typed: ProfileInput) -> None:
    problems = []
    if typed.category not in ("", *AreaCategory.values):
        problems.append(Problem("category", "unknown", _("Pilih dari daftar.")))
    if typed.point_quality not in ("", *PointQuality.values):
        problems.append(Problem("point_quality", "unknown", _("Pilih dari daftar.")))
    for field, most in MOST.items():
        value = getattr(typed, field)
        if value is not None and not 0 <= value <= most:
            sentence = _("Harus antara 0 dan %(most)d.") % {"most": most}
            problems.append(Problem(field, "range", sentence))
    if typed.as_of is not None and not 1990 <= typed.as_of <= get_here().today().year + 1:
        problems.append(Problem("as_of", "range", _("Tulis tahun datanya, misalnya 2025.")))
    if len(typed.note) > 200:
        problems.append(Problem("note", "too_long", _("Paling banyak 200 huruf.")))
    problems += _point_problems(typed)
    if problems:
        raise Refused(
            _("Belum disimpan: %(count)d isian perlu diperbaiki.") % {"count": len(problems)},
            "profile_refused",
            errors=tuple(problems),
        )


def _point_problems(typed: ProfileInput) -> list[Problem]:
    if (typed.lat is None) != (typed.lon is None):
        missing = "lat" if typed.lat is None else "lon"
        return [Problem(missing, "required", _("Lintang dan bujur diisi berdua."))]
    problems = []
    for field, (low, high) in (("lat", LATITUDES), ("lon", LONGITUDES)):
        value = getattr(typed, field)
        if value is not None and not low <= value <= high:
            sentence = _("Di luar Indonesia: harus antara %(low)s dan %(high)s.") % {
                "low": low,
                "high": high,
            }
            problems.append(Problem(field, "range", sentence))
    return problems
