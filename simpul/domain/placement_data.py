"""Rules as plain data: stored as JSON, edited on a page, given to a counter without its server."""

from collections.abc import Iterable, Mapping
from typing import Any

from simpul.domain.immunisation import EARLY_DAYS, SCHEDULE, UNTIL_DAYS
from simpul.domain.placement import (
    CLUSTER_OF_UNIT,
    NEWBORN_DAYS,
    NO_SUGGESTION,
)
from simpul.domain.placement_cases import read_cases, write_case
from simpul.domain.placement_rules import (
    ADULT_YEARS,
    CLUSTER_LABELS,
    FERTILE_FROM_YEARS,
    FERTILE_UNTIL_YEARS,
    PROGRAMMES,
    UNDER_FIVE_YEARS,
    UNITS,
    Rule,
)
from simpul.domain.placement_words import WordRules

#: Grows when a reader of the data must do something new.
FORMAT = 1

_LISTS = ("words", "unless", "lasting", "programmes", "tags")


def rule_as_data(rule: Rule) -> dict[str, Any]:
    """Return a rule as JSON values; cases as the lines people write."""
    return {
        "code": rule.code,
        "unit": rule.unit,
        "reason": rule.reason,
        "words": list(rule.words),
        "unless": list(rule.unless),
        "lasting": list(rule.lasting),
        "lasting_days": rule.lasting_days,
        "quiet": rule.quiet,
        "age_from_days": rule.age_from_days,
        "age_below_days": rule.age_below_days,
        "sex": rule.sex,
        "pregnant": rule.pregnant,
        "emergency": rule.emergency,
        "booked": rule.booked,
        "programmes": list(rule.programmes),
        "immunisation_due": rule.immunisation_due,
        "cluster": rule.cluster,
        "call_now": rule.call_now,
        "tags": list(rule.tags),
        "is_active": rule.is_active,
        "cases": [write_case(case) for case in rule.cases],
    }


def rule_from_data(data: Mapping[str, Any]) -> Rule:
    """Return the rule that `rule_as_data` wrote; fields it does not name have their default."""
    values = {name: value for name, value in data.items() if name in Rule.__dataclass_fields__}
    for name in _LISTS:
        values[name] = tuple(values.get(name, ()))
    values["cases"] = read_cases("\n".join(data.get("cases", ())))
    return Rule(**values)


def rules_from_data(data: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Return the rules of a stored set."""
    return tuple(rule_from_data(each) for each in data)


def reading_as_data(words: WordRules) -> dict[str, Any]:
    """Return every list and number with which complaints are read."""
    return {
        "negations": sorted(words.negations),
        "denied_through": sorted(words.denied_through),
        "continuers": sorted(words.continuers),
        "fillers": sorted(words.fillers),
        "not_lasting": sorted(words.not_lasting),
        "ordinary": sorted(words.ordinary),
        "quiet": sorted(words.quiet),
        "numbers": words.numbers,
        "units": words.units,
        "spans": words.spans,
        "abbreviations": {short: list(said) for short, said in words.abbreviations.items()},
        "sounds": [list(pair) for pair in words.sounds],
        "endings": list(words.endings),
        "vowels": words.vowels,
        "fuzzy_letters": words.fuzzy_letters,
        "fuzzy_letters_two": words.fuzzy_letters_two,
        "ending_stem_letters": words.ending_stem_letters,
        "most_fillers": words.most_fillers,
    }


def limits_as_data() -> dict[str, Any]:
    """Return what else a reader needs: units, clusters, ages, the immunisation schedule."""
    return {
        "days_a_year": 365.25,
        "adult_years": ADULT_YEARS,
        "under_five_years": UNDER_FIVE_YEARS,
        "fertile_from_years": FERTILE_FROM_YEARS,
        "fertile_until_years": FERTILE_UNTIL_YEARS,
        "newborn_days": NEWBORN_DAYS,
        "units": UNITS,
        "cluster_of_unit": CLUSTER_OF_UNIT,
        "cluster_labels": CLUSTER_LABELS,
        "programmes": PROGRAMMES,
        "immunisation_schedule": [list(step) for step in SCHEDULE],
        "immunisation_until_days": UNTIL_DAYS,
        "immunisation_early_days": EARLY_DAYS,
        "no_suggestion": NO_SUGGESTION,
    }
