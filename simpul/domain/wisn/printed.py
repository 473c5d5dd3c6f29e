"""Figures as a published study prints them against the recomputed ones, with the likely cause.

A printed figure is right when it agrees within half a unit of its last decimal; a standard
workload, made from a unit time that was itself rounded, within 1 %.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from simpul.domain.findings import Finding
from simpul.domain.wisn.results import ActivityResult, CategoryResult, StudyResult
from simpul.domain.wisn.rounding import ROUNDING_RULES, round_posts
from simpul.domain.wisn.study import (
    STUDY_PLACE,
    Category,
    Entitlement,
    Printed,
    Study,
    activity_place,
    category_place,
    working_time_place,
)
from simpul.domain.wisn.units import TimeUnit, minutes
from simpul.domain.wisn.wording import figure, short

_NEAR = Fraction(1, 100)
_TIME_WORDS = ("jam", "menit", "detik", "hour", "minute")
_INPUTS = {
    "working_days": "hari kerja",
    "annual_leave": "cuti",
    "training": "pendidikan",
    "public_holidays": "libur nasional",
    "absence": "ketidakhadiran",
    "hours_per_day": "jam per hari",
}
_PRINTED_UNITS: dict[str, TimeUnit] = {
    "s": "s", "detik": "s", "min": "min", "menit": "min", "h": "h", "jam": "h",
}  # fmt: skip
_LABELS = {
    "days": "hari",
    "hours": "jam",
    "minutes": "menit",
}


def check_printed(study: Study, result: StudyResult) -> tuple[Finding, ...]:
    """Return what a study's printed figures get wrong."""
    found: list[Finding] = []
    for category, computed in zip(study.categories, result.categories, strict=True):
        mine = [each for each in study.printed if each.category == category.name]
        found += _category(category, computed, mine, result)
    found += _whole(study, result)
    known = {category.name for category in study.categories} | {""}
    for each in study.printed:
        if each.category not in known:
            found.append(
                Finding(
                    "printed_place_unknown",
                    "info",
                    category_place(each.category),
                    "Angka tercetak ini menyebut kategori yang tidak ada dalam kajian.",
                )
            )
    return tuple(found)


def agrees(printed: Decimal, right: Fraction) -> bool:
    """Whether a printed figure is the right one to the decimals it is printed with."""
    exponent = printed.as_tuple().exponent
    half = Fraction(Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)) / 2
    return abs(Fraction(printed) - right) <= half


def is_near(printed: Fraction, right: Fraction) -> bool:
    """Whether two figures agree within 1 %."""
    return right != 0 and abs(printed / right - 1) <= _NEAR


def _category(
    category: Category, computed: CategoryResult, printed: Sequence[Printed], result: StudyResult
) -> Iterator[Finding]:
    yield from _inputs(category, computed, printed)
    yield from _times(computed, printed)
    yield from _standards(computed, printed)
    yield from _sums(computed, printed, result)
    yield from _allowance(computed, printed)
    yield from _needs(computed, printed)
    yield from _posts(computed, printed, result)
    yield from _quotients(printed)


def _of(printed: Sequence[Printed], *figures: str) -> list[Printed]:
    return [each for each in printed if each.figure in figures]


def _time_text(computed: CategoryResult) -> str:
    time = computed.available
    return f"{short(time.days)} hari, {short(time.hours)} jam, {short(time.minutes)} menit"


def _inputs(
    category: Category, computed: CategoryResult, printed: Sequence[Printed]
) -> Iterator[Finding]:
    given = category.working_time
    if not isinstance(given, Entitlement):
        return
    for each in _of(printed, *_INPUTS):
        used: Decimal = getattr(given, each.figure)
        if each.value == used:
            continue
        yield Finding(
            "printed_input_differs",
            "error",
            working_time_place(category.name),
            f"Tercetak {_INPUTS[each.figure]} {short(each.value)}, rumusnya memakai {short(used)}. "
            f"Dengan {short(used)}: {_time_text(computed)}.",
            _with_input(given, each),
        )


def _with_input(given: Entitlement, each: Printed) -> str:
    values = {name: Fraction(getattr(given, name)) for name in _INPUTS}
    values[each.figure] = Fraction(each.value)
    hours_a_day = values.pop("hours_per_day")
    days = 2 * values["working_days"] - sum(values.values(), Fraction(0))
    return (
        f"dengan {short(each.value)}: {short(days)} hari, {short(days * hours_a_day)} jam, "
        f"{short(days * hours_a_day * 60)} menit"
    )


