"""What a unit's people did in a period and how long it took: for the pages and for a WISN study.

`yearly_workload` is what a study begins with; `list_loads` what the page of times shows. Both count
from the journal of one facility. Times of single persons need the right `staff_time`.
"""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.timing import SERVICE, VITALS, Tally, Timing, measure, say_left_out
from simpul.foundation.core.clock import local_day, now
from simpul.foundation.core.errors import NotHere, Problem, Refused
from simpul.foundation.facilities.models import Facility
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import PractitionerRole, Role
from simpul.foundation.staff.rights import require
from simpul.planning.workload.activities import (
    ACTIVITIES,
    GAP,
    Activity,
    activity_label,
    category_label,
    category_of,
)
from simpul.planning.workload.models import ObservedActivity, Purpose, UnitTime
from simpul.planning.workload.observations import Observed, summarise_observations
from simpul.planning.workload.proposals import Proposal, propose, say_day
from simpul.planning.workload.tallies import Period, first_day, forget_tallies, get_tally, person_of

__all__ = [
    "ActivityLoad",
    "CategoryLoad",
    "Load",
    "Period",
    "YearlyWorkload",
    "forget_tallies",
    "list_loads",
    "yearly_workload",
]

#: A year whose first entry is not later than this day counts as whole (holidays at its beginning).
YEAR_BEGINS_BY = 7
LONGEST_PERIOD = 731


@dataclass(frozen=True)
class Load:
    """One activity of one staff category in one unit: how often, how long, what is set."""

    unit: str
    unit_name: str
    code: str
    label: str
    category: str
    category_label: str
    how: str  # span | gap | observed
    is_work: bool
    acts: int
    timing: Timing
    norm: UnitTime | None
    target: UnitTime | None
    observed: Observed | None
    proposal: Proposal
    #: The target written with the observed activity (its SOP), where no other has been set.
    sop_seconds: int | None = None

    @property
    def trimmed(self) -> str:
        """What was left out of the measurement, in a sentence."""
        return say_left_out(self.timing)


@dataclass(frozen=True)
class ActivityLoad:
    """One line of a study: an activity with its volume of a year and its proposed unit time.

    `counted` is what the journal holds, `volume` the same for a whole year (equal to `counted`
    where the year was complete). `unit_seconds` is None where nothing is known yet.
    """

    code: str
    label: str
    unit: str
    unit_name: str
    counted: int
    volume: int
    unit_seconds: Decimal | None
    source: str  # accepted | journal | observation | target | ""
    provenance: str
    evidence: dict[str, Any]
    timing: Timing


@dataclass(frozen=True)
class CategoryLoad:
    """A staff category (code = a role of the house) with its activities; `people` worked in it."""

    code: str
    label: str
    people: int
    activities: tuple[ActivityLoad, ...]


