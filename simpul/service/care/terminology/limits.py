"""Which ICD-10 codes do not fit a sex or an age.

Sex: the categories that the instruction manual of ICD-10 (WHO, volume 2, notes on limited sex)
names as limited to one sex. Age: our own limits for codes that make sense only for the newborn,
the child, the pregnant or the old; they are questions to the clinician, not walls.
"""

import re
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

Sex = Literal["male", "female"]
DAYS_PER_YEAR = 365.25

FEMALE_ONLY = (
    "A34 B37.3 C51-C58 C79.6 D06 D07.0-D07.3 D25-D28 D39 E28 E89.4 F52.5 F53 I86.3 L29.2 M80.0 "
    "M80.1 M81.0 M81.1 M83.0 N70-N98 N99.2 N99.3 O00-O99 P54.6 Q50-Q52 R87 S31.4 S37.4-S37.6 "
    "T19.2 T19.3 T83.3 Y76 Z01.4 Z12.4 Z30.1 Z30.3 Z30.5 Z31.1 Z31.2 Z32-Z36 Z39 Z43.7 Z87.5 Z97.5"
)
MALE_ONLY = (
    "B26.0 C60-C63 D07.4-D07.6 D17.6 D29 D40 E29 E89.5 F52.4 I86.1 L29.1 N40-N51 Q53-Q55 R86 "
    "S31.2 S31.3 Z12.5 Z41.2"  # Z41.2, circumcision: ours, because only boys are circumcised here
)


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """The usual age of a code, in completed days; `most` None means no upper end."""

    least: int
    most: int | None

    def admits(self, age_days: int) -> bool:
        """Whether somebody this old is within the usual age."""
        return self.least <= age_days and (self.most is None or age_days <= self.most)


def _years(least: int, most: int | None) -> AgeLimit:
    """From the birthday of `least` to the day before the birthday after `most`."""
    upper = None if most is None else round((most + 1) * DAYS_PER_YEAR) - 1
    return AgeLimit(round(least * DAYS_PER_YEAR), upper)


PREGNANCY_AGE = _years(10, 55)
INFANCY = AgeLimit(0, 366)

AGE_RULES: tuple[tuple[str, AgeLimit], ...] = (
    ("P00-P96 A33 R95 Z38", INFANCY),
    ("O00-O99 Z32-Z36 Z39 A34 F53", PREGNANCY_AGE),
    ("Z30", _years(10, 60)),
    ("Z00.1", _years(0, 18)),
    ("R56.0", _years(0, 6)),
    ("L22", _years(0, 4)),
    ("E11", _years(10, None)),
    ("I10-I13", _years(15, None)),
    ("J44", _years(25, None)),
    ("N40 H25 H52.4 N95", _years(35, None)),
    ("F00-F03 R54", _years(45, None)),
)

CodeRange = tuple[str, str]


def _ranges(text: str) -> tuple[CodeRange, ...]:
    """Read "C51-C58 C79.6" into pairs of first and last code, without dots."""
    pairs = []
    for item in text.replace(".", "").split():
        first, _dash, last = item.partition("-")
        pairs.append((first, last or first))
    return tuple(pairs)


_FEMALE = _ranges(FEMALE_ONLY)
_MALE = _ranges(MALE_ONLY)
_AGES = tuple((_ranges(text), limit) for text, limit in AGE_RULES)


def _is_within(code: str, ranges: tuple[CodeRange, ...]) -> bool:
    """A code lies in a range when, cut to the length of the ends, it lies between them."""
    return any(first <= code[: len(first)] and code[: len(last)] <= last for first, last in ranges)


def _compact(code: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", code.upper())


def sex_limit(code: str) -> Sex | None:
    """The only sex a code can belong to, or None."""
    compact = _compact(code)
    if _is_within(compact, _FEMALE):
        return "female"
    return "male" if _is_within(compact, _MALE) else None


def age_limit(code: str) -> AgeLimit | None:
    """The usual age of a code, or None when it has none."""
    compact = _compact(code)
    return next((limit for ranges, limit in _AGES if _is_within(compact, ranges)), None)


def contradicts(code: str, sex: str | None, age_days: int | None) -> str | None:
    """Why a code does not fit this sex or age, as a sentence for the screen; None when it fits.

    Sex other than male and female, and an unknown age, contradict nothing.
    """
    only = sex_limit(code)
    if only == "female" and sex == "male":
        return _("Kode %(code)s tidak cocok untuk laki-laki. Periksa kode atau jenis kelamin.") % {
            "code": code
        }
    if only == "male" and sex == "female":
        return _("Kode %(code)s tidak cocok untuk perempuan. Periksa kode atau jenis kelamin.") % {
            "code": code
        }
    limit = age_limit(code)
    if limit is None or age_days is None or limit.admits(age_days):
        return None
    return _(
        "Kode %(code)s biasanya untuk usia %(usual)s, pasien ini %(age)s. Tetap pakai kode ini?"
    ) % {"code": code, "usual": _usual_age(limit), "age": _age_in_words(age_days)}


def _usual_age(limit: AgeLimit) -> str:
    least = round(limit.least / DAYS_PER_YEAR)
    if limit.most is None:
        return _("%(least)d tahun ke atas") % {"least": least}
    most = round((limit.most + 1) / DAYS_PER_YEAR) - 1
    if limit.least == 0:
        years = max(most, 1)
        return _("sampai %(most)d tahun") % {"most": years}
    return _("%(least)d–%(most)d tahun") % {"least": least, "most": most}


def _age_in_words(age_days: int) -> str:
    if age_days < 31:
        return _("%(days)d hari") % {"days": age_days}
    if age_days < 2 * DAYS_PER_YEAR:
        return _("%(months)d bulan") % {"months": int(age_days / 30.4375)}
    return _("%(years)d tahun") % {"years": int(age_days / DAYS_PER_YEAR)}
