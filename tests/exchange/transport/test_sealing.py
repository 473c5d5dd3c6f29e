"""A file for a USB stick: the same requests, for the hub's eyes only."""

import io
import zipfile

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.exchange.sync import sealing
from simpul.exchange.sync.sealing import Request, new_key, seal, unseal
from simpul.foundation.core.errors import Refused

SECRET, PUBLIC = new_key()
HEADERS = st.dictionaries(st.text(max_size=20), st.text(max_size=40), max_size=5)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.builds(Request, HEADERS, st.binary(max_size=300)), max_size=12))
def test_what_goes_in_comes_out_in_order(requests: list[Request]) -> None:
    sealed = seal(requests, PUBLIC)
    assert unseal(sealed, SECRET) == requests
    for request in requests:
        assert len(request.body) < 9 or request.body not in sealed


def test_only_the_hub_can_open_it() -> None:
    sealed = seal([Request({"Sync-Node": "x"}, b"rahasia")], PUBLIC)
    other, _public = new_key()
    for wrong, secret in (
        (sealed, other), (sealed[:-1], SECRET), (sealed[:40] + b"\0" + sealed[41:], SECRET),
        (b"", SECRET), (b"bukan berkas", SECRET), (sealed, "bukan kunci"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            unseal(wrong, secret)
        assert refusal.value.code == "sealed_unreadable"


def _sealed(**parts: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("_", "."), content)
    return bytes(pyrage.encrypt(kept.getvalue(), [pyrage.x25519.Recipient.from_str(PUBLIC)]))


@pytest.mark.parametrize(
    "parts",
    [
        {"a_json": b"{}"}, {"a_json": b"[]", "a_body": b""}, {"a_json": b"{", "a_body": b""},
        {"a_json": b"{}", "a_body": b"\0" * (sealing.MOST_BODY + 1)},
    ],
    ids=["no body", "no headers", "no json", "too large"],
)  # fmt: skip
def test_what_is_no_shipment_is_refused(parts: dict[str, bytes]) -> None:
    with pytest.raises(Refused) as refusal:
        unseal(_sealed(**parts), SECRET)
    assert refusal.value.code == "sealed_unknown"


def test_no_archive_at_all_is_refused() -> None:
    plain = bytes(pyrage.encrypt(b"hai", [pyrage.x25519.Recipient.from_str(PUBLIC)]))
    with pytest.raises(Refused, match="bukan kiriman Simpul"):
        unseal(plain, SECRET)
