"""ADR 0007: what reading and writing rows without the ORM's compiler is worth, in CPU."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import django


def measure(job: dict[str, Any]) -> dict[str, Any]:
    """Return CPU in ms of one row read and written, both ways, in this process."""
    from django.db import connection, transaction

    from simpul.foundation.core.ids import uuid7
    from simpul.foundation.core.rows import fetch_all, fetch_one, insert_rows
    from simpul.service.patients.models import Patient
    from simpul.service.registration.models import Encounter

    patients = [row.id for row in fetch_all(Patient, "LIMIT 200")]
    pattern = Encounter.objects.first()
    if pattern is None:
        raise SystemExit("no visit to write again")
    values = {f.attname: getattr(pattern, f.attname) for f in Encounter._meta.concrete_fields}

    def fresh(n: int) -> Encounter:
        return Encounter(**values | {"id": uuid7(), "registration_number": f"rows-{n}"})

    def through_orm(n: int) -> object:
        return Patient.objects.filter(id=patients[n % len(patients)]).first()

    def through_rows(n: int) -> object:
        return fetch_one(Patient, "WHERE t.id = %s", [patients[n % len(patients)]])

    rounds: int = job["rounds"]
    found: dict[str, Any] = {
        "read": {"orm": _cpu(through_orm, rounds), "rows": _cpu(through_rows, rounds)}
    }
    with transaction.atomic():  # what is written here is taken back: only the way in is measured
        found["write"] = {
            "orm": _cpu(lambda n: fresh(n).save(force_insert=True), rounds),
            "rows": _cpu(lambda n: insert_rows([fresh(rounds + 100 + n)]), rounds),
        }
        transaction.set_rollback(True)
    connection.close()
    return found


def _cpu(work: Callable[[int], object], rounds: int) -> float:
    for n in range(20):
        work(-1 - n)
    began = time.process_time()
    for n in range(rounds):
        work(n)
    return round((time.process_time() - began) * 1000 / rounds, 4)


if __name__ == "__main__":
    django.setup()
    json.dump(measure(json.load(sys.stdin)), sys.stdout)
