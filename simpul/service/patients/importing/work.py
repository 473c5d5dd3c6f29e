"""Going through a file, in small batches: first as a trial, then for good.

Whoever works on a run says so with every batch; a run whose worker has been silent for a while is
taken over. Both passes go over the rows from the first, and what was done already is only read,
so that a line that comes a second time is known as such also after a stop.
"""

import logging
import os
import platform
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice

from django.db import DataError, IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Refused
from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.sheets import Cell
from simpul.foundation.facilities.models import Village
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.selectors import get_actor
from simpul.service.patients.importing import files
from simpul.service.patients.importing.drafts import Draft, Reader, RowProblem
from simpul.service.patients.importing.judging import Judged, judge
from simpul.service.patients.importing.known import FileIndex
from simpul.service.patients.importing.models import (
    ImportRow,
    ImportRun,
    RunState,
    Verdict,
)
from simpul.service.patients.importing.survey import Reading, survey
from simpul.service.patients.importing.writing import Taken, move_on, store_verdicts, write_batch

logger = logging.getLogger("simpul.importing")

TRIED_AT_ONCE = 200
#: Few, because the counter waits while a batch is stored.
WRITTEN_AT_ONCE = 40
SILENT_SECONDS = 15
#: While rows are only read, the worker says that it is there after so many.
READ_BETWEEN_BEATS = 5000
UNDER_WAY = (RunState.CHECKING, RunState.RUNNING)

Tell = Callable[[str, int, int], None]
Rest = Callable[[float], None]


def next_run() -> uuid.UUID | None:
    """Return a run that waits for a worker, the oldest first."""
    _let_go_of_the_dead()
    silent = now() - timedelta(seconds=SILENT_SECONDS)
    waiting = ImportRun.objects.filter(
        Q(worker__isnull=True) | Q(beat__lt=silent), state__in=UNDER_WAY
    )
    return waiting.order_by("made_at").values_list("pk", flat=True).first()


def work_on(
    run_id: uuid.UUID, *, tell: Tell | None = None, rest: Rest | None = None
) -> ImportRun | None:
    """Go on with a run until it is through, stopped, or taken; None when another works on it.

    `tell` hears how far it is; `rest` is given the seconds a batch took and may let people first.
    """
    _let_go_of_the_dead()
    worker = uuid7()
    silent = now() - timedelta(seconds=SILENT_SECONDS)
    free = Q(worker__isnull=True) | Q(beat__lt=silent)
    mine = ImportRun.objects.filter(free, pk=run_id, state__in=UNDER_WAY)
    if not mine.update(worker=worker, beat=now(), process=_own_process()):
        return None
    run = ImportRun.objects.get(pk=run_id)
    try:
        _Pass(run, worker, tell or (lambda _what, _done, _total: None), rest).go()
    except Taken:
        logger.info("import %s: stopped", run_id)
    except Refused as refusal:
        ImportRun.objects.filter(pk=run_id, worker=worker).update(
            state=RunState.FAILED, message=refusal.message[:300], worker=None, ended_at=now()
        )
    except BaseException:
        # Somebody else may go on at once; what is stored is whole.
        ImportRun.objects.filter(pk=run_id, worker=worker).update(worker=None)
        raise
    return ImportRun.objects.get(pk=run_id)


def _own_process() -> str:
    return f"{platform.node()[:60]}:{os.getpid()}"


def _let_go_of_the_dead() -> None:
    """Free the runs whose worker was a process of this computer that is no more."""
    held = ImportRun.objects.filter(state__in=UNDER_WAY, worker__isnull=False)
    for pk, worker, process in held.values_list("pk", "worker", "process"):
        host, _colon, number = process.rpartition(":")
        if host == platform.node()[:60] and number.isdecimal() and not _is_alive(int(number)):
            ImportRun.objects.filter(pk=pk, worker=worker).update(worker=None)


def _is_alive(process: int) -> bool:
    if os.name == "nt":  # there the signal would end it; silence tells it after a while
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def reader_of(run: ImportRun) -> Reader:
    """Return what reads the rows of a run."""
    sheet = files.Found.of(run.found).sheet(run.sheet)
    return Reader(
        mapping={int(at): name for at, name in run.mapping.items()},
        headings=sheet.headings,
        reading=Reading.of(run.reading),
        today=get_here().today(),
        villages=_villages(),
    )


def person_of(run: ImportRun) -> Actor | None:
    """Return who asked for a run; None for the program itself."""
    return get_actor(run.account) if run.account else None


def asking(by: Actor | None) -> Actor:
    """Return who looks for look-alikes: the head may import and asks like the record room."""
    nobody = uuid.UUID(int=0)
    return Actor(
        account_id=by.account_id if by else nobody,
        practitioner_id=by.practitioner_id if by else nobody,
        name=by.name if by else "",
        facility_id=get_here().id,
        roles=frozenset({Role.RECORD_OFFICER.value}),
    )


def _villages() -> dict[str, tuple[str, str]]:
    """Return the villages whose name is one village's only."""
    found: dict[str, tuple[str, str] | None] = {}
    for name, code in Village.objects.values_list("name", "code"):
        key = name.casefold()
        found[key] = None if key in found else (name, code)
    return {key: value for key, value in found.items() if value is not None}


