"""Bytes to a printer, within a few seconds, whatever the printer does.

Where bytes may go is narrow, because the address is typed on a page:

- the network: an IP address of the house's own network (private or this computer), no name, so
  that no look-up can hang and nothing leaves the building;
- a cable: a device that whoever runs the server has named in `SIMPUL_PRINTER_DEVICES`;
- a file: a folder of that name below `SIMPUL_DATA/cetak`, one file a job.
"""

import contextlib
import ipaddress
import os
import re
import select
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from simpul.foundation.printing.models import Connection, Printer

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 2.0
SEND_SECONDS = 4.0
#: The longest a transmission can take, with air; a lease is longer than this.
MOST_SECONDS = CONNECT_SECONDS + 2 * ANSWER_SECONDS + SEND_SECONDS + 2.0

#: DLE EOT n: real-time state, answered with one byte even by a printer that is offline.
_PRINTER_STATE, _PAPER_STATE = b"\x10\x04\x01", b"\x10\x04\x04"
_IS_OFFLINE, _PAPER_ENDED = 0x08, 0x60

FOLDER_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class Sent:
    """How it went. `trouble` is empty when all bytes were taken; `began` says that some may be."""

    trouble: str = ""
    began: bool = False


@dataclass(frozen=True)
class Target:
    """Where bytes go; read from the printer's row before, so that no database is needed here."""

    connection: str
    address: str
    port: int
    asks_state: bool
    folder: Path
    name: str = "cetak"


def target_of(printer: Printer, *, folder: Path, name: str = "cetak") -> Target:
    """Return a printer's target; `folder` is where file printers keep theirs."""
    return Target(
        connection=printer.connection,
        address=printer.target,
        port=printer.port,
        asks_state=printer.asks_state,
        folder=folder,
        name=name,
    )


def is_house_address(text: str) -> bool:
    """Is this an IP address of the house's own network?"""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.is_multicast or address.is_unspecified or address.is_reserved:
        return False
    return address.is_private or address.is_loopback or address.is_link_local


def allowed_devices() -> tuple[str, ...]:
    """The devices whoever runs the server has named, separated by commas."""
    named = os.environ.get("SIMPUL_PRINTER_DEVICES", "").split(",")
    return tuple(one for one in (name.strip() for name in named) if one.startswith("/dev/"))


def send(payload: bytes, target: Target) -> Sent:
    """Send the bytes; never raises, never takes longer than `MOST_SECONDS`."""
    try:
        if target.connection == Connection.NETWORK:
            return _over_network(payload, target)
        if target.connection == Connection.DEVICE:
            return _to_device(payload, target)
        return _to_file(payload, target)
    except TimeoutError:
        return Sent("no_answer")
    except ConnectionRefusedError:
        return Sent("refused")
    except OSError:
        return Sent("unreachable")


def _over_network(payload: bytes, target: Target) -> Sent:
    if not is_house_address(target.address):
        return Sent("not_allowed")
    with socket.create_connection((target.address, target.port), CONNECT_SECONDS) as line:
        if target.asks_state:
            trouble = _state_of(line)
            if trouble:
                return Sent(trouble)
        try:
            _send_all(line, payload)
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_WR)
        except OSError:
            return Sent("broke_off", began=True)
    return Sent()


def _state_of(line: socket.socket) -> str:
    """Ask whether it prints and has paper; nothing of the job has been sent yet."""
    for question, bits, trouble in (
        (_PAPER_STATE, _PAPER_ENDED, "no_paper"),
        (_PRINTER_STATE, _IS_OFFLINE, "offline"),
    ):
        line.settimeout(ANSWER_SECONDS)
        line.sendall(question)
        answer = line.recv(1)
        if not answer:
            return "no_answer"
        if answer[0] & bits:
            return trouble
    return ""


def _send_all(line: socket.socket, payload: bytes) -> None:
    """Send within one deadline; `sendall` alone would start its time anew with every piece."""
    ends = time.monotonic() + SEND_SECONDS
    rest = memoryview(payload)
    while rest:
        left = ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        line.settimeout(left)
        rest = rest[line.send(rest) :]


def _to_device(payload: bytes, target: Target) -> Sent:
    if target.address not in allowed_devices():
        return Sent("not_allowed")
    # Without waiting: a cable printer that is switched off must not hold this thread for ever.
    waits_not = getattr(os, "O_NONBLOCK", 0)
    handle = os.open(target.address, os.O_WRONLY | waits_not)
    began = False
    try:
        ends = time.monotonic() + SEND_SECONDS
        rest = memoryview(payload)
        while rest:
            left = ends - time.monotonic()
            if left <= 0 or not select.select([], [handle], [], left)[1]:
                return Sent("broke_off" if began else "no_answer", began=began)
            rest = rest[os.write(handle, rest) :]
            began = True
    except OSError:
        return Sent("broke_off" if began else "unreachable", began=began)
    finally:
        os.close(handle)
    return Sent()


def _to_file(payload: bytes, target: Target) -> Sent:
    if not FOLDER_NAME.fullmatch(target.address):
        return Sent("not_allowed")
    folder = target.folder / target.address
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Whole or not at all: whoever watches the folder must not find half a slip.
    part = folder / f".{target.name}.part"
    part.write_bytes(payload)
    part.replace(folder / f"{target.name}.bin")
    return Sent()
