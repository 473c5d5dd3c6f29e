"""One NIK at many counters in one second, and merges that meet: one patient, no circle."""

import json
import uuid
from http.client import HTTPConnection

import pytest

from tests.faults.site import Answer, Site, at_once, run_python
from tests.faults.soundness import check_soundness

NIK = "3509015203850001"


def person(counter: int, **more: object) -> dict[str, object]:
    return {
        "name": "Siti Contoh",
        "birth_date": "1985-03-12",
        "sex": "female",
        "nik": NIK,
        "village": "Sabrang",
        "phone": f"0812345678{counter:02d}",
        **more,
    }


@pytest.mark.timeout(240)
def test_sixteen_counters_with_one_nik_make_one_patient(site: Site) -> None:
    stored = site.count("patients_patient")
    answers = at_once(
        16, lambda n: site.once("POST", "/api/v1/patients", person(n), key=str(uuid.uuid4()))
    )
    assert sorted(answer.status for answer in answers) == [201] + [409] * 15
    (made,) = [answer.json() for answer in answers if answer.status == 201]
    for refused in (answer.json() for answer in answers if answer.status == 409):
        assert refused["code"] == "patient_looks_known"
        assert refused["candidates"][0]["mrn"] == made["mrn"]
    assert site.count("patients_patient") == stored + 1
    check_soundness(site)


@pytest.mark.timeout(240)
def test_those_who_insist_are_saved_without_it_and_a_person_is_asked(site: Site) -> None:
    stored = site.count("patients_patient")
    sent = [person(n, name=f"Orang Ke{'abcdefgh'[n]}", confirm_new="orang lain") for n in range(8)]
    answers = at_once(
        8, lambda n: site.once("POST", "/api/v1/patients", sent[n], key=str(uuid.uuid4()))
    )
    assert [answer.status for answer in answers] == [201] * 8
    niks = [answer.json()["nik"] for answer in answers]
    assert sorted(nik or "" for nik in niks) == [""] * 7 + [NIK]
    assert site.count("patients_patient") == stored + 8
    assert site.count("merging_reviewtask") == 7
    check_soundness(site)


@pytest.mark.timeout(240)
def test_merges_that_meet_never_make_a_circle(site: Site) -> None:
    """A → B, B → A, B → C and C → A at once: what is decided first stands, the rest is told so."""
    token = json.loads(
        run_python(
            "-m", "simpul", "token", "create", "--role", "perekam_medis", "--json", env=site.env
        )
    )["token"]
    for turn in range(4):
        a, b, c = site.patients[turn * 3 : turn * 3 + 3]
        asked = [(b, a), (a, b), (c, b), (a, c)]
        answers = at_once(4, lambda n, asked=asked: merge(site, *asked[n], token=token))
        assert {answer.status for answer in answers} <= {201, 409, 412}
        assert any(answer.status == 201 for answer in answers)
    rows = site.rows("SELECT id, merged_into_id FROM patients_patient")
    into = dict(rows)
    for top in into.values():
        assert top is None or into[top] is None, "a record stands for others or is merged, not both"
    check_soundness(site)


def merge(site: Site, survivor: str, merged: str, *, token: str) -> Answer:
    """Merge through the API, on the version that is stored now."""
    read = site.once("GET", f"/api/v1/patients/{survivor}", token=token)
    connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        connection.request(
            "POST",
            f"/api/v1/patients/{survivor}/merge",
            json.dumps({"other_id": merged}),
            {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": str(uuid.uuid4()),
                "If-Match": read.headers["etag"],
            },
        )
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()
