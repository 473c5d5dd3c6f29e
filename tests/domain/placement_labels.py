"""The labelled complaints: who says what, and the unit that people decided on beforehand.

`round`: empty, the rules were made with these in sight; 1 to 3, held out at their first look and
learned from afterwards (how many were right at that look is in FIRST_LOOK); 4, held out: no rule
was changed because of them.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simpul.domain.placement import Suggestion, suggest
from simpul.domain.placement_cases import read_case
from simpul.domain.placement_check import situation_of_case

FILE = Path(__file__).with_name("complaints.csv")
HELD_OUT = "4"
#: round → right and all, when it was first looked at.
FIRST_LOOK = {"1": (82, 93), "2": (69, 77), "3": (67, 75), "4": (75, 86)}


@dataclass(frozen=True)
class Label:
    """One labelled complaint."""

    who: str
    complaint: str
    unit: str
    why: str
    language: str
    round: str

    @property
    def got(self) -> Suggestion | None:
        """What the national rules suggest now."""
        return suggest(situation_of_case(read_case(f"{self.who} | {self.complaint}")))

    @property
    def is_right(self) -> bool:
        """Does the suggestion name the labelled unit?"""
        got = self.got
        return got is not None and got.unit == self.unit

    def __str__(self) -> str:
        got = self.got
        return f"{self.who} | {self.complaint} → {got.unit if got else '–'}, benar {self.unit}"


@cache
def labels() -> tuple[Label, ...]:
    """Return every labelled complaint of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Label(**row) for row in csv.DictReader(file, delimiter=";"))


def share(some: list[Label]) -> str:
    """How many of some labels are right: 493 of 501 (98.4 %)."""
    right = sum(label.is_right for label in some)
    return f"{right} of {len(some)} ({100 * right / len(some):.1f} %)"


def report() -> str:
    """Return what docs/methods/placement.md lists between its marks."""
    every = list(labels())
    tuned = [label for label in every if label.round != HELD_OUT]
    held = [label for label in every if label.round == HELD_OUT]
    missed = [label for label in every if not label.is_right]
    rows = [
        "| complaints | right |",
        "| --- | --- |",
        f"| all | {share(every)} |",
        f"| the rules were made or mended with these in sight | {share(tuned)} |",
        f"| held out, never used to change a rule | {share(held)} |",
        "",
        "Missed now:",
        "",
        *(f"- {label}{' (held out)' if label.round == HELD_OUT else ''}" for label in missed),
    ]
    return "\n".join(rows)
