"""A report as XLSX: a first sheet with the result and the method, then one sheet a table.

Text is always written as text, so that what somebody typed ("=1+1") is never a formula. The same
report gives the same bytes: xlsxwriter stamps its parts with a fixed day, and so do we.
"""

import io
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from simpul.planning.reports.document import Cell, Column, Report, Section, Table

#: Any fixed instant will do; the day of the report is in the text.
_STAMP = datetime(2000, 1, 1)  # noqa: DTZ001  the file format knows no zone
_MAX_SHEET_NAME = 31


def write_spreadsheet(report: Report) -> bytes:
    """Return the report as the bytes of an XLSX file."""
    book, into, formats = _open(report.title)
    sheet = book.add_worksheet("Laporan")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 70)
    sheet.write_string(0, 0, report.title, formats["title"])
    sheet.write_string(1, 0, report.subtitle)
    row = 3
    for label, value in report.facts:
        sheet.write_string(row, 0, label, formats["label"])
        sheet.write_string(row, 1, value, formats["wrap"])
        row += 1
    for heading, lines in (
        (report.labels.get("result", ""), report.result),
        (report.labels.get("method", ""), report.method),
    ):
        row = _write_lines(sheet, row + 1, heading, lines, formats)
    for section in report.sections:
        if section.table is None:
            row = _write_lines(
                sheet, row + 1, section.title, (*section.sentences, *section.doubts), formats
            )
    row += 1
    if report.made_on:
        sheet.write_string(
            row, 0, ", ".join(part for part in (report.place, report.made_on) if part)
        )
        row += 1
    for signature in report.signatures:
        sheet.write_string(row, 0, signature.office, formats["label"])
        sheet.write_string(row + 4, 0, signature.name or "(………………………………)")
        row += 6
    names: set[str] = {"laporan"}
    for section in report.sections:
        if section.table is not None:
            _write_section(book, section, formats, names)
    _for_paper(book)
    book.close()
    return into.getvalue()


def write_table(title: str, sheets: Sequence[tuple[str, Table]]) -> bytes:
    """Return bare tables, headings in the first row, one sheet each, for other programs to read."""
    book, into, formats = _open(title)
    names: set[str] = set()
    for name, table in sheets:
        sheet = book.add_worksheet(_sheet_name(name, names))
        _write_table(sheet, 0, table, formats)
        sheet.freeze_panes(1, 0)
    book.close()
    return into.getvalue()


def _open(title: str) -> tuple[Any, io.BytesIO, dict[str, Any]]:
    import xlsxwriter  # type: ignore[import-untyped]  # the counter's server never needs it

    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": title, "created": _STAMP, "author": "Simpul"})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "label": book.add_format({"bold": True, "valign": "top"}),
        "head": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E3F0F5"}
        ),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "total": book.add_format({"bold": True, "top": 1, "text_wrap": True}),
    }
    for decimals in range(5):
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        formats[f"number{decimals}"] = book.add_format({"num_format": pattern, "valign": "top"})
        formats[f"total{decimals}"] = book.add_format(
            {"num_format": pattern, "bold": True, "top": 1}
        )
    return book, into, formats


def _write_lines(
    sheet: Any, row: int, heading: str, lines: Sequence[str], formats: dict[str, Any]
) -> int:
    if not lines:
        return row - 1
    sheet.write_string(row, 0, heading, formats["label"])
    for line in lines:
        sheet.write_string(row, 1, line, formats["wrap"])
        row += 1
    return row


def _write_section(book: Any, section: Section, formats: dict[str, Any], names: set[str]) -> None:
    sheet = book.add_worksheet(_sheet_name(section.sheet or section.title, names))
    sheet.write_string(0, 0, section.title, formats["title"])
    if section.table is None:
        return
    row = _write_table(sheet, 2, section.table, formats) + 1
    for line in (*section.sentences, *section.doubts):
        sheet.write_string(row, 0, line)
        row += 1
    sheet.repeat_rows(2)


def _write_table(sheet: Any, row: int, table: Table, formats: dict[str, Any]) -> int:
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(row, place, column.title, formats["head"])
    for cells in table.rows:
        row += 1
        _write_row(sheet, row, cells, table.columns, formats, "number")
    if table.total is not None:
        row += 1
        _write_row(sheet, row, table.total, table.columns, formats, "total")
    return row + 1


def _write_row(
    sheet: Any,
    row: int,
    cells: Sequence[Cell],
    columns: Sequence[Column],
    formats: dict[str, Any],
    style: str,
) -> None:
    for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        if isinstance(cell, int | Decimal):
            sheet.write_number(row, place, cell, formats[f"{style}{column.decimals or 0}"])
        else:
            sheet.write_string(
                row, place, cell or "", formats["total" if style == "total" else "wrap"]
            )


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a name Excel takes: 31 characters, none of its signs, each used once."""
    base = re.sub(r"[\[\]:*?/\\']", " ", wanted).strip()[:_MAX_SHEET_NAME].strip() or "Tabel"
    name, count = base, 2
    while name.lower() in taken:
        end = f" {count}"
        name = base[: _MAX_SHEET_NAME - len(end)] + end
        count += 1
    taken.add(name.lower())
    return name


def _for_paper(book: Any) -> None:
    for sheet in book.worksheets():
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
