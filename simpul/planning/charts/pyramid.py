"""The pyramid of tenure: civil servants to the left, others to the right, the longest on top."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from simpul.planning.charts.svg import BLUE, INK, QUIET, Chart, hatch, label, picture, tag

WIDTH = 680
_ROW = 30
_MIDDLE = 92


@dataclass(frozen=True)
class Step:
    """One span of years: those of the left, those of the right, and those of neither known."""

    name: str
    left: int
    right: int
    unknown: int = 0


def pyramid(
    steps: Sequence[Step], *, key: str, title: str, left: str, right: str, unit: str
) -> Chart:
    """Draw it, the first step at the bottom; numbers stand at the end of each bar."""
    unknown = _("status belum diisi")
    has_unknown = any(step.unknown for step in steps)
    most = max([1, *(step.left for step in steps), *(step.right + step.unknown for step in steps)])
    side = (WIDTH - _MIDDLE) / 2
    scale = (side - 40) / most
    parts = [
        label(left, side - 6, 18, anchor="end", weight="600"),
        label(unit, WIDTH / 2, 18, anchor="middle", fill=QUIET),
        label(right, side + _MIDDLE + 6, 18, weight="600"),
    ]
    if has_unknown:
        x = WIDTH - 150
        parts.append(
            tag("rect", x=x, y=7, width=14, height=12, fill=hatch(key, "dots"), stroke=INK)
        )
        parts.append(label(unknown, x + 20, 18, size=12))
    y = 30.0
    for step in reversed(steps):
        parts += _step(step, y, side, scale, key)
        y += _ROW
    told = "; ".join(
        f"{step.name} {unit}: {left} {step.left}, {right} {step.right}"
        + (f", {unknown} {step.unknown}" if step.unknown else "")
        for step in steps
    )
    columns = (left, right, unknown) if has_unknown else (left, right)
    return Chart(
        picture(key, title, told, WIDTH, y + 8, *parts),
        title,
        (unit, *columns),
        tuple(
            (step.name, str(step.left), str(step.right), str(step.unknown))[: len(columns) + 1]
            for step in steps
        ),
    )


def _step(step: Step, y: float, side: float, scale: float, key: str) -> list[str]:
    start = side + _MIDDLE
    to_left, to_right, more = step.left * scale, step.right * scale, step.unknown * scale
    baseline = y + 18
    parts = [
        tag(
            "rect", x=side - to_left, y=y + 3, width=to_left, height=_ROW - 8, fill=BLUE, stroke=INK
        ),
        tag(
            "rect",
            x=start,
            y=y + 3,
            width=to_right,
            height=_ROW - 8,
            fill=hatch(key, "back"),
            stroke=INK,
        ),
        label(step.left, side - to_left - 6, baseline, anchor="end"),
        label(step.name, side + _MIDDLE / 2, baseline, anchor="middle", weight="600"),
        label(_sum(step), start + to_right + more + 6, baseline),
    ]
    if step.unknown:
        parts.append(
            tag(
                "rect",
                x=start + to_right,
                y=y + 3,
                width=more,
                height=_ROW - 8,
                fill=hatch(key, "dots"),
                stroke=INK,
            )
        )
    return parts


def _sum(step: Step) -> str:
    return f"{step.right} + {step.unknown}" if step.unknown else str(step.right)
