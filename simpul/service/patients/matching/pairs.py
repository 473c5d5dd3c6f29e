"""The search for pairs of records that look like one person: all of them once, then what changes.

The first search walks keys, family cards and telephones in their order, so that all who share one
come together, and compares those whose birth dates may be one. It goes slice by slice: what is in
memory is one slice, and a search that is stopped goes on where it was. Then come numbers that are
one or differ in one digit, whatever the dates. From then on it follows the change feed and asks
for those who look like somebody made or corrected since. What a person decided stays decided.
"""

import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import combinations, groupby
from operator import itemgetter
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from simpul.domain.matching import Match, compare
from simpul.domain.matching_blocking import birth, may_be_one_birth
from simpul.foundation.core.clock import now
from simpul.foundation.core.models import NodeState
from simpul.foundation.core.rows import as_uuid, bound_all, fetch_values
from simpul.foundation.facilities.selectors import get_here, is_set_up
from simpul.service.patients.matching.candidates import Stored, match_many, read_people
from simpul.service.patients.matching.models import Decision, PairDecision

STATE = "pairs_search"
#: Raise it when the weights change so much that all pairs are worth another search.
WAY = 1
ROWS_AT_ONCE = 10_000
CHANGES_AT_ONCE = 5_000
PEOPLE_AT_ONCE = 40
#: More people than this under one key say that the key says little; other keys find the pair.
MOST_OF_A_KEY = 60
#: The list holds pairs that are rather one person than not; at the counter less is shown too.
LEAST_SCORE = 0.5
NIK_DIGITS: Final = 16
#: Parts walked slice by slice: where they begin, and how their rows are read in order.
WALKS: Final[dict[str, tuple[int | str, str]]] = {
    "keys": (
        -(2**63),
        "SELECT b.key, b.patient_id, p.birth_date, p.birth_date_estimated "
        "FROM matching_blockingkey b JOIN patients_patient p ON p.id = b.patient_id "
        "WHERE b.key >= %s ORDER BY b.key",
    ),
    # The index leaves the empty string out; SQLite uses it only for the very same words.
    "kk": (
        "",
        "SELECT kk_number, id, birth_date, birth_date_estimated FROM patients_patient "
        "WHERE kk_number >= %s AND NOT (kk_number = '') ORDER BY kk_number",
    ),
    "phone": (
        "",
        "SELECT phone, id, birth_date, birth_date_estimated FROM patients_patient "
        "WHERE phone >= %s AND NOT (phone = '') ORDER BY phone",
    ),
}
PARTS: Final = (*WALKS, "bpjs", *(f"nik-{place}" for place in range(NIK_DIGITS)))
FOLLOW: Final = "follow"

#: Local hours in which the house sleeps, and how long a chore searches then and by day.
NIGHT_BEGINS, NIGHT_ENDS = 20, 5
NIGHT_SECONDS, DAY_SECONDS = 4.0, 0.2

