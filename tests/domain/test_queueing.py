"""The queue: known formulas, an independent simulator, the thesis' clinic, and plain sense."""

import math
from dataclasses import replace
from statistics import fmean, stdev
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.domain.findings import Meaningless
from simpul.domain.queueing import (
    Arrivals,
    Desk,
    Service,
    Shift,
    erlang_c,
    long_run,
    servers_at,
    simulate,
)

# Thesis of 2014, registration of Selogiri hospital: open 14–17, 16,998 visits on 313 days, and
# 5.86 min for one registration as its tables imply.
THESIS_MINUTES = 5.86


def thesis(servers: int, *, serve_all: bool = True) -> Desk:
    return Desk(
        (Arrivals(0, 180, 16_998 / 313),),
        (Shift(0, 180, servers),),
        Service(THESIS_MINUTES),
        serve_all=serve_all,
    )


@pytest.mark.parametrize(
    ("servers", "offered", "waits"),
    [
        (1, 0.5, 0.5),  # M/M/1: the probability is the load
        (2, 1.0, 1 / 3),  # C(2, 1) = 1/3, by hand
        (3, 2.0, 4 / 9),  # C(3, 2) = 4/9, by hand
    ],
)
def test_erlang_c_by_hand(servers: int, offered: float, waits: float) -> None:
    assert math.isclose(erlang_c(offered, servers), waits)


def test_one_server_is_the_textbook_case() -> None:
    found = long_run(0.1, 5, 1)  # Wq = ρ/(μ − λ) = 0.5 / (0.2 − 0.1)
    assert math.isclose(found.mean_wait, 5)
    assert math.isclose(found.mean_queue, 0.5)
    assert math.isclose(found.load, 0.5)


def test_many_servers_neither_overflow_nor_lose_digits() -> None:
    assert 0 < erlang_c(480, 500) < 1


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ((0.2, 5, 1), "queue_grows"),
        ((0.3, 5, 1), "queue_grows"),
        ((0.0, 5, 1), "not_positive"),
        ((float("inf"), 5, 1), "not_positive"),
        ((0.1, -5, 1), "not_positive"),
        ((0.1, 5, 0), "servers_out_of_range"),
    ],
)
def test_a_queue_that_only_grows_has_no_long_run(args: Any, code: str) -> None:
    with pytest.raises(Meaningless) as refused:
        long_run(*args)
    assert refused.value.code == code


@pytest.mark.parametrize(("rate", "servers"), [(0.1, 1), (0.16, 1), (0.3, 2), (0.5, 4)])
def test_the_simulation_agrees_with_mmc(rate: float, servers: int) -> None:
    long, warm = 6000, 1000
    desk = Desk(
        (Arrivals(0, long, rate * long),), (Shift(0, long, servers),), Service(5), warm_up=warm
    )
    found = simulate(desk, days=40, seed=3)
    expected = long_run(rate, 5, servers)

    # Twice the 95 % interval: the seed is fixed, but it was not chosen to fit.
    assert abs(found.mean_wait - expected.mean_wait) < 2 * found.wait_margin
    assert found.wait_margin < 0.25 * expected.mean_wait
    assert abs(found.utilisation - expected.load) < 0.02


@pytest.mark.parametrize("servers", [1, 2, 3])
def test_the_simulation_agrees_with_ciw(servers: int) -> None:
    ciw = pytest.importorskip("ciw")
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(54.3 / 180)],
        service_distributions=[ciw.dists.Exponential(1 / THESIS_MINUTES)],
        number_of_servers=[servers],
    )
    means, people = [], []
    for seed in range(200):
        ciw.seed(seed)
        run = ciw.Simulation(network)
        run.simulate_until_max_time(240)  # by then all who came in the first hour were served
        waits = [r.waiting_time for r in run.get_all_records() if r.arrival_date < 60]
        people.append(len(waits))
        means.append(fmean(waits) if waits else 0.0)
    desk = Desk((Arrivals(0, 60, 18.1),), (Shift(0, 60, servers),), Service(THESIS_MINUTES))
    found = simulate(desk, days=600, seed=5)
    other = sum(m * n for m, n in zip(means, people, strict=True)) / sum(people)
    margin = 1.96 * stdev(means) / math.sqrt(len(means))

    # Who came first does not wait for who comes later, so ciw's later arrivals change nothing.
    assert abs(found.mean_wait - other) < 1.5 * (margin + found.wait_margin)


