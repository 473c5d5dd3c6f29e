"""The four states of the allergy banner."""

from datetime import date

from simpul.domain.allergy import allergy_state

ASKED = date(2025, 2, 3)


def test_the_four_states_each_have_their_words():
    assert allergy_state(["Amoksisilin", "Udang"], None).text == "⚠ ALERGI: Amoksisilin, Udang"
    assert allergy_state([], ASKED, today=date(2025, 5, 1)).text == (
        "Tidak ada alergi (ditanya 3 Feb)"
    )
    assert allergy_state([], None).text == "Alergi belum ditanyakan"
    assert allergy_state([], None, readable=False).text == "Data alergi tidak dapat dibuka"


def test_an_older_answer_shows_its_year():
    assert "3 Feb 2025" in allergy_state([], ASKED, today=date(2026, 1, 1)).text
    assert "3 Feb 2025" in allergy_state([], ASKED).text


def test_a_recorded_allergy_wins_over_everything():
    assert allergy_state(["Penisilin"], ASKED).code == "recorded"
    partly = allergy_state(["Penisilin"], ASKED, readable=False)
    assert partly.text == "⚠ ALERGI: Penisilin · daftar mungkin tidak lengkap"


def test_blank_entries_are_no_allergy_and_no_answer():
    assert allergy_state(["  "], None).code == "not_asked"


def test_a_broken_list_is_never_read_as_none():
    assert allergy_state([], ASKED, readable=False).code == "unreadable"


def test_only_the_unasked_question_blocks_a_prescription():
    assert allergy_state([], None).blocks_prescription
    assert not allergy_state([], ASKED).blocks_prescription
    assert not allergy_state(["Penisilin"], None).blocks_prescription
