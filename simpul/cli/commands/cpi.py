"""`simpul cpi`: service times against their targets, from arguments or a file; no database."""

import argparse
from typing import Any

from simpul.cli.commands.wisn import (
    NoStudy,
    not_understood,
    parse_json,
    read_bytes,
    refuse,
    show_findings,
)
from simpul.cli.output import give

DIRECTIONS = ("target_over_realisation", "realisation_over_target", "lower_is_better")
UNITS = ("s", "min", "h")

#: Every heading a column may have.
_COLUMNS = {
    "name": (
        *("name", "nama", "kegiatan", "nama kegiatan", "uraian kegiatan", "jenis kegiatan"),
        *("pelayanan", "jenis pelayanan", "activity", "service"),
    ),
    "target": ("target", "target waktu", "waktu target", "standar", "standar waktu", "standard"),
    "realisation": (
        *("realisation", "realization", "realisasi", "waktu nyata", "realisasi waktu"),
        *("waktu realisasi", "actual", "rata rata waktu"),
    ),
    "unit": ("unit", "satuan", "satuan waktu"),
    "target_unit": ("target unit", "satuan target"),
    "realisation_unit": ("realisation unit", "satuan realisasi"),
    "printed": ("printed", "tercetak", "cpi tercetak", "cpi"),
}
_COLUMN_OF = {heading: column for column, names in _COLUMNS.items() for heading in names}
_TEXTS = ("name", "unit", "target_unit", "realisation_unit")
_UNITS = {
    **dict.fromkeys(("detik", "dtk", "second", "seconds", "sec"), "s"),
    **dict.fromkeys(("menit", "mnt", "minute", "minutes", "m"), "min"),
    **dict.fromkeys(("jam", "hour", "hours"), "h"),
}


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "cpi",
        help="hitung efektivitas waktu pelayanan",
        description=(
            "Membandingkan waktu pelayanan dengan targetnya (CPI), dari berkas JSON, CSV, atau\n"
            "XLSX (kolom: name, target, realisation, unit, printed), atau dari --target dan\n"
            "--realisation. Judul kolom boleh bahasa Indonesia. Tidak memakai basis data.\n"
            "Status akhir: 0 selesai, 1 ditolak (tempatnya disebut), 2 tidak dimengerti."
        ),
    )
    reader.add_argument(
        "file", nargs="?", metavar="BERKAS", help="JSON, CSV, atau XLSX; - masukan baku"
    )
    reader.add_argument("--target", metavar="WAKTU", help="target waktu, misalnya 10")
    reader.add_argument("--realisation", metavar="WAKTU", help="waktu nyata, misalnya 7,35")
    reader.add_argument(
        "--unit", choices=UNITS, default="min", help="satuan keduanya (bawaan: min, menit)"
    )
    reader.add_argument(
        "--direction",
        choices=DIRECTIONS,
        help="arah perbandingan (bawaan: target_over_realisation)",
    )
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=calculate_given)


def calculate_given(given: argparse.Namespace) -> int:
    """Compute the index of a file or of the two times given."""
    from simpul.domain.findings import Meaningless
    from simpul.planning.studies.calculations import NotUnderstood, cpi_of

    if bool(given.file) == (given.target is not None or given.realisation is not None):
        return not_understood(
            "tulis nama berkas, atau --target dan --realisation (salah satu)", given.json
        )
    if not given.file and None in (given.target, given.realisation):
        return not_understood("tulis --target dan --realisation bersama-sama", given.json)
    lines: list[str] = []
    try:
        result = cpi_of(_input(given, lines))
    except NoStudy as trouble:
        return not_understood(str(trouble), given.json)
    except NotUnderstood as trouble:
        return refuse(
            [(_place(each.where, lines), each.code, each.message) for each in trouble.troubles],
            given.json,
        )
    except Meaningless as trouble:
        return refuse([(trouble.where, trouble.code, trouble.message)], given.json)
    if given.json:
        give(result)
        return 0
    for row in result["results"]:
        print(f"{row['name']}: {row['sentence']}")
        for way in row["by_way"]:
            if way["direction"] != row["direction"]:
                print(f"  {way['label']}: {way['percent']:.2f} %".replace(".", ","))
        show_findings(row["findings"])
    show_findings(result["findings"])
    return 0


def _place(where: str, lines: list[str]) -> str:
    """Return a place of the input as a line of the table it came from, where it did."""
    words = where.split(".")
    if not lines or words[0] != "measures" or len(words) != 3:
        return where
    return f"{lines[int(words[1])]}, kolom {words[2]}"


def _input(given: argparse.Namespace, lines: list[str]) -> object:
    """Return the input; of a table, `lines` is filled with where each measure stands."""
    if not given.file:
        typed: dict[str, Any] = {
            "target": given.target,
            "realisation": given.realisation,
            "unit": given.unit,
        }
        return {**typed, "direction": given.direction}
    data = read_bytes(given.file)
    content: object
    if _is_table(data, given.file):
        content, places = _rows(data, given.file)
        lines.extend(places)
    else:
        content = parse_json(data, given.file)
    if isinstance(content, list):
        content = {"measures": content}
    if given.direction and isinstance(content, dict):
        content = {**content, "direction": given.direction}
    return content


def _is_table(data: bytes, name: str) -> bool:
    from simpul.planning.studies.workbook import is_workbook

    return is_workbook(name, data)


def _rows(data: bytes, name: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the rows of a table as measures, and where each of them stands in the file."""
    from simpul.domain.professions import plain
    from simpul.planning.intake.cells import is_blank, read_text
    from simpul.planning.intake.tables import Unusable, read_table

    try:
        table = read_table(data, name, lambda heading: plain(heading) in _COLUMN_OF)
    except Unusable as trouble:
        if trouble.code == "headings_missing":
            why = "baris judul kolom (name, target, realisation) tidak ada"
            raise NoStudy(f"{name}: {why}") from None
        raise NoStudy(f"{name}: {trouble.message}") from None
    fields = [_COLUMN_OF.get(plain(heading), heading) for heading in table.headings]
    rows: list[dict[str, Any]] = []
    for row in table.rows:
        cells: dict[str, Any] = {
            field: cell for field, cell in zip(fields, row.cells, strict=False) if field
        }
        for field in cells:
            if is_blank(cells[field]):
                cells[field] = None
            elif field in _TEXTS:
                text = read_text(cells[field])
                cells[field] = text if field == "name" else _UNITS.get(text.casefold(), text)
        rows.append(cells)
    return rows, [f"{table.unit} {row.line}" for row in table.rows]
