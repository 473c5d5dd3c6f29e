"""The sender against a hub that answers in every way a hub, or something else, can answer."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from simpul.exchange.sync import client as wire
from simpul.exchange.sync import incoming, link, shipping, signing
from simpul.exchange.sync.client import Broken, Client, check_url
from simpul.exchange.sync.epochs import current_epoch
from simpul.exchange.sync.link import HubFacts, read_line
from simpul.exchange.sync.selectors import standing
from simpul.exchange.sync.sending import STOPPED_SECONDS, Sender, count_visits
from simpul.exchange.sync.wire import Page, encode_page
from simpul.exchange.sync.yielding import ANSWERS
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Refused
from simpul.foundation.facilities.selectors import Here

URL = "https://dinas.contoh"
HUB_EPOCH = "5e0f3a34-94a4-4d0e-9a4e-1d8f6f5b7c11"
Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def enrolled(house: Here) -> Here:
    """A house that knows a hub."""
    link.keep_hub(HubFacts(URL, "Dinas", "", "", now().isoformat()))
    return house


def sender(folder: Path, handler: Handler, **more: Any) -> Sender:
    """A sender whose hub is a function; it gives way to nobody unless told."""
    more.setdefault("gives_way", False)
    transport = httpx.MockTransport(handler)
    return Sender(folder, transport=transport, draw=lambda low, _high: low, **more)


def acknowledging(request: httpx.Request) -> httpx.Response:
    """Take everything, as a hub does."""
    word = {"hub_epoch": HUB_EPOCH, "feed": 0, "next_ms": 0}
    if request.url.path == wire.HELLO:
        return httpx.Response(200, json=word)
    if request.url.path == wire.FEED:
        return feed({})
    upto = int(request.headers["Sync-After"]) + 500
    return httpx.Response(200, json={"ack": upto, **word})


def feed(has: dict[str, int]) -> httpx.Response:
    """An empty page of the feed; `has` says how much of each numbering of ours the hub holds."""
    head = {"hub_epoch": HUB_EPOCH, "after": 0, "upto": 0, "more": False, "has": has}
    page = encode_page(Page(head, []))
    return httpx.Response(200, content=page, headers={"Content-Type": wire.PAGE})


def test_nothing_is_done_without_a_hub(house: Here, tmp_path: Path) -> None:
    assert sender(tmp_path, lambda _request: pytest.fail("it spoke")).step() == 60


def test_what_waits_is_sent_and_acknowledged(enrolled: Here, tmp_path: Path) -> None:
    seen: list[httpx.Request] = []

    def hub(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return acknowledging(request)

    assert standing().waiting > 0
    sender(tmp_path, hub).drain(most_steps=20)
    assert standing().waiting == 0
    assert [request.url.path for request in seen] == ["/sync/v1/push", wire.HELLO, wire.FEED]
    public = signing.own_key().public
    for request in seen:
        assert request.headers["Sync-Node"] == str(enrolled.id)
        digest = signing.content_digest(request.content)
        assert request.headers["Content-Digest"] == digest or request.url.path != "/sync/v1/push"
        target = request.url.raw_path.decode()
        assert signing.verify(
            public, request.headers["Sync-Signature"], request.method, target, request.headers,
            digest,
        )  # fmt: skip
    told = json.loads(seen[1].content)
    assert {"version", "waiting", "waiting_since", "parked", "disk_free"} <= told.keys()
    assert read_line().state == "good"


def test_a_restored_facility_with_nothing_to_send_notices(enrolled: Here, tmp_path: Path) -> None:
    sender(tmp_path, acknowledging).drain(most_steps=20)
    ours = current_epoch()
    assert ours is not None
    asked: list[str] = []

    def hub(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path == wire.FEED:
            return feed({str(ours.epoch): ours.seq + 5})  # what was lost with the disk
        if request.url.path == wire.MINE:
            return httpx.Response(503)
        return acknowledging(request)

    assert not incoming.returning()
    sender(tmp_path, hub).step()
    assert incoming.returning()
    assert asked == [wire.HELLO, wire.FEED, wire.MINE]


@pytest.mark.parametrize(
    ("answer", "why", "least"),
    [
        (httpx.Response(503, headers={"Retry-After": "77"}), "wait", 77),
        (httpx.Response(429, json={"why": "busy"}), "busy", 5),
        (httpx.Response(500), "wait", 5),
        (httpx.Response(200, text="<html>Masuk ke Wi-Fi hotel</html>"), "answer", 5),
        (httpx.ConnectError("[Errno -2] Name or service not known"), "name", 5),
        (httpx.ConnectError("[Errno 101] Network is unreachable"), "route", 5),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"), "certificate", 5),
        (httpx.ConnectTimeout("slow"), "route", 5),
        (httpx.ReadTimeout("slow"), "line", 5),
        (httpx.RemoteProtocolError("cut"), "line", 5),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_time_mends_is_tried_again_later_and_later(
    enrolled: Here, tmp_path: Path, answer: Any, why: str, least: float
) -> None:
    def hub(_request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    tried = sender(tmp_path, hub)
    before = standing().waiting
    tried.draw = lambda _low, high: high
    waits = [tried.step() for _try in range(2)]
    assert waits == [max(10, least), max(20, least)]
    line = read_line()
    assert (line.state, line.why, line.tries) == ("broken", why, 2)
    assert "Semua data aman di sini" in line.sentence
    wait = datetime.fromisoformat(line.next_at) - now()
    assert timedelta(seconds=10) < wait <= timedelta(seconds=waits[-1])
    assert standing().waiting == before
    tried.close()
    tried.transport = httpx.MockTransport(acknowledging)
    tried.step()
    assert (read_line().state, read_line().sentence) == ("good", "")
    assert tried.failures == 0


@pytest.mark.parametrize(
    ("status", "body", "why", "said"),
    [
        (401, {"why": "revoked"}, "revoked", "mencabut"),
        (401, {"why": "node"}, "node", "tidak mengenal"),
        (401, {"why": "signature"}, "signature", "tanda tangan"),
        (409, {"why": "suspect"}, "suspect", "dua server"),
        (426, {"why": "proto"}, "upgrade", "terlalu lama"),
        (404, {}, "not-a-hub", "bukan server Dinas"),
    ],
)
def test_what_only_a_person_mends_stops_with_a_sentence(
    enrolled: Here, tmp_path: Path, status: int, body: dict[str, str], why: str, said: str
) -> None:
    stopped = sender(tmp_path, lambda _request: httpx.Response(status, json=body))
    assert stopped.step() == STOPPED_SECONDS
    line = read_line()
    assert (line.state, line.why) == ("stopped", why)
    assert said in line.sentence
    assert "data aman" in line.sentence


def test_a_batch_that_is_too_large_is_halved(enrolled: Here, tmp_path: Path) -> None:
    asked = sender(tmp_path, lambda _request: httpx.Response(413, json={"why": "size"}))
    sizes = []
    for _try in range(5):
        asked.step()
        sizes.append(asked.size.changes)
    assert sizes == [50, 25, 20, 20, 20]
    assert read_line().state == "broken"


def test_endless_rewinding_ends_in_a_pause(enrolled: Here, tmp_path: Path) -> None:
    gap = httpx.Response(409, json={"why": "gap", "ack": 0, "hub_epoch": ""})
    rewound = sender(tmp_path, lambda _request: gap)
    waits = [rewound.step() for _try in range(6)]
    assert all(wait < 1 for wait in waits[:5])
    assert waits[5] >= 5


def test_the_counter_comes_first(enrolled: Here, tmp_path: Path) -> None:
    clock = [0.0]
    spoke: list[float] = []

    def hub(request: httpx.Request) -> httpx.Response:
        spoke.append(clock[0])
        return acknowledging(request)

    quiet = sender(tmp_path, hub, gives_way=True, clock=lambda: clock[0])
    told = {"at": now().timestamp(), "p95_ms": 900}
    (tmp_path / ANSWERS).write_text(json.dumps(told))
    while clock[0] < 700:
        clock[0] += quiet.step()
    assert spoke
    assert min(spoke) >= 600


def test_visits_are_counted_by_the_half_hour(house: Here) -> None:
    from zoneinfo import ZoneInfo

    assert count_visits(house.id, ZoneInfo(house.timezone)) == {}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("dinkes.contoh.go.id", "https://dinkes.contoh.go.id"),
        (" https://dinkes.contoh.go.id:8443/ ", "https://dinkes.contoh.go.id:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_addresses_are_read(typed: str, read: str) -> None:
    assert check_url(typed) == read


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("http://dinkes.contoh.go.id", "hub_url_plain"), ("http://10.0.0.1", "hub_url_plain"),
        ("ftp://dinkes", "hub_url_refused"), ("https://", "hub_url_refused"),
        ("https://a:b@dinkes", "hub_url_refused"), ("https://dinkes/jalan", "hub_url_refused"),
        ("https://dinkes:99999999", "hub_url_refused"),
    ],
)  # fmt: skip
def test_nothing_goes_over_the_line_in_the_open(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_url(typed)
    assert refusal.value.code == code


def test_a_pinned_authority_is_the_only_one(house: Here) -> None:
    client = Client(URL, house.id, authority="-----BEGIN CERTIFICATE-----\nrusak\n")
    with pytest.raises(Broken) as broken:
        client.get("/sync/v1/feed")
    assert broken.value.why == "certificate"
    assert shipping.TURN_SECONDS == 15
