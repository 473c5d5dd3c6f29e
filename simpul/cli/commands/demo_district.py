"""`simpul demo-district`: a made-up Dinas and three Puskesmas on one computer."""

import argparse
import os
from pathlib import Path
from typing import Any

from simpul.cli.wording import port_number

DATA = "data/demo-district"


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "demo-district",
        help="Dinas dan tiga Puskesmas contoh untuk dicoba",
        description=(
            "Menjalankan server Dinas dan tiga Puskesmas contoh dengan kunjungan karangan,\n"
            "agar terlihat bagaimana data sampai di Dinas, dan apa yang terjadi bila putus.\n"
            "Dinas memakai PostgreSQL: SIMPUL_HUB_DATABASE_URL, atau yang dibuat sendiri di\n"
            "folder data. Dijalankan lagi: data tetap. Folder data: SIMPUL_DATA (bawaan:\n"
            "data/demo-district). Hentikan semua dengan Ctrl+C."
        ),
    )
    reader.add_argument(
        "--port",
        metavar="NOMOR",
        type=port_number,
        help="port Dinas; Puskesmas memakai tiga berikutnya (bawaan: PORT, atau 8000)",
    )
    reader.add_argument("--quiet", action="store_true", help="tanpa kunjungan karangan")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Prepare what is not there, run everything until told to stop."""
    from simpul.cli import serving
    from simpul.cli.district import District

    port = serving.chosen_port(given.port)
    folder = Path(os.environ.get("SIMPUL_DATA") or DATA).expanduser().absolute()
    return District(folder, port, has_traffic=not given.quiet).run()
