"""The language of the pages: Indonesian unless this person chose English on the `?` page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from simpul.foundation.facilities.selectors import Here
from simpul.foundation.staff.actor import Actor

INDONESIAN, ENGLISH = "PIN atau kata sandi", "PIN or password"
COOKIE = settings.LANGUAGE_COOKIE_NAME


def sign_in_page(client: Client, **headers: str) -> tuple[Any, str]:
    """The page everybody sees first, and its text."""
    answer = client.get("/masuk", headers=headers)
    assert answer.status_code == 200
    return answer, answer.content.decode()


def choose(client: Client, language: str, next_page: str = "/masuk", **more: Any) -> Any:
    """Press one of the two language buttons."""
    return client.post("/bahasa", {"language": language, "next": next_page}, **more)


@pytest.mark.parametrize("wanted", ["", "en", "en-US,en;q=0.9"])
def test_pages_are_indonesian_whatever_the_browser_prefers(
    client: Client, house: Here, wanted: str
):
    answer, page = sign_in_page(client, accept_language=wanted)

    assert INDONESIAN in page
    assert ENGLISH not in page
    assert '<html lang="id"' in page
    assert answer.headers["Content-Language"] == "id"


def test_english_is_shown_to_who_chose_it(client: Client, house: Here):
    client.cookies[COOKIE] = "en"

    answer, page = sign_in_page(client, accept_language="id")

    assert ENGLISH in page
    assert INDONESIAN not in page
    assert '<html lang="en"' in page
    assert answer.headers["Content-Language"] == "en"


@pytest.mark.parametrize("odd", ["fr", "en-us", "EN", "../en", ""])
def test_a_language_simpul_does_not_speak_is_indonesian(client: Client, house: Here, odd: str):
    client.cookies[COOKIE] = odd

    answer, page = sign_in_page(client)

    assert INDONESIAN in page
    assert answer.headers["Content-Language"] == "id"


def test_the_choice_of_one_person_does_not_reach_the_next_request(client: Client, house: Here):
    choose(client, "en")
    assert ENGLISH in sign_in_page(client)[1]

    assert INDONESIAN in sign_in_page(Client())[1]


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_button_sets_the_cookie_and_leads_back(client: Client, house: Here, language: str):
    client.cookies[COOKIE] = "id" if language == "en" else "en"

    answer = choose(client, language, "/masuk?next=/loket")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/masuk?next=/loket"
    assert answer.cookies[COOKIE].value == language
    assert f'<html lang="{language}"' in sign_in_page(client)[1]


def test_the_buttons_send_what_bahasa_reads(
    browse: Callable[[Actor], Client], nurse: Actor, house: Here
):
    page = browse(nurse).get("/", follow=True).content.decode()

    assert 'action="/bahasa"' in page
    assert 'name="language" value="en"' in page
    assert 'name="language" value="id"' in page


@pytest.mark.parametrize(
    "elsewhere",
    ["https://jahat.example/masuk", "//jahat.example", "javascript:alert(1)", "/\\jahat.example"],
)
def test_an_unsafe_next_is_not_followed(client: Client, house: Here, elsewhere: str):
    answer = choose(client, "en", elsewhere)

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"
    assert answer.cookies[COOKIE].value == "en", "the language itself was still chosen"


@pytest.mark.parametrize("language", ["fr", "xx", "", "en\x00", "x" * 400])
def test_choosing_anything_else_gives_indonesian(client: Client, house: Here, language: str):
    answer = choose(client, language)

    assert answer.status_code == 302
    assert INDONESIAN in sign_in_page(client)[1]


def test_looking_at_bahasa_changes_nothing(client: Client, house: Here):
    answer = client.get("/bahasa", {"language": "en", "next": "/masuk"})

    assert COOKIE not in answer.cookies


def test_a_page_of_another_site_cannot_choose(house: Here):
    strict = Client(enforce_csrf_checks=True)

    answer = choose(strict, "en")

    assert answer.status_code == 403
    assert COOKIE not in answer.cookies


def test_refusals_speak_the_chosen_language(client: Client, nurse: Actor):
    client.cookies[COOKIE] = "en"

    answer = client.post("/masuk", {"username": nurse.username, "password": "keliru"})

    left = settings.AXES_FAILURE_LIMIT - 1
    assert f"{left} tries left" in answer.content.decode()
