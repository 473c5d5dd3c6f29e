"""Which unit should see this patient? The first rule that fits, with its reason in words.

A suggestion, never a decision: the counter may choose otherwise and says why. `impossible` names
the pairs that always need a second look (a man and pregnancy, a grown-up and MTBS). The table of
rules is placement_rules.py; docs/methods/placement.md explains both.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz import fuzz

from simpul.domain.dates import age_on, age_text
from simpul.domain.errors import DomainError, Finding
from simpul.domain.identity import Sex
from simpul.domain.placement_rules import (
    ADULT_YEARS,
    CLUSTER_LABELS,
    FERTILE_FROM_YEARS,
    FERTILE_UNTIL_YEARS,
    NATIONAL_RULES,
    UNDER_FIVE_YEARS,
    UNITS,
    Cluster,
    Rule,
    years,
)

NO_SUGGESTION = "Belum ada saran untuk keluhan ini. Pilih poli:"

_FUZZY_FROM_LETTERS = 5
_FUZZY_RATIO = 88
_NEWBORN_DAYS = 28
_NEGATIONS = frozenset(
    (
        "tidak",
        "tdk",
        "tak",
        "tanpa",
        "bukan",
        "belum",
        "gak",
        "ga",
        "nggak",
        "ndak",
        "ora",
        "henteu",
    )
)
_DURATION = re.compile(
    r"\b(\d{1,3}|se|satu|dua|tiga|empat|lima|enam)\s*(hari|hr|minggu|mgg|mg|bulan|bln|bl|tahun|thn|th)\b"
)
_NUMBER_WORDS = {"se": 1, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6}
_UNIT_DAYS = {"h": 1, "m": 7, "b": 30, "t": 365}

_CLUSTER_OF_UNIT: dict[str, Cluster] = {
    "ugd": "lintas",
    "gigi": "lintas",
    "rawat-inap": "lintas",
    "farmasi": "lintas",
    "laboratorium": "lintas",
    "rekam-medis": "1",
    "tb": "4",
    "kia": "2",
    "persalinan": "2",
    "mtbs": "2",
    "lansia": "3",
}


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


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit with the rule that named it and the reason to show."""

    unit: str
    cluster: Cluster
    rule: str
    reason: str
    call_now: bool = False
    tags: tuple[str, ...] = ()


def counted_days(birth_date: date, on: date) -> int:
    """Age in days such that whole years fall on birthdays exactly, whatever the leap years."""
    age = age_on(birth_date, on)
    try:
        birthday = birth_date.replace(year=birth_date.year + age.years)
    except ValueError:  # 29 February
        birthday = date(birth_date.year + age.years, 3, 1)
    since = max((on - birthday).days, 0)
    return min(years(age.years) + since, years(age.years + 1) - 1)


def cluster_for(unit: str, age_years: int | None, pregnant: bool = False) -> Cluster:
    """The cluster of a unit, by age where the unit serves every age; pregnant women are in 2."""
    if unit not in UNITS:
        raise DomainError("unit_unknown", f"Unit «{unit}» tidak dikenal. Pilih dari daftar poli.")
    fixed = _CLUSTER_OF_UNIT.get(unit)
    if fixed is not None:
        return fixed
    young = age_years is not None and age_years < ADULT_YEARS
    # Immunisation of unknown age is that of children.
    unknown_child = age_years is None and unit == "imunisasi"
    return "2" if pregnant or young or unknown_child else "3"


def cluster_label(cluster: Cluster) -> str:
    """`Klaster 3`, or `Lintas klaster`."""
    return CLUSTER_LABELS[cluster]


def suggest(situation: Situation, rules: tuple[Rule, ...] = NATIONAL_RULES) -> Suggestion | None:
    """The first rule that fits; None when no rule does (show `NO_SUGGESTION` and all units)."""
    days = _days_of(situation)
    words = _words_of(situation.complaint)
    for rule in rules:
        if _fits(rule, situation, days, words):
            age_years = None if days is None else _years_of(days)
            expecting = bool(situation.pregnant) and situation.sex != "male"
            return Suggestion(
                unit=rule.unit,
                cluster=rule.cluster or cluster_for(rule.unit, age_years, expecting),
                rule=rule.code,
                reason=_reason(rule, situation, days),
                call_now=rule.call_now,
                tags=rule.tags,
            )
    return None


