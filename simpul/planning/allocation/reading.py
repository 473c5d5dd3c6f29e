"""The rows of the gap input, with what only an allocation asks besides.

The same table, and besides each profession's column, where wanted: `dokter terkunci` (who may not
be moved) and `kebutuhan dokter` (the need, instead of a norm); and `lingkup` (a district: nobody
moves out of it). English: `dokter locked`, `dokter need`, `circle`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from simpul.domain.allocation import Site, posts_of, tell_apart
from simpul.domain.findings import Finding
from simpul.domain.professions import find_profession, plain, profession_name
from simpul.planning.intake.cells import Cell, Unreadable, read_count, read_text
from simpul.planning.intake.facilities import (
    FacilityRows,
    RefusedRow,
    is_known_heading,
    read_facilities,
)
from simpul.planning.intake.tables import Row, Table, Unusable, read_table, table_of_objects

Extra = Literal["locked", "need"]

_MARKS: dict[Extra, tuple[str, ...]] = {
    "locked": ("terkunci", "locked", "tidak dapat dipindahkan"),
    "need": ("kebutuhan", "need", "standar", "perlu"),
}
_CIRCLE = frozenset({"lingkup", "circle", "kabupaten", "regency", "kabupaten kota"})
#: Nested objects that programs may send, and the mark their columns then get.
_NESTED: dict[str, str] = {"have": "", "need": " need", "locked": " locked"}
MOST_PEOPLE = 10_000
LONGEST_CIRCLE = 120


@dataclass(frozen=True)
class AllocationRows:
    """Facilities, and by the row's place what is locked, needed, and in which circle it lies."""

    rows: FacilityRows
    locked: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    need: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    circles: Mapping[str, str] = field(default_factory=dict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Doubts of the table."""
        return self.rows.findings

    def sites_by_need(self) -> list[Site]:
        """Return the sites with the needs that stand in the table itself."""
        sites = []
        for each in self.rows.facilities:
            need = self.need.get(each.where, {})
            have = {code: n for code, n in each.have.items() if n is not None}
            sites.append(
                Site(
                    name=each.name,
                    have=have,
                    posts=posts_of({code: n for code, n in need.items() if code in have}),
                    locked=self.locked.get(each.where, {}),
                    circle=self.circles.get(each.where, ""),
                    lat=each.latitude,
                    lon=each.longitude,
                )
            )
        return tell_apart(sites)


def read_allocation_file(data: bytes, name: str) -> AllocationRows:
    """Read a CSV, XLSX or JSON file."""
    return _split(read_table(data, name, lambda text: _extra(text) is not None or _knows(text)))


def read_allocation_objects(objects: Iterable[object]) -> AllocationRows:
    """Read facilities as a program sends them; `have`, `need` and `locked` may be nested."""
    return _split(table_of_objects(_flat(each) for each in objects))


def _flat(given: object) -> object:
    if not isinstance(given, dict):
        return given
    flat: dict[str, object] = {}
    for key, value in given.items():
        if key in _NESTED and isinstance(value, dict):
            flat |= {f"{name}{_NESTED[key]}": cell for name, cell in value.items()}
        else:
            flat[str(key)] = value
    return flat


def _knows(text: str) -> bool:
    return is_known_heading(text) or plain(text) in _CIRCLE


def _extra(heading: str) -> tuple[Extra, str] | None:
    """Return what a heading like "dokter terkunci" adds, and for which profession."""
    words = plain(heading)
    for kind, marks in _MARKS.items():
        for mark in marks:
            if words.endswith(f" {mark}") or words.startswith(f"{mark} "):
                code = find_profession(words.removesuffix(mark).removeprefix(mark).strip())
                if code is not None:
                    return kind, code
    return None


def _split(table: Table) -> AllocationRows:
    """Take the columns of our own out of the table, and read the rest as the gap does."""
    extras: dict[int, tuple[Extra, str]] = {}
    circle: int | None = None
    for place, heading in enumerate(table.headings):
        if (found := _extra(heading)) is not None:
            if found in extras.values():
                raise Unusable(
                    "column_twice",
                    f"Kolom “{heading[:60]}” ada dua kali, jadi tidak jelas mana yang benar. "
                    "Hapus salah satunya, lalu ulangi.",
                )
            extras[place] = found
        elif plain(heading) in _CIRCLE and circle is None:
            circle = place
    kept = [n for n in range(len(table.headings)) if n not in extras and n != circle]
    rest = Table(
        tuple(table.headings[n] for n in kept),
        tuple(Row(row.line, tuple(row.cells[n] for n in kept)) for row in table.rows),
        table.unit,
    )
    rows = read_facilities(rest)
    reader = _Reader(rows, table)
    for row in table.rows:
        reader.read(row, extras, circle)
    return reader.result()


class _Reader:
    """Reads the columns of our own; a row that has a wrong one is refused whole."""

    def __init__(self, rows: FacilityRows, table: Table) -> None:
        self.rows = rows
        self.table = table
        self.facilities = {each.where: each for each in rows.facilities}
        self.refused: list[RefusedRow] = list(rows.refused)
        self.values: dict[Extra, dict[str, dict[str, int]]] = {"locked": {}, "need": {}}
        self.circles: dict[str, str] = {}

    def read(self, row: Row, extras: Mapping[int, tuple[Extra, str]], circle: int | None) -> None:
        where = f"{self.table.unit} {row.line}"
        facility = self.facilities.get(where)
        if facility is None:
            return  # refused already, or a row of sums
        problems: list[tuple[str, str]] = []
        for place, (kind, code) in extras.items():
            try:
                count = read_count(row.cells[place], most=MOST_PEOPLE)
            except Unreadable as why:
                heading = self.table.headings[place][:60]
                problems.append(("count_unreadable", f"Kolom {heading}: {why}."))
                continue
            if count is None:
                continue
            if kind == "locked" and count > (facility.have.get(code) or 0):
                problems.append(
                    (
                        "more_locked_than_present",
                        f"{profession_name(code)} terkunci ({count}) lebih banyak daripada yang "
                        f"ada ({facility.have.get(code) or 0}).",
                    )
                )
                continue
            self.values[kind].setdefault(where, {})[code] = count
        if circle is not None:
            self.circles[where] = read_text(self._cell(row.cells, circle))[:LONGEST_CIRCLE]
        if problems:
            del self.facilities[where]
            self.refused.append(
                RefusedRow(row.line, self.table.unit, facility.name[:60], tuple(problems))
            )

    @staticmethod
    def _cell(cells: Sequence[Cell], place: int) -> Cell:
        return cells[place]

    def result(self) -> AllocationRows:
        rows = FacilityRows(
            tuple(self.facilities.values()),
            tuple(sorted(self.refused, key=lambda each: each.line)),
            self.rows.findings,
            self.rows.columns,
        )
        return AllocationRows(rows, self.values["locked"], self.values["need"], self.circles)
