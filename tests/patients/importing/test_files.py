"""Files as they come: what is a table is read, what is none is refused with what to do."""

import io
from datetime import date

import pytest
import xlsxwriter

from simpul.foundation.core.errors import Refused
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.importing import files, services
from simpul.service.patients.importing.models import ImportRun, RunState
from simpul.service.patients.models import Patient
from tests.patients.importing.lists import BUDI, HEADINGS, SITI, TONO, bring, take_in, text, try_out

pytestmark = pytest.mark.django_db


def workbook(**sheets: list[tuple[object, ...]]) -> bytes:
    """An XLSX of these sheets."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(line, column, cell, day)
                elif cell not in (None, ""):
                    page.write(line, column, cell)
    book.close()
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "file_empty"), (b" \r\n ", "file_empty"), (b"\x89PNG\r\n\x1a\n\x00\x00", "file_binary"),
     (b"%PDF-1.7 x", "file_binary"), (b"PK\x03\x04 torn", "file_unreadable"),
     (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "file_unreadable"),
     (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "file_locked")],
)  # fmt: skip
def test_what_is_no_table_is_refused_and_not_kept(recorder: Actor, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        bring(data, by=recorder)

    assert refusal.value.code == code
    assert ImportRun.objects.count() == 0
    assert not list(files.folder().glob("*.file"))


def test_a_file_too_large_is_refused_while_it_comes(
    recorder: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 1000)

    with pytest.raises(Refused) as refusal:
        services.bring("a.csv", iter([b"x" * 600, b"x" * 600]), by=recorder)
    assert refusal.value.code == "file_too_large"
    assert not list(files.folder().glob("*.file"))


def test_too_many_rows_are_said_by_the_trial(
    recorder: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 2)
    run = try_out(text(SITI, BUDI, TONO), by=recorder)

    assert run.state == RunState.FAILED
    assert "Bagi menjadi beberapa berkas" in run.message


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_separator_and_encoding(recorder: Actor, mark: str, encoding: str) -> None:
    row = ("1", "Siti José", "", "12/03/1985", "P", "Ibu", "Sabrang")
    data = text(row, mark=mark).decode().encode(encoding)
    run = bring(data, by=recorder)

    assert run.found["sheets"][0]["sample"][0][1] == "Siti José"
    assert set(run.mapping.values()) == {
        "old_mrn", "name", "nik", "birth_date", "sex", "mother_name", "village",
    }  # fmt: skip


def test_titles_above_and_a_row_of_numbers_below_the_headings(recorder: Actor) -> None:
    data = text(
        (";" * 6).split(";"), HEADINGS, tuple("1234567"), SITI,
        headings=("PUSKESMAS CONTOH", "", "", "", "", "", ""),
    )  # fmt: skip
    run = take_in(data, by=recorder)

    assert run.total == 1
    assert Patient.objects.get().name == "SITI AMINAH"


def test_the_sheet_with_the_people_is_found_and_another_can_be_chosen(recorder: Actor) -> None:
    data = workbook(
        Catatan=[("hanya catatan",)],
        Pasien=[HEADINGS, (101, "Siti Aminah", "", date(1985, 3, 12), "P", "Sumiati", "Sabrang")],
        Lama=[("Nama", "Umur", "JK"), ("Budi", 35, "L")],
    )
    run = bring(data, by=recorder, name="a.xlsx")
    assert run.sheet == "Pasien"

    services.choose(run, by=recorder, sheet="Lama")
    assert run.mapping == {"0": "name", "1": "age", "2": "sex"}
    with pytest.raises(Refused):
        services.choose(run, by=recorder, sheet="Tidak ada")


def test_numbers_and_dates_of_a_workbook(recorder: Actor) -> None:
    """Typed as numbers: the card lost two zeros, the NIK its last digit."""
    data = workbook(
        Pasien=[
            ("RM", "Nama", "NIK", "Tgl Lahir", "JK", "Noka", "HP", "Ibu", "Desa"),
            (101, "Siti Aminah", 3509015203850120, date(1985, 3, 12), "P", 12345678901,
             81234567890, "Sumiati", "Sabrang"),
        ]
    )  # fmt: skip
    take_in(data, by=recorder, name="a.xlsx")
    person = Patient.objects.get()

    assert str(person.birth_date) == "1985-03-12"
    assert person.nik == ""
    assert person.bpjs_number == "0012345678901"
    assert person.phone == "+6281234567890"


def test_a_quote_that_is_never_closed_is_named_with_its_line(
    recorder: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import csv

    before = csv.field_size_limit(200)
    try:
        open_quote = ("1", '"Siti', "", "12/03/1985", "P", "x" * 300, "Sabrang")
        run = try_out(text(SITI, *[BUDI] * 60, open_quote), by=recorder)
    finally:
        csv.field_size_limit(before)

    assert run.state == RunState.FAILED
    assert "baris 63" in run.message
