"""Labelled complaints go where people would send them; what is missed is listed, not hidden."""

from collections import Counter
from pathlib import Path

from simpul.domain.placement_rules import UNITS
from tests.domain.placement_labels import FIRST_LOOK, HELD_OUT, labels, report, share

METHOD = Path(__file__).parents[2] / "docs" / "methods" / "placement.md"
START, END = "<!-- labelled complaints: start -->", "<!-- labelled complaints: end -->"


def test_there_are_enough_of_every_kind():
    every = labels()
    assert len(every) >= 260
    assert sum(label.round == HELD_OUT for label in every) >= 60
    assert len({(label.who, label.complaint) for label in every}) == len(every)
    assert {label.unit for label in every} >= set(UNITS) - {"rekam-medis", "rawat-inap"}
    assert all(label.why for label in every)
    languages = Counter(label.language for label in every)
    assert all(languages[code] >= 5 for code in ("id", "jv", "mad", "su", "ms", "typo")), languages


def test_at_least_95_of_100_go_to_the_right_unit():
    every = list(labels())
    missed = [str(label) for label in every if not label.is_right]
    print(f"right: {share(every)}", *missed, sep="\n")  # noqa: T201

    assert len(missed) <= 0.05 * len(every), missed


def test_the_held_out_ones_do_not_get_worse():
    held = [label for label in labels() if label.round == HELD_OUT]
    right, every = FIRST_LOOK[HELD_OUT]

    assert len(held) == every
    assert sum(label.is_right for label in held) >= right, [str(one) for one in held]


def test_the_document_lists_the_misses_of_today():
    text = METHOD.read_text(encoding="utf-8")
    listed = text.partition(START)[2].partition(END)[0].strip()

    assert listed == report(), f"Paste this between the marks:\n{report()}"
