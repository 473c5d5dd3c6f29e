"""`simpul migrate`: bring the database to this version."""

import argparse
from typing import Any

from simpul.cli.output import give, say


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "migrate",
        help="siapkan basis data untuk versi ini",
        description=(
            "Menyiapkan basis data untuk versi ini. Aman diulang: yang sudah siap tidak diubah.\n"
            "`simpul serve` menjalankannya sendiri."
        ),
    )
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Apply what is pending."""
    from simpul.cli.preparing import apply_migrations, load_django

    load_django()
    steps = apply_migrations()
    if given.json:
        give({"ok": True, "applied": steps})
    else:
        say(f"Selesai: {steps} langkah." if steps else "Basis data sudah siap.")
    return 0
