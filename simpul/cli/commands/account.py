"""`simpul account create`: give a person an account; the first one also names the Puskesmas."""

import argparse
import sys
from typing import Any

from simpul.cli.commands.token import ROLES
from simpul.cli.output import give, say


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "account",
        help="akun pengguna",
        description="Membuat akun pengguna.",
    )
    acts = reader.add_subparsers(title="perintah", metavar="PERINTAH", required=True)
    create = acts.add_parser(
        "create",
        help="buat akun",
        description=(
            "Membuat akun. Yang tidak ditulis di sini akan ditanyakan.\n"
            "Akun pertama juga menanyakan nama Puskesmas, dan mendapat peran kepala dan\n"
            "petugas IT. Tidak ada kata sandi bawaan."
        ),
    )
    create.add_argument("--facility", metavar="NAMA", help="nama Puskesmas (akun pertama saja)")
    create.add_argument(
        "--timezone", choices=("WIB", "WITA", "WIT"), help="waktu setempat (akun pertama saja)"
    )
    create.add_argument("--name", metavar="NAMA", help="nama lengkap")
    create.add_argument("--username", metavar="NAMA", help="nama pengguna untuk masuk")
    create.add_argument(
        "--role",
        action="append",
        choices=ROLES,
        metavar="PERAN",
        help=f"peran, boleh lebih dari satu: {', '.join(ROLES)}",
    )
    create.add_argument(
        "--unit", action="append", metavar="UNIT", help="unit tugas, misalnya umum (bawaan: semua)"
    )
    create.add_argument(
        "--password-stdin",
        action="store_true",
        help="baca kata sandi dari masukan baku (untuk skrip)",
    )
    create.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    create.set_defaults(run=create_one)


def create_one(given: argparse.Namespace) -> int:
    """Make an account, asking for what was not given."""
    from simpul.cli.preparing import apply_migrations, load_django

    load_django()
    apply_migrations()
    from simpul.foundation.facilities.selectors import is_set_up

    username = make_account(given) if is_set_up() else make_first(given)
    if given.json:
        give({"ok": True, "username": username})
    else:
        say(f"Akun “{username}” dibuat.")
    return 0


def make_first(given: argparse.Namespace) -> str:
    """Ask for the Puskesmas and its first person; returns the user name."""
    from simpul.foundation.administration.services import FirstStart, make_first_account
    from simpul.foundation.facilities.models import TimeZone

    say("Simpul baru dipasang dan belum mempunyai pengguna. Mari buat akun pertama.")
    facility = given.facility or ask("Nama Puskesmas")
    zone = given.timezone or (ask("Waktu setempat (WIB, WITA, WIT)", otherwise="WIB").upper())
    name = given.name or ask("Nama lengkap Anda")
    username = given.username or ask("Nama pengguna (huruf kecil, misalnya dewi)")
    password, again = ask_password(given)
    account = make_first_account(
        FirstStart(
            facility_name=facility,
            name=name,
            username=username,
            password=password,
            password_again=again,
            timezone=TimeZone[zone].value if zone in TimeZone.names else zone,
        )
    )
    return account.username


def make_account(given: argparse.Namespace) -> str:
    """Ask for one more person; returns the user name."""
    from simpul.foundation.administration.services import NewAccount, open_account
    from simpul.foundation.core.errors import Problem, Refused

    name = given.name or ask("Nama lengkap")
    username = given.username or ask("Nama pengguna (huruf kecil, misalnya dewi)")
    roles = given.role or ask(f"Peran ({', '.join(ROLES)})").replace(",", " ").split()
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise Refused(
            f"Peran tidak dikenal: {', '.join(unknown) or '(kosong)'}. Akun belum dibuat.",
            "role_unknown",
            errors=(Problem("role", "unknown", f"Pilih dari: {', '.join(ROLES)}."),),
        )
    password, again = ask_password(given)
    if password != again:
        raise Refused("Kedua sandi belum sama. Akun belum dibuat.", "passwords_differ")
    account = open_account(
        NewAccount(
            name=name,
            username=username,
            password=password,
            roles=tuple(roles),
            units=tuple(given.unit or ()),
        )
    )
    return account.username


def ask(question: str, *, otherwise: str = "") -> str:
    """Ask the person at the terminal; refuse where there is none."""
    if not sys.stdin.isatty():
        from simpul.foundation.core.errors import Refused

        raise Refused(
            f"{question}: belum diberikan, dan tidak ada terminal untuk menanyakannya. "
            "Tulis sebagai pilihan; lihat simpul account create --help",
            "answer_missing",
        )
    shown = f" [{otherwise}]" if otherwise else ""
    while True:
        print(f"{question}{shown}: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        if line.strip() or otherwise:
            return line.strip() or otherwise


def ask_password(given: argparse.Namespace) -> tuple[str, str]:
    """Ask twice for a password without showing it."""
    if given.password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        return password, password
    if not sys.stdin.isatty():
        return ask("Kata sandi"), ""
    from getpass import getpass

    return getpass("Kata sandi: "), getpass("Kata sandi sekali lagi: ")
