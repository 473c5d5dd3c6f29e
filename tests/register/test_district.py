"""The demo's district: real places, the study's counts, everything else marked as made up."""

from collections import Counter
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from django.db import connection

from simpul.demo.district import STUDY_NOTE, _everybody, found_district
from simpul.demo.house import found_house
from simpul.demo.names.jember import (
    POPULATION,
    PUSKESMAS,
    STUDY_PROFESSIONS,
    STUDY_STAFF,
    URBAN_DISTRICTS,
    VILLAGES,
)
from simpul.domain.professions import PROFESSIONS
from simpul.foundation.facilities.models import Facility
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import Change, JournalEntry
from simpul.foundation.register.models import StaffMember, StaffMove
from simpul.foundation.register.selectors import (
    StaffCounts,
    count_staff,
    list_facilities,
    list_staff_rows,
)
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account
from simpul.foundation.staff.selectors import get_actor

OPENED = datetime(2026, 1, 5, 23, tzinfo=UTC)
TODAY = date(2026, 7, 1)
#: Tabel III of the study: what an urban and a rural Puskesmas should have.
STANDARD = {True: (3, 1, 1, 12, 4, 1, 1, 1, 2), False: (2, 1, 1, 7, 4, 1, 1, 1, 2)}


def found() -> Facility:
    house = found_house(OPENED)
    found_district(house, Random(7), OPENED, TODAY)  # noqa: S311 - a demo, not a secret
    return house


@pytest.fixture
def dinas(db: None) -> Actor:
    found()
    actor = get_actor(Account.objects.get(username="dinas").id)
    assert actor is not None
    return actor


def of_the_study(by: Actor, on: date) -> dict[str, StaffCounts]:
    counts = count_staff(by=by, on=on)
    names = {place.name: place.id for place in list_facilities(by=by)}
    return {name: counts[names[f"Puskesmas {name}"]] for name in STUDY_STAFF}


@pytest.mark.parametrize("on", [date(2013, 12, 31), TODAY])
def test_twelve_have_the_staff_the_study_counted(dinas: Actor, on: date) -> None:
    for name, counts in of_the_study(dinas, on).items():
        wanted = dict(zip(STUDY_PROFESSIONS, STUDY_STAFF[name], strict=True))
        assert counts.everyone == {code: n for code, n in wanted.items() if n}, name


def test_their_shortage_is_79_posts_and_their_surplus_162(dinas: Actor) -> None:
    codes = {p.name: p.village_code[:8] for p in PUSKESMAS}
    short = over = 0
    worst = {}
    for name, counts in of_the_study(dinas, TODAY).items():
        standard = STANDARD[codes[name] in URBAN_DISTRICTS]
        gaps = [
            counts.everyone.get(code, 0) - post
            for code, post in zip(STUDY_PROFESSIONS, standard, strict=True)
        ]
        short += sum(-gap for gap in gaps if gap < 0)
        over += sum(gap for gap in gaps if gap > 0)
        worst[name] = sum(-gap for gap in gaps if gap < 0)
    assert (short, over) == (79, 162)
    assert worst["Tembokrejo"] == 8


def test_fifty_real_places_and_the_made_up_house(dinas: Actor) -> None:
    places = list_facilities(by=dinas)
    real = [place for place in places if not place.is_here]
    assert len(real) == len(PUSKESMAS) == 50
    assert all(place.has_point for place in places)
    assert sum(place.population or 0 for place in real) == POPULATION
    known = [place for place in real if place.villages is not None]
    assert len(known) == 50 - len(STUDY_STAFF)
    assert sum(VILLAGES.values()) == 248
    assert all(place.note for place in places)
    assert Facility.objects.filter(kind="dinas").count() == 1


def test_everybody_is_marked_as_an_example(dinas: Actor) -> None:
    notes = Counter(StaffMember.objects.values_list("note", flat=True))
    assert all("data contoh" in note for note in notes)
    assert notes[STUDY_NOTE] == sum(sum(row) for row in STUDY_STAFF.values()) == 347
    assert all("data contoh" in note for note in StaffMove.objects.values_list("note", flat=True))
    professions = set(StaffMember.objects.values_list("profession", flat=True))
    assert professions <= set(PROFESSIONS)


def test_nobody_is_too_young_or_due_to_retire(dinas: Actor) -> None:
    rows = list_staff_rows(by=dinas, on=TODAY)
    assert len(rows) > 1000
    for row in rows:
        assert row.birth_year is not None
        assert 20 <= TODAY.year - row.birth_year <= 57
        if row.started_on is not None:
            assert row.started_on <= TODAY
            assert row.started_on.year - row.birth_year >= 15
        assert not (row.employment == "pns" and row.contract_ends_on)
    for move in StaffMove.objects.select_related("member"):
        assert move.on <= TODAY
        assert move.member.started_on is None or move.on >= move.member.started_on


def test_the_houses_people_are_in_the_register_with_their_accounts(dinas: Actor) -> None:
    linked = StaffMember.objects.filter(practitioner__isnull=False)
    names = set(linked.values_list("practitioner__account__username", flat=True))
    assert {"dokter", "bidan", "rm", "kepala", "pendaftaran"} <= names
    assert "dinas" not in names
    assert all(m.name == m.practitioner.name for m in linked.select_related("practitioner"))  # type: ignore[union-attr]


def test_one_act_for_the_whole_district_and_few_statements(
    db: None, django_assert_max_num_queries: Any
) -> None:
    house = found_house(OPENED)
    with django_assert_max_num_queries(60):
        found_district(house, Random(7), OPENED, TODAY)  # noqa: S311
    entry = JournalEntry.objects.get(act="staff-imported")
    assert entry.detail["new"] == StaffMember.objects.count()
    rows = Change.objects.filter(entity="register.staffmember")
    assert rows.count() == StaffMember.objects.count()
    assert set(rows.values_list("act_id", flat=True)) == {entry.act_id}
    assert not verify_chain().faults


def test_the_same_seed_makes_the_same_people(db: None) -> None:
    def people() -> list[Any]:
        fields = ("number", "name", "profession", "started_on", "employment", "facility__name")
        return list(StaffMember.objects.order_by("number").values_list(*fields))

    found()
    first = people()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_staffmember")
        assert cursor.fetchone()[0] == len(first)
    # Made again beside the first, as another house would: the same draws, the same people.
    again = Random(7)  # noqa: S311
    other = Random(8)  # noqa: S311
    places = {p.name: Facility(name=f"Puskesmas {p.name}") for p in PUSKESMAS}
    # Profiles are drawn after people, so the people depend on the seed alone.
    made = [(m.name, m.profession, m.started_on) for m in _everybody(again, places, TODAY)[0]]
    assert made == [(row[1], row[2], row[3]) for row in first][: len(made)]
    assert made != [
        (m.name, m.profession, m.started_on) for m in _everybody(other, places, TODAY)[0]
    ]
