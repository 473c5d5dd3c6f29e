"""Codes by which a facility's server is admitted: short, typed by a person, good for one use.

Only a digest of a code is kept. A code is made for a new facility by its name, or for a facility
that is known already (another server, another key); one never serves for the other.
"""

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from simpul.exchange.hub.models import HubNode
from simpul.exchange.hub.nodes import add_node, decide_suspect, hub_epoch, revoke_node
from simpul.exchange.sync import sealing, signing, state
from simpul.exchange.sync.enrolment import CODE_LETTERS, LETTERS, NOBODY, plain_code
from simpul.exchange.sync.models import SyncState
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotHere, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor

CODE, SEAL = "link_code_", "link_seal_key"
GOOD_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Code:
    """A code as it is told once: for whom, and until when."""

    code: str
    name: str
    node: uuid.UUID | None
    until: datetime


@dataclass(frozen=True)
class Verdict:
    """The answer to a wish to be admitted."""

    status: int
    body: dict[str, Any]


def make_code(whom: str, *, by: Actor | None = None, at: datetime | None = None) -> Code:
    """Make a code for a facility: a known node by id or name, else a new one of this name."""
    at = at or now()
    name = " ".join(whom.split())
    if not 3 <= len(name) <= 120:
        raise Refused("Tulis nama Puskesmas (3–120 huruf). Kode belum dibuat.", "name_refused")
    known = find_node(name)
    drawn = "".join(secrets.choice(LETTERS) for _letter in range(CODE_LETTERS))
    kept = {
        "name": known.name if known else name,
        "node": str(known.node) if known else "",
        "until": (at + GOOD_FOR).isoformat(),
    }
    with act(by=by, facility=get_here().id) as this:
        forget_old_codes(at)
        state.write(_key(drawn), json.dumps(kept))
        this.record("node-code-made", subject=f"node:{known.node}" if known else "")
    shown = f"{drawn[:5]}-{drawn[5:]}"
    return Code(shown, kept["name"], known.node if known else None, at + GOOD_FOR)


def find_node(whom: str) -> HubNode | None:
    """Return the node with this id or name; None when there is none."""
    try:
        return HubNode.objects.filter(node=uuid.UUID(whom)).first()
    except ValueError:
        named = list(HubNode.objects.filter(name__iexact=" ".join(whom.split()))[:2])
    if len(named) > 1:
        raise Refused(
            f"Ada beberapa Puskesmas bernama {named[0].name}. Tulis nomornya (simpul hub nodes).",
            "name_twice",
        )
    return named[0] if named else None


def require_node(whom: str) -> HubNode:
    """Return the node with this id or name, or refuse."""
    node = find_node(whom)
    if node is None:
        raise NotHere(
            f"Tidak ada Puskesmas “{whom}” di sini. Daftarnya: simpul hub nodes.", "no_such_node"
        )
    return node


def admit(body: bytes, headers: Mapping[str, str], path: str) -> Verdict:
    """Admit whoever brings a good code and holds the key they name; use the code up."""
    try:
        wish = json.loads(body)
        code, node = plain_code(str(wish["code"])), uuid.UUID(str(wish["node"]))
        public, name = str(wish["public_key"]), " ".join(str(wish["name"]).split())[:120]
        version = str(wish.get("version", ""))[:20]
    except (ValueError, KeyError, TypeError):
        return Verdict(400, {"why": "malformed"})
    if not signing.verify(
        public,
        headers.get(signing.SIGNATURE, ""),
        "POST",
        path,
        headers,
        signing.content_digest(body),
    ):
        return Verdict(401, {"why": "signature"})
    return _use(code, node, public=public, name=name, version=version)


def _use(code: str, node: uuid.UUID, *, public: str, name: str, version: str) -> Verdict:
    with act(by=None, facility=get_here().id) as this:
        # Read under a lock: of two that bring the same code, one comes first.
        row = SyncState.objects.select_for_update().filter(key=_key(code)).first()
        kept = json.loads(row.value) if row is not None else None
        if row is None or kept is None or datetime.fromisoformat(kept["until"]) < now():
            return Verdict(401, {"why": "code"})
        wanted = uuid.UUID(kept["node"]) if kept["node"] else None
        if wanted is None and node == NOBODY:
            return Verdict(401, {"why": "other-node"})
        if wanted is None and HubNode.objects.filter(node=node).exists():
            return Verdict(401, {"why": "known-node"})
        if wanted is not None and node not in (wanted, NOBODY):
            return Verdict(401, {"why": "other-node"})
        given = wanted or node
        row.delete()
        added = add_node(given, name=name or kept["name"], public_key=public)
        added.info = {**added.info, "version": version}
        added.save(update_fields=["info"])
        this.record("node-enrolled", subject=f"node:{given}")
    return Verdict(
        200,
        {
            "node": str(given),
            "name": get_here().name,
            "public_key": signing.own_key().public,
            "seal_key": seal_keys()[1],
            "hub_epoch": str(hub_epoch()),
            "now": now().isoformat(),
        },
    )


def seal_keys() -> tuple[str, str]:
    """Return the keys that files are sealed to: (secret, public), made at the first call."""
    with transaction.atomic():
        text = state.read(SEAL)
        if not text:
            text = " ".join(sealing.new_key())
            state.write(SEAL, text)
    secret, _space, public = text.partition(" ")
    return secret, public


def revoke(whom: str, *, by: Actor | None = None) -> HubNode:
    """Take nothing more from this server; what it sent stays."""
    node = require_node(whom)
    with act(by=by, facility=get_here().id) as this:
        revoke_node(node.node)
        this.record("node-revoked", subject=f"node:{node.node}")
    node.refresh_from_db()
    return node


def decide(whom: str, *, by: Actor | None = None) -> HubNode:
    """Let a suspect node go on: a person has seen that there is only one server."""
    node = require_node(whom)
    if node.state != HubNode.State.SUSPECT:
        raise Refused(
            f"{node.name} tidak sedang ditahan; tidak ada yang perlu diputuskan.", "not_suspect"
        )
    with act(by=by, facility=get_here().id) as this:
        decide_suspect(node.node)
        this.record("node-decided", subject=f"node:{node.node}")
    node.refresh_from_db()
    return node


def forget_old_codes(at: datetime) -> int:
    """Drop codes that nobody used in time."""
    old = [
        row.pk
        for row in SyncState.objects.filter(key__startswith=CODE)
        if datetime.fromisoformat(json.loads(row.value)["until"]) < at
    ]
    return SyncState.objects.filter(pk__in=old).delete()[0]


def _key(code: str) -> str:
    return CODE + hashlib.sha256(f"simpul-code:{code}".encode()).hexdigest()[:40]
