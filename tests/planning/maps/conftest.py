"""The district and its outlines for the tests of the map."""

import json
from typing import Any

import pytest

from simpul.foundation.facilities.selectors import Here
from simpul.foundation.staff.actor import Actor
from simpul.planning.maps.geojson import read_outlines
from simpul.planning.maps.services import import_regions
from tests.planning.district import District, make_district


def square(west: float, south: float, size: float = 0.1) -> list[list[list[float]]]:
    """One square polygon as GeoJSON has it."""
    east, north = west + size, south + size
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def collection(*features: tuple[dict[str, Any], Any]) -> bytes:
    """A GeoJSON file of polygons: properties and coordinates."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": properties,
                    "geometry": {"type": "Polygon", "coordinates": coordinates},
                }
                for properties, coordinates in features
            ],
        }
    ).encode()


@pytest.fixture
def district(house: Here, district_officer: Actor) -> District:
    return make_district(house, district_officer)


@pytest.fixture
def outlined(district: District, district_officer: Actor) -> District:
    """The district with two kecamatan; Timur and Barat lie outside both."""
    data = collection(
        ({"code": "35.09.01", "name": "Utara"}, square(113.55, -8.15)),
        ({"code": "35.09.02", "name": "Selatan"}, square(113.55, -8.35)),
    )
    import_regions(read_outlines(data).outlines, by=district_officer, source="uji coba")
    return district
