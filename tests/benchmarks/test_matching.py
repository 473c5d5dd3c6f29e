"""The figures of the matcher's benchmark are counted right."""

import uuid

from benchmarks.matching import shown
from benchmarks.matching_people import CHUNK, COMMON_MEN, COMMON_WOMEN, chunk_of
from benchmarks.matching_search import Tally, Visit
from benchmarks.matching_yardsticks import Memory, Records, _ours, _quality
from simpul.domain.matching import Match, PersonKey

MEANT, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
CERTAIN = Match("certain", 1.0, (), ())
POSSIBLE = Match("possible", 0.9, (), ())
NOTHING = Match(None, 0.0, (), ())
SOMEBODY = PersonKey("SITI AMINAH")


def test_precision_and_recall():
    tally = Tally()
    tally.add(Visit(SOMEBODY, MEANT, 1), [MEANT, OTHER], {MEANT: CERTAIN, OTHER: POSSIBLE})
    tally.add(Visit(SOMEBODY, MEANT, 2), [OTHER, MEANT], {MEANT: POSSIBLE, OTHER: CERTAIN})
    tally.add(Visit(SOMEBODY, MEANT, 2), [], {OTHER: NOTHING})  # not among the candidates
    tally.add(Visit(SOMEBODY, None, 0), [OTHER], {OTHER: CERTAIN})
    tally.add(Visit(SOMEBODY, None, 0, common=True), [OTHER], {OTHER: CERTAIN})  # only timed

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


def test_a_chunk_is_the_same_each_time_and_knows_who_is_in_it_twice():
    chunk = chunk_of(3)

    assert len(chunk) == CHUNK
    assert chunk == chunk_of(3)
    twice = [(key, chunk[same][0]) for key, same in chunk if same is not None]
    assert len(twice) == CHUNK // 100
    assert all(again != known for again, known in twice)
    assert all(again.nik != known.nik or not again.nik for again, known in twice)
    names = [key.name for key, _same in chunk]
    common = sum(names.count(name) for name in (*COMMON_MEN, *COMMON_WOMEN))
    assert 0.005 < common / CHUNK < 0.02


def test_quality_of_pairs():
    assert _quality({("a", "b"), ("a", "c")}, {("a", "b"), ("d", "e")}) == {
        "precision": 0.5, "recall": 0.5, "f1": 0.5,
    }  # fmt: skip
    assert _quality(set(), {("a", "b")}) == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


def test_records_in_memory_are_blocked_as_in_the_database():
    stored = {key.name: key for key, _same in chunk_of(1)[:50]}
    one = next(iter(stored))
    memory = Memory(stored)

    assert one in memory.block(stored[one])
    found = _ours(Records({"asked": stored[one]}, stored, {("asked", one)}))
    assert ("asked", one) in found["certain or possible"]


def test_what_was_not_measured_is_not_shown():
    assert shown({"sizes": {"10000": {}}}) == ""
    text = shown({"sizes": {}, "is_busy": True})
    assert "busy" in text