def impossible(situation: Situation, unit: str) -> Finding | None:
    """A pair of patient and unit (or of patient and "hamil") that must be asked about."""
    if unit not in UNITS:
        raise DomainError("unit_unknown", f"Unit «{unit}» tidak dikenal. Pilih dari daftar poli.")
    days = _days_of(situation)
    age_years = None if days is None else _years_of(days)
    pregnant = _pregnant_finding(situation.sex, bool(situation.pregnant), age_years)
    if pregnant:
        return pregnant
    label = UNITS[unit]
    if unit == "mtbs" and age_years is not None and age_years >= UNDER_FIVE_YEARS:
        message = f"Pasien {age_years} th; MTBS untuk anak di bawah {UNDER_FIVE_YEARS} th."
        return Finding("mtbs_too_old", "warn", message, "unit")
    if situation.sex == "male" and unit == "persalinan" and (days or 0) > _NEWBORN_DAYS:
        return Finding("male_to_delivery", "warn", f"Pasien laki-laki ke {label}.", "unit")
    # Boys are seen at KIA until they go to school.
    if situation.sex == "male" and unit == "kia" and (age_years or 0) >= UNDER_FIVE_YEARS:
        return Finding("male_to_maternal", "warn", f"Pasien laki-laki ke {label}.", "unit")
    if unit == "persalinan" and (days or 0) > _NEWBORN_DAYS and _never_pregnant(age_years):
        message = f"Pasien {age_years} th ke {label}. Periksa tanggal lahirnya."
        return Finding("age_to_delivery", "warn", message, "unit")
    return None


def _never_pregnant(age_years: int | None) -> bool:
    return age_years is not None and not FERTILE_FROM_YEARS <= age_years <= FERTILE_UNTIL_YEARS


def _pregnant_finding(sex: Sex | None, pregnant: bool, age_years: int | None) -> Finding | None:
    if not pregnant:
        return None
    if sex == "male":
        message = "Ditandai hamil, padahal pasien laki-laki. Periksa kelamin atau tanda hamilnya."
        return Finding("pregnant_male", "warn", message, "pregnant")
    if _never_pregnant(age_years):
        message = f"Ditandai hamil pada usia {age_years} th. Masih berlaku?"
        return Finding("pregnant_age", "warn", message, "pregnant")
    return None


def _days_of(situation: Situation) -> int | None:
    if situation.birth_date is not None and situation.on is not None:
        return counted_days(situation.birth_date, situation.on)
    return situation.age_days


def _years_of(days: int) -> int:
    count = int(days / 365.25) + 1
    while years(count) > days:
        count -= 1
    return count


def _reason(rule: Rule, situation: Situation, days: int | None) -> str:
    if "{age}" not in rule.reason:
        return rule.reason
    if situation.birth_date is not None and situation.on is not None:
        age = age_text(situation.birth_date, situation.on, situation.age_estimated)
    elif days is None:
        return (
            rule.reason.replace("usia {age}", "usia").replace(", {age}", "").replace(" {age}", "")
        )
    elif days >= years(1):
        age = f"{_years_of(days)} th"
    else:
        age = f"{days // 30} bl" if days >= 30 else f"{days} hr"
    return rule.reason.replace("{age}", age)


def _fits(rule: Rule, situation: Situation, days: int | None, words: tuple[str, ...]) -> bool:
    if rule.emergency and not situation.emergency:
        return False
    if rule.sex and situation.sex != rule.sex:
        return False
    if rule.pregnant and not (situation.pregnant or situation.postpartum):
        return False
    if not _age_fits(rule, days):
        return False
    if not rule.words and not rule.lasting:
        return True
    if any(_find(phrase, words) is not None for phrase in rule.unless):
        return False
    return any(_says(phrase, words) for phrase in rule.words) or (
        any(_says(symptom, words) for symptom in rule.lasting)
        and _lasting_days(words) >= rule.lasting_days
    )


def _age_fits(rule: Rule, days: int | None) -> bool:
    if days is None:
        # Words alone may decide; a rule that rests on age alone may not.
        bounded = rule.age_from_days > 0 or rule.age_below_days is not None
        return bool(rule.words) or rule.pregnant or not bounded
    return days >= rule.age_from_days and (
        rule.age_below_days is None or days < rule.age_below_days
    )


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z]+|\d+", text.lower().replace("±", " ")))


@lru_cache(maxsize=4096)
def _phrase(text: str) -> tuple[str, ...]:
    return _words_of(text)


@lru_cache(maxsize=65536)
def _same_word(said: str, listed: str) -> bool:
    if said == listed:
        return True
    if min(len(said), len(listed)) < _FUZZY_FROM_LETTERS:
        return False
    return fuzz.ratio(said, listed) >= _FUZZY_RATIO


@lru_cache(maxsize=65536)
def _find(phrase: str, words: tuple[str, ...], start: int = 0) -> int | None:
    wanted = _phrase(phrase)
    for at in range(start, len(words) - len(wanted) + 1):
        if all(_same_word(words[at + i], word) for i, word in enumerate(wanted)):
            return at
    return None


@lru_cache(maxsize=65536)
def _says(phrase: str, words: tuple[str, ...]) -> bool:
    """Whether a phrase occurs at least once without a "tidak" in front of it."""
    at = _find(phrase, words)
    while at is not None:
        before = words[max(at - 2, 0) : at]
        denied = before[-1:] and before[-1] in _NEGATIONS
        denied = denied or (before[-1:] == ("ada",) and before[0] in _NEGATIONS)
        if not denied:
            return True
        at = _find(phrase, words, at + 1)
    return False


def _lasting_days(words: tuple[str, ...]) -> int:
    found = _DURATION.findall(" ".join(words))
    return max(
        (int(_NUMBER_WORDS.get(count, 0) or count) * _UNIT_DAYS[unit[0]] for count, unit in found),
        default=0,
    )
