"""`simpul worker`: what is done in the background, as a process of its own."""

import argparse
from typing import Any

from simpul.cli.output import give, say


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "worker",
        help="kirim ke Dinas dan cadangkan di latar belakang",
        description=(
            "Mengirim ke Dinas dan membuat cadangan yang sudah waktunya, dengan prioritas rendah.\n"
            "`simpul serve` menjalankannya sendiri; perintah ini hanya untuk menjalankannya\n"
            "terpisah (bersama `simpul serve --no-worker`). Hentikan dengan Ctrl+C."
        ),
    )
    reader.add_argument("--once", action="store_true", help="satu putaran saja, lalu selesai")
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Work until told to end."""
    from simpul.cli.preparing import load_django

    load_django()
    from simpul.cli.working import TAKEN, work

    status = work(once=given.once)
    if status == TAKEN:
        if given.json:
            give({"ok": True, "running": True})
        say("Pekerja latar belakang sudah berjalan di folder data ini; yang ini tidak perlu.")
        return TAKEN
    if given.json:
        give({"ok": status == 0, "running": False})
    return status
