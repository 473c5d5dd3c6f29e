"""Signing in: tries count down and lock, `next` leads nowhere else, a closed account is out."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from simpul.foundation.administration.accounts import close_account, set_password
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.staff.actor import Actor

PASSWORD = "rahasia-uji-1"


def enter(client: Client, name: str, password: str = PASSWORD, **more: str) -> Any:
    """Type a name and a PIN."""
    return client.post("/masuk", {"username": name, "password": password, **more})


def text_of(response: Any) -> str:
    """The answer as a person reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def test_the_right_pin_opens_the_first_place(client: Client, nurse: Actor):
    answer = enter(client, nurse.username)

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"
    assert client.get("/", follow=True).status_code == 200


@pytest.mark.parametrize("typed", ["{}", " {} ", "UPPER"])
def test_a_name_is_read_without_case_and_spaces(client: Client, nurse: Actor, typed: str):
    name = nurse.username.upper() if typed == "UPPER" else typed.format(nurse.username)

    assert enter(client, name).status_code == 302


def test_wrong_tries_count_down_and_then_lock(client: Client, nurse: Actor):
    limit = settings.AXES_FAILURE_LIMIT
    for left in range(limit - 1, 0, -1):
        answer = enter(client, nurse.username, "keliru")
        assert answer.status_code == 403
        assert f"Sisa {left} kali; setelah itu minta petugas IT." in text_of(answer)

    locked = enter(client, nurse.username, "keliru")
    right = enter(client, nurse.username)

    for answer in (locked, right):
        assert 'data-uji="masuk-pesan"' in answer.content.decode(), "our page, not a bare text"
    assert "dikunci 15 menit" in text_of(locked)
    assert right.status_code != 302, "the right PIN does not open a locked account"
    assert "dikunci 15 menit" in text_of(right)


def test_the_lock_ends_by_itself(client: Client, nurse: Actor):
    start = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        for _turn in range(settings.AXES_FAILURE_LIMIT):
            enter(client, nurse.username, "keliru")
    with time_machine.travel(start + timedelta(minutes=14), tick=False):
        assert enter(client, nurse.username).status_code != 302
    with time_machine.travel(start + timedelta(minutes=31), tick=False):
        again = enter(client, nurse.username, "keliru")
        assert f"Sisa {settings.AXES_FAILURE_LIMIT - 1} kali" in text_of(again)
        assert enter(client, nurse.username).status_code == 302


def test_a_lock_is_of_one_person_at_one_computer(nurse: Actor, physician: Actor):
    here, there = Client(REMOTE_ADDR="10.0.0.1"), Client(REMOTE_ADDR="10.0.0.2")
    for _turn in range(settings.AXES_FAILURE_LIMIT):
        enter(here, nurse.username, "keliru")

    assert enter(here, physician.username).status_code == 302
    assert enter(there, nurse.username).status_code == 302


def test_getting_in_starts_the_count_anew(client: Client, nurse: Actor):
    for _turn in range(settings.AXES_FAILURE_LIMIT - 1):
        enter(client, nurse.username, "keliru")
    enter(client, nurse.username)

    answer = enter(Client(), nurse.username, "keliru")

    assert f"Sisa {settings.AXES_FAILURE_LIMIT - 1} kali" in text_of(answer)


def test_an_unknown_name_is_answered_like_a_wrong_pin(client: Client, nurse: Actor):
    unknown = enter(client, "tidak-ada", "keliru")
    known = enter(client, nurse.username, "keliru")

    assert unknown.status_code == known.status_code == 403
    assert text_of(unknown).replace("tidak-ada", "") == text_of(known).replace(nurse.username, "")


def test_the_name_stays_and_the_pin_does_not(client: Client, nurse: Actor):
    body = enter(client, nurse.username, "keliru-sekali").content.decode()

    assert f'value="{nurse.username}"' in body
    assert "keliru-sekali" not in body


def test_one_is_led_to_where_one_wanted_to_go(client: Client, recorder: Actor):
    sent = client.get("/rm?daftar=luar")
    assert sent.status_code == 302
    page = client.get(sent.headers["Location"])
    wanted = re.search(r'name="next" value="([^"]*)"', page.content.decode())
    assert wanted is not None

    answer = enter(client, recorder.username, next=wanted[1])

    assert answer.headers["Location"] == "/rm?daftar=luar"


@pytest.mark.parametrize(
    "target",
    [
        "https://example.com/",
        "//example.com/",
        "///example.com",
        "/\\example.com",
        "\\\\example.com",
        "http:example.com",
        "javascript:alert(1)",
        " //example.com",
        "\thttps://example.com",
        "http://testserver@example.com/",
        "",
    ],
)
def test_next_leads_nowhere_else(client: Client, nurse: Actor, target: str):
    answer = enter(client, nurse.username, next=target)

    assert answer.headers["Location"] == "/"


def test_a_closed_account_does_not_get_in_and_an_open_session_ends(
    client: Client, nurse: Actor, technician: Actor
):
    enter(client, nurse.username)
    assert client.get("/").headers["Location"] != "/masuk"

    close_account(nurse.account_id, by=technician)

    assert client.get("/").headers["Location"] == "/masuk"
    assert enter(Client(), nurse.username).status_code == 403


def test_a_new_pin_opens_the_lock_at_every_computer(nurse: Actor, technician: Actor):
    clients = [Client(REMOTE_ADDR=f"10.0.0.{n}") for n in (1, 2)]
    for client in clients:
        for _turn in range(settings.AXES_FAILURE_LIMIT):
            enter(client, nurse.username, "keliru")

    set_password(nurse.account_id, password="anggrek-99", again="anggrek-99", by=technician)

    for client in clients:
        assert enter(client, nurse.username, "anggrek-99").status_code == 302


def test_the_session_key_changes_at_sign_in(client: Client, nurse: Actor):
    client.get("/masuk")
    before = client.cookies.get(settings.SESSION_COOKIE_NAME)

    enter(client, nurse.username)

    after = client.cookies[settings.SESSION_COOKIE_NAME]
    assert after.value
    assert before is None or before.value != after.value
    assert after["httponly"]
    assert after["samesite"] == "Lax"


def test_signing_out_needs_a_post_and_ends_the_session(client: Client, nurse: Actor):
    enter(client, nurse.username)

    assert client.get("/keluar").status_code == 405
    assert client.get("/").headers["Location"] != "/masuk"
    client.post("/keluar")

    assert client.get("/").headers["Location"] == "/masuk"


def test_signing_in_needs_the_forms_token(house: Here, nurse: Actor):
    strict = Client(enforce_csrf_checks=True)

    answer = enter(strict, nurse.username)

    assert answer.status_code == 403
    assert "muat ulang halaman" in text_of(answer)


def test_a_wrong_pin_leaves_no_pin_in_what_is_kept(client: Client, nurse: Actor):
    from axes.models import AccessAttempt

    enter(client, nurse.username, "pin-keliru-77")

    kept = AccessAttempt.objects.get(username=nurse.username)
    assert "pin-keliru-77" not in f"{kept.post_data} {kept.get_data} {kept.path_info}"
