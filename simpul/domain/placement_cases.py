"""Cases beside a rule, one patient a line: "28 P hamil | kenceng-kenceng".

Age (years, "6b" months, "10h" days), L or P, then marks: hamil, nifas, gawat, pesan=UNIT, a
programme, jadwal=AGE; after the bar the complaint. A line that begins with "!" is a patient who
must *not* find the rule.
"""

import re

from simpul.domain.errors import DomainError
from simpul.domain.identity import Sex
from simpul.domain.placement_rules import PROGRAMMES, UNITS, RuleCase, years

_AGE = re.compile(r"\d{1,3}[bh]?")
_SEX: dict[str, Sex] = {"l": "male", "p": "female"}
_LONGEST = 300
MOST_CASES = 30
_OLDEST_YEARS = 150


def read_cases(text: str) -> tuple[RuleCase, ...]:
    """Read lines of cases; a line that cannot be read is named in the DomainError."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_CASES:
        raise DomainError(
            "too_many_cases", f"Paling banyak {MOST_CASES} contoh uji pada satu aturan."
        )
    return tuple(read_case(line) for line in lines)


def read_case(line: str) -> RuleCase:
    """Read one line."""
    who, bar, complaint = line.removeprefix("!").partition("|")
    if not bar:
        raise DomainError(
            "case_unreadable",
            f"Contoh «{line[:40]}» tidak terbaca. Tulis seperti: 28 P hamil | kenceng-kenceng.",
        )
    if len(complaint) > _LONGEST:
        raise DomainError("case_too_long", f"Keluhan contoh paling panjang {_LONGEST} huruf.")
    values: dict[str, object] = {"complaint": complaint.strip(), "finds": line[0] != "!"}
    programmes: list[str] = []
    # "jadwal=9 bulan" is one mark of two words.
    for mark in re.findall(r"jadwal=[^|]*?(?:bulan|lahir)|\S+", who.lower()):
        if _AGE.fullmatch(mark) and "age" not in values:
            values["age"] = mark
        elif mark in _SEX and "sex" not in values:
            values["sex"] = _SEX[mark]
        elif mark in PROGRAMMES:
            programmes.append(mark)
        else:
            values |= _read_mark(mark, line)
    return RuleCase(programmes=tuple(programmes), **values)  # type: ignore[arg-type]


def _read_mark(mark: str, line: str) -> dict[str, object]:
    plain = {"hamil": "pregnant", "nifas": "postpartum", "gawat": "emergency"}
    if mark in plain:
        return {plain[mark]: True}
    name, _equals, value = mark.partition("=")
    if name == "pesan" and value in UNITS:
        return {"booked_unit": value}
    if name == "jadwal" and value:
        return {"immunisation_due": value}
    raise DomainError(
        "case_unreadable",
        f"«{mark[:30]}» pada contoh «{line[:40]}» tidak dikenal. Yang dikenal: umur, L atau P, "
        "hamil, nifas, gawat, pesan=poli, tb, prolanis, kb, jadwal=9 bulan.",
    )


def write_case(case: RuleCase) -> str:
    """Write a case as `read_case` reads it."""
    marks = [
        case.age,
        {"male": "L", "female": "P", None: ""}[case.sex],
        "hamil" if case.pregnant else "",
        "nifas" if case.postpartum else "",
        "gawat" if case.emergency else "",
        f"pesan={case.booked_unit}" if case.booked_unit else "",
        *case.programmes,
        f"jadwal={case.immunisation_due}" if case.immunisation_due else "",
    ]
    who = " ".join(mark for mark in marks if mark)
    return f"{'' if case.finds else '! '}{who} | {case.complaint}"


def age_in_days(age: str) -> int | None:
    """Return the age of a case in days, well inside the year or month it names."""
    if not age:
        return None
    if age.endswith("h"):
        return int(age[:-1])
    if age.endswith("b"):
        return int(age[:-1]) * 30 + 5
    return years(int(age)) + 40


def write_age(days: int) -> str:
    """Return an age limit as people write it: 5 th, 6 bl, 28 hr."""
    whole = int(days / 365.25)
    for count in (whole, whole + 1):
        if count and years(count) == days:
            return f"{count} th"
    if days and days % 30 == 0 and days < years(2):
        return f"{days // 30} bl"
    return f"{days} hr"


def read_age(text: str) -> int:
    """Read an age limit: "5 th", "5", "6 bl", "28 hr"."""
    match = re.fullmatch(r"\s*(\d{1,5})\s*(th|thn|tahun|bl|bln|bulan|hr|hari)?\s*", text.lower())
    if match is None:
        raise DomainError(
            "age_unreadable", f"Umur «{text[:20]}» tidak terbaca. Tulis 5 th, 6 bl, atau 28 hr."
        )
    count, unit = int(match[1]), (match[2] or "th")[0]
    days = {"t": years(count), "b": count * 30, "h": count}[unit]
    if days > years(_OLDEST_YEARS):
        raise DomainError("age_unreadable", f"Umur «{text[:20]}» terlalu tua.")
    return days
