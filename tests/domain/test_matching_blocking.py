"""Whom a record is compared with: one person's records share a key despite what went wrong."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.matching import PersonKey
from simpul.domain.matching_blocking import (
    ALL_YEARS,
    asked_keys,
    near_dates,
    one_slip_from,
    stored_keys,
)
from simpul.domain.names import deletion_variants, name_keys

SITI = PersonKey("SITI AMINAH", date(1985, 3, 12), mother_name="MARYAM", village="Sabrang")


def meet(stored: PersonKey, typed: PersonKey) -> bool:
    """Whether the one who types finds the stored record, with the words of the index at hand."""
    words = name_keys(stored.name)
    near = [
        [w for w in words if w != key and set(deletion_variants(w)) & set(deletion_variants(key))]
        for key in name_keys(typed.name)
    ]
    asked = {key for tier in asked_keys(typed, near) for key in tier.keys}
    return bool(asked & set(stored_keys(stored)))


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("SUTRISNO", "SOETRISNO"),  # old spelling
        ("WAHYUDI", "WAHJOEDI"),
        ("CHANDRA", "TJANDRA"),
        ("JAYADI", "DJAJADI"),
        ("MUHAMMAD ALI", "MOH. ALI"),
        ("MUH. ALI", "M. ALI"),
        ("SITI AMINAH", "HJ. SITI AMINAH, S.PD"),  # titles
        ("AMINAH", "BY. NY. AMINAH"),
        ("KHOIRUL ANAM", "CHOIRUL ANAM"),  # Arabic
        ("FATIMAH", "PATIMAH"),
        ("ABDURRAHMAN", "ABDUL ROHMAN"),
        ("HOTIJAH", "KHADIJAH"),  # Madurese
        ("LIM SIOE LAN", "LIEM SIU LAN"),  # Chinese
        ("ROTUA BORU HUTABARAT", "ROTUA BR HUTABARAT"),  # Batak
        ("NUR HAYATI", "NURHAYATI"),  # spaces
        ("NURHAYATI", "NUR HAYATI"),
        ("SUMIATI", "SUMAITI"),  # letters swapped, wrong, dropped
        ("SUMIATI", "SUNIATI"),
        ("SUMIATI", "SUMATI"),
        ("SITI AMINAH", "AMINAH SITI"),
        ("SITI NUR AMINAH", "SITI AMINAH"),
        ("SITI AMINAH", "SITI A."),
    ],
)
def test_a_name_written_another_way_still_meets(stored: str, typed: str):
    one = PersonKey(stored, date(1985, 3, 12), village="Sabrang")
    assert meet(one, PersonKey(typed, date(1985, 3, 12)))
    # With no date but a year, the village says where to look.
    told = PersonKey(typed, date(1986, 7, 1), birth_date_estimated=True, village="SABRANG")
    assert meet(one, told)


@pytest.mark.parametrize(
    "born",
    [date(1985, 12, 3), date(1986, 3, 12), date(1984, 3, 12), date(1985, 3, 21), date(1958, 3, 12),
     date(1985, 3, 13), date(1983, 3, 12)],
)  # fmt: skip
def test_a_date_with_a_slip_still_meets(born: date):
    assert meet(replace(SITI, village=""), PersonKey("SITI AMINAH", born))


@pytest.mark.parametrize("off", [-3, -2, -1, 0, 1, 2, 3])
def test_a_year_or_an_age_that_is_told_still_meets(off: int):
    told = PersonKey("AMINAH", date(1985 + off, 7, 1), birth_date_estimated=True, village="Sabrang")
    assert meet(SITI, told)
    assert meet(replace(SITI, village=""), replace(told, name="SITI AMINAH", village=""))


def test_without_any_date_the_whole_name_still_meets():
    assert meet(SITI, PersonKey("AMINAH SITI"))
    assert not meet(SITI, PersonKey("AMINAH"))


def test_a_baby_named_later_is_found_by_the_mother():
    baby = PersonKey("BY. NY. MARYAM", date(2025, 2, 1), mother_name="MARYAM")
    named = PersonKey("FIKRI", date(2025, 2, 1), mother_name="MARYAM")
    assert meet(baby, named)
    assert meet(named, baby)
    assert meet(replace(baby, mother_name=""), named)


def test_strangers_do_not_meet_by_chance():
    assert not meet(SITI, PersonKey("BUDI SANTOSO", date(1985, 3, 12), village="Sabrang"))
    assert not meet(SITI, PersonKey("SITI FATIMAH", date(1960, 8, 1), village="Ambulu"))


def test_numbers_one_slip_away_are_all_there_is():
    number = "3509195203850001"
    forms = one_slip_from(number)
    assert forms[0] == number
    assert "3509195203850007" in forms  # a wrong digit
    assert "3509195203580001" in forms  # two neighbours swapped
    assert len(forms) == len(set(forms)) <= 1 + 16 * 9 + 15


@given(st.dates(date(1905, 1, 1), date(2045, 12, 31)))
def test_dates_people_mix_up_are_mixed_up_both_ways(born: date):
    close, slips = near_dates(born)
    assert born not in close + slips
    assert len(set(close + slips)) == len(close + slips)
    for other in close + slips:
        back, back_slips = near_dates(other)
        assert born in back + back_slips
        assert other.year in ALL_YEARS


@given(st.text(max_size=30), st.dates(date(1905, 1, 1), date(2045, 12, 31)))
def test_whoever_is_typed_as_stored_is_found(name: str, born: date):
    person = PersonKey(name, born)
    keys = stored_keys(person)
    assert len(keys) == len(set(keys)) <= 40
    if keys:
        assert meet(person, person)
    assert all(-(2**63) <= key < 2**63 for key in keys)
