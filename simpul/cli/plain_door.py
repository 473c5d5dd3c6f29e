"""The plain http door beside https: who comes there is sent on, or helped to trust the server.

Only the page that explains the certificate, the authority's certificate (never its key) and what
that page is painted with are answered here; everything else is told the secure address. No log-in
happens at this door: its cookies are for https alone.
"""

import io
import os
import re
import signal
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer

from simpul.cli.certificates import ensure

#: What may be read without https.
OPEN = ("/pasang-sertifikat", "/simpul-ca.crt", "/static/", "/health")
READS = ("GET", "HEAD")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]{1,253})(:\d{1,5})?")
PATIENCE_SECONDS = 10
MOST_AT_ONCE = 16
#: How often the addresses of this computer are looked at.
LOOK_SECONDS = 600
BIND_TRIES = 40

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    """Few requests at a time, none of them for long."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"
    request_queue_size = 32

    def __init__(self, address: tuple[str, int], handler: type[WSGIRequestHandler]) -> None:
        self.places = threading.BoundedSemaphore(MOST_AT_ONCE)
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, handler)

    def server_bind(self) -> None:
        """Bind without asking the network for our own name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "simpul", self.server_address[1]
        self.setup_environ()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer one request, if there is a place."""
        with self.places:
            super().process_request_thread(request, client_address)


class _Handler(WSGIRequestHandler):
    timeout = PATIENCE_SECONDS

    def get_stderr(self) -> Any:
        """Log nothing of a request: an address may be all that is needed to know somebody."""
        return io.StringIO()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def handle(self) -> None:
        """Answer, and forget who hangs up in between."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            return


ServerHandler.server_software = "Simpul"


def open_door(host: str, port: int, application: Application, *, secure_port: int) -> None:
    """Open the door in a thread of this process.

    The process before this one may still hold the port for a moment.
    """
    door = only_open(application, secure_port)

    def stand() -> None:
        for _try in range(BIND_TRIES):
            try:
                server = _Server((host, port), _Handler)
            except OSError:
                time.sleep(0.5)
                continue
            server.set_app(door)
            server.serve_forever(poll_interval=1.0)

    threading.Thread(target=stand, name="plain-door", daemon=True).start()


def only_open(application: Application, secure_port: int) -> Application:
    """Let through what may be read without https; send everything else to the secure address."""

    def door(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", "/"))
        if environ.get("REQUEST_METHOD") in READS and path.startswith(OPEN):
            environ.pop("HTTP_COOKIE", None)
            environ.pop("HTTP_AUTHORIZATION", None)
            environ["wsgi.url_scheme"] = "http"
            return application(environ, start)
        told = _HOST.fullmatch(str(environ.get("HTTP_HOST", "")))
        if told is None:
            start("400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        query = str(environ.get("QUERY_STRING", ""))
        # What came may hold anything; only what a path may hold goes out again.
        safe = re.sub(r"[^A-Za-z0-9/._~!$&'()*+,;=:@%-]", "", path)
        target = f"https://{told[1]}:{secure_port}/{safe.lstrip('/')}"
        if query and re.fullmatch(r"[A-Za-z0-9/._~!$&'()*+,;=:@%?-]{1,2000}", query):
            target += f"?{query}"
        start(
            "307 Temporary Redirect",
            [("Location", target), ("Content-Length", "0"), ("Cache-Control", "no-store")],
        )
        return [b""]

    return door


def keep_certificate(data: Path, supervisor: int) -> None:
    """Look now and then whether the certificate still fits; when not, serve with a new one.

    The answering process is exchanged for one that has read it; open streams come back by
    themselves.
    """

    def look() -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            try:
                _files, is_new = ensure(data)
            except Exception:  # noqa: S112 - a full disk now is not the end of serving
                continue
            if is_new and hasattr(signal, "SIGHUP"):
                os.kill(supervisor, signal.SIGHUP)

    threading.Thread(target=look, name="certificate", daemon=True).start()
