"""Accounts after they were made: new PIN, other roles, closed and opened again, and who may."""

import uuid

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory

from simpul.foundation.administration.accounts import (
    change_roles,
    close_account,
    reopen_account,
    set_password,
)
from simpul.foundation.administration.selectors import get_account, list_accounts
from simpul.foundation.administration.services import (
    NewAccount,
    create_role_token,
    create_token,
    open_account,
)
from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere, Refused
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account, PractitionerRole, Role
from simpul.foundation.staff.selectors import get_actor, get_actor_of_token

NEW = "sandi-lain-2"


def signs_in(actor: Actor, password: str) -> bool:
    """Does this person get in with this password?"""
    request = RequestFactory().post("/masuk")
    return authenticate(request, username=actor.username, password=password) is not None


def told(act: str) -> list[JournalEntry]:
    """The journal's entries of an act."""
    return list(JournalEntry.objects.filter(act=act).order_by("id"))


def test_a_new_password_replaces_the_old_one(nurse: Actor, technician: Actor):
    set_password(nurse.account_id, password=NEW, again=NEW, by=technician)

    assert signs_in(nurse, NEW)
    assert not signs_in(nurse, "rahasia-uji-1")
    assert [row.subject for row in told("password-set")] == [f"account:{nurse.account_id}"]
    assert NEW not in str([row.detail for row in told("password-set")])


def test_a_new_password_ends_the_open_sessions(nurse: Actor, technician: Actor):
    client = Client()
    client.post("/masuk", {"username": nurse.username, "password": "rahasia-uji-1"})
    assert client.get("/").headers["Location"] != "/masuk"

    set_password(nurse.account_id, password=NEW, again=NEW, by=technician)

    assert client.get("/").headers["Location"] == "/masuk"


def test_a_new_password_opens_a_lock(nurse: Actor, technician: Actor):
    for _turn in range(6):
        Client().post("/masuk", {"username": nurse.username, "password": "keliru"})
    assert AccessAttempt.objects.filter(username=nurse.username).exists()

    set_password(nurse.account_id, password=NEW, again=NEW, by=technician)

    answer = Client().post("/masuk", {"username": nurse.username, "password": NEW})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("password", "again", "where"),
    [
        ("12345", "12345", "password"),
        ("123456", "123456", "password"),
        ("", "", "password"),
        (NEW, "lain-lagi-3", "password_again"),
    ],
)
def test_a_weak_or_mistyped_password_changes_nothing(
    nurse: Actor, technician: Actor, password: str, again: str, where: str
):
    with pytest.raises(Refused) as refused:
        set_password(nurse.account_id, password=password, again=again, by=technician)

    assert where in {problem.where for problem in refused.value.errors}
    assert signs_in(nurse, "rahasia-uji-1")


def test_a_program_has_no_password(technician: Actor):
    _token, row = create_role_token(Role.NURSE)

    with pytest.raises(Conflict):
        set_password(row.account_id, password=NEW, again=NEW, by=technician)


def test_other_roles_hold_at_once(nurse: Actor, technician: Actor):
    change_roles(nurse.account_id, roles=["bidan", "pendaftaran"], units=["kia"], by=technician)

    now = get_actor(nurse.account_id)
    assert now is not None
    assert now.roles == {"bidan", "pendaftaran"}
    assert now.units_of("bidan") == {"kia"}
    assert told("roles-changed")[0].detail == {"roles": ["bidan", "pendaftaran"], "units": ["kia"]}


def test_the_same_roles_again_are_no_act(nurse: Actor, technician: Actor):
    rows = set(PractitionerRole.objects.values_list("id", flat=True))

    change_roles(nurse.account_id, roles=["perawat"], by=technician)

    assert set(PractitionerRole.objects.values_list("id", flat=True)) == rows
    assert told("roles-changed") == []


def test_a_role_kept_is_the_same_row(nurse: Actor, technician: Actor):
    before = PractitionerRole.objects.get(practitioner_id=nurse.practitioner_id)

    change_roles(nurse.account_id, roles=["perawat", "bidan"], by=technician)

    kept = PractitionerRole.objects.get(practitioner_id=nurse.practitioner_id, role="perawat")
    assert kept.id == before.id


@pytest.mark.parametrize(
    ("roles", "units"), [([], []), (["raja"], []), (["perawat"], ["bulan"]), ([""], [])]
)
def test_roles_and_units_must_exist(
    nurse: Actor, technician: Actor, roles: list[str], units: list[str]
):
    with pytest.raises(Refused):
        change_roles(nurse.account_id, roles=roles, units=units, by=technician)

    assert get_actor(nurse.account_id) == nurse


def test_it_cannot_make_itself_or_anybody_head(nurse: Actor, head: Actor, technician: Actor):
    for account, roles in (
        (technician.account_id, ["petugas_it", "kepala"]),
        (nurse.account_id, ["kepala"]),
        (head.account_id, ["perawat"]),
    ):
        with pytest.raises(NotAllowed):
            change_roles(account, roles=roles, by=technician)
    with pytest.raises(NotAllowed):
        open_account(
            NewAccount(name="Baru", username="baru", password=NEW, roles=("kepala",)),
            by=technician,
        )

    assert not Account.objects.filter(username="baru").exists()


def test_the_head_may_hand_the_role_on(nurse: Actor, head: Actor):
    change_roles(nurse.account_id, roles=["perawat", "kepala"], by=head)

    now = get_actor(nurse.account_id)
    assert now is not None
    assert "kepala" in now.roles


