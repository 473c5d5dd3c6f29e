"""Birth dates of a list: each column is read one way, decided from all its values together.

`03/04/85` alone says nothing about day and month; beside `25/12/90` it does, and so does the NIK of
the same row, whose middle holds the day. A spreadsheet set to another country turns what it can
into dates the wrong way round and leaves the rest as text; that shows in the same way.
"""

import re
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.utils.translation import gettext as _

from simpul.domain.dates import read_birth_date
from simpul.domain.errors import DomainError
from simpul.foundation.core.sheets import Cell
from simpul.service.patients.importing.cells import text_of

EXCEL_ZERO = date(1899, 12, 30)
_SERIALS = range(366, 60_000)
_NUMERIC = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_TIME = re.compile(
    r"[T ]\d{1,2}[:.]\d{2}([:.]\d{2}(\.\d+)?)?( ?[AP]M)?(Z|[+-]\d{2}:?\d{2})?$", re.I
)
_PLACE = re.compile(r"^\D*?[A-Za-z][A-Za-z .'()-]*[,/ .-]+(?=\d)")
_OLDEST_OF_THIS_CENTURY = 100
_ENGLISH = {
    "january": "jan", "february": "feb", "march": "mar", "april": "apr", "june": "jun",
    "july": "jul", "august": "aug", "september": "sep", "october": "oct", "november": "nov",
    "december": "dec",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateColumn:
    """How a column of birth dates is read."""

    order: Literal["day", "month"] = "day"
    #: Cells that are dates already have day and month exchanged.
    is_swapped: bool = False
    #: Five digits are ddmmyy without its zero, not a count of days.
    five_are_digits: bool = False

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "DateColumn":
        """Return what `asdict` made of one."""
        return cls(**{key: stored[key] for key in stored if key in cls.__slots__})

    def stored(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)

    def said(self) -> list[str]:
        """Return how the column is read, in sentences."""
        first = (
            _("Tanggal lahir dibaca hari dahulu: 03/04/1985 = 3 April 1985.")
            if self.order == "day"
            else _("Tanggal lahir dibaca bulan dahulu: 03/04/1985 = 4 Maret 1985.")
        )
        said = [first]
        if self.is_swapped:
            said.append(_("Sel tanggal di berkas ini tertukar hari dan bulannya; ditukar kembali."))
        return said


@dataclass(slots=True)
class DateVotes:
    """What the values of a column say about how it is read; fed row by row."""

    over_first: int = 0
    over_second: int = 0
    nik_first: int = 0
    nik_second: int = 0
    cells: int = 0
    cells_late: int = 0
    cells_right: int = 0
    cells_swapped: int = 0
    six_digits: int = 0
    columns: set[int] = field(default_factory=set)

    def look(self, cell: Cell, nik: str) -> None:
        """Count one cell, with the NIK of its row where there is one."""
        told = _day_and_month(nik)
        if isinstance(cell, datetime | date):
            self._look_at_date(cell, told)
            return
        text = _TIME.sub("", text_of(cell))
        if re.fullmatch(r"\d{6}", text):
            self.six_digits += 1
        found = _NUMERIC.fullmatch(_PLACE.sub("", text))
        if not found:
            return
        first, second = int(found[1]), int(found[2])
        self.over_first += first > 12
        self.over_second += second > 12
        if told and first != second and max(first, second) <= 12:
            self.nik_first += (first, second) == told
            self.nik_second += (second, first) == told

    def _look_at_date(self, cell: date, told: tuple[int, int] | None) -> None:
        self.cells += 1
        self.cells_late += cell.day > 12
        if told and cell.day != cell.month:
            self.cells_right += (cell.day, cell.month) == told
            self.cells_swapped += (cell.month, cell.day) == told

    def decide(self) -> DateColumn:
        """Return the way the whole column is read."""
        by_value = self.over_second > self.over_first
        is_even = self.over_first == self.over_second
        month_first = self.nik_second > self.nik_first if is_even else by_value
        # Turned round, a date cell never has a day over 12; the NIKs must say so, or the text left
        # beside the cells.
        swapped = not self.cells_late and (
            self.cells_swapped > max(2, 4 * self.cells_right)
            or (self.cells >= 20 and self.over_first > 5 and not self.cells_right)
        )
        return DateColumn("month" if month_first else "day", swapped, self.six_digits > 0)


def _day_and_month(nik: str) -> tuple[int, int] | None:
    if len(nik) != 16 or not (nik.isascii() and nik.isdigit()):
        return None
    day = int(nik[6:8])
    return (day - 40 if day > 40 else day), int(nik[8:10])


@dataclass(frozen=True, slots=True)
class Born:
    """A birth date as read; `trouble` says why there is none. `told` is what stays the same
    between two readings of one file: an age moves with the day it is read on."""

    value: date | None = None
    estimated: bool = False
    trouble: str = ""
    told: str = ""
    note: str = ""


def read_born(cell: Cell, *, column: DateColumn, today: date, years: int | None = None) -> Born:
    """Read one cell; `years` is the age of the same row, which settles a century."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        if column.is_swapped and cell.day <= 12:
            cell = cell.replace(month=cell.day, day=cell.month)
        return _checked(cell.isoformat(), today, years)
    text = _TIME.sub("", text_of(cell))
    if not text:
        return Born()
    if text.isascii() and text.isdigit():
        return _of_digits(text, column, today, years)
    text = _PLACE.sub("", text) if re.search(r"\d", text) and not _is_age(text) else text
    text = re.sub(r"[a-z]+", lambda word: _ENGLISH.get(word[0], word[0]), text.casefold())
    found = _NUMERIC.fullmatch(text)
    if found and column.order == "month" and int(found[2]) <= 31 and int(found[1]) <= 12:
        text = f"{found[2]}/{found[1]}/{found[3]}"
    elif found and int(found[2]) > 12 and int(found[1]) <= 12:
        # Day first everywhere, and yet this one cannot be: the only way it is a date.
        text = f"{found[2]}/{found[1]}/{found[3]}"
        return _noted(_checked(text, today, years), _("bulan ditulis dahulu"))
    return _checked(text, today, years)


def read_age(cell: Cell, *, today: date) -> Born:
    """Read an age: 35, 35 th, 8 bln; a bare number is years."""
    text = re.sub(r"[,.]0$", "", text_of(cell))
    if str(cell).strip() in {"0", "0.0"}:  # not yet a year old; elsewhere a 0 is nothing
        text = "0"
    if not text:
        return Born()
    return _checked(f"{text}th" if text.isdigit() else text.casefold(), today, None)


def _is_age(text: str) -> bool:
    return bool(re.search(r"\d\s*(th|thn|tahun|bl|bln|bulan|hr|hari|mg)", text, re.I))


def _of_digits(text: str, column: DateColumn, today: date, years: int | None) -> Born:
    number = int(text)
    if len(text) <= 3:
        return _checked(f"{number}th", today, None)
    if len(text) == 7 or (len(text) == 5 and column.five_are_digits):
        return _checked(f"0{text}", today, years)
    if len(text) == 5 and number in _SERIALS:
        day = EXCEL_ZERO + timedelta(days=number)
        return _checked(day.isoformat(), today, years)
    return _checked(text, today, years)


def _checked(text: str, today: date, years: int | None) -> Born:
    try:
        read = read_birth_date(text, today)
    except DomainError as trouble:
        return Born(trouble=trouble.message)
    if read.value is not None:
        told = f"~{text}" if read.estimated else read.value.isoformat()
        return Born(read.value, read.estimated, told=told)
    recent = read.options[0]
    if years is None:
        # The other one makes somebody a hundred years old.
        return Born(recent, told=recent.isoformat(), note=_("tahun dua angka, dibaca abad ini"))
    nearest = min(read.options, key=lambda day: abs(today.year - day.year - years))
    return Born(nearest, told=nearest.isoformat(), note=_("abadnya dari umur"))


def _noted(born: Born, note: str) -> Born:
    return Born(born.value, born.estimated, born.trouble, born.told, born.note or note)
