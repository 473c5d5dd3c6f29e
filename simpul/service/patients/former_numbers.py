"""Numbers that a merge overwrote: the card in somebody's hand may still say them.

A merge that takes the NIK or BPJS number of the other record keeps what the survivor said before
(`Merge.chosen`); as long as the merge is in force that number still means this person. It is read
from the decision itself, so an undoing leaves nothing behind. The indexes are made by
`merging.0003`, whose expressions must be these, letter for letter.
"""

import uuid
from collections.abc import Iterable
from typing import Final

from django.db import connection

from simpul.foundation.core.rows import fetch_values

_BEFORE: Final = {
    "sqlite": {
        "nik": "json_extract(chosen, '$.identity.before.nik')",
        "bpjs_number": "json_extract(chosen, '$.bpjs_number.before.bpjs_number')",
    },
    "postgresql": {
        "nik": "(chosen #>> '{identity,before,nik}')",
        "bpjs_number": "(chosen #>> '{bpjs_number,before,bpjs_number}')",
    },
}
COLUMNS: Final = tuple(_BEFORE["sqlite"])


def number_before(column: str, vendor: str = "") -> str:
    """Return the expression of a merge's overwritten number; an index has it too."""
    return _BEFORE[vendor or connection.vendor][column]


def survivors_by(column: str, condition: str) -> str:
    """Return the SELECT of records whose number of this kind was overwritten by a merge in force.

    `condition` follows the number (`= %s`, `IN (%s, %s)`) and is a constant of the caller.
    """
    return (
        "SELECT survivor_id FROM merging_merge "  # noqa: S608 - constants of the callers only
        f"WHERE {number_before(column)} {condition} AND undone_at IS NULL"
    )


def numbers_given_up(
    column: str, numbers: Iterable[str], *, owner: uuid.UUID
) -> list[tuple[str, uuid.UUID]]:
    """Return which of these numbers a merge overwrote, with the record that had it."""
    wanted = sorted(set(numbers) - {""})
    if not wanted:
        return []
    marks = ", ".join(["%s"] * len(wanted))
    number = number_before(column)
    return [
        (found, record)
        for found, record in fetch_values(
            f"SELECT {number}, survivor_id FROM merging_merge "  # noqa: S608 - marks only
            f"WHERE {number} IN ({marks}) AND undone_at IS NULL AND owner = %s ORDER BY id",
            "-u",
            [*wanted, owner],
        )
    ]
