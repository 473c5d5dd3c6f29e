"""What a spreadsheet does to numbers, undone where nothing was lost and said where something was.

A spreadsheet keeps fifteen digits: a NIK typed as a number loses its sixteenth, shown as
3,50919E+15 it loses ten. Zeros in front vanish. Each is seen from the value or from its column.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from simpul.domain.identity import NIK_DIGITS
from simpul.foundation.core.sheets import Cell
from simpul.foundation.core.spreadsheets import FORMULA_SIGNS

#: What people write where they know nothing.
NOTHING = frozenset({
    "", "-", "--", "–", "—", ".", "0", "?", "n/a", "na", "null", "none", "nan", "tidak ada",
    "tdk ada", "kosong", "belum ada", "#n/a", "#ref!", "#value!", "#name?",
})  # fmt: skip
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
#: From so many values on, a column whose numbers nearly all end in 0 has lost its last digits.
_ENOUGH, _NEARLY_ALL = 5, 0.8
_LONG = frozenset({"nik", "kk_number"})


def text_of(cell: Cell) -> str:
    """Return a cell as tidy text; whole numbers without a point, dates as ISO, nothing as ""."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e17:
        cell = int(cell)
    text = " ".join(str(cell).replace("\x00", "").split())
    if text[:1] in "'’`":  # typed so that the spreadsheet leaves it alone, or put there by us
        text = text[1:].strip() if text[1:2].isdigit() or text[1:2] in FORMULA_SIGNS else text
    if re.fullmatch(r'="[^"]*"', text):  # the other way to say "text"
        text = text[2:-1]
    return "" if text.casefold() in NOTHING else text


def packed(cell: Cell) -> Any:
    """Return a cell in a form that JSON keeps: a date and a number must come back as what they
    were, or what a spreadsheet did to them would no longer show."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date | time):
        return {"at": cell.isoformat()}
    return cell if isinstance(cell, int | float | None) else str(cell)


def unpacked(stored: Any) -> Cell:
    """Return what `packed` was given."""
    if not isinstance(stored, dict):
        return stored
    text = str(stored["at"])
    return time.fromisoformat(text) if ":" in text else date.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a person as read: `lost` names what a spreadsheet did to it, "" if nothing."""

    value: str
    lost: str = ""
    restored: bool = False


def read_number(cell: Cell, *, digits: int, last_lost: bool = False) -> Number:
    """Read a NIK, KK or card number; `last_lost` says that its whole column lost the last digit."""
    text = text_of(cell)
    if not text:
        return Number("")
    if found := _SCIENTIFIC.fullmatch(text):
        mantissa, exponent = found[1] + (found[2] or ""), int(found[3])
        if len(mantissa) == exponent + 1 == digits:
            return Number(mantissa)
        return Number(text, "scientific")
    # A point and zeros behind a whole number are a program's, not a person's.
    text = re.sub(r"(?<=\d{6})[.,]0{1,2}$", "", text)
    plain = re.sub(r"[\s.\-–_/]", "", text)
    if digits != NIK_DIGITS:
        short = plain.isascii() and plain.isdigit() and digits - 3 <= len(plain) < digits
        return Number(plain.zfill(digits), "", restored=True) if short else Number(plain)
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    if len(plain) == digits and plain.endswith("0") and (is_number or last_lost):
        return Number(plain, "last_digit")
    return Number(plain)


def lost_last_digits(texts: Iterable[str]) -> bool:
    """Did this column of sixteen digits go through a spreadsheet that keeps fifteen?"""
    ends = Counter(text[-1] for text in texts if len(text) == NIK_DIGITS and text.isdigit())
    total = sum(ends.values())
    return total >= _ENOUGH and ends["0"] >= total * _NEARLY_ALL


