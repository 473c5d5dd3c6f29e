"""A study as a workbook: the empty template, and reading one (XLSX, or CSV with a `row` column).

Columns carry the names of the fixed input format; Indonesian names are read as well. XLSX has a
sheet for each kind of row. In a CSV the column `row` says the kind; where it is missing, a row
with a unit time is an activity, one with hours, minutes or percent an allowance. Free of Django.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Literal

from simpul.planning.intake.cells import Cell, Unreadable, is_blank, read_decimal, read_text
from simpul.planning.intake.tables import Row, Table, Unusable, headed, read_table
from simpul.planning.studies.input_reading import NotUnderstood, Trouble

Kind = Literal["study", "category", "activity", "allowance", "individual"]

SHEETS: dict[Kind, tuple[str, tuple[str, ...]]] = {
    "study": ("kajian", ("variant", "rounding", "name", "year")),
    "category": (
        "kategori",
        (
            "category", "staff", "minimum_cover", "working_days", "annual_leave", "training",
            "public_holidays", "absence", "hours_per_day", "hours_per_year", "source", "date",
        ),
    ),
    "activity": (
        "kegiatan",
        (
            "category", "name", "unit_time", "unit", "volume", "per", "unit_time_low",
            "unit_time_high", "volume_low", "volume_high", "last_year_volume",
        ),
    ),
    "allowance": ("kelonggaran", ("category", "name", "hours", "minutes", "percent", "per")),
    "individual": ("perorangan", ("category", "name", "staff", "hours", "minutes", "per")),
}  # fmt: skip

_NAMES: dict[str, tuple[str, ...]] = {
    "row": ("row", "baris", "jenis_baris"),
    "variant": ("variant", "cara", "metode"),
    "rounding": ("rounding", "pembulatan"),
    "year": ("year", "tahun_kajian"),
    "category": ("category", "kategori", "kategori_sdm", "kategori_tenaga"),
    "name": ("name", "nama", "activity", "kegiatan", "allowance", "kelonggaran", "kegiatan_pokok"),
    "staff": ("staff", "tenaga", "jumlah_tenaga", "orang", "jumlah_orang"),
    "minimum_cover": ("minimum_cover", "cakupan_minimum"),
    "working_days": ("working_days", "hari_kerja"),
    "annual_leave": ("annual_leave", "cuti", "cuti_tahunan"),
    "training": ("training", "pelatihan", "pendidikan"),
    "public_holidays": ("public_holidays", "libur", "libur_nasional", "hari_libur"),
    "absence": ("absence", "ketidakhadiran", "izin", "sakit_izin"),
    "hours_per_day": ("hours_per_day", "jam_per_hari"),
    "hours_per_year": ("hours_per_year", "jam_per_tahun"),
    "source": ("source", "sumber", "dasar_aturan"),
    "date": ("date", "tanggal_aturan"),
    "unit_time": ("unit_time", "waktu", "norma_waktu", "waktu_per_kegiatan", "rata_rata_waktu"),
    "unit": ("unit", "satuan", "satuan_waktu"),
    "unit_time_low": ("unit_time_low", "waktu_terendah"),
    "unit_time_high": ("unit_time_high", "waktu_tertinggi"),
    "volume": ("volume", "jumlah", "capaian", "kuantitas"),
    "per": ("per", "kurun"),
    "volume_low": ("volume_low", "volume_terendah"),
    "volume_high": ("volume_high", "volume_tertinggi"),
    "last_year_volume": ("last_year_volume", "volume_tahun_lalu"),
    "hours": ("hours", "jam"),
    "minutes": ("minutes", "menit"),
    "percent": ("percent", "persen"),
}
_FIELD_OF = {alias: name for name, aliases in _NAMES.items() for alias in aliases}
_KIND_OF: dict[str, Kind] = {
    word: kind for kind, (sheet, _) in SHEETS.items() for word in (kind, sheet)
} | {"kelonggaran_perorangan": "individual", "individual_allowance": "individual"}
_WORDS = {
    "detik": "s", "second": "s", "seconds": "s", "sec": "s",
    "menit": "min", "minute": "min", "minutes": "min", "m": "min",
    "jam": "h", "hour": "h", "hours": "h",
    "hari": "day", "minggu": "week", "bulan": "month", "tahun": "year",
    "harian": "day", "mingguan": "week", "bulanan": "month", "tahunan": "year",
}  # fmt: skip
#: Columns in which "1.668" is one thousand six hundred and sixty-eight, as Indonesians write it.
_GROUPED = {
    "volume", "volume_low", "volume_high", "last_year_volume", "hours_per_year", "working_days",
    "staff", "year",
}  # fmt: skip
_TEXTS = {"row", "variant", "rounding", "category", "name", "source", "date", "unit", "per"}
_WORKING_TIME = (
    "working_days", "annual_leave", "training", "public_holidays", "absence", "hours_per_day",
    "hours_per_year", "source", "date",
)  # fmt: skip
_NOTES = {
    "variant": "who_wisn, kepmenkes81, abk_kes, atau kep75",
    "rounding": "who, ordinary, atau up",
    "category": "Nama kategori tenaga, sama di semua lembar",
    "working_days": "Hari kerja setahun, misalnya 312",
    "hours_per_year": "Isi ini bila jam kerja setahun ditetapkan aturan; kosongkan kolom hari",
    "source": "Aturan yang menetapkan jam kerja setahun",
    "unit_time": "Waktu satu kegiatan",
    "unit": "s (detik), min (menit), atau h (jam)",
    "volume": "Banyak kegiatan per kurun",
    "per": "day (hari), week (minggu), month (bulan), atau year (tahun)",
    "hours": "Isi salah satu: jam, menit, atau persen",
    "minimum_cover": "Orang paling sedikit karena sif; bukan dari beban kerja",
}


@dataclass(frozen=True)
class _Line:
    """One row as read: where it stands, its kind and its values by field."""

    where: str
    kind: Kind
    values: dict[str, Any]


@dataclass
class _Gathering:
    troubles: list[Trouble] = field(default_factory=list)
    study: dict[str, Any] = field(default_factory=dict)
    categories: dict[str, dict[str, Any]] = field(default_factory=dict)


def is_workbook(name: str, data: bytes) -> bool:
    """Whether a file is a table rather than JSON, by its content first and its name second."""
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        return True
    return PurePath(name).suffix.lower() in {".csv", ".tsv", ".txt", ".xlsx", ".ods", ".xls"}


def read_workbook(data: bytes, name: str) -> dict[str, Any]:
    """Return the fixed input a workbook describes.

    Raises `Unusable` for a file that is no table, `NotUnderstood` naming every line refused.
    """
    gathered = _Gathering()
    for line in _lines(data, name, gathered):
        _gather(line, gathered)
    if not gathered.troubles and not gathered.categories:
        gathered.troubles.append(
            Trouble("kategori", "required", "Belum ada baris kategori atau kegiatan.")
        )
    if gathered.troubles:
        raise NotUnderstood(gathered.troubles)
    return {**gathered.study, "categories": list(gathered.categories.values())}


def _key(heading: str) -> str:
    """Return a heading as one word: lower case, words joined by one underscore."""
    kept = "".join(sign if sign.isalnum() else " " for sign in heading.casefold())
    return "_".join(kept.split())


def _knows(heading: str) -> bool:
    return _key(heading) in _FIELD_OF


def _lines(data: bytes, name: str, gathered: _Gathering) -> Iterator[_Line]:
    table = read_table(data, name, _knows)  # also refuses what cannot be opened at all
    if not (data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0"):
        yield from _table_lines(table, "", None, gathered)
        return
    import python_calamine  # a compiled reader; nothing else needs it loaded

    book = python_calamine.load_workbook(io.BytesIO(data))
    for number, title in enumerate(book.sheet_names[:20]):
        rows: list[Sequence[Cell]] = [
            list(row) for row in book.get_sheet_by_index(number).to_python(skip_empty_area=False)
        ]
        kind = _KIND_OF.get(_key(title))
        if kind is None and len(book.sheet_names) > 1:
            continue  # instructions, notes
        try:
            sheet = headed(rows, _knows)
        except Unusable:
            continue
        yield from _table_lines(sheet, f"lembar {title}, ", kind, gathered)


def _table_lines(
    table: Table, place: str, kind: Kind | None, gathered: _Gathering
) -> Iterator[_Line]:
    fields = [_FIELD_OF.get(_key(heading)) for heading in table.headings]
    for row in table.rows:
        where = f"{place}{table.unit} {row.line}"
        values = _values(row, fields, where, gathered)
        if not values:
            continue
        own = kind
        if own is None and "row" in values:
            own = _KIND_OF.get(_key(values["row"]))
            if own is None:
                gathered.troubles.append(
                    Trouble(
                        f"{where}, kolom row",
                        "unknown",
                        f"Pilih salah satu: {', '.join(sheet for sheet, _ in SHEETS.values())}.",
                    )
                )
                continue
        yield _Line(where, own or _guess(values), values)


def _guess(values: Mapping[str, Any]) -> Kind:
    if "unit_time" in values or "volume" in values:
        return "activity"
    if any(name in values for name in ("hours", "minutes", "percent")):
        return "allowance"
    return "category" if "category" in values else "study"


def _values(
    row: Row, fields: Sequence[str | None], where: str, gathered: _Gathering
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, cell in zip(fields, row.cells, strict=False):
        if name is None or is_blank(cell):
            continue
        if name in _TEXTS:
            text = read_text(cell)
            values[name] = _WORDS.get(text.casefold(), text) if name in {"unit", "per"} else text
            continue
        try:
            values[name] = _number(name, cell)
        except Unreadable as trouble:
            gathered.troubles.append(
                Trouble(f"{where}, kolom {name}", "type", f"{trouble}. Tulis angka.")
            )
    return values


def _number(name: str, cell: Cell) -> Decimal | None:
    if name in _GROUPED and isinstance(cell, str):
        text = cell.strip()
        groups = text.split(".")
        if len(groups) > 1 and all(len(g) == 3 and g.isdigit() for g in groups[1:]):
            return read_decimal("".join(groups))
    return read_decimal(cell)


def _gather(line: _Line, gathered: _Gathering) -> None:
    values = line.values
    if line.kind == "study":
        gathered.study |= {
            name: values[name] for name in ("variant", "rounding", "name", "year") if name in values
        }
        return
    name = values.get("category") or (values.get("name") if line.kind == "category" else None)
    if name is None:
        gathered.troubles.append(
            Trouble(f"{line.where}, kolom category", "required", "Isi nama kategori tenaganya.")
        )
        return
    category = gathered.categories.setdefault(
        name, {"name": name, "activities": [], "allowances": [], "individual_allowances": []}
    )
    if line.kind == "category":
        time = {each: values[each] for each in _WORKING_TIME if each in values}
        if time:
            category["working_time"] = time
        category |= {each: values[each] for each in ("staff", "minimum_cover") if each in values}
    elif line.kind == "activity":
        _activity(line, category, gathered)
    else:
        kept = ("name", "hours", "minutes", "percent", "per")
        row = {each: values[each] for each in kept if each in values}
        if line.kind == "individual":
            row |= {"staff": values["staff"]} if "staff" in values else {}
            category["individual_allowances"].append(row)
        else:
            category["allowances"].append(row)
        if sum(each in values for each in ("hours", "minutes", "percent")) != 1:
            gathered.troubles.append(
                Trouble(
                    f"{line.where}, kolom hours",
                    "required",
                    "Isi salah satu saja: hours, minutes, atau percent.",
                )
            )


def _activity(line: _Line, category: dict[str, Any], gathered: _Gathering) -> None:
    values = line.values
    for needed in ("unit_time", "volume"):
        if needed not in values:
            gathered.troubles.append(
                Trouble(f"{line.where}, kolom {needed}", "required", "Bagian ini perlu diisi.")
            )
    time = {"value": values.get("unit_time")}
    for name, column in (("unit", "unit"), ("low", "unit_time_low"), ("high", "unit_time_high")):
        if column in values:
            time[name] = values[column]
    row: dict[str, Any] = {"unit_time": time}
    for name in ("name", "volume", "per", "volume_low", "volume_high", "last_year_volume"):
        if name in values:
            row[name] = values[name]
    category["activities"].append(row)


def write_template() -> bytes:
    """Return the empty template as an XLSX file, with what each column wants as a note."""
    import xlsxwriter  # type: ignore[import-untyped]  # loaded only for this

    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EEF4"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("petunjuk")
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 80)
    lines = (
        ("Kajian kebutuhan tenaga", "Isi lembar kajian, kategori, kegiatan, dan kelonggaran."),
        ("Hitung", "simpul wisn BERKAS.xlsx"),
        *_NOTES.items(),
    )
    for number, (name, text) in enumerate(lines):
        sheet.write_string(number, 0, name, head)
        sheet.write_string(number, 1, text, wrap)
    choices = {
        "variant": ["who_wisn", "kepmenkes81", "abk_kes", "kep75"],
        "rounding": ["who", "ordinary", "up"],
        "unit": ["s", "min", "h"],
        "per": ["year", "month", "week", "day"],
    }
    for title, columns in SHEETS.values():
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        for number, name in enumerate(columns):
            sheet.write_string(0, number, name, head)
            sheet.set_column(number, number, 26 if name in {"category", "name", "source"} else 15)
            if name in _NOTES:
                sheet.write_comment(0, number, _NOTES[name])
            if name in choices:
                sheet.data_validation(
                    1, number, 500, number, {"validate": "list", "source": choices[name]}
                )
    book.close()
    return into.getvalue()