@dataclass(frozen=True)
class YearlyWorkload:
    """What a study of a year starts from, with everything that was assumed, as sentences."""

    facility: uuid.UUID
    unit: str
    year: int
    period: Period
    days_in_year: int
    categories: tuple[CategoryLoad, ...]
    assumptions: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Was nothing recorded?"""
        return not self.categories


def yearly_workload(
    *, by: Actor, year: int, unit: str = "", facility: uuid.UUID | None = None
) -> YearlyWorkload:
    """Return the workload of a year per staff category, with proposed unit times.

    `unit` limits it to one unit; `facility` is for the Dinas, which may ask for any of its
    facilities. A year that is not over is taken up to today and extrapolated by calendar days.
    """
    require(by, "view", "planning")
    place, timezone = place_of(by, facility)
    if not 2000 <= year <= 2100:
        raise Refused(
            _("Tahun %(year)s di luar jangkauan. Pilih tahun 2000–2100.") % {"year": year},
            "year_out_of_range",
            errors=(Problem("year", "range", _("Pilih tahun 2000–2100.")),),
        )
    today = local_day(now(), timezone)
    whole = Period(date(year, 1, 1), date(year, 12, 31))
    last = min(whole.last, today)
    began = first_day(place, since=whole.first, timezone=timezone) if last >= whole.first else None
    if began is None or began > last:
        return YearlyWorkload(place, unit, year, whole, whole.days, (), (_nothing(year),))
    first = whole.first if began <= date(year, 1, YEAR_BEGINS_BY) else began
    period = Period(first, last)
    tally = get_tally(place, period, timezone=timezone)
    roles = roles_of(tally)
    loads = _loads(place, period, tally, roles, unit=unit)
    people = _people_of(tally, roles, unit=unit)
    share = Decimal(whole.days) / Decimal(period.days)
    lines: dict[str, list[ActivityLoad]] = {}
    for load in loads:
        if load.is_work and load.acts:
            lines.setdefault(load.category, []).append(_line(load, share))
    categories = tuple(
        CategoryLoad(code, category_label(code), people.get(code, 0), tuple(activities))
        for code, activities in sorted(lines.items())
    )
    return YearlyWorkload(
        place, unit, year, period, whole.days, categories, _assumed(period, whole, categories)
    )


def place_of(by: Actor, facility: uuid.UUID | None = None) -> tuple[uuid.UUID, str]:
    """Return the facility that is asked about, and its time zone."""
    here = get_here()
    wanted = facility or by.facility_id
    if wanted != by.facility_id and Role.DISTRICT not in by.roles:
        raise NotHere(_("Fasilitas itu tidak ada di sini."), "facility_unknown")
    if wanted == here.id:
        return wanted, here.timezone
    row = Facility.objects.filter(id=wanted).first()
    if row is None:
        raise NotHere(_("Fasilitas itu tidak ada di sini."), "facility_unknown")
    return row.id, row.timezone


def _line(load: Load, share: Decimal) -> ActivityLoad:
    return ActivityLoad(
        code=load.code,
        label=load.label,
        unit=load.unit,
        unit_name=load.unit_name,
        counted=load.acts,
        volume=int((load.acts * share).quantize(Decimal(1))),
        unit_seconds=load.proposal.seconds,
        source=load.proposal.source,
        provenance=load.proposal.provenance,
        evidence=load.proposal.evidence,
        timing=load.timing,
    )


def _nothing(year: int) -> str:
    return _("Jurnal tidak memuat tindakan apa pun pada tahun %(year)s.") % {"year": year}


def _assumed(
    period: Period, whole: Period, categories: tuple[CategoryLoad, ...]
) -> tuple[str, ...]:
    said = [
        _("Volume dihitung dari jurnal %(from)s sampai %(to)s (%(days)s hari kalender).")
        % {"from": say_day(period.first), "to": say_day(period.last), "days": period.days}
    ]
    if period.days < whole.days:
        said.append(
            _("Setahun diperkirakan dengan mengalikan volume itu dengan %(year)s/%(days)s hari.")
            % {"year": whole.days, "days": period.days}
        )
    said += [
        _("Kunjungan yang diurungkan atau dibatalkan tidak dihitung."),
        _(
            "Waktu loket dan rekam medis adalah jarak dari tindakan sebelumnya oleh orang yang "
            "sama. Menunggu pasien berikutnya ikut di dalamnya, maka yang diusulkan mediannya; "
            "untuk pelayanan (mulai sampai selesai) rata-ratanya."
        ),
        _(
            "Jeda 30 menit atau lebih (pelayanan: 4 jam atau lebih), nilai yang jauh di luar pola, "
            "dan tindakan tanpa awal yang tercatat tidak ikut diukur, tetapi tetap dihitung "
            "volumenya."
        ),
        _(
            "Waktu pelayanan dihitung untuk orang yang menyelesaikannya. Tanda vital dihitung "
            "sendiri hanya bila ditulis orang lain."
        ),
        _(
            "Kegiatan yang tidak tercatat di jurnal (penyuluhan, kunjungan rumah, farmasi, "
            "laboratorium, rapat) belum termasuk: tambahkan dari pengamatan atau laporan."
        ),
    ]
    unknown = [a.label for c in categories for a in c.activities if a.unit_seconds is None]
    if unknown:
        said.append(
            _("Belum ada waktu untuk: %(which)s. Isi dari pengamatan atau target.")
            % {"which": ", ".join(dict.fromkeys(unknown))}
        )
    return tuple(said)


# -- The page of times -----------------------------------------------------------------------------


def check_period(first: date, last: date) -> Period:
    """Return the period, refusing one that ends before it begins or is longer than two years."""
    if first > last:
        raise Refused(
            _("Masa ini berakhir sebelum mulai. Tukar tanggalnya; belum ada yang dihitung."),
            "period_reversed",
            errors=(Problem("until", "reversed", _("Pilih tanggal sesudah tanggal mulai.")),),
        )
    if (last - first).days >= LONGEST_PERIOD:
        raise Refused(
            _("Masa paling panjang dua tahun. Pendekkan; belum ada yang dihitung."),
            "period_too_long",
            errors=(Problem("until", "long", _("Pilih paling banyak dua tahun.")),),
        )
    return Period(first, last)


def list_loads(*, by: Actor, period: Period, unit: str = "") -> list[Load]:
    """Return every activity of the facility in the period, with what is set for it."""
    require(by, "view", "planning")
    tally = read_tally(by, period)
    return list_read_loads(by, period, tally, roles_of(tally), unit=unit)


def read_tally(by: Actor, period: Period) -> Tally:
    """Return what was done in a person's facility in a period; the caller has asked for rights."""
    place, timezone = place_of(by)
    return get_tally(place, period, timezone=timezone)