class _Pass:
    """One pass over the file of a run."""

    def __init__(self, run: ImportRun, worker: uuid.UUID, tell: Tell, rest: Rest | None) -> None:
        self.run, self.worker, self.tell, self.rest = run, worker, tell, rest
        self.found = files.Found.of(run.found)
        self.sheet = self.found.sheet(run.sheet)
        self.place = files.path_of(run.pk)
        if not self.place.exists():
            raise Refused(
                _("Berkasnya sudah tidak ada. Yang sudah masuk tetap ada; pilih berkas lagi."),
                "file_gone",
            )
        self.by = person_of(run)
        self.index = FileIndex()

    def go(self) -> None:
        """Survey if that is still to be done, then all rows, then the end."""
        run = self.run
        if not run.reading:
            self._survey()
        what = _("Mengimpor") if run.is_writing else _("Memeriksa")
        self.tell(what, run.done, run.total)
        for batch in self._batches(WRITTEN_AT_ONCE if run.is_writing else TRIED_AT_ONCE):
            begun = time.monotonic()
            self._one(batch)
            run.done += len(batch)
            self.tell(what, run.done, run.total)
            if self.rest is not None:
                self.rest(time.monotonic() - begun)
        finish(run, worker=self.worker, by=self.by)

    def _survey(self) -> None:
        run = self.run
        mapping = {int(at): name for at, name in run.mapping.items()}
        seen = survey(self._rows(), mapping)
        run.reading, run.total = seen.stored(), seen.total
        mine = ImportRun.objects.filter(pk=run.pk, worker=self.worker)
        if not mine.update(reading=run.reading, total=run.total, beat=now()):
            raise Taken

    def _rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """The rows of the file; says now and then that somebody is still reading them."""
        rows = files.read_rows(self.place, self.found, self.sheet)
        for number, row in enumerate(rows, start=1):
            if number % READ_BETWEEN_BEATS == 0:
                mine = ImportRun.objects.filter(pk=self.run.pk, worker=self.worker)
                if not mine.update(beat=now()):
                    raise Taken
            yield row

    def _batches(self, size: int) -> Iterator[list[Draft]]:
        reader = reader_of(self.run)
        rows = self._rows()
        for line, cells in islice(rows, self.run.done):
            self.index.add(reader.read(line, cells))
        while batch := [reader.read(line, cells) for line, cells in islice(rows, size)]:
            yield batch

    def _one(self, batch: list[Draft]) -> None:
        run = self.run
        decided = dict(
            ImportRow.objects.filter(run=run, line__in=[draft.line for draft in batch])
            .exclude(decision="")
            .values_list("line", "decision")
        )
        asker = asking(self.by)
        judged = judge(batch, index=self.index, owner=run.owner, by=asker, decided=decided)
        if not run.is_writing:
            with transaction.atomic():
                store_verdicts(run, judged, worker=self.worker)
            return
        try:
            write_batch(run, judged, by=self.by, worker=self.worker)
        except (IntegrityError, DataError):
            # The counter has just saved one of these numbers: one by one, each judged again.
            self._one_by_one(batch, decided, asker)

    def _one_by_one(self, batch: list[Draft], decided: dict[int, str], asker: Actor) -> None:
        run, begun = self.run, self.run.done
        for draft in batch:
            # The index knows these lines already; without them a row must not know itself.
            alone = FileIndex()
            judged = judge([draft], index=alone, owner=run.owner, by=asker, decided=decided)
            try:
                write_batch(run, judged, by=self.by, worker=self.worker)
            except (IntegrityError, DataError):
                self._refuse(judged[0])
            run.done += 1
        run.done = begun

    def _refuse(self, one: Judged) -> None:
        """Leave out a row the database will not have, so that it does not stop the others."""
        one.verdict, one.patient = Verdict.REFUSED, None
        one.problems.append(
            RowProblem(
                "name",
                "",
                "",
                _("ditolak oleh basis data"),
                _("Periksa isi barisnya, lalu impor lagi baris ini."),
                "refuse",
            )
        )
        write_batch(self.run, [one], by=self.by, worker=self.worker)


def finish(run: ImportRun, *, worker: uuid.UUID, by: Actor | None) -> None:
    """End a pass: the trial waits for a person, the import is told to the journal."""
    if not run.is_writing:
        ImportRun.objects.filter(pk=run.pk, worker=worker, state=RunState.CHECKING).update(
            state=RunState.CHECKED, worker=None, beat=now()
        )
        return
    counts = dict(verdict_counts(run))
    with act(by=by, facility=run.owner) as this:
        move_on(run, 0, worker=worker, state=RunState.RUNNING)
        ImportRun.objects.filter(pk=run.pk).update(
            state=RunState.DONE, worker=None, ended_at=this.at
        )
        this.record("people-imported", subject=f"import:{run.pk}", detail=counts)
    files.forget(run.pk)


def verdict_counts(run: ImportRun) -> dict[str, int]:
    """Return how many rows have each verdict."""
    rows = ImportRow.objects.filter(run=run).values_list("verdict").annotate(many=Count("id"))
    return dict(rows.order_by())
