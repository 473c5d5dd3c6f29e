"""UUIDv7 (RFC 9562, section 5.7): its bits, its order, and that no two are the same."""

import threading
import uuid
from datetime import UTC, datetime, timedelta

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from simpul.foundation.core.ids import uuid7

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 7 * 10**15).map(lambda us: EPOCH + timedelta(microseconds=us))


def made_at(instant: datetime) -> uuid.UUID:
    with time_machine.travel(instant, tick=False):
        return uuid7()


def test_version_and_variant_are_those_of_the_standard() -> None:
    for _ in range(1000):
        made = uuid7()
        assert made.version == 7
        assert made.variant == uuid.RFC_4122


@given(INSTANTS)
def test_the_first_48_bits_are_the_milliseconds_of_its_birth(instant: datetime) -> None:
    assert made_at(instant).int >> 80 == (instant - EPOCH) // timedelta(milliseconds=1)


@given(INSTANTS, st.integers(1, 10**9))
def test_one_born_a_millisecond_later_sorts_after(instant: datetime, later: int) -> None:
    first, second = made_at(instant), made_at(instant + timedelta(milliseconds=later))
    assert first < second
    assert str(first) < str(second)
    assert first.bytes < second.bytes


def test_every_random_bit_is_used() -> None:
    """Each of the 74 bits that are neither time nor version nor variant is seen as 0 and as 1."""
    ones, zeros = 0, 0
    with time_machine.travel(datetime(2026, 1, 2, tzinfo=UTC), tick=False):
        for _ in range(300):
            made = uuid7().int
            ones |= made
            zeros |= ~made
    fixed = (0xFFFF_FFFF_FFFF << 80) | (0xF << 76) | (0b11 << 62)
    free = ((1 << 128) - 1) & ~fixed
    assert ones & free == free
    assert zeros & free == free


def test_eight_threads_never_make_the_same_one() -> None:
    made: list[uuid.UUID] = []

    def make() -> None:
        made.extend([uuid7() for _ in range(2500)])

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 20_000
