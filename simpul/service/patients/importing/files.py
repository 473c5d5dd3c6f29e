"""The file itself: kept under SIMPUL_DATA while it is needed, looked at, and read row by row.

Rows are read as a stream, so that memory does not grow with the length of the list. What is no
table is refused with what to do about it.
"""

import codecs
import csv
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.core.sheets import (
    Cell,
    Unopened,
    is_binary,
    is_workbook,
    read_workbook,
    separate,
    stream_workbook,
)
from simpul.service.patients.importing.cells import text_of
from simpul.service.patients.importing.columns import field_of, is_heading_row

LARGEST_FILE = 50_000_000
LARGEST_UNPACKED = 600_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 100
MOST_SHEETS = 10
_LOOK_FOR_HEADINGS = 40
_SAMPLE = 5
_HEAD = 64_000
_MARKS = (";", ",", "\t", "|")


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """One sheet: where its headings stand, what they are, and its first rows as text."""

    name: str
    heading_line: int
    headings: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    known: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is."""

    kind: str
    sheets: tuple[FoundSheet, ...]
    mark: str = ""
    encoding: str = ""

    def stored(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Found":
        """Return what `stored` made of one."""
        sheets = tuple(
            FoundSheet(
                sheet["name"],
                sheet["heading_line"],
                tuple(sheet["headings"]),
                tuple(tuple(row) for row in sheet["sample"]),
                sheet["known"],
            )
            for sheet in stored["sheets"]
        )
        return cls(stored["kind"], sheets, stored["mark"], stored["encoding"])

    def sheet(self, name: str) -> FoundSheet:
        """Return the sheet of that name; without one, the one with the most known headings."""
        named = [sheet for sheet in self.sheets if sheet.name == name]
        return named[0] if named else max(self.sheets, key=lambda sheet: sheet.known)


def refuse(code: str, sentence: str) -> NoReturn:
    """Refuse the whole file."""
    raise Refused(sentence, code, errors=(Problem("file", code, sentence),))


def folder() -> Path:
    """Return where files wait; only the owner of the program may look into it."""
    place = Path(settings.DATA) / "imports"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def path_of(run: uuid.UUID) -> Path:
    """Return where a run's file lies, or lay."""
    return folder() / f"{run}.file"