def list_read_loads(
    by: Actor,
    period: Period,
    tally: Tally,
    roles: dict[uuid.UUID, frozenset[str]],
    *,
    unit: str = "",
) -> list[Load]:
    """Return the lines of a tally that has been read."""
    return _loads(by.facility_id, period, tally, roles, unit=unit)


def roles_of(tally: Tally) -> dict[uuid.UUID, frozenset[str]]:
    """Return the roles, past ones too, of everybody in a tally."""
    people = {who for done in tally if (who := person_of(done))}
    roles: dict[uuid.UUID, set[str]] = {}
    rows = PractitionerRole.objects.filter(practitioner_id__in=people)
    for person, role in rows.values_list("practitioner_id", "role"):
        roles.setdefault(person, set()).add(role)
    return {person: frozenset(names) for person, names in roles.items()}


def _people_of(
    tally: Tally, roles: dict[uuid.UUID, frozenset[str]], *, unit: str
) -> dict[str, int]:
    found: dict[str, set[uuid.UUID]] = {}
    for done in tally:
        who, activity = person_of(done), ACTIVITIES.get(done.activity)
        if who is None or activity is None or (unit and done.unit != unit):
            continue
        found.setdefault(category_of(activity, roles.get(who, frozenset())), set()).add(who)
    return {category: len(people) for category, people in found.items()}


def _loads(
    facility: uuid.UUID,
    period: Period,
    tally: Tally,
    roles: dict[uuid.UUID, frozenset[str]],
    *,
    unit: str,
) -> list[Load]:
    counted = _by_category(tally, roles)
    norms = _set_times(facility)
    observed_activities = list(ObservedActivity.objects.filter(owner=facility, is_active=True))
    observed = summarise_observations(observed_activities)
    by_journal = {a.journal_activity: a for a in observed_activities if a.journal_activity}
    loads = []
    for (place, code, category), (acts, counts) in counted.items():
        if unit and place != unit:
            continue
        activity = ACTIVITIES[code]
        watched = by_journal.get(code)
        if watched is not None and place not in ("", watched.unit):
            watched = None
        loads.append(
            _load(
                place,
                activity,
                category,
                acts,
                measure(counts, activity.rule),
                norms,
                observed.get(watched.id) if watched else None,
                period,
                watched.target_seconds if watched else None,
            )
        )
    for one in observed_activities:
        if not one.journal_activity and (not unit or one.unit == unit):
            loads.append(_observed_load(one, norms, observed.get(one.id), period))
    names = {code: n for n, code in enumerate(get_here().units)}
    order = {code: n for n, code in enumerate(ACTIVITIES)}
    loads.sort(key=lambda x: (names.get(x.unit, 99), order.get(x.code, 99), x.label, x.category))
    return loads


