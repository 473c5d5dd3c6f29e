"""The OpenAPI document is complete and true: every call answers as it says, whatever is sent.

Schemathesis makes the requests. A part of the ids it invents is replaced by ids that exist, so
that the calls are reached and not only their 404.
"""

import os
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from simpul.config.api import api
from simpul.foundation.administration.services import NewAccount, create_token, open_account
from simpul.foundation.staff.models import Role
from simpul.service.completeness.services import close_encounter
from simpul.service.patients.importing.services import bring, start_trial
from simpul.service.patients.importing.work import work_on
from simpul.service.patients.numbers.services import issue_card

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = int(os.environ.get("SIMPUL_CONTRACT_EXAMPLES", "15"))


@pytest.fixture
def known(
    house, visit, make_visit, physician, registrar, recorder, settings, tmp_path
) -> dict[str, Any]:
    """Ids that exist, by the name of the parameter: of a visit that waits and one that is over."""
    served = make_visit()
    close_encounter(served.encounter.id, by=physician)
    settings.DATA = tmp_path
    lists = [bring("contoh.csv", [b"Nama;Tgl Lahir\nSITI CONTOH;12-03-1985\n"], by=recorder)]
    start_trial(lists[0], by=recorder)
    work_on(lists[0].pk)
    return {
        "patient_id": [str(visit.encounter.patient_id), str(served.encounter.patient_id)],
        "encounter_id": [str(visit.encounter.id), str(served.encounter.id)],
        "ticket_id": [str(visit.ticket.id), str(served.ticket.id)],
        "unit": ["umum", "gigi", "rekam-medis"],
        "card_id": [str(issue_card(visit.encounter.patient_id, by=registrar).id)],
        "import_id": [str(one.pk) for one in lists],
        "mrn": [visit.encounter.patient.mrn],
        "label": [visit.encounter.patient.mrn],
    }


