"""A table out of a file (CSV, XLSX, XLS, ODS, JSON): headings, and rows with their line numbers.

Tables people keep have a title above the headings, merged cells, headings on two lines, a row of
column numbers, empty lines. The heading row is the one with the most headings the caller knows.
"""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from simpul.foundation.core.sheets import Unopened, decode, is_workbook, read_workbook, separate
from simpul.planning.intake.cells import Cell, is_blank, read_text

LARGEST_FILE = 20_000_000
LARGEST_UNPACKED = 300_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 200
_LOOK_FOR_HEADINGS = 40
_HEADING_LINES = 3
_READ = MOST_ROWS + _LOOK_FOR_HEADINGS + 1

Knows = Callable[[str], bool]


class Unusable(ValueError):
    """A file that cannot be used at all: what happened, what is safe, what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line as a person counts it in the file, and a cell for each heading."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows; `unit` says what a line is called ("baris", in JSON "butir")."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    unit: str = "baris"


def read_table(data: bytes, name: str, knows: Knows) -> Table:
    """Return the table in a file, whatever its kind; `knows` tells a heading from other text."""
    if len(data) > LARGEST_FILE:
        raise Unusable(
            "file_too_large", "Berkas ini lebih dari 20 MB. Bagi menjadi beberapa berkas."
        )
    if not data.strip():
        raise Unusable("file_empty", "Berkas ini kosong. Pilih berkas yang berisi tabel.")
    if is_workbook(data):
        return headed(_sheets(data, knows), knows)
    text = decode(data)
    if name.lower().endswith(".json") or text.lstrip()[:1] in ("{", "["):
        return table_of_objects(_objects(text))
    return headed(_csv(text, knows), knows)


def _sheets(data: bytes, knows: Knows) -> list[Sequence[Cell]]:
    """Return the rows of the sheet that looks most like the table wanted."""
    try:
        book = read_workbook(
            data, largest_unpacked=LARGEST_UNPACKED, most_sheets=20, most_rows=_READ
        )
    except Unopened as trouble:
        if trouble.code == "too_large":
            raise Unusable(
                "file_too_large", "Isi berkas ini terlalu besar. Hapus lembar yang tak perlu."
            ) from None
        raise Unusable(
            "file_unreadable",
            "Lembar kerja ini tidak terbaca. Simpan lagi sebagai XLSX atau CSV, lalu ulangi.",
        ) from None
    sheets = [rows for _name, rows in book]
    if not sheets:
        raise Unusable("file_empty", "Berkas ini tidak berisi lembar. Pilih berkas yang lain.")
    best = max(range(len(sheets)), key=lambda number: _best(sheets[number], knows)[1])
    return list(sheets[best])


def _csv(text: str, knows: Knows) -> list[Sequence[Cell]]:
    """Return the rows of a CSV with the separator that gives the most known headings."""
    best: list[Sequence[Cell]] = []
    most = -1
    for separator in (",", ";", "\t", "|"):
        try:
            rows = list(islice(separate(text, separator), _READ))
        except csv.Error:
            continue
        found = _best(rows, knows)[1]
        if found > most:
            best, most = rows, found
    return best


def _objects(text: str) -> list[object]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise Unusable(
            "file_unreadable", "Isi berkas ini bukan JSON yang utuh. Periksa tanda kurung dan koma."
        ) from None
    if isinstance(content, dict):
        content = content.get("facilities", content.get("rows"))
    if not isinstance(content, list):
        raise Unusable(
            "list_missing",
            "JSON-nya harus daftar, atau objek dengan daftar bernama “facilities”.",
        )
    return content


def table_of_objects(objects: Iterable[object]) -> Table:
    """Return objects (one per row) as a table; a nested object `staff` is spread out."""
    headings: dict[str, int] = {}
    spread: list[tuple[int, dict[str, Cell]]] = []
    for number, given in enumerate(objects, start=1):
        cells: dict[str, Cell] = {}
        if isinstance(given, dict):
            for key, value in given.items():
                inner = value.items() if isinstance(value, dict) else ((key, value),)
                for name, cell in inner:
                    # A list is no cell; its text is refused where a number is wanted.
                    cells[str(name)] = str(cell) if isinstance(cell, list | dict) else cell
        spread.append((number, cells))
        for name in cells:
            headings.setdefault(name, len(headings))
        if number > MOST_ROWS or len(headings) > MOST_COLUMNS:
            raise _too_many()
    rows = tuple(
        Row(number, tuple(cells.get(name) for name in headings)) for number, cells in spread
    )
    return Table(tuple(headings), rows, "butir")


def headed(rows: Sequence[Sequence[Cell]], knows: Knows) -> Table:
    """Return rows as a table under their heading row, skipping what stands above it."""
    place, found = _best(rows, knows)
    if found < 1:
        raise Unusable(
            "headings_missing",
            "Baris judul kolom tidak ditemukan. Beri judul kolom, misalnya “facility”.",
        )
    headings = _headings(rows, place, knows)
    if len(headings) > MOST_COLUMNS or len(rows) - place > MOST_ROWS:
        raise _too_many()
    body = [
        Row(line, tuple(cells[: len(headings)]) + (None,) * (len(headings) - len(cells)))
        for line, cells in enumerate(rows[place + 1 :], start=place + 2)
        if not all(is_blank(cell) for cell in cells)
    ]
    if body and _is_numbering(body[0].cells):
        body = body[1:]
    return Table(headings, tuple(body))


def _best(rows: Sequence[Sequence[Cell]], knows: Knows) -> tuple[int, int]:
    """Return the place of the heading row and how many headings are known there.

    A row counts with what stands above its empty cells, for headings over two lines; of two that
    count the same it is the upper one.
    """
    best = (0, 0)
    for place, cells in enumerate(rows[:_LOOK_FOR_HEADINGS]):
        if all(is_blank(cell) for cell in cells):
            continue
        found = sum(knows(heading) for heading in _headings(rows, place, knows) if heading)
        if found > best[1]:
            best = (place, found)
    return best


def _headings(rows: Sequence[Sequence[Cell]], place: int, knows: Knows) -> tuple[str, ...]:
    """Return the headings; where a cell was merged over two lines, the name stands above."""
    above = rows[max(0, place - _HEADING_LINES + 1) : place]
    width = max(_width(rows[place], lambda _text: True), *(_width(c, knows) for c in above), 0)
    headings = []
    for column in range(width):
        own = read_text(rows[place][column]) if column < len(rows[place]) else ""
        if not own:
            names = [read_text(cells[column]) for cells in above if column < len(cells)]
            own = next((name for name in reversed(names) if name and knows(name)), "")
        headings.append(own)
    return tuple(headings)


def _width(cells: Sequence[Cell], counts: Knows) -> int:
    """Return how many columns there are up to the last cell that counts."""
    places = (
        column + 1
        for column, cell in enumerate(cells)
        if not is_blank(cell) and counts(read_text(cell))
    )
    return max(places, default=0)


def _is_numbering(cells: Sequence[Cell]) -> bool:
    """Is this the row of column numbers (1, 2, 3, …) that stands under many headings?"""
    numbers = [read_text(cell).strip("()") for cell in cells]
    while numbers and not numbers[-1]:
        numbers.pop()
    return len(numbers) > 2 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _too_many() -> Unusable:
    return Unusable(
        "table_too_large",
        f"Tabel ini terlalu besar: paling banyak {MOST_ROWS} baris dan {MOST_COLUMNS} kolom.",
    )
