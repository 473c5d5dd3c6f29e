"""Small lists written in a test, brought and worked through as a person would."""

from collections.abc import Sequence
from typing import Any

from simpul.foundation.staff.actor import Actor
from simpul.service.patients.importing import services
from simpul.service.patients.importing.models import ImportRow, ImportRun
from simpul.service.patients.importing.work import verdict_counts, work_on

HEADINGS = ("No RM", "Nama", "NIK", "Tgl Lahir", "JK", "Nama Ibu", "Desa")
SITI = ("000101", "Siti Aminah", "3509015203850003", "12/03/1985", "P", "Sumiati", "Sabrang")
BUDI = ("000102", "Budi Santoso", "3509012511900004", "25/11/1990", "L", "Sulastri", "Ambulu")
TONO = ("000103", "Tono Wijaya", "", "01/02/2003", "L", "Wagiyem", "Sabrang")


def text(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS, mark: str = ";") -> bytes:
    """A CSV of these rows."""
    lines = [mark.join(str(cell) for cell in row) for row in (headings, *rows)]
    return "\r\n".join(lines).encode()


def bring(data: bytes, *, by: Actor | None, name: str = "pasien.csv", **chosen: Any) -> ImportRun:
    """Bring a file, and choose columns where the test says so."""
    run = services.bring(name, [data], by=by)
    return services.choose(run, by=by, **chosen) if chosen else run


def try_out(data: bytes, *, by: Actor | None, **chosen: Any) -> ImportRun:
    """Bring a file and go through the trial."""
    run = bring(data, by=by, **chosen)
    services.start_trial(run, by=by)
    return worked(run)


def take_in(data: bytes, *, by: Actor | None, **chosen: Any) -> ImportRun:
    """Bring a file, try it, import it."""
    run = try_out(data, by=by, **chosen)
    services.start_import(run, by=by)
    return worked(run)


def worked(run: ImportRun) -> ImportRun:
    """Let the worker go through a run."""
    done = work_on(run.pk)
    assert done is not None
    return done


def rows_of(run: ImportRun) -> list[ImportRow]:
    """The verdicts in the order of the file."""
    return list(ImportRow.objects.filter(run=run).order_by("line"))


def only(run: ImportRun) -> ImportRow:
    """The one row of a file."""
    [row] = rows_of(run)
    return row


def said(row: ImportRow) -> str:
    """All that was said about a row."""
    return " | ".join(f"{p['field']}: {p['reason']} {p['todo']}" for p in row.problems)


counts = verdict_counts