@pytest.fixture
def token(house) -> str:
    """A token of an account that may do everything a person here may."""
    roles = (Role.REGISTRAR, Role.PHYSICIAN, Role.RECORD_OFFICER, Role.HEAD)
    open_account(NewAccount(name="Program Uji", username="kontrak", password=None, roles=roles))
    return create_token(username="kontrak")[0]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the test's transaction open over real requests, as Django's own client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def contract(known, one_connection):
    """The document as a program reads it, at the address it is served at."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def every_call() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in api.document["paths"].items()
        for method, operation in methods.items()
    ]


def ids(calls: list[tuple[str, str, dict[str, Any]]]) -> list[str]:
    return [operation["operationId"] for _method, _path, operation in calls]


CALLS = every_call()


@pytest.mark.parametrize(("method", "path", "operation"), CALLS, ids=ids(CALLS))
def test_every_call_answers_as_described(contract, token, known, method, path, operation):
    """What fits the document and what does not, both get an answer that is in the document."""
    described = contract[path][method]
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    cases = st.one_of(*(described.as_strategy(generation_mode=mode) for mode in modes))

    @given(cases)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers(case: schemathesis.Case) -> None:
        _aim(case, known)
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        case.call_and_validate(headers=headers, checks=CHECKS)

    answers()


def _aim(case: schemathesis.Case, known: dict[str, Any]) -> None:
    """Turn two of three requests towards something that exists."""
    aim = len(repr(case.body)) + len(repr(case.query)) + len(repr(case.headers))
    if aim % 3 == 0:
        return
    for name, values in known.items():
        value = values[aim % len(values)]
        if name in (case.path_parameters or {}):
            case.path_parameters[name] = value
        if isinstance(case.body, dict) and name in case.body and name != "unit":
            case.body[name] = value


def test_the_document_says_what_it_is():
    document = api.document

    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Simpul"
    assert set(document["components"]["securitySchemes"]) == {"BearerToken", "SessionCookie"}
    assert len(set(ids(CALLS))) == len(CALLS)
    known = {tag["name"] for tag in document["tags"]}
    assert {operation["tags"][0] for _m, _p, operation in CALLS} == known


def test_every_call_of_the_plan_is_there():
    planned = {
        ("post", "/patients"),
        ("get", "/patients"),
        ("get", "/patients/{patient_id}"),
        ("patch", "/patients/{patient_id}"),
        ("get", "/patients/{patient_id}/history"),
        ("post", "/patients/match"),
        ("post", "/placement/suggest"),
        ("post", "/encounters"),
        ("get", "/encounters/{encounter_id}"),
        ("post", "/encounters/{encounter_id}/redirect"),
        ("post", "/encounters/{encounter_id}/undo"),
        ("post", "/encounters/{encounter_id}/cancel"),
        ("post", "/encounters/{encounter_id}/close"),
        ("post", "/encounters/{encounter_id}/return"),
        ("get", "/queues"),
        ("get", "/queues/{unit}"),
        ("post", "/queues/{unit}/call-next"),
        ("post", "/queues/{unit}/shown"),
        ("post", "/tickets/{ticket_id}/call"),
        ("post", "/tickets/{ticket_id}/skip"),
        ("post", "/tickets/{ticket_id}/start"),
        ("post", "/tickets/{ticket_id}/finish"),
        ("post", "/encounters/{encounter_id}/entries"),
        ("get", "/encounters/{encounter_id}/entries"),
        ("get", "/patients/{patient_id}/allergies"),
        ("post", "/patients/{patient_id}/allergies"),
        ("post", "/files/scan"),
        ("get", "/files/{mrn}"),
        ("get", "/completeness"),
        ("post", "/planning/wisn"),
        ("post", "/planning/cpi"),
        ("post", "/planning/gap"),
        ("post", "/planning/distribution"),
        ("post", "/planning/allocation"),
        ("post", "/patients/{patient_id}/merge"),
        ("post", "/merges/{merge_id}/undo"),
        ("get", "/placement/rules"),
        ("get", "/patients/{patient_id}/cards"),
        ("post", "/patients/{patient_id}/cards"),
        ("post", "/cards/{card_id}/revoke"),
        ("get", "/numbering"),
        ("post", "/people-imports"),
        ("get", "/people-imports/{import_id}"),
        ("post", "/people-imports/{import_id}/start"),
        ("get", "/people-imports/{import_id}/rows"),
        ("post", "/bookings"),
        ("get", "/bookings"),
        ("get", "/bookings/{booking_id}"),
        ("post", "/bookings/{booking_id}/cancel"),
        ("get", "/opening"),
        ("get", "/queues/{unit}/rooms"),
        ("get", "/health"),
        ("get", "/status"),
    }

    assert {(m, path.removeprefix("/api/v1")) for m, path, _o in CALLS} == planned


@pytest.mark.parametrize(("method", "path", "operation"), CALLS, ids=ids(CALLS))
def test_every_call_is_described_whole(method, path, operation):
    assert operation["summary"]
    assert operation["description"]
    if path != "/api/v1/health":
        assert operation["security"] == [{"BearerToken": []}, {"SessionCookie": []}]
    statuses = set(operation["responses"])
    assert {"503"} <= statuses
    if operation.get("security"):
        assert {"401", "403"} <= statuses
    if method != "get":
        assert {"413", "422"} <= statuses
    if "requestBody" in operation:
        assert {"400", "415", "422"} <= statuses
    if "{" in path:
        assert "404" in statuses
    for status, response in operation["responses"].items():
        assert response["description"]
        (kind,) = response["content"]
        expected = "application/json" if status.startswith("2") else "application/problem+json"
        assert kind == expected, status


@pytest.mark.parametrize(("method", "path", "operation"), CALLS, ids=ids(CALLS))
def test_every_example_fits_its_schema(method, path, operation):
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    for holder in [*bodies, *operation["responses"].values()]:
        for media in holder["content"].values():
            assert media["example"] is not None
            schema = {**media["schema"], "components": api.document["components"]}
            jsonschema_rs.validator_for(schema, validate_formats=True).validate(media["example"])


def test_no_example_is_a_real_person():
    """Names in examples are invented and say so."""
    text = repr(api.document)

    assert "CONTOH" in text
    assert "@" not in text


def test_the_document_is_served_without_signing_in(house, client):
    answer = client.get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/json")
    assert answer.json()["paths"].keys() == api.document["paths"].keys()
