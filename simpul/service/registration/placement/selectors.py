"""The rules in force, kept by each process and read anew when another version counts."""

import threading
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.placement_data import (
    FORMAT,
    limits_as_data,
    reading_as_data,
    rule_as_data,
    rules_from_data,
)
from simpul.domain.placement_national import NATIONAL_RULES
from simpul.domain.placement_rules import Rule
from simpul.domain.placement_table import RuleTable
from simpul.foundation.core.errors import NotHere
from simpul.foundation.core.rows import fetch_one, fetch_values
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.service.registration.placement.models import RuleDraft, RuleSet

KEEP_SECONDS = 5.0

#: The national set as a table, number 0.
NATIONAL = RuleTable(NATIONAL_RULES, version=0)


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    facility: uuid.UUID
    table: RuleTable


_kept: _Kept | None = None
_forgotten = 0
_lock = threading.Lock()


def rules_in_force() -> RuleTable:
    """Return the table of the rules in force, of the facility this program runs in.

    Costs nothing while it is kept; every few seconds one look at the newest number.
    """
    global _kept
    facility, kept = get_here().id, _kept
    if kept is not None and kept.facility == facility and time.monotonic() < kept.until:
        return kept.table
    before = _forgotten
    number = _newest_number(facility)
    table = kept.table if kept is not None and kept.facility == facility else NATIONAL
    if table.version != number:
        table = _read_table(facility, number)
    with _lock:
        # Somebody may have put another version in force while this one was read.
        if before == _forgotten:
            _kept = _Kept(time.monotonic() + KEEP_SECONDS, facility, table)
    return table


def forget_rules() -> None:
    """Look for the newest version next time."""
    global _kept, _forgotten
    with _lock:
        _forgotten += 1
        _kept = None


def _newest_number(facility: uuid.UUID) -> int:
    rows = fetch_values(
        "SELECT max(t.number) FROM placement_ruleset t WHERE t.owner = %s", "-", [facility]
    )
    return int(rows[0][0] or 0)


def _read_table(facility: uuid.UUID, number: int) -> RuleTable:
    if number == 0:
        return NATIONAL
    row = fetch_one(RuleSet, "WHERE t.owner = %s AND t.number = %s", [facility, number])
    return NATIONAL if row is None else RuleTable(rules_from_data(row.rules), version=number)


def rules_as_json(table: RuleTable | None = None) -> dict[str, Any]:
    """Return everything a counter without its server needs to suggest as this program does.

    How it is read: docs/methods/placement.md, "The same in a browser".
    """
    table = table or rules_in_force()
    return {
        "format": FORMAT,
        "version": table.version,
        "rules": [rule_as_data(rule) for rule in table.rules],
        "reading": reading_as_data(table.words),
        "limits": limits_as_data(),
    }


@dataclass(frozen=True)
class RuleSetLine:
    """One version of the rules in the list of versions; number 0 is the national set."""

    number: int
    note: str
    made_at: datetime | None
    made_by: uuid.UUID | None
    author: str
    restored_from: int | None
    rules: tuple[Rule, ...]


def list_versions(*, by: Actor) -> list[RuleSetLine]:
    """Return every version, newest first; the national set stands last."""
    _may_read(by)
    rows = RuleSet.objects.filter(owner=by.facility_id).order_by("-number")
    names = practitioner_names({row.made_by for row in rows if row.made_by})
    lines = [
        RuleSetLine(
            number=row.number,
            note=row.note,
            made_at=row.made_at,
            made_by=row.made_by,
            author=names.get(row.made_by, "") if row.made_by else "",
            restored_from=row.restored_from,
            rules=rules_from_data(row.rules),
        )
        for row in rows
    ]
    note = _("aturan nasional bawaan program")
    return [*lines, RuleSetLine(0, note, None, None, "", None, NATIONAL_RULES)]


def get_version(number: int, *, by: Actor) -> RuleSetLine:
    """Return one version; NotHere for a number that was never given."""
    for line in list_versions(by=by):
        if line.number == number:
            return line
    raise NotHere(
        _("Versi %(number)d tidak ada. Pilih dari riwayat versi.") % {"number": number},
        "ruleset_unknown",
    )


@dataclass(frozen=True)
class Desk:
    """The rules as the head's page shows them: the draft if one is open, else those in force.

    `seen` travels through the forms: 0 while no draft is open, else the draft's version.
    """

    table: RuleTable
    is_draft: bool
    seen: int
    based_on: int
    changed_at: datetime | None = None
    changed_by: str = ""


def get_desk(*, by: Actor) -> Desk:
    """Return what is on the desk now."""
    _may_read(by)
    row = RuleDraft.objects.filter(owner=by.facility_id).first()
    if row is None or not row.is_open:
        table = rules_in_force()
        return Desk(table, False, 0, table.version)
    names = practitioner_names({row.changed_by} if row.changed_by else set())
    return Desk(
        table=RuleTable(rules_from_data(row.rules), version=row.based_on),
        is_draft=True,
        seen=row.version,
        based_on=row.based_on,
        changed_at=row.changed_at,
        changed_by=names.get(row.changed_by, "") if row.changed_by else "",
    )


def _may_read(by: Actor) -> None:
    require(by, "view", "placement")
    require_home(by)
