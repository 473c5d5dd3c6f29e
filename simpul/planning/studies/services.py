"""Writing studies: opened, saved as versions, put away and taken out again.

Each version is kept for ever; a save over a version somebody else made meanwhile is refused and
nothing typed is lost (the page shows both).
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from simpul.domain.findings import Meaningless
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotAllowed, Problem, Refused, Stale
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.models import STANDARD_UNITS
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.studies.computing import METHOD_VERSION, compute, stored_result, summary_of
from simpul.planning.studies.models import Origin, Study, StudyVersion
from simpul.planning.studies.selectors import find_row, find_version, list_facilities

FIRST_YEAR, LAST_YEAR = 2000, 2100
MAX_TITLE = 120


@dataclass(frozen=True)
class NewStudy:
    """What a study is about: its title, year, units, and (the Dinas) the facility."""

    title: str
    year: int | None
    units: tuple[str, ...] = ()
    facility: uuid.UUID | None = None
    series: uuid.UUID | None = None


@dataclass(frozen=True)
class NewVersion:
    """What is to be kept: the input, what it has no place for, its origin and a note."""

    input: dict[str, Any]
    extras: dict[str, Any] = field(default_factory=dict)
    origin: str = Origin.TYPED
    note: str = ""


@transaction.atomic
def create_study(wish: NewStudy, *, by: Actor, first: NewVersion | None = None) -> Study:
    """Open a study, with its first version if there is one already."""
    require(by, "input", "planning")
    require_home(by)
    facility = wish.facility or by.facility_id
    _check_wish(wish, facility, by)
    study = Study(
        id=uuid7(),
        facility_id=facility,
        title=" ".join(wish.title.split()),
        year=wish.year or 0,
        units=list(wish.units),
        series=wish.series or uuid7(),
    )
    with act(by=by) as this:
        this.create(study)
        this.record(
            "study-created",
            subject=f"study:{study.id}",
            detail={"year": study.year, "facility": str(facility)},
        )
    if first is not None:
        save_version(study.id, first, by=by, seen=0)
        study.refresh_from_db()
    return study


@transaction.atomic
def save_version(study: uuid.UUID, new: NewVersion, *, by: Actor, seen: int) -> StudyVersion:
    """Keep a new version; `seen` is the number of the version the writer had before their eyes.

    Raises Stale when somebody saved another one meanwhile, Refused when the input has no meaning.
    """
    row = find_own(study, by=by)
    if row.latest != seen:
        raise_newer(row, by)
    try:
        result = compute(new.input)
        kept = stored_result(new.input, result)
    except Meaningless as refusal:
        raise Refused(
            _("Studi belum disimpan. %(where)s: %(what)s")
            % {"where": refusal.where, "what": refusal.message},
            refusal.code,
            errors=(Problem(refusal.where, refusal.code, refusal.message),),
        ) from refusal
    version = StudyVersion(
        study_id=row.id,
        number=seen + 1,
        input=new.input,
        extras=new.extras,
        result=kept,
        summary=summary_of(result),
        variant=result.variant,
        rounding=result.rounding,
        method_version=METHOD_VERSION,
        origin=new.origin,
        note=" ".join(new.note.split())[:300],
        made_by_id=by.practitioner_id,
        made_at=now(),
    )
    with act(by=by, at=version.made_at) as this:
        row.latest = version.number
        this.update(row, "latest")
        this.create(version)
        this.record(
            "study-saved",
            subject=f"study:{row.id}",
            detail={"number": version.number, "variant": version.variant, "origin": new.origin},
        )
    return version


@transaction.atomic
def describe_study(study: uuid.UUID, wish: NewStudy, *, by: Actor, seen_version: int) -> Study:
    """Change title, year and units of a study; its versions stay as they are."""
    row = find_own(study, by=by)
    _check_wish(wish, row.facility_id, by)
    row.title = " ".join(wish.title.split())
    row.year = wish.year or row.year
    row.units = list(wish.units)
    with act(by=by) as this:
        this.update(row, "title", "year", "units", seen_version=seen_version)
        this.record("study-described", subject=f"study:{row.id}")
    return row


@transaction.atomic
def archive_study(study: uuid.UUID, *, by: Actor, away: bool = True) -> Study:
    """Put a study away, or take it out again; nothing of it is lost."""
    row = find_own(study, by=by)
    if (row.archived_at is not None) == away:
        return row
    row.archived_at = now() if away else None
    with act(by=by) as this:
        this.update(row, "archived_at")
        this.record("study-archived" if away else "study-reopened", subject=f"study:{row.id}")
    return row


@transaction.atomic
def restore_version(version: uuid.UUID, *, by: Actor, seen: int) -> StudyVersion:
    """Make an earlier version the newest again, as a new version of its own."""
    old = find_version(version, by=by)
    note = _("Mengembalikan versi %(number)d.") % {"number": old.number}
    new = NewVersion(input=old.input, extras=old.extras, origin=Origin.COPY, note=note)
    return save_version(old.study_id, new, by=by, seen=seen)


def raise_newer(row: Study, by: Actor) -> None:
    """Say who saved which version meanwhile."""
    newer = (
        StudyVersion.objects.filter(study_id=row.id, number=row.latest)
        .select_related("made_by")
        .first()
    )
    who = "" if newer is None else newer.made_by.name
    raise Stale(
        _(
            "%(who)s menyimpan versi %(number)d sementara Anda mengetik. Isian Anda belum "
            "disimpan dan masih ada di layar: bandingkan, lalu simpan sebagai versi berikutnya."
        )
        % {"who": who or _("Orang lain"), "number": row.latest},
        "stale_version",
        extra={"current_version": row.latest},
    )


def find_own(study: uuid.UUID, *, by: Actor) -> Study:
    """Return a study that this house made and this person may write."""
    require(by, "correct", "planning")
    row = find_row(study, by=by)
    if row.owner != by.facility_id:
        raise NotAllowed(
            _(
                "Studi ini dibuat oleh %(facility)s, jadi hanya mereka yang mengubahnya. Tidak ada "
                "yang diubah; salinlah menjadi studi Anda sendiri."
            )
            % {"facility": row.facility.name},
            "study_of_others",
        )
    return row


def _check_wish(wish: NewStudy, facility: uuid.UUID, by: Actor) -> None:
    problems = []
    title = " ".join(wish.title.split())
    if not title:
        problems.append(
            Problem("title", "title_missing", _("Beri judul, misalnya “Loket pendaftaran”."))
        )
    elif len(title) > MAX_TITLE:
        problems.append(
            Problem(
                "title",
                "title_long",
                _("Judul paling banyak %(count)d huruf.") % {"count": MAX_TITLE},
            )
        )
    if wish.year is None or not FIRST_YEAR <= wish.year <= LAST_YEAR:
        problems.append(
            Problem("year", "year_unreadable", _("Tulis tahun dengan empat angka, misalnya 2026."))
        )
    if facility not in {known.id for known in list_facilities(by=by)}:
        problems.append(Problem("facility", "facility_unknown", _("Pilih Puskesmas dari daftar.")))
    units = {*get_here().units, *(code for code, *_rest in STANDARD_UNITS)}
    if any(code not in units for code in wish.units):
        problems.append(Problem("units", "unit_unknown", _("Pilih unit dari daftar.")))
    if problems:
        raise Refused(
            _("Studi belum dibuat; perbaiki isian yang ditandai."),
            "study_refused",
            errors=tuple(problems),
        )
