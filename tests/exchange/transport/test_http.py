"""The hub's endpoints through every middleware, and a facility's sender at the other end."""

import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError

from simpul.exchange.hub import endpoints
from simpul.exchange.hub.enrolment import decide, make_code, revoke
from simpul.exchange.hub.models import HubLog, HubNode
from simpul.exchange.sync import client as wire
from simpul.exchange.sync import outgoing, state
from simpul.exchange.sync.client import Client
from simpul.exchange.sync.enrolment import enrol
from simpul.exchange.sync.link import read_hub, read_line
from simpul.exchange.sync.models import SyncState
from simpul.exchange.sync.selectors import standing
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, NotHere, Refused
from simpul.foundation.facilities.models import Facility, ServiceUnit
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.models import JournalEntry
from tests.exchange.sites import Site, facility_site
from tests.exchange.transport.bridge import URL, ask, enrolled, line_to, sender

PUSH = outgoing.PUSH_PATH


def write(site: Site, times: int = 1) -> None:
    """Let somebody do something there."""
    with site:
        for number in range(times):
            with act(by=None, facility=site.node) as this:
                this.record("tested", detail={"number": number})


def refusal_of(site: Site, hub: Site, code: str) -> str:
    """Enrol, and return the code of the refusal."""
    with site, pytest.raises((Refused, Conflict)) as refusal:
        enrol(code, URL, transport=line_to(hub))
    return str(refusal.value.code)


def test_enrolled_by_a_typed_code_and_drained(melati: Site, hub: Site, tmp_path: Path) -> None:
    with hub:
        code = make_code("Puskesmas Melati")
    assert len(code.code) == 11
    with melati:
        facts = enrol(f" {code.code.lower()} ", "dinas.contoh", transport=line_to(hub))
        assert (facts.url, facts.name) == (URL, "Dinas Contoh")
        assert read_hub() == facts
    write(melati, 3)
    with melati:
        sender(melati, hub, tmp_path).drain(most_steps=30)
        assert standing().waiting == 0
        assert read_line().state == "good"
        units = set(ServiceUnit.objects.values_list("id", flat=True))
    with hub:
        node = HubNode.objects.get()
        assert (node.node, node.name) == (melati.node, "Puskesmas Melati")
        assert node.seen_at is not None
        assert {"version", "waiting", "disk_free"} <= node.info.keys()
        assert node.info["waiting"] == 0
        there = ServiceUnit.objects.filter(owner=melati.node)
        assert set(there.values_list("id", flat=True)) == units
        assert Facility.objects.get(id=melati.node).is_here is False
        assert JournalEntry.objects.filter(act="tested").count() == 3
        assert JournalEntry.objects.filter(act="node-enrolled").count() == 1


def test_a_code_serves_once_for_its_own_facility_and_for_a_day(melati: Site, hub: Site) -> None:
    with hub:
        old = make_code("Puskesmas Melati", at=now() - timedelta(hours=25)).code
        good = make_code("Puskesmas Melati").code
        assert not SyncState.objects.filter(value__contains=good[:5]).exists()
    assert refusal_of(melati, hub, "AAAAA-AAAAA") == "enrol_code"
    assert refusal_of(melati, hub, "pendek") == "code_refused"
    assert refusal_of(melati, hub, old) == "enrol_code"
    with melati:
        enrol(good, URL, transport=line_to(hub))
    assert refusal_of(melati, hub, good) == "enrol_code"
    with hub:
        other = make_code("Puskesmas Mawar").code
    assert refusal_of(melati, hub, other) == "enrol_known_node"  # it is somebody already


def test_codes_cannot_be_guessed_in_a_hurry(melati: Site, hub: Site) -> None:
    codes = [refusal_of(melati, hub, "AAAAA-AAAAA") for _try in range(8)]
    assert codes[:6] == ["enrol_code"] * 6
    assert codes[6:] == ["hub_busy"] * 2


def test_a_code_for_another_server_changes_the_key(joined: Site, hub: Site, tmp_path: Path) -> None:
    with joined:
        sender(joined, hub, tmp_path).drain(most_steps=20)
        units = ServiceUnit.objects.count()
    mawar = facility_site("Puskesmas Mawar")
    with hub:
        code = make_code("puskesmas  melati")
        assert code.node == joined.node
    assert refusal_of(mawar, hub, code.code) == "enrol_other_node"
    new = Site("server baru")
    with new:
        enrol(code.code, URL, transport=line_to(hub))
        back = sender(new, hub, tmp_path)
        back.drain(most_steps=30)
        assert Facility.objects.get(is_here=True).id == joined.node
        assert ServiceUnit.objects.count() == units
        assert standing().returning is False
    write(joined)
    with joined:  # the server before has the wrong key now
        sender(joined, hub, tmp_path).step()
        assert (read_line().state, read_line().why) == ("stopped", "signature")
    for site in (mawar, new):
        site.close()


def test_revoked_in_one_act(joined: Site, hub: Site, tmp_path: Path) -> None:
    with hub:
        with pytest.raises(NotHere):
            revoke("Puskesmas Entah")
        assert revoke("puskesmas melati").state == HubNode.State.REVOKED
    write(joined)
    with joined:
        sender(joined, hub, tmp_path).step()
        assert (read_line().state, read_line().why) == ("stopped", "revoked")
        assert standing().stopped == "revoked"
        assert standing().waiting > 0
    with hub:
        assert not HubLog.objects.exists()


