"""Known people who may be the one at the counter: one function for every place that asks.

The form while it is typed, the check before saving, the import, what was typed without the network
and the nightly list of pairs ask `find_candidates` (many at once: `find_candidates_of_many`), so
that none of them knows somebody the others do not. A few statements find ids under the keys of
`domain.matching_blocking` and by number, the fields to compare, and the rows of those shown.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from simpul.domain.matching import Match, PersonKey, compare
from simpul.domain.matching_blocking import Tier, asked_keys, one_slip_from
from simpul.domain.names import known_as, name_keys
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.cards import PatientCard, card
from simpul.service.patients.former_numbers import survivors_by
from simpul.service.patients.name_search import near_words
from simpul.service.patients.records import records

#: The surest first; within a level by score.
ORDER: Final = {"certain": 0, "possible": 1, "household": 2}
#: People compared with one who asks; those who share most keys and numbers come first.
MOST_COMPARED = 150
#: Stored words one letter away that are looked for, for each word of the name.
NEAR_WORDS = 10
#: People of one family card or telephone that are compared.
MOST_OF_A_NUMBER = 40
#: People asked for in one statement: ten SELECTs each at most, and SQLite joins 500.
ASKED_AT_ONCE = 40
IDS_AT_ONCE = 900
_NIK_DIGITS = 16
_BPJS_DIGITS = 13
#: Numbers that a merge overwrote, by the weight that says so of a row that was found.
_FORMER_FIELDS: Final = {-20: "nik", -21: "bpjs"}
_FORMER_COLUMNS: Final = {"nik": "nik", "bpjs": "bpjs_number"}


@dataclass(frozen=True)
class Candidate:
    """A known person who may be the one at the counter, with reasons for and against.

    `apart_from` is the number of a likelier one whom a person already said this is not.
    """

    patient: PatientCard
    match: Match
    apart_from: str = ""


def find_candidates(
    key: PersonKey, *, by: Actor, limit: int = 5, leave_out: uuid.UUID | None = None
) -> list[Candidate]:
    """Return known people like this one, surest first; reasons are the matcher's.

    A record that was merged speaks for the record it was merged into, which is what is returned.
    """
    return find_candidates_of_many([key], by=by, limit=limit, leave_out=leave_out)[0]


def find_candidates_of_many(
    keys: Sequence[PersonKey],
    *,
    by: Actor,
    limit: int = 5,
    leave_out: uuid.UUID | None = None,
) -> list[list[Candidate]]:
    """Return the candidates of each, in the order asked; an import asks for a batch this way."""
    require(by, "view", "patient")
    found: list[list[Candidate]] = []
    for start in range(0, len(keys), ASKED_AT_ONCE):
        some = keys[start : start + ASKED_AT_ONCE]
        best = [
            matches[:limit]
            for matches in match_many(some, owner=by.facility_id, leave_out=leave_out)
        ]
        cards = _cards([one for matches in best for one, _match in matches])
        found += [
            [Candidate(cards[one], match) for one, match in matches if one in cards]
            for matches in best
        ]
    return found


def match_many(
    keys: Sequence[PersonKey], *, owner: uuid.UUID, leave_out: uuid.UUID | None = None
) -> list[list[tuple[uuid.UUID, Match]]]:
    """Return, for each, the ids of like people and how like, surest first.

    The half of `find_candidates` that needs no rights and reads no cards.
    """
    blocks = _blocks(keys)
    people = read_people({one for block in blocks for one in block.people})
    found = []
    for key, block in zip(keys, blocks, strict=True):
        matches: dict[uuid.UUID, Match] = {}
        for one in block.people:
            person = people.get(one)
            if person is None or person.owner != owner:
                continue
            sides = (*block.as_before(one, person.key), person.key)
            match = min(
                (compare(key, side) for side in sides),
                key=lambda side: (side.level is None, _rank(side)),
            )
            stands_for = person.merged_into or one
            if match.level is None or leave_out in (one, stands_for):
                continue
            known = matches.get(stands_for)
            if known is None or _rank(match) < _rank(known):
                matches[stands_for] = match
        found.append(sorted(matches.items(), key=lambda pair: (_rank(pair[1]), pair[0])))
    return found


def _rank(match: Match) -> tuple[int, float]:
    return ORDER[match.level or "household"], -match.score


@dataclass(frozen=True)
class _Block:
    """The few people worth comparing with one, those who share most first.

    `before` says who had the very number asked for until a merge overwrote it.
    """

    people: list[uuid.UUID]
    before: dict[uuid.UUID, dict[str, str]]

    def as_before(self, one: uuid.UUID, key: PersonKey) -> tuple[PersonKey, ...]:
        """Return what this person was by the number asked for; nothing for all others."""
        numbers = self.before.get(one)
        return (replace(key, **numbers),) if numbers else ()  # type: ignore[arg-type]


def block_many(keys: Sequence[PersonKey]) -> list[list[uuid.UUID]]:
    """Return, for each, the few people worth comparing with, those who share most first."""
    return [block.people for block in _blocks(keys)]


def _blocks(keys: Sequence[PersonKey]) -> list[_Block]:
    near = _near_words_of(keys)
    shared: list[Counter[uuid.UUID]] = [Counter() for _key in keys]
    before: list[dict[uuid.UUID, dict[str, str]]] = [{} for _key in keys]
    parts: list[str] = []
    values: list[object] = []
    for place, key in enumerate(keys):
        _ask_for_numbers(place, key, parts, values)
        tiers = asked_keys(key, near[place]) if key.name else ()
        _ask_for_keys(place, tiers, parts, values)
    if parts:
        for place, weight, patient in fetch_values(" UNION ALL ".join(parts), "--u", values):
            shared[place][patient] += abs(weight)
            if weight < 0:
                field = _FORMER_FIELDS[weight]
                before[place].setdefault(patient, {})[field] = getattr(keys[place], field)
    return [
        _Block([one for one, _weight in found.most_common(MOST_COMPARED)], had)
        for found, had in zip(shared, before, strict=True)
    ]


def _near_words_of(keys: Sequence[PersonKey]) -> list[list[list[str]]]:
    """Return the stored words near each word of each name, read in one statement."""
    words = list(dict.fromkeys(word for key in keys for word in name_keys(key.name)))
    near = near_words(words, most=NEAR_WORDS) if words else {}
    return [[near.get(word, []) for word in name_keys(key.name)] for key in keys]


def _ask_for_keys(
    place: int, tiers: Sequence[Tier], parts: list[str], values: list[object]
) -> None:
    """Add one SELECT a tier; a key said more surely weighs more."""
    for below, tier in enumerate(tiers):
        if not tier.keys:
            continue
        marks = ", ".join(["%s"] * len(tier.keys))
        parts.append(
            f"SELECT {place:d}, {len(tiers) - below:d}, patient_id FROM (SELECT patient_id FROM "
            f"matching_blockingkey WHERE key IN ({marks}) LIMIT {tier.most:d}) AS found"
        )
        values += tier.keys


def _ask_for_numbers(place: int, key: PersonKey, parts: list[str], values: list[object]) -> None:
    """Add one SELECT a number; NIK and BPJS also as they are with one slip."""
    asked = (
        ("nik", one_slip_from(key.nik) if len(key.nik) == _NIK_DIGITS else (key.nik,), 20),
        (
            "bpjs_number",
            one_slip_from(key.bpjs) if len(key.bpjs) == _BPJS_DIGITS else (key.bpjs,),
            20,
        ),
        ("kk_number", (key.kk,), 5),
        ("phone", (key.phone,), 5),
    )
    for column, numbers, weight in asked:
        if not numbers[0]:
            continue
        marks = ", ".join(["%s"] * len(numbers))
        # The index leaves the empty string out; SQLite uses it only for the very same words.
        parts.append(
            f"SELECT {place:d}, {weight:d}, id FROM (SELECT id FROM patients_patient "
            f"WHERE {column} IN ({marks}) AND NOT ({column} = '') "
            f"LIMIT {MOST_OF_A_NUMBER}) AS found"
        )
        values += numbers
    for weight, field in _FORMER_FIELDS.items():
        number = getattr(key, field)
        if number:
            survivors = survivors_by(_FORMER_COLUMNS[field], "= %s")
            parts.append(f"SELECT {place:d}, {weight:d}, survivor_id FROM ({survivors}) AS former")
            values.append(number)


@dataclass(frozen=True, slots=True)
class Stored:
    """What is compared of a stored patient."""

    owner: uuid.UUID
    merged_into: uuid.UUID | None
    key: PersonKey


COMPARED = (
    "id, owner, merged_into_id, name, birth_date, birth_date_estimated, sex, nik, bpjs_number, "
    "mother_name, village, rt, rw, kk_number, phone, mother_nik, birth_order, title"
)
COMPARED_KINDS = "uuu-db------------"


def read_people(patients: Iterable[uuid.UUID]) -> dict[uuid.UUID, Stored]:
    """Return what is compared of these patients, without reading their whole rows."""
    wanted = list(patients)
    people: dict[uuid.UUID, Stored] = {}
    for start in range(0, len(wanted), IDS_AT_ONCE):
        some = wanted[start : start + IDS_AT_ONCE]
        marks = ", ".join(["%s"] * len(some))
        rows = fetch_values(
            f"SELECT {COMPARED} FROM patients_patient WHERE id IN ({marks})", COMPARED_KINDS, some
        )
        people.update((row[0], stored_of(row)) for row in rows)
    return people


def stored_of(row: tuple[Any, ...]) -> Stored:
    """Return a row of `COMPARED` as what is compared."""
    return Stored(
        row[1],
        row[2],
        PersonKey(
            known_as(row[17], row[3]), row[4], row[5], row[6], row[7], row[8], row[9], row[10],
            row[11], row[12], row[13], row[14], row[15], row[16],
        ),
    )  # fmt: skip


def _cards(patients: Iterable[uuid.UUID]) -> dict[uuid.UUID, PatientCard]:
    return {one: card(row) for one, row in records(dict.fromkeys(patients)).items()}
