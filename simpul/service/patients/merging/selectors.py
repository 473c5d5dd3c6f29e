"""Reading what waits for a person, two records side by side, and the merges that were made."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from simpul.foundation.core.errors import NotHere
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.cards import PatientCard, card
from simpul.service.patients.merging.fields import Line, compare_fields
from simpul.service.patients.merging.models import Merge, ReviewTask, TaskKind
from simpul.service.patients.models import Patient
from simpul.service.patients.selectors import get_record_row

LONGEST = 200


@dataclass(frozen=True)
class Waiting:
    """One open line of *Perlu diperiksa*; the people are those who stand for the records now."""

    id: uuid.UUID
    version: int
    kind: str
    kind_label: str
    patient: PatientCard
    other: PatientCard | None
    opened_at: datetime
    #: Both records are one person by now: only the looking is left.
    is_one_person: bool


@dataclass(frozen=True)
class Closed:
    """One line that was settled: by whom, when, how."""

    kind_label: str
    outcome_label: str
    mrn: str
    other_mrn: str
    closed_at: datetime
    closed_by: str


@dataclass(frozen=True)
class MergeLine:
    """One decision, in force or undone, as the list of merges shows it."""

    id: uuid.UUID
    version: int
    survivor: PatientCard
    merged: PatientCard
    decided_at: datetime
    decided_by: str
    fields: int
    undone_at: datetime | None
    undone_by: str


@dataclass(frozen=True)
class Side:
    """One of two records beside each other, and what hangs on it."""

    record: PatientCard
    registered_at: datetime
    follows: tuple[str, ...]
    weight: int


@dataclass(frozen=True)
class Comparison:
    """Two records beside each other; `survivor` is the one proposed to speak for the person."""

    first: Side
    second: Side
    survivor: uuid.UUID
    lines: tuple[Line, ...]

    @property
    def merged(self) -> Side:
        """The side that would be read through the other."""
        return self.second if self.survivor == self.first.record.id else self.first

    @property
    def kept(self) -> Side:
        """The side that would speak for the person."""
        return self.first if self.survivor == self.first.record.id else self.second


def list_waiting(*, by: Actor, kind: str = "", limit: int = 100) -> list[Waiting]:
    """Return the open lines of *Perlu diperiksa*, oldest first."""
    require(by, "view", "merge")
    rows = _open_tasks(by)
    if kind in TaskKind.values:
        rows = rows.filter(kind=kind)
    return [_waiting(row) for row in _with_people(rows).order_by("opened_at", "pk")[:limit]]


def count_waiting(*, by: Actor) -> int:
    """Return how many lines of *Perlu diperiksa* are open."""
    require(by, "view", "merge")
    return _open_tasks(by).count()


def get_waiting(task: uuid.UUID, *, by: Actor) -> Waiting:
    """Return one line that is still open; NotHere for a settled or unknown one."""
    require(by, "view", "merge")
    row = _with_people(_open_tasks(by)).filter(pk=task).first()
    if row is None:
        raise NotHere(
            _("Baris ini sudah diselesaikan atau tidak ada. Muat ulang daftarnya."), "task_unknown"
        )
    return _waiting(row)


def list_closed(*, by: Actor, limit: int = 10) -> list[Closed]:
    """Return the lines settled last, newest first."""
    require(by, "view", "merge")
    rows = list(
        ReviewTask.objects.filter(owner=by.facility_id, closed_at__isnull=False)
        .select_related("patient", "other")
        .order_by("-closed_at", "-pk")[:limit]
    )
    names = practitioner_names({row.closed_by for row in rows if row.closed_by})
    return [
        Closed(
            kind_label=row.get_kind_display(),
            outcome_label=row.get_outcome_display(),
            mrn=row.patient.mrn,
            other_mrn=row.other.mrn if row.other else "",
            closed_at=row.closed_at,
            closed_by=names.get(row.closed_by, "") if row.closed_by else "",
        )
        for row in rows
        if row.closed_at is not None
    ]


def _open_tasks(by: Actor) -> QuerySet[ReviewTask]:
    return ReviewTask.objects.filter(owner=by.facility_id, closed_at__isnull=True)


def _with_people(rows: QuerySet[ReviewTask]) -> QuerySet[ReviewTask]:
    return rows.select_related("patient__merged_into", "other__merged_into")


def _waiting(row: ReviewTask) -> Waiting:
    other = row.other.person if row.other is not None else None
    return Waiting(
        id=row.pk,
        version=row.version,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        patient=card(row.patient.person),
        other=card(other) if other is not None else None,
        opened_at=row.opened_at,
        is_one_person=other is not None and other.pk == row.patient.person.pk,
    )


def list_merges(*, by: Actor, person: uuid.UUID | None = None, limit: int = 50) -> list[MergeLine]:
    """Return the merges made, newest first; those of one person's records with `person`."""
    require(by, "view", "merge")
    rows = Merge.objects.filter(owner=by.facility_id)
    if person is not None:
        rows = rows.filter(Q(survivor_id=person) | Q(merged_id=person))
    return _merge_lines(
        list(rows.select_related("survivor", "merged").order_by("-decided_at", "-pk")[:limit])
    )


