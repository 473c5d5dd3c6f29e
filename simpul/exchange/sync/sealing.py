"""The same requests as a file for a USB stick, sealed so that only the hub can open it.

A file is an age envelope (X25519, ChaCha20-Poly1305) around a ZIP of requests exactly as they
would have gone over the line: `0001.json` holds the headers, `0001.body` the body. Who sent them
is proven by each request's own signature, as on the line; the seal only keeps others from reading.
The answer that is carried back is sealed to nobody: it holds no row, and is signed by the hub.
"""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import pyrage

from simpul.foundation.core.errors import Refused

SUFFIX = ".simpul-kirim"
ANSWER_SUFFIX = ".simpul-jawab"
MOST_REQUESTS = 20_000
MOST_BODY = 4 * 1024 * 1024
#: Opened, a file may hold this much at most; a made-up archive must not fill the hub's memory.
MOST_BYTES = 1024 * 1024 * 1024


@dataclass(frozen=True)
class Request:
    """One request as it goes over the line: its `Sync-*` and content headers, and its body."""

    headers: dict[str, str]
    body: bytes


def new_key() -> tuple[str, str]:
    """Make a key pair to seal to: (secret, public), both as text."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def seal(requests: Sequence[Request], public: str) -> bytes:
    """Put the requests into one file that only the holder of the secret can open."""
    kept = io.BytesIO()
    # The bodies are compressed already.
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as archive:
        for number, request in enumerate(requests, start=1):
            archive.writestr(f"{number:05d}.json", json.dumps(request.headers))
            archive.writestr(f"{number:05d}.body", request.body)
    return bytes(pyrage.encrypt(kept.getvalue(), [pyrage.x25519.Recipient.from_str(public)]))


def unseal(sealed: bytes, secret: str) -> list[Request]:
    """Return the requests of a file in their order; refuse what was not sealed to this secret."""
    try:
        opened = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(secret)])
    except (pyrage.DecryptError, pyrage.IdentityError, ValueError) as trouble:
        raise Refused(
            "Berkas ini tidak dapat dibuka: rusak di jalan, atau dibuat untuk Dinas lain. Tidak "
            "ada yang diubah; minta Puskesmas membuatnya lagi.",
            "sealed_unreadable",
        ) from trouble
    try:
        return _read(bytes(opened))
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError) as trouble:
        raise _not_ours() from trouble


def _read(opened: bytes) -> list[Request]:
    with zipfile.ZipFile(io.BytesIO(opened)) as archive:
        facts = archive.infolist()
        if len(facts) > 2 * MOST_REQUESTS or sum(fact.file_size for fact in facts) > MOST_BYTES:
            raise _not_ours()
        if any(fact.file_size > MOST_BODY for fact in facts):
            raise _not_ours()
        requests = []
        for name in sorted(fact.filename for fact in facts if fact.filename.endswith(".json")):
            headers = json.loads(archive.read(name))
            if not isinstance(headers, dict):
                raise _not_ours()
            texts = {str(key): str(value) for key, value in headers.items()}
            requests.append(Request(texts, archive.read(f"{name[:-5]}.body")))
        return requests


def _not_ours() -> Refused:
    return Refused(
        "Isi berkas ini bukan kiriman Simpul. Tidak ada yang diubah; minta Puskesmas membuatnya "
        "lagi.",
        "sealed_unknown",
    )