Pair = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the search has come; kept in the database after every slice."""

    part: str = PARTS[0]
    after: int | str = WALKS[PARTS[0]][0]
    change: int = 0
    compared: int = 0
    left_out: int = 0
    way: int = WAY

    @property
    def is_following(self) -> bool:
        """Everything was looked through once; only what changes is left."""
        return self.part == FOLLOW

    @property
    def share(self) -> float:
        """How much of the first search is done, 0 to 1; the walk of the keys is most of it."""
        if self.is_following:
            return 1.0
        if isinstance(self.after, int):
            return 0.6 * (self.after / 2**64 + 0.5)
        return 0.6 + 0.4 * PARTS.index(self.part) / len(PARTS)


def read_progress() -> Progress:
    """Return where the search stands; at its beginning when it never ran or the rules changed."""
    text = NodeState.objects.filter(key=STATE).values_list("value", flat=True).first()
    if text:
        kept = Progress(**json.loads(text))
        if kept.way == WAY:
            return kept
    return Progress()


def begin_again() -> None:
    """Let the next slice search through everybody anew; decisions stay."""
    NodeState.objects.filter(key=STATE).delete()


def find_pairs(*, seconds: float, tell: Callable[[float], None] | None = None) -> Progress:
    """Search for so long, at least one slice; returns where it stands now.

    Each slice is one short transaction, so that the counter never waits for it.
    """
    if not is_set_up():
        return Progress()
    owner, end = get_here().id, time.monotonic() + seconds
    progress = read_progress()
    while True:
        before = progress
        progress = _slice(progress, owner)
        if tell is not None:
            tell(progress.share)
        if progress == before or time.monotonic() >= end:
            return progress


def search_a_little() -> None:
    """A chore of the server, every few minutes: more at night, when nobody waits.

    A hub has no patients of its own; it looks across its facilities (`exchange.district`).
    """
    if settings.SIMPUL_ROLE == "hub" or not is_set_up():
        return
    hour = now().astimezone(ZoneInfo(get_here().timezone)).hour
    is_night = hour >= NIGHT_BEGINS or hour < NIGHT_ENDS
    find_pairs(seconds=NIGHT_SECONDS if is_night else DAY_SECONDS)


def _slice(progress: Progress, owner: uuid.UUID) -> Progress:
    if progress.is_following:
        return _follow(progress, owner)
    if progress == Progress():
        # Whoever is changed while the search runs is looked at again at its end.
        last = fetch_values("SELECT COALESCE(max(id), 0) FROM journal_change", "-")
        progress = replace(progress, change=last[0][0])
    if progress.part in WALKS:
        groups, left_out, after = _walk(progress.part, progress.after)
        found = _compare_groups(groups, owner)
        progress = replace(progress, left_out=progress.left_out + left_out)
    else:
        found, after = _compare_groups(_one_digit_apart(progress.part), owner), None
    if after is None:
        following = (*PARTS, FOLLOW)[PARTS.index(progress.part) + 1]
        progress = replace(progress, part=following, after=WALKS.get(following, ("", ""))[0])
    else:
        progress = replace(progress, after=after)
    progress = replace(progress, compared=progress.compared + found.compared)
    _keep(found.pairs, owner, progress)
    return progress


def _walk(part: str, after: int | str) -> tuple[list[list[Pair]], int, int | str | None]:
    """Return the next pairs that share a key or number, how many groups are too large, the end.

    The last group of the slice may be cut short, so the next slice begins with it.
    """
    rows = fetch_values(f"{WALKS[part][1]} LIMIT {ROWS_AT_ONCE:d}", "--db", [after])
    is_last = len(rows) < ROWS_AT_ONCE
    if not is_last and rows[0][0] == rows[-1][0]:  # one group is the whole slice: step over it
        return [], 1, _next(rows[0][0])
    cut = None if is_last else rows[-1][0]
    groups, left_out = [], 0
    for key, some in groupby(rows, key=itemgetter(0)):
        if key == cut:
            break
        members = list(some)
        if len(members) > MOST_OF_A_KEY:
            left_out += 1
        elif len(members) > 1:
            births = [birth(born, estimated=told) for _key, _id, born, told in members]
            groups.append([
                _pair(members[one][1], members[other][1])
                for one, other in combinations(range(len(members)), 2)
                if may_be_one_birth(births[one], births[other])
            ])  # fmt: skip
    return groups, left_out, cut


def _next(key: int | str) -> int | str:
    return key + 1 if isinstance(key, int) else key + "0"


def _pair(one: object, other: object) -> Pair:
    first, second = as_uuid(one), as_uuid(other)
    return (first, second) if first < second else (second, first)


def _one_digit_apart(part: str) -> Iterator[list[Pair]]:
    """Return pairs whose BPJS number is one, or whose NIKs differ in one digit alone."""
    if part == "bpjs":
        column, number, digits = "bpjs_number", "bpjs_number", 1
    else:
        place = int(part.removeprefix("nik-"))
        column, digits = "nik", NIK_DIGITS
        number = f"substr(nik, 1, {place:d}) || substr(nik, {place + 2:d})"
    rows = fetch_values(
        # The database sorts and gives only what meets, so that a million numbers stay with it.
        "SELECT number, id FROM (SELECT number, id, count(*) OVER (PARTITION BY number) AS many "
        f"FROM (SELECT {number} AS number, id FROM patients_patient WHERE NOT ({column} = '') "
        f"AND length({column}) >= {digits:d} AND merged_into_id IS NULL) AS numbers) AS counted "
        "WHERE many > 1 ORDER BY number",
        "-u",
    )
    for _number, members in groupby(rows, key=itemgetter(0)):
        people = [patient for _number, patient in members]
        if len(people) <= MOST_OF_A_KEY:
            yield [_pair(one, other) for one, other in combinations(people, 2)]


@dataclass(frozen=True, slots=True)
class Found:
    """What a slice brought."""

    pairs: dict[Pair, Match]
    compared: int


def _compare_groups(groups: Iterable[list[Pair]], owner: uuid.UUID) -> Found:
    """Compare each pair once."""
    wanted: set[Pair] = {pair for group in groups for pair in group}
    people_by_id = read_people({one for pair in wanted for one in pair})
    pairs: dict[Pair, Match] = {}
    compared = 0
    for pair in wanted:
        one, other = people_by_id.get(pair[0]), people_by_id.get(pair[1])
        if one is None or other is None or not _both_stand(one, other, owner):
            continue
        compared += 1
        match = compare(one.key, other.key)
        if _is_worth_listing(match):
            pairs[pair] = match
    return Found(pairs, compared)


def _both_stand(one: Stored, other: Stored, owner: uuid.UUID) -> bool:
    return one.owner == other.owner == owner and not (one.merged_into or other.merged_into)


def _is_worth_listing(match: Match) -> bool:
    # One NIK or one digit of it apart is always worth a look; the matcher says so by the level.
    return match.level is not None and (match.score >= LEAST_SCORE or "NIK sama" in match.agrees)


def _follow(progress: Progress, owner: uuid.UUID) -> Progress:
    """Ask for the look-alikes of people made or corrected since."""
    rows = fetch_values(
        "SELECT id, entity, row FROM journal_change WHERE id > %s ORDER BY id LIMIT %s",
        "--u",
        [progress.change, CHANGES_AT_ONCE],
    )
    if not rows:
        return progress
    wanted: dict[uuid.UUID, None] = {}
    last = progress.change
    for number, entity, row in rows:
        if entity == "patients.patient":
            if len(wanted) >= PEOPLE_AT_ONCE and row not in wanted:
                break
            wanted[row] = None
        last = number
    people = {
        one: person
        for one, person in read_people(wanted).items()
        if person.owner == owner and person.merged_into is None
    }
    ids = list(people)
    pairs: dict[Pair, Match] = {}
    compared = 0
    for one, matches in zip(
        ids, match_many([people[one].key for one in ids], owner=owner), strict=True
    ):
        for other, match in matches:
            if other != one and _is_worth_listing(match):
                pairs[_pair(one, other)] = match
        compared += len(matches)
    progress = replace(progress, change=last, compared=progress.compared + compared)
    _keep(pairs, owner, progress, anew=ids)
    return progress


def _keep(
    pairs: dict[Pair, Match],
    owner: uuid.UUID,
    progress: Progress,
    *,
    anew: Iterable[uuid.UUID] = (),
) -> None:
    """Write the pairs and how far the search has come, together."""
    with transaction.atomic():
        _forget_open(list(anew))
        decided = _decisions(pairs)
        moment = now()
        rows = [
            (
                owner,
                *pair,
                match.level,
                match.score,
                json.dumps(match.agrees, ensure_ascii=False),
                json.dumps(match.differs, ensure_ascii=False),
                moment,
                *_decided(decided.get(pair)),
            )
            for pair, match in pairs.items()
        ]
        with connection.cursor() as cursor:
            cursor.executemany(_UPSERT, [bound_all(row, connection.vendor) for row in rows])
        value = json.dumps(asdict(progress))
        NodeState.objects.update_or_create(key=STATE, defaults={"value": value})


_UPSERT = (
    "INSERT INTO matching_personpair (owner, first_id, second_id, level, score, agrees, differs, "
    "found_at, decision, decided_by, decided_at) VALUES "
    "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (first_id, second_id) DO UPDATE SET level = excluded.level, "
    "score = excluded.score, agrees = excluded.agrees, differs = excluded.differs"
)


def _decided(row: PairDecision | None) -> tuple[object, object, object]:
    if row is None or row.decision == Decision.REOPENED:
        return "", None, None
    return str(row.decision), row.decided_by, row.decided_at


def _decisions(pairs: Iterable[Pair]) -> dict[Pair, PairDecision]:
    """Return the latest word on each pair, if any."""
    firsts = list({first for first, _second in pairs})
    decided: dict[Pair, PairDecision] = {}
    if not PairDecision.objects.exists():
        return decided
    for start in range(0, len(firsts), 500):
        rows = PairDecision.objects.filter(first_id__in=firsts[start : start + 500])
        for row in rows.order_by("decided_at", "id"):
            decided[row.first_id, row.second_id] = row
    return decided


def _forget_open(people: list[uuid.UUID]) -> None:
    """Take undecided pairs of these people off the list: they are found again, or no longer."""
    if not people:
        return
    marks = ", ".join(["%s"] * len(people))
    with connection.cursor() as cursor:
        for side in ("first_id", "second_id"):
            cursor.execute(
                f"DELETE FROM matching_personpair WHERE {side} IN ({marks}) AND decision = ''",
                bound_all(people, connection.vendor),
            )
