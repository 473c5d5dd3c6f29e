"""Staff against the norm: shortage and surplus of each profession, never the net alone.

    shortage = max(0, standard − have)        surplus = max(0, have − standard)
    filled   = Σ min(have, standard) / Σ standard

summed over professions, facilities or both: a ratio of sums, not a mean of ratios. The net (have −
standard = surplus − shortage) hides a missing dentist behind a spare midwife: the Jember study
(Dewanto et al., Table V) calls Tembokrejo ideal at net 0 while 8 posts of 7 professions are empty.

What is not stated is not zero: a profession without a figure has no gap and is not in any sum.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from typing import Literal, NamedTuple

from simpul.domain.findings import Finding, Meaningless
from simpul.domain.gap_seats import Counted, Wanted, count_posts
from simpul.domain.norms import Establishment, NormSet, Per, establishment
from simpul.domain.professions import in_table_order, profession_name

Count = Literal["all", "asn"]

COUNTS: dict[Count, str] = {"all": "Semua tenaga", "asn": "ASN saja"}


@dataclass(frozen=True, slots=True)
class FacilityStaff:
    """One facility with its people per profession; None or absent: not stated, which is not zero.

    `have` counts everybody, `have_asn` civil servants only (None: not known at all). `where` names
    the row for messages ("baris 7"); `ref` is any id the caller wants to find it by.
    """

    name: str
    category: str | None
    have: Mapping[str, int | None]
    have_asn: Mapping[str, int | None] | None = None
    inpatient: bool | None = None
    pustu: int | None = None
    villages: int | None = None
    population: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    where: str = ""
    ref: str = ""


class Gap(NamedTuple):
    """One profession in one place: None where something is not stated or the norm is silent."""

    profession: str
    have: int | None
    standard: int | None
    shortage: int | None
    surplus: int | None

    @property
    def filled(self) -> Fraction | None:
        """Return the filled share of the standard, or None where there is none."""
        if not self.standard or self.shortage is None:
            return None
        return Fraction(self.standard - self.shortage, self.standard)


class Sums(NamedTuple):
    """Sums over professions or facilities of everything that has both a figure and a standard."""

    have: int = 0
    standard: int = 0
    shortage: int = 0
    surplus: int = 0

    @property
    def net(self) -> int:
        """Return surplus less shortage; it never stands alone."""
        return self.surplus - self.shortage

    @property
    def filled(self) -> Fraction | None:
        """Return Σ min(have, standard) / Σ standard, or None where nothing is asked."""
        if not self.standard:
            return None
        return Fraction(self.standard - self.shortage, self.standard)


@dataclass(frozen=True, slots=True)
class FacilityGap:
    """One facility against the norm."""

    facility: FacilityStaff
    gaps: tuple[Gap, ...]
    sums: Sums
    short_professions: int
    not_stated: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def complete(self) -> bool | None:
        """Is every post filled? None where a profession of the norm is not stated."""
        if self.sums.shortage:
            return False
        return None if self.not_stated else True


class Refused(NamedTuple):
    """One facility that cannot be held against the norm, and why."""

    where: str
    name: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class GapStudy:
    """Many facilities against one norm: each, the totals, and what was refused."""

    norm: NormSet
    count: Count
    facilities: tuple[FacilityGap, ...]
    professions: Mapping[str, Sums]
    sums: Sums
    refused: tuple[Refused, ...] = ()
    findings: tuple[Finding, ...] = ()
    known: Mapping[str, int] = field(default_factory=dict)


def gap_study(
    facilities: Iterable[FacilityStaff], norm: NormSet, *, count: Count = "all"
) -> GapStudy:
    """Hold every facility against the norm; one that cannot be is refused, the others go on."""
    given = list(facilities)
    named = {code for each in given for code in _people(each, count)}
    absent = [code for code in norm.professions if code not in named] if given else []
    ruler = _Ruler(norm, count, frozenset(absent))
    done: list[FacilityGap] = []
    refused: list[Refused] = []
    for each in given:
        try:
            done.append(ruler.hold(each))
        except Meaningless as why:
            refused.append(Refused(each.where, each.name, why.code, why.message))
    totals, known = _per_profession(done)
    return GapStudy(
        norm,
        count,
        tuple(done),
        totals,
        _add(totals.values()),
        tuple(refused),
        tuple(_about(norm, absent, named, count)),
        known,
    )


def facility_gap(facility: FacilityStaff, norm: NormSet, *, count: Count = "all") -> FacilityGap:
    """Hold one facility against the norm; refuse with Meaningless where it has no table."""
    return _Ruler(norm, count, frozenset()).hold(facility)


def _people(facility: FacilityStaff, count: Count) -> Mapping[str, int | None]:
    return facility.have if count == "all" else facility.have_asn or {}


class _Ruler:
    """One norm and count, held against facility after facility; keeps what they share."""

    def __init__(self, norm: NormSet, count: Count, absent: frozenset[str]) -> None:
        self.norm = norm
        self.count = count
        #: Professions without a figure anywhere: told once for all, not at every facility.
        self.absent = absent
        self.by_inpatient = norm.by_inpatient
        self.tables: dict[tuple[str | None, bool], Establishment] = {}
        self.orders: dict[frozenset[str], list[str]] = {}
        self.known: dict[tuple[str, int | None, int | None], Gap] = {}

    def hold(self, facility: FacilityStaff) -> FacilityGap:
        kind = (facility.category, bool(facility.inpatient))
        table = self.tables.get(kind)
        if table is None:
            table = self.tables[kind] = establishment(self.norm, *kind)
        people = _people(facility, self.count)
        standard, notes = _standard(facility, table, people)
        if self.by_inpatient and facility.inpatient is None:
            notes.append(_inpatient_assumed(facility))
        order = self.order(standard, people)
        gaps, sums, short, not_stated = _compare(order, standard, people, self.known)
        for code in not_stated:
            if code not in self.absent:
                notes.append(_not_stated(facility, code))
        return FacilityGap(facility, gaps, sums, short, not_stated, tuple(notes))

    def order(self, standard: Mapping[str, int], people: Mapping[str, object]) -> list[str]:
        """Return the professions asked or present, in the order of the table."""
        named = frozenset((*standard, *people))
        order = self.orders.get(named)
        if order is None:
            order = self.orders[named] = in_table_order(named)
        return order


def _compare(
    order: Sequence[str],
    standard: Mapping[str, int],
    people: Mapping[str, int | None],
    known: dict[tuple[str, int | None, int | None], Gap],
) -> tuple[tuple[Gap, ...], Sums, int, tuple[str, ...]]:
    """Return gaps, their sums, how many professions are short, and which are not stated.

    The same few gaps come back at thousands of facilities: `known` keeps one of each.
    """
    gaps: list[Gap] = []
    not_stated: list[str] = []
    have_sum = standard_sum = short_sum = over_sum = kinds = 0
    for code in order:
        have, asked = people.get(code), standard.get(code)
        key = (code, have, asked)
        gap = known.get(key)
        if gap is None:
            gap = known[key] = _gap(code, have, asked)
        gaps.append(gap)
        if have is None or asked is None:
            if asked:
                not_stated.append(code)
            continue
        have_sum += have
        standard_sum += asked
        if have < asked:
            kinds += 1
            short_sum += asked - have
        else:
            over_sum += have - asked
    sums = Sums(have_sum, standard_sum, short_sum, over_sum)
    return tuple(gaps), sums, kinds, tuple(not_stated)


def _gap(code: str, have: int | None, asked: int | None) -> Gap:
    if have is None or asked is None:
        return Gap(code, have, asked, None, None)
    return Gap(code, have, asked, max(0, asked - have), max(0, have - asked))


def _standard(
    facility: FacilityStaff, table: Establishment, people: Mapping[str, int | None]
) -> tuple[Mapping[str, int], list[Finding]]:
    """Return people asked per profession, with what had to be assumed."""
    notes: list[Finding] = []
    asked = dict(table.fixed)
    times: dict[Per, int] = {"facility": 1}
    if table.counts_pustu:
        times["pustu"] = _units(facility, facility.pustu, "pustu", "Pustu", notes)
        for code, each in table.per_pustu.items():
            asked[code] = asked.get(code, 0) + each * times["pustu"]
    if table.counts_villages:
        times["village"] = _units(facility, facility.villages, "villages", "desa", notes)
        for code, each in table.per_village.items():
            asked[code] = asked.get(code, 0) + each * times["village"]
    if table.seats:
        _fill_seats(facility, table, times, asked, people, notes)
    for code, more in table.ranges.items():
        notes.append(_range(facility, code, asked[code], more, people.get(code)))
    return asked, notes


def _units(
    facility: FacilityStaff, number: int | None, name: str, label: str, notes: list[Finding]
) -> int:
    """Return the number of Pustu or villages; 1 where it is not given, and say so."""
    if number is not None:
        return number
    notes.append(
        Finding(
            "multiplier_assumed",
            "warning",
            f"{facility.name} › {name}",
            f"Jumlah {label} belum diisi, padahal standar ini menghitung per {label}. "
            f"Sementara dihitung 1 {label}; isi jumlahnya agar standarnya benar.",
        )
    )
    return 1


def _fill_seats(
    facility: FacilityStaff,
    table: Establishment,
    times: Mapping[Per, int],
    asked: dict[str, int],
    people: Mapping[str, int | None],
    notes: list[Finding],
) -> None:
    """Add the either/or posts to what is asked of each profession."""
    seats = table.seats
    spare = {
        code: (people.get(code) or 0) - asked.get(code, 0)
        for seat in seats
        for code in seat.professions
    }
    if all(spare[code] <= 0 for seat in seats for code in seat.professions[1:]):
        for seat in seats:  # nobody else to choose: the usual case, and the quick one
            first = seat.professions[0]
            asked[first] = asked.get(first, 0) + seat.count * times[seat.per]
        return
    posts = [Wanted(seat.professions, seat.count * times[seat.per], seat.label) for seat in seats]
    for counted in count_posts(posts, spare):
        asked[counted.profession] = asked.get(counted.profession, 0) + counted.number
        if counted.moved:
            notes.append(_either_or(facility, counted))


def _either_or(facility: FacilityStaff, counted: Counted) -> Finding:
    post = counted.wanted.label or "pilihan"
    who = profession_name(counted.profession).lower()
    return Finding(
        "either_or_used",
        "info",
        f"{facility.name} › {post}",
        f"Jabatan {post} dihitung pada {who}, karena tenaganya lebih di sini.",
    )


def _inpatient_assumed(facility: FacilityStaff) -> Finding:
    return Finding(
        "inpatient_assumed",
        "warning",
        f"{facility.name} › inpatient",
        "Rawat inap atau tidak belum diisi, padahal standar ini membedakannya. Sementara dihitung "
        "sebagai nonrawat inap (standar yang lebih rendah).",
    )


def _not_stated(facility: FacilityStaff, code: str) -> Finding:
    return Finding(
        "profession_not_stated",
        "warning",
        f"{facility.name} › {code}",
        f"Jumlah {profession_name(code).lower()} kosong; kosong bukan nol, jadi tidak ikut "
        "dihitung. Isi 0 bila memang tidak ada orangnya.",
    )


def _range(facility: FacilityStaff, code: str, asked: int, more: int, have: int | None) -> Finding:
    shown = f"{asked} atau {asked + more}"
    short = "" if have is None else f"{max(0, asked + more - have)} bila dihitung {asked + more}"
    return Finding(
        "norm_range",
        "info",
        f"{facility.name} › {code}",
        f"Sumber standar mencetak {shown} {profession_name(code).lower()}; dipakai {asked}.",
        f"kekurangan {short}" if short else "",
    )


def _about(
    norm: NormSet, absent: Sequence[str], named: Iterable[str], count: Count
) -> Iterable[Finding]:
    """Yield doubts about the whole: professions without a column, or without a standard."""
    for code in absent:
        what = "jumlah ASN" if count == "asn" else "jumlah"
        yield Finding(
            "profession_without_figures",
            "warning",
            code,
            f"Tidak ada {what} {profession_name(code).lower()} pada data ini, jadi tidak ikut "
            f"dihitung, padahal standar {norm.code} memintanya.",
        )
    for code in in_table_order(set(named) - set(norm.professions)):
        yield Finding(
            "profession_without_standard",
            "info",
            code,
            f"Standar {norm.code} tidak menyebut {profession_name(code).lower()}; jumlahnya "
            "ditampilkan, tetapi tidak dihitung sebagai kurang atau lebih.",
        )
    if not norm.verified:
        yield Finding("norm_unverified", "info", norm.code, norm.note)


def _per_profession(done: Iterable[FacilityGap]) -> tuple[dict[str, Sums], dict[str, int]]:
    """Return the sums of each profession and at how many facilities they were known."""
    running: dict[str, list[int]] = {}
    for gap, times in Counter(chain.from_iterable(each.gaps for each in done)).items():
        code, have, asked, short, over = gap
        if have is None or asked is None or short is None or over is None:
            continue
        sums = running.setdefault(code, [0, 0, 0, 0, 0])
        for place, number in enumerate((have, asked, short, over, 1)):
            sums[place] += number * times
    order = in_table_order(running)
    return {code: Sums(*running[code][:4]) for code in order}, {
        code: running[code][4] for code in order
    }


def _add(parts: Iterable[Sums]) -> Sums:
    have = standard = shortage = surplus = 0
    for part in parts:
        have += part.have
        standard += part.standard
        shortage += part.shortage
        surplus += part.surplus
    return Sums(have, standard, shortage, surplus)
