"""The journal's page: what was done to the house, and the check of the chain by the head."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from simpul.foundation.administration import verification
from simpul.foundation.administration.services import change_facility, change_unit
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from tests.conftest import new_key

Browse = Callable[[Actor], Client]
HX = {"HX-Request": "true"}


def text_of(response: Any) -> str:
    """The answer as a person reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def check(client: Client, **headers: str) -> Any:
    """Press "Periksa jurnal"."""
    return client.post(reverse("jurnal-periksa"), {"op": new_key()}, headers=headers or HX)


def test_changes_of_the_house_are_listed_in_words(
    browse: Browse, head: Actor, technician: Actor, recorder: Actor
):
    change_unit("gigi", by=technician, room="R 4")
    change_facility(by=head, phone="0331 1")

    words = text_of(browse(recorder).get(reverse("jurnal")))

    assert f"{technician.name} mengubah unit Poli Gigi" in words
    assert f"{head.name} mengubah data Puskesmas" in words
    assert "program menyiapkan Puskesmas" in words


def test_a_whole_journal_is_said_to_be_whole(browse: Browse, head: Actor):
    before = JournalEntry.objects.count()

    answer = check(browse(head))

    assert f"Jurnal utuh: {before} entri dibaca" in text_of(answer)
    assert "<html" not in answer.content.decode()
    told = JournalEntry.objects.get(act="journal-checked")
    assert told.detail == {"entries": before, "faults": 0}
    assert told.practitioner == head.practitioner_id


@pytest.mark.django_db(transaction=True)
def test_a_tampered_entry_is_named(browse: Browse, head: Actor, technician: Actor):
    change_unit("gigi", by=technician, room="R 4")
    victim = JournalEntry.objects.get(act="unit-changed")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER guard_journal_journalentry_update")
        cursor.execute("UPDATE journal_journalentry SET unit = 'umum' WHERE seq = %s", [victim.seq])
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            cursor.execute(
                "CREATE TRIGGER guard_journal_journalentry_update BEFORE UPDATE ON "
                "journal_journalentry FOR EACH ROW BEGIN "
                "SELECT RAISE(ABORT, 'journal_journalentry is append-only'); END"
            )

    answer = check(browse(head))

    words = text_of(answer)
    assert "Jurnal tidak utuh: 1 tempat tidak cocok" in words
    assert f"entri {victim.seq} diubah" in words
    assert JournalEntry.objects.get(act="journal-checked").detail["faults"] == 1


def test_a_long_journal_is_left_to_the_command(
    browse: Browse, head: Actor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(verification, "INLINE_ENTRIES", 2)

    answer = check(browse(head))

    assert "terlalu panjang untuk diperiksa dari halaman ini" in text_of(answer)
    assert "simpul journal verify" in text_of(answer)
    assert not JournalEntry.objects.filter(act="journal-checked").exists()


def test_the_check_works_without_scripts(browse: Browse, head: Actor):
    page = browse(head).post(reverse("jurnal-periksa"), {"op": new_key()})

    assert "Jurnal utuh:" in text_of(page)
    assert "<h1>Jurnal</h1>" in page.content.decode()


@pytest.mark.parametrize("who", ["recorder", "technician", "registrar"])
def test_the_check_is_the_heads(browse: Browse, request: pytest.FixtureRequest, who: str):
    client = browse(request.getfixturevalue(who))

    assert check(client).status_code == 403
    assert 'data-uji="jurnal-periksa"' not in client.get(reverse("jurnal")).content.decode()


@pytest.mark.parametrize("who", ["registrar", "physician", "technician"])
def test_others_do_not_read_the_journal(browse: Browse, request: pytest.FixtureRequest, who: str):
    assert browse(request.getfixturevalue(who)).get(reverse("jurnal")).status_code == 403


def test_the_outsider_reads_only_their_own_house(
    browse: Browse, outsider: Actor, technician: Actor
):
    change_unit("gigi", by=technician, room="R 4")

    words = text_of(browse(outsider).get(reverse("jurnal")))

    assert technician.name not in words
    assert "mengubah unit" not in words


def test_the_list_goes_on_page_by_page(browse: Browse, head: Actor):
    for turn in range(50):
        change_facility(by=head, phone=f"0331 {turn}")
    client = browse(head)
    seen: list[int] = []
    address = reverse("jurnal")
    while address:
        page = client.get(address)
        seen += [line.id for line in page.context["house"].lines]
        follow = re.search(r'href="([^"]+)" rel="next"', page.content.decode())
        address = follow[1] if follow else ""

    told = JournalEntry.objects.filter(act="facility-changed").values_list("id", flat=True)
    assert set(told) <= set(seen)
    assert len(seen) == len(set(seen))


def test_the_journal_costs_few_queries(
    browse: Browse, head: Actor, django_assert_max_num_queries: Any
):
    for turn in range(30):
        change_facility(by=head, phone=f"0331 {turn}")
    client = browse(head)

    with django_assert_max_num_queries(9):
        client.get(reverse("jurnal"))
