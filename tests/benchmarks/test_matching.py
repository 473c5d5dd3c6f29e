"""The figures of the matcher's benchmark are counted right."""

import uuid

from benchmarks.matching import Tally, made_up
from simpul.domain.matching import Match

MEANT, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
CERTAIN = Match("certain", 1.0, (), ())
POSSIBLE = Match("possible", 0.9, (), ())
NOTHING = Match(None, 0.0, (), ())


def test_precision_and_recall():
    tally = Tally()
    tally.add(MEANT, 1, [MEANT, OTHER], {MEANT: CERTAIN, OTHER: POSSIBLE})
    tally.add(MEANT, 2, [OTHER, MEANT], {MEANT: POSSIBLE, OTHER: CERTAIN})
    tally.add(MEANT, 2, [], {OTHER: NOTHING})  # not among the candidates
    tally.add(None, 0, [OTHER], {OTHER: CERTAIN})

    found = tally.result()

    assert found["blocking_recall"] == round(2 / 3, 4)
    assert found["recall_at_1"] == {"1": 1.0, "2": 0.0, "3": 0.0, "all": round(1 / 3, 4)}
    assert found["recall_at_5"]["2"] == 0.5
    assert found["thresholds"]["certain"] == {
        "precision": round(1 / 3, 4),
        "recall": round(1 / 3, 4),
        "recall_of_blocked": 0.5,
    }
    assert found["thresholds"]["certain or possible"]["precision"] == 0.4
    assert found["unknown_called_certain"] == 1.0


def test_those_who_arrive_first_are_not_stored():
    known, unknown = made_up(200, 20)
    assert len(known) >= 200
    assert len(unknown) >= 20
    assert not {person.phone for person in known} & {person.phone for person in unknown}
    assert made_up(200, 20) == (known, unknown)