def _by_category(
    tally: Tally, roles: dict[uuid.UUID, frozenset[str]]
) -> dict[tuple[str, str, str], tuple[int, Counter[int | None]]]:
    """Add persons up to categories; vital signs of who then serves the patient are not counted."""
    alone: Counter[tuple[str, str | None]] = Counter()
    for done, counts in tally.items():
        if done.activity == SERVICE:
            alone[done.unit, done.person] += counts.total()
    found: dict[tuple[str, str, str], tuple[int, Counter[int | None]]] = {}
    for done, counts in tally.items():
        activity = ACTIVITIES.get(done.activity)
        if activity is None:
            continue
        who = person_of(done)
        category = category_of(activity, roles.get(who, frozenset()) if who else frozenset())
        acts = counts.total()
        if done.activity == VITALS:
            own = min(acts, alone[done.unit, done.person])
            alone[done.unit, done.person] -= own
            acts -= own
            if not acts:
                continue
        key = (done.unit, done.activity, category)
        before, merged = found.get(key, (0, Counter()))
        merged.update(counts)
        found[key] = (before + acts, merged)
    return found


def _set_times(facility: uuid.UUID) -> dict[tuple[str, str, str, str], UnitTime]:
    rows = UnitTime.objects.filter(owner=facility, is_current=True)
    return {(row.purpose, row.unit, row.activity, row.category): row for row in rows}


def _load(
    unit: str,
    activity: Activity,
    category: str,
    acts: int,
    timing: Timing,
    norms: dict[tuple[str, str, str, str], UnitTime],
    observed: Observed | None,
    period: Period,
    sop_seconds: int | None,
) -> Load:
    norm = norms.get((Purpose.NORM, unit, activity.code, category))
    target = norms.get((Purpose.TARGET, unit, activity.code, category))
    return Load(
        unit=unit,
        unit_name=unit_name(unit),
        code=activity.code,
        label=activity_label(activity.code),
        category=category,
        category_label=category_label(category),
        how=activity.how,
        is_work=activity.is_work,
        acts=acts,
        timing=timing,
        norm=norm,
        target=target,
        observed=observed,
        proposal=propose(activity.how, timing, norm, target, observed, period),
        sop_seconds=sop_seconds,
    )


def _observed_load(
    one: ObservedActivity,
    norms: dict[tuple[str, str, str, str], UnitTime],
    observed: Observed | None,
    period: Period,
) -> Load:
    code = str(one.id)
    norm = norms.get((Purpose.NORM, one.unit, code, one.category))
    target = norms.get((Purpose.TARGET, one.unit, code, one.category))
    timing = measure({}, GAP)
    proposal = propose("observed", timing, norm, target, observed, period)
    return Load(
        unit=one.unit,
        unit_name=unit_name(one.unit),
        code=code,
        label=one.name,
        category=one.category,
        category_label=category_label(one.category),
        how="observed",
        is_work=True,
        acts=0,
        timing=timing,
        norm=norm,
        target=target,
        observed=observed,
        proposal=proposal,
        sop_seconds=one.target_seconds,
    )


def unit_name(code: str) -> str:
    """Return the name of a unit; its code where there is none here."""
    unit = get_here().units.get(code)
    return unit.name if unit else code


def default_period(*, by: Actor) -> Period:
    """Return the ninety days up to today."""
    _place_id, timezone = place_of(by)
    today = local_day(now(), timezone)
    return Period(today - timedelta(days=89), today)
