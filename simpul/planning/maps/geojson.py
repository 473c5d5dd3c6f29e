"""Outlines out of a GeoJSON file (RFC 7946): each feature read, or refused by number with reason.

Codes are those of the Ministry of Home Affairs where the file has them (35.09, 35.09.01,
35.09.01.2001, with or without points); their length says the level. A feature without a code is
known by its name. Coordinates are longitude and latitude; a projected file is refused, not guessed.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from simpul.planning.maps.geometry import area_km2, bounds, inner_point, signed_area

LARGEST_FILE = 80_000_000
MOST_FEATURES = 100_000
MOST_CORNERS = 4_000_000
LEVELS = ("provinsi", "kabupaten", "kecamatan", "desa", "lain")
_PLACES = 5  # a metre
_CODES = (
    *("code", "kode", "kd_desa", "kode_desa", "kode_kel", "kd_kel", "kd_kec", "kode_kec"),
    *(
        "kdepum",
        "kdppum",
        "kdcpum",
        "kdpkab",
        "kdcbps",
        "iddesa",
        "idkec",
        "kode_wilayah",
        "adm_code",
    ),
)
_NAMES = (
    *("name", "nama", "nama_desa", "nama_kel", "nama_kec", "namobj", "wadmkd", "wadmkc", "wadmkk"),
    *("desa", "kelurahan", "kecamatan", "kabupaten", "village", "district"),
)
_PARENTS = ("parent", "induk", "kecamatan", "wadmkc", "nama_kec", "kode_kec", "district")
_LEVEL_WORDS = {
    "provinsi": "provinsi", "province": "provinsi", "kabupaten": "kabupaten", "kota": "kabupaten",
    "regency": "kabupaten", "kecamatan": "kecamatan", "district": "kecamatan",
    "distrik": "kecamatan", "desa": "desa", "kelurahan": "desa", "village": "desa",
    "nagari": "desa",
}  # fmt: skip
_LEVEL_OF_DIGITS = {2: "provinsi", 4: "kabupaten", 6: "kecamatan", 10: "desa"}
_CUTS_OF_DIGITS = {2: (2,), 4: (2, 4), 6: (2, 4, 6), 10: (2, 4, 6, 10)}

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Outline:
    """One area: code, name, level, the code or name above it, and its polygons."""

    code: str
    name: str
    level: str
    parent: str
    shape: list[list[list[tuple[float, float]]]]
    area_km2: float
    label: tuple[float, float]
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True)
class RefusedFeature:
    """A feature left out: its number in the file from 1, its name as far as known, and why."""

    number: int
    name: str
    code: str
    message: str


@dataclass(frozen=True)
class ReadOutlines:
    """What a file holds: outlines, features refused, remarks about single features."""

    outlines: tuple[Outline, ...]
    refused: tuple[RefusedFeature, ...]
    notes: tuple[RefusedFeature, ...]


class NotOutlines(ValueError):
    """A file that is no GeoJSON of areas: what happened and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class _Left(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def read_outlines(data: bytes, *, level: str = "", tell: Tell | None = None) -> ReadOutlines:
    """Read every area of a file; `level` is used where the code does not say it."""
    features = _features(data)
    outlines: dict[str, Outline] = {}
    refused: list[RefusedFeature] = []
    notes: list[RefusedFeature] = []
    corners = 0
    for number, feature in enumerate(features, start=1):
        name = _first(_properties(feature), _NAMES)
        try:
            outline = _outline(feature, level)
            if outline.code in outlines:
                raise _Left("code_twice", f"Kode {outline.code} sudah dipakai wilayah sebelumnya.")
            corners += sum(len(ring) for polygon in outline.shape for ring in polygon)
            if corners > MOST_CORNERS:
                raise NotOutlines(
                    "too_detailed",
                    "Garis batas ini terlalu rinci. Sederhanakan dahulu, lalu impor lagi.",
                )
        except _Left as trouble:
            refused.append(RefusedFeature(number, name[:80], trouble.code, trouble.message))
            continue
        if outline.code.startswith("nama:"):
            message = "Tanpa kode wilayah; dikenali dari namanya."
            notes.append(RefusedFeature(number, name[:80], "code_missing", message))
        outlines[outline.code] = outline
        if tell is not None:
            tell(number, len(features))
    return ReadOutlines(tuple(outlines.values()), tuple(refused), tuple(notes))


def normal_code(text: str) -> str:
    """Return a code with its points: `3509012001` → `35.09.01.2001`; others as they are."""
    digits = re.sub(r"[.\s-]", "", text)
    if not digits.isdigit() or len(digits) not in _CUTS_OF_DIGITS:
        return " ".join(text.split())[:40]
    start, parts = 0, []
    for cut in _CUTS_OF_DIGITS[len(digits)]:
        parts.append(digits[start:cut])
        start = cut
    return ".".join(parts)


def level_of(code: str) -> str:
    """Return the level a code says by its length, or "" where it says none."""
    digits = code.replace(".", "")
    return _LEVEL_OF_DIGITS.get(len(digits), "") if digits.isdigit() else ""


def plain_name(name: str) -> str:
    """What makes two spellings of an area one: case, spaces and signs do not count."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _features(data: bytes) -> list[Any]:
    if len(data) > LARGEST_FILE:
        raise NotOutlines("file_too_large", "Berkas ini lebih dari 80 MB. Sederhanakan dahulu.")
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise NotOutlines(
            "file_unreadable", "Berkas ini bukan GeoJSON (UTF-8) yang utuh. Tidak ada yang berubah."
        ) from None
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "Feature":
        return [content]
    features = content.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list):
        raise NotOutlines(
            "not_features",
            "Berkas ini bukan FeatureCollection. Simpan lagi sebagai GeoJSON dari program peta.",
        )
    if len(features) > MOST_FEATURES:
        raise NotOutlines("too_many", f"Paling banyak {MOST_FEATURES} wilayah satu berkas.")
    return features


def _outline(feature: Any, level: str) -> Outline:
    properties = _properties(feature)
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    name = _first(properties, _NAMES)
    code = _first(properties, _CODES) or _identity(feature)
    code = normal_code(code) if code else ""
    if not code:
        if not plain_name(name):
            raise _Left("nameless", "Tidak punya kode dan nama, jadi tidak dapat dikenali.")
        code = f"nama:{plain_name(name)}"[:40]
    shape = _shape(geometry)
    area = area_km2(shape)
    if area <= 0:
        raise _Left("empty_area", "Luasnya nol.")
    own_level = (
        level_of(code)
        or _LEVEL_WORDS.get(_first(properties, ("level", "tingkat", "tipe")).casefold(), "")
        or level
        or "lain"
    )
    return Outline(
        code=code,
        name=(name or code)[:80],
        level=own_level,
        parent=code.rpartition(".")[0] if level_of(code) else _first(properties, _PARENTS)[:80],
        shape=shape,
        area_km2=round(_stated_area(properties) or area, 2),
        label=_label(properties) or inner_point(shape),
        bounds=bounds(shape),
    )


def _properties(feature: Any) -> Mapping[str, Any]:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return (
        {str(key).casefold(): value for key, value in found.items()}
        if found and isinstance(found, dict)
        else {}
    )


def _identity(feature: Any) -> str:
    found = feature.get("id") if isinstance(feature, dict) else None
    return str(found) if isinstance(found, str | int) and level_of(normal_code(str(found))) else ""


def _first(properties: Mapping[str, Any], names: Iterable[str]) -> str:
    for name in names:
        value = properties.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            text = " ".join(str(value)[:200].split())
            if text:
                return text
    return ""


def _stated_area(properties: Mapping[str, Any]) -> float | None:
    value = properties.get("area_km2")
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e7
    return float(value) if usable else None  # type: ignore[arg-type]


def _label(properties: Mapping[str, Any]) -> tuple[float, float] | None:
    value = properties.get("label")
    if isinstance(value, list) and len(value) == 2:
        try:
            return _corner(value)
        except _Left:
            return None
    return None


def _shape(geometry: Any) -> list[list[list[tuple[float, float]]]]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        shown = kind if isinstance(kind, str) else "kosong"
        raise _Left("not_area", f"Bentuknya {shown[:20]}, bukan wilayah (Polygon).")
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        raise _Left("no_coordinates", "Tidak punya koordinat.")
    return [_polygon(polygon) for polygon in polygons]


def _polygon(polygon: Any) -> list[list[tuple[float, float]]]:
    if not isinstance(polygon, list) or not polygon:
        raise _Left("no_coordinates", "Tidak punya koordinat.")
    rings = [_ring(ring) for ring in polygon]
    # Outer rings against the clock, holes with it (RFC 7946), whatever the file had.
    return [
        ring if (signed_area(ring) > 0) == (at == 0) else ring[::-1]
        for at, ring in enumerate(rings)
    ]


def _ring(ring: Any) -> list[tuple[float, float]]:
    if not isinstance(ring, list):
        raise _Left("no_coordinates", "Tidak punya koordinat.")
    corners = [_corner(corner) for corner in ring]
    tidy = [corner for at, corner in enumerate(corners) if at == 0 or corner != corners[at - 1]]
    if tidy and tidy[0] != tidy[-1]:
        tidy.append(tidy[0])
    if len(tidy) < 4:
        raise _Left("too_few_corners", "Garis batasnya kurang dari tiga sudut.")
    return tidy


def _corner(corner: Any) -> tuple[float, float]:
    try:
        x, y = float(corner[0]), float(corner[1])
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        raise _Left("no_coordinates", "Koordinatnya tidak terbaca.") from None
    if not (math.isfinite(x) and math.isfinite(y) and -180 <= x <= 180 and -90 <= y <= 90):
        raise _Left(
            "not_degrees",
            "Koordinatnya bukan bujur–lintang (WGS84). Simpan lagi berkasnya dalam EPSG:4326.",
        )
    return round(x, _PLACES), round(y, _PLACES)
