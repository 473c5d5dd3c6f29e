"""Cards, numberings and lists of people, as a program uses them."""

import base64
from pathlib import Path
from typing import Any

import pytest

from simpul.service.patients.importing.models import ImportRun
from simpul.service.patients.importing.work import work_on
from simpul.service.patients.models import Patient
from simpul.service.patients.selectors import find_patients

LIST = (
    b"Nama;Tgl Lahir;Kelamin;Desa;Nama Ibu\n"
    b"SITI CONTOH;12-03-1985;P;Sabrang;Maryam\n"
    b"BUDI CONTOH;31-02-1985;L;Sabrang;Maryam\n"
)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


class TestCards:
    def test_one_counts_at_a_time(self, program, registrar, patient):
        api = program(registrar)
        place = f"/patients/{patient.id}/cards"
        first = api.call("POST", place, {})
        assert first.status_code == 201, first.content
        code = first.json()["code"]
        assert find_patients(f"RM:{code}", by=registrar)[0].patient.id == patient.id
        assert api.call("POST", place, {}).json()["code"] == "card_valid"

        second = api.call("POST", place, {"instead_of": first.json()["id"], "reason": "damaged"})
        assert second.status_code == 201
        listed = api.call("GET", place).json()["items"]
        assert [(one["id"], one["revoked_reason"]) for one in listed] == [
            (second.json()["id"], None),
            (first.json()["id"], "damaged"),
        ]
        gone = api.call("POST", f"/cards/{second.json()['id']}/revoke", {"reason": "lost"})
        assert (gone.status_code, gone.json()["revoked_reason"]) == (200, "lost")
        again = api.call("POST", f"/cards/{second.json()['id']}/revoke", {"reason": "lost"})
        assert (again.status_code, again.json()["code"]) == (409, "card_revoked")
        assert find_patients(f"RM:{second.json()['code']}", by=registrar) == []

    def test_the_numbering_says_how_numbers_look(self, program, registrar, patient):
        said = program(registrar).call("GET", "/numbering").json()
        assert said["personal"]["width"] == len(patient.mrn)
        assert said["family"] is None


class TestPeopleImports:
    def test_tried_then_saved_with_a_verdict_a_row(self, program, recorder):
        api = program(recorder)
        sent = {"file_name": "contoh.csv", "content": base64.b64encode(LIST).decode()}
        brought = api.call("POST", "/people-imports", sent, key="kirim-daftar-1")
        assert brought.status_code == 201, brought.content
        place = brought.headers["Location"].removeprefix("/api/v1")
        assert brought.json()["state"] == "checking"
        assert brought.json()["mapping"]["0"] == "name"
        twice = api.call("POST", "/people-imports", sent, key="kirim-daftar-1")
        assert twice.json()["id"] == brought.json()["id"]
        assert api.call("POST", f"{place}/start").json()["code"] == "import_state"

        run = ImportRun.objects.get()
        work_on(run.pk)
        checked = api.call("GET", place).json()
        assert (checked["state"], checked["total"]) == ("checked", 2)
        assert (checked["counts"]["incomplete"], checked["counts"]["refused"]) == (1, 1)
        assert Patient.objects.count() == 0
        (refused,) = api.call("GET", f"{place}/rows?verdict=refused").json()["items"]
        assert refused["line"] == 3
        assert refused["problems"][0]["field"] == "birth_date"

        assert api.call("POST", f"{place}/start").json()["state"] == "running"
        work_on(run.pk)
        (saved, _refused) = api.call("GET", f"{place}/rows").json()["items"]
        assert saved["is_written"]
        assert saved["mrn"] == Patient.objects.get().mrn

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            ("bukan base64 !", "content_unreadable"),
            (base64.b64encode(b"A;B\n1;2\n").decode(), "name_missing"),
            (base64.b64encode(b"%PDF-1.7 x").decode(), "file_binary"),
        ],
    )
    def test_what_is_no_list_leaves_nothing(self, program, recorder, content, code, tmp_path):
        refused = program(recorder).call("POST", "/people-imports", {"content": content})
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert ImportRun.objects.count() == 0
        assert not [place for place in tmp_path.rglob("*") if place.is_file()]
