"""Reading for the pages: the proposal of moves from the register."""

from dataclasses import dataclass

from simpul.domain.allocation import REASONS, Allocation, allocate, sites_of, summary
from simpul.domain.findings import Finding
from simpul.domain.gap import Refused
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.allocation.asking import Asked
from simpul.planning.allocation.calculation import doubts_of, problem_of
from simpul.planning.allocation.staffing import Staffing, get_staffing

#: Enough for a large district in one circle; a page must not think for a minute.
MOST_WAYS = 60_000


@dataclass(frozen=True)
class Proposal:
    """A proposal with all a reader must know to trust it."""

    found: Allocation
    sentence: str
    staffing: Staffing
    refused: tuple[Refused, ...]
    findings: tuple[Finding, ...]

    @property
    def held(self) -> list[tuple[str, int]]:
        """Why people are held back, with how many."""
        reasons = self.staffing.locks.reasons
        return [(REASONS[code], reasons[code]) for code in REASONS if reasons.get(code)]


def propose(asked: Asked, *, by: Actor) -> Proposal:
    """Return the proposal for the facilities this person may see."""
    require(by, "view", "planning")
    require_home(by)
    staffing = get_staffing(asked.rules, by=by, count=asked.count)
    sites, refused = sites_of(
        staffing.facilities, asked.norm, count=asked.count, locked=staffing.locks.held
    )
    problem = problem_of(sites, asked.wish, most_ways=MOST_WAYS)
    found = allocate(problem)
    return Proposal(
        found,
        summary(found),
        staffing,
        tuple(refused),
        tuple(doubts_of(problem, asked.norm)),
    )
