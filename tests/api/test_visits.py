"""Visits and queues through the API: register, read, redirect, take back, call, serve."""

import uuid

import pytest

from simpul.service.registration.models import Encounter


@pytest.fixture
def body(patient):
    return {"patient_id": str(patient.id), "complaint": "batuk tiga hari", "payer": "bpjs"}


class TestRegistering:
    """POST /encounters."""

    def test_one_call_gives_visit_ticket_suggestion_and_trail(self, program, registrar, body):
        answer = program(registrar).call("POST", "/encounters", body)

        assert answer.status_code == 201, answer.content
        made = answer.json()
        assert made["status"] == "arrived"
        assert made["unit"] == "umum"
        assert made["ticket"]["number"] == "A01"
        assert uuid.UUID(made["ticket"]["id"])
        assert made["suggestion"]["unit"] == "umum"
        assert made["suggestion"]["rule"]
        assert made["suggestion"]["reason"]
        assert [(s["step"], s["by"]) for s in made["trail"]] == [("saved", registrar.name)]
        assert made["payer"] == "bpjs"
        assert made["priority"] == "routine"
        assert answer["Location"] == f"/api/v1/encounters/{made['id']}"

    def test_it_reads_back_the_same(self, program, registrar, body):
        client = program(registrar)
        made = client.call("POST", "/encounters", body).json()

        read = client.call("GET", f"/encounters/{made['id']}")

        assert read.status_code == 200
        assert read.json() == made

    @pytest.mark.parametrize(
        ("name", "stored"),
        [("routine", "3-routine"), ("priority", "2-priority"), ("emergency", "1-emergency")],
    )
    def test_priorities_go_by_their_plain_names(self, program, registrar, body, name, stored):
        made = program(registrar).call(
            "POST",
            "/encounters",
            {**body, "priority": name, "unit": "umum", "override_reason": "penuh"},
        )

        assert made.status_code == 201, made.content
        assert made.json()["priority"] == name
        assert Encounter.objects.get().priority == stored

    def test_another_unit_needs_its_reason(self, program, registrar, body):
        client = program(registrar)

        asked = client.call("POST", "/encounters", {**body, "unit": "gigi"})
        assert asked.status_code == 422
        problem = asked.json()
        assert problem["code"] == "placement_needs_reason"
        assert problem["suggestion"]["unit"] == "umum"
        assert problem["errors"][0]["where"] == "override_reason"

        made = client.call(
            "POST", "/encounters", {**body, "unit": "gigi", "override_reason": "sakit gigi juga"}
        )
        assert made.status_code == 201
        assert made.json()["unit"] == "gigi"
        assert made.json()["ticket"]["number"] == "C01"
        assert made.json()["override_reason"] == "sakit gigi juga"

    def test_a_second_wait_in_one_unit_is_refused(self, program, registrar, body):
        client = program(registrar)
        first = client.call("POST", "/encounters", body).json()

        second = client.call("POST", "/encounters", body)

        assert second.status_code == 409
        assert second.json()["code"] == "already_waiting"
        assert second.json()["encounter_id"] == first["id"]

    @pytest.mark.parametrize(
        ("change", "status", "where"),
        [
            ({"unit": "tidak-ada"}, 422, "unit"),
            ({"unit": "farmasi"}, 422, "unit"),
            ({"payer": "asuransi"}, 422, "payer"),
            ({"priority": "segera"}, 422, "priority"),
            ({"complaint": "x" * 301}, 422, "complaint"),
            ({"patient_id": None}, 422, "patient_id"),
            ({"patient_id": "123"}, 422, "patient_id"),
            ({"patient_id": str(uuid.UUID(int=5))}, 404, None),
            ({"pregnant": "mungkin"}, 422, "pregnant"),
        ],
    )
    def test_what_does_not_fit_is_told(self, program, registrar, body, change, status, where):
        answer = program(registrar).call("POST", "/encounters", {**body, **change})

        assert answer.status_code == status, answer.content
        if where is not None:
            assert where in {e["where"] for e in answer.json()["errors"]}
        assert Encounter.objects.count() == 0

    def test_null_means_not_said(self, program, registrar, body):
        nothing = {"unit": None, "payer": None, "priority": None, "pregnant": None}

        made = program(registrar).call(
            "POST", "/encounters", {**body, **nothing, "override_reason": None}
        )

        assert made.status_code == 201
        assert made.json()["payer"] == "umum"


