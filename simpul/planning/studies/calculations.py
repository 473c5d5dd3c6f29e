"""The two calculations as programs ask for them: the fixed input in, the fixed result out.

Used by the API, by the command line and by the pages; keeps nothing and needs no database.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from simpul.domain.cpi import BANDS, DIRECTIONS, Direction, Measure, calculate_cpi, check_bands
from simpul.domain.sensitivity import sensitivity
from simpul.domain.wisn import TIME_UNITS, Study, TimeUnit, calculate
from simpul.planning.studies.input_reading import (
    InputReader,
    NotUnderstood,
    Trouble,
    read_study,
)
from simpul.planning.studies.result_json import cpi_json, finding_json, study_json

MOST_MEASURES = 1000
MOST_BANDS = 20
_SPREAD_LIMIT = 100
_MEASURE = {
    "name", "target", "realisation", "target_unit", "realisation_unit", "unit", "printed",
}  # fmt: skip
_CPI = {"direction", "measures", "bands", *_MEASURE}
_TIME = {"value", "unit"}

__all__ = [
    "NotUnderstood",
    "Trouble",
    "calculate_wisn",
    "cpi_of",
    "read_measures",
    "read_study",
    "wisn_of",
]


def calculate_wisn(study: Study, *, spread: Fraction | None = None) -> dict[str, Any]:
    """Return the result of a study with its sensitivity; raises `Meaningless`."""
    return study_json(calculate(study), sensitivity(study, spread=spread))


def wisn_of(given: object, *, spread: Decimal | None = None) -> dict[str, Any]:
    """Return the result of an input; raises `NotUnderstood` or `Meaningless`.

    `spread` in per cent is for inputs without a range of their own.
    """
    study = read_study(given)
    return calculate_wisn(study, spread=None if spread is None else Fraction(spread) / 100)


def cpi_of(given: object) -> dict[str, Any]:
    """Return the index of one measure or of several; raises `NotUnderstood` or `Meaningless`."""
    direction, measures, bands, reader = read_measures(given)
    results = [cpi_json(calculate_cpi(measure, direction)) for measure in measures]
    return {
        "direction": direction,
        "bands": [{"code": b.code, "label": b.label, "above": b.above} for b in BANDS],
        "results": results,
        "findings": [finding_json(note) for note in (*reader.notes, *check_bands(bands))],
    }


def read_measures(
    given: object,
) -> tuple[Direction, list[Measure], list[tuple[Decimal, Decimal]], InputReader]:
    """Return what an input of `cpi` asks: the way, the measures, printed bands if any."""
    reader = InputReader()
    typed = reader.thing(given, "", _CPI, "CPI")
    direction: Direction = reader.choice(
        typed, "direction", "", DIRECTIONS, "target_over_realisation"
    )
    if "measures" in typed:
        measures = list(
            reader.things(
                typed,
                "measures",
                "",
                MOST_MEASURES,
                lambda value, where, number: _measure(reader, value, where, number),
            )
        )
        if not measures and not reader.troubles:
            reader.trouble("measures", "required", "Isi paling sedikit satu pengukuran.")
    elif typed:
        measures = [_measure(reader, {k: typed[k] for k in typed if k in _MEASURE}, "", 0)]
    else:
        measures = []
        reader.trouble("measures", "required", "Isi target dan realisasi.")
    bands = [
        band
        for band in reader.things(
            typed, "bands", "", MOST_BANDS, lambda value, where, _: _band(reader, value, where)
        )
        if band is not None
    ]
    if reader.troubles:
        raise NotUnderstood(reader.troubles)
    return direction, measures, bands, reader


def _measure(reader: InputReader, given: object, where: str, number: int) -> Measure:
    typed = reader.thing(given, where, _MEASURE, f"pengukuran {number + 1}")
    unit: TimeUnit = reader.choice(typed, "unit", where, TIME_UNITS, "min")
    target, target_unit = _time(reader, typed, "target", where, unit)
    real, real_unit = _time(reader, typed, "realisation", where, unit)
    return Measure(
        name=reader.text(typed, "name", where, f"Pengukuran {number + 1}"),
        target=target,
        realisation=real,
        target_unit=target_unit,
        realisation_unit=real_unit,
        printed=reader.maybe(typed, "printed", where),
    )


def _time(
    reader: InputReader, typed: Mapping[str, Any], name: str, where: str, unit: TimeUnit
) -> tuple[Decimal, TimeUnit]:
    """Return a time: a number with `<name>_unit` or `unit`, or an object with value and unit."""
    value = typed.get(name)
    place = f"{where}.{name}" if where else name
    if isinstance(value, Mapping):
        inner = reader.thing(value, place, _TIME, place)
        own: TimeUnit = reader.choice(inner, "unit", place, TIME_UNITS, unit)
        return reader.number(inner, "value", place), own
    own = reader.choice(typed, f"{name}_unit", where, TIME_UNITS, unit)
    return reader.number(typed, name, where), own


def _band(reader: InputReader, given: object, where: str) -> tuple[Decimal, Decimal] | None:
    if not isinstance(given, list | tuple) or len(given) != 2:
        reader.trouble(where, "type", "Tulis batas bawah dan batas atas, misalnya [61, 80].")
        return None
    low, high = (reader.figure(each, f"{where}.{n}") for n, each in enumerate(given))
    if low is None or high is None:
        reader.trouble(where, "required", "Isi batas bawah dan batas atas.")
        return None
    return low, high
