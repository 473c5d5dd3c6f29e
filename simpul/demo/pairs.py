"""Pairs of made-up records of which it is known whether they are one person: to estimate, to test.

Three kinds, as the matcher tells them apart: one person typed twice, two of one household (among
them twins, and parents and children of one name), and two strangers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from simpul.demo.errors import arrive_again, key_of, namesake_of, twin_of
from simpul.demo.names.people import make_family
from simpul.domain.matching_records import PersonKey

#: How many slips an arrival holds, and how often.
SLIP_COUNTS = (0, 1, 2, 3)
SLIP_SHARES = (40, 35, 17, 8)
#: Families in which a twin, and a child named after a parent, are added.
TWIN_SHARE = 0.02
NAMESAKE_SHARE = 0.02
#: Families whose members were insured one by one, not with numbers in a row.
APART_SHARE = 0.7
#: A child is brought under the NIK of another of the house.
BORROWED_NIK_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Population:
    """Records as they were stored, by household."""

    households: tuple[tuple[PersonKey, ...], ...]

    def people(self) -> list[PersonKey]:
        """All of them, household by household."""
        return [person for members in self.households for person in members]


def make_population(rng: Random, today: date, people: int, *, first: int = 0) -> Population:
    """At least so many people, in whole households; numbers of families count from `first`."""
    households: list[tuple[PersonKey, ...]] = []
    count = 0
    while count < people:
        members = [key_of(person) for person in make_family(rng, today, first + len(households))]
        if len(members) > 2 and rng.random() < TWIN_SHARE:
            members.append(twin_of(rng, members[-1]))
        if len(members) > 1 and rng.random() < NAMESAKE_SHARE:
            child = namesake_of(rng, members[0])
            if child.birth_date is not None and child.birth_date <= today:
                members.append(child)
        if rng.random() < APART_SHARE:
            members = [_insured_alone(rng, member) for member in members]
        households.append(tuple(members))
        count += len(members)
    return Population(tuple(households))


def one_person(
    rng: Random, stored: list[PersonKey], count: int
) -> Iterator[tuple[PersonKey, PersonKey]]:
    """A stored record and the same person arriving again."""
    for _ in range(count):
        known = rng.choice(stored)
        yield known, arrival_of(rng, known)


def one_household(
    rng: Random, population: Population, count: int
) -> Iterator[tuple[PersonKey, PersonKey]]:
    """A stored record and another of the same household arriving."""
    shared = [members for members in population.households if len(members) > 1]
    for _ in range(count):
        known, other = rng.sample(rng.choice(shared), 2)
        arriving = arrival_of(rng, other)
        if known.nik and rng.random() < BORROWED_NIK_SHARE:
            arriving = replace(arriving, nik=known.nik)
        yield known, arriving


def strangers(
    rng: Random, population: Population, count: int
) -> Iterator[tuple[PersonKey, PersonKey]]:
    """A stored record and somebody of another household arriving."""
    for _ in range(count):
        one, other = rng.sample(population.households, 2)
        yield rng.choice(one), arrival_of(rng, rng.choice(other))


def arrival_of(rng: Random, known: PersonKey) -> PersonKey:
    """A person arriving again with as many slips as people make."""
    return arrive_again(rng, known, rng.choices(SLIP_COUNTS, SLIP_SHARES)[0])[0]


def _insured_alone(rng: Random, person: PersonKey) -> PersonKey:
    return replace(person, bpjs=f"0009{rng.randrange(10**9):09d}") if person.bpjs else person
