"""The records of one person: which one stands for the others, and all of them together.

A person decided that two records are one person (`merging`); nothing was moved. `merged_into` of a
record is the one that stands for the person now, at any depth of decisions, so that one step
always leads there. What belongs to the person (history, allergies, "already waiting") is read over
all records; what is written from now on goes to the one that stands for the person.
"""

import uuid
from collections.abc import Iterable

from simpul.foundation.core.rows import fetch_all, fetch_values
from simpul.service.patients.models import Patient

#: All records of the person one record belongs to; takes that record's id twice (`twice`).
RECORDS_OF = """
    SELECT COALESCE(one.merged_into_id, one.id) FROM patients_patient one WHERE one.id = %s
    UNION
    SELECT other.id FROM patients_patient one
    JOIN patients_patient other ON other.merged_into_id = COALESCE(one.merged_into_id, one.id)
    WHERE one.id = %s
"""
#: Join of a table's `patient_id` (alias `d`) to the record that stands for the person (alias `p`).
PERSON_OF = """
    JOIN patients_patient own ON own.id = d.patient_id
    JOIN patients_patient p ON p.id = COALESCE(own.merged_into_id, own.id)
"""


def twice(record: uuid.UUID) -> list[uuid.UUID]:
    """Return the bound values of `RECORDS_OF`."""
    return [record, record]


def record_ids(record: uuid.UUID) -> list[uuid.UUID]:
    """Return the ids of all records of the person this record belongs to; none if unknown."""
    return [row[0] for row in fetch_values(RECORDS_OF, "u", twice(record))]


def lock_records(record: uuid.UUID) -> list[uuid.UUID]:
    """Return the same ids, and let nobody else have them in this way until the commit."""
    rows = Patient.objects.select_for_update(no_key=True).filter(id__in=record_ids(record))
    return list(rows.order_by("id").values_list("id", flat=True))


def people_of(rows: Iterable[Patient]) -> dict[uuid.UUID, Patient]:
    """Return for each of these records the one that stands for its person, by the record's id.

    Asks nothing as long as none of them is merged.
    """
    known = {row.id: row for row in rows}
    missing = [
        row.merged_into_id
        for row in known.values()
        if row.merged_into_id is not None and row.merged_into_id not in known
    ]
    standing = known | records(dict.fromkeys(missing))
    return {id_: standing[row.merged_into_id or id_] for id_, row in known.items()}


def records(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Patient]:
    """Return rows by id, in one statement."""
    wanted = list(ids)
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    return {row.id: row for row in fetch_all(Patient, f"WHERE t.id IN ({marks})", wanted)}


def merged_numbers(person: uuid.UUID) -> list[str]:
    """Return the record numbers of the records that were merged into this one, oldest first."""
    rows = fetch_values(
        "SELECT t.mrn FROM patients_patient t WHERE t.merged_into_id = %s ORDER BY t.id",
        "-",
        [person],
    )
    return [row[0] for row in rows]
