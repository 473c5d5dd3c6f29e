"""From the counter to the poli and back: what each screen hears, through real commits."""

import json
import threading

import pytest
from django.test import Client

from simpul.service.distribution.queueing import call_next
from simpul.service.distribution.services import redirect_visit
from simpul.web import live
from tests.distribution.conftest import stored
from tests.web.test_live import until, watching


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.1)


@pytest.mark.django_db(transaction=True)
def test_a_registration_reaches_the_poli_and_its_acknowledgement_the_counter(
    new_visit, registrar, nurse, browse
):
    poli, counter = browse(nurse), browse(registrar)
    with watching(poli, "queue:umum") as at_poli, watching(counter, "visits") as at_counter:
        visit = new_visit("umum")
        until(lambda: "distributed" in at_poli.acts())
        row = str(visit.distribution.id)
        assert f'data-ack="{row}"' in poli.get("/antrean/umum").content.decode()

        poli.post(
            "/antrean/umum/tampil", json.dumps({"ids": [row]}), content_type="application/json"
        )
        until(lambda: "shown" in at_counter.acts())

    assert stored(visit).shown_at is not None
    assert {event["encounter"] for event in at_counter.events()} == {str(visit.encounter.id)}


@pytest.mark.django_db(transaction=True)
def test_a_redirection_is_heard_in_both_units(new_visit, registrar, nurse, dentist, browse):
    visit = new_visit("umum")
    with (
        watching(browse(nurse), "queue:umum") as old,
        watching(browse(dentist), "queue:gigi") as new,
    ):
        redirect_visit(visit.encounter.id, unit="gigi", reason="Salah poli", by=registrar)
        until(lambda: old.acts() and new.acts())

    assert (old.acts(), new.acts()) == (["redirected"], ["distributed"])


@pytest.mark.django_db(transaction=True)
def test_the_waiting_room_hears_a_call_without_learning_whom(new_visit, nurse, house):
    visit = new_visit("umum")
    with watching(Client(), "tv") as room:
        call_next("umum", by=nurse)
        until(lambda: "called" in room.acts())

    assert str(visit.encounter.id) not in room.text
    assert str(visit.distribution.id) not in room.text


@pytest.mark.django_db(transaction=True)
def test_a_poli_screen_that_comes_back_acknowledges_each_row_once(new_visit, nurse, browse):
    """Killed and opened anew: the row is there, and two screens at once write one step."""
    visit = new_visit("umum")
    clients = [browse(nurse) for _ in range(3)]
    body = json.dumps({"ids": [str(visit.distribution.id)]})
    answers: list[int] = []

    def acknowledge(client: Client) -> None:
        answer = client.post("/antrean/umum/tampil", body, content_type="application/json")
        answers.append(answer.json()["shown"])

    threads = [threading.Thread(target=acknowledge, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [0, 0, 1]
    assert stored(visit).version == 2
