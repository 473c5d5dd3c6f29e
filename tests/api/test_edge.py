"""What is the same for every call: who asks, what cannot be read, what is not there."""

import json

import pytest
from django.test import Client

from simpul.foundation.staff.models import Account
from tests.conftest import Program

UNREADABLE = [
    b"{",
    b"",
    b"[",
    b'{"name": NaN}',
    b'{"name": "\x00"}',
    b"\xff\xfe",
    b'{"name": "\xed\xa0\x80"}',
    b'{"name": ' + b"1" * 5000 + b"}",
    b"[" * 100_000,
]


def send(client: Program, method: str, path: str, raw: bytes, kind: str = "application/json"):
    return client.client.generic(
        method,
        f"/api/v1{path}",
        raw,
        content_type=kind,
        headers={"Authorization": f"Bearer {client.token}"},
    )


class TestWhoAsks:
    """Tokens, sessions, nobody."""

    def test_nobody_is_told_how_to_sign_in(self, house):
        answer = Client().get("/api/v1/queues")

        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "not_signed_in"

    @pytest.mark.parametrize("header", ["Bearer", "Bearer x", "bearer  ", "Basic abc", "Token é"])
    def test_a_wrong_token_is_nobody(self, house, header):
        answer = Client().get("/api/v1/queues", headers={"Authorization": header})

        assert answer.status_code == 401

    def test_a_wrong_token_is_not_helped_by_a_session(self, browse, registrar):
        client = browse(registrar)

        answer = client.get("/api/v1/queues", headers={"Authorization": "Bearer salah"})

        assert answer.status_code == 401

    def test_a_signed_in_page_may_read(self, browse, registrar):
        assert browse(registrar).get("/api/v1/queues").status_code == 200

    def test_a_signed_in_page_writes_only_with_its_token(self, registrar, patient):
        client = Client(enforce_csrf_checks=True)
        client.force_login(
            Account.objects.get(id=registrar.account_id),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        body = {"patient_id": str(patient.id), "complaint": "batuk"}

        refused = client.post("/api/v1/encounters", body, content_type="application/json")
        assert refused.status_code == 403
        assert refused.json()["code"] == "csrf"

        client.cookies["simpul_csrf"] = secret = "a" * 32
        done = client.post(
            "/api/v1/encounters",
            body,
            content_type="application/json",
            headers={"X-CSRFToken": secret},
        )
        assert done.status_code == 201, done.content


class TestWhatCannotBeRead:
    """Malformed, too large, of another kind."""

    @pytest.mark.parametrize("raw", UNREADABLE, ids=lambda raw: repr(raw[:20]))
    def test_a_broken_body_is_refused(self, program, registrar, raw):
        answer = send(program(registrar), "POST", "/patients", raw)

        assert answer.status_code in {400, 422}
        assert answer["Content-Type"] == "application/problem+json"
        if raw:
            assert answer.json()["code"] == "malformed_json"

    @pytest.mark.parametrize("body", [[], "x", 3, None, True])
    def test_a_body_that_is_no_object_is_refused(self, program, registrar, body):
        answer = send(program(registrar), "POST", "/patients", json.dumps(body).encode())

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["where"] == "body"

    @pytest.mark.parametrize("sign", ["\\u0000", "\\ud800", "\\uDFFF x"])
    def test_signs_no_database_keeps_are_named(self, program, registrar, sign):
        raw = f'{{"name": "a{sign}b", "village": "Sabrang"}}'.encode()

        answer = send(program(registrar), "POST", "/patients", raw)

        assert answer.status_code == 422
        problem = answer.json()
        assert [(e["where"], e["code"]) for e in problem["errors"]] == [("name", "unreadable")]

    def test_an_escaped_backslash_is_not_mistaken_for_one(self, program, registrar):
        raw = json.dumps({"q": "\\u0000"}).encode()

        answer = send(program(registrar), "POST", "/patients/match", raw)

        assert answer.json()["errors"][0]["code"] == "unknown_name"

    def test_unkept_signs_are_found_anywhere(self, program, nurse, visit):
        body = '{"entries": [{"kind": "soap", "soap": {"s": "a\\u0000"}}]}'

        answer = send(
            program(nurse), "POST", f"/encounters/{visit.encounter.id}/entries", body.encode()
        )

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["where"] == "entries.0.soap.s"

    def test_a_pair_of_surrogates_is_a_letter(self, program, registrar):
        answer = send(program(registrar), "POST", "/patients/match", b'{"name": "\\ud83d\\ude00"}')

        assert answer.status_code == 200

    def test_another_kind_is_refused(self, program, registrar):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
            answer = send(program(registrar), "POST", "/patients", b"name=Siti", kind)
            assert answer.status_code == 415
            assert answer.json()["code"] == "not_json"

    @pytest.mark.parametrize("key", [None, "kunci-besar-1"])
    def test_a_very_large_body_is_refused(self, program, registrar, key):
        raw = b'{"name": "' + b"x" * 2_600_000 + b'"}'
        headers = {"Idempotency-Key": key} if key else {}
        client = program(registrar)

        answer = client.client.generic(
            "POST",
            "/api/v1/patients",
            raw,
            content_type="application/json",
            headers={"Authorization": f"Bearer {client.token}", **headers},
        )

        assert answer.status_code == 413
        assert answer.json()["code"] == "body_too_large"

    def test_fields_are_named_as_the_program_knows_them(self, program, nurse, visit):
        answer = program(nurse).call(
            "POST",
            f"/encounters/{visit.encounter.id}/entries",
            {"entries": [{"kind": "vitals", "vitals": {"pulse": [1]}}, {"kind": "x"}], "unti": ""},
        )

        assert answer.status_code == 422
        found = {(e["where"], e["code"]) for e in answer.json()["errors"]}
        assert ("entries.0.vitals.pulse", "type") in found
        assert ("entries.1.kind", "unknown") in found
        assert ("unti", "unknown_name") in found

    def test_the_sentences_are_in_indonesian(self, program, registrar):
        answer = program(registrar).call("POST", "/encounters", {"patient_id": 3, "pregnant": "x"})

        messages = {e["where"]: e["message"] for e in answer.json()["errors"]}
        assert messages["pregnant"] == "Tulis true atau false."
        assert messages["patient_id"].startswith("Tulis id")


class TestWhatIsNotThere:
    """Addresses and methods that do not exist."""

    @pytest.mark.parametrize("path", ["", "nothing", "patients/", "patients/1/2/3", "docs", "%00"])
    def test_an_unknown_address_is_a_problem_document(self, house, path):
        answer = Client().get(f"/api/v1/{path}")

        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "not_found"

    def test_so_is_one_beside_the_version(self, house):
        answer = Client().get("/api/v2/patients")

        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("DELETE", "/patients", "GET, POST"),
            ("PUT", "/patients/01a20434-440f-702c-b2a3-e054874c6b63", "GET, PATCH"),
            ("GET", "/encounters", "POST"),
            ("GET", "/tickets/01a20434-440f-702c-b2a3-e054874c6b63/call", "POST"),
        ],
    )
    def test_another_method_is_told_which_ones_there_are(
        self, program, registrar, method, path, allowed
    ):
        answer = program(registrar).call(method, path)

        assert answer.status_code == 405
        assert answer["Content-Type"] == "application/problem+json"
        assert sorted(answer["Allow"].split(", ")) == allowed.split(", ")


def test_a_disk_that_is_full_is_said_so(program, registrar, monkeypatch):
    from django.db import OperationalError

    from simpul.service.patients import api

    def full(**_kwargs: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(api, "register_patient", full)

    answer = program(registrar).call("POST", "/patients", {"name": "Siti"})

    assert answer.status_code == 507
    assert answer.json()["code"] == "storage_full"


def test_our_own_fault_tells_no_details(program, registrar, monkeypatch):
    from simpul.service.patients import api

    def broken(**_kwargs: object) -> None:
        raise RuntimeError("rahasia pasien")

    monkeypatch.setattr(api, "register_patient", broken)
    client = program(registrar)
    client.client.raise_request_exception = False

    answer = client.call("POST", "/patients", {"name": "Siti"})

    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert "rahasia" not in answer.content.decode()


def test_no_answer_is_kept_by_a_browser(program, registrar):
    answer = program(registrar).call("GET", "/queues")

    assert answer["Cache-Control"] == "no-store"
