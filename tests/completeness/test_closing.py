"""Closing, returning and mending: what is missing goes back, what was mended returns by itself."""

import pytest

from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere, Refused
from simpul.foundation.staff.actor import Actor
from simpul.service.care.models import Entry
from simpul.service.completeness.models import CompletenessCheck, Deficiency, RecordStatus
from simpul.service.completeness.selectors import (
    count_records,
    get_record_line,
    list_records,
    list_tasks,
    preview,
)
from simpul.service.completeness.services import (
    close_encounter,
    mend_paper,
    recheck,
    recheck_patient,
    return_record,
    save_entries,
    strike_entry,
)
from simpul.service.distribution.models import Distribution, Stage
from simpul.service.distribution.queueing import call_next
from simpul.service.filing.services import scan_file
from simpul.service.patients.services import note_no_allergies
from simpul.service.registration.models import Encounter, EncounterStatus
from tests.care.visits import (
    Opened,
    conditions,
    open_visit,
    procedures,
    soap,
    vitals,
    whole_record,
)
from tests.conftest import make_actor


@pytest.fixture
def visit(registrar: Actor) -> Opened:
    return open_visit(registrar)


def rules(visit: Opened) -> set[str]:
    """The rules of the open deficiencies."""
    rows = Deficiency.objects.filter(encounter=visit.id, mended_at__isnull=True)
    return set(rows.values_list("rule", flat=True))


def status(visit: Opened) -> str:
    return CompletenessCheck.objects.get(encounter=visit.id).status


def test_closing_ends_service_and_visit(visit: Opened, physician: Actor):
    call_next("umum", by=physician)

    close_encounter(visit.id, by=physician, inputs=whole_record())

    place = Distribution.objects.get(encounter=visit.id)
    assert (place.stage, place.practitioner) == (Stage.DONE, physician.practitioner_id)
    assert place.started_at is not None
    assert Encounter.objects.get(id=visit.id).status == EncounterStatus.FINISHED


def test_a_complete_record_is_ready_to_be_filed(visit: Opened, physician: Actor):
    note_no_allergies(visit.patient.id, by=physician)

    saved = close_encounter(visit.id, by=physician, inputs=whole_record())

    assert saved.check is not None
    assert (saved.check.status, saved.check.percent) == (RecordStatus.COMPLETE, 100)
    assert saved.missing == ()
    assert list_tasks(by=physician) == []


def test_an_incomplete_record_goes_to_its_clinician(visit: Opened, physician: Actor):
    call_next("umum", by=physician)

    saved = close_encounter(visit.id, by=physician, inputs=[vitals(), soap(s="batuk", p="obat")])

    assert {missing.rule for missing in saved.missing} == {"objective", "diagnosis", "allergy"}
    [task] = list_tasks(by=physician)
    assert task.encounter_id == visit.id
    assert task.percent < 100
    assert list_tasks(by=make_actor("dokter")) == [], "another physician owes nothing"


def test_a_closing_that_is_refused_closes_nothing(visit: Opened, physician: Actor):
    with pytest.raises(Refused):
        close_encounter(visit.id, by=physician, inputs=[soap(), vitals(temperature="367")])

    assert Encounter.objects.get(id=visit.id).status == EncounterStatus.ARRIVED
    assert not Entry.objects.exists()
    assert not CompletenessCheck.objects.exists()


def test_a_visit_is_closed_once(visit: Opened, physician: Actor):
    close_encounter(visit.id, by=physician, inputs=[soap()])

    with pytest.raises(Conflict) as conflict:
        close_encounter(visit.id, by=physician)

    assert conflict.value.code == "encounter_ended"


def test_the_preview_tells_the_same_as_the_closing(visit: Opened, physician: Actor):
    save_entries(visit.id, [soap(s="batuk")], by=physician)
    before = {missing.rule for missing in preview(visit.id, by=physician).missing}

    saved = close_encounter(visit.id, by=physician)

    assert before == {missing.rule for missing in saved.missing} == rules(visit)


def test_a_mended_record_returns_by_itself(visit: Opened, physician: Actor):
    note_no_allergies(visit.patient.id, by=physician)
    close_encounter(visit.id, by=physician, inputs=[vitals(), soap(s="batuk", p="obat")])
    assert rules(visit) == {"objective", "diagnosis"}

    half = save_entries(
        visit.id, [soap("Melengkapi rekam", s="batuk", o="normal", p="obat")], by=physician
    )
    assert half.check is not None
    assert half.check.status == RecordStatus.INCOMPLETE
    assert rules(visit) == {"diagnosis"}
    whole = save_entries(visit.id, [conditions("J06.9")], by=physician)

    assert whole.check is not None
    assert whole.check.status == RecordStatus.COMPLETE
    assert whole.check.completed_at is not None
    assert rules(visit) == set()
    assert list_tasks(by=physician) == []


def test_the_answer_about_allergies_completes_waiting_records(visit: Opened, physician: Actor):
    close_encounter(visit.id, by=physician, inputs=whole_record())
    assert rules(visit) == {"allergy"}
    note_no_allergies(visit.patient.id, by=physician)

    recheck_patient(visit.patient.id, by=physician)

    assert status(visit) == RecordStatus.COMPLETE


