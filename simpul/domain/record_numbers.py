"""Record numbers as each house writes them, and the places their folders have.

There is no national format. Two ways of numbering are in use at Puskesmas: one number a person
for life (personal, "unit numbering"), and family numbering: an area, the family within the area,
and the member within the family; 8 or 10 digits, of which two for the area and two for the member
(Harjanti & Wariyanti, JRMIK 2(2), on 17 health centres of Surakarta). What the member digits mean
(00 head, 01 wife, …) is local, so it is a setting. Here the personal number is permanent and the
family number says where the folder stands: a family that moves changes the second, never the first.

A number is stored and scanned without its separators and shown with them. See
docs/methods/record-numbers.md.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from simpul.domain.errors import DomainError, Finding
from simpul.domain.identity import BPJS_DIGITS, NIK_DIGITS, format_mrn, normalise_number

Relation = Literal["head", "spouse", "other"]

#: What may stand between groups. Nothing else: each of these is left out again when reading.
SEPARATORS = ("", "-", ".", "/")
MOST_SIGNS = 20  # of the column that holds a record number
#: Terminal-digit shelves carry a colour for the last digit; beside it always the digits themselves.
SHELF_COLOURS = (
    "red",
    "orange",
    "yellow",
    "green",
    "blue",
    "violet",
    "brown",
    "pink",
    "grey",
    "white",
)
_PREFIX = re.compile(r"[A-Z0-9]{0,6}")


def canonical(text: str) -> str:
    """A record number as it is stored: capitals and digits, nothing between them."""
    return normalise_number(text).upper()


@dataclass(frozen=True, slots=True)
class PersonalScheme:
    """One number a person: a prefix (often empty) and a running number of at least `width` digits.

    It is shown in pairs from the right, as shelves are read (`identity.group_mrn`).
    """

    prefix: str = ""
    width: int = 6

    def format(self, number: int) -> str:
        """The running number as it is stored: `4512` → `004512`, or `AMB004512`."""
        return f"{self.prefix}{format_mrn(number, self.width)}"

    def parse(self, text: str) -> int | None:
        """The running number of a text written by this scheme; None for any other text."""
        number = self.read(text)
        # A longer number than the width is written without zeros in front; only one way is ours.
        return number if number and self.format(number) == canonical(text) else None

    def read(self, text: str) -> int | None:
        """The running number somebody may mean: zeros in front may be missing or too many."""
        stored = canonical(text)
        digits = stored.removeprefix(self.prefix)
        if not stored.startswith(self.prefix) or not re.fullmatch(r"[0-9]{1,18}", digits):
            return None
        return int(digits) or None

    def findings(self) -> list[Finding]:
        """What is wrong with the settings themselves."""
        found = _prefix_findings(self.prefix)
        if not 3 <= self.width <= 12:
            found.append(
                Finding("width_range", "refuse", "Banyaknya angka antara 3 dan 12.", "width")
            )
        return found + _length_findings(self.prefix, self.width)


@dataclass(frozen=True, slots=True)
class FamilyScheme:
    """Area + family + member: `01` `00231` `02`, shown `01-00231-02`.

    The head gets `first_member`, the spouse the next one, the others what follows; with `by_order`
    everybody gets the next number in the order in which they come.
    """

    area_width: int = 2
    width: int = 5
    member_width: int = 2
    separator: str = "-"
    prefix: str = ""
    first_member: int = 0
    by_order: bool = False

    def format(self, area: str, family: int, member: int) -> str:
        """The family number as it is stored: every part has its fixed width."""
        if not re.fullmatch(rf"[0-9]{{{self.area_width}}}", area):
            message = f"Kode wilayah harus {self.area_width} angka."
            raise DomainError("area_code", message)
        if not 1 <= family < 10**self.width:
            message = "Nomor keluarga di wilayah ini sudah habis. Tambah banyaknya angka."
            raise DomainError("family_range", message)
        if not 0 <= member < 10**self.member_width:
            message = "Nomor anggota keluarga ini sudah habis. Tambah banyaknya angka."
            raise DomainError("member_range", message)
        return (
            f"{self.prefix}{area}{str(family).zfill(self.width)}"
            f"{str(member).zfill(self.member_width)}"
        )

    def parse(self, text: str) -> tuple[str, int, int] | None:
        """Area, family and member of a text written by this scheme; None for any other text."""
        stored = canonical(text)
        pattern = (
            rf"{re.escape(self.prefix)}([0-9]{{{self.area_width}}})"
            rf"([0-9]{{{self.width}}})([0-9]{{{self.member_width}}})"
        )
        found = re.fullmatch(pattern, stored)
        if found is None or not int(found[2]):
            return None
        return found[1], int(found[2]), int(found[3])

    def show(self, stored: str) -> str:
        """A stored family number with its separators."""
        parts = self.parse(stored)
        if parts is None or not self.separator:
            return stored
        area, family, member = parts
        shown = [area, str(family).zfill(self.width), str(member).zfill(self.member_width)]
        return self.separator.join([self.prefix, *shown] if self.prefix else shown)

    def member_for(self, relation: Relation, used: Iterable[int], upcoming: int) -> int:
        """The member's number: head and spouse have their own while it is free, others `upcoming`.

        `upcoming` comes from a counter that starts behind the two.
        """
        own = {} if self.by_order else {"head": self.first_member, "spouse": self.first_member + 1}
        wanted = own.get(relation)
        return upcoming if wanted is None or wanted in set(used) else wanted

    @property
    def first_other(self) -> int:
        """The first number the counter gives: behind head and spouse, or the very first."""
        return self.first_member if self.by_order else self.first_member + 2

    def findings(self) -> list[Finding]:
        """What is wrong with the settings themselves."""
        found = _prefix_findings(self.prefix) + _separator_findings(self.separator)
        limits = (
            ("area_width", self.area_width, 1, 4, "Angka wilayah antara 1 dan 4."),
            ("width", self.width, 2, 7, "Angka keluarga antara 2 dan 7."),
            ("member_width", self.member_width, 1, 3, "Angka anggota antara 1 dan 3."),
            ("first_member", self.first_member, 0, 1, "Nomor pertama 0 atau 1."),
        )
        found += [
            Finding(f"{name}_range", "refuse", message, name)
            for name, value, least, most, message in limits
            if not least <= value <= most
        ]
        return found + _length_findings(
            self.prefix, self.area_width + self.width + self.member_width
        )


def _length_findings(prefix: str, digits: int) -> list[Finding]:
    """A number of digits alone must not be as long as a BPJS card or a NIK."""
    whole = len(prefix) + digits
    if prefix.strip("0123456789") or whole not in (BPJS_DIGITS, NIK_DIGITS):
        return []
    named = "BPJS" if whole == BPJS_DIGITS else "NIK"
    message = f"{whole} angka terbaca sebagai nomor {named}. Pilih panjang lain."
    return [Finding("width_taken", "refuse", message, "width")]


def _prefix_findings(prefix: str) -> list[Finding]:
    if _PREFIX.fullmatch(prefix):
        return []
    message = "Awalan paling banyak 6 huruf besar atau angka, tanpa tanda lain."
    return [Finding("prefix_format", "refuse", message, "prefix")]


def _separator_findings(separator: str) -> list[Finding]:
    if separator in SEPARATORS:
        return []
    return [Finding("separator_unknown", "refuse", "Pilih pemisah dari daftar.", "separator")]


def written_forms(text: str, schemes: Iterable[PersonalScheme]) -> set[str]:
    """Every way a typed or scanned record number may be stored.

    As typed (legacy numbers keep their own signs), without separators, and as the running number
    in each scheme this house ever used, with or without its prefix.
    """
    typed = " ".join(text.split()).upper()
    stored = canonical(typed)
    # An odd number is shown with a zero in front, to make pairs of it (`identity.group_mrn`).
    forms = {typed, stored, re.sub(r"^([A-Z]*)0", r"\1", stored)}
    for scheme in schemes:
        for number in (scheme.read(stored), PersonalScheme("").read(stored)):
            if number:
                forms.add(scheme.format(number))
    return {form for form in forms if form}


@dataclass(frozen=True, slots=True)
class ShelfPlace:
    """Where a folder stands by terminal digits: the last two first, then the two before.

    Terminal digit filing (TDF) reads `02-26-25` as section 25, row 26, folder 02, so that new
    folders spread evenly over 100 sections; straight numeric filing (SNF) reads the whole number.
    """

    primary: str
    secondary: str
    tertiary: str

    @property
    def colour(self) -> str:
        """The colour of the section's last digit; never the only sign of it."""
        return SHELF_COLOURS[int(self.primary[-1])]


def terminal_digits(mrn: str) -> ShelfPlace:
    """The shelf of a record number by its last six digits; letters do not count."""
    digits = re.sub(r"\D", "", mrn).zfill(6)
    return ShelfPlace(digits[-2:], digits[-4:-2], digits[-6:-4])
