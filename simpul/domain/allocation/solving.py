"""Solve an allocation: moves first, then as many hires as allowed for what moving cannot fill.

Moving and hiring may be decided one after the other without loss: the sets of posts that moves
can fill form a matroid (a gammoid of the flow network), and to a greatest-weight base of a
matroid one may always add the heaviest elements left over to get the greatest weight with that
many extra elements (its elongation). So hiring never asks for other moves, only for fewer gaps.
"""

from collections import Counter
from collections.abc import Mapping

from simpul.domain.allocation.balance import filled_places
from simpul.domain.allocation.network import Empty, Flow, components, solve_component
from simpul.domain.allocation.outcome import (
    Allocation,
    Hire,
    Move,
    PostOutcome,
    ProfessionOutcome,
    SiteOutcome,
    StaffOutcome,
)
from simpul.domain.allocation.problem import Post, Problem, Site
from simpul.domain.allocation.wording import move_reason, why_unfilled
from simpul.domain.geography import straight_line_km
from simpul.domain.professions import in_table_order


def allocate(problem: Problem) -> Allocation:
    """Propose moves, then hires: fewest weighted shortages, then fewest moves, then least km."""
    filled = [
        filled_places(site.posts, site.have, [problem.weight(post) for post in site.posts])
        for site in problem.sites
    ]
    before: Empty = {
        (n, k): post.count - filled[n][k].total()
        for n, site in enumerate(problem.sites)
        for k, post in enumerate(site.posts)
    }
    flow: Flow = {}
    after: Empty = {}
    for part in components(problem):
        moves, empty = solve_component(problem, part, before)
        flow |= moves
        after |= empty
    sites = _site_outcomes(problem, flow, before, after)
    hires, unfilled = _hires(problem, after)
    return Allocation(
        moves=tuple(_moves(problem, flow, before)),
        hires=hires,
        unfilled=unfilled,
        sites=sites,
        professions=tuple(_professions(problem, flow, sites, filled)),
    )


def _site_outcomes(
    problem: Problem, flow: Flow, before: Empty, after: Empty
) -> tuple[SiteOutcome, ...]:
    change: list[Counter[str]] = [Counter() for _ in problem.sites]
    for (profession, source, target), count in flow.items():
        change[source][profession] -= count
        change[target][profession] += count
    return tuple(
        SiteOutcome(
            facility=site.name,
            circle=site.circle,
            posts=tuple(
                PostOutcome(post.professions, post.count, before[n, k], after[n, k])
                for k, post in enumerate(site.posts)
            ),
            staff=tuple(
                StaffOutcome(
                    name,
                    site.have.get(name, 0),
                    site.have.get(name, 0) + change[n][name],
                    site.locked.get(name, 0),
                )
                for name in _names(site, change[n])
            ),
        )
        for n, site in enumerate(problem.sites)
    )


def _names(site: Site, change: Mapping[str, int]) -> list[str]:
    """Professions of a site in the order of its posts, then those only present or coming."""
    posted = [name for post in site.posts for name in post.professions]
    return list(dict.fromkeys([*posted, *site.have, *change]))


def _moves(problem: Problem, flow: Flow, before: Empty) -> list[Move]:
    found = []
    for (profession, source, target), count in flow.items():
        a, b = problem.sites[source], problem.sites[target]
        km = None
        if None not in (a.lat, a.lon, b.lat, b.lon):
            km = straight_line_km(a.lat, a.lon, b.lat, b.lon)  # type: ignore[arg-type]
        reason = move_reason(a, b, profession, _open_places(b, target, profession, before))
        found.append(Move(a.name, b.name, profession, count, km, reason, a.circle))
    order = {site.name: n for n, site in enumerate(problem.sites)}
    return sorted(found, key=lambda m: (m.circle, m.profession, order[m.source], order[m.target]))


def _open_places(site: Site, at: int, profession: str, before: Empty) -> list[tuple[Post, int]]:
    return [
        (post, before[at, k])
        for k, post in enumerate(site.posts)
        if profession in post.professions and before[at, k]
    ]


def _hires(problem: Problem, after: Empty) -> tuple[tuple[Hire, ...], tuple[Hire, ...]]:
    """Spend the hires on the heaviest empty places; among equals on the emptiest sites."""
    empty_at: Counter[int] = Counter()
    for (at, _k), count in after.items():
        empty_at[at] += count
    places = sorted(
        (place for place, count in after.items() if count),
        key=lambda place: (
            -problem.weight(problem.sites[place[0]].posts[place[1]]),
            -empty_at[place[0]],
            place,
        ),
    )
    left = problem.hires if problem.hires is not None else sum(after.values())
    hires: list[Hire] = []
    unfilled: list[Hire] = []
    for at, k in places:
        site = problem.sites[at]
        hired = min(left, after[at, k])
        left -= hired
        for count, into in ((hired, hires), (after[at, k] - hired, unfilled)):
            if count:
                into.append(Hire(site.name, site.posts[k].professions, count, site.circle))
    return tuple(hires), tuple(unfilled)


def _professions(
    problem: Problem, flow: Flow, sites: tuple[SiteOutcome, ...], filled: list[list[Counter[str]]]
) -> list[ProfessionOutcome]:
    """Sum by kind of post, so that an either/or post is a line of its own."""
    spare: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for site, fills in zip(problem.sites, filled, strict=True):
        working: Counter[str] = Counter()
        for fill in fills:
            working.update(fill)
        for name, count in site.have.items():
            extra = count - working[name]
            spare[name] += extra
            held[name] += max(0, extra - (count - site.locked.get(name, 0)))
    moved: Counter[str] = Counter()
    for (name, _source, _target), count in flow.items():
        moved[name] += count
    totals: dict[tuple[str, ...], list[int]] = {}
    for outcome in sites:
        for post in outcome.posts:
            line = totals.setdefault(post.professions, [0, 0])
            line[0] += post.short_before
            line[1] += post.short_after
    found = []
    # In the order tables show professions, either/or posts last.
    order = {name: n for n, name in enumerate(in_table_order({n for t in totals for n in t}))}
    for names, (short, left) in sorted(
        totals.items(), key=lambda line: (len(line[0]) > 1, [order[name] for name in line[0]])
    ):
        extra, locked = sum(spare[n] for n in names), sum(held[n] for n in names)
        gone = sum(moved[n] for n in names)
        why = why_unfilled(short=short, left=left, spare=extra, held=locked, moved=gone)
        found.append(ProfessionOutcome(names, short, extra, locked, short - left, left, why))
    return found
