"""The pages for bad days: one page each, and every command on them exists as it is written."""

import argparse
import re
from pathlib import Path

import pytest

from simpul.cli.main import _reader
from simpul.config.system.runbooks import draw, list_runbooks, read_runbook

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "panduan" / "darurat"
PAGES = sorted(FOLDER.glob("*.md"))
GUIDE = FOLDER.parent / "sistem.md"
COMMAND = re.compile(r"`simpul ([^`]+)`")
#: What the work of the Dinas and the counter asks for (issue 5), by the name of its file.
ASKED = {
    "server-mati",
    "disk-penuh",
    "jam-salah",
    "sertifikat-kedaluwarsa",
    "sambungan-putus",
    "salah-gabung",
    "server-dicuri",
    "yang-tidak-boleh",
}
ONE_PAGE = 40  # lines of at most 125 letters: an A4 sheet


def commands_of(page: Path) -> list[list[str]]:
    return [found.split() for found in COMMAND.findall(page.read_text(encoding="utf-8"))]


def problem_with(words: list[str]) -> str:
    """What is wrong with a command line: an unknown word or option, or nothing."""
    reader: argparse.ArgumentParser = _reader()
    for place, word in enumerate(words):
        if word.startswith("--"):
            if word not in reader._option_string_actions:
                return f"{word} is no option of {reader.prog}"
            continue
        branches = next(
            (a for a in reader._actions if isinstance(a, argparse._SubParsersAction)), None
        )
        is_value = word.isupper() or "/" in word or (place and words[place - 1].startswith("--"))
        if branches is not None and word in branches.choices:
            reader = branches.choices[word]
        elif branches is not None and not is_value:
            return f"{word} is no command of {reader.prog}"
        elif not is_value:
            return f"{word} is neither a command nor a value of {reader.prog}"
    return ""


def problems_of(page: Path) -> list[str]:
    """The commands of a page that do not exist as they are written."""
    return [problem for words in commands_of(page) if (problem := problem_with(words))]


def test_every_page_that_was_asked_for_is_there() -> None:
    assert {page.stem for page in PAGES} == ASKED | {"README"}
    assert {slug for slug, _title in list_runbooks()} == ASKED


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_one_page_and_its_commands_exist(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= ONE_PAGE
    assert max(len(line) for line in lines) <= 125
    assert problems_of(page) == []


def test_the_commands_of_the_guide_exist() -> None:
    assert len(commands_of(GUIDE)) > 5
    assert problems_of(GUIDE) == []


def test_the_check_of_commands_sees_what_is_wrong() -> None:
    assert problem_with(["backup", "--to", "FOLDER"]) == ""
    assert problem_with(["certificate", "renew", "--authority"]) == ""
    assert "obat" in problem_with(["obat"])
    assert "--sekarang" in problem_with(["doctor", "--sekarang"])
    assert "lihat" in problem_with(["certificate", "lihat"])


def test_a_page_is_drawn_with_its_lists_links_and_code() -> None:
    found = read_runbook("disk-penuh")
    assert found is not None
    title, body = found
    assert title == "Disk penuh"
    assert body.count("<ol>") == 2
    assert "<code>simpul doctor --free-ballast</code>" in body
    assert "# Disk" not in body
    other = read_runbook("server-mati")
    assert other is not None
    assert '<a href="disk-penuh">Disk penuh</a>' in other[1]
    assert read_runbook("../../README") is None


def test_what_stands_in_a_page_is_never_markup_of_its_own() -> None:
    drawn = draw("Satu <script>alert(1)</script>\n\n1. `<b>` dan **<i>**\n   lagi\n2. dua")
    assert "<script>" not in drawn
    assert "<code>&lt;b&gt;</code>" in drawn
    assert drawn.count("<li>") == 2
    assert "lagi" in drawn
