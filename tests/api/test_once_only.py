"""Idempotency-Key: a write sent twice happens once."""

import pytest

from simpul.foundation.core.models import IdempotencyKey
from simpul.service.distribution.models import Ticket
from simpul.service.patients.models import Patient
from tests.conftest import new_key

NEW = {
    "name": "Aminah Contoh",
    "birth_date": "1985-03-12",
    "sex": "female",
    "village": "Sabrang",
    "mother_name": "Maryam",
}


def test_the_same_key_and_body_get_the_same_answer(program, registrar):
    client, key = program(registrar), new_key()

    first = client.call("POST", "/patients", NEW, key=key)
    again = client.call("POST", "/patients", NEW, key=key)

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    for header in ("Content-Type", "ETag", "Location"):
        assert again[header] == first[header]
    assert Patient.objects.count() == 1


def test_a_visit_sent_twice_takes_one_number(program, registrar, patient):
    client, key = program(registrar), new_key()
    body = {"patient_id": str(patient.id), "complaint": "batuk"}

    tickets = {
        client.call("POST", "/encounters", body, key=key).json()["ticket"]["number"]
        for _ in range(3)
    }

    assert len(tickets) == 1
    assert Ticket.objects.count() == 1


def test_calling_next_twice_with_one_key_calls_one_patient(program, nurse, make_visit):
    make_visit()
    make_visit()
    client, key = program(nurse), new_key()

    first = client.call("POST", "/queues/umum/call-next", key=key).json()
    again = client.call("POST", "/queues/umum/call-next", key=key).json()
    other = client.call("POST", "/queues/umum/call-next", key=new_key()).json()

    assert first == again
    assert other["id"] != first["id"]


def test_the_same_key_with_another_body_is_refused(program, registrar):
    client, key = program(registrar), new_key()
    client.call("POST", "/patients", NEW, key=key)

    other = client.call("POST", "/patients", {**NEW, "name": "Budi"}, key=key)

    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"
    assert "Idempotent-Replayed" not in other
    assert Patient.objects.count() == 1


def test_the_same_key_for_another_call_is_refused(program, registrar):
    client, key = program(registrar), new_key()
    client.call("POST", "/patients", NEW, key=key)

    assert client.call("POST", "/patients/match", NEW, key=key).status_code == 422


def test_another_accounts_key_is_its_own(program, registrar, recorder):
    key = new_key()
    program(registrar).call("POST", "/patients", NEW, key=key)
    other = {**NEW, "name": "Budi Contoh", "sex": "male", "birth_date": "1970-01-02"}

    answer = program(recorder).call("POST", "/patients", other, key=key)

    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer
    assert Patient.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [{**NEW, "name": ""}, {**NEW, "rt": 7}, {**NEW, "unknown": 1}],
    ids=["422", "422", "422"],
)
def test_a_refusal_leaves_the_key_free(program, registrar, wrong):
    client, key = program(registrar), new_key()
    assert client.call("POST", "/patients", wrong, key=key).status_code == 422

    answer = client.call("POST", "/patients", NEW, key=key)

    assert answer.status_code == 201
    assert IdempotencyKey.objects.count() == 1


def test_a_stale_edit_leaves_the_key_free(program, registrar, patient):
    client, key = program(registrar), new_key()
    path = f"/patients/{patient.id}"
    stale = client.call("PATCH", path, {"rt": "1"}, key=key, headers={"If-Match": '"7"'})
    assert stale.status_code == 412

    answer = client.call("PATCH", path, {"rt": "1"}, key=key, headers={"If-Match": '"1"'})

    assert answer.status_code == 200


def test_an_edit_sent_twice_with_its_key_is_not_stale(program, registrar, patient):
    client, key = program(registrar), new_key()
    path, headers = f"/patients/{patient.id}", {"If-Match": '"1"'}

    first = client.call("PATCH", path, {"rt": "9"}, key=key, headers=headers)
    again = client.call("PATCH", path, {"rt": "9"}, key=key, headers=headers)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again["Idempotent-Replayed"] == "true"
    assert again["ETag"] == '"2"'


@pytest.mark.parametrize("key", ["pendek", "x" * 81, "tujuh\tseven\t8"])
def test_a_key_that_is_none_is_refused(program, registrar, key):
    answer = program(registrar).call("POST", "/patients", NEW, key=key)

    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_malformed"
    assert Patient.objects.count() == 0


def test_a_reading_takes_no_key(program, registrar, patient):
    client, key = program(registrar), new_key()
    client.call("GET", f"/patients/{patient.id}", key=key)

    assert IdempotencyKey.objects.count() == 0


def test_the_document_tells_of_the_key(house, client):
    document = client.get("/api/v1/openapi.json").json()

    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names = {parameter["name"] for parameter in operation["parameters"]}
            assert ("Idempotency-Key" in names) == (method != "get"), path
            if method != "get":
                success = next(r for s, r in operation["responses"].items() if s[0] == "2")
                assert "Idempotent-Replayed" in success["headers"]
