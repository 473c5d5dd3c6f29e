"""The first look over a whole file: how each of its columns is read, decided from all its rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from simpul.foundation.core.sheets import Cell
from simpul.service.patients.importing.cells import (
    is_man_and_woman,
    lost_last_digits,
    read_number,
    record_width,
    text_of,
)
from simpul.service.patients.importing.dates import DateColumn, DateVotes


@dataclass(frozen=True, slots=True)
class Reading:
    """How the columns of one file are read."""

    total: int = 0
    dates: DateColumn = field(default_factory=DateColumn)
    nik_last_lost: bool = False
    kk_last_lost: bool = False
    record_width: int = 0
    p_is_male: bool = False

    def stored(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Reading":
        """Return what `stored` made of one; of nothing, the plain way to read."""
        if not stored:
            return cls()
        return cls(**{**stored, "dates": DateColumn.of(stored["dates"])})

    def said(self) -> list[str]:
        """Return what a person should know about how the file is read, in sentences."""
        said = self.dates.said()
        if self.nik_last_lost:
            said.append(
                _(
                    "Angka terakhir hampir semua NIK di berkas ini 0: hilang di lembar kerja. "
                    "NIK itu tidak dipakai; ambil berkas aslinya bila ada."
                )
            )
        if self.p_is_male:
            said.append(_("P dibaca pria dan W wanita."))
        if self.record_width:
            said.append(
                _("Nomor rekam medis ditulis %(width)d angka; nol di depan dikembalikan.")
                % {"width": self.record_width}
            )
        return said


def survey(rows: Iterable[tuple[int, Sequence[Cell]]], mapping: Mapping[int, str]) -> Reading:
    """Go over all rows once and decide how the columns are read."""
    place = {field: at for at, field in mapping.items()}
    votes, total = DateVotes(), 0
    sexes: Counter[str] = Counter()
    records: Counter[str] = Counter()
    ends = {"nik": _Ends(), "kk_number": _Ends()}
    born = place.get("birth_date", place.get("birth_place_date"))
    for _line, cells in rows:
        total += 1
        nik = ""
        for column, seen in ends.items():
            if column in place:
                number = read_number(cells[place[column]], digits=16).value
                seen.look(number)
                nik = number if column == "nik" else nik
        if born is not None:
            votes.look(cells[born], nik)
        if "sex" in place and len(sexes) < 100:
            sexes[text_of(cells[place["sex"]])] += 1
        if "old_mrn" in place:
            records[_shape(text_of(cells[place["old_mrn"]]))] += 1
    return Reading(
        total=total,
        dates=votes.decide(),
        nik_last_lost=ends["nik"].are_lost(),
        kk_last_lost=ends["kk_number"].are_lost(),
        record_width=record_width(_spread(records)),
        p_is_male=is_man_and_woman(sexes),
    )


@dataclass(slots=True)
class _Ends:
    """The last digits of a column of sixteen, counted without keeping the numbers."""

    zero: int = 0
    other: int = 0

    def look(self, number: str) -> None:
        if len(number) == 16 and number.isdigit():
            self.zero += number[-1] == "0"
            self.other += number[-1] != "0"

    def are_lost(self) -> bool:
        few = min(self.zero, 1000), min(self.other, 1000)
        return lost_last_digits(["1" * 15 + "0"] * few[0] + ["1" * 16] * few[1])


def _shape(text: str) -> str:
    """A record number by its length and first digit only: the column's numbers are not kept."""
    if not (text.isascii() and text.isdigit()):
        return ""
    return ("0" if text[0] == "0" else "1").ljust(len(text), "1")


def _spread(shapes: Counter[str]) -> list[str]:
    return [shape for shape, many in shapes.items() for _n in range(min(many, 1000)) if shape]
