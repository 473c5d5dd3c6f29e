"""NIK, KK, BPJS, telephone and record numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain import identity
from simpul.domain.errors import DomainError

TODAY = date(2025, 2, 3)
NIK = "3509195203850001"  # the worked example of docs/methods/identity.md; nobody's number


def codes(findings):
    return [finding.code for finding in findings]


@st.composite
def people(draw):
    born = draw(st.dates(date(1930, 1, 1), TODAY))
    sex = draw(st.sampled_from(["male", "female"]))
    province = draw(st.sampled_from(sorted(identity.PROVINCES)))
    area = draw(st.integers(0, 9999))
    serial = draw(st.integers(1, 9999))
    day = born.day + (40 if sex == "female" else 0)
    number = f"{province}{area:04}{day:02}{born:%m%y}{serial:04}"
    return number, born, sex


@given(people())
def test_every_well_formed_nik_tells_its_birth_date_and_sex(person):
    number, born, sex = person
    nik = identity.parse_nik(number)
    read = identity.nik_birth_date(nik, TODAY)
    assert born in (read.value, read.other)
    assert identity.nik_sex(nik) == sex
    assert identity.check_nik(number, birth_date=born, sex=sex, today=TODAY) == []


@given(st.text(max_size=20))
def test_no_text_breaks_the_check_and_refusal_agrees_with_parsing(text):
    findings = identity.check_nik(text, today=TODAY)
    if any(finding.severity == "refuse" for finding in findings):
        with pytest.raises(DomainError):
            identity.parse_nik(text)
    else:
        assert identity.parse_nik(text).number == identity.normalise_number(text)


def test_the_worked_example():
    nik = identity.parse_nik("3509 1952 0385 0001")
    assert (nik.province, nik.regency, nik.district) == ("35", "3509", "350919")
    assert (nik.day, nik.month, nik.year_of_century, nik.sex) == (12, 3, 85, "female")
    assert identity.nik_birth_date(nik, TODAY) == identity.NikBirthDate(date(1985, 3, 12), False)


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [
        (NIK[:15], "nik_length", "NIK harus 16 angka, baru 15."),
        (NIK + "7", "nik_length", "NIK harus 16 angka, ini 17."),
        ("", "nik_length", "NIK harus 16 angka, baru 0."),
        ("35091952O3850001", "nik_not_digits", "«O»"),
        ("9909195203850001", "nik_province", "99"),
        ("3509193202850001", "nik_date", "320285"),
        ("3509197202850001", "nik_date", "720285"),
        ("3509190013850001", "nik_date", "001385"),
        ("3509193002850001", "nik_date", "300285"),
        ("3509192902850001", "nik_date", "290285"),
        ("3509195203850000", "nik_serial", "0000"),
    ],
)
def test_hard_rules_refuse(number, code, message):
    findings = identity.check_nik(number, today=TODAY)
    assert codes(findings) == [code]
    assert findings[0].severity == "refuse"
    assert message in findings[0].message


def test_a_leap_day_counts_if_one_century_has_it():
    nik = identity.parse_nik("3509192902000001")
    assert identity.nik_birth_date(nik, TODAY).value == date(2000, 2, 29)
    assert not identity.nik_birth_date(nik, TODAY).ambiguous


def test_the_century_is_open_for_the_very_young_and_very_old():
    read = identity.nik_birth_date(identity.parse_nik("3509191203200001"), TODAY)
    assert (read.value, read.ambiguous, read.other) == (
        date(2020, 3, 12),
        True,
        date(1920, 3, 12),
    )
    # A birthday later this year can only be of the century before.
    read = identity.nik_birth_date(identity.parse_nik("3509191203250001"), TODAY)
    assert (read.value, read.ambiguous) == (date(1925, 3, 12), False)


def test_a_differing_date_or_sex_warns_and_never_refuses():
    findings = identity.check_nik(NIK, birth_date=date(1999, 9, 28), sex="male", today=TODAY)
    assert codes(findings) == ["nik_birth_date_differs", "nik_sex_differs"]
    assert {finding.severity for finding in findings} == {"warn"}
    assert "12 Mar 1985" in findings[0].message


def test_the_other_century_is_no_difference():
    number = "3509191203200001"
    assert identity.check_nik(number, birth_date=date(1920, 3, 12), today=TODAY) == []


def test_there_are_38_provinces():
    assert len(identity.PROVINCES) == 38


def test_bpjs_keeps_leading_zeros_and_has_13_digits():
    assert identity.check_bpjs("0001 2345 67890") == []
    assert identity.check_bpjs("123")[0].message == "Nomor BPJS harus 13 angka, baru 3."


def test_kk_has_16_digits_and_an_unknown_province_only_warns():
    assert identity.check_kk("3509190101200001") == []
    assert codes(identity.check_kk("350919")) == ["kk_number_length"]
    assert identity.check_kk("9909190101200001")[0].severity == "warn"


@pytest.mark.parametrize(
    "typed",
    ["081234567890", "0812-3456-7890", "+62 812 3456 7890", "6281234567890", "+6281234567890",
     "81234567890", "+62 (0)812 3456 7890"],
)  # fmt: skip
def test_one_form_of_a_telephone_number(typed):
    assert identity.normalise_phone(typed) == "+6281234567890"


def test_other_telephone_numbers():
    assert identity.normalise_phone("(0331) 123456") == "+62331123456"
    assert identity.normalise_phone("+60 12-345 6789") == "+60123456789"
    assert identity.format_phone("+6281234567890") == "0812-3456-7890"
    assert identity.format_phone("+60123456789") == "+60123456789"


@pytest.mark.parametrize("typed", ["", "0812", "abc", "12345678", "08123456789012345"])
def test_what_cannot_be_called_is_refused(typed):
    assert codes(identity.check_phone(typed)) == ["phone_format"]


@given(st.integers(10**8, 10**11).map(lambda tail: f"08{tail}"))
def test_normalising_a_telephone_twice_changes_nothing(typed):
    once = identity.normalise_phone(typed)
    assert identity.normalise_phone(once) == once
    assert identity.normalise_phone(identity.format_phone(once)) == once


def test_passports():
    assert identity.check_passport("c 1234567") == []
    assert codes(identity.check_passport("ABCDEFG")) == ["passport_format"]


def test_record_numbers():
    assert identity.format_mrn(4512) == "004512"
    assert identity.format_mrn(1234567) == "1234567"
    assert identity.group_mrn("004512") == "00-45-12"
    assert identity.group_mrn("1234567") == "01-23-45-67"
    with pytest.raises(DomainError):
        identity.format_mrn(0)
