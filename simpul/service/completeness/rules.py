"""The rules of the analysis as the house has set them: which are on, and in which units.

The head decides; the table of `domain.completeness_rules` is what holds until then. A changed rule
judges from the next analysis on, and never rewrites an old one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from simpul.domain.completeness_rules import COMPONENT_LABELS, DEFAULT_RULES, Rule
from simpul.foundation.core.errors import NotAllowed, NotHere, Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.rights import require
from simpul.service.completeness.models import CompletenessRule
from simpul.service.completeness.sheets import NOT_RETURNED


@dataclass(frozen=True)
class RuleLine:
    """One rule as its page shows it; no unit named means every unit."""

    code: str
    label: str
    component: str
    message: str
    is_active: bool
    units: tuple[str, ...]
    is_only_counted: bool


def list_rules(*, by: Actor) -> list[RuleLine]:
    """Return every rule in the order of the table, with this house's choices."""
    require(by, "view", "settings")
    stored = {row.code: row for row in CompletenessRule.objects.filter(owner=by.facility_id)}
    lines = []
    for rule in DEFAULT_RULES:
        row = stored.get(rule.code)
        lines.append(
            RuleLine(
                code=rule.code,
                label=rule.label,
                component=COMPONENT_LABELS[rule.component],
                message=rule.message,
                is_active=row.is_active if row is not None else True,
                units=tuple(sorted((row.units if row is not None else ()) or rule.units)),
                is_only_counted=rule.code in NOT_RETURNED,
            )
        )
    return lines


def change_rule(
    code: str, *, by: Actor, is_active: bool, units: Iterable[str] = ()
) -> CompletenessRule:
    """Switch a rule on or off and say in which units it is owed; for the head of the facility.

    No unit named gives the rule its usual units back.
    """
    require(by, "correct", "settings")
    if Role.HEAD not in by.roles:
        raise NotAllowed(
            _("Aturan kelengkapan ditetapkan kepala Puskesmas. Tidak ada yang diubah."),
            "rule_by_head",
        )
    order, rule = _rule(code)
    chosen = sorted(set(units))
    if any(unit not in get_here().units for unit in chosen):
        raise Refused(
            _("Aturan belum diubah: ada unit yang tidak dikenal."),
            "rule_refused",
            errors=(Problem("units", "unknown", _("Pilih unit dari daftar.")),),
        )
    # The usual choice is stored as none, so that a later table of the field still reaches it.
    stored = [] if set(chosen) == rule.units else chosen
    with act(by=by) as this:
        row = CompletenessRule.objects.filter(owner=by.facility_id, code=code).first()
        if row is None:
            row = CompletenessRule(
                code=code,
                component=rule.component,
                label=rule.label,
                units=stored,
                is_active=is_active,
                order=order,
            )
            this.create(row)
        elif row.is_active == is_active and row.units == stored:
            return row
        else:
            row.is_active, row.units = is_active, stored
            this.update(row, "is_active", "units")
        this.record(
            "rule-changed",
            subject=f"rule:{code}",
            detail={"active": is_active, "units": stored},
        )
    return row


def _rule(code: str) -> tuple[int, Rule]:
    for order, rule in enumerate(DEFAULT_RULES):
        if rule.code == code:
            return order, rule
    raise NotHere(_("Aturan ini tidak ada. Buka lagi daftarnya."), "rule_unknown")
