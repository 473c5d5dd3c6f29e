"""Birth dates as people type them, and dates and ages as people read them.

One free field takes `12031985`, `12/3/85`, `12 mar 1985`, `1985-03-12`, a year alone, or an age
such as `35th`, `8bl`, `10hr`. An age gives an estimated date: today minus the age. Two digits of
a year are never guessed: where both centuries are possible the answer asks which. Days come
before months, as everywhere in Indonesia.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from simpul.domain.errors import DomainError

MAX_AGE_YEARS = 130

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
MONTHS_SHORT = (
    "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des",
)  # fmt: skip

# What people write for a month, beyond its full name: short, old and English forms.
_MONTH_WORDS: dict[str, int] = {
    **{name.lower(): at for at, name in enumerate(MONTHS, start=1)},
    **{name.lower(): at for at, name in enumerate(MONTHS_SHORT, start=1)},
    "peb": 2, "pebruari": 2, "mrt": 3, "may": 5, "agt": 8, "agus": 8, "agst": 8, "aug": 8,
    "sept": 9, "oct": 10, "nop": 11, "nopember": 11, "dec": 12,
}  # fmt: skip

_AGE_PART = re.compile(
    r"(\d{1,3})\s*(tahun|thn|th|t|bulan|bln|bl|b|minggu|mgg|mg|hari|hr|h)(?![a-z])\.?\s*"
)
_AGE = re.compile(rf"(?:±|usia|umur|\s)*(?:{_AGE_PART.pattern})+")
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Age:
    """Completed years, months and days."""

    years: int
    months: int
    days: int


@dataclass(frozen=True, slots=True)
class ReadDate:
    """How a typed birth date was understood.

    `value` is None only while `needs_century` holds; `options` then lists the dates to choose from.
    `echo` is the sentence shown beside the field.
    """

    value: date | None
    estimated: bool
    needs_century: bool
    echo: str
    options: tuple[date, ...] = ()


def format_date(day: date) -> str:
    """`12 Mar 1985`."""
    return f"{day.day} {MONTHS_SHORT[day.month - 1]} {day.year}"


def long_date(day: date) -> str:
    """`Selasa, 12 Maret 1985`."""
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def _days_in_month(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def _months_later(day: date, months: int) -> date:
    """The same day some months on (or back), or the last one where the month is too short."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, _days_in_month(year, month + 1)))


