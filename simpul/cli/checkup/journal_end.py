"""The newest entries of the journal: checked in a moment, where the whole chain takes minutes."""

from dataclasses import dataclass

from simpul.foundation.journal.chain import entry_hash
from simpul.foundation.journal.models import JournalEntry, JournalHead

#: The newest entries that are checked here; the whole chain is the matter of `simpul doctor`.
CHECKED_ENTRIES = 100


@dataclass(frozen=True)
class JournalEnd:
    """Whether the end of each book holds; how many entries there are and how many were read."""

    is_whole: bool
    entries: int
    checked: int


def journal_end() -> JournalEnd:
    """Check the newest entries: each hash is right, each names the one before, none is missing."""
    ok, entries = True, 0
    for head in JournalHead.objects.all():
        entries += head.seq
        seq, expected = head.seq, head.hash
        # Up to the head just read: somebody may have written more since.
        entries_of = JournalEntry.objects.filter(node=head.node, seq__lte=seq)
        rows = list(entries_of.order_by("-seq")[:CHECKED_ENTRIES])
        ok = ok and len(rows) == min(head.seq, CHECKED_ENTRIES)
        for row in rows:
            ok = ok and row.seq == seq and row.hash == expected == entry_hash(row)
            seq, expected = seq - 1, row.previous_hash
    return JournalEnd(ok, entries, min(entries, CHECKED_ENTRIES))