def keep(run: uuid.UUID, pieces: Iterable[bytes]) -> tuple[str, int]:
    """Store a file that comes in pieces; returns its digest and size. Too large is refused."""
    digest, size = hashlib.sha256(), 0
    place = path_of(run)
    place.touch(mode=0o600)
    try:
        with place.open("wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > LARGEST_FILE:
                    refuse(
                        "file_too_large",
                        _("Berkas lebih dari 50 MB. Hapus gambar di dalamnya, atau bagi dua."),
                    )
                digest.update(piece)
                file.write(piece)
    except BaseException:
        forget(run)
        raise
    return digest.hexdigest(), size


def forget(run: uuid.UUID) -> None:
    """Remove a run's file; one that is gone already is no trouble."""
    path_of(run).unlink(missing_ok=True)


def look(place: Path) -> Found:
    """Return what a file is and what its first rows say; Refused says what stands in the way."""
    with place.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        refuse("file_empty", _("Berkas ini kosong. Pilih berkas daftar pasien."))
    if is_binary(head):
        refuse(
            "file_binary",
            _("Ini bukan tabel. Simpan sebagai XLSX atau CSV dari program lembar kerja."),
        )
    found = _look_at_workbook(place) if is_workbook(head) else _look_at_text(place)
    if not any(sheet.headings for sheet in found.sheets):
        refuse("file_empty", _("Berkas ini tidak berisi baris. Pilih berkas daftar pasien."))
    return found


def _look_at_workbook(place: Path) -> Found:
    try:
        sheets = read_workbook(
            place.read_bytes(),
            largest_unpacked=LARGEST_UNPACKED,
            most_sheets=MOST_SHEETS,
            most_rows=_LOOK_FOR_HEADINGS + _SAMPLE + 1,
        )
    except Unopened as trouble:
        _refuse_unopened(trouble.code)
    if not sheets:
        refuse("file_empty", _("Berkas ini tidak berisi lembar. Pilih berkas daftar pasien."))
    return Found("workbook", tuple(_headed(name, rows) for name, rows in sheets))


def _refuse_unopened(code: str) -> NoReturn:
    if code == "locked":
        refuse(
            "file_locked",
            _("Berkas ini memakai kata sandi. Simpan salinannya tanpa kata sandi, lalu ulangi."),
        )
    if code == "too_large":
        refuse("file_too_large", _("Isi berkas ini terlalu besar. Hapus lembar yang tak perlu."))
    refuse(
        "file_unreadable",
        _("Berkas ini tidak terbaca. Simpan lagi sebagai XLSX atau CSV, lalu ulangi."),
    )


def _look_at_text(place: Path) -> Found:
    encoding = _encoding(place)
    best: tuple[FoundSheet, str] | None = None
    for mark in _MARKS:
        try:
            with place.open(encoding=encoding, errors="replace", newline="") as file:
                rows = list(islice(separate(file, mark), _LOOK_FOR_HEADINGS + _SAMPLE + 1))
        except csv.Error:
            continue
        sheet = _headed("", rows)
        weight = (sheet.known, len(sheet.headings))
        if best is None or weight > (best[0].known, len(best[0].headings)):
            best = (sheet, mark)
    if best is None:
        _refuse_unopened("unreadable")
    return Found("text", (best[0],), best[1], encoding)


def _encoding(place: Path) -> str:
    """Return how the whole file is encoded: UTF-16 by its mark, UTF-8 if it is, else cp1252."""
    with place.open("rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _headed(name: str, rows: Sequence[Sequence[Cell]]) -> FoundSheet:
    """Find the heading row: the first that names the columns of a list of people, else the first
    that says anything."""
    filled = [place for place, cells in enumerate(rows) if any(text_of(cell) for cell in cells)]
    if not filled:
        return FoundSheet(name, 0, (), (), 0)
    near = [place for place in filled if place < _LOOK_FOR_HEADINGS]
    place = next((one for one in near if is_heading_row(rows[one])), filled[0])
    headings = [" ".join(str(cell or "").split())[:60] for cell in rows[place][:MOST_COLUMNS]]
    while headings and not headings[-1]:
        headings.pop()
    below = [one for one in filled if one > place][:_SAMPLE]
    sample = tuple(
        tuple(text_of(cell)[:60] for cell in rows[one][: len(headings)]) for one in below
    )
    known = len({field_of(heading) for heading in headings} - {""})
    return FoundSheet(name, place + 1, tuple(headings), sample, known)


def read_rows(place: Path, found: Found, sheet: FoundSheet) -> Iterator[tuple[int, list[Cell]]]:
    """Yield each filled row below the headings with its line; too many rows are refused."""
    width, given = len(sheet.headings), 0
    for line, cells in enumerate(_stream(place, found, sheet), start=1):
        if line <= sheet.heading_line:
            continue
        row = list(cells[:width])
        if not any(cell not in (None, "") and text_of(cell) for cell in row):
            continue
        if not given and _is_numbering(row):
            continue
        given += 1
        if given > MOST_ROWS:
            refuse(
                "too_many_rows",
                _("Lebih dari %(most)d baris. Bagi menjadi beberapa berkas.") % {"most": MOST_ROWS},
            )
        row += [None] * (width - len(row))
        yield line, row


def _stream(place: Path, found: Found, sheet: FoundSheet) -> Iterator[Sequence[Cell]]:
    if found.kind == "workbook":
        try:
            yield from stream_workbook(
                place.read_bytes(), largest_unpacked=LARGEST_UNPACKED, sheet=sheet.name
            )
        except Unopened as trouble:
            _refuse_unopened(trouble.code)
        return
    line = 0
    try:
        with place.open(encoding=found.encoding, errors="replace", newline="") as file:
            for cells in separate(file, found.mark):
                line += 1
                yield cells
    except csv.Error:
        refuse(
            "file_unreadable",
            _(
                "Berkas tidak terbaca mulai baris %(line)d: tanda kutip di sana tidak ditutup. "
                "Betulkan baris itu, lalu ulangi."
            )
            % {"line": line + 1},
        )


def _is_numbering(cells: Sequence[Cell]) -> bool:
    """Is this the row of column numbers (1, 2, 3, …) that stands under many headings?"""
    numbers = [str(cell).strip("() ").removesuffix(".0") for cell in cells if cell is not None]
    numbers = [number for number in numbers if number]
    return len(numbers) > 2 and numbers == [str(n) for n in range(1, len(numbers) + 1)]
