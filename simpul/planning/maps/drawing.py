"""The map as one SVG, made on the server: for print, for a screen on the wall, and without script.

The same signs and steps as the live map: shape and number say it, colour only repeats it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from simpul.planning.charts.svg import (
    INK,
    PAPER,
    QUIET,
    hatch,
    label,
    lines_of,
    picture,
    tag,
    words,
)
from simpul.planning.maps.geometry import Shape, bounds

WIDTH, MOST_HEIGHT = 960.0, 720.0
_EDGE = 26.0
_TITLE_LETTERS = 96
#: Five steps around zero that colour-blind eyes tell apart, and the ink that is read on each.
STEPS: dict[int, tuple[str, str]] = {
    -2: ("#8c510a", PAPER),
    -1: ("#e3c58d", INK),
    0: (PAPER, INK),
    1: ("#9cc9e3", INK),
    2: ("#2166ac", PAPER),
}


@dataclass(frozen=True)
class Mark:
    """A sign with a number at a point."""

    lon: float
    lat: float
    text: str
    step: int | None
    title: str


@dataclass(frozen=True)
class Area:
    """A coloured or plain outline; `step` "" is plain paper, None hatched for no data."""

    shape: Shape
    step: int | str | None
    title: str


def draw_map(
    areas: Sequence[Area],
    marks: Sequence[Mark],
    *,
    title: str,
    description: str,
    legend: Sequence[tuple[int | None, str]],
    notes: Sequence[str] = (),
) -> SafeString:
    """Draw outlines, marks, a legend and notes under it."""
    to_page, height = _projection(areas, marks)
    heading = lines_of(title, _TITLE_LETTERS)
    top = 10 + 22 * len(heading)
    parts = [tag("rect", width=WIDTH, height=height, fill="#f4f6f7")]
    parts += [_area(area, to_page) for area in areas]
    parts += [_mark(mark, to_page) for mark in marks]
    y = height + 24
    for text, x in zip(legend, _columns(len(legend)), strict=False):
        parts.append(_legend(text, x, y))
    for line in notes:
        y += 20
        parts.append(label(line, 8, y + 6, size=12, fill=QUIET))
    drawn = [label(line, 8, 22 + 22 * at, size=18, weight="700") for at, line in enumerate(heading)]
    whole = tag("g", *parts, transform=f"translate(0 {top})")
    return picture("peta", title, description, WIDTH, top + y + 20, *drawn, whole)


Page = Mapping[str, float]


def _projection(areas: Sequence[Area], marks: Sequence[Mark]) -> tuple[Page, float]:
    boxes = [bounds(area.shape) for area in areas if area.shape]
    boxes += [(mark.lon, mark.lat, mark.lon, mark.lat) for mark in marks]
    if not boxes:
        return {"west": 0, "north": 0, "x": 1, "y": 1, "left": 0}, 200.0
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * squeeze, 0.01), max(north - south, 0.01)
    scale = min((WIDTH - 2 * _EDGE) / wide, (MOST_HEIGHT - 2 * _EDGE) / high)
    page = {
        "west": west,
        "north": north,
        "x": scale * squeeze,
        "y": scale,
        "left": (WIDTH - wide * scale) / 2,
    }
    return page, high * scale + 2 * _EDGE


def _at(lon: float, lat: float, page: Page) -> tuple[float, float]:
    return (
        page["left"] + (lon - page["west"]) * page["x"],
        _EDGE + (page["north"] - lat) * page["y"],
    )


def _area(area: Area, page: Page) -> str:
    path = "".join(_ring_path(ring, page) for polygon in area.shape for ring in polygon)
    fill = PAPER if area.step == "" else _fill(area.step)
    return tag(
        "path",
        tag("title", words(area.title)),
        d=path,
        fill=fill,
        fill_rule="evenodd",
        stroke=QUIET,
        stroke_width="0.8",
    )


def _ring_path(ring: Sequence[Sequence[float]], page: Page) -> str:
    """The ring in tenths of a unit; corners that fall on one place are drawn once."""
    seen, steps = "", []
    for lon, lat in ring:
        x, y = _at(lon, lat, page)
        step = f"{x:.1f} {y:.1f}"
        if step != seen:
            steps.append(step)
            seen = step
    return f"M{'L'.join(steps)}Z" if len(steps) > 2 else ""


def _mark(mark: Mark, page: Page) -> str:
    x, y = _at(mark.lon, mark.lat, page)
    wide = 12.0 + 8.2 * len(mark.text)
    ink = INK if mark.step is None else STEPS[mark.step][1]
    return tag(
        "g",
        tag("title", words(mark.title)),
        tag(
            "rect",
            x=x - wide / 2,
            y=y - 10,
            width=wide,
            height=20,
            rx=4,
            fill=_fill(mark.step),
            stroke=INK,
            stroke_width=1,
        ),
        label(mark.text, x, y + 4.6, size=13, anchor="middle", weight="700", fill=ink),
    )


def _legend(entry: tuple[int | None, str], x: float, y: float) -> str:
    step, text = entry
    return tag("rect", x=x, y=y - 12, width=20, height=14, fill=_fill(step), stroke=INK) + label(
        text, x + 26, y, size=12.5
    )


def _fill(step: int | str | None) -> str:
    return STEPS[step][0] if isinstance(step, int) else hatch("peta", "cross")


def _columns(count: int) -> list[float]:
    return [8 + at * (WIDTH - 16) / max(count, 1) for at in range(count)]
