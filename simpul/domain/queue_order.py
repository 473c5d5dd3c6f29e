"""Who is called next: emergencies, then priority and routine patients by a ratio that is held.

Serving every priority patient before any routine one lets a steady stream of them keep the others
waiting for ever; that is why public service counters call the two lines in turn. The rule here is
a weighted alternation: after `priority` calls of the one line in a row comes the other, and after
`routine` calls of that one it begins again. So a routine patient with k - 1 routine patients before
them is overtaken by at most `priority` × ceil(k / `routine`) priority patients, however many of
those arrive meanwhile, and the other way round. An emergency goes before everybody and counts for
no line. Where only one line waits it is called without pause.

Priority of the elderly, the pregnant, people with a disability and children: UU 25/2009 on public
service, article 29, leaves the way open; how many to how many is the head's to say.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

from simpul.domain.errors import DomainError

Lane = Literal["emergency", "priority", "routine"]
K = TypeVar("K")

#: More calls of one line in a row than this is no ratio any more.
MOST_IN_A_ROW = 20


@dataclass(frozen=True)
class Ratio:
    """So many priority calls, then so many routine ones, while both wait."""

    priority: int = 2
    routine: int = 1

    def __post_init__(self) -> None:
        if not (1 <= self.priority <= MOST_IN_A_ROW and 1 <= self.routine <= MOST_IN_A_ROW):
            raise DomainError(
                "ratio_out_of_range", "Rasio prioritas dan biasa masing-masing 1 sampai 20."
            )


#: How the two lines are mixed: by a ratio, priority always first, or one line for everybody.
Rule = Ratio | Literal["always", "none"]
DEFAULT_RULE = Ratio(2, 1)


@dataclass(frozen=True)
class Waiting(Generic[K]):
    """One who waits. Within a line the smallest place goes first.

    Being passed over moves the place down; at one place, the one who was passed over goes behind
    the one who was not.
    """

    key: K
    lane: Lane
    place: int
    skips: int
    since: datetime

    @property
    def rank(self) -> tuple[int, int, datetime]:
        """Where they stand in their line."""
        return (self.place, self.skips, self.since)


def next_in_line(
    waiting: Iterable[Waiting[K]], rule: Rule, last_called: Sequence[Lane]
) -> Waiting[K] | None:
    """Return who is called next; `last_called` are the lines of the calls before, oldest first."""
    return next(iter(calling_order(waiting, rule, last_called)), None)


def calling_order(
    waiting: Iterable[Waiting[K]], rule: Rule, last_called: Sequence[Lane]
) -> list[Waiting[K]]:
    """Return all who wait in the order in which they will be called if nobody else comes."""
    lines: dict[Lane, deque[Waiting[K]]] = {
        "emergency": deque(),
        "priority": deque(),
        "routine": deque(),
    }
    for one in sorted(waiting, key=lambda one: one.rank):
        lines["routine" if rule == "none" and one.lane == "priority" else one.lane].append(one)
    order = list(lines["emergency"])
    if not isinstance(rule, Ratio):
        return [*order, *lines["priority"], *lines["routine"]]
    lane, run = newest_run(last_called)
    while lines["priority"] or lines["routine"]:
        due = due_lane(rule, lane, run)
        if not lines[due]:
            due = "routine" if due == "priority" else "priority"
        lane, run = due, (run + 1 if due == lane else 1)
        order.append(lines[due].popleft())
    return order


def newest_run(last_called: Sequence[Lane]) -> tuple[Lane | None, int]:
    """Return which line was called last and how often in a row; emergencies do not count."""
    calls = [lane for lane in last_called if lane != "emergency"]
    if not calls:
        return None, 0
    run = 0
    for lane in reversed(calls):
        if lane != calls[-1]:
            break
        run += 1
    return calls[-1], run


def due_lane(rule: Ratio, lane: Lane | None, run: int) -> Lane:
    """Return whose turn it is when both lines wait."""
    if lane == "priority":
        return "routine" if run >= rule.priority else "priority"
    if lane == "routine":
        return "priority" if run >= rule.routine else "routine"
    return "priority"
