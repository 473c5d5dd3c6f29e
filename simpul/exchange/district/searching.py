"""The search for people known at more than one Puskesmas; runs at the hub, little by little.

Whoever was taken in or changed since is compared with look-alikes of other facilities, by the same
keys and weights as at the counter (`simpul.service.patients.matching`). Which version of a record
was looked at is remembered, so the search goes on where it was, also after a facility was rebuilt.
Nothing is decided here: what is found is a proposal for a person.
"""

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from simpul.domain.linking import verdict
from simpul.domain.matching import Match, compare
from simpul.exchange.district.models import Proposal, ProposalLevel, SeenRecord
from simpul.exchange.district.words import words_about
from simpul.foundation.core.clock import now
from simpul.foundation.core.rows import bound_all, fetch_values
from simpul.service.patients.index import index_names
from simpul.service.patients.matching.candidates import Stored, block_many, read_people

#: People asked for in one statement; SQLite joins 500 SELECTs at most.
AT_ONCE = 40
#: Less sure pairs are not worth the Dinas's time; what the counter shows goes lower.
LEAST_SCORE = 0.5
#: How long one turn of the chore searches.
TURN_SECONDS = 2.0
#: And how long it rests when everybody was looked at.
SELDOM_SECONDS = 120.0

SAME, DIFFERENT = "same", "different"
Pair = tuple[uuid.UUID, uuid.UUID]

_UNSEEN = """
    SELECT p.id, p.change, p.name FROM patients_patient p
    LEFT JOIN district_seenrecord s ON s.patient = p.id AND s.change = p.change
    WHERE s.patient IS NULL LIMIT %s
"""


@dataclass(frozen=True)
class SearchState:
    """How far the search has come: records looked at, of how many."""

    looked_at: int
    of: int

    @property
    def is_done(self) -> bool:
        """Has every record been looked at?"""
        return self.looked_at >= self.of

    @property
    def percent(self) -> int:
        """Share looked at, in whole percent; 100 only when all were."""
        return 100 if self.is_done else min(99, 100 * self.looked_at // self.of)


def search_state() -> SearchState:
    """Return how many records the search has looked at, and how many there are."""
    ((looked_at, total),) = fetch_values(
        "SELECT (SELECT count(*) FROM district_seenrecord), "
        "(SELECT count(*) FROM patients_patient)",
        "--",
    )
    return SearchState(min(looked_at, total), total)


def search_turn() -> float:
    """A duty of the hub's worker: search for a moment; returns when to search again, in seconds.

    A facility has nothing to search.
    """
    if settings.SIMPUL_ROLE != "hub":
        return SELDOM_SECONDS
    return TURN_SECONDS if find_proposals(seconds=TURN_SECONDS) else SELDOM_SECONDS


def find_proposals(*, seconds: float, tell: Callable[[int], None] | None = None) -> int:
    """Search for so long, at least one slice; returns how many records were looked at."""
    end, looked_at = time.monotonic() + seconds, 0
    while True:
        waiting = fetch_values(_UNSEEN, "uu-", [AT_ONCE])
        if waiting:
            _look_at(waiting)
            looked_at += len(waiting)
            if tell is not None:
                tell(looked_at)
        if not waiting or time.monotonic() >= end:
            return looked_at


def _look_at(waiting: list[tuple[uuid.UUID, uuid.UUID, str]]) -> None:
    """Compare these records with look-alikes of other facilities and keep what is worth a look."""
    ids = [patient for patient, _change, _name in waiting]
    # Rows that were taken in have no index of names and keys yet.
    index_names([(patient, name) for patient, _change, name in waiting])
    people = read_people(ids)
    standing = [one for one in ids if one in people and people[one].merged_into is None]
    blocks = block_many([people[one].key for one in standing])
    others = read_people({other for block in blocks for other in block})
    found = {
        _pair(one, other): match
        for one, block in zip(standing, blocks, strict=True)
        for other in block
        if other in others
        for match in [_worth_a_look(people[one], others[other])]
        if match is not None
    }
    with transaction.atomic():
        _forget_open(ids)
        _keep(found, {**others, **people})
        _mark_seen(waiting)


def _worth_a_look(one: Stored, other: Stored) -> Match | None:
    if one.owner == other.owner or other.merged_into is not None:
        return None
    match = compare(one.key, other.key)
    if match.level not in ProposalLevel.values:
        return None
    # One NIK on two records is always worth a look; the matcher says so by the level.
    return match if match.score >= LEAST_SCORE or "NIK sama" in match.agrees else None


def _pair(one: uuid.UUID, other: uuid.UUID) -> Pair:
    return (one, other) if one < other else (other, one)


def _forget_open(ids: Iterable[uuid.UUID]) -> None:
    """Take undecided proposals about these records away: they are found again, or no longer."""
    for side in ("first__in", "second__in"):
        Proposal.objects.filter(decision="", **{side: list(ids)}).delete()


def _keep(found: dict[Pair, Match], people: dict[uuid.UUID, Stored]) -> None:
    words = words_about({record for pair in found for record in pair})
    moment = now()
    Proposal.objects.bulk_create(
        [
            Proposal(
                first=first,
                second=second,
                first_owner=people[first].owner,
                second_owner=people[second].owner,
                level=match.level or "",
                score=match.score,
                agrees=list(match.agrees),
                differs=list(match.differs),
                found_at=moment,
                decision=said(verdict(words, first, second)),
            )
            for (first, second), match in found.items()
        ],
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["level", "score", "agrees", "differs", "decision"],
    )


def said(is_same: bool | None) -> str:
    """Return a verdict as a proposal repeats it."""
    if is_same is None:
        return ""
    return SAME if is_same else DIFFERENT


def _mark_seen(waiting: list[tuple[uuid.UUID, uuid.UUID, str]]) -> None:
    marks = ", ".join(["(%s, %s)"] * len(waiting))
    values = [value for patient, change, _name in waiting for value in (patient, change)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SeenRecord._meta.db_table} (patient, change) VALUES {marks} "  # noqa: S608
            "ON CONFLICT (patient) DO UPDATE SET change = excluded.change",
            bound_all(values, connection.vendor),
        )
