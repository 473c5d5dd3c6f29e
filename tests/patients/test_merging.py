"""Two records of one person: linked, read together, and taken apart again exactly."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.domain.matching import PersonKey
from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere, Refused, Stale
from simpul.foundation.core.models import row_values
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.service.care.inputs import EntryInput
from simpul.service.care.selectors import read_history
from simpul.service.completeness.services import save_entries
from simpul.service.distribution.selectors import get_queue, list_board, list_present
from simpul.service.distribution.services import register_visit
from simpul.service.filing.selectors import get_file
from simpul.service.filing.services import scan_file
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.former_numbers import survivors_by
from simpul.service.patients.forms import input_of
from simpul.service.patients.matching.candidates import find_candidates
from simpul.service.patients.matching.models import BlockingKey
from simpul.service.patients.merging.decisions import merge_records, undo_merge
from simpul.service.patients.merging.fields import BY_KEY
from simpul.service.patients.merging.models import Merge, ReviewTask, TaskKind
from simpul.service.patients.models import Identifier, NameToken, Patient
from simpul.service.patients.records import record_ids
from simpul.service.patients.selectors import (
    find_patients,
    get_allergy_state,
    get_patient,
    get_record,
    list_incomplete,
)
from simpul.service.patients.services import (
    correct_patient,
    note_allergy,
    note_no_allergies,
    register_patient,
)
from simpul.service.registration.selectors import last_visit_days, list_visits
from simpul.service.registration.services import VisitWish
from tests.counter.people import change_row, make_patient

pytestmark = pytest.mark.django_db

NIKS = tuple(f"35090152038500{n:02d}" for n in range(1, 30))


def person(by: Actor, name: str, **typed: Any) -> PatientCard:
    return make_patient(by, name=name, **typed)


@pytest.fixture
def pair(registrar: Actor) -> tuple[PatientCard, PatientCard]:
    """The same woman twice: once with her KTP, once without."""
    old = person(registrar, "Siti Contoh", nik=NIKS[0], phone="081234567890")
    new = person(registrar, "Siti Aminah Contoh", rt="03", rw="02")
    return old, new


# The whole house, as it stands: every row of every table that the decision must give back.


def rows_of_the_house() -> dict[str, Any]:
    """Every stored value except what a decision leaves behind on purpose (version, journal)."""
    found: dict[str, Any] = {}
    for label in ("patients", "registration", "distribution", "care", "completeness", "filing"):
        for model in apps.get_app_config(label).get_models():
            if model in (NameToken,):
                continue
            found[model._meta.label] = {
                str(row.pk): {
                    name: value
                    for name, value in row_values(row).items()
                    if name not in ("version", "change")
                }
                for row in model._default_manager.all()
            }
    found["words"] = sorted(NameToken.objects.values_list("patient_id", "token"))
    found["keys"] = sorted(BlockingKey.objects.values_list("key", "patient_id"))
    return found


def seen_by_people(by: Actor, records: list[PatientCard]) -> dict[str, Any]:
    """What the pages read of each record: history, allergies, where they wait, how found."""
    doctor = by
    return {
        one.mrn: {
            "card": get_patient(one.id, by=by).mrn,
            "history": [visit.id for visit in list_visits(one.id, by=doctor)],
            "allergy": get_allergy_state(one.id, by=doctor).listed,
            "waits": [row.ticket for row in list_present(one.id, by=by)],
            "found": [(hit.patient.mrn, hit.found_by) for hit in find_patients(one.mrn, by=by)],
        }
        for one in records
    }


@contextmanager
def example() -> Iterator[None]:
    """Nothing of one example is left for the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


NAMES = ("Ani", "Budi", "Cica", "Dodi", "Edi", "Fani", "Gita", "Hani", "Ira")
PEOPLE = len(NAMES)
steps = st.lists(
    st.tuples(
        st.sampled_from(["merge", "merge", "undo"]),
        st.integers(0, PEOPLE - 1),
        st.integers(0, PEOPLE - 1),
        st.sets(st.sampled_from(sorted(BY_KEY)), max_size=6),
    ),
    min_size=24,
    max_size=60,
)


