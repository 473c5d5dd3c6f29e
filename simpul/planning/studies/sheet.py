"""The sheet of a study as it stands on the screen: every text as typed, row by row.

Field names carry keys that stay (`k1-a3-volume`: category 1, activity 3), so that a row taken out
or added never moves what was typed in another. Nothing is read or judged here; `sheet_reading`
does that.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simpul.planning.studies.figures import as_typed

MAX_CATEGORIES = 40
MAX_ROWS = 200
MAX_TEXT = 160
#: The timed steps of one activity stand in one field: "Mencari berkas 67,28; Mengantar 89,35".
MAX_STEPS_TEXT = 900

CATEGORY_FIELDS = (
    "name", "staff", "minimum_cover", "time_kind",
    "working_days", "annual_leave", "training", "public_holidays", "absence", "hours_per_day",
    "shift_hours", "hours_per_year", "source", "date",
)  # fmt: skip
ACTIVITY_FIELDS = (
    "name", "time", "time_unit", "volume", "per", "time_low", "time_high", "volume_low",
    "volume_high", "last_year", "target", "steps", "evidence",
)  # fmt: skip
ALLOWANCE_FIELDS = ("name", "amount", "unit", "per")
INDIVIDUAL_FIELDS = ("name", "staff", "amount", "unit", "per")
ROW_FIELDS = {"a": ACTIVITY_FIELDS, "l": ALLOWANCE_FIELDS, "i": INDIVIDUAL_FIELDS}
#: What a new row says before anybody typed into it; such a row is empty.
DEFAULTS = {
    "time_unit": "min", "per": "year", "unit": "hours", "time_kind": "entitlement", "evidence": "",
}  # fmt: skip
_NAME = re.compile(r"k(\d{1,3})-(?:([ali])(\d{1,4})-)?([a-z_]{1,20})")


@dataclass
class Row:
    """One line of a table: its key, what is typed, whether it is to be left out."""

    key: str
    values: dict[str, str] = field(default_factory=dict)
    is_removed: bool = False

    @property
    def is_blank(self) -> bool:
        """Has nobody typed anything here?"""
        return not any(text.strip() for name, text in self.values.items() if name not in DEFAULTS)

    def text(self, name: str) -> str:
        """Return what is typed in a field; nothing is the empty text."""
        return self.values.get(name, "")


@dataclass
class CategorySheet:
    """The tables of one staff category."""

    key: str
    values: dict[str, str] = field(default_factory=dict)
    activities: list[Row] = field(default_factory=list)
    allowances: list[Row] = field(default_factory=list)
    individual: list[Row] = field(default_factory=list)
    is_removed: bool = False

    def text(self, name: str) -> str:
        """Return what is typed in a field; nothing is the empty text."""
        return self.values.get(name, "")

    def table(self, letter: str) -> list[Row]:
        """Return a table by the letter its field names carry."""
        return {"a": self.activities, "l": self.allowances, "i": self.individual}[letter]

    @property
    def is_blank(self) -> bool:
        """Has nobody typed anything in this category?"""
        typed = any(text.strip() for name, text in self.values.items() if name not in DEFAULTS)
        rows = (*self.activities, *self.allowances, *self.individual)
        return not typed and all(row.is_blank for row in rows)


@dataclass
class Sheet:
    """All of it: the method, and the categories in their order."""

    variant: str = "who_wisn"
    rounding: str = "who"
    note: str = ""
    categories: list[CategorySheet] = field(default_factory=list)


def posted_sheet(posted: Mapping[str, str]) -> Sheet:
    """Return the sheet a form carries, rows in the order of the screen; too many are left out."""
    sheet = Sheet(
        variant=posted.get("variant", "")[:20],
        rounding=posted.get("rounding", "")[:20],
        note=posted.get("note", "")[:300],
    )
    categories: dict[str, CategorySheet] = {}
    rows: dict[str, Row] = {}
    for name in posted:
        match = _NAME.fullmatch(name)
        if match is None:
            continue
        category_number, letter, row_number, what = match.groups()
        text = posted[name][: MAX_STEPS_TEXT if what == "steps" else MAX_TEXT]
        key = f"k{category_number}"
        category = categories.get(key)
        if category is None:
            if len(categories) >= MAX_CATEGORIES:
                continue
            category = categories[key] = CategorySheet(key)
        if letter is None:
            _put(category, what, text, CATEGORY_FIELDS)
            continue
        row_key = f"{key}-{letter}{row_number}"
        row = rows.get(row_key)
        if row is None:
            table = category.table(letter)
            if len(table) >= MAX_ROWS:
                continue
            row = rows[row_key] = Row(row_key)
            table.append(row)
        _put(row, what, text, ROW_FIELDS[letter])
    sheet.categories = list(categories.values())
    return sheet


def _put(place: Row | CategorySheet, what: str, text: str, known: tuple[str, ...]) -> None:
    if what == "remove":
        place.is_removed = bool(text)
    elif what in known:
        place.values[what] = text


def with_room(sheet: Sheet, *, spare: int = 1) -> Sheet:
    """Return the sheet with empty rows at the end of each table, so that one can go on typing."""
    if not sheet.categories:
        sheet.categories.append(CategorySheet("k1"))
    for category in sheet.categories:
        for letter in ROW_FIELDS:
            table = category.table(letter)
            wanted = max(spare, 3 - len(table)) if letter == "a" else spare
            empty = 0
            for row in reversed(table):
                if not row.is_blank:
                    break
                empty += 1
            for _count in range(wanted - empty):
                table.append(Row(next_key(category, letter)))
    return sheet


def next_key(category: CategorySheet, letter: str) -> str:
    """Return a row key that no row of this table has had."""
    stem = f"{category.key}-{letter}"
    used = [int(row.key.removeprefix(stem)) for row in category.table(letter)]
    return f"{stem}{max(used, default=0) + 1}"


def add_category(sheet: Sheet) -> CategorySheet:
    """Add an empty category at the end."""
    used = [int(category.key[1:]) for category in sheet.categories]
    category = CategorySheet(f"k{max(used, default=0) + 1}")
    sheet.categories.append(category)
    return category


def sheet_of(study_input: Mapping[str, Any], extras: Mapping[str, Any] | None = None) -> Sheet:
    """Return the sheet that would give this stored input."""
    sheet = Sheet(
        variant=str(study_input.get("variant") or "who_wisn"),
        rounding=str(study_input.get("rounding") or "who"),
    )
    more = (extras or {}).get("categories", [])
    for place, category in enumerate(study_input.get("categories", [])):
        extra = more[place] if place < len(more) else {}
        sheet.categories.append(_category_sheet(f"k{place + 1}", category, extra))
    return sheet


def _category_sheet(
    key: str, category: Mapping[str, Any], extra: Mapping[str, Any]
) -> CategorySheet:
    time = category.get("working_time") or {}
    values = {
        "name": str(category.get("name", "")),
        "staff": as_typed(category.get("staff")),
        "minimum_cover": as_typed(category.get("minimum_cover")),
        "time_kind": "legal" if "hours_per_year" in time else "entitlement",
        "source": str(time.get("source", "")),
        "date": str(time.get("date", "")),
        "shift_hours": "; ".join(as_typed(hours) for hours in time.get("shift_hours", [])),
    }
    for name in CATEGORY_FIELDS:
        if name not in values and name in time:
            values[name] = as_typed(time[name])
    made = CategorySheet(key, values)
    more = extra.get("activities", [])
    made.activities = [
        Row(f"{key}-a{place + 1}", _activity_texts(row, more[place] if place < len(more) else {}))
        for place, row in enumerate(category.get("activities", []))
    ]
    made.allowances = _allowance_rows(f"{key}-l", category.get("allowances", []))
    made.individual = _allowance_rows(f"{key}-i", category.get("individual_allowances", []))
    return made


def _activity_texts(row: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, str]:
    time = row.get("unit_time") or {}
    if not isinstance(time, Mapping):
        time = {"value": time}
    return {
        "name": str(row.get("name", "")),
        "time": as_typed(time.get("value")),
        "time_unit": str(time.get("unit", "min")),
        "volume": as_typed(row.get("volume")),
        "per": str(row.get("per", "year")),
        "time_low": as_typed(time.get("low")),
        "time_high": as_typed(time.get("high")),
        "volume_low": as_typed(row.get("volume_low")),
        "volume_high": as_typed(row.get("volume_high")),
        "last_year": as_typed(row.get("last_year_volume")),
        "target": as_typed(extra.get("target")),
        "steps": "; ".join(
            f"{step.get('name', '')} {as_typed(step.get('value'))}" for step in row.get("steps", [])
        ),
        "evidence": str(extra.get("evidence", "")),
    }


def _allowance_rows(stem: str, allowances: Iterable[Mapping[str, Any]]) -> list[Row]:
    rows = []
    for place, allowance in enumerate(allowances):
        unit = next((u for u in ("hours", "minutes", "percent") if u in allowance), "hours")
        values = {
            "name": str(allowance.get("name", "")),
            "amount": as_typed(allowance.get(unit)),
            "unit": unit,
            "per": str(allowance.get("per", "year")),
        }
        if "staff" in allowance:
            values["staff"] = as_typed(allowance["staff"])
        rows.append(Row(f"{stem}{place + 1}", values))
    return rows
