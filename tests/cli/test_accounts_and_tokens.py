"""`simpul account` and `simpul token`: who can sign in, and what a token opens."""

import io
import json
import uuid

import pytest
from django.test import Client

from simpul.cli.main import main
from simpul.foundation.facilities.selectors import Here, get_here, is_set_up
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.models import Account, ApiToken
from simpul.foundation.staff.selectors import forget_actors, get_actor

Captured = pytest.CaptureFixture[str]
GOOD = "sandi-panjang-9\n"


def answer(captured: Captured) -> dict[str, object]:
    """The JSON a command gave on standard output."""
    found: dict[str, object] = json.loads(captured.readouterr().out)
    return found


def call(token: str) -> int:
    forget_actors()
    return Client().get("/api/v1/queues", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_role_token_opens_the_api_until_it_is_revoked(house: Here, capsys: Captured) -> None:
    assert main(["token", "create", "--role", "dokter", "--json"]) == 0
    made = answer(capsys)
    token = str(made["token"])
    assert call(token) == 200
    assert call(token + "x") == 401
    assert main(["token", "revoke", str(made["id"]), "--json"]) == 0
    assert answer(capsys)["ok"] is True
    assert call(token) == 401


def test_the_stored_token_is_only_a_digest(house: Here, capsys: Captured) -> None:
    main(["token", "create", "--role", "kepala", "--json"])
    token = str(answer(capsys)["token"])
    stored = [str(value) for row in ApiToken.objects.values_list() for value in row]
    assert not any(token in value for value in stored)
    written = [f"{e.subject}{e.detail}" for e in JournalEntry.objects.all()]
    assert not any(token in text for text in written)


def test_the_list_of_tokens_names_those_that_open_and_never_the_token(
    house: Here, capsys: Captured
) -> None:
    assert main(["token", "list"]) == 0
    assert "Tidak ada token" in capsys.readouterr().err
    main(["token", "create", "--role", "kepala", "--name", "laporan bulanan", "--json"])
    kept = answer(capsys)
    main(["token", "create", "--role", "perawat", "--json"])
    gone = answer(capsys)
    main(["token", "revoke", str(gone["id"]), "--json"])
    capsys.readouterr()

    assert main(["token", "list", "--json"]) == 0
    listed = answer(capsys)["items"]
    assert isinstance(listed, list)
    assert [row["id"] for row in listed] == [kept["id"]]
    assert main(["token", "list"]) == 0
    words = capsys.readouterr().err
    assert "laporan bulanan" in words
    assert str(kept["token"]) not in words + str(listed)


def test_a_token_can_be_revoked_by_itself_and_only_once(house: Here, capsys: Captured) -> None:
    main(["token", "create", "--role", "perawat"])
    token = capsys.readouterr().out.strip()
    assert call(token) == 200
    assert main(["token", "revoke", token]) == 0
    assert main(["token", "revoke", token]) == 1
    assert "sudah dicabut" in capsys.readouterr().err


def test_a_token_for_a_person_acts_as_that_person(house: Here, capsys: Captured) -> None:
    make(["--name", "Dewi", "--username", "dewi", "--role", "pendaftaran"])
    capsys.readouterr()
    assert main(["token", "create", "--user", "Dewi", "--name", "robot", "--json"]) == 0
    made = answer(capsys)
    assert made["user"] == "dewi"
    assert ApiToken.objects.get(id=made["id"]).account.username == "dewi"


def test_a_token_ends_after_its_days(house: Here, capsys: Captured) -> None:
    assert main(["token", "create", "--role", "dokter", "--days", "1", "--json"]) == 0
    made = answer(capsys)
    assert call(str(made["token"])) == 200
    row = ApiToken.objects.get(id=made["id"])
    assert row.expires_at is not None
    ApiToken.objects.filter(id=row.id).update(expires_at=row.created_at)
    assert call(str(made["token"])) == 401
    assert main(["token", "create", "--role", "dokter", "--days", "0"]) == 1


def test_refusals_are_sentences_and_one(house: Here, capsys: Captured) -> None:
    assert main(["token", "create", "--user", "tidak-ada", "--json"]) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["code"] == "account_unknown"
    assert "tidak-ada" in shown.err
    assert "Traceback" not in shown.err
    assert main(["token", "revoke", str(uuid.uuid4())]) == 1
    assert main(["token", "revoke", "bukan-token"]) == 1


def make(words: list[str], *, password: str = GOOD) -> int:
    """Run `account create` with the password on standard input."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(password))
        return main(["account", "create", *words, "--password-stdin", "--json"])


@pytest.mark.django_db
def test_the_first_account_makes_the_house(capsys: Captured) -> None:
    words = ["--facility", "Puskesmas Coba", "--name", "Bu Sri", "--username", "sri"]
    assert make([*words, "--timezone", "WIT"]) == 0
    assert answer(capsys) == {"ok": True, "username": "sri"}
    assert get_here().name == "Puskesmas Coba"
    assert get_here().timezone == "Asia/Jayapura"
    actor = get_actor(Account.objects.get(username="sri").id)
    assert actor is not None
    assert actor.roles == {"kepala", "petugas_it"}


@pytest.mark.django_db
def test_a_weak_first_password_makes_nothing(capsys: Captured) -> None:
    words = [
        "--facility",
        "Puskesmas Coba",
        "--timezone",
        "WIB",
        "--name",
        "A",
        "--username",
        "aa1",
    ]
    assert make(words, password="123\n") == 1
    assert not is_set_up()
    assert not Account.objects.exists()


def test_later_accounts_have_their_roles_and_units(house: Here) -> None:
    words = ["--name", "dr. Adi", "--username", "adi", "--role", "dokter", "--role", "kepala"]
    assert make([*words, "--unit", "umum"]) == 0
    actor = get_actor(Account.objects.get(username="adi").id)
    assert actor is not None
    assert actor.roles == {"dokter", "kepala"}
    assert actor.units_of("dokter") == {"umum"}


def test_a_name_that_is_taken_is_refused(house: Here, capsys: Captured) -> None:
    words = ["--name", "Adi", "--username", "adi", "--role", "dokter"]
    assert make(words) == 0
    capsys.readouterr()
    assert make(words) == 1
    assert "sudah ada" in capsys.readouterr().err
    assert Account.objects.filter(username="adi").count() == 1


def test_without_a_terminal_nothing_is_guessed(house: Here, capsys: Captured) -> None:
    assert make(["--username", "adi", "--role", "dokter"]) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "answer_missing"


def test_a_person_is_asked_at_a_terminal(
    house: Here, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = io.StringIO("\ndr. Adi\nadi\ndokter, kepala\n")
    typed.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", typed)
    monkeypatch.setattr("getpass.getpass", lambda _question: "sandi-panjang-9")
    assert main(["account", "create"]) == 0
    assert "Nama lengkap: Nama lengkap: " in capsys.readouterr().err
    actor = get_actor(Account.objects.get(username="adi").id)
    assert actor is not None
    assert actor.roles == {"dokter", "kepala"}


def test_two_different_passwords_make_nothing(
    house: Here, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = io.StringIO("x")
    typed.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", typed)
    answers = iter(("sandi-panjang-9", "sandi-panjang-8"))
    monkeypatch.setattr("getpass.getpass", lambda _question: next(answers))
    words = ["account", "create", "--name", "A", "--username", "adi", "--role", "dokter"]
    assert main(words) == 1
    assert not Account.objects.filter(username="adi").exists()
