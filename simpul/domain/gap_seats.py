"""Either/or posts: on which profession each is counted ("Kepala: dokter atau SKM").

A post open to several professions is counted where somebody is to spare, so that as few posts as
possible stay empty; where nobody is, on the profession named first (as the Jember study does). The
choice is a largest flow from posts to spare people, found along shortest augmenting paths, so the
order in which posts are written changes nothing in the number left empty.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many either/or posts of one kind, and who may hold them, first choice first."""

    professions: tuple[str, ...]
    number: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of those posts counted on this profession."""

    profession: str
    number: int
    wanted: Wanted

    @property
    def moved(self) -> bool:
        """Is it another profession than the one named first?"""
        return self.profession != self.wanted.professions[0]


def count_posts(posts: Sequence[Wanted], spare: Mapping[str, int]) -> list[Counted]:
    """Return on which professions the posts are counted, given who is to spare."""
    flow: list[dict[str, int]] = [{} for _ in posts]
    free = {code: max(0, number) for code, number in spare.items()}
    left = [post.number for post in posts]
    for start in range(len(posts)):
        while left[start] and (path := _path(posts, flow, free, start)):
            _send(path, flow, free, left, start)
    counted = [
        Counted(code, number, post)
        for post, held in zip(posts, flow, strict=True)
        for code, number in held.items()
        if number
    ]
    counted += [
        Counted(post.professions[0], number, post)
        for post, number in zip(posts, left, strict=True)
        if number
    ]
    return counted


def _path(
    posts: Sequence[Wanted], flow: list[dict[str, int]], free: Mapping[str, int], start: int
) -> list[tuple[int, str]]:
    """Return steps (post, profession it takes) to somebody free, the last step first; or none."""
    came: dict[str, tuple[int, str | None]] = {}
    waiting: deque[tuple[int, str | None]] = deque([(start, None)])
    seen = {start}
    while waiting:
        post, released = waiting.popleft()
        for code in posts[post].professions:
            if code in came:
                continue
            came[code] = (post, released)
            if free.get(code, 0):
                return _steps(came, code)
            for other, held in enumerate(flow):
                if held.get(code) and other not in seen:
                    seen.add(other)
                    waiting.append((other, code))
    return []


def _steps(came: Mapping[str, tuple[int, str | None]], last: str) -> list[tuple[int, str]]:
    steps: list[tuple[int, str]] = []
    code: str | None = last
    while code is not None:
        post, released = came[code]
        steps.append((post, code))
        code = released
    return steps


def _send(
    path: list[tuple[int, str]],
    flow: list[dict[str, int]],
    free: dict[str, int],
    left: list[int],
    start: int,
) -> None:
    """Move as many posts as the path carries: each takes a person, the next gives one up."""
    takes = list(pairwise(path))
    most = min(left[start], free[path[0][1]], *(flow[a[0]][b[1]] for a, b in takes))
    free[path[0][1]] -= most
    left[start] -= most
    for post, code in path:
        flow[post][code] = flow[post].get(code, 0) + most
    for (post, _), (_, given_up) in takes:
        flow[post][given_up] -= most
