"""Reading rooms and the rules of the queues; kept by `selectors.get_here` with the units."""

import uuid
from dataclasses import dataclass, field

from simpul.domain.queue_order import DEFAULT_RULE, Ratio, Rule
from simpul.foundation.core.rows import fetch_all
from simpul.foundation.facilities.models import QueueMode, QueueRule, Room

#: Who may go before others, in the order in which a reason is looked for.
PRIORITY_GROUPS = ("pregnant", "elderly", "disability", "under-five")


@dataclass(frozen=True)
class RoomPlace:
    """A room that is in use, as calls see it."""

    id: uuid.UUID
    name: str
    floor: int


@dataclass(frozen=True)
class QueueRules:
    """The house's rule, the units' own, and the groups that go before others."""

    house: Rule = DEFAULT_RULE
    units: dict[str, Rule] = field(default_factory=dict)
    groups: frozenset[str] = frozenset(PRIORITY_GROUPS)

    def of(self, unit: str) -> Rule:
        """Return the rule of a unit: its own, or the house's."""
        return self.units.get(unit, self.house)


def read_rooms(facility: uuid.UUID) -> dict[uuid.UUID, tuple[RoomPlace, ...]]:
    """Return the rooms in use by the id of their unit, in their order."""
    found: dict[uuid.UUID, list[RoomPlace]] = {}
    for row in fetch_all(
        Room,
        'WHERE t.facility_id = %s AND t.is_open ORDER BY t."order", t.name',
        [facility],
    ):
        found.setdefault(row.unit_id, []).append(RoomPlace(row.id, row.name, row.floor))
    return {unit: tuple(rooms) for unit, rooms in found.items()}


def read_queue_rules(facility: uuid.UUID) -> QueueRules:
    """Return how the queues of the house are mixed; without any row the rule is the default."""
    rows = {
        row.unit: row
        for row in fetch_all(QueueRule, "WHERE t.facility_id = %s AND t.is_active", [facility])
    }
    house = rows.pop("", None)
    if house is None:
        return QueueRules(units={code: rule_of(row) for code, row in rows.items()})
    counted = (
        ("pregnant", house.counts_pregnant),
        ("elderly", house.counts_elderly),
        ("disability", house.counts_disability),
        ("under-five", house.counts_under_five),
    )
    return QueueRules(
        house=rule_of(house),
        units={code: rule_of(row) for code, row in rows.items()},
        groups=frozenset(code for code, is_counted in counted if is_counted),
    )


def rule_of(row: QueueRule) -> Rule:
    """Return the rule a row describes."""
    if row.mode == QueueMode.RATIO:
        return Ratio(row.priority_calls, row.routine_calls)
    return "always" if row.mode == QueueMode.ALWAYS else "none"
