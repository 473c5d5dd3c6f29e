"""Record numbers: written and read alike, never two alike, and recognised where they are typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.errors import DomainError
from simpul.domain.identity import group_mrn
from simpul.domain.record_numbers import (
    SHELF_COLOURS,
    FamilyScheme,
    PersonalScheme,
    canonical,
    terminal_digits,
    written_forms,
)
from simpul.domain.search import read_query

TODAY = date(2026, 2, 3)

prefixes = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", max_size=6)
personal = st.builds(PersonalScheme, prefix=prefixes, width=st.integers(3, 12))
family = st.builds(
    FamilyScheme,
    area_width=st.integers(1, 4),
    width=st.integers(2, 7),
    member_width=st.integers(1, 3),
    separator=st.sampled_from(["", "-", ".", "/"]),
    prefix=prefixes,
    first_member=st.integers(0, 1),
    by_order=st.booleans(),
)


class TestPersonal:
    @given(personal, st.integers(1, 10**13))
    def test_what_is_written_is_read_as_the_same_number(self, scheme, number):
        assert scheme.parse(scheme.format(number)) == number

    @given(personal, st.integers(1, 10**13), st.integers(1, 10**13))
    def test_two_numbers_are_never_written_alike(self, scheme, one, other):
        assert (scheme.format(one) == scheme.format(other)) == (one == other)

    @given(personal, st.integers(1, 10**11))
    def test_what_stands_on_the_card_finds_the_number(self, scheme, number):
        stored = scheme.format(number)
        assert stored in written_forms(group_mrn(stored), [scheme])
        assert stored in written_forms(group_mrn(stored).lower().replace("-", " "), [scheme])

    @given(personal, personal, st.integers(1, 10**11))
    def test_a_number_of_an_older_scheme_is_still_found_by_its_digits(self, old, new, number):
        assert {old.format(number), new.format(number)} <= written_forms(str(number), [new, old])

    def test_only_its_own_writing_is_read(self):
        scheme = PersonalScheme("AMB", 6)
        assert scheme.parse("amb-00-45-12") == 4512
        assert scheme.parse("AMB4512") is None
        assert scheme.read("AMB4512") == 4512
        assert scheme.parse("004512") is None
        assert scheme.parse("AMB000000") is None

    def test_a_number_wider_than_the_scheme_goes_on(self):
        scheme = PersonalScheme("", 3)
        assert scheme.format(1000) == "1000"
        assert scheme.parse("1000") == 1000

    @pytest.mark.parametrize(
        ("scheme", "where"),
        [
            (PersonalScheme("", 13), "width"),
            (PersonalScheme("AB-", 6), "prefix"),
            (PersonalScheme("TOOLONG", 6), "prefix"),
            (PersonalScheme("amb", 6), "prefix"),
            (PersonalScheme("", 2), "width"),
            (PersonalScheme("1234", 12), "width"),  # sixteen digits would read as a NIK
            (PersonalScheme("1", 12), "width"),  # thirteen as a BPJS card
        ],
    )
    def test_settings_that_cannot_work_are_named(self, scheme, where):
        assert where in {finding.where for finding in scheme.findings()}

    def test_letters_make_a_long_number_plain(self):
        assert PersonalScheme("AMB", 10).findings() == []


class TestFamily:
    @given(family, st.data())
    def test_what_is_written_is_read_as_the_same_family_and_member(self, scheme, data):
        area = data.draw(
            st.text(alphabet="0123456789", min_size=scheme.area_width, max_size=scheme.area_width)
        )
        number = data.draw(st.integers(1, 10**scheme.width - 1))
        member = data.draw(st.integers(0, 10**scheme.member_width - 1))
        stored = scheme.format(area, number, member)

        assert scheme.parse(stored) == (area, number, member)
        assert scheme.parse(scheme.show(stored)) == (area, number, member)
        assert canonical(scheme.show(stored)) == stored

    @given(family, st.integers(1, 99), st.integers(0, 9), st.integers(1, 99), st.integers(0, 9))
    def test_two_members_are_never_written_alike(self, scheme, f1, m1, f2, m2):
        area = "7" * scheme.area_width
        alike = scheme.format(area, f1, m1) == scheme.format(area, f2, m2)
        assert alike == ((f1, m1) == (f2, m2))

    def test_the_form_of_the_field(self):
        scheme = FamilyScheme()
        assert scheme.show(scheme.format("01", 231, 2)) == "01-00231-02"

    def test_head_and_spouse_have_their_own_number_while_it_is_free(self):
        scheme = FamilyScheme(first_member=0)
        assert scheme.member_for("head", [], 2) == 0
        assert scheme.member_for("spouse", [0], 2) == 1
        assert scheme.member_for("head", [0, 1], 5) == 5
        assert scheme.member_for("other", [], 2) == 2 == scheme.first_other

    def test_by_order_everybody_takes_the_next(self):
        scheme = FamilyScheme(by_order=True, first_member=1)
        assert scheme.first_other == 1
        assert scheme.member_for("head", [], 4) == 4

    @pytest.mark.parametrize(
        ("area", "number", "member"),
        [("1", 1, 0), ("01", 0, 0), ("01", 100_000, 0), ("01", 1, 100)],
    )
    def test_what_does_not_fit_is_refused(self, area, number, member):
        with pytest.raises(DomainError):
            FamilyScheme().format(area, number, member)

    def test_a_length_that_reads_as_a_nik_is_refused(self):
        scheme = FamilyScheme(area_width=4, width=7, member_width=2, prefix="123")
        assert "width" in {finding.where for finding in scheme.findings()}


class TestShelf:
    def test_the_last_digits_come_first(self):
        place = terminal_digits("022625")
        assert (place.primary, place.secondary, place.tertiary) == ("25", "26", "02")

    def test_letters_and_short_numbers_have_a_shelf_too(self):
        assert terminal_digits("AMB12").primary == "12"
        assert terminal_digits("AMB12").tertiary == "00"

    @given(st.integers(1, 10**9))
    def test_the_colour_follows_the_last_digit(self, number):
        assert terminal_digits(str(number)).colour == SHELF_COLOURS[number % 10]


class TestSearchBox:
    CARD = "012345678901234567890123456789012345678"

    def test_a_card_is_known_by_its_length(self):
        query = read_query(f"RM:{self.CARD}", TODAY)
        assert (query.kind, query.number, query.scanned) == ("card", self.CARD, True)

    def test_an_older_card_holds_the_record_number(self):
        assert read_query("RM:004512", TODAY).kind == "mrn"
        assert read_query("RM:AMB004512", TODAY).kind == "mrn"

    @pytest.mark.parametrize("typed", ["AMB004512", "amb-00-45-12", "A12/2019", "RSJ.0012"])
    def test_a_number_with_a_prefix_is_a_record_number_before_a_name(self, typed):
        query = read_query(typed, TODAY)
        assert query.kind == "mrn"
        assert [other.kind for other in query.also] == ["name"]

    def test_a_prefix_apart_is_looked_for_beside_the_name(self):
        query = read_query("AMB 004512", TODAY)
        assert query.kind == "name"
        assert [other.kind for other in query.also] == ["mrn"]

    @pytest.mark.parametrize("typed", ["siti 120385", "siti 12/3", "siti", "siti 1985"])
    def test_a_name_with_a_date_stays_one(self, typed):
        assert read_query(typed, TODAY).kind.startswith("name")

    @pytest.mark.parametrize("typed", ["01-00231-02", "010023102", "0812345678"])
    def test_a_family_number_is_one_of_the_readings(self, typed):
        query = read_query(typed, TODAY)
        assert "mrn" in {query.kind, *(other.kind for other in query.also)}

    @given(st.text(alphabet="0123456789", min_size=16, max_size=16))
    def test_sixteen_digits_stay_a_nik(self, digits):
        query = read_query(digits, TODAY)
        assert query.kind == "nik"
        assert "mrn" not in {other.kind for other in query.also}

    @given(st.text(alphabet="0123456789", min_size=13, max_size=13))
    def test_thirteen_digits_stay_a_bpjs_card(self, digits):
        query = read_query(digits, TODAY)
        assert "bpjs" in {query.kind, *(other.kind for other in query.also)}
        assert "mrn" not in {query.kind, *(other.kind for other in query.also)}
