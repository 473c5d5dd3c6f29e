"""Are two records one person?"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.dates import read_birth_date
from simpul.domain.matching import PersonKey, compare

# The worked example of docs/methods/matching.md; a made-up person.
SITI = PersonKey(
    name="Siti Aminah",
    birth_date=date(1985, 3, 12),
    sex="female",
    nik="3509195203850001",
    bpjs="0001234567890",
    mother_name="Maryam",
    village="Sabrang",
    rt="03",
    rw="02",
    kk="3509190101200001",
    phone="081234567890",
)
BARE = PersonKey(name="Siti Aminah", birth_date=date(1985, 3, 12), sex="female")


def test_the_worked_example_one_digit_of_the_nik_wrong():
    other = PersonKey(
        name="SITI AMINAH",
        birth_date=date(1985, 3, 12),
        nik="3509195203850007",
        mother_name="Maryam",
        rt="04",
    )
    match = compare(replace(SITI, kk="", bpjs=""), other)
    assert match.level == "certain"
    assert match.score == 1.0
    assert match.agrees == ("nama sama", "tgl lahir sama", "NIK beda 1 angka", "ibu sama")
    assert match.differs == ("RT berbeda",)


def test_a_record_is_certainly_itself_and_an_unrelated_one_is_nothing():
    assert compare(SITI, SITI).level == "certain"
    assert compare(SITI, SITI).differs == ()
    other = PersonKey("Budi Santoso", date(1970, 8, 1), sex="male", village="Ambulu")
    match = compare(SITI, other)
    assert match.level is None
    assert match.score == 0
    assert "nama berbeda" in match.differs


def test_name_and_birth_date_alone_are_possible_not_certain():
    assert compare(BARE, BARE).level == "possible"


@pytest.mark.parametrize(
    ("born", "reason"),
    [
        (date(1985, 12, 3), "hari & bulan lahir tertukar"),
        (date(1985, 3, 13), "tgl lahir beda 1 angka"),
        (date(1986, 3, 12), "tahun lahir beda 1"),
    ],
)
def test_slips_in_a_birth_date_still_count(born, reason):
    match = compare(replace(SITI, nik="", bpjs="", kk=""), replace(SITI, birth_date=born))
    assert match.level == "certain"
    assert reason in match.agrees


def test_two_digits_of_the_year_swapped_is_shown_as_household_with_both_reasons():
    # 1985 and 1958: a slip, or mother and daughter. The counter is told both.
    match = compare(BARE, replace(BARE, birth_date=date(1958, 3, 12)))
    assert match.level == "household"
    assert match.agrees[1] == "tgl lahir 2 angka tertukar"
    assert "selisih umur 27 th" in match.agrees[2]


def test_two_digits_swapped_in_a_nik():
    match = compare(BARE, BARE)
    swapped = compare(replace(BARE, nik="3509195203850001"), replace(BARE, nik="3509195203580001"))
    assert "NIK 2 angka tertukar" in swapped.agrees
    assert swapped.score > match.score


def test_twins_are_two_people_even_with_neighbouring_niks():
    twin = replace(SITI, name="Siti Amini", nik="3509195203850002", bpjs="", phone="")
    match = compare(SITI, twin)
    assert match.level == "household"
    assert "mungkin kembar" in match.agrees
    boy = replace(twin, name="Amin Hidayat", sex="male", nik="3509191203850002")
    assert compare(SITI, boy).level == "household"


def test_a_letter_slipped_inside_a_name_is_not_a_twin():
    one = replace(BARE, name="Siti Nurjanah", mother_name="Maryam")
    other = replace(one, name="Siti Nurjamah")
    assert compare(one, other).level in ("certain", "possible")
    assert compare(one, replace(one, name="Nurjanah")).level in ("certain", "possible")


def test_father_and_son_of_one_name():
    father = PersonKey("Moh. Ali", date(1960, 5, 1), sex="male", village="Sabrang")
    son = PersonKey("Muhammad Ali", date(1992, 7, 9), sex="male", village="Sabrang")
    match = compare(father, son)
    assert match.level == "household"
    assert match.agrees[-1] == "nama sama, selisih umur 32 th: orang tua dan anak?"
    assert compare(father, replace(son, village="Ambulu")).level is None


def test_a_common_name_alone_makes_nobody_a_parent():
    older = PersonKey("Sutrisno", date(1950, 5, 1), sex="male", village="Sabrang")
    younger = PersonKey("Sutrisno", date(1992, 7, 9), sex="male")
    assert compare(older, younger).level is None
    assert compare(older, replace(younger, village="Sabrang")).level == "household"


def test_a_baby_under_the_mothers_name_is_household():
    baby = PersonKey("By. Ny. Siti Aminah", date(2025, 2, 1), kk=SITI.kk)
    assert compare(SITI, baby).level == "household"


def test_one_nik_on_two_different_people_is_always_shown():
    other = PersonKey("Budi Santoso", date(1970, 8, 1), sex="male", nik=SITI.nik, village="Ambulu")
    match = compare(SITI, other)
    assert match.level == "possible"
    assert "NIK sama" in match.agrees
    assert {"nama berbeda", "kelamin berbeda", "tgl lahir berbeda"} <= set(match.differs)


def test_an_estimated_age_is_weaker_than_a_date():
    estimate = replace(BARE, birth_date=date(1986, 2, 3), birth_date_estimated=True)
    match = compare(BARE, estimate)
    assert "umur mirip" in match.agrees
    assert match.score < compare(BARE, BARE).score


def test_only_a_year_or_only_an_age_still_finds_the_person():
    today = date(2025, 6, 1)
    for typed in ("1985", "40th", "38 th"):
        read = read_birth_date(typed, today)
        told = replace(SITI, birth_date=read.value, birth_date_estimated=True, nik="", bpjs="")
        match = compare(SITI, told)
        assert match.level == "certain", typed
        assert "umur mirip" in match.agrees
    far = replace(SITI, birth_date=date(1960, 7, 1), birth_date_estimated=True, nik="", bpjs="")
    assert compare(replace(SITI, kk="", phone=""), replace(far, name="Sitti Amina")).differs == (
        "tgl lahir berbeda",
    )


def test_a_year_told_says_more_than_an_age_three_years_off():
    year = replace(BARE, birth_date=date(1985, 7, 1), birth_date_estimated=True)
    age = replace(year, birth_date=date(1987, 12, 1))
    assert compare(BARE, year).score > compare(BARE, age).score


def test_a_rare_name_says_more_than_a_common_one():
    common = PersonKey("Siti", date(1985, 3, 12), sex="female")
    rare = replace(common, name="Poltak Sitompul")
    slip = date(1985, 3, 13)
    assert (
        compare(rare, replace(rare, birth_date=slip)).score
        > compare(common, replace(common, birth_date=slip)).score
    )


def test_a_rare_name_and_a_birth_date_are_never_certain_alone():
    rare = PersonKey("Poltak Sitompul", date(1985, 3, 12), sex="male")
    assert compare(rare, rare).level == "possible"
    # One village is no proof, one house is.
    there = replace(rare, village="Sabrang")
    assert compare(there, there).level == "possible"
    at_home = replace(there, rt="3", rw="2")
    assert compare(at_home, at_home).level == "certain"


def test_another_of_the_house_is_not_shown_for_sharing_the_house():
    sister = replace(SITI, name="Dewi Lestari", birth_date=date(1988, 11, 2), nik="", bpjs="")
    assert compare(SITI, sister).level is None
    # Not even when she comes with the whole family's papers but for the NIK.
    assert compare(replace(SITI, nik="", bpjs=""), sister).level is None


def test_twins_without_a_family_card_are_known_by_their_neighbouring_niks():
    one = replace(SITI, name="Pari Ratnasari", kk="", mother_name="", bpjs="", phone="")
    other = replace(one, name="Eni Ratnasari", nik="3509195203850002")
    assert compare(one, other).level == "household"
    # The same digit wrong in the NIK of one name is a slip.
    assert compare(one, replace(one, nik="3509195203850002")).level == "certain"


@pytest.mark.parametrize(
    ("first", "second", "twins"),
    [
        ("Rina Oktaviani", "Rnia Oktaviani", False),
        ("Holil Munir", "Holil Mnir", False),
        ("Rina Oktaviani", "Rini Oktaviani", True),
        ("Hasan Basri", "Husen Basri", True),
        ("Amin Basri", "Aman Basri", True),
    ],
)
def test_what_twins_are_called_and_what_a_slip_is(first, second, twins):
    one = replace(SITI, name=first, nik="", bpjs="")
    assert (compare(one, replace(one, name=second)).level == "household") is twins


def test_a_space_moved_is_not_a_twin():
    one = replace(SITI, name="Nur Hayati", nik="", bpjs="")
    assert compare(one, replace(one, name="Nurhayati")).level == "certain"
    assert compare(one, replace(one, name="Nur H")).level == "certain"


def test_forms_of_numbers_do_not_matter():
    other = replace(SITI, phone="+62 812-3456-7890", rt="3", nik="3509 1952 0385 0001")
    assert compare(SITI, other).differs == ()
    assert "HP sama" in compare(SITI, other).agrees


def test_empty_fields_say_nothing():
    assert compare(PersonKey(""), PersonKey("")).agrees == ()
    assert compare(PersonKey(""), SITI) == compare(SITI, PersonKey(""))


names = st.sampled_from(["Siti Aminah", "Siti Amini", "Moh. Ali", "Muhammad Ali", "Budi", ""])
persons = st.builds(
    PersonKey,
    name=names,
    birth_date=st.none() | st.dates(date(1950, 1, 1), date(2024, 1, 1)),
    birth_date_estimated=st.booleans(),
    sex=st.sampled_from([None, "male", "female"]),
    nik=st.sampled_from(["", "3509195203850001", "3509195203850002", "3509191203850001"]),
    mother_name=names,
    kk=st.sampled_from(["", "1", "2"]),
    village=st.sampled_from(["", "Sabrang", "Ambulu"]),
)


@given(persons, persons)
def test_the_order_of_two_records_does_not_matter(one, other):
    match = compare(one, other)
    assert match == compare(other, one)
    assert 0.0 <= match.score <= 1.0


@given(persons)
def test_nobody_is_their_own_household(person):
    assert compare(person, person).level != "household"
