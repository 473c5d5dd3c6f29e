"""The gap of a district as rows to show and to carry away: narrowed, sorted, exported."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from simpul.domain.dates import format_date
from simpul.domain.gap import COUNTS, Count, FacilityGap, Gap, GapStudy
from simpul.domain.gap_measures import filled_band
from simpul.domain.norms import CATEGORIES, NormSet
from simpul.domain.professions import PROFESSIONS, in_table_order, profession_name
from simpul.foundation.core.spreadsheets import as_text
from simpul.planning.gap.answers import percent
from simpul.planning.gap.selectors import DistrictGap
from simpul.planning.reports.document import Cell, Column, Report, Section, Table
from simpul.planning.reports.spreadsheet import write_spreadsheet

SORTS = ("kurang", "lebih", "terisi", "nama")


@dataclass(frozen=True)
class Wanted:
    """How the table is narrowed and sorted; `profession` "" means all of them."""

    count: Count = "all"
    profession: str = ""
    only_short: bool = False
    sort: str = "kurang"


@dataclass(frozen=True)
class CellView:
    """One profession at one facility: its figures, and shortage or surplus by sign."""

    have: int | None
    standard: int | None
    shortage: int | None
    surplus: int | None

    @property
    def sign(self) -> str:
        """Return ▼ short, ▲ over, ■ even, ▨ no figure or no standard."""
        if self.shortage is None:
            return "▨"
        return "▼" if self.shortage else "▲" if self.surplus else "■"

    @property
    def amount(self) -> int:
        """Return how many short or over."""
        return (self.shortage or 0) + (self.surplus or 0)

    @property
    def words(self) -> str:
        """Return the cell as a sentence for those who hear the page."""
        if self.shortage is None:
            return _("tanpa data") if self.have is None else _("tanpa standar")
        figures = {"have": self.have, "standard": self.standard}
        said = _("ada %(have)d dari %(standard)d") % figures
        if self.shortage:
            return said + ", " + _("kurang %(n)d") % {"n": self.shortage}
        if self.surplus:
            return said + ", " + _("lebih %(n)d") % {"n": self.surplus}
        return said


@dataclass(frozen=True)
class RowView:
    """One facility of the table."""

    ref: str
    name: str
    category: str
    shortage: int
    surplus: int
    filled: Fraction | None
    has_data: bool
    doubts: int
    gaps: tuple[Gap, ...]
    codes: tuple[str, ...]

    @property
    def cells(self) -> tuple[CellView, ...]:
        """Return a cell for each column; made only for the rows that are shown."""
        found = {gap.profession: gap for gap in self.gaps}
        return tuple(_cell(found.get(code)) for code in self.codes)

    @property
    def filled_percent(self) -> float | None:
        """Return the filled share as a percentage."""
        return percent(self.filled)

    @property
    def band(self) -> str:
        """Return the band of the ministry's map, "" without data."""
        return filled_band(self.filled) or ""


def shown_professions(norm: NormSet, wanted: Wanted) -> tuple[str, ...]:
    """Return the columns: the professions of the norm, or the one asked for."""
    codes = tuple(in_table_order(norm.professions))
    return (wanted.profession,) if wanted.profession in codes else codes


def rows_of(district: DistrictGap, wanted: Wanted) -> list[RowView]:
    """Return the rows, narrowed and sorted; facilities without data come last."""
    study = district.study(wanted.count)
    codes = shown_professions(district.norm, wanted)
    one = wanted.profession if wanted.profession in codes and len(codes) == 1 else ""
    rows = [
        _row(each, codes, one, each.facility.ref not in district.without_data)
        for each in study.facilities
    ]
    if wanted.only_short:
        rows = [row for row in rows if row.shortage]
    rows.sort(key=lambda row: row.name.casefold())
    if wanted.sort == "kurang":
        rows.sort(key=lambda row: -row.shortage)
    elif wanted.sort == "lebih":
        rows.sort(key=lambda row: -row.surplus)
    elif wanted.sort == "terisi":
        rows.sort(key=lambda row: 2 if row.filled is None else row.filled)
    rows.sort(key=lambda row: not row.has_data)
    return rows


def _row(each: FacilityGap, codes: tuple[str, ...], one: str, has_data: bool) -> RowView:
    shortage, surplus, filled = each.sums.shortage, each.sums.surplus, each.sums.filled
    if one:
        gap = next((gap for gap in each.gaps if gap.profession == one), None)
        shortage = (gap and gap.shortage) or 0
        surplus = (gap and gap.surplus) or 0
        filled = gap.filled if gap else None
    return RowView(
        each.facility.ref,
        each.facility.name,
        CATEGORIES.get(each.facility.category or "", ""),
        shortage,
        surplus,
        filled,
        has_data,
        sum(finding.severity == "warning" for finding in each.findings) if has_data else 0,
        each.gaps,
        codes,
    )


