"""An act: rows, changes and entries in one transaction; versions; and the order of the feed."""

import uuid
from collections import defaultdict

import pytest
from django.db import IntegrityError, transaction

from simpul.foundation.administration.services import change_unit
from simpul.foundation.core.errors import Stale
from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.models import row_values
from simpul.foundation.facilities.models import ServiceUnit
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import Change, JournalEntry, JournalHead, Operation
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Practitioner, PractitionerRole, Role

pytestmark = pytest.mark.django_db


class Crash(Exception):
    """Something between the first write of an act and its commit fails."""


def write_and_crash(house: Here) -> None:
    """An act that has written everything and then fails."""
    with act(by=None, facility=house.id) as this:
        this.create(Practitioner(name="Gagal"))
        this.record("started")
        raise Crash


@transaction.atomic
def finish_and_crash(house: Here) -> None:
    """A finished act in a transaction that fails afterwards, as when an answer cannot be kept."""
    person(house)
    raise Crash


def state() -> tuple[int, int, int, str]:
    """Return everything an act may leave behind."""
    head = JournalHead.objects.get()
    return (
        Practitioner.objects.count(),
        Change.objects.count(),
        JournalEntry.objects.count(),
        f"{head.seq} {head.hash}",
    )


def person(house: Here, name: str = "Ani") -> Practitioner:
    row = Practitioner(name=name)
    with act(by=None, facility=house.id) as this:
        this.create(row)
    return row


def changes_of(row: uuid.UUID) -> list[Change]:
    return list(Change.objects.filter(row=row).order_by("id"))


class TestCreate:
    def test_a_new_row_has_its_owner_version_one_and_its_change(self, house: Here) -> None:
        row = person(house)
        stored = Practitioner.objects.get(id=row.id)
        assert (stored.owner, stored.version) == (house.id, 1)
        (change,) = changes_of(row.id)
        assert (change.change, change.operation) == (stored.change, Operation.CREATE)
        assert (change.entity, change.row_version) == ("staff.practitioner", 1)

    def test_the_change_holds_the_row_as_it_is_stored(self, house: Here) -> None:
        row = person(house)
        (change,) = changes_of(row.id)
        assert change.data == row_values(Practitioner.objects.get(id=row.id))

    def test_several_rows_of_several_tables_keep_their_order_in_the_feed(self, house: Here) -> None:
        first, second = Practitioner(name="Ani"), Practitioner(name="Budi")
        roles = [
            PractitionerRole(practitioner=p, facility_id=house.id, role=Role.NURSE)
            for p in (first, second)
        ]
        with act(by=None, facility=house.id) as this:
            this.create(first, second, *roles)
        newest = Change.objects.order_by("-id")[:4]
        rows = [first, second, *roles]
        assert [change.row for change in newest] == [row.pk for row in reversed(rows)]
        assert len({change.act_id for change in newest}) == 1

    def test_who_acts_and_where_is_on_change_and_entry(
        self, house: Here, technician: Actor
    ) -> None:
        row = Practitioner(name="Ani")
        with act(by=technician) as this:
            this.create(row)
            this.record("account-opened", unit="umum", subject="x", detail={"a": 1})
        entry = JournalEntry.objects.order_by("-seq")[0]
        (change,) = changes_of(row.id)
        assert entry.practitioner == change.practitioner == technician.practitioner_id
        assert entry.facility == house.id
        assert entry.at == change.at == this.at
        assert entry.act_id == change.act_id == this.id

    def test_an_act_without_a_person_must_name_its_facility(self) -> None:
        with pytest.raises(ValueError, match="facility"), act(by=None):
            pass