def test_consent_is_owed_only_for_what_needs_it(registrar: Actor, physician: Actor):
    first, second = open_visit(registrar), open_visit(registrar)
    close_encounter(first.id, by=physician, inputs=[procedures("86.59", consent=False)])
    close_encounter(second.id, by=physician, inputs=[procedures("86.59", consent=True)])

    assert "consent" in rules(first)
    assert "consent" not in rules(second)


def test_a_struck_entry_is_missing_again(visit: Opened, physician: Actor):
    note_no_allergies(visit.patient.id, by=physician)
    close_encounter(visit.id, by=physician, inputs=whole_record())
    note = Entry.objects.get(kind="soap")

    strike_entry(visit.id, entry_id=note.id, reason="salah pasien", by=physician)

    assert status(visit) == RecordStatus.INCOMPLETE
    assert {"subjective", "objective", "plan"} <= rules(visit)


def test_a_record_sent_back_is_marked_in_the_tasks(
    visit: Opened, physician: Actor, recorder: Actor
):
    close_encounter(visit.id, by=physician, inputs=[soap()])

    return_record(visit.id, by=recorder)

    [task] = list_tasks(by=physician)
    assert task.is_returned
    assert [line.encounter_id for line in list_records(by=recorder)] == [visit.id]


def test_what_lacks_on_paper_goes_back_and_is_ticked(
    visit: Opened, physician: Actor, recorder: Actor
):
    note_no_allergies(visit.patient.id, by=physician)
    close_encounter(visit.id, by=physician, inputs=whole_record())
    assert status(visit) == RecordStatus.COMPLETE

    return_record(visit.id, by=recorder, paper_items=["Paraf dokter"])

    assert status(visit) == RecordStatus.INCOMPLETE
    [missing] = get_record_line(visit.id, by=physician).missing
    assert (missing.is_paper, missing.message) == (True, "Paraf dokter")
    save_entries(visit.id, [soap("tambahan", s="batuk", o="x", p="y")], by=physician)
    assert status(visit) == RecordStatus.INCOMPLETE, "nothing typed mends the paper"
    mend_paper(missing.id, by=physician)
    assert status(visit) == RecordStatus.COMPLETE
    with pytest.raises(Conflict):
        mend_paper(missing.id, by=physician)


def test_the_same_paper_item_is_asked_for_once(visit: Opened, physician: Actor, recorder: Actor):
    close_encounter(visit.id, by=physician)

    return_record(visit.id, by=recorder, paper_items=["Paraf", " paraf "])

    assert Deficiency.objects.filter(is_paper=True).count() == 1


def test_a_complete_record_is_not_sent_back_without_paper(
    visit: Opened, physician: Actor, recorder: Actor
):
    note_no_allergies(visit.patient.id, by=physician)
    close_encounter(visit.id, by=physician, inputs=whole_record())

    with pytest.raises(Conflict) as conflict:
        return_record(visit.id, by=recorder)

    assert conflict.value.code == "record_complete"


def test_a_filed_record_stays_filed_after_a_correction(
    visit: Opened, physician: Actor, recorder: Actor
):
    close_encounter(visit.id, by=physician, inputs=whole_record())
    note_no_allergies(visit.patient.id, by=physician)
    recheck(visit.id, by=physician)
    scan_file(f"BK:{visit.patient.mrn}", mode="sent", by=recorder, unit="umum")
    scan_file(f"BK:{visit.patient.mrn}", mode="received", by=recorder)
    scan_file(f"BK:{visit.patient.mrn}", mode="stored", by=recorder)
    assert status(visit) == RecordStatus.FILED

    save_entries(visit.id, [soap("salah ketik", s="batuk", o="baik", p="obat")], by=physician)

    assert status(visit) == RecordStatus.FILED


def test_a_record_that_is_still_open_cannot_be_sent_back(visit: Opened, recorder: Actor):
    with pytest.raises(Conflict) as conflict:
        return_record(visit.id, by=recorder)

    assert conflict.value.code == "encounter_open"


def test_figures_count_each_record_once(registrar: Actor, physician: Actor, recorder: Actor):
    first, second = open_visit(registrar), open_visit(registrar)
    close_encounter(first.id, by=physician, inputs=whole_record())
    close_encounter(second.id, by=physician, inputs=whole_record())
    note_no_allergies(second.patient.id, by=physician)
    recheck_patient(second.patient.id, by=physician)

    assert count_records(by=recorder) == {"incomplete": 1, "complete": 1, "filed": 0}


def test_only_the_record_room_sends_back(visit: Opened, physician: Actor, registrar: Actor):
    close_encounter(visit.id, by=physician)

    for actor in (physician, registrar):
        with pytest.raises(NotAllowed):
            return_record(visit.id, by=actor)


def test_only_this_house_closes_its_visits(visit: Opened, outsider: Actor):
    with pytest.raises(NotHere):
        close_encounter(visit.id, by=outsider)


def test_a_nurse_of_another_unit_does_not_close(visit: Opened):
    with pytest.raises(NotAllowed):
        close_encounter(visit.id, by=make_actor("perawat", units=("gigi",)))
