"""Journal entries of another house (or of an earlier life of this one) taken into the journal.

An entry that continues its book is stored as it came, so the whole book can be verified here too:
this is the copy elsewhere that shows a rewritten journal. After a fork one book has two
continuations; the later one to arrive goes on in a book of its own (an id made of the book and the
epoch), with places and hashes of its own. What came is kept to the letter in the log.
"""

import uuid

from django.db import connection

from simpul.foundation.core.rows import bound, fetch_all
from simpul.foundation.journal.chain import GENESIS, entry_hash
from simpul.foundation.journal.models import JournalEntry, JournalHead

Place = tuple[int, str]


class Books:
    """Where each book stands, read once and written back at the end of a transaction."""

    def __init__(self) -> None:
        self._places: dict[uuid.UUID, Place] = {}
        self._moved: set[uuid.UUID] = set()

    def place(self, entry: JournalEntry, *, epoch: uuid.UUID) -> bool:
        """Give an entry its place in its book, or in the branch; False when it is there already."""
        seq, last = self._place(entry.node)
        if entry.seq <= seq and self._is_there(entry):
            return False
        is_first = seq == 0
        if not is_first and (entry.seq, entry.previous_hash) != (seq + 1, last):
            entry.node = uuid.uuid5(entry.node, str(epoch))
            seq, last = self._place(entry.node)
            entry.seq, entry.previous_hash = seq + 1, last
            entry.hash = entry_hash(entry)
        self._places[entry.node] = (entry.seq, entry.hash)
        self._moved.add(entry.node)
        return True

    def remember(self) -> dict[uuid.UUID, Place]:
        """Return where the books stand, to go back there when an act is rolled back."""
        return dict(self._places)

    def go_back(self, places: dict[uuid.UUID, Place]) -> None:
        """Stand again where the books stood; a book opened since is read anew."""
        self._places = dict(places)

    def close(self) -> None:
        """Write back where the books stand now."""
        with connection.cursor() as cursor:
            for book in sorted(self._moved & self._places.keys(), key=str):
                seq, last = self._places[book]
                cursor.execute(
                    "UPDATE journal_journalhead SET seq = %s, hash = %s WHERE node = %s",
                    [seq, last, bound(book)],
                )
        self._places.clear()
        self._moved.clear()

    def _place(self, book: uuid.UUID) -> Place:
        known = self._places.get(book)
        if known is None:
            locking = "FOR UPDATE" if connection.features.has_select_for_update else ""
            found = fetch_all(JournalHead, f"WHERE t.node = %s {locking}", [book])
            if not found:
                JournalHead.objects.create(node=book, seq=0, hash=GENESIS)
            known = (found[0].seq, found[0].hash) if found else (0, GENESIS)
            self._places[book] = known
        return known

    def _is_there(self, entry: JournalEntry) -> bool:
        return JournalEntry.objects.filter(node=entry.node, seq=entry.seq, hash=entry.hash).exists()
