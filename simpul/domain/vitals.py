"""Vital signs: what is impossible, what is unusual at this age, and what a slip probably meant.

Only impossible values are refused; unusual ones warn. Fast breathing of young children follows
IMCI (60 under 2 months, 50 from 2 to 11 months, 40 from 12 to 59 months). The other limits are
proposals of this project that a clinician must confirm before use. Codes are LOINC as the
national exchange uses them; arm and waist have SNOMED CT codes there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from simpul.domain.errors import DomainError, Finding

_ADULT_DAYS = 6575  # 18 years
_TWO_MONTHS_DAYS = 61
_YEAR_DAYS = 366
_FIVE_YEARS_DAYS = 1827
_ADULT_HEIGHT_CHANGE_CM = Decimal(3)
_WEIGHT_CHANGE_SHARE = Decimal("0.20")


@dataclass(frozen=True, slots=True)
class Band:
    """Values outside `low`..`high` are unusual from `from_days` to below `below_days` of age."""

    low: Decimal | None
    high: Decimal | None
    from_days: int = 0
    below_days: int | None = None

    def covers(self, age_days: int) -> bool:
        """Whether this band is for that age."""
        return age_days >= self.from_days and (
            self.below_days is None or age_days < self.below_days
        )


@dataclass(frozen=True, slots=True)
class Vital:
    """One measurement: its code, unit, words and limits."""

    code: str
    system: str
    system_code: str
    unit: str
    label: str
    shown_unit: str
    low: Decimal
    high: Decimal
    bands: tuple[Band, ...] = ()


_LOINC = "http://loinc.org"
_SNOMED = "http://snomed.info/sct"


def _band(low: str, high: str, from_days: int = 0, below_days: int | None = None) -> Band:
    return Band(
        Decimal(low) if low else None, Decimal(high) if high else None, from_days, below_days
    )


VITALS: dict[str, Vital] = {
    vital.code: vital
    for vital in (
        Vital(
            "systolic", _LOINC, "8480-6", "mm[Hg]", "Tensi atas", "mmHg",
            Decimal(30), Decimal(300), (_band("90", "180", _ADULT_DAYS),),
        ),
        Vital(
            "diastolic", _LOINC, "8462-4", "mm[Hg]", "Tensi bawah", "mmHg",
            Decimal(10), Decimal(200), (_band("50", "110", _ADULT_DAYS),),
        ),
        Vital(
            "pulse", _LOINC, "8867-4", "{beats}/min", "Nadi", "x/menit",
            Decimal(20), Decimal(300), (_band("50", "120", _ADULT_DAYS),),
        ),
        Vital(
            "respiratory_rate", _LOINC, "9279-1", "/min", "Napas", "x/menit",
            Decimal(4), Decimal(120),
            (
                _band("", "59", 0, _TWO_MONTHS_DAYS),
                _band("", "49", _TWO_MONTHS_DAYS, _YEAR_DAYS),
                _band("", "39", _YEAR_DAYS, _FIVE_YEARS_DAYS),
                _band("10", "30", _ADULT_DAYS),
            ),
        ),
        Vital(
            "temperature", _LOINC, "8310-5", "Cel", "Suhu", "°C",
            Decimal(30), Decimal(45), (_band("35.5", "38.5"),),
        ),
        Vital(
            "spo2", _LOINC, "59408-5", "%", "SpO2", "%",
            Decimal(30), Decimal(100), (_band("92", ""),),
        ),
        Vital(
            "weight", _LOINC, "29463-7", "kg", "Berat badan", "kg",
            Decimal("0.3"), Decimal(400),
        ),
        Vital(
            "height", _LOINC, "8302-2", "cm", "Tinggi badan", "cm",
            Decimal(20), Decimal(250),
        ),
        Vital(
            "glucose", _LOINC, "74774-1", "mg/dL", "Gula darah", "mg/dL",
            Decimal(10), Decimal(1500), (_band("60", "250", _ADULT_DAYS),),
        ),
        Vital(
            "head_circumference", _LOINC, "9843-4", "cm", "Lingkar kepala", "cm",
            Decimal(15), Decimal(75),
        ),
        Vital(
            "arm_circumference", _SNOMED, "284473002", "cm", "Lingkar lengan atas", "cm",
            Decimal(4), Decimal(70),
        ),
        Vital(
            "waist_circumference", _SNOMED, "276361009", "cm", "Lingkar pinggang", "cm",
            Decimal(20), Decimal(250),
        ),
    )
}  # fmt: skip


def shown(value: Decimal) -> str:
    """A number the Indonesian way: comma, no trailing zeros."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


