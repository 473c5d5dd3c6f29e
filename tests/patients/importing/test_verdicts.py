"""A verdict for each row: each damage a list comes with is a test here."""

import pytest

from simpul.foundation.core.errors import Refused
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.importing import services
from simpul.service.patients.importing.models import ImportRow, ImportRun, RunState, Verdict
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.merging.models import ReviewTask
from simpul.service.patients.models import Identifier, NoNikReason, Patient
from simpul.service.patients.numbers.services import PersonalInput, save_personal_scheme
from simpul.service.patients.selectors import find_patients
from simpul.service.patients.services import register_patient
from tests.patients.importing.lists import (
    BUDI,
    HEADINGS,
    SITI,
    TONO,
    bring,
    counts,
    only,
    rows_of,
    said,
    take_in,
    text,
    try_out,
    worked,
)

pytestmark = pytest.mark.django_db


def changed(row: tuple[str, ...], **values: str) -> tuple[str, ...]:
    """A row with some of its cells written otherwise."""
    names = ("record", "name", "nik", "born", "sex", "mother", "village")
    return tuple(values.get(name, cell) for name, cell in zip(names, row, strict=True))


def registered(by: Actor, **values: str) -> Patient:
    """Somebody who is here already."""
    typed = {
        "name": "Siti Aminah", "birth_date": "1985-03-12", "sex": "female", "village": "Sabrang",
        "nik": "3509015203850003", "mother_name": "Sumiati",
    }  # fmt: skip
    done = register_patient(by=by, typed=PatientInput(**{**typed, **values}))
    return Patient.objects.get(pk=done.patient.id)


def test_one_wrong_row_does_not_stop_the_others(recorder: Actor) -> None:
    wrong = ("9", "", "", "", "L", "", "")
    run = take_in(text(SITI, wrong, BUDI, TONO), by=recorder)

    assert run.state == RunState.DONE
    assert [row.verdict for row in rows_of(run)] == ["new", "refused", "new", "incomplete"]
    assert Patient.objects.count() == 3
    assert "nama kosong" in said(rows_of(run)[1])


def test_a_trial_saves_nobody_and_says_the_same_as_the_import(recorder: Actor) -> None:
    run = try_out(text(SITI, BUDI, TONO), by=recorder)
    tried = [row.verdict for row in rows_of(run)]

    assert Patient.objects.count() == 0
    assert run.state == RunState.CHECKED

    services.start_import(run, by=recorder)
    assert [row.verdict for row in rows_of(worked(run))] == tried
    assert Patient.objects.count() == 3


def test_the_old_number_finds_the_person_and_the_new_one_comes_from_the_counter(
    recorder: Actor,
) -> None:
    take_in(text(SITI), by=recorder)
    person = Patient.objects.get()

    assert person.mrn == "000001"
    assert Identifier.objects.get().value == "000101"
    assert [found.patient.id for found in find_patients("000101", by=recorder)] == [person.id]
    assert [found.patient.id for found in find_patients("siti aminah", by=recorder)] == [person.id]


def test_numbers_of_the_file_are_kept_where_they_are_free(recorder: Actor) -> None:
    registered(recorder, name="Orang Lain", nik="", mother_name="Ibu")  # has 000001
    taken = changed(TONO, record="1")
    run = take_in(text(SITI, taken, BUDI), by=recorder, keep_numbers=True)

    numbers = dict(Patient.objects.values_list("name", "mrn"))
    assert numbers["SITI AMINAH"] == "000101"
    assert numbers["BUDI SANTOSO"] == "000102"
    assert numbers["TONO WIJAYA"] == "000103", "the counter went on past those of the file"
    assert counts(run)["new"] == 2
    later = registered(recorder, name="Sesudahnya", nik="", mother_name="Ibu Lain")
    assert later.mrn == "000104"


