"""Cells of a staff list understood: dates in several shapes, education, status, units, years.

What is not understood raises `Unreadable` with a sentence; nothing is guessed.
"""

import re
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from simpul.domain.dates import read_birth_date
from simpul.domain.distribution_rows import NO, YES, column_key
from simpul.domain.errors import DomainError
from simpul.foundation.core.sheets import Cell
from simpul.foundation.facilities.models import STANDARD_UNITS
from simpul.foundation.register.models import Education, Employment, Lock
from simpul.foundation.register.sheets import as_text

#: What people write where they know nothing.
NOTHING = frozenset({"", "-", "–", "—", "?", "n/a", "na", "null", "none", "tidak ada", "kosong"})
#: Excel counts days from here; its serials of 1927–2064 are taken as dates, other numbers are not.
EXCEL_ZERO = date(1899, 12, 30)
EXCEL_SERIALS = range(10_000, 60_000)
_MONTHS_IN_ENGLISH = {
    "january": "jan", "february": "feb", "march": "mar", "april": "apr", "june": "jun",
    "july": "jul", "august": "aug", "september": "sep", "october": "oct", "november": "nov",
    "december": "dec",
}  # fmt: skip
_TIME_OF_DAY = re.compile(r"[t ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(z|[+-]\d{2}:?\d{2})?$")


class Unreadable(ValueError):
    """A cell that has no meaning in its column, with a sentence that says which."""


def read_text(cell: Cell) -> str:
    """Return a cell as tidy text; "-" and its like are empty."""
    text = as_text(cell)
    return "" if text.casefold() in NOTHING else text


