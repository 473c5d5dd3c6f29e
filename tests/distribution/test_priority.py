"""Who goes before others, decided at the counter; and the queue that is called is the one shown."""

from datetime import timedelta

import pytest

from simpul.foundation.administration.rooms import set_queue_rule
from simpul.foundation.facilities.selectors import get_here
from simpul.service.distribution.printing import make_slip
from simpul.service.distribution.queueing import call_next, skip_ticket
from simpul.service.distribution.selectors import get_queue
from simpul.service.registration.models import Priority
from tests.distribution.conftest import stored


def shown(nurse, unit="umum") -> list[str]:
    return [row.ticket for row in get_queue(unit, by=nurse).waiting if not row.is_called]


def call_all(nurse, unit="umum") -> list[str]:
    return [call_next(unit, by=nurse).ticket.label for _ in shown(nurse, unit)]


class TestTheGroups:
    @pytest.mark.parametrize(
        ("wish", "reason"),
        [
            ({"birth_date": "01011950"}, "elderly"),
            ({"pregnant": True}, "pregnant"),
            ({"disability": True}, "disability"),
            ({"priority": Priority.PRIORITY}, "chosen"),
            ({"priority": Priority.PRIORITY, "disability": True}, "disability"),
            ({"priority": Priority.EMERGENCY, "disability": True}, "emergency"),
            ({"disability": True, "priority": Priority.ROUTINE}, ""),
            ({}, ""),
        ],
    )
    def test_the_reason_is_kept_with_the_visit(self, wish, reason, new_visit):
        encounter = new_visit("umum", **wish).encounter

        assert encounter.priority_reason == reason
        wanted = {"": Priority.ROUTINE, "emergency": Priority.EMERGENCY}
        assert encounter.priority == wanted.get(reason, Priority.PRIORITY)

    def test_a_child_counts_until_the_fifth_birthday(self, new_visit):
        today = get_here().today()
        birthday = today.replace(year=today.year - 5)

        younger = new_visit("mtbs", birth_date=f"{birthday + timedelta(days=1):%d%m%Y}")
        older = new_visit("mtbs", birth_date=f"{birthday:%d%m%Y}")

        assert younger.encounter.priority_reason == "under-five"
        assert older.encounter.priority == Priority.ROUTINE

    def test_a_group_that_is_switched_off_gives_nothing(self, new_visit, head):
        set_queue_rule("", mode="ratio", groups={"pregnant"}, by=head)

        assert new_visit("umum", birth_date="01011950").encounter.priority == Priority.ROUTINE
        assert new_visit("umum", pregnant=True).encounter.priority == Priority.PRIORITY

    def test_the_queue_says_why(self, new_visit, nurse, browse):
        new_visit("umum", disability=True)
        new_visit("umum", priority=Priority.PRIORITY)

        page = browse(nurse).get("/antrean/umum").content.decode()

        assert "disabilitas" in page
        assert "prioritas" in page

    def test_the_counter_ticks_it_and_the_next_visit_remembers(
        self, new_patient, registrar, browse
    ):
        patient = new_patient("SITI AMINAH", "12031985")
        counter = browse(registrar)
        pane = counter.get(f"/loket/pasien/{patient}").content.decode()
        counter.post(
            "/daftar",
            {
                "patient_id": str(patient),
                "complaint": "batuk",
                "payer": "umum",
                "pregnant": "tidak",
                "disability": "on",
                "unit": "umum",
            },
        )

        again = counter.get(f"/loket/pasien/{patient}").content.decode()

        assert 'name="disability"' in pane
        box = again.split('name="disability"')[1].split(">")[0]
        assert "checked" in box
        assert "dari kunjungan" in again.split('name="disability"')[1][:600]

    def test_a_program_says_it_and_reads_it(self, new_patient, registrar, program):
        patient = new_patient("SITI AMINAH", "12031985")

        answer = program(registrar).call(
            "POST",
            "/encounters",
            {"patient_id": str(patient), "complaint": "batuk", "unit": "umum", "disability": True},
        )

        assert answer.status_code == 201
        assert answer.json()["priority"] == "priority"
        assert answer.json()["priority_reason"] == "disability"
        assert answer.json()["disability"] is True


class TestTheOrder:
    @pytest.fixture
    def six(self, new_visit):
        """A01, A03 routine; A02, A04, A05, A06 elderly."""
        for born in ("", "01011950", "", "02011950", "03011950", "04011950"):
            new_visit("umum", birth_date=born)

    @pytest.mark.parametrize(
        ("rule", "order"),
        [
            ({"mode": "ratio"}, "A02 A04 A01 A05 A06 A03"),
            ({"mode": "ratio", "priority_calls": 1}, "A02 A01 A04 A03 A05 A06"),
            ({"mode": "always"}, "A02 A04 A05 A06 A01 A03"),
            ({"mode": "none"}, "A01 A02 A03 A04 A05 A06"),
        ],
    )
    def test_what_is_shown_is_what_is_called(self, rule, order, six, nurse, head):
        set_queue_rule("", by=head, **rule)

        assert shown(nurse) == order.split()
        assert call_all(nurse) == order.split()

    def test_the_turn_goes_on_where_it_was(self, six, nurse):
        called = [call_next("umum", by=nurse).ticket.label for _ in range(2)]

        assert called == ["A02", "A04"]
        assert shown(nurse) == ["A01", "A05", "A06", "A03"]

    def test_who_was_passed_over_has_used_the_turn(self, six, nurse):
        for _ in range(2):
            skip_ticket(call_next("umum", by=nurse).ticket_id, by=nurse)

        assert call_next("umum", by=nurse).ticket.label == "A01"

    def test_the_slip_and_the_television_count_the_same(self, new_visit, nurse, registrar, client):
        new_visit("umum")
        new_visit("umum", birth_date="01011950")
        new_visit("umum", birth_date="02011950")
        new_visit("umum", birth_date="03011950")
        last = new_visit("umum")
        call_next("umum", by=nurse)

        order = shown(nurse)
        slip = make_slip(last.encounter.id, by=registrar)

        assert order == ["A03", "A01", "A04", "A05"]
        assert slip.in_front == order.index("A05") == 3
        assert " · ".join(order) in client.get("/tv/papan").content.decode()

    def test_with_one_line_three_places_down_is_among_all(self, new_visit, nurse, head):
        set_queue_rule("", mode="none", by=head)
        first = new_visit("umum", birth_date="01011950")
        for _ in range(4):
            new_visit("umum")

        skip_ticket(first.ticket.id, by=nurse)

        assert shown(nurse) == ["A02", "A03", "A04", "A01", "A05"]
        assert stored(first).priority == Priority.PRIORITY
