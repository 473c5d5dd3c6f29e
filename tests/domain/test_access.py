"""Access by floating catchments: two villages by hand, and that no staff is lost or made."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.access import (
    Supply,
    Village,
    access_by_distance,
    measure_access,
    plain_reach,
    ringed_reach,
)
from simpul.domain.findings import Meaningless
from simpul.domain.geography import straight_line_km

D = Decimal


def test_two_villages_and_two_facilities_by_hand() -> None:
    # Utara reaches only A; Selatan reaches A and B. A has 2 doctors for 3,000 + 1,000 people, B has
    # 1 for 1,000: R_A = 1/2000, R_B = 1/1000.
    villages = [Village("utara", 0, 0, 3000), Village("selatan", 0, 0, 1000)]
    supplies = [Supply("A", 0, 0, D(2)), Supply("B", 0, 0, D(1))]
    km = [[D(4), D(11)], [D(9), D(2)]]
    found = access_by_distance(villages, supplies, km, plain_reach(D(10)))
    north, south = found.villages
    assert north.per(1000) == D("0.5")
    assert south.per(1000) == D("1.5")
    assert (north.facilities_in_reach, south.facilities_in_reach) == (1, 2)
    assert (south.nearest, south.nearest_km) == ("B", D(2))
    # Weighted by people it is the staff again.
    assert north.access * 3000 + south.access * 1000 == 3


def test_the_enhanced_method_lets_near_count_for_more() -> None:
    villages = [Village("dekat", 0, 0, 1000), Village("jauh", 0, 0, 1000)]
    supplies = [Supply("A", 0, 0, D(1))]
    reach = ringed_reach([(D(5), D(1)), (D(10), D("0.5"))])
    near, far = access_by_distance(villages, supplies, [[D(1)], [D(8)]], reach).villages
    # R = 1 / (1000 + 500); the near village gets all of it, the far one half.
    assert near.per(1500) == pytest.approx(D(1))
    assert far.per(3000) == pytest.approx(D(1))
    assert reach.is_enhanced


def test_the_edge_of_reach_belongs_to_it() -> None:
    villages = [Village("tepi", 0, 0, 100)]
    supplies = [Supply("A", 0, 0, D(1))]
    inside = access_by_distance(villages, supplies, [[D(10)]], plain_reach(D(10)))
    outside = access_by_distance(villages, supplies, [[D("10.001")]], plain_reach(D(10)))
    assert inside.villages[0].access == D("0.01")
    assert outside.villages[0].access == 0
    assert [one.code for one in outside.findings] == ["nobody_in_reach"]


def test_distance_is_the_line_times_the_stated_factor() -> None:
    assert straight_line_km(0, 0, 0, 1) == pytest.approx(111.195, abs=0.001)
    one = measure_access(
        [Village("v", 0, 0, 10)], [Supply("A", 0, 1, D(1))], plain_reach(D(200), D("1.5"))
    ).villages[0]
    assert float(one.nearest_km or 0) == pytest.approx(166.793, abs=0.001)


def test_the_reach_says_how_distance_was_counted() -> None:
    assert plain_reach(D(10)).says == (
        "2SFCA, jarak garis lurus × faktor jalan 1,3; ≤ 10 km bobot 1"
    )
    assert ringed_reach([(D(5), D(1)), (D(10), D("0.5"))]).says.startswith("E2SFCA")


def test_a_facility_without_staff_is_nobodys_nearest() -> None:
    found = access_by_distance(
        [Village("v", 0, 0, 10)],
        [Supply("kosong", 0, 0, D(0)), Supply("isi", 0, 0, D(1))],
        [[D(1), D(5)]],
        plain_reach(D(10)),
    )
    assert found.villages[0].nearest == "isi"
    none = access_by_distance(
        [Village("v", 0, 0, 10)], [Supply("kosong", 0, 0, D(0))], [[D(1)]], plain_reach(D(10))
    )
    assert (none.villages[0].nearest, none.villages[0].nearest_km) == ("", None)


@pytest.mark.parametrize(
    ("rings", "factor", "code"),
    [
        ([], D(1), "rings_not_rising"),
        ([(D(0), D(1))], D(1), "rings_not_rising"),
        ([(D(5), D(1)), (D(5), D(1))], D(1), "rings_not_rising"),
        ([(D(5), D(2))], D(1), "weight_out_of_range"),
        ([(D(5), D(1))], D("0.9"), "road_factor_below_one"),
    ],
)
def test_a_reach_without_meaning_is_refused(
    rings: list[tuple[Decimal, Decimal]], factor: Decimal, code: str
) -> None:
    with pytest.raises(Meaningless) as refusal:
        ringed_reach(rings, factor)
    assert refusal.value.code == code


POINT = st.tuples(st.floats(-8.5, -8.0), st.floats(113.3, 114.0))


@given(
    st.lists(st.tuples(POINT, st.integers(1, 20_000)), min_size=1, max_size=12),
    st.lists(st.tuples(POINT, st.integers(0, 20)), min_size=1, max_size=8),
    st.integers(1, 120),
)
def test_access_weighted_by_people_gives_the_staff_that_somebody_reaches(
    homes: list[tuple[tuple[float, float], int]],
    posts: list[tuple[tuple[float, float], int]],
    km: int,
) -> None:
    villages = [Village(str(at), *point, people) for at, (point, people) in enumerate(homes)]
    supplies = [Supply(str(at), *point, D(staff)) for at, (point, staff) in enumerate(posts)]
    found = measure_access(villages, supplies, plain_reach(D(km)))
    lost = {finding.where for finding in found.findings}
    reached = sum((one.staff for one in supplies if one.code not in lost), D(0))
    given_out = sum(
        (one.access * home.population for one, home in zip(found.villages, villages, strict=True)),
        D(0),
    )
    assert abs(given_out - reached) < D("1e-18")
