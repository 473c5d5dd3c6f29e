"""Estimate the weights of the person matcher and write `simpul/domain/matching_weights.py`.

    python tools/estimate_matching.py             print what EM finds beside what is true
    python tools/estimate_matching.py --write     and write the table

The pairs are made up (simpul/demo/pairs.py). Strangers are counted from pairs drawn at random; of
the others EM does not see which kind they are, the kinds only show how near it comes. The same
seed writes the same file, so it holds no date.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from simpul.demo import pairs  # noqa: E402
from simpul.domain.matching_estimation import (  # noqa: E402
    Estimate,
    NameTable,
    Pattern,
    Table,
    counted,
    estimate,
    estimate_names,
)
from simpul.domain.matching_fields import LEVELS, compare_fields, weighed  # noqa: E402
from simpul.domain.matching_records import PersonKey  # noqa: E402

WEIGHTS = ROOT / "simpul" / "domain" / "matching_weights.py"
SEED = 1969
TODAY = date(2025, 1, 1)  # ages are counted from here, so that the data is the same every day
PEOPLE = 60_000
PAIRS = {"ONE_PERSON": 20_000, "STRANGERS": 250_000, "HOUSEHOLD": 20_000}

#: Where EM begins: rough guesses that only say which class is which.
START: dict[str, Table] = {
    "ONE_PERSON": {
        "name": {"same": 0.7, "close": 0.15, "partly": 0.05, "differs": 0.1},
        "birth_date": {"same": 0.8, "swapped": 0.05, "year": 0.05, "slip": 0.05, "differs": 0.05},
        "age": {"near": 0.6, "rough": 0.3, "differs": 0.1},
        "nik": {"same": 0.9, "slip": 0.05, "differs": 0.05},
        "bpjs": {"same": 0.9, "slip": 0.05, "differs": 0.05},
        "mother_name": {"same": 0.8, "partly": 0.1, "differs": 0.1},
        "sex": {"same": 0.95, "differs": 0.05},
        "home": {
            "kk": 0.4, "phone": 0.3, "neighbours": 0.1, "village": 0.1, "elsewhere": 0.1,
        },
    },
    "HOUSEHOLD": {
        "name": {"same": 0.02, "close": 0.03, "partly": 0.05, "differs": 0.9},
        "birth_date": {
            "same": 0.02, "swapped": 0.005, "year": 0.01, "slip": 0.005, "differs": 0.96,
        },
        "age": {"near": 0.05, "rough": 0.15, "differs": 0.8},
        "nik": {"same": 0.02, "slip": 0.02, "differs": 0.96},
        "bpjs": {"same": 0.01, "slip": 0.02, "differs": 0.97},
        "mother_name": {"same": 0.4, "partly": 0.05, "differs": 0.55},
        "sex": {"same": 0.5, "differs": 0.5},
        "home": {
            "kk": 0.5, "phone": 0.3, "neighbours": 0.1, "village": 0.05, "elsewhere": 0.05,
        },
    },
}  # fmt: skip


def main() -> int:
    """Make the pairs, estimate, print, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.relative_to(ROOT)}")
    options = parser.parse_args()
    kinds, names = made_pairs()
    everything: Counter[Pattern] = Counter()
    for patterns in kinds.values():
        everything.update(patterns)
    start = START | {"STRANGERS": counted(kinds["STRANGERS"], LEVELS)}
    known = {list(PAIRS).index("STRANGERS")}
    found = estimate(everything, LEVELS, [start[kind] for kind in PAIRS], fixed=known)
    table = estimate_names(names)
    show(found, kinds, len(everything))
    print(f"one name, any two people: {table.same:.6f}; scales {table.scales}")
    if options.write:
        WEIGHTS.write_text(written(found, table), encoding="utf-8")
        print(f"→ {WEIGHTS.relative_to(ROOT)}")
    return 0


