"""Files of a staff list: XLSX, ODS, XLS or CSV to rows, each with the line its file numbers it.

The heading row is looked for below titles and logos; columns are known by Indonesian or English
names. Nothing is understood here beyond that: cells stay as the file has them.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from simpul.domain.distribution_rows import column_key
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.core.sheets import (
    Cell,
    Unopened,
    decode,
    is_workbook,
    read_workbook,
    separate,
)
from simpul.foundation.core.spreadsheets import FORMULA_SIGNS

LARGEST_FILE = 2_000_000
LARGEST_UNPACKED = 60_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 80
HEADING_WITHIN = 25

#: Field → the names its column may have (compared without case, spaces and signs).
COLUMNS: dict[str, tuple[str, ...]] = {
    "line": ("simpulline",),
    "facility": (
        "facility", "fasilitas", "puskesmas", "namapuskesmas", "namafasilitas", "unitkerja",
        "tempattugas", "tempatkerja", "fasyankes", "faskes",
    ),
    "number": (
        "number", "nip", "nomor", "nomorpegawai", "nippppk", "nipnik", "nik", "nipnrptt", "nipnrp",
        "staffnumber", "idpegawai", "nipnomor",
    ),
    "name": ("name", "nama", "namalengkap", "namapegawai", "namatenaga", "fullname"),
    "profession": (
        "profession", "profesi", "jenistenaga", "jabatan", "jenisnakes", "jenistenagakesehatan",
        "namajabatan", "cadre",
    ),
    "education": ("education", "pendidikan", "pendidikanterakhir", "ijazah"),
    "employment": (
        "employment", "employmentstatus", "status", "statuskepegawaian", "kepegawaian",
        "statuspegawai",
    ),
    "is_trained": (
        "trained", "istrained", "dilatih", "terlatih", "pernahpelatihan", "sudahpelatihan",
        "sudahdilatih",
    ),
    "trainings": ("trainings", "pelatihan", "namapelatihan", "riwayatpelatihan", "training"),
    "started_on": (
        "startedon", "start", "startdate", "mulai", "mulaikerja", "mulaibekerja", "tanggalmulai",
        "tglmulai", "tmt", "sejak", "tmtkerja",
    ),
    "contract_ends_on": (
        "contractendson", "contractend", "akhirkontrak", "kontrakberakhir", "habiskontrak",
    ),
    "birth_year": (
        "birthyear", "birthdate", "tahunlahir", "tanggallahir", "tgllahir", "lahir",
    ),
    "units": ("units", "unit", "poli", "ruang", "tempatdipuskesmas"),
    "lock": ("lock", "terkunci", "alasantidakpindah", "tidakdapatdipindah"),
    "note": ("note", "catatan", "keterangan", "ket"),
}  # fmt: skip
_FIELD_OF = {name: field for field, names in COLUMNS.items() for name in names}


@dataclass(frozen=True)
class SheetRow:
    """One row below the headings: the line of the file it stands on, and cells by field."""

    line: int
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, and the headings that mean nothing here."""

    rows: tuple[SheetRow, ...]
    ignored: tuple[str, ...] = ()


def read_sheet(content: bytes) -> Sheet:
    """Read a file by what it is, not by its name; Refused says what stands in the way."""
    if not content.strip():
        raise _refused("file_empty", _("Berkas ini kosong. Pilih berkas daftar tenaga."))
    if len(content) > LARGEST_FILE:
        raise _refused(
            "file_too_large",
            _("Berkas lebih dari 2 MB. Hapus gambar di dalamnya, atau bagi menjadi dua."),
        )
    tables = _workbook(content) if is_workbook(content) else [_separated(content)]
    for table in tables:
        place = _heading(table)
        if place is not None:
            return _under(table, place)
    raise _refused(
        "no_headings",
        _(
            "Judul kolom tidak ditemukan. Perlu paling sedikit kolom Nama dan Profesi; "
            "unduh templat untuk contohnya."
        ),
    )


def _refused(code: str, sentence: str) -> Refused:
    return Refused(sentence, code, errors=(Problem("file", code, sentence),))


def _workbook(content: bytes) -> list[list[Sequence[Cell]]]:
    try:
        book = read_workbook(content, largest_unpacked=LARGEST_UNPACKED, most_sheets=10)
    except Unopened as trouble:
        if trouble.code == "too_large":
            raise _refused("file_too_large", _("Isi berkas ini terlalu besar.")) from trouble
        raise _refused(
            "file_unreadable",
            _("Berkas ini tidak terbaca. Simpan sebagai XLSX atau CSV tanpa kata sandi."),
        ) from trouble
    return [rows for _name, rows in book]


def _separated(content: bytes) -> list[Sequence[Cell]]:
    text = decode(content).replace("\x00", "")
    head = text[:4000]
    marks = sorted(";\t,", key=head.count, reverse=True)
    try:
        tables: list[list[Sequence[Cell]]] = [list(separate(text, mark)) for mark in marks]
        # Commas within the cells may outnumber the mark: the one that shows the headings is it.
        return next((table for table in tables if _heading(table) is not None), tables[0])
    except csv.Error as trouble:
        raise _refused(
            "file_unreadable",
            _("Berkas ini tidak terbaca. Simpan sebagai XLSX atau CSV tanpa kata sandi."),
        ) from trouble


def _heading(table: list[Sequence[Cell]]) -> int | None:
    for place, row in enumerate(table[:HEADING_WITHIN]):
        known = set(_fields(row))
        if {"name", "profession"} <= known:
            return place
    return None


def _fields(row: Iterable[Cell]) -> list[str]:
    return [_FIELD_OF.get(column_key(cell), "") for cell in list(row)[:MOST_COLUMNS]]


def _under(table: list[Sequence[Cell]], place: int) -> Sheet:
    fields = _fields(table[place])
    used: set[str] = set()
    ignored = []
    for at, field in enumerate(fields):
        if field and field not in used:
            used.add(field)
            continue
        fields[at] = ""
        heading = " ".join(str(table[place][at]).split())[:40]
        # A running number before the rows is nobody's data.
        if heading and column_key(heading) not in ("no", "nourut"):
            ignored.append(heading)
    rows = []
    for line, cells in enumerate(table[place + 1 :], start=place + 2):
        named = {
            field: cell
            for field, cell in zip(fields, cells, strict=False)
            if field and cell not in (None, "") and str(cell).strip()
        }
        if not named.keys() - {"line"}:
            continue
        rows.append(SheetRow(_line(named.pop("line", line), line), named))
        if len(rows) > MOST_ROWS:
            raise _refused(
                "too_many_rows",
                _("Lebih dari %(most)d baris. Bagi menjadi beberapa berkas.") % {"most": MOST_ROWS},
            )
    return Sheet(tuple(rows), tuple(ignored))


def _line(carried: Cell, own: int) -> int:
    """The line of the first file, where a read file is carried on to be applied."""
    text = str(carried)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 7 else own


def carried(rows: Iterable[SheetRow]) -> str:
    """Write rows as text that `read_sheet` reads back to the same rows."""
    buffer = io.StringIO()
    names = list(COLUMNS)
    writer = csv.writer(buffer, delimiter="\t", lineterminator="\n")
    writer.writerow([COLUMNS[name][0] for name in names])
    for row in rows:
        writer.writerow(
            [row.line if name == "line" else as_text(row.cells.get(name)) for name in names]
        )
    return buffer.getvalue()


def as_text(cell: Cell) -> str:
    """Return a cell as text; dates as ISO, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())
    text = " ".join(str(cell).split())
    # Our own files put this sign before a text that begins like a formula.
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_SIGNS else text
