"""How staff are distributed: education, employment, training, tenure; over all and per facility.

Descriptive statistics as a study of record staff does them (Kota Serang 2016: four aspects of 63
people), with what such studies leave out: n beside N, those not known as a row of their own,
the spread beside the mean, and the least and most of any facility, for a mean of 3 can hide a
place with nobody. Percentages are exact fractions; `spread.ordinary` is the named rounding.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rapidfuzz.distance import OSA

from simpul.domain.findings import Finding
from simpul.domain.spread import Spread, spread_of

#: Lower edges of the bands of tenure in years; each holds its lower edge and not the next.
TENURE_EDGES = (0, 5, 10, 15, 20, 25, 30)

#: Employment that counts as ASN (UU 20/2023 art. 5: PNS and PPPK; a CPNS is on the way to PNS).
ASN = frozenset({"pns", "cpns", "pppk", "asn"})
_SAME_EMPLOYMENT = {"p3k": "pppk", "pegawainegerisipil": "pns", "calonpns": "cpns"}
_DEGREE = re.compile(r"^\s*([ds])[\s.–-]*(iv|iii|ii|i)(?![a-z])")
_NUMBER = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_LIKE = 2
_LONG_ENOUGH = 6
_MOST_NAMES_COMPARED = 600


Key = Callable[[str], str]


@dataclass(frozen=True)
class Person:
    """One member of staff; "" and None mean not known. Nothing here says who it is."""

    facility: str
    education: str = ""
    employment: str = ""
    trained: bool | None = None
    years_of_service: Fraction | None = None
    profession: str = ""


@dataclass(frozen=True)
class Row:
    """One line of a table: n of N people, and the fewest and most in any one facility."""

    value: str
    n: int
    of: int
    facility_min: int
    facility_max: int
    is_missing: bool = False

    @property
    def percent(self) -> Fraction:
        """Exactly n / N × 100; of nobody it is 0."""
        return Fraction(100 * self.n, self.of) if self.of else Fraction(0)


@dataclass(frozen=True)
class Aspect:
    """One question asked of everybody: its rows, most first, and those not known last."""

    name: str
    rows: tuple[Row, ...]
    missing: Row

    @property
    def known(self) -> int:
        """How many have an answer."""
        return self.missing.of - self.missing.n


@dataclass(frozen=True)
class Band:
    """A span of tenure, from `low` up to but not including `high`, split by kind of employment."""

    low: int
    high: int | None
    asn: int
    other: int
    unknown: int

    @property
    def n(self) -> int:
        """Everybody in this band."""
        return self.asn + self.other + self.unknown

    @property
    def label(self) -> str:
        """`0–<5`, `≥30`."""
        return f"≥{self.low}" if self.high is None else f"{self.low}–<{self.high}"


@dataclass(frozen=True)
class Tenure:
    """Years of service: spread of those known, bands for a pyramid, those not known."""

    spread: Spread | None
    bands: tuple[Band, ...]
    missing: Row


@dataclass(frozen=True)
class Facility:
    """How many people one facility has, and its spread of tenure."""

    name: str
    n: int
    asn: int
    trained: int
    tenure: Spread | None


@dataclass(frozen=True)
class Distribution:
    """The whole description; `per_facility` is the spread of staff numbers, places with none too.

    `unnamed_facilities` are known to exist only by their number.
    """

    people: int
    aspects: tuple[Aspect, ...]
    asn: Row
    tenure: Tenure
    facilities: tuple[Facility, ...]
    unnamed_facilities: int
    per_facility: Spread | None
    findings: tuple[Finding, ...]

    def aspect(self, name: str) -> Aspect:
        """Return the aspect of this name."""
        return next(aspect for aspect in self.aspects if aspect.name == name)


def describe_staff(
    people: Sequence[Person], *, facilities: Iterable[str] = (), facility_count: int | None = None
) -> Distribution:
    """Describe the people.

    `facilities` names places that may have nobody; `facility_count` says how many there are where
    they are not all named. Without either only places that occur are counted, and it says so.
    """
    names = _common_spelling([*facilities, *(person.facility for person in people)])
    at = [place_key(person.facility) for person in people]
    named = list(dict.fromkeys([*(place_key(name) for name in facilities), *at]))
    unnamed = max(0, (facility_count or 0) - len(named))
    asn = [is_asn(person.employment) for person in people]
    counts = Counter(at)
    rows = _Rows(at, places=len(named) + unnamed)
    return Distribution(
        people=len(people),
        aspects=(
            rows.aspect("education", [person.education for person in people], education_key),
            rows.aspect("employment", [person.employment for person in people], employment_key),
            rows.aspect("trained", [_yes_no(person.trained) for person in people], _plain),
        ),
        asn=rows.row("ASN", [flag is True for flag in asn]),
        tenure=_tenure(people, asn, rows),
        facilities=_facilities(names, named, people, at),
        unnamed_facilities=unnamed,
        per_facility=spread_of([*(counts[key] for key in named), *([0] * unnamed)]),
        findings=tuple(_findings(people, names, facility_count, len(named), bool(facilities))),
    )


def is_asn(employment: str) -> bool | None:
    """Is this employment ASN?  None where it is not known."""
    key = employment_key(employment)
    return key in ASN if key else None


def place_key(name: str) -> str:
    """What makes two spellings one facility: case, spaces, signs and a leading word do not."""
    return re.sub(r"^(puskesmas|pkm|uptd|upt)+", "", _plain(name)) or _plain(name)


def education_key(text: str) -> str:
    """What makes two spellings one education: `D-III RMIK`, `D3 rmik`, `DIII RMIK`."""
    return _plain(_DEGREE.sub(lambda found: found[1] + _NUMBER[found[2]], text.casefold()))


def employment_key(text: str) -> str:
    """What makes two spellings one employment status: `P3K` is PPPK."""
    plain = _plain(text)
    return _SAME_EMPLOYMENT.get(plain, plain)


def _plain(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _yes_no(trained: bool | None) -> str:
    return {True: "ya", False: "tidak", None: ""}[trained]


class _Rows:
    """Counts answers over all people and per facility, in one pass over the people."""

    def __init__(self, at: Sequence[str], *, places: int) -> None:
        self.at = at
        self.places = places

    def row(self, value: str, has: Sequence[bool], *, is_missing: bool = False) -> Row:
        per_place = Counter(place for place, it_has in zip(self.at, has, strict=True) if it_has)
        return self._counted(value, per_place, is_missing=is_missing)

    def aspect(self, name: str, answers: Sequence[str], key: Key) -> Aspect:
        keys = [key(answer) for answer in answers]
        spelt = _common_spelling(answers, key)
        per_key: dict[str, Counter[str]] = {"": Counter()}
        for found, place in zip(keys, self.at, strict=True):
            per_key.setdefault(found, Counter())[place] += 1
        missing = self._counted("", per_key.pop(""), is_missing=True)
        rows = {one: self._counted(spelt[one], per_place) for one, per_place in per_key.items()}
        order = sorted(rows, key=lambda one: (-rows[one].n, one))
        return Aspect(name, tuple(rows[one] for one in order), missing)

    def _counted(self, value: str, per_place: Counter[str], *, is_missing: bool = False) -> Row:
        everywhere = len(per_place) >= self.places
        return Row(
            value=value,
            n=per_place.total(),
            of=len(self.at),
            facility_min=min(per_place.values(), default=0) if everywhere else 0,
            facility_max=max(per_place.values(), default=0),
            is_missing=is_missing,
        )


def _tenure(people: Sequence[Person], asn: Sequence[bool | None], rows: _Rows) -> Tenure:
    known = [person.years_of_service for person in people if person.years_of_service is not None]
    bands = []
    for low, high in zip(TENURE_EDGES, (*TENURE_EDGES[1:], None), strict=True):
        kinds = Counter(
            flag
            for person, flag in zip(people, asn, strict=True)
            if person.years_of_service is not None
            and low <= person.years_of_service
            and (high is None or person.years_of_service < high)
        )
        bands.append(Band(low, high, kinds[True], kinds[False], kinds[None]))
    missing = rows.row("", [one.years_of_service is None for one in people], is_missing=True)
    return Tenure(spread=spread_of(known), bands=tuple(bands), missing=missing)


def _facilities(
    names: dict[str, str], keys: Sequence[str], people: Sequence[Person], at: Sequence[str]
) -> tuple[Facility, ...]:
    staff: dict[str, list[Person]] = {key: [] for key in keys}
    for person, place in zip(people, at, strict=True):
        staff[place].append(person)
    return tuple(
        Facility(
            name=names[key],
            n=len(here),
            asn=sum(1 for person in here if is_asn(person.employment)),
            trained=sum(1 for person in here if person.trained),
            tenure=spread_of(
                [one.years_of_service for one in here if one.years_of_service is not None]
            ),
        )
        for key, here in staff.items()
    )


def _common_spelling(texts: Sequence[str], key: Key = place_key) -> dict[str, str]:
    """Return for each key the spelling used most; of equals the one that came first."""
    spellings: dict[str, Counter[str]] = {}
    for text in texts:
        spellings.setdefault(key(text), Counter())[" ".join(text.split())] += 1
    return {found: counts.most_common(1)[0][0] for found, counts in spellings.items()}


def _findings(
    people: Sequence[Person],
    names: dict[str, str],
    facility_count: int | None,
    named: int,
    all_named: bool,
) -> Iterator[Finding]:
    if facility_count is not None and facility_count < named:
        yield Finding(
            "facility_count_too_small",
            "warning",
            "jumlah fasilitas",
            f"Disebut {facility_count} fasilitas, tetapi {named} nama muncul; dipakai {named}.",
            str(named),
        )
    if people and facility_count is None and not all_named:
        yield Finding(
            "facilities_without_staff_unknown",
            "info",
            "jumlah fasilitas",
            "Rata-rata per fasilitas hanya atas fasilitas yang punya tenaga; sebut semua "
            "fasilitas agar yang kosong ikut terhitung.",
        )
    for one, other in look_alikes(names):
        yield Finding(
            "facility_names_alike",
            "warning",
            f"fasilitas {names[one]}",
            f"Mirip dengan {names[other]}. Bila satu tempat, samakan ejaannya.",
            names[other],
        )


def look_alikes(names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs of keys one or two letters apart, such as Sumbersari and Sumpersari.

    Names with digits are left alone (Puskesmas 1 and 2 are two places), so are short ones.
    """
    keys = [key for key in names if len(key) >= _LONG_ENOUGH and key.isalpha()]
    if len(keys) > _MOST_NAMES_COMPARED:
        return
    for place, one in enumerate(keys):
        for other in keys[place + 1 :]:
            likely = 1 if min(len(one), len(other)) < _LONG_ENOUGH + 2 else _LIKE
            if abs(len(one) - len(other)) <= likely and (
                OSA.distance(one, other, score_cutoff=likely) <= likely
            ):
                yield one, other
