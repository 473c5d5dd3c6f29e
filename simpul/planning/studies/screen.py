"""What the templates of a study are given: the sheet, its outcome, the method in words."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from simpul.domain.wisn import METHODS, ROUNDING_RULES
from simpul.foundation.facilities.models import STANDARD_UNITS
from simpul.foundation.facilities.selectors import get_here
from simpul.planning.studies.outcome import Outcome
from simpul.planning.studies.sheet import Sheet

_WIDE = (
    "target", "time_low", "time_high", "volume_low", "volume_high", "last_year", "steps",
)  # fmt: skip


def sheet_context(sheet: Sheet, outcome: Outcome, *, tell: bool = False) -> dict[str, Any]:
    """Return what the sheet's templates need; `tell`: the problems of every field too."""
    return {
        "sheet": sheet,
        "outcome": outcome,
        "outcomes": {
            key: line for made in outcome.categories.values() for key, line in made.lines.items()
        },
        "problems": outcome.problems if tell else {},
        "variants": variant_options(),
        "roundings": [(rule.code, rule.label) for rule in ROUNDING_RULES.values()],
        "method": METHODS.get(sheet.variant),  # type: ignore[call-overload]
        "rule": ROUNDING_RULES.get(sheet.rounding),  # type: ignore[call-overload]
        "wide": any(
            row.text(name).strip()
            for category in sheet.categories
            for row in category.activities
            for name in _WIDE
        ),
    }


def variant_options() -> list[tuple[str, str]]:
    """Return the four variants, each with its legal source."""
    return [(method.code, f"{method.label} — {method.source}") for method in METHODS.values()]


def unit_options(facility: object) -> list[tuple[str, str]]:
    """Return the units a study may be about: this house's own, or the standard ones."""
    here = get_here()
    if here.id == facility:
        return [(unit.code, unit.name) for unit in here.units.values()]
    return [(code, name) for code, name, *_rest in STANDARD_UNITS]


def unit_names(codes: tuple[str, ...]) -> str:
    """Return units by name, for a heading."""
    here = get_here().units
    standard = {code: name for code, name, *_rest in STANDARD_UNITS}
    names = [here[code].name if code in here else standard.get(code, code) for code in codes]
    return ", ".join(names) or str(_("semua unit"))


def read_year(text: str | None) -> int | None:
    """Return a year typed or chosen; None when it is not one."""
    bare = (text or "").strip().replace(".", "")
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) == 4 else None


def is_part(request: HttpRequest) -> bool:
    """Does a script ask for a fragment only?"""
    return bool(request.headers.get("HX-Request"))
