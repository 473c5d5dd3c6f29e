"""The Lorenz curve: how much of the staff so much of the people (or of the need) has."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from simpul.planning.charts.svg import BLUE, BROWN, INK, LINE, QUIET, Chart, label, picture, tag

_SIZE = 320
_LEFT, _TOP = 58, 16
_LOOKS = ((BLUE, None), (BROWN, "7 4"))
_TABLE_STEPS = (0, 20, 40, 60, 80, 100)


@dataclass(frozen=True)
class Curve:
    """One curve: its name with its Gini, points (share of base, share of staff) from 0 to 1."""

    name: str
    points: Sequence[tuple[float, float]]


def lorenz_chart(curves: Sequence[Curve], *, key: str, title: str, across: str) -> Chart:
    """Draw up to two curves under the diagonal, the second dashed; `across` names the base."""
    parts = [*_axes(across)]
    for curve, (colour, dashes) in zip(curves, _LOOKS, strict=False):
        parts.append(
            tag(
                "path",
                d=_path(curve.points),
                fill="none",
                stroke=colour,
                stroke_width="2.5",
                stroke_dasharray=dashes,
            )
        )
    parts += _legend(curves)
    shares = [[_share_at(curve.points, step / 100) for step in _TABLE_STEPS] for curve in curves]
    told = "; ".join(
        _("%(name)s: separuh terendah memperoleh %(share)s persen tenaga")
        % {"name": curve.name, "share": _percent(_share_at(curve.points, 0.5))}
        for curve in curves
    )
    return Chart(
        picture(key, title, told, _LEFT + _SIZE + 262, _TOP + _SIZE + 52, *parts),
        title,
        (across, *(curve.name for curve in curves)),
        tuple(
            (f"{step} %", *(f"{_percent(share[at])} %" for share in shares))
            for at, step in enumerate(_TABLE_STEPS)
        ),
    )


def _axes(across: str) -> list[str]:
    bottom = _TOP + _SIZE
    parts = [
        tag("rect", x=_LEFT, y=_TOP, width=_SIZE, height=_SIZE, fill="none", stroke=QUIET),
        tag(
            "path",
            d=f"M{_LEFT} {bottom}L{_LEFT + _SIZE} {_TOP}",
            stroke=INK,
            stroke_width=1,
            stroke_dasharray="2 4",
        ),
    ]
    for step in _TABLE_STEPS:
        x, y = _LEFT + _SIZE * step / 100, bottom - _SIZE * step / 100
        if 0 < step < 100:
            parts.append(
                tag("path", d=f"M{x:.1f} {_TOP}V{bottom}M{_LEFT} {y:.1f}H{_LEFT + _SIZE}",
                    stroke=LINE, stroke_width="0.6")
            )  # fmt: skip
        parts.append(label(step, x, bottom + 17, size=12, anchor="middle", fill=QUIET))
        parts.append(label(step, _LEFT - 7, y + 4, size=12, anchor="end", fill=QUIET))
    parts.append(label(across, _LEFT + _SIZE / 2, bottom + 38, anchor="middle"))
    middle = _TOP + _SIZE / 2
    parts.append(
        tag("g", label(_("bagian tenaga (%)"), 0, 0, anchor="middle"),
            transform=f"translate(18 {middle}) rotate(-90)")
    )  # fmt: skip
    return parts


def _legend(curves: Sequence[Curve]) -> list[str]:
    x, y = _LEFT + _SIZE + 18, _TOP + 16
    parts = [
        tag("path", d=f"M{x} {y - 4}h28", stroke=INK, stroke_dasharray="2 4"),
        label(_("merata sempurna"), x + 36, y),
    ]
    for curve, (colour, dashes) in zip(curves, _LOOKS, strict=False):
        y += 26
        parts.append(
            tag("path", d=f"M{x} {y - 4}h28", stroke=colour, stroke_width="2.5",
                stroke_dasharray=dashes)
        )  # fmt: skip
        parts.append(label(curve.name, x + 36, y))
    return parts


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(
        f"{_LEFT + _SIZE * x:.1f} {_TOP + _SIZE * (1 - y):.1f}" for x, y in points
    )


def _share_at(points: Sequence[tuple[float, float]], x: float) -> float:
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if x0 <= x <= x1:
            return y1 if x1 == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return 1.0


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".replace(".", ",")
