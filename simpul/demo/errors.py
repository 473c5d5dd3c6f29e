"""Made-up people arriving a second time: with less to show, and with the slips of a real counter.

Each slip has a name and a weight, by how often such things are said to happen; the weights are an
assumption, not a measurement. The same generator gives the same people and slips.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from simpul.demo.names.naming import make_name, pick_culture
from simpul.demo.names.people import MadeUpPerson
from simpul.demo.names.villages import list_villages
from simpul.domain.dates import read_birth_date
from simpul.domain.identity import FEMALE_DAY_OFFSET, Sex, normalise_phone
from simpul.domain.matching_records import PersonKey
from simpul.domain.names import split_titles

#: How often a field is not at hand when the person arrives again.
LACKS = (
    ("nik", 0.35), ("bpjs", 0.40), ("mother_name", 0.50), ("kk", 0.55), ("phone", 0.45),
    ("rt", 0.30), ("village", 0.08), ("sex", 0.03),
)  # fmt: skip

_SOUNDS = (
    ("U", "OE"), ("J", "DJ"), ("C", "TJ"), ("Y", "J"), ("SY", "S"), ("Z", "S"), ("F", "P"),
    ("V", "F"), ("KH", "H"), ("Q", "K"), ("AI", "AE"), ("H", ""), ("DH", "D"), ("TH", "T"),
    ("O", "U"), ("E", "I"), ("OE", "U"), ("DJ", "J"), ("TJ", "C"),
)  # fmt: skip
_TITLES = ("H. ", "HJ. ", "TN. ", "NY. ", "BPK. ", "IBU ", "AN. ", "KH. ")
_MUHAMAD = ("MOH.", "MUH.", "M.", "MOCH.", "MUHAMMAD", "MOHAMAD", "MUHAMAD")
_LETTERS = "AEIOUNRSTLMKDIH"


def key_of(person: MadeUpPerson) -> PersonKey:
    """A made-up person as a clerk with all papers in hand would have stored them."""
    _, bare = split_titles(person.name)
    return PersonKey(
        name=(bare or person.name).upper(),
        birth_date=person.birth_date,
        sex=person.sex,
        nik=person.nik or "",
        bpjs=person.bpjs_number or "",
        mother_name=person.mother_name.upper(),
        village=person.village.name,
        rt=person.rt,
        rw=person.rw,
        kk=person.kk_number or "",
        phone=normalise_phone(person.phone),
    )


def arrive_again(rng: Random, known: PersonKey, slips: int) -> tuple[PersonKey, tuple[str, ...]]:
    """The same person at the counter another day: some fields lacking, so many slips made.

    Returns what is typed and the names of the slips, which may be fewer where nothing more fits.
    """
    return make_slips(rng, leave_out(rng, known), slips)


def leave_out(rng: Random, known: PersonKey) -> PersonKey:
    """A person without the papers left at home and the answers not known."""
    gone = {name for name, share in LACKS if rng.random() < share}
    return replace(
        known,
        nik="" if "nik" in gone else known.nik,
        bpjs="" if "bpjs" in gone else known.bpjs,
        mother_name="" if "mother_name" in gone else known.mother_name,
        kk="" if "kk" in gone else known.kk,
        phone="" if "phone" in gone else known.phone,
        rt="" if "rt" in gone else known.rt,
        rw="" if "rt" in gone else known.rw,
        village="" if "village" in gone else known.village,
        sex=None if "sex" in gone else known.sex,
    )


def make_slips(rng: Random, key: PersonKey, slips: int) -> tuple[PersonKey, tuple[str, ...]]:
    """So many different slips, one after the other; each changes something."""
    made: list[str] = []
    open_ = list(SLIPS)
    while len(made) < slips and open_:
        slip = rng.choices(open_, [one.weight for one in open_])[0]
        open_.remove(slip)
        changed = slip.make(rng, key)
        if changed != key:
            key = changed
            made.append(slip.name)
    return key, tuple(made)


def twin_of(rng: Random, person: PersonKey) -> PersonKey:
    """A brother or sister born the same day, numbered next; half of them sound alike."""
    sex: Sex = rng.choice(("male", "female"))
    words = person.name.split()
    culture = pick_culture(rng)
    if rng.random() < 0.5:
        # Parents like to rhyme: Hasan and Husen, Siti Aminah and Siti Amini.
        words[-1] = words[-1][: max(3, len(words[-1]) // 2)] + rng.choice(("AN", "I", "IN", "UN"))
    else:
        words[0] = make_name(rng, culture, sex, 5).upper().split()[0]
    nik = person.nik
    if nik:
        nik = f"{nik[:12]}{int(nik[12:]) % 9999 + 1:04d}"
        if sex != person.sex:
            day = int(nik[6:8]) + (FEMALE_DAY_OFFSET if sex == "female" else -FEMALE_DAY_OFFSET)
            nik = f"{nik[:6]}{day:02d}{nik[8:]}"
    return replace(person, name=" ".join(words), sex=sex, nik=nik, bpjs=_other_number(person.bpjs))


def namesake_of(rng: Random, parent: PersonKey) -> PersonKey:
    """A child who bears the parent's name and lives in the same house."""
    assert parent.birth_date is not None  # noqa: S101 - a stored person has one
    born = parent.birth_date + timedelta(days=365 * rng.randint(18, 38) + rng.randint(0, 364))
    nik = f"{parent.nik[:6]}{born:%d%m%y}{rng.randint(9000, 9999)}" if parent.nik else ""
    mother = make_name(rng, pick_culture(rng), "female", 45).upper()
    return replace(
        parent, birth_date=born, nik=nik, bpjs=_other_number(parent.bpjs), mother_name=mother
    )


