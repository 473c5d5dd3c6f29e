"""Rooms, floors, and who goes before whom: set on one page, in force at once."""

import pytest

from simpul.foundation.administration.rooms import (
    add_room,
    change_room,
    set_queue_rule,
    set_unit_floor,
)
from simpul.foundation.core.errors import NotAllowed, NotHere, Refused
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.models import JournalEntry


def test_rooms_are_in_force_at_once(technician):
    room = add_room("umum", name="  Ruang   2 ", floor=2, by=technician)

    here = get_here().unit("umum")
    assert [(one.name, one.floor) for one in here.rooms] == [("Ruang 2", 2)]
    assert get_here().floors == (1, 2)

    change_room(room.id, is_open=False, by=technician)
    assert get_here().unit("umum").rooms == ()
    assert get_here().floors == (1,)


def test_a_floor_of_a_unit_without_rooms(technician):
    set_unit_floor("gigi", floor=3, by=technician)

    assert get_here().unit("gigi").floor == 3
    assert get_here().floors == (1, 3)


@pytest.mark.parametrize(
    ("name", "floor", "code"),
    [
        ("", 1, "room_refused"),
        ("x" * 41, 1, "room_refused"),
        ("a\x00b", 1, "room_refused"),
        ("Ruang 1", 0, "floor_refused"),
        ("Ruang 1", 21, "floor_refused"),
        ("ruang dua", 1, "room_taken"),
    ],
)
def test_what_is_no_room_is_refused(name, floor, code, technician):
    add_room("umum", name="Ruang Dua", floor=1, by=technician)

    with pytest.raises(Refused) as refusal:
        add_room("umum", name=name, floor=floor, by=technician)

    assert refusal.value.code == code


def test_a_room_keeps_its_name_when_it_moves(technician):
    room = add_room("umum", name="Ruang 1", floor=1, by=technician)

    assert change_room(room.id, name="Ruang 1", floor=2, by=technician).floor == 2
    with pytest.raises(NotHere):
        change_room(uuid7(), floor=2, by=technician)


@pytest.mark.parametrize("role", ["registrar", "nurse", "outsider"])
def test_others_change_nothing(role, request, house, browse):
    actor = request.getfixturevalue(role)

    with pytest.raises(NotAllowed):
        add_room("umum", name="Ruang 1", floor=1, by=actor)
    with pytest.raises(NotAllowed):
        set_queue_rule("", mode="always", by=actor)
    assert browse(actor).get("/pengaturan/ruang").status_code == 403


class TestTheRule:
    def test_two_to_one_unless_something_else_is_set(self, house):
        assert vars(get_here().unit("umum").queue_rule) == {"priority": 2, "routine": 1}
        assert get_here().priority_groups == {"elderly", "pregnant", "disability", "under-five"}

    def test_a_unit_may_differ_and_come_back(self, head):
        set_queue_rule("", mode="ratio", priority_calls=3, routine_calls=2, by=head)
        set_queue_rule("gigi", mode="none", by=head)

        assert get_here().unit("umum").queue_rule.priority == 3
        assert get_here().unit("gigi").queue_rule == "none"

        set_queue_rule("gigi", mode="", by=head)
        assert get_here().unit("gigi").queue_rule.priority == 3

    def test_groups_are_switched_one_by_one(self, head):
        set_queue_rule("", mode="always", groups={"pregnant", "disability"}, by=head)

        assert get_here().priority_groups == {"pregnant", "disability"}
        assert get_here().unit("umum").queue_rule == "always"

    @pytest.mark.parametrize(
        ("mode", "calls"),
        [("sometimes", (2, 1)), ("", (2, 1)), ("ratio", (0, 1)), ("ratio", (2, 99))],
    )
    def test_what_is_no_rule_is_refused(self, mode, calls, head):
        with pytest.raises(Refused):
            set_queue_rule("", mode=mode, priority_calls=calls[0], routine_calls=calls[1], by=head)
        assert vars(get_here().unit("umum").queue_rule) == {"priority": 2, "routine": 1}

    def test_who_changed_it_is_in_the_journal(self, head):
        set_queue_rule("umum", mode="ratio", priority_calls=1, routine_calls=1, by=head)

        entry = JournalEntry.objects.get(act="queue-rule-changed")
        assert (entry.practitioner, entry.unit) == (head.practitioner_id, "umum")
        assert entry.detail == {"mode": "ratio", "priority_calls": 1, "routine_calls": 1}


class TestThePage:
    def test_a_room_is_added_and_shown_with_its_television(self, technician, browse):
        client = browse(technician)

        answer = client.post("/pengaturan/unit/umum/ruang", {"name": "Ruang 2", "floor": "2"})
        page = client.get("/pengaturan/ruang").content.decode()

        assert answer.status_code == 302
        assert 'value="Ruang 2"' in page
        assert "/tv?lantai=2" in page

    def test_a_refusal_says_why_and_changes_nothing(self, technician, browse):
        answer = browse(technician).post("/pengaturan/unit/umum/ruang", {"name": "", "floor": "x"})

        assert answer.status_code == 422
        assert "Lantai: angka 1 sampai 20." in answer.content.decode()
        assert get_here().unit("umum").rooms == ()

    def test_the_rule_of_the_house_by_form(self, head, browse):
        answer = browse(head).post(
            "/pengaturan/urutan",
            {
                "unit": "",
                "mode": "ratio",
                "priority_calls": "3",
                "routine_calls": "1",
                "group": ["elderly"],
            },
        )

        assert answer.status_code == 302
        assert get_here().unit("umum").queue_rule.priority == 3
        assert get_here().priority_groups == {"elderly"}

    def test_a_room_is_closed_and_a_floor_moved_by_form(self, technician, browse):
        room = add_room("umum", name="Ruang 1", floor=1, by=technician)
        client = browse(technician)

        client.post(f"/pengaturan/ruang/{room.id}", {"name": "Ruang 1", "floor": "1"})
        client.post("/pengaturan/unit/gigi/lantai", {"floor": "2"})

        assert get_here().unit("umum").rooms == ()
        assert get_here().unit("gigi").floor == 2

    def test_the_page_costs_few_queries(self, technician, browse, django_assert_max_num_queries):
        for unit in ("umum", "kia", "gigi"):
            for number in range(5):
                add_room(unit, name=f"Ruang {number}", floor=1, by=technician)
        client = browse(technician)
        client.get("/pengaturan/ruang")

        with django_assert_max_num_queries(9):
            client.get("/pengaturan/ruang")
