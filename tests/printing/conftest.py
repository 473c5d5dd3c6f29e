"""Printers of a test: a file, one that answers, one that never reads, one that is not there."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simpul.foundation.facilities.selectors import Here
from simpul.foundation.printing import spooler
from simpul.foundation.printing.inputs import PrinterInput
from simpul.foundation.printing.models import Printer
from simpul.foundation.printing.services import save_printer
from simpul.foundation.staff.actor import Actor

NewPrinter = Callable[..., Printer]
ALL_KINDS = ("slip", "hand-over", "card", "file-label", "tracer")


@pytest.fixture
def cetak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where file printers of this test keep what was printed."""
    monkeypatch.setattr(spooler, "folder", lambda: tmp_path / "cetak")
    return tmp_path / "cetak"


@pytest.fixture
def new_printer(technician: Actor, house: Here) -> NewPrinter:
    """Add a printer as the IT person would; a file printer unless told otherwise."""

    def make(name: str = "Loket 1", **typed: object) -> Printer:
        values = {
            "name": name,
            "connection": "file",
            "target": name.lower().replace(" ", "-"),
            "kinds": ALL_KINDS,
        } | typed
        return save_printer(PrinterInput(**values), by=technician)  # type: ignore[arg-type]

    return make


class PaperMachine(threading.Thread):
    """A network printer: answers the questions about its state, keeps what it is sent."""

    def __init__(self, answer: bytes = b"\x12", *, reads: bool = True) -> None:
        super().__init__(daemon=True)
        self.answer, self.reads = answer, reads
        self.line = socket.create_server(("127.0.0.1", 0))
        self.port = self.line.getsockname()[1]
        self.papers: list[bytes] = []
        self.held: list[socket.socket] = []

    def run(self) -> None:
        while True:
            try:
                client, _from = self.line.accept()
            except OSError:
                return
            if not self.reads:
                self.held.append(client)
                continue
            self.papers.append(self._paper(client))

    def _paper(self, client: socket.socket) -> bytes:
        got = b""
        with client:
            while piece := client.recv(4096):
                for question in (b"\x10\x04\x01", b"\x10\x04\x04"):
                    if piece.startswith(question):
                        client.sendall(self.answer)
                        piece = piece[3:]
                got += piece
        return got

    def stop(self) -> None:
        self.line.close()
        for client in self.held:
            client.close()


@pytest.fixture
def machine() -> Iterator[Callable[..., PaperMachine]]:
    """Start network printers that end with the test."""
    made: list[PaperMachine] = []

    def start(answer: bytes = b"\x12", *, reads: bool = True) -> PaperMachine:
        one = PaperMachine(answer, reads=reads)
        one.start()
        made.append(one)
        return one

    yield start
    for one in made:
        one.stop()


@pytest.fixture
def dead_port() -> int:
    """A port where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
