"""What if: a staffing study with some things changed, beside the study as it is.

Levers: volume, leave, the norm, tasks shifted between categories, new staff, a closed unit; and
the same volume and staff at a counter, for the wait. Nothing is estimated here: each lever writes
another `Study` (or facility, or `Desk`), and the ordinary calculations are run on both.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from simpul.domain.findings import Finding, Meaningless
from simpul.domain.gap import FacilityGap, FacilityStaff, facility_gap
from simpul.domain.norms import NormSet
from simpul.domain.queueing import Desk, Waiting, simulate
from simpul.domain.whatif_levers import (
    EVERYTHING,
    MOST_NEW_STAFF,
    Closure,
    Levers,
    TaskShift,
    check_levers,
    check_percent,
)
from simpul.domain.wisn import (
    Activity,
    Category,
    CategoryResult,
    Entitlement,
    Study,
    StudyResult,
    calculate,
    category_place,
)

__all__ = [
    "EVERYTHING",
    "ChangedCategory",
    "Closure",
    "GapChange",
    "Levers",
    "NeedChange",
    "TaskShift",
    "WaitChange",
    "apply_levers",
    "changed_desk",
    "changed_gap",
    "changed_need",
    "changed_wait",
]


@dataclass(frozen=True)
class ChangedCategory:
    """One category before and after; None where it does not exist on that side."""

    name: str
    before: CategoryResult | None
    after: CategoryResult | None

    @property
    def need_change(self) -> Decimal:
        """Change of the need in FTE, to two decimals for showing."""
        after = self.after.required_fte if self.after else 0
        before = self.before.required_fte if self.before else 0
        change = after - before
        return Decimal(round(change * 100)) / 100


@dataclass(frozen=True)
class NeedChange:
    """The whole study before and after."""

    before: StudyResult
    after: StudyResult
    categories: tuple[ChangedCategory, ...]
    findings: tuple[Finding, ...]


def changed_need(study: Study, levers: Levers) -> NeedChange:
    """Calculate a study as it is and with the levers moved."""
    changed, findings = apply_levers(study, levers)
    before, after = calculate(study), calculate(changed)
    old = {row.name: row for row in before.categories}
    new = {row.name: row for row in after.categories}
    rows = tuple(ChangedCategory(name, old.get(name), new.get(name)) for name in (old | new))
    return NeedChange(before, after, rows, tuple(findings))


def apply_levers(study: Study, levers: Levers) -> tuple[Study, list[Finding]]:
    """Return the study with the levers moved, and what could not have an effect.

    Order: volume first, then tasks shifted, then closures (which take what is left), then leave
    and staff; so a shifted share is a share of the changed volume.
    """
    check_levers(study, levers)
    categories = {each.name: each for each in study.categories}
    findings: list[Finding] = []
    for name, each in categories.items():
        percent = levers.volume.get(name, levers.volume.get(EVERYTHING))
        if percent is not None:
            categories[name] = _scaled(each, 1 + percent / 100)
    for shift in levers.shifts:
        _shift(categories, shift)
    for closure in levers.closures:
        _close(categories, closure)
    for name, each in categories.items():
        days = levers.leave.get(name, levers.leave.get(EVERYTHING))
        if days is not None:
            categories[name] = _with_leave(each, days, findings)
    _add_staff(categories, levers)
    if not categories:
        raise Meaningless("everything_closed", "", "Semua unit ditutup; tidak ada yang dihitung.")
    # Figures printed in a source belong to the study as published, not to a changed one.
    return replace(study, categories=tuple(categories.values()), printed=()), findings


def _add_staff(categories: dict[str, Category], levers: Levers) -> None:
    for name, more in levers.new_staff.items():
        if name not in categories:
            continue  # its unit closed; its people are counted nowhere
        staff = categories[name].staff + more
        if staff < 0:
            raise Meaningless(
                "fewer_than_nobody",
                category_place(name),
                f"Dikurangi {-more} orang, padahal hanya ada {categories[name].staff}.",
            )
        categories[name] = replace(categories[name], staff=staff)


def _scaled(category: Category, factor: Decimal) -> Category:
    activities = tuple(_times(each, factor) for each in category.activities)
    return replace(category, activities=activities)


def _times(activity: Activity, factor: Decimal) -> Activity:
    def scaled(value: Decimal | None) -> Decimal | None:
        return None if value is None else value * factor

    return replace(
        activity,
        volume=activity.volume * factor,
        volume_low=scaled(activity.volume_low),
        volume_high=scaled(activity.volume_high),
        # A supposed volume is not a jump against last year's to be warned of.
        last_year_volume=None,
    )


def _shift(categories: dict[str, Category], shift: TaskShift) -> None:
    source, target = categories[shift.source], categories[shift.target]
    part = shift.share / 100
    moved = next(each for each in source.activities if each.name == shift.activity)
    kept = tuple(_times(each, 1 - part) if each is moved else each for each in source.activities)
    given = _times(moved, part)
    if shift.minutes is not None:
        given = replace(given, unit_time=replace(given.unit_time, value=shift.minutes, unit="min"))
    given = replace(given, name=f"{moved.name} (dari {source.name})", steps=())
    categories[source.name] = replace(source, activities=kept)
    categories[target.name] = replace(target, activities=(*target.activities, given))


def _close(categories: dict[str, Category], closure: Closure) -> None:
    closed = categories.pop(closure.category)
    if closure.volume_to is None:
        return
    target = categories[closure.volume_to]
    taken = tuple(
        replace(each, name=f"{each.name} (dari {closed.name})", last_year_volume=None, steps=())
        for each in closed.activities
    )
    categories[target.name] = replace(target, activities=(*target.activities, *taken))


def _with_leave(category: Category, days: Decimal, findings: list[Finding]) -> Category:
    if not isinstance(category.working_time, Entitlement):
        findings.append(
            Finding(
                "leave_without_effect",
                "warning",
                category_place(category.name),
                "Waktu kerja kategori ini ditetapkan aturan sebagai jam setahun, jadi cuti tidak "
                "mengubah kebutuhannya.",
            )
        )
        return category
    return replace(category, working_time=replace(category.working_time, annual_leave=days))


@dataclass(frozen=True)
class GapChange:
    """A facility against its norm, and with the levers moved against the same or another norm."""

    before: FacilityGap
    after: FacilityGap
    same_norm: bool


def changed_gap(
    facility: FacilityStaff, norm: NormSet, levers: Levers, *, other_norm: NormSet | None = None
) -> GapChange:
    """Hold a facility against its norm before and after; `other_norm` replaces it after."""
    have = dict(facility.have)
    for profession, more in levers.new_people.items():
        now = have.get(profession) or 0
        if now + more < 0 or abs(more) > MOST_NEW_STAFF:
            raise Meaningless(
                "fewer_than_nobody", profession, f"Dikurangi {-more} orang, padahal ada {now}."
            )
        have[profession] = now + more
    after = facility_gap(replace(facility, have=have), other_norm or norm)
    same = other_norm is None or other_norm == norm
    return GapChange(facility_gap(facility, norm), after, same)


@dataclass(frozen=True)
class WaitChange:
    """The wait at a counter before and after; the same people come, as far as both have them."""

    before: Waiting
    after: Waiting


def changed_wait(desk: Desk, levers: Levers, *, days: int = 200, seed: int = 1) -> WaitChange:
    """Simulate a counter before and after: more people, more servers."""
    return WaitChange(
        simulate(desk, days=days, seed=seed),
        simulate(changed_desk(desk, levers), days=days, seed=seed),
    )


def changed_desk(desk: Desk, levers: Levers) -> Desk:
    """Return the counter with the volume of all categories and the servers changed."""
    percent = levers.volume.get(EVERYTHING, Decimal(0))
    check_percent(EVERYTHING, percent)
    factor = float(1 + percent / 100)
    return replace(
        desk,
        arrivals=tuple(replace(b, expected=b.expected * factor) for b in desk.arrivals),
        shifts=tuple(
            replace(s, servers=max(0, s.servers + levers.desk_servers)) for s in desk.shifts
        ),
    )