class TestUpdate:
    def test_each_change_of_a_row_is_one_version_further(self, house: Here) -> None:
        row = person(house)
        for name in ("Ani B", "Ani C", "Ani D"):
            row.name = name
            with act(by=None, facility=house.id) as this:
                this.update(row, "name")
        assert [c.row_version for c in changes_of(row.id)] == [1, 2, 3, 4]
        assert Practitioner.objects.get(id=row.id).version == 4

    def test_two_updates_in_one_act_are_two_versions(self, house: Here) -> None:
        row = person(house)
        with act(by=None, facility=house.id) as this:
            row.name = "Ani B"
            this.update(row, "name")
            row.profession = "Perawat"
            this.update(row, "profession")
        found = changes_of(row.id)
        assert [c.row_version for c in found] == [1, 2, 3]
        assert [c.data for c in found[1:]] == [{"name": "Ani B"}, {"profession": "Perawat"}]

    def test_only_the_named_fields_are_written(self, house: Here) -> None:
        row = person(house)
        row.name, row.profession = "Ani B", "Perawat"
        with act(by=None, facility=house.id) as this:
            this.update(row, "profession")
        stored = Practitioner.objects.get(id=row.id)
        assert (stored.name, stored.profession) == ("Ani", "Perawat")

    def test_a_stale_write_is_refused_with_both_versions(self, house: Here) -> None:
        row = person(house)
        mine, theirs = (Practitioner.objects.get(id=row.id) for _ in range(2))
        theirs.name = "Ani Baru"
        with act(by=None, facility=house.id) as this:
            this.update(theirs, "name")
        before = state()
        mine.name = "Ani Lama"
        with pytest.raises(Stale) as refused, act(by=None, facility=house.id) as this:
            this.update(mine, "name")
        assert refused.value.status == 412
        assert refused.value.extra["your_version"] == 1
        assert refused.value.extra["current_version"] == 2
        assert refused.value.extra["current"]["name"] == "Ani Baru"  # type: ignore[index]
        assert state() == before
        assert Practitioner.objects.get(id=row.id).name == "Ani Baru"

    def test_a_version_carried_through_a_form_counts_not_the_one_just_read(
        self, house: Here
    ) -> None:
        row = person(house)
        row.name = "Ani B"
        with act(by=None, facility=house.id) as this:
            this.update(row, "name")
        fresh = Practitioner.objects.get(id=row.id)
        with pytest.raises(Stale) as refused, act(by=None, facility=house.id) as this:
            this.update(fresh, "name", seen_version=1)
        assert refused.value.extra["your_version"] == 1
        assert refused.value.extra["current_version"] == 2

    def test_a_version_from_the_future_is_refused_as_well(self, house: Here) -> None:
        row = person(house)
        with pytest.raises(Stale), act(by=None, facility=house.id) as this:
            this.update(row, "name", seen_version=7)

    def test_a_row_that_is_not_there_says_so(self, house: Here) -> None:
        ghost = Practitioner(id=uuid7(), name="Tidak ada", owner=house.id, change=uuid7())
        with pytest.raises(Stale) as refused, act(by=None, facility=house.id) as this:
            this.update(ghost, "name")
        assert refused.value.extra["current_version"] is None


class TestDeleteLink:
    def link(self, house: Here) -> PractitionerRole:
        role = PractitionerRole(practitioner=person(house), facility_id=house.id, role=Role.NURSE)
        with act(by=None, facility=house.id) as this:
            this.create(role)
        return role

    def test_the_deletion_is_in_the_feed_with_what_the_link_was(self, house: Here) -> None:
        role = self.link(house)
        with act(by=None, facility=house.id) as this:
            this.delete_link(role)
        assert not PractitionerRole.objects.filter(role=Role.NURSE).exists()
        made, gone = Change.objects.filter(entity="staff.practitionerrole", data__role=Role.NURSE)
        assert (made.operation, gone.operation) == (Operation.CREATE, Operation.DELETE)
        assert gone.row == made.row
        assert gone.row_version == made.row_version + 1
        assert gone.data["practitioner_id"] == str(role.practitioner_id)

    def test_a_link_changed_meanwhile_is_not_deleted(self, house: Here) -> None:
        mine = self.link(house)
        theirs = PractitionerRole.objects.get(id=mine.id)
        theirs.role = Role.PHYSICIAN
        with act(by=None, facility=house.id) as this:
            this.update(theirs, "role")
        before = state()
        with pytest.raises(Stale), act(by=None, facility=house.id) as this:
            this.delete_link(mine)
        assert state() == before
        assert PractitionerRole.objects.get(id=mine.id).role == Role.PHYSICIAN

    def test_a_link_is_deleted_once(self, house: Here) -> None:
        """Two people take the same role away: the feed must not carry the deletion twice."""
        role = self.link(house)
        twin = PractitionerRole.objects.get(id=role.id)
        with act(by=None, facility=house.id) as this:
            this.delete_link(role)
        with pytest.raises(Stale), act(by=None, facility=house.id) as this:
            this.delete_link(twin)
        assert Change.objects.filter(row=twin.id, operation=Operation.DELETE).count() == 1


