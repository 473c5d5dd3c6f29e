"""What templates of every step may use: icons, attributes, and the way things are written.

Dates, clocks, ages and numbers look the same on every screen because they are written here:
`12 Mar 1985 (39 th)`, `08.14`, `1.674`, `17,5 %`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from simpul.foundation.core.drawn import draw

register = template.Library()

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
ADULT_WORDS_FROM_YEARS = 2  # below it an age is written in months, below a month in days


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw one icon of the sprite; always beside a word, so it is hidden from screen readers."""
    return _drawn(name, css)


@lru_cache(maxsize=512)
def _drawn(name: str, css: str) -> SafeString:
    # A board draws a thousand of them, and each time static() looks the hashed file name up.
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false">'
        '<use href="{}#i-{}"></use></svg>',
        css,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def attrs(**pairs: Any) -> SafeString:
    """Write attributes for the `attrs` parameter of a component; `hx_get` becomes `hx-get`.

    `True` writes the bare attribute, `None` and `False` leave it out.
    """
    kept = [(name.replace("_", "-"), value) for name, value in pairs.items()]
    return format_html_join(
        " ",
        "{}",
        (
            (name if value is True else format_html('{}="{}"', name, value),)
            for name, value in kept
            if value is not None and value is not False
        ),
    )


@register.filter
def listed(value: Any) -> list[Any]:
    """Make a list of what may be nothing, one sentence or several."""
    if not value:
        return []
    if isinstance(value, str):
        return [value]
    return list(value) if isinstance(value, Iterable) else [value]


@register.filter
def options(value: Any) -> list[dict[str, Any]]:
    """Bring `[(value, label)]`, plain strings or dicts to one shape for selects and choices."""
    rows: list[dict[str, Any]] = []
    for item in value or []:
        if isinstance(item, Mapping):
            rows.append({**item, "value": str(item.get("value", ""))})
        elif isinstance(item, str):
            rows.append({"value": item, "label": item})
        else:
            rows.append({"value": "" if item[0] is None else str(item[0]), "label": item[1]})
    return rows


@register.filter
def same(left: Any, right: Any) -> bool:
    """Compare as text: a form gives back "3" where the list says 3; nothing equals the empty."""
    return ("" if left is None else str(left)) == ("" if right is None else str(right))


@register.filter
def local_date(value: dt.date | dt.datetime | None) -> str:
    """Write a date: 12 Mar 1985."""
    if not value:
        return ""
    day = timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


@register.filter
def clock(value: dt.datetime | dt.time | None) -> str:
    """Write a time of the day: 08.14."""
    return _wall(value, "%H.%M")


@register.filter
def clock_seconds(value: dt.datetime | dt.time | None) -> str:
    """Write a time of the day to the second: 08.14.02."""
    return _wall(value, "%H.%M.%S")


def _wall(value: dt.datetime | dt.time | None, pattern: str) -> str:
    if not value:
        return ""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return value.strftime(pattern)