@lru_cache(maxsize=4096)
def age_on(birth: date, on: date) -> Age:
    """Completed years, months and days of life on a day; birth may not lie after it."""
    if birth > on:
        raise DomainError(
            "birth_date_future", f"Tanggal lahir {format_date(birth)} belum tiba. Periksa tahunnya."
        )
    months = (on.year - birth.year) * 12 + on.month - birth.month - (on.day < birth.day)
    return Age(months // 12, months % 12, (on - _months_later(birth, months)).days)


@lru_cache(maxsize=4096)
def age_text(birth_date: date, on: date, estimated: bool = False) -> str:
    """`39 th`, under a year `8 bl`, under a month `10 hr`; an estimate begins with ±."""
    age = age_on(birth_date, on)
    if age.years:
        text = f"{age.years} th"
    elif age.months:
        text = f"{age.months} bl"
    else:
        text = f"{age.days} hr"
    return f"± {text}" if estimated else text


def check_birth_date(day: date, today: date) -> date:
    """Give the date back if a living person can have it."""
    if day > today:
        raise DomainError(
            "birth_date_future", f"Tanggal lahir {format_date(day)} belum tiba. Periksa tahunnya."
        )
    if age_on(day, today).years > MAX_AGE_YEARS:
        raise DomainError(
            "birth_date_too_old",
            f"Lahir {format_date(day)} berarti lebih dari {MAX_AGE_YEARS} tahun. Periksa tahunnya.",
        )
    return day


def read_birth_date(text: str, today: date) -> ReadDate:
    """Understand a typed birth date or age; what cannot be one raises `DomainError`."""
    typed = " ".join(text.lower().split())
    if _AGE.fullmatch(typed):
        return _read_age(typed, today)
    if re.fullmatch(r"(18|19|20)\d\d", typed):
        return _read_year(int(typed), today)
    parts = _day_month_year(typed)
    if parts is None:
        raise DomainError(
            "birth_date_unreadable",
            f"«{text.strip()}» belum terbaca sebagai tanggal. "
            "Tulis seperti 12031985, 12/3/1985, atau umur: 35th, 8bl, 10hr.",
        )
    day, month, year, two_digits = parts
    if two_digits:
        return _read_two_digit_year(day, month, year, today)
    value = check_birth_date(_calendar_day(day, month, year), today)
    return ReadDate(value, False, False, long_date(value))


def _calendar_day(day: int, month: int, year: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        named = f"{day} {MONTHS[month - 1]}" if 1 <= month <= 12 else f"{day}/{month}"
        raise DomainError(
            "birth_date_impossible", f"Tanggal {named} {year} tidak ada. Periksa hari dan bulannya."
        ) from None


def _read_two_digit_year(day: int, month: int, year: int, today: date) -> ReadDate:
    possible: list[date] = []
    trouble: DomainError | None = None
    for century in (2000, 1900):
        try:
            possible.append(check_birth_date(_calendar_day(day, month, century + year), today))
        except DomainError as error:
            trouble = error
    if not possible:
        raise trouble or DomainError("birth_date_unreadable", "Tulis tahun dengan empat angka.")
    if len(possible) == 1:
        return ReadDate(possible[0], False, False, long_date(possible[0]))
    recent, earlier = possible
    echo = f"{day} {MONTHS[month - 1]} {recent.year} atau {earlier.year}?"
    return ReadDate(None, False, True, echo, (recent, earlier))


def _day_month_year(typed: str) -> tuple[int, int, int, bool] | None:
    """Day, month, year and whether the year had two digits; None when it is no date."""
    if re.fullmatch(r"\d{8}", typed):
        # Day first; only where that gives no sensible year can it be year first.
        if typed[4:6] in ("18", "19", "20"):
            return int(typed[:2]), int(typed[2:4]), int(typed[4:]), False
        return int(typed[6:]), int(typed[4:6]), int(typed[:4]), False
    if re.fullmatch(r"\d{6}", typed):
        return int(typed[:2]), int(typed[2:4]), int(typed[4:]), True
    if found := re.fullmatch(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})", typed):
        return int(found[3]), int(found[2]), int(found[1]), False
    if found := re.fullmatch(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4}|\d{2})", typed):
        return int(found[1]), int(found[2]), int(found[3]), len(found[3]) == 2
    found = re.fullmatch(r"(\d{1,2})[-/. ]*([a-z]+)[-/. ]*(\d{4}|\d{2})", typed)
    if found and found[2] in _MONTH_WORDS:
        return int(found[1]), _MONTH_WORDS[found[2]], int(found[3]), len(found[3]) == 2
    return None


def _read_age(typed: str, today: date) -> ReadDate:
    months = days = 0
    for amount, unit in _AGE_PART.findall(typed):
        if unit.startswith("t"):
            months += int(amount) * 12
        elif unit.startswith("b"):
            months += int(amount)
        elif unit.startswith("m"):
            days += int(amount) * _WEEK
        else:
            days += int(amount)
    if months > MAX_AGE_YEARS * 12:
        raise DomainError(
            "birth_date_too_old",
            f"Umur lebih dari {MAX_AGE_YEARS} tahun. Periksa angkanya.",
        )
    value = _months_later(today, -months) - timedelta(days=days)
    value = check_birth_date(value, today)
    echo = f"{age_text(value, today, True)}, lahir sekitar {MONTHS[value.month - 1]} {value.year}"
    return ReadDate(value, True, False, echo)


def _read_year(year: int, today: date) -> ReadDate:
    """A year alone is taken at its middle, so that the error is at most half a year."""
    value = date(year, 7, 1)
    if value > today and year == today.year:
        value = date(year, 1, 1)
    value = check_birth_date(value, today)
    return ReadDate(value, True, False, f"{age_text(value, today, True)}, lahir tahun {year}")
