"""The rows of the counter's search: who was found, when they were last here, who looks alike."""

import uuid
from dataclasses import dataclass
from datetime import date

from simpul.domain.names import look_alike
from simpul.domain.search import QueryKind, read_query
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.cards import Found, PatientCard
from simpul.service.patients.numbers.lookup import ScannedCard, find_card
from simpul.service.patients.selectors import find_patients
from simpul.service.registration.selectors import last_visit_days

#: Complete numbers of one person. A record number typed by hand may still be the beginning of a
#: longer one, so only its printed label counts.
WHOLE_NUMBERS: frozenset[QueryKind] = frozenset({"nik", "bpjs", "card"})


#: Choosing the wrong one of two rows is the error to prevent, so the mark comes early here.
SIMILAR = 0.85


@dataclass(frozen=True)
class PersonRow:
    """One line of the results."""

    patient: PatientCard
    last_day: date | None
    last_unit: str
    is_similar: bool
    is_exact: bool
    opens_itself: bool
    found_by: str = ""


@dataclass(frozen=True)
class People:
    """What the search box found; `kind` is how the text was read."""

    text: str
    kind: str
    rows: tuple[PersonRow, ...]
    #: The card that was scanned, when it opens nobody's record: revoked, or none of this house.
    card: ScannedCard | None = None

    @property
    def is_empty_search(self) -> bool:
        """Nothing was typed yet (or one letter only)."""
        return self.kind == "empty" or (not self.rows and len(self.text.strip()) < 2)


def find_people(text: str, *, by: Actor) -> People:
    """Return the rows for a typed or scanned text."""
    here = get_here()
    text = text.replace("\x00", "")[:200]
    query = read_query(text, here.today())
    if query.kind in ("empty", "ticket"):
        return People(text, query.kind, ())
    hits = find_patients(text, by=by)
    days = last_visit_days([hit.patient.id for hit in hits], by=by) if hits else {}
    similar = _similar(hits)
    whole = query.kind in WHOLE_NUMBERS or (query.kind in ("mrn", "file") and query.scanned)
    rows = []
    for hit in hits:
        day, unit = days.get(hit.patient.id, (None, ""))
        is_exact = hit.exact and len(hits) == 1
        rows.append(
            PersonRow(
                patient=hit.patient,
                last_day=day,
                last_unit=here.units[unit].name if unit in here.units else unit,
                is_similar=hit.patient.id in similar,
                is_exact=is_exact,
                opens_itself=is_exact and whole,
                found_by=hit.found_by,
            )
        )
    card = find_card(query.number, by=by) if query.kind == "card" and not rows else None
    return People(text, query.kind, tuple(rows), card)


def _similar(hits: list[Found]) -> set[uuid.UUID]:
    marked: set[uuid.UUID] = set()
    for n, first in enumerate(hits):
        for second in hits[n + 1 :]:
            if look_alike(first.patient.name, second.patient.name, SIMILAR):
                marked |= {first.patient.id, second.patient.id}
    return marked
