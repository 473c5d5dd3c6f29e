"""Charge Performance Index of service times: target against realisation, each way by its name.

The study this comes from defines realisation / target and computes target / realisation; both are
given, never one under the other's name. The rule behind the index (Kepmendagri 690.900/1996, on
retribution revenue; Sidik 1994) is known only through that study and is marked unverified. The
official formula for "lower is better" is (1 + (1 - realisation / target)) x 100, as the
performance rules of the ministry of state apparatus print it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from simpul.domain.findings import Finding, Meaningless
from simpul.domain.wisn import TimeUnit, minutes
from simpul.domain.wisn.printed import agrees
from simpul.domain.wisn.units import TIME_UNIT_LABELS
from simpul.domain.wisn.wording import figure, short

Direction = Literal["target_over_realisation", "realisation_over_target", "lower_is_better"]


@dataclass(frozen=True)
class Way:
    """One named way of computing the index."""

    code: Direction
    label: str
    source: str
    is_verified: bool


WAYS: dict[Direction, Way] = {
    "target_over_realisation": Way(
        "target_over_realisation",
        "target ÷ realisasi",
        "hitungan CPI pada kajian waktu pelayanan; dasar aturannya belum diperiksa",
        is_verified=False,
    ),
    "realisation_over_target": Way(
        "realisation_over_target",
        "realisasi ÷ target",
        "definisi CPI (Sidik 1994) untuk penerimaan; dasar aturannya belum diperiksa",
        is_verified=False,
    ),
    "lower_is_better": Way(
        "lower_is_better",
        "rumus resmi “makin rendah makin baik”",
        "aturan kinerja PAN-RB: (1 + (1 − realisasi ÷ target)) × 100",
        is_verified=True,
    ),
}
DIRECTIONS: tuple[Direction, ...] = tuple(WAYS)
UNREALISTIC = 150


@dataclass(frozen=True)
class Band:
    """Per cent above `above`, up to and with the next band's edge; the last has no lower edge."""

    code: str
    label: str
    above: int | None


BANDS: tuple[Band, ...] = (
    Band("very_effective", "sangat efektif", 100),
    Band("effective", "efektif", 90),
    Band("fairly_effective", "cukup efektif", 80),
    Band("less_effective", "kurang efektif", 60),
    Band("not_effective", "tidak efektif", None),
)


@dataclass(frozen=True)
class Measure:
    """One activity's target and realised time, each in its unit; `printed` per cents if any."""

    name: str
    target: Decimal
    realisation: Decimal
    target_unit: TimeUnit = "min"
    realisation_unit: TimeUnit = "min"
    printed: Decimal | None = None


@dataclass(frozen=True)
class CpiResult:
    """The index by the chosen way and by all three, with its band."""

    name: str
    direction: Direction
    percent: Fraction
    band: Band
    by_way: dict[Direction, Fraction]
    sentence: str
    findings: tuple[Finding, ...]


def calculate_cpi(measure: Measure, direction: Direction = "target_over_realisation") -> CpiResult:
    """Compute the index; refused when target or realisation is not above zero."""
    for word, value in (("Target", measure.target), ("Realisasi", measure.realisation)):
        if value <= 0:
            raise Meaningless(
                "time_zero", measure.name, f"{word} {short(value)} harus lebih dari nol."
            )
    target = minutes(measure.target, measure.target_unit)
    real = minutes(measure.realisation, measure.realisation_unit)
    by_way: dict[Direction, Fraction] = {
        "target_over_realisation": target / real * 100,
        "realisation_over_target": real / target * 100,
        "lower_is_better": (2 - real / target) * 100,
    }
    chosen = by_way[direction]
    return CpiResult(
        name=measure.name,
        direction=direction,
        percent=chosen,
        band=band_of(chosen),
        by_way=by_way,
        sentence=_sentence(measure, direction, target, real, chosen),
        findings=tuple(_findings(measure, direction, by_way)),
    )


def band_of(percent: Fraction) -> Band:
    """Return the half-open band: above 100, (90, 100], (80, 90], (60, 80], up to 60."""
    for band in BANDS:
        if band.above is None or percent > band.above:
            return band
    raise AssertionError("the last band has no lower edge")


