"""One row of a list read into a person: every value used, mended or refused with its reason.

A value that cannot be used never takes the row with it, as long as name, sex and birth date are
left; what a person must still look at is written down beside it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.domain.dates import age_on
from simpul.domain.errors import DomainError
from simpul.domain.identity import BPJS_DIGITS, KK_DIGITS, NIK_DIGITS, nik_birth_date, parse_nik
from simpul.domain.names import name_keys, split_titles, tokens
from simpul.foundation.core.errors import Refused
from simpul.foundation.core.sheets import Cell
from simpul.service.patients.importing import cells as reading_cells
from simpul.service.patients.importing.cells import packed, read_number, text_of
from simpul.service.patients.importing.choices import read_choice
from simpul.service.patients.importing.columns import FIELDS
from simpul.service.patients.importing.dates import Born, read_age, read_born
from simpul.service.patients.importing.survey import Reading
from simpul.service.patients.inputs import (
    MOTHER_NEEDED_BELOW_YEARS,
    OLD_LIST_NEEDS,
    PatientInput,
    check_patient,
)

LONGEST_SHOWN = 60
_LETTER = re.compile(r"[^\W\d_]")
_VILLAGE_WORD = re.compile(r"^(?:desa|ds|kelurahan|kel|kal|kampung)\b[.\s]*", re.I)

_LOST: dict[str, str | Promise] = {
    "scientific": gettext_lazy(
        "ditulis dengan E+ oleh lembar kerja; angka di belakangnya sudah hilang"
    ),
    "last_digit": gettext_lazy("angka terakhirnya hilang: lembar kerja hanya menyimpan 15 angka"),
}
_TODO: dict[str, str | Promise] = {
    "nik": gettext_lazy("Disimpan tanpa NIK; lengkapi dari KTP."),
    "bpjs_number": gettext_lazy("Disimpan tanpa nomor BPJS; lengkapi dari kartunya."),
    "kk_number": gettext_lazy("Disimpan tanpa nomor KK; lengkapi dari kartunya."),
    "phone": gettext_lazy("Disimpan tanpa telepon; tanyakan saat datang."),
    "name": gettext_lazy("Isi namanya di berkas, lalu impor lagi baris ini."),
    "birth_date": gettext_lazy("Isi tanggal lahir atau umurnya, lalu impor lagi baris ini."),
    "sex": gettext_lazy("Tulis L atau P, lalu impor lagi baris ini."),
}
_OTHER_TODO = gettext_lazy("Disimpan tanpa isian ini.")
_USED_TODO = gettext_lazy("Periksa bila perlu.")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is the matter with one value: its column, the value, the reason, what to do.

    `severity`: refuse (the row cannot be used), drop (the value cannot), note (looked at only).
    """

    field: str
    column: str
    value: str
    reason: str
    todo: str
    severity: str

    def stored(self) -> dict[str, str]:
        """Return it as JSON has it."""
        return {
            "field": self.field,
            "column": self.column,
            "value": self.value,
            "reason": self.reason,
            "todo": self.todo,
            "severity": self.severity,
        }


@dataclass(slots=True)
class Draft:
    """A row as read. `values` are storable; None where the row cannot be used."""

    line: int
    #: The cells as they came, in a form that JSON keeps (`cells.packed`).
    cells: list[Any]
    problems: list[RowProblem] = field(default_factory=list)
    values: dict[str, Any] | None = None
    old_mrn: str = ""
    #: The same for the same row of the same list, however a spreadsheet has saved it again.
    digest: str = ""
    #: The same for one spelling-blind name and one birth date.
    block: int = 0
    missing: tuple[str, ...] = ()

    @property
    def nik(self) -> str:
        """The NIK, if it can be used."""
        return str(self.values["nik"]) if self.values else ""

    @property
    def bpjs(self) -> str:
        """The BPJS card number, if it can be used."""
        return str(self.values["bpjs_number"]) if self.values else ""


@dataclass(frozen=True)
class Reader:
    """Reads the rows of one file: its columns, how they are read, the villages, today."""

    mapping: Mapping[int, str]
    headings: Sequence[str]
    reading: Reading
    today: date
    #: Village name without case → its name and code, where the name is one village's only.
    villages: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def read(self, line: int, cells: Sequence[Cell]) -> Draft:
        """Read one row."""
        return _Row(self, line, cells).draft()


