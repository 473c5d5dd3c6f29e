"""Patients through the API: find, read, make, correct, the look-alikes."""

import pytest

NEW = {
    "name": "Ny. Aminah Contoh",
    "birth_date": "12031985",
    "sex": "female",
    "nik": "3509015203850001",
    "village": "Sabrang",
    "mother_name": "Maryam",
    "rt": "2",
    "rw": "1",
    "phone": "0812 3456 7890",
    "religion": "islam",
}


def test_it_registers_a_patient(program, registrar):
    answer = program(registrar).call("POST", "/patients", NEW)

    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["name"] == "AMINAH CONTOH"
    assert made["title"] == "Ny."
    assert made["birth_date"] == "1985-03-12"
    assert made["nik"] == NEW["nik"]
    assert made["bpjs_number"] is None
    assert (made["rt"], made["rw"]) == ("02", "01")
    assert made["phone"] == "+6281234567890"
    assert made["version"] == 1
    assert answer["ETag"] == '"1"'
    assert answer["Location"] == f"/api/v1/patients/{made['id']}"


def test_what_location_names_can_be_read(program, registrar):
    client = program(registrar)
    made = client.call("POST", "/patients", NEW)

    read = client.call("GET", made["Location"].removeprefix("/api/v1"))

    assert read.status_code == 200
    assert read["ETag"] == '"1"'
    assert read.json() == {k: v for k, v in made.json().items() if k != "warnings"}


def test_every_problem_is_told_at_once(program, registrar):
    answer = program(registrar).call(
        "POST", "/patients", {"name": "", "birth_date": "31 februari", "sex": "x", "nik": "12"}
    )

    assert answer.status_code == 422
    problem = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["code"] == "patient_refused"
    assert {"name", "birth_date", "sex", "nik", "village"} <= {
        e["where"] for e in problem["errors"]
    }
    assert all(error["message"] and error["code"] for error in problem["errors"])


def test_unusual_values_are_saved_and_told(program, registrar):
    answer = program(registrar).call("POST", "/patients", {**NEW, "birth_date": "1985-04-13"})

    assert answer.status_code == 201
    assert [warning["where"] for warning in answer.json()["warnings"]]


def test_a_look_alike_is_refused_until_a_reason_is_given(program, registrar):
    client = program(registrar)
    first = client.call("POST", "/patients", NEW).json()

    again = client.call("POST", "/patients", NEW)

    assert again.status_code == 409
    assert again.json()["code"] == "patient_looks_known"
    candidate = again.json()["candidates"][0]
    assert candidate["patient_id"] == first["id"]
    assert candidate["level"] == "certain"

    for confirm in ({"reason": "saudara kembar"}, "saudara kembar"):
        made = client.call("POST", "/patients", {**NEW, "confirm_new": confirm})
        assert made.status_code == 201, made.content
        assert made.json()["nik"] is None
        assert made.json()["no_nik_reason"] == "conflict"


def test_without_nik_a_reason_is_kept(program, registrar):
    body = {**NEW, "nik": None, "no_nik_reason": "newborn", "mother_nik": "3509015203600001"}

    made = program(registrar).call("POST", "/patients", body)

    assert made.status_code == 201, made.content
    assert made.json()["no_nik_reason"] == "newborn"
    assert made.json()["nik"] is None


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("3509015203850001", "nik"),
        ("081234567890", "telephone"),
        ("aminah", "name"),
        ("amminah contoh", "a slip"),
        ("aminah 1985", "name and year"),
    ],
)
def test_it_is_found_again(program, registrar, query, what):
    client = program(registrar)
    made = client.call("POST", "/patients", NEW).json()

    found = client.call("GET", f"/patients?q={query}").json()

    assert [item["id"] for item in found["items"]] == [made["id"]], what
    assert found["next"] is None
    assert found["items"][0]["mother_name"] == "MARYAM"


