"""`simpul serve` as a process: where it listens, how it ends, what it leaves behind."""

import os
import pty
import select
import signal
import socket
import sqlite3
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from simpul.cli import serving as module
from simpul.cli.main import main
from simpul.foundation.core.errors import Refused
from tests.cli.command import Server, clean_environment, free_port, serving, simpul

ENDS_WITHIN = 6.0
posix_only = pytest.mark.skipif(os.name == "nt", reason="signals of this kind are POSIX")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose tables and static files are ready after the first start."""
    return tmp_path_factory.mktemp("site")


def read(server: Server, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=30) as answer:
        found: bytes = answer.read()
    return found


@posix_only
def test_a_new_house_is_served_and_ends_cleanly(data: Path) -> None:
    with serving("serve", data=data) as server:
        assert f"http://127.0.0.1:{server.port}" in server.text
        assert server.text.count("http://") == 1, "one address, not several"
        assert "akun pertama" in server.text
        assert b'"ok"' in read(server, "/health")
        assert b"Puskesmas" in read(server, "/mulai")
        status, took = server.stop(signal.SIGINT)
        assert status == 0, server.text
        assert took < ENDS_WITHIN
        assert not server.left_over()
        assert "Traceback" not in server.text
    assert not (data / "simpul.sqlite3-wal").exists(), "the log must be folded into the database"
    with sqlite3.connect(data / "simpul.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@posix_only
@pytest.mark.parametrize(("sign", "whole_group"), [(signal.SIGTERM, False), (signal.SIGINT, True)])
def test_open_streams_do_not_hold_up_the_end(
    data: Path, sign: signal.Signals, whole_group: bool
) -> None:
    assert first_account(data) == 0
    with serving("serve", data=data) as server:
        assert "akun pertama" not in server.text
        streams = [
            urllib.request.urlopen(f"http://127.0.0.1:{server.port}/live?topics=tv", timeout=30)
            for _ in range(3)
        ]
        assert all(stream.readline() for stream in streams)
        status, took = server.stop(sign, whole_group=whole_group)
        assert status == 0, server.text
        assert took < ENDS_WITHIN
        assert not server.left_over()


def first_account(data: Path) -> int:
    words = ["--facility", "Puskesmas Coba", "--timezone", "WIB", "--name", "Sri"]
    done = simpul(
        "account", "create", *words, "--username", f"sri-{os.urandom(3).hex()}",
        "--role", "kepala", "--password-stdin", data=data, given="sandi-panjang-9\n",
    )  # fmt: skip
    return done.returncode


@posix_only
def test_a_killed_supervisor_takes_its_child_along(data: Path) -> None:
    with serving("serve", data=data) as server:
        assert server.stop(signal.SIGKILL)[0] == -signal.SIGKILL
        assert not server.left_over(), "an orphan would hold the port"


@posix_only
def test_at_a_terminal_the_first_account_is_asked_and_ctrl_c_ends(tmp_path: Path) -> None:
    words = ["-m", "simpul", "serve", "--host", "127.0.0.1", "--port", str(free_port())]
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - the other process
        env = clean_environment(tmp_path)
        os.execve(sys.executable, [sys.executable, *words], env)  # noqa: S606 - no shell is wanted
    try:
        said = ""
        for question, answer in (
            ("Nama Puskesmas:", "Puskesmas Coba"),
            ("Waktu setempat", ""),
            ("Nama lengkap Anda:", "Sri"),
            ("Nama pengguna", "sri"),
            ("Kata sandi:", "sandi-panjang-9"),
            ("sekali lagi:", "sandi-panjang-9"),
            ("Ctrl+C", "\x03"),
        ):
            said = hear(terminal, question, said)
            os.write(terminal, f"{answer}\n".encode() if answer != "\x03" else b"\x03")
        assert "sandi-panjang-9" not in said, "a password is not shown"
        hear(terminal, "Semua data tersimpan", said)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        child = 0
    finally:
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        os.close(terminal)
    with sqlite3.connect(tmp_path / "simpul.sqlite3") as database:
        assert database.execute("SELECT username FROM staff_account").fetchall() == [("sri",)]
        assert database.execute("SELECT name, timezone FROM facilities_facility").fetchall() == [
            ("Puskesmas Coba", "Asia/Jakarta")
        ]


def hear(terminal: int, words: str, said: str) -> str:
    """Read from a terminal until the words come; return everything since."""
    end = time.monotonic() + 120
    before = len(said)
    while words not in said[before:]:
        assert time.monotonic() < end, said
        if select.select([terminal], [], [], 1)[0]:
            said += os.read(terminal, 4096).decode(errors="replace")
    return said


def test_a_taken_port_is_said_before_anything_is_done(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = simpul("serve", "--host", "127.0.0.1", "--port", str(port), data=tmp_path)
    assert done.returncode == 1
    assert f"Port {port} sudah dipakai" in done.stderr
    assert f"--port {port + 1}" in done.stderr
    assert not (tmp_path / "simpul.sqlite3").exists()


def test_an_address_of_another_computer_is_refused() -> None:
    with pytest.raises(Refused, match="tidak ada di komputer ini"):
        module.require_free("192.0.2.77", 8000)


def test_the_port_comes_from_the_option_then_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "9001")
    assert module.chosen_port(9002) == 9002
    assert module.chosen_port(None) == 9001
    monkeypatch.setenv("PORT", " ")
    assert module.chosen_port(None) == 8000
    monkeypatch.delenv("PORT")
    assert module.chosen_port(None) == 8000


@pytest.mark.parametrize("text", ["abc", "0", "65536", "-1", "８０"])
def test_an_impossible_port_in_the_environment_ends_with_two(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", text)
    assert main(["serve"]) == 2
    assert f"PORT={text}" in capsys.readouterr().err


def test_the_address_is_one_that_can_be_opened() -> None:
    everywhere = module.EVERYWHERE[0]
    assert module.address_of(everywhere, 8000, for_others=False) == "http://localhost:8000"
    assert module.address_of("127.0.0.1", 80, for_others=True) == "http://127.0.0.1:80"
    assert module.address_of("::1", 8000, for_others=True) == "http://[::1]:8000"
    assert everywhere not in module.address_of(everywhere, 8000, for_others=True)


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    assert simpul("migrate", data=tmp_path).returncode == 0
    with sqlite3.connect(tmp_path / "simpul.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('patients', '9999_from_tomorrow', '2030-01-01')"
        )
    done = simpul("migrate", "--json", data=tmp_path)
    assert done.returncode == 1
    assert "database_newer" in done.stdout
    assert "9999_from_tomorrow" in done.stderr


def test_migrating_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    first = simpul("migrate", "--json", data=tmp_path)
    assert first.returncode == 0
    assert '"applied": 0' not in first.stdout
    assert '"applied": 0' in simpul("migrate", "--json", data=tmp_path).stdout


def test_without_tables_the_remedy_is_named(tmp_path: Path) -> None:
    done = simpul("token", "create", "--role", "dokter", data=tmp_path)
    assert done.returncode == 1
    assert "simpul migrate" in done.stderr
    assert "Traceback" not in done.stderr
