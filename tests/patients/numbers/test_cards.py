"""Patient cards: random, one at a time, and silent about whose they are once they are lost."""

import re

import pytest

from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere, Refused
from simpul.foundation.journal.models import JournalEntry
from simpul.service.filing.services import patient_of_label
from simpul.service.patients.numbers.documents import make_card
from simpul.service.patients.numbers.models import IssuedCard
from simpul.service.patients.numbers.services import issue_card, new_code, revoke_card
from simpul.service.patients.selectors import find_patients
from simpul.service.registration.people import find_people
from tests.patients.numbers.people import at_once, make_patient


def test_codes_are_39_digits_of_128_bits_and_never_alike():
    codes = [new_code() for _ in range(2000)]

    assert len(set(codes)) == 2000
    assert all(re.fullmatch(r"[0-9]{39}", code) and int(code) < 2**128 for code in codes)
    # The chance that none of 2000 uses the upper half of the range is nil.
    assert max(int(code) for code in codes) > 2**127


def test_a_card_opens_its_person_and_its_codes_name_nobody(registrar):
    patient = make_patient(registrar, "Siti Aminah Contoh")
    card = issue_card(patient.id, by=registrar)

    people = find_people(f"RM:{card.code}", by=registrar)
    assert [row.patient.id for row in people.rows] == [patient.id]
    assert people.rows[0].opens_itself
    document = make_card(patient.id, by=registrar)
    assert {code.payload for code in document.codes} == {f"RM:{card.code}"}
    assert patient.mrn not in card.code
    text = " ".join(getattr(block, "text", "") for block in document.blocks)
    assert "00-00-01" in text
    assert patient_of_label(f"RM:{card.code}", by=registrar).id == patient.id


def test_a_card_printed_before_with_the_record_number_still_opens(registrar):
    patient = make_patient(registrar)

    assert find_people(f"RM:{patient.mrn}", by=registrar).rows[0].opens_itself


def test_a_second_valid_card_is_refused(registrar):
    patient = make_patient(registrar)
    issue_card(patient.id, by=registrar)

    with pytest.raises(Conflict, match="sudah punya kartu"):
        issue_card(patient.id, by=registrar)
    assert IssuedCard.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_desks_give_out_one_card(registrar):
    """Both press the button in the same second: one valid card, and one clear refusal."""
    patient = make_patient(registrar)

    outcomes = at_once(*[lambda: str(issue_card(patient.id, by=registrar).id)] * 2)

    assert IssuedCard.objects.filter(revoked_at__isnull=True).count() == 1
    assert outcomes.count("") == 1


def test_a_lost_card_opens_nothing_and_says_so_without_a_name(registrar, browse):
    patient = make_patient(registrar, "Siti Rahasia Contoh")
    lost = issue_card(patient.id, by=registrar)
    new = issue_card(patient.id, by=registrar, instead_of=lost.id, reason="lost")

    assert find_patients(f"RM:{lost.code}", by=registrar) == []
    page = browse(registrar).post("/loket/cari", {"q": f"RM:{lost.code}"}).content.decode()
    assert "dicabut" in page
    assert "RAHASIA" not in page.upper()
    assert [hit.patient.id for hit in find_patients(f"RM:{new.code}", by=registrar)] == [patient.id]
    with pytest.raises(Conflict, match="dicabut"):
        patient_of_label(f"RM:{lost.code}", by=registrar)


def test_a_card_of_nobody_says_that_it_is_not_of_this_house(registrar, browse):
    page = browse(registrar).post("/loket/cari", {"q": f"RM:{new_code()}"}).content.decode()

    assert "bukan kartu Puskesmas ini" in page


def test_a_revoked_card_is_revoked_once_and_for_a_reason(registrar):
    card = issue_card(make_patient(registrar).id, by=registrar)

    with pytest.raises(Refused):
        revoke_card(card.id, by=registrar, reason="bosan")
    revoke_card(card.id, by=registrar, reason="damaged")
    with pytest.raises(Conflict):
        revoke_card(card.id, by=registrar, reason="lost")


def test_without_a_valid_card_there_is_nothing_to_print(registrar):
    patient = make_patient(registrar)
    with pytest.raises(NotHere, match="belum punya kartu"):
        make_card(patient.id, by=registrar)


def test_cards_are_in_the_journal_by_their_id_not_their_code(registrar):
    card = issue_card(make_patient(registrar).id, by=registrar)
    revoke_card(card.id, by=registrar, reason="lost")

    entries = JournalEntry.objects.filter(act__startswith="card-").order_by("seq")
    assert [entry.act for entry in entries] == ["card-issued", "card-revoked"]
    assert all(card.code not in str(vars(entry)) for entry in entries)


def test_cards_are_of_their_house_and_given_out_at_the_counter(registrar, nurse, outsider):
    patient = make_patient(registrar)
    card = issue_card(patient.id, by=registrar)

    assert find_patients(f"RM:{card.code}", by=outsider) == []
    with pytest.raises(NotHere):
        issue_card(patient.id, by=outsider)
    with pytest.raises(NotHere):
        revoke_card(card.id, by=outsider, reason="lost")
    with pytest.raises(NotAllowed):
        issue_card(patient.id, by=nurse)


def test_a_scan_costs_two_statements(registrar, django_assert_max_num_queries):
    card = issue_card(make_patient(registrar).id, by=registrar)
    find_patients("RM:1", by=registrar)

    with django_assert_max_num_queries(2):
        find_patients(f"RM:{card.code}", by=registrar)
