"""The moves themselves: a flow of people through sites and posts, solved as linear programmes.

One component is the professions that either/or posts tie together (mostly one profession alone).
Its people flow from where they are to where they work and there into posts. Such a network has
whole numbers at every corner, so the simplex method gives whole people without branching.

The aims are taken in order: weight of the posts left empty, number of moves, km, and among plans
that are equal in all three, help for the posts of which the greatest part is empty (two of two
before one of two). After each, the best corner is narrowed to the face of all best solutions (a
column with a reduced cost and a row with a price are held where they are, by complementary
slackness), and the next aim is solved on that face. So no aim is bought with a sliver of an
earlier one, as big-number weights would allow.

The solver (HiGHS) and numpy are loaded only when somebody asks for an allocation.
"""

from dataclasses import dataclass, field
from typing import Any

from simpul.domain.allocation.problem import Problem

#: Prices below this are the solver's own roundings; the least weight is a thousand times more.
PRICE = 1e-7
#: How far from a whole number a count of people may come out of the solver.
WHOLE = 1e-5
#: Sites solved together; whole circles, so a larger circle is never cut.
BATCH = 200

#: (profession, from site, to site) → people; sites by their position in the problem.
Flow = dict[tuple[str, int, int], int]
#: (site, post) → places left empty.
Empty = dict[tuple[int, int], int]


@dataclass
class Component:
    """Professions tied together at some sites, and the posts (site, position) they may fill."""

    professions: tuple[str, ...]
    sites: list[int]
    posts: list[tuple[int, int]] = field(default_factory=list)


