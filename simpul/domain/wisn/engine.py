"""The calculation of a study: one engine for the four variants, exact until the last rounding.

Standard workload = working time / time of one act, in acts per person-year (WHO manual step 4;
Kepmenkes 81/2004 step 3; ABK-Kes step 4). Workload FTE = sum of volume / standard workload. Then
- WHO:           x CAF = 1 / (1 - sum of shares), + IAF;
- Kepmenkes 81:  + SK = sum of shares, once per category, work of some members counted with it;
- ABK-Kes:       x STP = 1 / (1 - sum of FTP), no term for some members;
- KEP/75:        WPT / WKE, no support term (its 30 % is in the working time).
"""

import math
from dataclasses import replace
from fractions import Fraction

from simpul.domain.findings import Finding, Meaningless
from simpul.domain.wisn.checks import check_category, check_study
from simpul.domain.wisn.pressure import pressure_of
from simpul.domain.wisn.printed import check_printed
from simpul.domain.wisn.results import (
    ActivityResult,
    AllowanceLine,
    AllowanceResult,
    AvailableTime,
    CategoryResult,
    StudyResult,
)
from simpul.domain.wisn.rounding import ROUNDING_RULES, Rounding, round_posts
from simpul.domain.wisn.study import (
    Activity,
    Allowance,
    Category,
    IndividualAllowance,
    Study,
    activity_place,
    allowance_place,
    category_place,
)
from simpul.domain.wisn.totals import total_of
from simpul.domain.wisn.units import (
    AMOUNT_UNIT_LABELS,
    MINUTES_PER_HOUR,
    PERIOD_LABELS,
    TIME_UNIT_LABELS,
    WEEKS_PER_YEAR,
    minutes,
    times_per_year,
)
from simpul.domain.wisn.variants import METHODS, Method, Variant
from simpul.domain.wisn.wording import figure, percent, short
from simpul.domain.wisn.working_time import available_time


def calculate(study: Study) -> StudyResult:
    """Compute a whole study; raises `Meaningless` naming the place that has no meaning."""
    if not study.categories:
        raise Meaningless("no_categories", "", "Belum ada kategori tenaga dalam kajian ini.")
    categories = tuple(
        calculate_category(category, study.variant, study.rounding) for category in study.categories
    )
    plain = StudyResult(
        name=study.name,
        year=study.year,
        variant=study.variant,
        method=METHODS[study.variant],
        rounding=study.rounding,
        categories=categories,
        totals=total_of(categories),
        findings=(),
    )
    findings = (*study.notes, *check_study(study), *check_printed(study, plain))
    return _with_findings(plain, findings)


def _with_findings(result: StudyResult, findings: tuple[Finding, ...]) -> StudyResult:
    """Return the result with each finding at the category it names, the rest at the study."""
    placed = []
    for row in result.categories:
        own = tuple(
            finding
            for finding in findings
            if finding.where == row.where or finding.where.startswith(f"{row.where} ›")
        )
        placed.append(replace(row, findings=(*row.findings, *own)))
        findings = tuple(finding for finding in findings if finding not in own)
    return replace(result, categories=tuple(placed), findings=findings)


def calculate_category(
    category: Category, variant: Variant, rounding: Rounding = "who"
) -> CategoryResult:
    """Compute one category by itself."""
    method = METHODS[variant]
    _check_numbers(category)
    available = available_time(category, variant)
    activities = tuple(_activity(each, category, available) for each in category.activities)
    workload = sum((each.required_fte for each in activities), Fraction(0))
    allowance = _allowance(category, available, method)
    individual = tuple(
        _individual(each, category, available, method) for each in category.individual_allowances
    )
    some = sum((line.share for line in individual), Fraction(0))
    counted = some if method.counts_individual else Fraction(0)
    required = _required(workload, allowance, counted)
    rounded = round_posts(required, rounding)
    cover = math.ceil(category.minimum_cover)
    posts = max(rounded, cover)
    staff = Fraction(category.staff)
    ratio = staff / required if required else None
    pressure = pressure_of(ratio)
    return CategoryResult(
        name=category.name,
        where=category_place(category.name),
        staff=staff,
        available=available,
        activities=activities,
        allowance=allowance,
        individual=individual,
        individual_allowance=counted,
        workload_fte=workload,
        required_fte=required,
        rounded_staff=rounded,
        minimum_cover=cover,
        required_staff=posts,
        difference=staff - posts,
        difference_fte=staff - required,
        ratio=ratio,
        pressure=pressure,
        workload_sentence=_workload_sentence(activities, workload),
        required_sentence=_required_sentence(workload, allowance, counted, required),
        rounding_sentence=_rounding_sentence(required, rounded, cover, rounding),
        ratio_sentence=(
            f"Rasio {short(staff)} ÷ {figure(required, 2)} = {figure(ratio, 2)}: "
            f"beban {pressure.label}."
            if ratio is not None
            else "Tanpa beban kerja, rasio tidak dihitung."
        ),
        summary=_summary(staff, required, posts),
        findings=check_category(category, variant, available, activities, allowance),
    )