class _Row:
    """One row while it is being read."""

    def __init__(self, reader: Reader, line: int, cells: Sequence[Cell]) -> None:
        self.reader = reader
        self.cell = {name: cells[at] for at, name in reader.mapping.items() if at < len(cells)}
        self.result = Draft(line, [packed(cell) for cell in cells])

    def draft(self) -> Draft:
        """Read all columns, check them together, and say what is left."""
        born, nik = self._born_and_nik()
        typed = self._typed(born, nik)
        if not typed.name or not _LETTER.search(typed.name):
            self._say("name", _("nama kosong"), severity="refuse")
        if typed.sex not in ("male", "female") and not self._said("sex"):
            self._say("sex", _("jenis kelamin kosong"), severity="refuse")
        if not typed.birth_date and not self._said("birth_date"):
            self._say("birth_date", _("tanggal lahir dan umur kosong"), severity="refuse")
        if not self._is_refused():
            self._check(typed)
        if self._is_refused():
            # What was mended in a row that is not taken is nobody's concern.
            self.result.problems = [p for p in self.result.problems if p.severity != "note"]
        elif self.result.values is not None:
            self._sign(born)
        return self.result

    def _is_refused(self) -> bool:
        return any(problem.severity == "refuse" for problem in self.result.problems)

    def _said(self, name: str) -> bool:
        return any(p.field == name and p.severity == "refuse" for p in self.result.problems)

    def _column(self, name: str) -> str:
        for at, one in self.reader.mapping.items():
            if one == name:
                return self.reader.headings[at]
        return str(FIELDS.get(name, name))

    def _say(
        self, name: str, reason: object, *, severity: str = "drop", column: str = "", todo: str = ""
    ) -> None:
        own = column or name
        value = text_of(self.cell.get(own))[:LONGEST_SHOWN]
        if severity == "note":
            advice = todo or str(_USED_TODO)
        else:
            advice = todo or str(_TODO.get(name, _OTHER_TODO))
        self.result.problems.append(
            RowProblem(name, self._column(own), value, str(reason).rstrip("."), advice, severity)
        )

    def _born_and_nik(self) -> tuple[Born, str]:
        reader = self.reader
        age = read_age(self.cell.get("age"), today=reader.today)
        years = age_on(age.value, reader.today).years if age.value else None
        column = "birth_date" if "birth_date" in self.cell else "birth_place_date"
        born = read_born(
            self.cell.get(column), column=reader.reading.dates, today=reader.today, years=years
        )
        nik = self._number("nik", NIK_DIGITS, last_lost=reader.reading.nik_last_lost)
        if born.note:
            self._say("birth_date", born.note, severity="note", column=column)
        if born.value:
            return born, nik
        instead = _told_by_nik(nik, reader.today, years)
        chosen = instead if instead.value else age
        if born.trouble:
            severity = "drop" if chosen.value else "refuse"
            todo = _("Dipakai tanggal lahir dari NIK atau umur; periksa.") if chosen.value else ""
            self._say("birth_date", born.trouble, severity=severity, column=column, todo=todo)
        elif age.trouble and not chosen.value:
            self._say("birth_date", age.trouble, severity="refuse", column="age")
        elif instead.value:
            self._say("birth_date", _("tanggal lahir kosong, dibaca dari NIK"), severity="note")
        return chosen, nik

    def _number(self, name: str, digits: int, *, last_lost: bool = False) -> str:
        number = read_number(self.cell.get(name), digits=digits, last_lost=last_lost)
        if number.lost:
            self._say(name, _LOST[number.lost])
            return ""
        if number.restored:
            self._say(
                name,
                _("nol di depan hilang, dikembalikan menjadi %(number)s")
                % {"number": number.value},
                severity="note",
            )
        return number.value

    def _typed(self, born: Born, nik: str) -> PatientInput:
        name = reading_cells.title_in_front(text_of(self.cell.get("name")))
        address, rt, rw = self._place()
        village, code = self._village()
        return PatientInput(
            name=name,
            birth_date=born.value.isoformat() if born.value else "",
            birth_date_estimated=born.estimated,
            sex=self._sex(name, nik),
            nik=nik,
            bpjs_number=self._number("bpjs_number", BPJS_DIGITS),
            kk_number=self._number(
                "kk_number", KK_DIGITS, last_lost=self.reader.reading.kk_last_lost
            ),
            passport=text_of(self.cell.get("passport")).upper(),
            mother_name=text_of(self.cell.get("mother_name")),
            address=address,
            rt=rt,
            rw=rw,
            village=village,
            village_code=code,
            phone=self._phone(),
            religion=self._choice("religion"),
            occupation=text_of(self.cell.get("occupation"))[:60],
            education=self._choice("education"),
            marital_status=self._choice("marital_status"),
            guardian_name=text_of(self.cell.get("guardian_name")),
            old_mrn=self._record_number(),
        )

    def _sex(self, name: str, nik: str) -> str:
        cell = self.cell.get("sex")
        sex = reading_cells.read_sex(cell, p_is_male=self.reader.reading.p_is_male)
        if sex:
            return sex
        told = _sex_of_nik(nik) or reading_cells.sex_of_title(split_titles(name)[0])
        if told:
            self._say("sex", _("dibaca dari NIK atau sebutan di depan nama"), severity="note")
            return told
        if sex is None:
            self._say("sex", _("bukan L dan bukan P"), severity="refuse")
        return ""

    def _place(self) -> tuple[str, str, str]:
        address = text_of(self.cell.get("address"))
        rt, rw = text_of(self.cell.get("rt")), text_of(self.cell.get("rw"))
        if "rt_rw" in self.cell:
            both = reading_cells.read_rt_rw(self.cell["rt_rw"])
            if both is None:
                self._say("rt_rw", _("RT/RW sudah berubah menjadi tanggal atau tidak terbaca"))
            else:
                rt, rw = both
        elif not rt and not rw:
            address, rt, rw = reading_cells.split_address(address)
        kept = []
        for name, value in (("rt", rt), ("rw", rw)):
            digits = re.sub(r"^(rt|rw)?[.\s]*0*(?=\d)|[.,]0$", "", value, flags=re.I)
            if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= 3):
                self._say(name, _("bukan angka RT/RW"))
                digits = ""
            kept.append(digits)
        return address, kept[0], kept[1]

    def _village(self) -> tuple[str, str]:
        given = text_of(self.cell.get("village"))
        plain = _VILLAGE_WORD.sub("", given).strip() or given
        name, code = self.reader.villages.get(plain.casefold(), (plain, ""))
        return name, code

    def _phone(self) -> str:
        text = text_of(self.cell.get("phone"))
        if re.fullmatch(r"\d[.,]?\d*[eE]\+?\d+", text):
            self._say("phone", _LOST["scientific"])
            return ""
        first = re.split(r"[/;,]| (?:atau|dan) ", text)[0].strip()
        return re.sub(r"[.,]0$", "", first)

    def _choice(self, name: str) -> str:
        text = text_of(self.cell.get(name))
        choice = read_choice(name, text)
        if text and not choice:
            self._say(name, _("tidak ada di daftar pilihan"))
        return choice

    def _record_number(self) -> str:
        number = reading_cells.read_record_number(
            self.cell.get("old_mrn"), width=self.reader.reading.record_width
        )
        return number.value

    def _check(self, typed: PatientInput) -> None:
        """Check all values together; what is refused is dropped, and the rest checked again."""
        for _try in range(3):
            try:
                checked = check_patient(typed, today=self.reader.today, is_old_list=True)
            except Refused as refusal:
                for problem in refusal.errors:
                    needed = problem.where in OLD_LIST_NEEDS
                    self._say(
                        problem.where, problem.message, severity="refuse" if needed else "drop"
                    )
                if any(problem.where in OLD_LIST_NEEDS for problem in refusal.errors):
                    return
                emptied: dict[str, Any] = {problem.where: "" for problem in refusal.errors}
                typed = replace(typed, **emptied)
            else:
                for warning in checked.warnings:
                    where = {"bpjs": "bpjs_number"}.get(warning.where, warning.where)
                    self._say(where, warning.message, severity="note")
                self.result.values, self.result.old_mrn = checked.values, checked.old_mrn.upper()
                return

    def _sign(self, born: Born) -> None:
        values, result = self.result.values or {}, self.result
        result.missing = _missing(values, self.reader.today)
        told = (
            " ".join(tokens(values["name"])), born.told, values["sex"], values["nik"],
            values["bpjs_number"], values["kk_number"], result.old_mrn, values["mother_name"],
            values["village"].casefold(),
        )  # fmt: skip
        result.digest = blake2b("\x1f".join(told).encode(), digest_size=16).hexdigest()
        person = (*sorted(name_keys(values["name"])), born.told)
        block = blake2b("\x1f".join(person).encode(), digest_size=8).digest()
        result.block = int.from_bytes(block, "big")


def _missing(values: dict[str, Any], today: date) -> tuple[str, ...]:
    """Return what a complete identity would have besides."""
    has_number = bool(values["nik"] or values["passport"])
    young = age_on(values["birth_date"], today).years < MOTHER_NEEDED_BELOW_YEARS
    lacks = {
        "nik": not has_number,
        "village": not values["village"],
        "mother_name": not values["mother_name"] and (young or not has_number),
    }
    return tuple(name for name, is_missing in lacks.items() if is_missing)


def _told_by_nik(nik: str, today: date, years: int | None) -> Born:
    try:
        told = nik_birth_date(parse_nik(nik), today)
    except DomainError:
        return Born()
    value = told.value
    if years is not None and told.other is not None:
        options = (told.value, told.other)
        value = min(options, key=lambda day: abs(today.year - day.year - years))
    return Born(value, told=value.isoformat())


def _sex_of_nik(nik: str) -> str:
    try:
        return parse_nik(nik).sex
    except DomainError:
        return ""
