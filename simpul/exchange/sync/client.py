"""Speaking to the hub: HTTPS outward only, each request signed by this installation's own key.

Nothing is decided here. An answer comes back as it is; what never became an answer (no route, no
name, a certificate that does not fit, a line that broke) comes back as a `Broken` with its reason.
"""

import ipaddress
import json
import ssl
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from simpul import __version__
from simpul.exchange.sync import signing
from simpul.exchange.sync.shipping import read_retry_after
from simpul.foundation.core.errors import Refused

PROTOCOL = "1"
ENROL, HELLO, FEED, MINE = "/sync/v1/enrol", "/sync/v1/hello", "/sync/v1/feed", "/sync/v1/mine"
COPY = "/sync/v1/copy"
CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
#: An answer is never so large; something else than a hub might send anything.
MOST_ANSWER = 16 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What the hub said."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    content: bytes = b""
    retry_after: float = 0.0


class Broken(Exception):
    """No answer came; `why` is a stable code: route, name, certificate, line, answer."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def check_url(text: str) -> str:
    """Return the hub's address in one form; refuse what would go over the line in the open."""
    text = text.strip()
    if "://" not in text:
        text = f"https://{text}"
    parts = urlsplit(text)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    is_known = parts.scheme in ("http", "https") and bool(host) and not parts.username
    if not is_known or parts.query or parts.fragment or parts.path.strip("/"):
        raise Refused(
            "Alamat Dinas belum benar. Tulis seperti https://dinkes.contoh.go.id. Belum ada yang "
            "diubah.",
            "hub_url_refused",
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise Refused(
            "Alamat Dinas harus https://, agar data pasien tidak terbaca di jalan. Belum ada yang "
            "diubah.",
            "hub_url_plain",
        )
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port else "")


def is_loopback(host: str) -> bool:
    """Does this name mean this computer itself?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass
class Client:
    """A line to one hub."""

    url: str
    node: uuid.UUID
    authority: str = ""
    transport: httpx.BaseTransport | None = None
    _http: httpx.Client | None = None
    _context: ssl.SSLContext | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def push(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send what is signed already."""
        return self._send("POST", path, dict(headers), body)

    def post(self, path: str, content: Mapping[str, Any]) -> Answer:
        """Send something small as JSON, signed."""
        body = json.dumps(content, ensure_ascii=False, default=str).encode()
        headers = {**self.sign("POST", path, body), "Content-Type": "application/json"}
        return self._send("POST", path, headers, body)

    def put(self, path: str, body: bytes) -> Answer:
        """Send a piece of something large, signed."""
        return self._send("PUT", path, self.sign("PUT", path, body), body)

    def get(self, path: str) -> Answer:
        """Ask for something, signed; the path holds the question."""
        return self._send("GET", path, self.sign("GET", path, b""), None)

    def sign(self, method: str, path: str, body: bytes) -> dict[str, str]:
        """Return the headers that say who asks, and prove it."""
        digest = signing.content_digest(body)
        headers = {"Sync-Node": str(self.node), "Sync-Proto": PROTOCOL}
        private = signing.own_key().private
        signed = signing.sign(private, method, path, headers, digest)
        return {**headers, signing.DIGEST: digest, signing.SIGNATURE: signed}

    def _send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        try:
            with self._open().stream(method, path, headers=headers, content=body) as response:
                content = b""
                for part in response.iter_bytes():
                    content += part
                    if len(content) > MOST_ANSWER:
                        raise Broken("answer")
        except httpx.HTTPError as trouble:
            self.close()  # a line that broke once is not used again
            raise Broken(_why(trouble)) from trouble
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        told: Any = {}
        if kind == "application/json":
            try:
                told = json.loads(content)
            except ValueError:
                told = {}
        if response.status_code in (200, 409) and kind not in ("application/json", PAGE):
            raise Broken("answer")  # the log-in page of a hotel's Wi-Fi says 200 too
        return Answer(
            response.status_code,
            told if isinstance(told, dict) else {},
            content,
            read_retry_after(response.headers.get("Retry-After")),
        )

    def _open(self) -> httpx.Client:
        if self._http is None:
            host = urlsplit(self.url).hostname or ""
            self._http = httpx.Client(
                base_url=self.url,
                verify=self._trust(),
                transport=self.transport,
                timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
                headers={"User-Agent": f"simpul/{__version__}"},
                trust_env=not is_loopback(host),
                follow_redirects=False,
            )
        return self._http

    def _trust(self) -> ssl.SSLContext:
        """Whom to trust; read once, for reading the system's list takes a while."""
        if self._context is None:
            try:
                self._context = ssl.create_default_context(cadata=self.authority or None)
            except ssl.SSLError as trouble:
                raise Broken("certificate") from trouble
            self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        return self._context


#: What a page of rows comes as: compressed by us, not by whoever stands in between.
PAGE = "application/gzip"


def _why(trouble: httpx.HTTPError) -> str:
    """Sort what went wrong before there was an answer."""
    if isinstance(trouble, httpx.ConnectTimeout):
        return "route"
    if isinstance(trouble, httpx.ConnectError):
        text = str(trouble).lower()
        if "certificate" in text or "ssl" in text:
            return "certificate"
        if "name" in text or "getaddrinfo" in text or "nodename" in text:
            return "name"
        return "route"
    return "line"
