"""The numberings in use, kept for a few seconds; and the one place a record number is taken.

Imported by the patients' services and searches, so it knows the tables and nothing else.
"""

import time
import uuid
from dataclasses import dataclass, field

from simpul.domain.record_numbers import FamilyScheme, PersonalScheme, written_forms
from simpul.foundation.core.counters import take
from simpul.foundation.facilities.selectors import Here, get_here
from simpul.service.patients.numbers.models import NumberScheme, SchemeKind

KEEP_SECONDS = 5.0


@dataclass(frozen=True)
class Numbering:
    """How numbers are written now (`personal`, `family`), and every way they were written before.

    `family` is None where folders are personal.
    """

    personal: PersonalScheme
    all_personal: tuple[PersonalScheme, ...]
    family: FamilyScheme | None = None
    all_family: tuple[FamilyScheme, ...] = ()
    areas: dict[str, str] = field(default_factory=dict)

    def area_of(self, village: str) -> str:
        """The area code of a village; empty where it has none yet."""
        return self.areas.get(village_key(village), "")

    def show_family(self, stored: str) -> str:
        """A stored family number with its separators."""
        for scheme in self.all_family:
            if scheme.parse(stored) is not None:
                return scheme.show(stored)
        return stored


_kept: dict[uuid.UUID, tuple[float, Numbering]] = {}


def village_key(village: str) -> str:
    """A village's name as areas are looked up: small letters, single spaces."""
    return " ".join(village.split()).casefold()


def get_numbering() -> Numbering:
    """Return the numberings of the house this program runs in."""
    here = get_here()
    kept = _kept.get(here.id)
    if kept is not None and time.monotonic() - kept[0] < KEEP_SECONDS:
        return kept[1]
    read = _read(here)
    _kept.clear()  # one house a program; tests make many
    _kept[here.id] = (time.monotonic(), read)
    return read


def forget_numbering() -> None:
    """Read the numberings anew next time (one was just changed)."""
    _kept.clear()


def _read(here: Here) -> Numbering:
    rows = list(NumberScheme.objects.filter(owner=here.id).order_by("-decided_at", "-id"))
    first = PersonalScheme("", here.mrn_width)
    personal = [as_personal(row) for row in rows if row.kind == SchemeKind.PERSONAL]
    families = [row for row in rows if row.kind == SchemeKind.FAMILY]
    newest = families[0] if families else None
    return Numbering(
        personal=personal[0] if personal else first,
        all_personal=tuple(dict.fromkeys([*personal, first])),
        family=as_family(newest) if newest is not None and newest.is_on else None,
        all_family=tuple(dict.fromkeys(as_family(row) for row in families)),
        areas=dict(newest.areas) if newest is not None else {},
    )


def as_personal(row: NumberScheme) -> PersonalScheme:
    """Return a stored version as the rule it holds."""
    return PersonalScheme(row.prefix, row.width)


def as_family(row: NumberScheme) -> FamilyScheme:
    """Return a stored version as the rule it holds."""
    return FamilyScheme(
        area_width=row.area_width,
        width=row.width,
        member_width=row.member_width,
        separator=row.separator,
        prefix=row.prefix,
        first_member=row.first_member,
        by_order=row.by_order,
    )


def mrn_counter(facility: uuid.UUID) -> str:
    """The counter's key; one for all versions of the scheme, so that no number comes twice."""
    return f"mrn:{facility}"


def take_mrn(facility: uuid.UUID) -> str:
    """Return the next personal record number, in the transaction that stores it."""
    return get_numbering().personal.format(take(mrn_counter(facility)))


def find_forms(text: str) -> list[str]:
    """Return every way a typed or scanned record number may be stored here."""
    return sorted(written_forms(text, get_numbering().all_personal))
