"""Keeping the keys that find look-alikes: written with the patient, made anew when rules change.

Derived from the patient's row, in the transaction that writes it, never synchronised.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence

from django.db import connection, transaction

from simpul.domain.matching import PersonKey
from simpul.domain.matching_blocking import WAY, stored_keys
from simpul.foundation.core.models import NodeState
from simpul.foundation.core.rows import bound_all, fetch_values
from simpul.service.patients.matching.models import BlockingKey
from simpul.service.patients.models import Patient

STATE = "matching_keys"
AT_ONCE = 2000
#: Rows of one INSERT; SQLite allows 32,766 bound values in one statement.
ROWS_A_STATEMENT = 2000
IDS_A_STATEMENT = 500


def write_keys(patient: uuid.UUID, person: PersonKey) -> None:
    """Make a new patient findable by look-alikes; one statement."""
    _insert([(key, patient) for key in stored_keys(person)])


def rewrite_keys(patient: uuid.UUID, before: PersonKey, after: PersonKey) -> None:
    """Make a corrected patient findable as they are now and no longer as they were."""
    old, new = set(stored_keys(before)), set(stored_keys(after))
    if old - new:
        gone = sorted(old - new)
        marks = ", ".join(["%s"] * len(gone))
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM matching_blockingkey WHERE key IN ({marks}) AND patient_id = %s",
                bound_all([*gone, patient], connection.vendor),
            )
    _insert([(key, patient) for key in sorted(new - old)])


def write_keys_of(patients: Sequence[uuid.UUID]) -> None:
    """Make many stored patients findable; used by imports and by the demo."""
    for start in range(0, len(patients), IDS_A_STATEMENT):
        some = list(patients[start : start + IDS_A_STATEMENT])
        marks = ", ".join(["%s"] * len(some))
        _write_rows(fetch_values(f"{_SELECT} WHERE id IN ({marks})", _KINDS, some))


_SELECT = "SELECT id, name, birth_date, village, mother_name FROM patients_patient"
_KINDS = "u-d--"


def _write_rows(rows: Iterable[tuple[uuid.UUID, str, object, str, str]]) -> None:
    _insert([
        (key, patient)
        for patient, name, born, village, mother in rows
        for key in stored_keys(
            PersonKey(name=name, birth_date=born, village=village, mother_name=mother)  # type: ignore[arg-type]
        )
    ])  # fmt: skip


def _insert(rows: list[tuple[int, uuid.UUID]]) -> None:
    rows.sort()  # neighbours in the tree are written together
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        some = rows[start : start + ROWS_A_STATEMENT]
        values = [value for row in some for value in row]
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO matching_blockingkey (key, patient_id) VALUES "
                + ", ".join(["(%s, %s)"] * len(some))
                + " ON CONFLICT DO NOTHING",
                bound_all(values, connection.vendor),
            )


def renew_keys(names_way: int, tell: Callable[[int, int], None]) -> bool:
    """Make all keys anew if they were made by older rules; says how far it has come.

    `names_way` says by which rules the words of names are made (`patients.index.KEYS`).

    One transaction: stopped half-way, the old keys are still there and the next start tries again.
    """
    way = f"{WAY}.{names_way}"
    if NodeState.objects.filter(key=STATE, value=way).exists():
        return False
    with transaction.atomic():
        total = Patient.objects.count()
        if total:
            BlockingKey.objects.all().delete()
            done, batch = 0, []
            people = Patient.objects.order_by("id").values_list(
                "id", "name", "birth_date", "village", "mother_name"
            )
            for row in people.iterator(chunk_size=AT_ONCE):
                batch.append(row)
                if len(batch) == AT_ONCE:
                    _write_rows(batch)
                    done += len(batch)
                    batch = []
                    tell(done, total)
            _write_rows(batch)
            tell(total, total)
        NodeState.objects.update_or_create(key=STATE, defaults={"value": way})
    return bool(total)
