"""The hash of a journal entry, and the check of the whole chain.

hash = SHA-256 over the canonical JSON of every column but `id` and `hash`, `previous_hash`
included. The first entry's `previous_hash` is 64 zeros.
"""

import hashlib
import json
import uuid
from collections import deque
from dataclasses import dataclass
from datetime import UTC

from simpul.foundation.journal.models import JournalEntry, JournalHead

GENESIS = "0" * 64
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
#: Of one kind of fault at most so many are named, the earliest ones.
MOST_NAMED = 1000
NEARBY = 50


@dataclass(frozen=True)
class ChainFault:
    """A place where the chain does not hold: which entry (`seq`), and what happened to it."""

    seq: int
    kind: str  # removed | altered | reordered | added
    message: str


@dataclass(frozen=True)
class ChainReport:
    """The result of a check: how many entries were read, and every fault found."""

    entries: int
    faults: tuple[ChainFault, ...]


def entry_hash(entry: JournalEntry, *, seq: int | None = None) -> str:
    """Return the hash an entry must have; `seq` asks what it would be at another place."""
    content = [
        str(entry.node),
        entry.seq if seq is None else seq,
        str(entry.act_id),
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.act,
        str(entry.facility),
        str(entry.practitioner or ""),
        entry.unit,
        str(entry.patient or ""),
        str(entry.encounter or ""),
        entry.subject,
        entry.detail,
        entry.previous_hash,
    ]
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def verify_chain() -> ChainReport:
    """Walk the journal of every node and name each removed, altered, added or moved entry."""
    faults: list[ChainFault] = []
    count = 0
    nodes = set(JournalHead.objects.values_list("node", flat=True))
    nodes |= set(JournalEntry.objects.order_by().values_list("node", flat=True).distinct())
    for node in sorted(nodes, key=str):
        walk = _Walk(node)
        walk.go()
        count += walk.count
        faults += walk.faults()
    return ChainReport(entries=count, faults=tuple(faults))


class _Walk:
    """One node's chain, read backwards from its head.

    Each entry says what the hash before it is, so what comes later is the witness of what came
    earlier: an entry that was rewritten together with its own hash is named itself, and not the
    whole one after it, which no longer fits.
    """

    def __init__(self, node: uuid.UUID) -> None:
        self.node = node
        self.head = JournalHead.objects.filter(node=node).first()
        self.count = 0
        self.removed: deque[int] = deque(maxlen=MOST_NAMED)
        self.suspects: deque[JournalEntry] = deque(maxlen=MOST_NAMED)
        self.outside: deque[JournalEntry] = deque(maxlen=MOST_NAMED)
        self.last_seq = 0

    def go(self) -> None:
        """Read every entry once and collect what does not hold."""
        entries = JournalEntry.objects.filter(node=self.node).order_by("-seq")
        witness, is_trusted = ("", False) if self.head is None else (self.head.hash, True)
        place = None if self.head is None else self.head.seq
        for entry in entries.iterator(chunk_size=2000):
            self.count += 1
            self.last_seq = self.last_seq or entry.seq
            if place is None:
                place = entry.seq
            if entry.seq > place or entry.seq < 1:
                self.outside.append(entry)
                continue
            if entry.seq < place:
                self._miss(entry.seq + 1, place)
                is_trusted = False
            place = entry.seq - 1
            content = entry_hash(entry)
            is_sealed = content == entry.hash
            is_witnessed = content == witness
            if not is_sealed or (is_trusted and not is_witnessed):
                self.suspects.append(entry)
            is_trusted = is_witnessed or (is_sealed and not is_trusted)
            witness = entry.previous_hash
            if place == 0 and is_trusted and witness != GENESIS:
                self.suspects.append(entry)
        self._miss(1, place or 0)
        self._let_in_what_came_meanwhile()

    def _miss(self, first: int, last: int) -> None:
        self.removed.extend(range(min(last, first + MOST_NAMED - 1), first - 1, -1))

    def _let_in_what_came_meanwhile(self) -> None:
        """People go on working during the check: what the head has taken in by now is no fault."""
        head = JournalHead.objects.filter(node=self.node).first()
        if head is not None:
            self.outside = deque(e for e in self.outside if not 1 <= e.seq <= head.seq)

    def faults(self) -> list[ChainFault]:
        """Say what happened to each place that does not hold, earliest first."""
        found = {seq: ("removed", f"entri {seq} dihapus") for seq in self.removed}
        for entry in self.outside:
            found[entry.seq] = ("added", f"entri {entry.seq} di luar buku")
        for entry in self.suspects:
            found[entry.seq] = ("altered", f"entri {entry.seq} diubah")
        explained = {*self.removed, *(entry.seq for entry in self._strayed())}
        for seq, home in self._moved().items():
            found[seq] = ("reordered", f"entri {home} dipindahkan ke tempat {seq}")
            if home not in explained:
                # Whole, but at a place that is another one's: it was slipped in.
                found[home] = ("added", f"entri {home} disisipkan")
        if self.head is None:
            found.setdefault(self.last_seq, ("removed", "kepala jurnal hilang"))
        return [ChainFault(seq, *found[seq]) for seq in sorted(found)]

    def _strayed(self) -> list[JournalEntry]:
        """Return the entries whose hash does not fit what stands at their place."""
        return [e for e in (*self.outside, *self.suspects) if entry_hash(e) != e.hash]

    def _moved(self) -> dict[int, int]:
        """Return place → home of the entries that are whole, but at another one's place."""
        strayed = self._strayed()
        if not strayed:
            return {}
        by_hash = {entry.hash: entry for entry in strayed}
        wanted = {entry.previous_hash for entry in strayed}
        rows = JournalEntry.objects.filter(node=self.node).values_list("hash", "seq")
        homes = {GENESIS: 0}
        homes |= {text: seq for text, seq in rows.iterator() if text in wanted}
        settled: set[str] = set()
        for entry in strayed:
            line: list[JournalEntry] = []
            at: JournalEntry | None = entry
            while at is not None and at.hash not in settled:
                settled.add(at.hash)
                line.append(at)
                at = by_hash.get(at.previous_hash)
            for one in reversed(line):
                before = homes.get(one.previous_hash)
                # Without the one before it (removed as well) its home is looked for nearby.
                places = range(one.seq, one.seq + NEARBY) if before is None else [before + 1]
                fits = (place for place in places if entry_hash(one, seq=place) == one.hash)
                homes[one.hash] = next(fits, one.seq)
        moved = {e.seq: homes[e.hash] for e in strayed if homes[e.hash] != e.seq}
        at_home = JournalEntry.objects.filter(node=self.node, seq__in=moved.values())
        # Still at home as well: then this is only a copy of it, in the place of another.
        originals = set(at_home.values_list("seq", "hash"))
        copies = {e.seq for e in strayed if (homes[e.hash], e.hash) in originals}
        return {seq: home for seq, home in moved.items() if seq not in copies}
