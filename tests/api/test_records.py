"""Records through the API: entries, closing, allergies, completeness, return, history."""

import uuid

import pytest

from simpul.foundation.journal.models import JournalEntry

VITALS = {"systolic": 120, "diastolic": "80", "temperature": "36,7", "pulse": 80.5}
ENTRIES = [
    {"kind": "vitals", "vitals": VITALS},
    {"kind": "soap", "soap": {"s": "batuk", "o": "", "a": None, "p": "obat"}},
    {"kind": "condition", "conditions": [{"code": "J06.9", "case_type": "new"}]},
]


@pytest.fixture
def path(visit):
    return f"/encounters/{visit.encounter.id}"


class TestEntries:
    """POST and GET /encounters/{id}/entries."""

    def test_they_are_signed_together(self, program, physician, path):
        answer = program(physician).call("POST", f"{path}/entries", {"entries": ENTRIES})

        assert answer.status_code == 201, answer.content
        saved = answer.json()
        assert [e["kind"] for e in saved["entries"]] == ["vitals", "soap", "condition"]
        assert saved["entries"][0]["body"]["temperature"] == "36.7"
        assert {e["author"] for e in saved["entries"]} == {physician.name}
        assert saved["status"] == "in-progress"
        assert saved["check"] is None
        assert {"rule", "component", "message"} <= set(saved["missing"][0])

    def test_all_or_none(self, program, physician, path):
        client = program(physician)
        wrong = [*ENTRIES, {"kind": "condition", "conditions": [{"code": "X00.999"}]}]

        answer = client.call("POST", f"{path}/entries", {"entries": wrong})

        assert answer.status_code == 422
        assert answer.json()["code"] == "entry_refused"
        assert client.call("GET", f"{path}/entries").json()["items"] == []

    @pytest.mark.parametrize(
        "value",
        ["1e99999999", "1E-99999999", "NaN", "Infinity", "-1", "9" * 4000, "", "abc", 1e308],
    )
    def test_no_number_breaks_it(self, program, physician, path, value):
        body = {"entries": [{"kind": "vitals", "vitals": {"pulse": value}}]}

        answer = program(physician).call("POST", f"{path}/entries", body)

        assert answer.status_code == 422, answer.content

    def test_writing_again_is_a_new_revision_and_the_old_one_stays(self, program, physician, path):
        client = program(physician)
        client.call("POST", f"{path}/entries", {"entries": ENTRIES[1:2]})
        changed = [{"kind": "soap", "soap": {"s": "batuk berdahak"}}]
        client.call("POST", f"{path}/entries", {"entries": changed})

        items = client.call("GET", f"{path}/entries").json()["items"]

        assert [(e["revision"], e["is_current"]) for e in items] == [(1, False), (2, True)]
        assert items[1]["replaces"] == items[0]["id"]

    def test_reading_is_in_the_journal(self, program, physician, visit, path):
        before = JournalEntry.objects.filter(act="read").count()

        program(physician).call("GET", f"{path}/entries")

        reading = JournalEntry.objects.filter(act="read").latest("seq")
        assert JournalEntry.objects.filter(act="read").count() == before + 1
        assert reading.encounter == visit.encounter.id
        assert reading.practitioner == physician.practitioner_id

    def test_the_counter_does_not_read_clinical_notes(self, program, registrar, path):
        client = program(registrar)

        assert client.call("GET", f"{path}/entries").status_code == 403
        assert client.call("POST", f"{path}/entries", {"entries": ENTRIES}).status_code == 403

    def test_a_unit_the_record_never_reached(self, program, physician, path):
        answer = program(physician).call(
            "POST", f"{path}/entries", {"entries": ENTRIES, "unit": "gigi"}
        )

        assert answer.status_code == 409
        assert answer.json()["code"] == "unit_not_visited"

    @pytest.mark.parametrize("entries", [[], [{}], [{"kind": "soap"}], [{"kind": "note"}]])
    def test_nothing_written_is_refused(self, program, physician, path, entries):
        answer = program(physician).call("POST", f"{path}/entries", {"entries": entries})

        assert answer.status_code == 422


