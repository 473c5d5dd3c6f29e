"""The refused rows as a workbook with their reasons: mend them there, and import it again."""

import io
from datetime import date, time

from django.utils.translation import gettext as _

from simpul.foundation.staff.actor import Actor
from simpul.service.patients.importing import files
from simpul.service.patients.importing.cells import text_of, unpacked
from simpul.service.patients.importing.models import ImportRun
from simpul.service.patients.importing.selectors import rows_to_mend

_WHOLE_IN_A_CELL = 10**15


def refused_workbook(run: ImportRun, *, by: Actor) -> bytes:
    """Return the refused rows under the headings of their file, reason and line first.

    Numbers are written as text, so that the spreadsheet leaves them alone this time.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # not at the counter's start

    headings = files.Found.of(run.found).sheet(run.sheet).headings
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("Ditolak"))
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    for column, heading in enumerate((_("Alasan ditolak"), _("Baris asal"), *headings)):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, 48 if column == 0 else 16)
    sheet.freeze_panes(1, 0)
    for at, row in enumerate(rows_to_mend(run, by=by), start=1):
        reasons = [
            f"{p['column']}: {p['reason']}. {p['todo']}"
            for p in row.problems
            if p["severity"] == "refuse"
        ]
        sheet.write_string(at, 0, " ".join(reasons))
        sheet.write_number(at, 1, row.line)
        for column, stored in enumerate(row.cells or [], start=2):
            cell = unpacked(stored)
            if isinstance(cell, date):
                sheet.write_datetime(at, column, cell, day)
            elif isinstance(cell, int | float) and abs(cell) >= _WHOLE_IN_A_CELL:
                # It lost digits already; as text it would look whole.
                sheet.write_number(at, column, cell)
            elif isinstance(cell, time) or cell is not None:
                sheet.write_string(at, column, text_of(cell))
    book.close()
    return buffer.getvalue()