def get_merge(merge: uuid.UUID, *, by: Actor) -> MergeLine:
    """Return one merge; NotHere for another facility's."""
    require(by, "view", "merge")
    row = (
        Merge.objects.filter(pk=merge, owner=by.facility_id)
        .select_related("survivor", "merged")
        .first()
    )
    if row is None:
        raise NotHere(
            _("Penggabungan ini tidak ada di Puskesmas Anda. Muat ulang daftarnya."),
            "merge_unknown",
        )
    return _merge_lines([row])[0]


def _merge_lines(rows: list[Merge]) -> list[MergeLine]:
    names = practitioner_names(
        {who for row in rows for who in (row.decided_by, row.undone_by) if who is not None}
    )
    return [
        MergeLine(
            id=row.pk,
            version=row.version,
            survivor=card(row.survivor),
            merged=card(row.merged),
            decided_at=row.decided_at,
            decided_by=names.get(row.decided_by, ""),
            fields=len(row.chosen),
            undone_at=row.undone_at,
            undone_by=names.get(row.undone_by, "") if row.undone_by else "",
        )
        for row in rows
    ]


def compare_records(
    first: uuid.UUID, second: uuid.UUID, *, by: Actor, survivor: uuid.UUID | None = None
) -> Comparison:
    """Return two records beside each other, with what hangs on each.

    Unless `survivor` says which, the one with a complete identity is proposed, then the one with
    more on it, then the older.
    """
    require(by, "view", "merge")
    one, two = (get_record_row(record, by=by) for record in (first, second))
    sides = (_side(one), _side(two))
    if survivor not in (one.id, two.id):
        best = max(
            zip((one, two), sides, strict=True),
            key=lambda pair: (
                pair[0].is_identity_complete,
                pair[1].weight,
                -pair[0].registered_at.timestamp(),
            ),
        )
        survivor = best[0].id
    return Comparison(
        first=sides[0],
        second=sides[1],
        survivor=survivor,
        lines=tuple(compare_fields(one, two, survivor=survivor)),
    )


def _side(row: Patient) -> Side:
    counted = count_what_follows(row.id)
    return Side(
        record=card(row),
        registered_at=row.registered_at,
        follows=tuple(text for text, _many in counted),
        weight=sum(many for _text, many in counted),
    )


def _visits(many: int) -> str:
    return ngettext("%(many)d kunjungan", "%(many)d kunjungan", many) % {"many": many}


def _allergies(many: int) -> str:
    return ngettext("%(many)d catatan alergi", "%(many)d catatan alergi", many) % {"many": many}


def _folders(many: int) -> str:
    return ngettext("%(many)d map kertas", "%(many)d map kertas", many) % {"many": many}


def _prescriptions(many: int) -> str:
    return ngettext("%(many)d resep", "%(many)d resep", many) % {"many": many}


def _bookings(many: int) -> str:
    return ngettext("%(many)d pesanan datang", "%(many)d pesanan datang", many) % {"many": many}


#: Rows of other steps that are read together with a person's records, by the name of their table:
#: the steps themselves come later and are not imported here (docs/adr/0009).
FOLLOWING = (
    ("registration.encounter", _visits),
    ("orders.prescription", _prescriptions),
    ("booking.booking", _bookings),
    ("patients.allergyintolerance", _allergies),
    ("filing.paperfile", _folders),
)


def count_what_follows(record: uuid.UUID) -> list[tuple[str, int]]:
    """Return in words what hangs on a record, and how many; nothing for what it has none of."""
    found = []
    for label, words in FOLLOWING:
        model = apps.all_models.get(label.split(".")[0], {}).get(label.split(".")[1])
        if model is None or not any(field.name == "patient" for field in model._meta.get_fields()):
            continue
        many = model._default_manager.filter(patient_id=record).count()
        if many:
            found.append((words(many), many))
    return found
