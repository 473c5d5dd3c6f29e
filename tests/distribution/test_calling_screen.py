"""The television's own addresses: what a stranger may do with them, and what they never tell."""

import re

import pytest

from simpul.foundation.core.ids import uuid7
from simpul.service.distribution.calling import voice
from simpul.service.distribution.queueing import call_next
from simpul.service.distribution.selectors import get_queue


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def spoken(monkeypatch) -> list[tuple[str, int, str, str]]:
    """What the television wants to hear, without a voice."""
    asked: list[tuple[str, int, str, str]] = []

    def sound(*words: object) -> str:
        asked.append(words)  # type: ignore[arg-type]
        return "a" * 32 + ".wav"

    monkeypatch.setattr("simpul.service.distribution.calling.views.sound_of_call", sound)
    return asked


def turn(client, **more: str):
    return client.post("/tv/giliran", {"lantai": "1", "siap": "ya", "suara": "ya", **more}).json()


def test_take_play_report(new_visit, nurse, client, spoken):
    new_visit("umum")
    call_next("umum", by=nurse)

    call = turn(client)["call"]
    while_speaking = turn(client)["call"]
    answer = client.post(
        "/tv/terdengar", {"id": call["id"], "lease": call["lease"], "how": "voice"}
    )

    assert spoken == [("A", 1, "Poli Umum", "")]
    assert call["sound"] == f"/tv/suara/{'a' * 32}.wav"
    assert while_speaking is None
    assert answer.json() == {"noted": True}
    assert get_queue("umum", by=nurse).waiting[0].call.state == "heard"


def test_one_that_is_busy_only_says_that_it_is_on(new_visit, nurse, client, spoken):
    new_visit("umum")
    call_next("umum", by=nurse)

    assert turn(client, siap="")["call"] is None
    assert spoken == []


def test_without_a_voice_the_call_is_given_without_a_sound(new_visit, nurse, client, monkeypatch):
    monkeypatch.setattr(voice, "_speak", lambda _sentence: None)
    new_visit("umum")
    call_next("umum", by=nurse)

    assert turn(client)["call"]["sound"] == ""


def test_it_learns_nothing_about_the_person(new_visit, nurse, client, spoken):
    visit = new_visit("umum", name="RATNA KUSUMANINGRUM")
    call_next("umum", by=nurse)

    said = str(turn(client))

    for secret in (visit.encounter.id, visit.ticket.id, visit.distribution.id, "RATNA"):
        assert str(secret) not in said


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"id": "x", "lease": "y", "how": "voice"},
        {"id": str(uuid7()), "lease": str(uuid7()), "how": "voice"},
    ],
)
def test_an_unknown_call_is_not_heard(words, house, client):
    assert client.post("/tv/terdengar", words).status_code == 404


def test_a_foreign_page_cannot_speak_for_a_television(house):
    from django.test import Client

    stranger = Client(enforce_csrf_checks=True)

    assert stranger.post("/tv/giliran", {"siap": "ya"}).status_code == 403


def test_the_page_carries_what_its_script_needs(house, client):
    page = client.get("/tv?lantai=1").content.decode()

    assert re.search(r'data-tv-token="\w{40,}"', page)
    assert 'data-tv-turn="/tv/giliran"' in page
    assert "suara mati" in page
    assert "simpul_csrf" in client.cookies


@pytest.mark.parametrize(
    "name", ["x.wav", "../simpul.sqlite3", "A" * 32 + ".wav", "0" * 32 + ".wav", "0" * 32]
)
def test_only_kept_sounds_are_given(name, house, client):
    assert client.get(f"/tv/suara/{name}").status_code == 404
