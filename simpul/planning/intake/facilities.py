"""Rows of facilities with their people per profession, as the gap, map and allocation take them.

Every row that cannot be used is refused with its line and all reasons; the others go on. Column
names may be Indonesian or English (`COLUMNS`, and `domain.professions` for professions). A column
"dokter ASN" counts civil servants alone; with "dokter non ASN" beside it the two make everybody.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from simpul.domain.findings import Finding
from simpul.domain.gap import FacilityStaff
from simpul.domain.norms import CATEGORIES, find_category
from simpul.domain.professions import PROFESSIONS, find_profession, plain, profession_name
from simpul.planning.intake.cells import (
    Cell,
    Unreadable,
    read_count,
    read_decimal,
    read_text,
    read_yes,
)
from simpul.planning.intake.tables import Row, Table, Unusable, read_table, table_of_objects

Group = Literal["all", "asn", "other"]

#: The columns that are not professions, with every heading they are known by.
COLUMNS: dict[str, tuple[str, ...]] = {
    "facility": (
        *("facility", "facility name", "name", "fasilitas", "nama fasilitas", "puskesmas"),
        *("nama puskesmas", "nama", "pkm", "faskes", "nama faskes", "unit kerja", "health center"),
        *("health centre", "puskesmas name", "nama pkm", "fasyankes", "nama fasyankes"),
        *("uptd puskesmas", "nama uptd puskesmas", "upt puskesmas", "nama upt puskesmas"),
        *("blud puskesmas", "nama unit kerja", "satuan kerja", "satker", "instansi"),
        *("health facility", "health facility name", "fasilitas kesehatan"),
    ),
    "code": ("code", "kode", "facility code", "kode puskesmas", "kode fasilitas", "kode faskes"),
    "category": (
        *("category", "kategori", "kategori wilayah", "kategori puskesmas", "wilayah", "kawasan"),
        *("karakteristik wilayah", "karakteristik", "tipe wilayah", "area category", "area"),
        *("kategori daerah", "kriteria wilayah", "kriteria puskesmas", "karakteristik puskesmas"),
        *("letak", "letak puskesmas", "letak geografis", "urban rural", "location type"),
    ),
    "inpatient": (
        *("inpatient", "rawat inap", "is inpatient", "kemampuan pelayanan", "jenis pelayanan"),
        "inpatient care",
    ),
    "pustu": (
        *("pustu", "jumlah pustu", "jml pustu", "puskesmas pembantu", "jumlah puskesmas pembantu"),
        *("number of pustu", "sub health posts"),
    ),
    "villages": (
        *("villages", "desa", "jumlah desa", "desa kelurahan", "kelurahan", "jumlah kelurahan"),
        *("number of villages", "jumlah desa kelurahan", "jml desa", "jml desa kelurahan"),
    ),
    "population": ("population", "penduduk", "jumlah penduduk", "jml penduduk", "jiwa"),
    "lat": ("lat", "latitude", "lintang", "garis lintang", "y"),
    "lon": ("lon", "lng", "long", "longitude", "bujur", "garis bujur", "x"),
}
_COLUMN_OF = {plain(name): column for column, names in COLUMNS.items() for name in names}
#: Columns that say nothing of their own: row numbers, sums, remarks.
_PASSED_OVER = frozenset(
    {"no", "nomor", "no urut", "jumlah", "total", "keterangan", "ket", "sum", "note", "notes"}
)
#: How a heading says whom it counts; the longer mark is looked for first. PNS, CPNS and PPPK are
#: the civil servants (ASN) of UU 20/2023; the others are employed in some other way.
_GROUP_MARKS: tuple[tuple[str, Group], ...] = (
    *((mark, "other") for mark in ("non asn", "bukan asn", "non pns", "bukan pns")),
    *((mark, "asn") for mark in ("asn", "cpns", "pns", "pppk", "p3k", "civil servants")),
    *((mark, "other") for mark in ("honorer", "honor", "kontrak", "blud", "ptt", "thl", "tks")),
    *((mark, "other") for mark in ("sukarela", "sukwan", "wiyata bakti", "contract")),
)
_MAY_HOLD_PPPK = ("non pns", "bukan pns")
_SUM_ROWS = frozenset({"jumlah", "total", "jumlah total", "sum", "grand total", "rata rata"})
_MOST_PEOPLE = 10_000
_MOST_UNITS = 1_000
_LONGEST_NAME = 160


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not used: its line, whose it is, all reasons."""

    line: int
    unit: str
    facility: str
    reasons: tuple[tuple[str, str], ...]

    @property
    def where(self) -> str:
        """Return the place as people call it: "baris 7"."""
        return f"{self.unit} {self.line}"

    @property
    def message(self) -> str:
        """Return all reasons as one text."""
        return " ".join(reason for _code, reason in self.reasons)


