"""Who stands for whom, worked out from the decisions that are in force.

Each record was merged into at most one other (`Merge` not undone), so the decisions form trees; the
top of a tree stands for all records in it, and every record points at it (`Patient.merged_into`).
"""

import uuid
from collections.abc import Iterable, Mapping

from django.db import connection

from simpul.foundation.core.counters import take
from simpul.foundation.core.rows import fetch_all
from simpul.foundation.journal.acts import Act
from simpul.service.patients.merging.models import Merge
from simpul.service.patients.models import Patient
from simpul.service.patients.records import RECORDS_OF, twice


def top_of(record: uuid.UUID, parents: Mapping[uuid.UUID, uuid.UUID]) -> uuid.UUID:
    """Return the record that stands for this one; `parents` says what was merged into what."""
    seen = {record}
    while record in parents:
        record = parents[record]
        if record in seen:
            raise ValueError("records merged in a circle")
        seen.add(record)
    return record


def lock_records(*ids: uuid.UUID, owner: uuid.UUID) -> dict[uuid.UUID, Patient]:
    """Return these records and all others of the same people, locked until the act is done.

    Merges and undoings of a house wait for each other at a counter first: two that meet would
    otherwise lock the same records in different orders.
    """
    take(f"merges:{owner}")
    locking = "FOR UPDATE" if connection.features.has_select_for_update else ""
    asked = " UNION ".join([RECORDS_OF] * len(ids))
    values = [value for one in ids for value in twice(one)]
    condition = f"WHERE t.id IN ({asked}) AND t.owner = %s ORDER BY t.id {locking}"
    return {row.id: row for row in fetch_all(Patient, condition, [*values, owner])}


def parents_of(records: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Return what each of these was merged into, by the decisions in force."""
    links = Merge.objects.filter(merged_id__in=list(records), undone_at__isnull=True)
    return dict(links.values_list("merged_id", "survivor_id"))


def point_at_tops(this: Act, rows: Mapping[uuid.UUID, Patient]) -> None:
    """Let each of these records point at the one that stands for it now.

    Those that leave the unique index of NIKs are written before those that come into it.
    """
    parents = parents_of(rows)
    moved = []
    for row in rows.values():
        top = top_of(row.id, parents)
        stands = None if top == row.id else top
        if row.merged_into_id != stands:
            row.merged_into_id = stands
            moved.append(row)
    for row in sorted(moved, key=lambda row: row.merged_into_id is None):
        this.update(row, "merged_into")
