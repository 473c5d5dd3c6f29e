"""A copy goes to the hub in pieces, goes on after a break, and counts only when it is whole."""

import hashlib
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import LazySettings

from simpul.exchange.hub import keeping
from simpul.exchange.hub.keeping import folder_of, how_much, take_piece
from simpul.exchange.sync import copying
from simpul.exchange.sync.copying import FULL_SECONDS, IDLE_SECONDS, CopySender
from tests.exchange.sites import Site
from tests.exchange.transport.bridge import sender


@dataclass
class Copy:
    """As much of a copy as sending it needs."""

    path: Path
    sha256: str
    places: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.name


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Copy:
    """The newest copy of the facility: 2.5 pieces long."""
    settings.DATA = tmp_path
    monkeypatch.setattr(keeping, "RESERVE", 0)
    content = bytes(range(256)) * 20
    monkeypatch.setattr(copying, "PIECE", 2048)
    path = tmp_path / "salinan-20261123.simpul"
    path.write_bytes(content)
    made = Copy(path, hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(copying, "newest_copy", lambda: made)
    monkeypatch.setattr(copying, "note_place", lambda one, place: one.places.update({place: "x"}))
    return made


def test_piece_by_piece_and_on_after_a_break(
    joined: Site, hub: Site, copy: Copy, tmp_path: Path
) -> None:
    assert joined.node is not None
    with joined:
        first = CopySender(sender(joined, hub, tmp_path))
        assert [first.step() for _piece in range(2)] == [copying.PAUSE_SECONDS] * 2
    assert how_much(joined.node, copy.name).have == 2048
    with joined:
        again = CopySender(sender(joined, hub, tmp_path))  # another process
        waits = [again.step() for _piece in range(3)]
    assert waits == [copying.PAUSE_SECONDS, copying.PAUSE_SECONDS, IDLE_SECONDS]
    assert copy.places == {"hub": "x"}
    kept = folder_of(joined.node) / copy.name
    assert kept.read_bytes() == copy.path.read_bytes()
    with joined:
        assert again.step() == IDLE_SECONDS


def test_a_hub_without_room_is_asked_seldom(
    joined: Site, hub: Site, copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "RESERVE", 1 << 60)
    with joined:
        tried = CopySender(sender(joined, hub, tmp_path))
        tried.step()
        assert tried.step() == FULL_SECONDS
    assert copy.places == {}


def test_only_what_is_whole_and_the_newest_two(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA = tmp_path
    monkeypatch.setattr(keeping, "RESERVE", 0)
    node, wrong = uuid.uuid4(), "0" * 64

    def take(name: str, piece: bytes, offset: int = 0, sha256: str = "") -> keeping.Kept:
        sha256 = sha256 or hashlib.sha256(piece).hexdigest()
        return take_piece(node, name, piece, offset=offset, total=4, sha256=sha256)

    assert take("a.simpul", b"abcd", sha256=wrong).why == "digest"
    assert take("a.simpul", b"cd", offset=2).why == "offset"
    assert take("a.simpul", b"abcde").why == "offset"  # longer than it said
    for name in ("../a.simpul", ".simpul", "a.exe", "a/b.simpul", "a\0.simpul"):
        assert take(name, b"abcd").why == "malformed"
    for name in ("a.simpul", "b.simpul", "c.simpul"):
        assert take(name, b"abcd").is_whole
    assert take("c.simpul", b"abcd") == keeping.Kept(4, is_whole=True)
    assert len(list(folder_of(node).iterdir())) == keeping.KEEP
