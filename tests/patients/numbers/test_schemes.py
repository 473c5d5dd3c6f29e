"""Numbering as a setting: what changes for the next patient, and what never changes."""

import threading

import pytest
from django.db import connection

from simpul.foundation.core.errors import NotAllowed, Refused
from simpul.foundation.journal.models import JournalEntry
from simpul.service.filing.services import patient_of_label
from simpul.service.patients.models import Patient
from simpul.service.patients.numbers.models import NumberScheme
from simpul.service.patients.numbers.schemes import forget_numbering, get_numbering
from simpul.service.patients.numbers.services import next_number
from simpul.service.patients.selectors import find_patients
from tests.patients.numbers.people import make_patient, number_families, number_people


def found(text, by) -> list[str]:
    return [hit.patient.mrn for hit in find_patients(text, by=by)]


def test_without_a_setting_numbers_are_as_they_always_were(registrar):
    assert [make_patient(registrar, name).mrn for name in ("Ani Satu", "Budi Dua")] == [
        "000001",
        "000002",
    ]


def test_a_new_form_counts_on_and_the_old_numbers_stay(registrar, head):
    old = make_patient(registrar, "Ani Satu")
    number_people(head, "AMB", "7")
    new = make_patient(registrar, "Budi Dua")

    assert new.mrn == "AMB0000002"
    assert Patient.objects.get(id=old.id).mrn == "000001"
    for text in ("000001", "1", "RM:000001", "00-00-01"):
        assert old.mrn in found(text, registrar), text
    for text in ("AMB0000002", "amb-0000002", "AMB-00-00-00-02", "2", "RM:AMB0000002", "amb2"):
        assert new.mrn in found(text, registrar), text
    assert patient_of_label("BK:AMB0000002", by=registrar).id == new.id
    assert patient_of_label("1", by=registrar).id == old.id


def test_an_old_book_is_continued_from_its_number(registrar, head):
    number_people(head, "", "6", "45120")

    assert next_number(by=head) == 45120
    assert make_patient(registrar).mrn == "045120"


def test_a_start_below_a_number_in_use_is_refused_and_names_the_least(registrar, head):
    for name in ("Ani Satu", "Budi Dua", "Cici Tiga"):
        make_patient(registrar, name)

    with pytest.raises(Refused) as refusal:
        number_people(head, "", "6", "2")
    [problem] = refusal.value.errors
    assert (problem.where, problem.code) == ("start", "too_low")
    assert "4" in problem.message
    assert make_patient(registrar, "Dodi Empat").mrn == "000004"


def test_numbers_that_came_from_elsewhere_are_never_given_twice(registrar, head):
    """A scheme whose form an imported number already has begins behind it."""
    here = make_patient(registrar, "Ani Satu")
    row = Patient.objects.get(id=here.id)
    from simpul.foundation.journal.acts import act

    row.mrn = "AMB000500"
    with act(by=head) as this:
        this.update(row, "mrn")

    number_people(head, "AMB", "6")

    assert make_patient(registrar, "Budi Dua").mrn == "AMB000501"


def test_the_same_settings_again_make_no_version(head):
    number_people(head, "AMB", "6")
    number_people(head, "AMB", "6", "900")
    number_people(head, "amb ", "6")

    assert NumberScheme.objects.count() == 1
    assert next_number(by=head) == 900


@pytest.mark.parametrize(
    ("prefix", "width", "start", "where"),
    [
        ("A-", "6", "", "prefix"),
        ("", "2", "", "width"),
        ("", "enam", "", "width"),
        ("", "6", "banyak", "start"),
        ("1234", "12", "", "width"),
    ],
)
def test_what_cannot_work_is_refused_beside_its_field(head, prefix, width, start, where):
    with pytest.raises(Refused) as refusal:
        number_people(head, prefix, width, start)
    assert where in {one.where for one in refusal.value.errors}
    assert not NumberScheme.objects.exists()


@pytest.mark.parametrize("who", ["registrar", "recorder", "nurse"])
def test_only_head_and_it_change_numberings(request, who):
    by = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        number_people(by, "X", "6")
    with pytest.raises(NotAllowed):
        number_families(by)


def test_a_change_is_in_the_journal_without_a_patient(head):
    number_people(head, "AMB", "6")

    entry = JournalEntry.objects.get(act="numbering-changed")
    assert entry.subject == "numbering:personal"
    assert entry.patient is None


def test_registering_reads_the_scheme_at_most_once_in_a_while(registrar, django_assert_num_queries):
    make_patient(registrar, "Ani Satu")
    with django_assert_num_queries(0):
        get_numbering()
    forget_numbering()
    with django_assert_num_queries(1):
        get_numbering()


@pytest.mark.django_db(transaction=True)
def test_counters_at_the_same_moment_get_different_numbers(registrar, head):
    number_people(head, "AMB", "6")
    made, trouble = [], []

    def register(n: int) -> None:
        try:
            made.append(make_patient(registrar, f"Orang Ke{'abcdef'[n]}").mrn)
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert trouble == []
    assert sorted(made) == [f"AMB{n:06d}" for n in range(1, 7)]
