"""Finding people by name through the word index, in a few statements at any size.

First people who have every typed word (the last one may be unfinished); only when these are few,
also people with words one slip away. The rarest word leads and the others are checked by key, so
"siti aminah" costs as much as "aminah".
"""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import connection

from simpul.domain.names import deletion_variants, likeness, name_keys
from simpul.service.patients.models import Patient

#: People fetched for ranking before the best are shown.
CANDIDATES = 200
#: Words of the index considered for one typed word.
SIMILAR_WORDS = 40
#: Exact hits from which on slips are no longer looked for.
ENOUGH = 8
#: Counting how common a word is stops here; beyond it all are equally common.
COMMON = 2000


@dataclass(frozen=True)
class NameQuery:
    """A name with what is known of the birth date: days it may be, or a year."""

    name: str
    birth_dates: tuple[date, ...] = ()
    year: int | None = None


def people_named(query: NameQuery, *, owner: uuid.UUID, slips: bool = True) -> list[Patient]:
    """Return people of a facility whose name has (words like) every word of the query."""
    keys = name_keys(query.name)
    if not keys or all(len(key) < 2 for key in keys):
        return []
    exact = [_begun_by(key) if n == len(keys) - 1 else [key] for n, key in enumerate(keys)]
    ids = _having_all(exact, query, owner)
    if slips and len(ids) < ENOUGH:
        near = [
            list(dict.fromkeys([*words, *_near(key)]))
            for key, words in zip(keys, exact, strict=True)
        ]
        ids = list(dict.fromkeys([*ids, *_having_all(near, query, owner)]))
        if not ids and len(near) > 1:
            # One word unknown here (a nickname, a title): the others may still say enough.
            known = [group for group in near if _how_common(group)]
            if known and len(known) < len(near):
                ids = _having_all(known, query, owner)
    return list(Patient.objects.filter(id__in=ids[:CANDIDATES])) if ids else []


def _having_all(groups: list[list[str]], query: NameQuery, owner: uuid.UUID) -> list[uuid.UUID]:
    """Return ids of people who have one word of each group."""
    if not all(groups):
        return []
    ordered = sorted(groups, key=_how_common) if len(groups) > 1 else groups
    lead, *others = ordered
    # Only numbers of places and constants are put into the text; what was typed is bound.
    sql = [
        "SELECT DISTINCT t.patient_id FROM patients_nametoken t "
        "JOIN patients_patient p ON p.id = t.patient_id "
        f"WHERE t.token IN ({_marks(len(lead))}) AND p.owner = %s"
    ]
    values: list[str | uuid.UUID] = [*lead, _key(owner)]
    for group in others:
        sql.append(
            "AND EXISTS (SELECT 1 FROM patients_nametoken o WHERE o.patient_id = t.patient_id "
            f"AND o.token IN ({_marks(len(group))}))"
        )
        values += group
    if query.birth_dates:
        sql.append(f"AND p.birth_date IN ({_marks(len(query.birth_dates))})")
        values += [day.isoformat() for day in query.birth_dates]
    elif query.year:
        sql.append("AND p.birth_date BETWEEN %s AND %s")
        values += [f"{query.year:04d}-01-01", f"{query.year:04d}-12-31"]
    sql.append(f"LIMIT {CANDIDATES}")
    with connection.cursor() as cursor:
        cursor.execute(" ".join(sql), values)
        return [row[0] for row in cursor.fetchall()]


def _how_common(words: list[str]) -> int:
    """Roughly how many people have one of these words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM patients_nametoken "
            f"WHERE token IN ({_marks(len(words))}) LIMIT {COMMON}) AS counted",
            words,
        )
        return int(cursor.fetchone()[0])


def _begun_by(key: str) -> list[str]:
    """Words of the index that begin with an unfinished one, the word itself first."""
    if len(key) < 2:
        return [key]
    end = key[:-1] + chr(ord(key[-1]) + 1)
    # By code point on both databases: a PostgreSQL locale would sort the end of the range away.
    from_, below = ("~>=~", "~<~") if connection.vendor == "postgresql" else (">=", "<")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT token FROM patients_tokenvariant "
            f"WHERE variant = token AND variant {from_} %s AND variant {below} %s "
            f"ORDER BY variant LIMIT {SIMILAR_WORDS}",
            [key, end],
        )
        found = [row[0] for row in cursor.fetchall()]
    return list(dict.fromkeys([key, *found]))


def _near(key: str) -> list[str]:
    """Words of the index one slip away: they share a variant with one letter left out."""
    variants = [key, *deletion_variants(key)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT token FROM patients_tokenvariant "
            f"WHERE variant IN ({_marks(len(variants))}) LIMIT {SIMILAR_WORDS * 4}",
            variants,
        )
        found = [row[0] for row in cursor.fetchall()]
    near = [word for word in found if abs(len(word) - len(key)) <= 1]
    near.sort(key=lambda word: -likeness(word, key))
    return near[:SIMILAR_WORDS]


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count)


def _key(value: uuid.UUID) -> str | uuid.UUID:
    return value if connection.vendor == "postgresql" else value.hex