def _other_number(number: str) -> str:
    return number and f"{number[:4]}{(int(number[4:]) + 7_654_321) % 10**9:09d}"


def _old_spelling(rng: Random, key: PersonKey) -> PersonKey:
    fit = [(old, new) for old, new in _SOUNDS if old in key.name]
    if not fit:
        return key
    old, new = rng.choice(fit)
    name = " ".join(key.name.replace(old, new, 1).split())
    return replace(key, name=name) if len(name) > 2 else key


def _muhamad(rng: Random, key: PersonKey) -> PersonKey:
    words = key.name.split()
    if len(words) > 1 and words[0].rstrip(".") in {form.rstrip(".") for form in _MUHAMAD}:
        others = [form for form in _MUHAMAD if form != words[0]]
        return replace(key, name=" ".join([rng.choice(others), *words[1:]]))
    return key


def _long_word(rng: Random, name: str) -> tuple[list[str], int]:
    words = name.split()
    long = [at for at, word in enumerate(words) if len(word) > 3]
    return words, rng.choice(long) if long else -1


def _letters(change: Callable[[Random, str], str]) -> Callable[[Random, PersonKey], PersonKey]:
    """A slip in one long word of the name."""

    def slip(rng: Random, key: PersonKey) -> PersonKey:
        words, at = _long_word(rng, key.name)
        if at < 0:
            return key
        words[at] = change(rng, words[at])
        return replace(key, name=" ".join(words))

    return slip