def check_bands(bands: Sequence[tuple[Decimal, Decimal]]) -> tuple[Finding, ...]:
    """Return the holes and overlaps of printed closed bands (low, high), e.g. 61-80 and 81-90."""
    found = []
    ordered = sorted(bands)
    for (_, high), (low, _) in pairwise(ordered):
        if low == high:
            continue
        word = "tidak masuk golongan mana pun" if low > high else "masuk dua golongan"
        edge = max(low, high) if low > high else high
        found.append(
            Finding(
                "bands_have_holes" if low > high else "bands_overlap",
                "error",
                "kriteria efektivitas",
                f"Nilai antara {short(min(low, high))} dan {short(max(low, high))} {word}.",
                "di atas 100; 90–100; 80–90; 60–80; sampai 60 (batas atas ikut golongannya)"
                if edge
                else "",
            )
        )
    return tuple(found)


def _sentence(
    measure: Measure, direction: Direction, target: Fraction, real: Fraction, chosen: Fraction
) -> str:
    shown_target = f"{short(measure.target)} {TIME_UNIT_LABELS[measure.target_unit]}"
    shown_real = f"{short(measure.realisation)} {TIME_UNIT_LABELS[measure.realisation_unit]}"
    if measure.target_unit != measure.realisation_unit:
        shown_target += f" (= {short(target)} menit)"
        shown_real += f" (= {short(real)} menit)"
    per_cent = f"{figure(chosen, 2)} %"
    ways = {
        "target_over_realisation": f"target {shown_target} ÷ realisasi {shown_real} × 100",
        "realisation_over_target": f"realisasi {shown_real} ÷ target {shown_target} × 100",
        "lower_is_better": f"(1 + (1 − {shown_real} ÷ {shown_target})) × 100",
    }
    return f"{ways[direction]} = {per_cent} ({band_of(chosen).label})."


def _findings(
    measure: Measure, direction: Direction, by_way: dict[Direction, Fraction]
) -> list[Finding]:
    found = []
    speed = by_way["target_over_realisation"]
    if speed > UNREALISTIC or by_way[direction] > UNREALISTIC:
        found.append(
            Finding(
                "target_unrealistic",
                "warning",
                measure.name,
                f"Waktu nyata jauh dari target (target ÷ realisasi {figure(speed, 2)} %). Ini "
                "menunjukkan target yang tidak masuk akal, bukan tenaga yang luar biasa. Tetapkan "
                "target menurut hasil ukur."
                if speed > UNREALISTIC
                else f"Waktu nyata jauh melebihi target (realisasi ÷ target "
                f"{figure(by_way['realisation_over_target'], 2)} %); nilai di atas 100 di sini "
                "berarti lebih lambat. Periksa targetnya.",
                f"target sekitar {short(measure.realisation)} "
                f"{TIME_UNIT_LABELS[measure.realisation_unit]}",
            )
        )
    if direction == "realisation_over_target":
        found.append(
            Finding(
                "direction_inverse",
                "info",
                measure.name,
                "Untuk waktu pelayanan, realisasi ÷ target naik bila pelayanan melambat, jadi "
                "golongan “efektif” berlaku terbalik.",
                f"{figure(speed, 2)} % (target ÷ realisasi)",
            )
        )
    if measure.printed is not None and not agrees(measure.printed, by_way[direction]):
        found.append(_printed(measure, measure.printed, direction, by_way))
    return found


def _printed(
    measure: Measure,
    printed: Decimal,
    direction: Direction,
    by_way: dict[Direction, Fraction],
) -> Finding:
    right = f"{figure(by_way[direction], 2)} %"
    for way, value in by_way.items():
        if way != direction and agrees(printed, value):
            return Finding(
                "printed_other_way",
                "error",
                measure.name,
                f"{short(printed)} % adalah {WAYS[way].label}, bukan {WAYS[direction].label}.",
                right,
            )
    return Finding(
        "printed_differs",
        "error",
        measure.name,
        f"Tercetak {short(printed)} %, seharusnya {right}",
        right,
    )
