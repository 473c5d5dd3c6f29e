"""Numbers that name a person: NIK, KK, BPJS card, telephone, passport, record number.

Source: the published structure of the NIK (PPKKCC, DDMMYY with 40 added to a woman's day, four
digits of serial; no check digit, no century) and the 38 province codes of the Ministry of Home
Affairs. A NIK tells where it was issued, not where its holder lives now, and a NIK whose date is
wrong stays as it is; hence a date or sex that differs only warns. See docs/methods/identity.md.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from simpul.domain.dates import MAX_AGE_YEARS, format_date
from simpul.domain.errors import DomainError, Finding

Sex = Literal["male", "female"]

NIK_DIGITS = 16
KK_DIGITS = 16
BPJS_DIGITS = 13
FEMALE_DAY_OFFSET = 40

PROVINCES: dict[str, str] = {
    "11": "Aceh",
    "12": "Sumatera Utara",
    "13": "Sumatera Barat",
    "14": "Riau",
    "15": "Jambi",
    "16": "Sumatera Selatan",
    "17": "Bengkulu",
    "18": "Lampung",
    "19": "Kepulauan Bangka Belitung",
    "21": "Kepulauan Riau",
    "31": "DKI Jakarta",
    "32": "Jawa Barat",
    "33": "Jawa Tengah",
    "34": "DI Yogyakarta",
    "35": "Jawa Timur",
    "36": "Banten",
    "51": "Bali",
    "52": "Nusa Tenggara Barat",
    "53": "Nusa Tenggara Timur",
    "61": "Kalimantan Barat",
    "62": "Kalimantan Tengah",
    "63": "Kalimantan Selatan",
    "64": "Kalimantan Timur",
    "65": "Kalimantan Utara",
    "71": "Sulawesi Utara",
    "72": "Sulawesi Tengah",
    "73": "Sulawesi Selatan",
    "74": "Sulawesi Tenggara",
    "75": "Gorontalo",
    "76": "Sulawesi Barat",
    "81": "Maluku",
    "82": "Maluku Utara",
    "91": "Papua",
    "92": "Papua Barat",
    "93": "Papua Selatan",
    "94": "Papua Tengah",
    "95": "Papua Pegunungan",
    "96": "Papua Barat Daya",
}

_SEX_WORDS = {"male": "laki-laki", "female": "perempuan"}


@dataclass(frozen=True, slots=True)
class Nik:
    """A NIK taken apart. `day` is the true day of the month, without the 40 of a woman's number."""

    number: str
    province: str
    regency: str
    district: str
    day: int
    month: int
    year_of_century: int
    sex: Sex
    serial: str


@dataclass(frozen=True, slots=True)
class NikBirthDate:
    """The birth date a NIK tells; `ambiguous` when the century before would fit as well."""

    value: date
    ambiguous: bool
    other: date | None = None


def normalise_number(text: str) -> str:
    """Strip what people put between digits: spaces, dots, dashes, slashes, underscores."""
    return re.sub(r"[\s.\-–_/]", "", text)


def _length_findings(number: str, digits: int, label: str, where: str) -> list[Finding]:
    if not re.fullmatch(r"[0-9]*", number):
        odd = next(sign for sign in number if sign not in "0123456789")
        message = f"{label} hanya berisi angka; ada tanda «{odd}». Periksa ketikannya."
        return [Finding(f"{where}_not_digits", "refuse", message, where)]
    if len(number) != digits:
        so_far = "baru" if len(number) < digits else "ini"
        message = f"{label} harus {digits} angka, {so_far} {len(number)}."
        return [Finding(f"{where}_length", "refuse", message, where)]
    return []


def _calendar_days(day: int, month: int, year_of_century: int) -> tuple[date, ...]:
    """The dates these six digits can mean, latest first."""
    found = []
    for century in (2000, 1900):
        try:
            found.append(date(century + year_of_century, month, day))
        except ValueError:
            continue
    return tuple(found)


def _true_day(number: str) -> tuple[int, Sex]:
    day = int(number[6:8])
    return (day - FEMALE_DAY_OFFSET, "female") if day > FEMALE_DAY_OFFSET else (day, "male")


def _structure_findings(number: str) -> list[Finding]:
    findings = _length_findings(number, NIK_DIGITS, "NIK", "nik")
    if findings:
        return findings
    if number[:2] not in PROVINCES:
        message = f"NIK diawali {number[:2]}, bukan kode provinsi. Cocokkan lagi dengan KTP."
        findings.append(Finding("nik_province", "refuse", message, "nik"))
    day, _ = _true_day(number)
    if not _calendar_days(day, int(number[8:10]), int(number[10:12])):
        message = (
            f"Angka ke-7 sampai 12 pada NIK ({number[6:12]}) bukan tanggal. "
            "Cocokkan lagi dengan KTP."
        )
        findings.append(Finding("nik_date", "refuse", message, "nik"))
    if number[12:] == "0000":
        message = "Empat angka terakhir NIK tidak mungkin 0000. Cocokkan lagi dengan KTP."
        findings.append(Finding("nik_serial", "refuse", message, "nik"))
    return findings


def parse_nik(text: str) -> Nik:
    """Take a NIK apart; a number that breaks a hard rule raises `DomainError`."""
    number = normalise_number(text)
    findings = _structure_findings(number)
    if findings:
        raise DomainError(findings[0].code, findings[0].message)
    day, sex = _true_day(number)
    return Nik(
        number=number,
        province=number[:2],
        regency=number[:4],
        district=number[:6],
        day=day,
        month=int(number[8:10]),
        year_of_century=int(number[10:12]),
        sex=sex,
        serial=number[12:],
    )