class TestRollback:
    def test_a_failing_act_leaves_neither_rows_nor_changes_nor_entries(self, house: Here) -> None:
        before = state()
        with pytest.raises(Crash):
            write_and_crash(house)
        assert state() == before

    def test_a_failing_transaction_around_finished_acts_takes_them_back(self, house: Here) -> None:
        before = state()
        with pytest.raises(Crash):
            finish_and_crash(house)
        assert state() == before
        assert verify_chain().faults == ()

    def test_an_act_inside_an_act_that_fails_leaves_the_outer_one_whole(self, house: Here) -> None:
        with act(by=None, facility=house.id) as outer:
            outer.create(Practitioner(name="Luar"))
            outer.record("called")
            with pytest.raises(Crash):
                write_and_crash(house)
        assert list(Practitioner.objects.values_list("name", flat=True)) == ["Luar"]
        assert [e.act for e in JournalEntry.objects.order_by("-seq")[:1]] == ["called"]
        assert verify_chain().faults == ()

    def test_a_refused_insert_that_was_caught_leaves_nothing_in_the_feed(self, house: Here) -> None:
        unit = ServiceUnit.objects.get(code="umum")
        twin = ServiceUnit(
            facility_id=house.id, code="umum", name="Kembar", cluster=unit.cluster, prefix="X"
        )
        with act(by=None, facility=house.id) as this:
            with pytest.raises(IntegrityError), transaction.atomic():
                this.create(twin)
            this.create(Practitioner(name="Ani"))
        assert Change.objects.filter(row=twin.id).count() == 0
        assert Change.objects.filter(act_id=this.id).count() == 1

    def test_an_act_that_did_nothing_writes_nothing(self, house: Here) -> None:
        before = state()
        with act(by=None, facility=house.id):
            pass
        assert state() == before

    def test_a_failing_flush_takes_the_rows_back(
        self, house: Here, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = state()

        def fail() -> None:
            raise Crash

        monkeypatch.setattr("simpul.foundation.journal.acts.lock_head", fail)
        with pytest.raises(Crash), act(by=None, facility=house.id) as this:
            this.create(Practitioner(name="Ani"))
        assert state() == before


class TestFeed:
    def test_every_row_of_a_house_is_in_the_feed_at_its_version(
        self, house: Here, technician: Actor
    ) -> None:
        change_unit("umum", by=technician, room="Ruang 3")
        change_unit("umum", by=technician, name="Poli Umum Pagi", is_open=False)
        versions: dict[uuid.UUID, list[int]] = defaultdict(list)
        for change in Change.objects.order_by("id"):
            versions[change.row].append(change.row_version)
        for row, numbers in versions.items():
            assert numbers == list(range(1, len(numbers) + 1)), row
        unit = ServiceUnit.objects.get(code="umum")
        assert unit.version == 3
        newest = Change.objects.filter(row=unit.id).order_by("-id")[0]
        assert newest.change == unit.change

    def test_replaying_the_feed_gives_the_rows(self, house: Here, technician: Actor) -> None:
        """What arrives elsewhere: creates hold all fields, updates the changed ones."""
        change_unit("gigi", by=technician, room="Ruang 9", prefix="Y")
        replica: dict[str, object] = {}
        unit = ServiceUnit.objects.get(code="gigi")
        for change in changes_of(unit.id):
            replica |= change.data
            replica |= {"version": change.row_version, "change": str(change.change)}
        assert replica == row_values(unit)

    def test_an_act_is_whole_in_the_feed(self, house: Here) -> None:
        acts = list(Change.objects.order_by("id").values_list("act_id", flat=True))
        runs = [a for i, a in enumerate(acts) if i == 0 or acts[i - 1] != a]
        assert len(runs) == len(set(runs))

    def test_a_change_is_about_its_patient_where_there_is_one(self, house: Here) -> None:
        row = person(house)
        assert changes_of(row.id)[0].patient is None
