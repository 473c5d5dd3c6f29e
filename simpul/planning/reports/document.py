"""What a report is made of: facts, sentences, tables, doubts, signatures. Plain frozen rows.

The rooms fill these in; `spreadsheet` and `printed` turn the same report into XLSX and PDF, so
that no figure can differ between the two.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

Cell = str | int | Decimal | None


@dataclass(frozen=True)
class Column:
    """One column: its heading, how many decimals its figures show (None: text), its width."""

    title: str
    decimals: int | None = None
    width: int = 12


@dataclass(frozen=True)
class Table:
    """Rows under headings; `total` is a last row that is set apart."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None


@dataclass(frozen=True)
class Section:
    """A part of the report: what it says in sentences, its table, and what is doubtful in it."""

    title: str
    sentences: tuple[str, ...] = ()
    table: Table | None = None
    doubts: tuple[str, ...] = ()
    sheet: str = ""


@dataclass(frozen=True)
class Signature:
    """Who signs: the office above the line; the name stays open when it is empty."""

    office: str
    name: str = ""


@dataclass(frozen=True)
class Report:
    """A whole report; `made_on` is text, so that the same report gives the same bytes."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    result: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    made_on: str = ""
    place: str = ""
    labels: dict[str, str] = field(default_factory=dict)


def written(value: Cell, decimals: int | None = None) -> str:
    """Write a cell the Indonesian way: 1.674 or 17,50; nothing known is a dash, never 0."""
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        return value
    # Half up, as a calculator and the sources do; `format` alone would give 7,34 for 7,345.
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-(decimals or 0)), ROUND_HALF_UP)
    text = f"{rounded:,f}"
    return text.translate(str.maketrans(",.", ".,"))
