"""What is doubtful in what was typed, found by the checks that published studies fail most often.

Of 24 published calculations read for this project 17 held a slip of arithmetic, unit or label;
these are the checks that would have caught them. A finding never changes the result.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from simpul.domain.findings import Finding
from simpul.domain.wisn.double_counting import check_steps
from simpul.domain.wisn.results import ActivityResult, AllowanceResult, AvailableTime
from simpul.domain.wisn.study import (
    STUDY_PLACE,
    Allowance,
    Category,
    Entitlement,
    IndividualAllowance,
    LegalHours,
    Study,
    activity_place,
    allowance_place,
    category_place,
    working_time_place,
)
from simpul.domain.wisn.units import MINUTES_PER_HOUR, WEEKS_PER_YEAR
from simpul.domain.wisn.variants import ABK_KES_HOURS, LEGAL_CONSTANTS, METHODS, Variant
from simpul.domain.wisn.wording import figure, percent, short

LEAST_HOURS = 800
MOST_HOURS = 2300
HIGH_SUPPORT = Fraction(60, 100)
JUMP = Fraction(50, 100)
LONG_ACT_MINUTES = 8 * MINUTES_PER_HOUR
_HALF_A_HUNDREDTH = Decimal("0.005")
_WEEKS_OF_KEPMENKES = 50  # its own text counts 5 x 50 = 250 days
_DAYS_OF_A_WHOLE_YEAR = (364, 365, 366)


def check_category(
    category: Category,
    variant: Variant,
    available: AvailableTime,
    activities: Sequence[ActivityResult],
    allowance: AllowanceResult,
) -> tuple[Finding, ...]:
    """Return what is doubtful in one category, in the order of the form."""
    return (
        *_working_time(category, variant, available),
        *_activities(category),
        *check_steps(category, available, activities),
        *_support(category, variant, available, allowance),
        *_individual(category, variant),
    )


def check_study(study: Study) -> tuple[Finding, ...]:
    """Return what is doubtful between the categories of one study."""
    found = []
    names = Counter(_plain(category.name) for category in study.categories)
    for name, times in names.items():
        if times > 1:
            found.append(
                Finding(
                    "category_twice",
                    "warning",
                    STUDY_PLACE,
                    f"Kategori “{name}” tertulis {times} kali; tenaganya bisa terhitung dua kali.",
                )
            )
    seen: dict[tuple[str, Decimal, str], str] = {}
    for category in study.categories:
        for activity in category.activities:
            key = (_plain(activity.name), activity.volume, activity.per)
            first = seen.setdefault(key, category.name)
            if first != category.name and activity.volume:
                found.append(
                    Finding(
                        "volume_twice",
                        "warning",
                        activity_place(category.name, activity.name),
                        f"Kegiatan dan volume yang sama ({short(activity.volume)}) sudah dihitung "
                        f"di kategori {first}. Hitung di satu kategori saja, kecuali memang "
                        "dikerjakan dua kali.",
                    )
                )
    return tuple(found)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _working_time(
    category: Category, variant: Variant, available: AvailableTime
) -> Iterator[Finding]:
    where = working_time_place(category.name)
    if not LEAST_HOURS <= available.hours <= MOST_HOURS:
        yield Finding(
            "awt_unusual",
            "warning",
            where,
            f"Waktu kerja {short(available.hours)} jam per orang per tahun di luar kelaziman. "
            "Periksa hari libur, cuti, dan jam per hari.",
            f"{LEAST_HOURS}–{figure(MOST_HOURS)} jam",
        )
    given = category.working_time
    if isinstance(given, Entitlement):
        yield from _entitlement(given, where)
    if isinstance(given, LegalHours):
        yield from _legal(given, where)
    if variant == "abk_kes" and available.hours != ABK_KES_HOURS.hours:
        yield Finding(
            "working_time_not_method",
            "warning",
            where,
            f"ABK-Kes memakai {figure(ABK_KES_HOURS.hours)} jam untuk semua "
            f"({ABK_KES_HOURS.source}), bukan {short(available.hours)} jam.",
            f"{figure(ABK_KES_HOURS.hours)} jam",
        )
    if available.days_are_assumed and _counts_days(category):
        yield Finding(
            "days_assumed",
            "info",
            where,
            f"Hari kerja setahun tidak diisi; volume dan kelonggaran per hari atau per minggu "
            f"dihitung dengan {short(available.days)} hari.",
        )


def _counts_days(category: Category) -> bool:
    periods = [activity.per for activity in category.activities]
    periods += [each.per for each in category.allowances if each.unit != "percent"]
    periods += [each.per for each in category.individual_allowances if each.unit != "percent"]
    return any(period in {"day", "week"} for period in periods)


def _entitlement(given: Entitlement, where: str) -> Iterator[Finding]:
    weekly = given.days_per_week
    if weekly is not None:
        defined = weekly * WEEKS_PER_YEAR
        usual = {defined, weekly * _WEEKS_OF_KEPMENKES}
        if weekly == 7:
            usual.update(Decimal(days) for days in _DAYS_OF_A_WHOLE_YEAR)
        if given.working_days not in usual:
            yield Finding(
                "working_days_differ",
                "warning",
                where,
                f"Hari kerja {short(given.working_days)} tidak sama dengan {short(weekly)} hari × "
                f"{WEEKS_PER_YEAR} minggu = {short(defined)} hari.",
                f"{short(defined)} hari",
            )
    if given.shift_hours:
        mean = sum(given.shift_hours, Decimal(0)) / len(given.shift_hours)
        lengths = ", ".join(short(hours) for hours in given.shift_hours)
        # The mean, typed with two decimals, is the answer to this finding and ends it.
        if abs(mean - given.hours_per_day) > _HALF_A_HUNDREDTH:
            yield Finding(
                "shift_hours_differ",
                "warning",
                where,
                f"Jam kerja per hari {short(given.hours_per_day)}, padahal sif {lengths} jam. "
                f"Rata-rata sif {short(mean)} jam.",
                f"{short(mean)} jam",
            )


def _legal(given: LegalHours, where: str) -> Iterator[Finding]:
    if not given.source.strip():
        yield Finding(
            "source_missing",
            "warning",
            where,
            f"Jam kerja {short(given.hours_per_year)} setahun tanpa dasar aturan. Tulis aturan dan "
            "tanggalnya.",
        )
    for known in LEGAL_CONSTANTS:
        if known.hours == given.hours_per_year and not known.is_verified:
            yield Finding(
                "source_unverified",
                "info",
                where,
                f"{figure(known.hours)} jam menurut {known.source}: {known.note}",
            )


def _activities(category: Category) -> Iterator[Finding]:
    if not category.activities:
        yield Finding(
            "no_activities",
            "info",
            category_place(category.name),
            "Belum ada kegiatan, jadi kebutuhannya belum menggambarkan pekerjaan.",
        )
    names = Counter(_plain(activity.name) for activity in category.activities)
    told: set[str] = set()
    volumes: defaultdict[tuple[Decimal, str], list[str]] = defaultdict(list)
    for activity in category.activities:
        where = activity_place(category.name, activity.name)
        typed = activity.unit_time
        plain = _plain(activity.name)
        if names[plain] > 1 and plain not in told:
            told.add(plain)
            yield Finding(
                "activity_twice",
                "warning",
                where,
                f"Kegiatan ini tertulis {names[plain]} kali dalam kategori yang sama.",
            )
        if typed.is_assumed:
            yield Finding(
                "unit_assumed",
                "warning",
                where,
                f"Satuan waktu {short(typed.value)} tidak ditulis; dibaca sebagai menit.",
                f"{short(typed.value)} menit",
            )
        if activity.per_is_assumed:
            yield Finding(
                "period_assumed",
                "warning",
                where,
                f"Kurun volume {short(activity.volume)} tidak ditulis; dibaca sebagai per tahun.",
                f"{short(activity.volume)} per tahun",
            )
        yield from _long_act(activity.unit_time.value, typed.unit, where)
        yield from _jump(activity.volume, activity.last_year_volume, where)
        if activity.volume:
            volumes[(activity.volume, activity.per)].append(activity.name)
    for (volume, _), shared in volumes.items():
        if len(shared) > 1:
            yield Finding(
                "volume_twice",
                "info",
                category_place(category.name),
                f"Volume {short(volume)} dipakai untuk {', '.join(shared)}. Benar bila setiap "
                "pelayanan memang memerlukan semuanya; bila sama kegiatannya, hitung sekali.",
            )


def _long_act(value: Decimal, unit: str, where: str) -> Iterator[Finding]:
    length = {"s": Fraction(value) / 60, "h": Fraction(value) * 60}.get(unit, Fraction(value))
    if unit == "per_hour" or length <= LONG_ACT_MINUTES:
        return
    smaller = {"min": "detik", "h": "menit"}.get(unit, "")
    yield Finding(
        "unit_time_long",
        "warning",
        where,
        f"Satu kegiatan selama {short(length)} menit, lebih dari satu hari kerja. "
        "Periksa satuan waktunya.",
        f"{short(value)} {smaller}" if smaller else "",
    )


def _jump(volume: Decimal, last: Decimal | None, where: str) -> Iterator[Finding]:
    if last is None or last <= 0:
        return
    change = Fraction(volume) / Fraction(last) - 1
    if abs(change) > JUMP:
        word = "naik" if change > 0 else "turun"
        yield Finding(
            "volume_jump",
            "warning",
            where,
            f"Volume {short(volume)} {word} {percent(abs(change), 0)} dari tahun lalu "
            f"({short(last)}). Periksa sebelum dipakai.",
            f"{short(Fraction(last) * (1 - JUMP))}–{short(Fraction(last) * (1 + JUMP))}",
        )


def _support(
    category: Category, variant: Variant, available: AvailableTime, allowance: AllowanceResult
) -> Iterator[Finding]:
    place = f"{category_place(category.name)} › kelonggaran"
    if allowance.share >= HIGH_SUPPORT:
        yield Finding(
            "support_high",
            "warning",
            place,
            f"Kegiatan penunjang {percent(allowance.share)} dari waktu kerja; lebih dari separuh "
            "waktu tidak untuk kegiatan pokok.",
            f"di bawah {percent(HIGH_SUPPORT, 0)}",
        )
    if allowance.kind == "none" and category.allowances:
        yield Finding(
            "allowance_not_counted",
            "warning",
            place,
            f"{METHODS[variant].label} sudah memperhitungkan kelonggaran 30 % dalam waktu kerja; "
            "kelonggaran yang diisi tidak ditambahkan.",
        )
    activities = {_plain(activity.name) for activity in category.activities}
    some = {_plain(each.name) for each in category.individual_allowances}
    names = Counter(_plain(each.name) for each in category.allowances)
    for name, where in {
        _plain(each.name): allowance_place(category.name, each.name) for each in category.allowances
    }.items():
        if names[name] > 1 or name in activities or name in some:
            yield Finding(
                "allowance_twice",
                "warning",
                where,
                "Pekerjaan ini tertulis lebih dari sekali (kelonggaran, kegiatan, atau "
                "perorangan). Hitung satu kali saja.",
            )
    if METHODS[variant].weeks_are_52:
        yield from _weekly(category, available)


def _weekly(category: Category, available: AvailableTime) -> Iterator[Finding]:
    if available.weeks >= WEEKS_PER_YEAR:
        return
    weekly: list[Allowance | IndividualAllowance] = [
        *category.allowances,
        *category.individual_allowances,
    ]
    for each in weekly:
        if each.per != "week" or each.unit == "percent":
            continue
        hours = Fraction(each.amount) / (60 if each.unit == "minutes" else 1)
        yield Finding(
            "weekly_52",
            "warning",
            allowance_place(category.name, each.name),
            f"Kelonggaran mingguan dijadikan setahun dengan 52 minggu ({short(hours * 52)} jam), "
            f"padahal waktu kerja hanya {short(available.weeks, 1)} minggu.",
            f"{short(hours * available.weeks)} jam setahun",
        )


def _individual(category: Category, variant: Variant) -> Iterator[Finding]:
    if not category.individual_allowances:
        return
    if not METHODS[variant].counts_individual:
        yield Finding(
            "individual_not_counted",
            "warning",
            f"{category_place(category.name)} › kelonggaran perorangan",
            f"{METHODS[variant].label} tidak mengenal kelonggaran perorangan; yang diisi tidak "
            "dihitung.",
        )
    for each in category.individual_allowances:
        if category.staff and each.staff > category.staff:
            yield Finding(
                "individual_staff_many",
                "warning",
                allowance_place(category.name, each.name),
                f"{short(each.staff)} orang, padahal tenaga kategori ini {short(category.staff)}.",
                f"paling banyak {short(category.staff)} orang",
            )
