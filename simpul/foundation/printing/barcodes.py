"""QR and Code 128 as plain SVG paths: no style attributes, which the page's policy would drop."""

import html
from functools import lru_cache

import segno
from django.utils.safestring import SafeString, mark_safe

from simpul.foundation.printing.document import Code

#: Modules of white on both sides of a Code 128; scanners need ten.
QUIET = 10


@lru_cache(maxsize=256)
def code128_modules(payload: str) -> str:
    """Return the bars of a Code 128 as `1` (black) and `0` (white), one sign a module."""
    from barcode.codex import (  # type: ignore[import-untyped]  # 0.14 s; only who prints needs it
        Code128,
    )

    return str(Code128(payload).build()[0])


def draw_code(code: Code, *, css: str = "") -> SafeString:
    """Return a code as an SVG that grows with its box, named for who does not see it."""
    drawing = _qr(code.payload) if code.symbology == "qr" else _bars(code.payload)
    width, height, path = drawing
    ratio = "" if code.symbology == "qr" else ' preserveAspectRatio="none"'
    named = html.escape(code.caption or code.payload, quote=True)
    css_class = f' class="{html.escape(css, quote=True)}"' if css else ""
    return mark_safe(  # noqa: S308 - drawn here; what comes from outside is escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"{ratio}{css_class} '
        f'role="img" aria-label="{named}"><path fill="#fff" d="M0 0h{width}v{height}H0z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def _qr(payload: str) -> tuple[int, int, str]:
    matrix = segno.make(payload, error="m", micro=False).matrix
    border = 4
    side = len(matrix) + 2 * border
    parts = [
        f"M{x + border} {y + border}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, dark in enumerate(row)
        if dark
    ]
    return side, side, "".join(parts)


def _bars(payload: str) -> tuple[int, int, str]:
    modules = code128_modules(payload)
    height = 40
    parts, at = [], 0
    while at < len(modules):
        end = at
        while end < len(modules) and modules[end] == modules[at]:
            end += 1
        if modules[at] == "1":
            parts.append(f"M{at + QUIET} 0h{end - at}v{height}h-{end - at}z")
        at = end
    return len(modules) + 2 * QUIET, height, "".join(parts)
