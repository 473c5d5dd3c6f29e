"""This morning: queues in every state a unit can see, so that each screen has something to show.

Made once for a local day. Patients come from those already known; a few are new. Nothing lies in
the future, and nothing that people did in an earlier demo is touched.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from random import Random

from simpul.demo import content, folders
from simpul.demo.bulk import Bulk
from simpul.demo.calendar import Morning
from simpul.demo.history import Place, number
from simpul.demo.names.people import MadeUpPerson
from simpul.demo.population import Known, people, register, remember
from simpul.demo.visits import Plan, Written, write_visit
from simpul.domain.dates import age_on
from simpul.foundation.core.counters import take_block
from simpul.foundation.core.models import Counter
from simpul.service.completeness.models import Deficiency
from simpul.service.distribution.models import Distribution
from simpul.service.patients.index import index_names
from simpul.service.patients.models import Patient
from simpul.service.registration.models import Encounter, EncounterStatus, Priority

#: How many come to each unit.
COMERS = {
    "umum": 12, "lansia": 6, "gigi": 5, "mtbs": 5, "kia": 6, "imunisasi": 4, "ugd": 1, "tb": 1,
    "gizi": 1,
}  # fmt: skip
TIMES_AS_MANY = {"small": 1, "medium": 2, "large": 3}
#: Who has a patient in the room right now; of each person only one.
AT_WORK = {
    "umum": "dokter2", "lansia": "dokter", "gigi": "dokter-gigi", "mtbs": "bidan2", "kia": "bidan",
}  # fmt: skip
#: Pairs of names that are easily taken for each other; each fresh morning has another one.
LIKE_NAMES = (
    ("Siti Aminah", "Siti Amina"),
    ("Sumiati", "Sumiyati"),
    ("Nur Hasanah", "Nur Hasana"),
    ("Siti Maimunah", "Siti Maimuna"),
    ("Siti Aisyah", "Siti Aisya"),
)
#: Minutes of a morning as `Morning.at` counts them: now.
END = 165.0
SHARE_DONE = 0.45
LAST_ARRIVAL = 130.0
CANDIDATES_EACH = 14


@dataclass
class Today:
    """Makes this morning up."""

    place: Place
    bulk: Bulk
    morning: Morning
    day: date
    times: int
    first_family: int
    next_family: int = 0
    plans: list[Plan] = field(default_factory=list)
    new_names: list[tuple[uuid.UUID, str]] = field(default_factory=list)

    @property
    def rng(self) -> Random:
        """The one source of chance."""
        return self.bulk.rng

    def write(self) -> int:
        """Draft and write the morning; returns how many visits it has."""
        for unit, cases in self._choose().items():
            self._queue(unit, cases)
        self._newcomers()
        self._exceptions()
        number(self.place, self.day, self.plans)
        for plan in self.plans:
            self._write(plan)
        self.bulk.flush()
        index_names(self.new_names)
        return len(self.plans)

    # -- who comes ------------------------------------------------------------------------------

    def _choose(self) -> dict[str, list[tuple[Known, content.Case]]]:
        """Find people for every unit among those who are nowhere in the house now."""
        wanted = {unit: many * self.times for unit, many in COMERS.items()}
        chosen: dict[str, list[tuple[Known, content.Case]]] = {unit: [] for unit in wanted}
        for person in self._candidates(sum(wanted.values()) * CANDIDATES_EACH):
            # The unit that is furthest from having enough is served first.
            for unit in sorted(wanted, key=lambda u: len(chosen[u]) / wanted[u]):
                if len(chosen[unit]) >= wanted[unit]:
                    continue
                case = content.pick_case(
                    self.rng, person.sex, person.birth_date, self.day, unit=unit
                )
                if case and case.suggestion and case.suggestion.unit == unit:
                    chosen[unit].append((person, case))
                    break
        return chosen

    def _candidates(self, many: int) -> list[Known]:
        facility = self.place.facility
        last = Counter.objects.filter(key=f"mrn:{facility}").values_list("value", flat=True).first()
        if not last:
            return []
        numbers = self.rng.sample(range(1, last + 1), min(many, last))
        rows: list[Patient] = []
        for start in range(0, len(numbers), 400):
            mrns = [str(n).zfill(self.place.width) for n in numbers[start : start + 400]]
            rows += Patient.objects.filter(owner=facility, mrn__in=mrns, deceased_on=None)
        ids = [row.id for row in rows]
        busy: set[uuid.UUID] = set()
        for start in range(0, len(ids), 400):
            part = ids[start : start + 400]
            busy |= set(
                Encounter.objects.filter(
                    patient_id__in=part,
                    status__in=(EncounterStatus.ARRIVED, EncounterStatus.IN_PROGRESS),
                ).values_list("patient_id", flat=True)
            )
            # Asked now, they would make a record whole that still says it is not.
            busy |= set(
                Deficiency.objects.filter(
                    encounter__patient_id__in=part, rule="allergy", mended_at=None
                ).values_list("encounter__patient_id", flat=True)
            )
            busy |= set(
                Distribution.objects.filter(patient_id__in=part, service_date=self.day).values_list(
                    "patient_id", flat=True
                )
            )
        free = sorted((row for row in rows if row.id not in busy), key=lambda row: row.mrn)
        self.rng.shuffle(free)
        return [
            person
            for start in range(0, len(free), 400)
            for person in remember(free[start : start + 400])
        ]

    # -- what happens to them -------------------------------------------------------------------

    def _plan(self, person: Known, case: content.Case, minute: float) -> Plan:
        unit = case.unit
        saved = self.morning.at(minute)
        return Plan(
            person=person,
            case=case,
            day=self.day,
            saved=saved,
            shown=self._after(minute, 0.05),
            registrar=self.place.registrar(self.rng),
            clinician=self.place.clinician(unit, 0),
            nurse=self.place.nurse(unit),
        )

    def _after(self, minute: float, more: float) -> datetime:
        return self.morning.at(min(minute + more, END))

    def _queue(self, unit: str, cases: list[tuple[Known, content.Case]]) -> None:
        """Serve about half of the queue, have one in the room, let the others wait."""
        if not cases:
            return
        arrivals = sorted(self.rng.betavariate(1.1, 1.7) * LAST_ARRIVAL + 2 for _ in cases)
        done = 1 if unit == "ugd" else int(len(cases) * SHARE_DONE)
        clear = max(arrivals[0] + 5, 12)
        slot = (END - 4 - clear) / (done + 0.6)
        for n, ((person, case), minute) in enumerate(zip(cases, arrivals, strict=True)):
            plan = self._plan(person, case, minute)
            self.plans.append(plan)
            begin = max(clear + n * slot, minute + 4)
            if n < done:
                plan.called = self.morning.at(begin - 1.5)
                plan.started = self.morning.at(begin)
                plan.closed = self.morning.at(begin + max(4.0, slot * 0.7))
            elif n == done and unit in AT_WORK:
                begin = max(min(begin, END - 3), minute + 1)
                plan.clinician = self.place.staff[AT_WORK[unit]]
                plan.called = self.morning.at(begin - 1.5)
                plan.started = self.morning.at(begin)
            elif n == done + 1 and unit in ("umum", "kia"):
                plan.called = self.morning.at(END - 1.2)

    def _newcomers(self) -> None:
        """Two with like names, one whose identity card stayed at home, one more."""
        pair = LIKE_NAMES[self.day.toordinal() % len(LIKE_NAMES)]
        found = self._new_people()
        women = (p for p in found if p.sex == "female" and 25 <= self._age(p) <= 55)
        self._arrive(replace(next(women), name=pair[0]), 96, "umum")
        self._arrive(replace(next(women), name=pair[1]), 107, "umum")
        adults = (p for p in found if 20 <= self._age(p) <= 55)
        self._arrive(replace(next(adults), nik=None, bpjs_number=None), 118, "umum")
        self._arrive(next(adults), 141, "umum")

    def _new_people(self) -> Iterator[MadeUpPerson]:
        for family, person in people(self.rng, self.day, first_family=self.first_family):
            self.next_family = family
            yield person

    def _age(self, person: MadeUpPerson) -> int:
        return age_on(person.birth_date, self.day).years

    def _arrive(self, person: MadeUpPerson, minute: float, unit: str) -> None:
        known = register(
            self.bulk,
            person,
            take_block(f"mrn:{self.place.facility}", size=1),
            at=self.morning.at(minute - 1),
            day=self.day,
            registrar=self.place.registrar(self.rng).id,
            width=self.place.width,
        )
        self.new_names.append((uuid.UUID(known.id), known.name))
        for _ in range(40):
            case = content.pick_case(self.rng, known.sex, known.birth_date, self.day, unit=unit)
            if case and case.suggestion and case.suggestion.unit == unit:
                self.plans.append(self._plan(known, case, minute))
                return

    def _exceptions(self) -> None:
        """What does not go as usual, once each."""
        waiting: dict[str, list[Plan]] = {}
        served: list[Plan] = []
        for plan in self.plans:
            if plan.called is None:
                waiting.setdefault(plan.case.unit, []).append(plan)
            elif plan.closed is not None:
                served.append(plan)
        for plan, flaw in zip(served[::4], ("plan", "allergy", "objective"), strict=False):
            plan.flaw = flaw
        for unit, what in (
            ("umum", self._no_show),
            ("umum", self._skipped),
            ("umum", self._first_please),
            ("mtbs", self._send_on),
            ("kia", self._goes_home),
            ("gigi", self._not_shown),
        ):
            if waiting.get(unit):
                what(waiting[unit].pop(-1 if what == self._not_shown else 0))

    def _no_show(self, plan: Plan) -> None:
        at = self._minute(plan) + 8
        plan.called = self.morning.at(min(at, END - 20))
        plan.skips = (
            self.morning.at(min(at + 2, END - 18)),
            self.morning.at(min(at + 16, END - 4)),
        )

    def _skipped(self, plan: Plan) -> None:
        plan.called = self.morning.at(max(END - 14, self._minute(plan) + 1))
        plan.skips = (self.morning.at(max(END - 11, self._minute(plan) + 2)),)

    def _first_please(self, plan: Plan) -> None:
        plan.priority = Priority.PRIORITY.value

    def _send_on(self, plan: Plan) -> None:
        plan.called = self.morning.at(max(END - 16, self._minute(plan) + 1))
        plan.redirected = self.morning.at(max(END - 13, self._minute(plan) + 2))
        plan.redirected_to = "gizi"
        plan.second = self.place.clinician("gizi", 0)

    def _goes_home(self, plan: Plan) -> None:
        plan.cancelled = self.morning.at(min(self._minute(plan) + 20, END - 2))

    def _not_shown(self, plan: Plan) -> None:
        plan.saved, plan.shown = self.morning.at(END - 3), None

    def _minute(self, plan: Plan) -> float:
        whole = (self.morning.ends - self.morning.begins).total_seconds()
        return (plan.saved - self.morning.begins).total_seconds() / whole * END

    # -- writing --------------------------------------------------------------------------------

    def _write(self, plan: Plan) -> None:
        written = write_visit(
            self.bulk,
            plan,
            prefix=self.place.prefixes[plan.case.unit],
            until=self.morning.ends,
            condensed=False,
        )
        self._folder(plan, written)

    def _folder(self, plan: Plan, written: Written) -> None:
        """Most folders are on their way; of the served some are back already."""
        sent = plan.saved + (self.morning.ends - plan.saved) * self.rng.uniform(0.1, 0.4)
        if self.rng.random() > 0.7 or plan.cancelled or plan.shown is None:
            return
        officer = self.place.officer
        folders.send(
            self.bulk,
            plan.person,
            at=sent,
            officer=officer,
            unit=plan.case.unit,
            encounter=written.walk.encounter.id,
        )
        if plan.closed is not None and self.rng.random() < 0.5:
            back = plan.closed + (self.morning.ends - plan.closed) * self.rng.uniform(0.3, 0.9)
            if back > sent:
                folders.receive(self.bulk, plan.person, at=back, officer=officer)
