"""Cells of the study sheet: one input or list in a table, with its problem beneath.

A sheet of sixty activities has some seven hundred of them; written here they cost a tenth of what
as many included templates would.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from simpul.planning.studies.figures import read_figure, shown, shown_trimmed
from simpul.planning.studies.outcome import Line
from simpul.planning.studies.sheet import (
    DEFAULTS,
    MAX_STEPS_TEXT,
    MAX_TEXT,
    CategorySheet,
    Row,
)
from simpul.planning.studies.unit_words import (
    AMOUNT_UNITS,
    PERIODS,
    TIME_UNITS,
    amount_word,
    per_word,
    time_word,
)

register = template.Library()

_SELECTED = SafeString(" selected")
_CHECKED = SafeString(" checked")
_DECIMAL = SafeString(' inputmode="decimal"')

_LISTS: dict[str, Sequence[tuple[str, object]]] = {
    "time_unit": tuple(TIME_UNITS.items()),
    "per": tuple(PERIODS.items()),
    "unit": tuple(AMOUNT_UNITS.items()),
}
_TEXTS = frozenset({"name", "source", "evidence", "date", "shift_hours", "steps"})


@register.simple_tag(takes_context=True)
def cell(
    context: template.Context,
    row: Row | CategorySheet,
    name: str,
    label: str,
    css: str = "",
    hint: str = "",
) -> SafeString:
    """Draw the field of a row; its label is read aloud, the heading above it is what eyes see."""
    field = f"{row.key}-{name}"
    problem = (context.get("problems") or {}).get(field, "")
    bad = format_html(' aria-invalid="true" aria-describedby="salah-{}"', field) if problem else ""
    if name in _LISTS:
        drawn = _select(field, label, _LISTS[name], row.text(name) or DEFAULTS.get(name, ""), bad)
    else:
        is_text = name in _TEXTS
        drawn = format_html(
            '<input class="form-control{}{}" name="{}" id="id_{}" value="{}" aria-label="{}" '
            'maxlength="{}"{} autocomplete="off"{}{}>',
            "" if is_text else " num",
            f" {css}" if css else "",
            field,
            field,
            row.text(name),
            label,
            MAX_STEPS_TEXT if name == "steps" else MAX_TEXT if is_text else 24,
            "" if is_text else _DECIMAL,
            format_html(' placeholder="{}"', hint) if hint else "",
            bad,
        )
    if problem:
        drawn += format_html('<p class="field-error" id="salah-{}">{}</p>', field, problem)
    return drawn


def _select(
    field: str, label: str, options: Sequence[tuple[str, object]], chosen: str, bad: str
) -> SafeString:
    body = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, _SELECTED if value == chosen else "", text) for value, text in options),
    )
    return format_html(
        '<select class="form-select" name="{}" id="id_{}" aria-label="{}"{}>{}</select>',
        field, field, label, bad, body,
    )  # fmt: skip


@register.simple_tag
def leave_out(row: Row | CategorySheet, label: str) -> SafeString:
    """Draw the tick that leaves a row out on saving; what is typed in it stays until then."""
    return format_html(
        '<label class="check" title="{}"><input class="form-check-input" type="checkbox" '
        'name="{}-remove" value="1"{}><span class="visually-hidden">{}</span></label>',
        _("Tidak disimpan bila dicentang; hilangkan centang untuk mengembalikan."),
        row.key,
        _CHECKED if row.is_removed else "",
        label,
    )


@register.filter
def fig(value: Decimal | Fraction | int | str | None, decimals: int = 2) -> str:
    """Write a figure with a set number of decimals: 1,71; 13.616 with 0."""
    return shown(value, decimals)


@register.filter
def trimmed(value: Decimal | Fraction | int | str | None, decimals: int = 4) -> str:
    """Write a figure with only the decimals it has: 7,35; 12."""
    return shown_trimmed(value, decimals)


@register.filter
def at(things: Mapping[str, object], key: str) -> object:
    """Return what a mapping holds under a key that is not a plain word."""
    return things.get(key)


@register.simple_tag
def sum_of(outcomes: Mapping[str, Line], row: Row, name: str, decimals: int) -> str:
    """Write one computed figure of a row; nothing while it cannot be computed."""
    line = outcomes.get(row.key)
    value = None if line is None else getattr(line, name)
    return "" if value is None else shown(value, decimals)


@register.simple_tag
def doubts_of(outcomes: Mapping[str, Line], row: Row) -> SafeString:
    """Draw what is doubtful in a row; most rows have nothing, so nothing is drawn for them."""
    line = outcomes.get(row.key)
    if line is None or not (line.doubts or line.problems):
        return SafeString("")
    return SafeString(
        render_to_string("studies/_doubts.html", {"doubts": line.doubts, "problems": line.problems})
    )


register.filter(time_word)
register.filter(per_word)
register.filter(amount_word)


@register.filter
def typed(text: str) -> str:
    """Write a figure as it stands in the sheet with its thousands parted: 13766 → 13.766."""
    exact = read_figure(text) if text else None
    return text if exact is None else shown_trimmed(exact, 4)
