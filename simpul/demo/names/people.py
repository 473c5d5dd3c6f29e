"""Made-up people and families, the same ones for the same seed.

Numbers that no living person can hold: the serial of every NIK and KK is 9000 or more, while the
civil registry counts up from 0001 for each day and kecamatan and does not come near; BPJS cards
begin with 0009, beyond the cards given out; telephones begin with 0840, a prefix no operator has.

A counter makes the numbers unique without remembering what was given out: it chooses the day of
the year and the serial together, so two counters never meet in both.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from simpul.demo.names.naming import Culture, Sex, make_name, pick_culture, pick_surname
from simpul.demo.names.villages import Village, list_villages

MOST_MEMBERS = 7
SLOT = MOST_MEMBERS + 1  # numbers per family: the members, and one for `make_person`
DAYS = 365
FIRST_SERIAL = 9000
SERIALS = 1000
UNIQUE_IN_REAL_DISTRICTS = DAYS * SERIALS
FIRST_UNUSED_DISTRICT = 40  # Jember has 31 kecamatan; codes from 40 are given to none
DAY_STEP = 151  # shares no factor with 365, so neighbours do not share a birthday

SHARE_WITHOUT_NIK = 0.15
SHARE_WITH_BPJS = 0.75
SHARE_FAMILIES_WITHOUT_KK = 0.05

AGE_BANDS = ((0, 0), (1, 4), (5, 9), (10, 17), (18, 29), (30, 44), (45, 59), (60, 74), (75, 92))
# Who comes to a Puskesmas: more infants and old people than live in the district.
AGE_WEIGHTS = (3, 9, 8, 11, 17, 20, 18, 11, 3)

RELIGION_CODES = ("islam", "protestant", "catholic", "hindu", "buddhist")
RELIGION_WEIGHTS: dict[Culture, tuple[int, ...]] = {
    "javanese": (960, 22, 12, 5, 1),
    "madurese": (999, 1, 0, 0, 0),
    "arabic": (1000, 0, 0, 0, 0),
    "chinese": (30, 520, 300, 0, 150),
    "batak": (150, 750, 100, 0, 0),
}

MALE_WORK = (
    ("farmer", 22), ("farm-labourer", 16), ("plantation-labourer", 6), ("builder", 7),
    ("trader", 9), ("self-employed", 10), ("employee", 9), ("driver", 6), ("fisher", 3),
    ("livestock-keeper", 3), ("factory-worker", 3), ("teacher", 2), ("civil-servant", 2),
    ("village-official", 1), ("religious-teacher", 1), ("migrant-worker", 1), ("none", 3),
)  # fmt: skip
FEMALE_WORK = (
    ("homemaker", 48), ("farm-labourer", 12), ("farmer", 8), ("trader", 10), ("tobacco-worker", 5),
    ("self-employed", 5), ("employee", 4), ("teacher", 3), ("domestic-worker", 2),
    ("migrant-worker", 1), ("civil-servant", 1), ("factory-worker", 1),
)  # fmt: skip

STREETS = (
    "Dusun Krajan", "Dusun Krajan Lor", "Dusun Krajan Kidul", "Dusun Sumberejo",
    "Dusun Karanganyar", "Dusun Curah Suko", "Dusun Gumuk Bago", "Dusun Tegal Gayam",
    "Dusun Kebonsari", "Dusun Watukebo", "Dusun Sumber Wadung", "Dusun Pondok Jeruk",
    "Jl. Melati", "Jl. Kenanga", "Jl. Mawar", "Jl. Masjid", "Jl. Pasar", "Jl. Sawah Indah",
    "Jl. Lumbung", "Jl. Tembakau", "Jl. Pesantren",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MadeUpPerson:
    """A person who does not exist, with what a counter would ask for."""

    name: str
    sex: Sex
    birth_date: date
    nik: str | None
    kk_number: str | None
    bpjs_number: str | None
    mother_name: str
    village: Village
    rt: str
    rw: str
    address: str
    phone: str
    occupation: str
    education: str
    religion: str
    marital_status: str


@dataclass(frozen=True, slots=True)
class _Household:
    """What all members of a family share."""

    culture: Culture
    surname: str | None
    religion: str
    village: Village
    rt: str
    rw: str
    address: str
    phone: str
    kk_number: str | None


def make_person(rng: Random, today: date, serial: int | None = None) -> MadeUpPerson:
    """One person living alone in their family card.

    Two different serials never share a number, nor does a person with any family of `make_family`.
    Without a serial one is drawn, and uniqueness is left to chance.
    """
    counter = rng.randrange(UNIQUE_IN_REAL_DISTRICTS // SLOT) if serial is None else serial
    household = _make_household(rng, counter * SLOT + MOST_MEMBERS)
    sex: Sex = rng.choice(("male", "female"))
    band = rng.choices(AGE_BANDS, AGE_WEIGHTS)[0]
    return _make_member(rng, today, household, counter * SLOT + MOST_MEMBERS, sex, band)


def make_family(rng: Random, today: date, serial: int) -> list[MadeUpPerson]:
    """One to seven people who share KK, village, RT/RW, address and telephone; parents first."""
    counter = serial * SLOT
    household = _make_household(rng, counter)
    kind = rng.choices(("alone", "couple", "children", "mother"), (8, 17, 65, 10))[0]
    if kind == "alone":
        sex: Sex = rng.choice(("male", "female"))
        person = _make_member(rng, today, household, counter, sex, (40, 85))
        return [replace(person, marital_status="widowed")]
    mother_age = rng.randint(46, 78) if kind == "couple" else rng.randint(20, 52)
    mother = _make_member(rng, today, household, counter, "female", (mother_age, mother_age))
    mother = replace(mother, marital_status="married")
    if kind == "mother":
        mother = replace(mother, marital_status=rng.choice(("divorced", "widowed")))
        parents = [mother]
    else:
        father_age = min(mother_age + rng.randint(-2, 8), 90)
        father = _make_member(rng, today, household, counter + 1, "male", (father_age, father_age))
        parents = [replace(father, marital_status="married"), mother]
    if kind == "couple":
        return parents
    return parents + _make_children(rng, today, household, counter + 2, mother_age, mother.name)


def _make_children(
    rng: Random, today: date, household: _Household, counter: int, mother_age: int, mother: str
) -> list[MadeUpPerson]:
    """One to five children, years apart, none born before the mother was about 18."""
    oldest = min(mother_age - 18, 24)
    children = []
    age = rng.randint(0, max(oldest, 0))
    for number in range(rng.choices((1, 2, 3, 4, 5), (28, 40, 22, 7, 3))[0]):
        if age < 0:
            break
        sex: Sex = rng.choice(("male", "female"))
        child = _make_member(rng, today, household, counter + number, sex, (age, age))
        children.append(replace(child, mother_name=mother, marital_status="single"))
        age -= rng.randint(2, 6)
    return children


def _make_household(rng: Random, counter: int) -> _Household:
    culture = pick_culture(rng)
    village = rng.choice(list_villages())
    kk_number = None
    if rng.random() >= SHARE_FAMILIES_WITHOUT_KK:
        day = _day_of_year(counter)
        issued = date(rng.randint(2009, 2023), 1, 1) + timedelta(days=day)
        kk_number = _registry_number(village, counter, f"{issued:%d%m%y}")
    rt, rw = rng.randint(1, 9), rng.randint(1, 30)
    return _Household(
        culture=culture,
        surname=pick_surname(rng, culture),
        religion=rng.choices(RELIGION_CODES, RELIGION_WEIGHTS[culture])[0],
        village=village,
        rt=f"{rt:03d}",
        rw=f"{rw:03d}",
        address=f"{rng.choice(STREETS)} No. {rng.randint(1, 180)}",
        phone=f"0840{counter % 10**8:08d}",
        kk_number=kk_number,
    )


def _make_member(
    rng: Random,
    today: date,
    household: _Household,
    counter: int,
    sex: Sex,
    ages: tuple[int, int],
) -> MadeUpPerson:
    birth_date = _birth_date(today, counter, rng.randint(*ages))
    age = _completed_years(birth_date, today)
    is_married = age >= 22 and rng.random() < 0.75
    mother_age = min(age + rng.randint(18, 38), 100)
    nik = _nik(household.village, counter, birth_date, sex)
    return MadeUpPerson(
        name=make_name(rng, household.culture, sex, age, household.surname),
        sex=sex,
        birth_date=birth_date,
        nik=nik if rng.random() >= SHARE_WITHOUT_NIK else None,
        kk_number=household.kk_number,
        bpjs_number=f"0009{counter % 10**9:09d}" if rng.random() < SHARE_WITH_BPJS else None,
        mother_name=make_name(rng, household.culture, "female", mother_age),
        village=household.village,
        rt=household.rt,
        rw=household.rw,
        address=household.address,
        phone=household.phone,
        occupation=_occupation(rng, sex, age),
        education=_education(rng, age),
        religion=household.religion,
        marital_status="married" if is_married else "single",
    )


def _day_of_year(counter: int) -> int:
    return counter * DAY_STEP % DAYS


def _birth_date(today: date, counter: int, age: int) -> date:
    """The date with the counter's day of the year on which somebody now `age` was born.

    29 February is never used: the day and the serial must stay the same in every year.
    """
    calendar = date(2001, 1, 1) + timedelta(days=_day_of_year(counter))  # 2001 has 365 days
    this_year = calendar.replace(year=today.year)
    year = today.year - age - (1 if this_year > today else 0)
    return calendar.replace(year=year)


def _completed_years(birth_date: date, today: date) -> int:
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (0 if had_birthday else 1)


def _nik(village: Village, counter: int, birth_date: date, sex: Sex) -> str:
    day = birth_date.day + (40 if sex == "female" else 0)
    return _registry_number(village, counter, f"{day:02d}{birth_date:%m%y}")


def _registry_number(village: Village, counter: int, date_digits: str) -> str:
    """District, date and serial. Past 365,000 counters the district is one that does not exist,
    because day and serial alone cannot tell more people apart."""
    rounds, within = divmod(counter, UNIQUE_IN_REAL_DISTRICTS)
    district = village.district_digits
    if rounds:
        district = f"{district[:4]}{FIRST_UNUSED_DISTRICT + rounds - 1:02d}"
    return f"{district}{date_digits}{FIRST_SERIAL + within // DAYS}"


def _occupation(rng: Random, sex: Sex, age: int) -> str:
    if age < 6:
        return "preschool"
    if age < 18 or (age < 23 and rng.random() < 0.4):
        return "pupil"
    if age >= 60 and rng.random() < 0.25:
        return rng.choice(("none", "retired"))
    codes, weights = zip(*(MALE_WORK if sex == "male" else FEMALE_WORK), strict=True)
    return str(rng.choices(codes, weights)[0])


def _education(rng: Random, age: int) -> str:
    """Finished schooling: the old have less of it, children only what their age allows."""
    if age < 13:
        return "none"
    if age < 16:
        return "primary"
    if age < 19:
        return "junior"
    codes = ("none", "primary", "junior", "senior", "diploma", "bachelor")
    weights = (25, 50, 12, 9, 1, 3) if age >= 55 else (4, 32, 27, 28, 3, 6)
    return rng.choices(codes, weights)[0]
