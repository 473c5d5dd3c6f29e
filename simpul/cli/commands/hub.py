"""`simpul hub`: at the Dinas, which facilities' servers may send."""

import argparse
from typing import Any

from simpul.cli.output import give, say

STATES = {"active": "aktif", "suspect": "ditahan", "revoked": "dicabut"}


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "hub",
        help="di Dinas: server Puskesmas mana yang boleh mengirim",
        description=(
            "Di server Dinas (SIMPUL_ROLE=hub): mendaftarkan server Puskesmas, melihatnya,\n"
            "mencabutnya, dan memutuskan yang ditahan."
        ),
    )
    acts = reader.add_subparsers(title="perintah", metavar="PERINTAH", required=True)
    code = acts.add_parser(
        "enrol-code",
        help="buat kode pendaftaran sekali pakai",
        description=(
            "Membuat kode yang diketik di Puskesmas: berlaku 24 jam, sekali pakai. Untuk\n"
            "Puskesmas yang sudah terdaftar, kodenya hanya untuk server penggantinya."
        ),
    )
    code.add_argument("facility", metavar="PUSKESMAS", help="namanya, atau nomornya bila sudah ada")
    code.set_defaults(run=make)
    nodes = acts.add_parser(
        "nodes",
        help="tampilkan server Puskesmas",
        description="Menampilkan setiap Puskesmas: keadaannya, dan kapan terakhir terdengar.",
    )
    nodes.set_defaults(run=show)
    revoke = acts.add_parser(
        "revoke",
        help="cabut satu server",
        description=(
            "Tidak menerima apa pun lagi dari server itu, misalnya karena dicuri. Yang sudah\n"
            "dikirim tetap. Untuk server penggantinya: simpul hub enrol-code NAMA."
        ),
    )
    decide = acts.add_parser(
        "decide",
        help="lanjutkan server yang ditahan",
        description=(
            "Melanjutkan server yang ditahan karena tampak ada dua dengan identitas yang sama.\n"
            "Pastikan dahulu hanya satu yang menyala; yang lain harus didaftarkan dengan kode baru."
        ),
    )
    for one, act in ((revoke, take_away), (decide, let_go_on)):
        one.add_argument("node", metavar="PUSKESMAS", help="nama atau nomornya")
        one.set_defaults(run=act)
    for one in (code, nodes, revoke, decide):
        one.add_argument("--json", action="store_true", help="jawaban sebagai JSON")


def _at_hub() -> None:
    from simpul.cli.preparing import load_django

    load_django()
    from django.conf import settings

    from simpul.foundation.core.errors import Refused

    if settings.SIMPUL_ROLE != "hub":
        raise Refused(
            "Server ini milik Puskesmas, bukan Dinas (SIMPUL_ROLE=facility). Tidak ada yang "
            "diubah; jalankan perintah ini di server Dinas.",
            "not_a_hub",
        )


def make(given: argparse.Namespace) -> int:
    """Make a code and show it once."""
    _at_hub()
    from simpul.exchange.hub.enrolment import make_code

    code = make_code(given.facility)
    if given.json:
        give({"code": code.code, "name": code.name, "node": code.node, "until": code.until})
        return 0
    whose = "server pengganti" if code.node else "server"
    say(f"Kode untuk {whose} {code.name}, berlaku sampai {code.until:%d-%m-%Y %H.%M} UTC:")
    print(code.code)
    say("Di Puskesmas: simpul sync enrol KODE --hub https://ALAMAT-DINAS")
    return 0


def show(given: argparse.Namespace) -> int:
    """Name every facility that may send."""
    _at_hub()
    from simpul.exchange.hub.models import HubNode

    rows = list(HubNode.objects.order_by("name"))
    if given.json:
        give({"items": [_facts(row) for row in rows]})
        return 0
    if not rows:
        say("Belum ada Puskesmas. Buat kode dengan: simpul hub enrol-code NAMA")
    for row in rows:
        seen = f"{row.seen_at:%Y-%m-%d %H.%M} UTC" if row.seen_at else "belum pernah"
        print(f"{row.node}  {row.name}  {STATES[row.state]}  terakhir terdengar {seen}")
    return 0


def take_away(given: argparse.Namespace) -> int:
    """Revoke one server."""
    _at_hub()
    from simpul.exchange.hub.enrolment import revoke

    node = revoke(given.node)
    return _told(given, node, f"{node.name} dicabut: tidak ada lagi yang diterima dari server itu.")


def let_go_on(given: argparse.Namespace) -> int:
    """Let a suspect server go on."""
    _at_hub()
    from simpul.exchange.hub.enrolment import decide

    node = decide(given.node)
    return _told(given, node, f"{node.name} dilanjutkan; kirimannya masuk lagi dalam 10 menit.")


def _told(given: argparse.Namespace, node: Any, sentence: str) -> int:
    if given.json:
        give({"ok": True, **_facts(node)})
    else:
        say(sentence)
    return 0


def _facts(row: Any) -> dict[str, Any]:
    return {
        "node": row.node,
        "name": row.name,
        "state": row.state,
        "enrolled_at": row.enrolled_at,
        "seen_at": row.seen_at,
        "info": row.info,
    }
