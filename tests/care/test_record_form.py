"""Reading the record's form, and merging two people's writing in one record."""

import uuid
from dataclasses import replace

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from simpul.foundation.staff.actor import Actor
from simpul.service.care.forms import (
    Typed,
    read_conditions,
    read_procedures,
    read_typed,
    write_conditions,
    write_procedures,
)
from simpul.service.care.inputs import SOAP_PARTS, ConditionInput, ProcedureInput
from simpul.service.care.merging import Merged, merge_typed, own_entries
from simpul.service.care.selectors import Record, get_record
from simpul.service.completeness.services import save_entries, strike_entry
from tests.care.visits import Opened, conditions, open_visit, soap, vitals

FIELDS = (
    "systolic",
    "diastolic",
    "temperature",
    *SOAP_PARTS,
    "dx",
    "px",
    "reason",
    "lihat",
    "tetap",
)
WORDS = st.text(
    st.characters(exclude_characters="/ \t\r\n", exclude_categories=["Z", "C"]), max_size=8
)


def post(**fields: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(fields)
    return data


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=60)))
def test_any_text_is_read_without_failing(fields: dict[str, str]):
    typed = read_typed(post(**fields))

    assert set(typed.soap) == set(fields) & set(SOAP_PARTS)
    assert "\x00" not in typed.reason


@given(
    st.lists(
        st.builds(
            ConditionInput,
            WORDS.filter(bool),
            case_type=st.sampled_from(["", "new", "old", "follow"]),
            confirmed=st.booleans(),
        ),
        max_size=20,
    )
)
def test_diagnoses_travel_through_the_form_unchanged(items: list[ConditionInput]):
    assert read_conditions(write_conditions(items)) == tuple(items)


@given(
    st.lists(
        st.builds(ProcedureInput, WORDS.filter(bool), st.sampled_from([None, True, False])),
        max_size=20,
    )
)
def test_procedures_travel_through_the_form_unchanged(items: list[ProcedureInput]):
    assert read_procedures(write_procedures(items)) == tuple(items)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ({"systolic": "168/94", "diastolic": ""}, ("168", "94")),
        ({"systolic": " 168 / 94 ", "diastolic": ""}, ("168", "94")),
        ({"systolic": "168/94", "diastolic": "94"}, ("168", "94")),
        ({"systolic": "168", "diastolic": "94"}, ("168", "94")),
        # Two answers to one question: neither is chosen, the check will refuse the first box.
        ({"systolic": "168/94", "diastolic": "90"}, ("168/94", "90")),
    ],
)
def test_a_pressure_may_be_typed_in_one_box(typed: dict[str, str], read: tuple[str, str]):
    values = read_typed(post(**typed)).vitals

    assert (values["systolic"], values["diastolic"]) == read


def test_a_box_that_was_not_on_the_screen_is_not_touched():
    typed = read_typed(post(s="batuk"))

    assert typed.soap == {"s": "batuk"}
    assert typed.vitals == {}
    assert typed.conditions is None
    assert typed.procedures is None


def test_line_ends_of_a_browser_do_not_make_a_new_version():
    assert read_typed(post(s="satu\r\ndua")).soap["s"] == "satu\ndua"


@pytest.fixture
def visit(registrar: Actor) -> Opened:
    return open_visit(registrar, complaint="batuk")


def record(visit: Opened, by: Actor) -> Record:
    return get_record(visit.encounter, by=by, unit="umum")


def form_of(record: Record, **fields: str) -> Typed:
    """The form as it stands on a screen filled from this record, with these boxes typed."""
    own = own_entries(record, "umum")
    shown = dict.fromkeys(SOAP_PARTS, "") | {"systolic": "", "diastolic": "", "pulse": ""}
    for kind in ("soap", "vitals"):
        if kind in own:
            shown |= {box: str(text) for box, text in own[kind].body.items()}
    typed = read_typed(post(**(shown | {"dx": ""} | fields)))
    return replace(typed, seen={kind: view.id for kind, view in own.items()})


def merge(typed: Typed, record: Record, *, complaint: str = "", adopt: bool = False) -> Merged:
    return merge_typed(typed, record, unit="umum", complaint=complaint, adopt=adopt)


def test_an_untouched_form_signs_nothing(visit: Opened, nurse: Actor):
    save_entries(visit.id, [vitals(systolic="120", diastolic="80", pulse="88"), soap()], by=nurse)
    now = record(visit, nurse)

    merged = merge(form_of(now), now)

    assert merged.inputs == []
    assert merged.clashes == []


