"""The bytes on the way: gzip NDJSON, one line a change, and the headers a push carries.

Compression is held to a size when it is undone: a small body must not become a large one.
"""

import gzip
import json
import uuid
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from simpul.exchange.sync.lines import WireLine, canonical, hash_of, instant_text

PROTOCOL = "1"
CONTENT_TYPE = "application/x-ndjson"
ENCODING = "gzip"
#: Nothing Simpul sends is ever as large when unpacked.
MOST_BYTES = 64 * 1024 * 1024
LEVEL = 6


class Malformed(ValueError):
    """What came is not what this protocol says."""


def encode_line(line: WireLine) -> str:
    """Return a line as JSON; its data stays to the letter what was hashed."""
    head: dict[str, Any] = {
        "q": line.seq,
        "k": line.kind,
        "cid": str(line.cid),
        "tx": str(line.act_id),
        "e": line.entity,
        "r": str(line.row) if line.row else None,
        "pt": str(line.patient) if line.patient else None,
        "op": line.operation,
        "sv": line.schema_version,
        "v": line.row_version,
        "at": instant_text(line.at),
        "by": str(line.practitioner) if line.practitioner else None,
        "hash": line.hash,
    }
    if not line.body:
        head["bh"] = line.body_hash
        return canonical(head)
    return f'{canonical(head)[:-1]},"d":{line.body}}}'


def decode_line(text: str | bytes) -> WireLine:
    """Return the line that JSON says; Malformed when it does not."""
    try:
        return line_from(json.loads(text))
    except (ValueError, RecursionError) as problem:
        raise Malformed("line") from problem


def line_from(value: Mapping[str, Any]) -> WireLine:
    """Return the line that a JSON object says; Malformed when it does not."""
    try:
        body = canonical(value["d"]) if isinstance(value.get("d"), dict) else ""
        return WireLine(
            seq=_number(value["q"]),
            kind={"c": "c", "j": "j"}[value["k"]],
            cid=uuid.UUID(value["cid"]),
            act_id=uuid.UUID(value["tx"]),
            entity=_text(value["e"], 60),
            row=_id(value["r"]),
            patient=_id(value["pt"]),
            operation={"c": "c", "u": "u", "d": "d"}[value["op"]],
            schema_version=_number(value["sv"], 32_767),
            row_version=_number(value["v"], 2**31 - 1),
            at=_instant(value["at"]),
            practitioner=_id(value["by"]),
            body=body,
            body_hash=hash_of(body) if body else _text(value["bh"], 64),
            hash=_text(value["hash"], 64),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Malformed("line") from problem


def _number(value: object, most: int = 2**62) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError("number")
    return value


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError("text")
    return value


def _id(value: str | None) -> uuid.UUID | None:
    return None if value is None else uuid.UUID(value)


def _instant(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError("zone")
    return at


def pack(lines: Iterable[str]) -> bytes:
    """Compress lines of text; the same lines give the same bytes."""
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), LEVEL, mtime=0)


def unpack(body: bytes, *, most: int = MOST_BYTES) -> list[str]:
    """Return the lines of a compressed body; Malformed when it is broken or far too large."""
    stream = zlib.decompressobj(wbits=31)
    try:
        text = stream.decompress(body, most)
        if stream.unconsumed_tail or not stream.eof or stream.unused_data:
            raise Malformed("body")
        return text.decode().rstrip("\n").split("\n") if text else []
    except (zlib.error, UnicodeDecodeError) as problem:
        raise Malformed("body") from problem


def number_lines(
    lines: Iterable[WireLine], *, epoch: uuid.UUID, after: int, previous: str
) -> list[WireLine]:
    """Give lines the numbers after `after` and chain them."""
    numbered = []
    for seq, line in enumerate(lines, after + 1):
        previous = line.hash_after(previous, epoch, seq)
        numbered.append(replace(line, seq=seq, hash=previous))
    return numbered


def holds(lines: Iterable[WireLine], *, epoch: uuid.UUID, after: int, previous: str) -> bool:
    """Do these lines follow each other, from this place on?"""
    for seq, line in enumerate(lines, after + 1):
        if line.seq != seq or line.hash != line.hash_after(previous, epoch, seq):
            return False
        previous = line.hash
    return True


@dataclass(frozen=True)
class Page:
    """What the hub gives back in one answer: a head, and lines of JSON."""

    head: dict[str, Any]
    lines: list[dict[str, Any]] = field(default_factory=list)


def encode_page(page: Page) -> bytes:
    """Return a page as compressed NDJSON; its first line is the head."""
    return pack(canonical(part) for part in (page.head, *page.lines))


def decode_page(body: bytes) -> Page:
    """Return the page these bytes are; Malformed when they are none."""
    try:
        parts = [json.loads(line) for line in unpack(body)]
    except (ValueError, RecursionError) as problem:
        raise Malformed("page") from problem
    if not parts or not all(isinstance(part, dict) for part in parts):
        raise Malformed("page")
    return Page(parts[0], parts[1:])
