"""What the counter's form turns into, field by field."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.foundation.core.errors import NotHere
from simpul.service.registration.forms import prefill, read_form, read_id, read_wish, reason_of
from simpul.service.registration.selectors import LastVisit

PATIENT = "01a2042b-68fa-72ae-adda-be6ecdee7b2a"
TODAY = date(2025, 5, 1)


def wish(**post: str):
    return read_wish({"patient_id": PATIENT, **post})


@pytest.mark.parametrize(
    ("post", "unit"),
    [
        ({}, ""),
        ({"shown_unit": "umum"}, "umum"),
        ({"shown_unit": "umum", "unit": "gigi"}, "gigi"),
        ({"shown_unit": "umum", "unit": "gigi", "send_to": "lansia"}, "lansia"),
    ],
)
def test_the_unit_is_the_answer_then_the_choice_then_what_the_button_said(post, unit: str):
    assert wish(**post).unit == unit


@pytest.mark.parametrize(
    ("sent", "read"), [("ya", True), ("tidak", False), ("", None), ("mungkin", None)]
)
def test_pregnancy_is_said_denied_or_unsaid(sent: str, read: bool | None):
    assert wish(pregnant=sent).pregnant is read


def test_an_answer_to_the_question_drops_the_reason():
    assert wish(unit="kia", reason_choice="pendamping").override_reason == "Pendamping"
    assert wish(send_to="umum", reason_choice="pendamping").override_reason == ""
    assert wish(unit="kia", reason_unit="gigi", reason_text="ikut").override_reason == ""
    assert wish(unit="kia", reason_unit="kia", reason_text="ikut").override_reason == "ikut"


@given(st.text())
def test_only_a_written_word_is_a_reason(text: str):
    reason = reason_of(read_form({"reason_choice": "lain", "reason_text": text}))

    assert reason == " ".join(text.split())


@given(st.text(alphabet=st.characters(exclude_characters="0123456789abcdefABCDEF")))
def test_what_is_no_id_is_nobody(text: str):
    with pytest.raises(NotHere) as refusal:
        read_id(text)

    assert refusal.value.status == 404


def test_the_day_of_the_last_visit_has_its_year_only_when_it_is_another():
    def source(day: date) -> str:
        last = LastVisit(on=day, unit="umum", payer="bpjs", complaint="", pregnant=None)
        return prefill(last, asks=False, today=TODAY).from_last_visit

    assert source(date(2025, 2, 3)) == "dari kunjungan 3 Feb"
    assert source(date(2024, 12, 31)) == "dari kunjungan 31 Des 2024"


def test_nobody_is_pregnant_who_is_not_asked():
    last = LastVisit(on=TODAY, unit="kia", payer="bpjs", complaint="", pregnant=True)

    assert prefill(last, asks=False, today=TODAY).pregnant == ""
    assert prefill(last, asks=True, today=TODAY).pregnant == "ya"
