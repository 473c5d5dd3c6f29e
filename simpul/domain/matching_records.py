"""What is compared of two people, and what comes out of it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from simpul.domain.identity import Sex

Level = Literal["certain", "possible", "household"]


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
