"""The hash of a journal entry, and the check of the whole chain.

hash = SHA-256 over the canonical JSON of every column but `id` and `hash`, `previous_hash`
included. The first entry's `previous_hash` is 64 zeros.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from simpul.foundation.journal.models import JournalEntry, JournalHead

GENESIS = "0" * 64


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
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def verify_chain() -> ChainReport:
    """Walk the journal of every node and name each removed, altered, added or moved entry."""
    faults: list[ChainFault] = []
    count = 0
    nodes = set(JournalHead.objects.values_list("node", flat=True))
    nodes |= set(JournalEntry.objects.order_by().values_list("node", flat=True).distinct())
    for node in sorted(nodes, key=str):
        head = JournalHead.objects.filter(node=node).first()
        entries = JournalEntry.objects.filter(node=node).order_by("seq").iterator(chunk_size=2000)
        read, found = _verify_node(entries, head)
        count += read
        faults += found
    return ChainReport(entries=count, faults=tuple(faults))


def _verify_node(
    entries: Iterator[JournalEntry], head: JournalHead | None
) -> tuple[int, list[ChainFault]]:
    faults: list[ChainFault] = []
    expected_seq, previous, count = 1, GENESIS, 0
    suspects: list[JournalEntry] = []
    for entry in entries:
        count += 1
        for missing in range(expected_seq, min(entry.seq, expected_seq + 1000)):
            faults.append(ChainFault(missing, "removed", f"entri {missing} dihapus"))
        gap = entry.seq != expected_seq
        if entry_hash(entry) != entry.hash:
            suspects.append(entry)
        elif not gap and entry.previous_hash != previous:
            faults.append(ChainFault(entry.seq, "altered", f"entri {entry.seq} tidak menyambung"))
        previous = entry.hash
        expected_seq = entry.seq + 1
    faults += _name_suspects(suspects)
    if head is not None:
        for missing in range(expected_seq, min(head.seq + 1, expected_seq + 1000)):
            faults.append(ChainFault(missing, "removed", f"entri {missing} dihapus"))
        if head.seq < expected_seq - 1:
            faults.append(
                ChainFault(expected_seq - 1, "added", f"entri {expected_seq - 1} di luar buku")
            )
        elif head.seq == expected_seq - 1 and head.hash != previous and count and not suspects:
            faults.append(ChainFault(head.seq, "altered", f"entri {head.seq} diubah"))
    elif count:
        faults.append(ChainFault(count, "removed", "kepala jurnal hilang"))
    return count, faults


def _name_suspects(suspects: list[JournalEntry]) -> list[ChainFault]:
    """Tell a moved entry from an altered one: it is whole, but at another one's place."""
    faults = []
    places = [entry.seq for entry in suspects]
    for entry in suspects:
        home = next((p for p in places if entry_hash(entry, seq=p) == entry.hash), None)
        if home is None:
            faults.append(ChainFault(entry.seq, "altered", f"entri {entry.seq} diubah"))
        else:
            message = f"entri {home} dipindahkan ke tempat {entry.seq}"
            faults.append(ChainFault(entry.seq, "reordered", message))
    return faults