def test_a_held_node_goes_on_when_a_person_decided(joined: Site, hub: Site, tmp_path: Path) -> None:
    with hub:
        with pytest.raises(Refused):
            decide("Puskesmas Melati")
        HubNode.objects.update(state=HubNode.State.SUSPECT)
    with joined:
        held = sender(joined, hub, tmp_path)
        held.step()
        assert read_line().why == "suspect"
    with hub:
        assert decide(str(joined.node)).state == HubNode.State.ACTIVE
    with joined:
        held.drain(most_steps=20)
        assert (read_line().state, standing().stopped, standing().waiting) == ("good", "", 0)


@pytest.mark.parametrize("path", [PUSH, wire.HELLO, wire.ENROL, wire.FEED, wire.MINE])
def test_there_is_no_such_address_at_a_facility(hub: Site, path: str) -> None:
    method = "GET" if path in (wire.FEED, wire.MINE) else "POST"
    assert ask(hub, method, path, role="facility").status_code == 404
    wrong = ask(hub, "PUT", path)
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, method)


def test_who_cannot_sign_gets_nothing(joined: Site, hub: Site) -> None:
    with joined:
        push = outgoing.next_push()
        assert push is not None
        line = Client(URL, uuid.UUID(str(joined.node)))
        signed = line.sign("GET", wire.FEED, b"")
    unknown = {**push.headers, "Sync-Node": str(uuid.uuid4())}
    changed = {**push.headers, "Sync-After": "1"}
    for headers, body, why in (
        ({}, push.body, "node"),
        (unknown, push.body, "node"),
        ({**push.headers, "Sync-Node": "bukan"}, push.body, "node"),
        (changed, push.body, "signature"),
        (push.headers, push.body + b"x", "signature"),
    ):
        answer = ask(hub, "POST", PUSH, headers, body)
        assert (answer.status_code, answer.json()) == (401, {"why": why})
    # Signed for one question, not for another.
    assert ask(hub, "GET", f"{wire.FEED}?after=5", signed).status_code == 401
    hurried = ask(hub, "GET", wire.MINE, signed)  # the seventh wrong try
    assert (hurried.status_code, hurried.json()) == (429, {"why": "busy"})
    assert int(hurried.headers["Retry-After"]) >= 1
    good = ask(hub, "GET", wire.FEED, signed)  # who signs well does not suffer for it
    assert good.status_code == 200
    assert good.headers["Content-Type"] == wire.PAGE
    with hub:
        assert not HubLog.objects.exists()


def test_one_push_at_a_time_and_none_too_large(joined: Site, hub: Site) -> None:
    with joined:
        push = outgoing.next_push()
        assert push is not None
    endpoints.LIMITS.enter(str(joined.node))
    busy = ask(hub, "POST", PUSH, push.headers, push.body)
    assert (busy.status_code, busy.headers["Retry-After"]) == (429, "2")
    endpoints.LIMITS.leave(str(joined.node), 0.1)
    large = ask(hub, "POST", PUSH, push.headers, b"x" * (endpoints.MOST_PUSH + 1))
    assert large.status_code == 413
    taken = ask(hub, "POST", PUSH, push.headers, push.body)
    assert (taken.status_code, taken.json()["ack"]) == (200, push.upto)
    assert "next_ms" in taken.json()
    assert "Set-Cookie" not in taken.headers
    again = ask(hub, "POST", PUSH, push.headers, push.body)
    assert (again.status_code, again.json()["ack"]) == (200, push.upto)
    with hub:
        assert HubLog.objects.count() == push.count


def test_a_database_that_fails_costs_only_time(
    joined: Site, hub: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_given: object, **_more: object) -> None:
        raise OperationalError("could not extend file: No space left on device")

    with joined:
        waiting = standing().waiting
        tried = sender(joined, hub, tmp_path)
        with monkeypatch.context() as patch:
            patch.setattr(endpoints, "receive", full)
            assert tried.step() == 30
        assert (read_line().state, standing().waiting) == ("broken", waiting)
        tried.drain(most_steps=20)
        assert (read_line().state, standing().waiting) == ("good", 0)


def test_a_greeting_is_small_and_well_formed(joined: Site, hub: Site) -> None:
    with joined:
        line = Client(URL, uuid.UUID(str(joined.node)), transport=line_to(hub))
        assert line.post(wire.HELLO, {"version": "1"}).status == 200
        assert line.post(wire.HELLO, {"much": "x" * 20_000}).status == 413
        bad = line.sign("POST", wire.HELLO, b"[1]")
    answer = ask(hub, "POST", wire.HELLO, bad, b"[1]")
    assert (answer.status_code, answer.json()) == (400, {"why": "malformed"})
    with hub:
        assert HubNode.objects.get().info["version"] == "1"
    for path in (f"{wire.FEED}?after=x", f"{wire.MINE}?known=x:y"):
        with joined:
            signed = line.sign("GET", path, b"")
        assert ask(hub, "GET", path, signed).status_code == 400


def test_the_pages_of_a_hub_do_not_speak_to_machines(hub: Site) -> None:
    """What a machine says opens no session and is not kept for a repeat."""
    answer = ask(hub, "POST", wire.HELLO, {"Idempotency-Key": "kunci-kunci"}, b"{}")
    assert answer.status_code == 401
    assert json.loads(answer.content) == {"why": "node"}
    assert "Set-Cookie" not in answer.headers
    with hub:
        assert state.read("feed", "-") == "-"


def test_two_facilities_do_not_disturb_each_other(joined: Site, hub: Site, tmp_path: Path) -> None:
    mawar = facility_site("Puskesmas Mawar")
    enrolled(mawar, hub)
    for site in (joined, mawar):
        with site:
            sender(site, hub, tmp_path).drain(most_steps=20)
            assert standing().waiting == 0
    with hub:
        assert HubNode.objects.count() == 2
        assert ServiceUnit.objects.filter(owner=joined.node).count() == (
            ServiceUnit.objects.filter(owner=mawar.node).count()
        )
    mawar.close()
