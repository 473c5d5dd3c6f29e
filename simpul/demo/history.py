"""A year of past visits, weekday by weekday, with everything a visit leaves behind."""

import heapq
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from simpul.demo import content, folders
from simpul.demo.bulk import Bulk
from simpul.demo.calendar import OPENS, local_instant
from simpul.demo.house import CLINICIANS, NURSES, Colleague
from simpul.demo.mending import give_back, mend
from simpul.demo.names.people import MadeUpPerson
from simpul.demo.population import Known, register
from simpul.demo.record_sheet import FLAWS
from simpul.demo.visits import Plan, Written, write_visit
from simpul.foundation.core.counters import take_block
from simpul.service.completeness.models import RecordStatus
from simpul.service.filing.models import Whereabouts

DRAFTS_A_FLUSH = 6000
#: Folders are followed by label scans since the labels were printed, two months ago.
LABELS_SINCE_DAYS = 60
#: Some flaws do no harm (an allergy asked last year), so about 12 of 100 records are incomplete.
SHARE_FLAWED = 0.155
SHARE_NO_SHOW, SHARE_REDIRECTED = 0.015, 0.02
SHARE_STORED_ON_LAST_DAY = 0.55
STAYS_OUT_DAYS, STAYS_OUT_EACH = 7, 1
#: Mean weekdays until a record is mended: by most clinicians, and by those who put it off.
DAYS_TO_MEND, SHARE_PUT_OFF, DAYS_PUT_OFF = 3.0, 0.4, 25.0
SERVICE_MINUTES = {
    "umum": 7, "lansia": 9, "gigi": 14, "mtbs": 10, "kia": 12, "imunisasi": 6, "ugd": 18,
    "rawat-inap": 20, "persalinan": 40, "gizi": 15, "tb": 10,
}  # fmt: skip
MORNING_MINUTES = 200


@dataclass(frozen=True)
class Place:
    """The house as the days need it."""

    facility: uuid.UUID
    zone: str
    width: int
    prefixes: dict[str, str]
    staff: dict[str, Colleague]

    @property
    def officer(self) -> str:
        """The record officer's id."""
        return self.staff["rm"].id

    def registrar(self, rng: Random) -> Colleague:
        """One of the two at the counter."""
        return self.staff[rng.choice(("pendaftaran", "pendaftaran2"))]

    def clinician(self, unit: str, n: int) -> Colleague:
        """The n-th clinician of a unit."""
        names = CLINICIANS[unit]
        return self.staff[names[n % len(names)]]

    def nurse(self, unit: str) -> Colleague | None:
        """Who measures in a unit."""
        return self.staff[NURSES[unit]] if unit in NURSES else None


def spread_visits(
    rng: Random, first_possible: list[int], visits: int, days: int
) -> list[list[int]]:
    """Return for each day who comes: everybody at least once, some often, nobody twice a day."""
    count = len(first_possible)
    firsts = [
        min(max(earliest, int(days * rng.random() ** 1.5)), days - 1) for earliest in first_possible
    ]
    calendar: list[list[int]] = [[] for _ in range(days)]
    taken = set()
    for who, day in enumerate(firsts):
        calendar[day].append(who)
        taken.add(day * count + who)
    missing = max(visits - count, 0)
    for _ in range(missing * 20):
        if not missing:
            break
        who = int(count * rng.random() ** 1.7)
        day = firsts[who] + 1 + int((days - firsts[who]) * rng.random())
        if day < days and day * count + who not in taken:
            taken.add(day * count + who)
            calendar[day].append(who)
            missing -= 1
    return calendar


