"""The ballast: sized by the disk, really there, given up once, made anew where there is room."""

import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.foundation.core import ballast


class Usage(NamedTuple):
    """A disk as `shutil` tells it."""

    total: int
    used: int
    free: int


@given(st.integers(0, 10**14))
def test_never_more_than_a_hundredth_of_the_disk_nor_256_mb(total: int) -> None:
    size = ballast.wanted_size(total)
    assert 0 <= size <= min(256_000_000, total // 100 + 1)


def test_the_site_may_say_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ballast.SETTING, "12")
    assert ballast.wanted_size(10**12) == 12_000_000
    monkeypatch.setenv(ballast.SETTING, "0")
    assert ballast.wanted_size(10**12) == 0
    monkeypatch.setenv(ballast.SETTING, "banyak")
    monkeypatch.delenv("SIMPUL_DEMO", raising=False)
    assert ballast.wanted_size(10**12) == ballast.MOST
    monkeypatch.setenv("SIMPUL_DEMO", "1")
    assert ballast.wanted_size(10**12) == ballast.MOST_IN_A_DEMO


def test_it_takes_its_blocks_and_gives_them_back_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ballast.SETTING, "3")
    assert ballast.look(tmp_path) == ballast.Ballast(0, 3_000_000)
    assert ballast.keep(tmp_path)
    facts = (tmp_path / ballast.NAME).stat()
    assert facts.st_size == 3_000_000
    assert facts.st_blocks * 512 >= 3_000_000
    assert not ballast.keep(tmp_path)
    assert ballast.look(tmp_path).is_whole
    assert ballast.free(tmp_path) == 3_000_000
    assert ballast.free(tmp_path) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("free", "is_made"), [(11_999_999, False), (12_000_000, True)])
def test_it_is_never_what_fills_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, is_made: bool
) -> None:
    monkeypatch.setenv(ballast.SETTING, "3")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9 - free, free))
    assert ballast.keep(tmp_path) is is_made
    assert (tmp_path / ballast.NAME).exists() is is_made


def test_a_disk_that_fills_meanwhile_leaves_no_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setenv(ballast.SETTING, "3")
    monkeypatch.setattr(ballast, "_take_blocks", full)
    assert not ballast.keep(tmp_path)
    assert list(tmp_path.iterdir()) == []
