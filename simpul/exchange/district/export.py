"""Tables of the district as files: what is not known stays an empty cell, never 0.

Headings are Indonesian whatever the language of the screen, for files travel.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from simpul.foundation.core.spreadsheets import as_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

Row = Sequence[Any]


def as_file(
    kind: str, name: str, headings: Sequence[str], rows: Iterable[Row], notes: Sequence[str] = ()
) -> HttpResponse:
    """Return a table as XLSX or CSV for downloading; `notes` say what it stands on."""
    if kind == "csv":
        content, media, suffix = _csv(headings, rows, notes), CSV, "csv"
    else:
        content, media, suffix = _xlsx(headings, rows, notes), XLSX, "xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    return HttpResponse(content, content_type=media, headers=headers)


def _csv(headings: Sequence[str], rows: Iterable[Row], notes: Sequence[str]) -> bytes:
    text = io.StringIO()
    # Indonesian spreadsheets separate by semicolons; the mark at the head says UTF-8.
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    for note in notes:
        writer.writerow([as_text(note)])
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return as_text(str(cell))


def _xlsx(headings: Sequence[str], rows: Iterable[Row], notes: Sequence[str]) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]  # heavy, and only for this

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Dinas")
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, 30 if column == 0 else 18)
    line = 0
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                local = timezone.localtime(cell).replace(tzinfo=None)
                sheet.write_datetime(line, column, local, moment)
            elif isinstance(cell, date):
                sheet.write_datetime(line, column, datetime.combine(cell, datetime.min.time()), day)
            elif isinstance(cell, int | float):
                sheet.write_number(line, column, cell)
            elif cell:
                sheet.write_string(line, column, str(cell))
    for place, note in enumerate(notes, start=line + 2):
        sheet.write_string(place, 0, note)
    sheet.freeze_panes(1, 1)
    book.close()
    return buffer.getvalue()
