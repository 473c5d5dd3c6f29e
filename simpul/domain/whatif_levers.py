"""The levers of what-if, and what they may not be.

A lever names categories and activities of the study as it was typed; what is not there is refused
by name, never passed over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from simpul.domain.findings import Meaningless
from simpul.domain.wisn import Study, category_place

EVERYTHING = ""
"""The key of a lever that holds for every category that has none of its own."""

LEAST_VOLUME, MOST_VOLUME = Decimal(-100), Decimal(1000)
MOST_NEW_STAFF = 1000


@dataclass(frozen=True)
class TaskShift:
    """Part of one category's activity done by another: `share` percent of its volume.

    `minutes` is the time the other category needs for one act, when it differs.
    """

    activity: str
    source: str
    target: str
    share: Decimal
    minutes: Decimal | None = None


@dataclass(frozen=True)
class Closure:
    """A unit that closes: its staff are free; its volume goes to another category, or ends."""

    category: str
    volume_to: str | None = None


@dataclass(frozen=True)
class Levers:
    """What is changed. `volume` is in percent more or less, `leave` in days a year a person.

    `new_staff` is people more (or fewer) by category, `new_people` by profession for the gap,
    `desk_servers` servers more at the counter. Everything empty changes nothing.
    """

    volume: Mapping[str, Decimal] = field(default_factory=dict)
    leave: Mapping[str, Decimal] = field(default_factory=dict)
    new_staff: Mapping[str, int] = field(default_factory=dict)
    shifts: tuple[TaskShift, ...] = ()
    closures: tuple[Closure, ...] = ()
    new_people: Mapping[str, int] = field(default_factory=dict)
    desk_servers: int = 0


def check_levers(study: Study, levers: Levers) -> None:
    """Refuse what is not in the study, or what cannot be."""
    names = {each.name for each in study.categories}
    if len(names) < len(study.categories):
        raise Meaningless(
            "category_twice", "", "Dua kategori bernama sama; beri nama yang berbeda lebih dulu."
        )
    asked = {*levers.volume, *levers.leave, *levers.new_staff} - {EVERYTHING}
    asked |= {name for shift in levers.shifts for name in (shift.source, shift.target)}
    asked |= {c.category for c in levers.closures}
    asked |= {c.volume_to for c in levers.closures if c.volume_to is not None}
    for name in sorted(asked - names):
        raise Meaningless(
            "category_unknown", category_place(name), "Kategori ini tidak ada dalam studi."
        )
    for name, percent in levers.volume.items():
        check_percent(name, percent)
    _check_amounts(levers)
    _check_shifts(study, levers.shifts)
    _check_closures(levers.closures)


def check_percent(name: str, percent: Decimal) -> None:
    """Refuse a change of volume that cannot be: less than nothing, or eleven times as much."""
    if not (percent.is_finite() and LEAST_VOLUME <= percent <= MOST_VOLUME):
        raise Meaningless(
            "volume_out_of_range",
            category_place(name) if name else "volume",
            f"Perubahan volume harus {LEAST_VOLUME} sampai {MOST_VOLUME} persen.",
        )


def _check_amounts(levers: Levers) -> None:
    for name, days in levers.leave.items():
        if not (days.is_finite() and 0 <= days <= 366):
            raise Meaningless(
                "leave_out_of_range",
                category_place(name) if name else "cuti",
                "Cuti harus 0 sampai 366 hari setahun.",
            )
    for name, more in levers.new_staff.items():
        if abs(more) > MOST_NEW_STAFF:
            raise Meaningless(
                "staff_out_of_range",
                category_place(name),
                f"Tambahan orang paling banyak {MOST_NEW_STAFF}.",
            )


def _check_shifts(study: Study, shifts: tuple[TaskShift, ...]) -> None:
    activities = {each.name: {a.name for a in each.activities} for each in study.categories}
    shares: dict[tuple[str, str], Decimal] = {}
    for shift in shifts:
        where = f"{category_place(shift.source)} › {shift.activity}"
        if shift.activity not in activities[shift.source]:
            raise Meaningless("activity_unknown", where, "Kegiatan ini tidak ada di kategorinya.")
        if shift.source == shift.target:
            raise Meaningless("shift_to_itself", where, "Pilih kategori lain sebagai penerima.")
        if not (shift.share.is_finite() and 0 <= shift.share <= 100):
            raise Meaningless("share_out_of_range", where, "Bagian yang dialihkan 0–100 persen.")
        if shift.minutes is not None and not (shift.minutes.is_finite() and shift.minutes > 0):
            raise Meaningless("not_positive", where, "Waktu per kegiatan harus lebih dari 0.")
        # A second shift takes its share of what the first one left, which nobody would expect.
        if (shift.source, shift.activity) in shares:
            raise Meaningless(
                "shifted_twice", where, "Kegiatan ini sudah dialihkan; gabungkan pengalihannya."
            )
        shares[shift.source, shift.activity] = shift.share


def _check_closures(closures: tuple[Closure, ...]) -> None:
    closed = [each.category for each in closures]
    for each in closures:
        where = category_place(each.category)
        if closed.count(each.category) > 1:
            raise Meaningless("closed_twice", where, "Unit ini ditutup dua kali.")
        if each.volume_to in closed:
            raise Meaningless("target_closed", where, "Unit penerimanya juga ditutup.")
