"""Signing entries: versions, corrections with their reason, all or none, impossible values."""

import pytest

from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere, Refused
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.service.care.inputs import EntryInput
from simpul.service.care.models import Condition, Entry, Observation, Procedure
from simpul.service.completeness.services import close_encounter, save_entries, strike_entry
from simpul.service.distribution.services import cancel_visit, redirect_visit
from tests.care.visits import conditions, open_visit, procedures, soap, vitals
from tests.conftest import make_actor


def problems(refusal: pytest.ExceptionInfo[Refused]) -> set[tuple[str, str]]:
    return {(problem.where, problem.code) for problem in refusal.value.errors}


def test_a_save_signs_every_entry_with_person_and_time(registrar: Actor, physician: Actor):
    visit = open_visit(registrar)

    saved = save_entries(visit.id, [vitals(), soap(), conditions("J06.9")], by=physician)

    assert saved.signed is not None
    assert {entry.kind for entry in saved.signed.entries} == {"vitals", "soap", "condition"}
    assert {entry.author_name for entry in saved.signed.entries} == {physician.name}
    assert len({entry.signed_at for entry in saved.signed.entries}) == 1, "one act, one instant"
    assert Observation.objects.count() == 4
    assert Condition.objects.get().rank == 1


def test_writing_again_makes_a_new_version_and_keeps_the_old(registrar: Actor, physician: Actor):
    visit = open_visit(registrar)
    save_entries(visit.id, [soap(s="batuk")], by=physician)

    save_entries(visit.id, [soap(s="batuk dan pilek")], by=physician)

    old, new = Entry.objects.filter(encounter=visit.id).order_by("revision")
    assert (old.body["s"], old.is_current) == ("batuk", False)
    assert (new.body["s"], new.is_current, new.replaces_id) == ("batuk dan pilek", True, old.id)


def test_the_same_text_again_is_no_new_version(registrar: Actor, physician: Actor):
    visit = open_visit(registrar)
    save_entries(visit.id, [soap(), vitals()], by=physician)

    again = save_entries(visit.id, [soap(), vitals()], by=physician)

    assert again.signed is not None
    assert again.signed.entries == ()
    assert Entry.objects.count() == 2


def test_a_correction_after_closing_needs_its_reason(registrar: Actor, physician: Actor):
    visit = open_visit(registrar)
    close_encounter(visit.id, by=physician, inputs=[soap(s="batuk")])

    with pytest.raises(Refused) as refusal:
        save_entries(visit.id, [soap(s="batuk berdahak")], by=physician)

    assert ("reason", "required") in problems(refusal)
    assert Entry.objects.get().body["s"] == "batuk"
    save_entries(visit.id, [soap("salah dengar", s="batuk berdahak")], by=physician)
    assert Entry.objects.get(is_current=True).reason == "salah dengar"


def test_one_wrong_entry_of_three_stores_nothing(registrar: Actor, physician: Actor):
    visit = open_visit(registrar)

    with pytest.raises(Refused) as refusal:
        save_entries(
            visit.id, [vitals(temperature="367"), soap(), conditions("J06.9")], by=physician
        )

    assert ("temperature", "vital_slip") in problems(refusal)
    assert not Entry.objects.exists()
    assert not JournalEntry.objects.filter(act="written").exists()


def test_every_wrong_box_is_told_at_once(registrar: Actor, physician: Actor):
    visit = open_visit(registrar)

    with pytest.raises(Refused) as refusal:
        save_entries(
            visit.id,
            [vitals(temperature="367", pulse="dua"), conditions("ZZZ")],
            by=physician,
        )

    assert {where for where, _code in problems(refusal)} == {
        "temperature",
        "pulse",
        "conditions.0",
    }


@pytest.mark.parametrize(
    ("typed", "where", "meant"),
    [
        ({"temperature": "367"}, "temperature", "36,7"),
        ({"height": "1,65"}, "height", "165"),
        ({"systolic": "80", "diastolic": "120"}, "diastolic", "120/80"),
    ],
)
def test_an_impossible_value_is_refused_with_what_was_meant(
    registrar: Actor, physician: Actor, typed: dict[str, str], where: str, meant: str
):
    visit = open_visit(registrar)

    with pytest.raises(Refused) as refusal:
        save_entries(visit.id, [vitals(**typed)], by=physician)

    [problem] = refusal.value.errors
    assert problem.where == where
    assert meant in problem.message


def test_an_unusual_value_is_stored_with_a_remark(registrar: Actor, physician: Actor):
    visit = open_visit(registrar)

    saved = save_entries(visit.id, [vitals(temperature="39,2")], by=physician)

    assert [warning.where for warning in saved.warnings] == ["temperature"]
    assert Entry.objects.get().is_current


