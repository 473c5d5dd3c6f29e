"""Finding people by name through the word index, in a few statements at any size.

First people who have every typed word (the last one may be unfinished); only when these are few,
also people with words one slip away. The rarest word leads and the others are checked by key, so
"siti aminah" costs as much as "aminah".
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from simpul.domain.names import deletion_variants, likeness, name_keys
from simpul.foundation.core.rows import fetch_values

#: People fetched for ranking before the best are shown.
CANDIDATES = 200
#: Words of the index considered for one typed word.
SIMILAR_WORDS = 40
#: Exact hits from which on slips are no longer looked for.
ENOUGH = 8
#: Counting how common a word is stops here; beyond it all are equally common.
COMMON = 2000
#: Words whose neighbours are looked for in one statement; SQLite joins 500 SELECTs at most.
WORDS_A_STATEMENT = 200


@dataclass(frozen=True)
class NameQuery:
    """A name with what is known of the birth date: days it may be, or a year."""

    name: str
    birth_dates: tuple[date, ...] = ()
    year: int | None = None


@dataclass(frozen=True)
class Named:
    """One found by name: what ranking needs; whole rows are read only of those who are shown."""

    id: uuid.UUID
    name: str
    mrn: str
    birth_date: date
    merged_into: uuid.UUID | None = None


def people_named(query: NameQuery, *, owner: uuid.UUID, slips: bool = True) -> list[Named]:
    """Return people of a facility whose name has (words like) every word of the query."""
    keys = name_keys(query.name)
    if not keys or all(len(key) < 2 for key in keys):
        return []
    exact = [_begun_by(key) if n == len(keys) - 1 else [key] for n, key in enumerate(keys)]
    found = _having_all(exact, _how_common(exact), query, owner)
    if slips and len(found) < ENOUGH:
        near = [
            list(dict.fromkeys([*words, *others]))
            for words, others in zip(exact, _near(keys), strict=True)
        ]
        common = _how_common(near)
        found = list(dict.fromkeys([*found, *_having_all(near, common, query, owner)]))
        if not found and len(near) > 1:
            # One word unknown here (a nickname, a title): the others may still say enough.
            known = [n for n, many in enumerate(common) if many]
            if known and len(known) < len(near):
                found = _having_all(
                    [near[n] for n in known], [common[n] for n in known], query, owner
                )
    return found[:CANDIDATES]


def _having_all(
    groups: list[list[str]], common: list[int], query: NameQuery, owner: uuid.UUID
) -> list[Named]:
    """Return people who have one word of each group; the rarest group leads."""
    if not all(groups) or not all(common):
        return []
    lead, *others = (groups[n] for n in sorted(range(len(groups)), key=lambda n: common[n]))
    # Only numbers of places and constants are put into the text; what was typed is bound.
    sql = [
        "SELECT DISTINCT p.id, p.name, p.mrn, p.birth_date, p.merged_into_id "
        "FROM patients_nametoken t "
        "JOIN patients_patient p ON p.id = t.patient_id "
        f"WHERE t.token IN ({_marks(len(lead))}) AND p.owner = %s"
    ]
    values: list[object] = [*lead, owner]
    for group in others:
        sql.append(
            "AND EXISTS (SELECT 1 FROM patients_nametoken o WHERE o.patient_id = t.patient_id "
            f"AND o.token IN ({_marks(len(group))}))"
        )
        values += group
    if query.birth_dates:
        sql.append(f"AND p.birth_date IN ({_marks(len(query.birth_dates))})")
        values += query.birth_dates
    elif query.year:
        sql.append("AND p.birth_date BETWEEN %s AND %s")
        values += [date(query.year, 1, 1), date(query.year, 12, 31)]
    sql.append(f"LIMIT {CANDIDATES}")
    return [Named(*row) for row in fetch_values(" ".join(sql), "u--du", values)]


def _how_common(groups: list[list[str]]) -> list[int]:
    """Roughly how many people have one of the words of each group."""
    counted = ", ".join(
        "(SELECT count(*) FROM (SELECT 1 FROM patients_nametoken "
        f"WHERE token IN ({_marks(len(words))}) LIMIT {COMMON}) AS counted)"
        for words in groups
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counted}", [word for words in groups for word in words])
        return [int(many) for many in cursor.fetchone()]


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


def near_words(keys: Sequence[str], *, most: int) -> dict[str, list[str]]:
    """Words of the index one slip away from each key, the likest first, without the key itself."""
    return {
        key: [word for word in words if word != key][:most]
        for start in range(0, len(keys), WORDS_A_STATEMENT)
        for key, words in zip(
            keys[start : start + WORDS_A_STATEMENT],
            _near(keys[start : start + WORDS_A_STATEMENT]),
            strict=True,
        )
    }


def _near(keys: Sequence[str]) -> list[list[str]]:
    """Words of the index one slip away from each key: they share a form that lacks one letter."""
    forms = [[key, *deletion_variants(key)] for key in keys]
    sql = " UNION ALL ".join(
        f"SELECT {place:d}, found.token FROM (SELECT DISTINCT token FROM patients_tokenvariant "
        f"WHERE variant IN ({_marks(len(some))}) LIMIT {SIMILAR_WORDS * 4}) AS found"
        for place, some in enumerate(forms)
    )
    near: list[list[str]] = [[] for _key in keys]
    with connection.cursor() as cursor:
        cursor.execute(sql, [form for some in forms for form in some])
        for place, word in cursor.fetchall():
            if abs(len(word) - len(keys[place])) <= 1:
                near[place].append(word)
    for key, words in zip(keys, near, strict=True):
        words.sort(key=lambda word: -likeness(word, key))
    return [words[:SIMILAR_WORDS] for words in near]


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count)
