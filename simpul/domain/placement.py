"""Which unit should see this patient? The first rule that fits, with its reason in words.

A suggestion, never a decision: the counter may choose otherwise and says why. `impossible` names
the pairs that always need a second look (a man and pregnancy, a grown-up and MTBS). The rules are
given; without any it is the national set. docs/methods/placement.md explains both.
"""

from dataclasses import dataclass, replace

from simpul.domain.dates import age_text
from simpul.domain.errors import DomainError, Finding
from simpul.domain.identity import Sex
from simpul.domain.placement_national import NATIONAL_RULES
from simpul.domain.placement_rules import (
    ADULT_YEARS,
    CLUSTER_LABELS,
    FERTILE_FROM_YEARS,
    FERTILE_UNTIL_YEARS,
    UNDER_FIVE_YEARS,
    UNITS,
    Cluster,
    Rule,
    years,
)
from simpul.domain.placement_table import (
    Look,
    RuleTable,
    Situation,
    counted_days,
    table_of,
)

__all__ = [
    "NO_SUGGESTION",
    "Situation",
    "Suggestion",
    "Trial",
    "cluster_for",
    "cluster_label",
    "counted_days",
    "impossible",
    "suggest",
    "try_out",
]

NO_SUGGESTION = "Belum ada saran untuk keluhan ini. Pilih poli:"

NEWBORN_DAYS = 28

CLUSTER_OF_UNIT: dict[str, Cluster] = {
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
class Suggestion:
    """A unit with the rule that named it and the reason to show."""

    unit: str
    cluster: Cluster
    rule: str
    reason: str
    call_now: bool = False
    tags: tuple[str, ...] = ()


def cluster_for(unit: str, age_years: int | None, pregnant: bool = False) -> Cluster:
    """The cluster of a unit, by age where the unit serves every age; pregnant women are in 2."""
    if unit not in UNITS:
        raise DomainError("unit_unknown", f"Unit «{unit}» tidak dikenal. Pilih dari daftar poli.")
    fixed = CLUSTER_OF_UNIT.get(unit)
    if fixed is not None:
        return fixed
    young = age_years is not None and age_years < ADULT_YEARS
    # Immunisation of unknown age is that of children.
    unknown_child = age_years is None and unit == "imunisasi"
    return "2" if pregnant or young or unknown_child else "3"


def cluster_label(cluster: Cluster) -> str:
    """`Klaster 3`, or `Lintas klaster`."""
    return CLUSTER_LABELS[cluster]


def suggest(
    situation: Situation, rules: RuleTable | tuple[Rule, ...] = NATIONAL_RULES
) -> Suggestion | None:
    """The first rule that fits; None when no rule does (show `NO_SUGGESTION` and all units)."""
    table = rules if isinstance(rules, RuleTable) else table_of(rules)
    look = table.first(situation)
    if look is not None and look.rule.booked and _contradicts_booking(situation):
        # The booked unit cannot be right for this patient: the other rules decide, and the
        # counter is asked when it keeps the booking.
        look = table.first(_unbooked(situation))
    return None if look is None else suggestion_of(look.rule, situation)


def suggestion_of(rule: Rule, situation: Situation) -> Suggestion:
    """The suggestion a rule makes for somebody whom it fits."""
    days = situation.days
    age_years = None if days is None else _years_of(days)
    expecting = bool(situation.pregnant) and situation.sex != "male"
    unit = situation.booked_unit if rule.booked else rule.unit
    return Suggestion(
        unit=unit,
        cluster=rule.cluster or cluster_for(unit, age_years, expecting),
        rule=rule.code,
        reason=_reason(rule, situation, days),
        call_now=rule.call_now,
        tags=rule.tags,
    )


@dataclass(frozen=True, slots=True)
class Trial:
    """A complaint tried out: the rule that fits, and the one that nearly did."""

    chosen: Look | None
    suggestion: Suggestion | None
    nearly: Look | None


def try_out(situation: Situation, table: RuleTable) -> Trial:
    """Which rule fits and why; nearly: a rule before it whose words were heard, else the next."""
    looks = table.look_at_all(situation)
    blocked = _contradicts_booking(situation)
    fitting = [look for look in looks if look.fits and not (look.rule.booked and blocked)]
    chosen = fitting[0] if fitting else None
    before = looks if chosen is None else looks[: looks.index(chosen)]
    heard = next((look for look in before if look.phrase and not look.fits), None)
    after = fitting[1] if len(fitting) > 1 else None
    return Trial(
        chosen=chosen,
        suggestion=None if chosen is None else suggestion_of(chosen.rule, situation),
        nearly=heard or after,
    )


def _unbooked(situation: Situation) -> Situation:
    return replace(situation, booked_unit="")


def _contradicts_booking(situation: Situation) -> bool:
    if not situation.booked_unit:
        return False
    if situation.booked_unit not in UNITS:
        return True
    finding = impossible(situation, situation.booked_unit)
    return finding is not None and finding.where == "unit"


def impossible(situation: Situation, unit: str) -> Finding | None:
    """A pair of patient and unit (or of patient and "hamil") that must be asked about."""
    if unit not in UNITS:
        raise DomainError("unit_unknown", f"Unit «{unit}» tidak dikenal. Pilih dari daftar poli.")
    days = situation.days
    age_years = None if days is None else _years_of(days)
    pregnant = _pregnant_finding(situation.sex, bool(situation.pregnant), age_years)
    if pregnant:
        return pregnant
    label = UNITS[unit]
    if unit == "mtbs" and age_years is not None and age_years >= UNDER_FIVE_YEARS:
        message = f"Pasien {age_years} th; MTBS untuk anak di bawah {UNDER_FIVE_YEARS} th."
        return Finding("mtbs_too_old", "warn", message, "unit")
    if situation.sex == "male" and unit == "persalinan" and (days or 0) > NEWBORN_DAYS:
        return Finding("male_to_delivery", "warn", f"Pasien laki-laki ke {label}.", "unit")
    # Boys are seen at KIA until they go to school.
    if situation.sex == "male" and unit == "kia" and (age_years or 0) >= UNDER_FIVE_YEARS:
        return Finding("male_to_maternal", "warn", f"Pasien laki-laki ke {label}.", "unit")
    if unit == "persalinan" and (days or 0) > NEWBORN_DAYS and _never_pregnant(age_years):
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


def _years_of(days: int) -> int:
    count = int(days / 365.25) + 1
    while years(count) > days:
        count -= 1
    return count


def _reason(rule: Rule, situation: Situation, days: int | None) -> str:
    reason = rule.reason.replace("{due}", situation.immunisation_due)
    if "{age}" not in reason:
        return reason
    if situation.birth_date is not None and situation.on is not None:
        age = age_text(situation.birth_date, situation.on, situation.age_estimated)
    elif days is None:
        return reason.replace("usia {age}", "usia").replace(", {age}", "").replace(" {age}", "")
    elif days >= years(1):
        age = f"{_years_of(days)} th"
    else:
        age = f"{days // 30} bl" if days >= 30 else f"{days} hr"
    return reason.replace("{age}", age)