class TestClosing:
    """Close, complete, return."""

    def test_closing_analyses_the_record(self, program, physician, path):
        answer = program(physician).call("POST", f"{path}/close", {"entries": ENTRIES})

        assert answer.status_code == 200, answer.content
        closed = answer.json()
        assert closed["status"] == "finished"
        assert closed["check"]["status"] == "incomplete"
        assert 0 < closed["check"]["percent"] < 100
        assert closed["missing"]

    def test_closing_needs_no_body(self, program, physician, path):
        assert program(physician).call("POST", f"{path}/close").status_code == 200
        again = program(physician).call("POST", f"{path}/close")
        assert again.status_code == 409

    def test_an_answer_about_allergies_mends_the_record(self, program, physician, patient, path):
        client = program(physician)
        full = [{"kind": "soap", "soap": {"s": "a", "o": "b", "a": "c", "p": "d"}}]
        vitals = {"systolic": 120, "diastolic": 80, "temperature": 36.7, "pulse": 80}
        entries = [
            {"kind": "vitals", "vitals": {**vitals, "respiratory_rate": 18}},
            *full,
            ENTRIES[2],
        ]
        closed = client.call("POST", f"{path}/close", {"entries": entries}).json()
        assert closed["check"]["status"] == "incomplete"

        noted = client.call("POST", f"/patients/{patient.id}/allergies", {"none": True})

        assert noted.status_code == 201, noted.content
        assert noted.json()["state"] == "none_known"
        complete = client.call("GET", "/completeness?status=complete").json()["items"]
        assert [f"/encounters/{line['encounter_id']}" for line in complete] == [path]

    def test_the_record_room_sends_it_back(self, program, physician, recorder, path):
        program(physician).call("POST", f"{path}/close", {"entries": ENTRIES})
        room = program(recorder)

        sent = room.call("POST", f"{path}/return", {"paper_items": ["tanda tangan"]})

        assert sent.status_code == 200, sent.content
        line = sent.json()
        assert line["is_returned"]
        assert "tanda tangan" in {item["message"] for item in line["missing"]}
        assert program(physician).call("POST", f"{path}/return", {}).status_code == 403

    def test_an_open_visit_is_not_sent_back(self, program, recorder, path):
        answer = program(recorder).call("POST", f"{path}/return", {})

        assert answer.status_code == 409
        assert answer.json()["code"] == "encounter_open"

    def test_the_list_pages_without_gaps_or_repeats(self, program, physician, recorder, make_visit):
        doctor, room = program(physician), program(recorder)
        made = [str(make_visit().encounter.id) for _ in range(5)]
        for encounter in made:
            doctor.call("POST", f"/encounters/{encounter}/close")
        seen: list[str] = []
        cursor = ""
        while True:
            page = room.call("GET", f"/completeness?limit=2&cursor={cursor}").json()
            seen += [line["encounter_id"] for line in page["items"]]
            if page["next"] is None:
                break
            cursor = page["next"]
            # One more closed in between comes at the end and shifts nothing.
            if len(made) < 6:
                extra = str(make_visit().encounter.id)
                doctor.call("POST", f"/encounters/{extra}/close")
                made.append(extra)

        assert seen == made

    def test_filters_and_cursors_are_checked(self, program, recorder):
        client = program(recorder)

        assert client.call("GET", "/completeness?status=hilang").status_code == 422
        unknown = client.call("GET", "/completeness?cursor=AAAAAAAAAAAAAAAAAAAAAA")
        assert unknown.status_code == 422
        assert client.call("GET", "/completeness?status=filed").json()["items"] == []

    def test_another_facility_gets_an_empty_list(self, program, physician, outsider, path):
        program(physician).call("POST", f"{path}/close")

        assert program(outsider).call("GET", "/completeness").json() == {"items": [], "next": None}