@register.filter
def age(born: dt.date | None, on: dt.date | None = None) -> str:
    """Write an age on a day (today if none is given): 39 th, 8 bl, 10 hr."""
    if not born:
        return ""
    day = on or timezone.localdate()
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    if months >= 12 * ADULT_WORDS_FROM_YEARS:
        return _("%(count)d th") % {"count": months // 12}
    if months >= 1:
        return _("%(count)d bl") % {"count": months}
    return _("%(count)d hr") % {"count": max((day - born).days, 0)}


@register.filter
def birth(born: dt.date | None, estimated: bool = False) -> str:
    """Write a birth date with the age: 12 Mar 1985 (39 th), or ± 35 th when it was estimated."""
    if not born:
        return _("tanggal lahir belum ada")
    if estimated:
        return _("± %(age)s") % {"age": age(born)}
    return _("%(date)s (%(age)s)") % {"date": local_date(born), "age": age(born)}


@register.filter
def number(value: int | float | Decimal | None, decimals: int = 0) -> str:
    """Write a number the Indonesian way: 1.674 or 17,5; an empty cell is a dash, never 0."""
    if value is None or value == "":
        return "–"
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


@register.filter
def plain(value: float | Decimal | None) -> str:
    """Write a number for a machine (an attribute), whatever the language of the page."""
    return "0" if value is None or value == "" else str(value)


@register.filter
def percent(value: float | Decimal | None, decimals: int = 1) -> str:
    """Write a share between 0 and 1: 17,5 %."""
    if value is None or value == "":
        return "–"
    return f"{number(value * 100, decimals)} %"


@register.filter
def sex_letter(value: str | None) -> str:
    """Write the sex as the Puskesmas does: L, P."""
    return {"male": "L", "female": "P", "L": "L", "P": "P"}.get(value or "", "?")


@register.simple_tag
def time_zones() -> list[tuple[str, str]]:
    """Return the three local times of Indonesia."""
    return [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")]


TRAIL = (
    ("saved", {"saved"}),
    ("shown", {"shown"}),
    ("opened", {"opened"}),
    ("served", {"served", "in_service", "in service", "started"}),
    ("done", {"done", "finished"}),
)


@register.filter
def trail_steps(reached: Iterable[Any] | None, late: bool = False) -> list[dict[str, Any]]:
    """Turn the reached steps `[{step, at, by}]` into the five places of the trail.

    Each row has `key`, `at`, `by` and `state`: done, late (the first place not reached, when the
    screen should have answered by now) or waiting.
    """
    entries = list(reached or [])
    rows: list[dict[str, Any]] = []
    for key, names in TRAIL:
        entry = next((e for e in entries if _get(e, "step") in names), None)
        rows.append(
            {
                "key": key,
                "at": _get(entry, "at"),
                "by": _get(entry, "by"),
                "state": "waiting" if entry is None else "done",
            }
        )
    # A later step proves the earlier ones happened, even when their time was not kept.
    last = max((i for i, row in enumerate(rows) if row["state"] == "done"), default=-1)
    for row in rows[: last + 1]:
        row["state"] = "done"
    if late and last + 1 < len(rows):
        rows[last + 1]["state"] = "late"
    return rows


def _get(thing: Any, name: str) -> Any:
    if isinstance(thing, Mapping):
        return thing.get(name)
    return getattr(thing, name, None)


@register.simple_tag
def drawn(template_name: str, **content: Hashable) -> SafeString:
    """Include a template that shows only what it is given here, kept by that (see `drawn`)."""
    return draw(template_name, **content)


@register.simple_tag(takes_context=True)
def form_field(context: template.Context, bound: BoundField, **extra: Any) -> SafeString:
    """Draw a Django form field with the component that fits its widget.

    Every parameter of `_field.html`, `_select.html` and `_choice.html` can be given by name.
    """
    widget = bound.field.widget
    part, kind = "_field.html", getattr(widget, "input_type", "text")
    given: dict[str, Any] = {}
    if isinstance(widget, forms.RadioSelect):
        part = "_choice.html"
    elif isinstance(widget, forms.Select):
        part = "_select.html"
    elif isinstance(widget, forms.CheckboxInput):
        part = "_check.html"
    elif isinstance(widget, forms.Textarea):
        kind = "textarea"
    if part in {"_choice.html", "_select.html"}:
        given["options"] = getattr(bound.field, "choices", [])
    given |= {
        "name": bound.html_name,
        "id": bound.id_for_label or f"id_{bound.html_name}",
        "label": bound.label,
        "value": bound.value(),
        "type": kind,
        "hint": bound.help_text,
        "errors": bound.errors,
        "required": bound.field.required,
    }
    engine = context.template.engine if context.template else template.Engine.get_default()
    chosen = engine.get_template(f"web/components/{part}")
    return chosen.render(template.Context(given | extra))
