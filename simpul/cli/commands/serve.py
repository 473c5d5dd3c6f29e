"""`simpul serve`: the program for a whole Puskesmas."""

import argparse
import os
import sys
from typing import Any

from simpul.cli.output import say
from simpul.cli.serving import EVERYWHERE, Https
from simpul.cli.wording import port_number
from simpul.foundation.core.errors import Refused

TRIES = 3


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "serve",
        help="jalankan Simpul",
        description=(
            "Menjalankan Simpul untuk semua komputer di jaringan. Basis data disiapkan sendiri.\n"
            "Pertama kali: akun pertama ditanyakan di sini, atau di halaman yang dibuka.\n"
            "Untuk komputer lain dipakai https dengan sertifikat buatan sendiri; cara memasangnya\n"
            "ada di halaman /pasang-sertifikat. Di 127.0.0.1 cukup http.\n"
            "Hentikan dengan Ctrl+C."
        ),
    )
    add_address(reader)
    reader.add_argument(
        "--http",
        action="store_true",
        help="tanpa https: untuk dicoba, atau di belakang server https lain (lihat SIMPUL_HTTPS)",
    )
    reader.add_argument(
        "--http-port",
        metavar="NOMOR",
        type=port_number,
        help="pintu http yang mengantar ke https (bawaan: 8000)",
    )
    reader.add_argument(
        "--no-worker",
        action="store_true",
        help="tanpa pekerja latar belakang; jalankan sendiri dengan simpul worker",
    )
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
        "--port",
        metavar="NOMOR",
        type=port_number,
        help="port (bawaan: PORT, atau 8000; 8443 dengan https)",
    )


def run(given: argparse.Namespace) -> int:
    """Prepare what is not ready, then serve."""
    from simpul.cli import serving
    from simpul.cli.preparing import apply_migrations, collect_static, load_django

    is_secure = not given.http and given.host not in serving.LOOPBACK
    default = serving.SECURE_PORT if is_secure else serving.DEFAULT_PORT
    port = serving.chosen_port(given.port, default=default)
    https = _prepare_https(given, port) if is_secure else None
    load_django()
    serving.require_free(given.host, port)
    apply_migrations()
    collect_static()
    first = _first_account()
    scheme = "https" if https is not None else "http"
    address = serving.address_of(given.host, port, for_others=True, scheme=scheme)
    words = f"Simpul berjalan di {address}"
    if https is not None:
        words += (
            f"\nPasang sertifikat di tiap komputer, satu kali: {_install_address(given, https)}"
        )
    if not first:
        words += "\nBelum ada pengguna: buka alamat itu untuk membuat akun pertama."
    words += "\nHentikan dengan Ctrl+C."
    return serving.serve(
        given.host, port, announcement=words, https=https, has_worker=not given.no_worker
    )


def _prepare_https(given: argparse.Namespace, port: int) -> Https:
    """Make the certificates and choose the plain door, before the settings are read."""
    from simpul.cli import serving
    from simpul.cli.certificates import ensure, site_folder

    data = site_folder()
    door: int | None = given.http_port
    if door is None:
        door = serving.DEFAULT_PORT if port != serving.DEFAULT_PORT else serving.OTHER_DOOR
    serving.require_free(given.host, port)
    try:
        serving.require_free(given.host, door)
    except Refused as refusal:
        if given.http_port is not None:
            raise
        say(f"{refusal.message} Pintu http tidak dibuka; https tetap berjalan.")
        door = None
    _files, is_new = ensure(data)
    if is_new:
        say("Sertifikat server dibuat.")
    https = serving.Https(data, door)
    # Cookies of a session travel over https alone from here on.
    os.environ["SIMPUL_HTTPS"] = "1"
    os.environ["SIMPUL_INSTALL_ADDRESS"] = _install_address(given, https)
    return https


def _install_address(given: argparse.Namespace, https: Https) -> str:
    from simpul.cli import serving

    if https.door is None:
        return "/pasang-sertifikat"
    return f"{serving.address_of(given.host, https.door, for_others=True)}/pasang-sertifikat"


def _first_account() -> bool:
    """Ask for the first account at a terminal; returns whether there is one."""
    from simpul.cli.commands.account import make_first
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
