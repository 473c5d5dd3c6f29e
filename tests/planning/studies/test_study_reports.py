"""Reports of a study read back: XLSX, PDF, ABK rows, the print view."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal

import pytest
import python_calamine

ROOT = "/perencanaan/studi"


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    """Every sheet of a workbook by name."""
    book = python_calamine.load_workbook(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_carries_facility_year_method_result_and_figures(browse, head, study):
    answer = browse(head).get(f"{ROOT}/{study.id}/laporan.xlsx")
    book = sheets(answer.content)
    first = "\n".join(str(cell) for row in book["Laporan"] for cell in row)

    assert answer["Content-Disposition"].startswith('attachment; filename="wisn-puskesmas-contoh-')
    for words in (
        "Puskesmas Contoh",
        "2025",
        "Kepmenkes 81/2004 — Kepmenkes 81/Menkes/SK/I/2004",
        "perlu 1,70 → 2 orang; ada 1; kurang 1",
        "Mengetahui, Kepala Puskesmas Contoh",
    ):
        assert words in first
    acts = next(rows for name, rows in book.items() if name.startswith("Kegiatan"))
    returning = next(row for row in acts if row[0] == "Pendaftaran pasien lama")
    assert returning[1] == pytest.approx(327.52)
    assert returning[2] == "detik"
    assert returning[3] == pytest.approx(100_080 * 60 / 327.52)
    assert returning[4] == 13766
    total = next(row for row in acts if row[0] == "Jumlah")
    assert total[5] == pytest.approx(1.672647, abs=1e-5)


def test_what_was_typed_never_becomes_a_formula(browse, head, write):
    study = write(head, k1__a1__name='=HYPERLINK("http://x")', k1__name="+1")

    answer = browse(head).get(f"{ROOT}/{study.id}/laporan.xlsx")
    book = sheets(answer.content)

    assert any('=HYPERLINK("http://x")' in row for rows in book.values() for row in rows)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        parts = "".join(
            packed.read(name).decode() for name in packed.namelist() if "worksheets/" in name
        )
    assert "<f>" not in parts


def test_abk_rows_have_what_renbut_asks_for(browse, head, study):
    rows = sheets(browse(head).get(f"{ROOT}/{study.id}/abk.xlsx").content)["ABK"]

    assert rows[0] == [
        "Jabatan",
        "Tugas",
        "Jenis tugas",
        "Norma waktu",
        "Satuan",
        "Norma waktu (menit)",
        "Capaian (setahun)",
        "FTP (%)",
        "Kebutuhan (orang)",
    ]
    filing = next(row for row in rows if row[1] == "Filing rawat jalan")
    assert filing[0] == "Petugas pendaftaran rawat jalan"
    assert (filing[3], filing[4]) == (226.8, "detik")
    assert filing[5] == pytest.approx(3.78)
    assert filing[6] == 17236
    meeting = next(row for row in rows if row[1] == "Pertemuan rutin")
    assert meeting[2] == "penunjang"
    assert meeting[7] == pytest.approx(24 / 1668 * 100)


def test_the_pdf_has_pages_with_text_and_is_the_same_every_time(browse, head, study):
    client = browse(head)
    first = client.get(f"{ROOT}/{study.id}/laporan.pdf")
    second = client.get(f"{ROOT}/{study.id}/laporan.pdf")

    assert first["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-")
    assert first.content == second.content
    text = pdf_text(first.content)
    assert "PuskesmasContoh" in text
    assert "Kepmenkes81/2004" in text
    assert "Pendaftaranpasienlama" in text


def pdf_text(content: bytes) -> str:
    """Return what a PDF says without spaces, read once with the letters of each of its fonts."""
    streams = [
        zlib.decompress(raw) if raw[:1] == b"\x78" else raw
        for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    ]
    fonts = [dict(_letters(stream)) for stream in streams if b"beginbfchar" in stream]
    pages = [stream for stream in streams if b"TJ" in stream or b"Tj" in stream]
    assert fonts
    assert pages
    return "\n".join(_read(page, letters) for page in pages for letters in fonts)


def _letters(stream: bytes) -> Iterator[tuple[str, str]]:
    for code, target in re.findall(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", stream):
        yield code.decode().upper(), bytes.fromhex(target.decode()).decode("utf-16-be", "ignore")


def _read(page: bytes, letters: dict[str, str]) -> str:
    text = ""
    for found in re.findall(rb"\(((?:[^()\\]|\\.)*)\)", page, re.DOTALL):
        raw = _unescaped(found)
        codes = [f"{raw[place] << 8 | raw[place + 1]:04X}" for place in range(0, len(raw) - 1, 2)]
        text += "".join(letters.get(code, "") for code in codes)
    return re.sub(r"\s+", "", text)


def _unescaped(text: bytes) -> bytes:
    """Return a string of a PDF as its bytes (ISO 32000, 7.3.4.2)."""
    signs = {b"n": 10, b"r": 13, b"t": 9, b"b": 8, b"f": 12}
    out = bytearray()
    for part in re.findall(rb"\\[0-7]{1,3}|\\.|[^\\]", text, re.DOTALL):
        if len(part) == 1:
            out += part
        elif part[1:].isdigit():
            out.append(int(part[1:], 8))
        else:
            out.append(signs.get(part[1:], part[1]))
    return bytes(out)


def test_the_print_view_has_places_to_sign(browse, head, study):
    page = browse(head).get(f"{ROOT}/{study.id}/cetak").content.decode()

    assert "Mengetahui, Kepala Puskesmas Contoh" in page
    assert "Penyusun" in page
    assert "perlu 1,70 → 2 orang; ada 1; kurang 1" in page


def test_a_report_of_an_earlier_version_is_of_that_version(browse, head, study, save):
    save(study, head, seen=1, k1__staff="3")

    old = sheets(browse(head).get(f"{ROOT}/{study.id}/laporan.xlsx?versi=1").content)["Laporan"]

    assert any("ada 1; kurang 1" in str(cell) for row in old for cell in row)


def test_an_empty_study_has_no_report_yet(browse, head):
    client = browse(head)
    client.post(f"{ROOT}/baru", {"title": "Kosong", "year": "2026"})
    from simpul.planning.studies.models import Study

    study = Study.objects.get()
    assert client.get(f"{ROOT}/{study.id}/laporan.pdf").status_code == 404
    assert "belum diisi" in client.get(f"{ROOT}/{study.id}").content.decode()
    assert Decimal(study.latest) == 0
