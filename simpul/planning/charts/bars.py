"""Horizontal bars: staff beside the standard, and answers with n and percent."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from simpul.planning.charts.svg import (
    BLUE,
    INK,
    LETTER,
    QUIET,
    Chart,
    hatch,
    label,
    lines_of,
    picture,
    tag,
)

WIDTH = 680
_LETTERS = 26
_LINE_HEIGHT = 15


@dataclass(frozen=True)
class HaveStandard:
    """One line: how many there are and should be; None where it is not known."""

    name: str
    have: int | None
    standard: int | None

    @property
    def says(self) -> str:
        """Shortage or surplus by sign and word."""
        if self.have is None or self.standard is None:
            return _("▨ tanpa data")
        difference = self.have - self.standard
        if difference < 0:
            return _("▼ kurang %(n)d") % {"n": -difference}
        if difference > 0:
            return _("▲ lebih %(n)d") % {"n": difference}
        return _("■ sesuai")


@dataclass(frozen=True)
class Answer:
    """One line: n and the percentage as it is to be read; `is_missing` is drawn hatched."""

    name: str
    n: int
    percent: str
    is_missing: bool = False


def bars_have_standard(rows: Sequence[HaveStandard], *, key: str, title: str) -> Chart:
    """Two bars a line: present (full) and standard (hatched), with the difference in words."""
    left, right = _label_width([row.name for row in rows]), 104
    most = max([1, *(row.have or 0 for row in rows), *(row.standard or 0 for row in rows)])
    scale = (WIDTH - left - right - 34) / most
    legend = (
        tag("rect", x=left, y=6, width=14, height=12, fill=BLUE)
        + label(_("ada"), left + 20, 17)
        + tag("rect", x=left + 62, y=6, width=14, height=12, fill=hatch(key, "lines"), stroke=INK)
        + label(_("standar"), left + 82, 17)
    )
    parts, y = [legend], 34.0
    for row in rows:
        names = lines_of(row.name, _LETTERS)
        height = max(34, len(names) * _LINE_HEIGHT + 6)
        parts.append(_name(names, left, y + height / 2))
        for value, top, fill in (
            (row.have, y + height / 2 - 13, BLUE),
            (row.standard, y + height / 2 + 1, hatch(key, "lines")),
        ):
            if value is not None:
                long = value * scale
                parts.append(
                    tag("rect", x=left, y=top, width=long, height=12, fill=fill, stroke=INK)
                )
                parts.append(label(value, left + long + 5, top + 10, size=12))
        parts.append(label(row.says, WIDTH - 4, y + height / 2 + 4, anchor="end"))
        y += height + 6
    parts.append(tag("path", d=f"M{left} 28V{y:.0f}", stroke=QUIET, stroke_width=1))
    told = "; ".join(f"{row.name}: {row.says}" for row in rows)
    return Chart(
        picture(key, title, told, WIDTH, y + 6, *parts),
        title,
        (_("Nama"), _("Ada"), _("Standar"), _("Selisih")),
        tuple((row.name, _or_dash(row.have), _or_dash(row.standard), row.says) for row in rows),
    )


def bars_n_percent(rows: Sequence[Answer], *, key: str, title: str, total: int) -> Chart:
    """One bar a line with n and percent of all; those not filled in hatched and last."""
    left = _label_width([row.name for row in rows])
    most = max([1, *(row.n for row in rows)])
    scale = (WIDTH - left - 130) / most
    parts, y = [], 8.0
    for row in rows:
        names = lines_of(row.name, _LETTERS)
        height = max(26, len(names) * _LINE_HEIGHT + 4)
        middle = y + height / 2
        fill = hatch(key, "dots") if row.is_missing else BLUE
        long = row.n * scale
        parts.append(_name(names, left, middle))
        parts.append(
            tag("rect", x=left, y=middle - 9, width=long, height=18, fill=fill, stroke=INK)
        )
        parts.append(label(f"{row.n} ({row.percent})", left + long + 7, middle + 4))
        y += height + 4
    parts.append(tag("path", d=f"M{left} 4V{y:.0f}", stroke=QUIET, stroke_width=1))
    parts.append(label(f"N = {total}", WIDTH - 4, y + 14, anchor="end", fill=QUIET, size=12))
    told = "; ".join(f"{row.name}: {row.n} ({row.percent})" for row in rows)
    return Chart(
        picture(key, title, told, WIDTH, y + 22, *parts),
        title,
        (_("Isian"), _("n"), _("Persen dari %(total)d") % {"total": total}),
        tuple((row.name, str(row.n), row.percent) for row in rows),
    )


def _name(names: Sequence[str], left: float, middle: float) -> str:
    top = middle + 4 - (len(names) - 1) * _LINE_HEIGHT / 2
    return "".join(
        label(name, left - 8, top + at * _LINE_HEIGHT, anchor="end")
        for at, name in enumerate(names)
    )


def _label_width(names: Sequence[str]) -> float:
    longest = max((len(line) for name in names for line in lines_of(name, _LETTERS)), default=4)
    return max(70, longest * LETTER + 16)


def _or_dash(value: int | None) -> str:
    return "–" if value is None else str(value)
