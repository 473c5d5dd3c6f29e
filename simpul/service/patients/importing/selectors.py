"""Reading runs and their rows. Everything takes `by=` and stays inside that person's facility."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simpul.foundation.core.models import Counter
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.importing import files
from simpul.service.patients.importing.cells import text_of, unpacked
from simpul.service.patients.importing.models import ImportRow, ImportRun, RunState, Verdict
from simpul.service.patients.importing.work import verdict_counts
from simpul.service.patients.importing.writing import own_number
from simpul.service.patients.models import Patient
from simpul.service.patients.numbers.schemes import get_numbering, mrn_counter

ROWS_A_PAGE = 50
#: What needs a look comes first.
VERDICTS = (
    Verdict.REFUSED, Verdict.POSSIBLE, Verdict.INCOMPLETE, Verdict.NEW, Verdict.KNOWN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunLine:
    """One file in the list of those that came."""

    run: ImportRun
    state: str
    at: datetime


def list_runs(*, by: Actor, limit: int = 10) -> list[RunLine]:
    """Return the files that came last, newest first."""
    require(by, "view", "import")
    rows = ImportRun.objects.filter(owner=by.facility_id).defer("found")
    return [
        RunLine(run, str(RunState(run.state).label), run.ended_at or run.made_at)
        for run in rows.order_by("-made_at")[:limit]
    ]


def earlier_run(run: ImportRun) -> ImportRun | None:
    """Return the last import of this very file that went through, if there was one."""
    same = ImportRun.objects.filter(owner=run.owner, digest=run.digest, is_writing=True)
    ended = same.filter(state__in=(RunState.DONE, RunState.CLOSED)).exclude(pk=run.pk)
    return ended.order_by("-made_at").first()


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row as the list of verdicts shows it."""

    row: ImportRow
    verdict: str
    name: str
    mrn: str
    other_mrn: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class RowPage:
    """Part of the list of verdicts; `next` is the line after which it goes on, 0 at the end."""

    rows: tuple[RowLine, ...]
    next: int


def list_rows(run: ImportRun, *, by: Actor, verdict: str = "", after: int = 0) -> RowPage:
    """Return rows in the order of the file, of one verdict or of all."""
    require(by, "view", "import")
    wanted = ImportRow.objects.filter(run=run, line__gt=after)
    if verdict in Verdict.values:
        wanted = wanted.filter(verdict=verdict)
    rows = list(wanted.order_by("line")[: ROWS_A_PAGE + 1])
    page = rows[:ROWS_A_PAGE]
    people = _people(page)
    lines = tuple(_line(run, row, people) for row in page)
    return RowPage(lines, page[-1].line if len(rows) > ROWS_A_PAGE else 0)


def get_row(run: ImportRun, line: int, *, by: Actor) -> RowLine | None:
    """Return one row as the list shows it."""
    require(by, "view", "import")
    row = ImportRow.objects.filter(run=run, line=line).first()
    return _line(run, row, _people([row])) if row is not None else None


def _people(rows: list[ImportRow]) -> dict[Any, tuple[str, str]]:
    ids = {one for row in rows for one in (row.patient, row.other) if one is not None}
    return {
        pk: (mrn, name)
        for pk, mrn, name in Patient.objects.filter(id__in=ids).values_list("id", "mrn", "name")
    }


def _line(run: ImportRun, row: ImportRow, people: dict[Any, tuple[str, str]]) -> RowLine:
    mrn, name = people.get(row.patient, ("", ""))
    other, _name = people.get(row.other, ("", ""))
    return RowLine(
        row=row,
        verdict=str(Verdict(row.verdict).label),
        name=name or _given_name(run, row),
        mrn=mrn,
        other_mrn=other,
        is_open=row.verdict == Verdict.POSSIBLE and not row.decision,
    )


def _given_name(run: ImportRun, row: ImportRow) -> str:
    places = [int(at) for at, field in run.mapping.items() if field == "name"]
    cells = row.cells or []
    return text_of(unpacked(cells[places[0]])) if places and places[0] < len(cells) else ""


def count_rows(run: ImportRun) -> dict[str, int]:
    """Return how many rows have each verdict; 0 for a verdict no row has."""
    return {str(verdict): 0 for verdict in VERDICTS} | verdict_counts(run)


def next_number(run: ImportRun) -> str:
    """Return the record number the next person will get after this file's own ones; "" where the
    file's numbers are not kept."""
    if not run.keep_numbers:
        return ""
    scheme = get_numbering().personal
    at = Counter.objects.filter(key=mrn_counter(run.owner)).values_list("value", flat=True).first()
    column = next((int(at) for at, field in run.mapping.items() if field == "old_mrn"), None)
    highest = at or 0
    if column is not None and files.path_of(run.pk).exists():
        found = files.Found.of(run.found)
        rows = files.read_rows(files.path_of(run.pk), found, found.sheet(run.sheet))
        for _line_number, cells in rows:
            number = own_number(text_of(cells[column]), scheme)
            highest = max(highest, scheme.read(number) or 0)
    return scheme.format(highest + 1)


def rows_to_mend(run: ImportRun, *, by: Actor) -> list[ImportRow]:
    """Return the rows that were refused, in the order of the file."""
    require(by, "view", "import")
    return list(ImportRow.objects.filter(run=run, verdict=Verdict.REFUSED).order_by("line"))
