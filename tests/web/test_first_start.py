"""First start: makes the house and its first account, once and never again; no default password."""

import re
from typing import Any

import pytest
from django.test import Client

from simpul.foundation.administration.services import FirstStart, make_first_account
from simpul.foundation.core.errors import Conflict
from simpul.foundation.facilities.models import Facility, ServiceUnit
from simpul.foundation.facilities.selectors import forget_here, get_here
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.models import Account, PractitionerRole

WISH = {
    "facility_name": "Puskesmas Contoh",
    "name": "dr. Contoh",
    "username": "kepala",
    "timezone": "Asia/Makassar",
    "password": "melati-putih-7",
    "password_again": "melati-putih-7",
}

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    """The answer as a person reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def test_a_fresh_house_asks_for_its_first_account(client: Client):
    for address in ("/", "/masuk"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/mulai")

    assert client.get("/mulai").status_code == 200
    assert client.get("/health").json() == {"status": "ok", "set_up": False}


def test_nobody_is_there_before(client: Client):
    client.get("/mulai")

    assert not Account.objects.exists(), "no default account"
    for name, password in (("admin", "admin"), ("kepala", "kepala"), ("admin", "password")):
        assert (
            client.post("/masuk", {"username": name, "password": password}).headers["Location"]
            == "/mulai"
        )


def test_it_makes_house_units_and_an_account_that_signs_in(client: Client):
    answer = client.post("/mulai", WISH)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/masuk")
    here = get_here()
    assert (here.name, here.timezone) == ("Puskesmas Contoh", "Asia/Makassar")
    assert {"umum", "kia", "gigi", "rekam-medis"} <= set(here.units)
    roles = set(PractitionerRole.objects.values_list("role", flat=True))
    assert roles == {"kepala", "petugas_it"}
    entered = client.post("/masuk", {"username": "kepala", "password": WISH["password"]})
    assert entered.status_code == 302
    assert client.get("/pengaturan").status_code == 200


def test_it_is_in_the_journal(client: Client):
    client.post("/mulai", WISH)

    acts = list(JournalEntry.objects.order_by("seq").values_list("act", flat=True))
    assert acts == ["set-up", "account-opened"]
    assert verify_chain().faults == ()


def test_a_second_start_is_refused_and_changes_nothing(client: Client):
    client.post("/mulai", WISH)
    other = WISH | {"facility_name": "Puskesmas Lain", "username": "penyusup"}

    again = Client().post("/mulai", other)
    forget_here()

    assert again.headers["Location"] == "/masuk"
    assert client.get("/mulai").headers["Location"] == "/masuk"
    assert Facility.objects.get().name == "Puskesmas Contoh"
    assert not Account.objects.filter(username="penyusup").exists()
    with pytest.raises(Conflict):
        make_first_account(
            FirstStart(
                facility_name="Puskesmas Lain",
                name="Lain",
                username="penyusup",
                password="melati-putih-7",
                password_again="melati-putih-7",
            )
        )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"facility_name": ""}, "facility_name"),
        ({"name": "   "}, "name"),
        ({"username": ""}, "username"),
        ({"username": "Dengan Spasi"}, "username"),
        ({"password": "123456", "password_again": "123456"}, "password"),
        ({"password": "abc", "password_again": "abc"}, "password"),
        ({"password_again": "lain-sekali-8"}, "password_again"),
        ({"timezone": "Europe/Paris"}, "timezone"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_made(
    client: Client, change: dict[str, str], field: str
):
    answer = client.post("/mulai", WISH | change)

    assert answer.status_code == 422
    assert field in answer.context["field_errors"]
    body = answer.content.decode()
    assert WISH["password"] not in body
    for kept in ("facility_name", "name"):
        if kept not in change:
            assert f'value="{WISH[kept]}"' in body
    assert not Facility.objects.exists()
    assert not Account.objects.exists()
    assert not ServiceUnit.objects.exists()


def test_everything_wrong_is_said_at_once(client: Client):
    answer = client.post("/mulai", {})

    assert {"facility_name", "name", "username", "password"} <= set(answer.context["field_errors"])


def test_other_pages_do_not_open_before(client: Client):
    for address in ("/rm", "/pengaturan", "/jurnal", "/loket"):
        answer = client.get(address)
        assert answer.status_code in (302, 404)
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith(("/masuk", "/mulai"))


def test_the_once_only_key_does_not_shield_a_second_start(client: Client):
    """`/mulai` is outside of the kept answers: a repeat meets the house as it is now."""
    body = WISH | {"op": "00000000-0000-7000-8000-000000000001"}
    client.post("/mulai", body)

    again = client.post("/mulai", body)

    assert again.headers["Location"] == "/masuk"
    assert Facility.objects.count() == 1
    assert "Idempotent-Replayed" not in again.headers
