"""A filled template: shown first, every refused row named, kept only when asked."""

import io

import pytest
import xlsxwriter

from simpul.planning.studies.models import Study, StudyVersion

ROOT = "/perencanaan/studi"


def workbook(acts: list[list[object]], days: object = 312) -> io.BytesIO:
    """A template as somebody would fill it in."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True})
    for title, rows in {
        "kajian": [["variant", "rounding", "name", "year"], ["kepmenkes81", "who", "Loket", 2025]],
        "kategori": [
            ["kategori", "tenaga", "hari_kerja", "cuti", "pelatihan", "libur", "izin",
             "jam_per_hari"],
            ["Loket", 1, days, 12, 4, 13, 5, 6],
        ],
        "kegiatan": [["kategori", "kegiatan", "waktu", "satuan", "volume", "per"], *acts],
        "kelonggaran": [["kategori", "kelonggaran", "jam", "per"], ["Loket", "Rapat", 2, "bulan"]],
    }.items():  # fmt: skip
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    into.seek(0)
    into.name = "studi.xlsx"
    return into


GOOD = [
    ["Loket", "Pasien baru", "7,35", "menit", 3690, "tahun"],
    ["Loket", "Pasien lama", 327.52, "detik", "13.766", "tahun"],
]


def test_the_template_can_be_downloaded(browse, head):
    answer = browse(head).get(f"{ROOT}/templat.xlsx")

    assert answer.content[:2] == b"PK"


def test_a_good_file_is_shown_first_and_kept_only_then(browse, head):
    client = browse(head)
    shown = client.post(f"{ROOT}/unggah", {"berkas": workbook(GOOD)})
    page = shown.content.decode()

    assert shown.status_code == 200
    assert "2 kegiatan terbaca. Belum ada yang disimpan." in page
    assert "7,35 menit" in page
    assert not Study.objects.exists()

    found = shown.context["input_json"]
    kept = client.post(f"{ROOT}/unggah", {"isi": found, "title": "Loket", "year": "2025"})

    assert kept.status_code == 302
    version = StudyVersion.objects.get()
    assert version.origin == "template"
    assert version.variant == "kepmenkes81"
    assert [a["volume"] for a in version.input["categories"][0]["activities"]] == [3690, 13766]
    assert version.input["categories"][0]["allowances"] == [
        {"name": "Rapat", "hours": 2, "per": "month"}
    ]


def test_refused_rows_are_named_with_sheet_and_line(browse, head):
    bad = [*GOOD, ["Loket", "Filing", "lama sekali", "detik", 17236, "tahun"], ["", "X", 1, "s", 1]]

    answer = browse(head).post(f"{ROOT}/unggah", {"berkas": workbook(bad)})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "lembar kegiatan, baris 4, kolom unit_time" in page
    assert "lembar kegiatan, baris 5, kolom category" in page
    assert "2 baris ditolak; belum ada yang disimpan." in page
    assert not Study.objects.exists()


def test_a_file_without_meaning_is_refused_before_it_is_kept(browse, head):
    answer = browse(head).post(f"{ROOT}/unggah", {"berkas": workbook(GOOD, days=10)})

    assert "Tidak tersisa hari kerja" in answer.content.decode()
    assert not Study.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [("kosong.xlsx", b""), ("foto.xlsx", b"PK\x03\x04 bukan lembar"), ("x.csv", b"satu,dua\n1,2")],
)
def test_a_file_that_is_no_template_says_what_to_do(browse, head, name, content):
    file = io.BytesIO(content)
    file.name = name

    answer = browse(head).post(f"{ROOT}/unggah", {"berkas": file, "title": "Loket saya"})

    assert answer.status_code == 422
    assert "tidak ada yang disimpan" in answer.content.decode()
    assert 'value="Loket saya"' in answer.content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "bukan json",
        "[]",
        '{"categories": [1]}',
        '{"categories": {}}',
        '{"categories": [{"activities": [{"unit_time": 3}]}]}',
    ],
)
def test_a_spoilt_upload_never_breaks(browse, head, text):
    answer = browse(head).post(f"{ROOT}/unggah", {"isi": text, "title": "x", "year": "2026"})

    assert answer.status_code == 422
    assert not Study.objects.exists()
