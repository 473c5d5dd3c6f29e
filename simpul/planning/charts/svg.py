"""Writing SVG by hand: elements, texts, hatchings. Presentation attributes only, no style sheet.

So a drawing looks the same in a page under a strict content policy, in print and in a PDF.
"""

import textwrap
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from django.utils.safestring import SafeString

INK = "#1d2433"
QUIET = "#5b6475"
LINE = "#c9ced8"
PAPER = "#ffffff"
BLUE = "#1f5f99"
BROWN = "#8a5a1c"
FONT = "system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif"
LETTER = 7.6  # width of a letter of 13 px text in a wide face, so that no label is cut

Value = str | int | float | Decimal


@dataclass(frozen=True)
class Chart:
    """A drawing, and the same figures as a table for those who do not see it."""

    svg: SafeString
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tag(name: str, *children: str, **attributes: Value | None) -> str:
    """Return an element; `font_size=12` becomes `font-size="12"`, None is left out.

    Children are finished markup: put texts in with `words` or `label`.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def words(text: object) -> str:
    """Return text that cannot be taken for markup."""
    return escape(str(text))


def label(
    text: object,
    x: float,
    y: float,
    *,
    size: float = 13,
    anchor: str | None = None,
    weight: str | None = None,
    fill: str = INK,
) -> str:
    """Return one line of text; `anchor` is start (default), middle or end."""
    return tag(
        "text",
        words(text),
        x=x,
        y=y,
        font_size=size,
        text_anchor=anchor,
        font_weight=weight,
        fill=fill,
    )


def lines_of(text: str, width: int) -> list[str]:
    """Break a text into lines of at most so many letters; nothing of it is cut off."""
    return textwrap.wrap(text, max(4, width)) or [""]


def picture(
    key: str, title: str, description: str, width: float, height: float, *parts: str
) -> SafeString:
    """Return the whole drawing with its title and description; `key` makes its ids unique."""
    return SafeString(
        tag(
            "svg",
            tag("title", words(title), id=f"{key}-judul"),
            tag("desc", words(description), id=f"{key}-uraian"),
            tag("defs", *_hatchings(key)),
            *parts,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_short(width)} {_short(height)}",
            width=width,
            height=height,
            role="img",
            aria_labelledby=f"{key}-judul {key}-uraian",
            font_family=FONT,
            class_="grafik",
        )
    )


def hatch(key: str, name: str) -> str:
    """Return the fill of a hatching: `lines`, `back`, `dots`, `cross`."""
    return f"url(#{key}-{name})"


def _hatchings(key: str) -> list[str]:
    ground = tag("rect", width=8, height=8, fill=PAPER)
    drawn = {
        "lines": tag("path", d="M-2 2l4-4M0 8l8-8M6 10l4-4", stroke=INK, stroke_width="1.2"),
        "back": tag("path", d="M-2 6l4 4M0 0l8 8M6-2l4 4", stroke=BROWN, stroke_width="1.6"),
        "dots": tag("circle", cx=4, cy=4, r="1.3", fill=QUIET),
        "cross": tag("path", d="M0 0l8 8M8 0l-8 8", stroke=QUIET, stroke_width="1"),
    }
    return [
        tag(
            "pattern",
            ground,
            shape,
            id=f"{key}-{name}",
            width=8,
            height=8,
            patternUnits="userSpaceOnUse",
        )
        for name, shape in drawn.items()
    ]


def _short(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
