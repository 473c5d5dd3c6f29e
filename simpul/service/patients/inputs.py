"""What is typed about a patient, checked as a whole: every problem is told at once."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.dates import age_on, read_birth_date
from simpul.domain.errors import DomainError, Finding
from simpul.domain.identity import (
    check_bpjs,
    check_kk,
    check_nik,
    check_passport,
    check_phone,
    normalise_number,
    normalise_phone,
)
from simpul.domain.names import split_titles
from simpul.foundation.core.errors import Problem, Refused
from simpul.service.patients.models import (
    Education,
    MaritalStatus,
    NoNikReason,
    Religion,
    Sex,
)
from simpul.service.patients.without_nik import LETTER_LENGTH, check_stand_in

MOTHER_NEEDED_BELOW_YEARS = 17
#: What even a row of an older list must have (see `importing`).
OLD_LIST_NEEDS = frozenset({"name", "sex", "birth_date"})


@dataclass(frozen=True)
class PatientInput:
    """A patient as typed. `birth_date` is free text (see `domain.dates`) or ISO."""

    name: str = ""
    birth_date: str = ""
    birth_date_estimated: bool = False
    sex: str = ""
    nik: str = ""
    no_nik_reason: str = ""
    bpjs_number: str = ""
    kk_number: str = ""
    passport: str = ""
    mother_name: str = ""
    address: str = ""
    rt: str = ""
    rw: str = ""
    village: str = ""
    village_code: str = ""
    phone: str = ""
    religion: str = ""
    occupation: str = ""
    education: str = ""
    marital_status: str = ""
    guardian_name: str = ""
    guardian_relation: str = ""
    old_mrn: str = ""
    mother_nik: str = ""
    mother_mrn: str = ""
    birth_order: str = ""
    letter_number: str = ""


@dataclass(frozen=True)
class CheckedPatient:
    """A patient whose values can be stored, and what was unusual about them.

    `mother_mrn` is the number of the mother's record, which the service looks up.
    """

    values: dict[str, Any]
    old_mrn: str
    warnings: tuple[Finding, ...]
    mother_mrn: str = ""


_CHOICES = {
    "sex": Sex,
    "no_nik_reason": NoNikReason,
    "religion": Religion,
    "education": Education,
    "marital_status": MaritalStatus,
}
_LENGTHS = {
    "name": 120,
    "mother_name": 120,
    "address": 200,
    "village": 80,
    "village_code": 13,
    "occupation": 60,
    "guardian_name": 120,
    "guardian_relation": 30,
    "old_mrn": 40,
    "mother_mrn": 20,
    "letter_number": LETTER_LENGTH,
    "passport": 20,
    "rt": 3,
    "rw": 3,
}


def check_patient(typed: PatientInput, *, today: date, is_old_list: bool = False) -> CheckedPatient:
    """Return storable values; raises Refused with every problem and its place.

    Of somebody in an older list only name, sex and birth date are asked; the rest may follow.
    """
    values: dict[str, Any] = {
        f.name: " ".join(str(getattr(typed, f.name)).split())
        for f in fields(typed)
        if f.name != "birth_date_estimated"
    }
    problems: list[Problem] = []
    warnings: list[Finding] = []
    _check_text(values, problems)
    _check_choices(values, problems)
    birth = _read_birth(typed, values, today, problems)
    _check_numbers(values, birth, today, problems, warnings)
    _check_minimum(values, birth, today, problems)
    if is_old_list:
        problems = [p for p in problems if p.code != "required" or p.where in OLD_LIST_NEEDS]
    if problems:
        raise Refused(
            _("Belum disimpan: %(count)d isian perlu diperbaiki. Yang lain tetap ada.")
            % {"count": len(problems)},
            "patient_refused",
            errors=tuple(problems),
        )
    old_mrn, mother_mrn = values.pop("old_mrn"), values.pop("mother_mrn")
    title, bare = split_titles(values["name"])
    values["title"] = title[:20] or values.get("title", "")
    values["name"] = (bare or values["name"]).upper()
    values["mother_name"] = values["mother_name"].upper()
    values["rt"], values["rw"] = (
        values["rt"].zfill(2) if values["rt"] else "",
        (values["rw"].zfill(2) if values["rw"] else ""),
    )
    # Social data may follow later; the day's list "Lengkapi identitas" asks for the rest.
    values["is_identity_complete"] = bool(values["nik"] or values["passport"])
    return CheckedPatient(values, old_mrn, tuple(warnings), mother_mrn.upper())


def _check_text(values: dict[str, Any], problems: list[Problem]) -> None:
    for field, longest in _LENGTHS.items():
        if len(values[field]) > longest:
            problems.append(
                Problem(
                    field,
                    "too_long",
                    _("Terlalu panjang: paling banyak %(most)d huruf.") % {"most": longest},
                )
            )
        if any(ord(sign) < 32 or ord(sign) == 127 for sign in values[field]):
            problems.append(
                Problem(field, "unreadable", _("Ada tanda yang tidak terbaca. Ketik ulang."))
            )
    for field in ("rt", "rw"):
        if values[field] and not (values[field].isascii() and values[field].isdigit()):
            problems.append(Problem(field, "digits", _("RT dan RW ditulis dengan angka.")))


def _check_choices(values: dict[str, Any], problems: list[Problem]) -> None:
    for field, choices in _CHOICES.items():
        if values[field] and values[field] not in choices.values:
            problems.append(Problem(field, "unknown", _("Pilih salah satu dari daftar.")))
            values[field] = ""


def _read_birth(
    typed: PatientInput, values: dict[str, Any], today: date, problems: list[Problem]
) -> date | None:
    if not values["birth_date"]:
        return None
    try:
        read = read_birth_date(values["birth_date"], today)
    except DomainError as trouble:
        problems.append(Problem("birth_date", trouble.code, trouble.message))
        return None
    if read.value is None or read.needs_century:
        options = ", ".join(f"{day:%d%m%Y}" for day in read.options)
        problems.append(
            Problem(
                "birth_date",
                "which_century",
                _("Abad berapa? Tulis tahun lengkap, misalnya %(options)s.") % {"options": options},
            )
        )
        return None
    values["birth_date"] = read.value
    values["birth_date_estimated"] = read.estimated or typed.birth_date_estimated
    return read.value


def _check_numbers(
    values: dict[str, Any],
    birth: date | None,
    today: date,
    problems: list[Problem],
    warnings: list[Finding],
) -> None:
    for field in ("nik", "bpjs_number", "kk_number"):
        values[field] = normalise_number(values[field])
    sex = values["sex"] if values["sex"] in Sex.values else None
    findings: list[Finding] = []
    if values["nik"]:
        findings += check_nik(values["nik"], birth_date=birth, sex=sex, today=today)
    if values["bpjs_number"]:
        findings += check_bpjs(values["bpjs_number"])
    if values["kk_number"]:
        findings += check_kk(values["kk_number"])
    if values["passport"]:
        findings += check_passport(values["passport"])
    if values["phone"]:
        phone_findings = check_phone(values["phone"])
        findings += phone_findings
        if not any(f.severity == "refuse" for f in phone_findings):
            values["phone"] = normalise_phone(values["phone"])
    places = {"bpjs": "bpjs_number", "kk": "kk_number"}
    for finding in findings:
        where = places.get(finding.where, finding.where)
        if finding.severity == "refuse":
            problems.append(Problem(where, finding.code, finding.message))
        else:
            warnings.append(finding)


def _check_minimum(
    values: dict[str, Any], birth: date | None, today: date, problems: list[Problem]
) -> None:
    asked = {
        "name": _("Nama perlu diisi. Bila tidak dikenal, tulis misalnya TIDAK DIKENAL 1."),
        "sex": _("Pilih laki-laki atau perempuan."),
        "village": _("Desa perlu diisi: ketik tiga huruf pertama."),
    }
    for field, message in asked.items():
        if not values[field] and not any(p.where == field for p in problems):
            problems.append(Problem(field, "required", message))
    if birth is None and not any(p.where == "birth_date" for p in problems):
        problems.append(
            Problem(
                "birth_date",
                "required",
                _("Tanggal lahir perlu diisi; bila tidak tahu, tulis umur, misalnya 35th."),
            )
        )
    if values["nik"]:
        values["no_nik_reason"] = ""
    elif not values["no_nik_reason"]:
        values["no_nik_reason"] = (
            NoNikReason.FOREIGNER if values["passport"] else NoNikReason.NOT_BROUGHT
        )
    unknown = values["no_nik_reason"] in (NoNikReason.UNKNOWN, NoNikReason.FOREIGNER)
    age = age_on(birth, today).years if birth is not None else None
    check_stand_in(values, age=age, today=today, problems=problems)
    young = age is not None and age < MOTHER_NEEDED_BELOW_YEARS
    if not values["mother_name"] and not unknown and (young or not values["nik"]):
        reason = (
            _("Nama ibu perlu diisi untuk pasien di bawah 17 tahun.")
            if young
            else _("Tanpa NIK, nama ibu perlu diisi agar tidak tertukar.")
        )
        problems.append(Problem("mother_name", "required", reason))
