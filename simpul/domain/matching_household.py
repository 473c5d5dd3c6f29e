"""Two look-alikes who are probably two people of one house: twins, parent and child of one name,
newborns who bear the mother's name until they have one of their own.

Rules, not weights: a machine cannot tell such a pair from one person typed twice, so the counter
is told what to ask. Equal NIK or BPJS numbers speak against it and end the matter.
"""

from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from simpul.domain.dates import age_on
from simpul.domain.identity import normalise_number
from simpul.domain.matching_fields import home
from simpul.domain.matching_records import PersonKey
from simpul.domain.names import is_baby_title, name_keys, split_titles

#: A parent is at least this much older than a child of the same name.
GENERATION_YEARS: Final = 14
#: Two births of one mother are further apart than this.
BIRTHS_APART_DAYS: Final = 200
_NIK_SERIAL_AT = 12
_SHORTEST_WORD = 4
_LONG_WORD = 5


def household_reason(a: PersonKey, b: PersonKey, outcomes: dict[str, str]) -> str:
    """Why two look-alikes are probably two people of one house, or nothing."""
    if "same" in (outcomes.get("nik"), outcomes.get("bpjs")):
        return ""
    unnamed = is_unnamed(a) + is_unnamed(b)
    if unnamed and _born_beside(a, b, outcomes):
        return "mungkin kembar"
    if unnamed == 2 and _born_apart(a, b):
        return "bayi lain dari ibu yang sama?"
    if not unnamed and _twins(a, b, outcomes):
        return "mungkin kembar"
    if outcomes.get("name") == "same" and _may_share_a_home(outcomes):
        return _generation_apart(a, b)
    return ""


def is_unnamed(person: PersonKey) -> bool:
    """Whether this is a newborn under the mother's name, which says nothing of the baby itself."""
    return _is_of_the_mother(person.name, person.mother_name)


@lru_cache(maxsize=20_000)  # asked four times of each pair
def _is_of_the_mother(name: str, mother_name: str) -> bool:
    title, bare = split_titles(name)
    if is_baby_title(title):
        return True
    return bool(mother_name) and name_keys(bare) == name_keys(mother_name)


def is_one_of_a_birth(a: PersonKey, b: PersonKey, outcomes: dict[str, str]) -> bool:
    """Whether an unnamed baby is in it, and nothing says which child of the birth it is."""
    if "same" in (outcomes.get("nik"), outcomes.get("bpjs")):
        return False
    if a.birth_order is not None and a.birth_order == b.birth_order:
        return False
    return is_unnamed(a) or is_unnamed(b)


def _born_beside(a: PersonKey, b: PersonKey, outcomes: dict[str, str]) -> bool:
    """Two children of one day: another place in the order of birth, or another sex."""
    if outcomes.get("birth_date") != "same":
        return False
    orders = (a.birth_order, b.birth_order)
    if None not in orders and orders[0] != orders[1]:
        return True
    return outcomes.get("sex") == "differs"


def _born_apart(a: PersonKey, b: PersonKey) -> bool:
    if a.birth_date is None or b.birth_date is None:
        return False
    return abs((a.birth_date - b.birth_date).days) > BIRTHS_APART_DAYS


def _may_share_a_home(outcomes: dict[str, str]) -> bool:
    """Something of the home is shared; or nothing is known of it, and the dates look alike.

    Without that, everybody of a common name would be somebody's parent among 100,000 people.
    """
    shared = home(outcomes)
    if shared is None:
        return outcomes.get("birth_date", "differs") != "differs"
    return shared != "elsewhere"


def _generation_apart(a: PersonKey, b: PersonKey) -> str:
    if a.birth_date is None or b.birth_date is None:
        return ""
    older, younger = sorted((a.birth_date, b.birth_date))
    if younger.year - older.year < GENERATION_YEARS:
        return ""
    apart = age_on(older, younger).years
    if apart <= GENERATION_YEARS:
        return ""
    return f"nama sama, selisih umur {apart} th: orang tua dan anak?"


def _twins(a: PersonKey, b: PersonKey, outcomes: dict[str, str]) -> bool:
    # Nur Hayati and Nurhayati are one name written in two ways; without a name nothing is known.
    if outcomes.get("name", "same") == "same":
        return False
    numbered_together = (
        outcomes.get("nik") == "slip"
        and outcomes.get("birth_date", "same") == "same"  # the number of twins holds one date
        and _differ_in_serial_alone(a.nik, b.nik)
    )
    one_birth = outcomes.get("birth_date") == "same" and (
        outcomes.get("kk") == "same" or outcomes.get("mother_name") == "same"
    )
    if not one_birth:
        return numbered_together and not _typing_slip(a.name, b.name)
    if outcomes.get("sex") == "differs" or numbered_together:
        return True
    return outcomes.get("nik") != "slip" and not _typing_slip(a.name, b.name)


def _differ_in_serial_alone(first: str, second: str) -> bool:
    """Twins are numbered one after the other: their NIKs differ in the serial alone."""
    return normalise_number(first)[:_NIK_SERIAL_AT] == normalise_number(second)[:_NIK_SERIAL_AT]


def _typing_slip(first: str, second: str) -> bool:
    """One slip inside one word; twins' names often end differently."""
    ones, others = name_keys(first), name_keys(second)
    if len(ones) != len(others):
        # A word left out is the same person's shorter name, not another given name.
        return set(ones) < set(others) or set(others) < set(ones)
    different = [(x, y) for x, y in zip(ones, others, strict=True) if x != y]
    if len(different) != 1:
        return False
    x, y = different[0]
    if 1 in (len(x), len(y)):
        return x[0] == y[0]  # a name cut to its initial
    if min(len(x), len(y)) < _SHORTEST_WORD or OSA.distance(x, y) != 1:
        return False
    if sorted(x) == sorted(y):
        return True  # two letters swapped: nobody names twins so
    # A letter too many or too few is seen in a shorter word than another letter in its place.
    long_enough = len(x) != len(y) or len(x) >= _LONG_WORD
    return long_enough and (x[0], x[-1]) == (y[0], y[-1])
