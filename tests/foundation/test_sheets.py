"""Files of spreadsheets opened: encodings, lines as an editor counts them, what is no table."""

import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from simpul.foundation.core.sheets import (
    Unopened,
    check_workbook,
    decode,
    is_binary,
    is_workbook,
    read_workbook,
    separate,
    stream_workbook,
)


def workbook() -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    for name in ("Satu", "Dua"):
        page = book.add_worksheet(name)
        page.write_row(0, 0, ("a", "b"))
        page.write_row(2, 1, (name,))
    book.close()
    return made.getvalue()


@given(st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), min_size=1))
def test_text_is_read_in_every_encoding_a_spreadsheet_saves(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert decode(text.encode(encoding)) == text
    raw = text.encode("cp1252")
    assert decode(raw) in (text, raw.decode("utf-8", errors="replace").removeprefix("\ufeff"))


def test_a_row_stands_on_the_line_an_editor_counts() -> None:
    rows = list(separate('a;b\n"x\ny";1\nlast;2\n', ";"))

    assert rows == [["a", "b"], (), ["x\ny", "1"], ["last", "2"]]


def test_the_sheets_of_a_workbook_by_name_whole_and_as_a_stream() -> None:
    data = workbook()
    sheets = read_workbook(data, largest_unpacked=10**6, most_sheets=5)

    assert [name for name, _rows in sheets] == ["Satu", "Dua"]
    assert [list(row) for row in sheets[1][1]] == [["a", "b"], ["", ""], ["", "Dua"]]
    streamed = stream_workbook(data, largest_unpacked=10**6, sheet="Dua")
    assert [list(row) for row in streamed] == [list(row) for row in sheets[1][1]]
    assert len(read_workbook(data, largest_unpacked=10**6, most_sheets=1)) == 1


def test_a_workbook_that_is_huge_locked_or_torn_is_not_opened() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", b"0" * 10**6)
    ole = b"\xd0\xcf\x11\xe0"
    for data, code in (
        (packed.getvalue(), "too_large"),
        (b"PK torn", "unreadable"),
        (ole + "EncryptedPackage".encode("utf-16-le"), "locked"),
    ):
        with pytest.raises(Unopened) as trouble:
            check_workbook(data, largest_unpacked=10**5)
        assert trouble.value.code == code
    with pytest.raises(Unopened):
        read_workbook(ole + b"\x00" * 600, largest_unpacked=10**5, most_sheets=1)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00", b"%PDF-1.7", b"\x7fELF\x02\x01"])
def test_a_picture_or_a_program_is_no_text(data: bytes) -> None:
    assert is_binary(data)
    assert not is_workbook(data)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_text_is_never_taken_for_something_else(text: str) -> None:
    data = f"nama;{text}".encode()

    assert not is_binary(data)
    assert not is_workbook(data)
