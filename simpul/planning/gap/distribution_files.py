"""Files for the distribution: people (one a row), and the facilities they are measured against."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from simpul.domain.distribution_rows import (
    FIELD_OF,
    ReadPeople,
    RefusedRow,
    column_key,
    read_people,
)
from simpul.planning.gap.distribution_result import FacilityBase
from simpul.planning.intake.cells import Unreadable, is_blank, read_count, read_decimal, read_text
from simpul.planning.intake.tables import Table, Unusable, read_table, table_of_objects

#: Columns of the file of facilities, without case, spaces and signs.
BASE_COLUMNS: dict[str, tuple[str, ...]] = {
    "name": (
        "facility",
        "fasilitas",
        "puskesmas",
        "namapuskesmas",
        "namafasilitas",
        "nama",
        "name",
    ),
    "population": ("population", "penduduk", "jumlahpenduduk", "jiwa"),
    "need": ("need", "kebutuhan", "standar", "standard", "requirement"),
    "group": ("group", "kelompok", "kecamatan", "wilayah", "kabupaten", "district"),
}
_BASE_OF = {name: column for column, names in BASE_COLUMNS.items() for name in names}
MOST_PEOPLE = 10_000_000_000
_LISTS = ("people", "orang", "tenaga", "staff")


@dataclass(frozen=True)
class ReadBases:
    """The facilities read and the rows refused."""

    facilities: tuple[FacilityBase, ...]
    refused: tuple[RefusedRow, ...]


def read_people_file(data: bytes, name: str, *, as_of: date) -> ReadPeople:
    """Read people from CSV, XLSX or JSON; Unusable where the file as a whole is no table."""
    table = _people_in_json(data) or read_table(
        data, name, lambda heading: column_key(heading) in FIELD_OF
    )
    if table.rows and all(FIELD_OF.get(column_key(each)) != "facility" for each in table.headings):
        raise Unusable(
            "facility_column_missing",
            "Kolom nama fasilitas tidak ada. Beri judul “facility” atau “puskesmas”.",
        )
    rows = (
        (row.line, dict(zip(table.headings, map(_plain_cell, row.cells), strict=False)))
        for row in table.rows
    )
    return read_people(rows, as_of=as_of)


def read_bases_file(data: bytes, name: str) -> ReadBases:
    """Read facilities with population, need and group."""
    table = read_table(data, name, lambda heading: column_key(heading) in _BASE_OF)
    columns = [_BASE_OF.get(column_key(heading)) for heading in table.headings]
    found: list[FacilityBase] = []
    refused: list[RefusedRow] = []
    for row in table.rows:
        named = {column: cell for column, cell in zip(columns, row.cells, strict=True) if column}
        if all(is_blank(cell) for cell in named.values()):
            continue
        base = _base(named, row.line)
        if isinstance(base, RefusedRow):
            refused.append(base)
        else:
            found.append(base)
    return ReadBases(tuple(found), tuple(refused))


def _base(named: Mapping[str, object], line: int) -> FacilityBase | RefusedRow:
    name = read_text(named.get("name"))
    if not any(sign.isalnum() for sign in name):
        return RefusedRow(line, "facility", "facility_missing", "Nama fasilitas belum diisi.")
    amounts: dict[str, Decimal | None] = {}
    for column in ("population", "need"):
        try:
            amounts[column] = _amount(named.get(column), is_count=column == "population")
        except Unreadable as trouble:
            return RefusedRow(line, column, "number_unreadable", f"{trouble}.")
    return FacilityBase(
        name[:120], amounts["population"], amounts["need"], read_text(named.get("group"))[:120]
    )


def _amount(cell: object, *, is_count: bool) -> Decimal | None:
    """Read a number; 42.000 people are forty-two thousand, 1.705 posts between one and two."""
    if is_count:
        count = read_count(cell, most=MOST_PEOPLE)
        return None if count is None else Decimal(count)
    number = read_decimal(cell)
    if number is not None and number < 0:
        raise Unreadable(f"“{read_text(cell)[:30]}” kurang dari nol")
    return number


def _people_in_json(data: bytes) -> Table | None:
    """Return the table of `{"people": [...]}`, the shape the API takes; None for other files."""
    if data.lstrip()[:1] != b"{":
        return None
    try:
        content: Any = json.loads(data)
    except (ValueError, RecursionError):
        return None
    rows = next((content[key] for key in _LISTS if isinstance(content.get(key), list)), None)
    return table_of_objects(_rows(rows)) if rows is not None else None


def _rows(rows: Sequence[object]) -> list[object]:
    return [row if isinstance(row, dict) else {} for row in rows]


def _plain_cell(cell: object) -> object:
    """Dates of a spreadsheet as the reader of rows takes them."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else cell
