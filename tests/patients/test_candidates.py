"""Who is it? The one function that finds known people, asked as the counter asks it."""

import uuid
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from simpul.demo.errors import SLIPS, arrive_again
from simpul.demo.pairs import make_population
from simpul.domain.matching import PersonKey
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotAllowed
from simpul.foundation.core.models import NodeState
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.forms import input_of
from simpul.service.patients.index import KEYS, index_names
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.matching.candidates import find_candidates, find_candidates_of_many
from simpul.service.patients.matching.keys import STATE, renew_keys
from simpul.service.patients.matching.models import BlockingKey
from simpul.service.patients.models import Patient
from simpul.service.patients.services import correct_patient, register_patient

pytestmark = pytest.mark.django_db

TODAY = date(2025, 1, 1)
SITI = {
    "name": "Siti Aminah", "birth_date": "1985-03-12", "sex": "female", "nik": "3509015203850001",
    "bpjs_number": "0001234567890", "mother_name": "Maryam", "village": "Sabrang",
    "rt": "03", "rw": "02", "kk_number": "3509010101200001", "phone": "081234567890",
}  # fmt: skip


def known(by: Actor, **typed: Any) -> PatientCard:
    """One person registered here."""
    return register_patient(
        by=by, typed=PatientInput(**(SITI | typed)), confirm_new="orang lain"
    ).patient


def levels(by: Actor, **typed: Any) -> dict[str, str | None]:
    """Level by name of those found for what is typed."""
    found = find_candidates(PersonKey(**typed), by=by)
    return {one.patient.name: one.match.level for one in found}


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "SITTI AMINAH"},
        {"name": "HJ. SITI AMINAH, S.PD"},
        {"name": "SITIAMINAH"},
        {"name": "SITI AMNIAH"},
        {"name": "AMINAH SITI"},
        {"birth_date": date(1985, 12, 3)},
        {"birth_date": date(1986, 3, 12)},
        {"birth_date": date(1985, 7, 1), "birth_date_estimated": True},
        {"birth_date": date(1983, 1, 1), "birth_date_estimated": True},
        {"mother_name": "MARIAM"},
        {"village": "Ambulu"},
        {"rt": "009", "rw": "009"},
    ],
)
def test_one_thing_told_differently_still_finds_the_person(registrar: Actor, typed: dict[str, Any]):
    siti = known(registrar)
    told = {
        "name": "SITI AMINAH", "birth_date": date(1985, 3, 12), "sex": "female",
        "mother_name": "MARYAM", "village": "Sabrang",
    }  # fmt: skip
    found = find_candidates(PersonKey(**(told | typed)), by=registrar)
    assert [one.patient.id for one in found] == [siti.id]
    assert found[0].match.level in ("certain", "possible")
    assert found[0].match.agrees


@pytest.mark.parametrize(
    ("numbers", "level"),
    [
        ({"nik": "3509015203850001"}, "possible"),
        ({"nik": "3509015203850007"}, None),
        ({"nik": "3509015203580001"}, None),
        ({"bpjs": "0001234567890"}, None),
        ({"nik": "3509015203850007", "name": "SITI AMINAH"}, "possible"),
    ],
)
def test_a_number_finds_whatever_else_is_typed(
    registrar: Actor, numbers: dict[str, Any], level: str | None
):
    """The birth date is another one: the number alone must lead to the person."""
    known(registrar)
    typed = {"name": "BUDI", "birth_date": date(1960, 8, 30)} | numbers
    assert levels(registrar, **typed).get("SITI AMINAH") == level


def test_a_slip_of_the_nik_is_found_with_the_name_though_the_date_differs(registrar: Actor):
    siti = known(registrar, mother_name="", kk_number="", phone="")
    for nik in ("3509015203850008", "8509015203850001", "3509015203580001"):
        typed = PersonKey("SITI AMINAH", date(1999, 9, 30), nik=nik)
        found = find_candidates(typed, by=registrar)
        assert [one.patient.id for one in found] == [siti.id]
        assert any("NIK" in word for word in found[0].match.agrees)


def test_a_family_is_shown_as_others_of_the_house_or_not_at_all(registrar: Actor):
    known(registrar)
    father = known(
        registrar, name="Moh. Ali", birth_date="1980-05-01", sex="male", mother_name="Suna",
        nik="3509010105800001", bpjs_number="",
    )  # fmt: skip
    son = PersonKey(
        "MUHAMMAD ALI", date(2012, 7, 9), sex="male", kk="3509010101200001",
        mother_name="SITI AMINAH", phone="+6281234567890", village="Sabrang",
    )  # fmt: skip
    found = {one.patient.id: one.match.level for one in find_candidates(son, by=registrar)}
    assert found == {father.id: "household"}


def test_nobody_is_found_for_a_stranger_nor_left_out_for_nothing(registrar: Actor):
    siti = known(registrar)
    assert levels(registrar, name="BUDI SANTOSO", birth_date=date(1970, 1, 2)) == {}
    assert levels(registrar, name="", birth_date=None) == {}
    assert find_candidates(siti.key, by=registrar, leave_out=siti.id) == []


