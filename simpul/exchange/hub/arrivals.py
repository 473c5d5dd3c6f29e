"""A push as it came over the wire: read, and its digest checked, before the database is asked."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from simpul.exchange.sync.lines import WireLine
from simpul.exchange.sync.outgoing import PUSH_PATH
from simpul.exchange.sync.signing import DIGEST, SIGNATURE, content_digest, verify
from simpul.exchange.sync.wire import PROTOCOL, Malformed, decode_line, holds, unpack


@dataclass(frozen=True)
class Arrival:
    """What a push says: who, which numbering, after which number, and its lines."""

    node: uuid.UUID
    via: uuid.UUID | None
    epoch: uuid.UUID
    after: int
    prev: str
    lines: list[WireLine]


class OtherProtocol(Exception):
    """The sender speaks a protocol this hub does not know."""


class BrokenBody(Exception):
    """The body is not the one the sender made."""


def read_arrival(headers: Mapping[str, str], body: bytes) -> Arrival:
    """Return what a push says; OtherProtocol, BrokenBody or Malformed when it cannot be read."""
    named = {name.lower(): value for name, value in headers.items()}
    if named.get("sync-proto") != PROTOCOL:
        raise OtherProtocol
    if named.get(DIGEST.lower()) != content_digest(body):
        raise BrokenBody
    try:
        arrival = Arrival(
            node=uuid.UUID(named["sync-node"]),
            via=uuid.UUID(named["sync-via"]) if named.get("sync-via") else None,
            epoch=uuid.UUID(named["sync-epoch"]),
            after=int(named["sync-after"]),
            prev=named["sync-prev"],
            lines=[decode_line(line) for line in unpack(body)],
        )
    except (KeyError, ValueError) as problem:
        raise Malformed("headers") from problem
    if arrival.after < 0 or not arrival.lines:
        raise Malformed("headers")
    if not holds(arrival.lines, epoch=arrival.epoch, after=arrival.after, previous=arrival.prev):
        raise Malformed("chain")
    return arrival


def is_signed_by(public_key: str, headers: Mapping[str, str]) -> bool:
    """Did the holder of this key send these headers and this body?"""
    named = {name.lower(): value for name, value in headers.items()}
    signed = {
        name: named.get(name.lower(), "")
        for name in ("Sync-Node", "Sync-Via", "Sync-Epoch", "Sync-After", "Sync-Prev", "Sync-Proto")
    }
    return verify(
        public_key,
        named.get(SIGNATURE.lower(), ""),
        "POST",
        PUSH_PATH,
        signed,
        named.get(DIGEST.lower(), ""),
    )
