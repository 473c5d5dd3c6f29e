"""Reading what was found across Puskesmas: proposals masked, a pair side by side, the decisions."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from simpul.exchange.district.models import PersonLink, Proposal, ProposalLevel
from simpul.exchange.district.opening import is_open
from simpul.exchange.district.words import links_about
from simpul.foundation.core.errors import NotHere
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.facilities.models import Facility
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.service.patients.merging.fields import Line, compare_fields
from simpul.service.patients.models import Patient

LONGEST_PAGE = 50
#: What one must see to say whether two are one person; how somebody believes or lives is not.
COMPARED = frozenset(
    {
        "name", "birth_date", "sex", "identity", "bpjs_number", "kk_number", "mother_name",
        "address", "phone", "guardian", "deceased_on",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Masked:
    """A person before anybody gave a reason: initials, year of birth, sex, where known."""

    initials: str
    birth_year: int | None
    sex: str
    place: str


@dataclass(frozen=True)
class ProposalLine:
    """A proposed pair as the list shows it."""

    first: uuid.UUID
    second: uuid.UUID
    one: Masked
    other: Masked
    level: str
    score: float
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    decision: str
    found_at: datetime


@dataclass(frozen=True)
class ProposalPage:
    """Part of the list; `next` goes on after it, empty at the end."""

    items: tuple[ProposalLine, ...]
    next: str


@dataclass(frozen=True)
class Side:
    """One record of an opened pair: where, its number, when first and last there."""

    place: str
    mrn: str
    registered_at: datetime
    visits: int
    last_visit: object


@dataclass(frozen=True)
class OpenedPair:
    """Two records side by side, field by field."""

    one: Side
    other: Side
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class DecisionLine:
    """One decision, in force or taken back."""

    id: uuid.UUID
    first: uuid.UUID
    second: uuid.UUID
    one: Masked
    other: Masked
    is_same: bool
    reason: str
    decided_at: datetime
    decided_by: str
    undone_at: datetime | None
    undone_by: str
    undo_reason: str


def list_proposals(
    *, by: Actor, facility: uuid.UUID | None = None, level: str = "", cursor: str = ""
) -> ProposalPage:
    """Return the open proposals, surest first; those of one Puskesmas with `facility`."""
    require(by, "view", "district")
    require_home(by)
    rows = Proposal.objects.filter(decision="").order_by("level", "-score", "id")
    if level in ProposalLevel.values:
        rows = rows.filter(level=level)
    if facility is not None:
        rows = rows.filter(Q(first_owner=facility) | Q(second_owner=facility))
    after = _read_cursor(cursor)
    if after:
        at, score, pk = after
        rows = rows.filter(
            Q(level__gt=at) | Q(level=at, score__lt=score) | Q(level=at, score=score, id__gt=pk)
        )
    found = list(rows[: LONGEST_PAGE + 1])
    page, last = found[:LONGEST_PAGE], found[LONGEST_PAGE - 1 : LONGEST_PAGE]
    more = len(found) > LONGEST_PAGE
    return ProposalPage(
        _lines(page),
        f"{last[0].level}.{last[0].score!r}.{last[0].pk}" if more else "",
    )


def count_proposals(*, by: Actor) -> dict[str, int]:
    """Return how many open proposals there are of each level."""
    require(by, "view", "district")
    counted = Proposal.objects.filter(decision="").values_list("level").annotate(Count("id"))
    return dict.fromkeys(ProposalLevel.values, 0) | dict(counted)


def get_proposal(first: uuid.UUID, second: uuid.UUID, *, by: Actor) -> ProposalLine:
    """Return one proposed pair, decided or not; NotHere for two that were never proposed."""
    require(by, "view", "district")
    require_home(by)
    row = Proposal.objects.filter(first=min(first, second), second=max(first, second)).first()
    lines = _lines([row] if row else [])
    if not lines:
        raise NotHere(
            _("Pasangan ini tidak ada lagi dalam daftar. Muat ulang daftarnya."), "pair_unknown"
        )
    return lines[0]


def read_opened(first: uuid.UUID, second: uuid.UUID, *, by: Actor) -> OpenedPair | None:
    """Return a pair side by side if this person opened it a little while ago, else None."""
    require(by, "view", "district")
    require_home(by)
    if not is_open(first, second, by=by):
        return None
    rows = {row.pk: row for row in Patient.objects.filter(pk__in=[first, second])}
    if len(rows) < 2:
        return None
    one, other = rows[first], rows[second]
    visits = _visits_of([first, second])
    names = facility_names({one.owner, other.owner})
    sides = [
        Side(
            names.get(row.owner, "–"),
            row.mrn,
            row.registered_at,
            *visits.get(row.pk, (0, None)),
        )
        for row in (one, other)
    ]
    lines = [line for line in compare_fields(one, other, survivor=one.pk) if line.key in COMPARED]
    return OpenedPair(sides[0], sides[1], tuple(lines))


def list_decisions(*, by: Actor, limit: int = 100) -> list[DecisionLine]:
    """Return the decisions, newest first, with those that were taken back."""
    require(by, "view", "district")
    require_home(by)
    rows = PersonLink.objects.filter(owner=by.facility_id).order_by("-decided_at", "-pk")[:limit]
    return _decisions(list(rows))


def decisions_about(first: uuid.UUID, second: uuid.UUID, *, by: Actor) -> list[DecisionLine]:
    """Return the decisions in force that bear on two records, directly or through others."""
    require(by, "view", "district")
    return _decisions(links_about([first, second]))


def _decisions(rows: list[PersonLink]) -> list[DecisionLine]:
    names = practitioner_names(
        {who for row in rows for who in (row.decided_by, row.undone_by) if who is not None}
    )
    people = _masked({end for row in rows for end in (row.first, row.second)})
    return [
        DecisionLine(
            id=row.pk,
            first=row.first,
            second=row.second,
            one=people.get(row.first, UNKNOWN),
            other=people.get(row.second, UNKNOWN),
            is_same=row.is_same,
            reason=row.reason,
            decided_at=row.decided_at,
            decided_by=names.get(row.decided_by, ""),
            undone_at=row.undone_at,
            undone_by=names.get(row.undone_by, "") if row.undone_by else "",
            undo_reason=row.undo_reason,
        )
        for row in rows
    ]


def _lines(rows: list[Proposal]) -> tuple[ProposalLine, ...]:
    people = _masked({end for row in rows for end in (row.first, row.second)})
    return tuple(
        ProposalLine(
            first=row.first,
            second=row.second,
            one=people[row.first],
            other=people[row.second],
            level=row.level,
            score=row.score,
            agrees=tuple(row.agrees),
            differs=tuple(row.differs),
            decision=row.decision,
            found_at=row.found_at,
        )
        for row in rows
        # A facility that is being rebuilt has its rows back in a moment.
        if row.first in people and row.second in people
    )


UNKNOWN = Masked("–", None, "", "–")


def _masked(records: set[uuid.UUID]) -> dict[uuid.UUID, Masked]:
    """Return what is shown of people before anybody gives a reason, in two statements."""
    rows = Patient.objects.filter(pk__in=records).values_list(
        "pk", "name", "birth_date", "sex", "owner"
    )
    found = list(rows)
    places = facility_names({row[4] for row in found})
    return {
        pk: Masked(initials(name), born.year, "L" if sex == "male" else "P", places.get(owner, "–"))
        for pk, name, born, sex, owner in found
    }


def initials(name: str) -> str:
    """Return a name as its first letters: SITI AMINAH → S. A."""
    return " ".join(f"{word[0]}." for word in name.split()) or "–"


def facility_names(facilities: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of facilities by id."""
    if not facilities:
        return {}
    return dict(Facility.objects.filter(pk__in=facilities).values_list("pk", "name"))


def _visits_of(records: list[uuid.UUID]) -> dict[uuid.UUID, tuple[int, object]]:
    """Return how many visits hang on each record, and the day of the last."""
    marks = ", ".join(["%s"] * len(records))
    rows = fetch_values(
        "SELECT patient_id, count(*), max(service_date) FROM registration_encounter "  # noqa: S608
        f"WHERE patient_id IN ({marks}) AND status <> 'cancelled' GROUP BY patient_id",
        "u-d",
        records,
    )
    return {patient: (many, last) for patient, many, last in rows}


def _read_cursor(text: str) -> tuple[str, float, int] | None:
    level, _dot, rest = text.partition(".")
    score, _dot, pk = rest.rpartition(".")
    try:
        return (level, float(score), int(pk)) if level in ProposalLevel.values else None
    except ValueError:
        return None