def test_two_people_in_different_boxes_are_joined(visit: Opened, nurse: Actor, physician: Actor):
    opened = record(visit, physician)
    typed = form_of(opened, o="faring merah", p="istirahat")
    save_entries(visit.id, [soap(s="batuk tiga hari"), vitals(pulse="88")], by=nurse)

    merged = merge(typed, record(visit, physician))

    [note] = merged.inputs
    assert note.soap == {"s": "batuk tiga hari", "o": "faring merah", "p": "istirahat"}
    assert merged.clashes == []


def test_two_people_in_one_box_are_asked(visit: Opened, nurse: Actor, physician: Actor):
    opened = record(visit, physician)
    typed = form_of(opened, s="demam")
    save_entries(visit.id, [soap(s="batuk")], by=nurse)
    now = record(visit, physician)

    merged = merge(typed, now)

    [clash] = merged.clashes
    assert (clash.where, clash.text, clash.author) == ("s", "batuk", nurse.name)
    assert merged.inputs == []
    knowing = merge(replace(typed, kept=frozenset({clash.token})), now)
    assert [entry.soap for entry in knowing.inputs] == [{"s": "demam"}]


def test_an_answer_to_an_older_clash_does_not_cover_a_newer_text(
    visit: Opened, nurse: Actor, physician: Actor
):
    typed = form_of(record(visit, physician), s="demam")
    save_entries(visit.id, [soap(s="batuk")], by=nurse)
    token = merge(typed, record(visit, physician)).clashes[0].token
    save_entries(visit.id, [soap(s="batuk darah")], by=nurse)

    merged = merge(replace(typed, kept=frozenset({token})), record(visit, physician))

    assert [clash.text for clash in merged.clashes] == ["batuk darah"]


def test_the_same_number_written_otherwise_is_no_change(visit: Opened, nurse: Actor):
    save_entries(visit.id, [vitals(systolic="120", diastolic="80", temperature="36,70")], by=nurse)
    now = record(visit, nurse)
    typed = form_of(now, systolic="120,0", diastolic="080", temperature="36.7")

    assert merge(typed, now).inputs == []


def test_the_complaint_alone_is_not_signed_by_saving_numbers(visit: Opened, nurse: Actor):
    now = record(visit, nurse)
    typed = form_of(now, s="batuk", pulse="88")

    assert [entry.kind for entry in merge(typed, now, complaint="batuk").inputs] == ["vitals"]


@pytest.mark.parametrize(
    ("fields", "adopt"), [({"s": "batuk"}, True), ({"s": "batuk", "p": "istirahat"}, False)]
)
def test_the_complaint_is_signed_with_the_note(
    visit: Opened, physician: Actor, fields: dict[str, str], adopt: bool
):
    now = record(visit, physician)

    merged = merge(form_of(now, **fields), now, complaint="batuk", adopt=adopt)

    assert [entry.soap["s"] for entry in merged.inputs] == ["batuk"]


def test_changed_diagnoses_meet_changed_diagnoses(visit: Opened, nurse: Actor, physician: Actor):
    opened = record(visit, physician)
    typed = form_of(opened, dx="I10/new/")
    save_entries(visit.id, [conditions("J06.9")], by=nurse)

    merged = merge(typed, record(visit, physician))

    assert [(clash.where, clash.text) for clash in merged.clashes] == [("icd", "J06.9")]


def test_a_struck_entry_protects_no_text(visit: Opened, physician: Actor):

    saved = save_entries(visit.id, [soap(s="salah")], by=physician)
    assert saved.signed is not None
    typed = form_of(record(visit, physician), s="yang benar")
    strike_entry(visit.id, entry_id=saved.signed.entries[0].id, reason="salah pasien", by=physician)

    merged = merge(typed, record(visit, physician))

    assert [entry.soap for entry in merged.inputs] == [{"s": "yang benar"}]
    assert merged.inputs[0].replaces is None


def test_a_version_of_another_record_is_no_base(visit: Opened, physician: Actor):
    now = record(visit, physician)
    typed = replace(form_of(now, s="batuk"), seen={"soap": uuid.uuid4()})

    assert [entry.soap for entry in merge(typed, now).inputs] == [{"s": "batuk"}]
