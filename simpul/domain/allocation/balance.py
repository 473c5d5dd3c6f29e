"""Who fills which post at one site before anybody moves.

With posts of one profession this is a subtraction. With either/or posts it is a choice, made so
that the heaviest posts are filled, and among equal ones the narrowest first; a person may step
aside for another (augmenting paths), so as many posts are filled as can be.
"""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from decimal import Decimal

from simpul.domain.allocation.problem import Post


def filled_places(
    posts: Sequence[Post], have: Mapping[str, int], weights: Sequence[Decimal]
) -> list[Counter[str]]:
    """For each post, how many of which profession fill it; heaviest posts first.

    Adding posts one at a time in the order of weight and never emptying one again is the greedy
    rule of a transversal matroid, so the filled weight is the greatest possible.
    """
    filled: list[Counter[str]] = [Counter() for _ in posts]
    free = Counter({name: count for name, count in have.items() if count > 0})
    order = sorted(range(len(posts)), key=lambda k: (-weights[k], len(posts[k].professions), k))
    shared = any(len(post.professions) > 1 for post in posts)
    for k in order:
        for name in posts[k].professions:
            taken = min(free[name], posts[k].count - filled[k].total())
            if taken > 0:
                filled[k][name] += taken
                free[name] -= taken
        # Only where posts share professions can somebody step aside for somebody else.
        while (
            shared
            and (empty := posts[k].count - filled[k].total())
            and _make_room(k, empty, posts, filled, free)
        ):
            pass
    return filled


def _make_room(
    k: int, empty: int, posts: Sequence[Post], filled: list[Counter[str]], free: Counter[str]
) -> bool:
    """Fill places of post k by letting people change posts; False when none can."""
    came_from: dict[int, tuple[int, str]] = {}
    waiting = deque([k])
    seen = {k}
    while waiting:
        at = waiting.popleft()
        for name in posts[at].professions:
            if free[name] > 0:
                _pass_on(k, at, name, empty, came_from, filled, free)
                return True
            for other, people in enumerate(filled):
                if other not in seen and people[name] > 0:
                    seen.add(other)
                    came_from[other] = (at, name)
                    waiting.append(other)
    return False


def _pass_on(
    k: int,
    last: int,
    name: str,
    empty: int,
    came_from: Mapping[int, tuple[int, str]],
    filled: list[Counter[str]],
    free: Counter[str],
) -> None:
    """Put as many free people at the end of the path as every step of it can pass on."""
    steps = []
    at = last
    while at != k:
        before, given = came_from[at]
        steps.append((at, before, given))
        at = before
    many = min([empty, free[name], *(filled[at][given] for at, _, given in steps)])
    free[name] -= many
    filled[last][name] += many
    for at, before, given in steps:
        filled[at][given] -= many
        filled[before][given] += many