def test_a_house_with_a_prefix_gives_its_own_numbers(recorder: Actor, head: Actor) -> None:
    save_personal_scheme(PersonalInput(prefix="AMB", width="6"), by=head)
    taken = changed(TONO, record="AMB-000200")
    take_in(text(SITI, taken), by=recorder, keep_numbers=True)

    numbers = dict(Patient.objects.values_list("name", "mrn"))
    assert numbers == {"SITI AMINAH": "AMB000101", "TONO WIJAYA": "AMB000200"}
    later = registered(recorder, name="Sesudahnya", nik="", mother_name="Ibu Lain")
    assert later.mrn == "AMB000201"


def test_the_same_file_again_adds_nothing(recorder: Actor) -> None:
    data = text(SITI, BUDI, TONO)
    take_in(data, by=recorder)
    before = set(Patient.objects.values_list("id", "version"))
    again = take_in(data, by=recorder)

    assert counts(again) == {"known": 3}
    assert set(Patient.objects.values_list("id", "version")) == before


def test_a_file_saved_again_by_the_spreadsheet_adds_nothing(recorder: Actor) -> None:
    take_in(text(SITI, BUDI, TONO), by=recorder)
    damaged = [
        changed(SITI, record="101", nik="3.50902E+15", born="31118"),
        changed(BUDI, born="1990-11-25"),
        changed(TONO, record="103", born="1 Februari 2003", sex="Laki-laki"),
    ]
    again = take_in(text(*damaged[::-1]), by=recorder)

    assert Patient.objects.count() == 3
    assert counts(again) == {"known": 3}


@pytest.mark.parametrize(
    "nik", ["3.50902E+15", "350901520385000", "9909015203850003", "tidak tahu"]
)
def test_a_nik_that_cannot_be_used_does_not_take_the_row_with_it(recorder: Actor, nik: str) -> None:
    run = take_in(text(changed(SITI, nik=nik)), by=recorder)
    row, person = only(run), Patient.objects.get()

    assert row.verdict == Verdict.INCOMPLETE
    assert (person.nik, person.no_nik_reason) == ("", NoNikReason.NOT_BROUGHT)
    assert not person.is_identity_complete
    [problem] = [p for p in row.problems if p["severity"] == "drop"]
    assert (problem["column"], problem["value"]) == ("NIK", nik)
    assert "KTP" in problem["todo"]


def test_a_value_that_cannot_be_used_is_dropped_with_its_reason(recorder: Actor) -> None:
    headings = ("Nama", "Tgl Lahir", "L/P", "No HP", "No BPJS", "RT/RW")
    row = ("Siti", "12/03/1985", "P", "12", "77", "Mei-03")
    run = take_in(text(row, headings=headings), by=recorder)
    person = Patient.objects.get()

    assert (person.phone, person.bpjs_number, person.rt) == ("", "", "")
    dropped = {p["field"] for p in only(run).problems if p["severity"] == "drop"}
    assert dropped == {"phone", "bpjs_number", "rt_rw"}


def test_birth_date_and_sex_are_read_from_the_nik_where_the_list_has_none(recorder: Actor) -> None:
    run = take_in(text(changed(SITI, born="", sex="")), by=recorder)
    person = Patient.objects.get()

    assert (str(person.birth_date), person.sex) == ("1985-03-12", "female")
    assert "NIK" in said(only(run))


def test_an_age_alone_is_an_estimated_date(recorder: Actor) -> None:
    row = ("Siti", "35", "P", "Sabrang", "Ibu")
    take_in(text(row, headings=("Nama", "Umur", "JK", "Desa", "Ibu")), by=recorder)
    person = Patient.objects.get()

    assert person.birth_date_estimated


@pytest.mark.parametrize(
    ("values", "where"),
    [({"name": ""}, "name"), ({"born": "31/02/1985", "nik": ""}, "birth_date"),
     ({"born": "", "nik": ""}, "birth_date"), ({"sex": "?", "nik": ""}, "sex")],
)  # fmt: skip
def test_what_no_person_can_be_made_of_is_refused_with_what_to_do(
    recorder: Actor, values: dict[str, str], where: str
) -> None:
    run = take_in(text(changed(SITI, **values)), by=recorder)
    row = only(run)

    assert row.verdict == Verdict.REFUSED
    assert Patient.objects.count() == 0
    [problem] = [p for p in row.problems if p["severity"] == "refuse"]
    assert problem["field"] == where
    assert "impor lagi baris ini" in problem["todo"]


