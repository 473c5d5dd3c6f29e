"""Reading folders: where one is, what is asked for today, what is out and for how long."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from simpul.domain.identity import group_mrn
from simpul.foundation.core.clock import now
from simpul.foundation.facilities.selectors import Here, get_here
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Practitioner
from simpul.foundation.staff.rights import require
from simpul.service.distribution.models import PRESENT, Distribution, ticket_label
from simpul.service.filing.models import FileMovement, PaperFile, Whereabouts
from simpul.service.filing.services import patient_of_label, shelf_of
from simpul.service.patients.records import merged_numbers

OVERDUE = timedelta(days=1)
#: Named, and not "everything but the shelf": by these the few are found among all folders.
AWAY = tuple(place for place in Whereabouts.values if place != Whereabouts.SHELF)


def age_words(hours: int) -> str:
    """Return how long something has been waiting: 5 jam, 3 hari."""
    if hours < 48:
        return _("%(hours)d jam") % {"hours": hours}
    return _("%(days)d hari") % {"days": hours // 24}


class _Numbered:
    """Something with a record number, which is read in pairs as the shelves are."""

    mrn: str

    @property
    def mrn_text(self) -> str:
        """The record number in pairs: 00-45-12."""
        return group_mrn(self.mrn)


@dataclass(frozen=True)
class MovementLine:
    """One line of a folder's history."""

    kind: str
    unit_name: str
    at: datetime
    by: str


@dataclass(frozen=True)
class FileView(_Numbered):
    """Where a folder is now and how it came there."""

    patient_id: uuid.UUID
    mrn: str
    name: str
    shelf: str
    whereabouts: str
    unit: str
    unit_name: str
    since: datetime | None
    is_overdue: bool
    history: tuple[MovementLine, ...]
    #: The record that stands for the person, if this one was merged, and the person's other ones.
    stands_for: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskedFor(_Numbered):
    """A folder to be fetched from the shelf for a visit registered today."""

    patient_id: uuid.UUID
    encounter_id: uuid.UUID
    mrn: str
    name: str
    shelf: str
    ticket: str
    unit: str
    unit_name: str
    since: datetime


@dataclass(frozen=True)
class OutLine(_Numbered):
    """A folder that is not on its shelf."""

    patient_id: uuid.UUID
    mrn: str
    name: str
    shelf: str
    whereabouts: str
    unit_name: str
    since: datetime
    age_hours: int
    is_overdue: bool

    @property
    def age_text(self) -> str:
        """How long the folder has been away, in words."""
        return age_words(self.age_hours)


def _unit_name(here: Here, code: str) -> str:
    return here.units[code].name if code in here.units else code


def get_file(label: str, *, by: Actor) -> FileView:
    """Return where the folder of a record number (or label) is, with its last movements."""
    require(by, "view", "filing")
    here = get_here()
    patient = patient_of_label(label, by=by)
    person = patient.person
    file = PaperFile.objects.filter(patient=patient).first()
    rows = list(FileMovement.objects.filter(file=file).order_by("-at", "-id")[:30]) if file else []
    names = practitioner_names({row.by for row in rows})
    return FileView(
        patient_id=patient.id,
        mrn=patient.mrn,
        name=person.name,
        shelf=file.shelf if file else shelf_of(patient.mrn),
        whereabouts=file.whereabouts if file else Whereabouts.SHELF,
        unit=file.unit if file else "",
        unit_name=_unit_name(here, file.unit) if file and file.unit else "",
        since=file.since if file else None,
        is_overdue=bool(
            file and file.whereabouts != Whereabouts.SHELF and now() - file.since > OVERDUE
        ),
        history=tuple(
            MovementLine(
                kind=row.kind,
                unit_name=_unit_name(here, row.unit) if row.unit else "",
                at=row.at,
                by=names.get(row.by, ""),
            )
            for row in rows
        ),
        stands_for=group_mrn(person.mrn) if person.id != patient.id else "",
        others=tuple(group_mrn(number) for number in merged_numbers(patient.id)),
    )


