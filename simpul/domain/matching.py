"""Are these two records one person? A first, readable matcher: points for and against, and reasons.

Levels are those the counter sees: *certain* (hampir pasti sama), *possible* (mungkin sama) and
*household* (serumah, orang lain: twins, a parent and a child of one name). A look-alike is never
merged by this; it is only shown. The points are in matching_weights.py, the reasoning in
docs/methods/matching.md.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from rapidfuzz.distance import OSA

from simpul.domain.dates import age_on
from simpul.domain.errors import DomainError
from simpul.domain.identity import Sex, normalise_number, normalise_phone
from simpul.domain.matching_weights import (
    AGREES,
    CERTAIN_FROM,
    DIFFERS,
    ESTIMATE_YEARS,
    FULL_SCORE,
    GENERATION_YEARS,
    MOTHER_DIFFERS,
    MOTHER_SAME,
    NAME_CLOSE,
    NAME_PARTLY,
    NAME_SAME,
    POINTS,
    POSSIBLE_FROM,
)
from simpul.domain.names import likeness, name_keys

Level = Literal["certain", "possible", "household"]

_NIK_SERIAL_AT = 12
_LONG_WORD = 5


@dataclass(frozen=True, slots=True)
class PersonKey:
    """What is compared of a person; an empty field says nothing, for or against."""

    name: str
    birth_date: date | None = None
    birth_date_estimated: bool = False
    sex: Sex | None = None
    nik: str = ""
    bpjs: str = ""
    mother_name: str = ""
    village: str = ""
    rt: str = ""
    rw: str = ""
    kk: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The answer for one pair: level (None: not worth showing), score 0 to 1, reasons."""

    level: Level | None
    score: float
    agrees: tuple[str, ...]
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Evidence:
    field: str
    outcome: str
    said: str = ""


def compare(a: PersonKey, b: PersonKey) -> Match:
    """Weigh two records against each other; the order of the two does not matter."""
    evidence = [
        _name(a, b),
        _birth_date(a, b),
        _number("nik", a.nik, b.nik, "NIK"),
        _number("bpjs", a.bpjs, b.bpjs, "BPJS"),
        _mother(a, b),
        _plain("sex", a.sex or "", b.sex or ""),
        _plain("kk", normalise_number(a.kk), normalise_number(b.kk)),
        _plain("village", " ".join(name_keys(a.village)), " ".join(name_keys(b.village))),
        _plain("rt", a.rt.strip().lstrip("0"), b.rt.strip().lstrip("0")),
        _plain("rw", a.rw.strip().lstrip("0"), b.rw.strip().lstrip("0")),
        _plain("phone", _phone(a.phone), _phone(b.phone)),
    ]
    found = {item.field: item for item in evidence if item is not None}
    points = sum(POINTS[item.field].get(item.outcome, 0.0) for item in found.values())
    score = round(min(max(points / FULL_SCORE, 0.0), 1.0), 3)
    agrees = tuple(_said_for(item) for item in found.values() if _said_for(item))
    differs = tuple(
        DIFFERS[item.field]
        for item in found.values()
        if item.outcome == "differs" and item.field in DIFFERS
    )
    household = _household(a, b, {name: item.outcome for name, item in found.items()})
    if household:
        return Match("household", score, (*agrees, household), differs)
    return Match(_level(points, found), score, agrees, differs)


def _level(points: float, found: dict[str, _Evidence]) -> Level | None:
    if points >= CERTAIN_FROM:
        return "certain"
    # One NIK on two records always has to be looked at, however different the rest is.
    same_nik = "nik" in found and found["nik"].outcome == "same"
    return "possible" if same_nik or points >= POSSIBLE_FROM else None


def _said_for(item: _Evidence) -> str:
    if item.outcome == "differs":
        return ""
    return item.said or AGREES.get((item.field, item.outcome), "")


def _plain(field: str, first: str, second: str) -> _Evidence | None:
    if not first or not second:
        return None
    return _Evidence(field, "same" if first == second else "differs")


def _phone(text: str) -> str:
    try:
        return normalise_phone(text) if text else ""
    except DomainError:
        return ""


def _name(a: PersonKey, b: PersonKey) -> _Evidence | None:
    if not name_keys(a.name) or not name_keys(b.name):
        return None
    alike = likeness(a.name, b.name)
    if alike >= NAME_SAME:
        return _Evidence("name", "same")
    if alike >= NAME_CLOSE:
        return _Evidence("name", "close")
    return _Evidence("name", "partly" if alike >= NAME_PARTLY else "differs")


