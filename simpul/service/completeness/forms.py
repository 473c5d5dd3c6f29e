"""The small forms of the poli: the answer about allergies, the reason of a struck entry."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.facilities.selectors import get_here

OLDEST_YEAR = 1900


@dataclass(frozen=True)
class AllergyAnswer:
    """What the patient answered: none, or a substance with its reaction and year."""

    is_none: bool
    substance: str = ""
    reaction: str = ""
    category: str = ""
    year: int | None = None


def read_allergy(data: QueryDict) -> AllergyAnswer:
    """Read the answer; Refused when the year cannot be one."""
    if data.get("jawaban") == "tidak-ada":
        return AllergyAnswer(is_none=True)
    year_text = data.get("tahun", "").strip()
    year = int(year_text) if year_text.isdecimal() and len(year_text) == 4 else None
    if year_text and (year is None or not OLDEST_YEAR <= year <= get_here().today().year):
        raise Refused(
            _("Tahun alergi ditulis empat angka, misalnya 2021. Belum ada yang disimpan."),
            "allergy_refused",
            errors=(Problem("tahun", "year", _("Tulis empat angka, misalnya 2021.")),),
        )
    return AllergyAnswer(
        is_none=False,
        substance=clean_line(data.get("substance", "")),
        reaction=clean_line(data.get("reaction", "")),
        category=data.get("category", ""),
        year=year,
    )


def clean_line(text: str) -> str:
    """One line without signs no database keeps."""
    return " ".join(text.replace("\x00", "").split())
