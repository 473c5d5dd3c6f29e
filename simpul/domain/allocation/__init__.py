"""Who could move where: the reallocation of staff between facilities.

Aims in order: fewest weighted shortages, fewest moves, least distance. No post is emptier after
than before, so no facility is worse off; a donor gives only what lies beyond its own posts; what
is locked stays. What moving cannot fill is listed as hires. Method and sources:
docs/methods/allocation.md.
"""

from simpul.domain.allocation.from_norm import site_of, sites_of, tell_apart
from simpul.domain.allocation.locks import (
    REASONS,
    LockRules,
    Locks,
    StaffMember,
    count_locks,
    why_held,
)
from simpul.domain.allocation.outcome import (
    Allocation,
    Hire,
    Move,
    PostOutcome,
    ProfessionOutcome,
    SiteOutcome,
    StaffOutcome,
)
from simpul.domain.allocation.problem import MOST_STAFF, Post, Problem, Site, count_ways, posts_of
from simpul.domain.allocation.solving import allocate
from simpul.domain.allocation.wording import summary

__all__ = [
    "MOST_STAFF",
    "REASONS",
    "Allocation",
    "Hire",
    "LockRules",
    "Locks",
    "Move",
    "Post",
    "PostOutcome",
    "Problem",
    "ProfessionOutcome",
    "Site",
    "SiteOutcome",
    "StaffMember",
    "StaffOutcome",
    "allocate",
    "count_locks",
    "count_ways",
    "posts_of",
    "site_of",
    "sites_of",
    "summary",
    "tell_apart",
    "why_held",
]
