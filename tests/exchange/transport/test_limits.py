"""The hub takes from everybody in turn, and from nobody too much."""

from simpul.exchange.hub.limits import (
    AT_ONCE,
    BURST,
    LONGEST_NEXT_MS,
    SHARE,
    WRONG_BURST,
    Limits,
    Wait,
)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_one_push_of_a_node_at_a_time() -> None:
    limits = Limits(clock=Clock())
    assert limits.enter("a") is None
    assert limits.enter("a") == Wait(429, 2)
    assert limits.enter("b") is None
    limits.leave("a", 0.1)
    assert limits.enter("a") is None


def test_only_so_many_at_once() -> None:
    limits = Limits(clock=Clock())
    for number in range(AT_ONCE):
        assert limits.enter(f"n{number}") is None
    wait = limits.enter("one more")
    assert wait is not None
    assert wait.status == 503
    assert wait.seconds >= 2
    limits.leave("n0", 0.1)
    assert limits.enter("one more") is None


def test_a_node_that_hurries_is_told_to_wait_and_then_heard() -> None:
    clock = Clock()
    limits = Limits(clock=clock)
    for _push in range(int(BURST)):
        assert limits.enter("a") is None
        limits.leave("a", 0.01)
    wait = limits.enter("a")
    assert wait == Wait(429, 1)
    assert limits.enter("b") is None  # the others do not suffer for it
    clock.now += wait.seconds
    assert limits.enter("a") is None


def test_wrong_codes_cost_patience() -> None:
    clock = Clock()
    limits = Limits(clock=clock)
    for _try in range(int(WRONG_BURST)):
        assert limits.try_code("10.0.0.1") is None
    assert limits.try_code("10.0.0.1") == Wait(429, 11)
    assert limits.try_code("10.0.0.2") is None
    clock.now += 11
    assert limits.try_code("10.0.0.1") is None


def test_a_district_that_comes_back_is_spread() -> None:
    clock = Clock()
    limits = Limits(clock=clock)
    assert limits.next_ms() == 0
    for number in range(50):
        assert limits.enter(f"n{number}") is None
        limits.leave(f"n{number}", 0.3)
        clock.now += 0.3
    spread = limits.next_ms() / 1000
    # Fifty nodes that come every `spread` seconds keep the hub busy for the share it may be.
    assert abs(50 * limits.usual_seconds / spread - SHARE) < 0.01
    assert 10 < spread < 30
    clock.now += 121
    assert limits.next_ms() == 0
    limits.usual_seconds = 1e6
    limits.enter("slow")
    assert limits.next_ms() == LONGEST_NEXT_MS
