"""`simpul import people`: patients from a spreadsheet, row by row, with a verdict each."""

import argparse
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simpul.cli.given_files import MOST_NAMED, person_named, reading, refuse_file
from simpul.cli.output import give, progress, say

if TYPE_CHECKING:
    from simpul.foundation.staff.actor import Actor
    from simpul.service.patients.importing.models import ImportRow, ImportRun

PIECE = 1 << 20


def describe(kinds: Any) -> None:
    """Say what the command does and takes."""
    reader = kinds.add_parser(
        "people",
        help="pasien dari lembar kerja",
        description=(
            "Memasukkan pasien dari XLSX, ODS, XLS, atau CSV apa adanya. Kolom dikenali dari\n"
            "judulnya; yang tidak dikenal ditunjuk dengan --map. Tiap baris mendapat putusan:\n"
            "baru, perlu dilengkapi, sudah ada, mungkin sama, atau ditolak. Yang mungkin sama\n"
            "diputuskan orang di halaman Impor. Berkas yang sama boleh diulang: tidak ada yang\n"
            "bertambah. Dihentikan di tengah, perintah yang sama melanjutkannya.\n"
            "Status 1 bila ada baris ditolak atau menunggu keputusan."
        ),
    )
    reader.add_argument("file", metavar="BERKAS", help="daftar pasien")
    reader.add_argument("--dry-run", action="store_true", help="periksa saja, jangan disimpan")
    reader.add_argument("--sheet", metavar="LEMBAR", help="nama lembar (bawaan: yang paling cocok)")
    reader.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="KOLOM=ISIAN",
        help="judul atau nomor kolom=isian, misalnya “Ket=mother_name”; boleh berkali-kali",
    )
    reader.add_argument(
        "--keep-numbers",
        action="store_true",
        help="pakai nomor RM di berkas sebagai nomor RM, bila masih bebas",
    )
    reader.add_argument("--by", metavar="PENGGUNA", help="atas nama pengguna ini")
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Try the file, import it unless only tried, and say what became of each row."""
    from simpul.cli.preparing import load_django

    load_django()
    from simpul.service.patients.importing.models import RunState
    from simpul.service.patients.importing.services import require_import

    by = None if given.by is None else person_named(given.by)
    if by is not None:
        require_import(by)
    run = _worked(given, by)
    if run.state == RunState.FAILED:
        return refuse_file("file_unreadable", run.message, as_json=given.json)
    return _tell(run, given)


def _worked(given: argparse.Namespace, by: "Actor | None") -> "ImportRun":
    """Go on with the run of this very file that was cut off, or begin one."""
    from simpul.service.patients.importing import services
    from simpul.service.patients.importing.models import RunState

    with reading(given.file):
        pieces = list(_pieces(Path(given.file)))
    run = None if given.dry_run else services.cut_off(pieces, by=by)
    if run is None:
        run = services.bring(given.file, pieces, by=by)
        del pieces
        try:
            run = services.choose(
                run,
                by=by,
                sheet=given.sheet,
                mapping=_mapping(run, given.sheet, given.map),
                keep_numbers=given.keep_numbers,
            )
            services.start_trial(run, by=by)
        except BaseException:
            services.close(run, by=by)
            raise
    with progress() as tell:
        if run.state == RunState.CHECKING:
            run = _through(run, tell)
        if run.state == RunState.CHECKED and not given.dry_run:
            services.start_import(run, by=by)
        if run.state == RunState.RUNNING:
            run = _through(run, tell)
    return run


def _through(run: "ImportRun", tell: Any) -> "ImportRun":
    """Go through the file, or watch while the server's own worker does."""
    from simpul.service.patients.importing.work import UNDER_WAY, work_on

    while (worked := work_on(run.pk, tell=tell)) is None:
        run.refresh_from_db()
        if run.state not in UNDER_WAY:
            return run
        tell("Dikerjakan server", run.done, run.total)
        time.sleep(0.5)
    return worked


def _pieces(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _mapping(run: "ImportRun", sheet: str | None, pairs: list[str]) -> dict[int, str] | None:
    """Return the columns the headings tell, with those that were pointed out put over them."""
    from simpul.foundation.core.errors import Refused
    from simpul.service.patients.importing.columns import FIELDS, guess_mapping, heading_key
    from simpul.service.patients.importing.files import Found

    found = Found.of(run.found)
    headings = found.sheet(run.sheet if sheet is None else sheet).headings
    mapping = guess_mapping(headings)
    keys = [heading_key(heading) for heading in headings]
    for pair in pairs:
        column, equals, name = pair.partition("=")
        key, name = heading_key(column), name.strip()
        at = keys.index(key) if key in keys else int(column) - 1 if column.isdecimal() else -1
        if not equals or name not in FIELDS or not 0 <= at < len(headings):
            raise Refused(
                f"--map {pair}: tulis judul kolom=isian. Isian: {', '.join(FIELDS)}. "
                "Tidak ada yang diubah.",
                "map_refused",
            )
        mapping = {place: field for place, field in mapping.items() if field != name}
        mapping[at] = name
    return mapping


def _tell(run: "ImportRun", given: argparse.Namespace) -> int:
    from simpul.service.patients.importing import services
    from simpul.service.patients.importing.models import ImportRow, Verdict
    from simpul.service.patients.importing.survey import Reading
    from simpul.service.patients.importing.work import verdict_counts

    counts = {str(verdict): 0 for verdict in Verdict} | verdict_counts(run)
    open_rows = ImportRow.objects.filter(
        run=run, verdict__in=(Verdict.REFUSED, Verdict.POSSIBLE)
    ).order_by("line")
    waits = counts[Verdict.REFUSED] + counts[Verdict.POSSIBLE]
    if given.json:
        give(
            {
                "ok": not waits,
                "dry_run": given.dry_run,
                "run": None if given.dry_run else run.pk,
                "rows": run.total,
                "counts": counts,
                "reading": Reading.of(run.reading).said(),
                "open": [_as_json(row) for row in open_rows],
            }
        )
    else:
        what = "akan disimpan" if given.dry_run else "disimpan"
        saved = counts[Verdict.NEW] + counts[Verdict.INCOMPLETE]
        say(
            f"{run.total} baris: {saved} {what} ({counts[Verdict.INCOMPLETE]} perlu dilengkapi), "
            f"{counts[Verdict.KNOWN]} sudah ada, {counts[Verdict.POSSIBLE]} mungkin sama, "
            f"{counts[Verdict.REFUSED]} ditolak."
        )
        for sentence in Reading.of(run.reading).said():
            say(f"  {sentence}")
        for row in open_rows[:MOST_NAMED]:
            say(f"  Baris {row.line} {Verdict(row.verdict).label.lower()}: {_why(row)}")
        if waits > MOST_NAMED:
            say(f"  … dan {waits - MOST_NAMED} lagi (semua: --json, atau halaman Impor)")
    if given.dry_run:
        services.discard(run)
    return 1 if waits else 0


def _why(row: "ImportRow") -> str:
    """The reasons without the values: a terminal is kept in places a patient is not."""
    serious = [p for p in row.problems if p["severity"] == "refuse"] or row.problems[-1:]
    return "; ".join(f"{p['column'] or p['field']}: {p['reason']}" for p in serious)


def _as_json(row: "ImportRow") -> dict[str, Any]:
    patient: uuid.UUID | None = row.other
    return {
        "line": row.line,
        "verdict": row.verdict,
        "other": patient,
        "other_line": row.other_line,
        "problems": row.problems,
    }
