"""A strict content security policy and its companions on every answer there is."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.staff.actor import Actor
from simpul.web.middleware import CSP

pytestmark = pytest.mark.django_db


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Yield one address of every pattern there is, with something in each of its places."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if not isinstance(pattern.pattern, RoutePattern):
            continue
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        elif isinstance(pattern, URLPattern):
            filled = re.sub(r"<uuid:[^>]+>", str(uuid7()), route)
            filled = re.sub(r"<int:[^>]+>", "1", filled)
            yield "/" + re.sub(r"<[^>]+>", "umum", filled)


ADDRESSES = sorted({re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "{id}", a) for a in addresses()})


#: What a counter without the server opens; they hold nothing of any person, and are asked for anew
#: each time the server answers.
KEPT_FOR_OFFLINE = {
    *("/luring", "/luring/bahan", "/manifest.webmanifest", "/sw.js", "/tv/pekerja.js"),
}


def directives(policy: str) -> dict[str, list[str]]:
    found = {}
    for part in policy.split(";"):
        name, *sources = part.split()
        assert name not in found, "a directive said twice counts only once"
        found[name] = sources
    return found


def check(response: object) -> None:
    headers = response.headers  # type: ignore[attr-defined]
    policy = directives(headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    for sources in policy.values():
        for source in sources:
            # No unsafe-inline, unsafe-eval, unsafe-hashes; no other host; no wildcard; no scheme
            # from which a script could come.
            assert source in {"'self'", "'none'", "data:", "blob:"}, source
    assert "data:" not in policy.get("script-src", [])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]


def test_the_policy_itself_has_nothing_unsafe() -> None:
    assert "unsafe" not in CSP
    assert "*" not in CSP
    assert "http" not in CSP


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_answers_with_the_headers_to_nobody_and_to_somebody(
    address: str, browse: Callable[[Actor], Client], registrar: Actor, client: Client
) -> None:
    somebody = browse(registrar)
    for who in (client, somebody):
        who.raise_request_exception = False
        for method in ("get", "post"):
            response = getattr(who, method)(address.format(id=uuid7()))
            check(response)
            allowed = {"no-store"}
            if address in KEPT_FOR_OFFLINE and response.status_code == 200:
                allowed = {"no-cache"}
            assert response["Cache-Control"] in allowed
            response.close()


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/tidak/ada"),
        ("get", "/%00"),
        ("get", "/static/tidak-ada.css"),
        ("delete", "/masuk"),
        ("options", "/masuk"),
        ("head", "/masuk"),
        ("get", "/api/v1/tidak-ada"),
    ],
)
def test_so_do_answers_that_no_view_gives(
    method: str, address: str, client: Client, house: Here
) -> None:
    check(getattr(client, method)(address))


def test_so_does_a_form_without_its_token(house: Here) -> None:
    response = Client(enforce_csrf_checks=True).post("/masuk", {"username": "x"})
    assert response.status_code == 403
    check(response)


def test_so_does_a_mistake_of_ours(
    house: Here, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("mistake")

    monkeypatch.setattr("simpul.config.home.is_set_up", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    check(response)


def test_files_of_the_program_may_be_cached_and_pages_may_not(house: Here, client: Client) -> None:
    style = client.get("/static/web/simpul.css")
    assert style.status_code == 200
    check(style)
    assert "no-store" not in style.headers.get("Cache-Control", "")
    assert client.get("/masuk")["Cache-Control"] == "no-store"
