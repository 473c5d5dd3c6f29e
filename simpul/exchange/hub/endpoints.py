"""What facilities' servers call: no session, no page; who speaks is proven by the signature.

Answers only where this program is a hub. A node has one push under way; too many at once are told
when to come again. An answer is given after the commit, so what was acknowledged is kept.
"""

import json
import logging
import time
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from simpul.exchange.hub.enrolment import admit
from simpul.exchange.hub.feeding import feed_page, fill_feed, own_page
from simpul.exchange.hub.keeping import MOST_PIECE, NAME, how_much, take_piece
from simpul.exchange.hub.limits import LIMITS, Wait
from simpul.exchange.hub.models import HubFeed, HubNode
from simpul.exchange.hub.nodes import hub_epoch
from simpul.exchange.hub.receiving import receive
from simpul.exchange.sync import signing
from simpul.exchange.sync.client import PAGE
from simpul.exchange.sync.wire import Page, encode_page
from simpul.foundation.core.clock import now

logger = logging.getLogger("simpul.hub")

MOST_PUSH = 1024 * 1024
MOST_SMALL = 16 * 1024
MOST_LINES = 1000
View = Callable[[HttpRequest], HttpResponse]


def at_hub(*methods: str) -> Callable[[View], View]:
    """Answer these methods at a hub; elsewhere there is no such address."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest) -> HttpResponse:
            if request.method not in methods:
                refusal = JsonResponse({"why": "method"}, status=405)
                refusal["Allow"] = ", ".join(methods)
                return refusal
            if settings.SIMPUL_ROLE != "hub":
                return JsonResponse({"why": "not-a-hub"}, status=404)
            try:
                return view(request)
            except DatabaseError as trouble:
                # A full disk, a restart of PostgreSQL: nothing was acknowledged, nothing is lost.
                logger.warning("%s: %s", request.path, type(trouble).__name__)
                return later(Wait(503, 30))

        return answered

    return wrap


def later(wait: Wait) -> HttpResponse:
    """Say when to come again."""
    response = JsonResponse({"why": "busy"}, status=wait.status)
    response["Retry-After"] = str(wait.seconds)
    return response


@at_hub("POST")
def push(request: HttpRequest) -> HttpResponse:
    """Take in what a node sends."""
    began = time.monotonic()
    if _length(request) > MOST_PUSH:
        return JsonResponse({"why": "size"}, status=413)
    body = request.body  # read before a place is taken: a slow line holds up nobody
    # Who cannot sign does not use up a node's share.
    node = signer(request, body)
    if isinstance(node, HttpResponse):
        return node
    name = str(node.node)
    wait = LIMITS.enter(name)
    if wait is not None:
        return later(wait)
    try:
        reply = receive(request.headers, body, next_ms=LIMITS.next_ms())
    finally:
        LIMITS.leave(name, time.monotonic() - began)
    response = JsonResponse(reply.body, status=reply.status)
    for header, value in reply.headers.items():
        response[header] = value
    return response


@at_hub("POST")
def hello(request: HttpRequest) -> HttpResponse:
    """Hear how a node is; tell it how far the feed has come."""
    if _length(request) > MOST_SMALL:
        return JsonResponse({"why": "size"}, status=413)
    node = signer(request, request.body)
    if isinstance(node, HttpResponse):
        return node
    try:
        told = json.loads(request.body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return JsonResponse({"why": "malformed"}, status=400)
    if node.state != HubNode.State.ACTIVE:
        return JsonResponse({"why": str(node.state)}, status=403)
    node.info = {**node.info, **told}
    node.seen_at = now()
    node.save(update_fields=["info", "seen_at"])
    fill_feed()
    last = HubFeed.objects.order_by("-number").values_list("number", flat=True).first()
    return JsonResponse(
        {
            "hub_epoch": str(hub_epoch()),
            "now": now().isoformat(),
            "feed": last or 0,
            "next_ms": LIMITS.next_ms(),
        }
    )


@at_hub("GET")
def feed(request: HttpRequest) -> HttpResponse:
    """Give a page of what the hub has for a node."""
    node = signer(request, b"")
    if isinstance(node, HttpResponse):
        return node
    try:
        after = int(request.GET.get("after", "0"))
        limit = max(1, min(int(request.GET.get("max", "500")), MOST_LINES))
    except ValueError:
        return JsonResponse({"why": "malformed"}, status=400)
    epoch = request.GET.get("hub_epoch", "")[:40]
    return _paged(feed_page(node.node, after=after, hub_epoch=epoch, limit=limit))


@at_hub("GET")
def mine(request: HttpRequest) -> HttpResponse:
    """Give a node back what it once sent, for it lost it."""
    node = signer(request, b"")
    if isinstance(node, HttpResponse):
        return node
    try:
        after = int(request.GET.get("after", "0"))
        limit = max(1, min(int(request.GET.get("max", "500")), MOST_LINES))
        known = _known(request.GET.get("known", ""))
    except ValueError:
        return JsonResponse({"why": "malformed"}, status=400)
    return _paged(own_page(node.node, known=known, after=after, limit=limit))


@at_hub("GET", "PUT")
def copy(request: HttpRequest) -> HttpResponse:
    """Say how much of a node's copy is here, or take the next piece of it."""
    if _length(request) > MOST_PIECE:
        return JsonResponse({"why": "size"}, status=413)
    piece = request.body if request.method == "PUT" else b""
    node = signer(request, piece)
    if isinstance(node, HttpResponse):
        return node
    asked, name = request.GET, request.GET.get("name", "")
    if not NAME.fullmatch(name):
        return JsonResponse({"why": "malformed"}, status=400)
    if request.method == "GET":
        kept = how_much(node.node, name)
        return JsonResponse({"have": kept.have, "whole": kept.is_whole})
    try:
        offset, total = int(asked["offset"]), int(asked["total"])
        sha256 = asked["sha256"]
    except (KeyError, ValueError):
        return JsonResponse({"why": "malformed"}, status=400)
    place = f"copy {node.node}"
    wait = LIMITS.enter(place)
    if wait is not None:
        return later(wait)
    try:
        kept = take_piece(node.node, name, piece, offset=offset, total=total, sha256=sha256)
    except OSError:
        logger.exception("a copy could not be kept")
        return JsonResponse({"have": how_much(node.node, name).have, "why": "full"}, status=507)
    finally:
        LIMITS.leave(place, 0.05)
    status = {"": 200, "full": 507, "malformed": 400}.get(kept.why, 409)
    return JsonResponse({"have": kept.have, "whole": kept.is_whole, "why": kept.why}, status=status)


