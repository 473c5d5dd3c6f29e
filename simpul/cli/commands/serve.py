"""`simpul serve`: the program for a whole Puskesmas."""

import argparse
import sys
from typing import Any

from simpul.cli.output import say
from simpul.cli.serving import EVERYWHERE
from simpul.cli.wording import port_number

TRIES = 3


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "serve",
        help="jalankan Simpul",
        description=(
            "Menjalankan Simpul untuk semua komputer di jaringan. Basis data disiapkan sendiri.\n"
            "Pertama kali: akun pertama ditanyakan di sini, atau di halaman yang dibuka.\n"
            "Hentikan dengan Ctrl+C."
        ),
    )
    add_address(reader)
    reader.set_defaults(run=run)


def add_address(reader: argparse.ArgumentParser) -> None:
    """Add where to serve."""
    reader.add_argument(
        "--host",
        metavar="ALAMAT",
        default=EVERYWHERE[0],
        help="alamat yang dilayani (bawaan: 0.0.0.0, semua jaringan; 127.0.0.1: komputer ini)",
    )
    reader.add_argument(
        "--port", metavar="NOMOR", type=port_number, help="port (bawaan: PORT, atau 8000)"
    )


def run(given: argparse.Namespace) -> int:
    """Prepare what is not ready, then serve."""
    from simpul.cli import serving
    from simpul.cli.preparing import apply_migrations, collect_static, load_django

    port = serving.chosen_port(given.port)
    load_django()
    serving.require_free(given.host, port)
    apply_migrations()
    collect_static()
    first = _first_account()
    address = serving.address_of(given.host, port, for_others=True)
    words = f"Simpul berjalan di {address}"
    if not first:
        words += "\nBelum ada pengguna: buka alamat itu untuk membuat akun pertama."
    return serving.serve(given.host, port, announcement=f"{words}\nHentikan dengan Ctrl+C.")


def _first_account() -> bool:
    """Ask for the first account at a terminal; returns whether there is one."""
    from simpul.cli.commands.account import make_first
    from simpul.foundation.core.errors import Refused
    from simpul.foundation.facilities.selectors import is_set_up

    if is_set_up():
        return True
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    nothing = argparse.Namespace(
        facility=None, timezone=None, name=None, username=None, password_stdin=False
    )
    for _try in range(TRIES):
        try:
            say(f"Akun “{make_first(nothing)}” dibuat.")
        except Refused as refusal:
            say(refusal.message)
            for problem in refusal.errors:
                say(f"  {problem.message}")
        else:
            return True
    return False
