"""From the fixed input format (JSON) to a study, with every place that cannot be read named.

Whatever may be left out has a default and, where it could change a figure, a finding that says so.
A name that is not known is not an obstacle but is told: it may be a slip of the pen. Free of
Django, so that the command line reads without a database.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from typing import Any, TypeVar, get_args

from simpul.domain.findings import Finding
from simpul.domain.wisn import (
    PERIODS,
    ROUNDINGS,
    STUDY_PLACE,
    TIME_UNITS,
    VARIANTS,
    Activity,
    ActStep,
    Allowance,
    AmountUnit,
    Category,
    Entitlement,
    IndividualAllowance,
    LegalHours,
    Period,
    Printed,
    PrintedFigure,
    Rounding,
    Study,
    TimeUnit,
    UnitTime,
    Variant,
    WorkingTime,
    category_place,
)
from simpul.planning.intake.cells import Unreadable, read_decimal

MOST_CATEGORIES = 200
MOST_ROWS = 500
MOST_STEPS = 100
MOST_LINES = 5000
MOST_PRINTED = 2000
LONGEST_NAME = 200
LARGEST = Decimal(10) ** 12
#: More than a float has, so that a unit changed by a program (440.69 / 60) is read as it comes.
MOST_DECIMALS = 30

_STUDY = {"variant", "rounding", "categories", "name", "year", "printed"}
_CATEGORY = {
    "name", "staff", "working_time", "activities", "allowances", "individual_allowances",
    "minimum_cover",
}  # fmt: skip
_ENTITLEMENT = (
    "working_days", "annual_leave", "training", "public_holidays", "absence", "hours_per_day",
)  # fmt: skip
_WORKING_TIME = {
    *_ENTITLEMENT, "days_per_week", "open_days", "shift_hours", "hours_per_year", "source", "date",
    "days_per_year",
}  # fmt: skip
_ACTIVITY = {
    "name", "unit_time", "volume", "per", "volume_low", "volume_high", "last_year_volume", "steps",
}  # fmt: skip
_UNIT_TIME = {"value", "unit", "low", "high"}
_AMOUNTS: tuple[AmountUnit, ...] = ("hours", "minutes", "percent")
_ALLOWANCE = {"name", *_AMOUNTS, "per"}
_INDIVIDUAL = {*_ALLOWANCE, "staff"}
_STEP = {"name", "value", "unit"}
_PRINTED = {
    "figure", "value", "category", "activity", "unit", "high", "numerator", "denominator", "label",
}  # fmt: skip
_FIGURES: tuple[PrintedFigure, ...] = get_args(PrintedFigure)

Choice = TypeVar("Choice", bound=str)
Made = TypeVar("Made")


@dataclass(frozen=True)
class Trouble:
    """One place that cannot be read: where in the input, a stable code, what to do."""

    where: str
    code: str
    message: str


class NotUnderstood(ValueError):
    """An input that cannot be read; all its troubles at once."""

    def __init__(self, troubles: Iterable[Trouble]) -> None:
        self.troubles = tuple(troubles)
        super().__init__("; ".join(f"{each.where}: {each.message}" for each in self.troubles))


def read_study(given: object) -> Study:
    """Return the study an input describes; NotUnderstood names every place that does not."""
    reader = InputReader()
    study = _study(reader, given)
    if reader.troubles:
        raise NotUnderstood(reader.troubles)
    return study


@dataclass
class InputReader:
    """Reads values out of JSON, keeping what is wrong and what is doubtful."""

    troubles: list[Trouble] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def trouble(self, where: str, code: str, message: str) -> None:
        """Keep one trouble."""
        self.troubles.append(Trouble(where, code, message))

    def thing(
        self, given: object, where: str, known: Iterable[str], place: str
    ) -> Mapping[str, Any]:
        """Return an object; names it should not have are told as findings."""
        if not isinstance(given, Mapping):
            self.trouble(where, "type", "Tulis sebagai objek JSON.")
            return {}
        for name in given:
            if name not in known:
                shown = " ".join(str(name)[:60].split())
                self.notes.append(
                    Finding(
                        "unknown_field",
                        "info",
                        place,
                        f"Isian “{shown}” tidak dikenal, jadi tidak dihitung. Periksa ejaannya.",
                    )
                )
        return given

    def things(
        self,
        given: Mapping[str, Any],
        name: str,
        where: str,
        most: int,
        make: Callable[[object, str, int], Made],
    ) -> tuple[Made, ...]:
        """Return each element of a list, made; nothing when the list is left out."""
        values = given.get(name)
        place = f"{where}.{name}" if where else name
        if values is None:
            return ()
        if not isinstance(values, list | tuple):
            self.trouble(place, "type", "Tulis sebagai daftar.")
            return ()
        if len(values) > most:
            self.trouble(place, "too_long", f"Terlalu banyak: paling banyak {most}.")
            return ()
        return tuple(make(each, f"{place}.{n}", n) for n, each in enumerate(values))

    def number(
        self, given: Mapping[str, Any], name: str, where: str, default: Decimal | None = None
    ) -> Decimal:
        """Return a number that must be there, unless there is a default."""
        value = self.maybe(given, name, where)
        if value is not None:
            return value
        if default is None and given.get(name) in (None, ""):
            self.trouble(_at(where, name), "required", "Bagian ini perlu diisi dengan angka.")
        return Decimal(0) if default is None else default

    def maybe(self, given: Mapping[str, Any], name: str, where: str) -> Decimal | None:
        """Return a number, or None where nothing is given."""
        return self.figure(given.get(name), _at(where, name))

    def figure(self, value: object, where: str) -> Decimal | None:
        """Return one value as a number, telling what is wrong with it."""
        if value is None or value == "":
            return None
        try:
            number = read_decimal(value) if isinstance(value, int | float | str | Decimal) else None
        except Unreadable:
            number = None
        if number is None and _is_number(value):
            self._out_of_range(where)
            return None
        if number is None:
            self.trouble(where, "type", "Tulis angka.")
            return None
        exponent = number.as_tuple().exponent
        if (
            abs(number) > LARGEST
            or not isinstance(exponent, int)
            or (-exponent > MOST_DECIMALS and number != round(number, MOST_DECIMALS))
        ):
            self._out_of_range(where)
            return None
        return number

    def _out_of_range(self, where: str) -> None:
        self.trouble(
            where,
            "out_of_range",
            f"Angka ini di luar batas: paling besar 1.000.000.000.000 dan {MOST_DECIMALS} "
            "angka di belakang koma.",
        )

    def choice(
        self,
        given: Mapping[str, Any],
        name: str,
        where: str,
        choices: tuple[Choice, ...],
        default: Choice,
    ) -> Choice:
        """Return one of the known words."""
        value = given.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, str) and value in choices:
            return value
        self.trouble(_at(where, name), "unknown", f"Pilih salah satu: {', '.join(choices)}.")
        return default

    def text(self, given: Mapping[str, Any], name: str, where: str, default: str = "") -> str:
        """Return a short text on one line."""
        value = given.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            self.trouble(_at(where, name), "type", "Tulis sebagai teks.")
            return default
        if len(value) > LONGEST_NAME:
            self.trouble(
                _at(where, name), "too_long", f"Terlalu panjang: paling banyak {LONGEST_NAME}."
            )
            return default
        return " ".join(value.split()) or default


def _is_number(value: object) -> bool:
    """Is this a number after all, only larger or finer than any that is read?"""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return isinstance(value, int) or isfinite(value)


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _study(reader: InputReader, given: object) -> Study:
    typed = reader.thing(given, "", _STUDY, STUDY_PLACE)
    if isinstance(given, Mapping) and not typed.get("categories"):
        reader.trouble("categories", "required", "Isi paling sedikit satu kategori tenaga.")
    variant: Variant = reader.choice(typed, "variant", "", VARIANTS, "who_wisn")
    rounding: Rounding = reader.choice(typed, "rounding", "", ROUNDINGS, "who")
    if not typed.get("variant"):
        reader.notes.append(
            Finding(
                "variant_assumed",
                "warning",
                STUDY_PLACE,
                "Cara menghitung tidak ditulis; dipakai WISN WHO. Cara lain memberi hasil lain.",
                variant,
            )
        )
    year = reader.maybe(typed, "year", "")
    categories = reader.things(
        typed, "categories", "", MOST_CATEGORIES, lambda *one: _category(reader, *one)
    )
    _limit_lines(reader, categories)
    return Study(
        categories=categories,
        variant=variant,
        rounding=rounding,
        name=reader.text(typed, "name", ""),
        year=None if year is None else int(year),
        printed=reader.things(
            typed, "printed", "", MOST_PRINTED, lambda *one: _printed(reader, *one)
        ),
        notes=tuple(reader.notes),
    )


def _limit_lines(reader: InputReader, categories: tuple[Category, ...]) -> None:
    """Refuse what no study is, so that one request cannot keep a small server busy."""
    lines = sum(
        len(each.activities)
        + len(each.allowances)
        + len(each.individual_allowances)
        + sum(len(activity.steps) for activity in each.activities)
        for each in categories
    )
    if lines > MOST_LINES:
        reader.trouble(
            "categories", "too_long", f"{lines} baris terlalu banyak: paling banyak {MOST_LINES}."
        )


def _category(reader: InputReader, given: object, where: str, number: int) -> Category:
    name = _name(given, f"Kategori {number + 1}")
    place = category_place(name)
    typed = reader.thing(given, where, _CATEGORY, place)
    if typed.get("staff") in (None, ""):
        reader.notes.append(
            Finding(
                "staff_assumed",
                "warning",
                place,
                "Jumlah tenaga yang ada belum diisi; dihitung sebagai 0, jadi selisih dan rasionya "
                "belum berarti.",
            )
        )
    return Category(
        name=reader.text(typed, "name", where, name),
        staff=reader.number(typed, "staff", where, Decimal(0)),
        working_time=_working_time(
            reader, typed.get("working_time"), f"{where}.working_time", place
        ),
        activities=reader.things(
            typed, "activities", where, MOST_ROWS, lambda *one: _activity(reader, place, *one)
        ),
        allowances=reader.things(
            typed, "allowances", where, MOST_ROWS, lambda *one: _allowance(reader, place, *one)
        ),
        individual_allowances=reader.things(
            typed,
            "individual_allowances",
            where,
            MOST_ROWS,
            lambda *one: _individual(reader, place, *one),
        ),
        minimum_cover=reader.number(typed, "minimum_cover", where, Decimal(0)),
    )


def _name(given: object, default: str) -> str:
    name = given.get("name") if isinstance(given, Mapping) else None
    return " ".join(name[:LONGEST_NAME].split()) or default if isinstance(name, str) else default


def _working_time(reader: InputReader, given: object, where: str, place: str) -> WorkingTime | None:
    if given is None or given == {}:
        return None
    typed = reader.thing(given, where, _WORKING_TIME, f"{place} › waktu kerja")
    open_days = reader.maybe(typed, "open_days", where)
    if typed.get("hours_per_year") not in (None, ""):
        if any(typed.get(name) not in (None, "") for name in _ENTITLEMENT):
            reader.notes.append(
                Finding(
                    "working_time_twice",
                    "warning",
                    f"{place} › waktu kerja",
                    "Jam setahun dan hari kerja diisi bersamaan; yang dipakai jam setahun. "
                    "Kosongkan salah satunya.",
                )
            )
        return LegalHours(
            hours_per_year=reader.number(typed, "hours_per_year", where),
            source=reader.text(typed, "source", where),
            date=reader.text(typed, "date", where),
            days_per_year=reader.maybe(typed, "days_per_year", where),
            open_days=open_days,
        )
    optional = {name: reader.number(typed, name, where, Decimal(0)) for name in _ENTITLEMENT[1:5]}
    return Entitlement(
        working_days=reader.number(typed, "working_days", where),
        hours_per_day=reader.number(typed, "hours_per_day", where),
        days_per_week=reader.maybe(typed, "days_per_week", where),
        open_days=open_days,
        shift_hours=tuple(
            hours
            for hours in reader.things(
                typed, "shift_hours", where, 24, lambda value, at, _: reader.figure(value, at)
            )
            if hours is not None
        ),
        **optional,
    )


def _unit_time(reader: InputReader, given: object, where: str, place: str) -> UnitTime:
    if not isinstance(given, Mapping):
        if given is None:
            reader.trouble(where, "required", "Isi waktu satu kegiatan dengan satuannya.")
            return UnitTime(Decimal(1))
        return UnitTime(reader.figure(given, where) or Decimal(0), "min", is_assumed=True)
    typed = reader.thing(given, where, _UNIT_TIME, place)
    unit: TimeUnit = reader.choice(typed, "unit", where, TIME_UNITS, "min")
    return UnitTime(
        value=reader.number(typed, "value", where),
        unit=unit,
        low=reader.maybe(typed, "low", where),
        high=reader.maybe(typed, "high", where),
        is_assumed=typed.get("unit") in (None, ""),
    )


def _activity(
    reader: InputReader, category: str, given: object, where: str, number: int
) -> Activity:
    name = _name(given, f"Kegiatan {number + 1}")
    place = f"{category} › kegiatan {name}"
    typed = reader.thing(given, where, _ACTIVITY, place)
    per: Period = reader.choice(typed, "per", where, PERIODS, "year")
    return Activity(
        name=reader.text(typed, "name", where, name),
        unit_time=_unit_time(reader, typed.get("unit_time"), f"{where}.unit_time", place),
        volume=reader.number(typed, "volume", where),
        per=per,
        volume_low=reader.maybe(typed, "volume_low", where),
        volume_high=reader.maybe(typed, "volume_high", where),
        last_year_volume=reader.maybe(typed, "last_year_volume", where),
        steps=reader.things(
            typed, "steps", where, MOST_STEPS, lambda *one: _step(reader, place, *one)
        ),
        per_is_assumed=typed.get("per") in (None, ""),
    )


def _step(reader: InputReader, place: str, given: object, where: str, number: int) -> ActStep:
    typed = reader.thing(given, where, _STEP, place)
    unit: TimeUnit = reader.choice(typed, "unit", where, ("s", "min", "h"), "s")
    return ActStep(
        reader.text(typed, "name", where, f"Langkah {number + 1}"),
        reader.number(typed, "value", where),
        unit,
    )


def _amount(
    reader: InputReader, typed: Mapping[str, Any], where: str, place: str
) -> tuple[Decimal, AmountUnit, Period]:
    per: Period = reader.choice(typed, "per", where, PERIODS, "year")
    units = [unit for unit in _AMOUNTS if typed.get(unit) not in (None, "")]
    if len(units) != 1:
        reader.trouble(
            _at(where, units[1] if units else "hours"),
            "required" if not units else "one_only",
            "Isi salah satu saja: hours, minutes, atau percent.",
        )
        return Decimal(0), "hours", per
    unit = units[0]
    if unit != "percent" and typed.get("per") in (None, ""):
        reader.notes.append(
            Finding(
                "period_assumed",
                "warning",
                place,
                "Kurun kelonggaran tidak ditulis; dibaca sebagai per tahun.",
                "per tahun",
            )
        )
    return reader.number(typed, unit, where), unit, per


def _allowance(
    reader: InputReader, category: str, given: object, where: str, number: int
) -> Allowance:
    name = _name(given, f"Kelonggaran {number + 1}")
    place = f"{category} › kelonggaran {name}"
    typed = reader.thing(given, where, _ALLOWANCE, place)
    amount, unit, per = _amount(reader, typed, where, place)
    return Allowance(reader.text(typed, "name", where, name), amount, unit, per)


def _individual(
    reader: InputReader, category: str, given: object, where: str, number: int
) -> IndividualAllowance:
    name = _name(given, f"Kelonggaran perorangan {number + 1}")
    place = f"{category} › kelonggaran {name}"
    typed = reader.thing(given, where, _INDIVIDUAL, place)
    amount, unit, per = _amount(reader, typed, where, place)
    return IndividualAllowance(
        reader.text(typed, "name", where, name),
        reader.number(typed, "staff", where, Decimal(1)),
        amount,
        unit,
        per,
    )


def _printed(reader: InputReader, given: object, where: str, number: int) -> Printed:
    typed = reader.thing(given, where, _PRINTED, f"{STUDY_PLACE} › angka tercetak {number + 1}")
    if not typed.get("figure"):
        reader.trouble(f"{where}.figure", "required", f"Pilih salah satu: {', '.join(_FIGURES)}.")
    figure: PrintedFigure = reader.choice(typed, "figure", where, _FIGURES, "quotient")
    return Printed(
        figure=figure,
        value=reader.number(typed, "value", where),
        category=reader.text(typed, "category", where),
        activity=reader.text(typed, "activity", where),
        unit=reader.text(typed, "unit", where),
        high=reader.maybe(typed, "high", where),
        numerator=reader.maybe(typed, "numerator", where),
        denominator=reader.maybe(typed, "denominator", where),
        label=reader.text(typed, "label", where),
    )