def people_of_many_kinds(by: Actor, nurse: Actor) -> list[PatientCard]:
    """People with and without a NIK, with visits, allergies, an old number, a folder."""
    people = []
    for n in range(PEOPLE):
        typed: dict[str, Any] = {
            "birth_date": f"{n + 1:02d}031985",
            "phone": f"0812345678{n:02d}" if n % 3 else "",
            "village": f"Desa {n}",
            "rt": f"{n}",
        }
        if n % 2:
            typed["bpjs_number"] = f"00012345678{n:02d}"
        if n % 3 != 2:
            typed["nik"] = f"350901{n + 41:02d}0385{n + 1:04d}"
        if n == 4:
            typed["old_mrn"] = "LAMA-4"
        people.append(person(by, f"{NAMES[n]} Contoh", **typed))
    for n in (0, 2, 3, 5):
        register_visit(
            VisitWish(patient_id=people[n].id, unit="gigi", override_reason="uji"), by=by
        )
    note_allergy(people[1].id, by=nurse, substance="Amoksisilin")
    note_no_allergies(people[2].id, by=nurse)
    return people


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=steps, order=st.randoms(use_true_random=False))
def test_any_number_of_merges_undone_in_any_order_leaves_no_trace(
    registrar, recorder, nurse, steps, order
):
    with example():
        people = people_of_many_kinds(registrar, nurse)
        before = rows_of_the_house()
        seen_before = seen_by_people(nurse, people)
        open_merges: list[Merge] = []
        made = 0
        for what, one, other, take in steps:
            if what == "undo" and open_merges:
                undone = open_merges.pop(order.randrange(len(open_merges)))
                undo_merge(undone.id, by=recorder)
            elif what == "merge":
                # Through whichever records now stand for the two, as the page does it.
                first, second = (get_patient(people[n].id, by=recorder) for n in (one, other))
                if first.id == second.id:
                    continue
                open_merges.append(merge_records(first.id, second.id, by=recorder, take=take))
                made += 1
            tops_are_tops()
        for record in people:
            for number in (record.nik, record.bpjs_number):
                found = find_patients(number, by=registrar) if number else []
                standing = get_patient(record.id, by=registrar).id
                assert [hit.patient.id for hit in found] == ([standing] if number else [])
        order.shuffle(open_merges)
        for merge in open_merges:
            undo_merge(merge.id, by=recorder)
            tops_are_tops()
        assert rows_of_the_house() == before
        assert seen_by_people(nurse, people) == seen_before
        assert not ReviewTask.objects.exists()
        assert Merge.objects.filter(undone_at__isnull=True).count() == 0
        assert Merge.objects.count() == made


def tops_are_tops() -> None:
    """Every merged record points at one that stands for itself, and a NIK has one person."""
    rows = {row.id: row for row in Patient.objects.all()}
    for row in rows.values():
        if row.merged_into_id is not None:
            assert rows[row.merged_into_id].merged_into_id is None
    niks = [row.nik for row in rows.values() if row.nik and row.merged_into_id is None]
    assert len(niks) == len(set(niks))


def as_written(record: PatientCard) -> Patient:
    return Patient.objects.get(id=record.id)


