"""`simpul cpi`: service times against their targets, from arguments or a file; no database."""

import argparse
import csv
import io
from pathlib import PurePath
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


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "cpi",
        help="hitung efektivitas waktu pelayanan",
        description=(
            "Membandingkan waktu pelayanan dengan targetnya (CPI), dari berkas JSON atau CSV\n"
            "(kolom: name, target, realisation, unit, printed), atau dari --target dan\n"
            "--realisation. Tidak memakai basis data.\n"
            "Status akhir: 0 selesai, 1 ditolak (tempatnya disebut), 2 tidak dimengerti."
        ),
    )
    reader.add_argument("file", nargs="?", metavar="BERKAS", help="JSON atau CSV; - masukan baku")
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
    try:
        result = cpi_of(_input(given))
    except NoStudy as trouble:
        return not_understood(str(trouble), given.json)
    except NotUnderstood as trouble:
        return refuse(
            [(each.where, each.code, each.message) for each in trouble.troubles], given.json
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


def _input(given: argparse.Namespace) -> object:
    if not given.file:
        typed: dict[str, Any] = {
            "target": given.target,
            "realisation": given.realisation,
            "unit": given.unit,
        }
        return {**typed, "direction": given.direction}
    data = read_bytes(given.file)
    content = (
        _rows(data, given.file)
        if PurePath(given.file).suffix.lower() in {".csv", ".tsv"}
        else parse_json(data, given.file)
    )
    if isinstance(content, list):
        content = {"measures": content}
    if given.direction and isinstance(content, dict):
        content = {**content, "direction": given.direction}
    return content


def _rows(data: bytes, name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV; a semicolon parts the columns where commas are decimals."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoStudy(f"{name}: bukan CSV UTF-8") from None
    first = text.splitlines()[0] if text.strip() else ""
    if "target" not in first.casefold():
        raise NoStudy(f"{name}: baris judul kolom (name, target, realisation) tidak ada")
    separator = max(",;\t", key=first.count)
    names = {"nama": "name", "kegiatan": "name", "realisasi": "realisation", "satuan": "unit"}
    units = {"detik": "s", "menit": "min", "jam": "h"}
    rows = []
    for row in csv.DictReader(io.StringIO(text), delimiter=separator):
        cells = {
            names.get(key.strip().casefold(), key.strip().casefold()): (value or "").strip()
            for key, value in row.items()
            if isinstance(key, str) and isinstance(value, str | None)
        }
        cells["unit"] = units.get(cells.get("unit", "").casefold(), cells.get("unit", ""))
        if any(cells.values()):
            rows.append(cells)
    return rows