def made_pairs() -> tuple[dict[str, Counter[Pattern]], list[str]]:
    """Agreement patterns of each kind of pair, and the names of all people."""
    rng = Random(SEED)  # noqa: S311 - made-up people; the same ones each time
    population = pairs.make_population(rng, TODAY, PEOPLE)
    people = population.people()
    kinds = {
        "ONE_PERSON": patterns_of(pairs.one_person(rng, people, PAIRS["ONE_PERSON"])),
        "STRANGERS": patterns_of(pairs.strangers(rng, population, PAIRS["STRANGERS"])),
        "HOUSEHOLD": patterns_of(pairs.one_household(rng, population, PAIRS["HOUSEHOLD"])),
    }
    return kinds, [person.name for person in people]


def patterns_of(made: Iterable[tuple[PersonKey, PersonKey]]) -> Counter[Pattern]:
    """How often each agreement pattern comes up."""
    found: Counter[Pattern] = Counter()
    for one, other in made:
        outcomes = weighed(compare_fields(one, other).outcomes)
        found[tuple(outcomes.get(field) for field in LEVELS)] += 1
    return found


def show(found: Estimate, kinds: dict[str, Counter[Pattern]], patterns: int) -> None:
    """What EM came to, beside what is true of the made-up pairs."""
    print(f"{patterns} patterns, {found.rounds} rounds, log likelihood {found.log_likelihood:.1f}")
    total = sum(sum(one.values()) for one in kinds.values())
    for kind, share, table in zip(PAIRS, found.shares, found.tables, strict=True):
        true = counted(kinds[kind], LEVELS)
        print(f"\n{kind}: share {share:.4f} (true {sum(kinds[kind].values()) / total:.4f})")
        for field, outcomes in table.items():
            told = ", ".join(f"{o} {p:.5f} ({true[field][o]:.5f})" for o, p in outcomes.items())
            print(f"  {field:<12} {told}")


def written(found: Estimate, names: NameTable) -> str:
    """The text of the module."""
    pair_text = ", ".join(
        f"{number:,} {kind.lower().replace('_', ' ')}" for kind, number in PAIRS.items()
    )
    lines = [
        '"""Probabilities of each agreement level, and how common the words of names are.',
        "",
        "Written by tools/estimate_matching.py --write; do not edit by hand.",
        f"Data: {PEOPLE:,} made-up people (seed {SEED}), pairs of",
        f"{pair_text};",
        f"strangers counted, the others by EM without labels, {found.rounds} rounds.",
        '"""',
        "",
        "from typing import Final",
        "",
    ]
    for kind, table in zip(PAIRS, found.tables, strict=True):
        lines.append(f"{kind}: Final[dict[str, dict[str, float]]] = {{")
        for field, outcomes in table.items():
            lines.append(f'    "{field}": {{')
            lines += [f'        "{o}": {digits(p)},' for o, p in outcomes.items()]
            lines.append("    },")
        lines += ["}", ""]
    lines += [
        "#: The chance that two people drawn at random have one name.",
        f"SAME_NAME_SHARE: Final = {digits(names.same)}",
        "#: The share of a word that is not in the table.",
        f"RAREST_SHARE: Final = {digits(names.rarest)}",
        "#: What the product of the shares of one, two, three words is multiplied by.",
        f"NAME_SCALES: Final = ({', '.join(map(digits, names.scales))})",
        "#: The share of people who have the word (as names.fold writes it) in their name.",
        "NAME_SHARES: Final[dict[str, float]] = {",
    ]
    line = "   "
    for word, share in sorted(names.shares.items()):
        entry = f' "{word}": {digits(share)},'
        if len(line) + len(entry) > 100:
            lines.append(line)
            line = "   "
        line += entry
    lines += [line, "}  # fmt: skip", ""]
    return "\n".join(lines)


def digits(value: float) -> str:
    """Three digits that mean something, as Python writes them."""
    return repr(float(f"{value:.3g}"))


if __name__ == "__main__":
    sys.exit(main())
