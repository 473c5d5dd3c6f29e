"""The register as a file with the columns the import reads: what goes out can come in again."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import translation

from simpul.foundation.core.spreadsheets import as_text
from simpul.foundation.register.judging import in_words
from simpul.foundation.register.models import StaffMember

#: Field and heading of each column; always Indonesian, for files travel.
COLUMNS = (
    ("facility", "Fasilitas"),
    ("number", "NIP/nomor"),
    ("name", "Nama"),
    ("profession", "Profesi"),
    ("education", "Pendidikan"),
    ("employment", "Status kepegawaian"),
    ("is_trained", "Sudah dilatih"),
    ("trainings", "Pelatihan"),
    ("started_on", "Mulai bekerja"),
    ("contract_ends_on", "Akhir kontrak"),
    ("birth_year", "Tahun lahir"),
    ("units", "Unit"),
    ("lock", "Tidak dapat dipindah"),
    ("note", "Catatan"),
)
_WIDTHS = {"facility": 26, "name": 34, "profession": 30, "trainings": 24, "note": 30}
#: A row that shows how a list is written.
EXAMPLE = (
    "Puskesmas Contoh", "CTH-00001", "Nama Contoh, A.Md.Keb.", "Bidan", "D3", "PNS",
    "ya", "APN, PONED", "01/01/2010", "", "1985", "kia", "", "hapus baris contoh ini",
)  # fmt: skip


def as_csv(members: Iterable[StaffMember]) -> bytes:
    """Write CSV with semicolons and a byte-order mark, as Indonesian Excel reads it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([heading for _field, heading in COLUMNS])
    with translation.override("id"):
        for member in members:
            cells = [_cell(member, field) for field, _heading in COLUMNS]
            writer.writerow([as_text(_plain(cell)) for cell in cells])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def as_xlsx(members: Iterable[StaffMember], *, example: bool = False) -> bytes:
    """Write a workbook with the register, or with one example row."""
    import xlsxwriter  # type: ignore[import-untyped]  # not at the counter's start

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("Tenaga")
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    for column, (field, heading) in enumerate(COLUMNS):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, _WIDTHS.get(field, 16))
    sheet.freeze_panes(1, 0)
    if example:
        for column, text in enumerate(EXAMPLE):
            sheet.write_string(1, column, text)
    with translation.override("id"):
        for line, member in enumerate(members, start=1):
            for column, (field, _heading) in enumerate(COLUMNS):
                cell = _cell(member, field)
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(line, column, cell)
                elif cell:
                    sheet.write_string(line, column, cell)
    book.close()
    return buffer.getvalue()


def _cell(member: StaffMember, field: str) -> Any:
    if field == "facility":
        return member.facility.name
    value = getattr(member, field)
    if isinstance(value, date) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    text = in_words(field, value)
    return "" if text == "–" else text


def _plain(cell: Any) -> str:
    return cell.isoformat() if isinstance(cell, date) else str(cell)
