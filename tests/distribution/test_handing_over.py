"""Register, redirect, undo, cancel, send again: where the record is after each."""

from datetime import timedelta

import pytest
import time_machine

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere, Refused
from simpul.foundation.journal.models import JournalEntry
from simpul.service.distribution.models import Distribution, Stage, Ticket
from simpul.service.distribution.queueing import (
    acknowledge_shown,
    call_next,
    open_record,
    start_ticket,
)
from simpul.service.distribution.selectors import count_board, get_board_row, list_board
from simpul.service.distribution.services import (
    cancel_visit,
    redirect_visit,
    register_visit,
    resend_visit,
    undo_visit,
)
from simpul.service.registration.models import Encounter, EncounterStatus
from simpul.service.registration.services import VisitWish
from tests.distribution.conftest import stored


def acts_of(encounter) -> list[str]:
    return list(
        JournalEntry.objects.filter(encounter=encounter.id)
        .order_by("id")
        .values_list("act", flat=True)
    )


class TestRegistering:
    def test_one_act_makes_visit_hand_over_number_and_journal(self, new_visit):
        visit = new_visit("gigi")

        assert visit.ticket.label == "C01"
        assert (visit.distribution.unit, visit.distribution.stage) == ("gigi", Stage.SAVED)
        assert visit.encounter.status == EncounterStatus.ARRIVED
        entries = JournalEntry.objects.filter(encounter=visit.encounter.id)
        assert [e.act for e in entries.order_by("id")][-1] == "distributed"
        assert len({e.act_id for e in entries}) == 1

    def test_numbers_of_a_unit_follow_each_other_and_units_do_not_share_them(self, new_visit):
        labels = [new_visit(unit).ticket.label for unit in ("umum", "umum", "gigi", "umum")]

        assert labels == ["A01", "A02", "C01", "A03"]

    def test_the_same_unit_twice_on_a_day_is_refused_and_names_the_number(
        self, new_visit, new_patient, registrar
    ):
        patient = new_patient()
        first = new_visit("umum", patient=patient)

        with pytest.raises(Conflict) as refusal:
            new_visit("umum", patient=patient)

        assert refusal.value.code == "already_waiting"
        assert "A01" in refusal.value.message
        assert refusal.value.extra["encounter_id"] == str(first.encounter.id)
        assert (Encounter.objects.count(), Ticket.objects.count()) == (1, 1)

    def test_another_unit_on_the_same_day_is_allowed(self, new_visit, new_patient):
        patient = new_patient()
        new_visit("umum", patient=patient)

        assert new_visit("gigi", patient=patient).ticket.label == "C01"

    def test_after_cancelling_the_same_unit_is_free_again(self, new_visit, new_patient, registrar):
        patient = new_patient()
        cancel_visit(new_visit("umum", patient=patient).encounter.id, reason="Salah", by=registrar)

        assert new_visit("umum", patient=patient).ticket.label == "A02"

    @pytest.mark.parametrize("role", ["nurse", "physician", "head", "pharmacist", "technician"])
    def test_only_the_counter_registers(self, role, request, new_patient):
        actor = request.getfixturevalue(role)

        with pytest.raises(NotAllowed):
            register_visit(VisitWish(patient_id=new_patient(), unit="umum"), by=actor)

        assert not Encounter.objects.exists()


class TestRedirecting:
    def test_the_number_stays_and_the_old_queue_says_where_it_went(self, new_visit, registrar):
        visit = new_visit("umum")

        moved = redirect_visit(visit.encounter.id, unit="lansia", reason="Salah poli", by=registrar)

        assert moved.ticket.label == "A01"
        assert (moved.distribution.unit, moved.distribution.came_from) == ("lansia", "umum")
        old = stored(visit)
        assert (old.stage, old.reason) == (Stage.REDIRECTED, "")
        assert moved.distribution.reason == "Salah poli"
        assert old.ended_at is not None
        assert acts_of(visit.encounter)[-2:] == ["redirected", "distributed"]

    def test_a_reason_is_needed_and_nothing_moves_without_one(self, new_visit, registrar):
        visit = new_visit("umum")

        with pytest.raises(Refused) as refusal:
            redirect_visit(visit.encounter.id, unit="gigi", reason="  ", by=registrar)

        assert refusal.value.errors[0].where == "reason"
        assert stored(visit).stage == Stage.SAVED

    def test_the_same_unit_and_an_unknown_unit_are_refused(self, new_visit, registrar):
        visit = new_visit("umum")

        with pytest.raises(Conflict, match="sudah berada"):
            redirect_visit(visit.encounter.id, unit="umum", reason="uji", by=registrar)
        with pytest.raises(NotHere):
            redirect_visit(visit.encounter.id, unit="kantin", reason="uji", by=registrar)

    def test_a_clinician_may_redirect_and_the_pharmacy_may_not(
        self, new_visit, physician, pharmacist
    ):
        visit = new_visit("umum")

        with pytest.raises(NotAllowed):
            redirect_visit(visit.encounter.id, unit="gigi", reason="uji", by=pharmacist)
        moved = redirect_visit(visit.encounter.id, unit="gigi", reason="sakit gigi", by=physician)

        assert moved.distribution.unit == "gigi"

    def test_to_a_unit_where_the_patient_already_waits_is_refused(
        self, new_visit, new_patient, registrar
    ):
        patient = new_patient()
        visit = new_visit("umum", patient=patient)
        new_visit("gigi", patient=patient)

        with pytest.raises(Conflict):
            redirect_visit(visit.encounter.id, unit="gigi", reason="uji", by=registrar)


