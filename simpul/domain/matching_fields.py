"""How each field of two records agrees: one outcome a field, none where a record leaves it empty.

The outcomes are the agreement levels whose probabilities matching_weights.py holds. KK, telephone,
village, RT and RW are told one by one, but weighed together as one field, *home*: they agree or
differ together, and weighing each alone would count one fact five times.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from rapidfuzz.distance import OSA

from simpul.domain.errors import DomainError
from simpul.domain.identity import normalise_number, normalise_phone
from simpul.domain.matching_records import PersonKey
from simpul.domain.names import likeness, name_keys

#: The weighed fields and their outcomes, the best first.
LEVELS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("same", "close", "partly", "differs"),
    "birth_date": ("same", "swapped", "year", "slip", "differs"),
    "age": ("near", "rough", "differs"),
    "nik": ("same", "slip", "differs"),
    "bpjs": ("same", "slip", "differs"),
    "mother_name": ("same", "partly", "differs"),
    "sex": ("same", "differs"),
    "home": ("kk", "phone", "neighbours", "village", "elsewhere"),
}

NAME_SAME: Final = 0.97
NAME_CLOSE: Final = 0.84
NAME_PARTLY: Final = 0.70
MOTHER_SAME: Final = 0.85
MOTHER_PARTLY: Final = 0.60

#: Two dates of which one is an estimate: a year told is right within one, an age within three.
NEAR_DAYS: Final = 400
ROUGH_DAYS: Final = 1096


@dataclass(slots=True)
class Comparison:
    """Outcome by field, in the order in which they are told; `said` has a slip's own words."""

    outcomes: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)


def compare_fields(a: PersonKey, b: PersonKey) -> Comparison:
    """Look at each field that both records hold; the order of the two does not matter."""
    found = Comparison()
    _name(found, a.name, b.name)
    _birth_date(found, a, b)
    _number(found, "nik", a.nik, b.nik, "NIK")
    _number(found, "bpjs", a.bpjs, b.bpjs, "BPJS")
    _mother(found, a.mother_name, b.mother_name)
    outcomes = found.outcomes
    if a.sex and b.sex:
        outcomes["sex"] = "same" if a.sex == b.sex else "differs"
    if a.kk and b.kk:
        _plain(outcomes, "kk", normalise_number(a.kk), normalise_number(b.kk))
    if a.village and b.village:
        _plain(outcomes, "village", name_keys(a.village), name_keys(b.village))
    if a.rt and b.rt:
        _plain(outcomes, "rt", a.rt.strip().lstrip("0"), b.rt.strip().lstrip("0"))
    if a.rw and b.rw:
        _plain(outcomes, "rw", a.rw.strip().lstrip("0"), b.rw.strip().lstrip("0"))
    if a.phone and b.phone:
        _plain(outcomes, "phone", _phone(a.phone), _phone(b.phone))
    return found


def home(outcomes: dict[str, str]) -> str | None:
    """The outcome of the home as a whole; the strongest thing shared decides."""
    if outcomes.get("kk") == "same":
        return "kk"
    if outcomes.get("phone") == "same":
        return "phone"
    village = outcomes.get("village")
    if village is None:
        return None
    if village == "differs":
        return "elsewhere"
    return "neighbours" if outcomes.get("rt") == outcomes.get("rw") == "same" else "village"


def weighed(outcomes: dict[str, str]) -> dict[str, str]:
    """The outcomes as they are weighed: those of LEVELS, with the home as one field."""
    found = {name: outcome for name, outcome in outcomes.items() if name in LEVELS}
    whole = home(outcomes)
    if whole:
        found["home"] = whole
    return found


def _plain(outcomes: dict[str, str], name: str, first: object, second: object) -> None:
    if first and second:
        outcomes[name] = "same" if first == second else "differs"


def _phone(text: str) -> str:
    if text.startswith("+62") and text[3:].isdigit():
        return text
    try:
        return normalise_phone(text)
    except DomainError:
        return ""


def _name(found: Comparison, first: str, second: str) -> None:
    if not name_keys(first) or not name_keys(second):
        return
    alike = likeness(first, second)
    found.outcomes["name"] = (
        "same"
        if alike >= NAME_SAME
        else "close"
        if alike >= NAME_CLOSE
        else "partly"
        if alike >= NAME_PARTLY
        else "differs"
    )


def _mother(found: Comparison, first: str, second: str) -> None:
    if not name_keys(first) or not name_keys(second):
        return
    alike = likeness(first, second)
    found.outcomes["mother_name"] = (
        "same" if alike >= MOTHER_SAME else "partly" if alike >= MOTHER_PARTLY else "differs"
    )


def _number(found: Comparison, name: str, first: str, second: str, label: str) -> None:
    """A number typed twice: the same, one digit wrong, two neighbours swapped, or another."""
    if not first or not second:
        return
    first, second = normalise_number(first), normalise_number(second)
    if not first or not second:
        return
    if first == second:
        found.outcomes[name] = "same"
    elif _one_slip(first, second):
        found.outcomes[name] = "slip"
        swapped = sorted(first) == sorted(second)
        found.said[name] = f"{label} 2 angka tertukar" if swapped else f"{label} beda 1 angka"
    else:
        found.outcomes[name] = "differs"


def _one_slip(first: str, second: str) -> bool:
    return len(first) == len(second) and OSA.distance(first, second, score_cutoff=1) == 1


def _birth_date(found: Comparison, a: PersonKey, b: PersonKey) -> None:
    first, second = a.birth_date, b.birth_date
    if first is None or second is None:
        return
    if a.birth_date_estimated or b.birth_date_estimated:
        # An estimate that happens to be equal is no more than a near one.
        apart = abs((first - second).days)
        found.outcomes["age"] = (
            "near" if apart <= NEAR_DAYS else "rough" if apart <= ROUGH_DAYS else "differs"
        )
    elif first == second:
        found.outcomes["birth_date"] = "same"
    else:
        outcome, words = _date_slip(first, second)
        found.outcomes["birth_date"] = outcome
        if words:
            found.said["birth_date"] = words


def _date_slip(first: date, second: date) -> tuple[str, str]:
    if first.year == second.year and (first.day, first.month) == (second.month, second.day):
        return "swapped", "hari & bulan lahir tertukar"
    same_day = (first.day, first.month) == (second.day, second.month)
    if same_day and abs(first.year - second.year) == 1:
        return "year", "tahun lahir beda 1"
    one = f"{first.day:02d}{first.month:02d}{first.year:04d}"
    other = f"{second.day:02d}{second.month:02d}{second.year:04d}"
    if not _one_slip(one, other):
        return "differs", ""
    swapped = sorted(one) == sorted(other)
    return "slip", "tgl lahir 2 angka tertukar" if swapped else "tgl lahir beda 1 angka"
