"""A facility's sender and a hub's endpoints in one process, joined without a network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.test import Client, override_settings

from simpul.exchange.hub import endpoints
from simpul.exchange.hub.enrolment import make_code
from simpul.exchange.hub.limits import Limits
from simpul.exchange.sync.enrolment import enrol
from simpul.exchange.sync.sending import Sender
from tests.exchange.sites import Site

URL = "https://dinas.contoh"


def line_to(hub: Site, *, seen: list[httpx.Request] | None = None) -> httpx.MockTransport:
    """A line whose other end is this hub's real endpoints, with every middleware before them."""

    def carry(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return ask(hub, request.method, request.url.raw_path.decode(), dict(request.headers),
                   request.read())  # fmt: skip

    return httpx.MockTransport(carry)


def ask(
    hub: Site,
    method: str,
    path: str,
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    **more: Any,
) -> httpx.Response:
    """Ask a hub as a stranger on the internet would; CSRF is enforced as it is there."""
    known = {name.lower(): value for name, value in (headers or {}).items()}
    kind = known.pop("content-type", "application/octet-stream")
    with hub, override_settings(SIMPUL_ROLE=more.pop("role", "hub")):
        answer = Client(enforce_csrf_checks=True).generic(
            method, path, body, content_type=kind, headers=known, **more
        )
        content = b"".join(answer) if answer.streaming else answer.content
    return httpx.Response(answer.status_code, headers=dict(answer.headers), content=content)


def enrolled(site: Site, hub: Site) -> None:
    """Enrol a facility as people do: a code there, typed here."""
    with hub:
        code = make_code(site.name).code
    with site:
        enrol(code, URL, transport=line_to(hub))


def sender(site: Site, hub: Site, folder: Path, **more: Any) -> Sender:
    """The facility's sender with its line to this hub."""
    more.setdefault("gives_way", False)
    return Sender(folder, transport=line_to(hub), draw=lambda low, _high: low, **more)


@contextmanager
def fresh_limits() -> Iterator[Limits]:
    """Count from nothing."""
    before, endpoints.LIMITS = endpoints.LIMITS, Limits()
    try:
        yield endpoints.LIMITS
    finally:
        endpoints.LIMITS = before


assert settings.configured
