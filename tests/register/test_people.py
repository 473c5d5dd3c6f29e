"""The register: who may write what, moves that only grow, counts on any day."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from simpul.foundation.core.errors import (
    Conflict,
    NotAllowed,
    NotHere,
    Refused,
    SimpulError,
    Stale,
)
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.models import Facility, FacilityProfile
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.models import Change, JournalEntry
from simpul.foundation.register.inputs import StaffInput, year_in_nip
from simpul.foundation.register.models import StaffMember, StaffMove
from simpul.foundation.register.profiles import ProfileInput, add_facility, save_profile
from simpul.foundation.register.selectors import (
    StaffFilter,
    count_staff,
    get_member,
    list_facilities,
    list_moves,
    list_staff,
    list_staff_rows,
    profession_totals,
)
from simpul.foundation.register.services import add_member, change_member, move_member
from simpul.foundation.staff.actor import Actor
from tests.register.conftest import Hire, make_facility

pytestmark = pytest.mark.django_db

NURSE = StaffInput(name="Siti Contoh", profession="perawat", employment="pns")


def test_a_new_person_is_one_act_in_journal_and_feed(house: Here, head: Actor) -> None:
    member = add_member(house.id, NURSE, by=head)

    entry = JournalEntry.objects.get(act="staff-added")
    change = Change.objects.get(entity="register.staffmember")
    assert entry.act_id == change.act_id
    assert entry.subject == f"staff:{member.id}"
    assert "Siti" not in str(entry.detail)
    assert change.data["name"] == "Siti Contoh"
    assert member.owner == house.id


def test_nobody_else_reads_or_writes(
    house: Here, nurse: Actor, registrar: Actor, technician: Actor
) -> None:
    for actor in (nurse, registrar, technician):
        with pytest.raises(NotAllowed):
            list_staff(by=actor)
        with pytest.raises(NotAllowed):
            add_member(house.id, NURSE, by=actor)
    assert not StaffMember.objects.exists()


def test_the_head_of_another_facility_sees_nothing_here_and_writes_nothing(
    hire: Hire, house: Here, outsider: Actor
) -> None:
    member = hire()
    assert list_staff(by=outsider).total == 0
    assert [place.id for place in list_facilities(by=outsider)] == [outsider.facility_id]
    assert set(count_staff(by=outsider)) == {outsider.facility_id}
    with pytest.raises(NotHere):
        get_member(member.id, by=outsider)
    with pytest.raises(NotHere):
        count_staff(by=outsider, facility=house.id)
    for attempt in (
        lambda: add_member(house.id, NURSE, by=outsider),
        lambda: add_member(outsider.facility_id, NURSE, by=outsider),
        lambda: change_member(member.id, NURSE, by=outsider),
        lambda: save_profile(house.id, ProfileInput(), by=outsider),
        lambda: move_member(member.id, by=outsider, to=None, on=date(2020, 1, 1), reason="pensiun"),
    ):
        with pytest.raises(SimpulError):
            attempt()
    assert StaffMember.objects.count() == 1


def test_the_head_sees_her_own_and_the_dinas_sees_all(
    hire: Hire, house: Here, other: Facility, head: Actor, district_officer: Actor
) -> None:
    hire("Di Rumah")
    hire("Di Tetangga", facility=other.id)

    assert [m.name for m in list_staff(by=head).members] == ["Di Rumah"]
    assert [m.name for m in list_staff(by=district_officer).members] == ["Di Rumah", "Di Tetangga"]
    assert [row.name for row in list_staff_rows(by=head)] == ["Di Rumah"]
    with pytest.raises(NotHere):
        list_staff_rows(by=head, facility=other.id)
    with pytest.raises(NotHere):
        add_member(other.id, NURSE, by=head)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"profession": "dukun"}, "profession"),
        ({"profession": ""}, "profession"),
        ({"education": "s9"}, "education"),
        ({"employment": "raja"}, "employment"),
        ({"started_on": date(2999, 1, 1)}, "started_on"),
        ({"started_on": date(1900, 1, 1)}, "started_on"),
        ({"employment": "pppk", "started_on": date(2020, 1, 1),
          "contract_ends_on": date(2019, 1, 1)}, "contract_ends_on"),
        ({"contract_ends_on": date(2030, 1, 1)}, "contract_ends_on"),
        ({"birth_year": 1850}, "birth_year"),
        ({"birth_year": 1995, "started_on": date(2005, 1, 1)}, "birth_year"),
        ({"is_trained": False, "trainings": ("PPGD",)}, "trainings"),
        ({"name": "x" * 121}, "name"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(
    house: Here, head: Actor, wrong: dict[str, object], field: str
) -> None:
    values = {"name": "Siti", "profession": "perawat", "employment": "pns", **wrong}
    with pytest.raises(Refused) as refused:
        add_member(house.id, StaffInput(**values), by=head)  # type: ignore[arg-type]
    assert [problem.where for problem in refused.value.errors] == [field]
    assert not StaffMember.objects.exists()


def test_a_number_belongs_to_one_person(hire: Hire, house: Here, head: Actor) -> None:
    first = hire("Siti Contoh", number="CTH-1")
    with pytest.raises(Refused) as refused:
        add_member(house.id, StaffInput("Lain", "bidan", number="CTH-1"), by=head)
    assert refused.value.errors[0].where == "number"
    same = StaffInput("Siti Contoh", "perawat", number="CTH-1", employment="pppk")
    assert change_member(first.id, same, by=head).employment == "pppk"


@pytest.mark.parametrize(
    ("number", "year"),
    [("198503122010012001", 1985), ("1985", None), ("999903122010012001", None), ("", None)],
)
def test_a_nip_begins_with_the_birth_year(number: str, year: int | None) -> None:
    assert year_in_nip(number) == year


def test_a_change_names_fields_and_a_stale_one_is_refused(hire: Hire, head: Actor) -> None:
    member = hire()
    again = StaffInput(name="Siti Contoh", profession="perawat", employment="pns")
    assert change_member(member.id, again, by=head).version == 1, "nothing changed, nothing written"
    better = StaffInput(name="Siti Contoh, S.Kep.", profession="perawat", employment="pppk")
    changed = change_member(member.id, better, by=head, seen_version=1)
    assert changed.version == 2
    entry = JournalEntry.objects.get(act="staff-changed")
    assert entry.detail == {"fields": ["name", "employment"]}
    with pytest.raises(Stale):
        change_member(member.id, again, by=head, seen_version=1)


def test_a_row_of_another_owner_is_only_looked_at(
    house: Here, other: Facility, district_officer: Actor
) -> None:
    member = StaffMember(facility=other, name="Milik Sana", sort_name="MILIK SANA",
                         profession="bidan")  # fmt: skip
    with act(by=None, facility=other.id) as this:
        this.create(member)
    assert get_member(member.id, by=district_officer).name == "Milik Sana"
    with pytest.raises(Conflict):
        change_member(member.id, NURSE, by=district_officer)
    with pytest.raises(Conflict):
        move_member(member.id, by=district_officer, to=None, on=date(2020, 1, 1), reason="pensiun")


def test_a_write_past_the_act_is_refused(
    hire: Hire, other: Facility, district_officer: Actor
) -> None:
    member = hire()
    move_member(
        member.id, by=district_officer, to=other.id, on=date(2020, 1, 1), reason="pemerataan"
    )
    for statement in (
        "UPDATE register_staffmember SET name = 'x'",
        "DELETE FROM register_staffmember",
        "UPDATE register_staffmove SET decree = 'x'",
        "DELETE FROM register_staffmove",
    ):
        with (
            pytest.raises((IntegrityError, DatabaseError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert StaffMove.objects.get().decree == ""


# -- moves, and counts on any day ---------------------------------------------------------------


def test_moves_tell_where_somebody_was(
    hire: Hire, house: Here, other: Facility, district_officer: Actor
) -> None:
    by = district_officer
    member = hire("Siti Contoh", started_on=date(2010, 1, 1), units=("umum",))
    move_member(member.id, by=by, to=other.id, on=date(2015, 6, 1), reason="pemerataan",
                decree=" 800/12 ")  # fmt: skip
    move_member(member.id, by=by, to=None, on=date(2018, 1, 1), reason="berhenti")
    move_member(member.id, by=by, to=house.id, on=date(2020, 1, 1), reason="kembali")

    def where(day: date) -> list[str]:
        names = {house.id: "rumah", other.id: "tetangga"}
        counted = count_staff(by=by, on=day)
        rows = list_staff_rows(by=by, on=day)
        found = [names[p] for p, c in counted.items() if c.everyone]
        assert [names[row.facility] for row in rows] == found
        assert all(c.everyone in ({}, {"perawat": 1}) for c in counted.values())
        return found

    assert where(date(2009, 12, 31)) == []
    assert where(date(2010, 1, 1)) == ["rumah"]
    assert where(date(2015, 5, 31)) == ["rumah"]
    assert where(date(2015, 6, 1)) == ["tetangga"]
    assert where(date(2018, 1, 1)) == []
    assert where(date(2019, 12, 31)) == []
    assert where(date(2020, 1, 1)) == ["rumah"]
    assert where(house.today()) == ["rumah"]
    moves = list_moves(by=by, member=member.id)
    assert [(m.number, m.decree) for m in moves] == [(3, ""), (2, ""), (1, "800/12")]
    assert [m.to_facility_id for m in moves] == [house.id, None, other.id]
    assert StaffMember.objects.get().units == [], "units of the place that was left"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"on": date(2999, 1, 1)}, "on"),
        ({"on": date(2009, 1, 1)}, "on"),
        ({"on": date(2014, 1, 1)}, "on"),
        ({"reason": "bosan"}, "reason"),
        ({"to": "same"}, "to"),
        ({"decree": "x" * 81}, "decree"),
    ],
)
def test_a_move_that_cannot_be_is_refused(
    hire: Hire,
    house: Here,
    other: Facility,
    district_officer: Actor,
    more: dict[str, object],
    field: str,
) -> None:
    member = hire(started_on=date(2010, 1, 1), facility=other.id)
    move_member(
        member.id, by=district_officer, to=house.id, on=date(2015, 1, 1), reason="pemerataan"
    )
    wish = {"to": other.id, "on": date(2016, 1, 1), "reason": "pemerataan", **more}
    if wish["to"] == "same":
        wish["to"] = house.id
    with pytest.raises(Refused) as refused:
        move_member(member.id, by=district_officer, **wish)  # type: ignore[arg-type]
    assert [problem.where for problem in refused.value.errors] == [field]
    assert StaffMove.objects.count() == 1


def test_who_left_cannot_leave_again(hire: Hire, house: Here, head: Actor) -> None:
    member = hire()
    move_member(member.id, by=head, to=None, on=house.today(), reason="pensiun")
    assert list_staff(by=head).total == 0
    gone = list_staff(by=head, wanted=StaffFilter(state="gone"))
    assert [m.id for m in gone.members] == [member.id]
    with pytest.raises(Refused):
        move_member(member.id, by=head, to=None, on=house.today(), reason="pensiun")


def test_the_head_cannot_send_somebody_elsewhere(
    hire: Hire, house: Here, other: Facility, head: Actor
) -> None:
    member = hire()
    with pytest.raises(NotHere):
        move_member(member.id, by=head, to=other.id, on=house.today(), reason="pemerataan")
    assert StaffMember.objects.get().facility_id == house.id


def test_asn_and_everybody_are_two_counts(
    hire: Hire, house: Here, other: Facility, district_officer: Actor
) -> None:
    for number, status in enumerate(("pns", "pppk", "blud", "honorer", "")):
        hire(f"Orang {number}", employment=status)
    counts = count_staff(by=district_officer)
    assert counts[house.id].everyone == {"perawat": 5}
    assert counts[house.id].asn == {"perawat": 2}
    assert counts[house.id].status_unknown == 1
    assert counts[house.id].total(asn_only=True) == 2
    assert counts[other.id].total() == 0
    assert not counts[other.id].has_data
    [total] = profession_totals(counts.values())
    assert (total.code, total.everyone, total.asn) == ("perawat", 5, 2)


def test_a_count_takes_three_statements_however_many_facilities(
    hire: Hire, house: Here, district_officer: Actor, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        place = make_facility(house, f"Puskesmas {number:02}")
        member = hire(f"Orang {number}", facility=place.id, started_on=date(2010, 1, 1))
        move_member(
            member.id, by=district_officer, to=house.id, on=date(2020, 1, 1), reason="pemerataan"
        )
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        counts = count_staff(by=district_officer, on=date(2019, 1, 1))
    assert sum(c.total() for c in counts.values()) == 12
    assert counts[house.id].total() == 0
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        assert count_staff(by=district_officer)[house.id].everyone == {"perawat": 12}


def test_years_of_service_and_locks_are_of_a_day(hire: Hire, district_officer: Actor) -> None:
    hire(started_on=date(2010, 3, 15), lock="masa_tugas", lock_until=date(2025, 6, 30))
    [row] = list_staff_rows(by=district_officer)
    assert row.years_of_service(date(2020, 3, 14)) == 9
    assert row.years_of_service(date(2020, 3, 15)) == 10
    assert row.years_of_service(date(2009, 1, 1)) is None
    assert row.is_locked(date(2025, 6, 30))
    assert not row.is_locked(date(2025, 7, 1))


# -- the list -------------------------------------------------------------------------------------


def test_the_list_is_paged_by_name_without_gap_or_double(hire: Hire, head: Actor) -> None:
    for number in range(7):
        hire("Sama Nama" if number < 4 else f"Orang {number}")
    seen, after = [], ""
    while True:
        page = list_staff(by=head, after=after, limit=2)
        assert page.total == 7
        seen += [m.id for m in page.members]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == 7
    rows = StaffMember.objects.in_bulk(seen)
    assert [rows[i].sort_name for i in seen] == sorted(r.sort_name for r in rows.values())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("siti", 1), ("SITI contoh", 1), ("drg. siti", 1), ("contoh", 2), ("cth-9", 1),
        ("tidak ada", 0), ("%", 0), ("_", 0), ("", 2),
    ],
)  # fmt: skip
def test_the_list_is_searched_by_name_and_number(
    hire: Hire, head: Actor, words: str, found: int
) -> None:
    hire("drg. Siti Contoh", "dokter_gigi")
    hire("Budi Contoh", number="CTH-9")
    assert list_staff(by=head, wanted=StaffFilter(words=words)).total == found


def test_the_list_is_narrowed(hire: Hire, other: Facility, district_officer: Actor) -> None:
    hire("Satu", "bidan", employment="")
    hire("Dua", "perawat", facility=other.id)
    for wanted, names in (
        (StaffFilter(profession="bidan"), ["Satu"]),
        (StaffFilter(employment="kosong"), ["Satu"]),
        (StaffFilter(employment="pns"), ["Dua"]),
        (StaffFilter(facility=other.id), ["Dua"]),
        (StaffFilter(state="gone"), []),
    ):
        page = list_staff(by=district_officer, wanted=wanted)
        assert [m.name for m in page.members] == names


# -- what planning knows of a place ---------------------------------------------------------------


def test_a_profile_is_written_once_and_then_changed(house: Here, head: Actor) -> None:
    save_profile(house.id, ProfileInput(category="pedesaan", pustu=2), by=head)
    save_profile(house.id, ProfileInput(category="pedesaan", pustu=3, lat=-8.2, lon=113.5), by=head)
    [place] = list_facilities(by=head)
    assert (place.category, place.pustu, place.lat, place.population) == ("pedesaan", 3, -8.2, None)
    assert place.has_point
    assert FacilityProfile.objects.get().version == 2
    entries = JournalEntry.objects.filter(act="facility-profile-changed").order_by("seq")
    assert entries[1].detail == {"fields": ["pustu", "lat", "lon"]}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"category": "kota"}, "category"),
        ({"pustu": -1}, "pustu"),
        ({"lat": -8.2}, "lon"),
        ({"lat": 48.0, "lon": 113.0}, "lat"),
        ({"lat": float("nan"), "lon": 113.0}, "lat"),
        ({"as_of": 1800}, "as_of"),
    ],
)
def test_a_profile_that_cannot_be_is_refused(
    house: Here, head: Actor, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        save_profile(house.id, ProfileInput(**wrong), by=head)  # type: ignore[arg-type]
    assert [problem.where for problem in refused.value.errors] == [field]


def test_only_the_dinas_adds_facilities(house: Here, head: Actor, district_officer: Actor) -> None:
    with pytest.raises(NotAllowed):
        add_facility("Puskesmas Baru", ProfileInput(), by=head)
    add_facility(" Puskesmas  Baru ", ProfileInput(category="terpencil"), by=district_officer)
    with pytest.raises(Refused):
        add_facility("puskesmas baru", ProfileInput(), by=district_officer)
    names = [place.name for place in list_facilities(by=district_officer)]
    assert names == ["Puskesmas Baru", "Puskesmas Contoh"]


def test_a_day_before_today_counts_nobody_who_started_today(
    hire: Hire, house: Here, head: Actor
) -> None:
    hire(started_on=house.today())
    assert count_staff(by=head)[house.id].total() == 1
    assert count_staff(by=head, on=house.today() - timedelta(days=1))[house.id].total() == 0


def test_ids_that_exist_nowhere_are_not_here(house: Here, head: Actor) -> None:
    with pytest.raises(NotHere):
        get_member(uuid7(), by=head)
