"""Staff against the norm: the Jember study whole, and what must hold for any figures."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.findings import Meaningless
from simpul.domain.gap import FacilityStaff, Sums, facility_gap, gap_study
from simpul.domain.gap_measures import filled_band, fulfilment, vacancy
from simpul.domain.norms import NormSet, Post
from simpul.domain.norms_shipped import DSP_2004, PERMENKES_75_2014, SKM
from simpul.domain.professions import NINE_KINDS
from tests.domain.jember import PROFESSIONS, STUDY, facilities

RURAL_75 = {"dokter": 1, "dokter_gigi": 1, "perawat": 5, "bidan": 4, "kesmas": 1, "kesling": 1}


@pytest.mark.parametrize("name", STUDY)
def test_every_facility_of_the_study(name: str) -> None:
    _category, people, difference, net, short, filled = STUDY[name]
    found = next(
        each for each in gap_study(facilities(), DSP_2004).facilities if each.facility.name == name
    )
    gaps = {gap.profession: gap for gap in found.gaps}

    assert [gaps[code].have for code in PROFESSIONS] == list(people)
    assert [(gaps[code].surplus or 0) - (gaps[code].shortage or 0) for code in PROFESSIONS] == list(
        difference
    )
    assert (found.sums.net, found.sums.shortage) == (net, short)
    assert found.sums.filled is not None
    assert round(100 * found.sums.filled) == filled
    assert found.complete is False
    assert found.findings == ()


def test_the_study_as_a_whole() -> None:
    study = gap_study(facilities(), DSP_2004)

    assert study.sums == Sums(have=347, standard=264, shortage=79, surplus=162)
    assert study.sums.net == 83
    assert {code: sums.shortage for code, sums in study.professions.items()} == {
        "dokter": 12, "kesmas": 11, "dokter_gigi": 5, "perawat": 3, "bidan": 0, "gizi": 9,
        "atlm": 12, "farmasi": 7, "kesling": 20,
    }  # fmt: skip
    assert {code: sums.surplus for code, sums in study.professions.items() if sums.surplus} == {
        "bidan": 100, "perawat": 58, "dokter": 2, "dokter_gigi": 1, "farmasi": 1,
    }  # fmt: skip
    assert study.sums.filled == Fraction(264 - 79, 264)
    assert study.refused == ()


def test_the_one_ideal_of_the_study_is_seven_professions_short() -> None:
    """Table V calls Tembokrejo ideal at net 0, and Ambulu farthest from ideal at +33."""
    found = {each.facility.name: each for each in gap_study(facilities(), DSP_2004).facilities}

    assert (found["Tembokrejo"].sums.net, found["Tembokrejo"].short_professions) == (0, 7)
    best = sorted(found, key=lambda name: -(found[name].sums.filled or 0))[:3]
    assert "Ambulu" in best
    fewest = min(each.sums.shortage for each in found.values())
    assert found["Ambulu"].sums.shortage == fewest


def test_real_numbers_of_pustu_and_villages_raise_the_standard() -> None:
    one = FacilityStaff("Sabrang", "pedesaan", {"bidan": 12, "perawat": 13}, pustu=3, villages=7)
    gaps = {gap.profession: gap for gap in facility_gap(one, DSP_2004).gaps}

    assert (gaps["bidan"].standard, gaps["bidan"].surplus) == (3 + 7, 2)
    assert gaps["perawat"].standard == 6 + 3


def test_unknown_multipliers_count_once_and_are_told() -> None:
    one = FacilityStaff("Sabrang", "pedesaan", {"bidan": 12})
    found = facility_gap(one, DSP_2004)

    assert {gap.profession: gap.standard for gap in found.gaps}["bidan"] == 4
    assert [f.code for f in found.findings if f.code == "multiplier_assumed"] == [
        "multiplier_assumed"
    ] * 2
    none = facility_gap(
        FacilityStaff("Sabrang", "pedesaan", {"bidan": 12}, pustu=0, villages=0), DSP_2004
    )
    assert {gap.profession: gap.standard for gap in none.gaps}["bidan"] == 3


def test_the_head_is_counted_on_whoever_has_people_to_spare() -> None:
    two_skm = FacilityStaff("Contoh", "perkotaan", {"dokter": 2, "kesmas": 2}, pustu=1, villages=1)
    found = facility_gap(two_skm, DSP_2004)
    gaps = {gap.profession: gap for gap in found.gaps}

    assert (gaps["dokter"].standard, gaps["dokter"].shortage) == (2, 0)
    assert (gaps["kesmas"].standard, gaps["kesmas"].surplus) == (2, 0)
    assert "either_or_used" in [finding.code for finding in found.findings]


def test_either_or_posts_leave_as_few_empty_as_can_be() -> None:
    """Whoever takes first what comes first would leave the second post empty."""
    norm = NormSet(
        "uji", "Uji", "Uji", (Post(("dokter", "kesmas"), 1), Post(("dokter", "gizi"), 1))
    )
    one = FacilityStaff("Contoh", None, {"dokter": 1, "kesmas": 1, "gizi": 0})
    reverse = NormSet("uji", "Uji", "Uji", norm.posts[::-1])

    assert facility_gap(one, norm).sums.shortage == 0
    assert facility_gap(one, reverse).sums.shortage == 0


def test_blank_is_not_zero() -> None:
    blank = FacilityStaff("Contoh", "pedesaan", {**RURAL_75, "gizi": None}, inpatient=False)
    zero = FacilityStaff("Contoh", "pedesaan", {**RURAL_75, "gizi": 0}, inpatient=False)

    assert "gizi" in facility_gap(blank, PERMENKES_75_2014).not_stated
    assert facility_gap(blank, PERMENKES_75_2014).complete is None
    assert facility_gap(zero, PERMENKES_75_2014).sums.shortage == 1
    codes = [finding.code for finding in facility_gap(blank, PERMENKES_75_2014).findings]
    assert "profession_not_stated" in codes


def test_a_profession_without_a_column_is_told_once_for_all() -> None:
    many = [
        FacilityStaff(f"P{number}", "pedesaan", dict(RURAL_75), inpatient=False)
        for number in range(3)
    ]
    study = gap_study(many, PERMENKES_75_2014)

    missing = [f.where for f in study.findings if f.code == "profession_without_figures"]
    assert sorted(missing) == ["admin", "atlm", "farmasi", "gizi", "pekarya"]
    assert not any(each.findings for each in study.facilities)


def test_a_profession_the_norm_does_not_name_is_neither_short_nor_over() -> None:
    one = FacilityStaff("Contoh", None, {"dokter": 1, "perekam_medis": 4}, inpatient=False)
    found = facility_gap(one, SKM)
    recorder = next(gap for gap in found.gaps if gap.profession == "perekam_medis")

    assert (recorder.have, recorder.standard, recorder.surplus) == (4, None, None)
    assert found.sums.have == 1


@pytest.mark.parametrize("category", ["terpencil", "sangat_terpencil", "kepulauan", None])
def test_a_category_without_a_table_is_refused_and_the_others_go_on(category: str | None) -> None:
    odd = FacilityStaff("Jauh", category, {"dokter": 1}, where="baris 9")
    study = gap_study([*facilities(), odd], DSP_2004)

    assert len(study.facilities) == 12
    assert [(each.name, each.where) for each in study.refused] == [("Jauh", "baris 9")]
    with pytest.raises(Meaningless):
        facility_gap(odd, DSP_2004)


def test_the_upper_end_of_a_printed_range_is_told() -> None:
    one = FacilityStaff("Contoh", "tidak_terpencil", dict.fromkeys(NINE_KINDS, 1))
    found = facility_gap(one, SKM)
    told = next(finding for finding in found.findings if finding.code == "norm_range")

    assert {gap.profession: gap.standard for gap in found.gaps}["kesmas"] == 1
    assert "1 atau 2" in told.message
    assert "1 bila dihitung 2" in told.corrected


def test_two_counts_of_staff() -> None:
    one = FacilityStaff(
        "Contoh", None, {"dokter": 2, "perawat": 6}, {"dokter": 0, "perawat": 3}, inpatient=False
    )
    everybody = gap_study([one], SKM).facilities[0]
    civil = gap_study([one], SKM, count="asn").facilities[0]

    assert (everybody.sums.shortage, civil.sums.shortage) == (0, 3)


def test_the_two_official_measures_are_not_the_same() -> None:
    """Nobody empty, and yet not fulfilled: one doctor on contract fills no ASN post."""
    enough = dict.fromkeys(NINE_KINDS, 9)
    one = FacilityStaff("A", None, enough, {**enough, "dokter": 0}, inpatient=True)
    two = FacilityStaff("B", None, {**enough, "gizi": 0}, enough, inpatient=True)
    three = FacilityStaff("C", None, {**enough, "gizi": None}, None)

    empty = vacancy([one, two, three])
    assert (empty.facilities, empty.complete, empty.not_stated) == (2, 1, 1)
    assert (empty.total, empty.empty["gizi"]) == (1, 1)
    assert empty.share_complete == Fraction(1, 2)
    filled = fulfilment([one, two, three], SKM)
    assert filled is not None
    assert (filled.facilities, filled.complete, filled.shortage) == (2, 1, 2)
    assert fulfilment([three], SKM) is None


@pytest.mark.parametrize(
    ("filled", "band"),
    [(1, "full"), (0.999, "high"), (0.8001, "high"), (0.8, "middle"), (0.5, "low"), (0, "low")],
)
def test_bands_have_no_holes(filled: float, band: str) -> None:
    assert filled_band(Fraction(str(filled))) == band


people = st.dictionaries(st.sampled_from(PROFESSIONS), st.none() | st.integers(0, 60))
anyone = st.builds(
    FacilityStaff,
    name=st.text(max_size=5),
    category=st.sampled_from(["perkotaan", "pedesaan"]),
    have=people,
    inpatient=st.none() | st.booleans(),
    pustu=st.none() | st.integers(0, 9),
    villages=st.none() | st.integers(0, 20),
)
norms = st.sampled_from([DSP_2004, PERMENKES_75_2014, SKM])


@given(st.lists(anyone, max_size=12), norms)
def test_shortage_less_surplus_is_minus_the_net(many: list[FacilityStaff], norm: NormSet) -> None:
    study = gap_study(many, norm)
    for sums in [*(each.sums for each in study.facilities), study.sums]:
        assert sums.shortage - sums.surplus == -sums.net == sums.standard - sums.have
        assert min(sums) >= 0
        assert sums.shortage <= sums.standard
    rows = [gap for each in study.facilities for gap in each.gaps if gap.shortage is not None]
    assert study.sums.shortage == sum(gap.shortage or 0 for gap in rows)
    assert study.sums.surplus == sum(gap.surplus or 0 for gap in rows)
    assert all(not (gap.shortage and gap.surplus) for gap in rows)


@given(st.lists(anyone, min_size=1, max_size=10), norms, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(many, norm, draw) -> None:  # type: ignore[no-untyped-def]
    mixed = list(many)
    draw.shuffle(mixed)
    one, two = gap_study(many, norm), gap_study(mixed, norm)

    assert one.sums == two.sums
    assert one.professions == two.professions
    assert one.findings == two.findings
    assert sorted(map(repr, one.facilities)) == sorted(map(repr, two.facilities))


@given(anyone, norms, st.sampled_from(PROFESSIONS))
def test_one_more_person_never_makes_a_facility_shorter(
    one: FacilityStaff, norm: NormSet, code: str
) -> None:
    before = facility_gap(one, norm)
    have = one.have.get(code)
    if have is None:
        return
    more = FacilityStaff(
        one.name, one.category, {**one.have, code: have + 1}, None, one.inpatient, one.pustu,
        one.villages,
    )  # fmt: skip
    after = facility_gap(more, norm)
    assert after.sums.shortage <= before.sums.shortage
    assert after.sums.net == before.sums.net + (code in norm.professions)
