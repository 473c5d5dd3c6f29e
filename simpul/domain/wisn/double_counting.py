"""Steps timed in two activities of which one is done for every act of the other.

Registration that includes fetching and bringing the record, beside filing that times the same two
again, counts them twice. Two activities are read so when steps of both name the same act on the
same thing in other words and the volume of one is, within 5 %, that of the other or the sum of the
others. Steps with the very same name (of new and of returning patients) are different patients.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from simpul.domain.findings import Finding
from simpul.domain.wisn.results import ActivityResult, AvailableTime
from simpul.domain.wisn.study import Activity, ActStep, Category, activity_place
from simpul.domain.wisn.units import minutes
from simpul.domain.wisn.wording import figure, short

_NEAR = Fraction(5, 100)
_PREFIXES = ("meng", "peng", "meny", "peny", "mem", "pem", "men", "pen", "me", "pe", "di")
_SUFFIXES = ("kan", "an")
_SAME_ACT = {"cari": "ambil", "kirim": "distribusi", "antar": "distribusi"}
_SAME_THING = {"dokumen": "berkas", "rm": "berkas", "rekam": "berkas", "folder": "berkas"}
_ACTS = frozenset({"ambil", "distribusi", "jajar", "simpan", "catat", "entri", "panggil"})
_LEAST_STEM = 4
MOST_STEPS = 150  # each is compared with each; a real table has fewer than fifty


@dataclass(frozen=True)
class _Pair:
    other: ActivityResult
    step: ActStep
    again: ActStep


def check_steps(
    category: Category, available: AvailableTime, results: Sequence[ActivityResult]
) -> Iterator[Finding]:
    """Yield one finding for each activity that times steps of others again."""
    if sum(len(activity.steps) for activity in category.activities) > MOST_STEPS:
        return
    for index, activity in enumerate(category.activities):
        if not activity.steps:
            continue
        pairs = [
            pair
            for other, result in zip(category.activities, results, strict=True)
            if other is not activity
            for pair in _pairs(other, result, activity)
        ]
        counted = _covered(results[index].volume_per_year, pairs)
        if counted:
            yield _finding(category, activity, counted, available, results)


def _covered(volume: Fraction, pairs: list[_Pair]) -> list[_Pair]:
    """Keep the pairs whose activities this volume covers: one of them, or all together."""
    volumes = {pair.other.where: pair.other.volume_per_year for pair in pairs}
    if volumes and _is_near(volume, sum(volumes.values(), Fraction(0))):
        return pairs
    return [pair for pair in pairs if _is_near(volume, pair.other.volume_per_year)]


def _is_near(one: Fraction, other: Fraction) -> bool:
    return bool(other) and abs(one / other - 1) <= _NEAR


def _pairs(other: Activity, result: ActivityResult, activity: Activity) -> Iterator[_Pair]:
    free = list(activity.steps)
    for step in other.steps:
        for again in free:
            if _same_act(step.name, again.name):
                free.remove(again)
                yield _Pair(result, step, again)
                break


def _same_act(one: str, other: str) -> bool:
    mine, my_stems = _read(one)
    theirs, their_stems = _read(other)
    if mine == theirs:
        return False
    shared = my_stems & their_stems
    return bool(shared & _ACTS) and bool(shared - _ACTS)


@lru_cache(maxsize=1000)
def _read(name: str) -> tuple[str, frozenset[str]]:
    """Return a step's name without case and its stems, one word for acts and things alike."""
    words = name.casefold().replace(",", " ").split()
    found: set[str] = set()
    for word in words:
        for stem in _forms(word):
            act = _SAME_ACT.get(stem, stem)
            found.add(_SAME_THING.get(act, act))
    return " ".join(words), frozenset(found)


def _forms(word: str) -> Iterator[str]:
    """Yield the word and what is left without an Indonesian prefix or suffix."""
    bare = [word]
    bare += [
        word.removeprefix(prefix)
        for prefix in _PREFIXES
        if word.startswith(prefix) and len(word) - len(prefix) >= _LEAST_STEM
    ]
    for each in bare:
        yield each
        for suffix in _SUFFIXES:
            if each.endswith(suffix) and len(each) - len(suffix) >= _LEAST_STEM:
                yield each.removesuffix(suffix)


def _finding(
    category: Category,
    activity: Activity,
    pairs: list[_Pair],
    available: AvailableTime,
    results: Sequence[ActivityResult],
) -> Finding:
    twice = Fraction(0)
    told = []
    for pair in pairs:
        less = min(
            minutes(pair.step.value, pair.step.unit), minutes(pair.again.value, pair.again.unit)
        )
        twice += pair.other.volume_per_year * less / available.minutes
        told.append(f"“{pair.step.name}” ({pair.other.name}) = “{pair.again.name}”")
    whole = sum((result.required_fte for result in results), Fraction(0))
    return Finding(
        "steps_twice",
        "warning",
        activity_place(category.name, activity.name),
        f"Langkah yang sama dihitung dua kali: {'; '.join(told)}. "
        f"Kelebihannya sampai {figure(twice, 2)} orang.",
        f"beban kerja {short(whole - twice, 2)} orang bila dihitung sekali",
    )
