"""What differs between two rule sets, rule by rule, in the words of the page."""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from simpul.domain.placement_cases import write_age
from simpul.domain.placement_data import rule_as_data
from simpul.domain.placement_rules import Rule

Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True)
class FieldDifference:
    """One field of a rule: for lists what came and what went, else both values."""

    label: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleDifference:
    """One rule that is not the same in both sets."""

    code: str
    kind: Kind
    fields: tuple[FieldDifference, ...] = ()


def field_labels() -> dict[str, str]:
    """The fields of a rule as the page writes them."""
    return {
        "unit": _("unit"),
        "reason": _("alasan"),
        "words": _("kata"),
        "unless": _("kecuali"),
        "lasting": _("gejala lama"),
        "lasting_days": _("mulai hari"),
        "quiet": _("tanpa gejala"),
        "age_from_days": _("umur mulai"),
        "age_below_days": _("umur di bawah"),
        "sex": _("kelamin"),
        "pregnant": _("hamil/nifas"),
        "emergency": _("tanda gawat"),
        "booked": _("pesanan"),
        "programmes": _("program"),
        "immunisation_due": _("jadwal imunisasi"),
        "cluster": _("klaster"),
        "call_now": _("panggil sekarang"),
        "tags": _("tanda"),
        "is_active": _("dipakai"),
        "cases": _("contoh uji"),
    }


def compare(old: tuple[Rule, ...], new: tuple[Rule, ...]) -> list[RuleDifference]:
    """Return what it takes to come from the old set to the new one, in the new order."""
    before, after = ({rule.code: rule for rule in rules} for rules in (old, new))
    common_before = [rule.code for rule in old if rule.code in after]
    common_after = [rule.code for rule in new if rule.code in before]
    moved = set(common_after) - set(_kept_in_order(common_before, common_after))
    found = []
    for rule in new:
        if rule.code not in before:
            found.append(RuleDifference(rule.code, "added"))
            continue
        fields = _differences(before[rule.code], rule)
        if fields:
            found.append(RuleDifference(rule.code, "changed", fields))
        elif rule.code in moved:
            found.append(RuleDifference(rule.code, "moved"))
    gone = [RuleDifference(rule.code, "removed") for rule in old if rule.code not in after]
    return [*found, *gone]


def _kept_in_order(old: list[str], new: list[str]) -> list[str]:
    """The longest list of codes that stand in the same order in both."""
    place = {code: at for at, code in enumerate(new)}
    best: list[list[str]] = []
    for code in old:
        before = [run for run in best if place[run[-1]] < place[code]]
        best.append([*max(before, key=len, default=[]), code])
    return max(best, key=len, default=[])


def _differences(old: Rule, new: Rule) -> tuple[FieldDifference, ...]:
    before, after = rule_as_data(old), rule_as_data(new)
    return tuple(
        _difference(label, _readable(name, before[name]), _readable(name, after[name]))
        for name, label in field_labels().items()
        if before[name] != after[name]
    )


def _readable(name: str, value: Any) -> Any:
    """Ages as people write them; no limit is no text."""
    if name.startswith("age_"):
        return write_age(value) if value else ""
    return value


def _difference(label: str, old: Any, new: Any) -> FieldDifference:
    if isinstance(old, list):
        added = tuple(value for value in new if value not in old)
        removed = tuple(value for value in old if value not in new)
        if not added and not removed:
            return FieldDifference(label, (_("urutannya"),))
        return FieldDifference(label, added, removed)
    return FieldDifference(label, (_shown(new),), (_shown(old),))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    return "–" if value in (None, "") else str(value)
