"""Reading studies: the head's own facility, the Dinas' all facilities, nobody else's any."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from simpul.domain.wisn import METHODS, ROUNDING_RULES
from simpul.foundation.core.errors import NotHere
from simpul.foundation.facilities.models import Facility, FacilityKind
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.studies.models import Study, StudyVersion

PAGE = 50


@dataclass(frozen=True)
class VersionLine:
    """A version as lists show it."""

    id: uuid.UUID
    number: int
    variant: str
    rounding: str
    origin: str
    note: str
    made_by: str
    made_at: datetime
    summary: dict[str, Any]

    @property
    def method_words(self) -> str:
        """Variant and rounding by name; a result is never shown without them."""
        return method_words(self.variant, self.rounding)


@dataclass(frozen=True)
class StudyLine:
    """A study as lists show it, with its newest version (None: nothing filled in yet)."""

    id: uuid.UUID
    title: str
    year: int
    facility_id: uuid.UUID
    facility: str
    units: tuple[str, ...]
    series: uuid.UUID
    latest: int
    is_archived: bool
    is_own: bool
    version: VersionLine | None


@dataclass(frozen=True)
class StudyNeed:
    """The need of one staff category by the newest version of a study, for the other rooms."""

    study_id: uuid.UUID
    facility_id: uuid.UUID
    title: str
    year: int
    units: tuple[str, ...]
    category: str
    variant: str
    rounding: str
    required_fte: Decimal
    required_staff: int
    staff: Decimal


def method_words(variant: str, rounding: str) -> str:
    """Return variant and rounding by name."""
    method = METHODS.get(variant)  # type: ignore[call-overload]
    rule = ROUNDING_RULES.get(rounding)  # type: ignore[call-overload]
    return f"{method.label if method else variant} · {rule.label if rule else rounding}"


def _visible(by: Actor) -> QuerySet[Study]:
    """Studies this person may read; refuses accounts of another house."""
    require(by, "view", "planning")
    require_home(by)
    studies = Study.objects.select_related("facility")
    return studies if Role.DISTRICT in by.roles else studies.filter(facility_id=by.facility_id)


def list_studies(
    *,
    by: Actor,
    year: int | None = None,
    facility: uuid.UUID | None = None,
    text: str = "",
    archived: bool = False,
    after: uuid.UUID | None = None,
    limit: int = PAGE,
) -> list[StudyLine]:
    """Return studies, newest first; `after` is the last one already seen."""
    rows = _visible(by).filter(archived_at__isnull=not archived)
    if year is not None:
        rows = rows.filter(year=year)
    if facility is not None:
        rows = rows.filter(facility_id=facility)
    if text.strip():
        rows = rows.filter(
            Q(title__icontains=text.strip()) | Q(facility__name__icontains=text.strip())
        )
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[:limit])
    versions = _newest(found)
    return [_line(study, versions.get(study.id), by) for study in found]


def count_studies(*, by: Actor, archived: bool = False) -> int:
    """Return how many studies there are."""
    return _visible(by).filter(archived_at__isnull=not archived).count()


def list_years(*, by: Actor) -> list[int]:
    """Return the years there are studies of, newest first."""
    years = _visible(by).order_by("-year").values_list("year", flat=True).distinct()
    return list(years[:60])


def list_facilities(*, by: Actor) -> list[Facility]:
    """Return the facilities this person may make a study for."""
    require(by, "view", "planning")
    require_home(by)
    rows = Facility.objects.order_by("name")
    if Role.DISTRICT not in by.roles:
        return list(rows.filter(id=by.facility_id))
    return list(rows.filter(Q(kind=FacilityKind.PUSKESMAS) | Q(id=by.facility_id)))


def get_study(study: uuid.UUID, *, by: Actor) -> StudyLine:
    """Return one study; NotHere also when it is another facility's."""
    found = find_row(study, by=by)
    return _line(found, _newest([found]).get(found.id), by)


def find_row(study: uuid.UUID, *, by: Actor) -> Study:
    """Return the row of a study this person may read."""
    found = _visible(by).filter(id=study).first()
    if found is None:
        raise NotHere(
            _("Studi ini tidak ada, atau bukan milik Puskesmas Anda. Pilih dari daftar studi."),
            "study_unknown",
        )
    return found


def get_version(study: uuid.UUID, number: int | None = None, *, by: Actor) -> StudyVersion | None:
    """Return a version of a study (the newest when no number is given); None: none yet."""
    row = find_row(study, by=by)
    if number is None and not row.latest:
        return None
    wanted = row.latest if number is None else number
    version = (
        StudyVersion.objects.select_related("made_by", "study", "study__facility")
        .filter(study_id=row.id, number=wanted)
        .first()
    )
    if version is None:
        raise NotHere(
            _("Versi itu tidak ada. Pilih versi dari daftar di halaman studi."), "version_unknown"
        )
    return version


