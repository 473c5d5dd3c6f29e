"""`simpul import regions`: outlines of kecamatan or desa for the map, from GeoJSON."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from simpul.cli.given_files import MOST_NAMED, read_whole, refuse_file
from simpul.cli.output import give, progress, say


def describe(kinds: Any) -> None:
    """Say what the command does and takes."""
    reader = kinds.add_parser(
        "regions",
        help="batas wilayah dari GeoJSON",
        description=(
            "Memasukkan batas kecamatan, desa, atau wilayah lain untuk peta. Kode Kemendagri\n"
            "dibaca dari properties (code, kode, …) atau id; kode yang sudah ada diganti.\n"
            "Batas ini untuk peta tematik, bukan batas hukum."
        ),
    )
    reader.add_argument("file", metavar="BERKAS", help="GeoJSON, WGS84")
    reader.add_argument(
        "--level",
        choices=("provinsi", "kabupaten", "kecamatan", "desa", "lain"),
        default="",
        metavar="TINGKAT",
        help="bila kodenya tidak menyebut: provinsi, kabupaten, kecamatan, desa, lain",
    )
    reader.add_argument(
        "--source", default="", metavar="SUMBER", help="asal dan lisensinya; ditampilkan di peta"
    )
    reader.add_argument("--dry-run", action="store_true", help="periksa saja, jangan disimpan")
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Read the file, store what can be stored, name what cannot."""
    from simpul.cli.preparing import load_django

    load_django()
    from simpul.planning.maps.geojson import NotOutlines, read_outlines
    from simpul.planning.maps.services import import_regions

    try:
        data = read_whole(given.file)
        with progress() as tell:
            read = read_outlines(
                data,
                level=given.level,
                tell=lambda done, total: tell("Membaca wilayah", done, total),
            )
            done = import_regions(
                read.outlines,
                by=None,
                source=given.source or Path(given.file).name,
                dry_run=given.dry_run,
                tell=tell,
            )
    except NotOutlines as trouble:
        return refuse_file(trouble.code, trouble.message, as_json=given.json)
    if given.json:
        give(
            {
                "ok": not read.refused,
                "dry_run": given.dry_run,
                "new": done.new,
                "changed": done.changed,
                "same": done.same,
                "refused": [asdict(one) for one in read.refused],
                "notes": [asdict(one) for one in read.notes],
            }
        )
    else:
        what = "akan disimpan" if given.dry_run else "disimpan"
        say(
            f"{done.total} wilayah {what}: {done.new} baru, {done.changed} berubah, "
            f"{done.same} sama."
        )
        for one in (*read.refused[:MOST_NAMED], *read.notes[:MOST_NAMED]):
            left = "ditolak" if one in read.refused else "catatan"
            say(f"  Wilayah ke-{one.number} {one.name or '(tanpa nama)'} {left}: {one.message}")
        if len(read.refused) > MOST_NAMED:
            say(f"  … dan {len(read.refused) - MOST_NAMED} ditolak lagi (semua: --json)")
    return 1 if read.refused else 0
