"""Made-up names of Jember: Javanese, Madurese, Arabic, Chinese-Indonesian and Batak parts.

Single names are common among the old, two and three parts among the young. Parts are common words
of their culture; a whole name comes about by chance.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Literal

Sex = Literal["male", "female"]
Culture = Literal["javanese", "madurese", "arabic", "chinese", "batak"]

PARTS_FILE = Path(__file__).with_name("name_parts.txt")
CULTURES: tuple[Culture, ...] = ("javanese", "madurese", "arabic", "chinese", "batak")
# Jember is about half Javanese, half Madurese; Arabic names are used by both.
CULTURE_WEIGHTS = (42, 38, 16, 3, 1)
OLD_FROM_AGE = 50
SINGLE_NAME_SHARE = {"old": 0.55, "young": 0.12}


@dataclass(frozen=True, slots=True)
class NameParts:
    """The words one culture gives to one sex."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    surnames: tuple[str, ...]


@cache
def name_parts(culture: Culture, sex: Sex) -> NameParts:
    """First names, second parts and family names for a culture and sex."""
    lists = _read_parts()

    def words(position: str) -> tuple[str, ...]:
        both = lists.get((culture, "any", position), ())
        own = lists.get((culture, sex, position), ())
        # Second parts of "any" sound male; women take them only where they have none of their own.
        return own if own and sex == "female" else own + both

    return NameParts(words("first"), words("second"), words("surname"))


@cache
def _read_parts() -> dict[tuple[str, str, str], tuple[str, ...]]:
    lists = {}
    for line in PARTS_FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            head, words = line.split(":")
            culture, sex, position = head.split()
            lists[culture, sex, position] = tuple(dict.fromkeys(words.split()))
    return lists


def pick_culture(rng: Random) -> Culture:
    """A culture, by how common it is in Jember."""
    return rng.choices(CULTURES, CULTURE_WEIGHTS)[0]


def pick_surname(rng: Random, culture: Culture) -> str | None:
    """A family name where the culture hands one down, else None."""
    surnames = name_parts(culture, "male").surnames
    return rng.choice(surnames) if surnames else None


def make_name(rng: Random, culture: Culture, sex: Sex, age: int, surname: str | None = None) -> str:
    """A whole name fit for a culture, sex and age."""
    parts = name_parts(culture, sex)
    first = rng.choice(parts.first)
    if surname:
        return f"{first} {surname}"
    share = SINGLE_NAME_SHARE["old" if age >= OLD_FROM_AGE else "young"]
    if not parts.second or (rng.random() < share and len(first) > 3):
        return first
    names = [first, rng.choice(parts.second)]
    if age < OLD_FROM_AGE and rng.random() < 0.2:
        names.insert(1, rng.choice(parts.first))
    if sex == "male" and culture in ("madurese", "arabic") and rng.random() < 0.15:
        names.insert(0, rng.choice(("Moh.", "Muhammad", "M.", "Achmad")))
    return " ".join(dict.fromkeys(names))