def test_a_row_written_twice_is_one_person(recorder: Actor) -> None:
    run = take_in(text(SITI, BUDI, SITI), by=recorder)

    assert [row.verdict for row in rows_of(run)] == ["new", "new", "known"]
    assert rows_of(run)[2].other_line == 2
    assert Patient.objects.count() == 2


def test_somebody_here_with_the_same_nik_is_left_as_they_are(recorder: Actor) -> None:
    person = registered(recorder)
    run = take_in(
        text((*SITI, "0001234567890"), headings=(*HEADINGS, "Noka")),
        by=recorder,
    )

    assert only(run).verdict == Verdict.KNOWN
    assert only(run).patient == person.id
    person.refresh_from_db()
    assert (person.version, person.bpjs_number) == (1, "")
    assert "kosong di sini, ada di berkas" in said(only(run))


def test_a_nik_of_somebody_else_becomes_a_task(recorder: Actor) -> None:
    holder = registered(recorder)
    other = changed(SITI, name="Joko Widianto", born="01/01/1970", sex="L")
    run = take_in(text(other), by=recorder)

    made = Patient.objects.exclude(pk=holder.pk).get()
    assert (made.nik, made.no_nik_reason) == ("", NoNikReason.CONFLICT)
    task = ReviewTask.objects.get()
    assert (task.kind, task.patient_id, task.other_id) == ("nik-conflict", made.id, holder.id)
    assert only(run).verdict == Verdict.INCOMPLETE
    assert counts(take_in(text(other), by=recorder)) == {"known": 1}


def test_one_nik_on_two_rows_of_a_file_becomes_a_task_too(recorder: Actor) -> None:
    other = changed(BUDI, nik=SITI[2])
    take_in(text(SITI, other), by=recorder)

    first, second = Patient.objects.order_by("mrn")
    assert (first.nik, second.nik) == (SITI[2], "")
    task = ReviewTask.objects.get()
    assert {task.patient_id, task.other_id} == {first.id, second.id}


def test_one_family_number_for_two_people_is_no_reason_to_join_them(recorder: Actor) -> None:
    take_in(text(SITI), by=recorder)
    run = take_in(text(changed(BUDI, record=SITI[0])), by=recorder)

    assert only(run).verdict == Verdict.NEW
    assert Patient.objects.count() == 2


def test_a_look_alike_waits_for_a_person(recorder: Actor) -> None:
    person = registered(recorder, nik="")
    run = take_in(text(changed(SITI, nik="", record="")), by=recorder)

    assert only(run).verdict == Verdict.POSSIBLE
    assert only(run).other == person.id
    assert Patient.objects.count() == 1

    services.decide(run, 2, by=recorder, decision="new")
    assert Patient.objects.count() == 2
    assert Patient.objects.exclude(pk=person.pk).get().confirmed_new_reason
    assert only(run).cells is None
    assert counts(take_in(text(changed(SITI, nik="", record="")), by=recorder)) == {"known": 1}


def test_a_look_alike_decided_as_the_same_is_known_the_next_time(recorder: Actor) -> None:
    person = registered(recorder, nik="")
    data = text(changed(SITI, nik="", record=""))
    run = take_in(data, by=recorder)
    services.decide(run, 2, by=recorder, decision="same")

    assert only(run).patient == person.id
    again = take_in(data, by=recorder)
    assert counts(again) == {"known": 1}
    assert Patient.objects.count() == 1


def test_a_decision_made_after_the_trial_is_carried_out_by_the_import(recorder: Actor) -> None:
    registered(recorder, nik="")
    run = try_out(text(changed(SITI, nik="", record="")), by=recorder)
    services.decide(run, 2, by=recorder, decision="new")
    services.start_import(run, by=recorder)
    worked(run)

    assert Patient.objects.count() == 2


