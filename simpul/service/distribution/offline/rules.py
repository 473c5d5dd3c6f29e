"""The rules that suggest a unit, as a computer without the server takes them along.

Only the table itself. Who belongs to which programme (TB, Prolanis) is not copied: that is health,
and a suggestion without it is a little poorer for a morning.
"""

from typing import Any

from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may
from simpul.service.registration.placement.selectors import rules_as_json


def rules_packet(*, by: Actor) -> dict[str, Any] | None:
    """Return the rules with their version, for whoever registers; None for the others."""
    return rules_as_json() if may(by, "input", "encounter") else None
