"""The facility's codes and the units' letters: what is accepted, what is unique, who may."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.foundation.administration.selectors import get_facility, list_units
from simpul.foundation.administration.services import change_facility, change_unit
from simpul.foundation.core.errors import NotAllowed, NotHere, Refused, Stale
from simpul.foundation.facilities.models import ServiceUnit
from simpul.foundation.facilities.selectors import Here, get_here
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor

per_example = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CODES = {
    "satusehat_id": "1000004567",
    "kode_sarana": "35091950001",
    "registration_code": "1031948",
    "bpjs_provider_code": "0187B012",
}


def test_four_codes_stand_in_four_fields(head: Actor):
    change_facility(by=head, **CODES)

    row = get_facility(by=head)
    assert {field: getattr(row, field) for field in CODES} == CODES


def test_what_changed_is_told_by_name_only(head: Actor):
    change_facility(by=head, name="Puskesmas Ambulu Contoh", phone="")

    told = JournalEntry.objects.get(act="facility-changed")
    assert told.detail == {"fields": ["name"]}
    assert get_here().name == "Puskesmas Ambulu Contoh"


def test_nothing_changed_is_no_act(head: Actor):
    change_facility(by=head, name="  Puskesmas   Contoh ")

    assert not JournalEntry.objects.filter(act="facility-changed").exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("satusehat_id", "123456789"),
        ("satusehat_id", "12345678901"),
        ("satusehat_id", "abcdefghij"),
        ("satusehat_id", "١٢٣٤٥٦٧٨٩٠"),
        ("kode_sarana", "1234567890"),
        ("kode_sarana", "35-09-19500"),
        ("registration_code", "123456"),
        ("registration_code", "123456789012"),
        ("bpjs_provider_code", "0187B01"),
        ("bpjs_provider_code", "0187B0123"),
        ("bpjs_provider_code", "0187-012"),
        ("name", "   "),
        ("name", "x" * 121),
        ("address", "x" * 201),
        ("phone", "0" * 21),
    ],
)
def test_a_code_in_another_form_is_refused_at_its_field(head: Actor, field: str, typed: str):
    before = getattr(get_facility(by=head), field)

    with pytest.raises(Refused) as refused:
        change_facility(by=head, **{field: typed})

    assert [problem.where for problem in refused.value.errors] == [field]
    assert getattr(get_facility(by=head), field) == before


def test_all_that_is_wrong_is_said_at_once(head: Actor):
    with pytest.raises(Refused) as refused:
        change_facility(by=head, name="", satusehat_id="1", bpjs_provider_code="x")

    assert {p.where for p in refused.value.errors} == {"name", "satusehat_id", "bpjs_provider_code"}


def test_a_code_can_be_taken_away_again(head: Actor):
    change_facility(by=head, **CODES)

    change_facility(by=head, kode_sarana="")

    assert get_facility(by=head).kode_sarana == ""


def test_small_letters_of_a_bpjs_code_are_written_large(head: Actor):
    change_facility(by=head, bpjs_provider_code=" 0187b012 ")

    assert get_facility(by=head).bpjs_provider_code == "0187B012"


def test_two_people_do_not_overwrite_each_other(head: Actor, technician: Actor):
    seen = get_facility(by=head).version
    change_facility(by=technician, seen_version=seen, phone="0331 1")

    with pytest.raises(Stale):
        change_facility(by=head, seen_version=seen, phone="0331 2")

    assert get_facility(by=head).phone == "0331 1"


def test_only_fields_of_the_settings_can_be_changed(head: Actor):
    with pytest.raises(TypeError):
        change_facility(by=head, kind="dinas")


@pytest.mark.parametrize("who", ["registrar", "recorder", "physician"])
def test_settings_are_the_heads_and_its(request: pytest.FixtureRequest, who: str):
    by = request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        change_facility(by=by, name="Lain")
    with pytest.raises(NotAllowed):
        change_unit("umum", by=by, room="1")
    with pytest.raises(NotAllowed):
        get_facility(by=by)


def test_the_outsider_does_not_reach_this_house(outsider: Actor):
    with pytest.raises(NotHere):
        change_facility(by=outsider, name="Lain")
    with pytest.raises(NotHere):
        change_unit("umum", by=outsider, room="1")
    with pytest.raises(NotHere):
        list_units(by=outsider)

    assert get_here().name == "Puskesmas Contoh"


def test_a_unit_takes_another_letter_name_and_room(technician: Actor):
    change_unit(
        "umum", by=technician, prefix="H", name="Poli Dewasa", room="Ruang 2", is_open=False
    )

    unit = get_here().unit("umum")
    assert (unit.prefix, unit.name, unit.room, unit.is_open) == (
        "H",
        "Poli Dewasa",
        "Ruang 2",
        False,
    )
    told = JournalEntry.objects.get(act="unit-changed")
    assert (told.unit, told.detail) == ("umum", {"fields": ["prefix", "name", "room", "is_open"]})


def test_two_units_never_share_a_letter(house: Here, head: Actor):
    taken = house.unit("kia")

    with pytest.raises(Refused) as refused:
        change_unit("umum", by=head, prefix=taken.prefix, room="Ruang 9")

    assert refused.value.code == "prefix_taken"
    assert taken.name in refused.value.message
    assert get_here().unit("umum") == house.unit("umum"), "nothing of it was saved"


def test_a_letter_given_up_is_free(head: Actor):
    change_unit("kia", by=head, prefix="K")

    assert change_unit("umum", by=head, prefix="B").prefix == "B"


def test_a_unit_may_keep_its_own_letter(head: Actor):
    change_unit("umum", by=head, prefix="A", room="Ruang 1")

    assert get_here().unit("umum").prefix == "A"


@per_example
@given(prefix=st.text(max_size=4))
def test_a_letter_is_one_or_two_capitals_or_refused(head: Actor, prefix: str):
    others = {unit.prefix for unit in list_units(by=head) if unit.code != "umum"}
    is_letter = 1 <= len(prefix) <= 2 and all(sign in string.ascii_uppercase for sign in prefix)

    if is_letter and prefix not in others:
        change_unit("umum", by=head, prefix=prefix)
        assert get_here().unit("umum").prefix == prefix
    else:
        with pytest.raises(Refused):
            change_unit("umum", by=head, prefix=prefix)


@per_example
@given(
    wishes=st.lists(
        st.tuples(
            st.sampled_from(["umum", "kia", "gigi", "tb"]),
            st.sampled_from(["A", "B", "C", "T", "K", "AA"]),
        ),
        max_size=8,
    )
)
def test_letters_stay_unique_whatever_is_asked(head: Actor, wishes: list[tuple[str, str]]):
    for code, prefix in wishes:
        try:
            change_unit(code, by=head, prefix=prefix)
        except Refused:
            continue

    letters = list(ServiceUnit.objects.values_list("prefix", flat=True))
    assert len(letters) == len(set(letters))


@pytest.mark.parametrize("typed", [{"name": ""}, {"name": "x" * 61}, {"room": "x" * 41}])
def test_a_unit_needs_a_name_that_fits(head: Actor, typed: dict[str, str]):
    with pytest.raises(Refused) as refused:
        change_unit("umum", by=head, **typed)  # type: ignore[arg-type]

    assert [p.where for p in refused.value.errors] == list(typed)


def test_an_unknown_unit_is_not_here(head: Actor):
    with pytest.raises(NotHere):
        change_unit("bulan", by=head, room="1")