class TestMerging:
    def test_the_survivor_takes_what_was_chosen_and_the_other_keeps_its_own(self, pair, recorder):
        old, new = pair

        merge_records(new.id, old.id, by=recorder, take={"identity", "phone"})

        kept, other = as_written(new), as_written(old)
        assert (kept.nik, kept.no_nik_reason, kept.is_identity_complete) == (NIKS[0], "", True)
        assert kept.phone == "+6281234567890"
        assert kept.rt == "03", "what was not chosen stays"
        assert (other.nik, other.merged_into_id) == (NIKS[0], new.id)

    def test_every_number_and_name_finds_the_one_person(self, pair, recorder, registrar):
        old, new = pair
        merge_records(new.id, old.id, by=recorder)

        for text in (old.mrn, new.mrn, NIKS[0], "siti contoh"):
            found = find_patients(text, by=registrar)
            assert [hit.patient.id for hit in found] == [new.id], text
        (by_old,) = find_patients(old.mrn, by=registrar)
        assert (by_old.found_by, by_old.exact) == (old.mrn, True)
        assert get_patient(old.id, by=registrar).mrn == new.mrn
        assert get_record(old.id, by=registrar).mrn == old.mrn

    def test_numbers_that_were_overwritten_find_the_one_person_until_they_are_back(
        self, recorder, registrar
    ):
        one = person(registrar, "Siti Contoh", nik=NIKS[0], bpjs_number="0001234567890")
        other = person(registrar, "Siti Aminah", nik=NIKS[1], bpjs_number="0001234567891")
        third = person(registrar, "Siti A. Contoh", nik=NIKS[2])
        take = {"identity", "bpjs_number"}
        first = merge_records(one.id, other.id, by=recorder, take=take)

        for text in (*NIKS[:2], NIKS[0][:14], "0001234567890", "0001234567891"):
            (hit,) = [
                hit for hit in find_patients(text, by=registrar) if hit.patient.id != third.id
            ]
            assert hit.patient.id == one.id, text
        (hit,) = find_patients(NIKS[0], by=registrar)
        assert hit.exact
        second = merge_records(third.id, one.id, by=recorder, take={"identity"})
        for nik in NIKS[:3]:
            assert [hit.patient.id for hit in find_patients(nik, by=registrar)] == [third.id]
        undo_merge(first.id, by=recorder)
        undo_merge(second.id, by=recorder)
        for nik, owner in zip(NIKS, (one, other, third), strict=False):
            assert [hit.patient.id for hit in find_patients(nik, by=registrar)] == [owner.id]

    def test_an_overwritten_nik_is_asked_about_before_saving_and_known_to_an_import(
        self, recorder, registrar
    ):
        one = person(registrar, "Siti Contoh", nik=NIKS[0])
        other = person(registrar, "Siti Aminah Contoh", nik=NIKS[1])
        merge_records(one.id, other.id, by=recorder, take={"identity"})

        (found,) = find_candidates(
            PersonKey(name="SITI CONTOH", birth_date=one.birth_date, sex="female", nik=NIKS[0]),
            by=registrar,
        )
        assert (found.patient.id, found.match.level) == (one.id, "certain")
        assert "NIK sama" in found.match.agrees
        with pytest.raises(Conflict) as refusal:
            register_patient(by=registrar, typed=replace(input_of(one), nik=NIKS[0]))
        assert refusal.value.code == "patient_looks_known"
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                asked = f"EXPLAIN QUERY PLAN {survivors_by('nik', '= %s')}"
                cursor.execute(asked, [NIKS[0]])
                assert "merge_former_nik" in str(cursor.fetchall())

    def test_history_and_allergies_are_read_over_all_records(
        self, pair, recorder, registrar, physician, nurse
    ):
        old, new = pair
        first = register_visit(VisitWish(old.id, unit="umum", complaint="batuk"), by=registrar)
        save_entries(first.encounter.id, [EntryInput("soap", soap={"s": "batuk"})], by=physician)
        note_allergy(old.id, by=nurse, substance="Amoksisilin")
        note_no_allergies(new.id, by=nurse)

        merge_records(new.id, old.id, by=recorder)

        for record in (old, new):
            (past,) = read_history(record.id, by=physician)
            assert past.visit.id == first.encounter.id
            assert "Amoksisilin" in get_allergy_state(record.id, by=physician).listed
        assert last_visit_days([new.id], by=registrar)[new.id][1] == "umum"
        with pytest.raises(Conflict):
            note_no_allergies(new.id, by=nurse)

    def test_who_waits_under_the_old_number_is_not_registered_twice(
        self, pair, recorder, registrar, nurse
    ):
        old, new = pair
        visit = register_visit(VisitWish(old.id, unit="umum", complaint="batuk"), by=registrar)
        merge_records(new.id, old.id, by=recorder)

        for record in (old, new):
            with pytest.raises(Conflict) as refusal:
                register_visit(VisitWish(record.id, unit="umum", complaint="batuk"), by=registrar)
            assert refusal.value.code == "already_waiting"
        (row,) = get_queue("umum", by=nurse).waiting
        assert (row.name, row.mrn, row.ticket) == (new.name, new.mrn, visit.ticket.label)
        assert [line.mrn for line in list_board(by=registrar)] == [new.mrn]

    def test_a_visit_for_the_merged_record_is_the_persons(self, pair, recorder, registrar):
        old, new = pair
        merge_records(new.id, old.id, by=recorder)

        visit = register_visit(VisitWish(old.id, unit="umum", complaint="batuk"), by=registrar)

        assert visit.encounter.patient_id == new.id

    def test_both_folders_are_traced_and_name_each_other(self, pair, recorder, registrar):
        old, new = pair
        merge_records(new.id, old.id, by=recorder)
        scan_file(f"BK:{old.mrn}", mode="sent", by=recorder, unit="umum")

        folder, other = get_file(old.mrn, by=recorder), get_file(new.mrn, by=recorder)
        assert (folder.mrn, folder.name, folder.whereabouts) == (old.mrn, new.name, "out")
        assert folder.stands_for.replace("-", "") == new.mrn
        assert [number.replace("-", "") for number in other.others] == [old.mrn]
        assert other.whereabouts == "shelf"

    def test_an_incomplete_record_that_was_merged_is_not_asked_for_again(self, pair, recorder):
        old, new = pair
        assert new.id in {card.id for card in list_incomplete(by=recorder)}
        merge_records(old.id, new.id, by=recorder)
        assert list_incomplete(by=recorder) == []

    def test_it_is_in_the_journal_of_both(self, pair, recorder):
        old, new = pair
        merge = merge_records(new.id, old.id, by=recorder)
        undo_merge(merge.id, by=recorder)
        for record in (old, new):
            acts = (
                JournalEntry.objects.filter(patient=record.id)
                .order_by("id")
                .values_list("act", flat=True)
            )
            assert {"patients-merged", "merge-undone"} <= set(acts)

    def test_the_journal_a_patient_asks_for_is_that_of_all_records(self, pair, recorder, browse):
        old, new = pair
        merge_records(new.id, old.id, by=recorder)
        page = browse(recorder).get(reverse("jurnal-pasien", args=[new.id]))
        assert page.content.decode().count("mendaftarkan pasien baru") == 2