def read_day(cell: Cell, *, today: date, ahead: bool = False) -> date | None:
    """Read a date: a date cell, an Excel serial, 2010-03-01, 01/03/2010, 1 Mar 2010, 1-3-10.

    Two digits of a year are the last such year up to today (`ahead`: the one of this century).
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = read_text(cell)
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text) in EXCEL_SERIALS and len(text) == 5:
        return EXCEL_ZERO + timedelta(days=int(text))
    tidy = _TIME_OF_DAY.sub("", text.casefold())
    tidy = re.sub(r"[a-z]+", lambda word: _MONTHS_IN_ENGLISH.get(word[0], word[0]), tidy)
    try:
        read = read_birth_date(tidy, today.replace(year=today.year + 40, day=1))
    except DomainError:
        raise _no_date(text) from None
    if read.estimated:
        raise _no_date(text)
    if read.value is not None:
        return read.value
    past = [day for day in read.options if day <= today]
    return max(read.options) if ahead or not past else max(past)


def _no_date(text: str) -> Unreadable:
    return Unreadable(
        _("“%(text)s” belum terbaca sebagai tanggal. Tulis lengkap, misalnya 01/03/2010.")
        % {"text": text[:30]}
    )


def read_birth_year(cell: Cell, *, today: date) -> int | None:
    """Read a year of birth from a year or a whole birth date."""
    text = read_text(cell)
    if not text:
        return None
    if re.fullmatch(r"(19|20)\d\d", text):
        return int(text)
    day = read_day(cell, today=today.replace(year=today.year - 15, day=1))
    return None if day is None else day.year


def read_trained(cell: Cell) -> bool | None:
    """Read yes or no."""
    key = column_key(read_text(cell))
    if not key:
        return None
    if key in YES or key in ("x", "v"):
        return True
    if key in NO:
        return False
    raise Unreadable(_("“%(text)s” bukan ya atau tidak.") % {"text": read_text(cell)[:30]})


def read_trainings(cell: Cell) -> tuple[bool | None, tuple[str, ...]]:
    """Read names of trainings, or a plain yes or no where that stands in their column."""
    text = read_text(cell)
    key = column_key(text)
    if not key:
        return None, ()
    if key in YES:
        return True, ()
    if key in NO:
        return False, ()
    return True, tuple(title.strip() for title in re.split(r"[;,\n]", text) if title.strip())


_DEGREE = re.compile(r"^(d|s)[\s.–-]*(iv|iii|ii|i|[1-4])(?![a-z0-9])")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_EDUCATION_WORDS = (
    (("spesialis", "sp"), Education.SPECIALIST),
    (("profesi", "ners", "apoteker", "dokter", "dr", "drg"), Education.PROFESSION),
    (("doktor",), Education.S3),
    (("magister", "master"), Education.S2),
    (("sarjana", "bachelor"), Education.S1),
    (("diploma",), Education.D3),
    (("sd", "smp", "sltp", "sma", "smu", "slta", "smk", "smf", "spk", "man", "paket"),
     Education.SCHOOL),
)  # fmt: skip


def read_education(cell: Cell) -> str:
    """Read the highest education: `D-III Kebidanan`, `S1`, `Profesi Ners`, `SMA`."""
    text = read_text(cell)
    low = text.casefold()
    if not low:
        return ""
    if low in Education.values:
        return low
    known = {str(label).casefold(): code for code, label in Education.choices}
    if low in known:
        return str(known[low])
    found = _DEGREE.match(low)
    if found is not None:
        code = found[1] + _ROMAN.get(found[2], found[2])
        if "ners" in low or "profesi" in low:
            return Education.PROFESSION.value
        code = {"d2": Education.D1.value}.get(code, code)
        if code in Education.values:
            return code
    words = re.findall(r"[a-z]+", low)
    for names, value in _EDUCATION_WORDS:
        if any(word in names for word in words):
            return value.value
    raise Unreadable(
        _("Pendidikan “%(text)s” tidak dikenal. Tulis misalnya SMA, D3, D4, S1, Profesi, S2.")
        % {"text": text[:30]}
    )


_EMPLOYMENT = {
    Employment.PNS: ("pns", "cpns", "calonpns", "pegawainegerisipil", "civilservant"),
    Employment.PPPK: ("pppk", "p3k", "pegawaipemerintahdenganperjanjiankerja"),
    Employment.BLUD: ("blud", "kontrakblud", "pegawaiblud", "blu", "nonasnblud"),
    Employment.CONTRACT: (
        "kontrak", "ptt", "kontrakptt", "pegawaitidaktetap", "nonasn", "nonpns", "thl",
        "tenagaharianlepas", "tks", "nusantarasehat", "contract", "kontrakdaerah",
    ),
    Employment.HONORARY: ("honorer", "honor", "honorerdaerah", "honda", "gtt", "honorary"),
    Employment.VOLUNTEER: ("sukarela", "sukarelawan", "sukwan", "magang", "volunteer",
                           "sukarelawanmagang"),
}  # fmt: skip
_STATUS = {name: code.value for code, names in _EMPLOYMENT.items() for name in names}


def read_employment(cell: Cell) -> str:
    """Read how a person is employed; "ASN" alone is refused, for it may be PNS or PPPK."""
    text = read_text(cell)
    key = column_key(text)
    if not key:
        return ""
    if key in _STATUS:
        return _STATUS[key]
    if key == "asn":
        raise Unreadable(_("Status “ASN” belum jelas: tulis PNS atau PPPK."))
    raise Unreadable(
        _("Status “%(text)s” tidak dikenal. Tulis PNS, PPPK, BLUD, kontrak, honorer, sukarela.")
        % {"text": text[:30]}
    )


_LOCKS = {
    "keluarga": Lock.FAMILY, "alasankeluarga": Lock.FAMILY, "family": Lock.FAMILY,
    "masatugas": Lock.TENURE, "terikatmasatugas": Lock.TENURE, "tenure": Lock.TENURE,
    "tugasbelajar": Lock.STUDY, "study": Lock.STUDY, "lain": Lock.OTHER, "alasanlain": Lock.OTHER,
    "ya": Lock.OTHER, "other": Lock.OTHER,
}  # fmt: skip


def read_lock(cell: Cell) -> str:
    """Read why a person cannot be moved."""
    text = read_text(cell)
    key = column_key(text)
    if not key or key in NO:
        return ""
    if key in _LOCKS:
        return _LOCKS[key].value
    raise Unreadable(
        _("Alasan “%(text)s” tidak dikenal. Tulis keluarga, masa tugas, tugas belajar, atau lain.")
        % {"text": text[:30]}
    )


_UNITS = {
    column_key(word): code
    for code, name, *_rest in STANDARD_UNITS
    for word in (code, name, name.replace("Poli ", ""))
}


def read_units(cell: Cell) -> tuple[str, ...]:
    """Read units by code or name, with commas between."""
    found = []
    for word in re.split(r"[;,/+]", read_text(cell)):
        if not word.strip():
            continue
        code = _UNITS.get(column_key(word))
        if code is None:
            raise Unreadable(
                _("Unit “%(text)s” tidak dikenal. Tulis kodenya, misalnya umum, kia, farmasi.")
                % {"text": word.strip()[:30]}
            )
        found.append(code)
    return tuple(dict.fromkeys(found))
