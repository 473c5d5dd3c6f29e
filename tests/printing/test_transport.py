"""Bytes to a printer: they arrive, or within seconds it is known why not and whether some went."""

import os
import time

import pytest

from simpul.foundation.printing import transport
from simpul.foundation.printing.transport import Target, is_house_address, send

PAPER = b"\x1b@A17\n\x1dV\x42\x00"


def network(port: int, *, asks: bool = True, address: str = "127.0.0.1", folder=None) -> Target:
    return Target("network", address, port, asks, folder)


@pytest.fixture
def short_waits(monkeypatch):
    for name in ("CONNECT_SECONDS", "ANSWER_SECONDS", "SEND_SECONDS"):
        monkeypatch.setattr(transport, name, 0.3)


def wait_for(condition) -> bool:
    ends = time.monotonic() + 3
    while not condition():
        if time.monotonic() > ends:
            return False
        time.sleep(0.01)
    return True


class TestNetwork:
    @pytest.mark.parametrize("asks", [True, False])
    def test_a_printer_that_answers_gets_the_bytes(self, machine, asks):
        printer = machine()

        sent = send(PAPER, network(printer.port, asks=asks))

        assert (sent.trouble, sent.began) == ("", False)
        assert wait_for(lambda: printer.papers)
        assert printer.papers == [PAPER]

    def test_nothing_listens(self, dead_port):
        began = time.monotonic()

        sent = send(PAPER, network(dead_port))

        assert (sent.trouble, sent.began) == ("refused", False)
        assert time.monotonic() - began < 2

    @pytest.mark.usefixtures("short_waits")
    def test_one_that_accepts_and_never_reads_got_nothing_of_the_job(self, machine):
        printer = machine(reads=False)
        began = time.monotonic()

        sent = send(PAPER, network(printer.port))

        assert (sent.trouble, sent.began) == ("no_answer", False)
        assert time.monotonic() - began < 2

    @pytest.mark.usefixtures("short_waits")
    def test_one_that_never_reads_and_is_not_asked_ends_too(self, machine):
        """More than any buffer holds: the transmission breaks off, and says that some went."""
        printer = machine(reads=False)
        began = time.monotonic()

        sent = send(b"x" * 50_000_000, network(printer.port, asks=False))

        assert (sent.trouble, sent.began) == ("broke_off", True)
        assert time.monotonic() - began < 3

    @pytest.mark.parametrize(("answer", "trouble"), [(b"\x72", "no_paper"), (b"\x1a", "offline")])
    def test_what_the_printer_says_of_itself_is_passed_on(self, machine, answer, trouble):
        printer = machine(answer)

        assert send(PAPER, network(printer.port)).trouble == trouble
        assert wait_for(lambda: printer.papers)
        assert printer.papers == [b""]

    @pytest.mark.parametrize("address", ["8.8.8.8", "printer.local", "", "::", "224.0.0.1"])
    def test_nothing_leaves_the_house(self, address):
        assert not is_house_address(address)
        assert send(PAPER, network(9100, address=address)).trouble == "not_allowed"

    @pytest.mark.parametrize("address", ["192.168.1.50", "10.1.2.3", "172.16.0.9", "127.0.0.1"])
    def test_addresses_of_a_lan_are_of_the_house(self, address):
        assert is_house_address(address)


class TestFile:
    def test_one_file_a_job_in_its_own_folder(self, tmp_path):
        target = Target("file", "loket-1", 0, False, tmp_path, "satu")

        assert send(PAPER, target).trouble == ""
        assert (tmp_path / "loket-1" / "satu.bin").read_bytes() == PAPER
        assert list((tmp_path / "loket-1").glob("*.part")) == []

    @pytest.mark.parametrize("name", ["../luar", "/etc/passwd", "a/b", "", "..", "A", "loket 1"])
    def test_no_path_leads_out_of_the_folder(self, tmp_path, name):
        assert send(PAPER, Target("file", name, 0, False, tmp_path / "in")).trouble == "not_allowed"
        assert list(tmp_path.rglob("*")) == []


class TestDevice:
    def test_a_device_nobody_named_is_not_written(self, tmp_path):
        path = tmp_path / "lp0"
        path.write_bytes(b"")

        assert send(PAPER, Target("device", str(path), 0, False, tmp_path)).trouble == "not_allowed"
        assert path.read_bytes() == b""

    def test_only_devices_can_be_named(self, monkeypatch):
        monkeypatch.setenv("SIMPUL_PRINTER_DEVICES", "/etc/passwd, /dev/usb/lp0,,C:/x")

        assert transport.allowed_devices() == ("/dev/usb/lp0",)

    def test_a_named_device_is_written(self, monkeypatch, tmp_path):
        monkeypatch.setenv("SIMPUL_PRINTER_DEVICES", "/dev/null")

        assert send(PAPER, Target("device", "/dev/null", 0, False, tmp_path)).trouble == ""

    @pytest.mark.usefixtures("short_waits")
    def test_a_device_that_takes_nothing_holds_nobody_up(self, monkeypatch, tmp_path):
        """A pipe whose reader sleeps stands for a cable printer that is switched off."""
        path = tmp_path / "pipa"
        os.mkfifo(path)
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        monkeypatch.setattr(transport, "allowed_devices", lambda: (str(path),))
        began = time.monotonic()
        try:
            sent = send(b"x" * 1_000_000, Target("device", str(path), 0, False, tmp_path))
        finally:
            os.close(reader)

        assert (sent.trouble, sent.began) == ("broke_off", True)
        assert time.monotonic() - began < 2
