"""Straight-line distance between two points on a sphere (haversine), in km.

A road is longer; every place that shows this figure says "garis lurus".
"""

from math import asin, cos, radians, sin, sqrt

#: Mean radius of the earth (IUGG 1980).
EARTH_RADIUS_KM = 6371.0088


def straight_line_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance between two points given in degrees."""
    here, there = radians(lat1), radians(lat2)
    across = sin((there - here) / 2) ** 2
    along = sin(radians(lon2 - lon1) / 2) ** 2 * cos(here) * cos(there)
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(across + along)))
