"""Serving: one supervising process, one process that answers, both gone when told to stop.

The address is announced by the process that answers, once it can; so an address that is printed
works. Ending: open live streams get three seconds, then the write-ahead log is folded into the
database, so that the data folder can be copied as it lies.
"""

import errno
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simpul.cli.output import say
from simpul.foundation.core.errors import Refused

if TYPE_CHECKING:
    from simpul.cli.certificates import Files

DEFAULT_PORT = 8000
SECURE_PORT = 8443
#: Where the plain door goes when 8000 is taken by the secure one.
OTHER_DOOR = 8080
LOOPBACK = ("127.0.0.1", "::1", "localhost")
#: Each live screen holds a thread, and pages need some beside them (SIMPUL_MAX_STREAMS).
THREADS = 96
#: More requests than this wait in the system's queue instead of in memory.
BACKPRESSURE = 192
SECONDS_TO_END = 3
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - the LAN of a Puskesmas is whom it is for
LOOKS = 200


class BadPort(SystemExit):
    """PORT holds something that is no port."""


@dataclass(frozen=True)
class Https:
    """Serving with a certificate: the site's data folder and the port of the plain door."""

    data: Path
    door: int | None


def chosen_port(given: int | None, *, default: int = DEFAULT_PORT) -> int:
    """Return the port asked for: the option, else PORT, else the default."""
    if given is not None:
        return given
    text = os.environ.get("PORT", "").strip()
    if not text:
        return default
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    say(f"PORT={text} bukan nomor port (1–65535). Belum ada yang dikerjakan.")
    raise BadPort(2)


def require_free(host: str, port: int) -> None:
    """Refuse an address that cannot be served, saying which and how to choose another."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        if os.name != "nt":  # there the option would let two servers share the port
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except (OSError, OverflowError) as trouble:
            raise Refused(_why(trouble, host, port), "address_refused") from None


def _why(trouble: Exception, host: str, port: int) -> str:
    code = getattr(trouble, "errno", None)
    other = port + 1 if port < 65535 else DEFAULT_PORT
    if code == errno.EADDRINUSE:
        return (
            f"Port {port} sudah dipakai program lain, mungkin Simpul yang masih berjalan. Tidak "
            f"ada yang diubah. Hentikan program itu, atau pakai port lain: --port {other} "
            f"(dengan make: PORT={other})."
        )
    if code == errno.EACCES:
        return f"Port {port} hanya untuk administrator. Pakai yang lain, misalnya --port {other}."
    return f"Alamat {host} tidak ada di komputer ini. Pakai --host 0.0.0.0 atau 127.0.0.1."


def address_of(host: str, port: int, *, for_others: bool, scheme: str = "http") -> str:
    """Return the one address to open; `for_others` means one that other computers can open too."""
    name = host
    if host in EVERYWHERE:
        name = (_own_address() if for_others else "") or "localhost"
    return f"{scheme}://[{name}]:{port}" if ":" in name else f"{scheme}://{name}:{port}"


def _own_address() -> str:
    """The address by which this computer is known in its network; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def serve(
    host: str,
    port: int,
    *,
    announcement: str,
    https: Https | None = None,
    has_worker: bool = True,
) -> int:
    """Serve until told to stop; returns the exit status."""
    from django.conf import settings
    from django.db import connections
    from granian.constants import Interfaces, SSLProtocols
    from granian.log import LogLevels
    from granian.server import Server

    from simpul.foundation.backups.locks import occupy

    # A restore must not run beside us, nor we beside one.
    occupation = occupy(Path(settings.DATA), "simpul serve")
    files = None if https is None else _files_of(https)
    server = Server(
        "simpul",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backpressure=BACKPRESSURE,
        workers_kill_timeout=SECONDS_TO_END,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
        # Phones of ten years ago speak 1.2.
        ssl_protocol_min=SSLProtocols.tls12,
        ssl_cert=None if files is None else files.server,
        ssl_key=None if files is None else files.server_key,
    )
    # A connection must not be shared with the process that is about to be started.
    connections.close_all()
    told_at = "127.0.0.1" if host in EVERYWHERE else host
    loader = partial(
        load_application, os.getpid(), (told_at, port), announcement, https, host, has_worker
    )
    try:
        server.serve(target_loader=loader, wrap_loader=False)
    except SystemExit:
        # The answering process hears Ctrl+C too and may be gone first; that is no failure.
        if not server.interrupt_signal:
            say("Simpul berhenti sendiri karena proses penjawabnya tidak dapat berjalan.")
            return 1
    finally:
        close_log()
        occupation.release()
    say("Simpul dihentikan. Semua data tersimpan.")
    return 0


def _files_of(https: Https) -> "Files":
    from simpul.cli.certificates import files_in  # takes time to load; plain http does without

    return files_in(https.data)


def load_application(
    supervisor: int,
    own: tuple[str, int],
    announcement: str,
    https: Https | None = None,
    host: str = "",
    has_worker: bool = True,
) -> Any:
    """Load the program in the process that answers, and announce it once it does."""
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver

    from simpul.web.upkeep import start_upkeep

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simpul.config.settings")
    application = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018 - read now, not in the first request
    from simpul.planning.workload.tallies import keep_one_month_here  # after the tables
    from simpul.service.distribution.offline.internet import watch_internet

    watch_internet()
    if https is not None:
        from simpul.cli.plain_door import keep_certificate, open_door

        if https.door is not None:
            open_door(host, https.door, application, secure_port=own[1])
        keep_certificate(https.data, supervisor)
    from simpul.cli.checkup.background import keep_watch
    from simpul.service.patients.matching.pairs import search_a_little

    start_upkeep(keep_one_month_here, search_a_little, keep_watch)
    from simpul.foundation.printing.spooler import start_spooler  # after the tables too

    start_spooler()
    from simpul.cli import importer, working

    chores: list[Callable[[], None]] = [
        partial(_end_with, supervisor),
        partial(_announce, own, announcement),
        importer.watch,
        keep_watch,
    ]
    if has_worker:
        from simpul.cli.duties import is_wanted

        chores.append(partial(working.watch, partial(is_wanted, since=time.monotonic())))
    for chore in chores:
        threading.Thread(target=chore, daemon=True).start()
    return application


def _announce(own: tuple[str, int], announcement: str) -> None:
    """Print the address as soon as something listens there."""
    for _look in range(LOOKS):
        try:
            socket.create_connection(own, timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            break
    print(announcement, flush=True)


def _end_with(supervisor: int) -> None:
    """Do not outlive the supervisor: a port held by an orphan would puzzle everybody."""
    while os.name == "nt" or os.getppid() == supervisor:
        time.sleep(0.5)
    os._exit(1)


def close_log() -> None:
    """Fold the write-ahead log into the database."""
    from django.db import connection

    if connection.vendor != "sqlite" or not Path(str(connection.settings_dict["NAME"])).exists():
        return
    try:
        connection.checkpoint()  # type: ignore[attr-defined]
    except Exception as trouble:  # the log is replayed at the next start; nothing is lost
        print(f"checkpoint: {type(trouble).__name__}", file=sys.stderr)
    finally:
        connection.close()