def _times(computed: CategoryResult, printed: Sequence[Printed]) -> Iterator[Finding]:
    where = working_time_place(computed.name)
    right = {
        "days": computed.available.days,
        "hours": computed.available.hours,
        "minutes": computed.available.minutes,
    }
    for each in _of(printed, *right):
        if not agrees(each.value, right[each.figure]):
            unit = _LABELS[each.figure]
            yield Finding(
                "printed_time_differs",
                "error",
                where,
                f"Waktu kerja tercetak {short(each.value)} {unit}, seharusnya "
                f"{short(right[each.figure])} {unit}.",
                f"{short(right[each.figure])} {unit}",
            )
    for hours in _of(printed, "hours"):
        for whole in _of(printed, "minutes"):
            if hours.value * 60 != whole.value:
                yield Finding(
                    "printed_times_disagree",
                    "error",
                    where,
                    f"{short(hours.value)} jam adalah {short(hours.value * 60)} menit, bukan "
                    f"{short(whole.value)} menit: satu tabel memakai dua perhitungan.",
                    _time_text(computed),
                )


def _standards(computed: CategoryResult, printed: Sequence[Printed]) -> Iterator[Finding]:
    for each, activity in _by_activity(computed, printed, "unit_time"):
        unit = _PRINTED_UNITS.get(each.unit.strip().casefold(), "min")
        right = activity.minutes / minutes(Decimal(1), unit)
        if not agrees(each.value, right):
            yield _differs(activity.where, "Waktu per kegiatan", each, right, each.unit or "menit")
    for each, activity in _by_activity(computed, printed, "standard_workload"):
        right = activity.standard_workload
        corrected = f"{figure(right)} kegiatan per orang per tahun"
        value = Fraction(each.value)
        if is_near(value * 60, right):
            yield Finding(
                "sbk_unit",
                "error",
                activity.where,
                f"Standar beban kerja {short(each.value)} adalah jam dibagi menit, 60 kali terlalu "
                f"kecil. {activity.standard_sentence}",
                corrected,
            )
        elif is_near(value / 60, right):
            yield Finding(
                "sbk_unit",
                "error",
                activity.where,
                f"Standar beban kerja {short(each.value)} 60 kali terlalu besar: menit dibagi jam. "
                f"{activity.standard_sentence}",
                corrected,
            )
        elif not is_near(value, right):
            yield _differs(activity.where, "Standar beban kerja", each, right, "kegiatan", places=0)
        if any(word in each.unit.casefold() for word in _TIME_WORDS):
            yield Finding(
                "sbk_label",
                "error",
                activity.where,
                f"Standar beban kerja diberi satuan “{each.unit}”; satuannya kegiatan per orang "
                "per tahun.",
                corrected,
            )


def _by_activity(
    computed: CategoryResult, printed: Sequence[Printed], which: str
) -> Iterator[tuple[Printed, ActivityResult]]:
    for each in _of(printed, which):
        for activity in computed.activities:
            if activity.name == each.activity:
                yield each, activity


def _differs(
    where: str, what: str, each: Printed, right: Fraction, unit: str, places: int = 2
) -> Finding:
    return Finding(
        "printed_differs",
        "error",
        where,
        f"{what} tercetak {short(each.value, 4)}, seharusnya {short(right, places)} {unit}.",
        f"{short(right, places)} {unit}",
    )


def _sums(
    computed: CategoryResult, printed: Sequence[Printed], result: StudyResult
) -> Iterator[Finding]:
    for each in _of(printed, "standard_workload_sum"):
        needs = ", ".join(
            f"{row.name} {short(row.required_fte, 3)} orang" for row in result.categories
        )
        yield Finding(
            "sbk_summed",
            "error",
            computed.where,
            f"{short(each.value)} adalah jumlah standar beban kerja. Itu kemampuan satu orang "
            "untuk kegiatan yang berlainan, jadi jumlahnya bukan beban dan tidak dapat "
            "dibandingkan.",
            f"bandingkan kebutuhannya: {needs}",
        )


def _allowance(computed: CategoryResult, printed: Sequence[Printed]) -> Iterator[Finding]:
    where = f"{computed.where} › kelonggaran"
    right = computed.allowance.share
    for each in _of(printed, "allowance_share"):
        if not agrees(each.value, right):
            hours = sum((line.hours_per_year for line in computed.allowance.lines), Fraction(0))
            yield Finding(
                "allowance_wrong",
                "error",
                where,
                f"Standar kelonggaran tercetak {short(each.value, 4)}, seharusnya {short(hours)} "
                f"jam ÷ {short(computed.available.hours)} jam = {figure(right, 4)}.",
                figure(right, 4),
            )
        if any(word in each.unit.casefold() for word in _TIME_WORDS):
            yield Finding(
                "allowance_label",
                "error",
                where,
                f"Standar kelonggaran diberi satuan “{each.unit}”; ini bagian dari waktu satu "
                "orang, tanpa satuan.",
                f"{figure(right, 4)} (bagian dari waktu kerja)",
            )


