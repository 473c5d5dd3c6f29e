"""Single cells as people type them: counts with separators, decimals, yes or no, or nothing.

Nothing is None and never 0: an empty cell, a dash, "n/a". What cannot be read raises `Unreadable`
with a sentence that names what was found.
"""

import math
import re
from decimal import Decimal, InvalidOperation

from simpul.domain.professions import plain

Cell = object

_NOTHING = frozenset({"", "-", "–", "—", "...", "n/a", "na", "null", "none", "tidak ada data"})
_PEOPLE = re.compile(r"\s*(?:orang|org|jiwa|people|persons?)\.?$", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,\s'\u00a0\u202f])\d{3})(?:\1\d{3})*")
_YES = frozenset({"ya", "y", "yes", "true", "1", "ada", "rawat inap", "ri", "inpatient"})
_NO = frozenset(
    {
        *("tidak", "t", "no", "n", "false", "0", "tidak ada", "nonrawat inap", "non rawat inap"),
        *("non ri", "nonri", "rawat jalan", "outpatient", "non inpatient", "tanpa rawat inap"),
    }
)


class Unreadable(ValueError):
    """A cell that cannot be read; the text says what was found."""


def is_blank(cell: Cell) -> bool:
    """Is there nothing in this cell?"""
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in _NOTHING)


def read_text(cell: Cell) -> str:
    """Return a cell as one line of text; a whole number from a spreadsheet without its ".0"."""
    if is_blank(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


def read_count(cell: Cell, *, most: int = 1_000_000) -> int | None:
    """Return a whole number from 0 up: "1.234", "1,234", "1 234" and "12 orang" are read."""
    if is_blank(cell):
        return None
    number = _whole(cell)
    if number < 0:
        raise Unreadable(f"{_shown(cell)} kurang dari nol")
    if number > most:
        raise Unreadable(f"{_shown(cell)} terlalu besar")
    return number


def _whole(cell: Cell) -> int:
    if isinstance(cell, bool):
        raise Unreadable(f"{_shown(cell)} bukan jumlah")
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float | Decimal):
        if not math.isfinite(cell) or cell != int(cell):
            raise Unreadable(f"{_shown(cell)} bukan bilangan bulat")
        return int(cell)
    text = _PEOPLE.sub("", str(cell).strip())
    if len(text) <= 30 and (grouped := _GROUPED.fullmatch(text)):
        text = text.replace(grouped[1], "")
    whole, _point, rest = text.replace(",", ".").partition(".")
    if re.fullmatch(r"[+-]?[0-9]{1,18}", whole) and not rest.strip("0"):
        return int(whole)
    raise Unreadable(f"{_shown(cell)} bukan bilangan bulat")


def read_decimal(cell: Cell) -> Decimal | None:
    """Return a number with decimals: "7,35", "7.35", "1.668,5", "1,668.5".

    One sign alone before exactly three digits ("1.668") could be either; it is read as decimals,
    which is what coordinates and unit times are. Counts are read by `read_count`.
    """
    if is_blank(cell):
        return None
    if isinstance(cell, bool):
        raise Unreadable(f"{_shown(cell)} bukan angka")
    text = str(cell).strip()
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        group, mark = (".", ",") if comma > point else (",", ".")
        text = text.replace(group, "").replace(mark, ".")
    else:
        text = text.replace(",", ".")
    text = text.replace("\u2212", "-")
    try:
        number = Decimal(text) if len(text) <= 40 else Decimal("nan")
    except InvalidOperation:
        raise Unreadable(f"{_shown(cell)} bukan angka") from None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise Unreadable(f"{_shown(cell)} bukan angka")
    return number


def read_yes(cell: Cell) -> bool | None:
    """Return yes or no: "ya", "tidak", "rawat inap", "non rawat inap", true, 1."""
    if is_blank(cell):
        return None
    if isinstance(cell, bool):
        return cell
    words = plain(read_text(cell)).removeprefix("puskesmas ")
    if words in _YES:
        return True
    if words in _NO:
        return False
    raise Unreadable(f"{_shown(cell)} bukan ya atau tidak")


def _shown(cell: Cell) -> str:
    text = " ".join(str(cell)[:60].split())
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"
