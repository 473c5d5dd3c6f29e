"""Staffing norms as data: how many of which profession a Puskesmas must have, and who says so.

A norm set is a list of posts with its legal source, the time it was in force, and the categories of
facility it has a table for. A post may be counted once per facility, per Pustu or per village, may
be open to one of several professions ("Kepala: dokter atau SKM"), and may stand only in facilities
with or without inpatient care. Three sets are shipped (see `norms_shipped`); users add others.

Nothing is filled in where a source is silent: a facility whose category the norm has no table for
has no standard, and is refused by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from simpul.domain.findings import Meaningless
from simpul.domain.professions import plain

Per = Literal["facility", "pustu", "village"]

#: Kinds of area, old (Permenkes 75/2014: perkotaan, pedesaan, terpencil, sangat terpencil) and new
#: (tidak terpencil, terpencil, sangat terpencil), and the two others of Kepmenkes 81/2004.
CATEGORIES: dict[str, str] = {
    "perkotaan": "Perkotaan",
    "pedesaan": "Pedesaan",
    "tidak_terpencil": "Tidak terpencil",
    "terpencil": "Terpencil",
    "sangat_terpencil": "Sangat terpencil",
    "kepulauan": "Kepulauan atau perbatasan",
    "strategis": "Strategis",
}

_CATEGORY_WORDS: dict[str, str] = {
    "perkotaan": "perkotaan",
    "kota": "perkotaan",
    "urban": "perkotaan",
    "city": "perkotaan",
    "pedesaan": "pedesaan",
    "perdesaan": "pedesaan",
    "desa": "pedesaan",
    "rural": "pedesaan",
    "tidak terpencil": "tidak_terpencil",
    "bukan terpencil": "tidak_terpencil",
    "non terpencil": "tidak_terpencil",
    "not remote": "tidak_terpencil",
    "terpencil": "terpencil",
    "remote": "terpencil",
    "sangat terpencil": "sangat_terpencil",
    "very remote": "sangat_terpencil",
    "kepulauan": "kepulauan",
    "perbatasan": "kepulauan",
    "kepulauan perbatasan": "kepulauan",
    "kepulauan atau perbatasan": "kepulauan",
    "islands": "kepulauan",
    "island": "kepulauan",
    "border": "kepulauan",
    "strategis": "strategis",
    "strategic": "strategis",
}


def find_category(text: str) -> str | None:
    """Return the code of a kind of area as people write it ("Perdesaan", "urban"), or None."""
    words = plain(text)
    for leading in ("puskesmas ", "kawasan ", "daerah ", "di daerah "):
        words = words.removeprefix(leading)
    return _CATEGORY_WORDS.get(words)


@dataclass(frozen=True, slots=True)
class Post:
    """Posts of one kind: how many, for whom, counted per what, and in which facilities.

    More than one profession: an either/or post; it is counted on the first unless another of them
    has people to spare. `categories` empty: every category. `inpatient` None: with and without.
    `high`: the upper end where the source gives a range; `count` is then the lower end.
    """

    professions: tuple[str, ...]
    count: int
    label: str = ""
    per: Per = "facility"
    categories: tuple[str, ...] = ()
    inpatient: bool | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class NormSet:
    """One norm: its posts, where they stand in law or elsewhere, and from when to when.

    `valid_from` and `valid_until` are both included; where only the year is known the first and
    the last day of it, and `note` says so. `verified` False: the legal text itself was not seen.
    """

    code: str
    name: str
    source: str
    posts: tuple[Post, ...]
    valid_from: date | None = None
    valid_until: date | None = None
    categories: tuple[str, ...] = ()
    verified: bool = False
    note: str = ""
    version: int = 1

    @property
    def professions(self) -> tuple[str, ...]:
        """Return every profession the norm has a post for, in the order of its posts."""
        return tuple(dict.fromkeys(code for post in self.posts for code in post.professions))

    @property
    def by_category(self) -> bool:
        """Does any post depend on the category of the facility?"""
        return any(post.categories for post in self.posts)

    @property
    def by_inpatient(self) -> bool:
        """Does any post depend on inpatient care?"""
        return any(post.inpatient is not None for post in self.posts)

    def in_force(self, on: date) -> bool:
        """Was the norm in force on that day?"""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Seat:
    """An either/or post as it stands in one kind of facility."""

    professions: tuple[str, ...]
    count: int
    per: Per
    label: str


@dataclass(frozen=True, slots=True)
class Establishment:
    """What a norm asks of one kind of facility, sorted for counting.

    `fixed`, `per_pustu`, `per_village` give profession → people; `seats` are the either/or posts;
    `ranges` give profession → how many more the upper end of the source would ask; the last two say
    whether the number of Pustu and of villages matters here.
    """

    fixed: Mapping[str, int]
    per_pustu: Mapping[str, int]
    per_village: Mapping[str, int]
    seats: tuple[Seat, ...]
    ranges: Mapping[str, int]
    counts_pustu: bool
    counts_villages: bool


def establishment(norm: NormSet, category: str | None, inpatient: bool) -> Establishment:
    """Return what the norm asks of a facility of that kind; refuse a kind it has no table for."""
    _check_category(norm, category)
    sums: dict[Per, dict[str, int]] = {"facility": {}, "pustu": {}, "village": {}}
    ranges: dict[str, int] = {}
    seats = []
    for post in norm.posts:
        if post.categories and category not in post.categories:
            continue
        if post.inpatient is not None and post.inpatient != inpatient:
            continue
        if len(post.professions) > 1:
            seats.append(Seat(post.professions, post.count, post.per, post.label))
            continue
        code = post.professions[0]
        into = sums[post.per]
        into[code] = into.get(code, 0) + post.count
        if post.high is not None and post.high > post.count:
            ranges[code] = ranges.get(code, 0) + post.high - post.count
    return Establishment(
        sums["facility"],
        sums["pustu"],
        sums["village"],
        tuple(seats),
        ranges,
        bool(sums["pustu"]) or any(seat.per == "pustu" for seat in seats),
        bool(sums["village"]) or any(seat.per == "village" for seat in seats),
    )


def _check_category(norm: NormSet, category: str | None) -> None:
    if category is None:
        if norm.by_category:
            raise Meaningless(
                "category_missing",
                "category",
                f"Kategori belum diisi, padahal standar {norm.code} berbeda menurut kategori "
                f"({_names(norm.categories)}).",
            )
        return
    if norm.categories and category not in norm.categories:
        raise Meaningless(
            "category_without_table",
            "category",
            f"Standar {norm.code} tidak mempunyai tabel untuk kategori "
            f"{CATEGORIES.get(category, category)}, hanya untuk {_names(norm.categories)}. "
            "Pilih standar lain, atau tambahkan standar sendiri dengan sumbernya.",
        )


def _names(categories: tuple[str, ...]) -> str:
    return ", ".join(CATEGORIES.get(code, code).lower() for code in categories)
