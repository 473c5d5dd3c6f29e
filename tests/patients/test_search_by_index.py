"""Finding by a number reads one row of an index, however many patients there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from simpul.foundation.staff.actor import Actor
from simpul.service.patients.selectors import find_patients

NUMBERS = {"nik": "3509014107900003", "bpjs": "0001234567801", "phone": "081234567801"}


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_number_is_looked_up_in_its_index(registrar: Actor, kind: str) -> None:
    """SQLite takes a partial index only for a condition in its very words: a near miss scans."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL proves the condition itself")
    with CaptureQueriesContext(connection) as captured:
        find_patients(NUMBERS[kind], by=registrar)

    plans = []
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            if "patients_patient" in query["sql"]:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                plans += [row[3] for row in cursor.fetchall()]
    assert any("USING INDEX" in plan and kind in plan for plan in plans), plans
    assert not any(plan.startswith("SCAN") for plan in plans), plans
