"""The slips: what is on the paper, and what must never be."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere
from simpul.service.distribution.printing import (
    make_hand_over_slip,
    make_slip,
    read_slip_code,
    short_name,
    slip_code,
)
from simpul.service.distribution.queueing import call_next, finish_ticket
from simpul.service.distribution.services import cancel_visit
from simpul.service.distribution.speech import call_sentence, number_words


def test_people_in_front_are_counted_in_the_order_of_calling(new_visit, registrar, nurse):
    first, second = new_visit("umum"), new_visit("umum")
    elder = new_visit("umum", birth_date="01011950")

    def in_front(visit) -> int | None:
        return make_slip(visit.encounter.id, by=registrar).in_front

    assert [in_front(v) for v in (elder, first, second)] == [0, 1, 2]
    call_next("umum", by=nurse)
    assert [in_front(v) for v in (elder, first, second)] == [None, 0, 1]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("SITI AMINAH", "SITI A."),
        ("BUDI", "BUDI"),
        ("Muhammad Ali Rahman", "Muhammad A.R."),
        ("H. AHMAD DAHLAN", "AHMAD D."),
        ("NUR  HAYATI", "NUR H."),
    ],
)
def test_a_name_is_shortened(name, short):
    assert short_name(name) == short


@given(st.lists(st.text(alphabet="ABCDE", min_size=3, max_size=8), min_size=2, max_size=4))
def test_a_shortened_name_tells_no_second_word(words):
    short = short_name(" ".join(words))

    assert short.startswith(words[0])
    assert short[len(words[0]) :].strip() == "".join(f"{word[0]}." for word in words[1:])


def test_the_code_on_the_slip_leads_back_to_the_visit_and_fits_a_scanner():
    visit = uuid.uuid4()

    assert read_slip_code(slip_code(visit)) == visit
    assert read_slip_code(slip_code(visit).lower() + "\n") == visit
    assert len(slip_code(visit)) >= 8
    assert read_slip_code("AQ:A17") is None
    assert read_slip_code("RM:000123") is None


def test_no_slip_for_a_visit_that_ended(new_visit, registrar, nurse):
    cancelled, served = new_visit("umum"), new_visit("umum")
    cancel_visit(cancelled.encounter.id, reason="Salah orang", by=registrar)
    finish_ticket(served.ticket.id, by=nurse)

    with pytest.raises(Conflict, match="dibatalkan"):
        make_slip(cancelled.encounter.id, by=registrar)
    with pytest.raises(Conflict, match="sudah selesai"):
        make_hand_over_slip(served.encounter.id, by=registrar)


def test_strangers_print_nothing(new_visit, outsider, technician):
    visit = new_visit("umum")

    with pytest.raises(NotHere):
        make_slip(visit.encounter.id, by=outsider)
    with pytest.raises(NotAllowed):
        make_hand_over_slip(visit.encounter.id, by=technician)


class TestPages:
    def test_the_slip_holds_number_unit_and_code_but_no_complaint_and_no_full_name(
        self, new_visit, registrar, browse
    ):
        visit = new_visit("gigi", name="RATNA KUSUMANINGRUM", complaint="gusi bengkak")

        page = browse(registrar).get(f"/kunjungan/{visit.encounter.id}/slip").content.decode()

        assert "C01" in page
        assert "Poli Gigi" in page
        assert "RATNA K." in page
        assert "Anda berikutnya" in page
        assert '<svg viewBox="0 0' in page
        assert "KUSUMANINGRUM" not in page
        assert "gusi bengkak" not in page
        assert "style=" not in page

    def test_the_hand_over_slip_has_two_identifiers_and_no_complaint(
        self, new_visit, registrar, browse
    ):
        visit = new_visit("gigi", name="RATNA KUSUMANINGRUM", complaint="gusi bengkak")

        page = browse(registrar).get(f"/kunjungan/{visit.encounter.id}/slip-antar").content.decode()

        assert "RATNA KUSUMANINGRUM" in page
        assert visit.encounter.patient.mrn in page.replace(".", "").replace(" ", "").replace(
            "-", ""
        )
        assert "gusi bengkak" not in page

    def test_three_people_in_front_are_told(self, new_visit, registrar, browse):
        visit = [new_visit("umum") for _ in range(4)][-1]

        page = browse(registrar).get(f"/kunjungan/{visit.encounter.id}/slip").content.decode()

        assert "3 orang di depan Anda" in page

    def test_without_a_sign_in_there_is_no_slip(self, new_visit, client):
        visit = new_visit("umum")

        answer = client.get(f"/kunjungan/{visit.encounter.id}/slip")

        assert answer.status_code == 302
        assert answer["Location"].startswith("/masuk")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (7, "tujuh"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (17, "tujuh belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (345, "tiga ratus empat puluh lima"),
        (1000, "seribu"),
        (2019, "dua ribu sembilan belas"),
    ],
)
def test_numbers_are_spoken_in_words(number, words):
    assert number_words(number) == words


@given(st.integers(0, 9_999), st.integers(0, 9_999))
def test_two_numbers_never_sound_the_same(one, other):
    assert (number_words(one) == number_words(other)) == (one == other)


def test_the_call_is_a_sentence():
    assert call_sentence("A", 17, "Poli Umum") == "Nomor antrean A, tujuh belas, menuju Poli Umum."
