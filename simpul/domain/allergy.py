"""The four things a patient banner can say about allergies; it is never blank.

Source: the allergy labels of the NHS patient banner guidance (known, none known, not asked, not
available). An empty place would be read as "no allergy", so every state has its own words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from simpul.domain.dates import MONTHS_SHORT, format_date

AllergyCode = Literal["recorded", "none_known", "not_asked", "unreadable"]


@dataclass(frozen=True, slots=True)
class AllergyState:
    """One state of the banner and its words, with what a page needs to lay them out itself."""

    code: AllergyCode
    text: str
    listed: str = field(default="", compare=False)
    asked_on: date | None = field(default=None, compare=False)

    @property
    def blocks_prescription(self) -> bool:
        """No prescription is saved before someone has asked."""
        return self.code == "not_asked"


def allergy_state(
    recorded: Sequence[str],
    none_known_asked_on: date | None,
    readable: bool = True,
    today: date | None = None,
) -> AllergyState:
    """What the banner says. A recorded allergy always wins, over "none" and over a broken list."""
    substances = [name.strip() for name in recorded if name.strip()]
    if substances:
        doubt = "" if readable else " · daftar mungkin tidak lengkap"
        listed = f"{', '.join(substances)}{doubt}"
        return AllergyState("recorded", f"⚠ ALERGI: {listed}", listed=listed)
    if not readable:
        return AllergyState("unreadable", "Data alergi tidak dapat dibuka")
    if none_known_asked_on is None:
        return AllergyState("not_asked", "Alergi belum ditanyakan")
    asked = format_date(none_known_asked_on)
    if today is not None and none_known_asked_on.year == today.year:
        asked = f"{none_known_asked_on.day} {MONTHS_SHORT[none_known_asked_on.month - 1]}"
    words = f"Tidak ada alergi (ditanya {asked})"
    return AllergyState("none_known", words, asked_on=none_known_asked_on)