class TestRefusing:
    def test_itself_unknown_and_merged_ones(self, pair, recorder, registrar):
        old, new = pair
        with pytest.raises(Refused) as refused:
            merge_records(new.id, new.id, by=recorder)
        assert refused.value.code == "same_record"
        merge_records(new.id, old.id, by=recorder)
        third = person(registrar, "Tiga Contoh", birth_date="01011990")
        for one, other in ((old.id, third.id), (third.id, old.id), (old.id, new.id)):
            with pytest.raises(Conflict) as conflict:
                merge_records(one, other, by=recorder)
            assert conflict.value.code == "already_merged"
            assert new.mrn in conflict.value.message

    def test_another_facility_and_other_roles(self, pair, recorder, registrar, head, outsider):
        old, new = pair
        for actor in (registrar, head):
            with pytest.raises(NotAllowed):
                merge_records(new.id, old.id, by=actor)
        with pytest.raises(NotHere):
            merge_records(new.id, old.id, by=outsider)
        merge = merge_records(new.id, old.id, by=recorder)
        with pytest.raises(NotHere):
            undo_merge(merge.id, by=outsider)
        with pytest.raises(NotAllowed):
            undo_merge(merge.id, by=registrar)

    def test_a_stale_survivor_and_an_unknown_field(self, pair, recorder):
        old, new = pair
        with pytest.raises(Stale):
            merge_records(new.id, old.id, by=recorder, seen_version=99)
        with pytest.raises(Refused):
            merge_records(new.id, old.id, by=recorder, take={"mrn"})
        assert not Merge.objects.exists()

    def test_an_undone_merge_is_not_undone_again(self, pair, recorder):
        merge = merge_records(pair[0].id, pair[1].id, by=recorder)
        undo_merge(merge.id, by=recorder)
        with pytest.raises(Conflict) as conflict:
            undo_merge(merge.id, by=recorder)
        assert conflict.value.code == "already_undone"


