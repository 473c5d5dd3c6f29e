"""Rows of a table, one a person, read into `Person`; what cannot be read is refused by line.

Column names and answers in Indonesian or English. A row is refused as a whole, never half read: a
person counted with an answer that was dropped would shift every percentage unseen.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from simpul.domain.dates import MONTHS, MONTHS_SHORT
from simpul.domain.distribution import Person
from simpul.domain.findings import Finding

#: Every name a column may have, without case, spaces and signs.
COLUMNS: dict[str, tuple[str, ...]] = {
    "facility": (
        "facility", "fasilitas", "puskesmas", "namapuskesmas", "namafasilitas", "unitkerja",
        "tempatkerja", "tempattugas", "fasyankes", "namafasyankes", "faskes", "namafaskes",
        "uptdpuskesmas", "namauptdpuskesmas", "uptpuskesmas", "namauptpuskesmas", "pkm",
        "satuankerja", "satker", "namaunitkerja", "instansi", "facilityname", "healthfacility",
        "healthcentre", "healthcenter",
    ),
    "education": (
        "education", "pendidikan", "pendidikanterakhir", "latarbelakangpendidikan", "ijazah",
        "pendidikanakhir", "tingkatpendidikan", "jenjangpendidikan", "kualifikasipendidikan",
    ),
    "employment": (
        "employment", "employmentstatus", "status", "statuskepegawaian", "kepegawaian",
        "statuspegawai", "statusasn", "jenispegawai", "jeniskepegawaian",
    ),
    "trained": (
        "trained", "training", "pelatihan", "terlatih", "riwayatpelatihan", "pernahpelatihan",
        "sudahpelatihan",
    ),
    "years_of_service": (
        "yearsofservice", "tenure", "masakerja", "masakerjatahun", "lamakerja", "lamamasakerja",
        "lamabekerja",
    ),
    "started_on": (
        "startedon", "start", "startdate", "mulai", "mulaikerja", "mulaibekerja", "tanggalmulai",
        "tglmulai", "tmt", "sejak",
    ),
    "profession": ("profession", "profesi", "jenistenaga", "jabatan", "jenis"),
}  # fmt: skip
FIELD_OF = {name: field for field, names in COLUMNS.items() for name in names}

YES = frozenset({"ya", "y", "yes", "true", "1", "pernah", "sudah", "ada", "terlatih", "benar"})
NO = frozenset({
    "tidak", "t", "tdk", "no", "n", "false", "0", "belum", "belumpernah", "tidakpernah",
    "tidakada", "belumada", "salah",
})  # fmt: skip
UNKNOWN = frozenset(
    {"", "-", "–", "?", "tidak diketahui", "tidak tahu", "n/a", "na", "null", "none"}
)

LONGEST_SERVICE = 70
_LONGEST_TEXT = 120
_EARLIEST_YEAR = 1930
_NUMBER = re.compile(r"(\d{1,3}(?:[.,]\d{1,30})?)\s*(?:tahun|thn|th|years?|yrs?|y)?\.?")
_AGES = re.compile(r"(\d{1,2})\s*(?:tahun|thn|th)\.?\s*(\d{1,2})\s*(?:bulan|bln|bl)\.?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_WORDY = re.compile(r"(\d{1,2})\s+([a-z]+)\.?\s+(\d{4})")
_YEAR = re.compile(r"\d{4}")
_MONTH_OF = {
    **{name.lower(): at for at, name in enumerate(MONTHS, start=1)},
    **{name.lower(): at for at, name in enumerate(MONTHS_SHORT, start=1)},
}


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not counted: its line as the file numbers it, the column, and why."""

    line: int
    where: str
    code: str
    message: str