def find_version(version: uuid.UUID, *, by: Actor) -> StudyVersion:
    """Return a version by its own id, for a comparison across studies."""
    found = (
        StudyVersion.objects.select_related("made_by", "study", "study__facility")
        .filter(id=version, study__in=_visible(by))
        .first()
    )
    if found is None:
        raise NotHere(
            _("Versi itu tidak ada, atau bukan milik Puskesmas Anda. Pilih dari daftar."),
            "version_unknown",
        )
    return found


def list_versions(study: uuid.UUID, *, by: Actor) -> list[VersionLine]:
    """Return the versions of a study, newest first."""
    row = find_row(study, by=by)
    versions = (
        StudyVersion.objects.filter(study_id=row.id)
        .select_related("made_by")
        .defer("input", "extras", "result")
        .order_by("-number")[:200]
    )
    return [_version_line(version) for version in versions]


def list_comparable(
    *, by: Actor, first: uuid.UUID | None = None, limit: int = 200
) -> list[tuple[uuid.UUID, str]]:
    """Return the newest version of each study with a label, for choosing what to compare.

    The other years of the series `first` stand in front: they are compared most.
    """
    rows = list(_visible(by).filter(latest__gt=0).order_by("-year", "title")[:limit])
    rows.sort(key=lambda row: row.series != first)
    versions = _newest(rows)
    here = get_here().id
    options = []
    for row in rows:
        version = versions.get(row.id)
        if version is not None:
            place = "" if row.facility_id == here else f"{row.facility.name} · "
            label = _("%(place)s%(title)s · %(year)d · versi %(number)d") % {
                "place": place,
                "title": row.title,
                "year": row.year,
                "number": version.number,
            }
            options.append((version.id, label))
    return options


def newest_pair(*, by: Actor) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Return the newest study that has an earlier year, with that year: earlier, later."""
    rows = _visible(by).filter(archived_at__isnull=True, latest__gt=0).order_by("-year", "-id")
    later: dict[uuid.UUID, Study] = {}
    for row in rows[:200]:
        other = later.setdefault(row.series, row)
        if row.year < other.year:
            versions = _newest([row, other])
            return versions[row.id].id, versions[other.id].id
    return None


def newest_version(*, by: Actor, facility: uuid.UUID) -> uuid.UUID | None:
    """Return the newest version of a facility's last study, for beginning with it."""
    rows = _visible(by).filter(archived_at__isnull=True, facility_id=facility)
    versions = StudyVersion.objects.filter(study__in=rows, number=F("study__latest"))
    ordered = versions.order_by("-study__year", "-made_at", "-id")
    return ordered.values_list("id", flat=True).first()


def last_variant(*, by: Actor, facility: uuid.UUID) -> str:
    """Return the variant of a facility's newest study, so that two years can be compared."""
    newest = newest_version(by=by, facility=facility)
    if newest is None:
        return "who_wisn"
    found = StudyVersion.objects.filter(id=newest).values_list("variant", flat=True).first()
    return found or "who_wisn"


def list_needs(*, by: Actor, year: int | None = None) -> list[StudyNeed]:
    """Return the need of each category by the newest version of each study, for other rooms."""
    rows = _visible(by).filter(archived_at__isnull=True, latest__gt=0)
    if year is not None:
        rows = rows.filter(year=year)
    studies = {row.id: row for row in rows}
    needs = []
    for study_id, version in _newest(list(studies.values())).items():
        study = studies[study_id]
        for category in version.summary.get("categories", []):
            needs.append(
                StudyNeed(
                    study_id=study_id,
                    facility_id=study.facility_id,
                    title=study.title,
                    year=study.year,
                    units=tuple(study.units),
                    category=category["name"],
                    variant=version.variant,
                    rounding=version.rounding,
                    required_fte=Decimal(category["required_fte"]),
                    required_staff=int(category["required_staff"]),
                    staff=Decimal(category["staff"]),
                )
            )
    return needs


def _newest(studies: list[Study]) -> dict[uuid.UUID, StudyVersion]:
    """Return the newest version of each study in one statement, without inputs and results."""
    versions = (
        StudyVersion.objects.filter(study__in=[study.id for study in studies])
        .filter(number=F("study__latest"))
        .select_related("made_by")
        .defer("input", "extras", "result")
    )
    return {version.study_id: version for version in versions}


def _line(study: Study, version: StudyVersion | None, by: Actor) -> StudyLine:
    return StudyLine(
        id=study.id,
        title=study.title,
        year=study.year,
        facility_id=study.facility_id,
        facility=study.facility.name,
        units=tuple(study.units),
        series=study.series,
        latest=study.latest,
        is_archived=study.archived_at is not None,
        is_own=study.owner == by.facility_id,
        version=None if version is None else _version_line(version),
    )


def _version_line(version: StudyVersion) -> VersionLine:
    return VersionLine(
        id=version.id,
        number=version.number,
        variant=version.variant,
        rounding=version.rounding,
        origin=str(version.get_origin_display()),
        note=version.note,
        made_by=version.made_by.name,
        made_at=version.made_at,
        summary=version.summary,
    )
