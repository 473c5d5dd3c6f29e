"""Who of the staff may be moved: rules on length of service and on kind of contract.

The register knows each person; the allocation needs only counts. A person is held back by the
first rule that says so, in the order they are listed here, so the reasons can be added up.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class StaffMember:
    """One person as far as a move is concerned; nameless on purpose."""

    facility: str
    profession: str
    employment: str = ""
    years_here: Decimal | None = None
    held: bool = False


@dataclass(frozen=True)
class LockRules:
    """What holds a person: contracts bound to the place, a least and a most length of service.

    A person whose length of service is not known is held when a rule on it is set: an
    allocation must not move somebody on missing data.
    """

    bound_employments: frozenset[str] = frozenset()
    least_years: Decimal | None = None
    most_years: Decimal | None = None


@dataclass(frozen=True)
class Locks:
    """How many are held by facility and profession, and how many by each reason."""

    held: dict[str, dict[str, int]]
    reasons: dict[str, int]


#: Codes of the reasons with their words.
REASONS = {
    "person": "ditandai tidak dapat dipindahkan",
    "contract": "kontrak terikat tempat",
    "unknown": "masa kerja belum diketahui",
    "new": "belum lama di tempat ini",
    "long": "mendekati pensiun atau sudah lama menetap",
}


def why_held(person: StaffMember, rules: LockRules) -> str | None:
    """The code of the first reason that holds this person, None for one who may be moved."""
    if person.held:
        return "person"
    if person.employment in rules.bound_employments:
        return "contract"
    if rules.least_years is None and rules.most_years is None:
        return None
    if person.years_here is None:
        return "unknown"
    if rules.least_years is not None and person.years_here < rules.least_years:
        return "new"
    if rules.most_years is not None and person.years_here > rules.most_years:
        return "long"
    return None


def count_locks(staff: Iterable[StaffMember], rules: LockRules) -> Locks:
    """Count the held by facility and profession, and by reason."""
    held: dict[str, Counter[str]] = {}
    reasons: Counter[str] = Counter()
    for person in staff:
        reason = why_held(person, rules)
        if reason is not None:
            held.setdefault(person.facility, Counter())[person.profession] += 1
            reasons[reason] += 1
    return Locks({facility: dict(counts) for facility, counts in held.items()}, dict(reasons))
