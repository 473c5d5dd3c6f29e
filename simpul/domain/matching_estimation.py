"""Estimating the weights of matching_scoring.py from pairs nobody has decided, by EM.

Source: A. P. Dempster, N. M. Laird, D. B. Rubin, "Maximum likelihood from incomplete data via the
EM algorithm", JRSS B 39 (1977), 1-38, used on record linkage as in W. E. Winkler (1988). Pairs are
counted by their agreement pattern; each pattern comes from one of a few classes (one person, one
household, strangers), within which the fields agree independently of one another. A field that is
empty in one of the records (None) says nothing. No label is looked at.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, prod

from simpul.domain.names import name_keys

Pattern = tuple[str | None, ...]
Table = dict[str, dict[str, float]]

#: Added to each outcome's count: what was never seen in the data is rare, not impossible.
UNSEEN = 0.5
MOST_ROUNDS = 200
ENOUGH_CHANGE = 1e-8


@dataclass(frozen=True, slots=True)
class Estimate:
    """Share and table (field: outcome: probability) of each class, and how EM came to its end."""

    shares: tuple[float, ...]
    tables: tuple[Table, ...]
    rounds: int
    log_likelihood: float


def estimate(
    patterns: Mapping[Pattern, int],
    fields: Mapping[str, Sequence[str]],
    start: Sequence[Table],
    *,
    fixed: Collection[int] = (),
    rounds: int = MOST_ROUNDS,
) -> Estimate:
    """The most likely class shares and probabilities; `start` says which class is which.

    Classes in `fixed` keep the table they start with: strangers are known from pairs drawn at
    random, of which hardly one is anything else.
    """
    names = tuple(fields)
    total = sum(patterns.values())
    shares = [1.0 / len(start)] * len(start)
    tables = [{field: dict(table[field]) for field in names} for table in start]
    last = reached = float("-inf")
    done = 0
    while done < rounds:
        done += 1
        counts = [{field: dict.fromkeys(fields[field], UNSEEN) for field in names} for _ in start]
        members = [0.0] * len(start)
        reached = 0.0
        prepared = _logs(names, shares, tables)
        for pattern, count in patterns.items():
            chances, likelihood = _belongs(pattern, prepared)
            reached += count * likelihood
            for index, chance in enumerate(chances):
                weight = chance * count
                members[index] += weight
                counted = counts[index]
                for field, outcome in zip(names, pattern, strict=True):
                    if outcome is not None:
                        counted[field][outcome] += weight
        shares = [number / total for number in members]
        tables = [
            tables[index] if index in fixed else _probabilities(counted)
            for index, counted in enumerate(counts)
        ]
        if reached - last <= ENOUGH_CHANGE * abs(reached):
            break
        last = reached
    return Estimate(tuple(shares), tuple(tables), done, reached)


_Logs = list[tuple[float, list[dict[str | None, float]]]]


def _logs(names: Sequence[str], shares: Sequence[float], tables: Sequence[Table]) -> _Logs:
    prepared: _Logs = []
    for share, table in zip(shares, tables, strict=True):
        columns: list[dict[str | None, float]] = []
        for field in names:
            column: dict[str | None, float] = {key: log(p) for key, p in table[field].items()}
            column[None] = 0.0
            columns.append(column)
        prepared.append((log(max(share, 1e-300)), columns))
    return prepared


def _belongs(pattern: Pattern, prepared: _Logs) -> tuple[list[float], float]:
    """The chance of each class to be behind a pattern, and the pattern's log likelihood."""
    logs = [
        share + sum(column[outcome] for column, outcome in zip(columns, pattern, strict=True))
        for share, columns in prepared
    ]
    highest = max(logs)
    parts = [exp(value - highest) for value in logs]
    whole = sum(parts)
    return [part / whole for part in parts], highest + log(whole)


def _probabilities(counts: Mapping[str, Mapping[str, float]]) -> Table:
    table = {}
    for field, outcomes in counts.items():
        total = sum(outcomes.values())
        table[field] = {outcome: count / total for outcome, count in outcomes.items()}
    return table


def counted(patterns: Mapping[Pattern, int], fields: Mapping[str, Sequence[str]]) -> Table:
    """The probabilities in pairs that are known to be of one class: what EM should come to."""
    counts = {field: dict.fromkeys(outcomes, UNSEEN) for field, outcomes in fields.items()}
    for pattern, count in patterns.items():
        for field, outcome in zip(fields, pattern, strict=True):
            if outcome is not None:
                counts[field][outcome] += count
    return _probabilities(counts)


@dataclass(frozen=True, slots=True)
class NameTable:
    """How common the words of names are, and how they make up whole names."""

    shares: dict[str, float]
    rarest: float
    same: float
    scales: tuple[float, ...]


#: Names of three words and more are taken together.
MOST_WORDS = 3


def estimate_names(names: Sequence[str], least: int = 3) -> NameTable:
    """Shares of the words of people's names, by people who have the word.

    `same` is the chance that two people drawn at random have one name. The share of a whole name is
    the product of the shares of its words, times a scale for names of one, two and more words;
    the scales make the chance that two people have one name of so many words come out as it is.
    """
    words: Counter[str] = Counter()
    wholes: Counter[tuple[str, ...]] = Counter()
    for name in names:
        keys = tuple(sorted(name_keys(name)))
        wholes[keys] += 1
        words.update(keys)
    people = len(names)
    shares = {word: number / people for word, number in words.items() if number >= least}
    rarest = least / people
    observed, expected = [0.0] * MOST_WORDS, [0.0] * MOST_WORDS
    for keys, number in wholes.items():
        if keys:
            at = min(len(keys), MOST_WORDS) - 1
            observed[at] += number * (number - 1) / (people - 1)
            expected[at] += number * prod(shares.get(key, rarest) for key in keys)
    scales = tuple(o / e if o and e else 1.0 for o, e in zip(observed, expected, strict=True))
    return NameTable(shares, rarest, sum(observed) / people, scales)