@dataclass(frozen=True)
class ReadPeople:
    """The people read, the rows refused, and columns whose names mean nothing here."""

    people: tuple[Person, ...]
    refused: tuple[RefusedRow, ...]
    ignored_columns: tuple[str, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the reader should know of the table as a whole."""
        if not self.ignored_columns:
            return ()
        names = ", ".join(self.ignored_columns[:20])
        return (Finding("columns_ignored", "info", "kolom", f"Kolom ini tidak dipakai: {names}."),)


class _Unread(Exception):
    def __init__(self, where: str, code: str, message: str) -> None:
        super().__init__(message)
        self.where, self.code, self.message = where, code, message


def read_people(rows: Iterable[tuple[int, Mapping[str, object]]], *, as_of: date) -> ReadPeople:
    """Read rows, each with its line number; tenure from `started_on` is counted up to `as_of`."""
    people: list[Person] = []
    refused: list[RefusedRow] = []
    ignored: dict[str, None] = {}
    for line, row in rows:
        named: dict[str, str] = {}
        for column, value in row.items():
            field = FIELD_OF.get(column_key(column))
            if field is None:
                ignored[str(column)[:40]] = None
            elif field not in named or not named[field]:
                named[field] = _text(value)
        if not any(named.values()):
            continue
        try:
            people.append(_person(named, as_of))
        except _Unread as trouble:
            refused.append(RefusedRow(line, trouble.where, trouble.code, trouble.message))
    return ReadPeople(tuple(people), tuple(refused), tuple(ignored))


def column_key(name: object) -> str:
    """What makes two column names one: case, spaces and signs do not count."""
    return "".join(sign for sign in str(name).casefold() if sign.isalnum())


def years_between(start: date, end: date) -> Fraction:
    """Return whole years, and the days since the last anniversary as a share of that year."""
    years = end.year - start.year - ((end.month, end.day) < (start.month, start.day))
    last, following = _anniversary(start, years), _anniversary(start, years + 1)
    return years + Fraction((end - last).days, (following - last).days)


def _anniversary(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February in a year without one
        return date(start.year + years, 3, 1)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = " ".join(str(value)[: _LONGEST_TEXT * 4].split())
    return "" if text.casefold() in UNKNOWN else text


def _person(named: Mapping[str, str], as_of: date) -> Person:
    for field, text in named.items():
        if len(text) > _LONGEST_TEXT:
            message = f"Terlalu panjang: paling banyak {_LONGEST_TEXT} huruf."
            raise _Unread(field, "too_long", message)
    facility = named.get("facility", "")
    if not any(sign.isalnum() for sign in facility):
        raise _Unread("facility", "facility_missing", "Nama fasilitas belum diisi.")
    return Person(
        facility=facility,
        education=named.get("education", ""),
        employment=named.get("employment", ""),
        trained=_trained(named.get("trained", "")),
        years_of_service=_service(named, as_of),
        profession=named.get("profession", ""),
    )


def _trained(text: str) -> bool | None:
    key = column_key(text)
    if key in YES:
        return True
    if key in NO:
        return False
    if not key:
        return None
    raise _Unread("trained", "trained_unreadable", f"“{text[:30]}” bukan ya atau tidak.")


def _service(named: Mapping[str, str], as_of: date) -> Fraction | None:
    years = named.get("years_of_service", "")
    if years:
        return read_years(years)
    started = named.get("started_on", "")
    return years_between(_start(started, as_of), as_of) if started else None


def read_years(text: str) -> Fraction:
    """Read years of service: `10`, `10,5`, `10 tahun`, `3 tahun 6 bulan`."""
    low = text.casefold()
    both = _AGES.fullmatch(low)
    if both is not None and int(both[2]) < 12:
        years = int(both[1]) + Fraction(int(both[2]), 12)
    else:
        found = _NUMBER.fullmatch(low)
        if found is None:
            raise _Unread(
                "years_of_service",
                "years_unreadable",
                f"“{text[:30]}” bukan lama kerja; tulis tahun, misalnya 10 atau 10,5.",
            )
        years = _exact(found[1])
    if years > LONGEST_SERVICE:
        raise _Unread(
            "years_of_service",
            "years_out_of_range",
            f"{text[:30]} tahun lebih dari {LONGEST_SERVICE}; periksa satuannya.",
        )
    return years


def _exact(digits: str) -> Fraction:
    try:
        return Fraction(Decimal(digits.replace(",", ".")))
    except InvalidOperation as trouble:  # pragma: no cover - the pattern allows digits only
        raise _Unread("years_of_service", "years_unreadable", "Bukan angka.") from trouble


def _start(text: str, as_of: date) -> date:
    day = _read_day(text.casefold())
    if day is None:
        raise _Unread(
            "started_on",
            "date_unreadable",
            f"“{text[:30]}” bukan tanggal; tulis 2015-03-01 atau 1/3/2015.",
        )
    if day > as_of:
        raise _Unread(
            "started_on", "date_in_future", f"{day.isoformat()} sesudah {as_of.isoformat()}."
        )
    return day


def _read_day(text: str) -> date | None:
    if found := _ISO.fullmatch(text):
        parts = (int(found[1]), int(found[2]), int(found[3]))
    elif found := _DAY_FIRST.fullmatch(text):
        parts = (int(found[3]), int(found[2]), int(found[1]))
    elif (found := _WORDY.fullmatch(text)) and found[2] in _MONTH_OF:
        parts = (int(found[3]), _MONTH_OF[found[2]], int(found[1]))
    elif _YEAR.fullmatch(text):
        parts = (int(text), 1, 1)
    else:
        return None
    try:
        day = date(*parts)
    except ValueError:
        return None
    return day if day.year >= _EARLIEST_YEAR else None
