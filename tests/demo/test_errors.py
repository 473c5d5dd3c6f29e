"""Slips are those of real counters, and the same ones for the same seed."""

# ruff: noqa: S311 - the same people in every run, and no secret

from dataclasses import fields
from datetime import date
from random import Random

import pytest

from simpul.demo import pairs
from simpul.demo.errors import SLIPS, arrive_again, make_slips, namesake_of, twin_of
from simpul.domain.identity import check_nik, nik_sex, parse_nik
from simpul.domain.matching_records import PersonKey

TODAY = date(2025, 1, 1)
FULL = PersonKey(
    name="MOH. SYAIFUL HIDAYAT",
    birth_date=date(1985, 3, 12),
    sex="male",
    nik="3509191203859001",
    bpjs="0009001234567",
    mother_name="SITI MARYAM",
    village="Sabrang",
    rt="003",
    rw="002",
    kk="3509190101209001",
    phone="+6284000000001",
)
#: What each slip may change, where it is not the name.
TOUCHES = {
    "day-month": {"birth_date"},
    "year-off": {"birth_date"},
    "date-digit": {"birth_date"},
    "other-date": {"birth_date"},
    "only-year": {"birth_date", "birth_date_estimated"},
    "only-age": {"birth_date", "birth_date_estimated"},
    "nik-digit": {"nik"},
    "other-nik": {"nik"},
    "bpjs-digit": {"bpjs"},
    "other-card": {"bpjs"},
    "mother": {"mother_name"},
    "moved": {"village", "rt", "rw", "kk"},
    "house": {"rt"},
    "new-phone": {"phone"},
    "wrong-sex": {"sex"},
}


def changed(one: PersonKey, other: PersonKey) -> set[str]:
    names = [field.name for field in fields(PersonKey)]
    return {name for name in names if getattr(one, name) != getattr(other, name)}


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_slip_happens_and_touches_only_what_it_is_named_for(slip):
    results = [slip.make(Random(seed), FULL) for seed in range(60)]
    touched = set().union(*(changed(FULL, result) for result in results))
    assert touched
    assert touched <= TOUCHES.get(slip.name, {"name"})
    assert all(result.name.strip() for result in results)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_slip_leaves_an_almost_empty_record_alone_or_whole(slip):
    bare = PersonKey("ANI")
    for seed in range(20):
        assert changed(bare, slip.make(Random(seed), bare)) <= {"name"}


def test_so_many_slips_as_asked_for_and_all_of_them_different():
    for seed in range(50):
        key, made = make_slips(Random(seed), FULL, 3)
        assert len(made) == len(set(made)) == 3
        assert key != FULL
    assert make_slips(Random(1), FULL, 0) == (FULL, ())


def test_the_same_seed_gives_the_same_arrival():
    assert arrive_again(Random(7), FULL, 2) == arrive_again(Random(7), FULL, 2)


def test_a_twin_is_another_person_of_the_same_day():
    for seed in range(40):
        twin = twin_of(Random(seed), FULL)
        assert twin.birth_date == FULL.birth_date
        assert twin.name != FULL.name
        assert twin.nik != FULL.nik
        assert check_nik(twin.nik, today=TODAY) == []
        assert nik_sex(parse_nik(twin.nik)) == twin.sex
        assert twin.kk == FULL.kk


def test_a_namesake_is_a_generation_younger():
    child = namesake_of(Random(1), FULL)
    assert child.name == FULL.name
    assert child.birth_date.year - FULL.birth_date.year >= 18
    assert child.nik != FULL.nik


def test_pairs_are_of_the_kind_they_are_called():
    rng = Random(2)
    population = pairs.make_population(rng, TODAY, 400)
    people = population.people()
    assert len(people) >= 400
    house = {id(person): n for n, members in enumerate(population.households) for person in members}
    for known, _arriving in pairs.one_household(rng, population, 50):
        assert len(population.households[house[id(known)]]) > 1
    for known, arriving in pairs.one_person(rng, people, 50):
        assert id(known) in house
        assert arriving.name
    assert len(list(pairs.strangers(rng, population, 50))) == 50
    assert pairs.make_population(Random(2), TODAY, 400) == population