def _needs(computed: CategoryResult, printed: Sequence[Printed]) -> Iterator[Finding]:
    pairs = list(_by_activity(computed, printed, "required_fte"))
    corrected = f"{short(computed.required_fte, 3)} orang"
    if _is_repeated(computed, pairs, printed):
        total = sum((each.value for each, _ in pairs), Decimal(0))
        yield Finding(
            "allowance_per_activity",
            "error",
            computed.where,
            f"Kelonggaran ditambahkan pada tiap kegiatan ({len(pairs)} kali), sehingga tercetak "
            f"{short(total)} orang. Kelonggaran dihitung satu kali untuk satu kategori.",
            corrected,
        )
    elif _is_rounded_up(pairs):
        total = sum((each.value for each, _ in pairs), Decimal(0))
        yield Finding(
            "activities_rounded",
            "error",
            computed.where,
            f"Tiap kegiatan dibulatkan ke atas sendiri-sendiri menjadi {short(total)} orang. "
            "Jumlahkan dulu, bulatkan terakhir.",
            corrected,
        )
    else:
        for each, activity in pairs:
            if not agrees(each.value, activity.required_fte):
                yield _differs(activity.where, "Kebutuhan", each, activity.required_fte, "orang")
    for each in _of(printed, "required_fte"):
        if not each.activity and not agrees(each.value, computed.required_fte):
            yield _differs(
                computed.where, "Kebutuhan", each, computed.required_fte, "orang", places=3
            )


def _is_repeated(
    computed: CategoryResult,
    pairs: list[tuple[Printed, ActivityResult]],
    printed: Sequence[Printed],
) -> bool:
    """Whether the printed needs exceed the computed ones by one allowance each."""
    if len(pairs) < 2:
        return False
    shares = [Fraction(each.value) for each in _of(printed, "allowance_share")]
    return any(
        share > 0 and all(agrees(each.value, row.required_fte + share) for each, row in pairs)
        for share in (*shares, computed.allowance.share)
    )


def _is_rounded_up(pairs: list[tuple[Printed, ActivityResult]]) -> bool:
    whole = [
        each.value == round_posts(row.required_fte, "up") and each.value != row.required_fte
        for each, row in pairs
    ]
    return len(whole) > 1 and all(whole)


def _posts(
    computed: CategoryResult, printed: Sequence[Printed], result: StudyResult
) -> Iterator[Finding]:
    own = [each.value for each in _of(printed, "required_fte") if not each.activity]
    for each in _of(printed, "required_staff"):
        if each.activity:
            continue
        if own and each.value != round_posts(Fraction(own[0]), result.rounding):
            yield _rounded_wrong(computed.where, each, own[0], computed.required_fte, result)
        elif each.value != computed.required_staff:
            yield _differs(
                computed.where, "Tenaga", each, Fraction(computed.required_staff), "orang"
            )
    for each in _of(printed, "difference"):
        if each.value != computed.difference:
            yield _differs(computed.where, "Selisih", each, computed.difference, "orang")


def _rounded_wrong(
    where: str, each: Printed, fte: Decimal, right: Fraction, result: StudyResult
) -> Finding:
    rule = result.rounding
    posts = round_posts(right, rule)
    return Finding(
        "rounding_wrong",
        "error",
        where,
        f"{short(fte)} dibulatkan menjadi {short(each.value)}; {ROUNDING_RULES[rule].label} "
        f"memberi {round_posts(Fraction(fte), rule)}.",
        f"{short(right)} → {posts} orang",
    )


def _whole(study: Study, result: StudyResult) -> Iterator[Finding]:
    mine = [each for each in study.printed if not each.category]
    total = result.totals.required_fte
    needs = [each.value for each in _of(mine, "required_fte")]
    for each in _of(mine, "required_fte"):
        if not agrees(each.value, total):
            yield _differs(STUDY_PLACE, "Kebutuhan seluruhnya", each, total, "orang")
    for each in _of(mine, "required_staff"):
        if needs and each.value != round_posts(Fraction(needs[0]), result.rounding):
            yield _rounded_wrong(STUDY_PLACE, each, needs[0], total, result)
        elif not needs and each.value != result.totals.required_staff:
            yield _differs(
                STUDY_PLACE, "Tenaga", each, Fraction(result.totals.required_staff), "orang"
            )
    yield from _quotients(mine)


def _quotients(printed: Sequence[Printed]) -> Iterator[Finding]:
    for each in _of(printed, "quotient"):
        if each.numerator is None or not each.denominator:
            continue
        right = Fraction(each.numerator) / Fraction(each.denominator)
        inside = each.high is not None and each.value <= right <= each.high
        if inside or (each.high is None and agrees(each.value, right)):
            continue
        shown = short(each.value, 4)
        if each.high is not None:
            shown += f"–{short(each.high, 4)}"
        place = (
            activity_place(each.category, each.activity)
            if each.activity
            else (category_place(each.category) if each.category else STUDY_PLACE)
        )
        yield Finding(
            "arithmetic",
            "error",
            f"{place} › {each.label}" if each.label else place,
            f"Tercetak {shown} {each.unit}".rstrip()
            + f", padahal {short(each.numerator)} ÷ {short(each.denominator)} = {short(right)}.",
            f"{short(right)} {each.unit}".rstrip(),
        )
