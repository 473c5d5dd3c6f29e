"""A report as PDF, set by Typst with the fonts it carries itself.

The text goes in as data and is never read as markup, so a name with `#` or `*` in it stays a name.
No system fonts and a fixed time stamp: the same report gives the same bytes on every machine.
"""

import json
from functools import lru_cache
from pathlib import Path

from simpul.planning.reports.document import Report, Table, written

_LAYOUT = Path(__file__).with_name("report.typ")


def write_pdf(report: Report) -> bytes:
    """Return the report as the bytes of a PDF file (A4)."""
    import typst  # a large library; the counter's server never needs it

    made = typst.compile(
        _layout(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(_as_data(report), ensure_ascii=False)},
        timestamp=0,
    )
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return _LAYOUT.read_bytes()


def _as_data(report: Report) -> dict[str, object]:
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "facts": [list(fact) for fact in report.facts],
        "result": list(report.result),
        "method": list(report.method),
        "labels": report.labels,
        "made": ", ".join(part for part in (report.place, report.made_on) if part),
        "signatures": [[one.office, one.name] for one in report.signatures],
        "sections": [
            {
                "title": section.title,
                "sentences": list(section.sentences),
                "doubts": list(section.doubts),
                "table": None if section.table is None else _table(section.table),
            }
            for section in report.sections
        ],
    }


def _table(table: Table) -> dict[str, object]:
    # In the row of sums an empty cell is not something unknown.
    total = () if table.total is None else tuple("" if c is None else c for c in table.total)
    return {
        "columns": [[column.title, column.decimals is not None] for column in table.columns],
        "widths": [column.width for column in table.columns],
        "rows": [
            [
                "" if cell == "" and row is total else written(cell, column.decimals)
                for cell, column in zip(row, table.columns, strict=True)
            ]
            for row in (*table.rows, *((total,) if total else ()))
        ],
        "total": table.total is not None,
    }
