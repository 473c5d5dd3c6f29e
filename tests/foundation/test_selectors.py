"""The facility, its units and the people who act: remembered for seconds, then read anew."""

import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from simpul.foundation.administration.services import (
    change_unit,
    create_token,
    revoke_token,
    set_up_facility,
)
from simpul.foundation.core.clock import local_day, now
from simpul.foundation.core.errors import NotHere
from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.models import NodeState
from simpul.foundation.core.node import forget_node, node_id
from simpul.foundation.facilities import selectors as facilities_selectors
from simpul.foundation.facilities.models import (
    STANDARD_UNITS,
    ServiceUnit,
    unit_id,
)
from simpul.foundation.facilities.selectors import Here, get_here, is_set_up
from simpul.foundation.journal.acts import act
from simpul.foundation.staff import selectors as staff_selectors
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account, Practitioner, PractitionerRole, Role
from simpul.foundation.staff.selectors import forget_actors, get_actor, get_actor_of_token
from tests.conftest import make_actor

pytestmark = pytest.mark.django_db
#: As the program has it; in the other tests it is longer.
KEPT = staff_selectors.KEEP_SECONDS


class Clock:
    """A clock that stands still until it is told to go on, and the monotonic one with it."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.traveller = traveller
        self.passed = time.monotonic()

    def monotonic(self) -> float:
        return self.passed

    def shift(self, by: timedelta) -> None:
        self.passed += by.total_seconds()
        self.traveller.shift(by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    with time_machine.travel(datetime(2026, 11, 22, 3, 0, tzinfo=UTC), tick=False) as traveller:
        clock = Clock(traveller)
        monkeypatch.setattr(facilities_selectors, "time", clock)
        monkeypatch.setattr(staff_selectors, "time", clock)
        for keeper in (facilities_selectors, staff_selectors):
            monkeypatch.setattr(keeper, "KEEP_SECONDS", KEPT)
        yield clock


class TestHere:
    def test_before_first_start_there_is_none(self) -> None:
        assert not is_set_up()
        with pytest.raises(NotHere) as refused:
            get_here()
        assert refused.value.code == "not_set_up"

    def test_first_start_is_seen_at_once(self) -> None:
        with pytest.raises(NotHere):
            get_here()
        set_up_facility("Puskesmas Contoh")
        assert is_set_up()
        assert get_here().name == "Puskesmas Contoh"

    def test_the_standard_units_are_there_in_their_order(self, house: Here) -> None:
        assert list(house.units) == [code for code, *_rest in STANDARD_UNITS]
        letters = [unit.prefix for unit in house.units.values()]
        assert len(set(letters)) == len(letters)
        assert house.unit("umum").id == unit_id(house.id, "umum")
        assert not house.unit("farmasi").takes_patients

    def test_an_unknown_unit_is_named_and_cut_to_a_decent_length(self, house: Here) -> None:
        with pytest.raises(NotHere) as refused:
            house.unit("x" * 500)
        assert refused.value.code == "unit_unknown"
        assert "x" * 20 in refused.value.message
        assert "x" * 21 not in refused.value.message

    def test_it_is_read_once_and_then_remembered(
        self, house: Here, clock: Clock, django_assert_num_queries: object
    ) -> None:
        get_here()
        with django_assert_num_queries(0):  # type: ignore[operator]
            for _ in range(5):
                assert get_here().id == house.id
                assert is_set_up()

    def test_what_another_process_changed_is_seen_within_seconds(
        self, house: Here, clock: Clock
    ) -> None:
        get_here()
        unit = ServiceUnit.objects.get(code="umum")
        unit.room = "Ruang 7"
        with act(by=None, facility=house.id) as this:
            this.update(unit, "room")
        assert get_here().unit("umum").room == ""
        clock.shift(timedelta(seconds=5.1))
        assert get_here().unit("umum").room == "Ruang 7"

    def test_what_this_process_changed_is_seen_at_once(
        self, technician: Actor, clock: Clock
    ) -> None:
        assert get_here().unit("umum").is_open
        change_unit("umum", by=technician, is_open=False, prefix="Q")
        assert not get_here().unit("umum").is_open
        assert get_here().unit("umum").prefix == "Q"

    def test_a_second_facility_here_is_refused_by_the_database(self, house: Here) -> None:
        with pytest.raises(Exception, match=r"(?i)unique"):
            set_up_facility("Puskesmas Kedua")

    @pytest.mark.parametrize(
        ("zone", "instant", "day"),
        [
            ("Asia/Jakarta", "2026-01-01T16:59:59", "2026-01-01"),
            ("Asia/Jakarta", "2026-01-01T17:00:00", "2026-01-02"),
            ("Asia/Makassar", "2026-01-01T16:00:00", "2026-01-02"),
            ("Asia/Jayapura", "2026-01-01T15:00:00", "2026-01-02"),
            ("Asia/Jayapura", "2026-01-01T14:59:59", "2026-01-01"),
        ],
    )
    def test_a_day_is_the_facility_s_own(self, zone: str, instant: str, day: str) -> None:
        moment = datetime.fromisoformat(instant).replace(tzinfo=UTC)
        assert local_day(moment, zone).isoformat() == day
        with time_machine.travel(moment, tick=False):
            set_up_facility("Puskesmas Contoh", timezone=zone)
            assert get_here().today().isoformat() == day
            assert now() == moment
            assert now().tzinfo is UTC


class TestActors:
    def test_a_person_is_remembered_for_seconds_only(self, nurse: Actor, clock: Clock) -> None:
        assert get_actor(nurse.account_id) is not None
        Account.objects.filter(id=nurse.account_id).update(is_active=False)
        assert get_actor(nurse.account_id) is not None
        clock.shift(timedelta(seconds=5.1))
        assert get_actor(nurse.account_id) is None

    def test_a_revoked_token_acts_no_more_at_once_here_and_within_seconds_elsewhere(
        self, nurse: Actor, clock: Clock
    ) -> None:
        token, row = create_token(username=nurse.username)
        found = get_actor_of_token(token)
        assert found is not None
        assert found.practitioner_id == nurse.practitioner_id
        revoke_token(row.id)
        assert get_actor_of_token(token) is None

    def test_a_token_ends_when_it_was_said_to_end(self, nurse: Actor, clock: Clock) -> None:
        token, _row = create_token(username=nurse.username, expires_at=now() + timedelta(hours=1))
        assert get_actor_of_token(token) is not None
        clock.shift(timedelta(hours=1, seconds=6))
        assert get_actor_of_token(token) is None

    @pytest.mark.parametrize("token", ["", "simpul_", "x" * 10_000, "'; --"])
    def test_an_unknown_token_is_nobody(self, token: str, house: Here) -> None:
        assert get_actor_of_token(token) is None

    def test_only_the_digest_of_a_token_is_stored(self, nurse: Actor) -> None:
        token, row = create_token(username=nurse.username)
        row.refresh_from_db()
        assert token not in (row.digest, row.name)
        assert len(row.digest) == 64

    def test_units_of_a_role_are_its_own(self, house: Here) -> None:
        midwife = make_actor(Role.MIDWIFE, units=("kia", "persalinan"))
        assert midwife.units_of(Role.MIDWIFE) == {"kia", "persalinan"}
        assert midwife.units_of(Role.NURSE) == frozenset()

    def test_every_unit_and_one_unit_of_the_same_role_is_every_unit(self, house: Here) -> None:
        midwife = make_actor(Role.MIDWIFE, units=("kia",))
        with act(by=None, facility=house.id) as this:
            this.create(
                PractitionerRole(
                    practitioner_id=midwife.practitioner_id,
                    facility_id=house.id,
                    role=Role.MIDWIFE,
                )
            )
        forget_actors()
        again = get_actor(midwife.account_id)
        assert again is not None
        assert again.units_of(Role.MIDWIFE) == frozenset()

    def test_a_person_who_left_acts_no_more(self, nurse: Actor, house: Here) -> None:
        person = Practitioner.objects.get(id=nurse.practitioner_id)
        person.is_active = False
        with act(by=None, facility=house.id) as this:
            this.update(person, "is_active")
        forget_actors()
        assert get_actor(nurse.account_id) is None

    def test_an_account_that_does_not_exist_is_nobody(self, house: Here) -> None:
        assert get_actor(uuid7()) is None

    @pytest.mark.parametrize(
        ("starts", "ends", "acts"),
        [(0, 0, True), (1, None, False), (None, -1, False), (-1, 1, True), (None, 0, True)],
    )
    def test_a_role_holds_from_its_first_to_its_last_day(
        self, starts: int | None, ends: int | None, acts: bool, house: Here, clock: Clock
    ) -> None:
        nurse = make_actor(Role.NURSE)
        role = PractitionerRole.objects.get(practitioner_id=nurse.practitioner_id)
        today = house.today()
        role.starts_on = None if starts is None else today + timedelta(days=starts)
        role.ends_on = None if ends is None else today + timedelta(days=ends)
        with act(by=None, facility=house.id) as this:
            this.update(role, "starts_on", "ends_on")
        forget_actors()
        assert (get_actor(nurse.account_id) is not None) is acts

    def test_the_days_of_a_role_are_the_facility_s_own(self, house: Here, clock: Clock) -> None:
        """At 06:30 in Jakarta it is still yesterday in UTC; the shift of today has begun."""
        nurse = make_actor(Role.NURSE)
        clock.shift(datetime(2026, 11, 22, 23, 30, tzinfo=UTC) - now())
        role = PractitionerRole.objects.get(practitioner_id=nurse.practitioner_id)
        role.starts_on = house.today()
        with act(by=None, facility=house.id) as this:
            this.update(role, "starts_on")
        forget_actors()
        assert get_actor(nurse.account_id) is not None


class TestNode:
    def test_a_node_has_one_id_for_ever(self, house: Here) -> None:
        known = node_id()
        forget_node()
        assert node_id() == known
        assert known.version == 7

    def test_an_id_made_in_a_transaction_that_failed_is_not_remembered(self) -> None:
        def make_and_fail() -> None:
            with transaction.atomic():
                made.append(node_id())
                raise InterruptedError

        made: list[uuid.UUID] = []
        for _ in range(2):
            with pytest.raises(InterruptedError):
                make_and_fail()
        assert made[0] != made[1]
        assert not NodeState.objects.filter(key="node").exists()
