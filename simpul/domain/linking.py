"""What follows from decisions that two records are one person, or that they are not.

Sameness carries over: if A and B are one person, and B and C, so are A and C. Difference carries
over sameness: if A and B are one person and B is not C, A is not C either. Decisions therefore
must not contradict each other; `against` finds the one that stands in the way. The canonical
record of a person is the smallest id of its group, so that everybody who knows the same decisions
names the same one, in whatever order they came.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Record = TypeVar("Record", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Word(Generic[Record]):
    """One decision in force: the two records are one person, or they are two."""

    first: Record
    second: Record
    is_same: bool


def canonical(words: Iterable[Word[Record]]) -> dict[Record, Record]:
    """Return for every record that was decided on the one that names its person."""
    parent: dict[Record, Record] = {}

    def find(record: Record) -> Record:
        parent.setdefault(record, record)
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    for word in words:
        one, other = find(word.first), find(word.second)
        if word.is_same and one != other:
            low, high = sorted((one, other))  # type: ignore[type-var]
            parent[high] = low
    return {record: find(record) for record in list(parent)}


def verdict(words: Iterable[Word[Record]], first: Record, second: Record) -> bool | None:
    """Return whether two records are one person as far as is decided; None when nothing is."""
    known = list(words)
    names = canonical(known)
    one, other = names.get(first, first), names.get(second, second)
    if one == other:
        return True
    return False if _apart(known, names, one, other) else None


def against(
    words: Iterable[Word[Record]], first: Record, second: Record, *, is_same: bool
) -> list[Word[Record]]:
    """Return the decisions that a new one would contradict; none: it may be taken.

    Against "same" stand the words that keep the two apart; against "not the same" those that
    together make them one.
    """
    known = list(words)
    names = canonical(known)
    one, other = names.get(first, first), names.get(second, second)
    if is_same:
        return [] if one == other else _apart(known, names, one, other)
    if one != other:
        return []
    return [word for word in known if word.is_same and names[word.first] == one]


def _apart(
    words: list[Word[Record]], names: dict[Record, Record], one: Record, other: Record
) -> list[Word[Record]]:
    both = {one, other}
    return [
        word
        for word in words
        if not word.is_same and {names[word.first], names[word.second]} == both
    ]
