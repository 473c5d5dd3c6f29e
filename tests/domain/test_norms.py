"""The shipped norms: the printed sums of their tables, their validity, what they do not cover."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.findings import Meaningless
from simpul.domain.gap_seats import Wanted, count_posts
from simpul.domain.norms import CATEGORIES, Establishment, establishment, find_category
from simpul.domain.norms_shipped import DSP_2004, PERMENKES_75_2014, SHIPPED, SKM, find_shipped
from simpul.domain.professions import PROFESSIONS, find_profession, plain, profession_name


def whole(table: Establishment) -> dict[str, int]:
    """Everything asked with one Pustu and one village, either/or posts on the first named."""
    sums = dict(table.fixed)
    for more in (table.per_pustu, table.per_village):
        for code, count in more.items():
            sums[code] = sums.get(code, 0) + count
    for seat in table.seats:
        code = seat.professions[0]
        sums[code] = sums.get(code, 0) + seat.count
    return sums


def test_dsp_is_table_three_of_the_study() -> None:
    assert whole(establishment(DSP_2004, "perkotaan", False)) == {
        "dokter": 3, "kesmas": 1, "dokter_gigi": 1, "perawat": 12, "bidan": 4, "gizi": 1,
        "atlm": 1, "farmasi": 1, "kesling": 2,
    }  # fmt: skip
    rural = whole(establishment(DSP_2004, "pedesaan", True))
    assert rural == {
        "dokter": 2, "kesmas": 1, "dokter_gigi": 1, "perawat": 7, "bidan": 4, "gizi": 1,
        "atlm": 1, "farmasi": 1, "kesling": 2,
    }  # fmt: skip
    assert sum(rural.values()) == 20


@pytest.mark.parametrize(
    ("category", "inpatient", "total"),
    [
        ("perkotaan", False, 22),
        ("perkotaan", True, 31),
        ("pedesaan", False, 19),
        ("pedesaan", True, 27),
        ("terpencil", True, 27),
        ("sangat_terpencil", False, 19),
    ],
)
def test_permenkes_75_has_its_printed_sums(category: str, inpatient: bool, total: int) -> None:
    assert sum(whole(establishment(PERMENKES_75_2014, category, inpatient)).values()) == total


def test_skm_is_the_same_everywhere() -> None:
    for category in (None, *SKM.categories):
        assert list(whole(establishment(SKM, category, False)).values()) == [
            1, 1, 5, 4, 1, 1, 1, 1, 1,
        ]  # fmt: skip
        assert list(whole(establishment(SKM, category, True)).values()) == [
            2, 1, 8, 7, 1, 1, 2, 1, 1,
        ]  # fmt: skip


def test_what_was_not_found_is_not_made_up() -> None:
    assert DSP_2004.categories == ("perkotaan", "pedesaan")
    with pytest.raises(Meaningless) as refused:
        establishment(DSP_2004, "terpencil", False)
    assert refused.value.code == "category_without_table"
    assert "dsp-2004" in refused.value.message


def test_norms_say_where_they_stand_and_whether_it_was_seen() -> None:
    assert list(SHIPPED) == ["dsp-2004", "permenkes-75-2014", "skm"]
    for norm in SHIPPED.values():
        assert norm.source
        assert set(norm.professions) <= set(PROFESSIONS)
    assert [norm.verified for norm in SHIPPED.values()] == [False, True, False]


def test_validity() -> None:
    assert DSP_2004.in_force(date(2013, 6, 30))
    assert not DSP_2004.in_force(date(2003, 12, 31))
    assert not PERMENKES_75_2014.in_force(date(2020, 1, 1))
    assert SKM.in_force(date(2100, 1, 1))


def test_names_of_norms_and_categories_as_people_write_them() -> None:
    assert find_shipped("DSP 2004") is DSP_2004
    assert find_shipped("dsp-2005") is None
    assert find_category("Perdesaan") == "pedesaan"
    assert find_category("SANGAT  terpencil") == "sangat_terpencil"
    assert find_category("very remote") == "sangat_terpencil"
    assert find_category("di mana saja") is None
    for code, label in CATEGORIES.items():
        assert find_category(code) == find_category(label) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Dr", "dokter"), ("drg.", "dokter_gigi"), ("SKM", "kesmas"), ("Promkes", "kesmas"),
        ("Akademi Gizi", "gizi"), ("Analisis Lab", "atlm"), ("As.Apt", "farmasi"),
        ("Sanitarian", "kesling"), ("Jumlah Bidan", "bidan"), ("dental therapist", "terapis_gigi"),
        ("Perekam Medis", "perekam_medis"), ("Number of nurses", "perawat"),
    ],
)  # fmt: skip
def test_professions_as_tables_write_them(written: str, code: str) -> None:
    assert find_profession(written) == code


@given(st.sampled_from(list(PROFESSIONS.values())), st.booleans())
def test_every_spelling_is_found_again(profession, shout) -> None:  # type: ignore[no-untyped-def]
    for spelling in (profession.name, profession.english, profession.short, *profession.synonyms):
        written = spelling.upper() if shout else f" {spelling}. "
        assert find_profession(written) == profession.code


def test_an_unknown_spelling_is_never_guessed() -> None:
    assert find_profession("dukun") is None
    assert find_profession("") is None
    assert plain("  Dr.  Gigi ") == "dr gigi"
    assert profession_name("apa_saja") == "apa_saja"
    assert profession_name("bidan", english=True) == "Midwife"


posts = st.lists(
    st.builds(
        Wanted,
        st.lists(st.sampled_from("abcd"), min_size=1, max_size=3, unique=True).map(tuple),
        st.integers(0, 3),
    ),
    max_size=4,
)
spare = st.fixed_dictionaries({code: st.integers(0, 4) for code in "abcd"})


def fewest_left(wanted: list[Wanted], free: dict[str, int]) -> int:
    """The fewest posts that must stay empty, by trying everything."""
    seats = [post.professions for post in wanted for _ in range(post.number)]

    def least(number: int, left: tuple[tuple[str, int], ...]) -> int:
        if number == len(seats):
            return 0
        now = dict(left)
        best = 1 + least(number + 1, left)
        for code in seats[number]:
            if now[code]:
                with_one = tuple((c, n - (c == code)) for c, n in left)
                best = min(best, least(number + 1, with_one))
        return best

    return least(0, tuple(free.items())) if len(seats) <= 6 else -1


@given(posts, spare)
def test_posts_are_all_counted_and_as_few_as_can_be_stay_empty(
    wanted: list[Wanted], free: dict[str, int]
) -> None:
    counted = count_posts(wanted, free)
    used: dict[str, int] = {}
    for each in counted:
        assert each.profession in each.wanted.professions
        assert each.number > 0
        used[each.profession] = used.get(each.profession, 0) + each.number
    assert sum(used.values()) == sum(post.number for post in wanted)
    empty = sum(max(0, number - free[code]) for code, number in used.items())
    least = fewest_left(wanted, free)
    assert least in (-1, empty)
