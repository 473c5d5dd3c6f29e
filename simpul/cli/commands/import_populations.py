"""`simpul import populations`: people per village, for access on the map."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simpul.cli.given_files import MOST_NAMED, read_whole, refuse_file
from simpul.cli.output import give, say


def describe(kinds: Any) -> None:
    """Say what the command does and takes."""
    reader = kinds.add_parser(
        "populations",
        help="penduduk per desa",
        description=(
            "Memasukkan jumlah penduduk per desa (CSV, XLSX, JSON) untuk menghitung akses.\n"
            "Kolom: code atau name (desa), district (kecamatan), population (penduduk), year\n"
            "(tahun), lat dan lon bila tidak ada batas desa. Nama yang tidak cocok disimpan dan\n"
            "menunggu dicocokkan di halaman Peta."
        ),
    )
    reader.add_argument("file", metavar="BERKAS", help="tabel penduduk")
    reader.add_argument(
        "--year",
        type=_year,
        default=None,
        metavar="TAHUN",
        help="tahun datanya, bila tabel tidak menyebut (bawaan: tahun ini)",
    )
    reader.add_argument(
        "--source", default="", metavar="SUMBER", help="asal datanya; ditampilkan di peta"
    )
    reader.add_argument("--dry-run", action="store_true", help="periksa saja, jangan disimpan")
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Read the table, store it, name what was refused and what waits."""
    from simpul.cli.preparing import load_django

    load_django()
    from simpul.planning.intake.tables import Unusable
    from simpul.planning.maps.populations import read_populations
    from simpul.planning.maps.services import import_populations

    year = given.year or datetime.now(UTC).astimezone().year
    try:
        read = read_populations(read_whole(given.file), given.file, year=year)
    except Unusable as trouble:
        return refuse_file(trouble.code, trouble.message, as_json=given.json)
    done = import_populations(
        read.rows,
        by=None,
        source=given.source or Path(given.file).name,
        dry_run=given.dry_run,
    )
    if given.json:
        give(
            {
                "ok": not read.refused,
                "dry_run": given.dry_run,
                "new": done.new,
                "changed": done.changed,
                "same": done.same,
                "unmatched": list(done.unmatched),
                "refused": [asdict(one) for one in read.refused],
            }
        )
    else:
        what = "akan disimpan" if given.dry_run else "disimpan"
        say(
            f"{done.total} desa {what}: {done.new} baru, {done.changed} berubah, {done.same} sama; "
            f"{len(done.unmatched)} nama belum cocok."
        )
        for one in read.refused[:MOST_NAMED]:
            say(f"  Baris {one.line} ditolak ({one.where}): {one.message}")
        if len(read.refused) > MOST_NAMED:
            say(f"  … dan {len(read.refused) - MOST_NAMED} lagi (semua: --json)")
    return 1 if read.refused else 0


def _year(text: str) -> int:
    if text.isascii() and text.isdigit() and 1900 <= int(text) <= 2200:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} bukan tahun")