def check_vitals(
    values: Mapping[str, Decimal],
    age_days: int,
    previous: Mapping[str, Decimal] | None = None,
) -> list[Finding]:
    """Remarks on a row of measurements; `previous` are the values of the last visit."""
    findings: list[Finding] = []
    refused: set[str] = set()
    for code, value in values.items():
        if code not in VITALS:
            raise DomainError("vital_unknown", f"Ukuran «{code}» tidak dikenal.")
        finding = _impossible(VITALS[code], value, age_days)
        if finding:
            refused.add(code)
        else:
            finding = _unusual(VITALS[code], value, age_days)
        if finding:
            findings.append(finding)
    usable = {code: value for code, value in values.items() if code not in refused}
    findings.extend(_pressure(usable))
    findings.extend(_changes(usable, previous or {}, age_days))
    return findings


def _impossible(vital: Vital, value: Decimal, age_days: int) -> Finding | None:
    if value.is_finite() and vital.low <= value <= vital.high:
        return None
    meant = _slipped(vital, value, age_days) if value.is_finite() else None
    if meant is not None:
        message = f"{vital.label} {shown(value)} — maksud Anda {shown(meant)}?"
        return Finding("vital_slip", "refuse", message, vital.code, shown(meant))
    message = (
        f"{vital.label} {shown(value)} di luar yang mungkin "
        f"({shown(vital.low)}–{shown(vital.high)} {vital.shown_unit}). "
        "Periksa ketikan atau ukur ulang."
    )
    return Finding("vital_impossible", "refuse", message, vital.code)


def _slipped(vital: Vital, value: Decimal, age_days: int) -> Decimal | None:
    """The value with its decimal comma one or two places elsewhere, if that is a usual one."""
    # Too large: the comma was left out. Too small: it was put too early (height 1,65 in metres).
    factors = ("0.1", "0.01") if value > vital.high else ("10", "100")
    for factor in factors:
        moved = value * Decimal(factor)
        if vital.low <= moved <= vital.high and _unusual(vital, moved, age_days) is None:
            return moved
    return None


def _unusual(vital: Vital, value: Decimal, age_days: int) -> Finding | None:
    for band in vital.bands:
        if not band.covers(age_days):
            continue
        if band.low is not None and value < band.low:
            word = "rendah"
        elif band.high is not None and value > band.high:
            word = "tinggi"
        else:
            continue
        message = (
            f"{vital.label} {shown(value)} {vital.shown_unit} {word} untuk usianya. Ukur ulang?"
        )
        return Finding("vital_unusual", "warn", message, vital.code)
    return None


def _pressure(values: Mapping[str, Decimal]) -> list[Finding]:
    if "systolic" not in values or "diastolic" not in values:
        return []
    above, below = values["systolic"], values["diastolic"]
    if below < above:
        return []
    message = f"Tensi bawah ({shown(below)}) harus lebih kecil dari tensi atas ({shown(above)})."
    if above == below:
        return [Finding("vital_pressure_order", "refuse", f"{message} Ukur ulang.", "diastolic")]
    meant = f"{shown(below)}/{shown(above)}"
    message = f"{message} Maksud Anda {meant}?"
    return [Finding("vital_pressure_order", "refuse", message, "diastolic", meant)]


def _changes(
    values: Mapping[str, Decimal], previous: Mapping[str, Decimal], age_days: int
) -> list[Finding]:
    """Large steps since the last visit; only for adults, because children grow."""
    if age_days < _ADULT_DAYS:
        return []
    findings = []
    if "height" in values and "height" in previous:
        now, then = values["height"], previous["height"]
        if abs(now - then) > _ADULT_HEIGHT_CHANGE_CM:
            findings.append(_change("height", now, then))
    if "weight" in values and previous.get("weight"):
        now, then = values["weight"], previous["weight"]
        if abs(now - then) / then > _WEIGHT_CHANGE_SHARE:
            findings.append(_change("weight", now, then))
    return findings


def _change(code: str, now: Decimal, then: Decimal) -> Finding:
    vital = VITALS[code]
    message = (
        f"{vital.label} {shown(now)} {vital.shown_unit}, kunjungan lalu {shown(then)}. "
        "Periksa ketikan atau pastikan orangnya."
    )
    return Finding("vital_change", "warn", message, code)


def bmi(weight_kg: Decimal, height_cm: Decimal) -> Decimal:
    """Body mass index in kg/m², one decimal."""
    if weight_kg <= 0 or height_cm <= 0:
        raise DomainError("bmi_range", "IMT memerlukan berat dan tinggi badan di atas nol.")
    metres = height_cm / 100
    return (weight_kg / (metres * metres)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def bmi_class(value: Decimal) -> str:
    """The adult class of a BMI in the Indonesian guide (Kepmenkes 2015/2023)."""
    for below, name in (
        ("18.5", "kurus"),
        ("23", "normal"),
        ("25", "berat badan lebih"),
        ("30", "obesitas I"),
    ):
        if value < Decimal(below):
            return name
    return "obesitas II"
