"""Names as they are, and the three levels: nobody is called certain who may be another person."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simpul.demo.errors import key_of, namesake_of
from simpul.demo.names.people import make_family
from simpul.domain.matching import PersonKey, compare
from simpul.domain.matching_blocking import birth, may_be_one_birth, near_dates

TODAY = date(2025, 1, 1)
BORN = date(1985, 3, 12)
HOME = PersonKey(
    "", BORN, sex="female", mother_name="MARYAM", village="Sabrang", rt="03", rw="02",
    kk="3509010101200001", phone="081234567890",
)  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("MOH. ALI", "MUHAMMAD ALI"), ("MUH. ALI", "MOCH. ALI"), ("MUHAMAD ALI", "M. ALI"),
        ("SOEKARNO", "SUKARNO"), ("WAHJOEDI", "WAHYUDI"), ("TJANDRA", "CHANDRA"),
        ("DJAJADI", "JAYADI"), ("JUSUF", "YUSUF"),
        ("H. AHMAD FAUZI, S.PD", "AHMAD FAUZI"), ("NY. SITI AMINAH", "SITI AMINAH"),
        ("SUGENG RIYADI", "SOEGENG RIJADI"), ("HOTIJAH", "KHADIJAH"),
        ("ABD. ROHMAN", "ABDURRAHMAN"),
        ("KHOIRUL ANAM", "CHOIRUL ANAM"), ("LIEM SIOE LAN", "LIM SIU LAN"),
        ("ROTUA BR. HUTABARAT", "ROTUA BORU HUTABARAT"), ("NUR HAYATI", "NURHAYATI"),
        ("SITI AMINAH", "AMINAH SITI"), ("SRI WAHYUNI", "SRI WAHUYNI"), ("SUTRISNO", "SUTRISMO"),
        ("KARTINI", "KARTINI"),
    ],
)  # fmt: skip
def test_one_name_in_two_spellings_is_one_person_with_the_rest_the_same(first: str, second: str):
    match = compare(replace(HOME, name=first), replace(HOME, name=second))
    assert match.level == "certain", match
    assert {"nama sama", "nama mirip"} & set(match.agrees)
    bare = compare(PersonKey(first, BORN), PersonKey(second, BORN))
    assert bare.level == "possible"


letters = st.sampled_from(
    ["AHMAD", "HASAN", "HUSEN", "BUDI", "SRI", "WATI", "PUTRA", "RIZKI", "DEWI", "AYU", "NUR",
     "LESTARI", "FAJAR", "INTAN", "SLAMET", "PONIMAN"]
)  # fmt: skip
dates = st.dates(date(1940, 1, 1), date(2024, 12, 31))


@given(st.lists(letters, min_size=2, max_size=2, unique=True), letters, dates, st.booleans())
def test_twins_are_never_certain(given_names: list[str], family: str, born: date, papers: bool):
    """Two given names, one of everything else; numbered one after the other if they have papers."""
    assume(family not in given_names)
    one = replace(HOME, name=f"{given_names[0]} {family}", birth_date=born)
    other = replace(HOME, name=f"{given_names[1]} {family}", birth_date=born)
    if papers:
        one, other = replace(one, nik="3509015203850001"), replace(other, nik="3509015203850002")
    assert compare(one, other).level != "certain"


@given(st.integers(0, 10_000))
def test_parent_and_child_of_one_name_are_never_certain(seed: int):
    rng = Random(seed)  # noqa: S311 - made-up people
    parent = key_of(make_family(rng, TODAY, seed)[0])
    child = namesake_of(rng, parent)
    match = compare(parent, child)
    assert match.level == "household"
    assert any("orang tua dan anak?" in word for word in match.agrees)
    # Also when half of it is not known.
    assert compare(replace(parent, nik="", bpjs="", phone=""), child).level != "certain"


MOTHER = PersonKey(
    "SITI AMINAH", date(1998, 5, 4), sex="female", mother_name="MARYAM", village="Sabrang",
    kk="3509010101200001",
)  # fmt: skip


@given(
    st.integers(0, 400),
    st.sampled_from(["male", "female"]),
    st.sampled_from(["male", "female"]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from(["BY. NY. SITI AMINAH", "BAYI SITI AMINAH", "SITI AMINAH", "FIKRI"]),
)
def test_newborns_are_certain_only_with_one_place_in_the_order_of_birth(
    apart: int, first_sex, second_sex, first_order: int | None, second_order: int | None, name: str
):
    one = PersonKey(
        "BY. NY. SITI AMINAH", date(2024, 2, 1), sex=first_sex, mother_name="SITI AMINAH",
        village="Sabrang", kk="3509010101200001", phone="081234567890", birth_order=first_order,
    )  # fmt: skip
    other = replace(
        one, name=name, birth_date=date(2024, 2, 1) - timedelta(days=apart), sex=second_sex,
        birth_order=second_order,
    )  # fmt: skip
    match = compare(one, other)
    same_place = first_order is not None and first_order == second_order
    if not same_place or first_sex != second_sex:
        assert match.level != "certain"
    assert compare(one, MOTHER).level == "household"


def test_the_same_baby_is_shown_whatever_it_is_called():
    baby = PersonKey("BY. NY. SITI AMINAH", date(2024, 2, 1), sex="male", mother_name="SITI AMINAH")
    assert compare(baby, baby).level == "possible"
    first = replace(baby, birth_order=1, kk="3509010101200001")
    assert compare(first, first).level == "certain"
    second = compare(first, replace(first, birth_order=2))
    assert (second.level, second.agrees[-1]) == ("household", "mungkin kembar")
    named = replace(baby, name="FIKRI MAULANA", kk="3509010101200001")
    assert compare(first, named).level == "possible"
    later = compare(first, replace(first, birth_date=date(2022, 12, 1), birth_order=None))
    assert (later.level, later.agrees[-1]) == ("household", "bayi lain dari ibu yang sama?")


def test_brother_and_sister_of_like_names_are_not_certain():
    girl = replace(HOME, name="NUR SANIMAN JALAL", birth_date=date(2023, 9, 19))
    boy = replace(HOME, name="MOH. SANIMAN JALAL", birth_date=date(2024, 9, 19), sex="male")
    assert compare(girl, boy).level != "certain"
    one = replace(girl, nik="3509015909230001")
    assert compare(one, replace(one, sex="male")).level == "certain"


@given(dates)
def test_a_quick_look_lets_every_slip_of_a_date_through(born: date):
    one = birth(born, estimated=False)
    close, slips = near_dates(born)
    assert may_be_one_birth(one, one)
    for other in close + slips:
        assert may_be_one_birth(one, birth(other, estimated=False))
        assert may_be_one_birth(birth(other, estimated=False), one)


def test_a_quick_look_at_other_dates():
    def may(first: date, second: date, *, told: bool = False) -> bool:
        return may_be_one_birth(birth(first, estimated=told), birth(second, estimated=False))

    assert not may(date(1985, 3, 12), date(1985, 8, 30))
    assert may(date(1985, 3, 12), date(1985, 8, 30), told=True)
    assert may(date(1985, 3, 12), date(1988, 1, 1))  # a day put down when nobody knew it
    assert not may(date(1985, 3, 12), date(1989, 1, 1))
    assert not may(date(1985, 3, 12), date(1989, 8, 30), told=True)