def nik_sex(nik: Nik) -> Sex:
    """The sex a NIK tells."""
    return nik.sex


def nik_birth_date(nik: Nik, today: date) -> NikBirthDate:
    """The latest birth date that is not in the future; a NIK does not hold the century."""
    possible = [
        value
        for value in _calendar_days(nik.day, nik.month, nik.year_of_century)
        if value <= today and today.year - value.year <= MAX_AGE_YEARS
    ]
    if not possible:
        raise DomainError(
            "nik_date", "Tanggal lahir di dalam NIK belum tiba. Cocokkan lagi dengan KTP."
        )
    other = possible[1] if len(possible) > 1 else None
    return NikBirthDate(possible[0], other is not None, other)


def check_nik(
    text: str, *, birth_date: date | None = None, sex: Sex | None = None, today: date
) -> list[Finding]:
    """All remarks about a NIK: hard rules refuse, a differing birth date or sex only warns."""
    number = normalise_number(text)
    findings = _structure_findings(number)
    if findings:
        return findings
    nik = parse_nik(number)
    # Only day, month and the two last digits of the year are in the NIK: no century.
    told = (nik.day, nik.month, nik.year_of_century)
    typed = birth_date and (birth_date.day, birth_date.month, birth_date.year % 100)
    if typed and typed != told:
        in_nik = format_date(nik_birth_date(nik, today).value)
        message = (
            f"Tanggal di NIK ({in_nik}) beda dengan yang diketik. "
            "Dukcapil menyatakan NIK tidak diubah; simpan dengan catatan?"
        )
        findings.append(Finding("nik_birth_date_differs", "warn", message, "nik", in_nik))
    if sex and sex != nik.sex:
        message = (
            f"Menurut NIK pasien ini {_SEX_WORDS[nik.sex]}, "
            f"pada isian {_SEX_WORDS[sex]}. Periksa KTP; boleh disimpan dengan catatan."
        )
        findings.append(Finding("nik_sex_differs", "warn", message, "nik", nik.sex))
    return findings


def check_kk(text: str) -> list[Finding]:
    """A family card number: 16 digits; an unknown province only warns."""
    number = normalise_number(text)
    findings = _length_findings(number, KK_DIGITS, "Nomor KK", "kk_number")
    if not findings and number[:2] not in PROVINCES:
        message = f"Nomor KK diawali {number[:2]}, bukan kode provinsi. Cocokkan dengan kartunya."
        findings.append(Finding("kk_number_province", "warn", message, "kk_number"))
    return findings


def check_bpjs(text: str) -> list[Finding]:
    """A BPJS/JKN card number: 13 digits, kept as text because it may begin with zeros."""
    return _length_findings(normalise_number(text), BPJS_DIGITS, "Nomor BPJS", "bpjs_number")


def check_passport(text: str) -> list[Finding]:
    """A passport number of any country: 5 to 15 letters and digits, at least one digit."""
    number = normalise_number(text).upper()
    if re.fullmatch(r"(?=.*[0-9])[A-Z0-9]{5,15}", number):
        return []
    message = "Nomor paspor terdiri atas 5–15 huruf dan angka. Salin seperti di halaman foto."
    return [Finding("passport_format", "refuse", message, "passport")]


def normalise_phone(text: str) -> str:
    """One form for a telephone number: `0812-3456-7890` and `+62 812…` both become `+62812…`."""
    digits = re.sub(r"[\s().\-–/]", "", text)
    if re.fullmatch(r"\+[1-9][0-9]{6,14}", digits) and not digits.startswith("+62"):
        return digits
    national = re.sub(r"^(\+62|0062|62)0?|^0", "", digits)
    # A bare number without 0 or 62 in front is accepted only where it can be a mobile one.
    marked = national != digits or digits.startswith("8")
    if marked and re.fullmatch(r"8[0-9]{8,12}|[2-79][0-9]{6,10}", national):
        return f"+62{national}"
    raise DomainError(
        "phone_format",
        f"Nomor telepon «{text.strip()}» belum lengkap. Tulis seperti 081234567890.",
    )


def check_phone(text: str) -> list[Finding]:
    """Whether a telephone number can be used."""
    try:
        normalise_phone(text)
    except DomainError as error:
        return [Finding(error.code, "refuse", error.message, "phone")]
    return []


def format_phone(number: str) -> str:
    """A normalised number the way people read it: `0812-3456-7890`; foreign numbers unchanged."""
    if not number.startswith("+62"):
        return number
    national = f"0{number[3:]}"
    return "-".join(part for part in (national[:4], national[4:8], national[8:]) if part)


def format_mrn(number: int, width: int = 6) -> str:
    """A medical record number as it is stored and searched: `4512` becomes `004512`."""
    if number < 1:
        raise DomainError("mrn_range", "Nomor RM dimulai dari 1.")
    return str(number).zfill(width)


def group_mrn(mrn: str) -> str:
    """A record number in pairs for cards and folders, as shelves are read: `00-45-12`.

    Letters in front stay together: `AMB-00-45-12`.
    """
    letters = re.match(r"[A-Z]*", mrn)
    prefix = letters[0] if letters else ""
    digits = mrn[len(prefix) :]
    padded = digits.zfill(len(digits) + len(digits) % 2)
    pairs = [padded[at : at + 2] for at in range(0, len(padded), 2)]
    return "-".join([prefix, *pairs] if prefix else pairs)