@dataclass
class History:
    """Writes the days one after the other."""

    place: Place
    bulk: Bulk
    days: list[date]
    persons: list[MadeUpPerson]
    known: dict[int, Known] = field(default_factory=dict)
    due: dict[int, list[Written]] = field(default_factory=lambda: defaultdict(list))
    new_names: list[tuple[uuid.UUID, str]] = field(default_factory=list)
    #: Records in which only the question for allergies is missing, by the person's id.
    unasked: dict[str, list[Written]] = field(default_factory=lambda: defaultdict(list))

    def write(self, calendar: list[list[int]], *, on_day: Callable[[int], None]) -> None:
        """Draft every day; `on_day` is told how many visits each had, after each flush."""
        told = 0
        for n, who in enumerate(calendar):
            self._mend_due(n)
            self._write_day(n, who)
            told += len(who)
            if len(self.bulk.drafts) >= DRAFTS_A_FLUSH or n == len(calendar) - 1:
                self.bulk.flush()
                on_day(told)
                told = 0

    def _write_day(self, n: int, who: list[int]) -> None:
        rng, day = self.bulk.rng, self.days[n]
        opens = local_instant(day, OPENS, self.place.zone)
        arrivals = sorted(rng.betavariate(1.25, 2.2) * MORNING_MINUTES for _ in who)
        rng.shuffle(who)
        self._register_new(n, who, [opens + timedelta(minutes=m) for m in arrivals])
        plans = []
        for person, minute in zip((self.known[i] for i in who), arrivals, strict=True):
            saved = opens + timedelta(minutes=minute + 1.5)
            plan = self._plan(person, day, saved)
            if plan is not None:
                plans.append(plan)
        pass_time(rng, plans, self.place)
        number(self.place, day, plans)
        evening = local_instant(day, time(23), self.place.zone)
        written = []
        for plan in plans:
            visit = write_visit(
                self.bulk,
                plan,
                prefix=self.place.prefixes[plan.case.unit],
                until=evening,
                condensed=True,
            )
            self._answer(plan.person, plan.started or plan.saved)
            if any(missing["rule"] == "allergy" for missing in visit.deficiencies):
                self.unasked[plan.person.id].append(visit)
            written.append(visit)
        self._after_hours(n, written)

    def _answer(self, person: Known, at: datetime) -> None:
        """Once the allergies were asked, what only waited for the answer is whole, as in life."""
        if person.asked_allergy:
            for visit in self.unasked.pop(person.id, []):
                mend(self.bulk, visit, at=at)

    def _register_new(self, n: int, who: list[int], arrivals: list[datetime]) -> None:
        new = [(i, at) for i, at in zip(who, arrivals, strict=True) if i not in self.known]
        if not new:
            return
        first = take_block(f"mrn:{self.place.facility}", size=len(new))
        for offset, (i, at) in enumerate(new):
            person = register(
                self.bulk,
                self.persons[i],
                first + offset,
                at=at,
                day=self.days[n],
                registrar=self.place.registrar(self.bulk.rng).id,
                width=self.place.width,
            )
            self.known[i] = person
            self.new_names.append((uuid.UUID(person.id), person.name))

    def _plan(self, person: Known, day: date, saved: datetime) -> Plan | None:
        rng = self.bulk.rng
        case = content.pick_case(rng, person.sex, person.birth_date, day)
        if case is None:
            return None
        flaw = ""
        if rng.random() < SHARE_FLAWED:
            flaw = rng.choices(list(FLAWS), list(FLAWS.values()))[0]
        return Plan(
            person=person,
            case=case,
            day=day,
            saved=saved,
            registrar=self.place.registrar(rng),
            clinician=self.place.clinician(case.unit, 0),
            nurse=self.place.nurse(case.unit),
            flaw=flaw,
        )

    # -- after the patients have gone -----------------------------------------------------------

    def _after_hours(self, n: int, written: list[Written]) -> None:
        rng, day = self.bulk.rng, self.days[n]
        is_last = n == len(self.days) - 1
        age = (self.days[-1] - day).days
        stay_out = STAYS_OUT_EACH if age < STAYS_OUT_DAYS and not is_last else 0
        for visit in written:
            plan = visit.plan
            by_label = age <= LABELS_SINCE_DAYS
            if by_label:
                folders.send(
                    self.bulk,
                    plan.person,
                    at=plan.saved + timedelta(minutes=rng.uniform(2, 8)),
                    officer=self.place.officer,
                    unit=plan.case.unit,
                    encounter=visit.walk.encounter.id,
                )
            complete = visit.check is not None and visit.check["status"] == "complete"
            if by_label and complete and stay_out:
                stay_out -= 1
                continue
            noon = local_instant(day, time(12), self.place.zone)
            back = max(noon, (plan.closed or noon)) + timedelta(minutes=rng.uniform(5, 40))
            if by_label:
                folders.receive(self.bulk, plan.person, at=back, officer=self.place.officer)
            self._file(n, visit, after=back, by_label=by_label, is_last=is_last)

    def _file(
        self, n: int, visit: Written, *, after: datetime, by_label: bool, is_last: bool
    ) -> None:
        rng, officer = self.bulk.rng, self.place.officer
        at = after + timedelta(minutes=rng.uniform(10, 70))
        if visit.check is None:  # nobody was served; the folder goes back as it came
            if by_label:
                folders.store(self.bulk, visit.plan.person, at=at, officer=officer, checks=[])
        elif visit.check["status"] == RecordStatus.INCOMPLETE:
            if rng.random() < 0.7:
                give_back(self.bulk, visit, at=at, officer=officer)
            mean = DAYS_PUT_OFF if rng.random() < SHARE_PUT_OFF else DAYS_TO_MEND
            self.due[n + 1 + int(rng.expovariate(1 / mean))].append(visit)
        elif not is_last or rng.random() < SHARE_STORED_ON_LAST_DAY:
            if by_label:
                folders.store(
                    self.bulk, visit.plan.person, at=at, officer=officer, checks=[visit.check]
                )
            else:
                this = self.bulk.act(at, officer)
                folders.file_record(this, visit.plan.person, visit.check)

    def _mend_due(self, n: int) -> None:
        for visit in self.due.pop(n, []):
            early = local_instant(self.days[n], time(7), self.place.zone)
            at = early + timedelta(minutes=self.bulk.rng.uniform(1, 14))
            mend(self.bulk, visit, at=at)
            self._answer(visit.plan.person, at)
            folder = visit.plan.person.folder
            waits = folder is not None and folder["whereabouts"] == Whereabouts.RECEIVED
            filed_at = at + timedelta(minutes=self.bulk.rng.uniform(2, 12))
            if waits and visit.check is not None:
                folders.store(
                    self.bulk,
                    visit.plan.person,
                    at=filed_at,
                    officer=self.place.officer,
                    checks=[visit.check],
                )
            elif visit.check is not None:
                this = self.bulk.act(filed_at, self.place.officer)
                folders.file_record(this, visit.plan.person, visit.check)


