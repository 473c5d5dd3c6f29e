"""Reading the list of pairs of records that look like one person."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from simpul.foundation.core.rows import fetch_all
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.cards import PatientCard, card
from simpul.service.patients.matching.models import Decision, PairDecision, PairLevel, PersonPair
from simpul.service.patients.models import Patient

LONGEST_PAGE = 100


@dataclass(frozen=True)
class PairCard:
    """A pair as it is shown: both people, how sure, what agrees and what does not."""

    id: int
    first: PatientCard
    second: PatientCard
    level: str
    score: float
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    found_at: datetime
    decision: str = ""


@dataclass(frozen=True)
class PairPage:
    """Part of the list; `next` goes on after it, empty at the end."""

    items: tuple[PairCard, ...]
    next: str


def list_pairs(*, by: Actor, level: str = "", cursor: str = "", limit: int = 50) -> PairPage:
    """Return open pairs (none decided, none of a merged record), the surest first.

    Without `level` those of *certain* and *possible*: others of a house are asked for by name.
    A cursor that cannot be read begins at the start.
    """
    require(by, "view", "merge")
    limit = max(1, min(limit, LONGEST_PAGE))
    rows = _open(by.facility_id).order_by("level", "-score", "id")
    rows = (
        rows.filter(level=level)
        if level in PairLevel.values
        else rows.exclude(level=PairLevel.HOUSEHOLD)
    )
    after = _read_cursor(cursor)
    if after:
        at, score, pk = after
        rows = rows.filter(
            Q(level__gt=at) | Q(level=at, score__lt=score) | Q(level=at, score=score, id__gt=pk)
        )
    found = list(rows[: limit + 1])
    page = found[:limit]
    more = len(found) > limit
    last = page[-1] if page else None
    return PairPage(_cards(page), f"{last.level}.{last.score!r}.{last.pk}" if more and last else "")


def get_pair(pair: int, *, by: Actor) -> PairCard | None:
    """Return one pair, decided or not; None when it is not (or no longer) in the list."""
    require(by, "view", "merge")
    rows = list(PersonPair.objects.filter(pk=pair, owner=by.facility_id))
    cards = _cards(rows)
    return cards[0] if cards else None


def count_pairs(*, by: Actor) -> dict[str, int]:
    """Return how many pairs of each level are open."""
    require(by, "view", "merge")
    return count_open(by.facility_id)


def count_open(owner: uuid.UUID | None = None) -> dict[str, int]:
    """Return the counts for the command line, which acts for nobody; without `owner` for here."""
    counted = _open(owner or get_here().id).values_list("level").annotate(many=Count("id"))
    return dict.fromkeys(PairLevel.values, 0) | dict(counted)


def _open(owner: uuid.UUID) -> QuerySet[PersonPair]:
    return PersonPair.objects.filter(
        owner=owner,
        decision="",
        first__merged_into__isnull=True,
        second__merged_into__isnull=True,
    )


def _read_cursor(text: str) -> tuple[str, float, int] | None:
    level, _dot, rest = text.partition(".")
    score, _dot, pk = rest.rpartition(".")
    try:
        return (level, float(score), int(pk)) if level in PairLevel.values else None
    except ValueError:
        return None


def _cards(rows: list[PersonPair]) -> tuple[PairCard, ...]:
    """Return the rows with both people, read in one statement."""
    ids = list({one for row in rows for one in (row.first_id, row.second_id)})
    people: dict[uuid.UUID, PatientCard] = {}
    if ids:
        marks = ", ".join(["%s"] * len(ids))
        people = {row.id: card(row) for row in fetch_all(Patient, f"WHERE t.id IN ({marks})", ids)}
    return tuple(
        PairCard(
            id=row.pk,
            first=people[row.first_id],
            second=people[row.second_id],
            level=row.level,
            score=row.score,
            agrees=tuple(row.agrees),
            differs=tuple(row.differs),
            found_at=row.found_at,
            decision=row.decision,
        )
        for row in rows
    )


@dataclass(frozen=True)
class ApartPair:
    """Two records that a person said are two people, and may think of again."""

    first: PatientCard
    second: PatientCard
    reason: str
    decided_at: datetime
    decided_by: str


def list_apart(*, by: Actor, limit: int = 100) -> list[ApartPair]:
    """Return the pairs whose latest word is *bukan orang sama*, newest first."""
    require(by, "view", "merge")
    later = PairDecision.objects.filter(
        first_id=OuterRef("first_id"), second_id=OuterRef("second_id")
    ).filter(
        Q(decided_at__gt=OuterRef("decided_at"))
        | Q(decided_at=OuterRef("decided_at"), pk__gt=OuterRef("pk"))
    )
    rows = list(
        PairDecision.objects.filter(owner=by.facility_id, decision=Decision.DIFFERENT)
        .filter(~Exists(later))
        .select_related("first", "second")
        .order_by("-decided_at", "-pk")[:limit]
    )
    names = practitioner_names({row.decided_by for row in rows})
    return [
        ApartPair(
            first=card(row.first),
            second=card(row.second),
            reason=row.reason,
            decided_at=row.decided_at,
            decided_by=names.get(row.decided_by, ""),
        )
        for row in rows
    ]


def apart_among(patients: Sequence[uuid.UUID]) -> set[frozenset[uuid.UUID]]:
    """Return which two of these a person said are two people; asks nothing of fewer than two."""
    if len(patients) < 2:
        return set()
    rows = PairDecision.objects.filter(first_id__in=patients, second_id__in=patients)
    latest = {
        frozenset((row.first_id, row.second_id)): row.decision
        for row in rows.order_by("decided_at", "pk")
    }
    return {pair for pair, word in latest.items() if word == Decision.DIFFERENT}
