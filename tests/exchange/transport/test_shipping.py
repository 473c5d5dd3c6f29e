"""Batch sizes, waits and giving way: the pure pieces of sending."""

import json
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.exchange.sync import shipping, yielding
from simpul.exchange.sync.shipping import BatchSize, Outcome, outcome_of, wait_seconds
from simpul.exchange.sync.yielding import Signs, Yielding, learn_peak, read_signs
from simpul.web import answering


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.floats(0, 30), st.integers(0, 600), st.booleans()), max_size=60))
def test_the_batch_stays_between_its_limits(answers: list[tuple[float, int, bool]]) -> None:
    size = BatchSize()
    for seconds, sent, is_lost in answers:
        before = size.changes
        if is_lost:
            size.shrink()
        else:
            size.answered(seconds, sent)
        assert shipping.LEAST_CHANGES <= size.changes <= shipping.MOST_CHANGES
        if is_lost or seconds > shipping.TARGET_SECONDS:
            assert size.changes == max(shipping.LEAST_CHANGES, before // 2)
        else:
            assert before <= size.changes <= before + shipping.STEP


def test_it_finds_the_size_that_takes_two_seconds() -> None:
    size = BatchSize(changes=500)
    for _turn in range(60):
        size.answered(size.changes * 0.01, size.changes)  # 200 changes take two seconds
    assert 100 <= size.changes <= 220


def test_the_hub_may_ask_for_less() -> None:
    size = BatchSize(changes=400)
    size.limit(120)
    for _turn in range(50):
        size.answered(0.1, size.changes)
    assert size.changes == 120
    size.limit(5)
    assert size.changes == shipping.LEAST_CHANGES


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.DONE), (401, Outcome.STOP), (403, Outcome.STOP), (404, Outcome.STOP),
        (409, Outcome.ACT), (413, Outcome.HALVE), (426, Outcome.STOP), (429, Outcome.WAIT),
        (500, Outcome.WAIT), (502, Outcome.WAIT), (503, Outcome.WAIT), (507, Outcome.WAIT),
    ],
)  # fmt: skip
def test_what_an_answer_means(status: int, outcome: Outcome) -> None:
    assert outcome_of(status) is outcome


@given(st.integers(-3, 10_000), st.floats(0, 1), st.floats(-10, 1e9))
def test_waits_are_between_five_seconds_and_ten_minutes(
    failures: int, drawn: float, asked: float
) -> None:
    def draw(low: float, high: float) -> float:
        assert low <= high
        return low + (high - low) * drawn

    assert 5 <= wait_seconds(failures, draw) <= 600
    assert wait_seconds(failures, draw, asked) >= min(max(asked, 0), 3600)
    assert wait_seconds(failures, draw, asked) <= 3600


def test_waits_grow_and_are_spread() -> None:
    longest = [wait_seconds(n, lambda _low, high: high) for n in range(1, 9)]
    assert longest == [10, 20, 40, 80, 160, 320, 600, 600]
    assert {wait_seconds(n, lambda low, _high: low) for n in range(1, 9)} == {5.0}


def test_retry_after_is_read_with_care() -> None:
    read = shipping.read_retry_after
    assert [read(t) for t in ("30", " 7 ", "", None, "-4", "1e9", "Wed, 21 Oct", "9" * 40)] == [
        30, 7, 0, 0, 0, 0, 0, 0,
    ]  # fmt: skip


def test_each_node_has_its_own_pace() -> None:
    paces = {shipping.turn_seconds(uuid.UUID(int=n)) for n in range(200)}
    assert len(paces) > 190
    assert min(paces) >= 12
    assert max(paces) <= 18
    assert shipping.turn_seconds(uuid.UUID(int=7)) == shipping.turn_seconds(uuid.UUID(int=7))


BUSY, CALM = Signs(slow_ms=301, load=0.1), Signs(slow_ms=40, load=0.3)


@pytest.mark.parametrize(
    ("signs", "is_busy"),
    [
        (BUSY, True), (CALM, False), (Signs(None, 0.81), True), (Signs(None, 0.8), False),
        (Signs(300, 0), False),
    ],
)  # fmt: skip
def test_when_a_house_is_busy(signs: Signs, is_busy: bool) -> None:
    assert signs.is_busy is is_busy


def test_it_gives_way_but_never_for_longer_than_ten_minutes() -> None:
    yielding_now, went = Yielding(), []
    for second in range(0, 3600, 15):
        if yielding_now.may_go(BUSY, float(second)):
            went.append(second)
    assert went == [600, 1200, 1800, 2400, 3000]
    assert yielding_now.may_go(CALM, 3600.0)
    assert not yielding_now.may_go(BUSY, 3615.0)  # and a new busy time begins anew
    assert not yielding_now.may_go(BUSY, 4200.0)
    assert yielding_now.may_go(BUSY, 4215.0)


def test_signs_come_from_what_the_server_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "_answers", answering.deque(maxlen=answering.KEEP))
    assert answering.FILE == yielding.ANSWERS
    assert answering.publish(tmp_path) is False
    for number in range(100):
        answering.note("POST", "/daftar", 0.5 if number >= 90 else 0.02)
        answering.note("GET", "/daftar", 9.0)
        answering.note("POST", "/sync/v1/push", 9.0)
    assert answering.publish(tmp_path) is True
    told = json.loads((tmp_path / yielding.ANSWERS).read_text())
    assert told["p95_ms"] == 500
    assert read_signs(tmp_path, told["at"] + 10).slow_ms == 500
    assert read_signs(tmp_path, told["at"] + 61).slow_ms is None  # nobody is at the counter
    (tmp_path / yielding.ANSWERS).write_text("[]")
    assert read_signs(tmp_path, told["at"]).slow_ms is None


def test_the_peak_is_learned() -> None:
    assert learn_peak({}) == learn_peak({30: 10}) == yielding.USUAL_PEAK
    assert yielding.slot_of(8, 0) == min(yielding.USUAL_PEAK)
    assert yielding.slot_of(9, 59) == max(yielding.USUAL_PEAK)
    learned = learn_peak({14: 300, 15: 500, 16: 450, 17: 299, 20: 20, 30: 80})
    assert learned == {14, 15, 16}