@at_hub("POST")
def enrol(request: HttpRequest) -> HttpResponse:
    """Admit a server that brings a good code."""
    wait = LIMITS.try_code(f"enrol {_whence(request)}")
    if wait is not None:
        return later(wait)
    if _length(request) > MOST_SMALL:
        return JsonResponse({"why": "size"}, status=413)
    verdict = admit(request.body, request.headers, request.path)
    return JsonResponse(verdict.body, status=verdict.status)


def signer(request: HttpRequest, body: bytes) -> HubNode | HttpResponse:
    """Return the node that signed this request, or the refusal."""
    try:
        # A hub below this one speaks for its facilities, and signs for them.
        name = request.headers.get("Sync-Via") or request.headers.get("Sync-Node", "")
        node = HubNode.objects.filter(node=uuid.UUID(name)).first()
    except ValueError:
        node = None
    if node is not None and node.state == HubNode.State.REVOKED:
        return JsonResponse({"why": "revoked"}, status=401)
    if node is not None and _is_signed(request, node.public_key, body):
        return node
    wait = LIMITS.try_code(_whence(request))
    if wait is not None:
        return later(wait)
    return JsonResponse({"why": "node" if node is None else "signature"}, status=401)


def _is_signed(request: HttpRequest, public: str, body: bytes) -> bool:
    return signing.verify(
        public,
        request.headers.get(signing.SIGNATURE, ""),
        request.method or "",
        request.get_full_path(),
        request.headers,
        signing.content_digest(body),
    )


def _paged(page: Page) -> HttpResponse:
    response = HttpResponse(encode_page(page), content_type=PAGE)
    response["Content-Encoding"] = "identity"  # the page is compressed already
    return response


def _known(text: str) -> dict[str, int]:
    """Read `epoch:seq,epoch:seq`."""
    known: dict[str, Any] = {}
    for part in filter(None, text[:4000].split(",")):
        epoch, _colon, seq = part.partition(":")
        known[str(uuid.UUID(epoch))] = int(seq)
    return known


def _length(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return MOST_PUSH + 1


def _whence(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