def test_only_those_who_may_see_patients_may_ask(
    technician: Actor, outsider: Actor, registrar: Actor
):
    siti = known(registrar)
    with pytest.raises(NotAllowed):
        find_candidates(siti.key, by=technician)
    assert find_candidates(siti.key, by=outsider) == []


def test_a_corrected_person_is_found_as_now_and_not_as_before(registrar: Actor):
    siti = known(registrar, nik="", bpjs_number="", phone="", kk_number="")
    typed = replace(input_of(siti), name="Maimunah", birth_date="1990-01-30", village="Ambulu")
    correct_patient(siti.id, by=registrar, typed=typed, seen_version=siti.version)
    before = BlockingKey.objects.count()
    assert levels(registrar, name="SITI AMINAH", birth_date=date(1985, 3, 12)) == {}
    assert levels(registrar, name="MAIMUNA", birth_date=date(1990, 1, 30)) == {
        "MAIMUNAH": "possible"
    }
    NodeState.objects.filter(key=STATE).delete()
    assert renew_keys(KEYS, lambda done, total: None) is True
    assert BlockingKey.objects.count() == before
    assert renew_keys(KEYS, lambda done, total: None) is False


def test_keys_of_older_rules_are_made_anew(registrar: Actor):
    siti = known(registrar)
    BlockingKey.objects.all().delete()
    told: list[tuple[int, int]] = []
    assert renew_keys(KEYS + 1, lambda done, total: told.append((done, total))) is True
    assert told[-1] == (1, 1)
    bare = PersonKey("SITI AMINAH", date(1985, 3, 12))
    assert [one.patient.id for one in find_candidates(bare, by=registrar)] == [siti.id]


def test_keys_lie_in_the_tree_itself_and_are_read_by_it(registrar: Actor):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps rows and index apart")
    siti = known(registrar)
    with CaptureQueriesContext(connection) as captured:
        find_candidates(siti.key, by=registrar)
    plans = []
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plans += [row[3] for row in cursor.fetchall()]
    assert any("blockingkey USING PRIMARY KEY" in plan for plan in plans), plans
    assert not [plan for plan in plans if plan.startswith("SCAN patients")], plans
    assert len(captured) <= 5


def test_a_batch_answers_as_one_by_one(registrar: Actor):
    people = _stored(registrar, 120)
    rng = Random(7)  # noqa: S311 - made-up people
    typed = [arrive_again(rng, person, 2)[0] for _id, person in people[:60]]
    with CaptureQueriesContext(connection) as captured:
        batch = find_candidates_of_many(typed, by=registrar)
    assert len(captured) <= 10
    assert batch == [find_candidates(one, by=registrar) for one in typed]


def _stored(by: Actor, many: int) -> list[tuple[uuid.UUID, PersonKey]]:
    """Made-up people, stored at once and indexed by the function imports use."""
    rng = Random(5)  # noqa: S311 - made-up people
    people = make_population(rng, TODAY, many).people()
    rows, seen = [], set()
    for number, key in enumerate(people):
        nik = "" if key.nik in seen else key.nik
        seen.add(nik)
        rows.append(
            Patient(
                id=uuid.UUID(int=number + 1), owner=by.facility_id, version=1, change=uuid.uuid4(),
                mrn=f"{number + 1:06d}", name=key.name, birth_date=key.birth_date, sex=key.sex,
                nik=nik, bpjs_number=key.bpjs, kk_number=key.kk, mother_name=key.mother_name,
                rt=key.rt, rw=key.rw, village=key.village, phone=key.phone, registered_at=now(),
            )
        )  # fmt: skip
    Patient.objects.bulk_create(rows)
    index_names([(row.id, row.name) for row in rows])
    return [(row.id, key) for row, key in zip(rows, people, strict=True)]


def test_people_arriving_with_one_to_three_slips_are_among_the_first_five(registrar: Actor):
    people = _stored(registrar, 800)
    rng = Random(11)  # noqa: S311 - made-up people
    arrivals = []
    for _ in range(240):
        id_, person = rng.choice(people)
        arrivals.append((id_, *arrive_again(rng, person, rng.randint(1, 3))))
    found = find_candidates_of_many([typed for _id, typed, _slips in arrivals], by=registrar)
    at_5 = [id_ in {one.patient.id for one in first}
            for (id_, *_typed), first in zip(arrivals, found, strict=True)]  # fmt: skip
    at_1 = [first[:1] and first[0].patient.id == id_
            for (id_, *_typed), first in zip(arrivals, found, strict=True)]  # fmt: skip
    assert sum(at_5) / len(at_5) >= 0.95
    assert sum(map(bool, at_1)) / len(at_1) >= 0.93
    assert {name for *_, slips in arrivals for name in slips} >= {slip.name for slip in SLIPS} - {
        "muhamad", "title", "other-card", "wrong-sex", "other-nik", "other-date",
    }  # fmt: skip
