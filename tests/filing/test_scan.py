"""A folder's way by scan: sent, received, stored; repeats, contradictions, unknown labels."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.foundation.core.errors import NotAllowed, NotHere, Refused
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.service.completeness.models import CompletenessCheck
from simpul.service.filing.models import FileMovement, PaperFile
from simpul.service.filing.selectors import count_files, get_file, list_asked_for, list_out
from simpul.service.filing.services import WrongMode, change_shelf, scan_file, shelf_of
from tests.filing.visits import close, new_patient, visit


def test_a_folder_goes_out_and_comes_back(registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)
    made = visit(registrar, patient)

    for mode in ("sent", "received", "stored"):
        assert not scan_file(f"BK:{patient.mrn}", mode=mode, by=recorder).repeated

    moves = list(FileMovement.objects.order_by("at").values_list("kind", "unit", "encounter"))
    assert moves == [
        ("sent", "umum", made.encounter.id),
        ("received", "umum", made.encounter.id),
        ("stored", "", None),
    ]
    assert PaperFile.objects.get().whereabouts == "shelf"
    told = JournalEntry.objects.filter(act__startswith="file-").order_by("id")
    assert [(row.act, row.unit) for row in told] == [
        ("file-sent", "umum"),
        ("file-received", "umum"),
        ("file-stored", "rekam-medis"),
    ]


@pytest.mark.parametrize("mode", ["sent", "received", "stored"])
def test_the_same_scan_twice_is_one_movement(registrar: Actor, recorder: Actor, mode: str):
    patient = new_patient(registrar)
    visit(registrar, patient)
    for step in ("sent", "received", "stored"):
        scan_file(patient.mrn, mode=step, by=recorder)
        if step == mode:
            break
    before = FileMovement.objects.count()

    again = scan_file(patient.mrn, mode=mode, by=recorder)

    assert again.repeated
    assert again.movement is None
    assert FileMovement.objects.count() == before


def test_sending_on_to_another_unit_is_a_movement_of_its_own(registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)
    visit(registrar, patient)
    scan_file(patient.mrn, mode="sent", by=recorder)

    onward = scan_file(patient.mrn, mode="sent", unit="gigi", by=recorder)

    assert not onward.repeated
    assert get_file(patient.mrn, by=recorder).unit_name == "Poli Gigi"


def test_receiving_what_stands_on_the_shelf_asks_first(registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)

    with pytest.raises(WrongMode) as asked:
        scan_file(patient.mrn, mode="received", by=recorder)

    assert asked.value.code == "file_on_shelf"
    assert not FileMovement.objects.exists()
    assert not PaperFile.objects.exists()
    assert not scan_file(patient.mrn, mode="received", by=recorder, confirm=True).repeated
    assert get_file(patient.mrn, by=recorder).whereabouts == "received"


def test_storing_what_is_out_receives_it_too_once_confirmed(registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)
    visit(registrar, patient)
    scan_file(patient.mrn, mode="sent", by=recorder)

    with pytest.raises(WrongMode) as asked:
        scan_file(patient.mrn, mode="stored", by=recorder)
    scan_file(patient.mrn, mode="stored", by=recorder, confirm=True)

    assert "Poli Umum" in asked.value.message
    kinds = [row.kind for row in get_file(patient.mrn, by=recorder).history]
    assert sorted(kinds) == ["received", "sent", "stored"]


def test_storing_files_the_complete_records(registrar: Actor, physician: Actor, recorder: Actor):
    patient = new_patient(registrar)
    made = visit(registrar, patient)
    close(made, physician)
    scan_file(patient.mrn, mode="sent", by=recorder)
    scan_file(patient.mrn, mode="received", by=recorder)

    scan_file(patient.mrn, mode="stored", by=recorder)

    check = CompletenessCheck.objects.get(encounter=made.encounter)
    assert check.status == "filed"
    assert check.filed_at is not None


def test_storing_an_incomplete_record_asks_and_leaves_it_incomplete(
    registrar: Actor, physician: Actor, recorder: Actor
):
    patient = new_patient(registrar)
    made = visit(registrar, patient)
    close(made, physician, parts=("soap",))
    scan_file(patient.mrn, mode="sent", by=recorder)
    scan_file(patient.mrn, mode="received", by=recorder)

    with pytest.raises(WrongMode) as asked:
        scan_file(patient.mrn, mode="stored", by=recorder)
    assert asked.value.code == "record_incomplete"
    assert asked.value.extra["encounter_id"] == str(made.encounter.id)
    assert get_file(patient.mrn, by=recorder).whereabouts == "received"

    scan_file(patient.mrn, mode="stored", by=recorder, confirm=True)

    assert get_file(patient.mrn, by=recorder).whereabouts == "shelf"
    assert CompletenessCheck.objects.get().status == "incomplete"


def test_sending_without_a_visit_today_asks_for_the_unit(registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)

    with pytest.raises(Refused) as asked:
        scan_file(patient.mrn, mode="sent", by=recorder)
    scan_file(patient.mrn, mode="sent", unit="kia", by=recorder)

    assert asked.value.code == "file_unit_required"
    assert get_file(patient.mrn, by=recorder).unit == "kia"


def test_a_folder_is_not_sent_for_another_patients_visit(registrar: Actor, recorder: Actor):
    mine, other = new_patient(registrar), new_patient(registrar, "BUDI SANTOSO", sex="male")
    made = visit(registrar, other)

    with pytest.raises(NotHere):
        scan_file(mine.mrn, mode="sent", unit="umum", encounter=made.encounter.id, by=recorder)

    assert not FileMovement.objects.exists()


@pytest.mark.parametrize("form", ["BK:{0}", "bk: {0}", "RM:{0}", "{0}", "{1}", "{2}", "  BK:{0}\n"])
def test_a_label_is_read_in_every_form_it_is_printed_or_typed(
    registrar: Actor, recorder: Actor, form: str
):
    patient = new_patient(registrar)
    label = form.format(patient.mrn, patient.mrn.lstrip("0"), patient.mrn_text)

    assert get_file(label, by=recorder).patient_id == patient.id


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(label=st.text(max_size=60))
def test_no_label_that_is_not_a_number_here_moves_anything(
    registrar: Actor, recorder: Actor, label: str
):
    """No patient exists, so whatever is scanned is refused as unknown and nothing is written."""
    with pytest.raises(NotHere):
        scan_file(label, mode="stored", by=recorder, confirm=True)

    assert not PaperFile.objects.exists()


def test_an_unknown_mode_is_refused(registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)

    with pytest.raises(Refused):
        scan_file(patient.mrn, mode="lost", by=recorder)


@pytest.mark.parametrize("who", ["physician", "pharmacist", "head", "technician"])
def test_only_counter_and_record_room_move_folders(
    registrar: Actor, request: pytest.FixtureRequest, who: str
):
    patient = new_patient(registrar)

    with pytest.raises(NotAllowed):
        scan_file(patient.mrn, mode="stored", by=request.getfixturevalue(who), confirm=True)


def test_another_facility_does_not_know_the_folder(registrar: Actor, outsider: Actor):
    patient = new_patient(registrar)

    with pytest.raises(NotHere):
        get_file(patient.mrn, by=outsider)
    assert list_asked_for(by=outsider) == []


def test_a_folder_asked_for_leaves_the_list_when_it_is_sent(registrar: Actor, recorder: Actor):
    first, second = new_patient(registrar), new_patient(registrar, "BUDI SANTOSO", sex="male")
    made = visit(registrar, first)
    visit(registrar, second, "gigi")

    asked = list_asked_for(by=recorder)
    scan_file(first.mrn, mode="sent", by=recorder)

    assert (asked[0].mrn, asked[0].ticket) == (first.mrn, made.ticket.label)
    assert [row.mrn for row in list_asked_for(by=recorder)] == [second.mrn]


def test_a_folder_away_for_more_than_a_day_is_overdue(registrar: Actor, recorder: Actor):
    start = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        late, early = new_patient(registrar), new_patient(registrar, "BUDI SANTOSO", sex="male")
        scan_file(late.mrn, mode="sent", unit="umum", by=recorder)
    with time_machine.travel(start + timedelta(hours=20), tick=False):
        scan_file(early.mrn, mode="sent", unit="gigi", by=recorder)

    with time_machine.travel(start + timedelta(hours=24), tick=False):
        assert count_files(by=recorder) == (2, 0)
    with time_machine.travel(start + timedelta(hours=24, seconds=1), tick=False):
        assert count_files(by=recorder) == (2, 1)
        assert [row.mrn for row in list_out(by=recorder, overdue_only=True)] == [late.mrn]
        assert get_file(late.mrn, by=recorder).is_overdue
        assert not get_file(early.mrn, by=recorder).is_overdue
    with time_machine.travel(start + timedelta(days=3), tick=False):
        ages = {row.mrn: row.age_text for row in list_out(by=recorder)}
        scan_file(late.mrn, mode="stored", by=recorder, confirm=True)
        assert count_files(by=recorder) == (1, 1)

    assert ages == {late.mrn: "3 hari", early.mrn: "2 hari"}


def test_the_shelf_can_be_another_and_the_number_stays(registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)
    assert get_file(patient.mrn, by=recorder).shelf == shelf_of(patient.mrn)

    change_shelf(patient.mrn, shelf="  Gudang   2 ", by=recorder)

    assert get_file(patient.mrn, by=recorder).shelf == "Gudang 2"
    for refused in ("", "   ", "x" * 31):
        with pytest.raises(Refused):
            change_shelf(patient.mrn, shelf=refused, by=recorder)


@given(number=st.integers(min_value=1, max_value=999_999))
def test_the_shelf_is_named_by_the_last_digits(number: int):
    """Terminal digits: neighbours in number stand on different shelves, hundreds apart on one."""
    mrn = f"{number:06d}"

    assert shelf_of(mrn) == f"{mrn[4:]}-{mrn[2:4]}"
    assert shelf_of(mrn)[:2] == shelf_of(f"{number + 100:06d}"[-6:])[:2]


def test_a_movement_names_its_doer(registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)
    scan_file(patient.mrn, mode="sent", unit="umum", by=registrar)
    scan_file(patient.mrn, mode="received", by=recorder)

    history = get_file(patient.mrn, by=recorder).history

    assert [row.by for row in history] == [recorder.name, registrar.name]
    assert all(isinstance(row.by, str) and row.by for row in history)
    assert uuid.UUID(str(PaperFile.objects.get().patient_id)) == patient.id