@pytest.mark.parametrize(("servers", "printed"), [(1, 35.0), (2, 8.4), (3, 1.5)])
def test_the_thesis_clinic_as_printed_counts_only_those_served_by_closing(
    servers: int, printed: float
) -> None:
    found = simulate(thesis(servers, serve_all=False), days=2000)
    assert abs(found.mean_wait - printed) < 0.1 * printed + 0.1
    assert math.isclose(found.load, 1.768 / servers, rel_tol=0.001)


def test_with_one_server_the_printed_wait_forgets_those_still_waiting() -> None:
    """All who came are served: twice the wait, and two and a half hours after closing."""
    found = simulate(thesis(1), days=2000)
    assert 72 < found.mean_wait < 79
    assert 135 < found.overtime < 158
    sent_home = simulate(thesis(1, serve_all=False), days=500)
    assert 22 < sent_home.left < 26
    assert math.isclose(sent_home.served + sent_home.left, 54.3, rel_tol=0.05)
    assert 8.5 < simulate(thesis(2), days=2000).mean_wait < 10
    assert 1.3 < simulate(thesis(3), days=2000).mean_wait < 1.7


def test_the_same_question_has_the_same_answer() -> None:
    assert simulate(thesis(2), days=20) == simulate(thesis(2), days=20)
    assert simulate(thesis(2), days=20) != simulate(thesis(2), days=20, seed=2)


def test_a_server_at_the_rush_hour_is_worth_more_than_one_at_noon() -> None:
    morning = (Arrivals(0, 60, 30), Arrivals(60, 120, 8), Arrivals(120, 180, 4))
    one = Shift(0, 180, 1)
    early = simulate(Desk(morning, (one, Shift(0, 60, 1)), Service(4)), days=200)
    late = simulate(Desk(morning, (one, Shift(120, 180, 1)), Service(4)), days=200)
    assert early.mean_wait < late.mean_wait
    assert early.by_block[0] is not None
    assert late.by_block[0] is not None
    assert early.by_block[0] < late.by_block[0]


def test_nobody_is_served_before_the_shift_begins() -> None:
    late = Desk((Arrivals(0, 30, 10),), (Shift(60, 120, 1),), Service(1, 0))
    found = simulate(late, days=100)
    # Who comes at time t waits at least until 60, and then for those before.
    assert 45 < found.mean_wait < 60
    assert found.left == 0


def test_a_lunch_break_lets_people_wait_and_then_goes_on() -> None:
    shifts = (Shift(0, 60, 1), Shift(90, 150, 1))
    desk = Desk((Arrivals(0, 60, 0), Arrivals(60, 61, 5)), shifts, Service(1, 0))
    found = simulate(desk, days=50)
    assert found.by_block[0] is None
    assert 28 < found.mean_wait < 34


def test_shifts_are_open_at_their_end() -> None:
    shifts = (Shift(0, 60, 2), Shift(60, 120, 3))
    assert [servers_at(shifts, t) for t in (0, 59.9, 60, 119, 120)] == [2, 2, 3, 3, 0]


def test_measured_durations_are_drawn_as_they_are() -> None:
    desk = Desk((Arrivals(0, 600, 50),), (Shift(0, 600, 5),), Service(99, measured=(2.0, 4.0)))
    assert desk.load == pytest.approx(50 * 3 / 3000)
    found = simulate(desk, days=100)
    assert found.utilisation == pytest.approx(desk.load, rel=0.1)


def test_less_variation_means_less_waiting() -> None:
    waits = [
        simulate(replace(thesis(2), service=Service(5.86, cv)), days=400).mean_wait
        for cv in (0, 0.5, 1)
    ]
    assert waits == sorted(waits)


