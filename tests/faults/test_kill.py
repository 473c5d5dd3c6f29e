"""kill -9 of the server while people register: what was acknowledged is there, once."""

import random
import threading
import uuid

import pytest

from tests.faults.site import Answer, Site, at_once
from tests.faults.soundness import as_id, check_soundness

REGISTRATIONS = 500
CLIENTS = 8
KILLS = 5
UNITS = ("umum", "gigi", "tb")


@pytest.mark.timeout(240)
def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(site: Site) -> None:
    chance = random.Random(20261122)  # noqa: S311 - the same kills in every run
    wanted = list(range(REGISTRATIONS))
    answers: dict[int, Answer] = {}
    keys = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in wanted]
    lock, is_over = threading.Lock(), threading.Event()

    def register() -> None:
        while True:
            with lock:
                if not wanted:
                    return
                number = wanted.pop(0)
            body = site.visit(number, unit=UNITS[number % 3])
            answers[number] = site.insist("POST", "/api/v1/encounters", body, key=keys[number])

    def kill_at_random() -> None:
        for goal in sorted(chance.sample(range(15, REGISTRATIONS - 40), KILLS)):
            while len(answers) < goal and not is_over.wait(0.002):
                pass
            is_over.wait(chance.random() * 0.05)
            site.kill()
            site.start()

    killer = threading.Thread(target=kill_at_random)
    killer.start()
    try:
        at_once(CLIENTS, lambda _number: register())
    finally:
        is_over.set()
        killer.join()

    assert site.kills == KILLS
    assert {answer.status for answer in answers.values()} == {201}
    promised = {as_id(answer.json()["id"]) for answer in answers.values()}
    assert len(promised) == REGISTRATIONS
    stored = {
        as_id(row[0]): as_id(row[1])
        for row in site.rows("SELECT id, patient_id FROM registration_encounter")
    }
    assert set(stored) == promised
    assert sorted(stored.values()) == sorted(site.patients[:REGISTRATIONS])
    assert site.count("core_idempotencykey", "status = 201") == REGISTRATIONS
    check_soundness(site)

    # What was answered before the kills is answered again, word for word.
    for number in range(0, REGISTRATIONS, 25):
        body = site.visit(number, unit=UNITS[number % 3])
        again = site.once("POST", "/api/v1/encounters", body, key=keys[number])
        assert again.is_replayed
        assert again.body == answers[number].body
    assert site.count("registration_encounter") == REGISTRATIONS
