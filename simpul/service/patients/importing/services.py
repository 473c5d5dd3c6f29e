"""What a person does with a file: bring it, choose columns, try it, import it, stop, decide, close.

The going through it is `work`; here a run is only moved from one state to the next.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext as _

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, NotHere, Problem, Refused
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.service.patients.importing import files
from simpul.service.patients.importing.cells import unpacked
from simpul.service.patients.importing.columns import FIELDS, guess_mapping, missing_columns
from simpul.service.patients.importing.judging import judge
from simpul.service.patients.importing.known import FileIndex
from simpul.service.patients.importing.models import ImportRow, ImportRun, RunState, Verdict
from simpul.service.patients.importing.waking import ring
from simpul.service.patients.importing.work import asking, reader_of
from simpul.service.patients.importing.writing import write_people

#: A file nobody comes back for is removed after so many days.
FORGOTTEN_DAYS = 30
_STOPPABLE = (RunState.CHECKING, RunState.RUNNING)
_REMOVABLE = (
    RunState.MAPPING, RunState.CHECKED, RunState.STOPPED, RunState.DONE, RunState.FAILED,
)  # fmt: skip


def bring(name: str, pieces: Iterable[bytes], *, by: Actor | None) -> ImportRun:
    """Keep a file and look at it; Refused for what is no table, and then nothing is kept."""
    require_import(by)
    here = get_here()
    run = ImportRun(
        id=uuid7(),
        owner=here.id,
        account=by.account_id if by else None,
        practitioner=by.practitioner_id if by else None,
        file_name=PurePath(name.replace("\\", "/")).name[:120] or "berkas",
        made_at=now(),
    )
    run.digest, run.size = files.keep(run.pk, pieces)
    try:
        found = files.look(files.path_of(run.pk))
        sheet = found.sheet("")
        run.found, run.sheet = found.stored(), sheet.name
        run.mapping = _stored(guess_mapping(sheet.headings))
        run.save(force_insert=True)
    except BaseException:
        files.forget(run.pk)
        raise
    return run


def cut_off(pieces: Iterable[bytes], *, by: Actor | None) -> ImportRun | None:
    """Return the run of this very file that began and was not ended, to go on with."""
    require_import(by)
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    waiting = (RunState.CHECKING, RunState.RUNNING)
    runs = ImportRun.objects.filter(
        owner=get_here().id, digest=digest.hexdigest(), state__in=waiting
    )
    return runs.order_by("-made_at").first()


def choose(
    run: ImportRun,
    *,
    by: Actor | None,
    mapping: Mapping[int, str] | None = None,
    sheet: str | None = None,
    keep_numbers: bool = False,
) -> ImportRun:
    """Say which sheet, and which column is what; without a mapping the headings say it."""
    require_import(by)
    _expect(run, RunState.MAPPING, RunState.CHECKED, RunState.FAILED)
    found = files.Found.of(run.found)
    if sheet is not None and all(one.name != sheet for one in found.sheets):
        raise _refused("sheet", "sheet_unknown", _("Lembar ini tidak ada di berkas."))
    chosen = found.sheet(run.sheet if sheet is None else sheet)
    columns = guess_mapping(chosen.headings) if mapping is None else dict(mapping)
    _check_mapping(columns, len(chosen.headings))
    with transaction.atomic():
        ImportRow.objects.filter(run=run).delete()
        run.sheet, run.mapping, run.keep_numbers = chosen.name, _stored(columns), keep_numbers
        run.state, run.is_writing, run.reading = RunState.MAPPING, False, {}
        run.done = run.total = 0
        run.message = ""
        run.save()
    return run


def _check_mapping(columns: Mapping[int, str], width: int) -> None:
    names = [name for name in columns.values() if name]
    if any(name not in FIELDS for name in names) or any(not 0 <= at < width for at in columns):
        raise _refused("mapping", "column_unknown", _("Pilih kolom dari daftar."))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        sentence = _("%(field)s dipilih untuk dua kolom. Pilih satu saja; belum ada yang dibaca.")
        raise _refused("mapping", "column_twice", sentence % {"field": FIELDS[twice[0]]})
    lacks = missing_columns(columns)
    if "name" in lacks:
        sentence = _("Kolom nama belum dipilih. Tunjukkan kolomnya, lalu periksa lagi.")
        raise _refused("mapping", "name_missing", sentence)
    if lacks:
        sentence = _("Kolom tanggal lahir, umur, atau NIK belum dipilih. Tunjukkan salah satunya.")
        raise _refused("mapping", "born_missing", sentence)


def start_trial(run: ImportRun, *, by: Actor | None) -> None:
    """Let the file be tried; nobody is saved by that."""
    require_import(by)
    _expect(run, RunState.MAPPING)
    _check_mapping(
        {int(at): name for at, name in run.mapping.items()},
        len(files.Found.of(run.found).sheet(run.sheet).headings),
    )
    ImportRow.objects.filter(run=run).delete()
    _move(run, (RunState.MAPPING,), state=RunState.CHECKING, done=0, reading={}, worker=None)


def start_import(run: ImportRun, *, by: Actor | None) -> None:
    """Let the tried file be imported, from its first row."""
    require_import(by)
    _expect(run, RunState.CHECKED)
    _move(run, (RunState.CHECKED,), state=RunState.RUNNING, is_writing=True, done=0, worker=None)


def stop(run: ImportRun, *, by: Actor | None) -> None:
    """Stop; what is saved stays, and the rest can go on later."""
    require_import(by)
    _expect(run, *_STOPPABLE)
    _move(run, _STOPPABLE, state=RunState.STOPPED, worker=None)


def go_on(run: ImportRun, *, by: Actor | None) -> None:
    """Go on with a stopped run where it was."""
    require_import(by)
    _expect(run, RunState.STOPPED)
    state = RunState.RUNNING if run.is_writing else RunState.CHECKING
    _move(run, (RunState.STOPPED,), state=state, worker=None)


def decide(run: ImportRun, line: int, *, by: Actor, decision: str) -> ImportRow:
    """Decide a look-alike: "new" is another person, "same" the one it looks like.

    Before the import that is remembered for it; after it a new person is saved at once.
    """
    require_import(by)
    if decision not in ("new", "same"):
        raise _refused("decision", "decision_unknown", _("Pilih orang sama atau orang lain."))
    _expect(run, RunState.CHECKED, RunState.STOPPED, RunState.DONE)
    with transaction.atomic():
        row = ImportRow.objects.select_for_update().filter(run=run, line=line).first()
        if row is None:
            raise NotHere(_("Baris ini tidak ada di berkas itu."), "row_unknown")
        if row.verdict != Verdict.POSSIBLE:
            raise Conflict(_("Baris ini sudah diputuskan; tidak ada yang diubah."), "row_decided")
        row.decision = decision
        if row.is_written:
            _carry_out(run, row, by=by)
        row.save()
    return row


def _carry_out(run: ImportRun, row: ImportRow, *, by: Actor) -> None:
    """Do at once what was decided about a row whose file is through."""
    if row.decision == "same":
        row.verdict, row.cells, row.patient = Verdict.KNOWN, None, row.other
        if row.patient is None and row.other_line:
            earlier = ImportRow.objects.filter(run=run, line=row.other_line).first()
            row.patient = earlier.patient if earlier else None
        return
    draft = reader_of(run).read(row.line, [unpacked(cell) for cell in row.cells or []])
    [one] = judge(
        [draft], index=FileIndex(), owner=run.owner, by=asking(by), decided={row.line: "new"}
    )
    with act(by=by) as this:
        write_people(this, run, [one])
    row.verdict, row.patient = one.verdict, one.patient
    row.problems = [problem.stored() for problem in one.problems]
    row.cells = None


def close(run: ImportRun, *, by: Actor | None) -> None:
    """End a run: file, cells and reasons are removed; what was saved stays, and is known again."""
    require_import(by)
    _expect(run, *_REMOVABLE)
    _close(run)


def discard(run: ImportRun) -> None:
    """Leave nothing of a trial at the command line: it was only to be looked at."""
    files.forget(run.pk)
    ImportRun.objects.filter(pk=run.pk, is_writing=False).delete()


def _close(run: ImportRun) -> None:
    _move(run, _REMOVABLE, state=RunState.CLOSED, worker=None, found={}, ended_at=now())
    ImportRow.objects.filter(run=run, patient__isnull=True).delete()
    ImportRow.objects.filter(run=run).update(cells=None, problems=[])
    files.forget(run.pk)


def tidy() -> int:
    """Close what nobody came back for, and remove files without a run; returns how many."""
    long_ago = now() - timedelta(days=FORGOTTEN_DAYS)
    old = list(ImportRun.objects.filter(state__in=_REMOVABLE, made_at__lt=long_ago))
    for run in old:
        _close(run)
    for place in files.folder().glob("*.file"):
        known = ImportRun.objects.filter(pk=place.stem).exclude(
            state__in=(RunState.CLOSED, RunState.DONE)
        )
        if place.stat().st_mtime < long_ago.timestamp() and not known.exists():
            place.unlink(missing_ok=True)
    return len(old)


def require_import(by: Actor | None) -> None:
    """The program itself, at the command line, may; a person only with the right."""
    if by is not None:
        require(by, "input", "import")
        require_home(by)


def _expect(run: ImportRun, *states: RunState) -> None:
    if run.state not in states:
        raise Conflict(
            _("Impor ini sedang dalam keadaan “%(state)s”, jadi tidak ada yang diubah.")
            % {"state": RunState(run.state).label},
            "import_state",
        )


def _move(run: ImportRun, states: Iterable[RunState], **values: object) -> None:
    """Move a run on from one of these states, once."""
    if not ImportRun.objects.filter(pk=run.pk, state__in=list(states)).update(**values):
        raise Conflict(_("Impor ini baru saja diubah orang lain. Muat ulang."), "import_state")
    run.refresh_from_db()
    if run.state in (RunState.CHECKING, RunState.RUNNING):
        ring()


def _stored(mapping: Mapping[int, str]) -> dict[str, str]:
    return {str(at): name for at, name in mapping.items() if name}


def _refused(where: str, code: str, sentence: str) -> Refused:
    return Refused(sentence, code, errors=(Problem(where, code, sentence),))


def read_run(run: uuid.UUID, *, by: Actor | None) -> ImportRun:
    """Return one run of this house; NotHere for another's."""
    if by is not None:
        require(by, "view", "import")
        require_home(by)
    row = ImportRun.objects.filter(pk=run, owner=get_here().id).first()
    if row is None:
        raise NotHere(_("Impor ini tidak ada di Puskesmas Anda."), "import_unknown")
    return row
