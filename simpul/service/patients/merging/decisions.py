"""Two records become one person, and two again: a link is made or taken away, nothing is moved.

docs/adr/0015. A person decides; each decision can be undone for ever and in any order.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Conflict, NotHere, Problem, Refused
from simpul.foundation.core.rows import fetch_one
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import Act, act, raise_stale
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.cards import card
from simpul.service.patients.index import reindex_patient
from simpul.service.patients.matching.models import Decision
from simpul.service.patients.matching.services import decide_two
from simpul.service.patients.merging.fields import BY_KEY, GROUPS, Values
from simpul.service.patients.merging.layers import lift
from simpul.service.patients.merging.models import Merge, ReviewTask, TaskKind, TaskOutcome
from simpul.service.patients.merging.services import close_task, open_task, tasks_between
from simpul.service.patients.merging.tree import lock_records, parents_of, point_at_tops, top_of
from simpul.service.patients.models import NoNikReason, Patient


@dataclass(frozen=True)
class Undone:
    """A merge taken back; `left` are the fields that a person corrected meanwhile, so they stay.

    `conflicts` are the lines of *Perlu diperiksa* that had to be opened about a NIK.
    """

    merge: Merge
    left: tuple[str, ...]
    conflicts: tuple[ReviewTask, ...]


def merge_records(
    survivor: uuid.UUID,
    merged: uuid.UUID,
    *,
    by: Actor,
    take: Collection[str] = (),
    seen_version: int | None = None,
) -> Merge:
    """Say that two records are one person, of whom `survivor` speaks from now on.

    `take` names the groups of fields (`fields.GROUPS`) in which the merged record's value is the
    right one. Conflict when either was merged already, Stale when the survivor has moved on.
    """
    require(by, "input", "merge")
    _refuse_unknown_fields(take)
    with act(by=by) as this:
        rows = lock_records(survivor, merged, owner=by.facility_id)
        for asked in (survivor, merged):
            if asked not in rows:
                raise _unknown()
        if survivor == merged:
            raise Refused(
                _("Ini rekam yang sama. Pilih rekam lain dari orang itu; tidak ada yang diubah."),
                "same_record",
                errors=(Problem("other_id", "same", _("Pilih rekam lain.")),),
            )
        for asked in (survivor, merged):
            _refuse_merged(rows, asked)
        kept, other = rows[survivor], rows[merged]
        if seen_version is not None and seen_version != kept.version:
            raise_stale(kept, seen_version)
        merge = Merge(
            survivor=kept,
            merged=other,
            place=Merge.objects.filter(survivor=kept).count() + 1,
            chosen=_differing(kept, other, take),
            decided_by=by.practitioner_id,
            decided_at=this.at,
        )
        this.create(merge)
        # The merged record leaves the index of NIKs first: its number may now be the survivor's.
        point_at_tops(this, rows)
        _write(this, kept, {key: layer["after"] for key, layer in merge.chosen.items()})
        decide_two(this, survivor, merged, by=by, decision=Decision.MERGED)
        for task in tasks_between(kept, other):
            close_task(this, task, by=by, outcome=TaskOutcome.MERGED)
        _record(this, "patients-merged", merge, fields=sorted(merge.chosen))
    return merge


def undo_merge(merge_id: uuid.UUID, *, by: Actor, seen_version: int | None = None) -> Undone:
    """Take a merge back: both records speak for themselves again, as if it had not been.

    The survivor's fields get back what they held, unless a person corrected them since. A NIK that
    cannot be given back because somebody else has it now opens a line of *Perlu diperiksa*.
    """
    require(by, "input", "merge")
    with act(by=by) as this:
        merge = fetch_one(Merge, "WHERE t.id = %s AND t.owner = %s", [merge_id, by.facility_id])
        if merge is None:
            raise NotHere(
                _("Penggabungan ini tidak ada di Puskesmas Anda. Muat ulang daftarnya."),
                "merge_unknown",
            )
        rows = lock_records(merge.survivor_id, merge.merged_id, owner=by.facility_id)
        merge.refresh_from_db()  # As it is now that its records are locked.
        if merge.undone_at is not None:
            raise _undone_already(merge)
        merge.undone_at, merge.undone_by = this.at, by.practitioner_id
        this.update(merge, "undone_at", "undone_by", seen_version=seen_version)
        survivor = rows[merge.survivor_id]
        back: dict[str, Values] = {}
        left = []
        for key in sorted(merge.chosen):
            values, is_left = lift(this, merge, key, survivor)
            if values is not None:
                back[key] = values
            if is_left:
                left.append(str(BY_KEY[key].label))
        conflicts = []
        if survivor.merged_into_id is None:
            conflicts += _without_taken_nik(this, survivor, back, but=rows)
        _write(this, survivor, back)
        conflicts += _release(this, rows[merge.merged_id], rows)
        # Who falls away from the survivor's tree is written into the index of NIKs last.
        point_at_tops(this, rows)
        decide_two(this, merge.survivor_id, merge.merged_id, by=by, decision=Decision.REOPENED)
        _record(this, "merge-undone", merge, left=len(left))
    return Undone(merge, tuple(left), tuple(conflicts))


def _refuse_unknown_fields(take: Collection[str]) -> None:
    unknown = sorted(set(take) - set(BY_KEY))
    if unknown:
        raise Refused(
            _("Ada isian yang tidak dikenal, jadi belum digabungkan. Pilih dari daftarnya."),
            "merge_refused",
            errors=(Problem("take", "unknown", ", ".join(BY_KEY)),),
        )


def _unknown() -> NotHere:
    return NotHere(
        _("Pasien ini tidak ada di Puskesmas Anda. Cari lagi dari loket."), "patient_unknown"
    )


def _refuse_merged(rows: dict[uuid.UUID, Patient], asked: uuid.UUID) -> None:
    row = rows[asked]
    person = row.merged_into
    if person is None:
        return
    merge = Merge.objects.filter(merged=row, undone_at__isnull=True).first()
    who = practitioner_names({merge.decided_by}).get(merge.decided_by, "") if merge else ""
    when = _when(merge.decided_at) if merge else ""
    raise Conflict(
        _(
            "RM %(mrn)s sudah digabungkan ke RM %(person)s oleh %(who)s %(when)s. Tidak ada yang "
            "diubah; bila perlu, gabungkan dengan RM %(person)s."
        )
        % {"mrn": row.mrn, "person": person.mrn, "who": who, "when": when},
        "already_merged",
        extra={"patient_id": str(person.pk)},
    )


def _when(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(get_here().timezone)):%d/%m %H.%M}"


def _undone_already(merge: Merge) -> Conflict:
    who = practitioner_names({merge.undone_by}).get(merge.undone_by, "") if merge.undone_by else ""
    when = _when(merge.undone_at) if merge.undone_at else ""
    return Conflict(
        _("Penggabungan ini sudah diurungkan oleh %(who)s %(when)s. Tidak ada yang diubah lagi.")
        % {"who": who, "when": when},
        "already_undone",
    )


def _differing(
    kept: Patient, other: Patient, take: Collection[str]
) -> dict[str, dict[str, Values]]:
    """Return the layers: what the survivor says now and what it will say."""
    layers = {}
    for group in GROUPS:
        before, after = group.read(kept), group.read(other)
        if group.key in take and before != after:
            layers[group.key] = {"before": before, "after": after}
    return layers


def _write(this: Act, row: Patient, values: dict[str, Values]) -> None:
    """Store groups of fields of one record, and let the new ones find it."""
    if not values:
        return
    before = card(row)
    for key, stored in values.items():
        BY_KEY[key].write(row, stored)
    this.update(row, *(name for key in values for name in BY_KEY[key].fields))
    reindex_patient(row, before)


def _release(this: Act, merged: Patient, rows: dict[uuid.UUID, Patient]) -> list[ReviewTask]:
    """Make sure that a record about to stand for itself brings no NIK that another holds.

    Where others got the number through merges they lose it again; where a person typed it, the
    released record comes back without, and a person decides whose it is.
    """
    if not merged.nik:
        return []
    conflicts = []
    parents = parents_of(rows)
    for row in rows.values():
        if top_of(row.id, parents) == merged.id:
            continue  # Goes with the released record, and still may have its number.
        for layer in _layers_with(merged.nik, row):
            conflicts += _withdraw_identity(this, layer, row, but=rows)
    holder = _holder(merged.nik, owner=merged.owner, but={merged.id})
    if holder is not None:
        _write(this, merged, {"identity": _withheld(BY_KEY["identity"].read(merged))})
        conflicts.append(_nik_task(this, merged, holder))
    return conflicts


def _layers_with(nik: str, survivor: Patient) -> list[Merge]:
    """The merges in force that gave this record this NIK, the latest first."""
    merges = Merge.objects.filter(survivor=survivor, undone_at__isnull=True).order_by("-place")
    return [m for m in merges if m.chosen.get("identity", {"after": {}})["after"].get("nik") == nik]


def _withdraw_identity(
    this: Act, layer: Merge, row: Patient, *, but: dict[uuid.UUID, Patient]
) -> list[ReviewTask]:
    """Take the NIK (and what goes with it) out of a merge that stays in force otherwise."""
    values, _is_left = lift(this, layer, "identity", row)
    layer.chosen = {key: kept for key, kept in layer.chosen.items() if key != "identity"}
    this.update(layer, "chosen")
    if values is None:
        return []
    back = {"identity": values}
    conflicts = [] if row.merged_into_id else _without_taken_nik(this, row, back, but=but)
    _write(this, row, back)
    return conflicts


def _without_taken_nik(
    this: Act, row: Patient, back: dict[str, Values], *, but: dict[uuid.UUID, Patient]
) -> list[ReviewTask]:
    """Leave out of what a record gets back a NIK that somebody else was given meanwhile."""
    identity = back.get("identity")
    if identity is None:
        return []
    holder = _holder(identity["nik"], owner=row.owner, but=set(but))
    if holder is None:
        return []
    back["identity"] = _withheld(identity)
    return [_nik_task(this, row, holder)]


def _withheld(identity: Values) -> Values:
    return {
        **identity,
        "nik": "",
        "no_nik_reason": NoNikReason.CONFLICT.value,
        "is_identity_complete": False,
    }


def _nik_task(this: Act, row: Patient, holder: Patient) -> ReviewTask:
    return open_task(this, kind=TaskKind.NIK_CONFLICT, patient=row, other=holder)


def _holder(nik: str, *, owner: uuid.UUID, but: set[uuid.UUID]) -> Patient | None:
    """Return who stands for themselves with this NIK, leaving out some."""
    if not nik:
        return None
    held = Patient.objects.filter(owner=owner, nik=nik, merged_into__isnull=True)
    return held.exclude(id__in=but).first()


def _record(this: Act, what: str, merge: Merge, **detail: object) -> None:
    """Say it in the journal of both records."""
    sides = ((merge.survivor_id, merge.merged_id), (merge.merged_id, merge.survivor_id))
    for one, other in sides:
        this.record(
            what,
            patient=one,
            subject=f"merge:{merge.pk}",
            detail={"other": str(other), "survivor": str(merge.survivor_id), **detail},
        )