def _mother(a: PersonKey, b: PersonKey) -> _Evidence | None:
    if not name_keys(a.mother_name) or not name_keys(b.mother_name):
        return None
    alike = likeness(a.mother_name, b.mother_name)
    if alike >= MOTHER_SAME:
        return _Evidence("mother_name", "same")
    return _Evidence("mother_name", "differs") if alike < MOTHER_DIFFERS else None


def _number(field: str, first: str, second: str, label: str) -> _Evidence | None:
    """A number typed twice: the same, one digit wrong, two neighbours swapped, or another."""
    first, second = normalise_number(first), normalise_number(second)
    if not first or not second:
        return None
    if first == second:
        return _Evidence(field, "same")
    if len(first) == len(second) and OSA.distance(first, second) == 1:
        swapped = sorted(first) == sorted(second)
        return _Evidence(
            field, "slip", f"{label} 2 angka tertukar" if swapped else f"{label} beda 1 angka"
        )
    return _Evidence(field, "differs")


def _birth_date(a: PersonKey, b: PersonKey) -> _Evidence | None:
    first, second = a.birth_date, b.birth_date
    if first is None or second is None:
        return None
    if a.birth_date_estimated or b.birth_date_estimated:
        # An estimate that happens to be equal is no more than a near one.
        apart = abs((first - second).days) / 365.25
        return _Evidence("birth_date", "near_estimate" if apart <= ESTIMATE_YEARS else "differs")
    if first == second:
        return _Evidence("birth_date", "same")
    slip = _birth_date_slip(first, second)
    return _Evidence("birth_date", "slip", slip) if slip else _Evidence("birth_date", "differs")


def _birth_date_slip(first: date, second: date) -> str:
    if first.year == second.year and (first.day, first.month) == (second.month, second.day):
        return "hari & bulan lahir tertukar"
    same_day = (first.day, first.month) == (second.day, second.month)
    if same_day and abs(first.year - second.year) == 1:
        return "tahun lahir beda 1"
    one, other = f"{first:%d%m%Y}", f"{second:%d%m%Y}"
    if OSA.distance(one, other) != 1:
        return ""
    swapped = sorted(one) == sorted(other)
    return "tgl lahir 2 angka tertukar" if swapped else "tgl lahir beda 1 angka"


def _household(a: PersonKey, b: PersonKey, outcomes: dict[str, str]) -> str:
    """Why two look-alikes are probably two people of one house, or nothing."""
    if "same" in (outcomes.get("nik"), outcomes.get("bpjs")):
        return ""
    if _twins(a, b, outcomes):
        return "mungkin kembar"
    if outcomes.get("name") == "same" and a.birth_date and b.birth_date:
        older, younger = sorted((a.birth_date, b.birth_date))
        apart = age_on(older, younger).years
        elsewhere = outcomes.get("village") == "differs" and outcomes.get("kk") != "same"
        if apart > GENERATION_YEARS and not elsewhere:
            return f"nama sama, selisih umur {apart} th: orang tua dan anak?"
    return ""


def _twins(a: PersonKey, b: PersonKey, outcomes: dict[str, str]) -> bool:
    one_birth = outcomes.get("birth_date") == "same" and (
        outcomes.get("kk") == "same" or outcomes.get("mother_name") == "same"
    )
    if not one_birth or set(name_keys(a.name)) == set(name_keys(b.name)):
        return False
    if outcomes.get("sex") == "differs":
        return True
    if outcomes.get("nik") == "slip":
        # Twins are numbered one after the other: their NIKs differ in the serial alone.
        first, second = normalise_number(a.nik), normalise_number(b.nik)
        return first[:_NIK_SERIAL_AT] == second[:_NIK_SERIAL_AT]
    return not _typing_slip(a.name, b.name)


def _typing_slip(first: str, second: str) -> bool:
    """One letter wrong inside one long word; twins' names often end differently."""
    ones, others = name_keys(first), name_keys(second)
    if len(ones) != len(others):
        # A word left out is the same person's shorter name, not another given name.
        return set(ones) < set(others) or set(others) < set(ones)
    different = [(x, y) for x, y in zip(ones, others, strict=True) if x != y]
    if len(different) != 1:
        return False
    x, y = different[0]
    return (
        min(len(x), len(y)) >= _LONG_WORD
        and (x[0], x[-1]) == (y[0], y[-1])
        and OSA.distance(x, y) == 1
    )
