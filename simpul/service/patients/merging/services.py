"""Opening and closing the lines of *Perlu diperiksa*, inside the act that finds or settles them."""

import uuid
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Conflict, NotHere
from simpul.foundation.journal.acts import Act, act, raise_stale
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.cards import card
from simpul.service.patients.index import reindex_patient
from simpul.service.patients.matching.models import Decision
from simpul.service.patients.matching.selectors import apart_among
from simpul.service.patients.matching.services import decide_two
from simpul.service.patients.merging.models import ReviewTask, TaskKind, TaskOutcome
from simpul.service.patients.models import NoNikReason, Patient


def open_task(
    this: Act,
    *,
    kind: TaskKind | str,
    patient: Patient,
    other: Patient | None = None,
    detail: dict[str, Any] | None = None,
) -> ReviewTask:
    """Put a line into *Perlu diperiksa*, inside the act that found it.

    While a line of this kind about these two (in either order) is open, that one is returned.
    `detail` takes ids, codes and times, nothing that says who somebody is.
    """
    kind = TaskKind(kind)
    same = Q(patient=patient, other=other)
    if other is not None:
        same |= Q(patient=other, other=patient)
    known = ReviewTask.objects.filter(
        same, owner=this.facility, kind=kind, closed_at__isnull=True
    ).first()
    if known is not None:
        return known
    task = ReviewTask(
        kind=kind, patient=patient, other=other, detail=detail or {}, opened_at=this.at
    )
    this.create(task)
    this.record(
        "review-opened",
        patient=patient.pk,
        subject=f"review:{task.pk}",
        detail={"kind": str(kind), **({"other": str(other.pk)} if other is not None else {})},
    )
    return task


def tasks_between(one: Patient, other: Patient) -> list[ReviewTask]:
    """Return the open lines about these two."""
    both = Q(patient=one, other=other) | Q(patient=other, other=one)
    return list(ReviewTask.objects.filter(both, closed_at__isnull=True).order_by("pk"))


def close_task(this: Act, task: ReviewTask, *, by: Actor, outcome: TaskOutcome) -> None:
    """Close a line: who, when, how."""
    task.closed_at, task.closed_by, task.outcome = this.at, by.practitioner_id, outcome
    this.update(task, "closed_at", "closed_by", "outcome")
    this.record(
        "review-closed",
        patient=task.patient_id,
        subject=f"review:{task.pk}",
        detail={"kind": task.kind, "outcome": str(outcome)},
    )


def settle(task_id: uuid.UUID, *, by: Actor, outcome: TaskOutcome | str, seen: int) -> ReviewTask:
    """Close a line by a person's word: looked at, or two different people (remembered)."""
    require(by, "input", "merge")
    with act(by=by) as this:
        task = _open_task(task_id, seen, by=by)
        if outcome == TaskOutcome.DIFFERENT and task.other_id is not None:
            decide_two(this, task.patient_id, task.other_id, by=by, decision=Decision.DIFFERENT)
            close_task(this, task, by=by, outcome=TaskOutcome.DIFFERENT)
        else:
            close_task(this, task, by=by, outcome=TaskOutcome.DONE)
    return task


def call_different(first: uuid.UUID, second: uuid.UUID, *, by: Actor) -> None:
    """Say that two records are two people; it is remembered, and what waited about them closes."""
    require(by, "input", "merge")
    with act(by=by) as this:
        rows = {row.pk: row for row in _locked([first, second], by=by)}
        decide_two(this, first, second, by=by, decision=Decision.DIFFERENT)
        for task in tasks_between(rows[first], rows[second]):
            if task.kind != TaskKind.NIK_CONFLICT:
                close_task(this, task, by=by, outcome=TaskOutcome.DIFFERENT)


def reopen_pair(first: uuid.UUID, second: uuid.UUID, *, by: Actor) -> None:
    """Take the word back that two records are two people; the search may propose them again."""
    require(by, "input", "merge")
    with act(by=by) as this:
        rows = _locked([first, second], by=by)
        if frozenset(row.pk for row in rows) not in apart_among([row.pk for row in rows]):
            raise Conflict(
                _("Tentang dua rekam ini tidak ada keputusan yang berlaku. Tidak ada yang diubah."),
                "not_apart",
            )
        decide_two(this, first, second, by=by, decision=Decision.REOPENED)


def give_nik(task_id: uuid.UUID, owner: uuid.UUID, *, by: Actor, seen: int) -> ReviewTask:
    """Settle a NIK conflict: whose it is. The other is left without and asked for theirs later.

    `owner` is one of the two of the line; the number is the one that one of them holds now.
    """
    require(by, "input", "merge")
    require(by, "correct", "patient")
    with act(by=by) as this:
        task = _open_task(task_id, seen, by=by)
        if task.kind != TaskKind.NIK_CONFLICT or task.other is None:
            raise Conflict(
                _("Baris ini bukan tentang satu NIK. Tidak ada yang diubah."), "not_a_nik_conflict"
            )
        both = [task.patient.person.pk, task.other.person.pk]
        rows = {row.pk: row for row in _locked(both, by=by)}
        given = rows.get(owner)
        holder = next((row for row in rows.values() if row.nik), None)
        if given is None or holder is None or len(rows) < 2:
            raise Conflict(
                _("Keadaannya sudah berubah: buka lagi baris ini. Belum ada yang diubah."),
                "conflict_moved_on",
            )
        nik = holder.nik
        other = next(row for row in rows.values() if row.pk != given.pk)
        # The number leaves the one before it comes to the other: one NIK, one person.
        _set_identity(this, other, nik="", reason=NoNikReason.NOT_BROUGHT)
        _set_identity(this, given, nik=nik, reason="")
        close_task(this, task, by=by, outcome=TaskOutcome.NIK_GIVEN)
    return task


def _set_identity(this: Act, row: Patient, *, nik: str, reason: str) -> None:
    values = {
        "nik": nik,
        "no_nik_reason": str(reason),
        "is_identity_complete": bool(nik or row.passport),
    }
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return
    before = card(row)
    for name in changed:
        setattr(row, name, values[name])
    this.update(row, *changed)
    reindex_patient(row, before)
    this.record(
        "patient-corrected",
        patient=row.pk,
        subject=f"patient:{row.pk}",
        detail={"fields": changed},
    )


def _open_task(task_id: uuid.UUID, seen: int, *, by: Actor) -> ReviewTask:
    task = (
        ReviewTask.objects.select_related("patient__merged_into", "other__merged_into")
        .filter(pk=task_id, owner=by.facility_id)
        .first()
    )
    if task is None:
        raise NotHere(
            _("Baris ini sudah diselesaikan atau tidak ada. Muat ulang daftarnya."), "task_unknown"
        )
    if task.closed_at is not None:
        who = practitioner_names({task.closed_by}) if task.closed_by else {}
        raise Conflict(
            _("Sudah diselesaikan oleh %(who)s: %(how)s. Tidak ada yang diubah.")
            % {
                "who": ", ".join(who.values()) or "–",
                "how": task.get_outcome_display(),
            },
            "task_closed",
        )
    if seen != task.version:
        raise_stale(task, seen)
    return task


def _locked(ids: list[uuid.UUID], *, by: Actor) -> list[Patient]:
    rows = Patient.objects.select_for_update().filter(pk__in=ids, owner=by.facility_id)
    found = list(rows.order_by("pk"))
    if len(found) < len(set(ids)):
        raise NotHere(
            _("Pasien ini tidak ada di Puskesmas Anda. Cari lagi dari loket."), "patient_unknown"
        )
    return found
