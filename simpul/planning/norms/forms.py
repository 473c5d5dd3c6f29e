"""The form of a norm: its facts, and one line for each post, as typed and as the data hold it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.dates import format_date
from simpul.domain.norms import CATEGORIES, NormSet
from simpul.domain.professions import PROFESSIONS
from simpul.foundation.core.errors import Problem
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.register.cells import Unreadable, read_day
from simpul.planning.norms.reading import MOST_POSTS, PER

FACTS = ("code", "name", "source", "valid_from", "valid_until", "note")
BLANK_LINES = 3
_INPATIENT: dict[str, bool | None] = {"": None, "ya": True, "tidak": False}


@dataclass(frozen=True)
class Line:
    """One post as typed."""

    number: int
    label: str = ""
    professions: str = ""
    count: str = ""
    per: str = "facility"
    categories: str = ""
    inpatient: str = ""
    problems: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Did nobody type anything here?"""
        return not (self.label or self.professions or self.count or self.categories)


@dataclass(frozen=True)
class NormForm:
    """A norm as typed: its facts by name, its lines, and what is wrong with each fact."""

    facts: Mapping[str, str]
    lines: tuple[Line, ...]
    problems: Mapping[str, list[str]] = field(default_factory=dict)


def form_of(norm: NormSet | None) -> NormForm:
    """Return the form filled with a norm, or an empty one, with lines to spare."""
    if norm is None:
        return NormForm(dict.fromkeys(FACTS, ""), _with_spare(()))
    lines = tuple(
        Line(
            number,
            post.label,
            " / ".join(PROFESSIONS[code].short for code in post.professions),
            str(post.count),
            post.per,
            ", ".join(CATEGORIES[code].lower() for code in post.categories),
            {None: "", True: "ya", False: "tidak"}[post.inpatient],
        )
        for number, post in enumerate(norm.posts)
    )
    facts = {
        "code": norm.code,
        "name": norm.name,
        "source": norm.source,
        "valid_from": format_date(norm.valid_from) if norm.valid_from else "",
        "valid_until": format_date(norm.valid_until) if norm.valid_until else "",
        "note": norm.note,
    }
    return NormForm(facts, _with_spare(lines))


def typed_form(posted: Mapping[str, Any]) -> NormForm:
    """Return what was typed, without the lines left blank."""
    facts = {name: _text(posted, name) for name in FACTS}
    lines: list[Line] = []
    for number in range(MOST_POSTS):
        if f"post-{number}-count" not in posted:
            break
        line = _line(posted, number, len(lines))
        if not line.is_blank:
            lines.append(line)
    return NormForm(facts, tuple(lines))


def data_of(form: NormForm) -> dict[str, Any]:
    """Return the form as the data of a norm; what cannot be read stays text and is refused."""
    return {
        **{name: form.facts[name] for name in ("code", "name", "source", "note")},
        "valid_from": _day(form.facts["valid_from"]),
        "valid_until": _day(form.facts["valid_until"]),
        "posts": [
            {
                "label": line.label,
                "professions": [
                    part.strip() for part in line.professions.split("/") if part.strip()
                ],
                "count": int(line.count) if line.count.isascii() and line.count.isdigit() else None,
                "per": line.per,
                "categories": [part.strip() for part in line.categories.split(",") if part.strip()],
                "inpatient": _INPATIENT.get(line.inpatient),
            }
            for line in form.lines
        ],
    }


def with_problems(form: NormForm, problems: tuple[Problem, ...]) -> NormForm:
    """Return the form with each problem beside what it is about, and lines to spare."""
    facts: dict[str, list[str]] = {}
    lines: dict[int, list[str]] = {}
    for problem in problems:
        first, _dot, rest = problem.where.partition(".")
        number = rest.partition(".")[0]
        if first == "posts" and number.isdigit():
            lines.setdefault(int(number), []).append(problem.message)
        else:
            facts.setdefault(first, []).append(problem.message)
    marked = tuple(replace(line, problems=tuple(lines.get(line.number, ()))) for line in form.lines)
    return NormForm(form.facts, _with_spare(marked), facts)


def more_lines(form: NormForm) -> NormForm:
    """Return the form with lines to spare."""
    return NormForm(form.facts, _with_spare(form.lines, 10), form.problems)


def per_options() -> list[tuple[str, str]]:
    """Return what posts are counted by, for a choice."""
    words = {"facility": _("per Puskesmas"), "pustu": _("per Pustu"), "village": _("per desa")}
    return [(code, words[code]) for code in PER]


def _with_spare(lines: tuple[Line, ...], spare: int = BLANK_LINES) -> tuple[Line, ...]:
    spare = min(spare if lines else 10, MOST_POSTS - len(lines))
    return (*lines, *(Line(len(lines) + extra) for extra in range(spare)))


def _line(posted: Mapping[str, Any], typed_as: int, number: int) -> Line:
    def text(part: str) -> str:
        return _text(posted, f"post-{typed_as}-{part}")

    return Line(
        number,
        label=text("label"),
        professions=text("professions"),
        count=text("count"),
        per=text("per") or "facility",
        categories=text("categories"),
        inpatient=text("inpatient"),
    )


def _text(posted: Mapping[str, Any], name: str) -> str:
    return str(posted.get(name) or "").replace("\x00", "").strip()[:600]


def _day(text: str) -> object:
    """Return a typed day as a date; what is no day stays text, which is refused by name."""
    if not text:
        return None
    try:
        return read_day(text, today=get_here().today(), ahead=True)
    except Unreadable:
        return text
