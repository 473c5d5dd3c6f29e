"""The one search box: what did the person at the counter type or scan?

`RM:`, `AQ:` and `BK:` are the labels this system prints (patient card, queue slip, file). Behind
`RM:` stand 39 digits, the card's random number; older cards hold the record number itself. 16
digits are a NIK, 13 a BPJS card, 08… or +62… a telephone, few digits a record number, letters a
name, and letters with digits a name with a birth date or year. Letters with digits behind them in
one word may be a record number with its prefix. Where a text can mean two things, `also` holds the
others.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from simpul.domain.dates import read_birth_date
from simpul.domain.errors import DomainError
from simpul.domain.identity import BPJS_DIGITS, NIK_DIGITS, normalise_number, normalise_phone

QueryKind = Literal[
    "empty",
    "nik",
    "bpjs",
    "mrn",
    "card",
    "ticket",
    "file",
    "phone",
    "number",
    "name",
    "name_birth_date",
    "name_year",
    "birth_date",
]

_LABELS: dict[str, QueryKind] = {"RM": "mrn", "AQ": "ticket", "BK": "file"}
_LONGEST_MRN = 8
#: Family numbers and wide schemes; beyond eight digits only as a second reading.
_LONGEST_FAMILY = 12
_CARD = re.compile(r"[0-9]{39}")
_WITH_PREFIX = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,6}[-./]?[0-9][0-9\-./]{0,16}")
_OLDEST_YEAR = 1850


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `scanned` tells a printed label from typing; `number` is normalised.

    `birth_dates` has two members where a two-digit year fits both centuries. `number` kind is a run
    of digits of no known length: the beginning of a NIK, BPJS card or telephone still being typed.
    """

    kind: QueryKind
    text: str
    number: str = ""
    name: str = ""
    birth_dates: tuple[date, ...] = ()
    year: int | None = None
    scanned: bool = False
    also: tuple["Query", ...] = ()


def read_query(text: str, today: date) -> Query:
    """Read the search box; anything is accepted, the weakest reading is a name."""
    typed = " ".join(text.split())
    if not typed:
        return Query("empty", typed)
    label = re.fullmatch(r"(RM|AQ|BK)\s*:\s*(.+)", typed, re.IGNORECASE)
    if label:
        kind = _LABELS[label[1].upper()]
        number = label[2].strip()
        if kind == "mrn" and _CARD.fullmatch(number):
            kind = "card"
        return Query(kind, typed, number=number, scanned=True)
    digits = normalise_number(typed)
    if re.fullmatch(r"\+?[0-9]+", digits):
        return _read_digits(typed, digits, today)
    query = _read_name(typed, today)
    if query.kind == "name" and _WITH_PREFIX.fullmatch(typed):
        return Query("mrn", typed, number=typed, also=(query,))
    if query.kind == "name" and re.fullmatch(r"[A-Za-z]{1,6} [0-9]{4,12}", typed):
        # "AMB 004512" looks like a name with a date still being typed: both are looked for.
        return replace(query, also=(Query("mrn", typed, number=typed),))
    return query


def _dates_of(typed: str, today: date) -> tuple[date, ...]:
    try:
        read = read_birth_date(typed, today)
    except DomainError:
        return ()
    if read.estimated:
        return ()
    return read.options or ((read.value,) if read.value else ())


def _phone_of(digits: str) -> str | None:
    if not digits.startswith(("08", "62", "+")):
        return None
    try:
        return normalise_phone(digits)
    except DomainError:
        return None


def _read_digits(typed: str, digits: str, today: date) -> Query:
    readings: list[Query] = []
    if len(digits) == NIK_DIGITS:
        readings.append(Query("nik", typed, number=digits))
    elif (phone := _phone_of(digits)) is not None:
        readings.append(Query("phone", typed, number=phone))
    if len(digits) == BPJS_DIGITS and digits.isdecimal():
        readings.append(Query("bpjs", typed, number=digits))
    # Written with separators it can only be a date; bare, six or eight digits may be both.
    dates = _dates_of(typed, today)
    as_date = [Query("birth_date", typed, birth_dates=dates)] if dates else []
    if as_date and digits != typed:
        readings = as_date
    elif len(digits) <= _LONGEST_MRN and digits.isdecimal():
        readings += [Query("mrn", typed, number=digits), *as_date]
    elif _LONGEST_MRN < len(digits) <= _LONGEST_FAMILY and digits.isdecimal():
        readings = [
            *(readings or [Query("number", typed, number=digits)]),
            Query("mrn", typed, number=digits),
        ]
    if not readings:
        return Query("number", typed, number=digits.lstrip("+"))
    first, *others = readings
    return Query(
        first.kind, typed, number=first.number, birth_dates=first.birth_dates, also=tuple(others)
    )


def _read_name(typed: str, today: date) -> Query:
    words = typed.split(" ")
    with_digit = [at for at, word in enumerate(words) if word[0].isdigit()]
    if not with_digit:
        return Query("name", typed, name=typed)
    # The date stands behind the name, or before it when the line begins with digits.
    for cut in (with_digit[0], *range(len(words) - 1, 0, -1)):
        parts = (words[:cut], words[cut:]) if with_digit[0] else (words[cut:], words[:cut])
        name, behind = (" ".join(part) for part in parts)
        if not name or any(sign.isdigit() for sign in name):
            continue
        query = _name_with(typed, name, behind, today)
        if query is not None:
            return query
    dates = _dates_of(typed, today)
    if dates:
        return Query("birth_date", typed, birth_dates=dates)
    letters = " ".join(word for word in words if not any(sign.isdigit() for sign in word))
    return Query("name", typed, name=letters or typed)


def _name_with(typed: str, name: str, behind: str, today: date) -> Query | None:
    if re.fullmatch(r"\d{4}", behind) and _OLDEST_YEAR <= int(behind) <= today.year:
        return Query("name_year", typed, name=name, year=int(behind))
    dates = _dates_of(behind, today)
    if dates:
        return Query("name_birth_date", typed, name=name, birth_dates=dates)
    try:
        read = read_birth_date(behind, today)
    except DomainError:
        return None
    # An age: good enough for a year, give or take one.
    return Query("name_year", typed, name=name, year=read.value.year) if read.value else None
