"""Reports of any room: the same bytes every time, figures as figures, text as text."""

import io
import time
from decimal import Decimal

import pytest
import python_calamine

from simpul.planning.reports.document import Column, Report, Section, Signature, Table, written
from simpul.planning.reports.printed import write_pdf
from simpul.planning.reports.spreadsheet import write_spreadsheet, write_table

TABLE = Table(
    columns=(Column("Kegiatan", width=30), Column("Menit", 2), Column("Kegiatan/tahun", 0)),
    rows=(("Pasien *baru* #let x = 1 @y $z$", Decimal("7.345"), 3690), ("=1+1", None, None)),
    total=("Jumlah", Decimal("7.345"), 3690),
)
REPORT = Report(
    title="Laporan",
    subtitle="Puskesmas Contoh · 2026",
    facts=(("Metode", "Kepmenkes 81/2004"),),
    sections=(
        Section(
            "Bagian / dengan [tanda]: yang *dilarang* di nama lembar", ("satu kalimat",), TABLE
        ),
        Section("Tanpa tabel", ("kalimat",), doubts=("periksa",)),
    ),
    result=("perlu 1,71 → 2 orang",),
    method=("cara",),
    signatures=(Signature("Kepala"), Signature("Penyusun", "dr. Contoh")),
    made_on="22 November 2026",
    labels={"result": "Hasil", "method": "Metode"},
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Decimal("7.345"), 2, "7,35"),
        (Decimal("-0.005"), 2, "-0,01"),
        (1674, 0, "1.674"),
        (None, 2, "–"),
        ("teks", None, "teks"),
        (0, 0, "0"),
    ],
)
def test_cells_are_written_the_indonesian_way(value, decimals, text):
    assert written(value, decimals) == text


@pytest.mark.parametrize("write", [write_pdf, write_spreadsheet])
def test_the_same_report_gives_the_same_bytes(write):
    first = write(REPORT)
    time.sleep(1.1)

    assert write(REPORT) == first


def test_marks_in_a_name_are_not_read_as_layout():
    assert write_pdf(REPORT).startswith(b"%PDF-")


def test_a_report_without_anything_is_still_a_report():
    empty = Report(title="Kosong", subtitle="", facts=(), sections=())

    assert write_pdf(empty).startswith(b"%PDF-")
    assert write_spreadsheet(empty)[:2] == b"PK"


def test_figures_stay_figures_and_text_stays_text():
    book = python_calamine.load_workbook(io.BytesIO(write_spreadsheet(REPORT)))
    rows = book.get_sheet_by_index(1).to_python()

    assert ["=1+1", "", ""] in rows
    assert ["Jumlah", 7.345, 3690] in rows


def test_sheets_of_the_same_name_get_names_of_their_own():
    names = [("a" * 40, TABLE), ("A" * 40, TABLE), ("x/y", TABLE), ("", TABLE)]

    book = python_calamine.load_workbook(io.BytesIO(write_table("t", names)))

    assert book.sheet_names == ["a" * 31, "A" * 29 + " 2", "x y", "Tabel"]