def _check_numbers(category: Category) -> None:
    """Refuse amounts below zero: neither people nor work can be."""
    where = category_place(category.name)
    if category.staff < 0:
        raise Meaningless("negative", where, f"Tenaga {short(category.staff)} kurang dari nol.")
    if category.minimum_cover < 0:
        raise Meaningless(
            "negative", where, f"Cakupan minimum {short(category.minimum_cover)} kurang dari nol."
        )


def _activity(given: Activity, category: Category, available: AvailableTime) -> ActivityResult:
    where = activity_place(category.name, given.name)
    typed = given.unit_time
    if typed.value <= 0:
        raise Meaningless(
            "unit_time_zero",
            where,
            f"Waktu per kegiatan {short(typed.value)} harus lebih dari nol.",
        )
    if given.volume < 0:
        raise Meaningless("negative", where, f"Volume {short(given.volume)} kurang dari nol.")
    each = minutes(typed.value, typed.unit)
    times = times_per_year(given.per, days=available.open_days, weeks=Fraction(WEEKS_PER_YEAR))
    volume = Fraction(given.volume) * times
    standard = available.minutes / each
    need = volume / standard
    shown_time = f"{short(each)} menit"
    if typed.unit != "min":
        shown_time += f" ({short(typed.value)} {TIME_UNIT_LABELS[typed.unit]})"
    shown_volume = figure(volume)
    if given.per != "year":
        shown_volume += f" ({short(given.volume)} per {PERIOD_LABELS[given.per]} × {short(times)})"
    return ActivityResult(
        name=given.name,
        where=where,
        minutes=each,
        volume_per_year=volume,
        standard_workload=standard,
        required_fte=need,
        standard_sentence=f"{given.name}: {short(available.minutes)} menit ÷ {shown_time} = "
        f"{figure(standard)} kegiatan per orang per tahun.",
        need_sentence=f"{given.name}: {shown_volume} kegiatan ÷ {figure(standard)} = "
        f"{figure(need, 2)} orang.",
    )


def _hours_per_year(
    given: Allowance | IndividualAllowance, available: AvailableTime, method: Method, where: str
) -> Fraction:
    """Return the hours of a year, by the variant's own way with weeks."""
    amount = Fraction(given.amount)
    if amount < 0:
        raise Meaningless("negative", where, f"Kelonggaran {short(amount)} kurang dari nol.")
    if given.unit == "percent":
        return amount / 100 * available.hours
    weeks = Fraction(WEEKS_PER_YEAR) if method.weeks_are_52 else available.weeks
    hours = amount if given.unit == "hours" else amount / MINUTES_PER_HOUR
    return hours * times_per_year(given.per, days=available.days, weeks=weeks)


def _amount_sentence(given: Allowance | IndividualAllowance) -> str:
    if given.unit == "percent":
        return f"{short(given.amount)} % waktu kerja"
    return f"{short(given.amount)} {AMOUNT_UNIT_LABELS[given.unit]} per {PERIOD_LABELS[given.per]}"


