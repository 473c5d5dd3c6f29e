"""Available working time of one person in a year (WHO: AWT; Kepmenkes 81/2004: WKT).

Entitlement: {A - (B + C + D + E)} x F. Legal: the hours of a rule, already effective. KEP/75/2004
takes 30 % off the formal hours of an entitlement. ABK-Kes takes 1,200 h when nothing is given.
"""

from decimal import Decimal
from fractions import Fraction

from simpul.domain.findings import Meaningless
from simpul.domain.wisn.results import AvailableTime
from simpul.domain.wisn.rounding import half_up
from simpul.domain.wisn.study import Category, Entitlement, LegalHours, working_time_place
from simpul.domain.wisn.units import WEEKS_PER_YEAR
from simpul.domain.wisn.variants import ABK_KES_HOURS, KEP75_LOSS, Variant
from simpul.domain.wisn.wording import short

DAYS_OF_YEAR = 366
HOURS_OF_YEAR = DAYS_OF_YEAR * 24
ASSUMED_LEGAL_DAYS = Decimal(240)
_LEGAL_DAYS_PER_WEEK = 5
_SEVEN_DAYS = 7

_NAMES = {
    "working_days": "hari kerja setahun",
    "annual_leave": "cuti tahunan",
    "training": "pendidikan dan pelatihan",
    "public_holidays": "hari libur nasional",
    "absence": "ketidakhadiran",
    "hours_per_day": "jam kerja per hari",
}


def available_time(category: Category, variant: Variant) -> AvailableTime:
    """Return the working time of one person of a category, or refuse what leaves none."""
    where = working_time_place(category.name)
    given = category.working_time
    if given is None:
        if variant != "abk_kes":
            raise Meaningless(
                "working_time_missing",
                where,
                "Waktu kerja belum diisi. Isi hari dan jam kerja, atau jam setahun menurut aturan.",
            )
        given = LegalHours(
            ABK_KES_HOURS.hours, ABK_KES_HOURS.source, ABK_KES_HOURS.date, ABK_KES_HOURS.days
        )
    if isinstance(given, LegalHours):
        return _legal(given, where)
    return _entitlement(given, variant, where)


def days_per_week(given: Entitlement) -> Fraction:
    """Return the working days of a week: as typed, or the nearest to A / 52, at most seven."""
    if given.days_per_week is not None:
        return Fraction(given.days_per_week)
    nearest = half_up(Fraction(given.working_days) / WEEKS_PER_YEAR)
    return Fraction(min(_SEVEN_DAYS, max(1, nearest)))


def _legal(given: LegalHours, where: str) -> AvailableTime:
    hours = Fraction(given.hours_per_year)
    if hours <= 0 or hours > HOURS_OF_YEAR:
        raise Meaningless(
            "working_time_impossible",
            where,
            f"Jam kerja setahun {short(hours)} tidak mungkin; "
            f"harus lebih dari 0 dan paling banyak {HOURS_OF_YEAR} jam.",
        )
    assumed = given.days_per_year is None
    days = Fraction(ASSUMED_LEGAL_DAYS if given.days_per_year is None else given.days_per_year)
    _check_days(days, where)
    open_days = days if given.open_days is None else Fraction(given.open_days)
    _check_days(open_days, where)
    source = given.source or "tanpa dasar aturan"
    dated = f"{source}, {given.date}" if given.date and given.date not in source else source
    return AvailableTime(
        days=days,
        hours=hours,
        open_days=open_days,
        weeks=days / _LEGAL_DAYS_PER_WEEK,
        source=dated,
        sentence=f"Waktu kerja {short(hours)} jam = {short(hours * 60)} menit per orang per tahun "
        f"({dated}).",
        is_legal=True,
        days_are_assumed=assumed,
    )


def _entitlement(given: Entitlement, variant: Variant, where: str) -> AvailableTime:
    _check_typed(given, where)
    taken = [given.annual_leave, given.training, given.public_holidays, given.absence]
    days = Fraction(given.working_days) - sum((Fraction(part) for part in taken), Fraction(0))
    if days <= 0:
        raise Meaningless(
            "working_time_none",
            where,
            f"Tidak tersisa hari kerja: {short(given.working_days)} hari dikurangi "
            f"{short(Fraction(given.working_days) - days)} hari.",
        )
    formal = days * Fraction(given.hours_per_day)
    hours = formal * (1 - Fraction(KEP75_LOSS)) if variant == "kep75" else formal
    open_days = (
        Fraction(given.working_days) - Fraction(given.public_holidays)
        if given.open_days is None
        else Fraction(given.open_days)
    )
    _check_days(open_days, where)
    parts = " + ".join(short(part) for part in taken)
    loss = " × 70 % efektif" if variant == "kep75" else ""
    return AvailableTime(
        days=days,
        hours=hours,
        open_days=open_days,
        weeks=days / days_per_week(given),
        source="hak cuti dan libur",
        sentence=f"{{{short(given.working_days)} − ({parts})}} × {short(given.hours_per_day)} jam"
        f"{loss} = {short(days)} hari = {short(hours)} jam = {short(hours * 60)} menit "
        "per orang per tahun.",
    )


def _check_typed(given: Entitlement, where: str) -> None:
    for field, name in _NAMES.items():
        value: Decimal = getattr(given, field)
        if value < 0:
            raise Meaningless(
                "negative", where, f"{name.capitalize()} {short(value)} kurang dari nol."
            )
    if given.working_days > DAYS_OF_YEAR:
        raise Meaningless(
            "working_time_impossible",
            where,
            f"Hari kerja {short(given.working_days)} melebihi {DAYS_OF_YEAR} hari setahun.",
        )
    if not 0 < given.hours_per_day <= 24:
        raise Meaningless(
            "working_time_impossible",
            where,
            f"Jam kerja per hari {short(given.hours_per_day)} harus lebih dari 0 dan paling "
            "banyak 24.",
        )
    if given.days_per_week is not None and not 0 < given.days_per_week <= _SEVEN_DAYS:
        raise Meaningless(
            "working_time_impossible",
            where,
            f"Hari kerja per minggu {short(given.days_per_week)} harus 1 sampai 7.",
        )


def _check_days(days: Fraction, where: str) -> None:
    if not 0 < days <= DAYS_OF_YEAR:
        raise Meaningless(
            "working_time_impossible",
            where,
            f"Jumlah hari {short(days)} harus lebih dari 0 dan paling banyak {DAYS_OF_YEAR}.",
        )
