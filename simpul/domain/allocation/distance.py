"""Straight-line distance between two points on a sphere (haversine), in km.

A road is longer; every place that shows this figure says "garis lurus".
"""

from math import asin, cos, radians, sin, sqrt

#: Mean radius of the earth (IUGG 1980).
EARTH_KM = 6371.0088


def straight_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The great-circle distance between two points given in degrees."""
    here, there = radians(lat), radians(other_lat)
    across = sin((there - here) / 2) ** 2
    along = sin(radians(other_lon - lon) / 2) ** 2 * cos(here) * cos(there)
    return 2 * EARTH_KM * asin(min(1.0, sqrt(across + along)))
