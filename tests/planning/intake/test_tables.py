"""Tables as people bring them: titles above, merged headings, separators, wrong rows."""

import contextlib
import io
import json
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from simpul.planning.intake.cells import Unreadable, read_count, read_decimal, read_text, read_yes
from simpul.planning.intake.facilities import (
    is_known_heading,
    read_facility_file,
    read_facility_objects,
)
from simpul.planning.intake.tables import Unusable, read_table

PRINTED = """KEADAAN TENAGA KESEHATAN DI 12 PUSKESMAS;;;;;;
;;;Jenis tenaga;;;
No;Puskesmas;Kategori;Dokter;SKM;Perawat;Jumlah
1;2;3;4;5;6;7
1;Kaliwates;Perkotaan;3;0;18;21

2;Tembokrejo;Perdesaan;1;;6;7
;Jumlah;;4;0;24;28
"""


def read(text: str, name: str = "a.csv") -> Any:
    """Read a table written in the test."""
    return read_facility_file(text.encode(), name)


def sheet(*rows: tuple[Any, ...], merged: tuple[str, str] | None = None) -> bytes:
    """Make an XLSX file of these rows; `merged` is a range and what stands in it."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet("Tenaga")
    for line, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                page.write(line, column, cell)
    if merged:
        page.merge_range(merged[0], merged[1])
    book.close()
    return made.getvalue()


WORKBOOK = sheet(("facility", "category", "dokter"), ("A", "urban", 1), ("B", "rural", 2))


def test_a_printed_table_with_titles_numbers_and_a_sum_row() -> None:
    found = read(PRINTED)

    assert [(each.name, each.category, each.where) for each in found.facilities] == [
        ("Kaliwates", "perkotaan", "baris 5"),
        ("Tembokrejo", "pedesaan", "baris 7"),
    ]
    assert found.facilities[0].have == {"dokter": 3, "kesmas": 0, "perawat": 18}
    assert found.facilities[1].have["kesmas"] is None
    assert found.refused == ()
    assert [finding.code for finding in found.findings] == ["sum_row_skipped"]


def test_a_spreadsheet_with_merged_headings_over_two_lines() -> None:
    data = sheet(
        ("Data tenaga 2013",),
        ("Puskesmas", "Kategori", None, None, "Pustu"),
        (None, None, "Dokter", "Perawat", None),
        ("Ambulu", "Pedesaan", 3, 25, 4.0),
        merged=("C2:D2", "Jenis tenaga"),
    )
    (ambulu,) = read_facility_file(data, "tenaga.xlsx").facilities

    assert (ambulu.name, ambulu.category, ambulu.pustu) == ("Ambulu", "pedesaan", 4)
    assert ambulu.have == {"dokter": 3, "perawat": 25}
    assert ambulu.where == "baris 4"


def test_wrong_rows_are_named_and_do_not_stop_the_others() -> None:
    found = read(
        "facility,category,dokter,bidan,lat,inpatient\n"
        "Baik,urban,1,2,-8.17,ya\n"
        "Salah,entah,tiga,-1,99,barangkali\n"
        ",urban,1,1,,\n"
        "Baik juga,rural,1.0,12 orang,,non rawat inap\n"
    )

    assert [each.name for each in found.facilities] == ["Baik", "Baik juga"]
    assert found.facilities[1].have == {"dokter": 1, "bidan": 12}
    assert found.facilities[1].inpatient is False
    wrong, nameless = found.refused
    assert (wrong.line, wrong.facility) == (3, "Salah")
    assert {code for code, _ in wrong.reasons} == {
        "category_unknown", "count_unreadable", "lat_unreadable", "inpatient_unreadable",
    }  # fmt: skip
    assert "“tiga”" in wrong.message
    assert "“-1” kurang dari nol" in wrong.message
    assert (nameless.line, nameless.reasons[0][0]) == (4, "facility_missing")


def test_english_and_indonesian_headings_give_the_same() -> None:
    english = read("facility,category,physician,nurses,villages,population\nA,urban,1,2,3,4\n")
    local = read("Nama Puskesmas;Kategori;Dokter Umum;Perawat;Desa;Penduduk\nA;kota;1;2;3;4\n")

    assert english.facilities == local.facilities


@pytest.mark.parametrize(
    "heading",
    ["Nama UPTD Puskesmas", "UPT Puskesmas", "Nama Fasyankes", "Health facility", "Satuan kerja"],
)
def test_headings_a_district_office_writes_for_the_facility(heading: str) -> None:
    (made,) = read(
        f"{heading};Kriteria Wilayah;Dokter;Jml Pustu;Jml Desa\nA;kota;1;2;3\n"
    ).facilities

    assert (made.name, made.category, made.pustu, made.villages) == ("A", "perkotaan", 2, 3)


def test_civil_servants_by_the_names_of_their_contracts() -> None:
    found = read(
        "Puskesmas;Dokter PNS;Dokter PPPK;Dokter Honorer;Bidan (PNS);Bidan PTT;Gizi BLUD\n"
        "A;1;2;4;3;5;1\n"
    )
    (made,) = found.facilities

    assert made.have_asn == {"dokter": 3, "bidan": 3}
    assert made.have["dokter"] == 7
    assert made.have["bidan"] == 8
    assert "gizi" not in made.have  # who else works there is not said
    assert "column_unknown" not in {finding.code for finding in found.findings}


def test_who_is_not_pns_may_still_be_civil_servant_and_that_is_told() -> None:
    found = read("Puskesmas;Perawat PNS;Perawat Non-PNS\nA;5;2\n")

    assert found.facilities[0].have == {"perawat": 7}
    assert found.facilities[0].have_asn == {"perawat": 5}
    assert [(f.code, f.where) for f in found.findings] == [("non_pns_read", "Perawat Non-PNS")]


def test_plural_english_headings_are_read() -> None:
    (made,) = read(
        "facility,Laboratory Technicians,Medical record officers,Dental nurses,Dietitians\n"
        "A,1,2,3,4\n"
    ).facilities

    assert made.have == {"atlm": 1, "perekam_medis": 2, "terapis_gigi": 3, "gizi": 4}


def test_json_as_a_list_or_an_object() -> None:
    rows = [{"facility": "A", "category": "urban", "staff": {"dokter": 1, "gizi": None}}]
    one = read(json.dumps(rows), "a.json").facilities
    two = read(json.dumps({"norm": "skm", "facilities": rows}), "a.json").facilities

    assert one == two
    assert one[0].have == {"dokter": 1, "gizi": None}
    assert one[0].where == "butir 1"


def test_asn_columns_are_a_second_count() -> None:
    found = read("facility,dokter,dokter ASN,perawat_asn,perawat non asn\nA,3,1,2,5\nB,1,2,0,0\n")
    (one,) = found.facilities

    assert one.have == {"dokter": 3, "perawat": 7}
    assert one.have_asn == {"dokter": 1, "perawat": 2}
    assert found.refused[0].reasons[0][0] == "asn_more_than_all"


def test_two_columns_of_one_profession_are_added_and_told() -> None:
    found = read("facility,Apoteker,Asisten Apoteker\nA,1,2\nB,1,\n")

    assert [each.have["farmasi"] for each in found.facilities] == [3, None]
    assert [finding.code for finding in found.findings] == ["columns_added"]


def test_a_facility_that_comes_twice_is_told() -> None:
    found = read("facility,dokter\nSabrang,1\nSABRANG ,1\n")

    assert len(found.facilities) == 2
    assert found.findings[0].code == "facility_twice"
    assert "baris 2" in found.findings[0].message


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("", "a.csv", "file_empty"),
        ("siapa,apa\n1,2\n", "a.csv", "headings_missing"),
        ("dokter,bidan\n1,2\n", "a.csv", "facility_column_missing"),
        ("facility,category\nA,urban\n", "a.csv", "profession_columns_missing"),
        ("facility,dokter,Dokter\nA,1,2\n", "a.csv", "column_twice"),
        ("facility,puskesmas,dokter\nA,B,2\n", "a.csv", "column_twice"),
        ("[{]", "a.json", "file_unreadable"),
        ('{"a": 1}', "a.json", "list_missing"),
        ("PK not a workbook", "a.xlsx", "file_unreadable"),
    ],
)
def test_files_that_cannot_be_used_say_why(text: str, name: str, code: str) -> None:
    with pytest.raises(Unusable) as refused:
        read(text, name)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


@given(st.data())
def test_a_damaged_file_is_read_or_unusable(data: st.DataObject) -> None:
    whole = bytearray(WORKBOOK)
    for _time in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(whole)))
    with contextlib.suppress(Unusable):
        read_facility_file(bytes(whole[:cut]), "rusak.xlsx")


def test_old_encodings_and_a_byte_order_mark() -> None:
    rows = "facility;dokter\nPuskesmas Ténggara;1\n"
    for encoding in ("utf-8-sig", "cp1252", "utf-16"):
        (one,) = read_facility_file(rows.encode(encoding), "a.csv").facilities
        assert one.name == "Puskesmas Ténggara"


def test_the_line_is_the_one_an_editor_shows() -> None:
    table = read_table(b'facility,dokter\n"Dua\nbaris",1\nTiga,x\n', "a.csv", is_known_heading)
    assert [row.line for row in table.rows] == [3, 4]


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("", None), ("-", None), (None, None), ("0", 0), (0, 0), ("1.234", 1234), ("1,234", 1234),
        ("1 234", 1234), ("1.234.567", 1234567), ("12,0", 12), (12.0, 12), ("7 orang", 7),
    ],
)  # fmt: skip
def test_counts(cell: object, count: int | None) -> None:
    assert read_count(cell, most=10_000_000) == count


@pytest.mark.parametrize(
    "cell",
    ["tiga", "1.5", 1.5, "-1", -1, True, float("nan"), float("inf"), "1.23.456", "9" * 40, [1]],
)
def test_what_is_no_count(cell: object) -> None:
    with pytest.raises(Unreadable):
        read_count(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [("7,35", "7.35"), ("7.35", "7.35"), ("1.668,5", "1668.5"), ("1,668.5", "1668.5"),
     ("-8.1845", "-8.1845"), (113.5, "113.5"), ("", None)],
)  # fmt: skip
def test_decimals(cell: object, text: str | None) -> None:
    found = read_decimal(cell)
    assert (None if found is None else str(found)) == text


@pytest.mark.parametrize("cell", ["satu", "nan", "inf", "1e999999", True, "1" * 50])
def test_what_is_no_decimal(cell: object) -> None:
    with pytest.raises(Unreadable):
        read_decimal(cell)


def test_yes_and_no() -> None:
    assert [read_yes(cell) for cell in ("Ya", "Rawat Inap", 1, True)] == [True] * 4
    assert [read_yes(cell) for cell in ("tidak", "Non-Rawat Inap", "0", False)] == [False] * 4
    assert read_yes(" ") is None
    assert read_text(3.0) == "3"


@given(st.integers(0, 999_999), st.sampled_from([".", ",", " "]))
def test_a_grouped_count_reads_back(number: int, separator: str) -> None:
    assert read_count(f"{number:,}".replace(",", separator)) == number


cells = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["facility", "kategori", "dokter", "perawat asn", "lat", "pustu", "x"]),
            cells,
            max_size=6,
        ),
        max_size=6,
    )
)
def test_any_objects_are_read_refused_or_unusable(objects: list[dict[str, object]]) -> None:
    try:
        found = read_facility_objects(objects)
    except Unusable:
        return
    sums = sum(finding.code == "sum_row_skipped" for finding in found.findings)
    assert len(found.facilities) + len(found.refused) + sums == len(objects)
    for one in found.facilities:
        assert all(count is None or count >= 0 for count in one.have.values())