class TestAllergies:
    """GET and POST /patients/{id}/allergies."""

    def test_not_asked_is_not_none(self, program, physician, patient):
        found = program(physician).call("GET", f"/patients/{patient.id}/allergies").json()

        assert (found["state"], found["items"]) == ("not_asked", [])

    def test_one_is_noted(self, program, physician, patient):
        noted = program(physician).call(
            "POST",
            f"/patients/{patient.id}/allergies",
            {"substance": "amoksisilin", "reaction": "ruam", "category": "medication"},
        )

        assert noted.status_code == 201, noted.content
        assert noted.json()["state"] == "recorded"
        assert noted.json()["items"][0]["substance"] == "amoksisilin"

    def test_none_contradicts_a_known_one(self, program, physician, patient):
        client, path = program(physician), f"/patients/{patient.id}/allergies"
        client.call("POST", path, {"substance": "udang"})

        answer = client.call("POST", path, {"none": True})

        assert answer.status_code == 409
        assert answer.json()["code"] == "allergy_recorded"

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"substance": " "},
            {"substance": "x", "noted_year": 99999999999999999999},
            {"none": 3},
        ],
    )
    def test_what_does_not_fit_is_told(self, program, physician, patient, body):
        answer = program(physician).call("POST", f"/patients/{patient.id}/allergies", body)

        assert answer.status_code == 422

    def test_who_may_not(self, program, registrar, outsider, patient):
        path, body = f"/patients/{patient.id}/allergies", {"substance": "udang"}

        assert program(registrar).call("POST", path, body).status_code == 403
        assert program(outsider).call("POST", path, body).status_code == 404
        assert program(outsider).call("GET", path).status_code == 404


class TestHistory:
    """GET /patients/{id}/history."""

    def test_it_holds_what_was_found(self, program, physician, patient, path):
        client = program(physician)
        client.call("POST", f"{path}/close", {"entries": ENTRIES})

        found = client.call("GET", f"/patients/{patient.id}/history").json()

        assert found["next"] is None
        (past,) = found["items"]
        assert f"/encounters/{past['encounter_id']}" == path
        assert past["status"] == "finished"
        assert [e["kind"] for e in past["entries"]] == ["vitals", "soap", "condition"]

    def test_pages_go_back_in_time(self, program, physician, patient, make_visit):
        units = ["umum", "gigi", "lansia", "tb", "gizi"]
        made = [str(make_visit(patient, unit=unit).encounter.id) for unit in units]
        client, seen, cursor = program(physician), [], ""
        while True:
            page = client.call(
                "GET", f"/patients/{patient.id}/history?limit=2&cursor={cursor}"
            ).json()
            seen += [past["encounter_id"] for past in page["items"]]
            if page["next"] is None:
                break
            cursor = page["next"]

        assert seen == made[::-1]

    def test_a_cursor_of_another_patient_is_refused(
        self, program, physician, patient, make_patient, make_visit
    ):
        for unit in ("umum", "gigi"):
            make_visit(patient, unit=unit)
        client = program(physician)
        cursor = client.call("GET", f"/patients/{patient.id}/history?limit=1").json()["next"]

        answer = client.call("GET", f"/patients/{make_patient().id}/history?cursor={cursor}")

        assert answer.status_code == 422

    def test_reading_is_in_the_journal(self, program, physician, patient):
        program(physician).call("GET", f"/patients/{patient.id}/history")

        reading = JournalEntry.objects.latest("seq")
        assert (reading.act, reading.subject) == ("read", "history")
        assert reading.patient == patient.id

    def test_who_may_not_leaves_no_trace(self, program, outsider, registrar, patient):
        before = JournalEntry.objects.filter(act="read").count()
        unknown = uuid.uuid4()

        assert program(outsider).call("GET", f"/patients/{patient.id}/history").status_code == 404
        assert program(registrar).call("GET", f"/patients/{patient.id}/history").status_code == 403
        assert program(registrar).call("GET", f"/patients/{unknown}/history").status_code == 404
        assert JournalEntry.objects.filter(act="read").count() == before
