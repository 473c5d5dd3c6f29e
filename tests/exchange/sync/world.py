"""A small district as a state machine: two Puskesmas, a cloned disk now and then, and a hub.

The code is the product's; only the network is made up: packets that are lost, doubled, late, or
answered by a hub that stops in the middle. What must hold holds after every step, and once more
when everything has come to rest (`docs/adr/0018-synchronising.md` names the invariants).
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from simpul.exchange.hub.feeding import feed_page, fill_feed, own_page
from simpul.exchange.hub.models import HubLog, HubNode
from simpul.exchange.hub.nodes import decide_suspect, new_hub_epoch
from simpul.exchange.hub.parking import retry_parked
from simpul.exchange.hub.receiving import receive
from simpul.exchange.hub.replaying import replay
from simpul.exchange.sync import incoming, outgoing, returning, upcasting
from simpul.exchange.sync.epochs import open_epoch
from simpul.exchange.sync.pruning import prune
from simpul.exchange.sync.selectors import received_at
from simpul.foundation.facilities.models import Facility
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.staff.models import Practitioner, PractitionerRole, Role
from tests.exchange.sites import (
    Site,
    Stopped,
    drain,
    enrol,
    facility_site,
    failing_at,
    hub_site,
)

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FOREVER = START + timedelta(days=4000)
SKEWED = "staff.practitioner"


@lru_cache(maxsize=1)
def beginnings() -> tuple[bytes, list[tuple[UUID, bytes]]]:
    """A district on its first day, everything of the setting-up already exchanged."""
    hub = hub_site()
    edges = [facility_site(name) for name in ("Puskesmas Satu", "Puskesmas Dua")]
    for edge in edges:
        enrol(edge, hub)
        drain(edge, hub)
    made = [(edge.node, edge.snapshot()) for edge in edges if edge.node]
    hub_content = hub.snapshot()
    for site in (hub, *edges):
        site.close()
    return hub_content, made


@dataclass
class Place:
    """A site in the district, and what is known of it from outside."""

    site: Site
    node: UUID
    #: Every act it wrote in the life it now leads, and how many lines that is.
    acts: dict[UUID, int] = field(default_factory=dict)
    #: What a backup holds: the database, and what was written by then.
    backup: tuple[bytes, dict[UUID, int]] | None = None
    #: The version of the skewed table in the program that runs here.
    program: int = 1
    clock: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.site.node = self.node


@dataclass(frozen=True)
class Packet:
    """A push on its way, or its answer."""

    edge: Place
    push: outgoing.Push
    reply: tuple[int, dict[str, Any]] | None = None


@contextmanager
def program_of(place: Place) -> Iterator[None]:
    """Run as this site does: its database, and its program's version of one table."""
    Practitioner.schema_version = place.program
    try:
        with place.site:
            yield
    finally:
        Practitioner.schema_version = 1