def _allowance(category: Category, available: AvailableTime, method: Method) -> AllowanceResult:
    lines = []
    for given in category.allowances:
        where = allowance_place(category.name, given.name)
        hours = _hours_per_year(given, available, method, where)
        share = hours / available.hours
        lines.append(
            AllowanceLine(
                name=given.name,
                where=where,
                hours_per_year=hours,
                share=share,
                sentence=f"{given.name}: {_amount_sentence(given)} = {short(hours)} jam setahun ÷ "
                f"{short(available.hours)} jam = {figure(share, 4)}.",
            )
        )
    total = sum((line.share for line in lines), Fraction(0))
    if total >= 1:
        raise Meaningless(
            "support_full",
            f"{category_place(category.name)} › kelonggaran",
            f"Kegiatan penunjang {percent(total)} dari waktu kerja: tidak tersisa waktu untuk "
            "kegiatan pokok. Kurangi sampai di bawah 100 %.",
        )
    if method.support == "factor":
        factor = 1 / (1 - total)
        sentence = f"Faktor kelonggaran 1 ÷ (1 − {figure(total, 4)}) = {figure(factor, 4)}."
        return AllowanceResult("factor", total, factor, None, tuple(lines), sentence)
    if method.support == "standard":
        added = " + ".join(figure(line.share, 4) for line in lines) or "0"
        sentence = f"Standar kelonggaran {added} = {figure(total, 4)}, ditambahkan satu kali."
        return AllowanceResult("standard", total, None, total, tuple(lines), sentence)
    sentence = "Kelonggaran sudah ada dalam waktu kerja efektif; tidak ditambahkan lagi."
    return AllowanceResult("none", total, None, None, tuple(lines), sentence)


def _individual(
    given: IndividualAllowance, category: Category, available: AvailableTime, method: Method
) -> AllowanceLine:
    where = allowance_place(category.name, given.name)
    if given.staff < 0:
        raise Meaningless("negative", where, f"Jumlah orang {short(given.staff)} kurang dari nol.")
    hours = _hours_per_year(given, available, method, where) * Fraction(given.staff)
    share = hours / available.hours
    return AllowanceLine(
        name=given.name,
        where=where,
        hours_per_year=hours,
        share=share,
        sentence=f"{given.name}: {short(given.staff)} orang × {_amount_sentence(given)} = "
        f"{short(hours)} jam setahun ÷ {short(available.hours)} jam = {figure(share, 2)} orang.",
    )


def _required(workload: Fraction, allowance: AllowanceResult, individual: Fraction) -> Fraction:
    if allowance.factor is not None:
        return workload * allowance.factor + individual
    return workload + (allowance.standard or 0) + individual


def _workload_sentence(activities: tuple[ActivityResult, ...], workload: Fraction) -> str:
    if not activities:
        return "Belum ada kegiatan, jadi beban kerja 0 orang."
    parts = " + ".join(figure(each.required_fte, 2) for each in activities)
    return f"Jumlah beban kerja {parts} = {figure(workload, 2)} orang."


def _required_sentence(
    workload: Fraction, allowance: AllowanceResult, individual: Fraction, required: Fraction
) -> str:
    parts = figure(workload, 3)
    if allowance.factor is not None:
        parts += f" × {figure(allowance.factor, 4)}"
    elif allowance.standard is not None:
        parts += f" + {figure(allowance.standard, 3)}"
    if individual:
        parts += f" + {figure(individual, 3)}"
    return f"Kebutuhan {parts} = {figure(required, 3)} orang."


def _rounding_sentence(required: Fraction, rounded: int, cover: int, rule: Rounding) -> str:
    first = f"{figure(required, 2)} dibulatkan menjadi {rounded} ({ROUNDING_RULES[rule].label})"
    if cover > rounded:
        return f"{first}; cakupan minimum {cover} orang, jadi {cover}."
    if cover:
        return f"{first}; cakupan minimum {cover} orang sudah terpenuhi."
    return f"{first}."


def _summary(staff: Fraction, required: Fraction, posts: int) -> str:
    first = f"perlu {figure(required, 2)} → {posts} orang; ada {short(staff)}"
    if staff < posts:
        return f"{first}; kurang {short(posts - staff)}"
    if staff > posts:
        return f"{first}; lebih {short(staff - posts)}"
    return f"{first}; cukup"