def test_nobody_comes() -> None:
    found = simulate(Desk((Arrivals(0, 60, 0),), (Shift(0, 60, 1),), Service(5)), days=5)
    assert (found.mean_wait, found.p90_wait, found.served, found.utilisation) == (0, 0, 0, 0)


@pytest.mark.parametrize("expected", [5e-324, 1e-310, 1e-300])
def test_somebody_once_in_an_age(expected: float) -> None:
    found = simulate(Desk((Arrivals(0, 120, expected),), (Shift(0, 120, 1),), Service(5)), days=5)
    assert (found.mean_wait, found.served, found.utilisation) == (0, 0, 0)


@pytest.mark.parametrize("variation", [5e-324, 1e-200, 1e-160, 1e-9])
def test_hardly_any_variation_is_none(variation: float) -> None:
    desk = Desk((Arrivals(0, 120, 10),), (Shift(0, 120, 1),), Service(5))
    alike = [simulate(replace(desk, service=Service(5, how)), days=5) for how in (0.0, variation)]
    assert alike[0] == alike[1]


def test_a_service_without_length_is_refused() -> None:
    with pytest.raises(Meaningless) as refusal:
        Desk((Arrivals(0, 60, 1),), (Shift(0, 60, 1),), Service(5e-324, 2))
    assert refusal.value.code == "not_positive"


@settings(max_examples=40, deadline=None)
@given(
    expected=st.floats(0, 40),
    servers=st.integers(1, 5),
    mean=st.floats(0.5, 15),
    variation=st.sampled_from([0, 0.5, 1, 2]),
    serve_all=st.booleans(),
)
def test_figures_keep_within_sense(
    expected: float, servers: int, mean: float, variation: float, serve_all: bool
) -> None:
    desk = Desk(
        (Arrivals(0, 120, expected),),
        (Shift(0, 120, servers),),
        Service(mean, variation),
        serve_all,
    )
    found = simulate(desk, days=5)
    assert 0 <= found.utilisation <= 1 + 1e-9
    assert 0 <= found.median_wait <= found.p90_wait
    assert found.overtime >= 0
    assert not (serve_all and found.left)
    # One more server meets the same patients, so nobody's day gets worse.
    more = simulate(replace(desk, serve_all=True, shifts=(Shift(0, 120, servers + 1),)), days=5)
    same = simulate(replace(desk, serve_all=True), days=5)
    assert more.mean_wait <= same.mean_wait + 1e-9
    assert more.served == same.served


@pytest.mark.parametrize(
    ("desk", "code"),
    [
        ({"shifts": ()}, "desk_empty"),
        ({"arrivals": ()}, "desk_empty"),
        ({"shifts": (Shift(60, 0, 1),)}, "hours_reversed"),
        ({"shifts": (Shift(0, float("inf"), 1),)}, "hours_reversed"),
        ({"shifts": (Shift(0, 60, 0),)}, "nobody_serves"),
        ({"shifts": (Shift(0, 60, 1), Shift(60, 90, 0))}, "nobody_serves"),
        ({"shifts": (Shift(0, 60, 10_000),)}, "servers_out_of_range"),
        ({"arrivals": (Arrivals(0, 60, -1),)}, "arrivals_out_of_range"),
        ({"arrivals": (Arrivals(0, 60, float("nan")),)}, "arrivals_out_of_range"),
        ({"service": Service(0)}, "not_positive"),
        ({"service": Service(1, -1)}, "variation_out_of_range"),
        ({"service": Service(1, measured=(1.0, -1.0))}, "not_positive"),
    ],
)
def test_what_has_no_meaning_is_refused(desk: Any, code: str) -> None:
    with pytest.raises(Meaningless) as refused:
        replace(thesis(1), **desk)
    assert refused.value.code == code


def test_too_much_at_once_is_refused() -> None:
    with pytest.raises(Meaningless) as refused:
        simulate(replace(thesis(1), arrivals=(Arrivals(0, 180, 400_000),)), days=2)
    assert refused.value.code == "simulation_too_large"
