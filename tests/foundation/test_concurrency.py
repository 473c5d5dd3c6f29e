"""Many writers at once, in threads: the order of the feed is the order of the commits."""

import random
import threading
import time
import uuid
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from simpul.foundation.core.counters import take
from simpul.foundation.core.errors import Stale
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import Change, JournalEntry
from simpul.foundation.staff.models import Practitioner

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8
ACTS_EACH = 25


class Undo(Exception):
    """Roll back an act that was complete."""


def write_some(facility: uuid.UUID, seed: int) -> list[uuid.UUID]:
    """Do acts of different lengths, every fifth rolled back; return the acts that were kept."""
    chance = random.Random(seed)  # noqa: S311 - spreads the writers, keeps nothing secret
    kept = []
    try:
        for number in range(ACTS_EACH):
            try:
                with transaction.atomic():
                    with act(by=None, facility=facility) as this:
                        rows = [Practitioner(name=f"{seed}-{number}-{n}") for n in range(3)]
                        this.create(*rows)
                        this.record("started")
                    # The answer is being kept: the head is locked and the commit still to come.
                    time.sleep(chance.random() * 0.004)
                    if number % 5 == 4:
                        raise Undo
            except Undo:
                continue
            kept.append(this.id)
    finally:
        connection.close()
    return kept


class Reader(threading.Thread):
    """Somebody who asks again and again for what came after the last id seen."""

    def __init__(self, model: type[Change] | type[JournalEntry]) -> None:
        super().__init__()
        self.model = model
        self.seen: list[int] = []
        self.is_over = threading.Event()

    def run(self) -> None:
        last = self.model.objects.order_by("-id").values_list("id", flat=True).first() or 0
        start = last
        while True:
            ending = self.is_over.is_set()
            for found in (
                self.model.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)
            ):
                self.seen.append(found)
                last = found
            if ending:
                break
        self.expected = list(
            self.model.objects.filter(id__gt=start).order_by("id").values_list("id", flat=True)
        )
        connection.close()


def test_a_reader_that_asks_for_what_came_after_its_last_id_misses_nothing(house: Here) -> None:
    """With ids that are given out before the commits, such a reader misses a quarter of them."""
    readers = [Reader(Change), Reader(JournalEntry)]
    for reader in readers:
        reader.start()
    with ThreadPoolExecutor(WRITERS) as pool:
        kept = [
            a for some in pool.map(lambda n: write_some(house.id, n), range(WRITERS)) for a in some
        ]
    for reader in readers:
        reader.is_over.set()
        reader.join()
        assert reader.seen == reader.expected
    assert len(kept) == WRITERS * ACTS_EACH * 4 // 5
    # Each kept act is whole and in one piece in the feed; of the others there is nothing.
    acts = list(
        Change.objects.filter(entity="staff.practitioner")
        .order_by("id")
        .values_list("act_id", flat=True)
    )
    assert acts == [a for a in dict.fromkeys(acts) for _ in range(3)]
    assert set(acts) == set(kept)
    assert Practitioner.objects.count() == 3 * len(kept)


def test_the_chain_has_no_gap_and_the_journal_has_the_order_of_the_feed(house: Here) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda n: write_some(house.id, n), range(WRITERS)))
    report = verify_chain()
    assert report.faults == ()
    assert report.entries == 1 + WRITERS * ACTS_EACH * 4 // 5
    journal = list(JournalEntry.objects.order_by("seq").values_list("act_id", flat=True))
    feed = list(dict.fromkeys(Change.objects.order_by("id").values_list("act_id", flat=True)))
    assert feed == journal


def test_the_check_of_the_chain_finds_no_fault_while_people_work(house: Here) -> None:
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            with act(by=None, facility=house.id) as this:
                this.record("called")
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    found, checks, until = [], 0, time.monotonic() + 30
    try:
        while JournalEntry.objects.count() < 200 and time.monotonic() < until:
            found += verify_chain().faults
            checks += 1
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    assert found == []
    assert checks > 3
    assert JournalEntry.objects.count() >= 200


def test_of_many_who_change_the_same_row_each_version_is_written_by_one(house: Here) -> None:
    row = Practitioner(name="Bersama")
    with act(by=None, facility=house.id) as this:
        this.create(row)

    def change(number: int) -> int:
        written = 0
        try:
            for _ in range(15):
                mine = Practitioner.objects.get(id=row.id)
                mine.name = f"Bersama {number}"
                try:
                    with act(by=None, facility=house.id) as this:
                        this.update(mine, "name")
                    written += 1
                except Stale:
                    continue
        finally:
            connection.close()
        return written

    with ThreadPoolExecutor(WRITERS) as pool:
        written = sum(pool.map(change, range(WRITERS)))
    versions = list(
        Change.objects.filter(row=row.id).order_by("id").values_list("row_version", flat=True)
    )
    assert versions == list(range(1, written + 2))
    assert Practitioner.objects.get(id=row.id).version == written + 1


def test_every_row_s_versions_follow_each_other_in_the_feed(house: Here) -> None:
    rows = [Practitioner(name=f"Baris {n}") for n in range(4)]
    with act(by=None, facility=house.id) as this:
        this.create(*rows)

    def change(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311
        try:
            for _ in range(20):
                mine = Practitioner.objects.get(id=chance.choice(rows).id)
                mine.profession = str(seed)
                try:
                    with act(by=None, facility=house.id) as this:
                        this.update(mine, "profession")
                except Stale:
                    continue
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(change, range(WRITERS)))
    versions: dict[uuid.UUID, list[int]] = defaultdict(list)
    for found, version in Change.objects.order_by("id").values_list("row", "row_version"):
        versions[found].append(version)
    for found, numbers in versions.items():
        assert numbers == list(range(1, len(numbers) + 1)), found


def test_many_threads_take_numbers_and_some_give_theirs_back(house: Here) -> None:
    key = uuid7().hex

    def take_some(seed: int) -> list[int]:
        kept = []
        try:
            for number in range(40):
                try:
                    with transaction.atomic():
                        taken = take(key)
                        if (number + seed) % 7 == 0:
                            raise Undo
                except Undo:
                    continue
                kept.append(taken)
        finally:
            connection.close()
        return kept

    with ThreadPoolExecutor(WRITERS) as pool:
        numbers = sorted(n for some in pool.map(take_some, range(WRITERS)) for n in some)
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 200