def pass_time(rng: Random, plans: list[Plan], place: Place) -> None:
    """Give every plan the instants at which its unit comes to it, one patient at a time."""
    by_unit: dict[str, list[Plan]] = defaultdict(list)
    for plan in plans:
        by_unit[plan.case.unit].append(plan)
    for unit, queue in by_unit.items():
        mean = SERVICE_MINUTES[unit]
        desks = max(len(CLINICIANS[unit]), -(-len(queue) * mean // MORNING_MINUTES))
        free = [(queue[0].saved, n) for n in range(desks)]
        for plan in queue:
            ready, desk = heapq.heappop(free)
            called = max(ready, plan.saved + timedelta(minutes=rng.uniform(2, 6)))
            plan.shown = plan.saved + timedelta(seconds=rng.uniform(0.4, 3))
            plan.called = called
            plan.clinician = place.clinician(unit, desk)
            plan.started = called + timedelta(minutes=rng.uniform(0.5, 2))
            minutes = max(2.0, rng.gauss(mean, mean / 4))
            plan.closed = plan.started + timedelta(minutes=minutes)
            chance = rng.random()
            if chance < SHARE_NO_SHOW:
                plan.skips = tuple(called + timedelta(minutes=m) for m in (2, 14))
                plan.started = plan.closed = None
            elif chance < SHARE_NO_SHOW + SHARE_REDIRECTED and unit in ("umum", "lansia"):
                _send_on(plan, place)
            heapq.heappush(free, (plan.closed or called + timedelta(minutes=2), desk))


def _send_on(plan: Plan, place: Place) -> None:
    if plan.started is None or plan.closed is None:
        return
    plan.redirected_to = "gizi"
    plan.second = place.clinician("gizi", 0)
    plan.redirected = plan.started
    plan.started += timedelta(minutes=12)
    plan.closed += timedelta(minutes=20)


def number(place: Place, day: date, plans: list[Plan]) -> None:
    """Take ticket and book numbers for the plans of a day, in the order of arrival."""
    plans.sort(key=lambda plan: plan.saved)
    if not plans:
        return
    book = take_block(f"registration:{place.facility}:{day:%y%m%d}", size=len(plans))
    by_prefix: dict[str, list[Plan]] = defaultdict(list)
    for n, plan in enumerate(plans):
        plan.book_number = book + n
        by_prefix[place.prefixes[plan.case.unit]].append(plan)
    for prefix, queue in by_prefix.items():
        first = take_block(f"ticket:{place.facility}:{day:%Y%m%d}:{prefix}", size=len(queue))
        for n, plan in enumerate(queue):
            plan.number = first + n