def test_it_is_found_by_its_record_number(program, registrar, patient):
    found = program(registrar).call("GET", f"/patients?q={patient.mrn}").json()

    assert [item["mrn"] for item in found["items"]] == [patient.mrn]


def test_nobody_found_is_an_empty_list(program, registrar):
    found = program(registrar).call("GET", "/patients?q=tidakada")

    assert found.status_code == 200
    assert found.json() == {"items": [], "next": None}


@pytest.mark.parametrize("query", ["", "?q=", "?q=a&limit=0", "?q=a&limit=101", "?q=a&limit=x"])
def test_a_search_that_cannot_be_read_is_told(program, registrar, query):
    answer = program(registrar).call("GET", f"/patients{query}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] in {"q", "limit"}


def test_pages_of_a_search_are_complete_and_without_repeats(program, registrar, make_patient):
    wanted = {str(make_patient(f"Dewi Contoh {word}").id) for word in "ABCDEFG"}
    client = program(registrar)
    seen: list[str] = []
    cursor = ""
    for _page in range(4):
        page = client.call("GET", f"/patients?q=dewi&limit=3&cursor={cursor}").json()
        assert len(page["items"]) <= 3
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
        # Somebody new with that name must not shift the page that follows.
        make_patient("Dewi Baru")

    assert len(seen) == len(set(seen))
    assert wanted <= set(seen)


def test_a_cursor_holds_nothing_of_the_patient(program, registrar, make_patient):
    for word in "AB":
        make_patient(f"Dewi Contoh {word}")
    page = program(registrar).call("GET", "/patients?q=dewi&limit=1").json()

    assert len(page["next"]) == 22
    assert "dewi" not in page["next"].lower()


@pytest.mark.parametrize("cursor", ["xyz", "AAAAAAAAAAAAAAAAAAAAAA", "%00", "//////"])
def test_an_unknown_cursor_is_refused(program, registrar, patient, cursor):
    answer = program(registrar).call("GET", f"/patients?q=siti&cursor={cursor}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "cursor"


class TestCorrecting:
    """PATCH over the version that was seen."""

    def test_only_what_was_sent_changes(self, program, registrar):
        client = program(registrar)
        before = client.call("POST", "/patients", NEW)

        after = client.call(
            "PATCH",
            f"/patients/{before.json()['id']}",
            {"occupation": "Petani", "phone": None},
            headers={"If-Match": before["ETag"]},
        )

        assert after.status_code == 200, after.content
        assert after["ETag"] == '"2"'
        changed = {"occupation": "Petani", "phone": None, "version": 2, "warnings": []}
        assert after.json() == {**before.json(), **changed}

    def test_the_compressed_tag_works_too(self, program, registrar, patient):
        answer = program(registrar).call(
            "PATCH", f"/patients/{patient.id}", {"rt": "7"}, headers={"If-Match": 'W/"1"'}
        )

        assert answer.status_code == 200

    @pytest.mark.parametrize("headers", [{}, {"If-Match": "*"}, {"If-Match": " "}])
    def test_without_a_version_it_is_refused(self, program, registrar, patient, headers):
        client = program(registrar)

        answer = client.call("PATCH", f"/patients/{patient.id}", {"rt": "7"}, headers=headers)

        assert answer.status_code == 428
        assert answer.json()["code"] == "if_match_required"
        assert client.call("GET", f"/patients/{patient.id}").json()["version"] == 1

    @pytest.mark.parametrize("tag", ['"abc"', "9999999999999999999999", '"-1"', '"1", "2"'])
    def test_a_version_that_is_none_is_refused(self, program, registrar, patient, tag):
        answer = program(registrar).call(
            "PATCH", f"/patients/{patient.id}", {"rt": "7"}, headers={"If-Match": tag}
        )

        assert answer.status_code == 400
        assert answer.json()["code"] == "if_match_malformed"

    def test_a_stale_version_gets_both(self, program, registrar, patient):
        client = program(registrar)
        path = f"/patients/{patient.id}"
        client.call("PATCH", path, {"occupation": "Guru"}, headers={"If-Match": '"1"'})

        stale = client.call("PATCH", path, {"occupation": "Petani"}, headers={"If-Match": '"1"'})

        assert stale.status_code == 412
        problem = stale.json()
        assert problem["code"] == "stale_version"
        assert (problem["your_version"], problem["current_version"]) == (1, 2)
        assert problem["yours"] == {"occupation": "Petani"}
        assert problem["current"]["occupation"] == "Guru"
        assert client.call("GET", path).json()["occupation"] == "Guru"

    def test_a_title_survives_a_correction_of_something_else(self, program, registrar):
        client = program(registrar)
        before = client.call("POST", "/patients", NEW).json()
        assert before["title"]

        after = client.call(
            "PATCH", f"/patients/{before['id']}", {"rt": "9"}, headers={"If-Match": '"1"'}
        ).json()

        assert (after["title"], after["name"]) == (before["title"], before["name"])

    def test_a_nik_of_somebody_else_is_refused(self, program, registrar, patient):
        client = program(registrar)
        client.call("POST", "/patients", NEW)

        answer = client.call(
            "PATCH", f"/patients/{patient.id}", {"nik": NEW["nik"]}, headers={"If-Match": '"1"'}
        )

        assert answer.status_code == 422
        assert answer.json()["code"] == "nik_taken"


class TestMatching:
    """POST /patients/match: a form that is not yet saved."""

    def test_candidates_come_with_reasons(self, program, registrar):
        client = program(registrar)
        known = client.call("POST", "/patients", NEW).json()

        found = client.call("POST", "/patients/match", {"nik": NEW["nik"]}).json()["candidates"]

        assert found[0]["patient"]["id"] == known["id"]
        assert found[0]["level"] in {"certain", "possible"}
        assert 0 <= found[0]["score"] <= 1
        assert found[0]["agrees"]

    def test_half_a_form_is_enough(self, program, registrar):
        answer = program(registrar).call("POST", "/patients/match", {"name": "am", "phone": "08"})

        assert answer.status_code == 200
        assert answer.json() == {"candidates": []}

    def test_an_unreadable_date_is_told(self, program, registrar):
        answer = program(registrar).call(
            "POST", "/patients/match", {"name": "Aminah", "birth_date": "kemarin dulu"}
        )

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["where"] == "birth_date"

    def test_nothing_is_saved(self, program, registrar):
        client = program(registrar)
        client.call("POST", "/patients/match", NEW)

        assert client.call("GET", "/patients?q=aminah").json()["items"] == []


def test_another_facility_sees_nothing(program, outsider, patient):
    client = program(outsider)

    assert client.call("GET", f"/patients/{patient.id}").status_code == 404
    assert client.call("GET", "/patients?q=siti").status_code == 403
    assert client.call("POST", "/patients", NEW).status_code == 403
    assert client.call("POST", "/patients/match", NEW).status_code == 403
    answer = client.call("PATCH", f"/patients/{patient.id}", {}, headers={"If-Match": '"1"'})
    assert answer.status_code == 404


def test_a_role_without_the_right_is_refused(program, nurse, patient):
    client = program(nurse)

    assert client.call("POST", "/patients", NEW).status_code == 403
    answer = client.call("PATCH", f"/patients/{patient.id}", {}, headers={"If-Match": '"1"'})
    assert answer.status_code == 403
    assert "Pendaftaran" in answer.json()["detail"]


@pytest.mark.parametrize(
    "patient_id", ["x", "1", "0" * 32, "01a20434-440f-702c-b2a3-e054874c6b63", "%00", "..%2f"]
)
def test_an_id_that_means_nobody_is_not_here(program, registrar, patient_id):
    answer = program(registrar).call("GET", f"/patients/{patient_id}")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
