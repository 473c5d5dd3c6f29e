"""The recovery key: made once, taken out once, and never lost in between."""

from pathlib import Path

import pyrage
import pytest

from simpul.foundation.backups import keys
from simpul.foundation.core.errors import Conflict, Refused


def test_is_made_once(tmp_path: Path) -> None:
    assert keys.key_state(tmp_path).recipient == ""
    assert keys.ensure_keys(tmp_path)
    first = keys.key_state(tmp_path)
    assert not keys.ensure_keys(tmp_path)
    assert keys.key_state(tmp_path) == first
    assert first.is_on_server
    assert first.exported_at is None
    assert (tmp_path / keys.PRIVATE).stat().st_mode & 0o077 == 0
    assert (tmp_path / keys.PROOF).stat().st_mode & 0o077 == 0
    assert len(keys.recipients(tmp_path)) == 2


def test_cut_between_its_two_files_it_is_still_one_key(tmp_path: Path) -> None:
    keys.ensure_keys(tmp_path)
    before = keys.key_state(tmp_path)
    (tmp_path / keys.PUBLIC).unlink()
    keys.ensure_keys(tmp_path)
    assert keys.key_state(tmp_path) == before


def test_leaves_the_server_when_it_is_safely_elsewhere(tmp_path: Path) -> None:
    data, stick = tmp_path / "data", tmp_path / "stick"
    data.mkdir()
    stick.mkdir()
    keys.ensure_keys(data)
    recipient = keys.key_state(data).recipient

    with pytest.raises(Refused, match="di dalam folder data"):
        keys.export_key(data, data / "kunci.txt")
    (stick / "ada.txt").write_text("lain")
    with pytest.raises(Conflict, match="tidak ditimpa"):
        keys.export_key(data, stick / "ada.txt")
    with pytest.raises(OSError, match="No such file"):
        keys.export_key(data, tmp_path / "nowhere" / "kunci.txt")
    assert keys.key_state(data).is_on_server

    keys.export_key(data, stick)
    state = keys.key_state(data)
    assert (state.recipient, state.is_on_server) == (recipient, False)
    assert state.exported_at is not None
    written = keys.read_identity(stick / "kunci-pemulihan-simpul.txt")
    assert str(written.to_public()) == recipient
    assert not (data / keys.PRIVATE).exists()
    with pytest.raises(Conflict, match="sudah dibawa keluar"):
        keys.export_key(data, stick / "lagi.txt")


def test_a_stick_that_writes_something_else_does_not_get_the_only_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    keys.ensure_keys(data)
    other = keys._file_of(pyrage.x25519.Identity.generate())
    monkeypatch.setattr(keys, "write_whole", lambda path, _content: path.write_bytes(other))
    with pytest.raises(Conflict, match="mungkin rusak"):
        keys.export_key(data, tmp_path / "kunci.txt")
    assert keys.key_state(data).is_on_server


def test_a_new_key_is_for_the_copies_to_come(tmp_path: Path) -> None:
    keys.ensure_keys(tmp_path)
    line = keys.show_key(tmp_path)
    keys.forget_private(tmp_path)
    keys.new_recovery_key(tmp_path)
    assert keys.show_key(tmp_path) != line
    assert keys.key_state(tmp_path).is_on_server


@pytest.mark.parametrize("text", ["", "halo", "AGE-SECRET-KEY-1QQ", "\x00\xff"])
def test_a_file_without_a_key_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "kunci.txt"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(Refused, match="bukan kunci pemulihan"):
        keys.read_identity(file)


def test_a_key_typed_in_small_letters_is_read(tmp_path: Path) -> None:
    keys.ensure_keys(tmp_path)
    line = keys.show_key(tmp_path)
    (tmp_path / "kertas.txt").write_text(f"\n  {line.lower()} \n")
    assert str(keys.read_identity(tmp_path / "kertas.txt")) == line