def _cell(gap: Gap | None) -> CellView:
    return CellView(*gap[1:]) if gap is not None else CellView(None, None, None, None)


def totals_of(study: GapStudy, codes: Sequence[str]) -> tuple[CellView, ...]:
    """Return the sums under each column: shortage and surplus stay apart."""
    return tuple(
        CellView(*study.professions[code])
        if code in study.professions
        else CellView(None, None, None, None)
        for code in codes
    )


def as_csv(district: DistrictGap, wanted: Wanted) -> bytes:
    """Return one line per facility and profession, with semicolons, as Excel here reads it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    table = _long_table(district, wanted)
    writer.writerow([column.title for column in table.columns])
    for row in table.rows:
        writer.writerow([as_text(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def as_xlsx(district: DistrictGap, wanted: Wanted) -> bytes:
    """Return a workbook: what was calculated how, shortages per facility, and every figure."""
    study, norm = district.study(wanted.count), district.norm
    until = norm.valid_until.year if norm.valid_until else _("sekarang")
    since = norm.valid_from.year if norm.valid_from else "…"
    return write_spreadsheet(
        Report(
            title=_("Kesenjangan tenaga"),
            subtitle=norm.name,
            facts=(
                (_("Standar"), f"{norm.name} ({norm.code})"),
                (_("Sumber"), norm.source),
                (_("Berlaku"), f"{since}–{until}"),
                (_("Dihitung"), COUNTS[wanted.count]),
                (_("Keadaan per"), format_date(district.on)),
                (_("Kurang"), str(study.sums.shortage)),
                (_("Lebih"), str(study.sums.surplus)),
            ),
            sections=(
                Section(
                    _("Kekurangan tiap fasilitas"),
                    table=_wide_table(district, wanted),
                    doubts=tuple(f"{each.name}: {each.message}" for each in study.refused),
                    sheet=_("Kekurangan"),
                ),
                Section(
                    _("Ada dan standar"), table=_long_table(district, wanted), sheet=_("Rincian")
                ),
            ),
            method=(
                _("Kurang = standar − ada bila kurang; lebih = ada − standar bila lebih."),
                _("Terisi = jumlah posisi terisi dibagi jumlah standar, bukan rata-rata persen."),
                _("Sel kosong berarti tidak diketahui, bukan nol."),
                *((norm.note,) if norm.note else ()),
            ),
            labels={"result": _("Hasil"), "method": _("Cara menghitung")},
        )
    )


def _wide_table(district: DistrictGap, wanted: Wanted) -> Table:
    codes = shown_professions(district.norm, wanted)
    study = district.study(wanted.count)
    columns = (
        Column(_("Fasilitas"), width=32),
        Column(_("Kategori"), width=16),
        *(Column(PROFESSIONS[code].short, 0, 10) for code in codes),
        Column(_("Kurang"), 0, 9),
        Column(_("Lebih"), 0, 9),
        Column(_("Terisi %"), 2, 9),
    )
    rows = tuple(
        (
            row.name,
            row.category,
            *(cell.shortage for cell in row.cells),
            row.shortage if row.has_data else None,
            row.surplus if row.has_data else None,
            _decimal(row.filled_percent),
        )
        for row in rows_of(district, wanted)
    )
    total: tuple[Cell, ...] | None = None
    if not wanted.only_short and len(codes) > 1:
        total = (
            _("Jumlah"),
            "",
            *(cell.shortage for cell in totals_of(study, codes)),
            study.sums.shortage,
            study.sums.surplus,
            _decimal(percent(study.sums.filled)),
        )
    return Table(columns, rows, total)


def _long_table(district: DistrictGap, wanted: Wanted) -> Table:
    codes = shown_professions(district.norm, wanted)
    columns = (
        Column(_("Fasilitas"), width=32),
        Column(_("Kategori"), width=16),
        Column(_("Profesi"), width=32),
        Column(_("Ada"), 0, 8),
        Column(_("Standar"), 0, 8),
        Column(_("Kurang"), 0, 8),
        Column(_("Lebih"), 0, 8),
    )
    rows: list[tuple[Cell, ...]] = []
    for row in rows_of(district, wanted):
        for code, cell in zip(codes, row.cells, strict=True):
            figures = (cell.have, cell.standard, cell.shortage, cell.surplus)
            rows.append((row.name, row.category, profession_name(code), *figures))
    return Table(columns, tuple(rows))


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