class TestUndoing:
    def test_what_a_person_corrected_since_stays_and_is_told(self, pair, recorder, registrar):
        old, new = pair
        merge = merge_records(new.id, old.id, by=recorder, take={"phone", "name"})
        change_row(registrar, as_written(new), phone="+6281999")

        undone = undo_merge(merge.id, by=recorder)

        assert undone.left == ("Nomor HP",)
        assert as_written(new).phone == "+6281999"
        assert as_written(new).name == new.name

    def test_the_lower_of_two_layers_first(self, registrar, recorder):
        """Both merges chose the telephone: the record says its own again after both are gone."""
        one, two, three = (
            person(registrar, name, phone=phone, birth_date=f"0{n}011990")
            for n, (name, phone) in enumerate(
                [("Satu Contoh", "081200000001"), ("Dua Contoh", "081200000002"),
                 ("Tiga Contoh", "081200000003")], start=1
            )
        )  # fmt: skip
        first = merge_records(one.id, two.id, by=recorder, take={"phone"})
        second = merge_records(one.id, three.id, by=recorder, take={"phone"})
        undo_merge(first.id, by=recorder)
        assert as_written(one).phone == three.phone
        undo_merge(second.id, by=recorder)
        assert as_written(one).phone == one.phone

    def test_a_nik_handed_on_along_a_chain_goes_home_with_its_record(self, registrar, recorder):
        """A → B → C → D, each taking the NIK on; A is released first, then the others."""
        a = person(registrar, "Adi Contoh", nik=NIKS[1])
        b, c, d = (
            person(registrar, f"{name} Contoh", birth_date=f"0{n}021991")
            for n, name in enumerate(("Bayu", "Candra", "Danu"), start=1)
        )
        before = rows_of_the_house()
        merges = [
            merge_records(kept.id, other.id, by=recorder, take={"identity"})
            for kept, other in ((b, a), (c, b), (d, c))
        ]
        assert as_written(d).nik == NIKS[1]
        undo_merge(merges[0].id, by=recorder)
        assert as_written(a).merged_into_id is None
        assert [as_written(one).nik for one in (b, c, d)] == ["", "", ""]
        undo_merge(merges[2].id, by=recorder)
        undo_merge(merges[1].id, by=recorder)
        assert rows_of_the_house() == before
        assert not ReviewTask.objects.exists()

    def test_a_nik_given_to_somebody_else_meanwhile_becomes_a_conflict(self, registrar, recorder):
        """B's own number was put aside by the merge, and then a third person brought it."""
        a = person(registrar, "Adi Contoh", nik=NIKS[1])
        b = person(registrar, "Bayu Contoh", nik=NIKS[2], birth_date="05051980")
        merge = merge_records(b.id, a.id, by=recorder, take={"identity"})
        third = person(registrar, "Candra Contoh", nik=NIKS[2], birth_date="06061970")

        undone = undo_merge(merge.id, by=recorder)

        assert as_written(third).nik == NIKS[2]
        assert (as_written(b).nik, as_written(b).no_nik_reason) == ("", "conflict")
        assert as_written(a).nik == NIKS[1]
        (task,) = undone.conflicts
        assert (task.kind, task.patient_id, task.other_id) == (
            TaskKind.NIK_CONFLICT, b.id, third.id,
        )  # fmt: skip

    def test_a_typed_correction_to_the_merged_number_stays_with_the_survivor(
        self, pair, recorder, registrar
    ):
        old, new = pair
        merge = merge_records(new.id, old.id, by=recorder)
        row = get_patient(new.id, by=registrar)
        typed = input_of(row)
        correct_patient(
            new.id,
            by=registrar,
            typed=type(typed)(**{**typed.__dict__, "nik": NIKS[0]}),
            seen_version=row.version,
        )

        undone = undo_merge(merge.id, by=recorder)

        assert as_written(new).nik == NIKS[0]
        assert as_written(old).nik == ""
        assert len(undone.conflicts) == 1


class TestCorrecting:
    def test_a_correction_of_the_merged_record_is_of_the_person(self, pair, recorder, registrar):
        old, new = pair
        merge_records(new.id, old.id, by=recorder)
        row = get_patient(old.id, by=registrar)
        typed = input_of(row)
        correct_patient(
            old.id,
            by=registrar,
            typed=type(typed)(**{**typed.__dict__, "occupation": "Petani"}),
            seen_version=row.version,
        )
        assert as_written(new).occupation == "Petani"
        assert as_written(old).occupation == ""

    def test_the_nik_of_a_merged_record_is_the_persons(self, pair, recorder, registrar):
        old, new = pair
        merge_records(new.id, old.id, by=recorder)
        with pytest.raises(Conflict) as known:
            register_patient(
                by=registrar,
                typed=type(input_of(old))(
                    name="Orang Lain", birth_date="01011970", sex="male", nik=NIKS[0],
                    village="Ambulu",
                ),
            )  # fmt: skip
        assert known.value.extra["candidates"][0]["patient_id"] == str(new.id)


def test_the_records_of_a_chain_are_one_person(registrar, recorder):
    people = [person(registrar, f"{n} Contoh", birth_date=f"0{n}011990") for n in range(1, 6)]
    for kept, other in ((0, 1), (2, 0), (2, 3), (4, 2)):
        merge_records(people[kept].id, people[other].id, by=recorder)
    for one in people:
        assert set(record_ids(one.id)) == {card.id for card in people}
        assert get_patient(one.id, by=recorder).mrn == people[4].mrn


def test_an_old_number_of_a_merged_record_finds_the_survivor(registrar, recorder):
    old = person(registrar, "Adi Contoh", old_mrn="LAMA-7")
    new = person(registrar, "Bayu Contoh", birth_date="02021980")
    merge_records(new.id, old.id, by=recorder)
    (hit,) = find_patients("LAMA-7", by=registrar)
    assert (hit.patient.id, hit.found_by) == (new.id, old.mrn)
    assert Identifier.objects.get(value="LAMA-7").patient_id == old.id, "nothing is moved"
