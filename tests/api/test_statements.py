"""How many statements the calls of every visit take; the count is how they stay fast.

Taken with warm caches (rights, units, journal head), as every request but the first one has them.
BEGIN, COMMIT and SAVEPOINT are not counted: in a test they are savepoints of the test's own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import new_key

AROUND = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def at_most(most: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as captured:
        yield
    statements = [query["sql"] for query in captured if not query["sql"].upper().startswith(AROUND)]
    assert len(statements) <= most, "\n".join(text[:160] for text in statements)


@pytest.fixture
def counter(program, registrar, make_patient) -> Callable[..., object]:
    """The counter's program after its first visit of the day."""
    client = program(registrar)
    body = {"patient_id": str(make_patient().id), "complaint": "batuk"}
    assert client.call("POST", "/encounters", body).status_code == 201
    return client


@pytest.mark.parametrize(("key", "most"), [(None, 12), ("sekali-jalan-1", 14)])
def test_registering_a_visit(counter, patient, key, most):
    body = {"patient_id": str(patient.id), "complaint": "batuk", "payer": "bpjs"}

    with at_most(most):
        answer = counter.call("POST", "/encounters", body, key=key)

    assert answer.status_code == 201


@pytest.mark.parametrize("field", ["nik", "bpjs_number", "mrn", "id"])
def test_finding_by_a_key(counter, make_patient, field):
    patient = make_patient(
        "Budi Contoh", sex="male", nik="3509011203850001", bpjs_number="0001234567890"
    )
    value = getattr(patient, field)
    path = f"/patients/{value}" if field == "id" else f"/patients?q={value}"

    with at_most(2):
        answer = counter.call("GET", path)

    assert answer.status_code == 200
    assert patient.mrn in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "most"), [("budi contoh", 7), ("budi conttoh", 7), ("budi 12031985", 7)]
)
def test_finding_by_name(counter, make_patient, typed, most):
    patient = make_patient("Budi Contoh", sex="male", birth_date="12031985")

    with at_most(most):
        answer = counter.call("GET", f"/patients?q={typed}")

    assert patient.mrn in answer.content.decode()


def test_matching_a_form_takes_a_few_statements_whatever_is_in_it(counter, make_patient):
    person = {"name": "Budi Contoh", "sex": "male", "birth_date": "12031985"}
    numbers = {"nik": "3509011203850001", "bpjs_number": "0001234567890", "phone": "081234567890"}
    patient = make_patient("Budi Contoh", sex="male", birth_date="12031985", **numbers)

    with at_most(12):
        answer = counter.call("POST", "/patients/match", {**person, **numbers})

    assert patient.mrn in answer.content.decode()


def test_a_queue_is_one_page_whatever_its_length(program, nurse, make_visit):
    client = program(nurse)
    client.call("GET", "/queues/umum")
    for _ in range(12):
        make_visit()

    with at_most(2):
        answer = client.call("GET", "/queues/umum")

    assert len(answer.json()["items"]) == 12


def test_all_queues(counter):
    with at_most(2):
        assert counter.call("GET", "/queues").status_code == 200


@pytest.mark.parametrize("visits", [0, 1, 5])
def test_a_history_whatever_its_length(program, physician, patient, make_visit, visits):
    client = program(physician)
    client.call("GET", f"/patients/{patient.id}/history")
    for unit in ["umum", "gigi", "lansia", "tb", "gizi"][:visits]:
        visit = make_visit(patient, unit=unit)
        entries = {"entries": [{"kind": "note", "text": "x"}]}
        client.call("POST", f"/encounters/{visit.encounter.id}/entries", entries)

    with at_most(7):
        answer = client.call("GET", f"/patients/{patient.id}/history")

    assert len(answer.json()["items"]) == visits


def test_a_page_of_records_whatever_its_length(program, physician, recorder, make_visit):
    doctor, room = program(physician), program(recorder)
    for _ in range(4):
        doctor.call("POST", f"/encounters/{make_visit().encounter.id}/close")
    room.call("GET", "/completeness?limit=1")

    with at_most(5):
        answer = room.call("GET", "/completeness")

    assert len(answer.json()["items"]) == 4


def test_a_visit_with_its_trail(program, registrar, visit):
    client = program(registrar)
    client.call("GET", f"/encounters/{visit.encounter.id}")

    with at_most(4):
        assert client.call("GET", f"/encounters/{visit.encounter.id}").status_code == 200


def test_a_replay_does_the_work_of_one_reading(counter, make_patient):
    key, body = new_key(), {"patient_id": str(make_patient().id), "complaint": "batuk"}
    counter.call("POST", "/encounters", body, key=key)

    with at_most(2):
        assert counter.call("POST", "/encounters", body, key=key)["Idempotent-Replayed"] == "true"
