"""The chained journal: whatever somebody does to the stored book, the check names the place."""

import json
import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal import chain
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.chain import GENESIS, entry_hash, verify_chain
from simpul.foundation.journal.models import JournalEntry, JournalHead

pytestmark = pytest.mark.django_db
LENGTH = 12


@pytest.fixture
def book(house: Here) -> list[JournalEntry]:
    """A journal of twelve entries (the house's own first one among them), as it was written."""
    while JournalEntry.objects.count() < LENGTH:
        with act(by=None, facility=house.id) as this:
            for _ in range(1 + JournalEntry.objects.count() % 3):
                if JournalEntry.objects.count() + len(this.entries) < LENGTH:
                    this.record(
                        "called", unit="umum", patient=uuid7(), subject="x", detail={"count": 1}
                    )
    assert kinds() == []
    return list(JournalEntry.objects.order_by("seq"))


@pytest.fixture
def forger(book: list[JournalEntry]) -> None:
    """Somebody with the database's own password, whom no trigger stops."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' "
                "AND tbl_name = 'journal_journalentry'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
    # The test's transaction takes all of it back.


def kinds() -> list[tuple[int, str]]:
    """Return what the check finds: place and kind."""
    return [(fault.seq, fault.kind) for fault in verify_chain().faults]


def put(seq: int, /, **values: object) -> None:
    assert JournalEntry.objects.filter(seq=seq).update(**values) == 1


def move(seq: int, to: int) -> None:
    put(seq, seq=to)


def seal(entry: JournalEntry) -> None:
    """Give an entry the hash that its content must have, as a careful forger would."""
    entry.hash = entry_hash(entry)
    entry.save()


def forged(seq: int, previous_hash: str, node: uuid.UUID) -> JournalEntry:
    entry = JournalEntry(
        node=node,
        seq=seq,
        act_id=uuid7(),
        at=datetime(2026, 1, 2, tzinfo=UTC),
        act="read",
        facility=uuid7(),
        previous_hash=previous_hash,
    )
    entry.hash = entry_hash(entry)
    return entry


def test_an_honest_book_has_no_fault_and_every_entry_was_read(book: list[JournalEntry]) -> None:
    report = verify_chain()
    assert (report.entries, report.faults) == (LENGTH, ())
    assert [entry.seq for entry in book] == list(range(1, LENGTH + 1))
    assert book[0].previous_hash == GENESIS
    assert [e.previous_hash for e in book[1:]] == [e.hash for e in book[:-1]]


def test_an_empty_book_has_no_fault() -> None:
    assert verify_chain().faults == ()


@pytest.mark.usefixtures("forger")
class TestRemoved:
    @pytest.mark.parametrize("seq", range(1, LENGTH + 1))
    def test_one_removed_entry_is_named_and_no_other(self, seq: int) -> None:
        JournalEntry.objects.filter(seq=seq).delete()
        report = verify_chain()
        assert [(f.seq, f.kind) for f in report.faults] == [(seq, "removed")]
        assert str(seq) in report.faults[0].message
        assert report.entries == LENGTH - 1

    def test_several_removed_entries_are_each_named(self) -> None:
        JournalEntry.objects.filter(seq__in=[1, 2, 5, 11, 12]).delete()
        assert kinds() == [(seq, "removed") for seq in (1, 2, 5, 11, 12)]

    def test_an_emptied_book_is_named_from_end_to_end(self) -> None:
        JournalEntry.objects.all().delete()
        assert kinds() == [(seq, "removed") for seq in range(1, LENGTH + 1)]

    def test_an_entry_cut_out_and_the_rest_closed_up_is_seen(self) -> None:
        """Take 5 out and give 6..12 the numbers 5..11, so that only the last is missing."""
        JournalEntry.objects.filter(seq=5).delete()
        for seq in range(6, LENGTH + 1):
            move(seq, seq - 1)
        assert kinds() == [*((seq, "reordered") for seq in range(5, 12)), (12, "removed")]

    def test_the_end_cut_off_together_with_the_head_is_beyond_the_chain(
        self, book: list[JournalEntry]
    ) -> None:
        """What a chain alone cannot see; the copy at the Dinas can. Here so that nobody hopes."""
        JournalEntry.objects.filter(seq__gt=9).delete()
        JournalHead.objects.update(seq=9, hash=book[8].hash)
        assert kinds() == []


def another(field: models.Field[Any, Any], entry: JournalEntry) -> object:
    """Return a value of this column that differs from what is stored."""
    value = getattr(entry, field.attname)
    if isinstance(field, models.UUIDField):
        return uuid7()
    if isinstance(field, models.DateTimeField):
        return value + timedelta(microseconds=1)
    if isinstance(field, models.JSONField):
        return {**value, "count": 2}
    if isinstance(field, models.BigIntegerField):
        return value + 1000
    return f"{value[:-1]}{'a' if value[-1:] != 'a' else 'b'}"


#: `id` is the order in which this database got to know the entry, not part of what was done.
COLUMNS = [f for f in JournalEntry._meta.concrete_fields if f.name not in {"id", "node", "seq"}]


@pytest.mark.usefixtures("forger")
class TestAltered:
    @pytest.mark.parametrize("field", COLUMNS, ids=lambda f: f.name)
    @pytest.mark.parametrize("seq", [1, 2, 6, LENGTH])
    def test_one_changed_column_names_its_entry_and_no_other(
        self, field: models.Field[Any, Any], seq: int, book: list[JournalEntry]
    ) -> None:
        put(seq, **{field.attname: another(field, book[seq - 1])})
        assert kinds() == [(seq, "altered")]

    @pytest.mark.parametrize("seq", [1, 2, 6, LENGTH])
    def test_an_entry_rewritten_with_its_own_hash_is_named_itself(
        self, seq: int, book: list[JournalEntry]
    ) -> None:
        """Its hash fits its content; the entry after it (or the head) still knows the old one."""
        entry = book[seq - 1]
        entry.practitioner = uuid7()
        seal(entry)
        assert kinds() == [(seq, "altered")]

    def test_a_person_wiped_from_an_entry_is_seen(self, book: list[JournalEntry]) -> None:
        put(4, patient=None)
        assert kinds() == [(4, "altered")]

    def test_words_pushed_from_one_column_into_the_next_are_seen(self) -> None:
        put(4, unit="umumx", subject="")
        assert kinds() == [(4, "altered")]

    def test_an_entry_given_to_another_node_is_missed_here_and_stands_alone_there(self) -> None:
        put(6, node=uuid7())
        found = kinds()
        assert (6, "removed") in found
        assert (6, "altered") in found or (6, "added") in found

    def test_all_entries_altered_are_named_the_earliest_thousand_at_most(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(chain, "MOST_NAMED", 5)
        JournalEntry.objects.update(unit="gigi")
        assert kinds() == [(seq, "altered") for seq in range(1, 6)]


@pytest.mark.usefixtures("forger")
class TestReordered:
    @pytest.mark.parametrize(("one", "other"), [(1, 2), (1, 12), (3, 9), (6, 7), (11, 12)])
    def test_two_swapped_entries_are_both_named_and_no_other(self, one: int, other: int) -> None:
        move(one, 1000)
        move(other, one)
        move(1000, other)
        faults = verify_chain().faults
        assert [(f.seq, f.kind) for f in faults] == [(one, "reordered"), (other, "reordered")]
        assert f"entri {other} dipindahkan ke tempat {one}" in faults[0].message
        assert f"entri {one} dipindahkan ke tempat {other}" in faults[1].message

    def test_three_turned_round_are_all_named(self) -> None:
        move(4, 1000)
        move(6, 4)
        move(5, 1001)
        move(1000, 5)
        move(1001, 6)
        assert kinds() == [(4, "reordered"), (5, "reordered"), (6, "reordered")]

    def test_an_entry_moved_behind_the_end_is_missed_and_found_there(self) -> None:
        move(6, 20)
        assert kinds() == [(6, "removed"), (20, "reordered")]


@pytest.mark.usefixtures("forger")
class TestAdded:
    def test_one_slipped_in_at_the_end_is_named(self, book: list[JournalEntry]) -> None:
        forged(LENGTH + 1, book[-1].hash, book[0].node).save()
        assert kinds() == [(LENGTH + 1, "added")]

    @pytest.mark.parametrize("seq", [1, 2, 7, LENGTH])
    def test_one_slipped_in_between_is_named_and_those_it_pushed_away(
        self, seq: int, book: list[JournalEntry]
    ) -> None:
        for place in range(LENGTH, seq - 1, -1):
            move(place, place + 1)
        before = book[seq - 2].hash if seq > 1 else GENESIS
        forged(seq, before, book[0].node).save()
        pushed = [(place, "reordered") for place in range(seq + 1, LENGTH + 2)]
        assert kinds() == [(seq, "added"), *pushed]

    @pytest.mark.parametrize("seq", [1, 2, 7, LENGTH])
    def test_one_put_in_the_place_of_another_is_named(
        self, seq: int, book: list[JournalEntry]
    ) -> None:
        JournalEntry.objects.filter(seq=seq).delete()
        forged(seq, book[seq - 1].previous_hash, book[0].node).save()
        assert kinds() == [(seq, "altered")]

    def test_a_copy_of_another_entry_in_its_place_is_named(self, book: list[JournalEntry]) -> None:
        copied = book[8]
        JournalEntry.objects.filter(seq=4).delete()
        copied.pk, copied.seq = None, 4
        copied.save(force_insert=True)
        assert kinds() == [(4, "altered")]

    def test_one_before_the_first_is_named(self, book: list[JournalEntry]) -> None:
        forged(0, GENESIS, book[0].node).save()
        assert kinds() == [(0, "added")]

    def test_a_whole_book_of_a_node_nobody_knows_is_named(self) -> None:
        forged(1, GENESIS, uuid7()).save()
        assert kinds() == [(1, "removed")]
        assert "kepala" in verify_chain().faults[0].message


@pytest.mark.usefixtures("forger")
class TestHead:
    def test_a_changed_hash_is_named_with_the_last_entry(self) -> None:
        JournalHead.objects.update(hash="f" * 64)
        assert kinds() == [(LENGTH, "altered")]

    def test_a_head_put_forward_names_what_it_claims(self) -> None:
        JournalHead.objects.update(seq=LENGTH + 2)
        assert kinds() == [(LENGTH + 1, "removed"), (LENGTH + 2, "removed")]

    def test_a_head_put_back_names_what_it_hides(self, book: list[JournalEntry]) -> None:
        JournalHead.objects.update(seq=LENGTH - 2, hash=book[-3].hash)
        assert kinds() == [(LENGTH - 1, "added"), (LENGTH, "added")]

    def test_a_head_far_in_front_does_not_make_the_check_endless(self) -> None:
        JournalHead.objects.update(seq=10**15)
        assert len(verify_chain().faults) <= 2 * chain.MOST_NAMED

    def test_a_removed_head_is_named(self) -> None:
        JournalHead.objects.all().delete()
        faults = verify_chain().faults
        assert [(f.seq, f.kind) for f in faults] == [(LENGTH, "removed")]
        assert "kepala" in faults[0].message


@pytest.mark.usefixtures("forger")
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(data=st.data())
def test_whatever_is_done_to_some_entries_those_and_only_those_are_named(
    book: list[JournalEntry], data: st.DataObject
) -> None:
    """Remove some and alter some others, in any mix: the names are exactly theirs."""
    places = data.draw(st.sets(st.integers(1, LENGTH), min_size=1, max_size=LENGTH))
    removed = data.draw(st.sets(st.sampled_from(sorted(places))))
    expected = []
    with transaction.atomic():
        for seq in sorted(places):
            if seq in removed:
                JournalEntry.objects.filter(seq=seq).delete()
                expected.append((seq, "removed"))
            else:
                field = data.draw(st.sampled_from(COLUMNS))
                put(seq, **{field.attname: another(field, book[seq - 1])})
                expected.append((seq, "altered"))
        found = kinds()
        transaction.set_rollback(True)
    assert found == expected


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(
    detail=st.dictionaries(st.text(st.characters(categories=["L", "N"])), JSON, max_size=4),
    subject=st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60
    ),
    hours=st.integers(-12, 14),
    microseconds=st.integers(0, 10**15),
)
def test_what_was_recorded_reads_back_to_the_same_hash(
    house: Here, detail: dict[str, Any], subject: str, hours: int, microseconds: int
) -> None:
    """Neither the database's JSON nor its clock nor its text makes an honest entry look forged."""
    zone = timezone(timedelta(hours=hours))
    moment = (datetime(2020, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).astimezone(
        zone
    )
    with transaction.atomic():
        with act(by=None, facility=house.id, at=moment) as this:
            this.record("called", subject=subject, detail=detail)
        found = verify_chain().faults
        stored = JournalEntry.objects.order_by("-seq")[0]
        transaction.set_rollback(True)
    assert found == ()
    assert stored.at == moment
    assert json.dumps(stored.detail, sort_keys=True) == json.dumps(detail, sort_keys=True)
