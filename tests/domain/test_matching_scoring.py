"""The weights hold together, and are weighed as the formula says."""

from dataclasses import replace
from datetime import date
from math import log2

import pytest

from simpul.domain import matching_weights as table
from simpul.domain.matching_fields import LEVELS, compare_fields, home, weighed
from simpul.domain.matching_rarity import (
    MOST_COMMON_BITS,
    MOST_RARE_BITS,
    name_share_bits,
    rarer_than_average,
)
from simpul.domain.matching_records import PersonKey
from simpul.domain.matching_scoring import WEIGHTS, bits, probability

ONE = PersonKey("Dewi Lestari", date(1990, 2, 3), sex="female", village="Sabrang")


@pytest.mark.parametrize("kind", [table.ONE_PERSON, table.STRANGERS, table.HOUSEHOLD])
def test_the_levels_of_a_field_are_all_the_cases_there_are(kind):
    assert {field: tuple(outcomes) for field, outcomes in kind.items()} == LEVELS
    for field, outcomes in kind.items():
        assert sum(outcomes.values()) == pytest.approx(1.0, abs=0.005), field
        assert min(outcomes.values()) > 0, field


@pytest.mark.parametrize("field", LEVELS)
def test_to_agree_speaks_for_and_to_differ_against(field):
    best, worst = LEVELS[field][0], LEVELS[field][-1]
    assert WEIGHTS[field, best][0] > 0 > WEIGHTS[field, worst][0]


def test_the_house_says_much_against_strangers_and_nothing_within_it():
    against_strangers, against_household = WEIGHTS["home", "kk"]
    assert against_strangers > 10
    assert abs(against_household) < 0.5


def test_bits_are_prior_and_weights_where_one_class_decides():
    outcomes = {"sex": "same", "birth_date": "differs"}
    strangers = sum(WEIGHTS[key][0] for key in outcomes.items()) - log2(100_000 / 0.7)
    # Strangers are so many more that the household hardly counts.
    assert bits(ONE, ONE, outcomes) == pytest.approx(strangers, abs=0.01)


def test_a_field_that_is_empty_changes_nothing():
    bare = replace(ONE, village="")
    assert weighed(compare_fields(ONE, bare).outcomes).keys() == {"name", "birth_date", "sex"}


def test_a_name_is_as_rare_as_its_words_and_no_rarer_than_can_be_known():
    assert name_share_bits("Siti") > name_share_bits("Siti Aminah") > name_share_bits("Xqw Zzt")
    assert rarer_than_average("Xqw Zzt", "Xqw Zzt") == MOST_RARE_BITS
    assert -MOST_COMMON_BITS <= rarer_than_average("Muhammad", "Muhammad") < 0


def test_a_slip_does_not_make_a_common_name_rare():
    assert rarer_than_average("Siti", "Siit") == rarer_than_average("Siti", "Siti")


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ({"kk": "same", "village": "differs"}, "kk"),
        ({"kk": "differs", "phone": "same"}, "phone"),
        ({"village": "same", "rt": "same", "rw": "same"}, "neighbours"),
        ({"village": "same", "rt": "same", "rw": "differs"}, "village"),
        ({"village": "same"}, "village"),
        ({"village": "differs", "rt": "same", "rw": "same"}, "elsewhere"),
        ({"rt": "same", "rw": "same"}, None),
        ({"kk": "differs"}, None),
    ],
)
def test_the_strongest_thing_shared_is_the_home(outcomes, expected):
    assert home(outcomes) == expected


def test_probability_of_odds():
    assert probability(0) == 0.5
    assert probability(1) == pytest.approx(2 / 3)
    assert probability(500) == 1.0
    assert probability(-500) == 0.0
