"""Flat geometry: point in polygon, areas, centres, catchments."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.planning.maps.geometry import (
    KM_PER_DEGREE,
    area_km2,
    bounds,
    catchments,
    contains,
    inner_point,
    signed_area,
)

SQUARE = [[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]]
HOLE = [(0.4, 0.4), (0.4, 0.6), (0.6, 0.6), (0.6, 0.4), (0.4, 0.4)]
#: A crescent, whose centre of gravity lies outside it.
CRESCENT = [
    [(0.0, 0.0), (3.0, 0.0), (3.0, 3.0), (0.0, 3.0), (0.0, 2.9), (2.9, 2.9), (2.9, 0.1), (0.0, 0.1),
     (0.0, 0.0)]
]  # fmt: skip


def test_inside_outside_and_in_a_hole() -> None:
    assert contains([SQUARE], (0.5, 0.5))
    assert not contains([SQUARE], (1.5, 0.5))
    assert not contains([[*SQUARE, HOLE]], (0.5, 0.5))
    assert contains([[*SQUARE, HOLE]], (0.1, 0.5))
    assert contains([SQUARE, [[(5, 5), (6, 5), (6, 6), (5, 5)]]], (5.8, 5.2))


def test_area_of_a_square_degree_at_the_equator() -> None:
    assert area_km2([SQUARE]) == pytest.approx(KM_PER_DEGREE**2, rel=1e-3)
    assert area_km2([[*SQUARE, HOLE]]) == pytest.approx(0.96 * KM_PER_DEGREE**2, rel=1e-3)


def test_bounds_and_turning() -> None:
    assert bounds([SQUARE]) == (0, 0, 1, 1)
    assert signed_area(SQUARE[0]) == 1
    assert signed_area(SQUARE[0][::-1]) == -1


def test_the_point_of_an_area_lies_in_it() -> None:
    assert inner_point([SQUARE]) == pytest.approx((0.5, 0.5))
    assert contains([CRESCENT], inner_point([CRESCENT]))


def test_two_points_share_the_frame_in_the_middle() -> None:
    left, right = catchments([(113.0, 0.0), (114.0, 0.0)])
    assert max(x for x, _y in left) == pytest.approx(113.5)
    assert min(x for x, _y in right) == pytest.approx(113.5)


def test_points_in_one_place_and_none_at_all() -> None:
    first, second, third = catchments([(113.0, -8.0), (113.0, -8.0), (113.2, -8.0)])
    assert first
    assert second == []
    assert third
    assert catchments([]) == []
    assert len(catchments([(113.0, -8.0)])[0]) == 5


POINTS = st.lists(
    st.tuples(
        st.integers(113_000, 114_000).map(lambda n: n / 1000),
        st.integers(-8_500, -8_000).map(lambda n: n / 1000),
    ),
    min_size=1,
    max_size=20,
    unique=True,
)


@given(POINTS, st.tuples(st.floats(113.05, 113.95), st.floats(-8.45, -8.05)))
def test_a_place_lies_in_the_catchment_of_its_nearest_point(
    points: list[tuple[float, float]], place: tuple[float, float]
) -> None:
    squeeze = math.cos(math.radians(sum(y for _x, y in points) / len(points)))

    def far(point: tuple[float, float]) -> float:
        return math.hypot((point[0] - place[0]) * squeeze, point[1] - place[1])

    ordered = sorted(points, key=far)
    if len(ordered) > 1 and far(ordered[1]) - far(ordered[0]) < 1e-6:
        return  # on a border it may be either's
    cells = catchments(points)
    for point, cell in zip(points, cells, strict=True):
        inside = bool(cell) and contains([[cell]], place)
        if inside:
            assert point == ordered[0]


@given(POINTS)
def test_catchments_fill_the_frame_without_overlapping(points: list[tuple[float, float]]) -> None:
    cells = catchments(points)
    areas = [signed_area(cell) for cell in cells]
    assert all(area > 0 for area in areas)
    everything = bounds([[cell] for cell in cells])
    frame = (everything[2] - everything[0]) * (everything[3] - everything[1])
    assert sum(areas) == pytest.approx(frame, rel=1e-6)
    for point, cell in zip(points, cells, strict=True):
        west, south, east, north = bounds([[cell]])
        assert west <= point[0] <= east
        assert south <= point[1] <= north
