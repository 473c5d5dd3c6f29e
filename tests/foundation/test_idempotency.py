"""Every write can be sent twice with the same key and happens once; with a crash between, never."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from simpul.foundation.core.clock import now
from simpul.foundation.core.models import IdempotencyKey
from simpul.foundation.journal.models import Change, JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Practitioner
from simpul.web.idempotency import KEEP_DAYS, OncePerKey, prune_keys
from tests.conftest import Program, make_actor, new_key

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.foundation.writing_urls")]
NAME = "Orang Uji"


def written(name: str = NAME) -> int:
    """Return how often a row was written; entries and changes must tell the same story."""
    rows = Practitioner.objects.filter(name=name).count()
    assert JournalEntry.objects.filter(act="started").count() >= rows
    assert Change.objects.filter(entity="staff.practitioner", data__name=name).count() == rows
    return rows


@pytest.fixture
def page(browse: Callable[[Actor], Client], registrar: Actor) -> Client:
    client = browse(registrar)
    client.raise_request_exception = False
    return client


@pytest.fixture
def api(program: Callable[[Actor], Program], registrar: Actor) -> Callable[..., Any]:
    made = program(registrar)
    made.client.raise_request_exception = False

    def call(
        name: str, key: str | None, body: bytes = b'{"name": "Orang Uji"}', **more: Any
    ) -> Any:
        headers = {"Authorization": f"Bearer {made.token}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        return made.client.post(
            f"/api/uji/{name}", body, content_type="application/json", headers=headers, **more
        )

    return call


class TestReplay:
    def test_a_program_that_repeats_gets_the_same_answer_and_one_row(
        self, api: Callable[..., Any]
    ) -> None:
        key = new_key()
        first, second, third = (api("tulis", key) for _ in range(3))
        assert first.status_code == second.status_code == third.status_code == 201
        assert first.content == second.content == third.content
        assert "Idempotent-Replayed" not in first
        assert second["Idempotent-Replayed"] == third["Idempotent-Replayed"] == "true"
        assert written() == 1

    def test_a_form_that_is_sent_twice_goes_to_the_same_place(self, page: Client) -> None:
        sent = {"op": new_key(), "name": NAME}
        first, second = (page.post("/uji/lanjut", sent) for _ in range(2))
        assert first.status_code == second.status_code == 302
        assert first["Location"] == second["Location"]
        assert second["Idempotent-Replayed"] == "true"
        assert written() == 1

    def test_an_htmx_request_may_send_the_form_s_key_in_the_header(self, page: Client) -> None:
        key = new_key()
        headers = {"HX-Request": "true", "Idempotency-Key": key}
        first, second = (page.post("/uji/tulis", {"name": NAME}, headers=headers) for _ in range(2))
        assert first.content == second.content
        assert written() == 1

    @pytest.mark.parametrize("header", ["Content-Type", "Location", "ETag", "HX-Trigger"])
    def test_what_the_asker_needs_of_the_headers_is_kept(
        self, header: str, api: Callable[..., Any]
    ) -> None:
        key = new_key()
        first, second = api("tulis", key), api("tulis", key)
        assert first[header]
        assert second[header] == first[header]

    def test_without_a_key_each_sending_is_a_write_of_its_own(
        self, api: Callable[..., Any]
    ) -> None:
        api("tulis", None)
        api("tulis", None)
        assert written() == 2

    def test_another_key_is_another_write(self, api: Callable[..., Any]) -> None:
        assert api("tulis", new_key()).content != api("tulis", new_key()).content
        assert written() == 2

    def test_the_same_key_of_another_person_is_another_write(
        self, api: Callable[..., Any], browse: Callable[[Actor], Client]
    ) -> None:
        key = new_key()
        first = api("tulis", key)
        other = browse(make_actor("perawat"))
        second = other.post(
            "/api/uji/tulis",
            b'{"name": "Orang Uji"}',
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )
        assert second.status_code == 201
        assert first.json()["id"] != second.json()["id"]
        assert written() == 2

    def test_reading_needs_and_takes_no_key(self, page: Client) -> None:
        page.get("/uji/transaksi", headers={"Idempotency-Key": new_key()})
        assert not IdempotencyKey.objects.exists()


class TestOtherBody:
    def test_the_same_key_with_another_body_is_refused_and_says_so(
        self, api: Callable[..., Any]
    ) -> None:
        key = new_key()
        api("tulis", key)
        second = api("tulis", key, b'{"name": "Orang Lain"}')
        assert second.status_code == 422
        assert second["Content-Type"] == "application/problem+json"
        assert second.json()["code"] == "idempotency_key_reused"
        assert (written(), written("Orang Lain")) == (1, 0)

    def test_the_same_key_at_another_address_is_refused(self, api: Callable[..., Any]) -> None:
        key = new_key()
        api("tulis", key)
        assert api("lanjut", key).json()["code"] == "idempotency_key_reused"
        assert written() == 1

    def test_the_first_answer_is_still_there_after_a_refusal(self, api: Callable[..., Any]) -> None:
        key = new_key()
        first = api("tulis", key)
        api("tulis", key, b'{"name": "Orang Lain"}')
        assert api("tulis", key).content == first.content

    def test_a_form_with_another_field_is_refused(self, page: Client) -> None:
        key = new_key()
        page.post("/uji/lanjut", {"op": key, "name": NAME})
        assert page.post("/uji/lanjut", {"op": key, "name": "Orang Lain"}).status_code == 422
        assert written("Orang Lain") == 0

    @pytest.mark.parametrize("multipart", [False, True])
    def test_only_a_new_mask_of_the_csrf_token_is_the_same_form(
        self, multipart: bool, page: Client
    ) -> None:
        """The browser shows a draft again after a reload: same key, same fields, new token."""
        key = new_key()
        answers = []
        for token in ("a" * 64, "b" * 64):
            fields = {"csrfmiddlewaretoken": token, "op": key, "name": NAME}
            if multipart:
                answers.append(page.post("/uji/lanjut", fields))
            else:
                text = "&".join(f"{name}={value}" for name, value in fields.items())
                kind = "application/x-www-form-urlencoded"
                answers.append(page.post("/uji/lanjut", text, content_type=kind))
        assert [a.status_code for a in answers] == [302, 302]
        assert answers[0]["Location"] == answers[1]["Location"]
        assert written() == 1

    def test_the_body_counts_for_every_way_of_writing(
        self, program: Callable[[Actor], Program], registrar: Actor
    ) -> None:
        """Django reads form fields of a POST only; a PATCH in the same clothes has a body too."""
        made, key = program(registrar), new_key()
        answers = [
            made.client.patch(
                "/api/uji/tulis",
                body,
                content_type="application/x-www-form-urlencoded",
                headers={"Authorization": f"Bearer {made.token}", "Idempotency-Key": key},
            )
            for body in (b'{"name": "Orang Uji"}', b'{"name": "Orang Lain"}')
        ]
        assert [a.status_code for a in answers] == [201, 422]


class TestMalformedKey:
    @pytest.mark.parametrize("key", ["", "pendek", "x" * 81, "tab\tdi-tengah", "   spasi   "])
    def test_a_key_that_cannot_be_one_is_refused_before_anything_happens(
        self, key: str, api: Callable[..., Any]
    ) -> None:
        refused = api("tulis", key)
        assert refused.status_code == 422
        assert refused.json()["code"] == "idempotency_key_malformed"
        assert written() == 0

    @pytest.mark.parametrize("key", ["delapan8", "x" * 80])
    def test_the_shortest_and_the_longest_key_are_taken(
        self, key: str, api: Callable[..., Any]
    ) -> None:
        assert api("tulis", key).status_code == 201
        assert api("tulis", key)["Idempotent-Replayed"] == "true"

    def test_nobody_s_key_is_not_kept(self, client: Client, house: object) -> None:
        refused = client.post(
            "/api/uji/tulis",
            b"{}",
            content_type="application/json",
            headers={"Idempotency-Key": new_key()},
        )
        assert refused.status_code == 401
        assert not IdempotencyKey.objects.exists()


class TestNothingKept:
    @pytest.mark.parametrize(
        ("name", "status", "code"),
        [
            ("tolak", 422, "example_refused"),
            ("penuh", 507, "storage_full"),
            ("penuh-putus", 507, "storage_full"),
            ("sibuk", 503, "storage_busy"),
        ],
    )
    def test_a_write_that_was_refused_leaves_nothing_and_may_be_tried_again(
        self, name: str, status: int, code: str, api: Callable[..., Any]
    ) -> None:
        key = new_key()
        for _ in range(2):
            refused = api(name, key)
            assert refused.status_code == status
            assert refused.json()["code"] == code
            assert "Idempotent-Replayed" not in refused
            assert written() == 0
        assert not IdempotencyKey.objects.exists()
        assert api("tulis", key).status_code == 201
        assert written() == 1

    @pytest.mark.parametrize("name", ["penuh", "penuh-putus"])
    def test_a_person_reads_that_the_disk_is_full_on_a_whole_page(
        self, name: str, page: Client
    ) -> None:
        refused = page.post(f"/uji/{name}", {"op": new_key(), "name": NAME})
        assert refused.status_code == 507
        assert "Penyimpanan server penuh" in refused.content.decode()
        assert written() == 0

    @pytest.mark.parametrize("name", ["rusak", "langgar"])
    def test_a_mistake_of_ours_leaves_nothing(self, name: str, api: Callable[..., Any]) -> None:
        assert api(name, new_key()).status_code == 500
        assert written() == 0
        assert not IdempotencyKey.objects.exists()

    def test_an_answer_that_cannot_be_kept_has_not_happened(self, api: Callable[..., Any]) -> None:
        """What is streamed cannot be given again, so nothing may have been done for it."""
        api("alir", new_key())
        assert written() == 0
        assert not IdempotencyKey.objects.exists()

    def test_a_crash_between_the_act_and_the_kept_answer_leaves_none_of_both(
        self, api: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = new_key()

        def crash(*_values: object) -> None:
            raise RuntimeError("the power went")

        with monkeypatch.context() as patched:
            patched.setattr(OncePerKey, "_keep", crash)
            assert api("tulis", key).status_code == 500
        assert written() == 0
        assert not IdempotencyKey.objects.exists()
        assert api("tulis", key).status_code == 201
        assert written() == 1

    def test_a_disk_that_is_full_when_the_answer_is_kept_says_so(
        self, api: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The view is done; what fails is ours. It is the same sentence all the same."""

        def fail(*_values: object) -> None:
            raise OperationalError("database or disk is full")

        monkeypatch.setattr(OncePerKey, "_keep", fail)
        refused = api("tulis", new_key())
        assert refused.status_code == 507
        assert "Penyimpanan server penuh" in refused.json()["detail"]
        assert written() == 0


class TestPrune:
    def test_answers_are_forgotten_after_thirty_days_and_not_before(
        self, api: Callable[..., Any]
    ) -> None:
        young, old = new_key(), new_key()
        api("tulis", young)
        api("tulis", old)
        IdempotencyKey.objects.filter(key=young).update(
            at=now() - timedelta(days=KEEP_DAYS, seconds=-60)
        )
        IdempotencyKey.objects.filter(key=old).update(
            at=now() - timedelta(days=KEEP_DAYS, seconds=60)
        )
        assert prune_keys() == 1
        assert api("tulis", young)["Idempotent-Replayed"] == "true"
        assert "Idempotent-Replayed" not in api("tulis", old)
