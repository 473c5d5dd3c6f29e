"""A rule table ready for use: which rule fits a situation, and why the others do not."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from simpul.domain.dates import age_on
from simpul.domain.identity import Sex
from simpul.domain.placement_reading import Complaint, Found, Heard, Vocabulary
from simpul.domain.placement_rules import Rule, years
from simpul.domain.placement_words import NATIONAL_WORDS, WordRules

#: Why a rule does not fit; "" when it does.
Why = Literal[
    "", "off", "emergency", "booked", "sex", "pregnant", "age", "programme", "schedule",
    "words", "unless", "denied", "short",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known when the counter chooses. Age by `birth_date` and `on`, or in days."""

    complaint: str = ""
    sex: Sex | None = None
    birth_date: date | None = None
    on: date | None = None
    age_days: int | None = None
    pregnant: bool | None = None
    postpartum: bool | None = None
    emergency: bool = False
    age_estimated: bool = False
    #: The unit the visit was booked for.
    booked_unit: str = ""
    #: Programmes the patient is in.
    programmes: tuple[str, ...] = ()
    #: The age of the immunisation schedule that has come: "9 bulan".
    immunisation_due: str = ""

    @property
    def days(self) -> int | None:
        """Age in days as the rules count it; None when it is not known."""
        if self.birth_date is not None and self.on is not None:
            return counted_days(self.birth_date, self.on)
        return self.age_days


@dataclass(frozen=True, slots=True)
class Look:
    """One rule looked at: does it fit, what stands in the way, which phrase was heard."""

    rule: Rule
    why: Why
    phrase: str = ""

    @property
    def fits(self) -> bool:
        """Every condition holds."""
        return not self.why


class RuleTable:
    """Rules in their order with the vocabulary of their phrases, made once a version."""

    def __init__(
        self, rules: tuple[Rule, ...], version: int = 0, words: WordRules = NATIONAL_WORDS
    ) -> None:
        self.rules = rules
        self.version = version
        self.words = words
        self.active = tuple(rule for rule in rules if rule.is_active)
        self.vocabulary = Vocabulary(
            {p for rule in rules for p in (*rule.words, *rule.unless, *rule.lasting)}, words
        )

    def first(self, situation: Situation) -> Look | None:
        """Return the first rule that fits; None when none does."""
        days, heard = situation.days, self.vocabulary.hear(situation.complaint)
        for rule in self.active:
            if _unmet(rule, situation, days):
                continue
            why, phrase = self._said(rule, heard)
            if not why:
                return Look(rule, "", phrase)
        return None

    def look_at_all(self, situation: Situation) -> list[Look]:
        """Return every rule with what stands in its way, in order."""
        days, heard = situation.days, self.vocabulary.hear(situation.complaint)
        looks = []
        for rule in self.rules:
            said, phrase = self._said(rule, heard)
            why = "off" if not rule.is_active else _unmet(rule, situation, days) or said
            looks.append(Look(rule, why, phrase))
        return looks

    def _said(self, rule: Rule, heard: Heard) -> tuple[Why, str]:
        """What the complaint says for or against a rule."""
        find, complaint = self.vocabulary.find, heard.complaint
        against = [found for phrase in rule.unless for found in find(phrase, heard)]
        if not rule.asks_complaint:
            return ("unless", against[0].phrase) if against else ("", "")
        if rule.quiet and complaint.is_quiet:
            return "", ""
        parts = {complaint.parts[found.start] for found in against}
        why: Why = "words"
        nearest = ""
        for phrase in rule.words:
            for found in find(phrase, heard):
                why, nearest = self._weigh(found, complaint, parts), phrase
                if not why:
                    return "", phrase
        for symptom in rule.lasting:
            for found in find(symptom, heard):
                weighed = self._weigh(found, complaint, parts)
                if not weighed and _lasted(found, complaint) >= rule.lasting_days:
                    return "", symptom
                if why == "words":
                    why, nearest = weighed or "short", symptom
        return why, nearest

    def _weigh(self, found: Found, complaint: Complaint, against: set[int]) -> Why:
        if complaint.parts[found.start] in against:
            return "unless"
        return "denied" if self.vocabulary.is_denied(found, complaint) else ""


@lru_cache(maxsize=8)
def table_of(rules: tuple[Rule, ...]) -> RuleTable:
    """Return the table of some rules."""
    return RuleTable(rules)


def _lasted(found: Found, complaint: Complaint) -> float:
    return max(
        (span.days for span in complaint.spans if span.start <= found.start < span.end), default=0
    )


def _unmet(rule: Rule, situation: Situation, days: int | None) -> Why:
    """The first condition apart from the complaint that does not hold."""
    if rule.emergency and not situation.emergency:
        return "emergency"
    if rule.booked and not situation.booked_unit:
        return "booked"
    if rule.sex and situation.sex != rule.sex:
        return "sex"
    if rule.pregnant and not (situation.pregnant or situation.postpartum):
        return "pregnant"
    if rule.programmes and not set(rule.programmes) & set(situation.programmes):
        return "programme"
    if rule.immunisation_due and not situation.immunisation_due:
        return "schedule"
    return "" if _age_fits(rule, days) else "age"


def _age_fits(rule: Rule, days: int | None) -> bool:
    if days is None:
        # Words alone may decide; a rule that rests on age alone may not.
        bounded = rule.age_from_days > 0 or rule.age_below_days is not None
        return bool(rule.words or rule.programmes) or rule.pregnant or not bounded
    return days >= rule.age_from_days and (
        rule.age_below_days is None or days < rule.age_below_days
    )


def counted_days(birth_date: date, on: date) -> int:
    """Age in days such that whole years fall on birthdays exactly, whatever the leap years."""
    age = age_on(birth_date, on)
    try:
        birthday = birth_date.replace(year=birth_date.year + age.years)
    except ValueError:  # 29 February
        birthday = date(birth_date.year + age.years, 3, 1)
    since = max((on - birthday).days, 0)
    return min(years(age.years) + since, years(age.years + 1) - 1)