def _swap(rng: Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _wrong(rng: Random, word: str) -> str:
    at = rng.randrange(len(word))
    return word[:at] + rng.choice(_LETTERS) + word[at + 1 :]


def _drop(rng: Random, word: str) -> str:
    at = rng.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def _move_space(rng: Random, key: PersonKey) -> PersonKey:
    words, at = _long_word(rng, key.name)
    if len(words) > 1 and rng.random() < 0.6:
        joined = rng.randrange(len(words) - 1)
        words[joined : joined + 2] = ["".join(words[joined : joined + 2]).replace(".", "")]
    elif at >= 0 and len(words[at]) > 5:
        cut = rng.randrange(3, len(words[at]) - 2)
        words[at : at + 1] = [words[at][:cut], words[at][cut:]]
    return replace(key, name=" ".join(words))


def _initial(rng: Random, key: PersonKey) -> PersonKey:
    words = key.name.split()
    if len(words) < 2:
        return key
    at = rng.randrange(1, len(words))
    words[at] = words[at][0]
    return replace(key, name=" ".join(words))


def _word_left_out(rng: Random, key: PersonKey) -> PersonKey:
    words = key.name.split()
    if len(words) < 2:
        return key
    del words[rng.randrange(len(words))]
    return replace(key, name=" ".join(words)) if len(" ".join(words)) > 2 else key


def _title(rng: Random, key: PersonKey) -> PersonKey:
    return replace(key, name=rng.choice(_TITLES) + key.name)


def _redated(key: PersonKey, **change: int) -> PersonKey:
    if key.birth_date is None or key.birth_date_estimated:
        return key
    try:
        return replace(key, birth_date=key.birth_date.replace(**change))
    except ValueError:
        return key


def _day_month(_rng: Random, key: PersonKey) -> PersonKey:
    born = key.birth_date
    return _redated(key, day=born.month, month=born.day) if born and born.day <= 12 else key


def _year_off(rng: Random, key: PersonKey) -> PersonKey:
    return _redated(key, year=key.birth_date.year + rng.choice((-1, 1))) if key.birth_date else key


def _date_digit(rng: Random, key: PersonKey) -> PersonKey:
    if key.birth_date is None or key.birth_date_estimated:
        return key
    digits = f"{key.birth_date:%d%m}{key.birth_date.year:04d}"
    typed = _digit(rng, digits)
    try:
        born = date(int(typed[4:]), int(typed[2:4]), int(typed[:2]))
    except ValueError:
        return key
    return replace(key, birth_date=born) if 1900 < born.year < 2027 else key


def _only_year(_rng: Random, key: PersonKey) -> PersonKey:
    if key.birth_date is None:
        return key
    read = read_birth_date(str(key.birth_date.year), date(key.birth_date.year + 1, 1, 1))
    return replace(key, birth_date=read.value, birth_date_estimated=True)


def _only_age(rng: Random, key: PersonKey) -> PersonKey:
    """An age is told in years; the old say it in round numbers."""
    if key.birth_date is None:
        return key
    off = rng.choice((-2, -1, 0, 0, 0, 1, 2))
    born = key.birth_date + timedelta(days=365 * off + rng.randint(-180, 180))
    return replace(key, birth_date=born, birth_date_estimated=True)


def _digit(rng: Random, number: str) -> str:
    """One digit wrong, or two neighbours swapped."""
    at = rng.randrange(len(number))
    if rng.random() < 0.4 and at + 1 < len(number):
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[:at] + rng.choice("0123456789") + number[at + 1 :]


def _nik_digit(rng: Random, key: PersonKey) -> PersonKey:
    return replace(key, nik=_digit(rng, key.nik)) if key.nik else key


def _bpjs_digit(rng: Random, key: PersonKey) -> PersonKey:
    return replace(key, bpjs=_digit(rng, key.bpjs)) if key.bpjs else key


def _other_date(rng: Random, key: PersonKey) -> PersonKey:
    """The day put down when nobody knew it: 1 January, 1 July, 31 December of some year."""
    if key.birth_date is None or key.birth_date_estimated:
        return key
    month, day = rng.choice(((1, 1), (7, 1), (12, 31)))
    year = min(key.birth_date.year + rng.randint(-3, 3), 2024)
    return replace(key, birth_date=date(year, month, day))


def _other_nik(rng: Random, key: PersonKey) -> PersonKey:
    """The number of another row of the family card."""
    if not key.nik:
        return key
    return replace(key, nik=f"{key.nik[:6]}{_any_date(rng)}{rng.randint(9000, 9999)}")


def _other_card(rng: Random, key: PersonKey) -> PersonKey:
    return replace(key, bpjs=f"0009{rng.randrange(10**9):09d}") if key.bpjs else key


def _any_date(rng: Random) -> str:
    return f"{rng.randint(1, 28):02d}{rng.randint(1, 12):02d}{rng.randint(0, 99):02d}"


def _mother(rng: Random, key: PersonKey) -> PersonKey:
    """The mother's name misspelt, shortened, or another woman's (a grandmother answered)."""
    if not key.mother_name:
        return key
    if rng.random() < 0.15:
        return replace(key, mother_name=make_name(rng, pick_culture(rng), "female", 60).upper())
    change = rng.choice((_old_spelling, _word_left_out, _initial, _letters(_wrong)))
    return replace(key, mother_name=change(rng, replace(key, name=key.mother_name)).name)


def _moved(rng: Random, key: PersonKey) -> PersonKey:
    """Another village, house and, for half of them, family card."""
    if not key.village:
        return key
    village = rng.choice(list_villages())
    kk = _digit(rng, key.kk[:12]) + f"{rng.randrange(9000, 9999)}" if key.kk else ""
    return replace(
        key,
        village=village.name,
        rt=key.rt and f"{rng.randint(1, 9):03d}",
        rw=key.rw and f"{rng.randint(1, 30):03d}",
        kk=kk if rng.random() < 0.5 else key.kk,
    )


def _house(rng: Random, key: PersonKey) -> PersonKey:
    return replace(key, rt=f"{rng.randint(1, 9):03d}") if key.rt else key


def _new_phone(rng: Random, key: PersonKey) -> PersonKey:
    return replace(key, phone=f"+62840{rng.randrange(10**8):08d}") if key.phone else key


def _wrong_sex(_rng: Random, key: PersonKey) -> PersonKey:
    return replace(key, sex="male" if key.sex == "female" else "female") if key.sex else key


@dataclass(frozen=True, slots=True)
class Slip:
    """One kind of slip, and how often it happens beside the others."""

    name: str
    weight: float
    make: Callable[[Random, PersonKey], PersonKey]


SLIPS = (
    Slip("spelling", 14, _old_spelling),
    Slip("muhamad", 6, _muhamad),
    Slip("letters-swapped", 4, _letters(_swap)),
    Slip("letter-wrong", 6, _letters(_wrong)),
    Slip("letter-dropped", 5, _letters(_drop)),
    Slip("space-moved", 5, _move_space),
    Slip("initial", 4, _initial),
    Slip("word-left-out", 6, _word_left_out),
    Slip("title", 4, _title),
    Slip("day-month", 4, _day_month),
    Slip("year-off", 5, _year_off),
    Slip("date-digit", 5, _date_digit),
    Slip("other-date", 2, _other_date),
    Slip("only-year", 4, _only_year),
    Slip("only-age", 6, _only_age),
    Slip("nik-digit", 8, _nik_digit),
    Slip("bpjs-digit", 4, _bpjs_digit),
    Slip("other-nik", 2, _other_nik),
    Slip("other-card", 1, _other_card),
    Slip("mother", 7, _mother),
    Slip("moved", 6, _moved),
    Slip("house", 5, _house),
    Slip("new-phone", 8, _new_phone),
    Slip("wrong-sex", 1, _wrong_sex),
)
