"""Procedures done in a Puskesmas, with their ICD-9-CM (volume 3) code.

`procedures.csv` is typed by us: the code of the public-domain classification, our own Indonesian
name and everyday words, whether written or spoken consent is to be recorded, and the units that
usually do it. It is a working list, not the classification; a site may need more.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from simpul.service.care.terminology.word_index import WordIndex

PROCEDURES_FILE = Path(__file__).with_name("procedures.csv")


@dataclass(frozen=True, slots=True)
class ProcedureTerm:
    """One procedure as a list shows it."""

    code: str
    label: str
    synonyms: tuple[str, ...]
    needs_consent: bool
    units: tuple[str, ...]


class _Catalogue:
    def __init__(self) -> None:
        self.terms = {term.code: term for term in _read()}
        self.index = WordIndex(
            (
                (term.code, phrase)
                for term in self.terms.values()
                for phrase in (term.label, *term.synonyms)
            ),
            fuzzy_whole=True,
        )


_catalogue: _Catalogue | None = None
_loading = Lock()


def _load() -> _Catalogue:
    global _catalogue
    if _catalogue is None:
        with _loading:
            if _catalogue is None:
                _catalogue = _Catalogue()
    return _catalogue


def search(
    text: str, limit: int = 10, favourites: Sequence[str] = (), unit: str | None = None
) -> list[ProcedureTerm]:
    """Procedures for what was typed: exact code, favourites, those of the unit, then likeness.

    An empty text gives the favourites, then the procedures of the unit.
    """
    catalogue = _load()
    preferred = [code for code in map(canonical, favourites) if code in catalogue.terms]
    if not text.strip():
        of_unit = [term.code for term in catalogue.terms.values() if unit in term.units]
        return [catalogue.terms[code] for code in dict.fromkeys([*preferred, *of_unit])][:limit]
    ranks: dict[str, tuple[float, float]] = {}
    for hit in catalogue.index.search(text):
        ranks[hit.key] = (2.0 if hit.is_prefix else 3.0, -hit.score)
    digits = re.sub(r"[\s.]", "", text)
    if digits.isdigit():
        for code in catalogue.terms:
            plain = code.replace(".", "")
            if plain.startswith(digits):
                ranks[code] = (0.0 if plain == digits else 1.0, 0.0)
    places = {code: place for place, code in reversed(list(enumerate(preferred)))}

    def order(code: str) -> tuple[object, ...]:
        tier, likeness = ranks[code]
        elsewhere = unit is not None and unit not in catalogue.terms[code].units
        return (tier != 0, places.get(code, len(places)), tier, elsewhere, likeness, code)

    return [catalogue.terms[code] for code in sorted(ranks, key=order)[:limit]]


def get(code: str) -> ProcedureTerm | None:
    """The procedure of a code, with or without its dot; None when we do not list it."""
    return _load().terms.get(canonical(code))


def is_valid(code: str) -> bool:
    """Whether the code is on our list."""
    return get(code) is not None


def canonical(code: str) -> str:
    """A code with its dot: "8659" becomes "86.59"."""
    digits = re.sub(r"[\s.]", "", code)
    return f"{digits[:2]}.{digits[2:]}" if len(digits) > 2 else digits


def _read() -> list[ProcedureTerm]:
    with PROCEDURES_FILE.open(encoding="utf-8", newline="") as lines:
        return [
            ProcedureTerm(
                code=row["code"],
                label=row["nama_indonesia"],
                synonyms=tuple(filter(None, row["synonyms"].split("|"))),
                needs_consent=row["needs_consent"] == "yes",
                units=tuple(row["units"].split("|")),
            )
            for row in csv.DictReader(lines, delimiter=";")
        ]
