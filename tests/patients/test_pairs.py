"""The list of pairs: everybody once, then whoever changes; a decision is remembered."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from simpul.cli.main import main
from simpul.foundation.core.errors import NotAllowed, NotHere
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.forms import input_of
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.matching import pairs
from simpul.service.patients.matching.models import Decision, PersonPair
from simpul.service.patients.matching.pairs import begin_again, find_pairs, read_progress
from simpul.service.patients.matching.selectors import count_pairs, get_pair, list_apart, list_pairs
from simpul.service.patients.matching.services import decide_pair, decide_two
from simpul.service.patients.models import Patient
from simpul.service.patients.services import correct_patient, register_patient

pytestmark = pytest.mark.django_db


def person(by: Actor, name: str, born: str = "1985-03-12", **typed: Any) -> PatientCard:
    given = {"sex": "female", "village": "Sabrang", "no_nik_reason": "not-brought"} | typed
    given.setdefault("mother_name", f"Ibunda {name}")
    made = register_patient(
        by=by, typed=PatientInput(name=name, birth_date=born, **given), confirm_new="orang lain"
    )
    return made.patient


def search() -> None:
    """Slice by slice until nothing more is done."""
    before = None
    for _slice in range(200):
        now = find_pairs(seconds=0)
        if now == before:
            return
        before = now
    raise AssertionError("the search does not end")


def names(by: Actor, level: str = "") -> list[tuple[str, str]]:
    return [(one.first.name, one.second.name) for one in list_pairs(by=by, level=level).items]


@pytest.fixture
def twice(registrar: Actor) -> tuple[PatientCard, PatientCard]:
    """One person registered twice, and others who are not her."""
    first = person(registrar, "Siti Aminah", mother_name="Maryam")
    second = person(registrar, "Sitti Aminah", mother_name="Mariam")
    person(registrar, "Budi Santoso", sex="male")
    person(registrar, "Siti Fatimah", born="1960-08-02")
    return first, second


def test_one_person_stored_twice_is_found_with_reasons(twice, recorder: Actor):
    search()
    assert read_progress().is_following
    (found,) = list_pairs(by=recorder).items
    assert (found.first.id, found.second.id) == tuple(sorted(one.id for one in twice))
    assert found.level == "certain"
    assert "ibu sama" in found.agrees
    assert count_pairs(by=recorder) == {"certain": 1, "possible": 0, "household": 0}
    assert get_pair(found.id, by=recorder) == found


def test_a_family_card_and_one_digit_of_the_nik_meet_too(registrar: Actor, recorder: Actor):
    kk = {"kk_number": "3509010101200001"}
    person(registrar, "Bekti", village="Ambulu", **kk)
    person(registrar, "Btki", born="1986-03-12", **kk)
    nik = {"no_nik_reason": ""}
    person(registrar, "Maimunah", nik="3509015203850001", **nik)
    person(
        registrar,
        "Maimunah",
        nik="3509015203850008",
        born="1985-03-21",
        **(nik | {"village": "Ambulu"}),
    )
    search()
    assert ("MAIMUNAH", "MAIMUNAH") in names(recorder)
    assert count_pairs(by=recorder)["certain"] + count_pairs(by=recorder)["possible"] >= 1
    assert not [p for p in names(recorder) if "BEKTI" in p and "MAIMUNAH" in p]


def test_twins_are_asked_for_by_name_only(registrar: Actor, recorder: Actor):
    kk = {"kk_number": "3509010101200001", "mother_name": "Maryam", "born": "2015-03-12"}
    person(registrar, "Hasan", sex="male", **kk)
    person(registrar, "Husen Basri", sex="male", **kk)
    search()
    assert names(recorder) == []
    assert names(recorder, "household") == [("HASAN", "HUSEN BASRI")]


def test_what_was_decided_is_never_shown_again(twice, registrar: Actor, recorder: Actor):
    search()
    (found,) = list_pairs(by=recorder).items
    with act(by=recorder) as this:
        decide_pair(this, found.id, by=recorder, decision=Decision.DIFFERENT, reason="kembar")
    assert names(recorder) == []

    begin_again()
    search()
    assert names(recorder) == []
    PersonPair.objects.all().delete()  # the list is made anew; the decision is not in it
    begin_again()
    search()
    assert names(recorder) == []
    assert get_pair(PersonPair.objects.get().pk, by=recorder).decision == "different"

    with act(by=recorder) as this:
        decide_two(this, *(one.id for one in twice), by=recorder, decision=Decision.REOPENED)
    assert len(names(recorder)) == 1


def test_who_may_decide(twice, registrar: Actor, recorder: Actor, nurse: Actor, outsider: Actor):
    search()
    (found,) = list_pairs(by=recorder).items
    assert list_pairs(by=registrar).items == (found,), "the counter sees what waits"
    with pytest.raises(NotAllowed):
        list_pairs(by=nurse)
    with pytest.raises(NotAllowed), act(by=registrar) as this:
        decide_pair(this, found.id, by=registrar, decision="different")
    with pytest.raises(NotHere), act(by=outsider) as this:
        decide_pair(this, found.id, by=outsider, decision="different")
    assert list_pairs(by=outsider).items == ()


def test_after_the_first_search_it_follows_what_changes(registrar: Actor, recorder: Actor):
    first = person(registrar, "Siti Aminah", mother_name="Maryam")
    search()
    compared = read_progress().compared
    assert names(recorder) == []

    other = person(registrar, "Siti Amina", mother_name="Maryam")
    search()
    assert names(recorder) == [("SITI AMINAH", "SITI AMINA")]
    assert read_progress().compared > compared

    typed = replace(
        input_of(other), name="Juwariyah", birth_date="1970-01-02", mother_name="Suna",
        village="Ambulu",
    )  # fmt: skip
    correct_patient(other.id, by=registrar, typed=typed, seen_version=other.version)
    search()
    assert names(recorder) == []
    assert first.id


def test_stopped_at_any_slice_it_goes_on_where_it_was(
    twice, registrar: Actor, recorder: Actor, monkeypatch: pytest.MonkeyPatch
):
    for number in range(6):
        person(registrar, f"Sumiati {'ABCDEF'[number]}artini", born=f"19{70 + number}-02-03")
    monkeypatch.setattr(pairs, "ROWS_AT_ONCE", 7)
    shares = []
    while not read_progress().is_following:
        shares.append(find_pairs(seconds=0).share)
    assert shares == sorted(shares)
    assert len(shares) > 10
    in_slices = set(PersonPair.objects.values_list("first_id", "second_id", "level"))

    monkeypatch.setattr(pairs, "ROWS_AT_ONCE", 10_000)
    PersonPair.objects.all().delete()
    begin_again()
    search()
    assert set(PersonPair.objects.values_list("first_id", "second_id", "level")) == in_slices
    assert in_slices


def test_a_key_that_everybody_has_is_stepped_over(
    twice, recorder: Actor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pairs, "MOST_OF_A_KEY", 1)
    monkeypatch.setattr(pairs, "ROWS_AT_ONCE", 2)
    search()
    assert read_progress().left_out > 0


def test_the_list_pages_by_cursor(registrar: Actor, recorder: Actor):
    for number in range(5):
        for name in ("Siti Aminah", "Siti Amina"):
            person(registrar, name, born=f"198{number}-0{number + 1}-12",
                   mother_name="Maryam", phone=f"08123456789{number}")  # fmt: skip
    search()
    seen, cursor = [], ""
    while True:
        page = list_pairs(by=recorder, cursor=cursor, limit=2)
        seen += [one.id for one in page.items]
        cursor = page.next
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == PersonPair.objects.exclude(level="household").count() > 2
    assert [one.id for one in list_pairs(by=recorder, cursor="rusak").items][:2] == seen[:2]


@pytest.mark.django_db(transaction=True)
def test_the_command_searches_to_the_end(
    registrar: Actor, recorder: Actor, capsys: pytest.CaptureFixture[str]
):
    person(registrar, "Siti Aminah", mother_name="Maryam")
    person(registrar, "Sitti Aminah", mother_name="Maryam")
    assert main(["pairs", "--json"]) == 0
    assert '"certain": 1' in capsys.readouterr().out
    assert main(["pairs", "--again"]) == 0
    assert "1 hampir pasti sama" in capsys.readouterr().err


def test_orang_berbeda_said_at_the_counter_is_remembered_and_can_be_opened_again(
    browse, registrar: Actor, recorder: Actor
):
    """The clerk saw the look-alike and said why not: nobody is asked about those two again."""
    first = person(registrar, "Siti Aminah", mother_name="Maryam")
    typed = {
        "name": "Siti Aminah", "birth_date": "12031985", "sex": "female", "village": "Sabrang",
        "mother_name": "Maryam", "no_nik_reason": "not-brought",
    }  # fmt: skip
    counter = browse(registrar)
    asked = counter.post("/pasien/baru", typed)
    assert "tampak orang yang sama" in asked.content.decode()
    saved = counter.post("/pasien/baru", typed | {"different": "kembar"})
    assert saved.status_code == 302
    second = list_people(registrar)[-1]

    search()
    assert names(recorder) == []
    begin_again()
    search()
    assert count_pairs(by=recorder) == {"certain": 0, "possible": 0, "household": 0}
    (apart,) = list_apart(by=recorder)
    assert {apart.first.id, apart.second.id} == {first.id, second}
    assert (apart.reason, apart.decided_by) == ("Kembar", registrar.name)
    live = counter.post("/pasien/baru/mirip", typed).content.decode()
    assert live.count('data-uji="pasien-baru-sudah-beda"') == 1

    page = browse(recorder).get(reverse("duplikat-berbeda")).content.decode()
    assert "Kembar" in page
    opened = browse(recorder).post(reverse("buka-lagi", args=[first.id, second]))
    assert opened.status_code == 302
    assert list_apart(by=recorder) == []
    assert len(names(recorder)) == 1
    again = browse(recorder).post(reverse("buka-lagi", args=[first.id, second]))
    assert again.status_code == 409
    live = counter.post("/pasien/baru/mirip", typed).content.decode()
    assert "pasien-baru-sudah-beda" not in live


def list_people(by: Actor) -> list[uuid.UUID]:
    rows = Patient.objects.filter(owner=by.facility_id).order_by("registered_at", "id")
    return list(rows.values_list("id", flat=True))
