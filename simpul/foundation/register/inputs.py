"""What is typed about a person on the staff, and what may not be stored of it."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from simpul.domain.dates import format_date
from simpul.domain.professions import PROFESSIONS
from simpul.foundation.core.errors import Problem
from simpul.foundation.register.models import Education, Employment, Lock

YOUNGEST_AT_WORK = 15
OLDEST_AT_WORK = 90
FIRST_YEAR = 1950
LONGEST = {"name": 120, "number": 30, "note": 200}
MOST_TRAININGS = 20
LONGEST_TRAINING = 80
NIP_DIGITS = 18


@dataclass(frozen=True)
class StaffInput:
    """A person as typed or read from a file; "" and None mean "not filled in"."""

    name: str
    profession: str
    number: str = ""
    education: str = ""
    employment: str = ""
    is_trained: bool | None = None
    trainings: tuple[str, ...] = ()
    started_on: date | None = None
    contract_ends_on: date | None = None
    birth_year: int | None = None
    units: tuple[str, ...] = ()
    lock: str = ""
    lock_until: date | None = None
    note: str = ""
    practitioner_id: uuid.UUID | None = None


def tidy_number(text: str) -> str:
    """Return a staff number without the spaces and dots people group it with."""
    return "".join(sign for sign in text.upper() if sign.isalnum() or sign in "-/")


def year_in_nip(number: str) -> int | None:
    """Return the birth year an 18-digit NIP begins with (PerkaBKN 22/2007), if it can be one."""
    if len(number) != NIP_DIGITS or not (number.isascii() and number.isdigit()):
        return None
    year = int(number[:4])
    return year if FIRST_YEAR - 20 <= year <= 2100 else None


def staff_problems(typed: StaffInput, *, today: date) -> tuple[Problem, ...]:
    """Return what is wrong with a person's data, field by field."""
    return (*_word_problems(typed), *_time_problems(typed, today))


def _word_problems(typed: StaffInput) -> list[Problem]:
    found = []
    if not typed.name:
        found.append(Problem("name", "required", _("Nama perlu diisi.")))
    if not typed.profession:
        found.append(Problem("profession", "required", _("Pilih profesinya.")))
    elif typed.profession not in PROFESSIONS:
        found.append(Problem("profession", "unknown", _("Profesi ini tidak ada di daftar.")))
    for field, most in LONGEST.items():
        if len(getattr(typed, field)) > most:
            sentence = _("Terlalu panjang: paling banyak %(most)d huruf.") % {"most": most}
            found.append(Problem(field, "too_long", sentence))
    for field, known in (
        ("education", Education.values),
        ("employment", Employment.values),
        ("lock", Lock.values),
    ):
        if getattr(typed, field) not in ("", *known):
            found.append(Problem(field, "unknown", _("Pilih dari daftar.")))
    if len(typed.trainings) > MOST_TRAININGS or any(
        len(title) > LONGEST_TRAINING for title in typed.trainings
    ):
        sentence = _("Paling banyak %(most)d pelatihan, masing-masing %(long)d huruf.") % {
            "most": MOST_TRAININGS,
            "long": LONGEST_TRAINING,
        }
        found.append(Problem("trainings", "too_long", sentence))
    if typed.is_trained is False and typed.trainings:
        sentence = _("Ada nama pelatihan, padahal ditandai belum dilatih. Pilih salah satu.")
        found.append(Problem("trainings", "contradiction", sentence))
    return found


def _time_problems(typed: StaffInput, today: date) -> list[Problem]:
    found = []
    start, end, born = typed.started_on, typed.contract_ends_on, typed.birth_year
    if start is not None and start > today:
        sentence = _("Tanggal mulai %(day)s belum tiba. Periksa tahunnya.") % {
            "day": format_date(start)
        }
        found.append(Problem("started_on", "future", sentence))
    elif start is not None and start.year < FIRST_YEAR:
        found.append(Problem("started_on", "too_old", _("Terlalu lama. Periksa tahunnya.")))
    if end is not None and start is not None and end < start:
        sentence = _("Kontrak berakhir sebelum mulai bekerja. Periksa kedua tanggal.")
        found.append(Problem("contract_ends_on", "before_start", sentence))
    if end is not None and typed.employment == Employment.PNS:
        sentence = _("PNS tidak punya akhir kontrak. Kosongkan, atau ubah status kepegawaian.")
        found.append(Problem("contract_ends_on", "not_for_pns", sentence))
    if born is None:
        return found
    age = today.year - born
    if not YOUNGEST_AT_WORK <= age <= OLDEST_AT_WORK:
        sentence = _("Lahir %(year)s berarti umur %(age)d tahun. Periksa tahunnya.") % {
            "year": str(born),
            "age": age,
        }
        found.append(Problem("birth_year", "unlikely", sentence))
    elif start is not None and start.year - born < YOUNGEST_AT_WORK:
        sentence = _("Mulai bekerja pada umur %(age)d tahun? Periksa tahun lahir dan mulai.") % {
            "age": start.year - born
        }
        found.append(Problem("birth_year", "too_young", sentence))
    return found
