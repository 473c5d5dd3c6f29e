"""Which records are worth comparing: keys that one person's records share despite their slips.

Comparing everybody with everybody is out of the question at a million people. Each stored record
has a handful of keys (`stored_keys`); somebody who arrives asks for all the keys under which a
record of the same person may lie (`asked_keys`), slips of the date and of the name included, in
the order of how much a key says. Slips of a NIK or BPJS number are asked for as numbers
(`one_slip_from`), which needs no keys at all. docs/methods/matching.md says what is not found.

A key is the hash of its text in 64 bits. Two texts that fall together cost one comparison more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from itertools import combinations
from typing import Final

from rapidfuzz.distance import OSA

from simpul.domain.matching_records import PersonKey
from simpul.domain.names import joined_keys, name_keys

#: Which way of making keys this is. Raise it when a record's keys change.
WAY: Final = 1

#: More words than this in one name are rare, and their pairs many.
MOST_WORDS: Final = 4
#: Birth years of one village are taken together by so many.
BAND_YEARS: Final = 5
#: An age that is told is wrong by so many years at most.
TOLD_YEARS: Final = 3
#: Years somebody of unknown age may be born in.
ALL_YEARS: Final = range(1900, 2051)

_DIGITS: Final = "0123456789"
_PLACEHOLDERS: Final = frozenset({"0101", "0107", "3112"})


def stored_keys(person: PersonKey) -> tuple[int, ...]:
    """The keys a stored record is found by: name with date, with year, with village; mother."""
    born = person.birth_date
    if born is None:
        return ()
    words = _words(person.name)
    keys = [_dated(word, born) for word in (*words, *_joined(person.name))]
    keys += [_yearly(pair, born.year) for pair in _pairs(person.name)]
    place = _place(person.village)
    if place:
        keys += [_placed(word, place, born.year // BAND_YEARS) for word in words]
    keys += [_mothered(word, born) for word in _words(person.mother_name)]
    return tuple(dict.fromkeys(keys))


@dataclass(frozen=True, slots=True)
class Tier:
    """Keys that say equally much, and how many of those who have them are worth comparing."""

    keys: tuple[int, ...]
    most: int


def asked_keys(person: PersonKey, near: Sequence[Sequence[str]] = ()) -> tuple[Tier, ...]:
    """The keys to look under for one who arrives, in tiers, those that say most first.

    `near` are stored words one letter away from each word of the name (`name_keys`), if known.
    """
    born = person.birth_date
    own = _words(person.name)
    if born is None:
        pairs = _pairs(person.name)
        anywhen = (_yearly(pair, year) for year in ALL_YEARS for pair in pairs)
        return (_tier(anywhen, 150),)
    words = (*own, *_joined(person.name))
    mother = _words(person.mother_name)
    close, slips = near_dates(born)
    years = _years(born.year, TOLD_YEARS)
    place = _place(person.village)
    others = [[word for word in some if len(word) > 1] for some in near]
    unlike = [word for some in others for word in some]
    pairs = _pairs(person.name)
    surest = [_dated(word, born) for word in words]
    surest += [_mothered(word, born) for word in mother]
    # A baby is stored under the mother's name until it has one of its own.
    surest += [_dated(word, born) for word in mother]
    surest += [_mothered(word, born) for word in own]
    named = [_yearly(pair, year) for pair in pairs for year in _years(born.year, 1)]
    slipped = [_dated(word, day) for day in close for word in words]
    slipped += [_dated(word, born) for word in unlike]
    slipped += [_mothered(word, day) for day in close for word in mother]
    homely: list[int] = []
    bands = sorted({year // BAND_YEARS for year in years})
    if place:
        homely = [_placed(word, place, band) for band in bands for word in words]
    told = [_yearly(pair, year) for pair in pairs for year in years]
    far: list[int] = []
    if not person.birth_date_estimated:
        far = [_dated(word, day) for day in slips for word in own]
    if place:
        far += [_placed(word, place, band) for band in bands for word in unlike]
    far += [
        _yearly(_pair(word, other), year)
        for at, some in enumerate(others)
        for word in some
        for place_, other in enumerate(own)
        if place_ != at
        for year in _years(born.year, 1)
    ]
    if len(own) == 1:
        far += [_yearly(word, year) for word in unlike for year in _years(born.year, 1)]
    return (
        _tier(surest, 120),
        _tier(slipped, 80),
        _tier(homely, 80),
        _tier(named, 80),
        _tier(told, 60),
        _tier(far, 80),
    )


def one_slip_from(number: str) -> tuple[str, ...]:
    """A number, and every number that one wrong digit or two swapped neighbours make of it."""
    forms = [number]
    for at, digit in enumerate(number):
        head, tail = number[:at], number[at + 1 :]
        forms += [head + other + tail for other in _DIGITS if other != digit]
        if tail and tail[0] != digit:
            forms.append(head + tail[0] + digit + tail[1:])
    return tuple(forms)


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth date with what a quick look needs: its digits, and whether it is only a guess."""

    day: date
    digits: str
    is_guess: bool


