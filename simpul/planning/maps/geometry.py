"""Flat geometry for a district: point in polygon, catchments (Voronoi cells), centres, areas.

Plain Python, no library. A district is small enough to be flat: longitudes are shrunk by the cosine
of the mean latitude, and everything is then counted in degrees of latitude. Catchments are drawn
only where no outlines are there; they are the places nearest to each point, not borders.
"""

import math
from collections.abc import Sequence

Point = tuple[float, float]  # (longitude, latitude), as in GeoJSON
Ring = Sequence[Point]
Polygon = Sequence[Ring]  # the outer ring, then its holes
Shape = Sequence[Polygon]

KM_PER_DEGREE = 111.195
_SAME_PLACE = 1e-9
_MARGIN = 0.15


def contains(shape: Shape, point: Point) -> bool:
    """Is the point inside the shape (not in a hole of it)?  A point on the edge may be either."""
    return any(
        bool(polygon)
        and _inside(polygon[0], point)
        and not any(_inside(hole, point) for hole in polygon[1:])
        for polygon in shape
    )


def _inside(ring: Ring, point: Point) -> bool:
    x, y = point
    inside = False
    before = ring[-1]
    for after in ring:
        if (after[1] > y) != (before[1] > y):
            cut = (before[0] - after[0]) * (y - after[1]) / (before[1] - after[1]) + after[0]
            inside ^= x < cut
        before = after
    return inside


def bounds(shape: Shape) -> tuple[float, float, float, float]:
    """West, south, east, north of the outer rings."""
    points = [point for polygon in shape for point in polygon[0]]
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def signed_area(ring: Ring) -> float:
    """Area in square degrees, positive where the ring runs against the clock."""
    total = 0.0
    before = ring[-1]
    for after in ring:
        total += before[0] * after[1] - after[0] * before[1]
        before = after
    return total / 2


def area_km2(shape: Shape) -> float:
    """Area on the flat district; good to a few parts in a thousand for a kabupaten."""
    total = 0.0
    for polygon in shape:
        _west, south, _east, north = bounds([polygon])
        per_square = KM_PER_DEGREE**2 * math.cos(math.radians((south + north) / 2))
        outer, *holes = (abs(signed_area(ring)) for ring in polygon)
        total += (outer - sum(holes)) * per_square
    return total


def inner_point(shape: Shape) -> Point:
    """A point to stand for the shape: the centre of its largest part, or a point inside it."""
    largest = max(shape, key=lambda polygon: abs(signed_area(polygon[0])))
    ring = largest[0]
    middle = _centroid(ring)
    if contains([largest], middle):
        return middle
    # A crescent's centre lies outside: take the middle of its widest cut at that height.
    cuts = sorted(_cuts(largest, middle[1]))
    spans = [(cuts[at + 1] - cuts[at], cuts[at]) for at in range(0, len(cuts) - 1, 2)]
    if not spans:
        return ring[0]
    width, start = max(spans)
    return start + width / 2, middle[1]


def _centroid(ring: Ring) -> Point:
    area = signed_area(ring)
    if abs(area) < 1e-15:
        return ring[0]
    # Counted from the first corner: far from the origin the products would lose their last digits.
    x0, y0 = ring[0]
    x = y = 0.0
    before = ring[-1]
    for after in ring:
        ax, ay, bx, by = before[0] - x0, before[1] - y0, after[0] - x0, after[1] - y0
        cross = ax * by - bx * ay
        x += (ax + bx) * cross
        y += (ay + by) * cross
        before = after
    return x0 + x / (6 * area), y0 + y / (6 * area)


def _cuts(polygon: Polygon, y: float) -> list[float]:
    cuts = []
    for ring in polygon:
        before = ring[-1]
        for after in ring:
            if (after[1] > y) != (before[1] > y):
                share = (y - after[1]) / (before[1] - after[1])
                cuts.append(after[0] + share * (before[0] - after[0]))
            before = after
    return cuts


def catchments(points: Sequence[Point]) -> list[list[Point]]:
    """Return for each point the area nearer to it than to any other, as a closed ring.

    Clipped to a frame around all points. Of points in one place the first gets the area and the
    others an empty ring: they are doubtful, and said so elsewhere.
    """
    if not points:
        return []
    squeeze = math.cos(math.radians(sum(y for _x, y in points) / len(points)))
    flat = [(x * squeeze, y) for x, y in points]
    frame = _frame(flat)
    cells: list[list[Point]] = []
    for at, here in enumerate(flat):
        if any(_squared(here, there) < _SAME_PLACE**2 for there in flat[:at]):
            cells.append([])
            continue
        cell = _cell(here, [there for there in flat if there != here], frame)
        ring = [(x / squeeze, y) for x, y in cell]
        cells.append([*ring, ring[0]] if ring else [])
    return cells


def _frame(points: Sequence[Point]) -> list[Point]:
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    reach = max(max(xs) - min(xs), max(ys) - min(ys), 0.05) * _MARGIN
    west, east, south, north = min(xs) - reach, max(xs) + reach, min(ys) - reach, max(ys) + reach
    return [(west, south), (east, south), (east, north), (west, north)]


def _cell(here: Point, others: Sequence[Point], frame: Sequence[Point]) -> list[Point]:
    """Cut the frame by the line halfway to each other point, nearest first."""
    cell = list(frame)
    for there in sorted(others, key=lambda point: _squared(here, point)):
        distance = _squared(here, there)
        if distance < _SAME_PLACE**2:
            continue
        # A point further than twice the farthest corner can take nothing more away.
        if distance > 4 * max(_squared(here, corner) for corner in cell):
            break
        cell = _clip(cell, here, there)
    return cell


def _clip(cell: Sequence[Point], here: Point, there: Point) -> list[Point]:
    """Keep of a convex cell what is nearer to `here` than to `there` (Sutherland-Hodgman)."""
    nx, ny = there[0] - here[0], there[1] - here[1]
    limit = nx * (here[0] + there[0]) / 2 + ny * (here[1] + there[1]) / 2
    kept: list[Point] = []
    before = cell[-1]
    side_before = nx * before[0] + ny * before[1] - limit
    for after in cell:
        side = nx * after[0] + ny * after[1] - limit
        if (side <= 0) != (side_before <= 0):
            share = side_before / (side_before - side)
            kept.append(
                (
                    before[0] + share * (after[0] - before[0]),
                    before[1] + share * (after[1] - before[1]),
                )
            )
        if side <= 0:
            kept.append(after)
        before, side_before = after, side
    return kept


def _squared(one: Point, other: Point) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