class TestTheWay:
    """Redirect, undo, cancel: the trail says what happened, by whom."""

    def test_the_trail_follows_the_record(self, program, registrar, nurse, visit):
        desk, room = program(registrar), program(nurse)
        path = f"/encounters/{visit.encounter.id}"
        shown = room.call("POST", "/queues/umum/shown", {"ids": [str(visit.distribution.id)]})
        assert shown.json() == {"shown": 1}
        called = room.call("POST", "/queues/umum/call-next").json()
        assert called["ticket"] == {"id": str(visit.ticket.id), "number": "A01"}
        ticket = f"/tickets/{visit.ticket.id}"
        assert room.call("POST", f"{ticket}/start").json()["stage"] == "in-service"
        assert room.call("POST", f"{ticket}/finish").json()["stage"] == "done"

        trail = desk.call("GET", path).json()["trail"]

        steps = [step["step"] for step in trail]
        assert steps[:2] == ["saved", "shown"]
        assert set(steps) == {"saved", "shown", "opened", "called", "in-service", "done"}
        assert {step["by"] for step in trail} == {registrar.name, nurse.name}
        assert [step["at"] for step in trail] == sorted(step["at"] for step in trail)

    def test_a_redirection_keeps_the_ticket(self, program, registrar, visit):
        client = program(registrar)

        moved = client.call(
            "POST",
            f"/encounters/{visit.encounter.id}/redirect",
            {"unit": "lansia", "reason": "kontrol"},
        )

        assert moved.status_code == 200, moved.content
        assert moved.json()["unit"] == "lansia"
        assert moved.json()["distribution"]["came_from"] == "umum"
        assert moved.json()["ticket"]["number"] == "A01"
        queue = client.call("GET", "/queues/lansia").json()
        assert [row["ticket"]["number"] for row in queue["items"]] == ["A01"]

    def test_a_redirection_that_is_undone_goes_back(self, program, registrar, visit):
        client, path = program(registrar), f"/encounters/{visit.encounter.id}"
        client.call("POST", f"{path}/redirect", {"unit": "lansia", "reason": "kontrol"})

        undone = client.call("POST", f"{path}/undo")

        assert undone.status_code == 200
        assert undone.json()["unit"] == "umum"
        assert undone.json()["status"] == "arrived"

    def test_a_registration_that_is_undone_is_cancelled(self, program, registrar, visit):
        client, path = program(registrar), f"/encounters/{visit.encounter.id}"

        assert client.call("POST", f"{path}/undo").json()["status"] == "cancelled"
        again = client.call("POST", f"{path}/undo")
        assert again.status_code == 409
        assert again.json()["code"] == "encounter_ended"

    def test_a_cancelled_visit_says_why(self, program, registrar, visit):
        client, path = program(registrar), f"/encounters/{visit.encounter.id}"
        assert client.call("POST", f"{path}/cancel", {"reason": " "}).status_code == 422

        done = client.call("POST", f"{path}/cancel", {"reason": "pulang"}).json()

        assert done["status"] == "cancelled"
        assert done["trail"][-1]["step"] == "cancelled"
        assert done["unit"] == "umum"

    def test_to_a_unit_that_is_not_here(self, program, registrar, visit):
        answer = program(registrar).call(
            "POST",
            f"/encounters/{visit.encounter.id}/redirect",
            {"unit": "radiologi", "reason": "x"},
        )

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["where"] == "unit"

    @pytest.mark.parametrize(
        "what", ["", "/redirect", "/undo", "/cancel", "/close", "/return", "/entries"]
    )
    def test_another_facility_does_not_see_it(self, program, outsider, visit, what):
        bodies = {
            "/redirect": {"unit": "lansia", "reason": "x"},
            "/cancel": {"reason": "x"},
            "/return": {},
            "/entries": {"entries": [{"kind": "note", "text": "x"}]},
        }
        answer = program(outsider).call(
            "POST" if what else "GET", f"/encounters/{visit.encounter.id}{what}", bodies.get(what)
        )

        assert answer.status_code == 404, answer.content
        assert "A01" not in answer.content.decode()


