"""From the sheet of texts to the fixed input format, with every line that cannot be read named.

A row nobody typed into is no row; a row marked to be left out neither. Everything else must be
readable, and all problems are told at once, each with the name of its field.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.wisn.rounding import ROUNDINGS
from simpul.domain.wisn.units import AMOUNT_UNITS, PERIODS, TIME_UNITS
from simpul.domain.wisn.variants import VARIANTS
from simpul.foundation.core.errors import Problem
from simpul.planning.studies.figures import read_figure, stored
from simpul.planning.studies.sheet import CategorySheet, Row, Sheet

MAX_NAME = 160
MAX_STEPS = 40
_TIME_FIELDS = (
    "working_days", "annual_leave", "training", "public_holidays", "absence", "hours_per_day",
    "hours_per_year", "source",
)  # fmt: skip
_DAYS = ("working_days", "annual_leave", "training", "public_holidays", "absence")


@dataclass
class Read:
    """What a sheet says: the input, what the input has no place for, and what cannot be read."""

    input: dict[str, Any]
    extras: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    #: Field-name stem of each category and row that was taken, in the order of the input.
    places: list[dict[str, Any]] = field(default_factory=list)


def read_sheet(sheet: Sheet) -> Read:
    """Read a whole sheet; with problems, `input` holds only what could be read."""
    reader = _Reader()
    variant = reader.choice("variant", sheet.variant, VARIANTS)
    rounding = reader.choice("rounding", sheet.rounding, ROUNDINGS)
    categories, extras = [], []
    for category in sheet.categories:
        if category.is_removed or category.is_blank:
            continue
        made, extra = reader.category(category, variant)
        categories.append(made)
        extras.append(extra)
    if not categories:
        reader.problem(
            "k1-name",
            "no_categories",
            _("Isi paling sedikit satu kategori tenaga dan kegiatannya."),
        )
    return Read(
        input={"variant": variant, "rounding": rounding, "categories": categories},
        extras={"categories": extras},
        problems=reader.problems,
        places=reader.places,
    )


class _Reader:
    """Collects problems while the sheet is read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.places: list[dict[str, Any]] = []

    def problem(self, where: str, code: str, message: str) -> None:
        """Keep one problem of one field."""
        self.problems.append(Problem(where, code, message))

    def choice(self, where: str, typed: str, allowed: tuple[Any, ...]) -> str:
        """Read one of a few words."""
        if typed in allowed:
            return typed
        self.problem(where, "choice_unknown", _("Pilih salah satu dari daftar."))
        return str(allowed[0])

    def name(self, where: str, typed: str, what: str) -> str:
        """Read a name; an empty one is a problem that says what to name."""
        text = " ".join(typed.split())
        if not text:
            self.problem(where, "name_missing", what)
        elif len(text) > MAX_NAME:
            self.problem(
                where,
                "name_long",
                _("Namanya terlalu panjang; paling banyak %(count)d huruf.") % {"count": MAX_NAME},
            )
        return text[:MAX_NAME]

    def figure(
        self, where: str, typed: str, *, missing: str = "", default: Decimal | None = None
    ) -> Decimal | None:
        """Read a figure; `missing` is what to say of an empty one (none: it may be empty)."""
        if not typed.strip():
            if missing:
                self.problem(where, "figure_missing", missing)
            return default
        value = read_figure(typed)
        if value is None:
            self.problem(
                where,
                "figure_unreadable",
                _("“%(text)s” bukan angka. Tulis misalnya 7,35 atau 1.674.")
                % {"text": typed.strip()[:20]},
            )
            return default
        return value

    def category(self, sheet: CategorySheet, variant: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Read one category with its tables."""
        stem = sheet.key
        self.places.append({"stem": stem, "activities": [], "allowances": [], "individual": []})
        made: dict[str, Any] = {
            "name": self.name(f"{stem}-name", sheet.text("name"), _("Tulis nama kategori tenaga.")),
            "staff": stored(
                self.figure(f"{stem}-staff", sheet.text("staff"), default=Decimal(0)) or Decimal(0)
            ),
        }
        untouched = not any(sheet.text(name).strip() for name in _TIME_FIELDS)
        if variant != "abk_kes" or not untouched:  # ABK-Kes brings its own 1,200 hours
            made |= self.working_time(sheet)
        rows = [row for row in sheet.activities if not row.is_removed and not row.is_blank]
        made["activities"] = [self.activity(row) for row in rows]
        if not rows:
            self.problem(
                f"{stem}-a1-name",
                "activities_missing",
                _("Isi paling sedikit satu kegiatan dengan waktu dan jumlahnya."),
            )
        made["allowances"] = [self.allowance(row) for row in _used(sheet.allowances)]
        made["individual_allowances"] = [
            self.allowance(row, staff=True) for row in _used(sheet.individual)
        ]
        cover = self.figure(f"{stem}-minimum_cover", sheet.text("minimum_cover"))
        if cover is not None:
            made["minimum_cover"] = stored(cover)
        place = self.places[-1]
        place["activities"] = [row.key for row in rows]
        place["allowances"] = [row.key for row in _used(sheet.allowances)]
        place["individual"] = [row.key for row in _used(sheet.individual)]
        return made, {"activities": [self.activity_extra(row) for row in rows]}

    def working_time(self, sheet: CategorySheet) -> dict[str, Any]:
        """Read the working time: days and hours, or the hours of a rule."""
        stem = sheet.key
        if sheet.text("time_kind") == "legal":
            hours = self.figure(
                f"{stem}-hours_per_year",
                sheet.text("hours_per_year"),
                missing=_("Isi jam kerja setahun menurut aturan, misalnya 1.200."),
            )
            if not sheet.text("source").strip():
                self.problem(
                    f"{stem}-source",
                    "source_missing",
                    _("Tulis aturan asal angka ini, misalnya Permenkes 33/2015."),
                )
            legal: dict[str, Any] = {
                "hours_per_year": stored(hours or Decimal(0)),
                "source": sheet.text("source").strip()[:MAX_NAME],
            }
            if sheet.text("date").strip():
                legal["date"] = sheet.text("date").strip()[:20]
            return {"working_time": legal}
        time: dict[str, Any] = {}
        for name in _DAYS:
            missing = _("Isi hari kerja setahun, misalnya 312.") if name == "working_days" else ""
            value = self.figure(
                f"{stem}-{name}", sheet.text(name), missing=missing, default=Decimal(0)
            )
            time[name] = stored(value or Decimal(0))
        hours = self.figure(
            f"{stem}-hours_per_day",
            sheet.text("hours_per_day"),
            missing=_("Isi jam kerja sehari, misalnya 6 atau 7,5."),
        )
        time["hours_per_day"] = stored(hours or Decimal(0))
        shifts = [
            part for part in re.split(r"[;/]|\s+dan\s+", sheet.text("shift_hours")) if part.strip()
        ]
        if shifts:
            read = [self.figure(f"{stem}-shift_hours", part) for part in shifts[:12]]
            time["shift_hours"] = [stored(part) for part in read if part is not None]
        return {"working_time": time}

    def activity(self, row: Row) -> dict[str, Any]:
        """Read one activity."""
        steps = self.steps(row)
        unit = self.choice(f"{row.key}-time_unit", row.text("time_unit"), TIME_UNITS)
        if steps and not row.text("time").strip():
            # The table of steps is the time, as in the study this layout follows.
            time: Decimal | None = sum((Decimal(str(s["value"])) for s in steps), Decimal(0))
            unit = "s"
        else:
            time = self.figure(
                f"{row.key}-time",
                row.text("time"),
                missing=_("Isi waktu satu kali kegiatan, dengan satuannya."),
            )
        if time is not None and time <= 0:
            self.problem(
                f"{row.key}-time", "time_zero", _("Waktu satu kali kegiatan harus lebih dari nol.")
            )
        unit_time: dict[str, Any] = {
            "value": stored(time or Decimal(0)),
            "unit": unit,
        }
        volume = self.figure(
            f"{row.key}-volume",
            row.text("volume"),
            missing=_("Isi jumlah kegiatan; tulis 0 bila tidak ada."),
        )
        made: dict[str, Any] = {
            "name": self.name(f"{row.key}-name", row.text("name"), _("Tulis nama kegiatan ini.")),
            "unit_time": unit_time,
            "volume": stored(volume or Decimal(0)),
            "per": self.choice(f"{row.key}-per", row.text("per"), PERIODS),
        }
        for place, name, target in (
            (unit_time, "low", "time_low"),
            (unit_time, "high", "time_high"),
            (made, "volume_low", "volume_low"),
            (made, "volume_high", "volume_high"),
            (made, "last_year_volume", "last_year"),
        ):
            value = self.figure(f"{row.key}-{target}", row.text(target))
            if value is not None:
                place[name] = stored(value)
        if steps:
            made["steps"] = steps
        self._ordered(row, "time", time)
        self._ordered(row, "volume", volume)
        return made

    def steps(self, row: Row) -> list[dict[str, Any]]:
        """Read the timed steps of an activity: "name seconds; name seconds"."""
        found = []
        for part in row.text("steps").split(";")[:MAX_STEPS]:
            if not part.strip():
                continue
            name, _space, seconds = part.strip().rpartition(" ")
            value = read_figure(seconds)
            if not name.strip() or value is None:
                self.problem(
                    f"{row.key}-steps",
                    "step_unreadable",
                    _("Langkah “%(text)s” tidak terbaca. Tulis nama lalu detiknya: Mencari 67,28.")
                    % {"text": part.strip()[:40]},
                )
                return []
            found.append({"name": name.strip()[:MAX_NAME], "value": stored(value), "unit": "s"})
        return found

    def _ordered(self, row: Row, what: str, value: Decimal | None) -> None:
        """The lowest guess is not above the figure, the highest not below it."""
        low, high = read_figure(row.text(f"{what}_low")), read_figure(row.text(f"{what}_high"))
        if value is None:
            return
        if low is not None and (low > value or low == 0):
            self.problem(
                f"{row.key}-{what}_low",
                "range_low",
                _("Perkiraan terendah harus di atas nol dan tidak melebihi angka utamanya."),
            )
        if high is not None and high < value:
            self.problem(
                f"{row.key}-{what}_high",
                "range_high",
                _("Perkiraan tertinggi tidak boleh di bawah angka utamanya."),
            )

    def activity_extra(self, row: Row) -> dict[str, Any]:
        """Read what the input has no place for: the target time and where the time came from."""
        extra: dict[str, Any] = {}
        target = self.figure(f"{row.key}-target", row.text("target"))
        if target is not None:
            if target <= 0:
                self.problem(
                    f"{row.key}-target", "target_zero", _("Waktu target harus lebih dari nol.")
                )
            extra["target"] = stored(target)
        if row.text("evidence").strip():
            extra["evidence"] = row.text("evidence").strip()
        return extra

    def allowance(self, row: Row, *, staff: bool = False) -> dict[str, Any]:
        """Read one allowance, of everybody or of some members."""
        made: dict[str, Any] = {
            "name": self.name(
                f"{row.key}-name", row.text("name"), _("Tulis nama kegiatan penunjang ini.")
            )
        }
        if staff:
            people = self.figure(
                f"{row.key}-staff",
                row.text("staff"),
                missing=_("Isi berapa orang yang mengerjakannya."),
            )
            made["staff"] = stored(people or Decimal(0))
        amount = self.figure(f"{row.key}-amount", row.text("amount"), missing=_("Isi waktunya."))
        unit = self.choice(f"{row.key}-unit", row.text("unit"), AMOUNT_UNITS)
        made[unit] = stored(amount or Decimal(0))
        made["per"] = self.choice(f"{row.key}-per", row.text("per"), PERIODS)
        return made


def _used(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not row.is_removed and not row.is_blank]
