"""Help and refusals of the command line: Indonesian, at once, with an honest exit status."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from simpul import __version__
from simpul.cli.main import COMMANDS, main
from simpul.cli.wording import in_indonesian
from tests.cli.command import clean_environment

EVERY = [
    [], ["serve"], ["migrate"], ["demo"], ["account"], ["account", "create"], ["token"],
    ["token", "create"], ["token", "revoke"], ["journal"], ["journal", "verify"], ["doctor"],
    ["move-database"], ["backup"], ["backup", "key"], ["backup", "list"], ["backup", "check"],
    ["backup", "prove"], ["restore"],
    ["certificate"], ["certificate", "show"], ["certificate", "renew"],
    ["wisn"], ["cpi"], ["gap"], ["distribution"], ["allocation"], ["pairs"],
    ["worker"], ["demo-district"], ["sync"], ["sync", "status"], ["sync", "once"],
    ["sync", "enrol"], ["sync", "export"], ["sync", "import"], ["hub"], ["hub", "enrol-code"],
    ["hub", "nodes"], ["hub", "revoke"], ["hub", "decide"],
    ["import"], ["import", "people"], ["import", "regions"], ["import", "populations"],
]  # fmt: skip
ENGLISH = re.compile(
    r"\b(usage|options|optional|positional|arguments|show this|default|required|commands?)\b", re.I
)


def test_every_command_is_in_the_list_below() -> None:
    modules = [command.__name__.rpartition(".")[2] for command in COMMANDS]
    names = {module.rstrip("_").replace("_", "-") for module in modules}
    assert names == {words[0] for words in EVERY if words}


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_help_is_indonesian(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Pemakaian: simpul")
    assert text.count("Pemakaian:") == 1
    assert "tampilkan bantuan ini" in text
    assert not ENGLISH.search(text), ENGLISH.search(text)


def test_help_does_not_wait_for_django(tmp_path: Path) -> None:
    script = (
        "import sys; from simpul.cli.main import main; status = main(['demo', '--help']); "
        "sys.exit(status or ('django' in sys.modules) * 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=clean_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["terbang"], "'terbang' tidak ada"),
        (["serve", "--port", "70000"], "70000 bukan nomor port"),
        (["serve", "--port"], "nilainya belum ditulis"),
        (["token", "create"], "pilih salah satu"),
        (["token", "create", "--user", "a", "--role", "dokter"], "pilih salah satu"),
        (["token", "create", "--role", "raja"], "'raja' tidak ada"),
        (["token", "revoke"], "belum lengkap"),
        (["demo", "--size", "huge"], "'huge' tidak ada"),
        (["migrate", "--cepat"], "tidak dikenal: --cepat"),
    ],
)
def test_what_is_not_understood_ends_with_two(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    text = capsys.readouterr().err
    assert said in text
    assert "Belum ada yang dikerjakan" in text
    assert "--help" in text


def test_nothing_asked_shows_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "serve" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"simpul {__version__}"


def test_developer_commands_are_hidden_but_there(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])
    assert "manage" not in capsys.readouterr().out
    assert main(["manage", "no-such-thing"]) == 1


def test_an_unknown_remark_stays_as_it_is() -> None:
    assert in_indonesian("something new") == "something new"