def test_the_last_one_who_keeps_the_accounts_stays(head: Actor):
    with pytest.raises(Conflict) as refused:
        change_roles(head.account_id, roles=["dokter"], by=head)

    assert refused.value.code == "last_keeper"
    assert get_actor(head.account_id) == head


def test_with_another_keeper_the_role_may_go(head: Actor, technician: Actor):
    change_roles(head.account_id, roles=["dokter"], by=head)

    now = get_actor(head.account_id)
    assert now is not None
    assert now.roles == {"dokter"}


def test_a_closed_account_does_nothing_any_more(nurse: Actor, technician: Actor):
    token, _row = create_token(username=nurse.username)
    assert get_actor_of_token(token) is not None

    close_account(nurse.account_id, by=technician)

    assert not signs_in(nurse, "rahasia-uji-1")
    assert get_actor(nurse.account_id) is None
    assert get_actor_of_token(token) is None
    assert len(told("account-closed")) == 1


def test_opened_again_the_person_returns_and_the_token_does_not(nurse: Actor, technician: Actor):
    token, _row = create_token(username=nurse.username)
    close_account(nurse.account_id, by=technician)

    reopen_account(nurse.account_id, by=technician)

    assert signs_in(nurse, "rahasia-uji-1")
    assert get_actor(nurse.account_id) == nurse
    assert get_actor_of_token(token) is None


def test_closing_and_opening_twice_is_one_act_each(nurse: Actor, technician: Actor):
    for change in (close_account, close_account, reopen_account, reopen_account):
        change(nurse.account_id, by=technician)

    assert (len(told("account-closed")), len(told("account-reopened"))) == (1, 1)


def test_nobody_closes_their_own_account(head: Actor, technician: Actor):
    for actor in (head, technician):
        with pytest.raises(Conflict):
            close_account(actor.account_id, by=actor)
        assert get_actor(actor.account_id) == actor


@pytest.mark.parametrize("who", ["registrar", "nurse", "physician", "recorder", "outsider"])
def test_others_change_no_account(dentist: Actor, request: pytest.FixtureRequest, who: str):
    by = request.getfixturevalue(who)
    refusals = (NotAllowed, NotHere)

    with pytest.raises(refusals):
        set_password(dentist.account_id, password=NEW, again=NEW, by=by)
    with pytest.raises(refusals):
        change_roles(dentist.account_id, roles=["dokter"], by=by)
    with pytest.raises(refusals):
        close_account(dentist.account_id, by=by)
    with pytest.raises(refusals):
        list_accounts(by=by)

    assert get_actor(dentist.account_id) == dentist


def test_an_account_of_another_facility_is_not_here(outsider: Actor, head: Actor):
    with pytest.raises(NotHere):
        get_account(outsider.account_id, by=head)
    with pytest.raises(NotHere):
        close_account(outsider.account_id, by=head)
    with pytest.raises(NotHere):
        get_account(uuid.uuid4(), by=head)
    assert outsider.account_id not in {line.id for line in list_accounts(by=head)}


@pytest.mark.parametrize(
    "wish",
    [
        {"name": " "},
        {"roles": ()},
        {"roles": ("raja",)},
        {"units": ("bulan",)},
        {"username": "a"},
        {"username": "Ada Spasi"},
        {"password": "12345"},
    ],
)
def test_a_new_account_needs_a_name_a_role_and_a_password(
    house: object, head: Actor, wish: dict[str, object]
):
    whole = {"name": "Orang Baru", "username": "baru", "password": NEW, "roles": ("perawat",)}
    before = Account.objects.count()

    with pytest.raises(Refused):
        open_account(NewAccount(**(whole | wish)), by=head)  # type: ignore[arg-type]

    assert Account.objects.count() == before


def test_one_name_is_one_account(head: Actor, nurse: Actor):
    with pytest.raises(Refused) as refused:
        open_account(
            NewAccount(
                name="Lain", username=nurse.username.upper(), password=NEW, roles=("perawat",)
            ),
            by=head,
        )

    assert refused.value.errors[0].code == "taken"


def type_own_pin(client: Client, current: str, new: str) -> int:
    """What a person does on the page of their own PIN; the status of the answer."""
    form = {"op": str(uuid.uuid4()), "current": current, "password": new, "password_again": new}
    return client.post("/pin", form).status_code


def test_a_person_changes_their_own_pin_and_stays_signed_in(nurse: Actor):
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post("/masuk", {"username": nurse.username, "password": "rahasia-uji-1"})

    assert type_own_pin(here, "rahasia-uji-1", NEW) == 302

    assert signs_in(nurse, NEW)
    assert not signs_in(nurse, "rahasia-uji-1")
    assert here.get("/pin").status_code == 200
    assert elsewhere.get("/pin").status_code == 302
    assert [row.subject for row in told("own-password-set")] == [f"account:{nurse.account_id}"]


@pytest.mark.parametrize(("current", "new"), [("bukan-ini-9", NEW), ("rahasia-uji-1", "123456")])
def test_an_own_pin_is_kept_when_the_old_one_or_the_new_one_is_not_right(
    nurse: Actor, current: str, new: str
):
    client = Client()
    client.post("/masuk", {"username": nurse.username, "password": "rahasia-uji-1"})

    assert type_own_pin(client, current, new) == 422

    assert signs_in(nurse, "rahasia-uji-1")
    assert told("own-password-set") == []
