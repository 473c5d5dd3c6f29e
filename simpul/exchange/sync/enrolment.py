"""Enrolling this installation with a hub, by a code that an officer of the Dinas gave.

The key pair is made here and its private half never leaves; the code is good for one use. A server
that was put in place of a broken one enrols as the same node: the Dinas makes the code for it.
"""

import uuid
from typing import Any

import httpx
from django.db import transaction

from simpul import __version__
from simpul.exchange.sync import client as wire
from simpul.exchange.sync import signing
from simpul.exchange.sync.client import Answer, Broken, Client
from simpul.exchange.sync.epochs import become_node
from simpul.exchange.sync.link import HubFacts, keep_hub, note_good, read_hub
from simpul.exchange.sync.returning import ask_return
from simpul.exchange.sync.troubles import cause_of
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, NotHere, Refused
from simpul.foundation.facilities.selectors import get_here, is_set_up
from simpul.foundation.journal.acts import act

#: Sent by an installation that has no facility yet: the code says whose place it takes.
NOBODY = uuid.UUID(int=0)
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LETTERS = 10

REFUSALS = {
    "code": (
        "Kode ini tidak berlaku: salah ketik, sudah dipakai, atau kedaluwarsa. Belum ada yang "
        "diubah; minta kode baru dari Dinas."
    ),
    "other-node": (
        "Kode ini dibuat untuk Puskesmas lain. Belum ada yang diubah; minta kode untuk Puskesmas "
        "ini."
    ),
    "known-node": (
        "Puskesmas ini sudah terdaftar di Dinas. Bila servernya diganti, minta kode pengganti: di "
        "Dinas, simpul hub enrol-code NAMA."
    ),
    "signature": "Dinas tidak dapat memeriksa tanda tangan server ini. Belum ada yang diubah.",
}


def plain_code(typed: str) -> str:
    """Return a code as it was made, however it was typed."""
    return "".join(letter for letter in typed.upper() if letter in LETTERS)


def enrol(
    code: str, url: str, *, authority: str = "", transport: httpx.BaseTransport | None = None
) -> HubFacts:
    """Enrol with the hub at this address; refused with a sentence, or done."""
    address = wire.check_url(url)
    wanted = plain_code(code)
    if len(wanted) != CODE_LETTERS:
        raise Refused(REFUSALS["code"], "code_refused")
    node, name = _ourselves()
    body: dict[str, Any] = {
        "code": wanted,
        "node": str(node),
        "name": name,
        "public_key": signing.own_key().public,
        "version": __version__,
    }
    try:
        with Client(address, node, authority, transport) as client:
            answer = client.post(wire.ENROL, body)
    except Broken as trouble:
        raise Refused(
            f"{cause_of(trouble.why)} Belum ada yang diubah; periksa alamat dan internet, "
            "lalu ulangi. Kodenya masih berlaku.",
            f"hub_{trouble.why}",
        ) from trouble
    told = _accepted(answer)
    facts = HubFacts(
        url=address,
        name=str(told["name"])[:120],
        public_key=str(told["public_key"]),
        seal_key=str(told["seal_key"]),
        enrolled_at=now().isoformat(),
        authority=authority,
    )
    _become(node, uuid.UUID(str(told["node"])), facts)
    return facts


def _ourselves() -> tuple[uuid.UUID, str]:
    """Who asks: the facility of this house, or nobody yet (a server that takes another's place)."""
    if not is_set_up():
        return NOBODY, ""
    here = get_here()
    return here.id, here.name


def _accepted(answer: Answer) -> dict[str, Any]:
    told = answer.body
    if answer.status == 200 and {"name", "public_key", "seal_key", "node"} <= told.keys():
        return told
    if answer.status in (429, 503):
        raise Conflict(
            "Terlalu banyak percobaan. Belum ada yang diubah; tunggu "
            f"{max(1, round(answer.retry_after))} detik, lalu ulangi.",
            "hub_busy",
        )
    why = str(told.get("why", ""))
    if why in REFUSALS:
        raise Refused(REFUSALS[why], f"enrol_{why.replace('-', '_')}")
    raise Refused(
        "Yang menjawab di alamat itu bukan server Dinas Simpul. Belum ada yang diubah; periksa "
        "alamatnya.",
        "not_a_hub",
    )


def _become(asked: uuid.UUID, given: uuid.UUID, facts: HubFacts) -> None:
    """Keep the hub's facts; a server without a facility becomes the one the code was made for."""
    if asked == NOBODY:
        with transaction.atomic():
            become_node(given)
            keep_hub(facts)
            ask_return()
    else:
        with act(by=None, facility=asked) as this:
            keep_hub(facts)
            this.record("sync-enrolled", subject=f"node:{given}")
    note_good()


def require_hub() -> HubFacts:
    """Return the hub, or say how to get one."""
    hub = read_hub()
    if hub is None:
        raise NotHere(
            "Server ini belum terdaftar di Dinas. Minta kode dari Dinas, lalu jalankan: simpul "
            "sync enrol KODE --hub ALAMAT.",
            "not_enrolled",
        )
    return hub
