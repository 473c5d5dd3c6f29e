"""The key of a person's drafts comes with their pages and with nothing else."""

import re
from collections.abc import Callable

from django.contrib.sessions.models import Session
from django.test import Client

from simpul.foundation.staff.actor import Actor

KEY = re.compile(r'data-draft-key="([^"]+)"')


def key_of(client: Client, address: str = "/loket") -> str:
    """Return the key a page brings; "" where it brings none."""
    answer = client.get(address)
    assert "no-store" in answer["Cache-Control"]
    found = KEY.search(answer.content.decode())
    return found[1] if found else ""


def test_a_new_log_in_of_the_same_person_opens_what_they_had_typed(
    browse: Callable[[Actor], Client], registrar: Actor, recorder: Actor
) -> None:
    first, again = browse(registrar), browse(registrar)
    assert len(key_of(first)) == 44
    assert key_of(first) == key_of(again)
    assert key_of(browse(recorder), "/rm") != key_of(first)


def test_nobody_signed_in_gets_none_and_none_is_stored(
    client: Client, browse: Callable[[Actor], Client], registrar: Actor
) -> None:
    rina = browse(registrar)
    key = key_of(rina)
    rina.post("/keluar")
    assert key_of(rina, "/masuk") == key_of(client, "/masuk") == ""
    assert key not in str([row.get_decoded() for row in Session.objects.all()])
