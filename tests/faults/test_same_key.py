"""One key sent from everywhere at once: one visit, and the same answer for everybody."""

import uuid

import pytest

from tests.faults.site import Site, at_once
from tests.faults.soundness import as_id, check_soundness


@pytest.mark.timeout(240)
def test_sixteen_threads_with_one_key_make_one_visit(site: Site) -> None:
    for number in range(5):
        key, body = str(uuid.uuid4()), site.visit(number)

        def send(_thread: int, key: str = key, body: dict[str, str] = body) -> object:
            return site.once("POST", "/api/v1/encounters", body, key=key)

        answers = at_once(16, send)
        assert {answer.status for answer in answers} == {201}
        assert len({answer.body for answer in answers}) == 1
        assert len({answer.headers.get("location") for answer in answers}) == 1
        assert sum(not answer.is_replayed for answer in answers) == 1
        assert site.count("registration_encounter") == number + 1
    check_soundness(site)


@pytest.mark.timeout(240)
def test_sixteen_counters_registering_the_same_patient_make_one_visit(site: Site) -> None:
    """Each with a key of its own: one is registered, the others are told that they came second."""
    body = site.visit(0)
    answers = at_once(
        16, lambda _n: site.once("POST", "/api/v1/encounters", body, key=str(uuid.uuid4()))
    )
    statuses = sorted(answer.status for answer in answers)
    assert statuses == [201] + [409] * 15
    assert {a.json()["code"] for a in answers if a.status == 409} == {"already_waiting"}
    (winner,) = [answer for answer in answers if answer.status == 201]
    assert [as_id(row[0]) for row in site.rows("SELECT id FROM registration_encounter")] == [
        as_id(winner.json()["id"])
    ]
    assert site.count("core_idempotencykey") == 1
    check_soundness(site)
