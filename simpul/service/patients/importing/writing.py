"""Saving a batch of judged rows in one act: patients, their old numbers, the verdicts, how far.

All of a batch is stored or nothing of it, with the place where the next one begins; so a run that
is killed anywhere goes on where it was, and no row is taken twice.
"""

import re
import uuid
from collections.abc import Sequence
from typing import Any

from simpul.domain.record_numbers import PersonalScheme
from simpul.foundation.core.clock import now
from simpul.foundation.core.counters import move_past, take_block
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.importing.judging import Judged
from simpul.service.patients.importing.models import ImportRow, ImportRun, RunState, Verdict
from simpul.service.patients.index import index_names
from simpul.service.patients.merging.services import open_task
from simpul.service.patients.models import Identifier, NoNikReason, Patient
from simpul.service.patients.numbers.schemes import get_numbering, mrn_counter

#: Rows whose cells are kept: a person must mend or decide them.
KEPT = frozenset({Verdict.REFUSED.value, Verdict.POSSIBLE.value})


class Taken(Exception):
    """The run is no longer this worker's: stopped by a person, or gone on with elsewhere."""


def store_verdicts(run: ImportRun, judged: Sequence[Judged], *, worker: uuid.UUID) -> None:
    """Keep the verdicts of the trial; nobody is saved. Called inside a transaction."""
    move_on(run, len(judged), worker=worker, state=RunState.CHECKING)
    ImportRow.objects.bulk_create([_row(run, one, is_written=False) for one in judged])


def write_batch(
    run: ImportRun, judged: Sequence[Judged], *, by: Actor | None, worker: uuid.UUID
) -> None:
    """Save the people of a batch, in one act; raises Taken, or IntegrityError for a number that
    somebody else has just saved, and then nothing of the batch is stored."""
    with act(by=by, facility=run.owner) as this:
        move_on(run, len(judged), worker=worker, state=RunState.RUNNING)
        write_people(this, run, judged)
        lines = [one.draft.line for one in judged]
        ImportRow.objects.filter(run=run, line__in=lines).delete()
        ImportRow.objects.bulk_create([_row(run, one, is_written=True) for one in judged])


def move_on(run: ImportRun, rows: int, *, worker: uuid.UUID, state: RunState) -> None:
    """Say how far this worker has come; Taken when the run is no longer its own."""
    mine = ImportRun.objects.filter(pk=run.pk, worker=worker, state=state)
    if not mine.update(done=run.done + rows, beat=now()):
        raise Taken


def write_people(this: Act, run: ImportRun, judged: Sequence[Judged]) -> None:
    """Insert the patients of the rows that bring one, with what finds them, inside an act."""
    saved = [one for one in judged if one.is_saved and one.draft.values is not None]
    if not saved:
        return
    numbers = _record_numbers(this, run, saved)
    people: dict[int, Patient] = {}
    for one, mrn in zip(saved, numbers, strict=True):
        person = Patient(**_values(one), mrn=mrn, registered_at=this.at)
        one.patient = person.id
        people[one.draft.line] = person
    this.create(*people.values())
    others = [
        Identifier(patient=people[one.draft.line], system="old-mrn", value=one.draft.old_mrn)
        for one in saved
        if one.draft.old_mrn and one.draft.old_mrn != people[one.draft.line].mrn
    ]
    if others:
        this.create(*others)
    index_names([(person.id, person.name) for person in people.values()])
    for one in saved:
        person = people[one.draft.line]
        this.record(
            "patient-registered",
            patient=person.id,
            subject=f"patient:{person.id}",
            detail={"import": str(run.pk), "line": one.draft.line},
        )
    for one in saved:
        _open_conflict(this, run, one, people)


def _values(one: Judged) -> dict[str, Any]:
    values = dict(one.draft.values or {})
    if one.nik_holder is not None or one.nik_line is not None:
        values.update(nik="", no_nik_reason=NoNikReason.CONFLICT, is_identity_complete=False)
    if one.decision == "new":
        values["confirmed_new_reason"] = "impor: orang lain"
    return values


def _record_numbers(this: Act, run: ImportRun, saved: Sequence[Judged]) -> list[str]:
    """Return a record number for each: its own from the file where that is wanted and free."""
    scheme, key = get_numbering().personal, mrn_counter(this.facility)
    kept: dict[int, str] = {}
    if run.keep_numbers:
        kept = _free_numbers(saved, scheme, this.facility)
        if kept:
            move_past(key, max(scheme.read(number) or 0 for number in kept.values()))
    wanted = len(saved) - len(kept)
    first = take_block(key, size=wanted) if wanted else 0
    fresh = iter(range(first, first + wanted))
    return [kept.get(one.draft.line) or scheme.format(next(fresh)) for one in saved]


def _free_numbers(
    saved: Sequence[Judged], scheme: PersonalScheme, owner: uuid.UUID
) -> dict[int, str]:
    """Return line → record number for those that nobody has."""
    wanted: dict[str, int] = {}
    for one in saved:
        number = own_number(one.draft.old_mrn, scheme)
        if number:
            wanted.setdefault(number, one.draft.line)
    taken = set(
        Patient.objects.filter(owner=owner, mrn__in=list(wanted)).values_list("mrn", flat=True)
    )
    return {line: number for number, line in wanted.items() if number not in taken}


def own_number(old: str, scheme: PersonalScheme) -> str:
    """Return a number of the file as a record number of this house; "" where it does not fit.

    A list from before often leaves the house's prefix away.
    """
    plain = re.sub(r"[\s.\-]", "", old)
    if plain.isascii() and plain.isdigit() and len(plain) <= scheme.width and int(plain):
        return scheme.format(int(plain))
    number = scheme.parse(plain)
    return "" if number is None else scheme.format(number)


def _open_conflict(this: Act, run: ImportRun, one: Judged, people: dict[int, Patient]) -> None:
    """One NIK on two people becomes a line of *Perlu diperiksa*."""
    if one.nik_holder is None and one.nik_line is None:
        return
    other = people.get(one.nik_line or 0)
    if other is None:
        holder = one.nik_holder
        if holder is None:
            holder = (
                ImportRow.objects.filter(run=run, line=one.nik_line or 0)
                .values_list("patient", flat=True)
                .first()
            )
        other = Patient.objects.filter(pk=holder).first() if holder else None
    open_task(
        this,
        kind="nik-conflict" if other is not None else "imported",
        patient=people[one.draft.line],
        other=other,
        detail={"import": str(run.pk), "line": one.draft.line},
    )


def _cells(run: ImportRun, one: Judged, *, is_written: bool) -> list[Any] | None:
    """What is kept of a row: all of one that waits for a person, of one that was tried its name."""
    if one.verdict in KEPT:
        return one.draft.cells
    if is_written:
        return None
    return [
        cell if run.mapping.get(str(at)) == "name" else None
        for at, cell in enumerate(one.draft.cells)
    ]


def _row(run: ImportRun, one: Judged, *, is_written: bool) -> ImportRow:
    return ImportRow(
        run=run,
        line=one.draft.line,
        digest=one.draft.digest,
        verdict=one.verdict,
        problems=[problem.stored() for problem in one.problems],
        cells=_cells(run, one, is_written=is_written),
        patient=one.patient if is_written or one.verdict == Verdict.KNOWN else None,
        other=one.other,
        other_line=one.other_line,
        is_written=is_written,
        decision=one.decision,
    )
