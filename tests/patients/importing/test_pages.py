"""`/impor`: the file, its columns, how far it is, the verdicts, and who may."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from simpul.foundation.staff.actor import Actor
from simpul.service.patients.importing.models import ImportRun, RunState
from simpul.service.patients.models import Patient
from tests.patients.importing.lists import (
    BUDI,
    HEADINGS,
    SITI,
    TONO,
    take_in,
    text,
    try_out,
    worked,
)

pytestmark = pytest.mark.django_db

Browse = Callable[[Actor], Client]
WRONG = ("9", "", "", "", "L", "", "")


def upload(client: Client, data: bytes, name: str = "pasien.csv") -> Any:
    return client.post("/impor", {"file": SimpleUploadedFile(name, data)})


def columns(run: ImportRun) -> dict[str, str]:
    return {f"column-{at}": name for at, name in run.mapping.items()} | {"columns": "1"}


def test_the_whole_way(browse: Browse, recorder: Actor) -> None:
    client = browse(recorder)
    place = upload(client, text(SITI, BUDI, TONO, WRONG))["Location"]
    run = ImportRun.objects.get()
    page = client.get(place).content.decode()
    assert "Siti Aminah" in page, "a few rows are shown beside the columns"

    assert client.post(f"{place}/periksa", columns(run))["Location"] == place
    assert "maju" in client.get(place).content.decode()
    worked(run)
    assert Patient.objects.count() == 0
    page = client.get(place).content.decode()
    assert "Hasil percobaan" in page
    assert "Impor 3 pasien" in page
    assert "nama kosong" in page
    assert "Budi Santoso" in page, "also who is only tried is called by name"

    client.post(f"{place}/mulai")
    worked(run)
    page = client.get(place).content.decode()
    assert "Hasil impor" in page
    assert "RM 000001" in page
    assert Patient.objects.count() == 3

    assert client.post(f"{place}/tutup")["Location"] == "/impor"
    assert "Impor ditutup" in client.get(place).content.decode()


def test_progress_is_a_fragment_that_brings_the_page_when_it_is_through(
    browse: Browse, recorder: Actor
) -> None:
    from simpul.service.patients.importing import services

    client = browse(recorder)
    upload(client, text(SITI))
    run = ImportRun.objects.get()
    services.start_trial(run, by=recorder)

    under_way = client.get(f"/impor/{run.pk}/maju")
    assert "HX-Refresh" not in under_way.headers
    worked(run)
    assert client.get(f"/impor/{run.pk}/maju")["HX-Refresh"] == "true"


def test_a_file_that_is_no_table_is_explained(browse: Browse, recorder: Actor) -> None:
    client = browse(recorder)
    answer = upload(client, b"%PDF-1.7", "hasil.pdf")

    assert answer.status_code == 422
    assert "Ini bukan tabel" in answer.content.decode()
    assert client.post("/impor").status_code == 422
    assert not ImportRun.objects.exists()


def test_columns_that_are_wrong_stay_as_chosen_and_are_explained(
    browse: Browse, recorder: Actor
) -> None:
    client = browse(recorder)
    upload(client, text(SITI))
    run = ImportRun.objects.get()
    answer = client.post(
        f"/impor/{run.pk}/periksa", {"columns": "1", "column-1": "name", "column-2": "name"}
    )

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "dua kolom" in page
    assert page.count('value="name" selected') == 2


def test_the_same_file_again_is_said(browse: Browse, recorder: Actor) -> None:
    take_in(text(SITI), by=recorder)
    client = browse(recorder)
    place = upload(client, text(SITI))["Location"]

    assert "sudah diimpor" in client.get(place).content.decode()


def test_the_refused_rows_come_back_as_a_workbook_and_can_be_imported_when_mended(
    browse: Browse, recorder: Actor
) -> None:
    import python_calamine

    wrong = ("000109", "", "3509012511900004", "25/11/1990", "L", "Sulastri", "Ambulu")
    run = take_in(text(SITI, wrong), by=recorder)
    answer = browse(recorder).get(f"/impor/{run.pk}/ditolak")
    book = python_calamine.load_workbook(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()

    assert rows[0] == ["Alasan ditolak", "Baris asal", *HEADINGS]
    assert rows[1][1:3] == [3.0, "000109"]
    assert "nama kosong" in rows[1][0]

    rows[1][3] = "Budi Santoso"
    mended = take_in(text(rows[1][2:]), by=recorder)
    assert mended.state == RunState.DONE
    assert Patient.objects.filter(name="BUDI SANTOSO", nik="3509012511900004").exists()


def test_the_list_is_filtered_and_paged_in_few_statements(
    browse: Browse, recorder: Actor, django_assert_max_num_queries: Any
) -> None:
    many = [(str(n), f"Orang {n}", "", "01/02/1990", "", "", "") for n in range(120)]
    run = try_out(text(SITI, *many), by=recorder)
    client = browse(recorder)
    client.get(f"/impor/{run.pk}")
    with django_assert_max_num_queries(12):
        page = client.get(f"/impor/{run.pk}?putusan=refused").content.decode()

    assert page.count('data-uji="imporpasien-satu"') == 50
    assert "setelah=" in page
    one = client.get(f"/impor/{run.pk}?putusan=new").content.decode()
    assert one.count('data-uji="imporpasien-satu"') == 1
    last = client.get(f"/impor/{run.pk}?setelah=102").content.decode()
    assert last.count('data-uji="imporpasien-satu"') == 20


def test_a_look_alike_is_decided_on_the_page(browse: Browse, recorder: Actor) -> None:
    data = text(("", *SITI[1:2], "", *SITI[3:]))
    take_in(text(SITI), by=recorder)
    run = take_in(data, by=recorder)
    client = browse(recorder)
    assert "Orang lain, masukkan" in client.get(f"/impor/{run.pk}").content.decode()

    answer = client.post(
        f"/impor/{run.pk}/baris/2", {"decision": "new"}, headers={"HX-Request": "true"}
    )
    assert 'id="baris-2"' in answer.content.decode()
    assert Patient.objects.count() == 2
    assert client.post(f"/impor/{run.pk}/baris/2", {"decision": "new"}).status_code == 409


def test_names_in_a_list_are_shown_as_text(browse: Browse, recorder: Actor) -> None:
    row = ("1", "<script>alert(1)</script>", "", "31/02/1985", "L", "", "")
    run = try_out(text(row), by=recorder)

    assert "<script>alert(1)" not in browse(recorder).get(f"/impor/{run.pk}").content.decode()


@pytest.mark.parametrize("role", ["registrar", "nurse", "technician", "district_officer"])
def test_others_may_not_look(browse: Browse, recorder: Actor, role: str, request: Any) -> None:
    run = try_out(text(SITI), by=recorder)
    client = browse(request.getfixturevalue(role))

    assert client.get("/impor").status_code == 403
    assert client.get(f"/impor/{run.pk}").status_code == 403
    assert client.post(f"/impor/{run.pk}/mulai").status_code == 403


def test_another_facility_sees_nothing(browse: Browse, recorder: Actor, outsider: Actor) -> None:
    run = try_out(text(SITI), by=recorder)

    answer = browse(outsider).get(f"/impor/{run.pk}")
    assert answer.status_code in (403, 404)
    assert "Siti" not in answer.content.decode()
