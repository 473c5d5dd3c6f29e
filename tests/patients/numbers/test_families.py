"""Family folders: area, family, member; a family moves and the personal number does not."""

import pytest

from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere, Refused
from simpul.service.patients.models import Patient
from simpul.service.patients.numbers.families import list_family_numbers, place_in_family
from simpul.service.patients.selectors import find_patients, get_row
from tests.patients.numbers.people import at_once, make_patient, number_families

KK = "3509011203850001"


def shown(patient, by) -> list[str]:
    return [one.shown for one in list_family_numbers(patient.id, by=by)]


def found(text, by) -> set[str]:
    return {hit.patient.name for hit in find_patients(text, by=by)}


def moved_to(patient, village: str, by) -> None:
    from simpul.foundation.journal.acts import act

    row = get_row(patient.id, by=by)
    row.village = village
    with act(by=by) as this:
        this.update(row, "village")


def test_without_family_numbering_nobody_has_one(registrar):
    assert shown(make_patient(registrar), registrar) == []


def test_a_family_comes_and_is_numbered_in_its_order(registrar, head):
    number_families(head)
    father = make_patient(registrar, "Joko Ayah", kk_number=KK)
    mother = make_patient(registrar, "Sri Ibu", kk_number=KK)
    neighbour = make_patient(registrar, "Tono Tetangga")
    elsewhere = make_patient(registrar, "Rina Ambulu", village="ambulu")

    assert [shown(one, registrar) for one in (father, mother, neighbour, elsewhere)] == [
        ["01-00001-00"],
        ["01-00001-01"],
        ["01-00002-00"],
        ["02-00001-00"],
    ]


def test_a_village_without_a_code_registers_all_the_same(registrar, head):
    number_families(head)
    patient = make_patient(registrar, village="Tempurejo")

    assert shown(patient, registrar) == []
    with pytest.raises(Refused, match="belum punya kode wilayah"):
        place_in_family(patient.id, by=registrar)


def test_a_move_changes_the_family_number_and_never_the_personal_one(registrar, head):
    number_families(head)
    patient = make_patient(registrar, "Joko Pindah", kk_number=KK)
    stayed = make_patient(registrar, "Sri Tinggal", kk_number=KK)
    moved_to(patient, "Ambulu", registrar)

    made = place_in_family(patient.id, by=registrar)

    assert made.shown == "02-00001-00"
    assert Patient.objects.get(id=patient.id).mrn == patient.mrn
    assert shown(patient, registrar) == ["02-00001-00", "01-00001-00"]
    for number in ("01-00001-00", "010000100", "02-00001-00", patient.mrn):
        assert "Joko Pindah".upper() in {name.upper() for name in found(number, registrar)}, number
    assert shown(stayed, registrar) == ["01-00001-01"]
    newcomer = make_patient(registrar, "Ani Baru", kk_number=KK)
    assert shown(newcomer, registrar) == ["01-00001-02"]  # the number that left is not given again


def test_joining_somebody_by_any_of_their_numbers(registrar, head):
    number_families(head)
    wife = make_patient(registrar, "Sri Istri")
    for beside in ("01-00001-00", "010000100", wife.mrn):
        other = make_patient(registrar, f"Orang {beside.replace('-', '')}", village="Ambulu")
        assert place_in_family(other.id, by=registrar, beside=beside).shown.startswith("01-00001-")


def test_by_relation_head_and_spouse_have_their_own_numbers(registrar, head):
    number_families(head, by_order=False)
    child, father, mother = (
        make_patient(registrar, name, kk_number=KK)
        for name in ("Anak Satu", "Joko Ayah", "Sri Ibu")
    )
    assert shown(child, registrar) == []  # who is who, a person says
    numbers = [
        place_in_family(one.id, by=registrar, relation=relation).shown
        for one, relation in ((child, "other"), (father, "head"), (mother, "spouse"))
    ]

    assert numbers == ["01-00001-02", "01-00001-00", "01-00001-01"]
    second = make_patient(registrar, "Istri Kedua", kk_number=KK)
    assert place_in_family(second.id, by=registrar, relation="spouse").shown == "01-00001-03"


def test_a_change_of_the_form_leaves_the_old_numbers_readable(registrar, head):
    number_families(head)
    old = make_patient(registrar, "Joko Lama")
    number_families(head, width="6", member_width="3", separator=".")
    new = make_patient(registrar, "Ani Baru")

    assert shown(new, registrar) == ["01.000002.000"]
    assert shown(old, registrar) == ["01-00001-00"]
    assert "JOKO LAMA" in {name.upper() for name in found("01-00001-00", registrar)}


def test_the_same_family_twice_and_unknown_numbers_are_told(registrar, head):
    number_families(head)
    patient = make_patient(registrar, kk_number=KK)

    with pytest.raises(Conflict, match="sudah di map keluarga itu"):
        place_in_family(patient.id, by=registrar)
    with pytest.raises(Refused) as refusal:
        place_in_family(patient.id, by=registrar, beside="99-99999-99")
    assert refusal.value.errors[0].where == "beside"
    with pytest.raises(Refused):
        place_in_family(patient.id, by=registrar, relation="anak angkat")


@pytest.mark.django_db(transaction=True)
def test_two_desks_place_somebody_in_one_family(registrar, head):
    """Both press the button in the same second, each beside another member of another family."""
    patient = make_patient(registrar, village="Tempurejo")
    number_families(head)
    beside = [make_patient(registrar, f"Tetangga {name}").mrn for name in ("Satu", "Dua")]

    outcomes = at_once(
        lambda: place_in_family(patient.id, by=registrar, beside=beside[0]).shown,
        lambda: place_in_family(patient.id, by=registrar, beside=beside[1]).shown,
    )

    assert sum(one.is_current for one in list_family_numbers(patient.id, by=registrar)) == 1
    assert [number for number in outcomes if number], "at least one of them was placed"


def test_a_full_folder_says_so_and_changes_nothing(registrar, head):
    number_families(head, member_width="1")
    people = [make_patient(registrar, f"Orang {'abcdefghij'[n]}", kk_number=KK) for n in range(10)]
    late = make_patient(registrar, "Orang Kesebelas")

    assert shown(people[9], registrar) == ["01-00001-9"]
    with pytest.raises(Conflict, match="sudah habis"):
        place_in_family(late.id, by=registrar, beside=people[0].mrn)
    assert shown(late, registrar) == ["01-00002-0"]


@pytest.mark.parametrize(
    ("areas", "words"),
    [
        ("Sabrang 01", "dibaca sebagai"),
        ("Sabrang = 1", "dibaca sebagai"),
        ("Sabrang = 01\nsabrang = 02", "dua kode"),
        ("", "paling sedikit satu desa"),
    ],
)
def test_area_codes_that_cannot_be_meant_are_named(head, areas, words):
    with pytest.raises(Refused) as refusal:
        number_families(head, areas=areas)
    assert any(words in problem.message for problem in refusal.value.errors)


def test_strangers_and_readers_change_nothing(registrar, head, nurse, outsider):
    number_families(head)
    patient = make_patient(registrar)

    with pytest.raises(NotAllowed):
        place_in_family(patient.id, by=nurse)
    with pytest.raises(NotHere):
        place_in_family(patient.id, by=outsider)