def test_a_diagnosis_of_the_other_sex_is_refused(registrar: Actor, physician: Actor):
    man = open_visit(registrar, sex="male")

    with pytest.raises(Refused) as refusal:
        save_entries(man.id, [conditions("O80.9", confirmed=True)], by=physician)

    assert problems(refusal) == {("conditions.0", "sex_contradicts")}


def test_an_unusual_age_asks_once(registrar: Actor, physician: Actor):
    child = open_visit(registrar, years=5, unit="mtbs")

    with pytest.raises(Refused) as refusal:
        save_entries(child.id, [conditions("I10")], by=physician)

    assert problems(refusal) == {("conditions.0", "age_asks")}
    saved = save_entries(child.id, [conditions("I10", confirmed=True)], by=physician)
    assert [warning.code for warning in saved.warnings] == ["age_asks"]


def test_the_same_diagnosis_twice_is_refused(registrar: Actor, physician: Actor):
    visit = open_visit(registrar)

    with pytest.raises(Refused) as refusal:
        save_entries(visit.id, [conditions("J06.9", "j069")], by=physician)

    assert problems(refusal) == {("conditions.1", "twice")}


def test_consent_is_kept_only_where_it_is_asked(registrar: Actor, physician: Actor):
    visit = open_visit(registrar)

    save_entries(visit.id, [procedures("86.59", consent=True)], by=physician)

    row = Procedure.objects.get()
    assert (row.needs_consent, row.consent_given) == (True, True)


def test_what_another_unit_has_written_is_not_replaced(registrar: Actor):
    visit = open_visit(registrar, unit="kia", years=28)
    midwife = make_actor("bidan", units=("kia",))
    physician = make_actor("dokter", units=("umum",))
    save_entries(visit.id, [soap(s="dari KIA")], by=midwife)
    redirect_visit(visit.id, unit="umum", reason="keluhan umum", by=midwife)
    save_entries(visit.id, [soap(s="dari umum")], by=physician)

    assert Entry.objects.filter(is_current=True).count() == 2


def test_a_cancelled_visit_takes_no_entry(registrar: Actor, physician: Actor):

    visit = open_visit(registrar)
    cancel_visit(visit.id, reason="pulang", by=registrar)

    with pytest.raises(Conflict) as conflict:
        save_entries(visit.id, [soap()], by=physician, unit="umum")

    assert conflict.value.code == "encounter_cancelled"


def test_a_correction_of_a_replaced_version_is_a_conflict(registrar: Actor, physician: Actor):
    visit = open_visit(registrar)
    first = save_entries(visit.id, [soap(s="satu")], by=physician)
    assert first.signed is not None
    seen = first.signed.entries[0].id
    save_entries(visit.id, [soap(s="dua")], by=physician)

    with pytest.raises(Conflict) as conflict:
        save_entries(
            visit.id, [EntryInput("soap", soap={"s": "tiga"}, replaces=seen)], by=physician
        )

    assert conflict.value.code == "entry_superseded"


def test_a_struck_entry_stays_readable_and_no_longer_counts(registrar: Actor, physician: Actor):
    visit = open_visit(registrar)
    save_entries(visit.id, [soap()], by=physician)
    entry = Entry.objects.get()

    with pytest.raises(Refused):
        strike_entry(visit.id, entry_id=entry.id, reason="  ", by=physician)
    strike_entry(visit.id, entry_id=entry.id, reason="salah pasien", by=physician)

    entry.refresh_from_db()
    assert (entry.is_error, entry.is_current, entry.reason) == (True, False, "salah pasien")
    assert entry.body["s"] == "batuk"
    with pytest.raises(Conflict):
        strike_entry(visit.id, entry_id=entry.id, reason="sekali lagi", by=physician)


def test_only_clinicians_write(registrar: Actor, pharmacist: Actor, recorder: Actor):
    visit = open_visit(registrar)

    for actor in (registrar, pharmacist, recorder):
        with pytest.raises(NotAllowed):
            save_entries(visit.id, [soap()], by=actor)
    assert not Entry.objects.exists()


def test_a_nurse_of_another_unit_does_not_write(registrar: Actor):
    visit = open_visit(registrar, unit="umum")
    nurse = make_actor("perawat", units=("gigi",))

    with pytest.raises(NotAllowed) as refusal:
        save_entries(visit.id, [vitals()], by=nurse)

    assert refusal.value.code == "not_your_unit"


def test_another_facility_finds_no_visit(registrar: Actor, outsider: Actor):
    visit = open_visit(registrar)

    with pytest.raises(NotHere):
        save_entries(visit.id, [soap()], by=outsider)