def record_width(texts: Iterable[str]) -> int:
    """Return how wide the record numbers of a column are; 0 where they are of no one width."""
    lengths: Counter[int] = Counter()
    with_zero: Counter[int] = Counter()
    for text in texts:
        if text.isascii() and text.isdigit():
            lengths[len(text)] += 1
            with_zero[len(text)] += text[0] == "0"
    if not lengths:
        return 0
    if +with_zero:
        return with_zero.most_common(1)[0][0]
    longest = max(lengths)
    return longest if 4 <= longest <= 10 else 0


def read_record_number(cell: Cell, *, width: int) -> Number:
    """Read an older record number, with the zeros in front that its column had."""
    text = text_of(cell).upper()
    if text.isascii() and text.isdigit() and len(text) < width:
        return Number(text.zfill(width), restored=True)
    return Number(text)


_SEXES = {
    "male": ("l", "lk", "laki", "lakilaki", "pria", "male", "m", "1", "laki2", "cowok"),
    "female": ("p", "pr", "pi", "perempuan", "wanita", "w", "female", "f", "2", "cewek"),
}
_SEX_OF = {word: sex for sex, words in _SEXES.items() for word in words}
_TITLE_SEX = {
    "tn": "male", "bpk": "male", "sdr": "male", "ny": "female", "nn": "female", "ibu": "female",
    "sdri": "female",
}  # fmt: skip


def read_sex(cell: Cell, *, p_is_male: bool = False) -> str | None:
    """Return male, female, "" for nothing, None for what is neither."""
    key = re.sub(r"[^a-z0-9]", "", text_of(cell).casefold())
    if p_is_male and key == "p":
        return "male"
    return _SEX_OF.get(key) if key else ""


def is_man_and_woman(texts: Iterable[str]) -> bool:
    """Does this column say P(ria) and W(anita) instead of L and P?"""
    words = {text.casefold() for text in texts}
    return "p" in words and "w" in words and not words & {"l", "lk", "laki-laki"}


def sex_of_title(title: str) -> str:
    """Return the sex a title in front of a name tells; "" for By. Ny., which tells none."""
    words = [word.casefold() for word in re.findall(r"[A-Za-z]+", title)]
    if not words or words[0] in {"by", "bayi", "an"}:
        return ""
    return _TITLE_SEX.get(words[0], "")


def title_in_front(name: str) -> str:
    """Bring a title that lists write behind a name to its front: `SITI, NY` is `NY. SITI`."""
    found = re.fullmatch(
        r"(.{2,}?)\s*,\s*((?:by|ny|tn|nn|an|sdr|sdri)\.?(?:\s+ny\.?)?)", name, re.I
    )
    if not found:
        return name
    title = " ".join(f"{word.strip('.')}." for word in found[2].split())
    return f"{title} {found[1]}"


_RT_RW = re.compile(
    r"(?:RT\D{0,3})?(\d{1,3})\s*(?:[/\\.\-,\s]|RW)+\s*(?:RW\D{0,3})?(\d{1,3})", re.I
)
_IN_ADDRESS = re.compile(
    r"[,\s]*\bRT\D{0,3}(\d{1,3})\s*[/\\,.\-\s]*(?:RW\D{0,3})(\d{1,3})\b\.?", re.I
)


def read_rt_rw(cell: Cell) -> tuple[str, str] | None:
    """Return RT and RW of one cell (003/005, RT 3 RW 5); None where a date has taken its place."""
    if isinstance(cell, datetime | date):
        return None
    text = text_of(cell)
    if not text:
        return "", ""
    found = _RT_RW.fullmatch(text)
    if found:
        return found[1], found[2]
    alone = re.fullmatch(r"(?:RT\D{0,3})?(\d{1,3})", text, re.I)
    return (alone[1], "") if alone else None


def split_address(address: str) -> tuple[str, str, str]:
    """Return an address without its RT and RW, and those two."""
    found = _IN_ADDRESS.search(address)
    if not found:
        return address, "", ""
    rest = f"{address[: found.start()]}{address[found.end() :]}".strip(" ,")
    return rest, found[1], found[2]