def list_asked_for(*, by: Actor, limit: int = 100) -> list[AskedFor]:
    """Return folders still on the shelf whose patients wait in a unit today, oldest first."""
    require(by, "view", "filing")
    here = get_here()
    rows = (
        Distribution.objects.filter(
            owner=by.facility_id, service_date=here.today(), stage__in=PRESENT
        )
        .exclude(patient__paper_file__whereabouts__in=[Whereabouts.OUT, Whereabouts.RECEIVED])
        .order_by("saved_at")
        .values_list(
            "patient_id",
            "encounter_id",
            "patient__mrn",
            Coalesce("patient__merged_into__name", "patient__name"),
            "patient__paper_file__shelf",
            "ticket__prefix",
            "ticket__number",
            "unit",
            "saved_at",
        )[:limit]
    )
    return [
        AskedFor(
            patient_id=patient,
            encounter_id=encounter,
            mrn=mrn,
            name=name,
            # No folder yet: where it will stand once there is one.
            shelf=shelf_of(mrn) if shelf is None else shelf,
            ticket=ticket_label(prefix, number),
            unit=unit,
            unit_name=_unit_name(here, unit),
            since=since,
        )
        for patient, encounter, mrn, name, shelf, prefix, number, unit, since in rows
    ]


def list_out(*, by: Actor, overdue_only: bool = False, limit: int = 200) -> list[OutLine]:
    """Return folders not on their shelf, longest out first."""
    require(by, "view", "filing")
    here = get_here()
    moment = now()
    rows = PaperFile.objects.filter(owner=by.facility_id, whereabouts__in=AWAY)
    if overdue_only:
        rows = rows.filter(since__lt=moment - OVERDUE)
    return [
        OutLine(
            patient_id=row.patient_id,
            mrn=row.patient.mrn,
            name=row.patient.person.name,
            shelf=row.shelf,
            whereabouts=row.whereabouts,
            unit_name=_unit_name(here, row.unit) if row.unit else "",
            since=row.since,
            age_hours=int((moment - row.since).total_seconds() // 3600),
            is_overdue=moment - row.since > OVERDUE,
        )
        for row in rows.select_related("patient__merged_into").order_by("since")[:limit]
    ]


def count_files(*, by: Actor) -> tuple[int, int]:
    """Return (folders out, of these out longer than a day)."""
    require(by, "view", "filing")
    rows = PaperFile.objects.filter(owner=by.facility_id, whereabouts__in=AWAY)
    found = rows.aggregate(
        away=Count("id"), overdue=Count("id", filter=Q(since__lt=now() - OVERDUE))
    )
    return found["away"], found["overdue"]


@dataclass(frozen=True)
class RecentMove(_Numbered):
    """One movement of today, for the list under the scan box."""

    kind: str
    mrn: str
    name: str
    shelf: str
    unit_name: str
    at: datetime
    by: str


def list_recent_moves(*, by: Actor, limit: int = 8) -> list[RecentMove]:
    """Return the last movements of the day, newest first."""
    require(by, "view", "filing")
    here = get_here()
    today = here.today()
    rows = [
        row
        # Ids begin with the time they were made at, so the newest are found without a sort.
        for row in FileMovement.objects.filter(owner=by.facility_id)
        .select_related("file", "patient__merged_into")
        .annotate(mover=Subquery(Practitioner.objects.filter(id=OuterRef("by")).values("name")[:1]))
        .order_by("-id")[:limit]
        if here.day_of(row.at) == today
    ]
    return [
        RecentMove(
            kind=row.kind,
            mrn=row.patient.mrn,
            name=row.patient.person.name,
            shelf=row.file.shelf,
            unit_name=_unit_name(here, row.unit) if row.unit else "",
            at=row.at,
            by=row.mover or "",
        )
        for row in rows
    ]