@dataclass(frozen=True, slots=True)
class FacilityRows:
    """What a table holds: facilities, refused rows, doubts, and how each heading was read."""

    facilities: tuple[FacilityStaff, ...]
    refused: tuple[RefusedRow, ...]
    findings: tuple[Finding, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)


def read_facility_file(data: bytes, name: str) -> FacilityRows:
    """Read a CSV, XLSX or JSON file of facilities."""
    return read_facilities(read_table(data, name, is_known_heading))


def read_facility_objects(objects: Iterable[object]) -> FacilityRows:
    """Read facilities as a program sends them: one object each."""
    return read_facilities(table_of_objects(objects))


def write_facility_template() -> bytes:
    """Return an XLSX file with the headings of such a table and one made-up facility."""
    import xlsxwriter  # type: ignore[import-untyped]  # nothing else here needs it

    example: dict[str, object] = {
        "facility": "Puskesmas Contoh (hapus baris ini)",
        "category": "pedesaan",
        "inpatient": "tidak",
        "pustu": 2,
        "villages": 6,
    }
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Tenaga")
    bold = book.add_format({"bold": True, "bottom": 1})
    headings = (
        *("facility", "code", "category", "inpatient", "pustu", "villages"),
        *(code for code in PROFESSIONS if code != "lainnya"),
        *("population", "lat", "lon"),
    )
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, 34 if heading == "facility" else max(9, len(heading) + 2))
        if heading in example:
            sheet.write(1, column, example[heading])
    sheet.freeze_panes(1, 1)
    book.close()
    return into.getvalue()


def is_known_heading(text: str) -> bool:
    """Is this the heading of a column of such a table?"""
    return plain(text) in _COLUMN_OF or _profession_column(text) is not None


def read_facilities(table: Table) -> FacilityRows:
    """Read a table of facilities; Unusable where it names no facility or no profession."""
    reader = _Reader(table)
    for row in table.rows:
        reader.read(row)
    return FacilityRows(
        tuple(reader.facilities), tuple(reader.refused), tuple(reader.findings), reader.columns
    )


def _profession_column(heading: str) -> tuple[str, Group] | None:
    """Return the profession a heading names, and whom it counts."""
    words = plain(heading)
    code = find_profession(words)
    if code is not None:
        return code, "all"
    for mark, group in _GROUP_MARKS:
        if words.endswith(f" {mark}") or words.startswith(f"{mark} "):
            code = find_profession(words.removesuffix(mark).removeprefix(mark).strip())
            return None if code is None else (code, group)
    return None