def birth(day: date, *, estimated: bool) -> Birth:
    """A stored birth date; the days put down when nobody knows are guesses too."""
    digits = f"{day.day:02d}{day.month:02d}{day.year:04d}"
    return Birth(day, digits, estimated or digits[:4] in _PLACEHOLDERS)


def may_be_one_birth(a: Birth, b: Birth) -> bool:
    """Whether two birth dates may be one, mistyped or told; quick, for millions of pairs."""
    if a.day == b.day:
        return True
    apart = a.day.year - b.day.year
    if (a.is_guess or b.is_guess) and -TOLD_YEARS <= apart <= TOLD_YEARS:
        return True
    if apart == 0:
        if (a.day.day, a.day.month) == (b.day.month, b.day.day):
            return True
    elif a.digits[:4] == b.digits[:4] and -1 <= apart <= 1:
        return True
    return OSA.distance(a.digits, b.digits, score_cutoff=1) <= 1


def near_dates(born: date) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Dates a birth date is mistaken for: those people mix up, and those a finger slips into.

    First day and month swapped and the year one off; then one digit wrong, two neighbours swapped.
    """
    close = (
        _date(born.day, born.month, born.year),
        _date(born.month, born.day, born.year - 1),
        _date(born.month, born.day, born.year + 1),
    )
    first = tuple(dict.fromkeys(day for day in close if day and day != born))
    digits = f"{born.day:02d}{born.month:02d}{born.year:04d}"
    typed = (_date(int(d[2:4]), int(d[:2]), int(d[4:])) for d in one_slip_from(digits))
    slips = (day for day in typed if day and day != born and day not in first)
    return first, tuple(dict.fromkeys(slips))


def _date(month: int, day: int, year: int) -> date | None:
    if not ALL_YEARS.start <= year < ALL_YEARS.stop:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _words(name: str) -> tuple[str, ...]:
    """The words of a name that say something; an initial does not."""
    return tuple(word for word in name_keys(name) if len(word) > 1)[:MOST_WORDS]


def _joined(name: str) -> tuple[str, ...]:
    return joined_keys(name)[: MOST_WORDS - 1]


def _pairs(name: str) -> tuple[str, ...]:
    """Two words of the name in any order, and the whole of a short name written as one."""
    words = _words(name)
    pairs = [_pair(one, other) for one, other in combinations(words, 2)]
    if len(words) == 1:
        pairs.append(words[0])
    elif len(words) == 2:
        pairs += _joined(name)
    return tuple(dict.fromkeys(pairs))


def _pair(one: str, other: str) -> str:
    return f"{one} {other}" if one < other else f"{other} {one}"


def _years(year: int, off: int) -> range:
    return range(year - off, year + off + 1)


def _place(village: str) -> str:
    return "".join(name_keys(village))


def _dated(word: str, born: date) -> int:
    return _key(f"d{word}|{born.toordinal()}")


def _yearly(pair: str, year: int) -> int:
    return _key(f"y{pair}|{year}")


def _placed(word: str, place: str, band: int) -> int:
    return _key(f"v{word}|{place}|{band}")


def _mothered(word: str, born: date) -> int:
    return _key(f"m{word}|{born.toordinal()}")


def _key(text: str) -> int:
    digest = blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _tier(keys: Iterable[int], most: int) -> Tier:
    return Tier(tuple(dict.fromkeys(keys)), most)
