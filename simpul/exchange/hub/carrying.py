"""A shipment that came on a USB stick: taken in as if it had come over the line, and answered."""

import json
from dataclasses import dataclass
from typing import Any

from simpul.exchange.hub.enrolment import seal_keys
from simpul.exchange.hub.receiving import receive
from simpul.exchange.sync import signing
from simpul.exchange.sync.carrying import ANSWER_PATH
from simpul.exchange.sync.sealing import unseal
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Refused


@dataclass(frozen=True)
class Taken:
    """What became of a shipment: how far it went, and the file to carry back."""

    node: str
    ack: int
    is_whole: bool
    why: str
    answer: bytes


def take_shipment(sealed: bytes) -> Taken:
    """Take in every push of a file, in order; stop where one is refused."""
    requests = unseal(sealed, seal_keys()[0])
    if not requests:
        raise Refused("Berkas ini kosong. Tidak ada yang diubah.", "shipment_empty")
    node = requests[0].headers.get("Sync-Node", "")
    status, body, epoch = 0, {}, ""
    for request in requests:
        if request.headers.get("Sync-Node", "") != node:
            raise Refused("Berkas ini berisi kiriman dua Puskesmas.", "shipment_mixed")
        reply = receive(request.headers, request.body)
        status, body = reply.status, reply.body
        epoch = request.headers.get("Sync-Epoch", "")
        if status != 200:
            break
    return Taken(
        node=node,
        ack=_number(body.get("ack")),
        is_whole=status == 200,
        why=str(body.get("why", "")),
        answer=_answer(node, epoch, status, body),
    )


def _answer(node: str, epoch: str, status: int, body: dict[str, Any]) -> bytes:
    told = {"epoch": epoch, "status": status, "body": body, "at": now().isoformat()}
    text = json.dumps(told, default=str).encode()
    signed = signing.sign(
        signing.own_key().private,
        "ANSWER",
        ANSWER_PATH,
        {"Sync-Node": node},
        signing.content_digest(text),
    )
    return signed.encode() + b"\n" + text


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
