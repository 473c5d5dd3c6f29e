"""A list of made-up people as it comes out of a spreadsheet: shuffled, damaged, partly wrong.

The same list for the same seed. `people_rows` gives the cells with what each row is, `as_csv` and
`as_xlsx` write them the way a spreadsheet does; tests and the measurement of imports use it.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from simpul.demo.names.people import MadeUpPerson, make_family

HEADINGS = (
    "No", "No. RM", "Nama Pasien", "NIK", "No Kartu BPJS", "No KK", "Tgl Lahir", "L/P",
    "Nama Ibu", "Alamat", "RT/RW", "Desa/Kel", "No HP",
)  # fmt: skip
#: Share of rows of each kind; the rest are whole.
WRONG = (
    ("no_name", 0.01), ("bad_date", 0.01), ("bad_sex", 0.005), ("scientific", 0.02),
    ("short_nik", 0.01), ("repeated", 0.01),
)  # fmt: skip
#: Families next to each other share the serial of their NIK; in a list its last digits differ.
SPREAD = 47
_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One row: its cells, what is wrong with it ("" for nothing), and the person behind it."""

    cells: tuple[Any, ...]
    damage: str
    person: MadeUpPerson


def people_rows(
    seed: int, count: int, today: date, *, damaged: bool = True, first: int = 0
) -> list[ListedPerson]:
    """Return so many rows in an order that tells nothing; families begin at serial `first`."""
    rng = Random(seed)
    people: list[MadeUpPerson] = []
    serial = first
    while len(people) < count:
        people += make_family(rng, today, serial)
        serial += SPREAD
    rows: list[ListedPerson] = []
    for number, person in enumerate(people[:count], start=1):
        kind = _kind(rng) if damaged else ""
        if kind == "repeated" and rows:
            rows.append(ListedPerson(rows[-1].cells, kind, rows[-1].person))
            continue
        rows.append(_row(rng, number, person, "" if kind == "repeated" else kind, damaged))
    rng.shuffle(rows)
    return rows


def _kind(rng: Random) -> str:
    at = rng.random()
    for kind, share in WRONG:
        if at < share:
            return kind
        at -= share
    return ""


def _row(rng: Random, number: int, person: MadeUpPerson, kind: str, damaged: bool) -> ListedPerson:
    nik: Any = person.nik or ""
    name, sex = person.name, "L" if person.sex == "male" else "P"
    born: Any = _written(rng, person.birth_date) if damaged else person.birth_date.isoformat()
    bpjs: Any = person.bpjs_number or ""
    record: Any = f"{number:06d}"
    phone: Any = person.phone
    if damaged and rng.random() < 0.3:  # typed as numbers: the zeros in front are gone
        bpjs = int(bpjs) if bpjs else ""
        record, phone = number, int(phone)
    match kind:
        case "no_name":
            name = ""
        case "bad_date":
            born = "31/02/1985"
            nik = ""
        case "bad_sex":
            sex, nik = "?x", ""
        case "scientific":
            nik = f"{int(nik):.5E}" if nik else ""
        case "short_nik":
            nik = str(nik)[:-1]
    cells = (
        number, record, name, nik, bpjs, person.kk_number or "", born, sex, person.mother_name,
        person.address, f"{person.rt}/{person.rw}", person.village.name, phone,
    )  # fmt: skip
    return ListedPerson(cells, kind, person)


def _written(rng: Random, day: date) -> Any:
    """A birth date in one of the shapes lists have; the day always before the month."""
    shape = rng.randrange(5)
    if shape == 0:
        return f"{day:%d/%m/%Y}"
    if shape == 1:
        return f"{day.day}-{day.month}-{day.year}"
    if shape == 2:
        return day.isoformat()
    if shape == 3:
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return day  # a date cell


def as_csv(rows: Iterable[ListedPerson], *, mark: str = ";") -> bytes:
    """Write the rows as Indonesian spreadsheets do; a date cell as its count of days."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=mark, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in rows:
        writer.writerow([_as_text(cell) for cell in row.cells])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _as_text(cell: Any) -> str:
    return str((cell - date(1899, 12, 30)).days) if isinstance(cell, date) else str(cell)


def as_xlsx(rows: Iterable[ListedPerson]) -> bytes:
    """Write the rows as a workbook with numbers and dates as such."""
    import xlsxwriter  # type: ignore[import-untyped]  # not at the counter's start

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Pasien")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, HEADINGS)
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row.cells):
            if isinstance(cell, date):
                sheet.write_datetime(line, column, cell, day)
            elif isinstance(cell, int):
                sheet.write_number(line, column, cell)
            elif cell:
                sheet.write_string(line, column, cell)
    book.close()
    return buffer.getvalue()


def lines(rows: Iterable[ListedPerson]) -> Iterator[tuple[int, ListedPerson]]:
    """Yield each row with the line of the file it stands on."""
    yield from enumerate(rows, start=2)