class _Reader:
    """Reads row after row of one table."""

    def __init__(self, table: Table) -> None:
        self.unit = table.unit
        self.facilities: list[FacilityStaff] = []
        self.refused: list[RefusedRow] = []
        self.findings: list[Finding] = []
        self.columns: dict[str, str] = {}
        self.places: dict[str, int] = {}
        self.people: list[tuple[int, str, str, Group]] = []
        self.lines: dict[tuple[str, str], str] = {}
        self._find_columns(table.headings)

    def _find_columns(self, headings: tuple[str, ...]) -> None:
        seen: set[str] = set()
        for place, heading in enumerate(headings):
            words = plain(heading)
            if not words:
                continue
            if words in seen:
                raise Unusable(
                    "column_twice",
                    f"Kolom “{heading[:60]}” ada dua kali, jadi tidak jelas mana yang benar. "
                    "Hapus salah satunya, lalu ulangi.",
                )
            seen.add(words)
            self._take_column(place, heading, words)
        if "facility" not in self.places:
            raise Unusable(
                "facility_column_missing",
                "Kolom nama fasilitas tidak ada. Beri judul “facility” atau “puskesmas”.",
            )
        if not self.people:
            raise Unusable(
                "profession_columns_missing",
                "Tidak ada kolom tenaga yang dikenal. Beri judul seperti: "
                + ", ".join(profession.code for profession in list(PROFESSIONS.values())[:9])
                + ".",
            )
        self._tell_shared_columns()

    def _take_column(self, place: int, heading: str, words: str) -> None:
        column = _COLUMN_OF.get(words)
        if column is not None:
            if column in self.places:
                raise Unusable(
                    "column_twice",
                    f"Kolom “{heading[:60]}” mengulang kolom lain ({column}). Hapus salah "
                    "satunya, lalu ulangi.",
                )
            self.places[column] = place
            self.columns[heading] = column
            return
        profession = _profession_column(heading)
        if profession is not None:
            self.people.append((place, heading, *profession))
            code, group = profession
            self.columns[heading] = code if group == "all" else f"{code} ({group})"
            if any(mark in words for mark in _MAY_HOLD_PPPK):
                self.findings.append(
                    Finding(
                        "non_pns_read",
                        "info",
                        heading[:60],
                        f"Kolom “{heading[:60]}” dibaca sebagai bukan ASN. Bila PPPK termasuk di "
                        "dalamnya, pisahkan: PPPK adalah ASN.",
                    )
                )
        elif words not in _PASSED_OVER:
            self.findings.append(
                Finding(
                    "column_unknown",
                    "warning",
                    heading[:60],
                    f"Kolom “{heading[:60]}” tidak dikenal, jadi tidak dibaca.",
                )
            )

    def _tell_shared_columns(self) -> None:
        shared: dict[tuple[str, Group], list[str]] = {}
        for _place, heading, code, group in self.people:
            shared.setdefault((code, group), []).append(heading)
        for (code, _group), names in shared.items():
            if len(names) > 1:
                self.findings.append(
                    Finding(
                        "columns_added",
                        "info",
                        code,
                        f"Kolom {', '.join(names)} dijumlahkan sebagai "
                        f"{profession_name(code).lower()}.",
                    )
                )

    def cell(self, row: Row, column: str) -> Cell:
        place = self.places.get(column)
        return None if place is None else row.cells[place]

    def read(self, row: Row) -> None:
        name = read_text(self.cell(row, "facility"))
        if plain(name) in _SUM_ROWS:
            self.findings.append(
                Finding(
                    "sum_row_skipped",
                    "info",
                    f"{self.unit} {row.line}",
                    f"“{name}” dibaca sebagai baris jumlah, bukan fasilitas.",
                )
            )
            return
        problems: list[tuple[str, str]] = []
        if not name:
            problems.append(("facility_missing", "Nama fasilitas kosong."))
        elif len(name) > _LONGEST_NAME:
            problems.append(("facility_too_long", "Nama fasilitas terlalu panjang."))
        made = self._made(row, name, problems)
        if problems:
            self.refused.append(RefusedRow(row.line, self.unit, name[:60], tuple(problems)))
            return
        self._tell_twice(made)
        self.facilities.append(made)

    def _made(self, row: Row, name: str, problems: list[tuple[str, str]]) -> FacilityStaff:
        everybody, civil = self._people(row, problems)
        latitude, longitude = self._point(row, problems)
        return FacilityStaff(
            name=name,
            category=self._category(row, problems),
            have=everybody,
            have_asn=civil,
            inpatient=self._inpatient(row, problems),
            pustu=self._count(row, "pustu", "Pustu", _MOST_UNITS, problems),
            villages=self._count(row, "villages", "desa", _MOST_UNITS, problems),
            population=self._count(row, "population", "penduduk", 50_000_000, problems),
            latitude=latitude,
            longitude=longitude,
            where=f"{self.unit} {row.line}",
            ref=read_text(self.cell(row, "code")),
        )

    def _category(self, row: Row, problems: list[tuple[str, str]]) -> str | None:
        text = read_text(self.cell(row, "category"))
        found = find_category(text) if text else None
        if text and found is None:
            known = ", ".join(CATEGORIES)
            problems.append(
                (
                    "category_unknown",
                    f"Kategori “{text[:40]}” tidak dikenal (yang dikenal: {known}).",
                )
            )
        return found

    def _inpatient(self, row: Row, problems: list[tuple[str, str]]) -> bool | None:
        try:
            return read_yes(self.cell(row, "inpatient"))
        except Unreadable as why:
            problems.append(("inpatient_unreadable", f"Rawat inap: {why}."))
            return None

    def _count(
        self, row: Row, column: str, label: str, most: int, problems: list[tuple[str, str]]
    ) -> int | None:
        try:
            return read_count(self.cell(row, column), most=most)
        except Unreadable as why:
            problems.append((f"{column}_unreadable", f"Jumlah {label}: {why}."))
            return None

    def _point(
        self, row: Row, problems: list[tuple[str, str]]
    ) -> tuple[float | None, float | None]:
        found: list[float | None] = []
        for column, label, most in (("lat", "Lintang", 90), ("lon", "Bujur", 180)):
            try:
                number = read_decimal(self.cell(row, column))
                if number is not None and abs(number) > most:
                    raise Unreadable(f"{number} di luar −{most} sampai {most}")
            except Unreadable as why:
                problems.append((f"{column}_unreadable", f"{label}: {why}."))
                number = None
            found.append(None if number is None else float(number))
        return found[0], found[1]

    def _people(
        self, row: Row, problems: list[tuple[str, str]]
    ) -> tuple[dict[str, int | None], dict[str, int | None] | None]:
        """Return everybody and civil servants per profession; a part not stated leaves all so."""
        groups: dict[Group, dict[str, int | None]] = {"all": {}, "asn": {}, "other": {}}
        for place, heading, code, group in self.people:
            try:
                count = read_count(row.cells[place], most=_MOST_PEOPLE)
            except Unreadable as why:
                problems.append(("count_unreadable", f"Kolom {heading[:60]}: {why}."))
                continue
            into = groups[group]
            before = into.get(code, 0)
            into[code] = None if count is None or before is None else before + count
        everybody, civil, others = groups["all"], groups["asn"], groups["other"]
        for code in others.keys() & civil.keys() - everybody.keys():
            one, two = civil[code], others[code]
            everybody[code] = None if one is None or two is None else one + two
        for code, count in civil.items():
            whole = everybody.get(code)
            if count is not None and whole is not None and count > whole:
                problems.append(
                    (
                        "asn_more_than_all",
                        f"ASN {profession_name(code).lower()} ({count}) lebih banyak daripada "
                        f"semua tenaganya ({whole}).",
                    )
                )
        return everybody, civil or None

    def _tell_twice(self, made: FacilityStaff) -> None:
        key = (plain(made.name), made.ref)
        if key in self.lines:
            self.findings.append(
                Finding(
                    "facility_twice",
                    "warning",
                    made.where,
                    f"“{made.name}” sudah ada di {self.lines[key]}; keduanya dihitung. Bila "
                    "fasilitas yang sama, hapus salah satunya.",
                )
            )
        self.lines.setdefault(key, made.where)
