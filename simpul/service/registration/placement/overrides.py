"""How often the counter chose otherwise, per rule: the measure of whether a rule is right."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from simpul.foundation.core.rows import fetch_values
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home

#: A suggestion that was diverted because the unit was closed still belongs to its rule.
CLOSED = "-closed"
TOP = 3


@dataclass
class Overridden:
    """One rule in a period: suggested so often, overridden so often, why and to where."""

    rule: str
    suggested: int = 0
    overridden: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """The part of the suggestions that were overridden, 0 to 1."""
        return self.overridden / self.suggested if self.suggested else 0.0

    @property
    def top_reasons(self) -> list[tuple[str, int]]:
        """The commonest reasons given."""
        return self.reasons.most_common(TOP)

    @property
    def top_units(self) -> list[tuple[str, int]]:
        """The units chosen instead."""
        return self.units.most_common(TOP)


@dataclass(frozen=True)
class Overrides:
    """All rules in a period, and the visits for which no rule had a suggestion."""

    since: date
    until: date
    rules: dict[str, Overridden]
    without: int

    @property
    def total(self) -> Overridden:
        """All rules together."""
        return Overridden(
            "",
            sum(each.suggested for each in self.rules.values()),
            sum(each.overridden for each in self.rules.values()),
        )


def count_overrides(since: date, until: date, *, by: Actor) -> Overrides:
    """Count suggestions and choices of the days from `since` to `until`, in two statements."""
    require(by, "view", "placement")
    require_home(by)
    period = [by.facility_id, since, until]
    counted = fetch_values(
        "SELECT t.suggestion_rule, count(*), "
        "sum(CASE WHEN t.unit <> t.suggested_unit THEN 1 ELSE 0 END) "
        "FROM registration_encounter t WHERE t.owner = %s AND t.service_date >= %s "
        "AND t.service_date <= %s AND t.status <> 'cancelled' GROUP BY t.suggestion_rule",
        "---",
        period,
    )
    chosen = fetch_values(
        "SELECT t.suggestion_rule, t.unit, t.override_reason, count(*) "
        "FROM registration_encounter t WHERE t.owner = %s AND t.service_date >= %s "
        "AND t.service_date <= %s AND t.status <> 'cancelled' AND t.suggestion_rule <> '' "
        "AND t.unit <> t.suggested_unit "
        "GROUP BY t.suggestion_rule, t.unit, t.override_reason",
        "----",
        period,
    )
    rules: dict[str, Overridden] = {}
    without = 0
    for code, suggested, overridden in counted:
        if not code:
            without += suggested
            continue
        line = rules.setdefault(code.removesuffix(CLOSED), Overridden(code.removesuffix(CLOSED)))
        line.suggested += suggested
        line.overridden += overridden or 0
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for code, unit, reason, count in chosen:
        line = rules[code.removesuffix(CLOSED)]
        line.units[unit] += count
        said = " ".join(reason.split())
        spelled[said.casefold()][said] += count
        line.reasons[said.casefold()] += count
    for line in rules.values():
        # One reason in several spellings is shown as most people wrote it.
        line.reasons = Counter(
            {spelled[key].most_common(1)[0][0]: n for key, n in line.reasons.items()}
        )
    return Overrides(since, until, rules, without)
