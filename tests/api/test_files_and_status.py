"""Folders, health and status through the API."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from simpul.foundation.core.clock import now
from simpul.foundation.journal.models import JournalHead


class TestFolders:
    """POST /files/scan, GET /files/{mrn}."""

    def test_sent_received_stored(self, program, recorder, patient, visit):
        client, label = program(recorder), f"BK:{patient.mrn}"

        sent = client.call("POST", "/files/scan", {"label": label, "mode": "sent"})
        assert sent.status_code == 200, sent.content
        assert sent.json()["file"]["whereabouts"] == "out"
        assert sent.json()["file"]["unit"] == "umum"
        assert not sent.json()["repeated"]

        received = client.call("POST", "/files/scan", {"label": label, "mode": "received"})
        assert received.json()["file"]["whereabouts"] == "received"
        stored = client.call("POST", "/files/scan", {"label": patient.mrn, "mode": "stored"})
        assert stored.json()["file"]["whereabouts"] == "shelf"

        file = client.call("GET", f"/files/{patient.mrn}").json()
        assert [line["kind"] for line in file["history"]] == ["stored", "received", "sent"]
        assert file["mrn"] == patient.mrn

    def test_a_second_scan_changes_nothing(self, program, recorder, patient):
        client = program(recorder)
        body = {"label": patient.mrn, "mode": "sent", "unit": "gigi"}
        client.call("POST", "/files/scan", body)

        again = client.call("POST", "/files/scan", body).json()

        assert again["repeated"]
        assert len(again["file"]["history"]) == 1

    def test_a_contradiction_asks_first(self, program, recorder, patient):
        client, body = program(recorder), {"label": patient.mrn, "mode": "received"}

        asked = client.call("POST", "/files/scan", body)
        assert asked.status_code == 409
        assert asked.json()["code"] == "file_on_shelf"
        assert asked.json()["confirm"] is True

        assert client.call("POST", "/files/scan", {**body, "confirm": True}).status_code == 200

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"label": "999999", "mode": "sent", "unit": "umum"}, 404),
            ({"label": "BK:", "mode": "sent", "unit": "umum"}, 404),
            ({"label": "", "mode": "sent"}, 422),
            ({"label": "1", "mode": "lost"}, 422),
            ({"label": "1", "mode": "sent", "unit": "radiologi"}, 422),
            ({"label": "9" * 60, "mode": "stored"}, 404),
        ],
    )
    def test_what_does_not_fit_is_told(self, program, recorder, body, status):
        assert program(recorder).call("POST", "/files/scan", body).status_code == status

    @pytest.mark.parametrize("mrn", ["0", "%00", "é", "BK:1", "' OR 1=1", "x" * 200])
    def test_an_unknown_number_is_not_here(self, program, recorder, mrn):
        answer = program(recorder).call("GET", f"/files/{mrn}")

        assert answer.status_code in {404, 422}
        assert answer["Content-Type"] == "application/problem+json"

    def test_another_facility_sees_no_folder(self, program, outsider, patient):
        client = program(outsider)

        assert client.call("GET", f"/files/{patient.mrn}").status_code == 404
        body = {"label": patient.mrn, "mode": "sent", "unit": "umum"}
        assert client.call("POST", "/files/scan", body).status_code == 404


class TestHealth:
    """GET /health: for whoever watches the server."""

    def test_it_needs_no_account(self, db):
        answer = Client().get("/api/v1/health")

        assert answer.status_code == 200
        assert answer.json()["status"] == "ok"
        assert answer.json()["set_up"] is False

    @pytest.mark.parametrize(
        "place", ["simpul.config.api.is_set_up", "simpul.web.middleware.get_here"]
    )
    def test_a_database_that_does_not_answer_is_busy(self, house, monkeypatch, place):
        from django.db import OperationalError

        def silent() -> None:
            raise OperationalError("database is locked")

        client = Client(raise_request_exception=False)
        monkeypatch.setattr(place, silent)

        answer = client.get("/api/v1/health")

        assert answer.status_code == 503
        assert answer["Retry-After"]
        assert answer.json()["code"] == "storage_busy"


class TestStatus:
    """GET /status: what needs a person."""

    def test_a_quiet_house_is_well(self, program, technician):
        told = program(technician).call("GET", "/status").json()

        # Of a fresh house only its copies need a person: the first one, and the key.
        assert {one["name"] for one in told["server"]} <= {"backup", "backup_key"}
        assert told["status"] == ("attention" if told["server"] else "ok")
        assert told["district"]["enrolled"] is False
        assert told["backup"]["newest"] is None
        assert told["disks"][0]["free"] > 0
        assert set(told["needs_person"].values()) == {0}
        assert told["journal"]["ok"] is True
        assert told["journal"]["entries"] > 0

    def test_it_counts_what_waits(
        self, program, head, physician, recorder, visit, make_visit, patient
    ):
        program(physician).call("POST", f"/encounters/{make_visit().encounter.id}/close")
        program(recorder).call(
            "POST", "/files/scan", {"label": patient.mrn, "mode": "sent", "unit": "umum"}
        )
        client = program(head)
        moment = now()
        with time_machine.travel(moment + timedelta(seconds=31)):
            soon = client.call("GET", "/status").json()
        with time_machine.travel(moment + timedelta(days=15)):
            later = client.call("GET", "/status").json()

        assert soon["status"] == "attention"
        assert soon["needs_person"] == {
            "late_distributions": 1,
            "incomplete_records": 1,
            "delinquent_records": 0,
            "overdue_files": 0,
        }
        assert later["needs_person"]["delinquent_records"] == 1
        assert later["needs_person"]["overdue_files"] == 1
        # Yesterday's queue is nobody's wait any more.
        assert later["needs_person"]["late_distributions"] == 0

    def test_a_journal_that_lost_its_end_is_told(self, program, technician, patient):
        JournalHead.objects.update(hash="0" * 64)

        told = program(technician).call("GET", "/status").json()

        assert told["journal"]["ok"] is False
        assert told["status"] == "attention"

    @pytest.mark.skipif(
        "connection.vendor == 'postgresql'", reason="the trigger is dropped the SQLite way"
    )
    def test_an_altered_entry_is_told(self, program, technician, patient):
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER guard_journal_journalentry_update")
            cursor.execute("UPDATE journal_journalentry SET unit = 'gigi' WHERE id = 2")

        assert program(technician).call("GET", "/status").json()["journal"]["ok"] is False

    def test_who_may_not(self, program, registrar, outsider):
        assert program(registrar).call("GET", "/status").status_code == 403
        assert program(outsider).call("GET", "/status").status_code == 403
