"""EM finds the probabilities that made the data, without being told which pair is which."""

# ruff: noqa: S311 - the same people in every run, and no secret

from collections import Counter
from random import Random

import pytest

from simpul.domain.matching_estimation import counted, estimate, estimate_names

FIELDS = {"name": ("same", "differs"), "date": ("same", "differs"), "sex": ("same", "differs")}
TRUE = {
    "one": {"name": 0.9, "date": 0.8, "sex": 0.97},
    "two": {"name": 0.05, "date": 0.02, "sex": 0.5},
}
SHARE = 0.2


def made(rng: Random, many: int, *, empty: float = 0.0):
    """Patterns drawn from the two classes, a share of the fields empty; and those of each class."""
    by_class = {"one": Counter(), "two": Counter()}
    for _ in range(many):
        kind = "one" if rng.random() < SHARE else "two"
        pattern = tuple(
            None
            if rng.random() < empty
            else ("same" if rng.random() < TRUE[kind][field] else "differs")
            for field in FIELDS
        )
        by_class[kind][pattern] += 1
    return by_class["one"] + by_class["two"], by_class


def start(agree: float):
    return {field: {"same": agree, "differs": 1 - agree} for field in FIELDS}


@pytest.mark.parametrize("empty", [0.0, 0.3])
def test_em_comes_to_the_probabilities_that_made_the_pairs(empty):
    patterns, _ = made(Random(1), 30_000, empty=empty)

    found = estimate(patterns, FIELDS, [start(0.7), start(0.3)])

    assert found.shares[0] == pytest.approx(SHARE, abs=0.02)
    for table, kind in zip(found.tables, ("one", "two"), strict=True):
        for field in FIELDS:
            assert table[field]["same"] == pytest.approx(TRUE[kind][field], abs=0.04), field


def test_each_round_explains_the_data_better():
    patterns, _ = made(Random(2), 5_000)
    reached = [
        estimate(patterns, FIELDS, [start(0.7), start(0.3)], rounds=rounds).log_likelihood
        for rounds in (1, 2, 4, 8, 16)
    ]
    assert reached == sorted(reached)
    assert reached[0] < reached[-1]


def test_a_class_that_is_known_keeps_its_table():
    patterns, by_class = made(Random(3), 5_000)
    known = counted(by_class["two"], FIELDS)

    found = estimate(patterns, FIELDS, [start(0.7), known], fixed={1})

    assert found.tables[1] == known
    assert found.tables[0] != start(0.7)


def test_what_was_never_seen_is_rare_and_not_impossible():
    table = counted({("same", "same", None): 100}, FIELDS)
    assert 0 < table["name"]["differs"] < 0.01
    assert table["sex"] == {"same": 0.5, "differs": 0.5}


def test_names_scaled_so_that_chance_meetings_come_out_right():
    rng = Random(4)
    firsts, seconds = ["Siti"] * 6 + ["Dewi", "Rina"], ["Aminah", "Lestari", "Hidayah", "Maryam"]
    names = [f"{rng.choice(firsts)} {rng.choice(seconds)}" for _ in range(4_000)]

    table = estimate_names(names)

    meet = sum(rng.choice(names) == rng.choice(names) for _ in range(40_000)) / 40_000
    assert table.same == pytest.approx(meet, rel=0.1)
    assert table.shares["SITI"] == pytest.approx(0.75, abs=0.03)
    # First and second are drawn apart from one another here: the product needs no scale.
    assert table.scales[1] == pytest.approx(1.0, abs=0.05)
    assert table.scales[0] == table.scales[2] == 1.0
