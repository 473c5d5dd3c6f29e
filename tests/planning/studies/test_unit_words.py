"""The words of units: one for every code the engine knows, in the language of the page."""

import pytest
from django.utils import translation

from simpul.domain.wisn.units import AMOUNT_UNIT_LABELS, PERIOD_LABELS, TIME_UNIT_LABELS
from simpul.planning.studies.unit_words import (
    AMOUNT_UNITS,
    PERIODS,
    TIME_UNITS,
    amount_word,
    per_word,
    time_word,
)


def test_every_code_of_the_engine_has_its_word_in_the_same_order():
    assert {code: str(word) for code, word in TIME_UNITS.items()} == TIME_UNIT_LABELS
    assert {code: str(word) for code, word in AMOUNT_UNITS.items()} == AMOUNT_UNIT_LABELS
    assert [str(word) for word in PERIODS.values()] == [
        f"per {it}" for it in PERIOD_LABELS.values()
    ]
    assert [list(TIME_UNITS), list(PERIODS)] == [list(TIME_UNIT_LABELS), list(PERIOD_LABELS)]


@pytest.mark.parametrize("word", [time_word, per_word, amount_word])
def test_a_code_nobody_knows_is_shown_as_it_is(word):
    assert word("fortnight") == "fortnight"


def test_a_page_in_english_has_english_units():
    with translation.override("en"):
        words = time_word("s"), per_word("year"), amount_word("percent")

    assert words == ("seconds", "a year", "percent")
