"""Are these two records one person? Weights for and against, and reasons in words.

Levels are those the counter sees: *certain* (hampir pasti sama), *possible* (mungkin sama) and
*household* (serumah, orang lain: twins, a parent and a child of one name). A look-alike is never
merged by this; it is only shown. The fields are compared in matching_fields.py and weighed in
matching_scoring.py by the probabilities of matching_weights.py; docs/methods/matching.md explains.
"""

from typing import Final

from simpul.domain.matching_fields import Comparison, compare_fields, weighed
from simpul.domain.matching_household import household_reason, is_one_of_a_birth
from simpul.domain.matching_records import Level, Match, PersonKey
from simpul.domain.matching_scoring import bits, probability
from simpul.domain.matching_words import AGREES, DIFFERS

__all__ = ["Level", "Match", "PersonKey", "compare"]

#: From these log2 odds on a pair is certain (1 in 1000 is not) or worth showing.
CERTAIN_BITS: Final = 10.0
POSSIBLE_BITS: Final = -4.0

_DECIDES_NOTHING_ALONE: Final = frozenset({"differs", "partly", "elsewhere", "village"})


def compare(a: PersonKey, b: PersonKey) -> Match:
    """Weigh two records against each other; the order of the two does not matter."""
    found = compare_fields(a, b)
    outcomes = weighed(found.outcomes)
    odds = bits(a, b, outcomes)
    score = round(probability(odds), 6)
    agrees, differs = _agrees(found), _differs(found)
    household = household_reason(a, b, found.outcomes)
    if household:
        return Match("household", score, (*agrees, household), differs)
    is_open = is_one_of_a_birth(a, b, found.outcomes)
    return Match(_level(odds, outcomes, is_open=is_open), score, agrees, differs)


def _level(odds: float, outcomes: dict[str, str], *, is_open: bool) -> Level | None:
    if odds >= CERTAIN_BITS and not is_open and _has_more_than_name_and_date(outcomes):
        return "certain" if _sex_is_no_doubt(outcomes) else "possible"
    # One NIK on two records always has to be looked at, however different the rest is.
    return "possible" if odds >= POSSIBLE_BITS or outcomes.get("nik") == "same" else None


def _has_more_than_name_and_date(outcomes: dict[str, str]) -> bool:
    """A rare name and a birth date alone are never certain: how rare it is, is only estimated."""
    return any(
        outcomes.get(field, "differs") not in _DECIDES_NOTHING_ALONE
        for field in ("nik", "bpjs", "mother_name", "home")
    )


def _sex_is_no_doubt(outcomes: dict[str, str]) -> bool:
    """Brother and sister of like names share the rest; only one's own number outweighs the sex."""
    numbers = (outcomes.get("nik"), outcomes.get("bpjs"))
    return outcomes.get("sex") != "differs" or "same" in numbers


def _agrees(found: Comparison) -> tuple[str, ...]:
    words = (
        found.said.get(field) or AGREES.get((field, outcome), "")
        for field, outcome in found.outcomes.items()
        if outcome != "differs"
    )
    return tuple(word for word in words if word)


def _differs(found: Comparison) -> tuple[str, ...]:
    return tuple(
        DIFFERS[field]
        for field, outcome in found.outcomes.items()
        if outcome == "differs" and field in DIFFERS
    )
