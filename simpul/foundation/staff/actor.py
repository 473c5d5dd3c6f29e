"""Who acts: the person (or program) every service and selector takes as `by=`."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A signed-in person at one facility with their roles.

    `units` holds, for each role, the unit codes it covers; an empty set means every unit.
    """

    account_id: uuid.UUID
    practitioner_id: uuid.UUID
    name: str
    facility_id: uuid.UUID
    roles: frozenset[str]
    units: tuple[tuple[str, frozenset[str]], ...] = ()
    username: str = ""
    profession: str = ""

    def units_of(self, role: str) -> frozenset[str]:
        """Unit codes a role is limited to; empty means not limited."""
        for known, codes in self.units:
            if known == role:
                return codes
        return frozenset()
