"""`simpul demo`: a made-up Puskesmas to try."""

import argparse
import os
from typing import Any

from simpul.cli.commands.serve import add_address
from simpul.cli.output import give, progress, say

SIZES = ("small", "medium", "large", "empty")
DATA = "data/demo"


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "demo",
        help="Puskesmas contoh untuk dicoba",
        description=(
            "Membuat Puskesmas contoh dengan data karangan dan antrean pagi ini, lalu\n"
            "menjalankannya. Dijalankan lagi: data yang ada dipakai, antrean hari ini ditambah.\n"
            "Ukuran: small 400 pasien, medium 5.000, large 100.000 (beberapa menit),\n"
            "empty tanpa pasien. Folder data: SIMPUL_DATA (bawaan: data/demo)."
        ),
    )
    reader.add_argument(
        "--size", choices=SIZES, default="small", metavar="UKURAN", help=", ".join(SIZES)
    )
    reader.add_argument(
        "--no-serve", action="store_true", help="buat datanya saja, jangan dijalankan"
    )
    add_address(reader)
    reader.add_argument(
        "--json", action="store_true", help="dengan --no-serve: jawaban sebagai JSON"
    )
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Make the demo where there is none, freshen it, serve it."""
    os.environ["SIMPUL_DEMO"] = "1"
    if not os.environ.get("SIMPUL_DATA"):
        os.environ["SIMPUL_DATA"] = DATA
    from simpul.cli import serving
    from simpul.cli.preparing import collect_static, load_django

    port = serving.chosen_port(given.port)
    load_django()
    if not given.no_serve:
        serving.require_free(given.host, port)
    size, is_new = prepare(given.size)
    if given.no_serve:
        if given.json:
            give({"ok": True, "size": size, "made": is_new, **_counts()})
        else:
            say("Data contoh siap. Jalankan: simpul demo")
        serving.close_log()
        return 0
    collect_static()
    address = serving.address_of(given.host, port, for_others=False)
    return serving.serve(given.host, port, announcement=f"{log_ins()}\n{_invitation(address)}")


def prepare(size: str) -> tuple[str, bool]:
    """Make or freshen the demo; returns its size and whether it was made now."""
    from django.db import connection

    from simpul.cli.preparing import apply_migrations
    from simpul.demo import mark as marks

    if "facilities_facility" in connection.introspection.table_names():
        marks.refuse_real_site()
        if marks.is_half_made():
            from simpul.demo.making import discard_half_made

            say("Data contoh sebelumnya belum selesai dibuat; dibuat lagi dari awal.")
            discard_half_made()
    apply_migrations()
    mark = marks.read_mark()
    if mark is None:
        from simpul.demo.making import make_demo

        wanted = marks.SIZES[size]
        say(
            f"Membuat Puskesmas contoh ({size}: {wanted.patients} pasien, "
            f"{wanted.visits} kunjungan) …"
        )
        with progress() as tell:
            make_demo(size, tell)
        return size, True
    if mark.size != size:
        say(
            f"Data contoh ukuran “{mark.size}” sudah ada dan tetap dipakai. Untuk “{size}”, pakai "
            f"folder lain, misalnya SIMPUL_DATA=data/demo-{size}."
        )
    if marks.needs_morning():
        from simpul.demo.making import add_morning

        say("Hari baru: antrean pagi ini ditambahkan, yang lama tetap.")
        add_morning()
    return mark.size, False


def _counts() -> dict[str, int]:
    from simpul.service.patients.models import Patient
    from simpul.service.registration.models import Encounter

    return {"patients": Patient.objects.count(), "visits": Encounter.objects.count()}


def log_ins() -> str:
    """The table of who can sign in to the demo."""
    from simpul.demo.house import PASSWORD, STAFF
    from simpul.foundation.staff.models import Account

    there = set(Account.objects.filter(is_active=True).values_list("username", flat=True))
    lines = ["", "Nama masuk contoh (semua data karangan):", ""]
    for person in STAFF:
        if person.username in there:
            duty = str(person.role.label)
            if person.units:
                duty += f" ({', '.join(person.units)})"
            lines.append(f"  {person.username:<14} {duty}")
    lines += ["", f"Kata sandi semuanya: {PASSWORD}"]
    return "\n".join(lines)


def _invitation(address: str) -> str:
    return f"Buka {address}\nHentikan dengan Ctrl+C."
