"""Numbers people read: consecutive, each given once, and given back with a rolled-back act."""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.foundation.core.counters import take, take_block
from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.models import Counter

pytestmark = pytest.mark.django_db


class Undo(Exception):
    """Raised to roll a transaction back; carries the number taken in it."""


def take_and_roll_back(key: str) -> int:
    try:
        with transaction.atomic():
            raise Undo(take(key))
    except Undo as undone:
        return int(undone.args[0])


def test_the_first_number_is_one_and_none_is_left_out() -> None:
    assert [take("a") for _ in range(5)] == [1, 2, 3, 4, 5]


def test_each_space_counts_for_itself() -> None:
    assert [take("a"), take("b"), take("a"), take("b")] == [1, 1, 2, 2]


def test_a_space_may_begin_elsewhere_and_only_its_first_number_says_where() -> None:
    assert take("a", first=500) == 500
    assert take("a", first=9000) == 501


def test_a_rolled_back_transaction_gives_its_number_back() -> None:
    take("a")
    assert take_and_roll_back("a") == 2
    assert take("a") == 2


def test_a_rolled_back_first_number_leaves_no_space_behind() -> None:
    assert take_and_roll_back("a") == 1
    assert not Counter.objects.exists()
    assert take("a") == 1


def test_one_number_costs_one_statement(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        take("a")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(1, 40), st.booleans()), min_size=1, max_size=20
    )
)
def test_blocks_and_rollbacks_in_any_order_leave_no_gap_and_no_overlap(
    steps: list[tuple[str, int, bool]],
) -> None:
    """The numbers that were kept are 1..n in each space, whatever was rolled back between."""
    here = uuid7().hex
    kept: dict[str, list[int]] = {"a": [], "b": []}
    for space, size, is_kept in steps:
        try:
            with transaction.atomic():
                begin = take_block(f"{here}:{space}", size=size)
                if not is_kept:
                    raise Undo
        except Undo:
            continue
        kept[space] += range(begin, begin + size)
    for space, numbers in kept.items():
        assert numbers == list(range(1, len(numbers) + 1)), space


def test_a_number_beyond_four_thousand_million_fits() -> None:
    assert take("a", first=2**40) == 2**40
    assert take("a") == 2**40 + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM core_counter WHERE key = 'a'")
        assert cursor.fetchone() == (2**40 + 1,)
