"""The distribution of staff: the record staff of Kota Serang 2016, and what holds always."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.distribution import (
    Person,
    describe_staff,
    education_key,
    is_asn,
    place_key,
)
from simpul.domain.distribution_rows import read_people, read_years, years_between
from simpul.domain.spread import ordinary, spread_of

AS_OF = date(2016, 6, 30)


def serang() -> list[Person]:
    """63 people with the totals of the description; who has what together is made up."""
    return [
        Person(
            facility=f"Puskesmas {chr(65 + number % 16)}",
            education="D3 RMIK" if number < 11 else "Lainnya",
            employment="PNS" if number < 48 else "TKK",
            trained=number < 10,
            years_of_service=Fraction(10),
        )
        for number in range(63)
    ]


def test_the_percentages_of_kota_serang_by_ordinary_rounding() -> None:
    told = describe_staff(serang(), facility_count=16)
    education = {row.value: row for row in told.aspect("education").rows}
    assert education["D3 RMIK"].percent == Fraction(1100, 63)
    assert str(ordinary(education["D3 RMIK"].percent)) == "17.46"
    assert str(ordinary(education["D3 RMIK"].percent, 1)) == "17.5"  # printed 17.4: cut off
    employment = {row.value: row for row in told.aspect("employment").rows}
    assert str(ordinary(employment["PNS"].percent)) == "76.19"
    assert str(ordinary(employment["TKK"].percent)) == "23.81"
    trained = {row.value: row for row in told.aspect("trained").rows}
    assert (trained["ya"].n, trained["ya"].of) == (10, 63)
    assert str(ordinary(trained["ya"].percent)) == "15.87"


def test_the_mean_of_three_needs_21_facilities_and_with_16_it_is_3_94() -> None:
    sixteen = describe_staff(serang(), facility_count=16).per_facility
    assert sixteen is not None
    assert sixteen.mean == Fraction(63, 16)
    assert str(ordinary(sixteen.mean)) == "3.94"
    twenty_one = describe_staff(serang(), facility_count=21)
    assert twenty_one.per_facility is not None
    assert twenty_one.per_facility.mean == 3
    assert twenty_one.per_facility.minimum == 0  # what a mean of 3 hides
    assert twenty_one.unnamed_facilities == 5


def test_one_tenure_for_all_has_no_spread_and_says_so() -> None:
    tenure = describe_staff(serang()).tenure
    assert tenure.spread is not None
    assert tenure.spread.mean == 10
    assert tenure.spread.sd == 0
    assert [band.n for band in tenure.bands] == [0, 0, 63, 0, 0, 0, 0]


def test_those_not_known_are_a_row_of_their_own() -> None:
    told = describe_staff([Person("A", education="D3"), Person("A"), Person("B", trained=False)])
    education = told.aspect("education")
    assert (education.missing.n, education.missing.of, education.known) == (2, 3, 1)
    assert education.missing.is_missing
    assert sum(row.percent for row in education.rows) + education.missing.percent == 100
    assert told.tenure.spread is None
    assert told.tenure.missing.n == 3


def test_fewest_and_most_per_facility_count_places_without() -> None:
    people = [Person("A", employment="PNS"), Person("A", employment="PNS"), Person("B")]
    row = describe_staff(people).aspect("employment").rows[0]
    assert (row.facility_min, row.facility_max) == (0, 2)
    both = describe_staff([*people, Person("B", employment="PNS")]).aspect("employment").rows[0]
    assert (both.facility_min, both.facility_max) == (1, 2)


def test_a_named_facility_without_staff_counts_as_zero() -> None:
    told = describe_staff([Person("Ambulu")], facilities=["Ambulu", "Sabrang"])
    assert [(place.name, place.n) for place in told.facilities] == [("Ambulu", 1), ("Sabrang", 0)]
    assert told.per_facility is not None
    assert told.per_facility.minimum == 0


def test_spellings_of_one_thing_are_counted_together() -> None:
    people = [
        Person("Puskesmas Ambulu", education="D-III RMIK", employment="pns"),
        Person("PKM AMBULU", education="d3 rmik", employment="PNS"),
        Person("Ambulu", education="DIII  Rmik", employment="P N S"),
    ]
    told = describe_staff(people)
    assert len(told.facilities) == 1
    assert [row.n for row in told.aspect("education").rows] == [3]
    assert [row.n for row in told.aspect("employment").rows] == [3]


@pytest.mark.parametrize(
    ("one", "other"), [("S-1 Kesmas", "s1 kesmas"), ("D IV", "D4"), ("D.III Gizi", "D3 gizi")]
)
def test_degrees_are_one_however_written(one: str, other: str) -> None:
    assert education_key(one) == education_key(other)


def test_words_that_only_begin_like_a_degree_stay_themselves() -> None:
    assert education_key("Diploma") == "diploma"
    assert education_key("Sipil") == "sipil"


def test_asn_is_pns_and_pppk_and_unknown_is_not_guessed() -> None:
    assert is_asn("P3K") is True
    assert is_asn("Pegawai Negeri Sipil") is True
    assert is_asn("TKK") is False
    assert is_asn("") is None


def test_look_alike_names_are_doubted_but_numbers_are_not() -> None:
    people = [Person("Sumbersari"), Person("Sumpersari"), Person("Serang 1"), Person("Serang 2")]
    codes = [(one.code, one.where) for one in describe_staff(people).findings]
    assert ("facility_names_alike", "fasilitas Sumbersari") in codes
    assert len([code for code, _where in codes if code == "facility_names_alike"]) == 1


def test_too_small_a_number_of_facilities_is_said() -> None:
    told = describe_staff([Person("Ambulu"), Person("Sabrang")], facility_count=1)
    finding = next(one for one in told.findings if one.code == "facility_count_too_small")
    assert finding.corrected == "2"


def test_nobody_is_described_without_dividing() -> None:
    told = describe_staff([])
    assert told.people == 0
    assert told.per_facility is None
    assert told.aspect("education").missing.percent == 0


def test_place_key_of_the_bare_word_is_not_empty() -> None:
    assert place_key("Puskesmas") == "puskesmas"


def test_rows_are_read_in_indonesian() -> None:
    read = read_people(
        [
            (
                2,
                {
                    "Puskesmas": "Ambulu",
                    "Pendidikan": "D3 RMIK",
                    "Status Kepegawaian": "PNS",
                    "Riwayat pelatihan": "pernah",
                    "Masa kerja (tahun)": "10,5",
                    "Hobi": "memancing",
                },
            )
        ],
        as_of=AS_OF,
    )
    assert read.people == (
        Person("Ambulu", "D3 RMIK", "PNS", trained=True, years_of_service=Fraction(21, 2)),
    )
    assert read.ignored_columns == ("Hobi",)
    assert read.findings[0].code == "columns_ignored"


def test_started_on_becomes_tenure_up_to_the_day_asked() -> None:
    rows = [
        (2, {"facility": "A", "started_on": "2006-06-30"}),
        (3, {"facility": "A", "tmt": "2010"}),
    ]
    people = read_people(rows, as_of=AS_OF).people
    assert people[0].years_of_service == 10
    assert people[1].years_of_service == 6 + Fraction(181, 366)


@pytest.mark.parametrize(
    ("row", "where", "code"),
    [
        ({"facility": "", "education": "D3"}, "facility", "facility_missing"),
        ({"facility": "A", "trained": "mungkin"}, "trained", "trained_unreadable"),
        ({"facility": "A", "masa kerja": "lama"}, "years_of_service", "years_unreadable"),
        ({"facility": "A", "masa kerja": "-3"}, "years_of_service", "years_unreadable"),
        ({"facility": "A", "masa kerja": 120}, "years_of_service", "years_out_of_range"),
        ({"facility": "A", "masa kerja": float("nan")}, "years_of_service", "years_unreadable"),
        ({"facility": "A", "started_on": "31/2/2010"}, "started_on", "date_unreadable"),
        ({"facility": "A", "started_on": "2016-07-01"}, "started_on", "date_in_future"),
        ({"facility": "A", "education": "x" * 130}, "education", "too_long"),
    ],
)
def test_what_cannot_be_read_is_refused_by_line(
    row: dict[str, object], where: str, code: str
) -> None:
    read = read_people([(7, row)], as_of=AS_OF)
    assert read.people == ()
    assert [(one.line, one.where, one.code) for one in read.refused] == [(7, where, code)]


def test_an_empty_row_is_no_person() -> None:
    assert read_people([(2, {"facility": " ", "education": None})], as_of=AS_OF).people == ()


@pytest.mark.parametrize(
    ("text", "years"),
    [("10", 10), ("2,5 th", Fraction(5, 2)), ("3 tahun 6 bulan", Fraction(7, 2)), ("0", 0)],
)
def test_years_as_people_write_them(text: str, years: Fraction) -> None:
    assert read_years(text) == years


def test_a_leap_day_has_its_anniversary() -> None:
    assert years_between(date(2012, 2, 29), date(2013, 3, 1)) == 1
    assert 0 < years_between(date(2012, 2, 29), date(2013, 2, 28)) < 1


def test_ordinary_rounding_takes_halves_away_from_zero() -> None:
    assert str(ordinary(Fraction(1, 8))) == "0.13"
    assert str(ordinary(Fraction(-1, 8))) == "-0.13"
    assert str(ordinary(Fraction(5, 2), 0)) == "3"


def test_quartiles_as_a_spreadsheet_has_them() -> None:
    spread = spread_of([1, 2, 3, 4])
    assert spread is not None
    assert (spread.q1, spread.median, spread.q3) == (
        Fraction(7, 4),
        Fraction(5, 2),
        Fraction(13, 4),
    )
    assert str(spread.sd)[:9] == "1.2909944"
    single = spread_of([5])
    assert single is not None
    assert single.sd is None


@given(st.lists(st.integers(0, 60), min_size=1, max_size=60))
def test_spread_is_ordered_and_the_mean_lies_inside(values: list[int]) -> None:
    spread = spread_of(values)
    assert spread is not None
    assert spread.minimum <= spread.q1 <= spread.median <= spread.q3 <= spread.maximum
    assert spread.minimum <= spread.mean <= spread.maximum


PEOPLE = st.lists(
    st.builds(
        Person,
        facility=st.sampled_from(["Ambulu", "Sabrang", "Kencong"]),
        education=st.sampled_from(["", "D3", "S1", "SMA"]),
        employment=st.sampled_from(["", "PNS", "TKK", "P3K"]),
        trained=st.sampled_from([None, True, False]),
        years_of_service=st.none() | st.fractions(0, 40),
    ),
    min_size=1,
    max_size=40,
)


@given(PEOPLE)
def test_everybody_is_counted_once_in_each_aspect(people: list[Person]) -> None:
    told = describe_staff(people)
    for aspect in told.aspects:
        assert sum(row.n for row in aspect.rows) + aspect.missing.n == len(people)
        assert sum(row.percent for row in (*aspect.rows, aspect.missing)) == 100
        for row in (*aspect.rows, aspect.missing):
            assert row.facility_min <= row.facility_max <= row.n
    assert sum(band.n for band in told.tenure.bands) + told.tenure.missing.n == len(people)
    assert sum(place.n for place in told.facilities) == len(people)
