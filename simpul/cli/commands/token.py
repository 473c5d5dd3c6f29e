"""`simpul token`: keys with which programs use the API."""

import argparse
from typing import Any

from simpul.cli.output import give, say

ROLES = (
    "pendaftaran", "perawat", "dokter", "dokter_gigi", "bidan", "farmasi", "laboratorium",
    "perekam_medis", "kepala", "petugas_it", "petugas_dinas",
)  # fmt: skip


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "token",
        help="kunci untuk program yang memakai API",
        description="Membuat dan mencabut token, yaitu kunci bagi program yang memakai API.",
    )
    acts = reader.add_subparsers(title="perintah", metavar="PERINTAH", required=True)
    create = acts.add_parser(
        "create",
        help="buat token",
        description=(
            "Membuat token. Token hanya ditampilkan sekali ini; simpan di tempat yang aman.\n"
            "Dikirim program sebagai: Authorization: Bearer TOKEN"
        ),
    )
    whose = create.add_mutually_exclusive_group(required=True)
    whose.add_argument("--user", metavar="NAMA", help="bertindak sebagai pengguna ini")
    whose.add_argument(
        "--role", choices=ROLES, metavar="PERAN", help=f"program dengan peran: {', '.join(ROLES)}"
    )
    create.add_argument("--name", metavar="NAMA", default="", help="catatan: untuk program apa")
    create.add_argument(
        "--days", metavar="HARI", type=int, help="berlaku sekian hari (bawaan: sampai dicabut)"
    )
    create.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    create.set_defaults(run=create_one)
    listing = acts.add_parser(
        "list",
        help="tampilkan token yang masih berlaku",
        description="Menampilkan token yang berlaku: nomor, pengguna, catatan, sampai kapan.",
    )
    listing.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    listing.set_defaults(run=list_all)
    revoke = acts.add_parser(
        "revoke",
        help="cabut token",
        description="Mencabut token. Dalam beberapa detik program itu tidak dapat masuk lagi.",
    )
    revoke.add_argument("token", metavar="TOKEN", help="token, atau nomornya (id) saat dibuat")
    revoke.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    revoke.set_defaults(run=revoke_one)


def create_one(given: argparse.Namespace) -> int:
    """Make a token and show it once."""
    from datetime import timedelta

    from simpul.cli.preparing import load_django

    load_django()
    from simpul.foundation.administration.services import create_role_token, create_token
    from simpul.foundation.core.clock import now
    from simpul.foundation.core.errors import Refused
    from simpul.foundation.staff.models import Account

    if given.days is not None and not 0 < given.days <= 3650:
        raise Refused("Masa berlaku: 1 sampai 3650 hari. Token belum dibuat.", "days_refused")
    until = None if given.days is None else now() + timedelta(days=given.days)
    if given.user:
        token, row = create_token(username=given.user, name=given.name, expires_at=until)
    else:
        token, row = create_role_token(given.role, name=given.name)
        if until is not None:
            row.expires_at = until
            row.save(update_fields=["expires_at"])
    user = Account.objects.get(id=row.account_uuid).username
    if given.json:
        give({"token": token, "id": row.id, "user": user, "expires_at": until})
    else:
        say(f"Token untuk {user} (id {row.id}). Hanya ditampilkan sekali ini:")
        print(token)
    return 0


def list_all(given: argparse.Namespace) -> int:
    """Name the tokens that open the door today; never the tokens themselves."""
    from simpul.cli.preparing import load_django

    load_django()
    from simpul.foundation.administration.selectors import list_tokens

    rows = list_tokens()
    if given.json:
        give({"items": [vars(row) for row in rows]})
        return 0
    if not rows:
        say("Tidak ada token yang berlaku. Buat dengan: simpul token create --role PERAN")
    for row in rows:
        until = f"sampai {row.expires_at:%Y-%m-%d}" if row.expires_at else "sampai dicabut"
        say(f"{row.id}  {row.user}  {row.name or '–'}  dibuat {row.created_at:%Y-%m-%d}, {until}")
    return 0


def revoke_one(given: argparse.Namespace) -> int:
    """Take a token away."""
    import uuid

    from simpul.cli.preparing import load_django

    load_django()
    from simpul.foundation.administration.services import revoke_token
    from simpul.foundation.staff.models import ApiToken
    from simpul.foundation.staff.selectors import token_digest

    row = ApiToken.objects.filter(digest=token_digest(given.token)).first()
    try:
        token_id = row.id if row is not None else uuid.UUID(given.token)
    except ValueError:
        token_id = uuid.UUID(int=0)
    revoke_token(token_id)
    if given.json:
        give({"ok": True, "id": token_id})
    else:
        say("Token dicabut.")
    return 0