class TestUndoing:
    def test_a_registration_becomes_a_cancelled_visit_and_its_number_is_not_given_again(
        self, new_visit, registrar
    ):
        visit = new_visit("umum")

        undo_visit(visit.encounter.id, by=registrar)

        assert stored(visit).stage == Stage.CANCELLED
        assert Encounter.objects.get().status == EncounterStatus.CANCELLED
        assert new_visit("umum").ticket.label == "A02"

    def test_a_redirection_goes_back_to_the_unit_before_with_its_stage(
        self, new_visit, registrar, nurse
    ):
        visit = new_visit("umum")
        acknowledge_shown("umum", [visit.distribution.id], by=nurse)
        redirect_visit(visit.encounter.id, unit="gigi", reason="Salah poli", by=registrar)

        undo_visit(visit.encounter.id, by=registrar)

        assert stored(visit).stage == Stage.SHOWN
        row = get_board_row(visit.encounter.id, by=registrar)
        assert (row.unit, row.stage) == ("umum", Stage.SHOWN)
        assert Encounter.objects.get().status == EncounterStatus.ARRIVED

    def test_the_board_shows_an_undone_redirection_once(self, new_visit, registrar):
        visit = new_visit("umum")
        redirect_visit(visit.encounter.id, unit="gigi", reason="Salah poli", by=registrar)
        undo_visit(visit.encounter.id, by=registrar)

        assert [row.unit for row in list_board(by=registrar)] == ["umum"]
        assert count_board(by=registrar)["semua"] == 1

    def test_within_sixty_seconds_only(self, new_visit, registrar):
        visit = new_visit("umum")
        saved = visit.distribution.saved_at

        with (
            time_machine.travel(saved + timedelta(seconds=61), tick=False),
            pytest.raises(Conflict) as refusal,
        ):
            undo_visit(visit.encounter.id, by=registrar)
        assert refusal.value.code == "undo_too_late"
        assert stored(visit).stage == Stage.SAVED

        with time_machine.travel(saved + timedelta(seconds=59), tick=False):
            undo_visit(visit.encounter.id, by=registrar)
        assert stored(visit).stage == Stage.CANCELLED

    def test_not_after_the_unit_opened_the_record(self, new_visit, registrar, nurse):
        visit = new_visit("umum")
        open_record(visit.encounter.id, by=nurse)

        with pytest.raises(Conflict) as refusal:
            undo_visit(visit.encounter.id, by=registrar)

        assert refusal.value.code == "already_opened"

    def test_twice_is_refused_the_second_time(self, new_visit, registrar):
        visit = new_visit("umum")
        undo_visit(visit.encounter.id, by=registrar)

        with pytest.raises(Conflict):
            undo_visit(visit.encounter.id, by=registrar)


class TestCancelling:
    def test_needs_a_reason_which_stays(self, new_visit, registrar):
        visit = new_visit("umum")

        with pytest.raises(Refused):
            cancel_visit(visit.encounter.id, reason="", by=registrar)
        cancel_visit(visit.encounter.id, reason="Pasien pulang", by=registrar)

        assert Encounter.objects.get().cancel_reason == "Pasien pulang"
        assert stored(visit).stage == Stage.CANCELLED

    def test_not_once_service_began(self, new_visit, registrar, nurse):
        visit = new_visit("umum")
        start_ticket(visit.ticket.id, by=nurse)

        with pytest.raises(Conflict):
            cancel_visit(visit.encounter.id, reason="Pasien pulang", by=registrar)

        assert stored(visit).stage == Stage.IN_SERVICE


class TestSendingAgain:
    def test_the_alarm_waits_thirty_seconds_more(self, new_visit, registrar):
        visit = new_visit("gigi")
        saved = visit.distribution.saved_at

        def is_late() -> bool:
            return get_board_row(visit.encounter.id, by=registrar).is_late

        assert not is_late()
        with time_machine.travel(saved + timedelta(seconds=30), tick=False):
            assert is_late()
            resend_visit(visit.encounter.id, by=registrar)
            assert not is_late()
        with time_machine.travel(saved + timedelta(seconds=61), tick=False):
            assert is_late()
        assert acts_of(visit.encounter)[-1] == "resent"

    def test_a_served_record_is_not_sent_again(self, new_visit, registrar, nurse):
        visit = new_visit("umum")
        start_ticket(visit.ticket.id, by=nurse)

        with pytest.raises(Conflict):
            resend_visit(visit.encounter.id, by=registrar)


@pytest.mark.parametrize("act", [undo_visit, resend_visit])
def test_another_facility_cannot_touch_a_visit(act, new_visit, outsider):
    visit = new_visit("umum")

    with pytest.raises(NotHere):
        act(visit.encounter.id, by=outsider)

    assert stored(visit).stage == Stage.SAVED
    assert list_board(by=outsider) == []


def test_yesterdays_visits_are_not_on_the_board_nor_in_the_queue(new_visit, registrar, nurse):
    new_visit("umum")

    with time_machine.travel(now() + timedelta(days=1)):
        assert list_board(by=registrar) == []
        with pytest.raises(NotHere, match="Tidak ada pasien"):
            call_next("umum", by=nurse)


def test_one_place_at_a_time_holds_in_the_database(new_visit):
    visit = new_visit("umum")
    present = Distribution.objects.filter(
        encounter=visit.encounter, stage__in=["saved", "shown", "opened", "in-service"]
    )

    assert present.count() == 1
