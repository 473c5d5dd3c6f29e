"""Each push is signed by its node (Ed25519), so that it holds through proxies that open TLS.

Signed are the method, the path, the `Sync-*` headers and the digest of the body.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import transaction

from simpul.exchange.sync import state

#: What is signed, in this order; a header that is absent counts as empty.
SIGNED = ("Sync-Node", "Sync-Via", "Sync-Epoch", "Sync-After", "Sync-Prev", "Sync-Proto")
DIGEST = "Content-Digest"
SIGNATURE = "Sync-Signature"


@dataclass(frozen=True)
class KeyPair:
    """An Ed25519 key, both halves as base64 of their 32 bytes."""

    private: str
    public: str


def new_key() -> KeyPair:
    """Make a key."""
    private = Ed25519PrivateKey.generate()
    return KeyPair(
        private=base64.b64encode(private.private_bytes_raw()).decode(),
        public=base64.b64encode(private.public_key().public_bytes_raw()).decode(),
    )


def own_key() -> KeyPair:
    """Return this installation's key, made at the first call."""
    with transaction.atomic():
        private, public = state.read("private_key"), state.read("public_key")
        if private and public:
            return KeyPair(private, public)
        pair = new_key()
        state.write("private_key", pair.private)
        state.write("public_key", pair.public)
        return pair


def content_digest(body: bytes) -> str:
    """Return the digest of a body as RFC 9530 writes it."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def sign(private: str, method: str, path: str, headers: Mapping[str, str], digest: str) -> str:
    """Return the signature header of a request."""
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(private))
    signature = key.sign(_signed(method, path, headers, digest))
    return f"ed25519=:{base64.b64encode(signature).decode()}:"


def verify(
    public: str, signature: str, method: str, path: str, headers: Mapping[str, str], digest: str
) -> bool:
    """Was this request signed by the holder of this key?"""
    if not (signature.startswith("ed25519=:") and signature.endswith(":")):
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))
        key.verify(
            base64.b64decode(signature[len("ed25519=:") : -1]),
            _signed(method, path, headers, digest),
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed(method: str, path: str, headers: Mapping[str, str], digest: str) -> bytes:
    lines = [f"{method} {path}"]
    lines += [f"{name.lower()}: {headers.get(name, '')}" for name in SIGNED]
    return "\n".join([*lines, digest]).encode()
