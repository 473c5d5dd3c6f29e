"""What is compared of two people, and what comes out of it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from simpul.domain.identity import Sex

Level = Literal["certain", "possible", "household"]


@dataclass(frozen=True, slots=True)
class PersonKey:
    """What is compared of a person; an empty field says nothing, for or against.

    A baby without a name of its own keeps the title that says so (`By. Ny. Siti`).
    """

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
    #: Of a newborn without a NIK: the mother's, and which child of that birth.
    mother_nik: str = ""
    birth_order: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The answer for one pair: level (None: not worth showing), score 0 to 1, reasons."""

    level: Level | None
    score: float
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