def components(problem: Problem) -> list[Component]:
    """Part the task into professions that have no post in common, and sites into batches."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    for site in problem.sites:
        for post in site.posts:
            first = find(post.professions[0])
            for name in post.professions[1:]:
                leader[find(name)] = first
    groups: dict[str, list[str]] = {}
    for name in list(leader):
        groups.setdefault(find(name), []).append(name)
    found: list[Component] = []
    for batch in _batches(problem):
        parts = {head: Component(tuple(names), batch) for head, names in groups.items()}
        for at in batch:
            for k, post in enumerate(problem.sites[at].posts):
                parts[find(post.professions[0])].posts.append((at, k))
        found += parts.values()
    return found


def _batches(problem: Problem) -> list[list[int]]:
    """Whole circles taken together: many small programmes cost more than a few middling ones."""
    circles: dict[str, list[int]] = {}
    for at, site in enumerate(problem.sites):
        circles.setdefault(site.circle, []).append(at)
    found: list[list[int]] = []
    for sites in circles.values():
        if found and len(found[-1]) + len(sites) <= BATCH:
            found[-1].extend(sites)
        else:
            found.append(list(sites))
    return found


def solve_component(problem: Problem, part: Component, before: Empty) -> tuple[Flow, Empty]:
    """The best moves within one component, given the places that are empty before."""
    short = {place: before[place] for place in part.posts}
    if not any(short.values()):
        return {}, short
    network = _Network(problem, part, short)
    if not network.arcs:
        return {}, short
    flow, empty = network.solve()
    return flow, short | empty


class _Network:
    """Columns (moves, people in posts, places left empty) and rows of one component."""

    def __init__(self, problem: Problem, part: Component, short: dict[tuple[int, int], int]):
        self.problem = problem
        self.short = short
        # People step from post to post only where either/or posts or a limit of distance can
        # make a chain worth it; else a move goes from a surplus to a shortage and nowhere else.
        simple = len(part.professions) == 1 and problem.farthest_km is None
        self.simple = simple
        self.posts = [place for place in part.posts if not simple or self._matters(place)]
        self.arcs: list[tuple[str, int, int]] = []
        self.km: list[float] = []
        for profession in part.professions:
            self._add_arcs(profession, part)

    def _matters(self, place: tuple[int, int]) -> bool:
        at, k = place
        site = self.problem.sites[at]
        return site.have.get(site.posts[k].professions[0], 0) != site.posts[k].count

    def _add_arcs(self, profession: str, part: Component) -> None:
        circles: dict[str, tuple[list[int], list[int]]] = {}
        for at in part.sites:
            site = self.problem.sites[at]
            have = site.have.get(profession, 0)
            accepting = [k for k, post in enumerate(site.posts) if profession in post.professions]
            missing = any(self.short[at, k] for k in accepting)
            donors, receivers = circles.setdefault(site.circle, ([], []))
            need = sum(site.posts[k].count for k in accepting)
            if have > site.locked.get(profession, 0) and (not self.simple or have > need):
                donors.append(at)
            if accepting and (missing or not self.simple):
                receivers.append(at)
        for donors, receivers in circles.values():
            if donors and receivers:
                self._connect(profession, donors, receivers)

    def _connect(self, profession: str, donors: list[int], receivers: list[int]) -> None:
        table = kilometres(self.problem, donors, receivers)
        farthest = self.problem.farthest_km
        for source, row in zip(donors, table.tolist(), strict=True):
            for target, km in zip(receivers, row, strict=True):
                # An unknown distance (NaN) is never proved to be within the limit.
                if source != target and (farthest is None or km <= farthest):
                    self.arcs.append((profession, source, target))
                    self.km.append(km)

    def solve(self) -> tuple[Flow, Empty]:
        """Solve for the aims in their order."""
        import numpy as np

        people = [  # who may stand where: (profession, site), and the posts open to them
            (name, at, k)
            for at, k in self.posts
            for name in self.problem.sites[at].posts[k].professions
        ]
        nodes = list(dict.fromkeys([(p, s) for p, s, _ in self.arcs]
                                   + [(p, t) for p, _, t in self.arcs]
                                   + [(p, at) for p, at, _ in people]))  # fmt: skip
        staff_row = {node: n for n, node in enumerate(nodes)}
        leaving = list(dict.fromkeys((p, s) for p, s, _ in self.arcs))
        leave_row = {node: len(nodes) + n for n, node in enumerate(leaving)}
        post_row = {place: len(nodes) + len(leaving) + n for n, place in enumerate(self.posts)}
        sites = self.problem.sites
        infinity = float("inf")
        lower = [-infinity] * (len(nodes) + len(leaving))
        upper = [float(sites[at].have.get(p, 0)) for p, at in nodes]
        upper += [float(sites[at].have.get(p, 0) - sites[at].locked.get(p, 0)) for p, at in leaving]
        needed = [float(sites[at].posts[k].count) for at, k in self.posts]
        lower += needed
        upper += needed

        index: list[int] = []
        value: list[float] = []
        for p, s, t in self.arcs:
            index += (staff_row[p, s], staff_row[p, t], leave_row[p, s])
            value += (1.0, -1.0, 1.0)
        for p, at, k in people:
            index += (staff_row[p, at], post_row[at, k])
            value += (1.0, 1.0)
        index += [post_row[place] for place in self.posts]
        value += [1.0] * len(self.posts)
        sizes = [3] * len(self.arcs) + [2] * len(people) + [1] * len(self.posts)

        farthest = max((km for km in self.km if km == km), default=0.0)
        moves, staying = len(self.arcs), len(people)
        aims = np.zeros((4, len(sizes)))
        aims[0, moves + staying :] = [
            float(self.problem.weight(sites[at].posts[k])) for at, k in self.posts
        ]
        aims[1, :moves] = 1.0
        # An unknown distance is taken as longer than every known one.
        aims[2, :moves] = [km if km == km else farthest + 1.0 for km in self.km]
        aims[3, moves + staying :] = [
            self.short[at, k] / max(1, sites[at].posts[k].count) for at, k in self.posts
        ]
        if self.simple:
            # Every giver reaches every taker, and one move fills one place of one weight: filling
            # a place for twice the longest way is always worth it, so the first three are one.
            aims[2, moves + staying :] = 2.0 * (farthest + 1.0)
            aims = aims[2:]
        most = np.full(len(sizes), infinity)
        # Nobody is worse off: a post is never emptier than it was.
        most[moves + staying :] = [self.short[place] for place in self.posts]

        values = _best_in_order(aims, most, (lower, upper), (sizes, index, value))
        whole = np.rint(values)
        if float(np.abs(values - whole).max()) > WHOLE:
            raise ArithmeticError("the flow of people did not come out in whole numbers")
        flow = {self.arcs[n]: int(whole[n]) for n in np.flatnonzero(whole[:moves] > 0).tolist()}
        left = whole[moves + staying :].astype(int).tolist()
        return flow, dict(zip(self.posts, left, strict=True))


def _best_in_order(
    aims: Any,
    most: Any,
    rows: tuple[list[float], list[float]],
    columns: tuple[list[int], list[int], list[float]],
) -> Any:
    """Minimise each aim on the face of the best solutions of those before it."""
    import highspy
    import numpy as np

    sizes, index, value = columns
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(sizes), len(rows[0])
    lp.col_lower_ = np.zeros(len(sizes))
    lp.col_upper_ = most
    lp.row_lower_, lp.row_upper_ = np.array(rows[0]), np.array(rows[1])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    lp.a_matrix_.index_ = np.array(index, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(value)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("solver", "simplex")
    lp.col_cost_ = aims[0]
    solver.passModel(lp)
    every = np.arange(len(sizes), dtype=np.int32)
    for n, aim in enumerate(aims):
        if n:
            solver.changeColsCost(len(every), every, aim)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"the solver stopped: {solver.getModelStatus()}")
        if n < len(aims) - 1:
            _narrow(solver)
    return np.array(solver.getSolution().col_value)


def _narrow(solver: Any) -> None:
    """Hold whatever has a price where it is, so that only equally good solutions remain."""
    import numpy as np

    found = solver.getSolution()
    for dual, now, change in (
        (found.col_dual, found.col_value, solver.changeColsBounds),
        (found.row_dual, found.row_value, solver.changeRowsBounds),
    ):
        held = np.flatnonzero(np.abs(np.array(dual)) > PRICE).astype(np.int32)
        at = np.rint(np.array(now)[held])
        change(len(held), held, at, at)


def kilometres(problem: Problem, sources: list[int], targets: list[int]) -> Any:
    """Straight-line distances, a row a source; NaN where a point is missing (see `distance`)."""
    import numpy as np

    from simpul.domain.geography import EARTH_RADIUS_KM

    def points(at: list[int]) -> tuple[Any, Any]:
        sites = [problem.sites[n] for n in at]
        lat = [float("nan") if s.lat is None or s.lon is None else s.lat for s in sites]
        lon = [float("nan") if s.lat is None or s.lon is None else s.lon for s in sites]
        return np.radians(np.array(lat)), np.radians(np.array(lon))

    (lat, lon), (other_lat, other_lon) = points(sources), points(targets)
    across = np.sin((other_lat[None, :] - lat[:, None]) / 2) ** 2
    along = np.sin((other_lon[None, :] - lon[:, None]) / 2) ** 2
    both = across + along * np.cos(lat)[:, None] * np.cos(other_lat)[None, :]
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(both)))