class District(RuleBasedStateMachine):
    """The rules: what people do, what machines do, and what the network does."""

    def __init__(self) -> None:
        super().__init__()
        upcasting.upcasts(SKEWED, 1)(lambda data, _operation: data)
        hub_content, made = beginnings()
        self.hub = Place(Site("hub", hub_content), UUID(int=0))
        self.edges = [
            Place(Site(f"edge {n}", content), node) for n, (node, content) in enumerate(made)
        ]
        self.clone: Place | None = None
        self.packets: list[Packet] = []
        self.answers: list[Packet] = []
        self.time = START
        self.written = 0
        with self.hub.site:
            self.hub.node = Facility.objects.get(is_here=True).id

    def at(self, place: Place) -> datetime:
        """The time as this site's clock has it."""
        self.time += timedelta(seconds=1)
        return self.time + place.clock

    def places(self) -> list[Place]:
        """Every facility's machine, clones too."""
        return [*self.edges, self.clone] if self.clone else self.edges

    def pick(self, which: int) -> Place:
        """One of the machines."""
        places = self.places()
        return places[which % len(places)]

    # What people do.

    @rule(
        which=st.integers(0, 2),
        what=st.sampled_from(["one", "two", "change", "unlink", "look", "both"]),
    )
    def write(self, which: int, what: str) -> None:
        place = self.pick(which)
        self.written += 1
        with program_of(place):
            people = list(Practitioner.objects.filter(owner=place.node).order_by("id"))
            some = people[self.written % len(people)] if people else None
            links = list(PractitionerRole.objects.filter(owner=place.node).order_by("id"))
            with act(by=None, facility=place.node, at=self.at(place)) as this:
                if what in ("one", "two", "both"):
                    some = Practitioner(name=f"{place.site.name} {self.written}")
                    this.create(some)
                if what == "two":
                    this.create(
                        PractitionerRole(practitioner=some, facility_id=place.node, role=Role.NURSE)
                    )
                if what in ("change", "both") and some is not None:
                    some.profession = f"ke-{self.written}"
                    this.update(some, "profession")
                if what == "unlink" and links:
                    this.delete_link(links[self.written % len(links)])
                if what != "change":
                    this.record("read", subject=f"{self.written}")
            lines = len(this.changes) + len(this.entries)
        if lines:
            place.acts[this.id] = lines

    @rule()
    def hub_writes(self) -> None:
        self.written += 1
        with self.hub.site:
            known = Facility.objects.filter(owner=self.hub.node, is_here=False).first()
            with act(by=None, facility=self.hub.node, at=self.at(self.hub)) as this:
                if known is None or self.written % 3 == 0:
                    this.create(Facility(name=f"Pustu {self.written}"))
                else:
                    known.address = f"Jalan {self.written}"
                    this.update(known, "address")

    # What the network does.

    @rule(which=st.integers(0, 2), limit=st.sampled_from([1, 3, 40]))
    def send(self, which: int, limit: int) -> None:
        place = self.pick(which)
        with program_of(place):
            push = outgoing.next_push(limit=limit)
        if push is not None:
            self.packets = [*self.packets, Packet(place, push)][-8:]

    @precondition(lambda self: self.packets)
    @rule(which=st.integers(0, 7), fate=st.sampled_from(["good", "good", "lost", "twice", "late"]))
    def deliver(self, which: int, fate: str) -> None:
        packet = self.packets[which % len(self.packets)]
        if fate != "twice":
            self.packets.remove(packet)
        with program_of(self.hub):
            reply = receive(packet.push.headers, packet.push.body, at=self.at(self.hub))
        answer = Packet(packet.edge, packet.push, (reply.status, reply.body))
        if fate == "late":
            self.answers.append(answer)
        elif fate != "lost":
            self.take_answer(answer)

    @precondition(lambda self: self.packets)
    @rule(which=st.integers(0, 7), statement=st.integers(1, 60))
    def hub_stops(self, which: int, statement: int) -> None:
        """The hub stops in the middle of a push, or just after its commit: no answer."""
        packet = self.packets[which % len(self.packets)]
        with program_of(self.hub):
            try:
                with failing_at(self.hub.site, statement):
                    receive(packet.push.headers, packet.push.body, at=self.at(self.hub))
            except Stopped:
                pass

    @rule(
        which=st.integers(0, 2),
        fate=st.sampled_from(["good", "good", "lost"]),
        statement=st.sampled_from([0, 0, 3, 12, 30, -1]),
    )
    def visit(self, which: int, fate: str, statement: int) -> None:
        """What happens most: a push goes out, and its answer comes at once, or does not."""
        place = self.pick(which)
        with program_of(place):
            push = outgoing.next_push(limit=20)
        if push is None:
            return
        reply = None
        stops = failing_at(self.hub.site, statement or 10**6)
        with program_of(self.hub), suppress(Stopped), stops:
            reply = receive(push.headers, push.body, at=self.at(self.hub))
        if reply is not None and fate == "good":
            self.take_answer(Packet(place, push, (reply.status, reply.body)))

    @precondition(lambda self: self.answers)
    @rule(which=st.integers(0, 7))
    def late_answer(self, which: int) -> None:
        self.take_answer(self.answers.pop(which % len(self.answers)))

    def take_answer(self, answer: Packet) -> None:
        """Give an answer to the machine that asked, if it is still there."""
        if answer.edge not in self.places() or answer.reply is None:
            return
        status, body = answer.reply
        with program_of(answer.edge):
            outgoing.take_reply(answer.push, status, body, at=self.at(answer.edge))

    @rule(which=st.integers(0, 2), stops=st.sampled_from([0, 0, 5, 20]))
    def pull(self, which: int, stops: int) -> None:
        place = self.pick(which)
        with program_of(place):
            is_back, asked_own = returning.returning(), returning.return_request()
            asked = incoming.feed_request()
        with self.hub.site:
            fill_feed()
            page = feed_page(place.node, limit=4, **asked)
            own = own_page(place.node, limit=6, **asked_own)
        with program_of(place):
            try:
                with failing_at(place.site, stops or 10**6):
                    incoming.take_feed(page)
                    if is_back:
                        returning.take_returned(own)
            except Stopped:
                pass

    # What machines do.

    @rule(which=st.integers(0, 2), seconds=st.sampled_from([-5000, 5000, 90_000]))
    def clock_jumps(self, which: int, seconds: int) -> None:
        place = [*self.places(), self.hub][which % (len(self.places()) + 1)]
        place.clock += timedelta(seconds=seconds)

    @rule(which=st.integers(0, 1))
    def backup(self, which: int) -> None:
        place = self.edges[which]
        place.backup = (place.site.snapshot(), dict(place.acts))

    @precondition(lambda self: any(edge.backup for edge in self.edges))
    @rule(which=st.integers(0, 1), says_so=st.booleans())
    def restore(self, which: int, says_so: bool) -> None:
        """An older copy is put back; `simpul restore` says so, a machine's host does not."""
        place = self.edges[which]
        if place.backup is None:
            return
        content, acts = place.backup
        place.site.restore(content)
        place.acts = dict(acts)
        if says_so:
            with place.site:
                returning.ask_return()

    @rule(which=st.integers(0, 1), says_so=st.booleans())
    def day_lost(self, which: int, says_so: bool) -> None:
        """The copy of yesterday is put back after today was sent, and people write on."""
        self.backup(which)
        self.write(which, "two")
        self.visit(which, "good", 0)
        self.restore(which, says_so)
        self.write(which, "one")

    @rule()
    def hub_backup(self) -> None:
        self.hub.backup = (self.hub.site.snapshot(), {})

    @precondition(lambda self: self.hub.backup is not None)
    @rule(says_so=st.booleans())
    def hub_restore(self, says_so: bool) -> None:
        if self.hub.backup is None:
            return
        self.hub.site.restore(self.hub.backup[0])
        if says_so:
            with self.hub.site:
                new_hub_epoch()

    @rule(which=st.integers(0, 1))
    def prune(self, which: int) -> None:
        """So much later that no backup of the hub is older than what is let go."""
        with program_of(self.edges[which]):
            prune(older_than=FOREVER, backed_up_to=FOREVER)
        self.hub.backup = None

    @rule(which=st.integers(0, 1))
    def edge_upgraded(self, which: int) -> None:
        """Before the hub, against the rule: what it writes now waits there."""
        self.edges[which].program = 2

    @rule()
    def hub_upgraded(self) -> None:
        self.hub.program = 2
        with program_of(self.hub):
            retry_parked(at=self.at(self.hub))

    @rule(which=st.integers(0, 1))
    def new_numbering_asked(self, which: int) -> None:
        """A person asks for it: what was sent and never acknowledged gets new numbers."""
        with program_of(self.edges[which]), transaction.atomic():
            open_epoch("asked")

    @precondition(lambda self: self.clone is None)
    @rule(which=st.integers(0, 1))
    def disk_cloned(self, which: int) -> None:
        source = self.edges[which]
        twin = Site("clone", source.site.snapshot())
        self.clone = Place(twin, source.node, dict(source.acts), program=source.program)

    @rule()
    def person_decides(self) -> None:
        """Somebody looks at a suspect node: the clone is switched off, the house goes on."""
        with self.hub.site:
            if not HubNode.objects.filter(state="suspect").exists():
                return
            for node in HubNode.objects.filter(state="suspect"):
                decide_suspect(node.node)
        self.switch_clone_off()

    def switch_clone_off(self) -> None:
        """The clone is gone, and what only it had with it."""
        if self.clone is not None:
            self.packets = [one for one in self.packets if one.edge is not self.clone]
            self.clone.site.close()
            self.clone = None

    # What must hold.

    @invariant()
    def hub_numbers_are_dense(self) -> None:
        """I2: 1..n without a gap, and n is the cursor. I3: one effect a change."""
        wrong = self.hub.site.all(
            "SELECT c.node, c.epoch FROM hub_hubcursor c "
            "LEFT JOIN (SELECT node, epoch, count(*) n, max(seq) m, min(seq) f "
            "FROM hub_hublog GROUP BY node, epoch) l "
            "ON l.node = c.node AND l.epoch = c.epoch "
            "WHERE coalesce(l.n, 0) <> c.seq OR coalesce(l.m, 0) <> c.seq OR coalesce(l.f, 1) <> 1"
        )
        assert wrong == [], "I2"
        twice = self.hub.site.all(
            "SELECT cid FROM hub_hublog WHERE state <> 'dup' GROUP BY node, cid HAVING count(*) > 1"
        )
        assert twice == [], "I3"

    @invariant()
    def acts_are_whole_at_the_hub(self) -> None:
        """I6: of an act all lines have one state, and no row is there that nobody sent."""
        half = self.hub.site.all(
            "SELECT act_id FROM hub_hublog WHERE state <> 'dup' "
            "GROUP BY node, act_id HAVING count(DISTINCT state) > 1"
        )
        assert half == [], "I6"
        counts = {
            UUID(act_id): count
            for act_id, count in self.hub.site.all(
                "SELECT act_id, count(*) FROM hub_hublog WHERE state <> 'dup' GROUP BY act_id"
            )
        }
        for place in self.places():
            for act_id, lines in place.acts.items():
                assert counts.get(act_id, lines) == lines, "I6"
        unknown = self.hub.site.all(
            "SELECT p.id FROM staff_practitioner p WHERE NOT EXISTS (SELECT 1 FROM hub_hublog l "
            "WHERE l.cid = p.change AND l.state = 'applied')"
        )
        assert unknown == [], "I6: a row nobody sent"

    @invariant()
    def order_is_the_facilitys(self) -> None:
        """I5: an epoch's lines are the same, in the same order, on both sides."""
        there = {
            (epoch, seq): cid
            for epoch, seq, cid in self.hub.site.all("SELECT epoch, seq, cid FROM hub_hublog")
        }
        for place in self.edges:
            lines = place.site.all(
                "SELECT e.epoch, l.seq, l.cid, l.kind, l.source, e.why FROM sync_line l "
                "JOIN sync_epoch e ON e.id = l.epoch_id WHERE l.seq <= e.acked ORDER BY e.id, l.seq"
            )
            for epoch, seq, cid, *_rest in lines:
                assert there.get((epoch, seq), cid) == cid, "I5"

    def claims_no_more_than_the_hub_has(self) -> None:
        """I12, at rest: whatever is shown as received is in the hub's log."""
        there = {UUID(act_id) for (act_id,) in self.hub.site.all("SELECT act_id FROM hub_hublog")}
        for place in self.edges:
            with place.site:
                assert set(received_at(place.acts)) <= there, "I12"
                assert set(received_at(place.acts)) >= set(place.acts), "I12: not said though so"

    # The end: everything comes to rest, and everything is looked at again.

    def come_to_rest(self) -> None:
        """The network is good again, programs are of one version, twins are told apart."""
        self.packets, self.answers = [], []
        self.switch_clone_off()
        for place in (*self.edges, self.hub):
            place.program = 2
        with program_of(self.hub):
            retry_parked(at=self.at(self.hub))
        for _turn in range(2):
            for place in self.edges:
                Practitioner.schema_version = 2
                try:
                    settle(self, place)
                finally:
                    Practitioner.schema_version = 1

    def teardown(self) -> None:
        try:
            if self.has_begun:
                self.come_to_rest()
                self.hub_numbers_are_dense()
                self.acts_are_whole_at_the_hub()
                self.order_is_the_facilitys()
                self.claims_no_more_than_the_hub_has()
                self.nothing_is_lost()
                self.both_sides_agree()
                self.log_makes_the_same_hub_again()
        finally:
            for place in (*self.places(), self.hub):
                place.site.close()

    has_begun = False

    @initialize(bad_morning=st.booleans())
    def begin(self, bad_morning: bool) -> None:
        """Some stories begin where everything has gone wrong once already."""
        self.has_begun = True
        if bad_morning:
            self.write(0, "two")
            self.send(0, 40)
            self.new_numbering_asked(0)
            self.pull(0, 0)
            self.deliver(0, "lost")
            self.write(0, "one")
            self.visit(0, "good", 0)
            self.write(0, "both")
            self.visit(0, "good", 3)
            self.prune(0)
            self.visit(0, "good", -1)
            self.day_lost(0, says_so=False)

    def nothing_is_lost(self) -> None:
        """I4: every act of every living facility is at the hub, whole. I11: the line is empty."""
        counts = {
            UUID(act_id): count
            for act_id, count in self.hub.site.all(
                "SELECT act_id, count(*) FROM hub_hublog WHERE state <> 'dup' GROUP BY act_id"
            )
        }
        for place in self.edges:
            missing = {a: n for a, n in place.acts.items() if counts.get(a) != n}
            assert missing == {}, "I4: lost"
            changes = {cid for (cid,) in place.site.all("SELECT change FROM journal_change")}
            cids = {cid for (cid,) in self.hub.site.all("SELECT cid FROM hub_hublog")}
            assert changes <= cids, "I4: lost"
            ((waiting,),) = place.site.all(
                "SELECT count(*) FROM sync_epoch WHERE is_current AND seq > acked"
            )
            assert waiting == 0, "I11"

    def both_sides_agree(self) -> None:
        """I8: each row of a facility is the same there and at the hub, and so are the hub's."""
        parked = self.hub.site.all("SELECT why FROM hub_hubpark WHERE settled_at IS NULL")
        assert parked == [], "everything that waited found what it waited for"
        for table in ("staff_practitioner", "staff_practitionerrole", "facilities_serviceunit"):
            for place in self.edges:
                here = place.site.all(f"SELECT * FROM {table} ORDER BY id")
                there = self.hub.site.all(
                    f"SELECT * FROM {table} WHERE owner = ? ORDER BY id", place.node.hex
                )
                assert here == there, f"I8 {table}"
        theirs = "SELECT id, name, address, version FROM facilities_facility WHERE owner = ?"
        for place in self.edges:
            known = set(place.site.all(theirs, self.hub.node.hex))
            assert set(self.hub.site.all(theirs, self.hub.node.hex)) <= known, "I8 feed"
            with place.site:
                assert verify_chain().faults == ()
        with self.hub.site:
            assert verify_chain().faults == ()

    def log_makes_the_same_hub_again(self) -> None:
        """I9: the log alone, replayed into an empty hub, gives the same rows."""
        again = Site("replayed")
        try:
            with self.hub.site:
                rows = list(HubLog.objects.order_by("number"))
            Practitioner.schema_version = 2
            with again:
                replay(rows)
            for table in ("staff_practitioner", "staff_practitionerrole", "facilities_serviceunit"):
                query = f"SELECT * FROM {table} WHERE owner <> ? ORDER BY id"
                assert again.all(query, self.hub.node.hex) == self.hub.site.all(
                    query, self.hub.node.hex
                ), f"I9 {table}"
        finally:
            Practitioner.schema_version = 1
            again.close()


def settle(district: District, place: Place) -> None:
    """Exchange until nothing waits; a person decides what only a person may."""
    for _turn in range(60):
        try:
            drain(place.site, district.hub.site, limit=60, most=40)
        except AssertionError as problem:
            if "suspect" not in str(problem):
                raise
            with district.hub.site:
                decide_suspect(place.node)
            continue
        return
    raise AssertionError("never drains")
