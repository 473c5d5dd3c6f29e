"""A facility and its hub talk: what was written arrives, whole, in order, once.

The hub is the tests' own database, so on PostgreSQL the hub's side is tried on PostgreSQL.
"""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from simpul.exchange.hub.models import HubCursor, HubLog, HubNode
from simpul.exchange.hub.nodes import add_node, decide_suspect, new_hub_epoch, revoke_node
from simpul.exchange.hub.parking import list_parked, retry_parked
from simpul.exchange.hub.receiving import receive
from simpul.exchange.sync import outgoing, upcasting
from simpul.exchange.sync.epochs import become_node, node
from simpul.exchange.sync.models import Line, Parked
from simpul.exchange.sync.pruning import prune
from simpul.exchange.sync.returning import ask_return
from simpul.exchange.sync.selectors import received_at, standing
from simpul.exchange.sync.signing import own_key
from simpul.foundation.core.clock import now
from simpul.foundation.core.counters import take
from simpul.foundation.facilities.models import Facility
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import Change, JournalEntry
from simpul.foundation.staff.models import Practitioner, PractitionerRole, Role
from simpul.service.patients.models import NameToken, Patient
from tests.exchange.sites import (
    Site,
    answer_of,
    drain,
    enrol,
    facility_site,
    own_hub,
    pull_feed,
    pull_own,
    visit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub() -> Iterator[Site]:
    site = own_hub()
    yield site
    site.close()


@pytest.fixture
def edge(hub: Site) -> Iterator[Site]:
    site = facility_site("Puskesmas Satu")
    enrol(site, hub)
    drain(site, hub)
    yield site
    site.close()


def write(site: Site, *names: str) -> Act:
    """One act that makes people, each with a role."""
    assert site.node is not None
    with site, act(by=None, facility=site.node) as this:
        for name in names:
            person = Practitioner(name=name)
            this.create(person)
            this.create(
                PractitionerRole(practitioner=person, facility_id=site.node, role=Role.NURSE)
            )
        this.record("staff-added")
    return this


def change(site: Site, name: str, **fields: Any) -> None:
    """Change a person's row."""
    with site, act(by=None, facility=site.node) as this:
        person = Practitioner.objects.get(name=name)
        for field, value in fields.items():
            setattr(person, field, value)
        this.update(person, *fields)


def values(site: Site) -> list[tuple[Any, ...]]:
    """The people a facility has written, as a site has them."""
    fields = ("id", "owner", "version", "change", "name", "profession", "license_number")
    with site:
        rows = Practitioner.objects.exclude(name="Dinas").order_by("id")
        return list(rows.values_list(*fields))


def next_push(site: Site, **how: Any) -> outgoing.Push:
    with site:
        push = outgoing.next_push(**how)
    assert push is not None
    return push


def test_what_was_written_arrives_with_its_journal(edge: Site, hub: Site) -> None:
    write(edge, "Bidan Contoh")
    change(edge, "Bidan Contoh", profession="Bidan")
    drain(edge, hub)

    assert values(hub) == values(edge) != []
    with edge:
        written = set(JournalEntry.objects.values_list("node", "seq", "hash"))
    with hub:
        assert written <= set(JournalEntry.objects.values_list("node", "seq", "hash"))
        assert verify_chain().faults == ()
        assert not Facility.objects.get(id=edge.node).is_here
        assert set(HubLog.objects.values_list("state", flat=True)) == {"applied"}


def test_received_is_said_only_after_the_answer(edge: Site, hub: Site) -> None:
    done = write(edge, "Perawat")
    push = next_push(edge)
    reply = answer_of(hub, push)
    with edge:
        assert received_at([done.id]) == {}
        assert standing().waiting == 3
        outgoing.take_reply(push, reply.status, reply.body)
        assert set(received_at([done.id])) == {done.id}
        assert standing().waiting == 0


def test_a_lost_answer_costs_nothing(edge: Site, hub: Site) -> None:
    write(edge, "Perawat")
    push = next_push(edge)
    assert answer_of(hub, push).body["ack"] == push.upto
    write(edge, "Dokter")
    drain(edge, hub)
    assert values(hub) == values(edge)
    with hub:
        assert not HubLog.objects.filter(state="dup").exists()


def test_an_old_answer_is_not_listened_to(edge: Site, hub: Site) -> None:
    write(edge, "Perawat")
    first = next_push(edge)
    reply = answer_of(hub, first)
    next_push(edge)
    with edge:
        assert outgoing.take_reply(first, reply.status, reply.body).kind == "old"


def test_a_gap_is_filled_from_the_hubs_word(edge: Site, hub: Site) -> None:
    write(edge, "Perawat")
    with hub:
        before = HubCursor.objects.get(is_current=True)
    drain(edge, hub)
    with hub:  # it came back from a backup of before
        HubLog.objects.filter(seq__gt=before.seq).delete()
        HubCursor.objects.filter(is_current=True).update(seq=before.seq, hash=before.hash)
    write(edge, "Dokter")
    outcome = visit(edge, hub)
    assert outcome is not None
    assert (outcome.kind, outcome.ack) == ("rewound", before.seq)
    drain(edge, hub)
    assert values(hub) == values(edge)


def test_what_is_not_the_nodes_is_refused(edge: Site, hub: Site) -> None:
    write(edge, "Perawat")
    push = next_push(edge)
    with hub:
        torn = receive(push.headers, push.body[:-1])
        assert (torn.status, torn.body["why"]) == (401, "digest")
        forged = receive({**push.headers, "Sync-After": "0"}, push.body)
        assert forged.status in (400, 401)
        other = receive({**push.headers, "Sync-Signature": "ed25519=:AAAA:"}, push.body)
        assert (other.status, other.body["why"]) == (401, "signature")
        assert receive({**push.headers, "Sync-Proto": "2"}, push.body).status == 426
        assert receive({}, b"").status == 426
        revoke_node(push.node)
        assert receive(push.headers, push.body).body["why"] == "revoked"
        HubNode.objects.all().delete()
        assert receive(push.headers, push.body).body["why"] == "node"
    assert len(values(hub)) == 0


def test_a_row_of_another_owner_is_not_written(edge: Site, hub: Site) -> None:
    with edge, act(by=None, facility=uuid.uuid4()) as this:
        this.create(Practitioner(name="Orang Lain"))
    write(edge, "Perawat")
    drain(edge, hub)
    with hub:
        assert list(Practitioner.objects.values_list("name", flat=True)) == ["Perawat"]
        refused = HubLog.objects.get(act_id=this.id)
        assert (refused.state, refused.why) == ("rejected", "owner")


def test_what_is_too_new_waits_and_the_rest_goes_on(
    edge: Site, hub: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(Practitioner, "schema_version", 2)
        write(edge, "Masa Depan")
    change(edge, "Masa Depan", profession="Dokter")
    write(edge, "Perawat")
    drain(edge, hub)
    with hub:
        assert list(Practitioner.objects.values_list("name", flat=True)) == ["Perawat"]
        assert [one.why for one in list_parked()] == ["schema", "missing"]
    with edge:
        assert Parked.objects.filter(settled_at=None).count() == 2
        assert standing().waiting == 0
    monkeypatch.setattr(Practitioner, "schema_version", 2)
    monkeypatch.setitem(upcasting._UPCASTERS, ("staff.practitioner", 1), lambda data, _op: data)
    with hub:
        assert retry_parked() == 2
        assert list_parked() == []
    drain(edge, hub)
    assert values(hub) == values(edge)
    with edge:
        assert not Parked.objects.filter(settled_at=None).exists()


def test_older_versions_are_brought_to_the_present(
    edge: Site, hub: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(edge, "perawat")
    monkeypatch.setattr(Practitioner, "schema_version", 2)
    monkeypatch.setitem(
        upcasting._UPCASTERS,
        ("staff.practitioner", 1),
        lambda data, _op: {**data, "name": data["name"].upper()},
    )
    drain(edge, hub)
    with hub:
        assert Practitioner.objects.get().name == "PERAWAT"
    monkeypatch.setattr(Practitioner, "schema_version", 4)
    write(edge, "baru")
    with edge:
        push = next_push(edge)
    monkeypatch.setattr(Practitioner, "schema_version", 8)
    answer_of(hub, push)
    with hub:
        assert [one.why for one in list_parked()] == ["too-old"]


def test_acts_travel_whole(edge: Site, hub: Site) -> None:
    big = write(edge, *(f"Orang {n}" for n in range(6)))
    small = write(edge, "Satu Lagi")
    push = next_push(edge, limit=2)
    assert push.count == len(big.changes) + len(big.entries) == 13
    tight = next_push(edge, max_bytes=100)
    assert tight.count == 13, "one act, however large"
    answer_of(hub, tight)
    drain(edge, hub)
    with hub:
        assert HubLog.objects.filter(act_id=small.id).count() == 3


def test_an_act_that_only_notes_stands_between_those_that_write(edge: Site, hub: Site) -> None:
    acts = [write(edge, "Satu").id]
    for name in ("Dua", "Tiga"):
        with edge, act(by=None, facility=edge.node) as this:
            this.record("read", subject=name)
        acts.append(this.id)
        with edge, act(by=None, facility=edge.node) as this:
            this.create(Practitioner(name=name))
        acts.append(this.id)
    acts.append(write(edge, "Empat").id)
    drain(edge, hub, limit=2)
    with hub:
        seen = list(HubLog.objects.order_by("number").values_list("act_id", flat=True))
    came = [one for one in dict.fromkeys(seen) if one in acts]
    assert set(came) == set(acts)
    with edge:
        assert [one for one in came if one in {acts[0], acts[2], acts[4], acts[5]}] == [
            acts[0],
            acts[2],
            acts[4],
            acts[5],
        ]


def test_only_what_the_hub_has_is_pruned(edge: Site, hub: Site) -> None:
    later = now() + timedelta(days=1)
    write(edge, "Sudah Sampai")
    drain(edge, hub)
    waiting = write(edge, "Belum Sampai")
    next_push(edge)
    with edge:
        assert prune(older_than=later, backed_up_to=now() - timedelta(days=1)) == 0
        assert prune(older_than=later, backed_up_to=later) > 0
        assert Change.objects.filter(act_id=waiting.id).count() == 2
    drain(edge, hub)
    assert values(hub) == values(edge)


def test_a_restored_house_gets_back_what_it_lost(edge: Site, hub: Site) -> None:
    write(edge, "Lama", "Kedua")
    drain(edge, hub)
    backup = edge.snapshot()
    change(edge, "Lama", license_number="hilang")
    change(edge, "Kedua", profession="Bidan")
    write(edge, "Hilang")
    drain(edge, hub)
    edge.restore(backup)
    change(edge, "Lama", profession="Dokter")
    write(edge, "Baru")
    drain(edge, hub)

    assert values(hub) == values(edge)
    with edge:
        people = {person.name: person for person in Practitioner.objects.all()}
        assert {"Lama", "Kedua", "Hilang", "Baru"} <= people.keys()
        assert people["Kedua"].profession == "Bidan"
        # Both lives wrote it: this life's word holds, the other stays in the hub's log.
        assert (people["Lama"].profession, people["Lama"].license_number) == ("Dokter", "")
        assert verify_chain().faults == ()
    with hub:
        assert any("hilang" in body for body in HubLog.objects.values_list("body", flat=True))
        assert verify_chain().faults == ()
        assert HubNode.objects.get().state == "active"


def test_a_restored_house_that_says_so_keeps_its_numbering(edge: Site, hub: Site) -> None:
    write(edge, "Lama")
    drain(edge, hub)
    backup = edge.snapshot()
    write(edge, "Hilang")
    drain(edge, hub)
    edge.restore(backup)
    with edge:
        ask_return()
    write(edge, "Baru")
    drain(edge, hub)
    assert values(hub) == values(edge)
    with hub:
        assert HubCursor.objects.count() == 1


def test_an_empty_machine_becomes_the_house_again(edge: Site, hub: Site) -> None:
    with edge, act(by=None, facility=edge.node) as this:
        this.create(
            Patient(
                mrn="000041",
                name="Siti Aminah",
                birth_date=date(1990, 1, 2),
                sex="female",
                registered_at=now(),
            )
        )
        this.record("patient-registered")
    write(edge, "Perawat")
    drain(edge, hub)
    with hub:
        assert NameToken.objects.filter(patient__name="Siti Aminah").exists()
    empty = Site("mesin baru")
    try:
        with empty:
            key = own_key().public
            become_node(edge.node)
            ask_return()
        with hub:
            add_node(edge.node, name=edge.name, public_key=key)
        empty.node = edge.node
        drain(empty, hub, limit=7)
        assert values(empty) == values(edge)
        with empty:
            assert node() == edge.node
            assert Facility.objects.get(is_here=True).id == edge.node
            assert verify_chain().faults == ()
            assert take(f"mrn:{edge.node}") == 42
            assert Line.objects.count() == Change.objects.count() + JournalEntry.objects.count()
        write(empty, "Sesudahnya")
        drain(empty, hub)
        assert values(hub) == values(empty)
    finally:
        empty.close()


def test_twins_from_one_disk_are_stopped_until_a_person_decides(edge: Site, hub: Site) -> None:
    write(edge, "Asli")
    twin = Site("kembar", edge.snapshot())
    twin.node = edge.node
    write(edge, "Di Sini")
    write(twin, "Di Sana")
    drain(edge, hub)
    drain(twin, hub)
    write(edge, "Lagi")
    outcomes = [visit(edge, hub) for _turn in range(2)]
    with edge:  # the second new numbering within a day
        ask = outgoing.next_push()
    if ask is None:
        while pull_own(edge, hub):
            pass
        outcomes.append(visit(edge, hub))
    assert outcomes[-1] is not None
    assert (outcomes[-1].kind, outcomes[-1].why) == ("stop", "suspect")
    with edge:
        assert standing().stopped == "suspect"
    twin.close()
    with hub:
        assert decide_suspect(edge.node)
    drain(edge, hub)
    assert values(hub) == values(edge)


def test_the_hubs_rows_come_to_everybody(edge: Site, hub: Site) -> None:
    with hub, act(by=None, facility=hub.node) as this:
        office = Facility(name="Puskesmas Tetangga")
        this.create(office)
        office.address = "Jalan Baru"
        this.update(office, "address")
    while pull_feed(edge, hub, limit=1):
        pass
    with edge:
        there = Facility.objects.get(id=office.id)
        assert (there.address, there.owner, there.is_here) == ("Jalan Baru", hub.node, False)
        assert not Facility.objects.get(name="Dinas Contoh").is_here
    with hub:
        new_hub_epoch()
    while pull_feed(edge, hub, limit=1):
        pass
    with edge:
        assert Facility.objects.filter(owner=hub.node).count() == 2
        assert Facility.objects.get(id=edge.node).is_here


def test_the_order_in_which_houses_arrive_does_not_matter(edge: Site, hub: Site) -> None:
    """I10: two houses' rows have nothing to do with each other."""
    other = facility_site("Puskesmas Dua")
    enrol(other, hub)
    for n in range(3):
        write(edge, f"Satu {n}")
        write(other, f"Dua {n}")
        drain(other if n % 2 else edge, hub)
    drain(edge, hub)
    drain(other, hub)
    assert values(hub) == sorted([*values(edge), *values(other)], key=lambda row: row[0])
    other.close()
