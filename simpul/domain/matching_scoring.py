"""How much two records speak for one person: weights in bits, after Fellegi and Sunter.

Source: I. P. Fellegi, A. B. Sunter, "A Theory for Record Linkage", Journal of the American
Statistical Association 64 (1969), 1183-1210. Each outcome of a field has a probability m among
pairs that are one person and u among pairs that are two; log2(m/u) is its weight, and the sum of
the weights with the prior odds gives the odds that both are one. Two kinds of two people are kept
apart, because members of one household agree in much: strangers and household. For names u is
not the average but the chance of this very name (matching_rarity.py). See docs/methods/matching.md.
"""

from math import exp2, log2
from typing import Final

from simpul.domain.matching_rarity import rarer_than_average
from simpul.domain.matching_records import PersonKey
from simpul.domain.matching_weights import HOUSEHOLD, ONE_PERSON, STRANGERS

#: Who stands at the counter is known here already in this share of cases, …
KNOWN_SHARE: Final = 0.7
#: … among so many people of one Puskesmas, …
PEOPLE: Final = 100_000
#: … with so many others of the household.
OTHERS_AT_HOME: Final = 2.5

_AGAINST_STRANGERS: Final = log2(PEOPLE / KNOWN_SHARE)
_AGAINST_HOUSEHOLD: Final = log2(OTHERS_AT_HOME / KNOWN_SHARE)


def _bits(against: dict[str, dict[str, float]]) -> dict[tuple[str, str], float]:
    return {
        (field, outcome): log2(m / against[field][outcome])
        for field, outcomes in ONE_PERSON.items()
        for outcome, m in outcomes.items()
    }


#: (against strangers, against household) by field and outcome.
WEIGHTS: Final = {key: (weight, _bits(HOUSEHOLD)[key]) for key, weight in _bits(STRANGERS).items()}
#: Of the rarity of a name that is only close, this much counts.
_CLOSE_SHARE: Final = 0.5


def bits(a: PersonKey, b: PersonKey, outcomes: dict[str, str]) -> float:
    """The log2 odds that both records are one person, from the outcomes as they are weighed."""
    strangers, household = -_AGAINST_STRANGERS, -_AGAINST_HOUSEHOLD
    for key in outcomes.items():
        weight = WEIGHTS[key]
        strangers += weight[0]
        household += weight[1]
    name = outcomes.get("name")
    if name == "same":
        strangers += rarer_than_average(a.name, b.name)
    elif name == "close":
        strangers += _CLOSE_SHARE * rarer_than_average(a.name, b.name)
    if outcomes.get("mother_name") == "same":
        strangers += rarer_than_average(a.mother_name, b.mother_name)
    if household - strangers > 60:
        return strangers
    if strangers - household > 60:
        return household
    return -log2(exp2(-strangers) + exp2(-household))


def probability(odds_bits: float) -> float:
    """The probability that belongs to log2 odds."""
    if odds_bits > 60:
        return 1.0
    return 1.0 - 1.0 / (1.0 + exp2(odds_bits)) if odds_bits > -60 else 0.0
