"""What is made up fits the rules of the house: patients, visits, notes, the spread over a year."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.demo import content
from simpul.demo.bulk import Bulk
from simpul.demo.calendar import Morning
from simpul.demo.history import spread_visits
from simpul.demo.house import CLINICIANS, NURSES, PASSWORD, STAFF, Colleague
from simpul.demo.morning import AT_WORK, COMERS, LIKE_NAMES
from simpul.demo.population import Known, people, typed_values
from simpul.demo.record_sheet import FLAWS, Found, judge
from simpul.demo.visits import Plan, write_visit
from simpul.domain.dates import age_on
from simpul.domain.names import likeness
from simpul.domain.placement import Situation, suggest
from simpul.domain.vitals import VITALS, check_vitals
from simpul.foundation.facilities.models import STANDARD_UNITS
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.rights import RIGHTS
from simpul.service.care.inputs import read_decimal
from simpul.service.distribution.selectors import SIMILAR_NAME
from simpul.service.patients.inputs import PatientInput, check_patient

TODAY = date(2026, 7, 1)


def chance(seed: int) -> Random:
    """Chance that repeats itself."""
    return Random(seed)  # noqa: S311 - nothing here is a secret


def test_a_registrar_could_have_typed_every_patient() -> None:
    for _number, person in islice(people(chance(3), TODAY), 300):
        values = typed_values(person, TODAY)
        typed = PatientInput(
            **{
                name: value
                for name, value in {**values, "name": person.name}.items()
                if name not in ("title", "is_identity_complete")
            }
        )
        checked = check_patient(typed, today=TODAY).values
        checked["birth_date"] = checked["birth_date"].isoformat()
        assert {name: checked[name] for name in values} == values


def test_the_same_seed_makes_the_same_people() -> None:
    first, again, other = (
        [(p.name, p.nik, p.birth_date) for _n, p in islice(people(chance(seed), TODAY), 200)]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


@given(
    seed=st.integers(0, 2**32),
    people_=st.integers(1, 60),
    more=st.integers(0, 120),
    days=st.integers(2, 60),
)
def test_everybody_comes_and_nobody_twice_a_day(
    seed: int, people_: int, more: int, days: int
) -> None:
    rng = chance(seed)
    first_possible = [rng.randrange(days) for _ in range(people_)]
    calendar = spread_visits(rng, first_possible, people_ + more, days)
    assert len(calendar) == days
    for who in calendar:
        assert len(set(who)) == len(who)
    came = Counter(person for who in calendar for person in who)
    assert set(came) == set(range(people_))
    assert sum(came.values()) <= people_ + more
    for day, who in enumerate(calendar):
        assert all(first_possible[person] <= day for person in who)


def test_as_many_visits_as_asked_where_there_is_room() -> None:
    calendar = spread_visits(chance(1), [0] * 100, 400, 200)
    assert sum(len(who) for who in calendar) == 400


def test_the_suggestion_is_the_one_of_the_rules() -> None:
    """Answers are shared by ages between which no rule draws a line; that must not show."""
    rng = chance(11)
    seen = 0
    for _number, person in islice(people(rng, TODAY), 400):
        case = content.pick_case(rng, person.sex, person.birth_date, TODAY)
        if case is None:
            continue
        asked = suggest(
            Situation(
                complaint=case.complaint.text,
                sex=person.sex,
                birth_date=person.birth_date,
                on=TODAY,
                pregnant=case.pregnant,
            )
        )
        assert case.suggestion == asked
        assert case.complaint.fits(person.sex, age_on(person.birth_date, TODAY).years)
        seen += 1
    assert seen > 350


def test_nothing_measured_is_impossible() -> None:
    rng = chance(5)
    for _number, person in islice(people(rng, TODAY), 500):
        case = content.pick_case(rng, person.sex, person.birth_date, TODAY)
        if case is None:
            continue
        age = age_on(person.birth_date, TODAY)
        values, body = content.vitals(rng, case.complaint, age.years, None)
        again, _body = content.vitals(rng, case.complaint, age.years, body)
        for measured in (values, again):
            read = {code: read_decimal(text) for code, text in measured.items()}
            numbers = {code: value for code, value in read.items() if value is not None}
            assert len(numbers) == len(measured)
            days = (TODAY - person.birth_date).days
            refused = [f for f in check_vitals(numbers, days) if f.severity == "refuse"]
            assert not refused, (person, measured)


@pytest.mark.parametrize(("value", "text"), [(120.0, "120"), (36.66, "36.7"), (0.04, "0")])
def test_numbers_are_plain(value: float, text: str) -> None:
    assert content.plain(value) == text


def test_the_flaws_are_found_by_the_rules() -> None:
    whole = Found("umum", ("s", "o", "a", "p"), vitals=True, diagnosis=True, allergy=True)
    assert judge(whole).complete
    flawed = {
        "plan": replace(whole, note=("s", "o", "a")),
        "objective": replace(whole, note=("s", "a", "p")),
        "vitals": replace(whole, vitals=False),
        "diagnosis": replace(whole, diagnosis=False),
        "allergy": replace(whole, allergy=False),
        "consent": replace(whole, invasive=True, consent=False),
    }
    assert set(flawed) == set(FLAWS)
    for name, found in flawed.items():
        assert [missing.rule for missing in judge(found).missing] == [name]


def test_every_unit_has_somebody_who_may_write_there() -> None:
    staff = {person.username: person for person in STAFF}
    assert {person.role for person in STAFF} == set(Role)
    taking = {code for code, _name, _cluster, _prefix, takes in STANDARD_UNITS if takes}
    assert set(CLINICIANS) == taking
    for unit, names in [*CLINICIANS.items(), *((u, (n,)) for u, n in NURSES.items())]:
        for name in names:
            person = staff[name]
            assert person.role in RIGHTS["clinical"]["input"]
            assert unit in person.units
    assert set(COMERS) <= taking
    for unit, name in AT_WORK.items():
        assert name in CLINICIANS[unit]
    assert len(set(AT_WORK.values())) == len(AT_WORK), "nobody is in two rooms at once"
    assert len(PASSWORD) >= 8


def test_like_names_are_alike_to_the_queue() -> None:
    for first, second in LIKE_NAMES:
        assert first != second
        assert likeness(first.upper(), second.upper()) >= SIMILAR_NAME
        assert first.upper()[:2] == second.upper()[:2]


def test_measured_codes_are_known() -> None:
    assert set(content.observation_codes()) == set(VITALS)


@pytest.mark.parametrize("seconds", [12, 180, 9_900])
def test_a_morning_right_after_midnight_keeps_its_order(seconds: int) -> None:
    """Then a whole morning lies in minutes, and no step may come before the one before it."""
    begins = datetime(2026, 12, 31, 17, tzinfo=UTC)
    morning = Morning(begins, begins + timedelta(seconds=seconds))
    rng = chance(1)
    person = Known(id=str(uuid4()), mrn="000001", name="WATI", sex="female",
                   birth_date=date(1990, 5, 1))  # fmt: skip
    case = content.pick_case(rng, person.sex, person.birth_date, date(2027, 1, 1), unit="umum")
    assert case is not None
    somebody = Colleague(str(uuid4()), "Hana", Role.PHYSICIAN)
    at = morning.at
    common = Plan(person, case, date(2027, 1, 1), at(60), somebody, somebody, shown=at(60.05),
                  called=at(70))  # fmt: skip
    for plan in (
        replace(common, skips=(at(72), at(86))),
        replace(common, redirected=at(152), redirected_to="gizi", second=somebody),
    ):
        bulk = Bulk(uuid4(), rng)
        write_visit(bulk, plan, prefix="A", until=morning.ends, condensed=False)
        steps = [draft.at for draft in bulk.drafts]
        assert steps == sorted(steps)
        assert steps[-1] <= morning.ends