class TestQueues:
    """What a poli's screen needs."""

    def test_every_unit_in_a_line(self, program, registrar, visit):
        found = program(registrar).call("GET", "/queues").json()

        line = next(item for item in found["items"] if item["unit"] == "umum")
        assert (line["name"], line["waiting"], line["in_service"], line["done"]) == (
            "Poli Umum",
            1,
            0,
            0,
        )
        assert found["next"] is None

    def test_a_queue_is_in_calling_order(self, program, nurse, registrar, make_visit, make_patient):
        first, second = make_visit(), make_visit()
        urgent = (
            program(registrar)
            .call(
                "POST",
                "/encounters",
                {
                    "patient_id": str(make_patient().id),
                    "unit": "umum",
                    "priority": "priority",
                    "override_reason": "lemas",
                },
            )
            .json()
        )

        queue = program(nurse).call("GET", "/queues/umum").json()

        assert [row["encounter_id"] for row in queue["items"]] == [
            urgent["id"],
            str(first.encounter.id),
            str(second.encounter.id),
        ]
        row = queue["items"][0]
        assert row["priority"] == "priority"
        assert row["sex"] == "female"
        assert row["ticket"]["number"] == "A03"

    def test_an_empty_queue_has_nobody_to_call(self, program, nurse):
        answer = program(nurse).call("POST", "/queues/umum/call-next")

        assert answer.status_code == 404
        assert answer.json()["code"] == "queue_empty"

    def test_skipping_twice_counts_as_not_there(self, program, nurse, visit):
        client, path = program(nurse), f"/tickets/{visit.ticket.id}"
        client.call("POST", f"{path}/call")
        assert client.call("POST", f"{path}/skip").json()["skip_count"] == 1
        client.call("POST", f"{path}/call")

        assert client.call("POST", f"{path}/skip").json()["stage"] == "no-show"
        queue = client.call("GET", "/queues/umum").json()
        assert [row["stage"] for row in queue["items"]] == ["no-show"]

    def test_who_is_served_is_not_called(self, program, nurse, visit):
        client, path = program(nurse), f"/tickets/{visit.ticket.id}"
        client.call("POST", f"{path}/start")

        for what in ("call", "skip"):
            answer = client.call("POST", f"{path}/{what}")
            assert answer.status_code == 409
            assert answer.json()["code"] == "in_service"

    def test_a_ticket_that_is_done_is_gone(self, program, nurse, visit):
        client, path = program(nurse), f"/tickets/{visit.ticket.id}"
        client.call("POST", f"{path}/finish")

        assert client.call("POST", f"{path}/call").json()["code"] == "ticket_not_waiting"

    def test_an_unknown_unit_is_not_here(self, program, nurse):
        for method, path in (
            ("GET", "/queues/radiologi"),
            ("GET", "/queues/%00"),
            ("POST", "/queues/radiologi/call-next"),
        ):
            answer = program(nurse).call(method, path)
            assert answer.status_code == 404
            assert answer.json()["code"] == "unit_unknown"

    def test_another_units_midwife_calls_nobody_here(self, program, midwife, visit):
        answer = program(midwife).call("POST", "/queues/umum/call-next")

        assert answer.status_code == 403
        assert answer.json()["code"] == "not_your_unit"

    def test_shown_rows_count_once(self, program, nurse, visit):
        client, body = program(nurse), {"ids": [str(visit.distribution.id), str(uuid.uuid4())]}

        assert client.call("POST", "/queues/umum/shown", body).json() == {"shown": 1}
        assert client.call("POST", "/queues/umum/shown", body).json() == {"shown": 0}

    def test_another_facility_gets_no_queue(self, program, outsider, visit):
        client = program(outsider)

        assert client.call("GET", "/queues").status_code == 403
        assert client.call("GET", "/queues/umum").status_code == 403
        assert client.call("POST", "/queues/umum/call-next").status_code == 403
        assert client.call("POST", "/queues/umum/shown", {"ids": []}).status_code == 403
        for what in ("call", "skip", "start", "finish"):
            answer = client.call("POST", f"/tickets/{visit.ticket.id}/{what}")
            assert answer.status_code == 404


class TestPlacement:
    """POST /placement/suggest: reckons only."""

    def test_a_known_patient(self, program, registrar, patient):
        answer = program(registrar).call(
            "POST", "/placement/suggest", {"patient_id": str(patient.id), "complaint": "batuk"}
        )

        assert answer.status_code == 200, answer.content
        told = answer.json()
        assert told["suggestion"]["unit"] == "umum"
        assert told["suggestion"]["unit_name"] == "Poli Umum"
        assert told["message"] is None
        assert "mtbs" in {item["unit"] for item in told["impossible"]}

    def test_age_and_sex_are_enough(self, program, registrar):
        told = (
            program(registrar)
            .call(
                "POST",
                "/placement/suggest",
                {"birth_date": "3th", "sex": "male", "complaint": "demam"},
            )
            .json()
        )

        assert told["suggestion"]["unit"] == "mtbs"
        assert "persalinan" in {item["unit"] for item in told["impossible"]}

    def test_nothing_known_asks_to_choose(self, program, registrar):
        told = program(registrar).call("POST", "/placement/suggest", {}).json()

        assert told["suggestion"] is None or told["suggestion"]["unit"]
        assert (told["suggestion"] is None) == bool(told["message"])

    def test_who_may_not_see_visits_is_refused(self, program, technician, outsider):
        for actor in (technician, outsider):
            assert program(actor).call("POST", "/placement/suggest", {}).status_code == 403
