"""Whether the internet is there: asked only of a host that the site names, never per request."""

import socket

import pytest

from simpul.service.distribution.offline import internet


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(internet, "_found", internet.Reach())
    monkeypatch.delenv("SIMPUL_INTERNET_CHECK", raising=False)


def test_without_a_named_host_nothing_is_contacted(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_a: object, **_k: object) -> None:
        raise AssertionError("nobody asked for this")

    monkeypatch.setattr(socket, "create_connection", refuse)
    assert internet.watch_internet() is False
    assert internet.reach() == internet.Reach(None, None)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("dinas.example:443", ("dinas.example", 443)),
        ("[fd00::1]:80", ("fd00::1", 80)),
        ("dinas.example", None),
        ("x:99999", None),
        (":80", None),
        (" ", None),
    ],
)
def test_how_a_host_is_named(
    text: str, host: tuple[str, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMPUL_INTERNET_CHECK", text)
    assert internet.asked_host() == host


def test_since_when_stays_while_the_answer_does() -> None:
    internet.note(True)
    first = internet.reach()
    internet.note(True)
    assert internet.reach() == first
    internet.note(False)
    assert internet.reach().internet is False
    assert internet.reach().since != first.since


def test_a_try_says_whether_somebody_listens() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert internet.try_once("127.0.0.1", port) is True
    assert internet.try_once("127.0.0.1", port) is False
