"""Who is called next: emergencies first, two lines in turn, nobody overtaken without bound."""

from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.errors import DomainError
from simpul.domain.queue_order import (
    MOST_IN_A_ROW,
    Lane,
    Ratio,
    Rule,
    Waiting,
    calling_order,
    newest_run,
    next_in_line,
)

BEGIN = datetime(2026, 2, 3, 1, tzinfo=UTC)
LANES: tuple[Lane, ...] = ("emergency", "priority", "routine")


def stand(lanes: str, *, first: int = 1) -> list[Waiting[str]]:
    """People in the order of their numbers, by the letter of their line: `"rprre"`."""
    names: dict[str, Lane] = {lane[0]: lane for lane in LANES}
    return [
        Waiting(f"{letter}{n}", names[letter], n, 0, BEGIN + timedelta(minutes=n))
        for n, letter in enumerate(lanes, first)
    ]


def keys(order: list[Waiting[str]]) -> list[str]:
    return [one.key for one in order]


lanes = st.lists(st.sampled_from("epr"), max_size=25).map("".join)
ratios = st.builds(Ratio, st.integers(1, 5), st.integers(1, 5))
rules: st.SearchStrategy[Rule] = st.one_of(ratios, st.sampled_from(["always", "none"]))
history = st.lists(st.sampled_from(LANES), max_size=12)


@pytest.mark.parametrize(
    ("rule", "last", "expected"),
    [
        (Ratio(2, 1), [], "p2 p4 r1 p5 p6 r3"),
        (Ratio(2, 1), ["priority"], "p2 r1 p4 p5 r3 p6"),
        (Ratio(2, 1), ["priority", "priority"], "r1 p2 p4 r3 p5 p6"),
        (Ratio(2, 1), ["priority", "priority", "routine"], "p2 p4 r1 p5 p6 r3"),
        (Ratio(2, 1), ["priority", "emergency", "priority"], "r1 p2 p4 r3 p5 p6"),
        (Ratio(1, 1), ["routine"], "p2 r1 p4 r3 p5 p6"),
        (Ratio(1, 2), ["priority"], "r1 r3 p2 p4 p5 p6"),
        ("always", ["priority", "priority"], "p2 p4 p5 p6 r1 r3"),
        ("none", [], "r1 p2 r3 p4 p5 p6"),
    ],
)
def test_the_lines_are_called_in_turn(rule, last, expected):
    assert keys(calling_order(stand("rprppp"), rule, last)) == expected.split()


def test_an_emergency_goes_first_and_takes_nobodys_turn():
    order = keys(calling_order(stand("rppe"), Ratio(1, 1), ["priority"]))

    assert order == ["e4", "r1", "p2", "p3"]


def test_who_was_passed_over_stands_where_they_were_put():
    late = Waiting("late", "routine", 3, 1, BEGIN)
    others = stand("rrrr")

    assert keys(calling_order([late, *others], Ratio(), [])) == ["r1", "r2", "r3", "late", "r4"]


def test_nobody_waits():
    assert next_in_line([], Ratio(), ["routine"]) is None


@pytest.mark.parametrize("ratio", [(0, 1), (1, 0), (-1, 2), (MOST_IN_A_ROW + 1, 1)])
def test_a_ratio_that_lets_somebody_starve_is_refused(ratio):
    with pytest.raises(DomainError):
        Ratio(*ratio)


@given(lanes, rules, history)
def test_everybody_is_called_once(line, rule, last):
    waiting = stand(line)

    assert sorted(keys(calling_order(waiting, rule, last))) == sorted(keys(waiting))


@given(lanes, rules, history)
def test_emergencies_first_and_each_line_keeps_its_order(line, rule, last):
    order = calling_order(stand(line), rule, last)

    emergencies = line.count("e")
    assert all(one.lane == "emergency" for one in order[:emergencies])
    for lane in LANES:
        places = [one.place for one in order if one.lane == lane]
        assert places == sorted(places)


@given(lanes, rules, history, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_the_rows_come(line, rule, last, rng):
    waiting = stand(line)
    shuffled = list(waiting)
    rng.shuffle(shuffled)

    assert calling_order(shuffled, rule, last) == calling_order(waiting, rule, last)


@given(lanes, rules, history)
def test_calling_one_by_one_is_the_order_that_was_shown(line, rule, last):
    waiting, called = stand(line), list(last)
    shown = keys(calling_order(waiting, rule, called))
    one_by_one = []
    while (one := next_in_line(waiting, rule, called)) is not None:
        one_by_one.append(one.key)
        waiting.remove(one)
        called.append(one.lane)

    assert one_by_one == shown


@given(ratios, history, st.integers(1, 12))
def test_nobody_starves_however_many_come_after(ratio, last, place):
    """The routine patient at `place` against priority patients who never end."""
    waiting, called, overtaken, n = stand("r" * place), list(last), 0, 100
    while True:
        n += 1
        # Two more come before each call, so that their line never runs dry.
        waiting += stand("pp", first=n * 2)
        one = next_in_line(waiting, ratio, called)
        assert one is not None
        if one.key == f"r{place}":
            break
        overtaken += one.lane == "priority"
        waiting.remove(one)
        called.append(one.lane)

    # A block of routine calls that an emergency-free history left unfinished only helps.
    assert overtaken <= ratio.priority * ceil(place / ratio.routine)


@given(ratios, history)
def test_the_ratio_is_held_while_both_wait(ratio, last):
    whole = ratio.priority + ratio.routine
    order = calling_order(stand("pr" * 60), ratio, last)
    # After the unfinished block of the calls before, every window of p + r holds p and r.
    start = ratio.priority + ratio.routine
    for begin in range(start, start + 3 * whole):
        window = order[begin : begin + whole]
        assert sum(one.lane == "priority" for one in window) == ratio.priority


@given(history)
def test_the_newest_run_is_what_was_called_last(last):
    lane, run = newest_run(last)
    calls = [one for one in last if one != "emergency"]

    assert (lane is None) == (not calls)
    if calls:
        assert calls[-run:] == [lane] * run
        assert len(calls) == run or calls[-run - 1] != lane