def test_twins_are_two_people(recorder: Actor) -> None:
    rows = [
        ("", "Rahma Putri", "", "01/02/2024", "P", "Wagiyem", "Sabrang"),
        ("", "Rahmi Putri", "", "01/02/2024", "P", "Wagiyem", "Sabrang"),
    ]
    take_in(text(*rows), by=recorder)

    assert Patient.objects.count() == 2


def test_the_columns_decide_how_they_are_read_and_it_is_said(recorder: Actor) -> None:
    rows = [changed(SITI, born="03/12/1985"), changed(BUDI, born="11/25/1990")]
    run = take_in(text(*rows), by=recorder)

    born = dict(Patient.objects.values_list("name", "birth_date"))
    assert str(born["SITI AMINAH"]) == "1985-03-12"
    assert run.reading["dates"]["order"] == "month"


def test_a_column_is_known_by_many_headings_and_can_be_changed(recorder: Actor) -> None:
    headings = (
        "No Rekam Medis Lama",
        "NAMA PASIEN",
        "No. KTP",
        "TTL",
        "Jns Kelamin",
        "Ket",
        "Kel.",
    )
    row = changed(TONO, born="Jember, 01-02-2003")
    run = bring(text(row, headings=headings), by=recorder)
    assert run.mapping == {
        "0": "old_mrn", "1": "name", "2": "nik", "3": "birth_place_date", "4": "sex",
        "6": "village",
    }  # fmt: skip

    chosen = {int(at): name for at, name in run.mapping.items()} | {5: "mother_name"}
    services.choose(run, by=recorder, mapping=chosen)
    services.start_trial(run, by=recorder)
    services.start_import(worked(run), by=recorder)
    worked(run)
    person = Patient.objects.get()
    assert (person.mother_name, str(person.birth_date)) == ("WAGIYEM", "2003-02-01")


@pytest.mark.parametrize(
    ("mapping", "code"),
    [({0: "old_mrn"}, "name_missing"), ({1: "name"}, "born_missing"),
     ({9: "name"}, "column_unknown"), ({1: "name", 2: "name"}, "column_twice"),
     ({1: "nama"}, "column_unknown")],
)  # fmt: skip
def test_columns_that_cannot_be_are_refused(
    recorder: Actor, mapping: dict[int, str], code: str
) -> None:
    run = bring(text(SITI), by=recorder)

    with pytest.raises(Refused) as refusal:
        services.choose(run, by=recorder, mapping=mapping)
    assert refusal.value.code == code


def test_each_person_is_told_to_the_journal_and_none_by_name(recorder: Actor) -> None:
    run = take_in(text(SITI, BUDI), by=recorder)

    entries = list(JournalEntry.objects.filter(act="patient-registered"))
    assert [entry.detail for entry in entries] == [
        {"import": str(run.pk), "line": 2},
        {"import": str(run.pk), "line": 3},
    ]
    whole = JournalEntry.objects.get(act="people-imported")
    assert whole.detail == {"new": 2}
    assert whole.practitioner == recorder.practitioner_id


def test_nothing_of_the_file_is_left_when_it_is_closed(recorder: Actor) -> None:
    from simpul.service.patients.importing.files import folder, path_of

    run = take_in(text(SITI, ("9", "", "", "", "", "", "")), by=recorder)
    assert not path_of(run.pk).exists()
    assert ImportRow.objects.exclude(cells=None).count() == 1, "the refused row can be mended"

    services.close(run, by=recorder)
    assert ImportRow.objects.exclude(cells=None).count() == 0
    assert all(not row.problems for row in ImportRow.objects.all())
    assert ImportRun.objects.get().found == {}
    assert not list(folder().glob(f"{run.pk}*"))
    assert counts(take_in(text(SITI), by=recorder)) == {"known": 1}
